/* SPDX-License-Identifier: MIT */
/* One pass over a function's bytecode: prologue, a template an instruction, slow halves, jumps. */
#include "vm/jit/x64/emit_int.h"

#include <string.h>

#include "vm/base/mem.h"
#include "vm/exec/frames.h"
#include "vm/object/realm.h"

/* ---- slow halves ------------------------------------------------------------------------------------------------- */

void emit_grow_slows(Emit *e)
{
    e->slow_capacity = e->slow_capacity ? 2 * e->slow_capacity : 64;
    e->slows = mem_resize(e->slows, e->slow_capacity * sizeof *e->slows);
}

/* What the shape of rax is not, another word of the site may be; else it is slow. */
static void emit_other_shape(Emit *e, const EmitSlow *slow)
{
    asm_bind_chain(&e->a, slow->other_shape);
    asm_load_from(&e->a, RCX, &slow->cache->second);
    asm_alu32_load(&e->a, ALU_CMP, RCX, RAX, offsetof(Cell, shape));
    asm_jcc_back(&e->a, CC_E, slow->known_shape);
    asm_mov_imm(&e->a, RDX, (uintptr_t)slow->cache);
    asm_call(&e->a, emit_stub(e, slow->find));
    asm_jcc_back(&e->a, CC_AE, slow->known_shape);
}

static void emit_slow_halves(Emit *e)
{
    const EmitSlow *end = e->slows + e->slow_count;
    for (EmitSlow *slow = e->slows; slow < end; slow++) {
        e->pc = slow->pc;
        e->info = &e->infos[*e->pc];
        asm_reserve(&e->a);
        if (slow->other_shape) emit_other_shape(e, slow);
        asm_bind_chain(&e->a, slow->jumps);
        slow->start = asm_here(&e->a);
        if (slow->emit) {
            slow->emit(e, slow);
        } else {
            emit_step(e);
            if (!(e->info->effects & OPCODE_ENDS)) asm_jmp_back(&e->a, slow->back);
        }
    }
    ASSERT(end == e->slows + e->slow_count, "a slow half has none of its own");
}

/* ---- jumps ------------------------------------------------------------------------------------------------------- */

uint32_t emit_target(const Emit *e, int i)
{
    return (uint32_t)(e->pc - e->code->code) + (uint32_t)opcode_read_i32(e->pc + i);
}

static void emit_jump_later(Emit *e, uint32_t jump, uint32_t target)
{
    if (e->jump_count == e->jump_capacity) {
        e->jump_capacity = e->jump_capacity ? 2 * e->jump_capacity : 64;
        e->jumps = mem_resize(e->jumps, e->jump_capacity * sizeof *e->jumps);
    }
    e->jumps[e->jump_count++] = (EmitJump){ jump, target };
}

/* Is the instruction, or what it is entered by, written already? */
static inline bool emit_has_place(const Emit *e, uint32_t target)
{
    bool is_ahead = !e->has_all_places && target > (uint32_t)(e->pc - e->code->code);
    return !is_ahead && emit_is_place(e->places[target]);
}

void emit_jump(Emit *e, uint32_t target)
{
    if (emit_has_place(e, target)) asm_jmp_back(&e->a, e->places[target]);
    else emit_jump_later(e, asm_jmp(&e->a), target);
}

void emit_jump_if(Emit *e, AsmCondition cc, uint32_t target)
{
    if (emit_has_place(e, target)) asm_jcc_back(&e->a, cc, e->places[target]);
    else emit_jump_later(e, asm_jcc(&e->a, cc), target);
}

void emit_need_entry(Emit *e, uint32_t target)
{
    emit_jump_later(e, 0, target);
}

/* Entries that are made here may jump to others. */
static void emit_bind_jumps(Emit *e)
{
    for (uint32_t i = 0; i < e->jump_count; i++) {
        EmitJump jump = e->jumps[i];
        uint32_t place = e->places[jump.target];
        if (UNLIKELY(!emit_is_place(place))) {
            ASSERT(place & EMIT_PUT_OFF, "jumps lead to instructions");
            emit_entry(e, &e->more_entries[place - EMIT_PUT_OFF]);
        }
        if (jump.jump) asm_bind_to(&e->a, jump.jump, e->places[jump.target]);
    }
}

