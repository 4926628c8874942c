/* SPDX-License-Identifier: MIT */
/* parse_ultra.c - the expressions UltraScript adds: go, <-, make(chan T), slices, named arguments,
 * struct-like new, `@`, and await outside async functions.
 *
 * I1  Each form is behind one predicate (parse_ultra_is_...) that looks at a fixed number of tokens and holds
 *     only where ECMAScript's grammar (or TypeScript's, when it is on) rejects the next one.
 * I2  A word is one only without escapes, and with its operand on the same line. The words `of as satisfies`
 *     (and `in instanceof`, which are reserved) are never that operand.
 * I3  Every form notes itself (note_extension), for text that contains one has no JavaScript reading. The two
 *     exceptions have both readings in one node: Send.comparison and Await.identifier_reading. They share
 *     leaves with the other reading; only the operators in between are made twice. */
#include "compiler/parser_int.h"

bool parse_ultra_is_on(const Parser *p)
{
    return parser_is_dialect(p, DIALECT_ULTRA);
}

void parse_ultra_note_extension(Parser *p)
{
    p->now.extension_end = p->token.end;
}

/* I2 */
bool parse_ultra_is_operand_word(const Token *t)
{
    if (t->kind != TOKEN_IDENTIFIER || t->newline_before) return false;
    Word word = t->flags & FLAG_HAS_ESCAPE ? WORD_NONE : t->name->word;
    return word != WORD_OF && word != WORD_AS && word != WORD_SATISFIES;
}

/* `<-` in one piece, and not the start of `<--`. */
bool parse_ultra_is_left_arrow(const Parser *p, const Token *t)
{
    const uint8_t *behind = p->lexer.text + t->end;
    return t->kind == TOKEN_LESS && behind[0] == '-' && behind[1] != '-';
}

/* ---- receive ------------------------------------------------------------------------------------------- */

/* TypeScript: `<-1>x` casts to the type -1. */
static bool is_cast_to_negative(Parser *p)
{
    if (!parser_is_dialect(p, DIALECT_TYPESCRIPT)) return false;
    ParserMark mark = parser_mark(p);
    parser_next(p);
    parser_next(p);
    bool is_cast = (parser_at(p, TOKEN_NUMBER) || parser_at(p, TOKEN_BIGINT))
        && parser_peek(p).kind == TOKEN_GREATER;
    parser_rewind(p, &mark);
    return is_cast;
}

bool parse_ultra_is_receive(Parser *p)
{
    return parse_ultra_is_on(p) && parse_ultra_is_left_arrow(p, &p->token) && !is_cast_to_negative(p);
}

Node *parse_ultra_receive(Parser *p)
{
    ASSERT(parse_ultra_is_left_arrow(p, &p->token), "at `<-`");
    parser_enter(p);
    Receive *node = NEW_NODE(p, RECEIVE, Receive, PARSER_HERE(p));
    parse_ultra_note_extension(p);
    parser_next(p);
    parser_next(p);
    node->channel = parse_expr_unary(p);
    parser_leave(p);
    return FINISH(p, node);
}

void parse_ultra_note_operator(Parser *p)
{
    if (parser_at(p, TOKEN_AT)) parse_ultra_note_extension(p);
    if (p->token.newline_before && parse_ultra_is_on(p) && parse_ultra_is_left_arrow(p, &p->token))
        parser_error(p, DIAG_RECEIVE_CONTINUES, p->token.start, p->token.end + 1);
}

bool parse_ultra_is_matrix_product(const Parser *p)
{
    return parse_ultra_is_on(p) && !p->token.newline_before;
}

/* ---- send ---------------------------------------------------------------------------------------------- */

/* Is the operand a LeftHandSideExpression? */
static bool is_left_hand_side(const Node *e)
{
    if (e->flags & FLAG_PARENTHESIZED) return true;
    switch (e->kind) {
    case NODE_UNARY: case NODE_UPDATE: case NODE_AWAIT: case NODE_YIELD: case NODE_GO: case NODE_RECEIVE:
    case NODE_PRIVATE_NAME: case NODE_BINARY:
        return false;
    case NODE_TYPE_ASSERTION:
        return ((const TypeAssertion *)e)->op == TOKEN_NOT;
    default:
        return !parser_is_bare_arrow(e);
    }
}

