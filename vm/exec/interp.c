/* SPDX-License-Identifier: MIT */
/* interp.c - the loop: opcode bodies of ops_*.h under labels-as-values dispatch.
 *
 * Calls between functions of the language push frames and stay in this activation of interp_run; only C code in between
 * enters it anew. The current frame is in `fp` and, for everybody else, in g->fp; `feedback` is the running code's. */
#include "vm/exec/interp.h"

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "vm/bytecode/opcode.h"
#include "vm/exec/access.h"
#include "vm/exec/arith.h"
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
#include "vm/exec/unwind.h"
#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/iterate.h"
#include "vm/object/realm.h"
#include "vm/sched/stack.h"
#include "vm/value/number.h"

#include "vm/exec/ops.h"

bool interp_poll(Goroutine *g)
{
    stack_clear_poll(g);
    if (g->vm->stackstress) {
        stack_move(g, frames_used_low(g));
        stack_request_poll(g);
    }
    if (heap_is_over_limit(g->vm->heap)) {
        heap_collect(&g->heap);
        if (heap_is_over_limit(g->vm->heap)) return error_throw_out_of_memory(g), false;
    }
    return !g->vm->hooks->interrupt || g->vm->hooks->interrupt(g);
}

/* Room is counted from the caller's frame: the callee's arguments are in it, its own words come below. */
bool interp_enter_slow(Goroutine *g, Code *code, uint32_t missing)
{
    if (!code_prepare(g, code)) return false;
    if (atomic_get_relaxed(&g->poll_requested) && !interp_poll(g)) return false;
    const Value *low = frames_used_low(g);
    size_t words = (size_t)code->frame_words + missing + FRAME_ARGUMENTS;
    if ((size_t)(low - g->stack_true_limit) >= words) return true;
    if (stack_grow(g, low, words)) return true;
    return error_throw_bool(g, ERROR_RANGE, "Maximum call stack size exceeded");
}

#define OP_BODY(NAME) label_##NAME:
#define DISPATCH()    goto *labels[*pc]

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

do_call:
    SAVE();
    if (LIKELY(value_is_kind(callee, KIND_FUNCTION))) {
        Code *code = ((Function *)value_cell(callee))->code;
        uint32_t missing = argc < code->parameter_count ? code->parameter_count - argc : 0;
        Value *frame = fp + window - FRAME_THIS - missing;
        if (UNLIKELY(frame < atomic_get_relaxed(&g->stack_limit) + atomic_get_dependent(&code->frame_words))) {
            OK_OP(interp_enter_slow(g, code, missing));
            frame = fp + window - FRAME_THIS - missing;
        }
        if (UNLIKELY(missing)) {
            const Value *from = fp + window;
            for (uint32_t i = 0; i <= argc; i++) frame[FRAME_THIS + i] = from[i];
            for (uint32_t i = argc; i < code->parameter_count; i++) frame[FRAME_ARGUMENTS + i] = VALUE_UNDEFINED;
        }
        frame[FRAME_RETURN] = FRAME_RETURN_TO_INTERPRETER;
        frame[FRAME_CALLER] = frame_link(fp);
        frame[FRAME_CALLEE] = callee;
        frame[FRAME_STATE] = frame_state(argc);
        frame[FRAME_CODE] = (Value)(uintptr_t)code;
        frame[FRAME_NEW_TARGET] = new_target;
        for (Value *slot = frame - FRAME_HEADER_WORDS, *end = frame - code->frame_words; slot > end;) *--slot = VALUE_UNDEFINED;
        fp = g->fp = frame;
        pc = code->code;
        feedback = code->feedback;
        DISPATCH();
    }
    if (LIKELY(value_is_kind(callee, KIND_NATIVE))) {
        const Native *native = (const Native *)value_cell(callee);
        Value *frame = fp + window - FRAME_THIS;
        frame[FRAME_RETURN] = FRAME_RETURN_TO_NATIVE;
        frame[FRAME_CALLER] = frame_link(fp);
        frame[FRAME_CALLEE] = callee;
        frame[FRAME_STATE] = frame_state(argc);
        frame[FRAME_CODE] = 0;
        frame[FRAME_NEW_TARGET] = new_target;
        g->fp = frame;
        Args args = { .g = g, .depth = frame_depth(g, frame), .count = argc, .self = frame[FRAME_THIS] };
        returned = native->spec->function(g, args);
        fp = g->fp = frame_caller(g->fp);
        if (UNLIKELY(returned == VALUE_THROWN)) goto thrown;
        R(1) = returned;
        NEXT(OPCODE_CALL_UNITS);
    }
    returned = TRY_OP(invoke_other(g, callee, frame_depth(g, fp + window), argc, new_target));
    R(1) = returned;
    NEXT(OPCODE_CALL_UNITS);

do_return: {
    bool to_native = fp[FRAME_RETURN] == FRAME_RETURN_TO_NATIVE;
    fp = g->fp = frame_caller(fp);
    if (UNLIKELY(to_native)) return returned;
    const Code *code = frames_code(fp);
    pc = code->code + frame_pc(fp, code->code);
    feedback = code->feedback;
    R(1) = returned;
    NEXT(OPCODE_CALL_UNITS);
}

thrown:
    pc = unwind_to_handler(g);
    if (!pc) return VALUE_THROWN;
    fp = g->fp;
    feedback = frames_code(fp)->feedback;
    DISPATCH();
}
