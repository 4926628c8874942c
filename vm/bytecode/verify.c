/* SPDX-License-Identifier: MIT */
#include "vm/bytecode/verify.h"

#include <string.h>

#include "vm/base/mem.h"
#include "vm/bytecode/error_kinds.h"
#include "vm/bytecode/frame_slots.h"
#include "vm/bytecode/opcode.h"
#include "vm/bytecode/small.h"

typedef struct Verifier {
    const Unit         *unit;
    const UnitFunction *f;
    uint8_t            *starts;          // 1 where an instruction starts; a byte a unit of code
    uint32_t            at;
    const char         *what;            // the fault
} Verifier;

static bool verify_fail(Verifier *v, const char *what)
{
    v->what = what;
    return false;
}

/* ---- constants --------------------------------------------------------------------------------------------------- */

#define KIND_BIT(kind) (1u << CONSTANT_##kind)

/* The kinds of constant an instruction takes. */
static uint32_t verify_wanted(uint32_t op)
{
    switch (op) {
    case OP_LOAD_CONSTANT:      return KIND_BIT(NUMBER) | KIND_BIT(STRING) | KIND_BIT(BIGINT);
    case OP_JUMP_TABLE:         return KIND_BIT(JUMP_TABLE);
    case OP_GLOBAL_DECLARE:
    case OP_EVAL_DECLARE:       return KIND_BIT(DECLARATIONS);
    case OP_EVAL_SCOPE:         return KIND_BIT(SCOPE);
    case OP_NEW_OBJECT:
    case OP_OBJECT_LITERAL:     return KIND_BIT(NAMES);
    case OP_NEW_ARRAY_CONSTANT: return KIND_BIT(ELEMENTS);
    case OP_NEW_REGEXP:         return KIND_BIT(REGEXP);
    case OP_TEMPLATE_OBJECT:    return KIND_BIT(TEMPLATE);
    case OP_CLOSURE:            return KIND_BIT(FUNCTION);
    default:                    return KIND_BIT(STRING);
    }
}

static bool verify_jump(Verifier *v, int32_t distance)
{
    int64_t target = (int64_t)v->at + distance;
    if (target < 0 || target >= v->f->code_count
        || !v->starts[target]) return verify_fail(v, "a jump meets no instruction");
    return true;
}

static bool verify_constant(Verifier *v, uint32_t op, int32_t number)
{
    if (number < 0 || (uint32_t)number >= v->f->constant_count) return verify_fail(v, "no such constant");
    const UnitConstant *k = &v->f->constants[number];
    if (!(verify_wanted(op) & 1u << k->kind)) return verify_fail(v, "a constant of the wrong kind");
    if (k->kind == CONSTANT_FUNCTION && k->index >= v->unit->function_count) return verify_fail(v, "no such function");
    if (k->kind != CONSTANT_JUMP_TABLE) return true;
    for (uint32_t i = 0; i < k->count; i++)
        if (k->list[i] && !verify_jump(v, (int32_t)k->list[i])) return false;
    return true;
}

/* ---- slots ------------------------------------------------------------------------------------------------------- */

static bool verify_is_register(const Verifier *v, int64_t slot)
{
    return slot <= FRAME_REGISTERS && slot > FRAME_REGISTERS - (int64_t)v->f->register_count;
}

static bool verify_slot(Verifier *v, int32_t slot, bool is_written)
{
    if (verify_is_register(v, slot)) return true;
    if (slot >= FRAME_THIS && slot < FRAME_ARGUMENTS + (int64_t)v->f->parameter_count) return true;
    if (!is_written && (slot == FRAME_NEW_TARGET || slot == FRAME_CALLEE)) return true;
    return verify_fail(v, is_written ? "a slot that may not be written" : "no such slot");
}

