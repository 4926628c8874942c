/* SPDX-License-Identifier: MIT */
/* codegen_int.h - what codegen.c and the gen_*.c share: the state of one function being compiled.
 *
 * I1  Registers are a stack: what a construct allocates it gives back. A binding's register is allocated when its
 *     scope is entered and given back when it is left.
 * I2  An expression generated into SLOT_ANY may yield a binding's own slot; whoever keeps it while other code runs
 *     first asks gen_operand, which copies it when that code assigns.
 * I3  A handler range covers exactly the code whose exceptions are the construct's; code that leaves a construct
 *     early is outside of it. */
#ifndef US_COMPILER_CODEGEN_INT_H
#define US_COMPILER_CODEGEN_INT_H

#include "compiler/codegen.h"
#include "vm/bytecode/error_kinds.h"
#include "vm/bytecode/frame_slots.h"
#include "vm/bytecode/linetab.h"
#include "vm/bytecode/small.h"

typedef int32_t Slot;                    // as in frame_slots.h
enum { SLOT_ANY = INT32_MIN };           // wherever it is; SLOT_ANY as a binding's slot: none

typedef struct Label {
    int32_t       position;              // -1: not yet
    VEC(uint32_t) jumps;                 // instructions to patch, with the unit of their offset in the low 4 bits
} Label;

typedef enum ExitKind {
    EXIT_LOOP, EXIT_SWITCH, EXIT_LABEL,  // targets of break and continue
    EXIT_FINALLY,                        // leaving runs the finally block
    EXIT_ITERATOR,                       // leaving closes the iterator
    EXIT_ASYNC_ITERATOR,
} ExitKind;

typedef struct PendingExit {             // a jump that goes through a finally block
    uint8_t     kind;                    // 0 break, 1 continue, 2 return
    struct Exit *target;
} PendingExit;

typedef struct Range {
    uint32_t start, end;
} Range;

/* A construct around the code being generated, innermost first. */
typedef struct Exit {
    ExitKind     kind;
    struct Exit *outer;
    VEC(Name *)  labels;                 // labels of the statement
    Label        break_label, continue_label;
    Slot         iterator;               // EXIT_ITERATOR, EXIT_ASYNC_ITERATOR
    Slot         done;                   // EXIT_ITERATOR of a pattern: true when there is nothing to close; or SLOT_ANY
    Label        finally_label;          // EXIT_FINALLY
    Slot         finally_kind, finally_value;
    VEC(PendingExit) pending;
    VEC(Range)   ranges;                 // code whose exceptions are this construct's
    uint32_t     range_start;            // of the open range; UINT32_MAX: none
} Exit;

/* A reference resolved now and used later: what `with` and eval may have put in between. */
typedef struct NameReference {
    Identifier *id;
    Slot        object;                  // object environment it was found in, or undefined; SLOT_ANY: static
} NameReference;

typedef enum ReferenceKind { REFERENCE_NAME, REFERENCE_MEMBER, REFERENCE_INDEX, REFERENCE_PRIVATE, REFERENCE_SUPER } ReferenceKind;

/* An assignment target whose parts have been evaluated. */
typedef struct Reference {
    ReferenceKind kind;
    NameReference name;
    Slot          object;                // also: the prototype that super looks in
    Slot          key;
    bool          key_is_plain;          // a literal: no conversion
    Slot          self;                  // super's receiver
    const Name   *property;
    uint32_t      position;
} Reference;

typedef struct ConstantKey {
    uint64_t key;
    uint32_t index;
} ConstantKey;

typedef struct Codegen {
    ScopeAnalysis        *a;
    Arena                *arena;         // the compilation's
    Source               *source;
    Diag                 *diag;
    const CodegenOptions *options;
    Unit                 *unit;
    VEC(UnitFunction)     functions;
    VEC(UnitString)       strings;
    const Name          **string_names;  // hash table Name -> string index
    uint32_t             *string_indices;
    uint32_t              string_capacity;
    bool                  failed;
} Codegen;

typedef struct Gen {
    Codegen       *c;
    struct Gen    *parent;
    FunctionInfo  *info;
    VEC(uint16_t)  code;
    VEC(UnitConstant) constants;
    ConstantKey   *constant_table;       // hash table of numbers, strings and functions
    uint32_t       constant_table_capacity;
    VEC(uint32_t)  cache_names;
    VEC(UnitHandler) handlers;
    LineTabWriter  lines;
    uint32_t       feedback_count;
    uint32_t       loop_count;
    int32_t        next_register;        // number, not slot
    int32_t        register_count;
    Exit          *exits;
    Slot           completion;           // SLOT_ANY: not wanted
    Slot           owner;                // promise or generator object: register 0
    uint32_t       last_position;        // byte of the source
    uint32_t       flags;                // UNIT_IS_*
    VEC(Name *)    pending_labels;       // labels in front of the statement about to be generated
    struct OptionalChainState *chain;
    uint32_t      switch_table_at;       // the JUMP_TABLE just emitted, and its table
    uint32_t     *switch_table;
    Slot          disposables;           // stack of the innermost scope with `using`
    bool          disposes_async;        // it has an `await using`
    const Node   *given;                 // this expression has been evaluated, into given_slot; NULL: none
    Slot          given_slot;
    bool          is_atomic;             // updates here are atomic
} Gen;

