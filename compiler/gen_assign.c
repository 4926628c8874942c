/* SPDX-License-Identifier: MIT */
/* gen_assign.c - code for assignment and update.
 *
 * The parts of a reference (object, key) are evaluated first and kept in registers, then the value, then the store. */
#include "compiler/codegen_int.h"

static void gen_super_reference(Gen *g, Reference *r, Node *target, SuperKeyword *super)
{
    r->kind = REFERENCE_SUPER;
    r->self = gen_this(g, super->this_binding, gen_new_register(g), target->start);
    r->key = gen_new_register(g);
    if (target->kind == NODE_MEMBER) gen_emit(g, OP_LOAD_CONSTANT, r->key, gen_constant_string(g, ((Member *)target)->name));
    else gen_expr(g, ((Index *)target)->index, r->key);
    r->object = gen_super_base(g, super, target);
}

/* Evaluate the parts of `target`; `later` is what runs before the store. */
Reference gen_reference(Gen *g, Node *target, Node *later)
{
    Reference r = { .position = target->aux_position };
    target = ast_strip_types(target);
    switch (target->kind) {
    case NODE_IDENTIFIER:
        r.kind = REFERENCE_NAME;
        r.name = gen_resolve_name(g, (Identifier *)target);
        break;
    case NODE_MEMBER: {
        Member *m = (Member *)target;
        if (m->object->kind == NODE_SUPER) {
            gen_super_reference(g, &r, target, (SuperKeyword *)m->object);
            break;
        }
        r.kind = REFERENCE_MEMBER;
        r.object = gen_operand(g, m->object, later);
        r.property = m->name;
        break;
    }
    case NODE_INDEX: {
        Index *m = (Index *)target;
        if (m->object->kind == NODE_SUPER) {
            gen_super_reference(g, &r, target, (SuperKeyword *)m->object);
            break;
        }
        if (m->index->kind == NODE_SLICE_LIST) gen_error(g, DIAG_NOT_YET, m->index, "slices");
        r.kind = REFERENCE_INDEX;
        bool index_assigns = gen_assigns(g, m->index);
        r.object = gen_operand(g, m->object, index_assigns ? m->index : later);
        const Name *name = m->index->kind == NODE_STRING ? ((StringLiteral *)m->index)->value : NULL;
        if (name && !gen_is_index_name(name)) {
            r.kind = REFERENCE_MEMBER;
            r.property = name;
        } else {
            r.key = gen_operand(g, m->index, later);
            r.key_is_plain = m->index->kind == NODE_NUMBER || m->index->kind == NODE_STRING;
        }
        break;
    }
    case NODE_PRIVATE_MEMBER: {
        PrivateMember *m = (PrivateMember *)target;
        r.kind = REFERENCE_PRIVATE;
        r.object = gen_operand(g, m->object, later);
        r.key = gen_load_binding(g, ((PrivateName *)m->name)->binding, SLOT_ANY, target->start);
        break;
    }
    default:                             // f() = 1 of sloppy code: calls, then throws
        gen_effect(g, target);
        gen_emit(g, OP_THROW_ERROR, ERROR_REFERENCE,
                 gen_constant_string(g, names_intern_text(g->c->a->names, "Invalid left-hand side in assignment")));
        r.kind = REFERENCE_MEMBER;
        r.object = gen_new_register(g);
        r.property = names_intern_text(g->c->a->names, "");
        break;
    }
    return r;
}

Slot gen_reference_get(Gen *g, const Reference *r, Slot dst)
{
    if (r->kind == REFERENCE_NAME) return gen_load_reference(g, r->name, dst);
    dst = gen_dst(g, dst);
    gen_position(g, r->position);
    switch (r->kind) {
    case REFERENCE_MEMBER:  gen_get_member(g, dst, r->object, r->property); break;
    case REFERENCE_INDEX:   gen_emit(g, OP_GET_ELEM, dst, r->object, r->key, gen_feedback(g)); break;
    case REFERENCE_PRIVATE: gen_emit(g, OP_GET_PRIVATE, dst, r->object, r->key, gen_cache(g, NULL)); break;
    default:                gen_emit(g, OP_GET_SUPER, dst, r->object, r->key, r->self); break;
    }
    return dst;
}

/* Read what will be written: a key that is an object is converted once. */
Slot gen_reference_get_first(Gen *g, Reference *r, Slot dst)
{
    if (r->kind == REFERENCE_SUPER) gen_emit(g, OP_TO_KEY, r->key, r->key);
    if (r->kind != REFERENCE_INDEX || r->key_is_plain) return gen_reference_get(g, r, dst);
    Slot key = gen_new_register(g);
    gen_position(g, r->position);
    gen_emit(g, OP_GET_ELEM_KEEP, dst, key, r->object, r->key, gen_feedback(g));
    r->key = key;
    return dst;
}

