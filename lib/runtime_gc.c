/* SPDX-License-Identifier: MIT */
/* The object `runtime.gc`: what the heap holds and what collections cost, and how they are paced. */
#include <string.h>

#include "gc/graph.h"
#include "gc/history.h"
#include "gc/limit.h"
#include "gc/preset.h"
#include "lib/families.h"
#include "lib/heap_snapshot.h"
#include "vm/base/mem.h"
#include "vm/sched/sched.h"

/* ---- runtime.gc.stats -------------------------------------------------------------------------------------------- */

typedef struct GcStat {
    const char *name;
    size_t      offset;                  // in HeapStats
    double      unit;                    // what the counter is divided by
} GcStat;

#define GC_COUNT(name, field) { name, offsetof(HeapStats, field), 1 }
#define GC_MS(name, field)    { name, offsetof(HeapStats, field), 1e6 }

static const GcStat gc_stats[] = {
    GC_COUNT("collections", collections),
    GC_COUNT("stopCount", stop_count),
    GC_COUNT("allocatedBytes", allocated_bytes),
    GC_COUNT("liveBytes", live_bytes),
    GC_COUNT("committedBytes", committed_bytes),
    GC_COUNT("externalBytes", external_bytes),
    GC_MS("lastPauseMs", last_pause_ns),
    GC_MS("maxPauseMs", max_pause_ns),
    GC_MS("totalPauseMs", total_pause_ns),
    GC_MS("collectorMs", collector_cpu_ns),
    GC_MS("lastStopMs", last_stop_ns),
    GC_MS("maxStopMs", max_stop_ns),
    GC_MS("totalStopMs", total_stop_ns),
    GC_MS("totalMarkMs", total_mark_ns),
    GC_COUNT("lastMarkers", last_markers),
    GC_COUNT("markedCells", marked_cells),
    GC_COUNT("markedBytes", marked_bytes),
    GC_COUNT("steals", steals),
    GC_COUNT("failedSteals", failed_steals),
    GC_COUNT("handOvers", hand_overs),
    GC_COUNT("markChunks", last_mark_chunks),
    GC_COUNT("mostMarkChunks", most_mark_chunks),
    GC_COUNT("ownedBytes", owned_bytes),
    GC_COUNT("privateHeaps", private_heaps),
    GC_COUNT("privateMinor", private_minor),
    GC_COUNT("privateFull", private_full),
    GC_COUNT("privateParked", private_parked),
    GC_COUNT("privateFreedBytes", private_freed_bytes),
    GC_COUNT("loggedCells", logged_cells),
    GC_MS("privateMaxPauseMs", private_max_pause_ns),
    GC_MS("privateTotalPauseMs", private_total_pause_ns),
    GC_COUNT("endedFreedBytes", ended_freed_bytes),
};

static void gc_put(Goroutine *g, Object *o, const char *name, Value v)
{
    object_define(&g->heap, o, intern_key_text(&g->heap, name), v, PROPERTY_DEFAULT);
}

/* [{ belowUs, count }, ...] of the times there were. */
static Value gc_histogram(Goroutine *g, const uint64_t buckets[HEAP_PAUSE_BUCKETS])
{
    Array *a = array_new(g);
    for (uint32_t i = 0; i < HEAP_PAUSE_BUCKETS; i++) {
        if (!buckets[i]) continue;
        Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
        gc_put(g, o, "belowUs", value_from_double((double)(UINT64_C(1) << i)));
        gc_put(g, o, "count", value_from_double((double)buckets[i]));
        OK(array_push(g, a, value_from_cell(o)));
    }
    return value_from_cell(a);
}

static Value lib_gc_stats(Goroutine *g, Args a)
{
    HeapStats stats = heap_stats(g->vm->heap);
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    for (size_t i = 0; i < COUNT_OF(gc_stats); i++) {
        const GcStat *stat = &gc_stats[i];
        uint64_t count = *(const uint64_t *)((const char *)&stats + stat->offset);
        gc_put(g, o, stat->name, value_from_double((double)count / stat->unit));
    }
    gc_put(g, o, "nextBytes", value_from_double((double)heap_next_bytes(g->vm->heap)));
    gc_put(g, o, "pauses", TRY(gc_histogram(g, stats.pauses)));
    gc_put(g, o, "stops", TRY(gc_histogram(g, stats.stops)));
    return value_from_cell(o);
}

