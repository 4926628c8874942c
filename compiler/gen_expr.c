/* SPDX-License-Identifier: MIT */
/* gen_expr.c - code for expressions: operators, conditions, member access. */
#include <math.h>
#include <string.h>

#include "compiler/codegen_int.h"
#include "compiler/scope_int.h"
#include "vm/bytecode/error_kinds.h"

/* ---- operands --------------------------------------------------------------------------------------------------- */

/* Might evaluating `node` assign to a name of this function? Positions of assignments are ascending. */
bool gen_assigns(const Gen *g, const Node *node)
{
    const uint32_t *at = g->info->assignments.items;
    uint32_t low = 0, high = g->info->assignments.count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (at[middle] < node->start) low = middle + 1;
        else high = middle;
    }
    return low < g->info->assignments.count && at[low] < node->end;
}

static bool gen_is_plain_local(const Gen *g, const Node *node)
{
    return node->kind == NODE_IDENTIFIER && ((const Identifier *)node)->binding && !((const Identifier *)node)->scope
        && gen_is_local(g, ((const Identifier *)node)->binding);
}

bool gen_is_inert(const Gen *g, const Node *node)
{
    switch (node->kind) {
    case NODE_NUMBER: case NODE_STRING: case NODE_BIGINT: case NODE_TRUE_LITERAL: case NODE_FALSE_LITERAL:
    case NODE_NULL_LITERAL: case NODE_FUNCTION: case NODE_NEW_TARGET:
        return true;
    case NODE_THIS:       return !gen_needs_check(g, ((const ThisExpression *)node)->binding, node->start);
    case NODE_IDENTIFIER: {
        const Identifier *id = (const Identifier *)node;
        return id->binding && !id->scope && id->binding->storage != STORAGE_GLOBAL && id->binding->kind != BINDING_MEMBER
            && !gen_needs_check(g, id->binding, node->start);
    }
    case NODE_UNARY: {
        const Unary *unary = (const Unary *)node;
        bool quiet = unary->op == TOKEN_NOT || unary->op == TOKEN_TYPEOF || unary->op == TOKEN_VOID
            || (unary->op == TOKEN_MINUS && unary->operand->kind == NODE_NUMBER);
        return quiet && gen_is_inert(g, unary->operand);
    }
    case NODE_BINARY: {
        const Binary *binary = (const Binary *)node;
        bool quiet = binary->op == TOKEN_STRICT_EQUAL || binary->op == TOKEN_STRICT_NOT_EQUAL;
        return quiet && gen_is_inert(g, binary->left) && gen_is_inert(g, binary->right);
    }
    default: return false;
    }
}

Slot gen_operand(Gen *g, Node *node, Node *later)
{
    bool must_copy = later && gen_is_plain_local(g, node) && gen_assigns(g, later);
    return gen_expr(g, node, must_copy ? gen_new_register(g) : SLOT_ANY);
}

/* The value of an integer literal, negated or not, that fits an immediate operand. */
bool gen_small_int(const Node *node, int32_t *i)
{
    double d;
    if (node->kind == NODE_NUMBER) {
        d = ((const NumberLiteral *)node)->value;
    } else if (node->kind == NODE_UNARY && ((const Unary *)node)->op == TOKEN_MINUS) {
        const Node *operand = ((const Unary *)node)->operand;
        if (operand->kind != NODE_NUMBER) return false;
        d = -((const NumberLiteral *)operand)->value;
    } else {
        return false;
    }
    if (!(d >= INT16_MIN && d <= INT16_MAX) || d != trunc(d) || (d == 0 && signbit(d))) return false;
    *i = (int32_t)d;
    return true;
}

/* ---- literals ---------------------------------------------------------------------------------------------------- */

static void gen_number(Gen *g, double d, Slot dst)
{
    bool is_int = d >= INT32_MIN && d <= INT32_MAX && d == trunc(d) && !(d == 0 && signbit(d));
    if (is_int) gen_load_int(g, dst, (int32_t)d);
    else gen_emit(g, OP_LOAD_CONSTANT, dst, gen_constant_number(g, d));
}

