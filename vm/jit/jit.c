/* SPDX-License-Identifier: MIT */
#include "vm/jit/jit.h"

#include <string.h>

#include "vm/base/clock.h"
#include "vm/base/mem.h"
#include "vm/exec/frames.h"
#include "vm/exec/interp.h"
#include "vm/exec/invoke.h"
#include "vm/exec/unwind.h"
#include "vm/jit/jit_state.h"
#include "vm/jit/watch.h"
#include "vm/object/array.h"
#include "vm/object/realm.h"
#include "vm/value/intern.h"

enum { JIT_BASELINE_HEAT = 120 };

/* ---- what machine code calls ------------------------------------------------------------------------------------- */

/* Go on at `pc` of g->fp, in machine code if it can be. */
static JitPlace jit_go_on(Goroutine *g, const uint16_t *pc)
{
    const Code *code = frames_code(g->fp);
    const Machine *m = atomic_get_acquire(&code->machine);         // pairs with jit_compile
    const uint8_t *address = m ? machine_address(m, (uint32_t)(pc - code->code)) : NULL;
    if (address) return (JitPlace){ address, 0 };
    frame_save_pc(g->fp, pc);
    return (JitPlace){ g->vm->jit->stubs[STUB_INTERPRETS], 0 };
}

static JitPlace jit_unwind(Goroutine *g)
{
    const uint16_t *handler = unwind_to_handler(g);
    if (handler) return jit_go_on(g, handler);
    return (JitPlace){ g->vm->jit->stubs[STUB_LEAVE], VALUE_THROWN };
}

/* The callee's frame is g->fp, unless it was not to be. */
static JitPlace jit_begin(Goroutine *g, Tri goes_on)
{
    if (goes_on == TRI_THROWN) return jit_unwind(g);
    const Code *code = frames_code(g->fp);
    frame_save_pc(g->fp, code->code);
    if (goes_on == TRI_FALSE) {
        g->fiber->resumes_at = true;
        return (JitPlace){ g->vm->jit->stubs[STUB_LEAVE], VALUE_PARKED };
    }
    const Machine *m = atomic_get_acquire(&code->machine);         // pairs with jit_compile
    if (m) return (JitPlace){ machine_address(m, 0), 0 };
    return (JitPlace){ g->vm->jit->stubs[STUB_CALLS], 0 };
}

JitPlace jit_resolve(Goroutine *g, uint64_t outcome, Value value)
{
    const Jit *jit = g->vm->jit;
    switch (outcome) {
    case STEP_THROWN: return jit_unwind(g);
    case STEP_GOTO:   return jit_go_on(g, (const uint16_t *)(uintptr_t)value);
    case STEP_BEGIN:  return jit_begin(g, interp_begin(g, value));
    case STEP_PARKED: return (JitPlace){ jit->stubs[STUB_LEAVE], VALUE_PARKED };
    default:          CHECK(false, "a step's outcome is what its template expects"); UNREACHABLE();
    }
}

/* `this` and the arguments are below the caller's frame, where nothing keeps them: an accessor is called, or they have
 * made room for arguments that are missing. So the callee's frame is laid before anything else happens. STUB_ARITY has
 * seen that there is room for it where there are many. */
static JitPlace jit_call_below(Goroutine *g, Value callee, Value *window, uint32_t argc, Value new_target, Value mark)
{
    Value self = window[0], arguments[JIT_MOST_KEPT];
    if (argc <= JIT_MOST_KEPT) {
        memcpy(arguments, window + 1, argc * sizeof(Value));
        if (!invoke_lay_code_frame(g, function_of(callee), self, argc, arguments, new_target)) return jit_unwind(g);
    } else {
        Code *code = function_of(callee)->code;
        Value *frame = window - FRAME_THIS;
        frame_begin(frame, mark, g->fp, callee, argc, (Value)(uintptr_t)code, new_target);
        frame_clear_registers(frame, code->frame_words);
        g->fp = frame;
    }
    return jit_begin(g, interp_begin(g, mark));
}

