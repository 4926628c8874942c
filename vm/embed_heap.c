/* SPDX-License-Identifier: MIT */
/* The embedding API: handles, root sets, finalizers of any object, tiers, statistics, collection. */
#include <stdio.h>

#include "gc/graph.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/base/mem.h"
#include "vm/embed_int.h"
#include "vm/object/weak.h"
#include "vm/sched/sched.h"

/* ---- handles: number of the place + 1, generation above it --------------------------------------------------------- */

static UsHandle embed_handle_of(uint32_t place, uint32_t generation)
{
    return (UsHandle){ (uint64_t)generation << 32 | (place + 1) };
}

/* With the lock; NULL: not in use. */
static EmbedHandle *embed_find_handle(UsVm *vm, UsHandle handle)
{
    uint32_t place = (uint32_t)handle.bits - 1;
    if (place >= vm->handles.count) return NULL;
    EmbedHandle *found = &vm->handles.items[place];
    bool is_it = found->value != VALUE_HOLE && found->generation == (uint32_t)(handle.bits >> 32);
    return is_it ? found : NULL;
}

static bool embed_grow_handles(UsVm *vm)
{
    uint32_t capacity = vec_next_capacity(vm->handles.capacity);
    EmbedHandle *items = mem_try_resize(vm->handles.items, capacity * sizeof *items);
    if (!items) return false;
    vm->handles.items = items;
    vm->handles.capacity = capacity;
    return true;
}

/* With the lock; UINT32_MAX: the system refuses memory. */
static uint32_t embed_take_place(UsVm *vm)
{
    uint32_t place = vm->free_handle;
    if (place != UINT32_MAX) {
        vm->free_handle = vm->handles.items[place].next_free;
        return place;
    }
    if (vm->handles.count == vm->handles.capacity && !embed_grow_handles(vm)) return UINT32_MAX;
    vm->handles.items[vm->handles.count] = (EmbedHandle){ .generation = 0 };
    return vm->handles.count++;
}

static UsStatus embed_new_handle(UsGoroutine *us, UsValue v, bool is_weak, UsHandle *handle)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(v) && handle);
    Goroutine *g = embed_goroutine(us);
    UsVm *vm = embed_vm_of(g);
    publish_value(&g->heap, v.bits);                     // embed_int.h I1
    mutex_lock(&vm->lock);
    uint32_t place = embed_take_place(vm);
    if (place != UINT32_MAX) {
        EmbedHandle *h = &vm->handles.items[place];
        h->value = v.bits;
        h->is_weak = is_weak;
        *handle = embed_handle_of(place, h->generation);
        atomic_add_relaxed(&vm->handle_count, 1);
    }
    mutex_unlock(&vm->lock);
    return place == UINT32_MAX ? US_ERROR_MEMORY : US_OK;
}

UsStatus us_handle(UsGoroutine *g, UsValue v, UsHandle *handle)
{
    return embed_new_handle(g, v, false, handle);
}

UsStatus us_weak_handle(UsGoroutine *g, UsValue v, UsHandle *handle)
{
    return embed_new_handle(g, v, true, handle);
}

UsStatus us_handle_get(UsGoroutine *us, UsHandle handle, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(result);
    UsVm *vm = embed_vm_of(embed_goroutine(us));
    mutex_lock(&vm->lock);
    const EmbedHandle *found = embed_find_handle(vm, handle);
    if (found) *result = embed_value(found->value);
    mutex_unlock(&vm->lock);
    return found ? US_OK : US_ERROR_HANDLE;
}

UsStatus us_handle_set(UsGoroutine *us, UsHandle handle, UsValue v)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(v));
    Goroutine *g = embed_goroutine(us);
    UsVm *vm = embed_vm_of(g);
    publish_value(&g->heap, v.bits);
    mutex_lock(&vm->lock);
    EmbedHandle *found = embed_find_handle(vm, handle);
    if (found) found->value = v.bits;
    mutex_unlock(&vm->lock);
    return found ? US_OK : US_ERROR_HANDLE;
}

UsStatus us_handle_free(UsGoroutine *us, UsHandle handle)
{
    EMBED_HERE(us);
    UsVm *vm = embed_vm_of(embed_goroutine(us));
    if (!handle.bits) return US_OK;
    mutex_lock(&vm->lock);
    EmbedHandle *found = embed_find_handle(vm, handle);
    if (found) {
        found->value = VALUE_HOLE;
        found->generation++;
        found->next_free = vm->free_handle;
        vm->free_handle = (uint32_t)handle.bits - 1;
        atomic_add_relaxed(&vm->handle_count, (uint32_t)-1);
    }
    mutex_unlock(&vm->lock);
    return found ? US_OK : US_ERROR_HANDLE;
}

/* ---- root sets --------------------------------------------------------------------------------------------------- */

