/* SPDX-License-Identifier: MIT */
#include "vm/exec/invoke.h"

#include <string.h>

#include "vm/exec/code.h"
#include "vm/exec/construct.h"
#include "vm/exec/frames.h"
#include "vm/exec/interp.h"
#include "vm/exec/unwind.h"
#include "vm/object/array.h"
#include "vm/object/error.h"
#include "vm/object/proxy.h"
#include "vm/object/realm.h"
#include "vm/sched/sched.h"
#include "vm/sched/stack.h"

/* May C code be entered once more? */
static bool invoke_has_native_room(Goroutine *g)
{
    char here;
    return &here > g->native_limit;
}

static bool invoke_reserve(Goroutine *g, size_t words)
{
    const Value *low = frames_used_low(g);
    if (low - words >= g->stack_true_limit) return true;
    if (stack_grow(g, low, words)) return true;
    return error_throw_bool(g, ERROR_RANGE, "Maximum call stack size exceeded");
}

/* Lay out this, arguments and header below what is in use. `places`: arguments the callee will look at. */
static Value *invoke_lay_frame(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments, uint32_t places,
                               Value new_target)
{
    Value *low = frames_used_low(g);
    Value *fp = low - places - FRAME_ARGUMENTS;
    fp[FRAME_THIS] = self;
    if (count) memcpy(fp + FRAME_ARGUMENTS, arguments, count * sizeof(Value));
    for (uint32_t i = count; i < places; i++) fp[FRAME_ARGUMENTS + i] = VALUE_UNDEFINED;
    frame_begin(fp, FRAME_RETURN_TO_NATIVE, g->fp, f, count, 0, new_target);
    return fp;
}

static uint32_t invoke_places(const Code *code, uint32_t count)
{
    return count > code->parameter_count ? count : code->parameter_count;
}

/* Room for a frame of `f`, for which the stack may move. */
static bool invoke_reserve_code(Goroutine *g, const Function *f, uint32_t count)
{
    const Code *code = f->code;
    if (!code_prepare(g, f->code)) return false;
    return invoke_reserve(g, (size_t)invoke_places(code, count) + FRAME_ARGUMENTS + code->frame_words);
}

static void invoke_lay_reserved(Goroutine *g, Function *f, Value self, uint32_t count, const Value *arguments,
                                Value new_target)
{
    Code *code = f->code;
    uint32_t places = invoke_places(code, count);
    Value *fp = invoke_lay_frame(g, value_from_cell(f), self, count, arguments, places, new_target);
    fp[FRAME_CODE] = (Value)(uintptr_t)code;
    frame_clear_registers(fp, code->frame_words);
    frame_save_pc(fp, code->code);
    g->fp = fp;
}

bool invoke_lay_code_frame(Goroutine *g, Function *f, Value self, uint32_t count, const Value *arguments,
                           Value new_target)
{
    OK_BOOL(invoke_reserve_code(g, f, count));
    invoke_lay_reserved(g, f, self, count, arguments, new_target);
    return true;
}

bool invoke_push_frame(Goroutine *g, Function *f, Value self, uint32_t count, const Value *arguments, Value new_target)
{
    if (atomic_get_relaxed(&g->poll_requested) && !interp_poll_nested(g)) return false;
    return invoke_lay_code_frame(g, f, self, count, arguments, new_target);
}

bool invoke_lay_first_frame(Goroutine *fresh, Function *f, Value self, uint32_t count, const Value *arguments)
{
    const Code *code = f->code;
    uint32_t places = invoke_places(code, count);
    size_t words = (size_t)places + FRAME_ARGUMENTS + code->frame_words;
    bool fits = (size_t)(fresh->stack_top - fresh->stack_low) >= words + STACK_SLACK_WORDS;
    if (!fits && !stack_grow(fresh, fresh->stack_top, words)) return false;
    Value *fp = invoke_lay_frame(fresh, value_from_cell(f), self, count, arguments, places, VALUE_UNDEFINED);
    fp[FRAME_CODE] = (Value)(uintptr_t)code;
    frame_clear_registers(fp, code->frame_words);
    frame_save_pc(fp, code->code);
    fresh->fp = fp;
    return true;
}

static Value invoke_closure(Goroutine *g, Function *f, Value self, uint32_t count, const Value *arguments, Value new_target)
{
    if (!value_is_undefined(new_target)) self = TRY(invoke_prepare_this(g, value_from_cell(f), new_target, NULL));
    OK(invoke_push_frame(g, f, self, count, arguments, new_target));
    Value result = TRY(interp_run_nested(g, f->code->code));
    bool keeps_this = !value_is_undefined(new_target) && !value_is_object(result);
    return keeps_this ? self : result;
}

