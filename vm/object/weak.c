/* SPDX-License-Identifier: MIT */
#include "vm/object/weak.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/ephemeron.h"
#include "gc/mark.h"
#include "gc/monitor.h"
#include "vm/base/hash.h"
#include "vm/object/function.h"
#include "vm/object/job.h"
#include "vm/object/kinds.h"
#include "vm/object/realm.h"
#include "vm/object/table.h"
#include "vm/sched/sched.h"

enum { WEAK_FIRST_CAPACITY = 8, WEAK_FIRST_CELLS = 4 };

bool weak_can_hold(Value v)
{
    if (value_is_symbol(v)) return !(symbol_of(v)->bits & SYMBOL_IS_REGISTERED);
    return value_is_object(v);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static inline Value *weak_place(const WeakTable *t, uint32_t i)
{
    return (Value *)&t->items[(size_t)i << t->cell.extra];
}

static WeakTable *weak_new_table(LocalHeap *h, bool has_values, uint32_t capacity)
{
    size_t words = (size_t)capacity << has_values;
    WeakTable *t = alloc_any(h, sizeof *t + words * sizeof(Value), CELL_HEADER(0, KIND_WEAK_TABLE, has_values));
    if (!t) return NULL;
    t->capacity = capacity;
    t->used = t->count = t->unused = 0;
    for (size_t i = 0; i < words; i++) t->items[i] = VALUE_UNDEFINED;
    return t;
}

WeakCollection *weak_new_collection(LocalHeap *h, CellKind kind, Value proto)
{
    WeakTable *t = weak_new_table(h, kind == KIND_WEAK_MAP, WEAK_FIRST_CAPACITY);
    WeakCollection *c = object_alloc(h, object_root_shape(h, kind, proto, 0), sizeof *c);
    c->table = t;
    return c;
}

/* The place of `key`, or the empty one where its search ended. */
static Value *weak_search(const WeakTable *t, Value key)
{
    uint32_t i = (uint32_t)hash_word(key) & (t->capacity - 1);
    for (;; i = (i + 1) & (t->capacity - 1)) {
        Value *place = weak_place(t, i);
        if (*place == key || *place == VALUE_UNDEFINED) return place;
    }
}

/* What is called *_locked holds the collection's monitor, or the registry's, if it is shared. */

/* Address of the value of `key` (in a set: of nothing, but not NULL); NULL: not there. */
static Value *weak_find_locked(const WeakTable *t, Value key)
{
    if (!value_is_cell(key)) return NULL;
    Value *place = weak_search(t, key);
    return *place == key ? place + t->cell.extra : NULL;
}

bool weak_get(LocalHeap *h, const WeakCollection *c, Value key, Value *v)
{
    bool entered = monitor_enter(h, c);
    const Value *found = weak_find_locked(c->table, key);
    if (found && v) *v = c->table->cell.extra ? *found : VALUE_UNDEFINED;
    monitor_exit(h, c, entered);
    return found != NULL;
}

/* Room for one more key: a quarter of the places stays empty. */
static bool weak_make_room_locked(LocalHeap *h, WeakCollection *c)
{
    const WeakTable *t = c->table;
    if (t->used < t->capacity - t->capacity / 4) return true;
    uint32_t capacity = t->count >= t->capacity / 2 ? t->capacity * 2 : t->capacity;
    WeakTable *larger = capacity >> 30 ? NULL : weak_new_table(h, t->cell.extra, capacity);
    if (!larger) return false;
    t = c->table;
    for (uint32_t i = 0; i < t->capacity; i++) {
        const Value *from = weak_place(t, i);
        if (!value_is_cell(*from)) continue;
        Value *to = weak_search(larger, *from);
        barrier_store(h, larger, to, from[0]);
        if (t->cell.extra) barrier_store(h, larger, to + 1, from[1]);
    }
    larger->used = larger->count = t->count;
    BARRIER_SET(h, c, c->table, larger);
    return true;
}

static bool weak_add_locked(LocalHeap *h, WeakCollection *c, Value key, Value v)
{
    if (!weak_make_room_locked(h, c)) return false;
    WeakTable *t = c->table;
    Value *place = weak_search(t, key);
    barrier_store(h, t, place, key);
    if (t->cell.extra) barrier_store(h, t, place + 1, v);
    t->used++;
    t->count++;
    return true;
}

static bool weak_put_locked(LocalHeap *h, WeakCollection *c, Value key, Value *v, bool replaces)
{
    WeakTable *t = c->table;
    Value *found = weak_find_locked(t, key);
    if (!found) return weak_add_locked(h, c, key, *v);
    if (!t->cell.extra) return true;
    if (replaces) barrier_store(h, t, found, *v);
    else *v = *found;
    return true;
}

static bool weak_change(LocalHeap *h, WeakCollection *c, Value key, Value *v, bool replaces)
{
    bool entered = monitor_enter(h, c);
    bool ok = weak_put_locked(h, c, key, v, replaces);
    monitor_exit(h, c, entered);
    return ok;
}

bool weak_put(LocalHeap *h, WeakCollection *c, Value key, Value v)
{
    return weak_change(h, c, key, &v, true);
}

bool weak_get_or_put(LocalHeap *h, WeakCollection *c, Value key, Value *v)
{
    return weak_change(h, c, key, v, false);
}

bool weak_remove(LocalHeap *h, WeakCollection *c, Value key)
{
    bool entered = monitor_enter(h, c);
    WeakTable *t = c->table;
    Value *found = weak_find_locked(t, key);
    if (found) {
        if (t->cell.extra) barrier_store(h, t, found, VALUE_UNDEFINED);
        barrier_store(h, t, found - t->cell.extra, VALUE_HOLE);
        t->count--;
    }
    monitor_exit(h, c, entered);
    return found != NULL;
}

static size_t weak_table_size(const Cell *c)
{
    const WeakTable *t = (const WeakTable *)c;
    return sizeof *t + ((size_t)t->capacity << c->extra) * sizeof(Value);
}

static bool weak_is_alive(Marker *m, Value v)
{
    return !cell_is_reference(v) || mark_is_marked(m, value_cell(v));
}

/* No leaf: publishing has to come by (I4). */
static void weak_trace_nothing(Marker *m, Cell *c)
{
    (void)m;
    (void)c;
}

static void weak_table_trace(Marker *m, Cell *c)
{
    const WeakTable *t = (const WeakTable *)c;
    for (uint32_t i = 0; c->extra && i < t->capacity; i++) {
        const Value *place = weak_place(t, i);
        if (value_is_cell(place[0])) ephemeron_mark(m, value_cell(place[0]), place[1]);
    }
}

static void weak_table_clear(Marker *m, Cell *c)
{
    WeakTable *t = (WeakTable *)c;
    for (uint32_t i = 0; i < t->capacity; i++) {
        Value *place = weak_place(t, i);
        if (weak_is_alive(m, place[0])) continue;
        place[0] = VALUE_HOLE;
        if (c->extra) place[1] = VALUE_UNDEFINED;
        t->count--;
    }
}

/* ---- references -------------------------------------------------------------------------------------------------- */

/* For want of memory a target may be kept by its users alone. */
static void weak_keep(Goroutine *g, Value target)
{
    LocalHeap *h = &g->heap;
    if (value_is_undefined(g->kept)) g->kept = value_from_cell(table_new_collection(h, KIND_SET, VALUE_NULL));
    if (!table_put(h, collection_of(g->kept), target, VALUE_UNDEFINED)) return;
}

void weak_release_kept(Goroutine *g)
{
    g->kept = VALUE_UNDEFINED;
}

WeakRef *weak_new_ref(Goroutine *g, Value proto, Value target)
{
    WeakRef *ref = object_alloc(&g->heap, object_root_shape(&g->heap, KIND_WEAK_REF, proto, 0), sizeof *ref);
    ref->target = target;
    weak_keep(g, target);
    return ref;
}

Value weak_deref(Goroutine *g, WeakRef *ref)
{
    Value target = atomic_get_acquire(&ref->target);     // pairs with whoever published the reference
    if (!value_is_undefined(target)) weak_keep(g, target);
    return target;
}

static void weak_ref_trace(Marker *m, Cell *c)
{
    WeakRef *ref = (WeakRef *)c;
    mark_cell(m, ref->object.ool);
    mark_values(m, (const Value *)(ref + 1), c->extra);
}

static void weak_ref_clear(Marker *m, Cell *c)
{
    WeakRef *ref = (WeakRef *)c;
    if (!weak_is_alive(m, ref->target)) ref->target = VALUE_UNDEFINED;
}

/* ---- registries -------------------------------------------------------------------------------------------------- */

static WeakCells *weak_new_cells(LocalHeap *h, uint32_t capacity)
{
    WeakCells *cells = alloc_any(h, sizeof *cells + (size_t)capacity * sizeof(WeakCell),
                                 CELL_HEADER(0, KIND_WEAK_CELLS, 0));
    if (!cells) return NULL;
    cells->capacity = capacity;
    cells->count = 0;
    return cells;
}

Registry *weak_new_registry(Goroutine *g, Value proto, Value cleanup)
{
    LocalHeap *h = &g->heap;
    WeakCells *cells = weak_new_cells(h, WEAK_FIRST_CELLS);
    Inbox *home = inbox_of(g);
    Registry *r = object_alloc(h, object_root_shape(h, KIND_FINALIZATION_REGISTRY, proto, 0), sizeof *r);
    r->cleanup = cleanup;
    r->cells = cells;
    r->is_due = VALUE_FALSE;
    r->home = home;
    r->older = atomic_get_relaxed(&g->vm->registries);
    heap_keep(h, r);                                     // the list is weak
    while (!atomic_cas(&g->vm->registries, &r->older, r)) continue;      // pairs with weak_enqueue_cleanups
    return r;
}

static void weak_set_cell(LocalHeap *h, WeakCells *cells, uint32_t i, const WeakCell *from)
{
    barrier_store(h, cells, &cells->items[i].target, from->target);
    barrier_store(h, cells, &cells->items[i].holdings, from->holdings);
    barrier_store(h, cells, &cells->items[i].token, from->token);
}

static bool weak_register_locked(LocalHeap *h, Registry *r, const WeakCell *cell)
{
    if (r->cells->count == r->cells->capacity) {
        WeakCells *larger = r->cells->capacity >> 28 ? NULL : weak_new_cells(h, r->cells->capacity * 2);
        if (!larger) return false;
        for (uint32_t i = 0; i < r->cells->count; i++) weak_set_cell(h, larger, i, &r->cells->items[i]);
        larger->count = r->cells->count;
        BARRIER_SET(h, r, r->cells, larger);
    }
    weak_set_cell(h, r->cells, r->cells->count++, cell);
    return true;
}

bool weak_register(LocalHeap *h, Registry *r, Value target, Value holdings, Value token)
{
    WeakCell cell = { target, holdings, token };
    bool entered = monitor_enter(h, r);
    bool ok = weak_register_locked(h, r, &cell);
    monitor_exit(h, r, entered);
    return ok;
}

static bool weak_unregister_locked(LocalHeap *h, WeakCells *cells, Value token)
{
    uint32_t left = 0, count = cells->count;
    for (uint32_t i = 0; i < count; i++) {
        if (cells->items[i].token == token) continue;
        if (left != i) weak_set_cell(h, cells, left, &cells->items[i]);
        left++;
    }
    cells->count = left;
    return left < count;
}

bool weak_unregister(LocalHeap *h, Registry *r, Value token)
{
    bool entered = monitor_enter(h, r);
    bool any = weak_unregister_locked(h, r->cells, token);
    monitor_exit(h, r, entered);
    return any;
}

static void weak_cells_trace(Marker *m, Cell *c)
{
    const WeakCells *cells = (const WeakCells *)c;
    for (uint32_t i = 0; i < cells->count; i++) mark_value(m, cells->items[i].holdings);
}

/* Also of those that no registry has any more: an address on a C stack may lead to them. */
static void weak_cells_clear(Marker *m, Cell *c)
{
    WeakCells *cells = (WeakCells *)c;
    for (uint32_t i = 0; i < cells->count; i++) {
        WeakCell *cell = &cells->items[i];
        if (!weak_is_alive(m, cell->token)) cell->token = VALUE_UNDEFINED;
        if (!weak_is_alive(m, cell->target)) cell->target = VALUE_HOLE;
    }
}

static size_t weak_cells_size(const Cell *c)
{
    const WeakCells *cells = (const WeakCells *)c;
    return sizeof *cells + (size_t)cells->capacity * sizeof(WeakCell);
}

static void weak_registry_trace(Marker *m, Cell *c)
{
    Registry *r = (Registry *)c;
    mark_cell(m, r->object.ool);
    mark_value(m, r->cleanup);
    mark_cell(m, r->cells);
    mark_cell(m, r->home);
    mark_values(m, (const Value *)(r + 1), c->extra);
}

static void weak_finish_registry(Vm *vm, Registry *r)
{
    for (uint32_t i = 0; i < r->cells->count; i++) {
        if (r->cells->items[i].target != VALUE_HOLE) continue;
        r->is_due = VALUE_TRUE;
        vm->cleanup_is_due = true;
    }
}

void weak_finish(Vm *vm, Marker *m)
{
    for (Registry **link = &vm->registries; *link;) {
        if (mark_is_marked(m, *link)) {
            weak_finish_registry(vm, *link);
            link = &(*link)->older;
        } else {
            *link = (*link)->older;
        }
    }
}

/* Take a dead target at or after `*at` out; false: there is none. */
static bool weak_take_dead(LocalHeap *h, Registry *r, uint32_t *at, Value *holdings)
{
    bool entered = monitor_enter(h, r);
    WeakCells *cells = r->cells;
    while (*at < cells->count && cells->items[*at].target != VALUE_HOLE) ++*at;
    bool found = *at < cells->count;
    if (found) {
        *holdings = cells->items[*at].holdings;
        weak_set_cell(h, cells, *at, &cells->items[--cells->count]);
    }
    monitor_exit(h, r, entered);
    return found;
}

/* CleanupFinalizationRegistry (9.12), as a job; data 0: the registry. A callback may move cells: to the start again
 * until a whole walk finds none. */
static Value weak_clean_up(Goroutine *g, Args a)
{
    Registry *r = (Registry *)value_cell(args_data(a, 0));
    Value holdings = VALUE_UNDEFINED;
    uint32_t at = 0, start = 0;
    for (;;) {
        if (!weak_take_dead(&g->heap, r, &at, &holdings)) {
            if (start == 0) return VALUE_UNDEFINED;
            start = at = 0;
            continue;
        }
        start = at + 1;
        if (!value_is_thrown(callable_call1(g, r->cleanup, VALUE_UNDEFINED, holdings))) continue;
        atomic_set_relaxed(&r->is_due, VALUE_TRUE);
        atomic_set_release(&g->vm->cleanup_is_due, true);        // pairs with weak_claim_due
        return VALUE_THROWN;
    }
}

/* True when `r` was due and `g` is the one to clean it up. */
static bool weak_claim_due(Goroutine *g, Registry *r)
{
    Value due = VALUE_TRUE;
    if (atomic_get_relaxed(&r->is_due) != VALUE_TRUE) return false;
    if (r->home == g->inbox || cell_is_shared(&r->object.cell)) return atomic_cas(&r->is_due, &due, VALUE_FALSE);
    atomic_set_release(&g->vm->cleanup_is_due, true);            // its maker will look
    Goroutine *maker = inbox_goroutine(r->home);
    if (maker) sched_notify(g, maker);
    return false;
}

void weak_enqueue_cleanups(Goroutine *g)
{
    static const NativeSpec spec = { .name = "", .function = weak_clean_up };
    if (!atomic_get_relaxed(&g->vm->cleanup_is_due) || !atomic_swap_acq_rel(&g->vm->cleanup_is_due, false)) return;
    Registry *r = atomic_get_acquire(&g->vm->registries);        // pairs with weak_new_registry
    for (; r; r = r->older) {
        if (!weak_claim_due(g, r)) continue;
        Value job = function_new_capturing(&g->heap, realm_current(g), &spec, 1, (Value[]){ value_from_cell(r) });
        job_send(g, r->home, JOB_CALLBACK, job, VALUE_UNDEFINED, VALUE_UNDEFINED);
    }
}

void weak_publish(Marker *m, Cell *c)
{
    if (c->kind == KIND_WEAK_TABLE) {
        const WeakTable *t = (const WeakTable *)c;
        mark_values(m, t->items, (size_t)t->capacity << c->extra);
    } else if (c->kind == KIND_WEAK_REF) {
        mark_value(m, ((const WeakRef *)c)->target);
    } else if (c->kind == KIND_WEAK_CELLS) {
        const WeakCells *cells = (const WeakCells *)c;
        mark_values(m, (const Value *)cells->items, cells->count * (sizeof(WeakCell) / sizeof(Value)));
    }
}

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

void weak_register_kinds(void)
{
    static const GcKind table = { .name = "WEAK_TABLE", .size = weak_table_size,
                                  .flags = KIND_IS_WEAK | KIND_HIDES, .trace = weak_trace_nothing,
                                  .trace_weak = weak_table_trace, .clear_weak = weak_table_clear };
    static const GcKind ref = { .name = "WEAK_REF", .base_bytes = sizeof(WeakRef), .flags = KIND_IS_WEAK | KIND_HIDES,
                                .trace = weak_ref_trace,
                                .clear_weak = weak_ref_clear };
    static const GcKind cells = { .name = "WEAK_CELLS", .size = weak_cells_size,
                                  .flags = KIND_IS_WEAK | KIND_HIDES, .trace = weak_cells_trace,
                                  .clear_weak = weak_cells_clear };
    static const GcKind registry = { .name = "FINALIZATION_REGISTRY", .base_bytes = sizeof(Registry), .trace = weak_registry_trace };
    kinds_register(KIND_WEAK_TABLE, &table, NULL);
    kinds_register(KIND_WEAK_MAP, &(GcKind){ .name = "WEAK_MAP", .base_bytes = sizeof(WeakCollection) }, NULL);
    kinds_register(KIND_WEAK_SET, &(GcKind){ .name = "WEAK_SET", .base_bytes = sizeof(WeakCollection) }, NULL);
    kinds_register(KIND_WEAK_REF, &ref, NULL);
    kinds_register(KIND_WEAK_CELLS, &cells, NULL);
    kinds_register(KIND_FINALIZATION_REGISTRY, &registry, NULL);
}
