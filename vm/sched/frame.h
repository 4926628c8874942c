/* SPDX-License-Identifier: MIT */
/* frame.h - the activation record, one layout for the interpreter, native functions and the JIT.
 *
 * The goroutine's stack grows down. `fp` points at the word where a machine-code prologue would save the caller's
 * frame pointer, so `call` and `push` build the same record. vm/bytecode/frame_slots.h has its layout; of its words,
 *
 *     FRAME_RETURN   a FRAME_RETURN_ mark, or an address of machine code, which has bit 1 set and so is no cell
 *     FRAME_CALLER   caller's fp + 2 (the one kind of pointer into the stack: moving a stack relocates this chain)
 *     FRAME_STATE    low half of the current instruction's address, argument count above it, tagged as an int32
 *
 * An outgoing call's arguments are laid into the caller's lowest registers so that they become the callee's arguments
 * where they are: with `this` at slot w, the callee's fp is &fp[w - 2].
 *
 * I1  Every word between the innermost frame's lowest and the stack's top is a value or a word that no one takes for
 *     a cell, at every point where a collection may happen: links and states are tagged so, and registers are filled
 *     when a frame is pushed. So a stack is scanned as one array, and what a call leaves behind in its caller's
 *     lowest registers is harmless. */
#ifndef US_SCHED_FRAME_H
#define US_SCHED_FRAME_H

#include "vm/bytecode/frame_slots.h"
#include "vm/sched/goroutine.h"

enum {
    FRAME_RETURN_TO_INTERPRETER = 0,     // continue the caller's bytecode
    FRAME_RETURN_TO_NATIVE = 2,          // leave interp_run: C code called this
    FRAME_LINK_TAG = 2,
    FRAME_MAX_ARGUMENTS = (1 << 17) - 1,
};

/* The upper half of FRAME_STATE, less the argument count. */
#define FRAME_STATE_UPPER UINT32_C(0xfffe0000)

static inline Value *frame_caller(const Value *fp)
{
    return (Value *)(uintptr_t)(fp[FRAME_CALLER] - FRAME_LINK_TAG);
}

/* What fp[FRAME_CALLER] holds for a caller, which may be NULL. */
static inline Value frame_link(const Value *caller)
{
    return (Value)(uintptr_t)caller + FRAME_LINK_TAG;
}

/* What fp[FRAME_STATE] holds at first. */
static inline Value frame_state(uint32_t argument_count)
{
    return VALUE_INT_TAG | (Value)argument_count << 32;
}

/* Write the header of a new frame; `code` is 0 for a native function. */
static ALWAYS_INLINE void frame_begin(Value *fp, Value return_mark, const Value *caller, Value callee,
                                      uint32_t argument_count, Value code, Value new_target)
{
    fp[FRAME_RETURN] = return_mark;
    fp[FRAME_CALLER] = frame_link(caller);
    fp[FRAME_CALLEE] = callee;
    fp[FRAME_STATE] = frame_state(argument_count);
    fp[FRAME_CODE] = code;
    fp[FRAME_NEW_TARGET] = new_target;
}

/* Fill the registers of a new frame of `frame_words` below fp. */
static ALWAYS_INLINE void frame_clear_registers(Value *fp, uint32_t frame_words)
{
    for (Value *slot = fp - FRAME_HEADER_WORDS, *end = fp - frame_words; slot > end;) *--slot = VALUE_UNDEFINED;
}

static inline uint32_t frame_argument_count(const Value *fp)
{
    return (uint32_t)(fp[FRAME_STATE] >> 32) & FRAME_MAX_ARGUMENTS;
}

/* The current instruction as an offset in units from `code`, the start of the frame's code. Half an address is enough
 * to tell, and saving it costs no look at `code`. */
static inline uint32_t frame_pc(const Value *fp, const uint16_t *code)
{
    uint32_t saved = (uint32_t)fp[FRAME_STATE];
    return (saved - (uint32_t)(uintptr_t)code) / (uint32_t)sizeof *code;
}

static inline void frame_save_pc(Value *fp, const uint16_t *pc)
{
    *(uint32_t *)&fp[FRAME_STATE] = (uint32_t)(uintptr_t)pc;
}

/* A frame as a distance from the stack's top, which survives moving the stack. */
static inline uint32_t frame_depth(const Goroutine *g, const Value *fp)
{
    return (uint32_t)(g->stack_top - fp);
}

static inline Value *frame_at_depth(const Goroutine *g, uint32_t depth)
{
    return g->stack_top - depth;
}

#endif