static Value gc_show_collection(Goroutine *g, const Collection *c)
{
    static const char *const kinds[] = { "coordinated", "minor", "private" };
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    String *kind = string_new_text(&g->heap, kinds[c->kind]);
    gc_put(g, o, "kind", value_from_cell(kind));
    gc_put(g, o, "number", value_from_double((double)c->number));
    gc_put(g, o, "startMs", value_from_double((double)c->start_ns / 1e6));
    gc_put(g, o, "pauses", value_from_double(c->stops));
    gc_put(g, o, "pauseMs", value_from_double((double)c->pause_ns / 1e6));
    gc_put(g, o, "pausedMs", value_from_double((double)c->paused_ns / 1e6));
    gc_put(g, o, "stopMs", value_from_double((double)c->stop_ns / 1e6));
    gc_put(g, o, "markMs", value_from_double((double)c->mark_ns / 1e6));
    gc_put(g, o, "markers", value_from_double(c->markers));
    gc_put(g, o, "markedCells", value_from_double((double)c->marked_cells));
    gc_put(g, o, "beforeBytes", value_from_double((double)c->before_bytes));
    gc_put(g, o, "afterBytes", value_from_double((double)c->after_bytes));
    gc_put(g, o, "ownedBeforeBytes", value_from_double((double)c->owned_before_bytes));
    gc_put(g, o, "ownedAfterBytes", value_from_double((double)c->owned_after_bytes));
    return value_from_cell(o);
}

/* The last collections, the oldest first. */
static Value lib_gc_history(Goroutine *g, Args a)
{
    Collection last[2 * HISTORY_ITEMS];
    uint32_t count = history_read(g->vm->heap, last, COUNT_OF(last));
    Array *list = array_new(g);
    for (uint32_t i = 0; i < count; i++) OK(array_push(g, list, gc_show_collection(g, &last[i])));
    return value_from_cell(list);
}

static Value lib_gc_heap_size(Goroutine *g, Args a)
{
    return value_from_double((double)heap_stats(g->vm->heap).committed_bytes);
}

static Value lib_gc_heap_used(Goroutine *g, Args a)
{
    return value_from_double((double)heap_stats(g->vm->heap).live_bytes);
}

static Value lib_gc_next(Goroutine *g, Args a)
{
    return value_from_double((double)heap_next_bytes(g->vm->heap));
}

/* ---- runtime.gc.collect ------------------------------------------------------------------------------------------ */

/* "minor" and "private" are of the goroutine alone; where it cannot do so now, all is collected. */
static Value lib_gc_collect(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    Value kind = arg(a, 0);
    bool is_done = false;
    if (!value_is_undefined(kind)) {
        String *s = convert_to_string(g, kind);
        OK(s != NULL);
        bool is_minor = string_equal_text(h, s, "minor"), is_private = is_minor || string_equal_text(h, s, "private");
        if (!is_private && !string_equal_text(h, s, "full"))
            return error_throw(g, ERROR_RANGE, "There is no collection of kind %S", s);
        is_done = is_private && heap_collect_private(h, !is_minor);
    }
    if (!is_done) heap_collect(h);
    return VALUE_UNDEFINED;
}

/* ---- runtime.gc.roots -------------------------------------------------------------------------------------------- */

typedef struct GcRoots {
    uint64_t id;                         // of the goroutine
    uint64_t references;
} GcRoots;

typedef VEC(GcRoots) GcRootList;

static void gc_count_root(void *context, Cell *c)
{
    (void)c;
    ++*(uint64_t *)context;
}

static void gc_count_roots(void *context, Goroutine *g)
{
    GcRoots roots = { .id = g->id };
    graph_each_local_root(&g->heap, gc_count_root, &roots.references);
    VEC_PUSH((GcRootList *)context, roots);
}

