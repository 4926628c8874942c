/* SPDX-License-Identifier: MIT */
/* The embedding API: life, threads, goroutines, and running code. Values are in embed_value.c, native functions and
 * classes in embed_class.c, the heap in embed_heap.c. */
#include "vm/embed_int.h"

#include <pthread.h>
#include <string.h>

#include "config.h"
#include "gc/preset.h"
#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/base/mem.h"
#include "vm/evaluate.h"
#include "vm/exec/spawn.h"
#include "vm/loader.h"
#include "vm/loop.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/job.h"
#include "vm/object/realm.h"
#include "vm/object/task.h"
#include "vm/object/weak.h"
#include "vm/report.h"
#include "vm/sched/attach.h"
#include "vm/sched/sched.h"

static pthread_once_t embed_started = PTHREAD_ONCE_INIT;

static void embed_start(void)
{
    debug_init();
    limbs_init();
}

const char *us_version(void)
{
    return VERSION;
}

const char *us_status_text(UsStatus status)
{
    switch (status) {
    case US_OK:             return "no error";
    case US_THROWN:         return "the program threw an exception";
    case US_ERROR_MEMORY:   return "out of memory";
    case US_ERROR_ARGUMENT: return "an argument that makes no sense";
    case US_ERROR_STATE:    return "not on this thread, or not at this time";
    case US_ERROR_CONFIG:   return "a configuration that contradicts itself";
    case US_ERROR_HANDLE:   return "a handle that is not in use";
    case US_ERROR_DEADLOCK: return "all goroutines are asleep";
    }
    return "not a status";
}

/* ---- for the other files ----------------------------------------------------------------------------------------- */

UsStatus embed_check(UsGoroutine *g)
{
    if (!g) return US_ERROR_ARGUMENT;
    return attach_current() == embed_goroutine(g) ? US_OK : US_ERROR_STATE;
}

UsStatus embed_end(Goroutine *g, Value v, UsValue *result)
{
    bool is_thrown = value_is_thrown(v);
    if (is_thrown) v = error_take(g);
    if (result) *result = embed_value(v);
    return is_thrown ? US_THROWN : US_OK;
}

/* ---- what the VM asks its host ----------------------------------------------------------------------------------- */

static void embed_uncaught(const VmHost *host, Goroutine *g, Value e)
{
    const UsConfig *config = &((const UsVm *)host)->config;
    if (config->on_uncaught) config->on_uncaught(config->context, embed_from_goroutine(g), embed_value(e));
    else report_uncaught(g, e);
}

static Value embed_throw_deadlock(Goroutine *g, Fiber *f)
{
    return error_throw(g, ERROR_PLAIN, "all goroutines are asleep - deadlock");
}

