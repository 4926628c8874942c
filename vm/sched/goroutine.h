/* SPDX-License-Identifier: MIT */
/* goroutine.h - the goroutine: its heap, its stack of frames, its tasks, its inbox.
 *
 * A goroutine is an event loop of its own: microtasks, timers and reactions that it registers run in it. It runs on
 * one thread at a time. Its tasks run on fibers (fiber.h); the frames of the one that runs, or ran last, are the
 * fields here.
 *
 * I1  Fields that no comment gives to others are touched by whoever runs the goroutine, and by the collector with the
 *     world stopped; nobody else.
 * I2  `fp` is the frame of the innermost call at every point where control is outside the interpreter's own code.
 * I3  `exception` is VALUE_HOLE except between a throw and its catch.
 * I4  `status` is GOROUTINE_WAITS only while the goroutine is in no run queue and on no thread; who changes it from
 *     there to GOROUTINE_RUNNABLE puts it in a queue.
 * I5  Between what changes the roots of a goroutine that waits, and the change of its status that follows, there is no
 *     safepoint: one that has status GOROUTINE_WAITS whenever the world stops, and was not on a thread in between, has
 *     the same roots (vm_mark_root_goroutine).
 * I6  A Goroutine's memory is used again for others, and never freed while the scheduler lives. */
#ifndef US_SCHED_GOROUTINE_H
#define US_SCHED_GOROUTINE_H

#include "gc/heap.h"
#include "vm/base/licence.h"
#include "vm/base/random.h"
#include "vm/value/value.h"

struct RegExpStatics;
struct TaskQueue;
struct SchedThread;
typedef struct Fiber Fiber;
typedef Value (*FiberFinish)(Goroutine *g, Fiber *f);
typedef void (*FiberLeave)(Goroutine *g, Fiber *f);

/* Above every frame, and so far from the end of the address space that the size of no frame added to it wraps around; a
 * frame's own address may be so low that subtracting would. */
#define GOROUTINE_POISONED_LIMIT ((Value *)(UINTPTR_MAX / 2 - 7))

/* Somebody in a queue of those who wait for the same thing; the queue's owner says what protects it. */
typedef struct Waiter {
    struct Waiter *next, *previous;
    Fiber         *fiber;
    uint32_t       ticket;               // of the wait (fiber.h I1)
    uint32_t       tag;                  // the owner's: a select's case
    Value          value;                // the owner's: what is to be sent
} Waiter;

/* What is done when the task that a fiber runs has ended (vm/loop.c). */
typedef enum FiberAfter {
    AFTER_NOTHING,                       // an exception is nobody's
    AFTER_ENTRY,                         // the goroutine's own function: its promise, if any, is in `after_a`
    AFTER_PROGRAM,                       // the program's own code
    AFTER_TIMER,                         // a: the KIND_TIMER
    AFTER_REACTION,                      // a: the KIND_REACTION, whose capability is settled
    AFTER_COROUTINE,                     // a: the promise of the async function
} FiberAfter;

struct Fiber {
    Goroutine  *goroutine;               // immutable
    Fiber      *next;                    // list of the goroutine's fibers
    Fiber      *next_ready;              // in Goroutine.ready
    uint32_t    ticket;                  // atomic: odd during a wait; late timers look
    uint8_t     wait_kind;               // WaitKind
    uint8_t     after;                   // FiberAfter
    bool        is_used;                 // has a stack
    bool        is_parked;               // its frames wait, or gave way
    bool        resumes_at;              // goes on at the saved pc, not behind it
    bool        has_failed;              // the wait: nothing can end it, and it still is in the queues it is in
    Value       result;
    FiberFinish finish;
    FiberLeave  leave;
    Value       waits_for;
    Value       after_a;
    Waiter      waiter;                  // of a wait in one queue
    Waiter     *waiters;                 // of a wait in several: C heap, room for `waiter_room`, kept for the next wait
    uint32_t    waiter_count;            // how many are in use
    uint32_t    waiter_room;
    Value      *fp, *stack_low, *stack_top;          // while another fiber's frames are in the Goroutine
    struct SchedThread *pinned;          // the thread whose C frames stand between this fiber's, or NULL
};

typedef enum GoroutineStatus {
    GOROUTINE_FREE, GOROUTINE_RUNNABLE, GOROUTINE_RUNNING, GOROUTINE_WAITS,
} GoroutineStatus;

struct Goroutine {
    LocalHeap heap;                      // first: a Goroutine * is a LocalHeap * (licence.h)
    // what every turn on a thread touches, close together
    // frames must end above; GOROUTINE_POISONED_LIMIT to ask for a poll. Any thread
    Value    *stack_limit;
    Value    *fp;                        // innermost frame (I2)
    Vm       *vm;
    Worker   *worker;                    // NULL while it runs nowhere
    char     *native_limit;              // C stack address below which native code must not recurse
    uint32_t  native_depth;              // activations of the interpreter with C code below them
    bool      poll_requested;            // why stack_limit is poisoned; atomic, any thread
    bool      yield_requested;           // it should let others run; atomic, any thread
    bool      in_jobs;                   // microtasks run until none is left, before next ticks
    Value     job_first;                 // microtasks, oldest first (KIND_JOB cells), or VALUE_NULL
    Value     kept;                      // ValueList of weak references used in this job (object/weak.h), or undefined
    Value     entry;                     // KIND_VALUES to begin with: function, this, arguments; undefined once begun
    struct TaskQueue *tasks;             // timers and the like (object/task.h); NULL: never any
    Fiber    *holds;                     // a fiber below C code that gave way: goes on before any other task, or NULL
    Fiber    *turn;                      // fibers taken from `ready`, in the order in which they go on
    Fiber    *ready;                     // fibers whose wait is over, latest first; atomic, any thread
    struct Inbox *inbox;                 // where others leave jobs (inbox.h); NULL: none was needed yet
    // the timer the scheduler keeps for it; CLOCK_NEVER: none, 0: it has come. Atomic
    int64_t   wake_ns;
    uint32_t  status;                    // GoroutineStatus; atomic
    uint32_t  marked_in;                 // the cycle that marked its roots in this wait (mark_cycle); 0: none
    uint32_t  parked_fibers;             // fibers in a wait
    Fiber    *fiber;                     // what runs, or ran last; its frames are above
    Fiber     first_fiber;

    Value     exception;                 // I3
    Value    *stack_low;                 // memory of the stack: [stack_low, stack_top)
    Value    *stack_top;
    Value    *stack_true_limit;          // what stack_limit is when not poisoned
    size_t    stack_max_bytes;           // growth beyond is a RangeError
    Value    *first_stack;               // of STACK_FIRST_WORDS, beside it in the pool; NULL while it is used, or none
    Value     job_last;                  // the latest microtask
    Random    random;                    // Math.random's; all 0 until first asked
    struct RegExpStatics *regexp_statics;    // a cell: RegExp.$1 and so on (lib/regexp.h); NULL: no match yet
    Value     spawn_code;                // where it was spawned: a KIND_CODE cell, or undefined
    uint32_t  spawn_pc;                  // of the `go` in it, in units
    uint32_t  slab;                      // of the pool; immutable
    bool      is_noted;                  // it is in Sched.parked; Sched.lock
    uint64_t  id;                        // 1: the main one
    Goroutine *queue_next;               // in a list of free ones
};

#endif