static Value gc_show_roots(Goroutine *g, const GcRootList *list)
{
    Array *shown = array_new(g);
    for (uint32_t i = 0; i < list->count; i++) {
        Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
        gc_put(g, o, "goroutine", value_from_double((double)list->items[i].id));
        gc_put(g, o, "references", value_from_double((double)list->items[i].references));
        OK(array_push(g, shown, value_from_cell(o)));
    }
    return value_from_cell(shown);
}

/* [{ goroutine, references }, ...]: how many references of each goroutine's own keep something alive. */
static Value lib_gc_roots(Goroutine *g, Args a)
{
    GcRootList list = { 0 };
    bool held = safepoint_hold_world(&g->heap);
    sched_each(g->vm, gc_count_roots, &list);
    safepoint_release_world(&g->heap, held);
    Value shown = gc_show_roots(g, &list);
    VEC_FREE(&list);
    return shown;
}

/* ---- runtime.gc.verify ------------------------------------------------------------------------------------------- */

/* { cells, references, faults, first }: what was looked at, and what is wrong with it. */
static Value lib_gc_verify(Goroutine *g, Args a)
{
    HeapVerdict verdict;
    heap_verify(&g->heap, &verdict);
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    String *first = string_new_text(&g->heap, verdict.first);
    gc_put(g, o, "cells", value_from_double((double)verdict.cells));
    gc_put(g, o, "references", value_from_double((double)verdict.references));
    gc_put(g, o, "faults", value_from_double((double)verdict.faults));
    gc_put(g, o, "first", value_from_cell(first));
    return value_from_cell(o);
}

/* ---- runtime.gc.configure ---------------------------------------------------------------------------------------- */

/* A setting as programs see it: a number, or Infinity where it is off. */
static void gc_put_setting(Goroutine *g, Object *o, const char *name, HeapSetting setting, uint64_t n)
{
    bool is_off = n == preset_range(setting).off;
    gc_put(g, o, name, value_from_double(is_off ? HUGE_VAL : (double)n));
}

static Value gc_show_pacing(Goroutine *g)
{
    HeapPacing pacing = heap_pacing(g->vm->heap);
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    gc_put_setting(g, o, "growth", SETTING_GROWTH, pacing.growth_percent);
    gc_put_setting(g, o, "share", SETTING_SHARE, pacing.share_percent);
    gc_put_setting(g, o, "stopMs", SETTING_STOP, pacing.stop_ms);
    gc_put(g, o, "floorBytes", value_from_double((double)pacing.floor_bytes));
    gc_put_setting(g, o, "limitBytes", SETTING_LIMIT, pacing.limit_bytes);
    gc_put_setting(g, o, "maxHeap", SETTING_MAX_HEAP, g->heap.most_bytes);
    return value_from_cell(o);
}

/* The number of a property, or Infinity; `*n` stays if it is undefined. False: thrown. */
static bool gc_read(Goroutine *g, Object *o, const char *name, HeapSetting setting, uint64_t *n)
{
    double d;
    HeapRange range = preset_range(setting);
    Value v = TRY_BOOL(object_get(g, o, intern_key_text(&g->heap, name)));
    if (value_is_undefined(v)) return true;
    OK_BOOL(convert_to_double(g, v, &d));
    bool is_off = d == HUGE_VAL;
    if (!is_off && !(d >= (double)range.least && d <= (double)range.most))
        return error_throw_bool(g, ERROR_RANGE, "%s is out of range: %V", name, v);
    *n = is_off ? range.off : (uint64_t)d;
    return true;
}

static bool gc_read_preset(Goroutine *g, Object *o, HeapPacing *pacing)
{
    char name[16];
    Value v = TRY_BOOL(object_get(g, o, intern_key_text(&g->heap, "preset")));
    if (value_is_undefined(v)) return true;
    String *s = convert_to_string(g, v);
    OK_BOOL(s != NULL);
    StringView view = string_view(&g->heap, s);
    size_t n = view.length < sizeof name ? view.length : 0;
    for (size_t i = 0; i < n; i++) name[i] = (char)string_view_unit(view, i);
    name[n] = '\0';
    const HeapPreset *preset = preset_find(name);
    if (!preset) return error_throw_bool(g, ERROR_RANGE, "There is no preset %S", s);
    size_t limit = pacing->limit_bytes;
    *pacing = preset->pacing;
    pacing->limit_bytes = limit;
    return true;
}

