/* SPDX-License-Identifier: MIT */
/* interp.c - the loop: opcode bodies of ops_*.h under labels-as-values dispatch.
 *
 * Calls between functions of the language push frames and stay in this activation of interp_run; only C code in between
 * enters it anew. The current frame is in `fp` and, for everybody else, in g->fp; `feedback` is the running code's. */
#include "vm/exec/interp.h"

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/limit.h"
#include "gc/safepoint.h"
#include "vm/base/mem.h"
#include "vm/bytecode/opcode.h"
#include "vm/exec/access.h"
#include "vm/exec/arith.h"
#include "vm/exec/atomic_update.h"
#include "vm/exec/cache.h"
#include "vm/exec/code.h"
#include "vm/exec/compare.h"
#include "vm/exec/construct.h"
#include "vm/exec/coroutine.h"
#include "vm/exec/dispose.h"
#include "vm/exec/environment.h"
#include "vm/exec/evalcode.h"
#include "vm/exec/frames.h"
#include "vm/exec/invoke.h"
#include "vm/exec/machine.h"
#include "vm/exec/private_field.h"
#include "vm/exec/spawn.h"
#include "vm/exec/unwind.h"
#include "vm/object/array.h"
#include "vm/object/channel.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/iterate.h"
#include "vm/object/realm.h"
#include "vm/sched/sched.h"
#include "vm/sched/stack.h"
#include "vm/value/number.h"

#include "vm/exec/ops.h"

Tri interp_poll(Goroutine *g)
{
    Vm *vm = g->vm;
    stack_clear_poll(g);
    safepoint_poll(g->heap.mutator);
    if (vm->polls_always) stack_request_poll(g);
    if (vm->stackstress) stack_move(g, frames_used_low(g));
    if (heap_is_over_limit(vm->heap)) {
        heap_collect(&g->heap);
        if (heap_is_over_limit(vm->heap)) return error_throw_out_of_memory(g), TRI_THROWN;
    }
    if (UNLIKELY(mem_is_short())) {
        heap_collect(&g->heap);
        if (!mem_keep_reserve()) return error_throw_out_of_memory(g), TRI_THROWN;
    }
    if (limit_take_excess(&g->heap)) return error_throw_heap_limit(g), TRI_THROWN;
    if (!vm->hooks->interrupt(g)) return TRI_THROWN;
    return tri_from_bool(!sched_should_yield(g));
}

/* A long runner below C code lets others run by blocking its thread for a turn. */
bool interp_poll_nested(Goroutine *g)
{
    Tri goes_on = interp_poll(g);
    if (goes_on != TRI_FALSE) return goes_on == TRI_TRUE;
    g->holds = g->fiber;
    return !value_is_parked(sched_give_way(g)) || !value_is_thrown(sched_block(g));
}

static Tri interp_poll_anywhere(Goroutine *g)
{
    if (!g->native_depth) return interp_poll(g);
    return interp_poll_nested(g) ? TRI_TRUE : TRI_THROWN;
}

Tri interp_begin(Goroutine *g, Value return_mark)
{
    g->fp[FRAME_RETURN] = return_mark;
    return atomic_get_relaxed(&g->poll_requested) ? interp_poll_anywhere(g) : TRI_TRUE;
}

/* Room is counted from the window: the callee's arguments are in it, its own words come below. */
Tri interp_lay_frame(Goroutine *g, Value callee, uint32_t depth, uint32_t argc, Value new_target, Value return_mark)
{
    Code *code = function_of(callee)->code;
    Tri goes_on = TRI_TRUE;
    if (!code_prepare(g, code)) return TRI_THROWN;
    if (atomic_get_relaxed(&g->poll_requested)) {
        goes_on = interp_poll_anywhere(g);
        if (goes_on == TRI_THROWN) return TRI_THROWN;
    }
    uint32_t missing = argc < code->parameter_count ? code->parameter_count - argc : 0;
    const Value *low = frames_used_low(g);
    size_t words = (size_t)code->frame_words + missing + FRAME_ARGUMENTS;
    if ((size_t)(low - g->stack_low) < words + STACK_SLACK_WORDS && !stack_grow(g, low, words))
        return error_throw_tri(g, ERROR_RANGE, "Maximum call stack size exceeded");
    const Value *window = frame_at_depth(g, depth);
    Value *frame = frame_at_depth(g, depth) - FRAME_THIS - missing;
    for (uint32_t i = 0; missing && i <= argc; i++) frame[FRAME_THIS + i] = window[i];
    for (uint32_t i = argc; i < code->parameter_count; i++) frame[FRAME_ARGUMENTS + i] = VALUE_UNDEFINED;
    frame_begin(frame, return_mark, g->fp, callee, argc, (Value)(uintptr_t)code, new_target);
    frame_clear_registers(frame, code->frame_words);
    g->fp = frame;
    return goes_on;
}

