/* SPDX-License-Identifier: MIT */
/* Joins the layers: the collector's host, the calls upward, the order in which things are made and ended. */
#include "vm/vm.h"

#include <pthread.h>

#include "config.h"

#include "gc/limit.h"
#include "gc/mark.h"
#include "gc/preset.h"
#include "gc/publish.h"
#include "gc/safepoint.h"
#include "lib/lib.h"
#include "vm/base/debug.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/embed_int.h"
#include "vm/evaluate.h"
#include "vm/loader.h"
#include "vm/loop.h"
#include "vm/exec/cache.h"
#include "vm/exec/code.h"
#include "vm/exec/construct.h"
#include "vm/exec/coroutine.h"
#include "vm/exec/evalcode.h"
#include "vm/exec/frames.h"
#include "vm/exec/invoke.h"
#include "vm/exec/machine.h"
#include "vm/exec/publications.h"
#include "vm/exec/spawn.h"
#include "vm/exec/unwind.h"
#include "vm/jit/jit.h"
#include "vm/object/buffer.h"
#include "vm/object/iterate.h"
#include "vm/object/job.h"
#include "vm/object/kinds.h"
#include "vm/object/promise.h"
#include "vm/object/realm.h"
#include "vm/object/task.h"
#include "vm/object/typed_array.h"
#include "vm/object/weak.h"
#include "vm/sched/stack.h"
#include "vm/value/intern.h"
#include "vm/value/symbol.h"

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

static pthread_once_t vm_kinds_registered = PTHREAD_ONCE_INIT;

static void vm_register_kinds(void)
{
    code_register_kinds();
    spawn_register_kinds();
    coroutine_register_kinds();
    evalcode_register_kinds();
    iterate_register_kinds();
    job_register_kinds();
    promise_register_kinds();
    task_register_kinds();
    buffer_register_kinds();
    typed_array_register_kinds();
    module_register_kinds();
    weak_register_kinds();
    lib_register_kinds();
    embed_register_kinds();
    GcKind arguments = kinds_gc_table[KIND_MAPPED_ARGUMENTS];
    kinds_register(KIND_MAPPED_ARGUMENTS, &arguments, &construct_mapped_arguments_ops);
    kinds_complete();
}

/* ---- the collector's host ---------------------------------------------------------------------------------------- */

typedef struct StackScan {
    Vm     *vm;
    Marker *marker;
} StackScan;

static void vm_scan_stack(void *context, const void *low, const void *high)
{
    const StackScan *scan = context;
    mark_conservatively(scan->marker, low, high);
    shape_pin_conservatively(scan->vm, low, high);
}

static void vm_scan_native_stacks(void *context, Marker *m)
{
    Vm *vm = context;
    StackScan scan = { vm, m };
    safepoint_each_stack(vm->heap, vm_scan_stack, &scan);
}

/* What a cell's descriptor refers to is reached through the cell. */
static void vm_publish(void *context, Marker *m, Cell *c)
{
    const Vm *vm = context;
    if (c->shape >= SHAPE_ID_FIRST_FREE) mark_value(m, shape_at(vm, c->shape)->proto);
    weak_publish(m, c);
}

static void vm_published(void *context, LocalHeap *h, bool are_roots, uint64_t cells, uint64_t bytes)
{
    const Vm *vm = context;
    if (vm->publications) publications_note(vm->publications, (Goroutine *)h, are_roots, cells, bytes);
}

/* Of a fiber of the goroutine that collects by itself, whoever ends its wait may be setting `result` just now. */
static void vm_mark_fiber(const Fiber *f, Marker *m)
{
    mark_value(m, atomic_get_dependent(&f->result));     // with fiber_set_result
    mark_value(m, f->waits_for);
    mark_value(m, f->after_a);
    mark_value(m, f->waiter.value);
    for (uint32_t i = 0; i < f->waiter_count; i++) mark_value(m, f->waiters[i].value);
}

static void vm_mark_goroutine(void *context, Goroutine *g)
{
    Marker *m = context;
    frames_mark(g, m);
    for (const Fiber *f = &g->first_fiber; f; f = f->next)
        if (f->is_used) vm_mark_fiber(f, m);
    mark_value(m, g->entry);
    mark_value(m, g->spawn_code);
    mark_value(m, g->exception);
    mark_value(m, g->kept);
    mark_cell(m, g->regexp_statics);
    job_mark(g, m);
    task_mark(g, m);
}

