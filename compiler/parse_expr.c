/* SPDX-License-Identifier: MIT */
/* parse_expr.c - expressions: assignment, conditional, operators (ECMA-262 13.3 to 13.16).
 *
 * I1  Patterns and arrow parameters are read as expressions first. What only a pattern may contain (`{a =
 *     1}`) is noted in now.cover; an object or array literal with such a note is handed upwards at once, so
 *     that only what may follow a pattern can follow it. Whoever knows that no pattern comes calls
 *     parse_expr_settle_cover.
 * I2  An arrow function can only start where an assignment expression does: `arrow_start` is that place.
 *     A bare arrow is complete: no operator, call or member access applies to it.
 * I3  `start` is the first byte of the expression, an opening parenthesis included, which a node's own start
 *     is not. */
#include "compiler/parser_int.h"

/* ---- cover grammar ------------------------------------------------------------------------------------- */

static const Cover no_cover = { NO_POSITION, NO_POSITION };

static bool has_cover(const Parser *p)
{
    return p->now.cover.initializer != NO_POSITION || p->now.cover.second_proto != NO_POSITION;
}

void parse_expr_settle_cover(Parser *p)
{
    Cover *c = &p->now.cover;
    if (c->initializer != NO_POSITION)
        parser_error(p, DIAG_SHORTHAND_INITIALIZER, c->initializer, c->initializer + 1);
    if (c->second_proto != NO_POSITION)
        parser_error(p, DIAG_SECOND_PROTO, c->second_proto, c->second_proto + 9);
    *c = no_cover;
}

static bool may_be_pattern(const Node *e)
{
    return parser_is_bare(e, NODE_OBJECT) || parser_is_bare(e, NODE_ARRAY);
}

Node *parse_expr_in(Parser *p, uint32_t in, Node *(*parse)(Parser *p))
{
    uint32_t outer = p->now.in;
    p->now.in = in;
    Node *node = parse(p);
    p->now.in = outer;
    return node;
}

/* ---- yield and await ----------------------------------------------------------------------------------- */

bool parse_expr_can_start(const Parser *p)
{
    switch ((TokenKind)p->token.kind) {
    case TOKEN_RIGHT_PAREN: case TOKEN_RIGHT_BRACKET: case TOKEN_RIGHT_BRACE: case TOKEN_COMMA:
    case TOKEN_SEMICOLON: case TOKEN_COLON: case TOKEN_END: case TOKEN_IN: case TOKEN_QUESTION:
    case TOKEN_ASSIGN: case TOKEN_ARROW:
        return false;
    default:
        return true;
    }
}

static Node *parse_yield(Parser *p)
{
    Yield *node = NEW_NODE(p, YIELD, Yield, PARSER_HERE(p));
    if (p->now.function->in_parameters)
        parser_error(p, DIAG_YIELD_IN_PARAMETERS, p->token.start, p->token.end);
    p->now.yield_position = p->token.start;
    parser_next(p);
    if (!p->token.newline_before) {
        node->delegate = parser_take(p, TOKEN_STAR);
        if (node->delegate || parse_expr_can_start(p)) node->argument = parse_expr_assignment(p);
    }
    return FINISH(p, node);
}

/* A unary operator's result may not be the base of `**`. */
static Node *finish_unary(Parser *p, Node *node)
{
    node->end = p->previous_end;
    if (parser_at(p, TOKEN_EXPONENT)) parser_error(p, DIAG_UNARY_BEFORE_POWER, node->start, node->end);
    return node;
}

static Node *parse_await(Parser *p)
{
    Await *node = NEW_NODE(p, AWAIT, Await, PARSER_HERE(p));
    FunctionContext *f = p->now.function;
    if (f->in_parameters && f->is_async)
        parser_error(p, DIAG_AWAIT_IN_PARAMETERS, p->token.start, p->token.end);
    if (f->is_top_level) p->has_await = true;
    p->now.await_position = p->token.start;
    parser_next(p);
    parser_enter(p);
    node->argument = parse_expr_unary(p);
    parser_leave(p);
    return finish_unary(p, &node->node);
}

/* ---- unary operators ----------------------------------------------------------------------------------- */

/* Is it a private member, or a chain that ends in one? */
static bool is_private_reference(const Node *e)
{
    if (e->kind == NODE_OPTIONAL_CHAIN) e = ((const OptionalChain *)e)->chain;
    return e->kind == NODE_PRIVATE_MEMBER;
}

