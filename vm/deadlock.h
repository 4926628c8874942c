/* SPDX-License-Identifier: MIT */
/* deadlock.h - telling that every goroutine waits for what cannot come. */
#ifndef US_DEADLOCK_H
#define US_DEADLOCK_H

#include <stdbool.h>

#include "vm/base/licence.h"

/** The scheduler is at rest: when fibers wait, say which, for what, and where, on standard error. False: none does. */
bool deadlock_report(Vm *vm);

#endif
