/* SPDX-License-Identifier: MIT */
/* program.h - running what the command line names, to its exit code. */
#ifndef US_PROGRAM_H
#define US_PROGRAM_H

#include "vm/options.h"

/** Run the program of `o`, or only check or dump it; an exit code. Not for the REPL. */
int program_run(const Options *o, char **argv);

#endif
