/* SPDX-License-Identifier: MIT */
/* emit_int.h - what templates share (docs/jit.md).
 *
 * Registers in the code of a function:
 *     rbp   the frame        r12   Goroutine        r13   this activation's C stack
 *     r14   VALUE_INT_TAG    r15   VALUE_NOT_CELL_MASK        rbx   a template's own; C functions leave it alone
 *
 * I1  Between two instructions of bytecode everything is in the frame, so code may be entered at any that has an entry.
 * I2  rsp is r13 except from before a call of machine code to its prologue, and from an epilogue to behind that call:
 *     then it is in the goroutine's stack, where the return address belongs into the frame.
 * I3  Return addresses have bit 1 set, so that nobody takes one for a cell (vm/sched/frame.h).
 * I4  A value that an instruction keeps in a register for the next one (Kept) is in the frame as well; I1 holds, since
 *     the entry of the next one takes it from there.
 * I5  A template that calls what may look at the frames has saved the pc. After whatever may run user code rbp is taken
 *     anew from the Goroutine. */
#ifndef US_JIT_X64_EMIT_INT_H
#define US_JIT_X64_EMIT_INT_H

#include "vm/exec/cache.h"
#include "vm/jit/jit_state.h"
#include "vm/jit/x64/asm_double_inl.h"
#include "vm/sched/frame.h"

enum {
    EMIT_ARITY_TEST_BYTES = 12,          // what a prologue begins with if there are parameters
    EMIT_SMALL_VALUES = 0x1f,            // undefined and its like are below: they equal themselves alone
};

struct Emit;

/* The uncommon half of an instruction, behind the function's code: its step, then back. */
typedef struct EmitSlow {
    uint32_t        jumps;               // that lead here (asm_jcc_chain)
    uint32_t        back;                // code offset behind the instruction's template
    uint32_t        store;               // of the end of that, which stores the result from rax; 0: not to be used
    uint32_t        start;               // where it is; 0: not written yet
    const uint16_t *pc;
    void          (*emit)(struct Emit *e, const struct EmitSlow *slow);      // NULL: the step
    uint32_t        data;                // the template's own
    uint32_t        other_shape;         // jumps of emit_check_shape that try the site's other words first
    uint32_t        known_shape;         // where those that find one go on
    Stub            find;                // by which they do
    const InlineCache *cache;            // the site
    bool            gives_value;         // who comes to `back` from it has the instruction's result in rax
} EmitSlow;

typedef struct EmitJump {                // to an instruction whose place is not known yet
    uint32_t jump, target;
} EmitJump;

/* What the instruction before left in registers, besides storing it to its destination. */
typedef enum KeptKind {
    KEPT_NOTHING,
    KEPT_VALUE,                          // rax: the value
    KEPT_INT,                            // and it is an int32
    KEPT_DOUBLE,                         // and it is a double, as a machine number in xmm0
} KeptKind;

/* Besides, or instead, it may have stored a constant. */
typedef struct Kept {
    KeptKind kind;
    int32_t  slot;                       // byte distance from rbp
    bool     has_constant;
    int32_t  constant_slot;
    Value    constant;
} Kept;

/* An instruction that uses what was kept. Whoever comes to it in another way comes through this entry, behind the code,
 * which takes the same from the frame. It is made when something jumps to it (emit_bind_jumps), unless a slow half of
 * the instruction before does: most have none, and cannot be entered from outside. */
typedef struct EmitEntry {
    uint32_t target;                     // the instruction, in units
    Kept     kept;
    uint32_t body;                       // code offset
    uint32_t slow;                       // number of the EmitSlow where the value is not as kept
    uint32_t before_first, before_count; // slow halves of the instruction before
    bool     passes;                     // the instruction only stores a constant or a copy, and keeps what was kept
} EmitEntry;

/* An OP_JUMP_TABLE. */
typedef struct EmitTable {
    const UnitConstant *cases;
    uint32_t            unit;            // the instruction
    uint32_t            lea;             // position of the distance to its table, for asm_bind
    uint32_t            none;            // code offset where no case is
} EmitTable;