bool parse_ultra_is_send(const Parser *p, const Node *operand)
{
    if (!parse_ultra_is_on(p) || !parse_ultra_is_left_arrow(p, &p->token) || p->token.newline_before) return false;
    return is_left_hand_side(operand);
}

/* The left operand of an operator that an unparenthesized value may start with, where its precedence is that
 * of a binary operator or, for a conditional, 0; NULL: `e` is an operand. */
static Node **left_operand(Node *e, int *precedence)
{
    if (e->flags & FLAG_PARENTHESIZED) return NULL;
    switch (e->kind) {
    case NODE_BINARY:
        *precedence = parse_expr_precedence_of(((Binary *)e)->op);
        return &((Binary *)e)->left;
    case NODE_LOGICAL:
        *precedence = parse_expr_precedence_of(((Logical *)e)->op);
        return &((Logical *)e)->left;
    case NODE_CONDITIONAL:
        *precedence = 0;
        return &((Conditional *)e)->test;
    case NODE_TYPE_ASSERTION: {
        TypeAssertion *assertion = (TypeAssertion *)e;
        if (assertion->op != TOKEN_AS && assertion->op != TOKEN_SATISFIES) return NULL;
        *precedence = PRECEDENCE_RELATIONAL;
        return &assertion->expression;
    }
    default:
        return NULL;
    }
}

/* May `-` stand before the operand in JavaScript? */
static bool may_be_negated(const Node *e)
{
    if (e->flags & FLAG_PARENTHESIZED) return true;
    switch (e->kind) {
    case NODE_ASSIGN: case NODE_YIELD: case NODE_PRIVATE_NAME: case NODE_CONDITIONAL: return false;
    default: return !parser_is_bare_arrow(e);
    }
}

/* Where an operand ends when the parentheses around it are counted; an operator follows it. */
static uint32_t end_with_parentheses(const Parser *p, const Node *e)
{
    if (!(e->flags & FLAG_PARENTHESIZED)) return e->end;
    Lexer lexer = p->lexer;
    Token t = { .end = e->end };
    lexer_rewind(&lexer, &t);
    uint32_t end = e->end;
    for (lexer_next(&lexer, &t); t.kind == TOKEN_RIGHT_PAREN; lexer_next(&lexer, &t)) end = t.end;
    return end;
}

typedef struct Comparison {
    Node    *channel;
    uint32_t start;                  // of the channel, parentheses included
    uint32_t less, minus;            // positions
} Comparison;

static Node *make_comparison(Parser *p, const Comparison *c, Node *right)
{
    Binary *node = NEW_NODE(p, BINARY, Binary, c->start);
    node->op = TOKEN_LESS;
    node->left = c->channel;
    node->right = right;
    node->node.aux_position = c->less;
    node->node.end = right->end;
    return &node->node;
}

/* `channel < -value`, re-associated as JavaScript's precedences have it: what binds tighter than `<` stays
 * with the value, the rest applies to the comparison. NULL: no JavaScript. */
