/* SPDX-License-Identifier: MIT */
/* What an instruction leaves in registers for the next one, and how the next one is entered otherwise. */
#include "vm/jit/x64/emit_int.h"

/* The instruction relies on the one before: who comes from elsewhere enters by a piece that emit_entry makes. */
static void emit_enter_later(Emit *e)
{
    e->places[e->pc - e->code->code] = 0;
}

void emit_note_used(Emit *e, KeptKind kind)
{
    emit_enter_later(e);
    e->used->slot = e->kept->slot;
    if (kind > e->used->kind) e->used->kind = kind;
}

bool emit_use_constant(Emit *e, int32_t slot, Value *v)
{
    if (!e->kept->has_constant || e->kept->constant_slot != slot) return false;
    emit_enter_later(e);
    e->used->has_constant = true;
    e->used->constant_slot = slot;
    *v = e->used->constant = e->kept->constant;
    return true;
}

void emit_store_value(Asm *a, int32_t slot, Value v)
{
    if ((int64_t)v == (int32_t)v) {
        asm_store_imm(a, REG_FRAME, slot, (int32_t)v);
    } else if (v == VALUE_ZERO) {
        asm_store(a, REG_FRAME, slot, REG_INT_TAG);
    } else if (v > VALUE_ZERO && v - VALUE_ZERO <= INT32_MAX) {
        asm_lea(a, RCX, REG_INT_TAG, (int32_t)(v - VALUE_ZERO));
        asm_store(a, REG_FRAME, slot, RCX);
    } else {
        asm_mov_imm(a, RCX, v);
        asm_store(a, REG_FRAME, slot, RCX);
    }
}

/* Does the instruction behind this one read `slot`? */
static bool emit_next_reads(const Emit *e, int32_t slot)
{
    const uint16_t *next = e->pc + e->info->length;
    if (next >= e->code->code + e->code->function->code_count) return false;
    const OpcodeInfo *info = opcode_info(*next);
    for (int i = 0; i < info->operand_count; i++) {
        bool is_read = info->operands[i] == 's' || info->operands[i] == 'm';
        if (is_read && emit_slot((int16_t)next[info->offsets[i]]) == slot) return true;
    }
    return false;
}

/* What was kept is kept on; the instruction keeps a constant besides, or has made a copy. */
static void emit_pass(Emit *e)
{
    emit_enter_later(e);
    e->more_entries[e->more_count].passes = true;
    *e->used = *e->result = *e->kept;
}

void emit_pass_kept(Emit *e, Value v)
{
    int32_t slot = emit_r(e, 1);
    bool passes = e->kept->kind && e->kept->slot != slot && emit_next_reads(e, e->kept->slot);
    if (passes) emit_pass(e);
    e->result->has_constant = true;
    e->result->constant_slot = slot;
    e->result->constant = v;
    if (passes) *e->used = *e->result;
}

bool emit_pass_copy(Emit *e)
{
    int32_t to = emit_r(e, 1);
    if (e->kept->kind <= KEPT_VALUE || e->kept->slot != emit_r(e, 2) || !emit_next_reads(e, to)) return false;
    emit_pass(e);
    e->used->has_constant = e->result->has_constant = false;
    e->result->slot = to;
    asm_store(&e->a, REG_FRAME, to, RAX);
    return true;
}

void emit_load_first(Emit *e, int32_t slot)
{
    if (!emit_use_kept(e, slot, KEPT_VALUE)) asm_load(&e->a, RAX, REG_FRAME, slot);
}

void emit_keep(Emit *e, KeptKind kind)
{
    emit_keep_at(e, &e->a, kind);
}

void emit_give(Emit *e, const EmitSlow *slow)
{
    if (slow->store) {
        asm_jmp_back(&e->a, slow->store);
    } else {
        asm_store(&e->a, REG_FRAME, emit_r(e, 1), RAX);
        asm_jmp_back(&e->a, slow->back);
    }
}

/* ---- entries ---------------------------------------------------------------------------------------------------- */

/* To the slow half, which may be written already. */
static void emit_entry_jcc(Asm *a, AsmCondition cc, EmitSlow *slow)
{
    if (slow->start) asm_jcc_back(a, cc, slow->start);
    else emit_jcc_to(a, cc, slow);
}

static void emit_entry_constant(Emit *e, EmitSlow *slow, const Kept *kept)
{
    Asm *a = &e->a;
    if ((int64_t)kept->constant == (int32_t)kept->constant) {
        asm_alu_store_imm(a, ALU_CMP, REG_FRAME, kept->constant_slot, (int32_t)kept->constant);
    } else {
        asm_mov_imm(a, RCX, kept->constant);
        asm_alu_load(a, ALU_CMP, RCX, REG_FRAME, kept->constant_slot);
    }
    emit_entry_jcc(a, CC_NE, slow);
}

/* Do what the instruction does, and enter the next one likewise. */
static void emit_entry_passing(Emit *e, const EmitEntry *entry)
{
    const uint16_t *pc = e->code->code + entry->target;
    if (*pc == OP_MOVE) {
        asm_load(&e->a, RAX, REG_FRAME, entry->kept.slot);
        asm_store(&e->a, REG_FRAME, emit_slot((int16_t)pc[1]), RAX);
    } else {
        emit_store_value(&e->a, entry->kept.constant_slot, entry->kept.constant);
    }
    emit_jump(e, entry->target + opcode_info(*pc)->length);
}

bool emit_is_put_off(const Emit *e, const EmitEntry *entry)
{
    const EmitSlow *before = &e->slows[entry->before_first];
    if (!entry->before_count) return true;
    if (entry->passes || entry->kept.kind != KEPT_VALUE || entry->kept.has_constant) return false;
    for (uint32_t i = 0; i < entry->before_count; i++)
        if (!before[i].gives_value) return false;
    return true;
}

void emit_entry(Emit *e, const EmitEntry *entry)
{
    Asm *a = &e->a;
    EmitSlow *slow = &e->slows[entry->slow];
    asm_reserve(a);
    e->places[entry->target] = asm_here(a);
    for (uint32_t i = 0; i < entry->before_count; i++) {
        EmitSlow *before = &e->slows[entry->before_first + i];
        before->back = asm_here(a);
        before->store = 0;
    }
    if (entry->passes) {
        emit_entry_passing(e, entry);
        return;
    }
    if (entry->kept.has_constant) emit_entry_constant(e, slow, &entry->kept);
    if (entry->kept.kind) asm_load(a, RAX, REG_FRAME, entry->kept.slot);
    if (entry->kept.kind >= KEPT_INT) {
        asm_alu(a, ALU_CMP, RAX, REG_INT_TAG);
        emit_entry_jcc(a, entry->kept.kind == KEPT_INT ? CC_B : CC_AE, slow);
    }
    if (entry->kept.kind == KEPT_DOUBLE) {
        asm_mov(a, RCX, RAX);
        asm_alu(a, ALU_ADD, RCX, REG_INT_TAG);
        emit_entry_jcc(a, CC_AE, slow);
        asm_movq_to_xmm(a, XMM0, RCX);
    }
    asm_jmp_back(a, entry->body);
}