static bool vm_waits(const Goroutine *g)
{
    return atomic_get_relaxed(&g->status) == GOROUTINE_WAITS;
}

static bool vm_waited_since(const Goroutine *g, uint32_t cycle)
{
    return cycle && g->marked_in == cycle && vm_waits(g);
}

/* What comes for one that waits makes it wait no longer (sched_notify) before the world can stop. */
static void vm_mark_root_goroutine(void *context, Goroutine *g)
{
    Marker *m = context;
    uint32_t cycle = mark_cycle(m);
    if (vm_waited_since(g, cycle)) return;
    vm_mark_goroutine(m, g);
    if (cycle && vm_waits(g)) g->marked_in = cycle;
}

/* Part 0 is what there is once, the others are goroutines. */
static uint32_t vm_root_parts(void *context)
{
    return 1 + sched_parts(context);
}

static void vm_mark_roots(void *context, Marker *m, uint32_t part)
{
    Vm *vm = context;
    if (part > 0) {
        sched_each_in(vm, part - 1, vm_mark_root_goroutine, m);
        return;
    }
    intern_mark_roots(vm, m);
    symbol_mark_roots(vm, m);
    shape_mark_roots(vm, m);
    realm_mark_roots(vm, m);
    sched_mark(vm, m);
    mark_value(m, vm->program->until);
    if (vm->options->host) vm->options->host->mark(vm->options->host, m);
}

static void vm_mark_local_roots(void *context, LocalHeap *h, Marker *m)
{
    (void)context;
    vm_mark_goroutine(m, (Goroutine *)h);
}

/* What all goroutines reach is published before the second one is made; until then it is the first one's. */
static void vm_mark_private_roots(void *context, LocalHeap *h, Marker *m)
{
    Vm *vm = context;
    vm_mark_goroutine(m, (Goroutine *)h);
    if (vm->is_parallel) return;
    symbol_mark_roots(vm, m);
    realm_mark_roots(vm, m);
    mark_value(m, vm->program->until);
    if (vm->options->host) vm->options->host->mark(vm->options->host, m);
}

/* C frames of a fiber on another thread are out of sight. */
static bool vm_may_collect_private(void *context, LocalHeap *h)
{
    const Goroutine *g = (const Goroutine *)h;
    (void)context;
    if (!g->id) return false;
    for (const Fiber *f = &g->first_fiber; f; f = f->next)
        if (f->is_used && f->pinned) return false;
    return true;
}

typedef struct LocalVisit {
    void   (*visit)(void *context, LocalHeap *h);
    void    *context;
    uint32_t but_cycle;
} LocalVisit;

static void vm_visit_local(void *context, Goroutine *g)
{
    const LocalVisit *v = context;
    if (!vm_waited_since(g, v->but_cycle)) v->visit(v->context, &g->heap);
}

static void vm_each_local(void *context, uint32_t but_cycle, void (*visit)(void *context, LocalHeap *h),
                          void *visit_context)
{
    LocalVisit v = { visit, visit_context, but_cycle };
    sched_each(context, vm_visit_local, &v);
}

static void vm_mark_shape(void *context, Marker *m, uint32_t shape)
{
    shape_mark(context, m, shape);
}

static void vm_clear_shape_marks(void *context)
{
    shape_clear_marks(context);
}

static uint32_t vm_shape_mark_count(void *context)
{
    return shape_mark_count(context);
}

static void vm_keep_shape_marks(void *context)
{
    shape_keep_marks(context);
}

static void vm_prepare(void *context)
{
    shape_prepare(context);
}

/* Part by part, the table of atoms. */
static uint32_t vm_finish_parts(void *context)
{
    return intern_finish_parts(context);
}

static void vm_finish_part(void *context, Marker *m, uint32_t part)
{
    intern_finish_part(context, m, part);
}

/* Code before caches, which lie in it; caches before the shapes they name. */
static void vm_finish(void *context, Marker *m)
{
    Vm *vm = context;
    weak_finish(vm, m);
    lib_finish(vm, m);
    code_finish(vm, m);
    cache_finish(vm, m);
    shape_finish(vm, m);
    if (vm->options->host) vm->options->host->finish(vm->options->host, m);
}

static void vm_interrupt(void *context)
{
    Vm *vm = context;
    if (vm->sched) sched_interrupt(vm);
}