void gen_reference_set(Gen *g, const Reference *r, Slot value)
{
    if (r->kind != REFERENCE_NAME) gen_position(g, r->position);
    switch (r->kind) {
    case REFERENCE_NAME:    gen_store_reference(g, r->name, value); break;
    case REFERENCE_MEMBER:  gen_emit(g, OP_SET_PROP, r->object, gen_cache(g, r->property), value); break;
    case REFERENCE_INDEX:   gen_emit(g, OP_SET_ELEM, r->object, r->key, value, gen_feedback(g)); break;
    case REFERENCE_PRIVATE: gen_emit(g, OP_SET_PRIVATE, r->object, r->key, value, gen_cache(g, NULL)); break;
    default:                gen_emit(g, OP_SET_SUPER, r->object, r->key, r->self, value); break;
    }
}

/* ---- assignment -------------------------------------------------------------------------------------------------- */

/* The register of a local variable that plain code may write to, or SLOT_ANY. */
Slot gen_direct_target(Gen *g, const Node *target)
{
    if (target->kind != NODE_IDENTIFIER) return SLOT_ANY;
    const Identifier *id = (const Identifier *)target;
    const Binding *b = id->binding;
    bool variable = b && !id->scope && gen_is_local(g, b) && b->slot < 0x4000 && b->slot != FRAME_CALLEE
        && b->kind != BINDING_CONST && b->kind != BINDING_SELF && b->kind != BINDING_IMPORT;
    return variable && !b->may_be_dead ? b->slot : SLOT_ANY;
}

/* Does code for `node` write its destination only as its last step? */
static bool gen_writes_last(const Node *node)
{
    switch (node->kind) {
    case NODE_BINARY: case NODE_CALL: case NODE_MEMBER: case NODE_INDEX: case NODE_NUMBER: case NODE_STRING: case NODE_IDENTIFIER:
    case NODE_NEW_TARGET: case NODE_THIS: case NODE_TRUE_LITERAL: case NODE_FALSE_LITERAL: case NODE_NULL_LITERAL:
        return true;
    case NODE_UNARY: return ((const Unary *)node)->op != TOKEN_DELETE;
    default:         return false;
    }
}

/* Does a nameless function take the target's name? */
bool gen_names_value(const Assign *n)
{
    if (n->target->kind != NODE_IDENTIFIER || n->target->flags & FLAG_PARENTHESIZED) return false;
    return gen_is_anonymous_function(n->value);
}

static Slot gen_simple_assign(Gen *g, Assign *n, Slot dst)
{
    Slot direct = gen_direct_target(g, n->target);
    int32_t mark = gen_mark(g);
    if (direct != SLOT_ANY && gen_writes_last(n->value)) {
        gen_expr(g, n->value, direct);
        if (dst != SLOT_ANY) gen_move(g, dst, direct);
        return dst == SLOT_ANY ? direct : dst;
    }
    Slot kept = dst == SLOT_ANY ? SLOT_ANY : dst;
    Reference r = gen_reference(g, n->target, n->value);
    Slot value;
    if (gen_names_value(n)) gen_named(g, n->value, value = gen_new_register(g), ((Identifier *)n->target)->name);
    else value = gen_expr(g, n->value, SLOT_ANY);
    gen_reference_set(g, &r, value);
    if (kept != SLOT_ANY) {
        gen_move(g, kept, value);
        gen_release(g, mark);
        return kept;
    }
    return value;                        // in a register above the mark: the caller's to release
}

TokenKind gen_operator_of(TokenKind assign)
{
    switch (assign) {
    case TOKEN_PLUS_ASSIGN:        return TOKEN_PLUS;
    case TOKEN_MINUS_ASSIGN:       return TOKEN_MINUS;
    case TOKEN_STAR_ASSIGN:        return TOKEN_STAR;
    case TOKEN_SLASH_ASSIGN:       return TOKEN_SLASH;
    case TOKEN_PERCENT_ASSIGN:     return TOKEN_PERCENT;
    case TOKEN_EXPONENT_ASSIGN:    return TOKEN_EXPONENT;
    case TOKEN_SHIFT_LEFT_ASSIGN:  return TOKEN_SHIFT_LEFT;
    case TOKEN_SHIFT_RIGHT_ASSIGN: return TOKEN_SHIFT_RIGHT;
    case TOKEN_SHIFT_RIGHT_ZERO_ASSIGN: return TOKEN_SHIFT_RIGHT_ZERO;
    case TOKEN_BIT_AND_ASSIGN:     return TOKEN_BIT_AND;
    case TOKEN_BIT_OR_ASSIGN:      return TOKEN_BIT_OR;
    case TOKEN_BIT_XOR_ASSIGN:     return TOKEN_BIT_XOR;
    default:                       return TOKEN_END;
    }
}