static Node *parse_prefix_operator(Parser *p)
{
    parser_enter(p);
    Unary *node = NEW_NODE(p, UNARY, Unary, PARSER_HERE(p));
    node->op = p->token.kind;
    parser_next(p);
    node->operand = parse_expr_unary(p);
    if (node->op == TOKEN_DELETE) {
        if (p->now.is_strict && node->operand->kind == NODE_IDENTIFIER)
            parser_error_node(p, DIAG_STRICT_DELETE, node->operand);
        if (is_private_reference(node->operand)) parser_error_node(p, DIAG_DELETE_PRIVATE, node->operand);
    }
    parser_leave(p);
    return finish_unary(p, &node->node);
}

static Node *make_update(Parser *p, uint32_t start, Node *target, bool is_prefix)
{
    Update *node = NEW_NODE(p, UPDATE, Update, start);
    node->prefix = is_prefix;
    node->target = target;
    return &node->node;
}

static Node *parse_prefix_update(Parser *p)
{
    parser_enter(p);
    uint32_t start = PARSER_HERE(p);
    TokenKind op = p->token.kind;
    parser_next(p);
    Node *target = parse_pattern_loose_target(p, parse_expr_unary(p), DIAG_BAD_UPDATE_TARGET);
    Update *node = (Update *)make_update(p, start, target, true);
    node->op = op;
    parser_leave(p);
    return FINISH(p, node);
}

static Node *parse_postfix_update(Parser *p, uint32_t start, Node *operand)
{
    Node *target = parse_pattern_loose_target(p, operand, DIAG_BAD_UPDATE_TARGET);
    Update *node = (Update *)make_update(p, start, target, false);
    node->op = p->token.kind;
    parser_next(p);
    return FINISH(p, node);
}

static bool is_postfix_update(const Parser *p, const Node *operand)
{
    return (parser_at(p, TOKEN_INCREMENT) || parser_at(p, TOKEN_DECREMENT)) && !p->token.newline_before
        && !parser_is_bare_arrow(operand);
}

/* An operand that starts with a word which may be an operator here; NULL: it is an identifier. */
static Node *parse_word_operator(Parser *p)
{
    if (parser_at_word(p, WORD_AWAIT)) {
        switch (parse_await_word(p)) {
        case ULTRA_AWAIT_OPERATOR: return parse_await(p);
        case ULTRA_AWAIT_EITHER:   return parse_await_either(p);
        case ULTRA_AWAIT_NAME:     return NULL;
        }
    }
    return parse_ultra_is_go(p) ? parse_ultra_go(p) : NULL;
}

Node *parse_expr_unary(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    switch ((TokenKind)p->token.kind) {
    case TOKEN_NOT: case TOKEN_BIT_NOT: case TOKEN_PLUS: case TOKEN_MINUS: case TOKEN_TYPEOF: case TOKEN_VOID:
    case TOKEN_DELETE:
        return parse_prefix_operator(p);
    case TOKEN_INCREMENT: case TOKEN_DECREMENT:
        return parse_prefix_update(p);
    case TOKEN_LESS: case TOKEN_SHIFT_LEFT:
        if (parse_ultra_is_receive(p)) return finish_unary(p, parse_ultra_receive(p));
        if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) return finish_unary(p, parse_typescript_angle(p));
        break;
    case TOKEN_IDENTIFIER:
        if (LIKELY(p->token.name->word == WORD_NONE)) break;
        Node *operation = parse_word_operator(p);
        if (operation) return operation;
        break;
    default:
        break;
    }
    Node *operand = parse_suffix_chain(p);
    return is_postfix_update(p, operand) ? parse_postfix_update(p, start, operand) : operand;
}

/* ---- binary operators ---------------------------------------------------------------------------------- */

static const uint8_t precedences[TOKEN_COUNT] = {
#define TOKEN(name, text)
#define PUNCTUATOR(name, text, precedence) [TOKEN_##name] = precedence,
#define KEYWORD(name, text)
#include "compiler/token.def"
    [TOKEN_INSTANCEOF] = PRECEDENCE_RELATIONAL,
};

int parse_expr_precedence_of(TokenKind op)
{
    if (op == TOKEN_IN) return PRECEDENCE_RELATIONAL;
    return op == TOKEN_AT ? PRECEDENCE_MULTIPLICATIVE : precedences[op];
}