/* ---- unary ------------------------------------------------------------------------------------------------------- */

static void gen_delete(Gen *g, Node *operand, Slot dst)
{
    int32_t mark = gen_mark(g);
    switch (operand->kind) {
    case NODE_IDENTIFIER: gen_delete_name(g, (Identifier *)operand, dst); break;
    case NODE_MEMBER: case NODE_INDEX: {
        Node *object = operand->kind == NODE_MEMBER ? ((Member *)operand)->object : ((Index *)operand)->object;
        if (object->kind == NODE_SUPER) {
            gen_this(g, ((SuperKeyword *)object)->this_binding, SLOT_ANY, object->start);
            if (operand->kind == NODE_INDEX) gen_expr(g, ((Index *)operand)->index, SLOT_ANY);
            gen_position(g, operand->start);
            gen_emit(g, OP_THROW_ERROR, ERROR_REFERENCE, gen_constant_string(g, names_intern_text(g->c->a->names, "Unsupported reference to 'super'")));
            break;
        }
        Node *index = operand->kind == NODE_INDEX ? ((Index *)operand)->index : NULL;
        Slot o = gen_operand(g, object, index);
        Slot key = index ? gen_expr(g, index, SLOT_ANY) : SLOT_ANY;
        gen_position(g, operand->aux_position);
        if (index) gen_emit(g, OP_DELETE_ELEM, dst, o, key);
        else gen_emit(g, OP_DELETE_PROP, dst, o, gen_constant_string(g, ((Member *)operand)->name));
        break;
    }
    case NODE_OPTIONAL_CHAIN: gen_chain_delete(g, (OptionalChain *)operand, dst); break;
    default:
        gen_effect(g, operand);
        gen_load_small(g, dst, SMALL_TRUE);
        break;
    }
    gen_release(g, mark);
}

static Slot gen_unary(Gen *g, Unary *n, Slot dst)
{
    int32_t i;
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    if (gen_small_int(&n->node, &i)) {
        gen_load_int(g, dst, i);
        return dst;
    }
    if (n->op == TOKEN_DELETE) {
        gen_delete(g, n->operand, dst);
        return dst;
    }
    if (n->op == TOKEN_VOID) {
        gen_effect(g, n->operand);
        gen_load_small(g, dst, SMALL_UNDEFINED);
        return dst;
    }
    bool named = n->op == TOKEN_TYPEOF && n->operand->kind == NODE_IDENTIFIER;
    Slot v = named ? gen_load_name(g, (Identifier *)n->operand, SLOT_ANY, true) : gen_expr(g, n->operand, SLOT_ANY);
    gen_position(g, n->node.start);
    switch (n->op) {
    case TOKEN_NOT:     gen_emit(g, OP_NOT, dst, v); break;
    case TOKEN_TYPEOF:  gen_emit(g, OP_TYPEOF, dst, v); break;
    case TOKEN_PLUS:    gen_emit(g, OP_TO_NUMBER, dst, v); break;
    case TOKEN_MINUS:   gen_emit(g, OP_NEG, dst, v, gen_feedback(g)); break;
    default:            gen_emit(g, OP_BIT_NOT, dst, v, gen_feedback(g)); break;
    }
    gen_release(g, mark);
    return dst;
}

/* ---- binary ------------------------------------------------------------------------------------------------------ */

typedef struct BinaryOp {
    uint8_t token;
    bool    has_feedback;
    bool    has_int;                     // int_op takes an immediate right operand
    Opcode  op, int_op;
} BinaryOp;