/* ---- codegen.c: emitting -------------------------------------------------------------------------------------- */

/* Emit an instruction; one int32 argument an operand, 'j' operands are given as Label * through gen_jump. */
void gen_emit(Gen *g, Opcode op, ...);
/* Emit a jump whose other operands, if any, are `a` and `b`. */
void gen_jump(Gen *g, Opcode op, Label *label, int32_t a, int32_t b);
void gen_bind(Gen *g, Label *label);
static inline bool gen_label_is_used(const Label *label) { return label->jumps.count > 0; }
void gen_position(Gen *g, uint32_t position);            // of what is emitted next
static inline uint32_t gen_here(const Gen *g) { return g->code.count; }

Slot gen_new_register(Gen *g);
Slot gen_new_registers(Gen *g, uint32_t count);          // adjacent; the highest slot, that is the first register
/* A register and `count` behind it, as for `this` and arguments: the slot of the first. */
static inline Slot gen_new_window(Gen *g, uint32_t count) { return gen_new_registers(g, count + 1) - (Slot)count; }
static inline int32_t gen_mark(const Gen *g) { return g->next_register; }
static inline void gen_release(Gen *g, int32_t mark) { g->next_register = mark; }
/* `dst`, or a new register when it is SLOT_ANY. */
static inline Slot gen_dst(Gen *g, Slot dst) { return dst == SLOT_ANY ? gen_new_register(g) : dst; }

uint32_t gen_string(Codegen *c, const Name *name);
uint32_t gen_text_string(Codegen *c, const char *ascii);
uint32_t gen_constant_string(Gen *g, const Name *name);
uint32_t gen_constant_number(Gen *g, double number);
uint32_t gen_constant_function(Gen *g, uint32_t index);
uint32_t gen_add_constant(Gen *g, UnitConstant k);
uint32_t gen_cache(Gen *g, const Name *name);            // a new inline cache; name may be NULL
uint32_t gen_feedback(Gen *g);
uint32_t *gen_list(Gen *g, uint32_t count);              // memory in the unit

void gen_move(Gen *g, Slot dst, Slot src);
void gen_load_small(Gen *g, Slot dst, int32_t bits);     // SMALL_*
void gen_load_int(Gen *g, Slot dst, int32_t i);
void gen_error(Gen *g, DiagCode code, const Node *node, const char *argument);

/* Compile function `info` with parameters and body from its node; returns its index in the unit. */
uint32_t gen_function(Gen *parent, Codegen *c, FunctionInfo *info);
/* Start and finish a function's state. */
void gen_init(Gen *g, Gen *parent, Codegen *c, FunctionInfo *info);
uint32_t gen_finish(Gen *g, const Name *name, uint32_t parameter_count, uint32_t length, uint32_t source_start, uint32_t source_end);

/* ---- handlers and exits -------------------------------------------------------------------------------------- */

void gen_push_exit(Gen *g, Exit *e, ExitKind kind);
void gen_pop_exit(Gen *g);
void gen_open_range(Gen *g, Exit *e);
void gen_close_range(Gen *g, Exit *e);
/* Handlers for all ranges of `e`, leading here. */
void gen_bind_handlers(Gen *g, Exit *e);
void gen_break(Gen *g, Exit *target);
void gen_continue(Gen *g, Exit *target);
void gen_return(Gen *g, Slot value);
/* The end of a construct with EXIT_FINALLY, already popped: `emit` generates what runs on every way out, the normal one
 * (control comes here), exceptions, and jumps. */
void gen_finally(Gen *g, Exit *e, void (*emit)(Gen *g, void *context), void *context);

/* ---- gen_name.c: bindings -------------------------------------------------------------------------------------- */

