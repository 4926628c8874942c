/* SPDX-License-Identifier: MIT */
/* steps.h - every opcode as a C function: what machine code calls for what it has no instructions for.
 *
 * The functions are the interpreter's bodies (vm/exec/ops.h), so the two cannot differ. */
#ifndef US_JIT_STEPS_H
#define US_JIT_STEPS_H

#include "vm/bytecode/opcode.h"
#include "vm/object/function.h"

typedef enum StepOutcome {
    STEP_NEXT,                           // go on behind the instruction
    STEP_JUMP,                           // go on at the target in the instruction
    STEP_THROWN,
    STEP_PARKED,
    STEP_RETURN,                         // the frame returns `value`
    STEP_CALL,                           // `value` is to be called
    STEP_BEGIN,                          // g->fp is a frame to begin with; `value`: where it returns to
    STEP_GOTO,                           // `value` is the address of the bytecode to go on at
} StepOutcome;

/* In rax and rdx. */
typedef struct Step {
    uint64_t outcome;                    // StepOutcome
    Value    value;
} Step;

typedef Step (*StepFunction)(Goroutine *g, const uint16_t *pc, Value *fp, uint8_t *feedback);

extern const StepFunction steps_table[OP_COUNT];

#endif