static Node *read_as_comparison(Parser *p, const Comparison *c, Node *value)
{
    uint32_t begin = parser_list_begin(p);
    int precedence = 0;
    Node *operand = value;
    for (Node **left; (left = left_operand(operand, &precedence)) != NULL; operand = *left)
        parser_list_push(p, operand);
    bool is_whole = operand == value;
    Unary *negated = NEW_NODE(p, UNARY, Unary, c->minus);
    negated->op = TOKEN_MINUS;
    negated->operand = operand;
    negated->node.end = is_whole ? p->previous_end : end_with_parentheses(p, operand);
    Node *reading = may_be_negated(operand) ? &negated->node : NULL;
    bool is_compared = false;
    for (uint32_t i = p->now.pending_count; reading && i > begin; i--) {
        Node *outer = arena_copy(p->arena, p->pending.items[i - 1], ast_size(p->pending.items[i - 1]->kind));
        Node **left = left_operand(outer, &precedence);
        if (precedence == PRECEDENCE_POWER) reading = NULL;
        if (!reading) break;
        if (!is_compared && precedence <= PRECEDENCE_RELATIONAL) {
            reading = make_comparison(p, c, reading);
            is_compared = true;
        }
        *left = reading;
        outer->start = is_compared ? c->start : c->minus;
        if (outer->kind != NODE_BINARY) outer->aux_position = outer->start;
        reading = outer;
    }
    p->now.pending_count = begin;
    return reading && !is_compared ? make_comparison(p, c, reading) : reading;
}

Node *parse_ultra_send(Parser *p, Node *channel, uint32_t start, bool is_statement)
{
    ASSERT(parse_ultra_is_left_arrow(p, &p->token), "at `<-`");
    uint32_t less = PARSER_HERE(p);
    Comparison c = { .channel = channel, .start = start, .less = less, .minus = less + 1 };
    Send *node = NEW_NODE(p, SEND, Send, start);
    node->node.aux_position = c.less;
    parser_next(p);
    parser_next(p);
    node->channel = channel;
    node->value = parse_expr_assignment(p);
    if (p->now.extension_end <= start) node->comparison = read_as_comparison(p, &c, node->value);
    if (is_statement && parser_at(p, TOKEN_COMMA)) {     // the JavaScript reading goes on, the other cannot
        if (!node->comparison) parser_fail(p, DIAG_SEND_LIST);
        return node->comparison;
    }
    if (!node->comparison) p->now.extension_end = p->previous_end;
    return FINISH(p, node);
}

/* ---- go ------------------------------------------------------------------------------------------------ */

bool parse_ultra_is_go(Parser *p)
{
    if (!parse_ultra_is_on(p) || !parser_at_word(p, WORD_GO)) return false;
    Token after = parser_peek(p);
    if (after.newline_before) return false;
    switch ((TokenKind)after.kind) {
    case TOKEN_FUNCTION: case TOKEN_NEW: case TOKEN_THIS: case TOKEN_SUPER: case TOKEN_IMPORT:
    case TOKEN_CLASS:
    case TOKEN_LEFT_PAREN:                       // the head of an arrow, or else a call of the name `go`
        return true;
    default:
        return parse_ultra_is_operand_word(&after);
    }
}

static bool is_call(const Node *e)
{
    if (e->kind == NODE_OPTIONAL_CHAIN) e = ((const OptionalChain *)e)->chain;
    return e->kind == NODE_CALL || e->kind == NODE_IMPORT_CALL;
}

static void warn_of_parameters(Parser *p, const Function *f)
{
    if (f->parameters.count == 0) return;
    const Parameter *first = (Parameter *)f->parameters.items[0];
    if (!first->rest && !first->initializer && !(first->bits & MODIFIER_OPTIONAL))
        parser_error_node(p, DIAG_GO_PARAMETERS, &first->node);
}

static Node *make_go(Parser *p, uint32_t start, Node *operand)
{
    Go *node = NEW_NODE(p, GO, Go, start);
    node->operand = operand;
    if (operand->kind == NODE_FUNCTION) warn_of_parameters(p, (Function *)operand);
    else if (!is_call(operand) && operand->kind != NODE_AWAIT) parser_error_node(p, DIAG_GO_OPERAND, operand);
    return FINISH(p, node);
}

/* `function () {}`, and its arguments when they start on the line of its `}`. */
static Node *parse_go_function(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    Node *f = parse_ultra_stmt_is_fast(p) ? parse_ultra_stmt_fast_function(p)
                                          : parse_func_expression(p, start, 0);
    if (parser_at(p, TOKEN_LEFT_PAREN) && !p->token.newline_before)
        f = parse_suffix_call(p, f, start, parse_suffix_arguments(p), false);
    if (parser_at(p, TOKEN_DOT) || parser_at(p, TOKEN_QUESTION_DOT)) parser_fail(p, DIAG_GO_CHAIN);
    return f;
}