/* a op= b as the binary expression it abbreviates, so that immediate forms are found. */
static void gen_compound_value(Gen *g, Assign *n, Slot dst, Slot left)
{
    Binary binary = { .node = n->node, .op = gen_operator_of(n->op), .right = n->value };
    gen_binary_step(g, &binary, dst, left);
}

static Slot gen_compound_assign(Gen *g, Assign *n, Slot dst)
{
    Slot direct = gen_direct_target(g, n->target);
    if (direct != SLOT_ANY && !gen_assigns(g, n->value)) {
        gen_compound_value(g, n, direct, direct);
        if (dst != SLOT_ANY) gen_move(g, dst, direct);
        return dst == SLOT_ANY ? direct : dst;
    }
    Slot result = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Reference r = gen_reference(g, n->target, n->value);
    Slot old = gen_reference_get_first(g, &r, gen_new_register(g)), value = gen_new_register(g);
    gen_compound_value(g, n, value, old);
    gen_reference_set(g, &r, value);
    gen_move(g, result, value);
    gen_release(g, mark);
    return result;
}

/* The jump that leaves the target of &&=, ||= or ??= as it is. */
Opcode gen_jump_of_logical(TokenKind assign)
{
    return assign == TOKEN_AND_ASSIGN ? OP_JUMP_FALSE : assign == TOKEN_OR_ASSIGN ? OP_JUMP_TRUE : OP_JUMP_NOT_NULLISH;
}

static Slot gen_logical_assign(Gen *g, Assign *n, Slot dst)
{
    Label end = { .position = -1 };
    Slot result = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Reference r = gen_reference(g, n->target, n->value);
    Slot value = gen_reference_get_first(g, &r, gen_new_register(g));
    gen_jump(g, gen_jump_of_logical(n->op), &end, value, 0);
    if (gen_names_value(n)) gen_named(g, n->value, value, ((Identifier *)n->target)->name);
    else gen_expr(g, n->value, value);
    gen_reference_set(g, &r, value);
    gen_bind(g, &end);
    gen_move(g, result, value);
    gen_release(g, mark);
    return result;
}

Slot gen_assign(Gen *g, Assign *n, Slot dst)
{
    if (n->op == TOKEN_ASSIGN) {
        bool pattern = n->target->kind == NODE_ARRAY_PATTERN || n->target->kind == NODE_OBJECT_PATTERN;
        if (!pattern) return gen_simple_assign(g, n, dst);
        Slot value = gen_expr(g, n->value, gen_dst(g, dst));
        gen_pattern(g, n->target, value, false);
        return value;
    }
    if (gen_wants_atomic(g, n->target)) return gen_atomic_assign(g, n, dst);
    bool logical = n->op == TOKEN_AND_ASSIGN || n->op == TOKEN_OR_ASSIGN || n->op == TOKEN_NULLISH_ASSIGN;
    return logical ? gen_logical_assign(g, n, dst) : gen_compound_assign(g, n, dst);
}

/* ---- ++ and -- --------------------------------------------------------------------------------------------------- */

Slot gen_update(Gen *g, Update *n, Slot dst, bool wants_value)
{
    if (gen_wants_atomic(g, n->target)) return gen_atomic_update(g, n, dst, wants_value);
    Opcode op = n->op == TOKEN_INCREMENT ? OP_INC : OP_DEC;
    Slot direct = gen_direct_target(g, n->target);
    bool old_wanted = wants_value && !n->prefix;
    if (direct != SLOT_ANY) {
        gen_position(g, n->node.start);
        if (old_wanted) gen_emit(g, OP_TO_NUMERIC, dst = gen_dst(g, dst), direct);
        gen_emit(g, op, direct, direct, gen_feedback(g));
        if (old_wanted) return dst;
        if (wants_value && dst != SLOT_ANY) gen_move(g, dst, direct);
        return dst == SLOT_ANY ? direct : dst;
    }
    Slot result = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Reference r = gen_reference(g, n->target, NULL);
    Slot old = gen_reference_get_first(g, &r, gen_new_register(g)), value = gen_new_register(g);
    gen_position(g, n->node.start);
    if (old_wanted) gen_emit(g, OP_TO_NUMERIC, old, old);
    gen_emit(g, op, value, old, gen_feedback(g));
    gen_reference_set(g, &r, value);
    gen_move(g, result, old_wanted ? old : value);
    gen_release(g, mark);
    return result;
}
