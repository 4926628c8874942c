/* SPDX-License-Identifier: MIT */
/* parse_suffix.c - what follows a primary expression: members, calls, templates, optional chains; and `new`
 * (ECMA-262 13.3).
 *
 * I1  A chain with `?.` in it is one OPTIONAL_CHAIN around all its links; the links behind the `?.` are
 *     plain.
 * I2  TypeScript's `!` and type arguments take part in a chain and leave no trace in an optional one. */
#include "compiler/parser_int.h"

typedef struct Chain {
    Node    *node;                   // so far
    uint32_t start;
    uint32_t links;
    bool     allows_calls;           // false: the callee of `new`
    bool     is_optional;            // I1
} Chain;

/* ---- members ------------------------------------------------------------------------------------------- */

Node *parse_suffix_member(Parser *p, Node *object, uint32_t start, bool is_optional)
{
    uint32_t name_start = PARSER_HERE(p);
    if (parser_at(p, TOKEN_PRIVATE_NAME)) {
        PrivateMember *node = NEW_NODE(p, PRIVATE_MEMBER, PrivateMember, start);
        PrivateName *name = NEW_NODE(p, PRIVATE_NAME, PrivateName, name_start);
        name->name = p->token.name;
        name->node.flags = p->token.flags;
        if (object->kind == NODE_SUPER) parser_error(p, DIAG_SUPER_PRIVATE, name_start, p->token.end);
        parser_next(p);
        node->object = object;
        node->name = FINISH(p, name);
        node->optional = is_optional;
        node->node.aux_position = name_start;
        return FINISH(p, node);
    }
    Member *node = NEW_NODE(p, MEMBER, Member, start);
    node->object = object;
    if (!parser_at_name(p)) parser_unexpected(p, "a property name");
    node->name = p->token.name;
    parser_next(p);
    node->optional = is_optional;
    node->node.aux_position = name_start;
    return FINISH(p, node);
}

/* At `[`. */
static Node *parse_index(Parser *p, Node *object, uint32_t start, bool is_optional)
{
    ASSERT(parser_at(p, TOKEN_LEFT_BRACKET), "at `[`");
    Index *node = NEW_NODE(p, INDEX, Index, start);
    parser_next(p);
    node->node.aux_position = PARSER_HERE(p);
    node->object = object;
    node->optional = is_optional;
    if (parser_is_dialect(p, DIALECT_ULTRA)) node->index = parse_expr_in(p, IN_SLICE, parse_ultra_index);
    else node->index = parse_expr_in(p, 0, parse_expr_any);
    parser_expect(p, TOKEN_RIGHT_BRACKET);
    return FINISH(p, node);
}

Node *parse_suffix_super(Parser *p)
{
    ASSERT(parser_at(p, TOKEN_SUPER), "at `super`");
    uint32_t start = PARSER_HERE(p);
    const FunctionContext *f = p->now.function;
    SuperKeyword *super = NEW_NODE(p, SUPER, SuperKeyword, start);
    parser_next(p);
    FINISH(p, super);
    if (parser_at(p, TOKEN_LEFT_PAREN)) {
        if (!f->allows_super_call) parser_error(p, DIAG_SUPER_CALL, start, p->previous_end);
        SuperCall *call = NEW_NODE(p, SUPER_CALL, SuperCall, start);
        call->arguments = parse_suffix_arguments(p);
        return FINISH(p, call);
    }
    if (!f->allows_super_member) parser_error(p, DIAG_SUPER_MEMBER, start, p->previous_end);
    if (parser_at(p, TOKEN_LEFT_BRACKET)) return parse_index(p, &super->node, start, false);
    if (!parser_take(p, TOKEN_DOT)) parser_unexpected(p, "`(`, `.` or `[` after `super`");
    return parse_suffix_member(p, &super->node, start, false);
}

/* ---- calls --------------------------------------------------------------------------------------------- */

