/* SPDX-License-Identifier: MIT */
#include "vm/jit/steps.h"

#include "gc/alloc.h"
#include "gc/barrier.h"
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
#include "vm/exec/interp.h"
#include "vm/exec/invoke.h"
#include "vm/exec/private_field.h"
#include "vm/exec/spawn.h"
#include "vm/exec/unwind.h"
#include "vm/object/array.h"
#include "vm/object/channel.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/hooks.h"
#include "vm/object/iterate.h"
#include "vm/object/realm.h"
#include "vm/sched/sched.h"
#include "vm/value/number.h"

#include "vm/exec/ops.h"

/* RELOAD is for bodies that go on; the last one of a step has no reader. */
#pragma GCC diagnostic ignored "-Wunused-but-set-parameter"

#define OP_BODY(NAME) static Step step_##NAME(Goroutine *g, const uint16_t *pc, Value *fp, uint8_t *feedback)
#define STEP(outcome, v) return (Step){ (outcome), (v) }
#define NEXT(length)  STEP(STEP_NEXT, 0)
#define JUMP(i)       STEP(STEP_JUMP, 0)
#define JUMP_BY(n)    STEP(STEP_GOTO, (Value)(uintptr_t)(pc + (n)))
#define THROWN()      STEP(STEP_THROWN, 0)
#define PARKED()      STEP(STEP_PARKED, 0)
#define RETURN(v)     STEP(STEP_RETURN, (v))
#define DO_CALL(f, slot, count, target) STEP(STEP_CALL, (f))
#define BEGIN()       STEP(STEP_BEGIN, 0)
#define TAKE_LOOP()   ((void)0)
#define GIVE_WAY()                        \
    do {                                  \
        frame_save_pc(fp, pc);            \
        g->fiber->resumes_at = true;      \
        PARKED();                         \
    } while (0)

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

const StepFunction steps_table[OP_COUNT] = {
#define OP(NAME, family, operands, effects, semantics) [OP_##NAME] = step_##NAME,
#include "vm/bytecode/opcodes.def"
};