static bool at_function(Parser *p)
{
    if (parser_at(p, TOKEN_FUNCTION) || parse_ultra_stmt_is_fast(p)) return true;
    if (!parser_at_word(p, WORD_ASYNC)) return false;
    Token after = parser_peek(p);
    return after.kind == TOKEN_FUNCTION && !after.newline_before;
}

/* `go (...)`: an arrow's head makes it a go expression, anything else a call of the name. */
static Node *parse_go_parenthesized(Parser *p, uint32_t start)
{
    Node *name = parser_identifier(p);
    uint32_t open = PARSER_HERE(p);
    Node *e = parse_primary_call_or_arrow(p, name, start, 0);
    if (!parser_is_bare_arrow(e)) return parse_suffix_rest(p, e, start, true);
    e->start = e->aux_position = open;
    p->now.extension_end = p->previous_end;
    return make_go(p, start, e);
}

Node *parse_ultra_go(Parser *p)
{
    ASSERT(parser_at_word(p, WORD_GO), "at `go`");
    uint32_t start = PARSER_HERE(p);
    if (parser_peek(p).kind == TOKEN_LEFT_PAREN) return parse_go_parenthesized(p, start);
    parser_enter(p);
    parse_ultra_note_extension(p);
    parser_next(p);
    Node *operand;
    if (at_function(p)) {
        operand = parse_go_function(p);
    } else if (parser_at_word(p, WORD_AWAIT)) {
        operand = parse_expr_unary(p);
    } else {
        p->arrow_start = PARSER_HERE(p);
        operand = parse_suffix_chain(p);
    }
    parser_leave(p);
    return make_go(p, start, operand);
}

/* ---- slices -------------------------------------------------------------------------------------------- */

static bool at_slice_end(const Parser *p)
{
    return parser_at(p, TOKEN_COLON) || parser_at(p, TOKEN_COMMA) || parser_at(p, TOKEN_RIGHT_BRACKET);
}

Node *parse_ultra_slice_item(Parser *p, Node *(*parse)(Parser *p))
{
    uint32_t start = PARSER_HERE(p);
    Node *from = parser_at(p, TOKEN_COLON) ? NULL : parse(p);
    if (!parser_at(p, TOKEN_COLON)) return from;
    Slice *slice = NEW_NODE(p, SLICE, Slice, start);
    parse_ultra_note_extension(p);
    parser_next(p);
    slice->from = from;
    if (!at_slice_end(p)) slice->to = parse_expr_assignment(p);
    if (parser_take(p, TOKEN_COLON) && !at_slice_end(p)) slice->step = parse_expr_assignment(p);
    return FINISH(p, slice);
}

Node *parse_ultra_index(Parser *p)
{
    uint32_t start = PARSER_HERE(p), begin = parser_list_begin(p);
    bool has_slice = false;
    do {
        Node *item = parse_ultra_slice_item(p, parse_expr_assignment);
        has_slice |= item->kind == NODE_SLICE;
        parser_list_push(p, item);
    } while (parser_take(p, TOKEN_COMMA));
    NodeList items = parser_list_end(p, begin);
    if (has_slice) {
        SliceList *list = NEW_NODE(p, SLICE_LIST, SliceList, start);
        list->items = items;
        return FINISH(p, list);
    }
    if (items.count == 1) return items.items[0];
    Sequence *sequence = NEW_NODE(p, SEQUENCE, Sequence, start);
    sequence->expressions = items;
    return FINISH(p, sequence);
}

/* ---- arguments ----------------------------------------------------------------------------------------- */

static Node *make_named_argument(Parser *p, const Node *name, Node *value, bool is_assignment)
{
    NamedArgument *node = NEW_NODE(p, NAMED_ARGUMENT, NamedArgument, name->start);
    node->name = ((const Identifier *)name)->name;
    node->value = value;
    node->is_assignment = is_assignment;
    return &node->node;
}