static Node *parse_argument(Parser *p)
{
    if (parser_at(p, TOKEN_ELLIPSIS)) {
        Spread *node = NEW_NODE(p, SPREAD, Spread, PARSER_HERE(p));
        parser_next(p);
        node->argument = parse_expr_assignment(p);
        return FINISH(p, node);
    }
    return parse_ultra_named_argument(p, parse_expr_assignment(p));
}

static NodeList parse_argument_list(Parser *p)
{
    ASSERT(parser_at(p, TOKEN_LEFT_PAREN), "at `(`");
    uint32_t begin = parser_list_begin(p);
    parser_next(p);
    while (!parser_at(p, TOKEN_RIGHT_PAREN)) {
        parser_list_push(p, parse_argument(p));
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    if (!parser_at(p, TOKEN_RIGHT_PAREN)) parser_unexpected(p, "`,` or `)`");
    parser_next(p);
    return parser_list_end(p, begin);
}

NodeList parse_suffix_arguments(Parser *p)
{
    uint32_t outer = p->now.in;
    p->now.in = 0;
    NodeList arguments = parse_argument_list(p);
    parse_ultra_name_arguments(p, &arguments);
    p->now.in = outer;
    return arguments;
}

/* Where a failing call is shown: at the name of what is called. */
static uint32_t call_position(const Node *callee, uint32_t start)
{
    if (callee->flags & FLAG_PARENTHESIZED) return start;
    switch (callee->kind) {
    case NODE_MEMBER: case NODE_PRIVATE_MEMBER: case NODE_INDEX: return callee->aux_position;
    default: return start;
    }
}

Node *parse_suffix_call(Parser *p, Node *callee, uint32_t start, NodeList arguments, bool is_optional)
{
    Call *node = NEW_NODE(p, CALL, Call, start);
    node->callee = callee;
    node->arguments = arguments;
    node->optional = is_optional;
    node->node.aux_position = call_position(callee, start);
    return FINISH(p, node);
}

static Node *parse_tagged_template(Parser *p, Node *tag, uint32_t start)
{
    TaggedTemplate *node = NEW_NODE(p, TAGGED_TEMPLATE, TaggedTemplate, start);
    node->tag = tag;
    node->quasi = parse_primary_template(p, true);
    return FINISH(p, node);
}

/* ---- the chain ----------------------------------------------------------------------------------------- */

/* TypeScript's `x!`: not across a line end. */
static bool parse_non_null(Parser *p, Chain *c)
{
    if (!parser_is_dialect(p, DIALECT_TYPESCRIPT) || p->token.newline_before) return false;
    parser_next(p);
    if (c->is_optional) return true;             // I2
    TypeAssertion *node = NEW_NODE(p, TYPE_ASSERTION, TypeAssertion, c->start);
    node->op = TOKEN_NOT;
    node->expression = c->node;
    c->node = FINISH(p, node);
    return true;
}

/* Behind `?.`. */
static void parse_optional_link(Parser *p, Chain *c)
{
    c->is_optional = true;
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)
        && (parser_at(p, TOKEN_LESS) || parser_at(p, TOKEN_SHIFT_LEFT))) {
        parse_type_arguments(p);
        if (!parser_at(p, TOKEN_LEFT_PAREN)) parser_unexpected(p, "`(`");
    }
    switch ((TokenKind)p->token.kind) {
    case TOKEN_LEFT_PAREN:
        c->node = parse_suffix_call(p, c->node, c->start, parse_suffix_arguments(p), true);
        break;
    case TOKEN_LEFT_BRACKET:
        c->node = parse_index(p, c->node, c->start, true);
        break;
    case TOKEN_TEMPLATE:
        parser_fail(p, DIAG_TEMPLATE_IN_CHAIN);
    default:
        c->node = parse_suffix_member(p, c->node, c->start, true);
        break;
    }
}