/* The tables of OP_JUMP_TABLE, behind all code: distances from the table to its targets. */
static void emit_tables(Emit *e)
{
    for (uint32_t i = 0; i < e->tables.count; i++) {
        const EmitTable *table = &e->tables.items[i];
        asm_reserve(&e->a);
        while (asm_here(&e->a) % sizeof(uint32_t)) asm_trap(&e->a);
        uint32_t start = asm_here(&e->a);
        asm_bind(&e->a, table->lea);
        for (uint32_t c = 0; c < table->cases->count; c++) {
            uint32_t jump = table->cases->list[c];
            asm_reserve(&e->a);
            asm_data32(&e->a, (jump ? e->places[table->unit + jump] : table->none) - start);
        }
    }
}

/* ---- pieces of templates ----------------------------------------------------------------------------------------- */

void emit_save_pc(Emit *e)
{
    asm_store32_imm(&e->a, REG_FRAME, emit_slot(FRAME_STATE), (uint32_t)(uintptr_t)e->pc);
}

static uint32_t emit_offset(const Emit *e)
{
    return (uint32_t)((const char *)e->pc - (const char *)e->code->code);
}

/* Call a stub that does the instruction's step. */
static void emit_step_by(Emit *e, Stub stub)
{
    asm_mov_imm(&e->a, RSI, emit_offset(e));
    asm_call(&e->a, emit_stub(e, stub));
}

void emit_or_step(Emit *e, Stub stub)
{
    asm_mov_imm(&e->a, RDI, emit_offset(e));
    asm_call(&e->a, emit_stub(e, stub));
}

void emit_or_accessor(Emit *e, Stub stub)
{
    asm_mov_imm(&e->a, RDI, emit_offset(e));
    emit_call_align(&e->a, 5);
    asm_call(&e->a, emit_stub(e, stub));
    asm_mov(&e->a, RSP, REG_C_STACK);
}

void emit_step_call(Emit *e)
{
    emit_step_by(e, STUB_STEP);
    bool may_move = e->info->effects & (OPCODE_RUNS_JS | OPCODE_SUSPENDS | OPCODE_PARKS);
    if (may_move) asm_load(&e->a, REG_FRAME, REG_G, offsetof(Goroutine, fp));
}

void emit_step_callee(Emit *e)
{
    emit_step_by(e, STUB_STEP_CALL);
}

/* The unit of the instruction's jump operand, which is the last; 0: it has none. */
static int emit_jump_operand(const OpcodeInfo *info)
{
    int last = info->operand_count - 1;
    return last >= 0 && info->operands[last] == 'j' ? info->offsets[last] : 0;
}

void emit_step(Emit *e)
{
    int jump = emit_jump_operand(e->info);
    if (e->info->effects & OPCODE_ENDS) {
        emit_step_by(e, STUB_STEP);
        asm_jmp_to(&e->a, emit_stub(e, STUB_STEP_OUT));
    } else if (jump) {
        emit_step_by(e, STUB_STEP_JUMP);
        emit_jump_if(e, CC_E, emit_target(e, jump));
    } else {
        emit_step_by(e, STUB_STEP_NEXT);
    }
}

void emit_slow_stub(Emit *e, const EmitSlow *slow, Stub stub, bool has_result)
{
    Asm *a = &e->a;
    asm_call(a, emit_stub(e, stub));
    uint32_t fails = asm_jcc8(a, CC_B);
    if (has_result) emit_give(e, slow);
    else asm_jmp_back(a, slow->back);
    asm_bind8(a, fails);
    emit_step(e);
    asm_jmp_back(a, slow->back);
}

/* ---- functions --------------------------------------------------------------------------------------------------- */

enum {
    EMIT_MOST_FILLED = 24,
    EMIT_SPARE_BYTES = 1 << 20,          // memory for longer code is not kept
};

