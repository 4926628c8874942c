/* SPDX-License-Identifier: MIT */
/* worker.h - the threads that have workers, or wait for one. For the scheduler. */
#ifndef US_SCHED_WORKER_H
#define US_SCHED_WORKER_H

#include "vm/sched/sched_int.h"

/** The thread that calls, if it is one of the scheduler's. */
SchedThread *worker_thread(void);

/** The calling thread is `t` from now on, away and without a worker; and of no scheduler any more. */
void worker_attach(SchedThread *t);
void worker_detach(void);

/** The calling thread is `t`, which has a worker, from now on, and is inside. */
void worker_adopt(SchedThread *t);

/** The thread has a worker again, or another one. */
void worker_take_up(SchedThread *t);

/** Run goroutines until the scheduler ends or, on the main thread, it is at rest. */
void worker_run(SchedThread *t);

/** Some work has come up: let an idle worker look for it. */
void worker_wake_another(Sched *s);

/** Some work has come up that is in `w`'s queue: the same, unless that is little, and searches for little found nothing
 *  lately. What waits there for long is seen by sysmon. */
void worker_wake_for(const Worker *w);

/** The earliest deadline has changed: the thread that sleeps until then is to look again. */
void worker_wake_keeper(Sched *s);

/** Let the main thread return from sched_drive. False: it has no worker, and is not idle either. */
bool worker_wake_main(Sched *s);

/** Give `w`, which no thread has, to a sleeping or new thread, or let it be idle when nothing is to be run. */
void worker_pass_worker(Sched *s, Worker *w);

/** Sleep until given a worker. The thread is inside before and after. */
void worker_await_worker(SchedThread *t);

/** The thread, away and without a worker, gets one and is inside. */
void worker_return(SchedThread *t);

/** End all threads but the caller's. None has a worker. */
void worker_end_all(Sched *s);

/** I3: return from sched_drive, or, if the main thread cannot, tell of a deadlock. */
void worker_come_to_rest(Sched *s);

#endif