/* The `count` slots above `slot`; of a call, `slot` itself too: it is `this`. */
static bool verify_window(Verifier *v, int32_t slot, int32_t count, bool is_call)
{
    bool fits = (is_call || count > 0 ? verify_is_register(v, (int64_t)slot + !is_call) : true)
             && (count > 0 ? verify_is_register(v, (int64_t)slot + count) : true);
    return fits || verify_fail(v, "a window is no part of the registers");
}

/* The `count` slots below operand `i`, which the instruction reads or writes with it. */
static bool verify_pair(Verifier *v, const uint16_t *pc, int i, int count, bool is_written)
{
    for (int below = 1; below <= count; below++)
        if (!verify_slot(v, opcode_operand(pc, i) - below, is_written)) return false;
    return true;
}

/* ---- captures ---------------------------------------------------------------------------------------------------- */

/* What a closure of `callee`, made here, takes from this frame. */
static bool verify_closure(Verifier *v, const UnitFunction *callee)
{
    for (uint32_t i = 0; i < callee->capture_count; i++) {
        const UnitCapture *capture = &callee->captures[i];
        if (capture->source == CAPTURE_FROM_SLOT) {
            if (!verify_slot(v, capture->index, false)) return false;
        } else if (capture->source != CAPTURE_FROM_CAPTURE || (uint32_t)capture->index >= v->f->capture_count) {
            return verify_fail(v, "a closure takes no such capture");
        }
    }
    return true;
}

/* Functions that are loaded and not made: the first, and the body of a module. */
static bool verify_top(Verifier *v)
{
    const UnitModule *module = v->unit->module;
    if (v->f > &v->unit->functions[module != NULL]) return true;
    for (uint32_t i = 0; i < v->f->capture_count; i++) {
        const UnitCapture *capture = &v->f->captures[i];
        bool is_there = !module || (uint32_t)capture->index < module->environment_count;
        if (capture->source != CAPTURE_FROM_ENVIRONMENT || !is_there)
            return verify_fail(v, "the environment has no such entry");
    }
    return true;
}

/* ---- instructions ------------------------------------------------------------------------------------------------ */

/* The number of values in the window of operand `i`: the next count, or that of a scope's names. */
static int32_t verify_window_count(const Verifier *v, const OpcodeInfo *info, const uint16_t *pc, int i)
{
    if (pc[0] == OP_EVAL_SCOPE) return (int32_t)v->f->constants[opcode_operand(pc, 1)].count;
    while (++i < info->operand_count)
        if (info->operands[i] == 'n') return opcode_operand(pc, i);
    return 0;
}

/* Does the window begin with `this`? */
static bool verify_is_call(const OpcodeInfo *info, uint32_t op)
{
    return op == OP_GO || strcmp(info->family, "call") == 0;
}

static bool verify_operand(Verifier *v, const OpcodeInfo *info, const uint16_t *pc, int i)
{
    int32_t n = opcode_operand(pc, i);
    switch (info->operands[i]) {
    case 'd': case 'm': return verify_slot(v, n, true);
    case 's': case 'b': return verify_slot(v, n, false);
    case 'W': return verify_window(v, n, verify_window_count(v, info, pc, i), verify_is_call(info, pc[0]));
    case 'c': return (uint32_t)n < v->f->capture_count || verify_fail(v, "no such capture");
    case 'k': return verify_constant(v, pc[0], n);
    case 'p': return (uint32_t)n < v->f->cache_count || verify_fail(v, "no such inline cache");
    case 'f': return n == 0 || (uint32_t)n < v->f->feedback_count || verify_fail(v, "no such feedback byte");
    case 'j': return verify_jump(v, n);
    default:  return true;
    }
}

static bool verify_small(Verifier *v, int32_t bits)
{
    bool is_one = bits == SMALL_NULL || bits == SMALL_FALSE || bits == SMALL_TRUE || bits == SMALL_UNDEFINED
               || bits == SMALL_HOLE;
    return is_one || verify_fail(v, "bits of no small value");
}