/* Fill `count` registers with undefined. */
static void emit_fill(Emit *e, uint32_t count)
{
    Asm *a = &e->a;
    int32_t low = emit_slot(FRAME_REGISTERS) - emit_slot((int)count - 1);
    if (!count) return;
    asm_mov_imm(a, RSI, VALUE_UNDEFINED);
    if (count == 1) {
        asm_store(a, REG_FRAME, low, RSI);
        return;
    }
    asm_movq_to_xmm(a, XMM0, RSI);
    asm_duplicate(a, XMM0);
    if (count <= EMIT_MOST_FILLED) {
        for (uint32_t i = 0; i + 1 < count; i += 2) asm_store_xmm16(a, REG_FRAME, low + emit_slot((int)i), XMM0);
        if (count & 1) asm_store(a, REG_FRAME, low + emit_slot((int)count - 1), RSI);
        return;
    }
    if (count & 1) asm_store(a, REG_FRAME, low + emit_slot((int)count - 1), RSI);
    asm_lea(a, RDI, REG_FRAME, low);
    asm_mov_imm(a, RSI, count / 2);
    uint32_t loop = asm_here(a);
    asm_store_xmm16(a, RDI, 0, XMM0);
    asm_alu_imm(a, ALU_ADD, RDI, 16);
    asm_alu32_imm(a, ALU_SUB, RSI, 1);
    asm_jcc_back(a, CC_NE, loop);
}

/* Entered by calls of machine code, with rsp in the goroutine's stack: rax the callee, rcx its code, edx the argument
 * count as the upper half of FRAME_STATE, r8 new.target. Everything but the plain case is STUB_CALL_SLOW's. */
static void emit_prologue(Emit *e)
{
    Asm *a = &e->a;
    const UnitFunction *f = e->code->function;
    int32_t frame_bytes = (int32_t)((FRAME_HEADER_WORDS + f->register_count) * sizeof(Value));
    if (f->parameter_count) {
        asm_alu32_imm(a, ALU_CMP, RDX, (int32_t)(FRAME_STATE_UPPER | f->parameter_count));
        asm_jcc_to(a, CC_B, emit_stub(e, STUB_ARITY));
        CHECK(asm_here(a) == EMIT_ARITY_TEST_BYTES, "STUB_ARITY goes on here");
    }
    asm_lea(a, RDI, RSP, -(int32_t)sizeof(Value) - frame_bytes);
    asm_alu_load(a, ALU_CMP, RDI, REG_G, offsetof(Goroutine, stack_limit));
    asm_jcc_to(a, CC_B, emit_stub(e, STUB_CALL_SLOW));
    asm_alu_imm(a, ALU_ADD, REG_FRAME, FRAME_LINK_TAG);
    asm_push(a, REG_FRAME);
    asm_mov(a, REG_FRAME, RSP);
    asm_mov(a, RSP, REG_C_STACK);
    asm_store(a, REG_FRAME, emit_slot(FRAME_CALLEE), RAX);
    asm_store32(a, REG_FRAME, emit_slot(FRAME_STATE) + 4, RDX);
    asm_store(a, REG_FRAME, emit_slot(FRAME_CODE), RCX);
    asm_store(a, REG_FRAME, emit_slot(FRAME_NEW_TARGET), R8);
    asm_store(a, REG_G, offsetof(Goroutine, fp), REG_FRAME);
    emit_fill(e, f->register_count);
}

static void (*const emit_families[OP_COUNT])(Emit *e) = {
#define OP(NAME, family, operands, effects, semantics) [OP_##NAME] = emit_##family,
#include "vm/bytecode/opcodes.def"
};

static COLD void emit_grow_entries(Emit *e)
{
    e->more_capacity = e->more_capacity ? 2 * e->more_capacity : 64;
    e->more_entries = mem_resize(e->more_entries, e->more_capacity * sizeof *e->more_entries);
}

/* Room for the next EmitEntry, which uses nothing yet. */
static inline void emit_begin_entry(Emit *e)
{
    if (UNLIKELY(e->more_count == e->more_capacity)) emit_grow_entries(e);
    EmitEntry *entry = &e->more_entries[e->more_count];
    e->used = &entry->kept;
    entry->kept.kind = KEPT_NOTHING;
    entry->kept.has_constant = entry->passes = false;
}

