/* SPDX-License-Identifier: MIT */
/* parse_await.c - `await` outside async functions, where JavaScript may read a name. Invariants: parse_ultra.c. */
#include "compiler/parser_int.h"

/* ---- await --------------------------------------------------------------------------------------------- */

/* Is await an operator here only as an extension: in a function that is not async, or at a script's top
 * level? */
static bool is_extended_await(const Parser *p)
{
    return parse_ultra_is_on(p) || (p->options->kind == PARSER_REPL && p->now.function->is_top_level);
}

static bool is_undetected_module(const Parser *p)
{
    return p->options->kind == PARSER_DETECT && !p->is_module && p->now.function->is_top_level;
}

/* Behind the identifier `await` on the same line, would JavaScript reject this token? */
static bool is_rejected_after_name(const Parser *p, const Token *t)
{
    switch ((TokenKind)t->kind) {
    case TOKEN_IDENTIFIER:
        return parse_ultra_is_operand_word(t);
    case TOKEN_NUMBER: case TOKEN_BIGINT: case TOKEN_STRING: case TOKEN_TRUE_LITERAL:
    case TOKEN_FALSE_LITERAL: case TOKEN_NULL_LITERAL: case TOKEN_THIS: case TOKEN_SUPER: case TOKEN_NEW:
    case TOKEN_FUNCTION: case TOKEN_CLASS: case TOKEN_IMPORT: case TOKEN_TYPEOF: case TOKEN_VOID:
    case TOKEN_DELETE: case TOKEN_BIT_NOT:
        return true;
    case TOKEN_NOT:
        return !parser_is_dialect(p, DIALECT_TYPESCRIPT);
    case TOKEN_LEFT_BRACE:
        return !(p->now.in & (IN_HEADER | IN_HERITAGE));
    default:
        return false;
    }
}

UltraAwait parse_await_word(Parser *p)
{
    const FunctionContext *f = p->now.function;
    if (f->is_async) return ULTRA_AWAIT_OPERATOR;
    bool is_extended = is_extended_await(p);
    if (f->reserves_await) return is_extended ? ULTRA_AWAIT_OPERATOR : ULTRA_AWAIT_NAME;
    Token after = parser_peek(p);
    if (after.newline_before) return ULTRA_AWAIT_NAME;
    if (is_rejected_after_name(p, &after)) {
        if (is_undetected_module(p)) parser_leave_as_module(p);
        if (!is_extended) parser_fail(p, DIAG_AWAIT_POSITION);
        parse_ultra_note_extension(p);
        return ULTRA_AWAIT_OPERATOR;
    }
    bool has_both = after.kind == TOKEN_LEFT_PAREN || after.kind == TOKEN_LEFT_BRACKET
        || after.kind == TOKEN_TEMPLATE;
    return is_extended && has_both ? ULTRA_AWAIT_EITHER : ULTRA_AWAIT_NAME;
}

bool parse_await_allows_for(Parser *p)
{
    if (p->now.function->is_async) return true;
    if (is_undetected_module(p)) parser_leave_as_module(p);
    if (is_extended_await(p)) parse_ultra_note_extension(p);
    return is_extended_await(p);
}

/* What a link of the chain `await(x).y` applies to. */
static Node **chain_object(Node *link)
{
    switch (link->kind) {
    case NODE_MEMBER:          return &((Member *)link)->object;
    case NODE_INDEX:           return &((Index *)link)->object;
    case NODE_PRIVATE_MEMBER:  return &((PrivateMember *)link)->object;
    case NODE_CALL:            return &((Call *)link)->callee;
    case NODE_TAGGED_TEMPLATE: return &((TaggedTemplate *)link)->tag;
    case NODE_OPTIONAL_CHAIN:  return &((OptionalChain *)link)->chain;
    case NODE_TYPE_ASSERTION:  return &((TypeAssertion *)link)->expression;
    default:                   return NULL;
    }
}

static Node *make_sequence(Parser *p, const NodeList *items)
{
    for (uint32_t i = 0; i < items->count; i++)
        if (items->items[i]->kind == NODE_SPREAD || items->items[i]->kind == NODE_NAMED_ARGUMENT) return NULL;
    if (items->count <= 1) return items->count ? items->items[0] : NULL;
    Sequence *sequence = NEW_NODE(p, SEQUENCE, Sequence, items->items[0]->start);
    sequence->expressions = *items;
    sequence->node.end = items->items[items->count - 1]->end;
    sequence->node.flags = FLAG_PARENTHESIZED;
    return &sequence->node;
}

