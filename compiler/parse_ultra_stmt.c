/* SPDX-License-Identifier: MIT */
/* parse_ultra_stmt.c - the statements and declarations UltraScript adds: select, atomic, free, print, fast
 * functions, headers without parentheses, break N, several parents, operators.
 *
 * The rules are parse_ultra.c I1 to I3. */
#include "compiler/parser_int.h"

static bool is_ultra(const Parser *p)
{
    return parser_is_dialect(p, DIALECT_ULTRA);
}

/* ---- headers without parentheses ----------------------------------------------------------------------- */

/* At a token behind `if (a)`: can it only go on with the condition? In TypeScript `<T>x` may be the body. */
bool parse_ultra_stmt_continues_header(Parser *p)
{
    if (!is_ultra(p) || p->token.newline_before) return false;
    switch ((TokenKind)p->token.kind) {
    case TOKEN_DOT: case TOKEN_QUESTION_DOT: case TOKEN_QUESTION: case TOKEN_IN: case TOKEN_INSTANCEOF:
    case TOKEN_NULLISH: case TOKEN_OR: case TOKEN_AND: case TOKEN_BIT_OR: case TOKEN_BIT_XOR:
    case TOKEN_BIT_AND: case TOKEN_EQUAL: case TOKEN_NOT_EQUAL: case TOKEN_STRICT_EQUAL:
    case TOKEN_STRICT_NOT_EQUAL: case TOKEN_GREATER: case TOKEN_LESS_EQUAL: case TOKEN_GREATER_EQUAL:
    case TOKEN_SHIFT_LEFT: case TOKEN_SHIFT_RIGHT: case TOKEN_SHIFT_RIGHT_ZERO: case TOKEN_STAR:
    case TOKEN_PERCENT: case TOKEN_EXPONENT:
        return true;
    case TOKEN_LESS:
        return !parser_is_dialect(p, DIALECT_TYPESCRIPT) || !parse_type_is_angle(p);
    default:
        return false;
    }
}

Node *parse_ultra_stmt_header_rest(Parser *p, Node *condition, uint32_t start)
{
    uint32_t outer = p->now.in;
    parse_ultra_note_extension(p);
    condition->flags |= FLAG_PARENTHESIZED;
    p->now.in = IN_HEADER;
    Node *e = parse_expr_rest(p, condition, start);
    p->now.in = outer;
    return e;
}

bool parse_ultra_stmt_is_for_each(Parser *p)
{
    if (!is_ultra(p) || !parser_at_word(p, WORD_EACH) || p->token.newline_before) return false;
    Token after = parser_peek(p);
    return parse_ultra_is_operand_word(&after);
}

/* ---- break N ------------------------------------------------------------------------------------------- */

bool parse_ultra_stmt_is_jump_level(const Parser *p)
{
    if (!is_ultra(p) || !parser_at(p, TOKEN_NUMBER) || p->token.newline_before) return false;
    for (uint32_t i = p->token.start; i < p->token.end; i++)
        if (p->lexer.text[i] < '0' || p->lexer.text[i] > '9') return false;
    return !(p->token.flags & FLAG_LEGACY_OCTAL);
}

/* How many breakable statements to leave besides one; of those, the one reached must be there, and for
 * continue a loop at or around it. */
uint32_t parse_ultra_stmt_jump_level(Parser *p, bool is_continue)
{
    uint32_t first = p->now.function->first_breakable, count = p->now.breakable_count - first;
    bool is_reachable = p->token.number < count;
    uint32_t levels = is_reachable ? (uint32_t)p->token.number : 0;
    if (is_continue && is_reachable) {
        is_reachable = false;
        for (uint32_t i = 0; i < count - levels; i++)
            is_reachable |= p->breakables.items[first + i] == BREAKABLE_LOOP;
    }
    if (!is_reachable) parser_error(p, DIAG_JUMP_LEVEL, p->token.start, p->token.end);
    parse_ultra_note_extension(p);
    parser_next(p);
    return levels;
}

/* ---- fast functions ------------------------------------------------------------------------------------ */