static void vm_over_limit(void *context, LocalHeap *h)
{
    (void)context;
    stack_request_poll((Goroutine *)h);
}

static void vm_publish_roots(void *context, Marker *m)
{
    Vm *vm = context;
    realm_mark_roots(vm, m);
    symbol_mark_roots(vm, m);
    mark_cell(m, vm->main->inbox);
}

/* Hooks.publish_common. */
static void vm_publish_common(Goroutine *g)
{
    publish_roots(&g->heap, vm_publish_roots, g->vm);
}

static void vm_fill_host(Vm *vm)
{
    vm->host.context = vm;
    vm->host.kinds = kinds_gc_table;
    vm->host.kind_count = KIND_COUNT;
    vm->host.scan_native_stacks = vm_scan_native_stacks;
    vm->host.root_parts = vm_root_parts;
    vm->host.mark_roots = vm_mark_roots;
    vm->host.mark_local_roots = vm_mark_local_roots;
    vm->host.mark_private_roots = vm_mark_private_roots;
    vm->host.may_collect_private = vm_may_collect_private;
    vm->host.each_local = vm_each_local;
    vm->host.mark_shape = vm_mark_shape;
    vm->host.keep_shape_marks = vm_keep_shape_marks;
    vm->host.clear_shape_marks = vm_clear_shape_marks;
    vm->host.shape_mark_count = vm_shape_mark_count;
    vm->host.publish = vm_publish;
    vm->host.published = vm_published;
    vm->host.over_limit = vm_over_limit;
    vm->host.interrupt_mutators = vm_interrupt;
    vm->host.prepare = vm_prepare;
    vm->host.finish_parts = vm_finish_parts;
    vm->host.finish_part = vm_finish_part;
    vm->host.finish = vm_finish;
}

/* ---- calls upward ------------------------------------------------------------------------------------------------ */

static const VmHooks vm_hooks = {
    .call = invoke_from_native,
    .tail_call = invoke_tail,
    .prototype_changed = cache_prototype_changed,
    .capture_trace = unwind_capture_trace,
    .format_trace = unwind_format_trace,
    .async_from_sync = lib_async_from_sync,
    .evaluate = evaluate_request,
    .intrinsic = lib_intrinsic,
    .new_regexp = lib_new_regexp,
    .import_call = loader_import_call,
    .import_meta = loader_import_meta,
    .continue_coroutine = coroutine_continue,
    .rejection_changed = task_rejection_changed,
    .spawn_wake = spawn_wake,
    .publish_common = vm_publish_common,
    .interrupt = loop_is_uninterrupted,
};

/* ---- life -------------------------------------------------------------------------------------------------------- */

static SchedOptions vm_sched_options(const VmOptions *options)
{
    const DebugFlags *debug = debug_flags();
    return (SchedOptions){
        .worker_count = options->worker_count ? options->worker_count : os_cpu_count(),
        .is_seeded = debug->has_seed, .seed = debug->seed, .yields_always = debug->preempt[0] != '\0',
        .settles_always = debug->has_seed || debug->gcstress,
        .stack_max_bytes = options->stack_limit_bytes ? options->stack_limit_bytes : VM_STACK_LIMIT_BYTES,
        .run = loop_run, .end = loop_end, .at_deadlock = options->host ? options->host->deadlock : loop_deadlock,
    };
}

static uint32_t vm_markers(const VmOptions *options, const HeapPreset *preset)
{
    const DebugFlags *debug = debug_flags();
    if (debug->markers) return (uint32_t)debug->markers;
    if (debug->has_seed) return 1;
    if (options->heap_markers) return options->heap_markers;
    if (preset->markers) return preset->markers;
    return options->worker_count ? options->worker_count : os_cpu_count();
}

static PrivatePolicy vm_private_policy(const VmOptions *options)
{
    if (options->private_gc != PRIVATE_UNSAID) return options->private_gc;
    return debug_flags()->gcstress ? PRIVATE_ALWAYS : PRIVATE_IN_PARALLEL;
}

/* What is not given is the preset's or, where that says 0, the default. Who says how much the heap may grow means it:
 * it grows no more to keep to a share of the time, unless one is given. */