/* Who asks for a growth means it, and has no share kept beside it unless asked for, too. */
static bool gc_read_pacing(Goroutine *g, Object *o, HeapPacing *pacing)
{
    OK_BOOL(gc_read_preset(g, o, pacing));
    uint64_t growth = 0, share = 0, stop = pacing->stop_ms, floor = pacing->floor_bytes, limit = pacing->limit_bytes;
    OK_BOOL(gc_read(g, o, "growth", SETTING_GROWTH, &growth));
    OK_BOOL(gc_read(g, o, "share", SETTING_SHARE, &share));
    OK_BOOL(gc_read(g, o, "stopMs", SETTING_STOP, &stop));
    OK_BOOL(gc_read(g, o, "floorBytes", SETTING_FLOOR, &floor));
    OK_BOOL(gc_read(g, o, "limitBytes", SETTING_LIMIT, &limit));
    if (growth) {
        pacing->growth_percent = (uint32_t)growth;
        pacing->share_percent = HEAP_SHARE_OFF;
    }
    if (share) pacing->share_percent = (uint32_t)share;
    pacing->stop_ms = (uint32_t)stop;
    pacing->floor_bytes = (size_t)floor;
    pacing->limit_bytes = (size_t)limit;
    return true;
}

/* configure({ preset, growth, share, stopMs, floorBytes, limitBytes, maxHeap }): what is left out stays. The last is the
 * calling goroutine's, and of those it starts from now on. */
static Value lib_gc_configure(Goroutine *g, Args a)
{
    HeapPacing pacing = heap_pacing(g->vm->heap);
    if (value_is_undefined(arg(a, 0))) return gc_show_pacing(g);
    if (!value_is_object(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not an object", arg(a, 0));
    Object *o = object_of(arg(a, 0));
    uint64_t most = g->heap.most_bytes;
    OK(gc_read_pacing(g, o, &pacing));
    OK(gc_read(g, o, "maxHeap", SETTING_MAX_HEAP, &most));
    heap_set_pacing(&g->heap, pacing);
    limit_set(&g->heap, most);
    return gc_show_pacing(g);
}

/* ---- runtime.gc.snapshot ----------------------------------------------------------------------------------------- */

static Value lib_gc_snapshot(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    OK(s != NULL);
    char *path = string_to_utf8(&g->heap, s, NULL, false);
    if (!path) return error_throw_out_of_memory(g);
    int error = lib_heap_snapshot_write(g, path);
    mem_free(path);
    return error ? error_throw(g, ERROR_PLAIN, "%S: %s", s, strerror(error)) : VALUE_UNDEFINED;
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_gc_methods[] = {
    LIB_METHOD("collect", 1, lib_gc_collect),
    LIB_METHOD("configure", 1, lib_gc_configure),
    LIB_METHOD("history", 0, lib_gc_history),
    LIB_METHOD("snapshot", 1, lib_gc_snapshot),
    LIB_METHOD("roots", 0, lib_gc_roots),
    LIB_METHOD("stats", 0, lib_gc_stats),
    LIB_METHOD("verify", 0, lib_gc_verify),
    LIB_GETTER("heapSize", lib_gc_heap_size),
    LIB_GETTER("heapUsed", lib_gc_heap_used),
    LIB_GETTER("nextGC", lib_gc_next),
};

void lib_runtime_gc_install(const Lib *lib)
{
    Value gc = install_object(lib, install_intrinsic(lib, INTRINSIC_ObjectPrototype));
    Value runtime = install_read(lib, value_from_cell(lib->realm->global), "runtime");
    INSTALL_TABLE(lib, gc, lib_gc_methods);
    install_tag(lib, gc, "runtime.gc");
    install_value(lib, runtime, "gc", gc, PROPERTY_DEFAULT);
}