bool parse_ultra_stmt_is_fast(Parser *p)
{
    if (!is_ultra(p)) return false;
    bool is_inline = parser_at_word(p, WORD_INLINE);
    if (!is_inline && !parser_at_word(p, WORD_FAST)) return false;
    Token after = parser_peek(p);
    if (after.newline_before) return false;
    if (!is_inline) return after.kind == TOKEN_FUNCTION;
    if (!parser_is_word(&after, WORD_FAST)) return false;
    after = parser_peek_second(p);
    return after.kind == TOKEN_FUNCTION && !after.newline_before;
}

/* `inline`? `fast` */
static uint32_t take_fast(Parser *p)
{
    uint32_t bits = FUNCTION_IS_FAST;
    parse_ultra_note_extension(p);
    if (parser_take_word(p, WORD_INLINE)) bits |= FUNCTION_IS_INLINE;
    parser_next(p);
    return bits;
}

Node *parse_ultra_stmt_fast_function(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    uint32_t bits = take_fast(p);
    return parse_func_expression(p, start, bits);
}

Node *parse_ultra_stmt_fast_declaration(Parser *p, bool needs_name)
{
    uint32_t start = PARSER_HERE(p);
    uint32_t bits = take_fast(p);
    return parse_func_declaration(p, start, bits, needs_name);
}

/* ---- atomic, free, print ------------------------------------------------------------------------------- */

static bool is_reference_start(const Token *t)
{
    return parse_ultra_is_operand_word(t)
        || (!t->newline_before && (t->kind == TOKEN_THIS || t->kind == TOKEN_SUPER));
}

/* `atomic ++` could be a postfix operator: then no operand follows. */
static bool is_atomic(Parser *p, const Token *after)
{
    if (after->newline_before) return false;
    if (after->kind == TOKEN_INCREMENT || after->kind == TOKEN_DECREMENT) {
        Token second = parser_peek_second(p);
        return is_reference_start(&second);
    }
    return after->kind == TOKEN_LEFT_BRACE || is_reference_start(after);
}

static bool is_reference(const Node *e)
{
    return e->kind == NODE_IDENTIFIER || e->kind == NODE_MEMBER || e->kind == NODE_INDEX
        || e->kind == NODE_PRIVATE_MEMBER;
}

static Node *parse_atomic(Parser *p)
{
    Atomic *node = NEW_NODE(p, ATOMIC, Atomic, PARSER_HERE(p));
    parser_next(p);
    if (parser_at(p, TOKEN_LEFT_BRACE)) {
        node->body = parse_stmt_block(p);
        return FINISH(p, node);
    }
    node->body = parse_expr_assignment(p);
    const Node *target = NULL;
    if (node->body->kind == NODE_UPDATE) target = ((Update *)node->body)->target;
    if (node->body->kind == NODE_ASSIGN) target = ((Assign *)node->body)->target;
    if (!target || !is_reference(target)) parser_error_node(p, DIAG_ATOMIC_OPERAND, node->body);
    parser_semicolon(p);
    return FINISH(p, node);
}

static bool is_free(const Token *after)
{
    return is_reference_start(after) || (after->kind == TOKEN_NEW && !after->newline_before);
}

static Node *parse_free(Parser *p)
{
    Free *node = NEW_NODE(p, FREE, Free, PARSER_HERE(p));
    parser_next(p);
    if (parser_at_word(p, WORD_SHALLOW)) {
        Token after = parser_peek(p);
        node->shallow = is_free(&after);
        if (node->shallow) parser_next(p);
    }
    node->target = parse_suffix_chain(p);
    parser_semicolon(p);
    return FINISH(p, node);
}

/* May the token begin what is printed? */
static bool is_print_operand(const Token *t)
{
    if (t->newline_before) return false;
    switch ((TokenKind)t->kind) {
    case TOKEN_NUMBER: case TOKEN_BIGINT: case TOKEN_STRING: case TOKEN_TRUE_LITERAL:
    case TOKEN_FALSE_LITERAL: case TOKEN_NULL_LITERAL: case TOKEN_THIS: case TOKEN_SUPER: case TOKEN_NEW:
    case TOKEN_FUNCTION: case TOKEN_TYPEOF: case TOKEN_LEFT_BRACE: case TOKEN_NOT:
        return true;
    default:
        return parse_ultra_is_operand_word(t);
    }
}

