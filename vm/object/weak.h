/* SPDX-License-Identifier: MIT */
/* weak.h - what does not keep its objects alive: weak tables, weak references, finalization registries (ECMA-262 9.9,
 * 9.10, 24.3, 24.4, 26.1, 26.2).
 *
 * I1  A weak table is an ephemeron table: a value lives while its key and the table do. The collector takes dead keys
 *     out.
 * I2  The target of a weak reference that was made or dereferenced in the current job is in the goroutine's `kept`
 *     set, which holds it until the job ends (weak_release_kept).
 * I3  vm->registries lists all finalization registries, weakly. When targets died, the registry is due, and the next
 *     turn of the job queue, of the goroutine that made the registry or, once it is shared, of any, sends its
 *     cleanup to the former; where that has ended, it is done where it was found to be due.
 * I4  A shared table or reference keeps what it refers to shared, weakly or not.
 *
 * Threads: a weak table is read and changed under the monitor of its collection, the cells of a registry under that
 * of the registry. Only the collector, with the world stopped, changes a weak reference. */
#ifndef US_OBJECT_WEAK_H
#define US_OBJECT_WEAK_H

#include "vm/object/object.h"

typedef struct WeakTable {               // KIND_WEAK_TABLE; extra: words of a value, 1 in a map, 0 in a set
    Cell     cell;
    uint32_t capacity;                   // places, a power of two
    uint32_t used;                       // places not empty
    uint32_t count;                      // keys
    uint32_t unused;
    Value    items[];                    // key, value; undefined: empty, the hole: removed
} WeakTable;

typedef struct WeakCollection {          // KIND_WEAK_MAP, KIND_WEAK_SET
    Object     object;
    WeakTable *table;
} WeakCollection;

typedef struct WeakRef {                 // KIND_WEAK_REF
    Object object;
    Value  target;                       // undefined once dead; world stopped
} WeakRef;

typedef struct WeakCell {
    Value target;                        // the hole once dead
    Value holdings;
    Value token;                         // undefined: none, or dead
} WeakCell;

typedef struct WeakCells {               // KIND_WEAK_CELLS
    Cell     cell;
    uint32_t capacity, count;
    WeakCell items[];
} WeakCells;

typedef struct Registry {                // KIND_FINALIZATION_REGISTRY
    Object           object;
    Value            cleanup;            // callable; immutable
    WeakCells       *cells;              // monitor
    struct Registry *older;              // I3; world stopped
    struct Inbox    *home;               // of the goroutine that made it; immutable
    Value            is_due;             // atomic boolean: some target is dead, no job for it yet
} Registry;

/** CanBeHeldWeakly (9.14). */
bool weak_can_hold(Value v);

NODISCARD WeakCollection *weak_new_collection(LocalHeap *h, CellKind kind, Value proto);

/** True when `key` is there; `*v`, if asked for, is then its value, in a set undefined. */
bool weak_get(LocalHeap *h, const WeakCollection *c, Value key, Value *v);

/** Add or replace; false: the heap refuses. `key` can be held weakly. */
NODISCARD bool weak_put(LocalHeap *h, WeakCollection *c, Value key, Value v);

/** As weak_put, but leave an entry that is there as it is: `*v` is then its value. */
NODISCARD bool weak_get_or_put(LocalHeap *h, WeakCollection *c, Value key, Value *v);
bool weak_remove(LocalHeap *h, WeakCollection *c, Value key);

NODISCARD WeakRef *weak_new_ref(Goroutine *g, Value proto, Value target);
/** The target, kept until the job ends; or undefined. */
Value weak_deref(Goroutine *g, WeakRef *ref);
/** The end of a job (ClearKeptObjects). */
void weak_release_kept(Goroutine *g);

NODISCARD Registry *weak_new_registry(Goroutine *g, Value proto, Value cleanup);
NODISCARD bool weak_register(LocalHeap *h, Registry *r, Value target, Value holdings, Value token);    // false: refused
bool weak_unregister(LocalHeap *h, Registry *r, Value token);
/** Enqueue the cleanup of what is due. */
void weak_enqueue_cleanups(Goroutine *g);

/** Collector: after marking, find what died. */
void weak_finish(Vm *vm, Marker *m);

/** `c` becomes shared: mark what it refers to weakly (I4). */
void weak_publish(Marker *m, Cell *c);
void weak_register_kinds(void);

#endif
