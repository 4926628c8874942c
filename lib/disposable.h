/* SPDX-License-Identifier: MIT */
/* disposable.h - the cells of disposable stacks. */
#ifndef US_LIB_DISPOSABLE_H
#define US_LIB_DISPOSABLE_H

void disposable_register_kinds(void);

#endif