static void embed_deadlock(Vm *vm)
{
    (void)attach_fail_waits(vm, embed_throw_deadlock);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static Value embed_refuse_exit(Goroutine *g, Args a)
{
    return error_throw(g, ERROR_PLAIN, "process.exit ends the process, which is the host's to do");
}

/* A program of a host's does not end the host's process. */
static bool embed_take_exit_away(Goroutine *g)
{
    static const NativeSpec spec = { .name = "exit", .function = embed_refuse_exit, .length = 1 };
    LocalHeap *h = &g->heap;
    Realm *realm = realm_current(g);
    Value process = TRY_BOOL(object_get(g, realm->global, intern_key_text(h, "process")));
    if (!value_is_object(process)) return true;
    Value refuse = function_new_capturing(h, realm, &spec, 0, NULL);
    OK_BOOL(object_put(g, object_of(process), intern_key_text(h, "exit"), refuse));
    return object_put(g, object_of(process), intern_key_text(h, "reallyExit"), refuse);
}

static bool embed_is_size(HeapSetting setting, size_t bytes)
{
    return !bytes || preset_takes(setting, bytes);
}

static bool embed_may_be_off(HeapSetting setting, unsigned n)
{
    return n == US_HEAP_OFF || embed_is_size(setting, n);
}

static UsStatus embed_check_config(const UsConfig *config)
{
    enum { LEAST_STACK_BYTES = 16 << 10, MOST_THREADS = 1024 };
    if (config->workers > MOST_THREADS || config->heap_markers > MOST_THREADS) return US_ERROR_CONFIG;
    if (config->stack_limit_bytes && config->stack_limit_bytes < LEAST_STACK_BYTES) return US_ERROR_CONFIG;
    if (config->heap_preset && !preset_find(config->heap_preset)) return US_ERROR_CONFIG;
    bool is_paced = embed_may_be_off(SETTING_GROWTH, config->heap_growth)
        && embed_may_be_off(SETTING_SHARE, config->heap_share) && embed_may_be_off(SETTING_STOP, config->heap_stop_ms)
        && embed_is_size(SETTING_FLOOR, config->heap_floor_bytes)
        && embed_is_size(SETTING_LIMIT, config->memory_limit_bytes)
        && embed_is_size(SETTING_MAX_HEAP, config->max_heap_bytes);
    return is_paced ? US_OK : US_ERROR_CONFIG;
}

static uint32_t embed_setting(HeapSetting setting, unsigned n)
{
    return n == US_HEAP_OFF ? (uint32_t)preset_range(setting).off : n;
}

static void embed_fill(UsVm *vm, const UsConfig *config)
{
    vm->config = *config;
    vm->host = (VmHost){ .mark = embed_mark, .finish = embed_finish, .uncaught = embed_uncaught,
                         .deadlock = embed_deadlock };
    vm->options = (VmOptions){
        .pacing = {
            .growth_percent = embed_setting(SETTING_GROWTH, config->heap_growth),
            .share_percent = embed_setting(SETTING_SHARE, config->heap_share),
            .stop_ms = embed_setting(SETTING_STOP, config->heap_stop_ms),
            .floor_bytes = config->heap_floor_bytes, .limit_bytes = config->memory_limit_bytes,
        },
        .heap_preset = config->heap_preset ? preset_find(config->heap_preset) : NULL,
        .heap_markers = config->heap_markers, .max_heap_bytes = config->max_heap_bytes,
        .stack_limit_bytes = config->stack_limit_bytes, .worker_count = config->workers, .host = &vm->host,
    };
    vm->free_handle = UINT32_MAX;
    mutex_init(&vm->lock, LOCK_HANDLES, 0);
}

UsStatus us_vm_create(const UsConfig *config, UsVm **out, UsGoroutine **main)
{
    const UsConfig defaults = { 0 };
    EMBED_NEED(out && main);
    if (!config) config = &defaults;
    UsStatus status = embed_check_config(config);
    if (status != US_OK) return status;
    if (attach_has_thread()) return US_ERROR_STATE;
    pthread_once(&embed_started, embed_start);
    UsVm *vm = mem_try_alloc_zeroed(sizeof *vm);
    if (!vm) return US_ERROR_MEMORY;
    embed_fill(vm, config);
    vm->vm = vm_create(&vm->options);
    if (!vm->vm) {
        mem_free(vm);
        return US_ERROR_MEMORY;
    }
    Goroutine *g = vm_main_goroutine(vm->vm);
    spawn_make_parallel(g);
    bool taken = embed_take_exit_away(g);
    CHECK(taken, "nothing of the program's runs yet");
    *out = vm;
    *main = embed_from_goroutine(g);
    return US_OK;
}

UsStatus us_vm_destroy(UsVm *vm)
{
    EMBED_NEED(vm);
    Goroutine *g = attach_current();
    if (!g || g != vm_main_goroutine(vm->vm) || embed_has_code(g) || attach_count(vm->vm)) return US_ERROR_STATE;
    if (!attach_stop_others(vm->vm)) return US_ERROR_STATE;
    embed_tell_leaks(vm);
    embed_drop_all(vm);
    vm_destroy(vm->vm);
    attach_forget_main();
    mem_free(vm);
    return US_OK;
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */

UsStatus us_attach(UsVm *vm, UsGoroutine **g)
{
    EMBED_NEED(vm && g);
    if (attach_has_thread()) return US_ERROR_STATE;
    *g = embed_from_goroutine(attach_thread(vm->vm));
    return US_OK;
}

UsStatus us_detach(UsGoroutine *us)
{
    EMBED_HERE(us);
    Goroutine *g = embed_goroutine(us);
    if (!attach_is_own(g) || embed_has_code(g)) return US_ERROR_STATE;
    weak_release_kept(g);
    attach_detach(g);
    return US_OK;
}

UsGoroutine *us_current(void)
{
    Goroutine *g = attach_current();
    return g && g->vm->options->host ? embed_from_goroutine(g) : NULL;
}

UsVm *us_vm_of(UsGoroutine *g)
{
    return g ? embed_vm_of(embed_goroutine(g)) : NULL;
}

UsStatus us_leave(UsGoroutine *g)
{
    EMBED_HERE(g);
    attach_leave(embed_goroutine(g));
    return US_OK;
}

UsStatus us_enter(UsGoroutine *g)
{
    EMBED_NEED(g);
    return attach_enter(embed_goroutine(g)) ? US_OK : US_ERROR_STATE;
}

UsStatus us_poll(UsGoroutine *us)
{
    EMBED_HERE(us);
    safepoint_poll(embed_goroutine(us)->heap.mutator);
    return US_OK;
}

/* ---- goroutines -------------------------------------------------------------------------------------------------- */

static bool embed_are_values(size_t count, const UsValue *values)
{
    if (count && !values) return false;
    for (size_t i = 0; i < count; i++)
        if (!embed_is_value(values[i])) return false;
    return count <= FRAME_MAX_ARGUMENTS;
}

/* UsValue has the layout of Value. */
static const Value *embed_values(const UsValue *values)
{
    STATIC_ASSERT(sizeof(UsValue) == sizeof(Value), "arrays of them are the same");
    return (const Value *)values;
}

UsStatus us_go(UsGoroutine *us, UsValue function, UsValue self, size_t count, const UsValue *arguments, UsValue *promise)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(function) && embed_is_value(self) && embed_are_values(count, arguments));
    Goroutine *g = embed_goroutine(us);
    Value v = spawn_call(g, function.bits, self.bits, (uint32_t)count, embed_values(arguments), promise != NULL);
    return embed_end(g, v, promise);
}