/* In TypeScript `print!` is the name, asserted: what follows may go on from it. */
static bool is_print(Parser *p, const Token *after)
{
    if (!is_print_operand(after)) return false;
    if (after->kind != TOKEN_NOT || !parser_is_dialect(p, DIALECT_TYPESCRIPT)) return true;
    Token second = parser_peek_second(p);
    return is_print_operand(&second) && second.kind != TOKEN_LEFT_BRACE && second.kind != TOKEN_NOT;
}

static Node *parse_print(Parser *p)
{
    Print *node = NEW_NODE(p, PRINT, Print, PARSER_HERE(p));
    uint32_t begin = parser_list_begin(p);
    parser_next(p);
    do {
        parser_list_push(p, parse_expr_assignment(p));
    } while (parser_take(p, TOKEN_COMMA));
    node->arguments = parser_list_end(p, begin);
    parser_semicolon(p);
    return FINISH(p, node);
}

/* ---- select -------------------------------------------------------------------------------------------- */

static Node *parse_case_receive(Parser *p)
{
    if (!parse_ultra_is_receive(p)) parser_unexpected(p, "`<-`");
    return parse_ultra_receive(p);
}

/* `let v = <-ch` */
static void parse_case_declaration(Parser *p, SelectCase *node, uint32_t kind)
{
    uint32_t start = PARSER_HERE(p);
    parser_next(p);
    Variables *variables = NEW_NODE(p, VARIABLES, Variables, start);
    Declarator *declarator = NEW_NODE(p, DECLARATOR, Declarator, PARSER_HERE(p));
    declarator->target = parse_pattern_binding(p);
    declarator->type = parse_type_annotation(p);
    Node *only = FINISH(p, declarator);
    variables->kind = kind;
    variables->declarators = (NodeList){ arena_copy(p->arena, &only, sizeof only), 1 };
    node->target = FINISH(p, variables);
    parser_expect(p, TOKEN_ASSIGN);
    node->communication = parse_case_receive(p);
}

/* `<-ch`, `v = <-ch`, `ch <- v` */
static void parse_case_communication(Parser *p, SelectCase *node)
{
    if (parse_ultra_is_receive(p)) {
        node->communication = parse_ultra_receive(p);
        return;
    }
    uint32_t start = PARSER_HERE(p);
    Node *left = parse_suffix_chain(p);
    if (parser_take(p, TOKEN_ASSIGN)) {
        node->target = parse_pattern_simple_target(p, left, DIAG_BAD_ASSIGNMENT_TARGET);
        node->communication = parse_case_receive(p);
        return;
    }
    if (!parse_ultra_is_send(p, left)) parser_fail(p, DIAG_SELECT_CASE);
    Send *send = (Send *)parse_ultra_send(p, left, start, false);
    send->comparison = NULL;
    node->communication = &send->node;
}

static Node *parse_select_case(Parser *p, bool *has_default)
{
    SelectCase *node = NEW_NODE(p, SELECT_CASE, SelectCase, PARSER_HERE(p));
    uint32_t outer = p->now.in;
    if (parser_at(p, TOKEN_DEFAULT)) {
        if (*has_default) parser_error(p, DIAG_SECOND_DEFAULT, p->token.start, p->token.end);
        *has_default = true;
        parser_next(p);
    } else {
        if (!parser_take(p, TOKEN_CASE)) parser_unexpected(p, "`case`, `default` or `}`");
        p->now.in = IN_BEFORE_COLON;
        if (parser_at(p, TOKEN_VAR)) parse_case_declaration(p, node, VARIABLE_VAR);
        else if (parser_at(p, TOKEN_CONST)) parse_case_declaration(p, node, VARIABLE_CONST);
        else if (parse_variables_at_let(p)) parse_case_declaration(p, node, VARIABLE_LET);
        else parse_case_communication(p, node);
        p->now.in = outer;
    }
    parser_expect(p, TOKEN_COLON);
    node->statements = parse_stmt_list(p, ENDS_AT_CASE, NULL);
    return FINISH(p, node);
}