/* What the letters of the operands do not say. */
static bool verify_rest(Verifier *v, const uint16_t *pc)
{
    switch (pc[0]) {
    case OP_LOAD_SMALL:  return verify_small(v, opcode_operand(pc, 1));
    case OP_THROW_ERROR: return opcode_operand(pc, 0) < ERROR_KIND_COUNT || verify_fail(v, "no such kind of error");
    case OP_CLOSURE:
        return verify_closure(v, &v->unit->functions[v->f->constants[opcode_operand(pc, 1)].index]);
    case OP_GET_ITERATOR:
    case OP_GET_ITERATOR_OBJECT:
    case OP_GET_ASYNC_ITERATOR:
    case OP_CLASS_HERITAGE:     return verify_pair(v, pc, 0, 1, true);
    case OP_FOR_EACH_START:     return verify_pair(v, pc, 0, 2, true);
    case OP_ITERATOR_NEXT:
    case OP_ITERATOR_CALL_NEXT:
    case OP_ITERATOR_REST:      return verify_pair(v, pc, 1, 1, true);
    case OP_ITERATOR_CLOSE:     return verify_pair(v, pc, 0, 1, false);
    default:                    return true;
    }
}

static bool verify_instruction(Verifier *v)
{
    const uint16_t *pc = v->f->code + v->at;
    const OpcodeInfo *info = opcode_info(pc[0]);
    for (int i = 0; i < info->operand_count; i++)
        if (!verify_operand(v, info, pc, i)) return false;
    if (!verify_rest(v, pc)) return false;
    bool is_last = v->at + info->length == v->f->code_count;
    return !is_last || (info->effects & OPCODE_ENDS) || verify_fail(v, "control runs off the end");
}

/* Find where instructions start. */
static bool verify_starts(Verifier *v)
{
    for (v->at = 0; v->at < v->f->code_count;) {
        uint32_t op = v->f->code[v->at];
        if (op >= OP_COUNT) return verify_fail(v, "no such instruction");
        if (opcode_info(op)->length > v->f->code_count - v->at) return verify_fail(v, "an instruction is cut off");
        v->starts[v->at] = 1;
        v->at += opcode_info(op)->length;
    }
    return v->f->code_count > 0 || verify_fail(v, "there is no code");
}

static bool verify_handlers(Verifier *v)
{
    for (uint32_t i = 0; i < v->f->handler_count; i++) {
        const UnitHandler *h = &v->f->handlers[i];
        v->at = h->start;
        if (h->start > h->end || h->end > v->f->code_count) return verify_fail(v, "a handler's range is none");
        if (h->target >= v->f->code_count
            || !v->starts[h->target]) return verify_fail(v, "a handler meets no instruction");
    }
    return true;
}

static bool verify_mapped_parameters(Verifier *v)
{
    v->at = 0;
    for (uint32_t i = 0; v->f->mapped_parameters && i < v->f->parameter_count; i++) {
        int32_t slot = (int32_t)v->f->mapped_parameters[i];
        if (slot && !verify_slot(v, slot, false)) return false;
    }
    return true;
}

static bool verify_function(Verifier *v)
{
    if (!verify_starts(v) || !verify_top(v) || !verify_mapped_parameters(v)) return false;
    for (v->at = 0; v->at < v->f->code_count; v->at += opcode_info(v->f->code[v->at])->length)
        if (!verify_instruction(v)) return false;
    return verify_handlers(v);
}

bool verify_unit(const Unit *unit, VerifyFault *fault)
{
    for (uint32_t i = 0; i < unit->function_count; i++) {
        Verifier v = { .unit = unit, .f = &unit->functions[i] };
        v.starts = mem_alloc_zeroed(v.f->code_count + 1);
        bool is_fine = verify_function(&v);
        mem_free(v.starts);
        if (is_fine) continue;
        *fault = (VerifyFault){ .function = i, .at = v.at, .what = v.what };
        return false;
    }
    return true;
}