#define EMIT_PUT_OFF UINT32_C(0x80000000)    // an instruction's entry is yet to be made

static inline bool emit_is_place(uint32_t place)
{
    return place && !(place & EMIT_PUT_OFF);
}

/* A compilation. Its memory serves many, one after the other. */
typedef struct Emit {
    Asm             a;
    const Jit      *jit;
    const Code     *code;
    const uint16_t *pc;                  // the instruction
    const OpcodeInfo *info;              // its row
    const OpcodeInfo *infos;             // row of every opcode
    bool            is_parallel;         // there were several goroutines when it began
    // C heap: of each instruction written so far, by its unit, in bytes; 0: none; EMIT_PUT_OFF + its EmitEntry's number
    uint32_t       *places;
    bool            has_all_places;      // all are written
    uint32_t        place_capacity;
    VEC(uint32_t)   outside;             // units of bytecode where control may come from outside, ascending
    VEC(EmitTable)  tables;
    VEC(uint32_t)   due;                 // entries that are made in any case
    EmitSlow       *slows;               // C heap
    uint32_t        slow_count, slow_capacity;
    uint32_t        slow_first;          // of the instruction
    EmitSlow       *slow;                // its last one, to which jumps lead now; NULL: none yet
    uint32_t        store;               // where emit_keep has stored its result; 0: it has not
    uint32_t        returns;             // where emit_return has returned before; 0: nowhere yet
    Kept            keeps[2];
    Kept           *kept;                // one of them: at the start of the instruction
    Kept           *used;                // what it uses of that: part of the EmitEntry that it gets then
    Kept           *result;              // the other: what its template keeps
    int32_t         known_slot;          // where there is
    PropertyKey     known_name;          // what has this name (emit_builtin_note)
    EmitEntry      *more_entries;        // C heap
    uint32_t        more_count, more_capacity;
    EmitJump       *jumps;               // C heap
    uint32_t        jump_count, jump_capacity;
} Emit;

/* The handler of the word that a site has learned last. */
typedef struct EmitMet {
    int      kind;                       // HandlerKind; -1: none, or one that no template is for
    uint32_t depth;                      // 0 or 1
} EmitMet;

/* Byte distance of frame slot `slot` from rbp. */
static inline int32_t emit_slot(int slot)
{
    return slot * (int32_t)sizeof(Value);
}

/* The frame slot that operand unit `i` names, as a byte distance. */
static inline int32_t emit_r(const Emit *e, int i)
{
    return emit_slot((int16_t)e->pc[i]);
}

static inline int32_t emit_imm(const Emit *e, int i)
{
    return (int16_t)e->pc[i];
}

static inline const void *emit_stub(const Emit *e, Stub stub)
{
    return e->jit->stubs[stub];
}

static inline InlineCache *emit_cache(const Emit *e, int i)
{
    return (InlineCache *)e->code->feedback + opcode_read_u32(e->pc + i);
}

/** Room for more slow halves. */
COLD void emit_grow_slows(Emit *e);

/* Another slow half of this instruction; the next emit_slow_jcc lead there. */
static inline EmitSlow *emit_slow_custom(Emit *e, void (*emit)(Emit *e, const EmitSlow *slow), uint32_t data)
{
    if (UNLIKELY(e->slow_count == e->slow_capacity)) emit_grow_slows(e);
    e->slow = &e->slows[e->slow_count++];
    *e->slow = (EmitSlow){ .pc = e->pc, .emit = emit, .data = data };
    return e->slow;
}

/* The slow half that jumps of the instruction lead to, made at the first call: its step, unless emit_slow_custom said
 * otherwise. */
static inline EmitSlow *emit_slow_last(Emit *e)
{
    return LIKELY(e->slow != NULL) ? e->slow : emit_slow_custom(e, NULL, 0);
}

