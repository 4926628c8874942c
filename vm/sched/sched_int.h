/* SPDX-License-Identifier: MIT */
/* sched_int.h - workers, threads and queues: what the files of the scheduler share.
 *
 *     Goroutine    what is run
 *     Worker       the right to run one goroutine at a time; as many as processors are to be used. It has a run
 *                  queue, an allocation region and free goroutines
 *     SchedThread  a thread of the operating system; runs goroutines while it has a worker
 *
 * as in Go's scheduler (G, P, M). A thread that must block with C frames of a goroutine on its stack gives its worker
 * to another thread and gets one again from whoever finds the goroutine runnable.
 *
 * I1  A worker is idle (in Sched.idle_workers) or has a thread, which then is inside (gc/safepoint.h) or on its way.
 * I2  A goroutine that becomes runnable is put in a queue first, then idle workers are looked for; a worker first
 *     counts as idle, then looks at all queues once more. So no wake-up is lost.
 * I3  When the last worker goes idle, no timer is pending and nobody is outside on behalf of a goroutine, nothing can
 *     ever become runnable: the scheduler has come to rest. */
#ifndef US_SCHED_SCHED_INT_H
#define US_SCHED_SCHED_INT_H

#include "gc/safepoint.h"
#include "vm/base/altstack.h"
#include "vm/base/thread.h"
#include "vm/base/vec.h"
#include "vm/sched/pool.h"
#include "vm/sched/runqueue.h"
#include "vm/sched/sched.h"
#include "vm/value/vmstate.h"

typedef struct SchedThread {
    Mutator  mutator;
    Thread   handle;
    Worker  *worker;                     // own thread; while it sleeps, whoever wakes it
    uint32_t baton;                      // futex: 1: go on
    bool     is_main;                    // the thread that made the scheduler
    bool     is_attached;                // a thread of the host (attach.h); immutable
    bool     is_finalizing;              // a finalizer of the host runs; own thread
    Goroutine *own;                      // what the host's code on an attached thread is; own thread
    Goroutine *away;                     // whose code has left (attach_leave), or NULL; own thread
    Altstack altstack;                   // for signal handlers; own thread
    char    *native_limit;               // immutable: C stack address below which native code must not recurse
    struct Sched *sched;                 // immutable
    struct SchedThread *next;            // in Sched.spares or Sched.returning, under its lock
    struct SchedThread *all_next;        // list of all started; Sched.lock
} SchedThread;

struct Worker {
    _Alignas(CACHE_LINE_BYTES) uint32_t id;      // immutable; no two workers have words in one cache line
    struct Sched *sched;                 // immutable
    LocalHeap    heap;                   // holds the allocation region while no goroutine runs
    RunQueue     queue;
    Goroutine   *current;                // atomic; read by who interrupts
    uint32_t     turns;                  // atomic: goroutines run so far; read by sysmon
    uint32_t     seen_turns;             // sysmon's
    SchedThread *thread;                 // NULL: idle; Sched.lock, or own thread
    Worker      *next;                   // in Sched.idle_workers; Sched.lock
    PoolShare    pool;
    uint64_t     last_id;                // given to a goroutine: up to the next multiple of SCHED_IDS they are its own
    uint64_t     begun, ended;           // atomic: goroutines made and done with here; written by own thread
    uint32_t     random;                 // state of its generator; own thread
    bool         searches;               // counts in Sched.searching; own thread
    int64_t      stolen_ns;              // when it took from another's ring what it runs, or 0; own thread
    Worker      *eyed;                   // whose few goroutines it saw and left, and that one's turns; own thread
    uint32_t     eyed_turns;
};

typedef struct SchedTimer {
    int64_t    deadline_ns;
    uint64_t   order;                    // of being made, for equal deadlines
    Fiber     *fiber;                    // whose wait ends, or NULL: `goroutine` has timers of its own that are due
    Goroutine *goroutine;
    uint32_t   ticket;                   // of the fiber's wait
    Value      result;
} SchedTimer;