/* `[x, y]` of what was read as an index. */
static Node *make_array(Parser *p, const Index *link)
{
    if (link->index->kind == NODE_SLICE_LIST) return NULL;
    Lexer lexer = p->lexer;
    Token bracket = { .end = link->object->end };
    lexer_rewind(&lexer, &bracket);
    lexer_next(&lexer, &bracket);
    ArrayLiteral *array = NEW_NODE(p, ARRAY, ArrayLiteral, bracket.start);
    array->elements = parser_is_bare(link->index, NODE_SEQUENCE)
        ? ((Sequence *)link->index)->expressions
        : (NodeList){ arena_copy(p->arena, &link->index, sizeof link->index), 1 };
    array->node.end = link->node.end;
    return &array->node;
}

/* The operand of `await` when the chain's first link, applied to the name `await`, is read as one; NULL: it
 * cannot. */
static Node *first_link_as_operand(Parser *p, Node *link)
{
    switch (link->kind) {
    case NODE_CALL: return ((Call *)link)->optional ? NULL : make_sequence(p, &((Call *)link)->arguments);
    case NODE_INDEX:           return ((Index *)link)->optional ? NULL : make_array(p, (Index *)link);
    case NODE_TAGGED_TEMPLATE: return ((TaggedTemplate *)link)->quasi;
    default:                   return NULL;
    }
}

/* The chain with `await` taken off its front, its links made anew. */
static Node *read_as_awaited(Parser *p, Node *chain, const Node *name)
{
    uint32_t begin = parser_list_begin(p);
    Node *link = chain;
    for (Node **object; (object = chain_object(link)) && *object != name; link = *object)
        parser_list_push(p, link);
    Node *reading = chain_object(link) ? first_link_as_operand(p, link) : NULL;
    for (uint32_t i = p->now.pending_count; reading && i > begin; i--) {
        Node *outer = p->pending.items[i - 1];
        Node *copy = arena_copy(p->arena, outer, ast_size(outer->kind));
        copy->start = reading->start;
        *chain_object(copy) = reading;
        reading = copy;
    }
    p->now.pending_count = begin;
    return reading;
}

Node *parse_await_either(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    Node *name = parser_identifier(p);
    Node *chain = parse_suffix_rest(p, name, start, true);
    if (parser_at(p, TOKEN_EXPONENT)) return chain;
    Node *argument = read_as_awaited(p, chain, name);
    if (!argument) return chain;
    Await *node = NEW_NODE(p, AWAIT, Await, start);
    node->argument = argument;
    node->identifier_reading = chain;
    return FINISH(p, node);
}

/* A trial at `await -x`, `await +x` or `await <-x`: both readings, if they end at the same token. */
static bool parse_signed(Parser *p, void *context)
{
    uint32_t start = PARSER_HERE(p);
    Node *name = parser_identifier(p);
    Token op = p->token;
    bool is_receive = op.kind == TOKEN_LESS;
    parser_next(p);
    if (is_receive) parser_next(p);
    Node *operand = parse_expr_unary(p);
    if (parse_expr_precedence_here(p) > parse_expr_precedence_of(op.kind)) return false;
    Unary *negated = NEW_NODE(p, UNARY, Unary, is_receive ? op.start + 1 : op.start);
    negated->op = is_receive ? TOKEN_MINUS : op.kind;
    negated->operand = operand;
    FINISH(p, negated);
    Binary *binary = NEW_NODE(p, BINARY, Binary, start);
    binary->op = op.kind;
    binary->left = name;
    binary->right = is_receive ? &negated->node : operand;
    binary->node.aux_position = op.start;
    FINISH(p, binary);
    Await *node = NEW_NODE(p, AWAIT, Await, start);
    node->argument = &negated->node;
    node->identifier_reading = p->now.extension_end > start ? NULL : &binary->node;
    if (is_receive) {
        Receive *receive = NEW_NODE(p, RECEIVE, Receive, op.start);
        receive->channel = operand;
        node->argument = FINISH(p, receive);
    }
    *(Node **)context = FINISH(p, node);
    return true;
}

Node *parse_await_signed(Parser *p, int precedence)
{
    const FunctionContext *f = p->now.function;
    if (f->is_async || f->reserves_await || !is_extended_await(p)) return NULL;
    Token after = parser_peek(p);
    bool is_sign = after.kind == TOKEN_PLUS || after.kind == TOKEN_MINUS;
    if (after.newline_before || !(is_sign || parse_ultra_is_left_arrow(p, &after))) return NULL;
    if (parse_expr_precedence_of(after.kind) <= precedence) return NULL;
    Node *node = NULL;
    return parser_try(p, parse_signed, &node) ? node : NULL;
}