/* The same for one that comes back, if at all, with the result in rax, or by `data`. */
static inline EmitSlow *emit_slow_giving(Emit *e, void (*emit)(Emit *e, const EmitSlow *slow))
{
    EmitSlow *slow = emit_slow_custom(e, emit, 0);
    slow->gives_value = true;
    return slow;
}

/* Jump to this one; `a` may be a copy of e->a (asm_resume). */
static ALWAYS_INLINE void emit_jcc_to(Asm *a, AsmCondition cc, EmitSlow *slow)
{
    slow->jumps = asm_jcc_chain(a, cc, slow->jumps);
}

/* Jump to the last slow half of this instruction. */
static inline void emit_slow_jcc(Emit *e, AsmCondition cc)
{
    emit_jcc_to(&e->a, cc, emit_slow_last(e));
}

/* Jump to the first slow half of this instruction, which exists. */
static inline void emit_slow_jcc_first(Emit *e, AsmCondition cc)
{
    EmitSlow *slow = &e->slows[e->slow_first];
    slow->jumps = asm_jcc_chain(&e->a, cc, slow->jumps);
}

/** Jump to instruction number `target`, in units. */
void emit_jump(Emit *e, uint32_t target);
void emit_jump_if(Emit *e, AsmCondition cc, uint32_t target);
/** The bytecode is entered from outside at `pc`, too: this instruction, or the next. */
void emit_note_outside(Emit *e, const uint16_t *pc);
/** Instruction number `target` is entered from outside. */
void emit_need_entry(Emit *e, uint32_t target);
/** The target of the jump operand in unit `i`. */
uint32_t emit_target(const Emit *e, int i);

/** The whole instruction as its step. */
void emit_step(Emit *e);
/** Only the call: the outcome is in eax, rdx, and rbp is taken anew. */
void emit_step_call(Emit *e);
/** Call a stub from STUB_DEFINE_OR_STEP on. */
void emit_or_step(Emit *e, Stub stub);
/** STUB_LOAD_OR_STEP or STUB_STORE_OR_STEP. */
void emit_or_accessor(Emit *e, Stub stub);
/** The slow half of a template, to its end: call `stub`, which tells by the carry flag that the step is to be done in
 *  its place; else what it left in rax is the result, if there is one. */
void emit_slow_stub(Emit *e, const EmitSlow *slow, Stub stub, bool has_result);
/** The step that finds what is to be called: into rax. */
void emit_step_callee(Emit *e);

/** The instruction uses what was kept, as `kind`. */
void emit_note_used(Emit *e, KeptKind kind);
/** True when `slot` is what was kept, as `kind` or more: to be asked before the template emits anything. If so, rax
 *  (and xmm0) are as the kind says. A template that uses KEPT_INT or KEPT_DOUBLE has a slow half, which relies on
 *  nothing in registers. */
static inline bool emit_use_kept(Emit *e, int32_t slot, KeptKind kind)
{
    const Kept *kept = e->kept;
    if (kept->kind < kind || kept->slot != slot || (kind == KEPT_INT && kept->kind == KEPT_DOUBLE)) return false;
    emit_note_used(e, kind);
    return true;
}
/** True when the constant that was kept is in `slot`: `*v`. A template that asks has a slow half, as above. */
bool emit_use_constant(Emit *e, int32_t slot, Value *v);
/** rax and xmm0 stay as they are while the instruction stores `v` to its destination: what was kept is kept, if the
 *  next instruction reads it. */
void emit_pass_kept(Emit *e, Value v);
/** The same for a copy of what was kept, which stands for it then. False: it is of something else. */
bool emit_pass_copy(Emit *e);
/** Store a value known now. Uses rcx. */
void emit_store_value(Asm *a, int32_t slot, Value v);
/** The frame slot into rax, as the template's first load. */
void emit_load_first(Emit *e, int32_t slot);
/** rax to the destination, operand unit 1, as the last thing of the template. */
void emit_keep(Emit *e, KeptKind kind);
/** The same as a part of a longer template, of which `a` is the copy of e->a (asm_resume). */
static ALWAYS_INLINE void emit_keep_at(Emit *e, Asm *a, KeptKind kind)
{
    int32_t slot = emit_r(e, 1);
    e->store = asm_here(a);
    asm_store(a, REG_FRAME, slot, RAX);
    e->result->kind = kind;
    e->result->slot = slot;
}
/** The end of a slow half with the result in rax. */
void emit_give(Emit *e, const EmitSlow *slow);

