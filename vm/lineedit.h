/* SPDX-License-Identifier: MIT */
/* lineedit.h - lines from a person or a pipe; GNU Readline where it is built in. Apart from the VM, since Readline has
 * names of ours. */
#ifndef US_LINEEDIT_H
#define US_LINEEDIT_H

#include <stdbool.h>

/** What lineedit_read lets in while it waits for keys: SIGINT, SIGCONT, SIGWINCH. The caller has them blocked. */
enum { LINEEDIT_SIGNALS = 3 };
extern const int lineedit_signals[LINEEDIT_SIGNALS];

/** Load the history, kept in ~/.ultrascript_history, and store it. */
void lineedit_open(void);
void lineedit_close(void);

/** A line of standard input without its newline, in malloc's memory, the caller's; NULL: end of input. The prompt is
 *  for terminals only. `*interrupted`: SIGINT ended it, and it is what had been typed. Main thread. */
char *lineedit_read(const char *prompt, bool *interrupted);

#endif