/* The precedence of the token as a binary operator at this place; 0: it is none. */
int parse_expr_precedence_here(const Parser *p)
{
    if (p->now.in & IN_HEADER && p->token.newline_before) return 0;
    switch ((TokenKind)p->token.kind) {
    case TOKEN_IN:         return p->now.in & IN_FOR_INIT ? 0 : PRECEDENCE_RELATIONAL;
    case TOKEN_AT:         return parse_ultra_is_matrix_product(p) ? PRECEDENCE_MULTIPLICATIVE : 0;
    case TOKEN_IDENTIFIER: return parse_type_is_assertion(p) ? PRECEDENCE_RELATIONAL : 0;
    default:               return precedences[p->token.kind];
    }
}

static bool is_bare_logical(const Node *e, TokenKind op, TokenKind other_op)
{
    if (!parser_is_bare(e, NODE_LOGICAL)) return false;
    const Logical *l = (const Logical *)e;
    return l->op == op || l->op == other_op;
}

static Node *make_binary(Parser *p, uint32_t start, const Token *op, Node *left, Node *right)
{
    if (op->kind == TOKEN_AND || op->kind == TOKEN_OR || op->kind == TOKEN_NULLISH) {
        Logical *node = NEW_NODE(p, LOGICAL, Logical, start);
        node->op = op->kind;
        node->left = left;
        node->right = right;
        if (op->kind == TOKEN_NULLISH
            && (is_bare_logical(left, TOKEN_AND, TOKEN_OR) || is_bare_logical(right, TOKEN_AND, TOKEN_OR)))
            parser_error(p, DIAG_MIXED_NULLISH, op->start, op->end);
        return FINISH(p, node);
    }
    Binary *node = NEW_NODE(p, BINARY, Binary, start);
    node->op = op->kind;
    node->left = left;
    node->right = right;
    node->node.aux_position = op->start;
    return FINISH(p, node);
}

/* `#x` as the left operand of `in`. */
static Node *parse_private_operand(Parser *p, int precedence)
{
    PrivateName *node = NEW_NODE(p, PRIVATE_NAME, PrivateName, PARSER_HERE(p));
    node->name = p->token.name;
    node->node.flags = p->token.flags;
    if (precedence >= PRECEDENCE_RELATIONAL) parser_unexpected(p, "an expression");
    parser_next(p);
    if (!parser_at(p, TOKEN_IN) || parse_expr_precedence_here(p) == 0)
        parser_unexpected(p, "`in` after a private name");
    return FINISH(p, node);
}

static Node *parse_operand(Parser *p, int precedence)
{
    if (UNLIKELY(parser_at(p, TOKEN_PRIVATE_NAME))) return parse_private_operand(p, precedence);
    if (UNLIKELY(parser_at_word(p, WORD_AWAIT))) {
        Node *either = parse_await_signed(p, precedence);
        if (either) return either;
    }
    return parse_expr_unary(p);
}

Node *parse_expr_binary_rest(Parser *p, Node *left, uint32_t start, int precedence)
{
    if (parser_is_bare_arrow(left)) return left;         // I2
    for (;;) {
        int here = parse_expr_precedence_here(p);
        if (here <= precedence || has_cover(p)) return left;
        Token op = p->token;
        if (op.kind == TOKEN_IDENTIFIER) {
            left = parse_type_assertion(p, left, start);
            continue;
        }
        parse_ultra_note_operator(p);
        parser_next(p);
        Node *right = parse_expr_binary(p, here == PRECEDENCE_POWER ? here - 1 : here);
        left = make_binary(p, start, &op, left, right);
    }
}

Node *parse_expr_binary(Parser *p, int precedence)
{
    parser_enter(p);
    uint32_t start = PARSER_HERE(p);
    Node *operand = parse_operand(p, precedence);
    Node *result = parse_expr_binary_rest(p, operand, start, precedence);
    parser_leave(p);
    return result;
}

/* ---- conditional and assignment ------------------------------------------------------------------------ */

/* TypeScript: is the `?` here the mark of an optional parameter, as in `(a?: T) =>`? No conditional has `:`,
 * `,`, `)` or `=` behind its `?`. */
static bool is_optional_mark(Parser *p, const Node *test)
{
    if (!parser_is_dialect(p, DIALECT_TYPESCRIPT) || test->start != p->optional_start) return false;
    Token after = parser_peek(p);
    return after.kind == TOKEN_COLON || after.kind == TOKEN_COMMA || after.kind == TOKEN_RIGHT_PAREN
        || after.kind == TOKEN_ASSIGN;
}