/* The instruction at `body` has used what was kept. */
static inline void emit_note_entry(Emit *e, uint32_t body, uint32_t before_first)
{
    uint32_t number = e->more_count++, target = (uint32_t)(e->pc - e->code->code);
    EmitEntry *entry = &e->more_entries[number];         // of which `used` is a part
    e->places[target] = EMIT_PUT_OFF + number;
    entry->target = target;
    entry->body = body;
    entry->slow = e->slow_first;
    entry->before_first = before_first;
    entry->before_count = e->slow_first - before_first;
    if (!emit_is_put_off(e, entry)) VEC_PUSH(&e->due, number);
    emit_begin_entry(e);
}

/* A constant in a frame slot stays known over a load that does not write there; who uses it later tests it where
 * control may come from elsewhere. */
static void emit_keep_constant(Emit *e)
{
    if (LIKELY(!e->kept->has_constant) || e->result->has_constant || e->kept->constant_slot == emit_r(e, 1)) return;
    bool stays = *e->pc == OP_GET_PROP || *e->pc == OP_GET_ELEM || *e->pc == OP_GET_LENGTH || *e->pc == OP_CAPTURE_GET;
    if (!stays) return;
    e->result->has_constant = true;
    e->result->constant_slot = e->kept->constant_slot;
    e->result->constant = e->kept->constant;
}

/* What the instruction keeps, the next one finds. */
static inline void emit_hand_on(Emit *e)
{
    Kept *old = e->kept;
    emit_keep_constant(e);
    e->kept = e->result;
    e->result = old;
}

void emit_note_outside(Emit *e, const uint16_t *pc)
{
    uint32_t unit = (uint32_t)(pc - e->code->code);
    if (!e->outside.count || e->outside.items[e->outside.count - 1] != unit) VEC_PUSH(&e->outside, unit);
}

/* The template of the instruction at `pc`. */
static inline void emit_instruction(Emit *e, const uint16_t *pc, const OpcodeInfo *info)
{
    uint32_t before_first = e->slow_first, body = asm_here(&e->a), *place = &e->places[pc - e->code->code];
    e->pc = pc;
    e->info = info;
    *place = body;
    e->slow_first = e->slow_count;
    e->slow = NULL;
    e->store = 0;
    e->result->kind = KEPT_NOTHING;
    e->result->has_constant = false;
    emit_families[*pc](e);
    uint32_t back = asm_here(&e->a);
    for (EmitSlow *slow = e->slows + e->slow_first, *last = e->slows + e->slow_count; slow < last; slow++) {
        slow->back = back;
        slow->store = e->store;
    }
    if (!*place) emit_note_entry(e, body, before_first);
    emit_hand_on(e);
}

/* Returns where the templates end. */
static uint32_t emit_body(Emit *e)
{
    const uint16_t *pc = e->code->code, *end = pc + e->code->function->code_count;
    emit_begin_entry(e);
    while (pc < end) {
        const OpcodeInfo *info = &e->infos[*pc];
        asm_reserve(&e->a);
        emit_instruction(e, pc, info);
        pc += info->length;
        if (UNLIKELY(info->effects & (OPCODE_SUSPENDS | OPCODE_PARKS)) && pc < end) emit_note_outside(e, pc);
    }
    asm_trap(&e->a);
    e->has_all_places = true;
    uint32_t end_of_body = asm_here(&e->a);
    for (uint32_t i = 0; i < e->due.count; i++) emit_entry(e, &e->more_entries[e->due.items[i]]);
    return end_of_body;
}

static bool emit_place(const Emit *e, Jit *jit, Machine *m)
{
    m->size_bytes = asm_here(&e->a);
    uint8_t *memory = code_space_alloc(&jit->space, m->size_bytes);
    if (!memory) return false;
    m->start = code_space_run_address(&jit->space, memory);
    if (asm_place(&e->a, memory, m->start)) return true;
    code_space_free(&jit->space, m->start, m->size_bytes);
    return false;
}
STATIC_ASSERT((int)CODE_SPACE_BYTES <= (int)ASM_PLACES_BYTES, "code may be put anywhere in the space");

