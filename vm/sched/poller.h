/* SPDX-License-Identifier: MIT */
/* poller.h - fibers that wait until a descriptor can be read (epoll(7)).
 *
 * One thread, started when it is first needed, sleeps until some descriptor can be read, and ends the waits for it. It
 * is no mutator: it touches no cell, and of a fiber only what fiber.h gives to who has claimed its wait.
 *
 * I1  A wait counts in Sched.outside from its beginning until its fiber goes on: who waits for input is no deadlock.
 *     Not only until it is told: a worker that runs it meanwhile, and then finds nothing to do, would take it for
 *     outside still, and nobody would look again.
 * I2  A descriptor is told of once for each time that somebody begins to wait for it, and then all who wait for it go
 *     on. They may find that another took what was there, and wait again. */
#ifndef US_SCHED_POLLER_H
#define US_SCHED_POLLER_H

#include "vm/sched/fiber.h"
#include "vm/sched/sched.h"

struct Sched;
typedef struct Poller Poller;

/** The running fiber waits until `fd`, which stays open meanwhile, can be read or has ended; `kind`: for reports.
 *  Always VALUE_PARKED; the wait yields undefined, or false when the system refuses to watch `fd`. One that can always
 *  be read, as a file can, is not waited for. */
NODISCARD Value poller_wait(Goroutine *g, int fd, WaitKind kind);

/** End all waits for `fd`, as if it could be read. Any thread that runs a goroutine. */
void poller_wake(Vm *vm, int fd);

/** End the thread: nobody is told of a descriptor from now on. While other threads of the scheduler still run, since it
 *  may wake some. */
void poller_end(struct Sched *s);
/** They have ended, too. `p` may be NULL. */
void poller_destroy(Poller *p);

#endif
