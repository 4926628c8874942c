/* SPDX-License-Identifier: MIT */
/* output.h - text for the process's standard streams, unbuffered: each call is one write, or as many as the system
 * needs.
 *
 * A reader that has gone away ends the process without a word, as it ends a program that SIGPIPE kills: exit code
 * 141. */
#ifndef US_LIB_OUTPUT_H
#define US_LIB_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "vm/value/string.h"

enum { OUTPUT_STDOUT = 1, OUTPUT_STDERR = 2, OUTPUT_EXIT_CLOSED = 141 };

/** Write all of it; other errors of the system are ignored. */
void lib_output_write(int fd, const void *bytes, size_t count);

/** `s` as UTF-8, lone surrogates as U+FFFD; then a line feed if `ends_line`. */
void lib_output_string(LocalHeap *h, int fd, String *s, bool ends_line);

bool lib_output_is_terminal(int fd);

#endif
