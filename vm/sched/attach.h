/* SPDX-License-Identifier: MIT */
/* attach.h - threads of a host program as goroutines: they come and go, and block, on their own account.
 *
 * I1  An attached thread has a SchedThread, and a goroutine whose own code is the host's. While inside it holds a
 *     worker; while away it counts in Sched.outside, so that the scheduler is not at rest.
 * I2  What is left to do in its goroutine when it detaches is done by the scheduler's threads. */
#ifndef US_SCHED_ATTACH_H
#define US_SCHED_ATTACH_H

#include "vm/sched/sched.h"

/** Attach the calling thread, which is of no VM, and wait for a worker; then it is inside. Its goroutine. */
NODISCARD Goroutine *attach_thread(Vm *vm);

/** `g`, the calling thread's, has no frames. The thread is then of no VM. */
void attach_detach(Goroutine *g);

/** Threads attached besides the main one. Any thread. */
uint32_t attach_count(const Vm *vm);

/** The goroutine whose code runs on the calling thread, or NULL: of no VM, away, or in a finalizer. */
Goroutine *attach_current(void);

/** Is `g`, which runs here, what attach_thread made of this thread? */
bool attach_is_own(const Goroutine *g);

/** Is the calling thread one of some VM's? */
bool attach_has_thread(void);

/** As sched_leave and sched_return. attach_enter: false: the thread has not left, or was another goroutine's. */
void attach_leave(Goroutine *g);
NODISCARD bool attach_enter(Goroutine *g);

/** Around finalizers of the host: attach_current is NULL. What was set before. */
bool attach_set_finalizing(bool is_finalizing);

/** The scheduler is at rest, or the calling thread, the main one, has just come back from sched_drive: let the waits of
 *  threads attached, and of the main thread in sched_block, end by calling `finish`. False: there is none. */
bool attach_fail_waits(Vm *vm, FiberFinish finish);

/** Main thread: let goroutines that run give way for good, before sched_end. False: some are below C frames, whose
 *  threads cannot be ended. */
NODISCARD bool attach_stop_others(Vm *vm);

/** Main thread, after sched_destroy: it is of no VM. */
void attach_forget_main(void);

#endif
