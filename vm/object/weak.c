/* SPDX-License-Identifier: MIT */
#include "vm/object/weak.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "vm/base/hash.h"
#include "vm/object/function.h"
#include "vm/object/job.h"
#include "vm/object/kinds.h"
#include "vm/object/realm.h"

enum { WEAK_FIRST_CAPACITY = 8, WEAK_FIRST_CELLS = 4 };

bool weak_can_hold(Value v)
{
    if (value_is_symbol(v)) return !(symbol_of(v)->bits & SYMBOL_IS_REGISTERED);
    return value_is_object(v);
}

/* ---- tables ------------------------------------------------------------------------------------------------------- */

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

Value *weak_find(const WeakTable *t, Value key)
{
    if (!value_is_cell(key)) return NULL;
    Value *place = weak_search(t, key);
    return *place == key ? place + t->cell.extra : NULL;
}

/* Room for one more key: a quarter of the places stays empty. */
static bool weak_make_room(LocalHeap *h, WeakCollection *c)
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

bool weak_put(LocalHeap *h, WeakCollection *c, Value key, Value v)
{
    Value *found = weak_find(c->table, key);
    if (!found) {
        if (!weak_make_room(h, c)) return false;
        found = weak_search(c->table, key);
        barrier_store(h, c->table, found, key);
        found += c->table->cell.extra;
        c->table->used++;
        c->table->count++;
    }
    if (c->table->cell.extra) barrier_store(h, c->table, found, v);
    return true;
}

