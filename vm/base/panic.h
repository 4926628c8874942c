/* SPDX-License-Identifier: MIT */
/* panic.h - the end of the process, told well. */
#ifndef US_BASE_PANIC_H
#define US_BASE_PANIC_H

#include "vm/base/attr.h"

/** End the process with `fatal: <message>` on standard error and SIGABRT (so a core can be had).
 *  For states that cannot be: bugs of ours and broken invariants. Never for bad input. Any thread. */
NORETURN COLD void panic(const char *format, ...) PRINTF_LIKE(1, 2);

/** End the process with `fatal: out of memory (<what>)` and exit status 1. For the few places where the
 *  C runtime refuses memory and no goroutine is there to be told by an exception. Any thread. */
NORETURN COLD void panic_out_of_memory(const char *what);

/** Register what panic() calls before it aborts, for instance to print every goroutine. One hook; set once at
 *  start-up, before other threads exist. */
void panic_set_hook(void (*hook)(void));

#endif
