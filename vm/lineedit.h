/* SPDX-License-Identifier: MIT */
/* lineedit.h - lines from a person or a pipe; GNU Readline where it is built in. Apart from the VM, since Readline has
 * names of ours. */
#ifndef US_LINEEDIT_H
#define US_LINEEDIT_H

/** Load the history, kept in ~/.ultrascript_history, and store it. */
void lineedit_open(void);
void lineedit_close(void);

/** A line of standard input without its newline, in malloc's memory, the caller's; NULL: end of input. The prompt is
 *  for terminals only. */
char *lineedit_read(const char *prompt);

#endif