JitPlace jit_call_slow(Goroutine *g, Value callee, Value *window, uint32_t argc, Value new_target,
                       const void *return_address)
{
    Value mark = (Value)(uintptr_t)return_address;
    if (UNLIKELY(window < frames_used_low(g))) return jit_call_below(g, callee, window, argc, new_target, mark);
    return jit_begin(g, interp_lay_frame(g, callee, frame_depth(g, window), argc, new_target, mark));
}

Step jit_call_other(Goroutine *g, Value callee, Value *window, uint32_t argc, Value new_target,
                    const void *return_address)
{
    Value v;
    if (LIKELY(value_is_kind(callee, KIND_NATIVE))) {
        const Native *native = (const Native *)value_cell(callee);
        Value *frame = window - FRAME_THIS;
        frame_begin(frame, FRAME_RETURN_TO_NATIVE, g->fp, callee, argc, 0, new_target);
        g->fp = frame;
        Args args = { .g = g, .depth = frame_depth(g, frame), .count = argc, .self = frame[FRAME_THIS] };
        v = native->spec->function(g, args);
        if (LIKELY(v != VALUE_TAIL_CALL)) g->fp = frame_caller(g->fp);
    } else {
        v = invoke_other(g, callee, frame_depth(g, window), argc, new_target);
    }
    if (UNLIKELY(v == VALUE_THROWN)) return (Step){ STEP_THROWN, 0 };
    if (UNLIKELY(v == VALUE_PARKED)) return (Step){ STEP_PARKED, 0 };
    if (UNLIKELY(v == VALUE_TAIL_CALL)) return (Step){ STEP_BEGIN, (Value)(uintptr_t)return_address };
    return (Step){ STEP_NEXT, v };
}

Value jit_substring(Goroutine *g, Value self, int32_t start, int32_t end)
{
    String *s = string_of(self);
    if (start < 0 || start > end || (uint32_t)end > s->length) return 0;
    return value_from_cell(string_slice(&g->heap, s, (uint32_t)start, (uint32_t)end));
}

Value jit_char_at(Goroutine *g, Value self, int32_t i)
{
    String *s = string_of(self);
    if ((uint32_t)i >= s->length) return 0;
    return value_from_cell(string_from_unit(&g->heap, string_unit_at(&g->heap, s, (uint32_t)i)));
}

Value jit_new_array(Goroutine *g, Value callee, int32_t length)
{
    if (length < 0) return 0;
    Array *a = array_new_with_shape(&g->heap, function_native(callee)->realm->array_shape, (uint32_t)length);
    return a ? value_from_cell(a) : 0;
}

/* ---- compiling --------------------------------------------------------------------------------------------------- */

/* What a function's machine code costs; the collector paces itself by it, since functions that die give it back. */
static size_t jit_size_bytes(const Machine *m)
{
    return sizeof *m + m->place_count * sizeof m->places[0] + m->size_bytes;
}

static void jit_release(Vm *vm, Machine *m)
{
    watch_released(vm->jit, m);
    heap_drop_external(vm->heap, jit_size_bytes(m));
    code_space_free(&vm->jit->space, m->start, m->size_bytes);
    mem_free(m);
}

