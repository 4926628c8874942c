/* SPDX-License-Identifier: MIT */
/* parse_variables.c - declarations of variables: var, let, const, using, await using. */
#include "compiler/parser_int.h"

/* ---- variables ----------------------------------------------------------------------------------------- */

static void check_variable_names(Parser *p, uint32_t kind, Node *target)
{
    if (kind == VARIABLE_VAR) return;
    uint32_t begin = parser_list_begin(p);
    parse_pattern_push_names(p, target);
    for (uint32_t i = begin; i < p->now.pending_count; i++) {
        const Identifier *name = (Identifier *)p->pending.items[i];
        if (name->name->word == WORD_LET) parser_error_node(p, DIAG_LET_NAME, &name->node);
    }
    p->now.pending_count = begin;
}

static Node *parse_declarator(Parser *p, uint32_t kind)
{
    Declarator *node = NEW_NODE(p, DECLARATOR, Declarator, PARSER_HERE(p));
    if (kind >= VARIABLE_USING && !parser_at(p, TOKEN_IDENTIFIER)) parser_fail(p, DIAG_USING_PATTERN);
    node->target = parse_pattern_binding(p);
    check_variable_names(p, kind, node->target);
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) {
        if (!p->token.newline_before) parser_take(p, TOKEN_NOT);
        node->type = parse_type_annotation(p);
    }
    if (parser_take(p, TOKEN_ASSIGN)) node->initializer = parse_expr_assignment(p);
    return FINISH(p, node);
}

Node *parse_variables_declarators(Parser *p, uint32_t kind, uint32_t start)
{
    Variables *node = NEW_NODE(p, VARIABLES, Variables, start);
    uint32_t begin = parser_list_begin(p);
    node->kind = kind;
    do {
        parser_list_push(p, parse_declarator(p, kind));
    } while (parser_take(p, TOKEN_COMMA));
    node->declarators = parser_list_end(p, begin);
    return FINISH(p, node);
}

void parse_variables_check_initializers(Parser *p, const Variables *variables)
{
    if (p->now.in_ambient) return;
    for (uint32_t i = 0; i < variables->declarators.count; i++) {
        const Declarator *d = (Declarator *)variables->declarators.items[i];
        if (d->initializer) continue;
        if (d->target->kind != NODE_IDENTIFIER) parser_error_node(p, DIAG_PATTERN_NEEDS_VALUE, &d->node);
        else if (variables->kind == VARIABLE_CONST) parser_error_node(p, DIAG_CONST_NEEDS_VALUE, &d->node);
        else if (variables->kind >= VARIABLE_USING) parser_error_node(p, DIAG_USING_NEEDS_VALUE, &d->node);
    }
}

/* At the first declarator, to behind the semicolon. */
Node *parse_variables_list(Parser *p, uint32_t kind, uint32_t start)
{
    Variables *node = (Variables *)parse_variables_declarators(p, kind, start);
    parse_variables_check_initializers(p, node);
    parser_semicolon(p);
    return FINISH(p, node);
}

/* At `var` or `const`. */
Node *parse_variables_keyword(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    uint32_t kind = parser_at(p, TOKEN_VAR) ? VARIABLE_VAR : VARIABLE_CONST;
    parser_next(p);
    if (kind == VARIABLE_CONST && parser_at(p, TOKEN_ENUM) && parser_is_dialect(p, DIALECT_TYPESCRIPT))
        return parse_typescript_enum(p, start, true);
    return parse_variables_list(p, kind, start);
}

/* May this token, behind `let`, begin a binding? */
static bool is_binding_start(const Token *t)
{
    return t->kind == TOKEN_IDENTIFIER || t->kind == TOKEN_LEFT_BRACKET || t->kind == TOKEN_LEFT_BRACE;
}

bool parse_variables_at_let(Parser *p)
{
    if (!parser_at_word(p, WORD_LET)) return false;
    Token after = parser_peek(p);
    bool is_keyword = after.kind >= TOKEN_BREAK && after.kind != TOKEN_IN && after.kind != TOKEN_INSTANCEOF;
    return is_binding_start(&after) || (p->now.is_strict && is_keyword);
}

/* At `using` and a name on one line; in a for head `using of` is a name and `of`, unless `=` follows. */
static bool is_using(Parser *p, bool is_for_head)
{
    if (!parser_at_word(p, WORD_USING)) return false;
    Token after = parser_peek(p);
    if (after.kind != TOKEN_IDENTIFIER || after.newline_before) return false;
    return !is_for_head || !parser_is_word(&after, WORD_OF) || parser_peek_second(p).kind == TOKEN_ASSIGN;
}

/* At `await using` and a name on one line, where `await` is an operator. */
static bool is_await_using(Parser *p)
{
    Token after = parser_peek(p);
    if (!parser_is_word(&after, WORD_USING) || after.newline_before) return false;
    ParserMark mark = parser_mark(p);
    parser_next(p);
    bool has_name = is_using(p, false);
    parser_rewind(p, &mark);
    return has_name && parse_await_word(p) == ULTRA_AWAIT_OPERATOR;
}

bool parse_variables_at_using(Parser *p, bool is_for_head, uint32_t *kind)
{
    bool is_await = parser_at_word(p, WORD_AWAIT);
    *kind = is_await ? VARIABLE_AWAIT_USING : VARIABLE_USING;
    return is_await ? is_await_using(p) : is_using(p, is_for_head);
}

void parse_variables_take_using(Parser *p, uint32_t kind)
{
    const FunctionContext *f = p->now.function;
    if (kind == VARIABLE_AWAIT_USING) {
        if (f->is_top_level) p->has_await = true;
        if (f->in_static_block) parser_error(p, DIAG_AWAIT_IS_RESERVED, p->token.start, p->token.end);
        parser_next(p);
    }
    parser_next(p);
}

Node *parse_variables_using(Parser *p, uint32_t kind, bool is_item)
{
    uint32_t start = PARSER_HERE(p);
    bool is_script_level = p->now.list_end == ENDS_AT_END && !p->is_module
        && p->options->kind != PARSER_COMMONJS;
    if (!is_item || is_script_level || p->now.list_end == ENDS_AT_CASE)
        parser_error(p, DIAG_USING_POSITION, start, p->token.end);
    parse_variables_take_using(p, kind);
    return parse_variables_list(p, kind, start);
}