static Node *parse_conditional_rest(Parser *p, Node *test, uint32_t start)
{
    if (parser_is_bare_arrow(test) || has_cover(p)) return test;
    if (p->now.in & IN_HEADER && p->token.newline_before) return test;
    if (is_optional_mark(p, test)) return test;
    Conditional *node = NEW_NODE(p, CONDITIONAL, Conditional, start);
    parser_next(p);
    node->test = test;
    uint32_t in = (p->now.in & (IN_HEADER | IN_HERITAGE)) | IN_BEFORE_COLON;
    node->consequent = parse_expr_in(p, in, parse_expr_assignment);
    parser_expect(p, TOKEN_COLON);
    node->alternate = parse_expr_assignment(p);
    return FINISH(p, node);
}

static bool is_assignment_operator(TokenKind kind)
{
    return kind >= TOKEN_ASSIGN && kind <= TOKEN_NULLISH_ASSIGN;
}

static Node *parse_assignment_rest(Parser *p, Node *left, uint32_t start)
{
    Assign *node = NEW_NODE(p, ASSIGN, Assign, start);
    node->op = p->token.kind;
    if (node->op == TOKEN_ASSIGN && may_be_pattern(left)) {
        p->now.cover = no_cover;
        node->target = parse_pattern_from(p, left, PATTERN_ASSIGNMENT);
    } else if (node->op >= TOKEN_AND_ASSIGN) {
        node->target = parse_pattern_simple_target(p, left, DIAG_BAD_ASSIGNMENT_TARGET);
    } else {
        node->target = parse_pattern_loose_target(p, left, DIAG_BAD_ASSIGNMENT_TARGET);
    }
    parser_next(p);
    node->value = parse_expr_assignment(p);
    return FINISH(p, node);
}

/* From the first operand on. */
static Node *parse_from_operand(Parser *p, Node *operand, uint32_t start)
{
    Node *e = parse_expr_binary_rest(p, operand, start, 0);
    if (parser_at(p, TOKEN_QUESTION)) e = parse_conditional_rest(p, e, start);
    if (is_assignment_operator(p->token.kind) && !parser_is_bare_arrow(e))
        return parse_assignment_rest(p, e, start);
    if (has_cover(p) && !may_be_pattern(e)) parse_expr_settle_cover(p);
    return e;
}

Node *parse_expr_cover(Parser *p)
{
    parser_enter(p);
    uint32_t start = PARSER_HERE(p);
    Cover outer = p->now.cover;
    p->now.cover = no_cover;
    p->arrow_start = start;
    bool is_statement = start == p->send_start, may_be_send = is_statement || start == p->send_body_start;
    Node *e;
    if (UNLIKELY(parser_at_word(p, WORD_YIELD)) && p->now.function->is_generator) {
        e = parse_yield(p);
    } else {
        e = parse_operand(p, 0);
        if (may_be_send && parse_ultra_is_send(p, e)) e = parse_ultra_send(p, e, start, is_statement);
        else e = parse_from_operand(p, e, start);
    }
    if (outer.initializer != NO_POSITION) p->now.cover.initializer = outer.initializer;
    if (outer.second_proto != NO_POSITION) p->now.cover.second_proto = outer.second_proto;
    parser_leave(p);
    return e;
}

Node *parse_expr_assignment(Parser *p)
{
    Cover outer = p->now.cover;
    p->now.cover = no_cover;
    Node *e = parse_expr_cover(p);
    if (has_cover(p)) parse_expr_settle_cover(p);
    p->now.cover = outer;
    return e;
}

Node *parse_expr_rest(Parser *p, Node *primary, uint32_t start)
{
    ASSERT(start <= primary->start, "I3");
    Cover outer = p->now.cover;
    p->now.cover = no_cover;
    Node *operand = parse_suffix_rest(p, primary, start, true);
    if (is_postfix_update(p, operand)) operand = parse_postfix_update(p, start, operand);
    Node *e = parse_from_operand(p, operand, start);
    p->now.cover = outer;
    return e;
}

Node *parse_expr_any(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    Node *first = parse_expr_assignment(p);
    if (LIKELY(!parser_at(p, TOKEN_COMMA))) return first;
    Sequence *node = NEW_NODE(p, SEQUENCE, Sequence, start);
    uint32_t begin = parser_list_begin(p);
    parser_list_push(p, first);
    while (parser_take(p, TOKEN_COMMA)) parser_list_push(p, parse_expr_assignment(p));
    node->expressions = parser_list_end(p, begin);
    return FINISH(p, node);
}
