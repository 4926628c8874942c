/* SPDX-License-Identifier: MIT */
/* program.h - running what the command line names, to its exit code. */
#ifndef US_PROGRAM_H
#define US_PROGRAM_H

#include "vm/base/buf.h"
#include "vm/options.h"

/** Read a file whole; "-" is standard input. False: a message is on standard error. */
NODISCARD bool program_read(const char *path, Buf *text);

/** Run the program of `o`, or only check or dump it; an exit code. Not for the REPL. */
int program_run(const Options *o, char **argv);

#endif
