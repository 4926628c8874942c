/* SPDX-License-Identifier: MIT */
/* hooks.h - the calls that lower layers make upward, filled in by vm/vm.c. One table a VM, immutable. */
#ifndef US_OBJECT_HOOKS_H
#define US_OBJECT_HOOKS_H

#include "vm/object/callable.h"

struct Object;
struct Descriptor;

typedef struct VmHooks {
    /** Run a function of any callable kind (exec/invoke.c). new_target is undefined for a plain call. */
    Value (*call)(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments, Value new_target);

    /** A structural change of an object that is someone's prototype is about to be visible: caches that looked through
     *  it for `key` (VALUE_HOLE: any key) must miss (exec/cache.c). */
    void (*prototype_changed)(LocalHeap *h, struct Object *o, PropertyKey key);

    /** Say where the goroutine is: a KIND_TRACE cell for a new error object, or undefined (exec/unwind.c). `skip`: a
     *  function whose frame and everything inside is left out, or undefined. */
    Value (*capture_trace)(Goroutine *g, Value skip);

    /** The text of a trace behind its header line (exec/unwind.c). */
    Value (*format_trace)(Goroutine *g, Value trace, Value header);

    /** Compile for eval and Function(): filled in by the top, which sees the compiler. */
    Value (*evaluate)(Goroutine *g, struct EvalRequest *request);

    /** HostEnqueuePromiseJob: put a KIND_JOB cell on the goroutine's queue. */
    void (*enqueue_job)(Goroutine *g, Value job);

    /** HostPromiseRejectionTracker (ECMA-262 27.2.1.9); handled: a handler came later. */
    void (*rejection_changed)(Goroutine *g, Value promise, bool handled);
} VmHooks;

#endif