/** True when no slow half before the instruction comes without all that it wants. */
bool emit_is_put_off(const Emit *e, const EmitEntry *entry);
/** Make an entry, behind the code. */
void emit_entry(Emit *e, const EmitEntry *entry);

void emit_save_pc(Emit *e);

/** The built-in function that what has this name, called with `argc` arguments, may be; BUILTIN_COUNT: none. */
JitBuiltin emit_builtin_find(const Emit *e, PropertyKey name, uint32_t argc);
/** The destination, operand unit 1, gets what has this name: note it if some built-in function is called so. */
void emit_builtin_note(Emit *e, PropertyKey name);
/** If rax is that function, do in place what it does with `this` and the arguments at slot `window`. Returns the jump
 *  to behind the call, with the result in rax. */
uint32_t emit_builtin(Emit *e, JitBuiltin builtin, int window);

/** Elements of typed arrays of some kinds: of object rax and key rcx, which is an index in ecx if it is known to be an
 *  int32; the operands of SET_ELEM. */
bool emit_view_has(CellKind kind);
void emit_view_get(Emit *e, CellKind kind, bool key_int);
void emit_view_set(Emit *e, CellKind kind);
/** Has the site of `cache` met a typed array whose length is asked for? If so, that of object rax into rax. */
bool emit_view_has_length(const Emit *e, const InlineCache *cache);
void emit_view_length(Emit *e, const InlineCache *cache);

/** INIT_PROP. */
void emit_property_init(Emit *e);
/** GET_PRIVATE, SET_PRIVATE and DEFINE_PRIVATE. */
void emit_private(Emit *e);

/* ---- pieces of templates (emit_piece.c) -------------------------------------------------------------------------- */

/** Operand units `first_unit` and, unless it is an immediate, the next, as int32 in eax and ecx, as the template's
 *  first loads; anything else is slow. The slow half exists. */
void emit_load_ints(Emit *e, int first_unit, bool has_imm);
/** Operand units `first_unit` and the next, which may be an immediate, as doubles into xmm0 and xmm1, as the template's
 *  first loads; int32 are converted behind the code, anything else is slow. The slow half exists. */
void emit_load_doubles(Emit *e, int first_unit, bool has_imm);

/** The double `x`, NaN only as VALUE_NAN or what the processor makes, as a value. */
void emit_box(Asm *a, AsmReg to, AsmXmm x);

/** Room for a new cell, or several, of `size_bytes` into rax; if there is none it is slow. Uses rcx. */
void emit_room(Emit *e, uint32_t size_bytes);
/** The header of a new cell `at` bytes into the room. Uses rcx. */
void emit_header(Emit *e, int32_t at, uint64_t header);
/** Is rax a cell? The short jump that is returned is taken if not, and must lead to another that is taken then: */
uint32_t emit_test_cell(Emit *e);
/** Slow if the zero flag is clear, here or where `jump` was taken. */
void emit_slow_jcc_both(Emit *e, uint32_t jump);
/** Slow unless rax is a cell of kind `kind`. */
void emit_check_kind(Emit *e, uint8_t kind);
/** The int32 in rcx as an index; anything else is slow. */
void emit_check_index(Emit *e);

/** The unit at `index`, which is within, of the flat string `text` into `to`, which may be `index`. */
void emit_load_unit(Asm *a, AsmReg to, AsmReg text, AsmReg index);
/** The place of element ecx of the array rax into rdx; the hole, or none, is slow. */
void emit_find_element(Emit *e);
/** Slow unless rax is a cell of a shape that `cache` knows: by its first word or, where it may have met several, by one
 *  that STUB_FIND_LOAD or its like finds. The word is in rcx. For a store the cell must have no flags and not be
 *  locked, too, so that a store is no more than that. Uses rdx, rdi, r8 and r9. The slow half exists. */