static Value invoke_native(Goroutine *g, Native *f, Value self, uint32_t count, const Value *arguments, Value new_target)
{
    OK(invoke_reserve(g, (size_t)count + FRAME_ARGUMENTS + FRAME_HEADER_WORDS));
    if (self == VALUE_HOLE) self = VALUE_UNDEFINED;
    g->fp = invoke_lay_frame(g, value_from_cell(f), self, count, arguments, count, new_target);
    Args a = { .g = g, .depth = frame_depth(g, g->fp), .count = count, .self = self };
    Value result = f->spec->function(g, a);
    if (LIKELY(result != VALUE_TAIL_CALL)) g->fp = frame_caller(g->fp);
    return result;
}

static ValueList *invoke_bound_arguments(Goroutine *g, const Bound *f, uint32_t count, const Value *arguments)
{
    uint32_t bound = f->arguments->count;
    ValueList *all = list_new(&g->heap, bound + count);
    memcpy(all->items, f->arguments->items, bound * sizeof(Value));
    if (count) memcpy(all->items + bound, arguments, count * sizeof(Value));
    all->count = bound + count;
    return all;
}

static bool invoke_has_room(Goroutine *g, uint32_t count)
{
    if (UNLIKELY(count > FRAME_MAX_ARGUMENTS)) return error_throw_bool(g, ERROR_RANGE, "Too many arguments");
    if (UNLIKELY(!invoke_has_native_room(g))) return error_throw_bool(g, ERROR_RANGE, "Maximum call stack size exceeded");
    return true;
}

static Value invoke_construct(Goroutine *g, Value f, uint32_t count, const Value *arguments, Value new_target)
{
    OK(invoke_has_room(g, count));
    Cell *c = value_cell(f);
    switch (c->kind) {
    case KIND_FUNCTION: return invoke_closure(g, (Function *)c, VALUE_HOLE, count, arguments, new_target);
    case KIND_NATIVE:   return invoke_native(g, (Native *)c, VALUE_HOLE, count, arguments, new_target);
    case KIND_BOUND: {
        const Bound *bound = (const Bound *)c;
        const ValueList *all = invoke_bound_arguments(g, bound, count, arguments);
        return invoke_construct(g, bound->target, all->count, all->items, new_target == f ? bound->target : new_target);
    }
    default:            return proxy_call(g, (Object *)c, VALUE_HOLE, count, arguments, new_target);
    }
}

static Value invoke_begin_closure(Goroutine *g, Function *f, Value self, uint32_t count, const Value *arguments, Value new_target)
{
    OK(invoke_has_room(g, count));
    OK(invoke_lay_code_frame(g, f, self, count, arguments, new_target));
    return VALUE_TAIL_CALL;
}

/* Call, up to where the interpreter would run: then VALUE_TAIL_CALL. It may be VALUE_PARKED, too. */
static Value invoke_begin(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments)
{
    Cell *c = value_cell(f);
    if (c->kind == KIND_FUNCTION) return invoke_begin_closure(g, (Function *)c, self, count, arguments, VALUE_UNDEFINED);
    OK(invoke_has_room(g, count));
    switch (c->kind) {
    case KIND_NATIVE:   return invoke_native(g, (Native *)c, self, count, arguments, VALUE_UNDEFINED);
    case KIND_BOUND: {
        const Bound *bound = (const Bound *)c;
        const ValueList *all = invoke_bound_arguments(g, bound, count, arguments);
        return invoke_begin(g, bound->target, bound->self, all->count, all->items);
    }
    default:            return proxy_call(g, (Object *)c, self, count, arguments, VALUE_UNDEFINED);
    }
}

Value invoke_from_native(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments, Value new_target)
{
    if (!value_is_undefined(new_target)) return invoke_construct(g, f, count, arguments, new_target);
    if (value_is_kind(f, KIND_FUNCTION)) {
        OK(invoke_has_room(g, count));
        return invoke_closure(g, function_of(f), self, count, arguments, VALUE_UNDEFINED);
    }
    Value result = invoke_begin(g, f, self, count, arguments);
    if (UNLIKELY(value_is_parked(result))) return sched_block(g);
    if (UNLIKELY(result == VALUE_TAIL_CALL)) result = interp_run_nested(g, frames_code(g->fp)->code);
    return result;
}

