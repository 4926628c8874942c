/* SPDX-License-Identifier: MIT */
/* embed_int.h - what the files of the embedding API share. A UsGoroutine is a Goroutine, a UsCall an Args.
 *
 * I1  What handles and root sets hold is shared, since any attached thread may read them.
 * I2  `lock` is taken by threads that are inside, and nothing is allocated under it: with the world stopped nobody
 *     holds it. */
#ifndef US_EMBED_INT_H
#define US_EMBED_INT_H

#include "gc/heap.h"
#include "vm/base/mutex.h"
#include "vm/base/vec.h"
#include "vm/object/function.h"
#include "vm/ultrascript.h"
#include "vm/vm.h"

typedef struct EmbedHandle {
    Value    value;                      // VALUE_HOLE: free
    uint32_t generation;                 // of the place: how often it was used before
    uint32_t next_free;
    bool     is_weak;
} EmbedHandle;

typedef struct EmbedFinalizer {
    Cell  *cell;                         // no reference: it may die
    void (*finalize)(void *data);
    void  *data;
} EmbedFinalizer;

typedef struct EmbedClass {
    const UsClass *c;
    Value          proto;
} EmbedClass;

struct UsRoots {
    UsVm    *owner;
    UsRoots *next;
    size_t   count;
    Value    slots[];
};

struct UsVm {
    VmHost    host;                      // first: a VmHost * is a UsVm *
    Vm       *vm;                        // immutable
    VmOptions options;                   // immutable
    UsConfig  config;                    // immutable
    Mutex     lock;                      // LOCK_HANDLES: all below, but what says otherwise
    VEC(EmbedHandle) handles;
    uint32_t  free_handle;               // number of the first free place; UINT32_MAX: none
    uint32_t  handle_count;              // atomic
    UsRoots  *roots;
    VEC(EmbedFinalizer) finalizers;
    VEC(EmbedClass) classes;
    uint64_t  finalizers_run;            // atomic
};

static inline Goroutine *embed_goroutine(UsGoroutine *g)
{
    return (Goroutine *)g;
}

static inline UsGoroutine *embed_from_goroutine(Goroutine *g)
{
    return (UsGoroutine *)g;
}

static inline UsVm *embed_vm_of(const Goroutine *g)
{
    return (UsVm *)(uintptr_t)g->vm->options->host;
}

static inline UsValue embed_value(Value v)
{
    return (UsValue){ v };
}

static inline bool embed_has_code(const Goroutine *g)    // below a native function
{
    return g->fp != NULL;
}

/** US_OK when the calling thread runs `g` and may use the VM. */
UsStatus embed_check(UsGoroutine *g);
#define EMBED_HERE(g)                              \
    do {                                           \
        UsStatus here_ = embed_check(g);           \
        if (here_ != US_OK) return here_;          \
    } while (0)
#define EMBED_NEED(condition) do { if (!(condition)) return US_ERROR_ARGUMENT; } while (0)

/** Is `v` a value, of this VM's making or none's? Not the 0 of memory nobody wrote, nor an internal mark. */
static inline bool embed_is_value(UsValue v)
{
    return v.bits && v.bits != VALUE_HOLE && v.bits != VALUE_PARKED;
}

/** US_OK and `*result` = v, or US_THROWN and the exception; `result` may be NULL. */
UsStatus embed_end(Goroutine *g, Value v, UsValue *result);

/** Call `finalize`, with us_current NULL, and count it. */
void embed_finalize(UsVm *vm, void (*finalize)(void *data), void *data);

/** VmHost.mark and .finish, for what embed_heap.c keeps. */
void embed_mark(const VmHost *host, Marker *m);
void embed_finish(const VmHost *host, Marker *m);

/** The VM ends: tell what the host has not given up. */
void embed_tell_leaks(const UsVm *vm);

/** The VM ends: finalizers of us_set_finalizer, handles, root sets. */
void embed_drop_all(UsVm *vm);

/** Once a process. */
void embed_register_kinds(void);

#endif