typedef struct Sched {
    Vm         *vm;
    SchedOptions options;                // immutable
    uint32_t    worker_count;            // immutable
    Worker     *workers;                 // immutable
    Mutex       lock;
    Worker     *idle_workers;            // lock
    uint32_t    idle_count;              // atomic; changed under lock
    uint32_t    searching;               // atomic: workers that look for work
    uint32_t    futile;                  // atomic: searches that found nothing since one that was worth it
    uint32_t    passes;                  // atomic: goroutines to come for which no idle worker is woken
    uint32_t    least_shift;             // atomic: 1 << this: a ring with fewer is not worth a thief's while
    SchedThread *spares;                 // lock: threads that sleep without a worker
    SchedThread *threads;                // lock: all started
    SchedThread *keeper;                 // lock: the spare that sleeps until the next timer, or NULL
    SchedThread main;
    bool        main_sleeps;             // it is a spare; atomic, changed under lock
    Goroutine **global;                  // lock: run queue of all, a ring
    uint32_t    global_start, global_capacity;       // lock; the latter is a power of two
    uint32_t    global_count;            // atomic; changed under lock
    uint32_t    attached;                // atomic: threads of the host, besides the main one
    uint32_t    outside;                 // atomic: goroutines whose threads are in system calls (sched_leave)
    bool        is_ending;               // atomic: threads are to end
    bool        is_at_rest;              // I3 holds, or the drive is over; changed under lock
    SchedThread *returning;              // lock: threads back from outside that wait for a worker; read without it
    Goroutine  *main_goroutine;          // atomic: sched_drive's
    bool      (*until)(Goroutine *g);    // sched_drive's; read by who has main_goroutine from it
    bool        sysmon_runs;            // lock; read without it
    bool        has_sysmon;             // own thread of who started it
    Thread      sysmon;
    uint32_t    sysmon_tick;            // futex nobody wakes
    uint32_t    sysmon_sleeps;          // futex: 1 while all workers are idle
    struct Poller *poller;               // poller.h; NULL until needed; atomic, changed under lock
    bool        has_no_poller;           // and none is made; lock
    Mutex       timers_lock;
    VEC(SchedTimer) timers;              // timers_lock: a heap, the earliest first
    uint64_t    timer_order;             // timers_lock
    int64_t     next_deadline_ns;        // atomic; changed under timers_lock
    VEC(Goroutine *) parked;             // lock: whose heaps are worth a look (parked.h)
    uint32_t    parked_fresh;            // atomic, changed under lock: of these, noted since sysmon looked,
    uint32_t    parked_settled;          // and before; atomic, changed under lock
    Pool        pool;
    uint64_t    last_id;                 // atomic: numbers up to it have been given to workers
    Random      order;                   // draws of a seeded order; own thread
} Sched;

static inline Sched *sched_of(const Vm *vm)
{
    return vm->sched;
}

/** Put `g`, RUNNABLE, in `w`'s queue; `next`: before all others. */
void sched_enqueue(Worker *w, Goroutine *g, bool next);

/** sched_ready and sched_notify, for who has a worker but no goroutine. */
void sched_ready_on(Worker *w, Fiber *f, Value result);
void sched_notify_on(Worker *w, Goroutine *target);

/** sched_new, for who has a worker but no goroutine. */
NODISCARD Goroutine *sched_new_on(Worker *w);

/** `g` comes to run on `w`'s thread, or leaves it. */
void sched_put_on(Worker *w, Goroutine *g);
void sched_put_off(Worker *w, Goroutine *g);

/** `g` leaves its worker, and so does its thread: it is the caller's to pass on. */
Worker *sched_leave_worker(Goroutine *g);

void sched_push_global(Sched *s, Goroutine *g);

/** Has another goroutine, or this one, left something for it? `inbox`: inbox_if_known, from before
 *  it could run elsewhere. */
bool sched_has_mail(const Goroutine *g, const struct Inbox *inbox);

/** The next goroutine of the queue of all; with what would be left, fill `w`'s queue. NULL: empty. */
Goroutine *sched_take_global(Worker *w);

/** Nothing runs, and has not for a while: give memory back that many goroutines have left. Any thread. */
void sched_trim(Sched *s);

/** `g` has ended: use it again. */
void sched_recycle(Worker *w, Goroutine *g);

#endif
