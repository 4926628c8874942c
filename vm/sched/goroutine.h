/* SPDX-License-Identifier: MIT */
/* goroutine.h - the goroutine: its heap, its stack of frames, its pending exception.
 *
 * I1  The fields above the line are touched by the goroutine itself, by whoever runs it, and by the collector with the
 *     world stopped; nobody else.
 * I2  `fp` is the frame of the innermost call at every point where control is outside the interpreter's own code.
 * I3  `exception` is VALUE_HOLE except between a throw and its catch. */
#ifndef US_SCHED_GOROUTINE_H
#define US_SCHED_GOROUTINE_H

#include "gc/heap.h"
#include "vm/base/licence.h"
#include "vm/base/random.h"
#include "vm/value/value.h"

struct Job;
struct RegExpStatics;
struct TaskQueue;

/* Above every frame, and so far from the end of the address space that the size of no frame added to it wraps around; a
 * frame's own address may be so low that subtracting would. */
#define GOROUTINE_POISONED_LIMIT ((Value *)(UINTPTR_MAX / 2 - 7))

struct Goroutine {
    LocalHeap heap;                      // first: a Goroutine * is a LocalHeap * (licence.h)
    Value    *stack_limit;               // frames must end above; GOROUTINE_POISONED_LIMIT to ask for a poll
    Value    *fp;                        // innermost frame (I2)
    Value     exception;                 // I3
    Vm       *vm;
    Worker   *worker;
    Value    *stack_low;                 // memory of the stack: [stack_low, stack_top)
    Value    *stack_top;
    Value    *stack_true_limit;          // what stack_limit is when not poisoned
    size_t    stack_max_bytes;           // growth beyond is a RangeError
    char     *native_limit;              // C stack address below which native code must not recurse
    char     *native_base;               // where native code was entered; the C stack is scanned up to here
    uint32_t  native_depth;              // C frames that stand between frames of the language
    bool      poll_requested;            // why stack_limit is poisoned; read in the poll's slow half
    Value     job_first, job_last;       // microtasks, oldest first (KIND_JOB cells), or VALUE_NULL
    struct TaskQueue *tasks;             // timers and the like (object/task.h); NULL: never any
    Random    random;                    // Math.random's; all 0 until first asked
    struct RegExpStatics *regexp_statics;    // a cell: RegExp.$1 and so on (lib/regexp.h); NULL: no match yet
    Value     kept;                      // ValueList of weak references used in this job (object/weak.h), or undefined
};

static inline LocalHeap *goroutine_heap(Goroutine *g)
{
    return &g->heap;
}

#endif