/* Behind the instruction that waited, with what the wait came to. */
static Value interp_continue(Goroutine *g, Value v)
{
    if (value_is_thrown(v)) {
        const uint16_t *handler = unwind_to_handler(g);
        return handler ? interp_run(g, handler) : VALUE_THROWN;
    }
    const Code *code = frames_code(g->fp);
    const uint16_t *pc = code->code + frame_pc(g->fp, code->code);
    g->fp[(int16_t)pc[1]] = v;
    return interp_run(g, pc + opcode_info(*pc)->length);
}

Value interp_run_nested(Goroutine *g, const uint16_t *pc)
{
    g->native_depth++;
    Value v = interp_run(g, pc);
    while (UNLIKELY(value_is_parked(v))) v = interp_continue(g, sched_block(g));
    g->native_depth--;
    return v;
}

Value interp_resume(Goroutine *g)
{
    if (g->fiber->resumes_at) {
        const Code *code = frames_code(g->fp);
        g->fiber->resumes_at = false;
        return interp_run(g, code->code + frame_pc(g->fp, code->code));
    }
    Value v = fiber_take_result(g);
    return value_is_parked(v) ? v : interp_continue(g, v);
}

#define OP_BODY(NAME) label_##NAME:
#define DISPATCH()    goto *labels[*pc]
#define NEXT(length)  do { pc += (length); DISPATCH(); } while (0)
#define JUMP(i)       JUMP_BY(IMM32(i))
#define JUMP_BY(n)    do { pc += (n); DISPATCH(); } while (0)
#define THROWN()      goto thrown
#define PARKED()      return VALUE_PARKED
#define RETURN(v)     do { returned = (v); goto do_return; } while (0)
#define GIVE_WAY()    goto gives_way
#define DO_CALL(f, slot, count, target) \
    do { callee = (f); window = (slot); argc = (count); new_target = (target); goto do_call; } while (0)
#define BEGIN()       goto begins

/* Every call, every turn of a loop, and every time a task begins or goes on here, costs a function one degree of the
 * distance to being hot. */
#define COOL(code)    machine_cool(code)
#define TAKE_LOOP()   do { if (UNLIKELY(!COOL(frames_code(fp)))) { pc += 2; goto hot; } } while (0)