static const BinaryOp gen_binary_ops[] = {
    { TOKEN_PLUS, true, true, OP_ADD, OP_ADD_INT },           { TOKEN_MINUS, true, true, OP_SUB, OP_SUB_INT },
    { TOKEN_STAR, true, true, OP_MUL, OP_MUL_INT },           { TOKEN_SLASH, true, false, OP_DIV, OP_DIV },
    { TOKEN_PERCENT, true, true, OP_MOD, OP_MOD_INT },        { TOKEN_EXPONENT, true, false, OP_POW, OP_POW },
    { TOKEN_BIT_AND, true, true, OP_BIT_AND, OP_BIT_AND_INT },{ TOKEN_BIT_OR, true, true, OP_BIT_OR, OP_BIT_OR_INT },
    { TOKEN_BIT_XOR, true, false, OP_BIT_XOR, OP_BIT_XOR },   { TOKEN_SHIFT_LEFT, true, true, OP_SHL, OP_SHL_INT },
    { TOKEN_SHIFT_RIGHT, true, true, OP_SHR, OP_SHR_INT },
    { TOKEN_SHIFT_RIGHT_ZERO, true, true, OP_USHR, OP_USHR_INT },
    { TOKEN_EQUAL, false, false, OP_EQ, OP_EQ },              { TOKEN_NOT_EQUAL, false, false, OP_NE, OP_NE },
    { TOKEN_STRICT_EQUAL, false, false, OP_SEQ, OP_SEQ },     { TOKEN_STRICT_NOT_EQUAL, false, false, OP_SNE, OP_SNE },
    { TOKEN_LESS, false, false, OP_LT, OP_LT },               { TOKEN_LESS_EQUAL, false, false, OP_LE, OP_LE },
    { TOKEN_GREATER, false, false, OP_GT, OP_GT },            { TOKEN_GREATER_EQUAL, false, false, OP_GE, OP_GE },
    { TOKEN_IN, false, false, OP_IN, OP_IN },
};

static const BinaryOp *gen_find_binary(TokenKind token)
{
    for (size_t i = 0; i < COUNT_OF(gen_binary_ops); i++)
        if (gen_binary_ops[i].token == token) return &gen_binary_ops[i];
    return NULL;
}

void gen_binary_op(Gen *g, TokenKind token, Slot dst, Slot left, Slot right)
{
    const BinaryOp *op = gen_find_binary(token);
    if (token == TOKEN_INSTANCEOF) gen_emit(g, OP_INSTANCEOF, dst, left, right, gen_cache(g, NULL));
    else if (op->has_feedback) gen_emit(g, op->op, dst, left, right, gen_feedback(g));
    else gen_emit(g, op->op, dst, left, right);
}

/* One operator of a chain, with its left operand in `left`. */
void gen_binary_step(Gen *g, Binary *n, Slot dst, Slot left)
{
    const BinaryOp *op = gen_find_binary(n->op);
    int32_t mark = gen_mark(g), i;
    if (op && op->has_int && gen_small_int(n->right, &i)) {
        gen_position(g, n->node.aux_position);
        gen_emit(g, op->int_op, dst, left, i, gen_feedback(g));
        return;
    }
    Slot right = gen_expr(g, n->right, SLOT_ANY);
    gen_position(g, n->node.aux_position);
    gen_binary_op(g, n->op, dst, left, right);
    gen_release(g, mark);
}

static Slot gen_in_private(Gen *g, Binary *n, Slot dst)
{
    PrivateName *name = (PrivateName *)n->left;
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot o = gen_expr(g, n->right, SLOT_ANY);
    Slot key = gen_load_binding(g, name->binding, SLOT_ANY, name->node.start);
    gen_position(g, n->node.aux_position);
    gen_emit(g, OP_IN_PRIVATE, dst, key, o);
    gen_release(g, mark);
    return dst;
}

