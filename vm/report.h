/* SPDX-License-Identifier: MIT */
/* report.h - what nobody caught, told on standard error: where, the source line with a caret, the stack, the causes;
 * and results, told on standard output. */
#ifndef US_REPORT_H
#define US_REPORT_H

#include "vm/object/error.h"

/** Tell the exception of `g`, which is then without one. Runs user code (a `stack` getter, toString), whose own
 *  exceptions are dropped. */
void report_exception(Goroutine *g);

/** The same of any value; `what` leads the message: "Uncaught". */
void report_value(Goroutine *g, const char *what, Value v);

/** Show `v` on a line of standard output as console.log does: a string `is_bare` or in quotes, all else inspected.
 *  What that throws is told as report_exception does. */
void report_result(Goroutine *g, Value v, bool is_bare);

/** Report what nobody caught in `g`: with where that goroutine was spawned, if it is not the main one. */
void report_uncaught(Goroutine *g, Value v);

#endif
