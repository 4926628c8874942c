/* SPDX-License-Identifier: MIT */
/* gen_go.c - code for goroutines and channels: go, <-, make(chan T), select.
 *
 * The callee, its receiver and the arguments of `go` are evaluated here, by the spawner; only the call itself is
 * the goroutine's. */
#include "compiler/codegen_int.h"

/* ---- go ------------------------------------------------------------------------------------------------ */

static void gen_go_call(Gen *g, Call *n, Slot dst, bool wants_promise)
{
    CallParts parts = gen_call_parts(g, n);
    if (parts.array != SLOT_ANY) gen_emit(g, OP_GO_SPREAD, dst, parts.callee, parts.self, parts.array, wants_promise);
    else gen_emit(g, OP_GO, dst, parts.callee, parts.window, parts.count, wants_promise);
}

/* `go function () {}`: called with nothing. */
static void gen_go_function(Gen *g, Node *node, Slot dst, bool wants_promise)
{
    Slot callee = gen_expr(g, node, gen_new_register(g)), window = gen_new_register(g);
    gen_load_small(g, window, SMALL_UNDEFINED);
    gen_position(g, node->start);
    gen_emit(g, OP_GO, dst, callee, window, 0, wants_promise);
}

/* A chain that breaks off starts nothing; its promise is one of undefined. */
static void gen_go_chain(Gen *g, OptionalChain *n, Slot dst, bool wants_promise)
{
    OptionalChainState state;
    Label end = { .position = -1 };
    gen_chain_begin(g, &state);
    gen_go_call(g, (Call *)n->chain, dst, wants_promise);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_chain_leave(g, &state, dst, SMALL_UNDEFINED);
    if (wants_promise) gen_emit(g, OP_GO_VALUE, dst, dst);
    gen_bind(g, &end);
}

/* What has no call to hand over: import(x) goes its own way already, and of `go await p` only the waiting is left. */
static void gen_go_value(Gen *g, Node *node, Slot dst)
{
    Slot v = gen_expr(g, node, SLOT_ANY);
    gen_position(g, node->start);
    gen_emit(g, OP_GO_VALUE, dst, v);
}

Slot gen_go(Gen *g, Go *n, Slot dst, bool wants_promise)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Node *operand = n->operand;
    if (operand->kind == NODE_AWAIT) {                   // the promise waits for what the call returns anyway
        Await *await = (Await *)operand;
        operand = await->reading ? await->reading : await->argument;
    }
    switch (operand->kind) {
    case NODE_CALL:           gen_go_call(g, (Call *)operand, dst, wants_promise); break;
    case NODE_FUNCTION:       gen_go_function(g, operand, dst, wants_promise); break;
    case NODE_OPTIONAL_CHAIN:
        if (((OptionalChain *)operand)->chain->kind == NODE_CALL) {
            gen_go_chain(g, (OptionalChain *)operand, dst, wants_promise);
            break;
        }
        // fall through
    default:                  gen_go_value(g, operand, dst); break;
    }
    gen_release(g, mark);
    return dst;
}

/* ---- send and receive ---------------------------------------------------------------------------------- */

/* The comparison `channel < -value`, both already evaluated. */
static bool gen_is_whole_comparison(const Send *n)
{
    const Binary *b = (const Binary *)n->comparison;
    if (b->node.kind != NODE_BINARY || b->left != n->channel || b->right->kind != NODE_UNARY) return false;
    return ((const Unary *)b->right)->operand == n->value;
}

/* ch <- v, where JavaScript reads a comparison: which of them it is the value of `ch` tells. */
static void gen_dual_send(Gen *g, Send *n, Slot dst)
{
    Label compares = { .position = -1 }, end = { .position = -1 };
    Slot channel = gen_operand(g, n->channel, n->value), value = SLOT_ANY;
    bool whole = gen_is_whole_comparison(n);
    if (whole) value = gen_expr(g, n->value, SLOT_ANY);
    gen_jump(g, OP_JUMP_NOT_CHANNEL, &compares, channel, 0);
    if (!whole) value = gen_expr(g, n->value, SLOT_ANY);
    gen_position(g, n->node.aux_position);
    gen_emit(g, OP_SEND, dst, channel, value);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &compares);
    if (whole) {
        Slot negated = gen_new_register(g);
        gen_position(g, ((Binary *)n->comparison)->right->start);
        gen_emit(g, OP_NEG, negated, value, gen_feedback(g));
        gen_position(g, n->comparison->aux_position);
        gen_emit(g, OP_LT, dst, channel, negated);
    } else {
        const Node *outer = g->given;
        Slot outer_slot = g->given_slot;
        g->given = n->channel;
        g->given_slot = channel;
        gen_expr(g, n->comparison, dst);
        g->given = outer;
        g->given_slot = outer_slot;
    }
    gen_bind(g, &end);
}

Slot gen_send(Gen *g, Send *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    if (n->comparison) {
        gen_dual_send(g, n, dst);
    } else {
        Slot channel = gen_operand(g, n->channel, n->value), value = gen_expr(g, n->value, SLOT_ANY);
        gen_position(g, n->node.aux_position);
        gen_emit(g, OP_SEND, dst, channel, value);
    }
    gen_release(g, mark);
    return dst;
}

Slot gen_receive(Gen *g, Receive *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot channel = gen_expr(g, n->channel, SLOT_ANY);
    gen_position(g, n->node.start);
    gen_emit(g, OP_RECEIVE, dst, channel);
    gen_release(g, mark);
    return dst;
}

/* ---- make(chan T) -------------------------------------------------------------------------------------- */