bool weak_remove(LocalHeap *h, WeakCollection *c, Value key)
{
    WeakTable *t = c->table;
    Value *found = weak_find(t, key);
    if (!found) return false;
    if (t->cell.extra) barrier_store(h, t, found, VALUE_UNDEFINED);
    barrier_store(h, t, found - t->cell.extra, VALUE_HOLE);
    t->count--;
    return true;
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

static bool weak_table_trace(Marker *m, Cell *c)
{
    WeakTable *t = (WeakTable *)c;
    bool any = false;
    for (uint32_t i = 0; c->extra && i < t->capacity; i++) {
        const Value *place = weak_place(t, i);
        if (!value_is_cell(place[0]) || !weak_is_alive(m, place[0]) || weak_is_alive(m, place[1])) continue;
        mark_value(m, place[1]);
        any = true;
    }
    return any;
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

/* ---- references --------------------------------------------------------------------------------------------------- */

static void weak_keep(Goroutine *g, WeakRef *ref)
{
    if (value_bool(ref->is_kept)) return;
    ValueList *kept = value_is_undefined(g->kept) ? list_new(&g->heap, 0) : (ValueList *)value_cell(g->kept);
    list_push(&g->heap, &kept, value_from_cell(ref));
    g->kept = value_from_cell(kept);
    ref->is_kept = VALUE_TRUE;
}

void weak_release_kept(Goroutine *g)
{
    if (value_is_undefined(g->kept)) return;
    const ValueList *kept = (const ValueList *)value_cell(g->kept);
    for (uint32_t i = 0; i < kept->count; i++) ((WeakRef *)value_cell(kept->items[i]))->is_kept = VALUE_FALSE;
    g->kept = VALUE_UNDEFINED;
}

WeakRef *weak_new_ref(Goroutine *g, Value proto, Value target)
{
    WeakRef *ref = object_alloc(&g->heap, object_root_shape(&g->heap, KIND_WEAK_REF, proto, 0), sizeof *ref);
    ref->target = target;
    ref->is_kept = VALUE_FALSE;
    weak_keep(g, ref);
    return ref;
}

Value weak_deref(Goroutine *g, WeakRef *ref)
{
    if (!value_is_undefined(ref->target)) weak_keep(g, ref);
    return ref->target;
}

static void weak_ref_trace(Marker *m, Cell *c)
{
    WeakRef *ref = (WeakRef *)c;
    mark_cell(m, ref->object.ool);
    mark_values(m, (const Value *)(ref + 1), c->extra);
    if (value_bool(ref->is_kept)) mark_value(m, ref->target);
}

static bool weak_ref_trace_weak(Marker *m, Cell *c)
{
    (void)m;
    (void)c;
    return false;
}

static void weak_ref_clear(Marker *m, Cell *c)
{
    WeakRef *ref = (WeakRef *)c;
    if (!weak_is_alive(m, ref->target)) ref->target = VALUE_UNDEFINED;
}

/* ---- registries --------------------------------------------------------------------------------------------------- */

static WeakCells *weak_new_cells(LocalHeap *h, uint32_t capacity)
{
    WeakCells *cells = alloc_any(h, sizeof *cells + (size_t)capacity * sizeof(WeakCell), CELL_HEADER(0, KIND_WEAK_CELLS, 0));
    if (!cells) return NULL;
    cells->capacity = capacity;
    cells->count = 0;
    return cells;
}

Registry *weak_new_registry(LocalHeap *h, Value proto, Value cleanup)
{
    WeakCells *cells = weak_new_cells(h, WEAK_FIRST_CELLS);
    Registry *r = object_alloc(h, object_root_shape(h, KIND_FINALIZATION_REGISTRY, proto, 0), sizeof *r);
    r->cleanup = cleanup;
    r->cells = cells;
    r->is_due = VALUE_FALSE;
    r->older = h->vm->registries;
    h->vm->registries = r;
    return r;
}

static void weak_set_cell(LocalHeap *h, WeakCells *cells, uint32_t i, const WeakCell *from)
{
    barrier_store(h, cells, &cells->items[i].target, from->target);
    barrier_store(h, cells, &cells->items[i].holdings, from->holdings);
    barrier_store(h, cells, &cells->items[i].token, from->token);
}

bool weak_register(LocalHeap *h, Registry *r, Value target, Value holdings, Value token)
{
    if (r->cells->count == r->cells->capacity) {
        WeakCells *larger = r->cells->capacity >> 28 ? NULL : weak_new_cells(h, r->cells->capacity * 2);
        if (!larger) return false;
        for (uint32_t i = 0; i < r->cells->count; i++) weak_set_cell(h, larger, i, &r->cells->items[i]);
        larger->count = r->cells->count;
        BARRIER_SET(h, r, r->cells, larger);
    }
    WeakCell cell = { target, holdings, token };
    weak_set_cell(h, r->cells, r->cells->count++, &cell);
    return true;
}

bool weak_unregister(LocalHeap *h, Registry *r, Value token)
{
    WeakCells *cells = r->cells;
    uint32_t left = 0, count = cells->count;
    for (uint32_t i = 0; i < count; i++) {
        if (cells->items[i].token == token) continue;
        if (left != i) weak_set_cell(h, cells, left, &cells->items[i]);
        left++;
    }
    cells->count = left;
    return left < count;
}

static void weak_cells_trace(Marker *m, Cell *c)
{
    const WeakCells *cells = (const WeakCells *)c;
    for (uint32_t i = 0; i < cells->count; i++) mark_value(m, cells->items[i].holdings);
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
    mark_values(m, (const Value *)(r + 1), c->extra);
}

static void weak_finish_registry(Vm *vm, Marker *m, Registry *r)
{
    for (uint32_t i = 0; i < r->cells->count; i++) {
        WeakCell *cell = &r->cells->items[i];
        if (!weak_is_alive(m, cell->token)) cell->token = VALUE_UNDEFINED;
        if (weak_is_alive(m, cell->target)) continue;
        cell->target = VALUE_HOLE;
        r->is_due = VALUE_TRUE;
        vm->cleanup_is_due = true;
    }
}

void weak_finish(Vm *vm, Marker *m)
{
    for (Registry **link = &vm->registries; *link;) {
        if (mark_is_marked(m, *link)) {
            weak_finish_registry(vm, m, *link);
            link = &(*link)->older;
        } else {
            *link = (*link)->older;
        }
    }
}

/* CleanupFinalizationRegistry (9.12), as a job; data 0: the registry. */
static Value weak_clean_up(Goroutine *g, Args a)
{
    Registry *r = (Registry *)value_cell(args_data(a, 0));
    for (uint32_t i = 0; i < r->cells->count;) {
        if (r->cells->items[i].target != VALUE_HOLE) {
            i++;
            continue;
        }
        Value holdings = r->cells->items[i].holdings;
        weak_set_cell(&g->heap, r->cells, i, &r->cells->items[--r->cells->count]);
        if (!value_is_thrown(callable_call1(g, r->cleanup, VALUE_UNDEFINED, holdings))) continue;
        r->is_due = VALUE_TRUE;
        g->vm->cleanup_is_due = true;
        return VALUE_THROWN;
    }
    return VALUE_UNDEFINED;
}

void weak_enqueue_cleanups(Goroutine *g)
{
    static const NativeSpec spec = { .name = "", .function = weak_clean_up };
    if (!g->vm->cleanup_is_due) return;
    g->vm->cleanup_is_due = false;
    for (Registry *r = g->vm->registries; r; r = r->older) {
        if (!value_bool(r->is_due)) continue;
        r->is_due = VALUE_FALSE;
        Value job = function_new_capturing(&g->heap, realm_current(g), &spec, 1, (Value[]){ value_from_cell(r) });
        job_enqueue(g, JOB_CALLBACK, job, VALUE_UNDEFINED, VALUE_UNDEFINED);
    }
}

/* ---- kinds -------------------------------------------------------------------------------------------------------- */

void weak_register_kinds(void)
{
    static const GcKind table = { .name = "WEAK_TABLE", .size = weak_table_size, .flags = KIND_IS_WEAK | KIND_IS_LEAF,
                                  .trace_weak = weak_table_trace, .clear_weak = weak_table_clear };
    static const GcKind ref = { .name = "WEAK_REF", .base_bytes = sizeof(WeakRef), .flags = KIND_IS_WEAK, .trace = weak_ref_trace,
                                .trace_weak = weak_ref_trace_weak, .clear_weak = weak_ref_clear };
    static const GcKind cells = { .name = "WEAK_CELLS", .size = weak_cells_size, .trace = weak_cells_trace };
    static const GcKind registry = { .name = "FINALIZATION_REGISTRY", .base_bytes = sizeof(Registry), .trace = weak_registry_trace };
    kinds_register(KIND_WEAK_TABLE, &table, NULL);
    kinds_register(KIND_WEAK_MAP, &(GcKind){ .name = "WEAK_MAP", .base_bytes = sizeof(WeakCollection) }, NULL);
    kinds_register(KIND_WEAK_SET, &(GcKind){ .name = "WEAK_SET", .base_bytes = sizeof(WeakCollection) }, NULL);
    kinds_register(KIND_WEAK_REF, &ref, NULL);
    kinds_register(KIND_WEAK_CELLS, &cells, NULL);
    kinds_register(KIND_FINALIZATION_REGISTRY, &registry, NULL);
}
