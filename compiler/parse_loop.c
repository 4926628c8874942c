/* SPDX-License-Identifier: MIT */
/* parse_loop.c - while, do and for with its many heads (ECMA-262 14.7).
 *
 * I1  What `for` begins with is read before it is known whether `;`, `in` or `of` follows; an expression is
 *     then converted to a target. */
#include "compiler/parser_int.h"

typedef struct ForHead {
    uint32_t start;                  // of the statement
    uint32_t first;                  // of what stands before `;`, `in` or `of`
    bool     is_await;
    bool     has_parens;             // else UltraScript's header: ends at a line end or `{`
    bool     starts_with_let;        // the identifier `let`
    bool     starts_with_async_of;
    Node    *init;                   // VARIABLES or an expression, NULL: none
} ForHead;

/* ---- bodies -------------------------------------------------------------------------------------------- */

static Node *parse_loop_body(Parser *p, uint32_t start, bool ends_line)
{
    parse_stmt_label_loop(p, start);
    parse_stmt_push_breakable(p, BREAKABLE_LOOP);
    Node *body = parse_stmt_body(p, ends_line);
    parse_stmt_pop_breakable(p);
    return body;
}

Node *parse_loop_while(Parser *p)
{
    While *node = NEW_NODE(p, WHILE, While, PARSER_HERE(p));
    bool ends_line;
    parser_next(p);
    node->test = parse_stmt_header(p, &ends_line);
    node->body = parse_loop_body(p, node->node.start, ends_line);
    return FINISH(p, node);
}

Node *parse_loop_do(Parser *p)
{
    DoWhile *node = NEW_NODE(p, DO_WHILE, DoWhile, PARSER_HERE(p));
    bool ends_line;
    parser_next(p);
    node->body = parse_loop_body(p, node->node.start, false);
    parser_expect(p, TOKEN_WHILE);
    node->test = parse_stmt_header(p, &ends_line);
    if (ends_line) parser_semicolon(p);
    else parser_take(p, TOKEN_SEMICOLON);        // one is inserted even on the same line
    return FINISH(p, node);
}

/* ---- heads --------------------------------------------------------------------------------------------- */

static bool at_of(const Parser *p)
{
    return parser_at_word(p, WORD_OF);
}

/* In the header of a `for` without parentheses `of` is a word only behind something. */
static uint32_t header_in(const ForHead *h)
{
    return h->has_parens ? 0 : IN_HEADER;
}

static bool at_declaration(Parser *p, uint32_t *kind)
{
    if (parser_at(p, TOKEN_VAR)) *kind = VARIABLE_VAR;
    else if (parser_at(p, TOKEN_CONST)) *kind = VARIABLE_CONST;
    else if (parse_variables_at_let(p)) *kind = VARIABLE_LET;
    else return parse_variables_at_using(p, true, kind);
    return true;
}

static Node *parse_init_expression(Parser *p, ForHead *h)
{
    uint32_t start = PARSER_HERE(p);
    Token after = parser_peek(p);
    h->starts_with_let = parser_at_word(p, WORD_LET);
    h->starts_with_async_of = parser_at_word(p, WORD_ASYNC) && parser_is_word(&after, WORD_OF);
    Cover outer = p->now.cover;
    p->now.cover = (Cover){ NO_POSITION, NO_POSITION };
    Node *e = parse_expr_cover(p);
    if (!at_of(p) && !parser_at(p, TOKEN_IN)) parse_expr_settle_cover(p);
    p->now.cover = outer;
    if (!parser_at(p, TOKEN_COMMA)) return e;
    Sequence *sequence = NEW_NODE(p, SEQUENCE, Sequence, start);
    uint32_t begin = parser_list_begin(p);
    parser_list_push(p, e);
    while (parser_take(p, TOKEN_COMMA)) parser_list_push(p, parse_expr_assignment(p));
    sequence->expressions = parser_list_end(p, begin);
    return FINISH(p, sequence);
}

static void parse_init(Parser *p, ForHead *h)
{
    uint32_t kind, outer = p->now.in;
    h->first = PARSER_HERE(p);
    if (parser_at(p, TOKEN_SEMICOLON)) return;
    p->now.in = header_in(h) | IN_FOR_INIT;
    if (at_declaration(p, &kind)) {
        if (kind >= VARIABLE_USING) parse_variables_take_using(p, kind);
        else parser_next(p);
        h->init = parse_variables_declarators(p, kind, h->first);
    } else {
        h->init = parse_init_expression(p, h);
    }
    p->now.in = outer;
}

/* `for (var a = 1 in o)`: allowed in sloppy code for one plain variable (B.3.5). */
static bool is_legacy_initializer(const Parser *p, const Variables *v, const Declarator *d, bool is_of)
{
    return !is_of && !p->now.is_strict && v->kind == VARIABLE_VAR && d->target->kind == NODE_IDENTIFIER;
}

static void check_declaration(Parser *p, const Variables *v, bool is_of)
{
    const Declarator *d = (Declarator *)v->declarators.items[0];
    if (v->declarators.count > 1) parser_error_node(p, DIAG_FOR_DECLARATORS, v->declarators.items[1]);
    if (!is_of && v->kind >= VARIABLE_USING) parser_error_node(p, DIAG_USING_IN_FOR_IN, &v->node);
    if (d->initializer && !is_legacy_initializer(p, v, d, is_of))
        parser_error_node(p, DIAG_FOR_INITIALIZER, d->initializer);
}