static Node *parse_select(Parser *p)
{
    Select *node = NEW_NODE(p, SELECT, Select, PARSER_HERE(p));
    bool has_default = false;
    parser_next(p);
    parser_expect(p, TOKEN_LEFT_BRACE);
    parse_stmt_push_breakable(p, BREAKABLE_SELECT);
    uint32_t begin = parser_list_begin(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_list_push(p, parse_select_case(p, &has_default));
    node->cases = parser_list_end(p, begin);
    parse_stmt_pop_breakable(p);
    parser_next(p);
    return FINISH(p, node);
}

/* ---- dispatch ------------------------------------------------------------------------------------------ */

Node *parse_ultra_stmt_any(Parser *p)
{
    if (!is_ultra(p) || p->token.flags & FLAG_HAS_ESCAPE) return NULL;
    Node *(*parse)(Parser *p) = NULL;
    Token after;
    switch ((Word)p->token.name->word) {
    case WORD_ATOMIC:
        after = parser_peek(p);
        if (is_atomic(p, &after)) parse = parse_atomic;
        break;
    case WORD_FREE:
        after = parser_peek(p);
        if (is_free(&after)) parse = parse_free;
        break;
    case WORD_PRINT:
        after = parser_peek(p);
        if (is_print(p, &after)) parse = parse_print;
        break;
    case WORD_SELECT:
        after = parser_peek(p);
        if (after.kind == TOKEN_LEFT_BRACE && !after.newline_before) parse = parse_select;
        break;
    case WORD_FAST: case WORD_INLINE:
        return parse_ultra_stmt_is_fast(p) ? parse_ultra_stmt_fast_declaration(p, true) : NULL;
    default:
        break;
    }
    if (!parse) return NULL;
    parse_ultra_note_extension(p);
    return parse(p);
}

/* ---- classes ------------------------------------------------------------------------------------------- */

bool parse_ultra_stmt_take_heritage_comma(Parser *p)
{
    if (!is_ultra(p) || !parser_at(p, TOKEN_COMMA)) return false;
    parse_ultra_note_extension(p);
    parser_next(p);
    return true;
}

/* The text of the overloadable operator at the token, which moves to its last token; NULL: none. */
static const char *take_operator(Parser *p)
{
    TokenKind kind = p->token.kind;
    switch (kind) {
    case TOKEN_PLUS: case TOKEN_MINUS: case TOKEN_STAR: case TOKEN_SLASH: case TOKEN_PERCENT:
    case TOKEN_EXPONENT: case TOKEN_EQUAL: case TOKEN_NOT_EQUAL: case TOKEN_LESS: case TOKEN_GREATER:
    case TOKEN_LESS_EQUAL: case TOKEN_GREATER_EQUAL: case TOKEN_BIT_AND: case TOKEN_BIT_OR:
    case TOKEN_BIT_XOR: case TOKEN_SHIFT_LEFT: case TOKEN_SHIFT_RIGHT: case TOKEN_SHIFT_RIGHT_ZERO:
    case TOKEN_AT:
        parser_next(p);
        return ast_token_text(kind);
    case TOKEN_LEFT_BRACKET: {
        parser_next(p);
        bool is_slice = parser_take(p, TOKEN_COLON);
        if (!parser_take(p, TOKEN_RIGHT_BRACKET)) return NULL;
        return is_slice ? "[:]" : "[]";
    }
    default:
        return NULL;
    }
}

bool parse_ultra_stmt_is_operator_member(Parser *p)
{
    if (!is_ultra(p) || !parser_at_word(p, WORD_OPERATOR)) return false;
    ParserMark mark = parser_mark(p);
    parser_next(p);
    bool is_operator = !p->token.newline_before && take_operator(p) && parser_at(p, TOKEN_LEFT_PAREN);
    parser_rewind(p, &mark);
    return is_operator;
}

Node *parse_ultra_stmt_operator_member(Parser *p)
{
    ASSERT(parser_at_word(p, WORD_OPERATOR), "at `operator`");
    ClassMember *member = NEW_NODE(p, CLASS_MEMBER, ClassMember, PARSER_HERE(p));
    parse_ultra_note_extension(p);
    parser_next(p);
    StringLiteral *key = NEW_NODE(p, STRING, StringLiteral, PARSER_HERE(p));
    key->value = names_intern_text(p->names, take_operator(p));
    member->kind = MEMBER_OPERATOR;
    member->key = FINISH(p, key);
    member->value = parse_func_method(p, member->node.start, FUNCTION_METHOD, 0);
    return FINISH(p, member);
}