/* Several workers may compile one function; the first to publish wins. */
static void jit_compile(Goroutine *g, Code *code)
{
    Jit *jit = g->vm->jit;
    int64_t start_ns = jit->watch ? clock_monotonic_ns() : 0;
    uint32_t *map = watch_wants_map(jit->watch) ? mem_alloc_zeroed(code->function->code_count * sizeof *map) : NULL;
    Machine *m = emit_function(jit, code, map), *none = NULL;
    if (jit->watch) watch_compiled(jit, code, m, map, clock_monotonic_ns() - start_ns);
    mem_free(map);
    if (!m) return;
    heap_add_external(&g->heap, (int64_t)jit_size_bytes(m));
    if (!atomic_cas(&code->machine, &none, m)) {
        jit_release(g->vm, m);
        return;
    }
    atomic_set_release(&code->entry, (const void *)m->start);      // pairs with the calls in machine code
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

void jit_create(Vm *vm, const JitOptions *options)
{
    vm->machine = &machine_none;
    if (options->mode == JIT_OFF) return;
    Jit *jit = mem_alloc_zeroed(sizeof *jit);
    if (!code_space_init(&jit->space)) {
        mem_free(jit);
        return;
    }
    jit->watch = watch_create(options);
    if (!stubs_make(vm, jit)) {
        watch_destroy(jit->watch);
        code_space_deinit(&jit->space);
        mem_free(jit);
        return;
    }
    jit->layer = (MachineLayer){
        .heat = options->mode == JIT_EAGER ? 0 : JIT_BASELINE_HEAT, .entry = jit->stubs[STUB_CALL_SLOW],
        .compile = jit_compile, .release = jit_release,
        .enter = (MachineResult (*)(Goroutine *, const void *, Value))(uintptr_t)jit->stubs[STUB_ENTER],
    };
    vm->jit = jit;
    vm->machine = &jit->layer;
}

void jit_learn_builtins(Goroutine *g)
{
    static const struct { IntrinsicId holder; const char *name; uint32_t argument_count; } known[BUILTIN_COUNT] = {
        [BUILTIN_SQRT] = { INTRINSIC_Math, "sqrt", 1 },
        [BUILTIN_ABS] = { INTRINSIC_Math, "abs", 1 },
        [BUILTIN_FLOOR] = { INTRINSIC_Math, "floor", 1 },
        [BUILTIN_MAX] = { INTRINSIC_Math, "max", 2 },
        [BUILTIN_MIN] = { INTRINSIC_Math, "min", 2 },
        [BUILTIN_CHAR_CODE_AT] = { INTRINSIC_StringPrototype, "charCodeAt", 1 },
        [BUILTIN_PUSH] = { INTRINSIC_ArrayPrototype, "push", 1 },
        [BUILTIN_SUBSTRING] = { INTRINSIC_StringPrototype, "substring", 2 },
        [BUILTIN_CHAR_AT] = { INTRINSIC_StringPrototype, "charAt", 1 },
        [BUILTIN_ARRAY] = { INTRINSIC_ArrayPrototype, "constructor", 1 },
    };
    Jit *jit = g->vm->jit;
    if (!jit) return;
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        PropertyRef ref;
        JitKnown *builtin = &jit->builtins[i];
        builtin->name = value_from_cell(intern_text(&g->heap, known[i].name));
        builtin->argument_count = known[i].argument_count;
        Object *holder = object_of(realm_intrinsic(g->vm->realms, known[i].holder));
        bool found = object_find_own(&g->heap, holder, builtin->name, &ref);
        if (found && value_is_kind(ref.value, KIND_NATIVE)) builtin->spec = function_native(ref.value)->spec;
    }
    PropertyRef length;
    Object *views = object_of(realm_intrinsic(g->vm->realms, INTRINSIC_TypedArrayPrototype));
    if (object_find_own(&g->heap, views, vm_atom(g->vm, ATOM_length), &length))
        jit->view_length = function_native(((const Accessor *)value_cell(length.value))->getter)->spec;
    jit->builtins[BUILTIN_ARRAY].name = value_from_cell(intern_text(&g->heap, "Array"));     // found by its global
    for (int i = 0; i < BUILTIN_COUNT; i++) jit->builtin_names |= jit_name_bit(jit->builtins[i].name);
}

void jit_tell(const Vm *vm)
{
    if (vm->jit) watch_tell(vm->jit);
}

void jit_destroy(Vm *vm)
{
    Jit *jit = vm->jit;
    if (!jit) return;
    watch_destroy(jit->watch);
    emit_destroy(jit->spare);
    code_space_deinit(&jit->space);
    mem_free(jit);
    vm->jit = NULL;
}