UsStatus us_roots(UsGoroutine *us, size_t count, UsRoots **roots)
{
    EMBED_HERE(us);
    EMBED_NEED(roots && count <= SIZE_MAX / 16);
    UsVm *vm = embed_vm_of(embed_goroutine(us));
    UsRoots *r = mem_try_alloc_zeroed(sizeof *r + count * sizeof(Value));
    if (!r) return US_ERROR_MEMORY;
    r->owner = vm;
    r->count = count;
    for (size_t i = 0; i < count; i++) r->slots[i] = VALUE_UNDEFINED;
    mutex_lock(&vm->lock);
    r->next = vm->roots;
    vm->roots = r;
    mutex_unlock(&vm->lock);
    *roots = r;
    return US_OK;
}

/* With the lock: the link to `roots`, or NULL when it is none of this VM. */
static UsRoots **embed_find_roots(UsVm *vm, const UsRoots *roots)
{
    for (UsRoots **link = &vm->roots; *link; link = &(*link)->next)
        if (*link == roots) return link;
    return NULL;
}

UsStatus us_roots_get(UsGoroutine *us, const UsRoots *roots, size_t i, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(roots && result && i < roots->count);
    *result = embed_value(cell_slot_get(&roots->slots[i]));
    return US_OK;
}

UsStatus us_roots_set(UsGoroutine *us, UsRoots *roots, size_t i, UsValue v)
{
    EMBED_HERE(us);
    EMBED_NEED(roots && i < roots->count && embed_is_value(v));
    publish_value(&embed_goroutine(us)->heap, v.bits);
    atomic_set_release(&roots->slots[i], v.bits);        // pairs with cell_slot_get in us_roots_get
    return US_OK;
}

UsStatus us_roots_free(UsGoroutine *us, UsRoots *roots)
{
    EMBED_HERE(us);
    if (!roots) return US_OK;
    UsVm *vm = embed_vm_of(embed_goroutine(us));
    mutex_lock(&vm->lock);
    UsRoots **link = embed_find_roots(vm, roots);
    if (link) *link = roots->next;
    mutex_unlock(&vm->lock);
    if (!link) return US_ERROR_HANDLE;
    mem_free(roots);
    return US_OK;
}

/* ---- finalizers of any object ------------------------------------------------------------------------------------ */

/* With the lock. */
static void embed_remove_finalizer(UsVm *vm, const Cell *c)
{
    for (uint32_t i = 0; i < vm->finalizers.count; i++) {
        if (vm->finalizers.items[i].cell != c) continue;
        vm->finalizers.items[i] = VEC_LAST(&vm->finalizers);
        vm->finalizers.count--;
        return;
    }
}

UsStatus us_set_finalizer(UsGoroutine *us, UsValue object, void (*finalize)(void *data), void *data)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(object) && value_is_object(object.bits));
    Goroutine *g = embed_goroutine(us);
    UsVm *vm = embed_vm_of(g);
    publish_value(&g->heap, object.bits);                // so that coordinated collections alone decide its death
    mutex_lock(&vm->lock);
    embed_remove_finalizer(vm, value_cell(object.bits));
    if (finalize) VEC_PUSH(&vm->finalizers, ((EmbedFinalizer){ value_cell(object.bits), finalize, data }));
    mutex_unlock(&vm->lock);
    return US_OK;
}

/* ---- the collector's --------------------------------------------------------------------------------------------- */

void embed_mark(const VmHost *host, Marker *m)
{
    const UsVm *vm = (const UsVm *)host;
    for (uint32_t i = 0; i < vm->handles.count; i++)
        if (!vm->handles.items[i].is_weak) mark_value(m, vm->handles.items[i].value);
    for (const UsRoots *r = vm->roots; r; r = r->next) mark_values(m, r->slots, r->count);
    for (uint32_t i = 0; i < vm->classes.count; i++) mark_value(m, vm->classes.items[i].proto);
}

static void embed_clear_weak(UsVm *vm, Marker *m)
{
    for (uint32_t i = 0; i < vm->handles.count; i++) {
        EmbedHandle *h = &vm->handles.items[i];
        bool is_dead = h->is_weak && cell_is_reference(h->value) && !mark_is_marked(m, value_cell(h->value));
        if (is_dead) h->value = VALUE_UNDEFINED;
    }
}

void embed_finish(const VmHost *host, Marker *m)
{
    UsVm *vm = (UsVm *)(uintptr_t)host;
    embed_clear_weak(vm, m);
    uint32_t live = 0;
    for (uint32_t i = 0; i < vm->finalizers.count; i++) {
        EmbedFinalizer f = vm->finalizers.items[i];
        if (mark_is_marked(m, f.cell)) vm->finalizers.items[live++] = f;
        else embed_finalize(vm, f.finalize, f.data);
    }
    vm->finalizers.count = live;
}

