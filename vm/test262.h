/* SPDX-License-Identifier: MIT */
/* test262.h - what test262 asks of a host (its INTERPRETING.md): print and $262. */
#ifndef US_TEST262_H
#define US_TEST262_H

#include "vm/object/realm.h"

/** Define both in a realm. */
void test262_install(Goroutine *g, Realm *realm);

#endif