/* The callee's frame stands on that of the native function's caller. */
Value invoke_tail(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments)
{
    uint32_t depth = frame_depth(g, g->fp);
    Value result = invoke_begin(g, f, self, count, arguments);
    if (result == VALUE_TAIL_CALL) g->fp[FRAME_CALLER] = frame_link(frame_caller(frame_at_depth(g, depth)));
    return result;
}

/* The arguments leave the stack for a list, since running the callee may move it. */
Value invoke_other(Goroutine *g, Value f, uint32_t depth, uint32_t count, Value new_target)
{
    if (!value_is_callable(f)) return unwind_throw_not_callable(g, f, "function");
    const Value *window = frame_at_depth(g, depth);
    Value self = window[0];
    ValueList *arguments = list_new(&g->heap, count);
    memcpy(arguments->items, frame_at_depth(g, depth) + 1, count * sizeof(Value));
    arguments->count = count;
    if (!value_is_undefined(new_target)) return invoke_construct(g, f, count, arguments->items, new_target);
    return invoke_begin(g, f, self, count, arguments->items);
}

Value invoke_with_array(Goroutine *g, Value f, Value self, Value array, Value new_target)
{
    const Array *a = array_of(array);
    bool constructs = !value_is_undefined(new_target);
    if (!constructs && !value_is_callable(f)) return unwind_throw_not_callable(g, f, "function");
    if (!value_is_kind(f, KIND_FUNCTION))
        return constructs ? invoke_construct(g, f, a->length, a->base, new_target)
                          : invoke_begin(g, f, self, a->length, a->base);
    return invoke_begin_closure(g, function_of(f), self, a->length, a->base, new_target);
}

/* The `count` values at depth `leading` and the arguments of frame g->fp from number `first` on, off the stack, which
 * may move. */
static ValueList *invoke_join_arguments(Goroutine *g, uint32_t leading, uint32_t count, uint32_t first)
{
    uint32_t passed = frame_argument_count(g->fp), own = passed > first ? passed - first : 0;
    ValueList *arguments = list_new(&g->heap, count + own);
    memcpy(arguments->items, frame_at_depth(g, leading), count * sizeof(Value));
    memcpy(arguments->items + count, g->fp + FRAME_ARGUMENTS + first, own * sizeof(Value));
    arguments->count = count + own;
    return arguments;
}

static ValueList *invoke_own_arguments(Goroutine *g)
{
    return invoke_join_arguments(g, frame_depth(g, g->fp), 0, 0);
}

/* With the arguments of frame g->fp from number `first` on, from stack to stack. */
static Value invoke_begin_forward(Goroutine *g, Function *f, Value self, uint32_t first, Value new_target)
{
    uint32_t passed = frame_argument_count(g->fp), count = passed > first ? passed - first : 0;
    OK(invoke_has_room(g, count));
    OK(invoke_reserve_code(g, f, count));
    invoke_lay_reserved(g, f, self, count, g->fp + FRAME_ARGUMENTS + first, new_target);
    return VALUE_TAIL_CALL;
}

Value invoke_apply_forward(Goroutine *g, Value apply, Value f, Value self, bool mapped)
{
    bool is_known = apply == realm_intrinsic(frames_code(g->fp)->realm, INTRINSIC_FunctionPrototype_apply);
    if (LIKELY(is_known && value_is_kind(f, KIND_FUNCTION)))
        return invoke_begin_forward(g, function_of(f), self, 0, VALUE_UNDEFINED);
    if (is_known && value_is_callable(f)) {
        const ValueList *list = invoke_own_arguments(g);
        return invoke_begin(g, f, self, list->count, list->items);
    }
    if (!value_is_callable(apply)) return unwind_throw_not_callable(g, apply, "function");
    Value arguments[] = { self, construct_arguments(g, mapped) };
    return invoke_begin(g, apply, f, COUNT_OF(arguments), arguments);
}

/* The rest parameter of frame g->fp, at depth `rest` once it was made, is iterated. */
static Value invoke_rest_iterated(Goroutine *g, Value f, uint32_t window, uint32_t count, uint32_t rest, uint32_t first)
{
    if (value_is_undefined(*frame_at_depth(g, rest))) {
        Value made = TRY(construct_rest_parameter(g, first));
        *frame_at_depth(g, rest) = made;
    }
    Value array = TRY(construct_array(g, window - 1, count));
    OK(construct_spread(g, array, *frame_at_depth(g, rest)));
    return invoke_with_array(g, f, *frame_at_depth(g, window), array, VALUE_UNDEFINED);
}