/* The operators of a chain, the last one first, on its leftmost operand. */
static void gen_operators(Gen *g, Binary **chain, uint32_t count, Node *first, Slot dst)
{
    Slot left = SLOT_ANY, partial = SLOT_ANY;
    bool is_text = false;
    while (count) {
        uint32_t steps = gen_join_steps(chain, count, first, is_text);
        bool ends = count == (steps ? steps : 1);
        if (!ends && partial == SLOT_ANY) partial = gen_new_register(g);
        Slot to = ends ? dst : partial;
        if (steps) {
            gen_join(g, chain, count, steps, first, left, to);
        } else {
            if (first) left = gen_operand(g, first, chain[count - 1]->right);
            gen_binary_step(g, chain[count - 1], to, left);
        }
        is_text = steps > 0;
        count -= steps ? steps : 1;
        left = to;
        first = NULL;
    }
}

/* A chain a + b - c ... is generated from its leftmost operand on, without recursion along it. */
static Slot gen_binary(Gen *g, Binary *n, Slot dst)
{
    VEC(Binary *) chain = { 0 };
    Node *node = &n->node;
    while (node->kind == NODE_BINARY && node != g->given && ((Binary *)node)->left->kind != NODE_PRIVATE_NAME
           && ((Binary *)node)->op != TOKEN_AT) {
        VEC_PUSH_ARENA(g->c->arena, &chain, (Binary *)node);
        node = ((Binary *)node)->left;
    }
    if (chain.count == 0) {
        if (n->op == TOKEN_AT) gen_error(g, DIAG_NOT_YET, &n->node, "@");
        return n->op == TOKEN_AT ? gen_dst(g, dst) : gen_in_private(g, n, dst);
    }
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    gen_operators(g, chain.items, chain.count, node, dst);
    gen_release(g, mark);
    return dst;
}

/* ---- conditions -------------------------------------------------------------------------------------------------- */

typedef struct CompareJump {
    uint8_t token;
    Opcode  jump, jump_not, jump_int, jump_not_int;      // int forms: OP_COUNT when there is none
} CompareJump;

static const CompareJump gen_compare_jumps[] = {
    { TOKEN_LESS, OP_JUMP_LT, OP_JUMP_NOT_LT, OP_JUMP_LT_INT, OP_JUMP_NOT_LT_INT },
    { TOKEN_LESS_EQUAL, OP_JUMP_LE, OP_JUMP_NOT_LE, OP_JUMP_LE_INT, OP_JUMP_NOT_LE_INT },
    { TOKEN_GREATER, OP_JUMP_GT, OP_JUMP_NOT_GT, OP_JUMP_GT_INT, OP_JUMP_NOT_GT_INT },
    { TOKEN_GREATER_EQUAL, OP_JUMP_GE, OP_JUMP_NOT_GE, OP_JUMP_GE_INT, OP_JUMP_NOT_GE_INT },
    { TOKEN_EQUAL, OP_JUMP_EQ, OP_JUMP_NE, OP_COUNT, OP_COUNT },
    { TOKEN_NOT_EQUAL, OP_JUMP_NE, OP_JUMP_EQ, OP_COUNT, OP_COUNT },
    { TOKEN_STRICT_EQUAL, OP_JUMP_SEQ, OP_JUMP_SNE, OP_JUMP_SEQ_INT, OP_JUMP_SNE_INT },
    { TOKEN_STRICT_NOT_EQUAL, OP_JUMP_SNE, OP_JUMP_SEQ, OP_JUMP_SNE_INT, OP_JUMP_SEQ_INT },
};

static const CompareJump *gen_find_compare(const Node *node)
{
    if (node->kind != NODE_BINARY || ((const Binary *)node)->left->kind == NODE_PRIVATE_NAME) return NULL;
    for (size_t i = 0; i < COUNT_OF(gen_compare_jumps); i++)
        if (gen_compare_jumps[i].token == ((const Binary *)node)->op) return &gen_compare_jumps[i];
    return NULL;
}

static bool gen_is_nullish_literal(const Node *node)
{
    return node->kind == NODE_NULL_LITERAL;
}