Node *parse_ultra_named_argument(Parser *p, Node *e)
{
    if (!parser_at(p, TOKEN_COLON) || !parse_ultra_is_on(p) || !parser_is_bare(e, NODE_IDENTIFIER)) return e;
    parse_ultra_note_extension(p);
    parser_next(p);
    Node *argument = make_named_argument(p, e, parse_expr_assignment(p), false);
    return parser_finish(p, argument);
}

void parse_ultra_name_arguments(Parser *p, const NodeList *arguments)
{
    if (!parser_is_dialect(p, DIALECT_ULTRA_FILE)) return;
    for (uint32_t i = 0; i < arguments->count; i++) {
        const Assign *assign = (const Assign *)arguments->items[i];
        if (!parser_is_bare(&assign->node, NODE_ASSIGN) || assign->op != TOKEN_ASSIGN) continue;
        if (!parser_is_bare(assign->target, NODE_IDENTIFIER)) continue;
        arguments->items[i] = make_named_argument(p, assign->target, assign->value, true);
        arguments->items[i]->end = assign->node.end;
    }
}

bool parse_ultra_is_make_channel(Parser *p, const Node *callee)
{
    if (callee->kind != NODE_IDENTIFIER || ((const Identifier *)callee)->name->word != WORD_MAKE)
        return false;
    if (!parse_ultra_is_on(p) || callee->flags & (FLAG_PARENTHESIZED | FLAG_HAS_ESCAPE)) return false;
    Token after = parser_peek(p);
    if (!parser_is_word(&after, WORD_CHAN)) return false;
    after = parser_peek_second(p);
    return parse_ultra_is_operand_word(&after);
}

Node *parse_ultra_make_channel(Parser *p, uint32_t start)
{
    MakeChannel *node = NEW_NODE(p, MAKE_CHANNEL, MakeChannel, start);
    uint32_t begin = parser_list_begin(p);
    parse_ultra_note_extension(p);
    parser_next(p);
    node->type = parse_type_any(p);
    while (parser_take(p, TOKEN_COMMA) && !parser_at(p, TOKEN_RIGHT_PAREN))
        parser_list_push(p, parse_expr_in(p, 0, parse_expr_assignment));
    node->arguments = parser_list_end(p, begin);
    parser_expect(p, TOKEN_RIGHT_PAREN);
    return FINISH(p, node);
}

bool parse_ultra_is_struct(const Parser *p)
{
    return parse_ultra_is_on(p) && parser_at(p, TOKEN_LEFT_BRACE) && !p->token.newline_before
        && !(p->now.in & (IN_HEADER | IN_HERITAGE));
}

Node *parse_ultra_struct(Parser *p)
{
    Cover outer = p->now.cover;
    p->now.cover = (Cover){ NO_POSITION, NO_POSITION };
    parse_ultra_note_extension(p);
    Node *fields = parse_primary_object(p);
    parse_expr_settle_cover(p);
    p->now.cover = outer;
    return fields;
}

/* ---- types --------------------------------------------------------------------------------------------- */

/* `chan T`, where the type starts with a name: nothing else that could follow a type named `chan` is
 * excluded. */
bool parse_ultra_is_channel_type(Parser *p)
{
    if (!parse_ultra_is_on(p) || !parser_at_word(p, WORD_CHAN)) return false;
    Token after = parser_peek(p);
    return parse_ultra_is_operand_word(&after) && !parser_is_word(&after, WORD_IS)
        && !parser_is_word(&after, WORD_IMPLEMENTS);
}

Node *parse_ultra_channel_type(Parser *p)
{
    parser_enter(p);
    TypeChannel *node = NEW_NODE(p, TYPE_CHANNEL, TypeChannel, PARSER_HERE(p));
    parse_ultra_note_extension(p);
    parser_next(p);
    node->element = parse_type_postfix(p);
    parser_leave(p);
    return FINISH(p, node);
}