static void embed_print_leaks(void *context, size_t handles, size_t root_sets)
{
    (void)context;
#ifdef US_CHECKED
    fprintf(stderr, "us_vm_destroy: %zu handles and %zu root sets were not given up\n", handles, root_sets);
#else
    (void)handles, (void)root_sets;
#endif
}

void embed_tell_leaks(const UsVm *vm)
{
    size_t handles = atomic_get_relaxed(&vm->handle_count), root_sets = 0;
    for (const UsRoots *r = vm->roots; r; r = r->next) root_sets++;
    if (!handles && !root_sets) return;
    (vm->config.on_leak ? vm->config.on_leak : embed_print_leaks)(vm->config.context, handles, root_sets);
}

void embed_drop_all(UsVm *vm)
{
    for (uint32_t i = 0; i < vm->finalizers.count; i++)
        embed_finalize(vm, vm->finalizers.items[i].finalize, vm->finalizers.items[i].data);
    VEC_FREE(&vm->finalizers);
    VEC_FREE(&vm->handles);
    VEC_FREE(&vm->classes);
    for (UsRoots *r = vm->roots, *next; r; r = next) {
        next = r->next;
        mem_free(r);
    }
    vm->roots = NULL;
}

/* ---- sharing, statistics, collection ----------------------------------------------------------------------------- */

UsStatus us_share(UsGoroutine *g, UsValue v)
{
    EMBED_HERE(g);
    EMBED_NEED(embed_is_value(v));
    publish_value(&embed_goroutine(g)->heap, v.bits);
    return US_OK;
}

UsStatus us_stats(UsGoroutine *us, UsStats *stats)
{
    EMBED_HERE(us);
    EMBED_NEED(stats);
    Goroutine *g = embed_goroutine(us);
    UsVm *vm = embed_vm_of(g);
    HeapStats heap = heap_stats(g->vm->heap);
    *stats = (UsStats){
        .collections = heap.collections, .allocated_bytes = heap.allocated_bytes, .live_bytes = heap.live_bytes,
        .committed_bytes = heap.committed_bytes, .external_bytes = heap.external_bytes,
        .limit_bytes = heap_pacing(g->vm->heap).limit_bytes, .last_pause_ns = heap.last_pause_ns,
        .max_pause_ns = heap.max_pause_ns, .total_pause_ns = heap.total_pause_ns, .goroutines = sched_count(g->vm),
        .handles = atomic_get_relaxed(&vm->handle_count), .finalizers_run = atomic_get_relaxed(&vm->finalizers_run),
    };
    return US_OK;
}

typedef struct RootList {
    UsValue *values;
    size_t   capacity, count;
} RootList;

/* Cells that are no value of the language's are the VM's own. */
static void embed_add_root(void *context, Cell *c)
{
    RootList *list = context;
    bool is_value = c->kind < KIND_FIRST_NOT_STRING || c->kind == KIND_SYMBOL || c->kind == KIND_BIGINT
                 || c->kind >= KIND_FIRST_OBJECT;
    if (!is_value) return;
    if (list->count < list->capacity) list->values[list->count] = embed_value(value_from_cell(c));
    list->count++;
}

UsStatus us_goroutine_roots(UsGoroutine *us, size_t capacity, UsValue *values, size_t *count)
{
    EMBED_HERE(us);
    EMBED_NEED(count && (values || !capacity));
    RootList list = { values, capacity, 0 };
    graph_each_local_root(&embed_goroutine(us)->heap, embed_add_root, &list);
    *count = list.count;
    return US_OK;
}

UsStatus us_verify(UsGoroutine *us, uint64_t *faults, char *text, size_t capacity_bytes)
{
    EMBED_HERE(us);
    EMBED_NEED(faults && (text || !capacity_bytes));
    HeapVerdict verdict;
    heap_verify(&embed_goroutine(us)->heap, &verdict);
    *faults = verdict.faults;
    if (capacity_bytes) snprintf(text, capacity_bytes, "%s", verdict.first);
    return US_OK;
}

UsStatus us_collect(UsGoroutine *us)
{
    EMBED_HERE(us);
    Goroutine *g = embed_goroutine(us);
    if (!embed_has_code(g)) weak_release_kept(g);
    heap_collect(&g->heap);
    return US_OK;
}

UsStatus us_set_memory_limit(UsGoroutine *g, size_t bytes)
{
    EMBED_HERE(g);
    heap_set_limit(embed_goroutine(g)->vm->heap, bytes);
    return US_OK;
}

UsStatus us_external(UsGoroutine *us, int64_t delta_bytes)
{
    EMBED_HERE(us);
    Goroutine *g = embed_goroutine(us);
    uint64_t held = heap_stats(g->vm->heap).external_bytes;
    EMBED_NEED(delta_bytes >= 0 || -(uint64_t)delta_bytes <= held);
    heap_add_external(&g->heap, delta_bytes);
    return US_OK;
}