/* ---- compilations ------------------------------------------------------------------------------------------------ */

void emit_destroy(Emit *e)
{
    if (!e) return;
    asm_deinit(&e->a);
    mem_free(e->slows);
    mem_free(e->more_entries);
    mem_free(e->jumps);
    mem_free(e->places);
    VEC_FREE(&e->outside);
    VEC_FREE(&e->tables);
    VEC_FREE(&e->due);
    mem_free(e);
}

/* Room for the place of every instruction of `code`. */
static bool emit_has_places(Emit *e, const Code *code)
{
    uint32_t units = code->function->code_count;
    if (units <= e->place_capacity) return true;
    mem_free(e->places);
    e->place_capacity = 0;
    e->places = mem_try_alloc(units * sizeof *e->places);
    if (e->places) e->place_capacity = units;
    return e->places != NULL;
}

/* With the memory of one that has ended, if no other goroutine has it. NULL: there is not enough. */
static Emit *emit_begin(Jit *jit, const Code *code)
{
    Emit *e = atomic_swap_acq_rel(&jit->spare, NULL);              // pairs with emit_end
    if (!e) {
        e = mem_alloc_zeroed(sizeof *e);
        asm_init(&e->a);
    }
    if (!emit_has_places(e, code)) {
        emit_destroy(e);
        return NULL;
    }
    asm_begin(&e->a, code_space_next(&jit->space));
    *e = (Emit){
        .jit = jit, .code = code, .infos = opcode_info(0), .is_parallel = code->realm->vm->is_parallel,
        .a = e->a, .places = e->places, .place_capacity = e->place_capacity,
        .slows = e->slows, .slow_capacity = e->slow_capacity, .jumps = e->jumps, .jump_capacity = e->jump_capacity,
        .more_entries = e->more_entries, .more_capacity = e->more_capacity, .outside = e->outside, .tables = e->tables,
        .due = e->due,
        .kept = &e->keeps[0], .result = &e->keeps[1],
    };
    e->outside.count = e->tables.count = e->due.count = 0;
    return e;
}

static void emit_end(Jit *jit, Emit *e)
{
    bool is_large = e->a.end - e->a.bytes > EMIT_SPARE_BYTES || e->place_capacity > EMIT_SPARE_BYTES / 4;
    emit_destroy(is_large ? e : atomic_swap_acq_rel(&jit->spare, e));      // pairs with emit_begin
}

/* What is known once all is written; NULL: no room. */
static Machine *emit_finish(const Emit *e, Jit *jit, uint32_t body_bytes)
{
    Machine *m = mem_try_alloc(sizeof *m + e->outside.count * sizeof m->places[0]);
    if (!m) return NULL;
    *m = (Machine){ .body_bytes = body_bytes, .prologue_bytes = e->places[0] };
    for (uint32_t i = 0; i < e->outside.count; i++) {
        uint32_t unit = e->outside.items[i], offset = e->places[unit];
        if (emit_is_place(offset)) m->places[m->place_count++] = (MachinePlace){ unit, offset };
    }
    if (emit_place(e, jit, m)) return m;
    mem_free(m);
    return NULL;
}

Machine *emit_function(Jit *jit, const Code *code, uint32_t *map)
{
    Emit *e = emit_begin(jit, code);
    if (!e) return NULL;
    if (map) memset(e->places, 0, code->function->code_count * sizeof *e->places);
    emit_prologue(e);
    uint32_t body_bytes = emit_body(e);
    emit_slow_halves(e);
    emit_bind_jumps(e);
    emit_tables(e);
    Machine *m = emit_finish(e, jit, body_bytes);
    for (uint32_t i = 0; map && i < code->function->code_count; i++)
        map[i] = emit_is_place(e->places[i]) ? e->places[i] : 0;
    emit_end(jit, e);
    return m;
}

/* ---- families that are steps alone ------------------------------------------------------------------------------- */

void emit_async(Emit *e)
{
    emit_step(e);
}

void emit_goroutine(Emit *e)
{
    emit_step(e);
}