/* One more link; false: the token is none. */
static bool parse_link(Parser *p, Chain *c)
{
    switch ((TokenKind)p->token.kind) {
    case TOKEN_DOT:
        parser_next(p);
        c->node = parse_suffix_member(p, c->node, c->start, false);
        return true;
    case TOKEN_LEFT_BRACKET:
        c->node = parse_index(p, c->node, c->start, false);
        return true;
    case TOKEN_LEFT_PAREN:
        if (!c->allows_calls) return false;
        if (parse_ultra_is_make_channel(p, c->node)) c->node = parse_ultra_make_channel(p, c->start);
        else c->node = parse_suffix_call(p, c->node, c->start, parse_suffix_arguments(p), false);
        return true;
    case TOKEN_TEMPLATE:
        if (c->is_optional) parser_fail(p, DIAG_TEMPLATE_IN_CHAIN);
        c->node = parse_tagged_template(p, c->node, c->start);
        return true;
    case TOKEN_QUESTION_DOT:
        if (!c->allows_calls) parser_fail(p, DIAG_CHAIN_IN_NEW);
        parser_next(p);
        parse_optional_link(p, c);
        return true;
    case TOKEN_NOT:
        return parse_non_null(p, c);
    case TOKEN_LESS: case TOKEN_SHIFT_LEFT:
        return parser_is_dialect(p, DIALECT_TYPESCRIPT) && parse_type_try_arguments(p);
    default:
        return false;
    }
}

Node *parse_suffix_rest(Parser *p, Node *primary, uint32_t start, bool allows_calls)
{
    if (parser_is_bare_arrow(primary)) return primary;
    if (p->now.cover.initializer != NO_POSITION || p->now.cover.second_proto != NO_POSITION) return primary;
    Chain c = { .node = primary, .start = start, .allows_calls = allows_calls };
    while (!(p->now.in & IN_HEADER && p->token.newline_before) && parse_link(p, &c))
        if (++c.links > PARSER_CHAIN_LIMIT) parser_too_deep(p);
    if (!c.is_optional) return c.node;
    OptionalChain *chain = NEW_NODE(p, OPTIONAL_CHAIN, OptionalChain, start);
    chain->chain = c.node;
    return FINISH(p, chain);
}

Node *parse_suffix_chain(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    Node *primary = parse_primary_expression(p);
    return parse_suffix_rest(p, primary, start, true);
}

/* ---- new ----------------------------------------------------------------------------------------------- */

static Node *parse_new_target(Parser *p, uint32_t start)
{
    NewTarget *node = NEW_NODE(p, NEW_TARGET, NewTarget, start);
    parser_next(p);
    parser_expect_word(p, WORD_TARGET);
    if (!p->now.function->allows_new_target) parser_error(p, DIAG_NEW_TARGET, start, p->previous_end);
    return FINISH(p, node);
}

Node *parse_suffix_new(Parser *p)
{
    ASSERT(parser_at(p, TOKEN_NEW), "at `new`");
    uint32_t start = PARSER_HERE(p);
    parser_next(p);
    if (parser_at(p, TOKEN_DOT)) return parse_new_target(p, start);
    parser_enter(p);
    New *node = NEW_NODE(p, NEW, New, start);
    uint32_t callee_start = PARSER_HERE(p);
    if (parser_at(p, TOKEN_IMPORT) && parser_peek(p).kind != TOKEN_DOT) parser_fail(p, DIAG_NEW_IMPORT);
    Node *callee = parser_at(p, TOKEN_NEW) ? parse_suffix_new(p) : parse_primary_expression(p);
    if (parser_is_bare(callee, NODE_IMPORT_CALL)) parser_error_node(p, DIAG_NEW_IMPORT, callee);
    node->callee = parse_suffix_rest(p, callee, callee_start, false);
    bool has_arguments = parser_at(p, TOKEN_LEFT_PAREN)
        && !(p->now.in & IN_HEADER && p->token.newline_before);
    if (has_arguments) node->arguments = parse_suffix_arguments(p);
    if (parse_ultra_is_struct(p)) node->initializer = parse_ultra_struct(p);
    parser_leave(p);
    return FINISH(p, node);
}