void gen_enter_scope(Gen *g, Scope *s);                  // registers, boxes, dead zones, hoisted functions
void gen_enter_scope_with(Gen *g, Scope *s, void (*before_functions)(Gen *g));
void gen_leave_scope(Gen *g, Scope *s);
void gen_allocate_binding(Gen *g, Binding *b);
Opcode gen_box_opcode(const Binding *b);                // of the instruction that makes the box of `b`
uint32_t gen_capture(Gen *g, Binding *b);                // number of the capture
Slot gen_load_binding(Gen *g, Binding *b, Slot dst, uint32_t position);
void gen_initialize(Gen *g, Binding *b, Slot value);     // first value
Slot gen_load_name(Gen *g, Identifier *id, Slot dst, bool for_typeof);
void gen_store_name(Gen *g, Identifier *id, Slot value, bool initialize);
void gen_delete_name(Gen *g, Identifier *id, Slot dst);
NameReference gen_resolve_name(Gen *g, Identifier *id);
Slot gen_load_reference(Gen *g, NameReference ref, Slot dst);
void gen_store_reference(Gen *g, NameReference ref, Slot value);
/* Compare and store: `done` becomes whether the name still held `old`, and is `value` now. */
void gen_replace_reference(Gen *g, NameReference ref, Slot done, Slot old, Slot value);
/* Can another goroutine reach what the name stands for? */
bool gen_is_reachable(const Gen *g, NameReference ref);
Slot gen_this(Gen *g, Binding *b, Slot dst, uint32_t position);
bool gen_is_local(const Gen *g, const Binding *b);       // its slot can be used as an operand without a check
bool gen_needs_check(const Gen *g, const Binding *b, uint32_t position);     // may it be in its dead zone there?
void gen_copy_loop_boxes(Gen *g, Scope *s);
void gen_hoist_functions(Gen *g, Scope *s);

/* ---- gen_expr.c ... --------------------------------------------------------------------------------------------- */

Slot gen_expr(Gen *g, Node *node, Slot dst);             // the value's slot: dst unless that is SLOT_ANY
void gen_effect(Gen *g, Node *node);                     // for its effects
/* The value of `node`, safe from assignments in `later` (may be NULL). */
Slot gen_operand(Gen *g, Node *node, Node *later);
void gen_condition(Gen *g, Node *node, Label *if_true, Label *if_false, bool falls_to_true);
void gen_named(Gen *g, Node *node, Slot dst, const Name *name);      // anonymous functions and classes take the name
bool gen_is_anonymous_function(const Node *node);
bool gen_is_inert(const Gen *g, const Node *node);       // evaluating it runs no user code and cannot throw
bool gen_assigns(const Gen *g, const Node *node);        // might it assign to a name of this function?
Slot gen_call(Gen *g, Call *n, Slot dst);
Slot gen_go(Gen *g, Go *n, Slot dst, bool wants_promise);
Slot gen_send(Gen *g, Send *n, Slot dst);
Slot gen_receive(Gen *g, Receive *n, Slot dst);
Slot gen_make_channel(Gen *g, MakeChannel *n, Slot dst);
void gen_select(Gen *g, Select *n);
void gen_atomic(Gen *g, Atomic *n);
bool gen_wants_atomic(const Gen *g, Node *target);     // is this update to be an atomic one?
Slot gen_atomic_update(Gen *g, Update *n, Slot dst, bool wants_value);
Slot gen_atomic_assign(Gen *g, Assign *n, Slot dst);         // op= and the logical ones
Slot gen_new(Gen *g, New *n, Slot dst);
Slot gen_super_base(Gen *g, const SuperKeyword *super, const Node *node);     // the prototype it looks in
Slot gen_super_call(Gen *g, SuperCall *n, Slot dst);
Slot gen_tagged_template(Gen *g, TaggedTemplate *n, Slot dst);
/* What is called, and its arguments, in registers. */
typedef struct CallParts {
    Slot callee, self;
    Slot window, array;                  // one of them is SLOT_ANY: a window of this and arguments, or an array of these
    uint32_t count;                      // arguments in the window
} CallParts;
CallParts gen_call_parts(Gen *g, Call *n);
Slot gen_arguments_array(Gen *g, NodeList arguments, Slot dst);
bool gen_has_spread(NodeList list);
void gen_bind_this(Gen *g, Binding *b, Slot value, uint32_t position);
void gen_close_async_iterator(Gen *g, Slot iterator, bool swallow);
Slot gen_assign(Gen *g, Assign *n, Slot dst);
Reference gen_reference(Gen *g, Node *target, Node *later);  // evaluate the parts; `later` is what runs before the store
Slot gen_reference_get_first(Gen *g, Reference *r, Slot dst);        // a key that is an object is converted once
Slot gen_reference_get(Gen *g, const Reference *r, Slot dst);
void gen_reference_set(Gen *g, const Reference *r, Slot value);
TokenKind gen_operator_of(TokenKind assign);                 // + of +=
Opcode gen_jump_of_logical(TokenKind assign);
bool gen_names_value(const Assign *n);
Slot gen_direct_target(Gen *g, const Node *target);          // register of a variable that plain code may write, or SLOT_ANY
Slot gen_update(Gen *g, Update *n, Slot dst, bool wants_value);
Slot gen_object(Gen *g, ObjectLiteral *n, Slot dst);
Slot gen_array(Gen *g, ArrayLiteral *n, Slot dst);
Slot gen_chain(Gen *g, OptionalChain *n, Slot dst);
typedef struct OptionalChainState {
    struct OptionalChainState *outer;
    Label leave;                             // here when something before ?. was nullish
} OptionalChainState;
void gen_chain_begin(Gen *g, OptionalChainState *state);
/* Where it goes when the chain breaks off; gen_chain_end: behind the chain's own value. value: SMALL_*. */
void gen_chain_leave(Gen *g, OptionalChainState *state, Slot dst, int32_t value);
void gen_chain_end(Gen *g, OptionalChainState *state, Slot dst, int32_t value);
void gen_chain_delete(Gen *g, OptionalChain *n, Slot dst);
void gen_chain_test(Gen *g, Slot object, bool optional);     // leave the chain when it is nullish
void gen_binary_op(Gen *g, TokenKind token, Slot dst, Slot left, Slot right);
void gen_template(Gen *g, TemplateLiteral *t, Slot dst);
/* How many operators of a chain, which begins at its end, join parts of a text, or 0. Its left operand: `left`, or what
 * was computed, a text if `left_is_text`. */