static void gen_compare_condition(Gen *g, Binary *n, const CompareJump *c, Label *if_true, Label *if_false, bool falls_to_true)
{
    int32_t mark = gen_mark(g), i;
    Label *target = falls_to_true ? if_false : if_true;
    bool loose = n->op == TOKEN_EQUAL || n->op == TOKEN_NOT_EQUAL;
    if (loose && gen_is_nullish_literal(n->right)) {
        Slot v = gen_expr(g, n->left, SLOT_ANY);
        bool jump_if_nullish = (n->op == TOKEN_EQUAL) != falls_to_true;
        gen_jump(g, jump_if_nullish ? OP_JUMP_NULLISH : OP_JUMP_NOT_NULLISH, target, v, 0);
    } else if (c->jump_int != OP_COUNT && gen_small_int(n->right, &i)) {
        Slot left = gen_expr(g, n->left, SLOT_ANY);
        gen_position(g, n->node.aux_position);
        gen_jump(g, falls_to_true ? c->jump_not_int : c->jump_int, target, left, i);
    } else {
        Slot left = gen_operand(g, n->left, n->right), right = gen_expr(g, n->right, SLOT_ANY);
        gen_position(g, n->node.aux_position);
        gen_jump(g, falls_to_true ? c->jump_not : c->jump, target, left, right);
    }
    gen_release(g, mark);
}

void gen_condition(Gen *g, Node *node, Label *if_true, Label *if_false, bool falls_to_true)
{
    const CompareJump *compare = gen_find_compare(node);
    if (compare) {
        gen_compare_condition(g, (Binary *)node, compare, if_true, if_false, falls_to_true);
        return;
    }
    if (node->kind == NODE_UNARY && ((Unary *)node)->op == TOKEN_NOT) {
        gen_condition(g, ((Unary *)node)->operand, if_false, if_true, !falls_to_true);
        return;
    }
    if (node->kind == NODE_LOGICAL && ((Logical *)node)->op != TOKEN_NULLISH) {
        Logical *n = (Logical *)node;
        Label second = { .position = -1 };
        if (n->op == TOKEN_AND) gen_condition(g, n->left, &second, if_false, true);
        else gen_condition(g, n->left, if_true, &second, false);
        gen_bind(g, &second);
        gen_condition(g, n->right, if_true, if_false, falls_to_true);
        return;
    }
    if (node->kind == NODE_TRUE_LITERAL || node->kind == NODE_FALSE_LITERAL) {
        bool is_true = node->kind == NODE_TRUE_LITERAL;
        if (is_true != falls_to_true) gen_jump(g, OP_JUMP, is_true ? if_true : if_false, 0, 0);
        return;
    }
    int32_t mark = gen_mark(g);
    Slot v = gen_expr(g, node, SLOT_ANY);
    if (falls_to_true) gen_jump(g, OP_JUMP_FALSE, if_false, v, 0);
    else gen_jump(g, OP_JUMP_TRUE, if_true, v, 0);
    gen_release(g, mark);
}

/* ---- logical, conditional, sequence ------------------------------------------------------------------------------ */

static Slot gen_logical(Gen *g, Logical *n, Slot dst)
{
    Label end = { .position = -1 };
    dst = gen_dst(g, dst);
    gen_expr(g, n->left, dst);
    Opcode op = n->op == TOKEN_AND ? OP_JUMP_FALSE : n->op == TOKEN_OR ? OP_JUMP_TRUE : OP_JUMP_NOT_NULLISH;
    gen_jump(g, op, &end, dst, 0);
    gen_expr(g, n->right, dst);
    gen_bind(g, &end);
    return dst;
}

static Slot gen_conditional(Gen *g, Conditional *n, Slot dst)
{
    Label yes = { .position = -1 }, no = { .position = -1 }, end = { .position = -1 };
    dst = gen_dst(g, dst);
    gen_condition(g, n->test, &yes, &no, true);
    gen_bind(g, &yes);
    gen_expr(g, n->consequent, dst);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &no);
    gen_expr(g, n->alternate, dst);
    gen_bind(g, &end);
    return dst;
}