void emit_check_shape(Emit *e, const InlineCache *cache, Stub find, bool is_store);
/** The same as a part of a longer template: `a` is its copy of e->a (asm_resume), `slow` its slow half. */
static ALWAYS_INLINE void emit_check_shape_at(const Emit *e, Asm *a, EmitSlow *slow, const InlineCache *cache,
                                              Stub find, bool is_store)
{
    bool has_others = e->is_parallel || atomic_get_relaxed(&cache->more);
    uint32_t no_cell = 0;
    asm_test(a, RAX, REG_NOT_CELL);
    if (has_others && !is_store) emit_jcc_to(a, CC_NE, slow);
    else no_cell = asm_jcc8(a, CC_NE);
    asm_load_from(a, RCX, &cache->word);
    asm_alu32_load(a, ALU_CMP, RCX, RAX, offsetof(Cell, shape));
    if (has_others) {                                              // the site may know another shape, too
        slow->other_shape = asm_jcc_chain(a, CC_NE, 0);
        slow->known_shape = asm_here(a);
        slow->find = find;
        slow->cache = cache;
        if (!is_store) return;
    } else if (is_store) {
        asm_bind8(a, no_cell);
        no_cell = asm_jcc8(a, CC_NE);
    }
    if (is_store) asm_cmp16_imm(a, RAX, offsetof(Cell, flags), 0);
    asm_bind8(a, no_cell);
    emit_jcc_to(a, CC_NE, slow);
}
STATIC_ASSERT(offsetof(Cell, lock) == offsetof(Cell, flags) + 1, "both are compared at once");

/** Then: slow unless the word in rcx names a valid handler of this kind and depth, which goes to rcx. Uses rdx. */
void emit_check_handler(Emit *e, HandlerKind kind, uint32_t depth);
/** What the site of `cache` has met last. */
EmitMet emit_met(const Emit *e, const InlineCache *cache);
/** The getter or setter that handler rcx, as was met, has for the object rax, into rax; slow unless it is a closure.
 *  `part`: which of an accessor pair. Uses rdx and rdi. */
void emit_load_accessor(Emit *e, EmitMet met, int32_t part);
/** Make the return address behind an instruction of `size_bytes` one that is no cell (I3). */
static inline void emit_call_align(Asm *a, uint32_t size_bytes)
{
    static const uint8_t missing[] = { 2, 1, 0, 0 };
    asm_nops(a, missing[(asm_here(a) + size_bytes) & 3]);
}
/** How many arguments this frame was given, into `to`. */
void emit_count_arguments(Asm *a, AsmReg to);
/** Byte distance from rbp of the word number `n` below the frame, from 1. */
static inline int32_t emit_below(const Emit *e, uint32_t n)
{
    return -emit_slot((int)(FRAME_HEADER_WORDS + e->code->function->register_count + n));
}
/** Call closure rax with `this` and `argc` arguments that were put below the frame, where instructions without a place
 *  for calls have them. The result is in rax. */
void emit_call_accessor(Emit *e, uint32_t argc);
/** Return rax from frame rbp, which machine code called. */
void emit_epilogue(Asm *a);
/** The same for any caller. */
void emit_return(Emit *e);

/* A family's templates. Each covers the opcodes it knows and leaves the others to emit_step. */
void emit_move(Emit *e);
void emit_arith(Emit *e);
void emit_compare(Emit *e);
void emit_control(Emit *e);
void emit_scope(Emit *e);
void emit_property(Emit *e);
void emit_literal(Emit *e);
void emit_call(Emit *e);
void emit_iterate(Emit *e);
void emit_class(Emit *e);
void emit_async(Emit *e);
void emit_goroutine(Emit *e);

#endif