uint32_t gen_join_steps(Binary **chain, uint32_t count, const Node *left, bool left_is_text);
/* Join them: `left`, or if that is NULL `partial`, and the right operands of `steps` operators. */
void gen_join(Gen *g, Binary **chain, uint32_t count, uint32_t steps, Node *left, Slot partial, Slot dst);

void gen_binary_step(Gen *g, Binary *n, Slot dst, Slot left);
Slot gen_member(Gen *g, Member *n, Slot dst);
Slot gen_index(Gen *g, Index *n, Slot dst);
Slot gen_private_member(Gen *g, PrivateMember *n, Slot dst);
bool gen_small_int(const Node *node, int32_t *i);           // is it a literal that an immediate can hold?
void gen_get_member(Gen *g, Slot dst, Slot object, const Name *name);
void gen_get_index(Gen *g, Slot dst, Slot object, Node *index, uint32_t position);
void gen_get_private(Gen *g, Slot dst, Slot object, Node *name, uint32_t position);
Slot gen_key(Gen *g, Node *key, bool computed, Slot dst);
bool gen_is_index_name(const Name *name);
Slot gen_yield(Gen *g, Yield *n, Slot dst);
Slot gen_await(Gen *g, Slot value, Slot dst, uint32_t position);
Slot gen_class(Gen *g, Class *n, Slot dst, const Name *name);
Slot gen_closure(Gen *g, FunctionInfo *info, Slot dst, const Name *name);
void gen_pattern(Gen *g, Node *pattern, Slot value, bool initialize);
bool gen_swap(Gen *g, Assign *n);        // an assignment for its effect alone; false: it is no swap, nothing was done
void gen_target(Gen *g, Node *target, Slot value, bool initialize);
void gen_statement(Gen *g, Node *node);
void gen_reset_completion(Gen *g);       // the completion value, if wanted, is undefined
void gen_statements(Gen *g, NodeList list);
void gen_program(Codegen *c, Program *p);
void gen_module_tables(Codegen *c, Program *p);
void gen_enum(Gen *g, Enum *n);
void gen_namespace(Gen *g, Namespace *n);
void gen_loop(Gen *g, Node *node);
void gen_take_labels(Gen *g, Exit *e);
void gen_using_scope(Gen *g, Scope *s, NodeList statements);
void gen_using_for(Gen *g, For *n);
void gen_using(Gen *g, Scope *s, void (*body)(Gen *g, void *context), void *context);
void gen_add_disposable(Gen *g, const Identifier *id, bool is_async);
void gen_export_declaration(Gen *g, Node *declaration);
void gen_import_equals(Gen *g, ImportEquals *n);
void gen_export_assign(Gen *g, ExportAssign *n);
Slot gen_eval_scope(Gen *g, Scope *s, Slot dst);
void gen_parameters(Gen *g, Function *f);
bool gen_uses_mapped_arguments(const Gen *g);            // does its arguments object share boxes with parameters?
void gen_variables_object(Gen *g, Scope *s);             // where sloppy eval in `s` declares its variables
void gen_async_end(Gen *g, Exit *e);                     // what an async function's uncaught exception leads to
void gen_parameter_properties(Gen *g, const Function *f, Slot self);

#endif