/* ---- everything -------------------------------------------------------------------------------------------------- */

bool gen_is_anonymous_function(const Node *node)
{
    if (node->kind == NODE_FUNCTION) return !((const Function *)node)->name;
    return node->kind == NODE_CLASS && !((const Class *)node)->name;
}

void gen_named(Gen *g, Node *node, Slot dst, const Name *name)
{
    if (node->kind == NODE_FUNCTION && !((Function *)node)->name) gen_closure(g, ((Function *)node)->info, dst, name);
    else if (node->kind == NODE_CLASS && !((Class *)node)->name) gen_class(g, (Class *)node, dst, name);
    else gen_expr(g, node, dst);
}

static Slot gen_new_target(Gen *g, NewTarget *n, Slot dst)
{
    return gen_load_binding(g, n->binding, dst, n->node.start);
}

static Slot gen_import_call(Gen *g, ImportCall *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot specifier = gen_expr(g, n->specifier, gen_new_register(g)), options = gen_new_register(g);
    if (n->options) gen_expr(g, n->options, options);
    else gen_load_small(g, options, SMALL_UNDEFINED);
    int phase = !n->phase ? 0 : n->phase->word == WORD_DEFER ? 1 : 2;
    gen_position(g, n->node.start);
    gen_emit(g, OP_IMPORT_CALL, dst, specifier, options, phase);
    gen_release(g, mark);
    return dst;
}

static Slot gen_sequence(Gen *g, Sequence *n, Slot dst)
{
    for (uint32_t i = 0; i + 1 < n->expressions.count; i++) gen_effect(g, n->expressions.items[i]);
    return gen_expr(g, n->expressions.items[n->expressions.count - 1], dst);
}

static Slot gen_await_expr(Gen *g, Await *n, Slot dst)
{
    if (n->reading) return gen_expr(g, n->reading, dst);
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot v = gen_expr(g, n->argument, SLOT_ANY);
    gen_await(g, v, dst, n->node.start);
    gen_release(g, mark);
    return dst;
}

static Slot gen_constant(Gen *g, Slot dst, uint32_t constant)
{
    dst = gen_dst(g, dst);
    gen_emit(g, OP_LOAD_CONSTANT, dst, constant);
    return dst;
}

static Slot gen_literal(Gen *g, Node *node, Slot dst)
{
    dst = gen_dst(g, dst);
    switch (node->kind) {
    case NODE_NUMBER:        gen_number(g, ((NumberLiteral *)node)->value, dst); break;
    case NODE_TRUE_LITERAL:  gen_load_small(g, dst, SMALL_TRUE); break;
    case NODE_FALSE_LITERAL: gen_load_small(g, dst, SMALL_FALSE); break;
    case NODE_NULL_LITERAL:  gen_load_small(g, dst, SMALL_NULL); break;
    case NODE_TEMPLATE:      gen_template(g, (TemplateLiteral *)node, dst); break;
    case NODE_REGEXP: {
        const RegExpLiteral *r = (const RegExpLiteral *)node;
        UnitConstant k = { .kind = CONSTANT_REGEXP, .index = gen_string(g->c, r->pattern), .count = gen_string(g->c, r->flags) };
        gen_position(g, node->start);
        gen_emit(g, OP_NEW_REGEXP, dst, gen_add_constant(g, k));
        break;
    }
    default: break;
    }
    return dst;
}