Value interp_run(Goroutine *g, const uint16_t *pc)
{
    static const void *const labels[OP_COUNT] = {
#define OP(NAME, family, operands, effects, semantics) &&label_##NAME,
#include "vm/bytecode/opcodes.def"
    };
    Value *fp = g->fp;
    uint8_t *feedback = frames_code(fp)->feedback;
    Value callee, new_target, returned;
    int window;
    uint32_t argc;
    const void *address;
    if (UNLIKELY(!COOL(frames_code(fp)))) goto hot;
    DISPATCH();

#include "vm/exec/ops_move.h"
#include "vm/exec/ops_arith.h"
#include "vm/exec/ops_compare.h"
#include "vm/exec/ops_control.h"
#include "vm/exec/ops_scope.h"
#include "vm/exec/ops_property.h"
#include "vm/exec/ops_literal.h"
#include "vm/exec/ops_call.h"
#include "vm/exec/ops_iterate.h"
#include "vm/exec/ops_class.h"
#include "vm/exec/ops_async.h"
#include "vm/exec/ops_go.h"

do_call:
    SAVE();
    if (LIKELY(value_is_kind(callee, KIND_FUNCTION))) {
        Code *code = ((Function *)value_cell(callee))->code;
        uint32_t missing = argc < code->parameter_count ? code->parameter_count - argc : 0;
        Value *frame = fp + window - FRAME_THIS - missing;
        if (UNLIKELY(frame < atomic_get_relaxed(&g->stack_limit) + atomic_get_dependent(&code->frame_words))) {
            bool goes_on = ASK_OP(interp_lay_frame(g, callee, frame_depth(g, fp + window), argc, new_target,
                                                    FRAME_RETURN_TO_INTERPRETER));
            pc = code->code;
            feedback = code->feedback;
            if (UNLIKELY(!goes_on)) goto gives_way;
            if (UNLIKELY(!COOL(code))) goto hot;
            DISPATCH();
        }
        if (UNLIKELY(missing)) {
            const Value *from = fp + window;
            for (uint32_t i = 0; i <= argc; i++) frame[FRAME_THIS + i] = from[i];
            for (uint32_t i = argc; i < code->parameter_count; i++) frame[FRAME_ARGUMENTS + i] = VALUE_UNDEFINED;
        }
        frame_begin(frame, FRAME_RETURN_TO_INTERPRETER, fp, callee, argc, (Value)(uintptr_t)code, new_target);
        frame_clear_registers(frame, code->frame_words);
        fp = g->fp = frame;
        pc = code->code;
        feedback = code->feedback;
        if (UNLIKELY(!COOL(code))) goto hot;
        DISPATCH();
    }
    if (LIKELY(value_is_kind(callee, KIND_NATIVE))) {
        const Native *native = (const Native *)value_cell(callee);
        Value *frame = fp + window - FRAME_THIS;
        frame_begin(frame, FRAME_RETURN_TO_NATIVE, fp, callee, argc, 0, new_target);
        g->fp = frame;
        Args args = { .g = g, .depth = frame_depth(g, frame), .count = argc, .self = frame[FRAME_THIS] };
        returned = native->spec->function(g, args);
        if (UNLIKELY(returned == VALUE_TAIL_CALL)) goto begins;
        fp = g->fp = frame_caller(g->fp);
        if (UNLIKELY(returned == VALUE_THROWN)) goto thrown;
        if (UNLIKELY(returned == VALUE_PARKED)) return VALUE_PARKED;
        R(1) = returned;
        NEXT(OPCODE_CALL_UNITS);
    }
    CALLED(invoke_other(g, callee, frame_depth(g, fp + window), argc, new_target));

begins: {                                // the frame that g->fp is
    fp = g->fp;
    Code *code = frames_code(fp);
    pc = code->code;
    feedback = code->feedback;
    bool goes_on = ASK_OP(interp_begin(g, FRAME_RETURN_TO_INTERPRETER));
    if (UNLIKELY(!goes_on)) goto gives_way;
    if (UNLIKELY(!COOL(code))) goto hot;
    DISPATCH();
}

do_return: {
    Value mark = fp[FRAME_RETURN];
    fp = g->fp = frame_caller(fp);
    address = (const void *)(uintptr_t)mark;
    if (UNLIKELY(mark == FRAME_RETURN_TO_NATIVE)) return returned;
    if (UNLIKELY(mark != FRAME_RETURN_TO_INTERPRETER)) goto enter_machine;
    const Code *code = frames_code(fp);
    pc = code->code + frame_pc(fp, code->code);
    feedback = code->feedback;
    R(1) = returned;
    NEXT(OPCODE_CALL_UNITS);
}

hot:                                     // machine code goes on at pc, if there is any
    address = machine_entry(g, frames_code(fp), pc);
    returned = VALUE_UNDEFINED;
    if (UNLIKELY(!address)) DISPATCH();
enter_machine: {
    MachineResult result = g->vm->machine->enter(g, address, returned);
    if (result.exit == MACHINE_LEAVES) return result.value;
    fp = g->fp;
    Code *code = frames_code(fp);
    pc = code->code + frame_pc(fp, code->code);
    feedback = code->feedback;
    if (result.exit == MACHINE_RETURNS) {
        R(1) = result.value;
        NEXT(OPCODE_CALL_UNITS);
    }
    if (UNLIKELY(result.exit == MACHINE_CALLS && !COOL(code))) goto hot;
    DISPATCH();
}

gives_way:                               // and goes on at pc
    frame_save_pc(fp, pc);
    g->fiber->resumes_at = true;
    return VALUE_PARKED;

thrown:
    pc = unwind_to_handler(g);
    if (!pc) return VALUE_THROWN;
    fp = g->fp;
    feedback = frames_code(fp)->feedback;
    DISPATCH();
}
