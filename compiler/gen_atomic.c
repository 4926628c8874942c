/* SPDX-License-Identifier: MIT */
/* gen_atomic.c - code for atomic updates: load, compute, store if nothing was stored in between, else anew.
 *
 * The parts of the target and the right operand are evaluated once; reading and computing may be repeated. What no
 * other goroutine can reach, and a plain store, need nothing of this. */
#include "compiler/codegen_int.h"

/* ---- where it pays ------------------------------------------------------------------------------------- */

static bool gen_is_super(const Node *target)
{
    const Node *object = target->kind == NODE_MEMBER ? ((const Member *)target)->object
        : target->kind == NODE_INDEX ? ((const Index *)target)->object : NULL;
    return object && object->kind == NODE_SUPER;         // read there, written here: there is nothing to compare
}

bool gen_wants_atomic(const Gen *g, Node *target)
{
    if (!g->is_atomic) return false;
    target = ast_strip_types(target);
    switch (target->kind) {
    case NODE_IDENTIFIER: {
        const Identifier *id = (const Identifier *)target;
        return id->scope || gen_is_reachable(g, (NameReference){ (Identifier *)id, SLOT_ANY });
    }
    case NODE_MEMBER: case NODE_INDEX: return !gen_is_super(target);
    case NODE_PRIVATE_MEMBER:          return true;
    default:                           return false;
    }
}

/* ---- the loop ------------------------------------------------------------------------------------------ */

/* If the target still is `old`, make it `value`; else go to `again`. */
static void gen_replace(Gen *g, const Reference *r, Slot old, Slot value, Label *again)
{
    int32_t mark = gen_mark(g);
    Slot done = gen_new_register(g);
    if (r->kind == REFERENCE_NAME) {
        gen_replace_reference(g, r->name, done, old, value);
    } else {
        gen_position(g, r->position);
        bool named = r->kind == REFERENCE_MEMBER;
        if (named) gen_emit(g, OP_ATOMIC_PROP, done, r->object, gen_constant_string(g, r->property), old, value);
        else gen_emit(g, OP_ATOMIC_ELEM, done, r->object, r->key, old, value);
    }
    gen_jump(g, OP_JUMP_FALSE, again, done, 0);
    gen_release(g, mark);
}

/* A key gets a register of its own, for gen_read. */
static Reference gen_atomic_reference(Gen *g, Node *target, Node *later)
{
    Reference r = gen_reference(g, target, later);
    if (r.kind == REFERENCE_INDEX && !r.key_is_plain) {
        Slot key = gen_new_register(g);
        gen_move(g, key, r.key);
        r.key = key;
    }
    return r;
}

/* Read the target. A key that is an object is converted the first time, and is none from then on. */
static void gen_read(Gen *g, const Reference *r, Slot dst)
{
    if (r->kind != REFERENCE_INDEX || r->key_is_plain) {
        gen_reference_get(g, r, dst);
        return;
    }
    gen_position(g, r->position);
    gen_emit(g, OP_GET_ELEM_KEEP, dst, r->key, r->object, r->key, gen_feedback(g));
}

Slot gen_atomic_update(Gen *g, Update *n, Slot dst, bool wants_value)
{
    Label again = { .position = -1 };
    Slot result = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Reference r = gen_atomic_reference(g, n->target, NULL);
    Slot old = gen_new_register(g), number = gen_new_register(g), value = gen_new_register(g);
    bool old_wanted = wants_value && !n->prefix;
    gen_bind(g, &again);
    gen_read(g, &r, old);
    gen_position(g, n->node.start);
    if (old_wanted) gen_emit(g, OP_TO_NUMERIC, number, old);
    gen_emit(g, n->op == TOKEN_INCREMENT ? OP_INC : OP_DEC, value, old_wanted ? number : old, gen_feedback(g));
    gen_replace(g, &r, old, value, &again);
    if (wants_value) gen_move(g, result, old_wanted ? number : value);
    gen_release(g, mark);
    return result;
}

static void gen_atomic_compound(Gen *g, Assign *n, Reference *r, Slot value)
{
    Label again = { .position = -1 };
    Slot right = gen_expr(g, n->value, gen_new_register(g)), old = gen_new_register(g);
    gen_bind(g, &again);
    gen_read(g, r, old);
    gen_position(g, n->node.aux_position);
    gen_binary_op(g, gen_operator_of(n->op), value, old, right);
    gen_replace(g, r, old, value, &again);
}

/* The right operand is evaluated at most once, when a first look at the target asks for it. */
static void gen_atomic_logical(Gen *g, Assign *n, Reference *r, Slot value)
{
    Label again = { .position = -1 }, keeps = { .position = -1 };
    Label store = { .position = -1 }, end = { .position = -1 };
    Opcode op = gen_jump_of_logical(n->op);
    bool names = gen_names_value(n);
    Slot old = gen_new_register(g);
    gen_read(g, r, old);
    gen_jump(g, op, &keeps, old, 0);
    if (names) gen_named(g, n->value, value, ((Identifier *)n->target)->name);
    else gen_expr(g, n->value, value);
    gen_jump(g, OP_JUMP, &store, 0, 0);
    gen_bind(g, &again);
    gen_read(g, r, old);
    gen_jump(g, op, &keeps, old, 0);
    gen_bind(g, &store);
    gen_replace(g, r, old, value, &again);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &keeps);
    gen_move(g, value, old);
    gen_bind(g, &end);
}

Slot gen_atomic_assign(Gen *g, Assign *n, Slot dst)
{
    Slot result = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Reference r = gen_atomic_reference(g, n->target, n->value);
    Slot value = gen_new_register(g);
    if (gen_operator_of(n->op) != TOKEN_END) gen_atomic_compound(g, n, &r, value);
    else gen_atomic_logical(g, n, &r, value);
    gen_move(g, result, value);
    gen_release(g, mark);
    return result;
}

/* ---- the statement ------------------------------------------------------------------------------------- */

void gen_atomic(Gen *g, Atomic *n)
{
    bool outer = g->is_atomic;
    g->is_atomic = true;
    if (n->body->kind == NODE_BLOCK) {
        gen_statement(g, n->body);
    } else {
        ExpressionStatement statement = { .node = n->node, .expression = n->body };
        statement.node.kind = NODE_EXPRESSION_STATEMENT;
        gen_statement(g, &statement.node);
    }
    g->is_atomic = outer;
}