static HeapPacing vm_pacing(const VmOptions *options, const HeapPreset *preset)
{
    HeapPacing pacing = preset->pacing, given = options->pacing;
    if (given.growth_percent) {
        pacing.growth_percent = given.growth_percent;
        pacing.share_percent = HEAP_SHARE_OFF;
    }
    if (given.floor_bytes) pacing.floor_bytes = given.floor_bytes;
    if (given.share_percent) pacing.share_percent = given.share_percent;
    if (given.stop_ms) pacing.stop_ms = given.stop_ms;
    pacing.limit_bytes = given.limit_bytes;
    return pacing;
}

static HeapOptions vm_heap_options(const VmOptions *options)
{
    static const HeapPreset defaults = { 0 };
    const DebugFlags *debug = debug_flags();
    const HeapPreset *preset = options->heap_preset ? options->heap_preset : &defaults;
    return (HeapOptions){
        .pacing = vm_pacing(options, preset), .stress_every = (uint32_t)debug->gcstress,
        .verify = debug->verify || preset->checks, .poison = debug->poison || preset->checks,
        .share_all = debug->share[0] != '\0', .markers = vm_markers(options, preset),
        .markers_always = debug->markers > 0, .shadow = debug->shadow, .stop_cells = (uint32_t)debug->stops,
        .hand_over = debug->handover[0] == 'a' ? HAND_OVER_ALWAYS : debug->handover[0] ? HAND_OVER_NEVER
            : HAND_OVER_HUNGRY,
        .private_policy = vm_private_policy(options),
        .publish_profile = options->publish_profile, .trace = options->gc_trace, .summary = options->gc_stats,
    };
}

static void vm_create_jit(Vm *vm, const VmOptions *options)
{
    vm->machine = &machine_none;
#ifdef US_JIT
    jit_create(vm, &options->jit);
#endif
}

static void vm_tell_jit(const Vm *vm)
{
#ifdef US_JIT
    jit_tell(vm);
#endif
}

static void vm_learn_builtins(Vm *vm)
{
#ifdef US_JIT
    jit_learn_builtins(vm->main);
#endif
}

static void vm_destroy_jit(Vm *vm)
{
#ifdef US_JIT
    jit_destroy(vm);
#endif
}

Vm *vm_create(const VmOptions *options)
{
    (void)mem_keep_reserve();
    Vm *vm = mem_alloc_zeroed(sizeof *vm);
    pthread_once(&vm_kinds_registered, vm_register_kinds);
    vm_fill_host(vm);
    vm->heap = heap_create(&vm->host, vm_heap_options(options));
    if (!vm->heap) {
        mem_free(vm);
        return NULL;
    }
    vm->options = options;
    vm->hooks = &vm_hooks;
    cache_create(vm);
    vm_create_jit(vm, options);
    vm->no_indexed_prototypes = vm->array_iteration_pristine = true;
    vm->program = mem_alloc_zeroed(sizeof *vm->program);
    vm->program->until = VALUE_UNDEFINED;
    SchedOptions sched = vm_sched_options(options);
    heap_hold(vm->heap, 1);
    vm->main = sched_create(vm, &sched);
    LocalHeap *h = &vm->main->heap;
    limit_set(h, options->max_heap_bytes);
    intern_create(h);
    symbol_create_well_known(h);
    shape_space_create(h);
    lib_install(vm->main, realm_create(h));
    (void)inbox_of(vm->main);                            // others send it rejections
    vm_learn_builtins(vm);
    if (options->publish_profile) vm->publications = publications_create();
    heap_hold(vm->heap, -1);
    vm->stackstress = debug_flags()->stackstress;
    vm->polls_always = vm->stackstress || sched.is_seeded || sched.yields_always;
    if (vm->polls_always) stack_request_poll(vm->main);
    return vm;
}

void vm_destroy(Vm *vm)
{
    Goroutine *g = vm->main;
    publications_tell(vm->publications);                 // but not what the end itself publishes
    sched_end(g);
    task_destroy(g);                                     // looks at cells
    heap_tell_summary(vm->heap);
    vm_tell_jit(vm);
    heap_destroy(vm->heap);
    vm_destroy_jit(vm);
    lib_destroy(vm);
    cache_destroy(vm);
    publications_destroy(vm->publications);
    shape_space_destroy(vm);
    symbol_destroy(vm);
    intern_destroy(vm);
    while (vm->realms) {
        Realm *realm = vm->realms;
        vm->realms = realm->older;
        realm_destroy(realm);
    }
    sched_destroy(vm);
    mem_free(vm->program);
    mem_free(vm);
}

Goroutine *vm_main_goroutine(Vm *vm)
{
    return vm->main;
}
