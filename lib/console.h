/* SPDX-License-Identifier: MIT */
/* console.h - between the files of the console. */
#ifndef US_LIB_CONSOLE_H
#define US_LIB_CONSOLE_H

#include <stddef.h>

#include "vm/object/callable.h"

/** "1.234ms", "1.234s", "1:02.345 (m:ss.mmm)". */
void lib_console_format_time(double ms, char *out, size_t room);

/** console.table: its text is written as console.log would. */
NODISCARD Value lib_console_table(Goroutine *g, Args a);

/** Write `text`, if nothing was thrown instead, and a line feed, indented as the group of the method `a` is a call
 *  of. */
NODISCARD Value lib_console_write(Goroutine *g, Args a, int fd, Value text);

#endif