Value invoke_rest_forward(Goroutine *g, Value f, uint32_t window, uint32_t count, uint32_t rest, uint32_t first)
{
    if (UNLIKELY(!atomic_get_relaxed(&g->vm->array_iteration_pristine)))
        return invoke_rest_iterated(g, f, window, count, rest, first);
    if (!value_is_callable(f)) return unwind_throw_not_callable(g, f, "function");
    Value self = *frame_at_depth(g, window);
    if (LIKELY(value_is_kind(f, KIND_FUNCTION) && !count))
        return invoke_begin_forward(g, function_of(f), self, first, VALUE_UNDEFINED);
    const ValueList *list = invoke_join_arguments(g, window - 1, count, first);
    return invoke_begin(g, f, self, list->count, list->items);
}

Value invoke_forward(Goroutine *g, Value f, Value self)
{
    Value new_target = g->fp[FRAME_NEW_TARGET];
    if (value_is_kind(f, KIND_FUNCTION)) return invoke_begin_forward(g, function_of(f), self, 0, new_target);
    const ValueList *arguments = invoke_own_arguments(g);
    return invoke_construct(g, f, arguments->count, arguments->items, new_target);
}

/* ---- construction ------------------------------------------------------------------------------------------------ */

enum { INVOKE_LEAST_SLOTS = 2, INVOKE_MOST_SLOTS = 60 };

/* What instances of closure `f` may need before any was made: for the fields its own constructor assigns, and for those
 * of the classes it extends. */
static uint32_t invoke_guess_slots(const Vm *vm, const Function *f)
{
    uint32_t slots = f->code->function->inline_slots;
    while (f->code->flags & UNIT_IS_DERIVED) {
        Value parent = object_proto(vm, &f->object);
        if (!value_is_kind(parent, KIND_FUNCTION)) break;
        f = function_of(parent);
        slots += f->code->function->inline_slots;
    }
    return slots < INVOKE_LEAST_SLOTS ? INVOKE_LEAST_SLOTS : slots;
}

/* Inline slots for instances: what earlier instances came to use, if more than was guessed. */
static uint32_t invoke_instance_slots(const Vm *vm, const Function *f, Value proto)
{
    Code *code = f->code;
    uint32_t slots = atomic_get_relaxed(&code->instance_slots);
    const Shape *s = shape_find_root(vm, KIND_OBJECT, proto, slots);
    uint32_t used = s ? atomic_get_relaxed(&s->max_slots) : invoke_guess_slots(vm, f);
    if (used <= slots) return slots;
    slots = used > INVOKE_MOST_SLOTS ? INVOKE_MOST_SLOTS : used;
    atomic_set_relaxed(&code->instance_slots, slots);
    return slots;
}

static Shape *invoke_instance_shape(Goroutine *g, Value f, Value proto)
{
    object_mark_prototype(&g->heap, object_of(proto));
    return shape_root(&g->heap, KIND_OBJECT, proto, invoke_instance_slots(g->vm, function_of(f), proto));
}

/* A site may keep the shape as long as it sees this closure and its `prototype` has this value. */
static void invoke_learn(Goroutine *g, InlineCache *ic, Value f, Value proto, const Shape *s)
{
    PropertyRef ref;
    bool found = object_find_own(&g->heap, object_of(f), vm_atom(g->vm, ATOM_prototype), &ref);
    if (!found || !ref.address || (ref.attributes & PROPERTY_ACCESSOR)) return;
    if (atomic_get_relaxed(&s->max_slots) > shape_inline_slots(s)) return;
    cache_learn_construct(&g->heap, ic, f, ref.address, object_of(proto), s);
}

Value invoke_prepare_this(Goroutine *g, Value f, Value new_target, InlineCache *ic)
{
    if (!callable_is_constructor(f)) return unwind_throw_not_callable(g, f, "constructor");
    if (!value_is_kind(f, KIND_FUNCTION)) return VALUE_UNDEFINED;
    if (function_of(f)->code->flags & UNIT_IS_DERIVED) return VALUE_HOLE;
    const Handler *handler = ic ? cache_probe_construct(g->vm, ic, new_target) : NULL;
    if (handler) return value_from_cell(object_new(&g->heap, shape_at(g->vm, handler->shape)));
    Value proto = TRY(function_prototype_for(g, new_target, INTRINSIC_ObjectPrototype));
    Shape *s;
    if (value_is_kind(new_target, KIND_FUNCTION)) s = invoke_instance_shape(g, new_target, proto);
    else s = object_root_shape(&g->heap, KIND_OBJECT, proto, function_of(f)->code->instance_slots);
    if (ic && value_is_kind(new_target, KIND_FUNCTION)) invoke_learn(g, ic, new_target, proto, s);
    return value_from_cell(object_new(&g->heap, s));
}