Slot gen_expr(Gen *g, Node *node, Slot dst)
{
    if (scope_is_too_deep(g->c->a, node)) {
        g->c->failed = true;
        return gen_dst(g, dst);
    }
    if (node == g->given) {
        if (dst != SLOT_ANY) gen_move(g, dst, g->given_slot);
        return dst == SLOT_ANY ? g->given_slot : dst;
    }
    switch (node->kind) {
    case NODE_IDENTIFIER:      return gen_load_name(g, (Identifier *)node, dst, false);
    case NODE_STRING:          return gen_constant(g, dst, gen_constant_string(g, ((StringLiteral *)node)->value));
    case NODE_BIGINT:
        return gen_constant(g, dst, gen_add_constant(g, (UnitConstant){ .kind = CONSTANT_BIGINT,
                                                                        .index = gen_string(g->c, ((BigIntLiteral *)node)->digits) }));
    case NODE_TAGGED_TEMPLATE: return gen_tagged_template(g, (TaggedTemplate *)node, dst);
    case NODE_THIS:            return gen_this(g, ((ThisExpression *)node)->binding, dst, node->start);
    case NODE_NEW_TARGET:      return gen_new_target(g, (NewTarget *)node, dst);
    case NODE_IMPORT_META:
        dst = gen_dst(g, dst);
        gen_emit(g, OP_IMPORT_META, dst);
        return dst;
    case NODE_ARRAY:           return gen_array(g, (ArrayLiteral *)node, dst);
    case NODE_OBJECT:          return gen_object(g, (ObjectLiteral *)node, dst);
    case NODE_UNARY:           return gen_unary(g, (Unary *)node, dst);
    case NODE_UPDATE:          return gen_update(g, (Update *)node, dst, true);
    case NODE_BINARY:          return gen_binary(g, (Binary *)node, dst);
    case NODE_LOGICAL:         return gen_logical(g, (Logical *)node, dst);
    case NODE_ASSIGN:          return gen_assign(g, (Assign *)node, dst);
    case NODE_CONDITIONAL:     return gen_conditional(g, (Conditional *)node, dst);
    case NODE_SEQUENCE:        return gen_sequence(g, (Sequence *)node, dst);
    case NODE_MEMBER:          return gen_member(g, (Member *)node, dst);
    case NODE_INDEX:           return gen_index(g, (Index *)node, dst);
    case NODE_PRIVATE_MEMBER:  return gen_private_member(g, (PrivateMember *)node, dst);
    case NODE_CALL:            return gen_call(g, (Call *)node, dst);
    case NODE_SUPER_CALL:      return gen_super_call(g, (SuperCall *)node, dst);
    case NODE_NEW:             return gen_new(g, (New *)node, dst);
    case NODE_OPTIONAL_CHAIN:  return gen_chain(g, (OptionalChain *)node, dst);
    case NODE_IMPORT_CALL:     return gen_import_call(g, (ImportCall *)node, dst);
    case NODE_YIELD:           return gen_yield(g, (Yield *)node, dst);
    case NODE_AWAIT:           return gen_await_expr(g, (Await *)node, dst);
    case NODE_FUNCTION:        return gen_closure(g, ((Function *)node)->info, dst, ((Function *)node)->name);
    case NODE_CLASS:           return gen_class(g, (Class *)node, dst, ((Class *)node)->name);
    case NODE_TYPE_ASSERTION:  return gen_expr(g, ((TypeAssertion *)node)->expression, dst);
    case NODE_GO:              return gen_go(g, (Go *)node, dst, true);
    case NODE_RECEIVE:         return gen_receive(g, (Receive *)node, dst);
    case NODE_SEND:            return gen_send(g, (Send *)node, dst);
    case NODE_MAKE_CHANNEL:    return gen_make_channel(g, (MakeChannel *)node, dst);
    case NODE_SLICE:
        gen_error(g, DIAG_NOT_YET, node, "slices");
        return gen_dst(g, dst);
    default:                   return gen_literal(g, node, dst);
    }
}

void gen_effect(Gen *g, Node *node)
{
    int32_t mark = gen_mark(g);
    if (node->kind == NODE_UPDATE) gen_update(g, (Update *)node, SLOT_ANY, false);
    else if (node->kind == NODE_GO) gen_go(g, (Go *)node, SLOT_ANY, false);
    else if (node->kind != NODE_ASSIGN || !gen_swap(g, (Assign *)node)) gen_expr(g, node, SLOT_ANY);
    gen_release(g, mark);
}
