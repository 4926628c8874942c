/* SPDX-License-Identifier: MIT */
/* families.h - the install functions of lib.def. */
#ifndef US_LIB_FAMILIES_H
#define US_LIB_FAMILIES_H

#include "lib/install.h"

#define LIB_FAMILY(name) void lib_##name##_install(const Lib *lib);
#include "lib/lib.def"

#endif
