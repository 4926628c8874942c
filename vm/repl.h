/* SPDX-License-Identifier: MIT */
/* repl.h - the interactive prompt: lines are read, run in one realm, and their values shown. */
#ifndef US_REPL_H
#define US_REPL_H

#include "vm/options.h"

/** Read and run until end of input; an exit code. */
int repl_run(const Options *o);

#endif