/* What each round assigns to. */
static Node *make_target(Parser *p, const ForHead *h, bool is_of)
{
    if (!h->init) parser_unexpected(p, "an expression");
    if (h->init->kind == NODE_VARIABLES) {
        check_declaration(p, (Variables *)h->init, is_of);
        return h->init;
    }
    if (is_of && h->starts_with_let) parser_error(p, DIAG_FOR_OF_LET, h->first, h->first + 3);
    if (is_of && h->starts_with_async_of && !h->is_await)
        parser_error(p, DIAG_FOR_ASYNC_OF, h->first, h->first + 5);
    bool is_pattern = parser_is_bare(h->init, NODE_ARRAY) || parser_is_bare(h->init, NODE_OBJECT);
    return is_pattern ? parse_pattern_from(p, h->init, PATTERN_ASSIGNMENT)
                      : parse_pattern_loose_target(p, h->init, DIAG_BAD_FOR_TARGET);
}

static void end_head(Parser *p, const ForHead *h)
{
    if (h->has_parens) parser_expect(p, TOKEN_RIGHT_PAREN);
}

/* ---- the loops ----------------------------------------------------------------------------------------- */

static Node *parse_for_of(Parser *p, ForHead *h)
{
    ForOf *node = NEW_NODE(p, FOR_OF, ForOf, h->start);
    node->await = h->is_await;
    node->left = make_target(p, h, true);
    parser_next(p);
    node->right = parse_expr_in(p, header_in(h), parse_expr_assignment);
    end_head(p, h);
    node->body = parse_loop_body(p, h->start, !h->has_parens);
    return FINISH(p, node);
}

static Node *parse_for_in(Parser *p, ForHead *h)
{
    ForIn *node = NEW_NODE(p, FOR_IN, ForIn, h->start);
    node->left = make_target(p, h, false);
    parser_next(p);
    node->right = parse_expr_in(p, header_in(h), parse_expr_any);
    end_head(p, h);
    node->body = parse_loop_body(p, h->start, !h->has_parens);
    return FINISH(p, node);
}

static bool at_update_end(const Parser *p, const ForHead *h)
{
    if (h->has_parens) return parser_at(p, TOKEN_RIGHT_PAREN);
    return parser_at(p, TOKEN_LEFT_BRACE) || p->token.newline_before;
}

static Node *parse_for_three(Parser *p, ForHead *h)
{
    For *node = NEW_NODE(p, FOR, For, h->start);
    node->init = h->init;
    if (h->init && h->init->kind == NODE_VARIABLES) parse_variables_check_initializers(p, (Variables *)h->init);
    if (!parser_take(p, TOKEN_SEMICOLON)) parser_unexpected(p, "`;`, `in` or `of`");
    if (!parser_at(p, TOKEN_SEMICOLON)) node->test = parse_expr_in(p, header_in(h), parse_expr_any);
    parser_expect(p, TOKEN_SEMICOLON);
    if (!at_update_end(p, h)) node->update = parse_expr_in(p, header_in(h), parse_expr_any);
    end_head(p, h);
    node->body = parse_loop_body(p, h->start, !h->has_parens);
    return FINISH(p, node);
}

/* `for each k, v in o`, at `each`. */
static Node *parse_for_each(Parser *p, ForHead *h)
{
    ForEach *node = NEW_NODE(p, FOR_EACH, ForEach, h->start);
    parse_ultra_note_extension(p);
    parser_next(p);
    node->value = parser_binding_identifier(p);
    if (parser_take(p, TOKEN_COMMA)) {
        node->key = node->value;
        node->value = parser_binding_identifier(p);
    }
    parser_expect(p, TOKEN_IN);
    node->object = parse_expr_in(p, IN_HEADER, parse_expr_any);
    node->body = parse_loop_body(p, h->start, true);
    return FINISH(p, node);
}

/* `for await`: where await is an operator, or could be one. */
static bool take_await(Parser *p)
{
    if (!parser_at_word(p, WORD_AWAIT)) return false;
    Token after = parser_peek(p);
    bool is_loop = after.kind == TOKEN_LEFT_PAREN || parser_is_dialect(p, DIALECT_ULTRA);
    if (!is_loop) return false;
    if (!parse_await_allows_for(p))
        parser_error(p, DIAG_FOR_AWAIT_POSITION, p->token.start, p->token.end);
    if (p->now.function->is_top_level) p->has_await = true;
    p->now.await_position = p->token.start;
    parser_next(p);
    return true;
}

Node *parse_loop_for(Parser *p)
{
    ForHead h = { .start = PARSER_HERE(p) };
    parser_next(p);
    if (parse_ultra_stmt_is_for_each(p)) return parse_for_each(p, &h);
    h.is_await = take_await(p);
    h.has_parens = parser_at(p, TOKEN_LEFT_PAREN) || !parser_is_dialect(p, DIALECT_ULTRA);
    if (h.has_parens) parser_expect(p, TOKEN_LEFT_PAREN);
    else parse_ultra_note_extension(p);
    parse_init(p, &h);
    if (at_of(p) && h.init) return parse_for_of(p, &h);
    if (h.is_await) parser_unexpected(p, "`of`");
    if (parser_at(p, TOKEN_IN)) return parse_for_in(p, &h);
    return parse_for_three(p, &h);
}
