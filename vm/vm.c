/* SPDX-License-Identifier: MIT */
/* Joins the layers: the collector's host, the calls upward, the order in which things are made and ended. */
#include "vm/vm.h"

#include "gc/mark.h"
#include "gc/safepoint.h"
#include "lib/lib.h"
#include "vm/base/debug.h"
#include "vm/base/mem.h"
#include "vm/base/os.h"
#include "vm/evaluate.h"
#include "vm/loader.h"
#include "vm/exec/cache.h"
#include "vm/exec/code.h"
#include "vm/exec/construct.h"
#include "vm/exec/coroutine.h"
#include "vm/exec/evalcode.h"
#include "vm/exec/frames.h"
#include "vm/exec/invoke.h"
#include "vm/exec/unwind.h"
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

enum { VM_NATIVE_RESERVE_BYTES = 256 << 10 };            // of the C stack, kept for code that is not asked

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

static void vm_register_kinds(void)
{
    code_register_kinds();
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
    GcKind arguments = kinds_gc_table[KIND_MAPPED_ARGUMENTS];
    kinds_register(KIND_MAPPED_ARGUMENTS, &arguments, &construct_mapped_arguments_ops);
}

/* ---- the collector's host ------------------------------------------------------------------------------------------ */

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

static void vm_mark_goroutine(Goroutine *g, Marker *m)
{
    frames_mark(g, m);
    mark_value(m, g->exception);
    mark_value(m, g->kept);
    mark_cell(m, g->regexp_statics);
    job_mark(g, m);
    task_mark(g, m);
}

static void vm_mark_roots(void *context, Marker *m)
{
    Vm *vm = context;
    intern_mark_roots(vm, m);
    symbol_mark_roots(vm, m);
    shape_mark_roots(vm, m);
    realm_mark_roots(vm, m);
    vm_mark_goroutine(vm->main, m);
}

static void vm_mark_shape(void *context, Marker *m, uint32_t shape)
{
    shape_mark(context, m, shape);
}

static void vm_prepare(void *context)
{
    shape_prepare(context);
}

/* Code before caches, which lie in it; caches before the shapes they name; atoms last. */
static void vm_finish(void *context, Marker *m)
{
    Vm *vm = context;
    weak_finish(vm, m);
    lib_finish(vm, m);
    code_finish(vm, m);
    cache_finish(vm, m);
    shape_finish(vm, m);
    intern_finish(vm, m);
}

static void vm_fill_host(Vm *vm)
{
    vm->host.context = vm;
    vm->host.kinds = kinds_gc_table;
    vm->host.kind_count = KIND_COUNT;
    vm->host.scan_native_stacks = vm_scan_native_stacks;
    vm->host.mark_roots = vm_mark_roots;
    vm->host.mark_shape = vm_mark_shape;
    vm->host.publish = vm_publish;
    vm->host.prepare = vm_prepare;
    vm->host.finish = vm_finish;
}

/* ---- calls upward ------------------------------------------------------------------------------------------------------ */

static const VmHooks vm_hooks = {
    .call = invoke_from_native,
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
};

/* ---- life -------------------------------------------------------------------------------------------------------------- */

static void vm_init_goroutine(Vm *vm, Goroutine *g, const VmOptions *options)
{
    OsStack stack;
    heap_local_init(&g->heap, vm->heap);
    g->heap.vm = vm;
    g->vm = vm;
    g->exception = VALUE_HOLE;
    g->job_first = g->job_last = VALUE_NULL;
    g->kept = VALUE_UNDEFINED;
    stack_create(g, options->stack_limit_bytes ? options->stack_limit_bytes : VM_STACK_LIMIT_BYTES);
    CHECK(os_stack_bounds(&stack), "the system says where the stack is");
    g->native_base = stack.highest;
    g->native_limit = stack.lowest + VM_NATIVE_RESERVE_BYTES;
    vm->mutator = mem_alloc_zeroed(sizeof *vm->mutator);
    safepoint_attach(vm->mutator, vm->heap, g->native_base);
    safepoint_enter(vm->mutator);
    vm->mutator->local = &g->heap;
    g->heap.mutator = vm->mutator;
}

static HeapOptions vm_heap_options(const VmOptions *options)
{
    const DebugFlags *debug = debug_flags();
    return (HeapOptions){
        .limit_bytes = options->memory_limit_bytes, .stress_every = (uint32_t)debug->gcstress, .verify = debug->verify,
        .poison = debug->poison, .share_all = debug->share[0] != '\0',
    };
}

Vm *vm_create(const VmOptions *options)
{
    Vm *vm = mem_alloc_zeroed(sizeof *vm);
    vm_register_kinds();
    vm_fill_host(vm);
    vm->heap = heap_create(&vm->host, vm_heap_options(options));
    if (!vm->heap) {
        mem_free(vm);
        return NULL;
    }
    vm->options = options;
    vm->hooks = &vm_hooks;
    vm->no_indexed_prototypes = vm->array_iteration_pristine = true;
    vm->main = mem_alloc_zeroed(sizeof *vm->main);
    heap_hold(vm->heap, 1);
    vm_init_goroutine(vm, vm->main, options);
    LocalHeap *h = &vm->main->heap;
    intern_create(h);
    symbol_create_well_known(h);
    shape_space_create(h);
    cache_create(vm);
    lib_install(vm->main, realm_create(h));
    heap_hold(vm->heap, -1);
    vm->stackstress = debug_flags()->stackstress;
    if (vm->stackstress) stack_request_poll(vm->main);
    return vm;
}

void vm_destroy(Vm *vm)
{
    Goroutine *g = vm->main;
    heap_destroy(vm->heap);
    mem_free(vm->mutator);
    lib_destroy(vm);
    cache_destroy(vm);
    shape_space_destroy(vm);
    symbol_destroy(vm);
    intern_destroy(vm);
    while (vm->realms) {
        Realm *realm = vm->realms;
        vm->realms = realm->older;
        realm_destroy(realm);
    }
    task_destroy(g);
    stack_destroy(g);
    mem_free(g);
    mem_free(vm);
}

Goroutine *vm_main_goroutine(Vm *vm)
{
    return vm->main;
}