/* The element type's name; what is more than a name carries anything. */
static const Name *gen_element_name(Gen *g, const Node *type)
{
    if (type->kind == NODE_TYPE_CHANNEL) type = ((const TypeChannel *)type)->element;
    return type->kind == NODE_TYPE_NAME ? ((const TypeName *)type)->name : names_intern_text(g->c->a->names, "any");
}

Slot gen_make_channel(Gen *g, MakeChannel *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot capacity = gen_new_register(g);
    if (n->arguments.count) gen_expr(g, n->arguments.items[0], capacity);
    else gen_load_small(g, capacity, SMALL_UNDEFINED);
    for (uint32_t i = 1; i < n->arguments.count; i++) gen_effect(g, n->arguments.items[i]);
    gen_position(g, n->node.start);
    gen_emit(g, OP_MAKE_CHANNEL, dst, capacity, gen_constant_string(g, gen_element_name(g, n->type)));
    gen_release(g, mark);
    return dst;
}

/* ---- select -------------------------------------------------------------------------------------------- */

enum { SELECT_CASE_WORDS = 3, SELECT_LEAST_TABLE = 4 };

/* What the cases wait for: all channels and values, in order, before any waiting. */
static void gen_select_operands(Gen *g, const Select *n, Slot base)
{
    for (uint32_t i = 0; i < n->cases.count; i++) {
        const SelectCase *c = (const SelectCase *)n->cases.items[i];
        if (!c->communication) continue;
        int32_t mark = gen_mark(g);
        bool sends = c->communication->kind == NODE_SEND;
        gen_expr(g, sends ? ((Send *)c->communication)->channel : ((Receive *)c->communication)->channel, base);
        if (sends) gen_expr(g, ((Send *)c->communication)->value, base + 1);
        else gen_load_small(g, base + 1, SMALL_HOLE);
        gen_load_small(g, base + 2, SMALL_UNDEFINED);
        gen_release(g, mark);
        base += SELECT_CASE_WORDS;
    }
}

/* The body of a case; `value`: what was received. */
static void gen_select_body(Gen *g, SelectCase *c, Slot value)
{
    gen_enter_scope(g, c->scope);
    if (c->target && c->target->kind == NODE_VARIABLES) {
        gen_target(g, ((Declarator *)((Variables *)c->target)->declarators.items[0])->target, value, true);
    } else if (c->target) {
        gen_target(g, c->target, value, false);
    }
    gen_statements(g, c->statements);
    gen_leave_scope(g, c->scope);
}

/* Control goes to the label of case `index`, or of the default (-1). */
static void gen_select_dispatch(Gen *g, Slot index, uint32_t count, Label *labels, Label *otherwise)
{
    if (count >= SELECT_LEAST_TABLE) {
        UnitConstant k = { .kind = CONSTANT_JUMP_TABLE, .index = 0, .count = count };
        k.list = gen_list(g, count);
        g->switch_table_at = gen_here(g);
        g->switch_table = k.list;
        gen_emit(g, OP_JUMP_TABLE, index, gen_add_constant(g, k));
    } else {
        for (uint32_t i = 0; i + !otherwise < count; i++) gen_jump(g, OP_JUMP_SEQ_INT, &labels[i], index, (int32_t)i);
    }
    if (otherwise) gen_jump(g, OP_JUMP, otherwise, 0, 0);
    else if (count) gen_jump(g, OP_JUMP, &labels[count - 1], 0, 0);
}

/* One case and no default: the operation itself. */
static void gen_select_one(Gen *g, SelectCase *c)
{
    int32_t mark = gen_mark(g);
    gen_select_body(g, c, gen_expr(g, c->communication, gen_new_register(g)));
    gen_release(g, mark);
}

static void gen_select_many(Gen *g, Select *n, uint32_t count, Exit *e)
{
    Label *labels = ARENA_ARRAY(g->c->arena, Label, count + 1), *otherwise = &labels[count];
    for (uint32_t i = 0; i <= count; i++) labels[i].position = -1;
    uint32_t words = count * SELECT_CASE_WORDS;
    Slot index = gen_new_register(g), base = count ? gen_new_registers(g, words) - (Slot)words + 1 : index;
    bool has_default = count < n->cases.count;
    gen_select_operands(g, n, base);
    gen_position(g, n->node.start);
    gen_emit(g, OP_SELECT, index, base - 1, words, has_default);
    gen_select_dispatch(g, index, count, labels, has_default ? otherwise : NULL);
    uint32_t *table = g->switch_table, at = g->switch_table_at;
    for (uint32_t i = 0, number = 0; i < n->cases.count; i++) {
        SelectCase *c = (SelectCase *)n->cases.items[i];
        Label *label = c->communication ? &labels[number] : otherwise;
        gen_bind(g, label);
        if (c->communication && count >= SELECT_LEAST_TABLE) table[number] = (uint32_t)label->position - at;
        gen_select_body(g, c, base + (Slot)number * SELECT_CASE_WORDS + 1);
        gen_jump(g, OP_JUMP, &e->break_label, 0, 0);
        number += c->communication != NULL;
    }
}

void gen_select(Gen *g, Select *n)
{
    Exit e = { 0 };
    uint32_t count = 0;
    int32_t mark = gen_mark(g);
    for (uint32_t i = 0; i < n->cases.count; i++) count += ((SelectCase *)n->cases.items[i])->communication != NULL;
    gen_reset_completion(g);
    gen_push_exit(g, &e, EXIT_SWITCH);
    gen_take_labels(g, &e);
    if (n->cases.count != 1) gen_select_many(g, n, count, &e);
    else if (count) gen_select_one(g, (SelectCase *)n->cases.items[0]);
    else gen_select_body(g, (SelectCase *)n->cases.items[0], SLOT_ANY);
    gen_pop_exit(g);
    gen_bind(g, &e.break_label);
    gen_release(g, mark);
}
