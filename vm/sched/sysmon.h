/* SPDX-License-Identifier: MIT */
/* sysmon.h - the thread that watches the workers, as Go's of that name: it makes long runners give way, finds work that
 * waits behind them, and gives memory back when nothing runs. */
#ifndef US_SCHED_SYSMON_H
#define US_SCHED_SYSMON_H

#include "vm/sched/sched_int.h"

/** Start it, unless it runs. Any thread inside the heap. */
void sysmon_start(Sched *s);

/** Wait for its end; Sched.is_ending is set. */
void sysmon_end(Sched *s);

#endif