UsStatus us_await(UsGoroutine *us, UsValue v, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(v) && result);
    Goroutine *g = embed_goroutine(us);
    Value settled = spawn_await_here(g, v.bits);
    if (value_is_parked(settled)) settled = sched_block(g);
    return embed_end(g, settled, result);
}

UsStatus us_run_jobs(UsGoroutine *us)
{
    EMBED_HERE(us);
    Goroutine *g = embed_goroutine(us);
    for (Tri more = TRI_TRUE; more != TRI_FALSE;) {
        more = job_run_next(g);
        if (more == TRI_THROWN) loop_catch(g);
    }
    if (!embed_has_code(g)) weak_release_kept(g);
    return US_OK;
}

static void embed_count_waits(void *context, Goroutine *g)
{
    *(uint64_t *)context += g->parked_fibers;
}

static bool embed_anybody_waits(Vm *vm)
{
    uint64_t count = 0;
    sched_each(vm, embed_count_waits, &count);
    return count != 0;
}

/* The frames of a task of the main goroutine that waits stay on its fiber; the host goes on with another. */
static void embed_load_fiber(Goroutine *g)
{
    if (!g->fiber->is_parked) return;
    fiber_unload(g);
    fiber_load_fresh(g);
}

UsStatus us_run(UsGoroutine *us)
{
    EMBED_HERE(us);
    Goroutine *g = embed_goroutine(us);
    if (g != g->vm->main || embed_has_code(g)) return US_ERROR_STATE;
    weak_release_kept(g);
    do sched_drive(g, NULL);
    while (attach_fail_waits(g->vm, embed_throw_deadlock) || task_tell_late_rejections(g));
    embed_load_fiber(g);
    return embed_anybody_waits(g->vm) ? US_ERROR_DEADLOCK : US_OK;
}

/* ---- running code ------------------------------------------------------------------------------------------------ */

static Value embed_run_unit(Goroutine *g, const char *name, Unit *unit, bool is_module)
{
    if (!is_module) return evaluate_script(g, unit, realm_current(g), VALUE_UNDEFINED);
    Module *m = loader_load_unit(g, name, unit);
    return m ? loader_run(g, m) : VALUE_THROWN;
}

UsStatus us_evaluate(UsGoroutine *us, const char *name, const char *source, size_t size_bytes, unsigned flags,
                     UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(name && result && (source || !size_bytes) && !(flags & ~(unsigned)US_EVALUATE_MODULE));
    Goroutine *g = embed_goroutine(us);
    bool is_module = (flags & US_EVALUATE_MODULE) != 0;
    CompileOptions options = { .kind = is_module ? COMPILE_MODULE : COMPILE_SCRIPT, .wants_completion = !is_module,
                               .keeps_source = true, .dialect = compile_dialect_of_file(name) };
    Unit *unit = evaluate_compile(g, name, source ? source : "", size_bytes, &options, NULL);
    return embed_end(g, unit ? embed_run_unit(g, name, unit, is_module) : VALUE_THROWN, result);
}

UsStatus us_call(UsGoroutine *us, UsValue function, UsValue self, size_t count, const UsValue *arguments,
                 UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(function) && embed_is_value(self) && embed_are_values(count, arguments));
    Goroutine *g = embed_goroutine(us);
    return embed_end(g, callable_call(g, function.bits, self.bits, (uint32_t)count, embed_values(arguments)), result);
}

UsStatus us_construct(UsGoroutine *us, UsValue constructor, size_t count, const UsValue *arguments, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_value(constructor) && embed_are_values(count, arguments) && result);
    Goroutine *g = embed_goroutine(us);
    Value f = constructor.bits;
    Value v = callable_is_constructor(f) ? callable_construct(g, f, (uint32_t)count, embed_values(arguments), f)
                                         : error_throw(g, ERROR_TYPE, "%V is not a constructor", f);
    return embed_end(g, v, result);
}
