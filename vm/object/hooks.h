/* SPDX-License-Identifier: MIT */
/* hooks.h - the calls that lower layers make upward, filled in by vm/vm.c. One table a VM, immutable. */
#ifndef US_OBJECT_HOOKS_H
#define US_OBJECT_HOOKS_H

#include "vm/object/callable.h"

struct Object;
struct Realm;

typedef enum EvalKind {
    EVAL_DIRECT, EVAL_INDIRECT, EVAL_FUNCTION, EVAL_GENERATOR, EVAL_ASYNC_FUNCTION, EVAL_ASYNC_GENERATOR,
} EvalKind;

typedef struct EvalRequest {
    EvalKind      kind;
    String       *source;                // program, or function body
    String       *parameters;            // Function() and kin: the parameters' text; else NULL
    Value         scope;                 // EVAL_DIRECT: the KIND_SCOPE_NAMES cell; else undefined
    struct Realm *realm;
    bool          caller_is_strict;
} EvalRequest;

typedef struct VmHooks {
    /** Run a function of any callable kind (exec/invoke.c). new_target is undefined for a plain call. */
    Value (*call)(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments, Value new_target);

    /** Have `f` called in place of the native function that runs, which returns what this does (exec/invoke.c). */
    Value (*tail_call)(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments);

    /** A structural change of an object that is someone's prototype is about to be visible: caches that looked through
     *  it for `key` (VALUE_HOLE: any key) must miss (exec/cache.c). */
    void (*prototype_changed)(LocalHeap *h, struct Object *o, PropertyKey key);

    /** Say where the goroutine is: a KIND_TRACE cell for a new error object, or undefined (exec/unwind.c). `skip`: a
     *  function whose frame and everything inside is left out, or undefined. */
    Value (*capture_trace)(Goroutine *g, Value skip);

    /** The text of a trace behind its header line (exec/unwind.c). */
    Value (*format_trace)(Goroutine *g, Value trace, Value header);

    /** CreateAsyncFromSyncIterator (27.1.6.1). */
    Value (*async_from_sync)(Goroutine *g, Value iterator, Value next);

    /** A new RegExp object from source and flags (lib/regexp.c). */
    Value (*new_regexp)(Goroutine *g, Value pattern, Value flags);

    /** Compile for eval and Function(), filled in by the top, which sees the compiler: the program's completion value,
     *  or the new function. */
    Value (*evaluate)(Goroutine *g, const EvalRequest *request);

    /** What library code asks for by `$name(...)`: intrinsic `id` of `count` arguments at stack depth `depth`, the
     *  first one lowest (lib/intrinsics.c). */
    Value (*intrinsic)(Goroutine *g, uint32_t id, uint32_t depth, uint32_t count);

    /** import(specifier, options) and import.meta in code whose referrer is `referrer` (exec/module.c). phase: 0
     *  evaluation, 1 defer, 2 source. */
    Value (*import_call)(Goroutine *g, Value referrer, Value specifier, Value options, uint32_t phase);
    Value (*import_meta)(Goroutine *g, Value referrer);

    /** A poll's chance for the host, for instance to act on a signal: false after throwing (vm/loop.c). */
    bool (*interrupt)(Goroutine *g);

    /** Go on with a KIND_COROUTINE that awaited a promise (exec/coroutine.c). */
    void (*continue_coroutine)(Goroutine *g, Value coroutine, bool rejected, Value v);

    /** A KIND_WAKER's promise is settled (exec/spawn.c). */
    void (*spawn_wake)(Goroutine *g, Value waker, bool rejected, Value v);

    /** The first goroutine is about to be spawned: make shared what goroutines reach without being given it (vm.c). */
    void (*publish_common)(Goroutine *g);

    /** HostPromiseRejectionTracker (ECMA-262 27.2.1.9); handled: a handler came later. May be NULL. */
    void (*rejection_changed)(Goroutine *g, Value promise, bool handled);
} VmHooks;

#endif
