/* SPDX-License-Identifier: MIT */
/* parse_type.c - TypeScript's types: read in full, kept where a later stage has a use for them.
 *
 * I1  The node of a type is TYPE_NAME, TYPE_ARRAY, TYPE_TUPLE or TYPE_CHANNEL for exactly those forms, and
 *     TYPE_OTHER, without children, for every other.
 * I2  `<` and `>` are single tokens here: longer ones that start with them are split.
 * I3  Whether `<` in an expression starts type arguments is decided by trial (parser_int.h I6): they must
 *     parse, end in a lone `>`, and be followed by what can follow an instantiated expression. */
#include "compiler/parser_int.h"

static Node *parse_type_here(Parser *p);
static Node *parse_return_type(Parser *p);

static Node *make_other(Parser *p, uint32_t start)
{
    TypeOther *node = NEW_NODE(p, TYPE_OTHER, TypeOther, start);
    return FINISH(p, node);
}

Node *parse_type_any(Parser *p)
{
    return parse_expr_in(p, 0, parse_type_here);
}

Node *parse_type_annotation(Parser *p)
{
    if (!parser_at(p, TOKEN_COLON) || !parser_is_dialect(p, DIALECT_TYPESCRIPT)) return NULL;
    parser_next(p);
    return parse_type_any(p);
}

/* ---- angle brackets ------------------------------------------------------------------------------------ */

static void expect_less(Parser *p)
{
    if (parser_at(p, TOKEN_SHIFT_LEFT) || parser_at(p, TOKEN_SHIFT_LEFT_ASSIGN)
        || parser_at(p, TOKEN_LESS_EQUAL))
        lexer_split(&p->lexer, &p->token);
    parser_expect(p, TOKEN_LESS);
}

void parse_type_expect_greater(Parser *p)
{
    switch ((TokenKind)p->token.kind) {
    case TOKEN_SHIFT_RIGHT: case TOKEN_SHIFT_RIGHT_ZERO: case TOKEN_GREATER_EQUAL:
    case TOKEN_SHIFT_RIGHT_ASSIGN: case TOKEN_SHIFT_RIGHT_ZERO_ASSIGN:
        lexer_split(&p->lexer, &p->token);
        break;
    default:
        break;
    }
    parser_expect(p, TOKEN_GREATER);
}

/* `<` and types, to before the `>`. */
static NodeList parse_open_arguments(Parser *p)
{
    uint32_t begin = parser_list_begin(p);
    p->open_angles.count = p->now.open_angle_count;
    VEC_PUSH_ARENA(p->arena, &p->open_angles, p->token.start);
    p->now.open_angle_count++;
    expect_less(p);
    do {
        parser_list_push(p, parse_type_any(p));
    } while (parser_take(p, TOKEN_COMMA));
    p->now.open_angle_count--;
    return parser_list_end(p, begin);
}

NodeList parse_type_arguments(Parser *p)
{
    NodeList arguments = parse_open_arguments(p);
    parse_type_expect_greater(p);
    return arguments;
}

/* `const`, `in` and `out` before a type parameter's name. */
static void skip_variance(Parser *p)
{
    for (;;) {
        bool is_modifier = parser_at(p, TOKEN_CONST) || parser_at(p, TOKEN_IN);
        if (parser_at_word(p, WORD_OUT)) {
            Token after = parser_peek(p);
            is_modifier = after.kind == TOKEN_IDENTIFIER;
        }
        if (!is_modifier) return;
        parser_next(p);
    }
}

void parse_type_parameters(Parser *p)
{
    if (!parser_at(p, TOKEN_LESS)) return;
    parser_next(p);
    do {
        if (parser_at(p, TOKEN_GREATER)) break;
        skip_variance(p);
        if (!parser_at(p, TOKEN_IDENTIFIER)) parser_unexpected(p, "a type parameter");
        parser_next(p);
        if (parser_take(p, TOKEN_EXTENDS)) parse_type_any(p);
        if (parser_take(p, TOKEN_ASSIGN)) parse_type_any(p);
    } while (parser_take(p, TOKEN_COMMA));
    parse_type_expect_greater(p);
}

/* ---- signatures ---------------------------------------------------------------------------------------- */

static void parse_signature_parameter(Parser *p)
{
    parser_take(p, TOKEN_ELLIPSIS);
    if (parser_at(p, TOKEN_LEFT_BRACE) || parser_at(p, TOKEN_LEFT_BRACKET)) parse_pattern_binding(p);
    else if (parser_at_name(p)) parser_next(p);
    else parser_unexpected(p, "a parameter");
    parser_take(p, TOKEN_QUESTION);
    if (parser_take(p, TOKEN_COLON)) parse_type_any(p);
    if (parser_take(p, TOKEN_ASSIGN)) parse_expr_assignment(p);
}

static void parse_signature_parameters(Parser *p)
{
    parser_expect(p, TOKEN_LEFT_PAREN);
    while (!parser_at(p, TOKEN_RIGHT_PAREN)) {
        parse_signature_parameter(p);
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    parser_expect(p, TOKEN_RIGHT_PAREN);
}

/* `<T>(a: T): R`, type parameters and result optional. */
static void parse_signature(Parser *p)
{
    parse_type_parameters(p);
    parse_signature_parameters(p);
    if (parser_take(p, TOKEN_COLON)) parse_return_type(p);
}

/* `<T>(a: T) => R` */
static Node *parse_function_type(Parser *p, uint32_t start)
{
    parse_type_parameters(p);
    parse_signature_parameters(p);
    parser_expect(p, TOKEN_ARROW);
    parse_return_type(p);
    return make_other(p, start);
}

/* `asserts x`, `asserts x is T`, `x is T`, which leave nothing, or a type. */
static Node *parse_return_type(Parser *p)
{
    Token after = parser_peek(p);
    bool is_name = after.kind == TOKEN_IDENTIFIER || after.kind == TOKEN_THIS;
    if (parser_at_word(p, WORD_ASSERTS) && is_name && !after.newline_before
        && !parser_is_word(&after, WORD_IS)) {
        parser_next(p);
        parser_next(p);
        if (parser_take_word(p, WORD_IS)) parse_type_any(p);
        return NULL;
    }
    if ((parser_at(p, TOKEN_IDENTIFIER) || parser_at(p, TOKEN_THIS)) && parser_is_word(&after, WORD_IS)
               && !after.newline_before) {
        parser_next(p);
        parser_next(p);
        parse_type_any(p);
        return NULL;
    }
    return parse_type_any(p);
}

Node *parse_type_return(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    parser_expect(p, TOKEN_COLON);
    Node *type = parse_return_type(p);
    return type ? type : make_other(p, start);
}

/* ---- object types -------------------------------------------------------------------------------------- */

bool parse_type_skip_index_signature(Parser *p)
{
    if (!parser_at(p, TOKEN_LEFT_BRACKET)) return false;
    ParserMark mark = parser_mark(p);
    parser_next(p);
    bool is_name = parser_at(p, TOKEN_IDENTIFIER);
    if (is_name) parser_next(p);
    if (!is_name || !parser_take(p, TOKEN_COLON)) {
        parser_rewind(p, &mark);
        return false;
    }
    parse_type_any(p);
    parser_expect(p, TOKEN_RIGHT_BRACKET);
    if (parser_take(p, TOKEN_COLON)) parse_type_any(p);
    if (!parser_take(p, TOKEN_COMMA)) parser_semicolon(p);
    return true;
}

/* Is the word a modifier (`readonly`, `get`, `set`) of the member that follows it? */
static bool is_member_modifier(Parser *p)
{
    if (!parser_at_word(p, WORD_READONLY) && !parser_at_word(p, WORD_GET) && !parser_at_word(p, WORD_SET))
        return false;
    Token after = parser_peek(p);
    return after.kind == TOKEN_IDENTIFIER || after.kind >= TOKEN_BREAK || after.kind == TOKEN_STRING
        || after.kind == TOKEN_NUMBER || after.kind == TOKEN_LEFT_BRACKET;
}

static void parse_type_member(Parser *p)
{
    while (is_member_modifier(p)) parser_next(p);
    if (parse_type_skip_index_signature(p)) return;
    TokenKind after_new = parser_at(p, TOKEN_NEW) ? parser_peek(p).kind : TOKEN_END;
    if (after_new == TOKEN_LEFT_PAREN || after_new == TOKEN_LESS) parser_next(p);
    if (parser_at(p, TOKEN_LEFT_PAREN) || parser_at(p, TOKEN_LESS)) {
        parse_signature(p);
    } else {
        bool computed;
        parse_primary_property_key(p, &computed);
        parser_take(p, TOKEN_QUESTION);
        if (parser_at(p, TOKEN_LEFT_PAREN) || parser_at(p, TOKEN_LESS)) parse_signature(p);
        else if (parser_take(p, TOKEN_COLON)) parse_type_any(p);
    }
    if (!parser_take(p, TOKEN_COMMA)) parser_semicolon(p);
}

void parse_type_members(Parser *p)
{
    parser_expect(p, TOKEN_LEFT_BRACE);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) parse_type_member(p);
    parser_next(p);
}

static void skip_sign_and(Parser *p, bool is_readonly)
{
    bool is_signed = parser_take(p, TOKEN_PLUS) || parser_take(p, TOKEN_MINUS);
    if (is_readonly) {
        bool is_name = !is_signed && parser_peek(p).kind != TOKEN_LEFT_BRACKET;
        if (!is_name) parser_take_word(p, WORD_READONLY);
    } else {
        parser_take(p, TOKEN_QUESTION);
    }
}

/* `{ readonly [K in T as U]?: V }` at `{`; false (and nothing read) when it is another object type. */
static bool parse_mapped_type(Parser *p)
{
    ParserMark mark = parser_mark(p);
    parser_next(p);
    skip_sign_and(p, true);
    bool is_mapped = parser_take(p, TOKEN_LEFT_BRACKET) && parser_take(p, TOKEN_IDENTIFIER)
        && parser_take(p, TOKEN_IN);
    if (!is_mapped) {
        parser_rewind(p, &mark);
        return false;
    }
    parse_type_any(p);
    if (parser_take_word(p, WORD_AS)) parse_type_any(p);
    parser_expect(p, TOKEN_RIGHT_BRACKET);
    skip_sign_and(p, false);
    if (parser_take(p, TOKEN_COLON)) parse_type_any(p);
    if (!parser_take(p, TOKEN_COMMA)) parser_semicolon(p);
    parser_expect(p, TOKEN_RIGHT_BRACE);
    return true;
}

/* ---- primary types ------------------------------------------------------------------------------------- */

/* Skip what can be a binding pattern in a signature, at its bracket; false at anything else. */
static bool skip_simple_pattern(Parser *p)
{
    uint32_t depth = 0;
    do {
        switch ((TokenKind)p->token.kind) {
        case TOKEN_LEFT_BRACE: case TOKEN_LEFT_BRACKET: depth++; break;
        case TOKEN_RIGHT_BRACE: case TOKEN_RIGHT_BRACKET: depth--; break;
        case TOKEN_COMMA: case TOKEN_COLON: case TOKEN_ELLIPSIS: case TOKEN_STRING: case TOKEN_NUMBER: break;
        default: if (!parser_at_name(p)) return false;
        }
        parser_next(p);
    } while (depth > 0);
    return true;
}

/* At `(`: does a function type start here, or a type in parentheses? */
static bool is_function_type(Parser *p)
{
    ParserMark mark = parser_mark(p);
    parser_next(p);
    bool is_function = parser_at(p, TOKEN_RIGHT_PAREN) || parser_at(p, TOKEN_ELLIPSIS);
    bool is_pattern = parser_at(p, TOKEN_LEFT_BRACE) || parser_at(p, TOKEN_LEFT_BRACKET);
    bool is_name = parser_at(p, TOKEN_IDENTIFIER) || parser_at(p, TOKEN_THIS);
    if (is_name) parser_next(p);
    if (is_name || (is_pattern && skip_simple_pattern(p))) {
        is_function = parser_at(p, TOKEN_COLON) || parser_at(p, TOKEN_COMMA) || parser_at(p, TOKEN_QUESTION)
            || parser_at(p, TOKEN_ASSIGN);
        if (parser_take(p, TOKEN_RIGHT_PAREN)) is_function = parser_at(p, TOKEN_ARROW);
    }
    parser_rewind(p, &mark);
    return is_function;
}

/* `A.B.C<T>` */
static Node *parse_type_name(Parser *p)
{
    TypeName *node = NEW_NODE(p, TYPE_NAME, TypeName, PARSER_HERE(p));
    node->name = p->token.name;
    parser_next(p);
    if (parser_at(p, TOKEN_DOT)) {
        LiteralText text = { .arena = p->arena };
        for (const Name *part = node->name;;) {
            for (uint32_t i = 0; i < part->length; i++) literal_put(&text, names_unit(part, i));
            if (!parser_take(p, TOKEN_DOT)) break;
            literal_put(&text, '.');
            part = parser_name(p);
        }
        node->name = names_intern_utf16(p->names, text.units.items, text.units.count);
    }
    bool has_arguments = (parser_at(p, TOKEN_LESS) || parser_at(p, TOKEN_SHIFT_LEFT))
        && !p->token.newline_before;
    if (has_arguments) node->arguments = parse_type_arguments(p);
    return FINISH(p, node);
}

static Node *parse_word_type(Parser *p, Word word)
{
    TypeName *node = NEW_NODE(p, TYPE_NAME, TypeName, PARSER_HERE(p));
    node->name = names_word(p->names, word);
    parser_next(p);
    return FINISH(p, node);
}

/* A tuple's element: `T`, `T?`, `...T`, `name: T`, `name?: T`, `...name: T`; only the first leaves its type.
 * */
static Node *parse_tuple_element(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    bool is_plain = !parser_take(p, TOKEN_ELLIPSIS);
    if (parser_at_name(p)) {
        ParserMark mark = parser_mark(p);
        parser_next(p);
        parser_take(p, TOKEN_QUESTION);
        if (parser_take(p, TOKEN_COLON)) {
            parse_type_any(p);
            return make_other(p, start);
        }
        parser_rewind(p, &mark);
    }
    Node *type = parse_type_any(p);
    if (parser_take(p, TOKEN_QUESTION)) is_plain = false;
    return is_plain ? type : make_other(p, start);
}

static Node *parse_tuple(Parser *p)
{
    TypeTuple *node = NEW_NODE(p, TYPE_TUPLE, TypeTuple, PARSER_HERE(p));
    uint32_t begin = parser_list_begin(p);
    parser_next(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACKET)) {
        parser_list_push(p, parse_tuple_element(p));
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    parser_expect(p, TOKEN_RIGHT_BRACKET);
    node->elements = parser_list_end(p, begin);
    return FINISH(p, node);
}

static void parse_template_type(Parser *p)
{
    while (!p->token.is_tail) {
        parser_next(p);
        parse_type_any(p);
        if (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_unexpected(p, "`}`");
        lexer_read_template(&p->lexer, &p->token);
        if (!parser_at(p, TOKEN_TEMPLATE)) parser_unexpected(p, NULL);
    }
    parser_next(p);
}

/* `import("x").A<T>` */
static void parse_import_type(Parser *p)
{
    parser_next(p);
    parser_expect(p, TOKEN_LEFT_PAREN);
    parse_type_any(p);
    if (parser_take(p, TOKEN_COMMA) && !parser_at(p, TOKEN_RIGHT_PAREN)) {
        parse_expr_assignment(p);
        parser_take(p, TOKEN_COMMA);
    }
    parser_expect(p, TOKEN_RIGHT_PAREN);
    while (parser_take(p, TOKEN_DOT)) parser_name(p);
    if (parser_at(p, TOKEN_LESS) && !p->token.newline_before) parse_type_arguments(p);
}

/* `typeof a.b.#c<T>`, `typeof import("x")` */
static void parse_query_type(Parser *p)
{
    parser_next(p);
    if (parser_at(p, TOKEN_IMPORT)) {
        parse_import_type(p);
        return;
    }
    parser_name(p);
    while (parser_take(p, TOKEN_DOT))
        if (!parser_take(p, TOKEN_PRIVATE_NAME)) parser_name(p);
    if (parser_at(p, TOKEN_LESS) && !p->token.newline_before) parse_type_arguments(p);
}

static Node *parse_parenthesized_type(Parser *p)
{
    parser_next(p);
    Node *type = parse_type_any(p);
    parser_expect(p, TOKEN_RIGHT_PAREN);
    type->flags |= FLAG_PARENTHESIZED;
    return type;
}

static Node *parse_primary_type(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    switch ((TokenKind)p->token.kind) {
    case TOKEN_IDENTIFIER:
        return parse_ultra_is_channel_type(p) ? parse_ultra_channel_type(p) : parse_type_name(p);
    case TOKEN_VOID:         return parse_word_type(p, WORD_VOID);
    case TOKEN_NULL_LITERAL: return parse_word_type(p, WORD_NULL_LITERAL);
    case TOKEN_LEFT_PAREN:   return parse_parenthesized_type(p);
    case TOKEN_LEFT_BRACKET: return parse_tuple(p);
    case TOKEN_LEFT_BRACE:
        if (!parse_mapped_type(p)) parse_type_members(p);
        break;
    case TOKEN_MINUS:
        parser_next(p);
        if (!parser_at(p, TOKEN_NUMBER) && !parser_at(p, TOKEN_BIGINT)) parser_unexpected(p, "a number");
        parser_next(p);
        break;
    case TOKEN_THIS: case TOKEN_TRUE_LITERAL: case TOKEN_FALSE_LITERAL: case TOKEN_STRING: case TOKEN_NUMBER:
    case TOKEN_BIGINT:
        parser_next(p);
        break;
    case TOKEN_TEMPLATE:
        parse_template_type(p);
        break;
    case TOKEN_TYPEOF:
        parse_query_type(p);
        break;
    case TOKEN_IMPORT:
        parse_import_type(p);
        break;
    default:
        parser_unexpected(p, "a type");
    }
    return make_other(p, start);
}

/* ---- operators ----------------------------------------------------------------------------------------- */

/* `T[]` and `T[K]`, not across a line end. */
Node *parse_type_postfix(Parser *p)
{
    uint32_t start = PARSER_HERE(p), links = 0;
    Node *type = parse_primary_type(p);
    while (parser_at(p, TOKEN_LEFT_BRACKET) && !p->token.newline_before) {
        if (++links > PARSER_CHAIN_LIMIT) parser_too_deep(p);
        parser_next(p);
        if (parser_take(p, TOKEN_RIGHT_BRACKET)) {
            TypeArray *array = NEW_NODE(p, TYPE_ARRAY, TypeArray, start);
            array->element = type;
            type = FINISH(p, array);
        } else {
            parse_type_any(p);
            parser_expect(p, TOKEN_RIGHT_BRACKET);
            type = make_other(p, start);
        }
    }
    return type;
}

static bool parse_constraint(Parser *p, void *context)
{
    (void)context;
    parser_next(p);
    parse_expr_in(p, p->now.in | IN_EXTENDS_TYPE, parse_type_here);
    return p->now.in & IN_EXTENDS_TYPE || !parser_at(p, TOKEN_QUESTION);
}

/* `infer T`, `infer T extends U` (which is no constraint when a conditional type goes on from it). */
static void parse_infer(Parser *p)
{
    parser_next(p);
    parser_name(p);
    if (parser_at(p, TOKEN_EXTENDS)) parser_try(p, parse_constraint, NULL);
}

static Node *parse_operator_type(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    bool is_infer = parser_at_word(p, WORD_INFER);
    bool is_operator = parser_at_word(p, WORD_KEYOF) || parser_at_word(p, WORD_READONLY)
        || parser_at_word(p, WORD_UNIQUE);
    if (!is_infer && !is_operator) return parse_type_postfix(p);
    parser_enter(p);
    if (is_infer) {
        parse_infer(p);
    } else {
        parser_next(p);
        parse_operator_type(p);
    }
    parser_leave(p);
    return make_other(p, start);
}

/* Function types cannot be operands, except at the end; TypeScript asks for parentheses, we do not. */
static Node *parse_operand_type(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    if (parser_at(p, TOKEN_LESS) || (parser_at(p, TOKEN_LEFT_PAREN) && is_function_type(p)))
        return parse_function_type(p, start);
    if (parser_at_word(p, WORD_ABSTRACT) && parser_peek(p).kind == TOKEN_NEW) parser_next(p);
    if (parser_take(p, TOKEN_NEW)) return parse_function_type(p, start);
    return parse_operator_type(p);
}

/* Operands joined by `op`, which may also stand before the first. */
static Node *parse_joined(Parser *p, TokenKind op, Node *(*parse_operand)(Parser *p))
{
    uint32_t start = PARSER_HERE(p);
    bool is_joined = parser_take(p, op);
    Node *type = parse_operand(p);
    while (parser_take(p, op)) {
        parse_operand(p);
        is_joined = true;
    }
    return is_joined ? make_other(p, start) : type;
}

static Node *parse_intersection(Parser *p)
{
    return parse_joined(p, TOKEN_BIT_AND, parse_operand_type);
}

static Node *parse_type_here(Parser *p)
{
    parser_enter(p);
    uint32_t start = PARSER_HERE(p);
    Node *type = parse_joined(p, TOKEN_BIT_OR, parse_intersection);
    if (!(p->now.in & IN_EXTENDS_TYPE) && parser_at(p, TOKEN_EXTENDS) && !p->token.newline_before) {
        parser_next(p);
        parse_expr_in(p, IN_EXTENDS_TYPE, parse_type_here);
        parser_expect(p, TOKEN_QUESTION);
        parse_type_any(p);
        parser_expect(p, TOKEN_COLON);
        parse_type_any(p);
        type = make_other(p, start);
    }
    parser_leave(p);
    return type;
}

/* ---- types in expressions ------------------------------------------------------------------------------ */

bool parse_type_is_assertion(const Parser *p)
{
    if (p->token.name->word == WORD_NONE || !parser_is_dialect(p, DIALECT_TYPESCRIPT)) return false;
    return (parser_at_word(p, WORD_AS) || parser_at_word(p, WORD_SATISFIES)) && !p->token.newline_before;
}

Node *parse_type_assertion(Parser *p, Node *left, uint32_t start)
{
    TypeAssertion *node = NEW_NODE(p, TYPE_ASSERTION, TypeAssertion, start);
    node->op = parser_at_word(p, WORD_AS) ? TOKEN_AS : TOKEN_SATISFIES;
    parser_next(p);
    node->expression = left;
    bool is_const = node->op == TOKEN_AS && parser_at(p, TOKEN_CONST);
    node->type = is_const ? parse_word_type(p, WORD_CONST) : parse_type_any(p);
    return FINISH(p, node);
}

/* May the token behind `>` follow an instantiated expression? What starts an expression makes `<` and `>`
 * comparisons, unless it can only be a call's `(` or a template. */
static bool may_end_arguments(const Parser *p)
{
    switch ((TokenKind)p->token.kind) {
    case TOKEN_LEFT_PAREN: case TOKEN_TEMPLATE:
        return true;
    case TOKEN_LESS: case TOKEN_GREATER: case TOKEN_PLUS: case TOKEN_MINUS:
        return false;
    case TOKEN_PRIVATE_NAME: case TOKEN_NUMBER: case TOKEN_BIGINT: case TOKEN_STRING: case TOKEN_LEFT_BRACE:
    case TOKEN_LEFT_BRACKET: case TOKEN_AT: case TOKEN_NOT: case TOKEN_BIT_NOT: case TOKEN_INCREMENT:
    case TOKEN_DECREMENT: case TOKEN_SLASH: case TOKEN_SLASH_ASSIGN: case TOKEN_CLASS: case TOKEN_DELETE:
    case TOKEN_FALSE_LITERAL: case TOKEN_FUNCTION: case TOKEN_IMPORT: case TOKEN_NEW: case TOKEN_NULL_LITERAL:
    case TOKEN_SUPER: case TOKEN_THIS: case TOKEN_TRUE_LITERAL: case TOKEN_TYPEOF: case TOKEN_VOID:
        return p->token.newline_before;
    case TOKEN_IDENTIFIER:
        return p->token.newline_before || parse_type_is_assertion(p);
    default:
        return true;
    }
}

static bool parse_trial_arguments(Parser *p, void *context)
{
    (void)context;
    parse_open_arguments(p);
    if (!parser_at(p, TOKEN_GREATER)) return false;
    parser_next(p);
    return may_end_arguments(p);
}

/* Cheap: can the token behind `<` start a type? */
static bool may_start_arguments(Parser *p)
{
    if (parser_at(p, TOKEN_SHIFT_LEFT)) return true;
    switch (parser_peek(p).kind) {
    case TOKEN_IDENTIFIER: case TOKEN_STRING: case TOKEN_NUMBER: case TOKEN_BIGINT: case TOKEN_TEMPLATE:
    case TOKEN_LEFT_BRACE: case TOKEN_LEFT_BRACKET: case TOKEN_LEFT_PAREN: case TOKEN_LESS: case TOKEN_MINUS:
    case TOKEN_BIT_OR: case TOKEN_BIT_AND: case TOKEN_VOID: case TOKEN_NULL_LITERAL: case TOKEN_THIS:
    case TOKEN_TYPEOF: case TOKEN_NEW: case TOKEN_IMPORT: case TOKEN_TRUE_LITERAL: case TOKEN_FALSE_LITERAL:
        return true;
    default:
        return false;
    }
}

static bool parse_trial_angle(Parser *p, void *context)
{
    (void)context;
    parse_open_arguments(p);
    return parser_at(p, TOKEN_GREATER);
}

bool parse_type_is_angle(Parser *p)
{
    ParserMark mark = parser_mark(p);
    bool is_angle = parser_try(p, parse_trial_angle, NULL);
    if (is_angle) parser_rewind(p, &mark);
    return is_angle;
}

bool parse_type_try_arguments(Parser *p)
{
    return may_start_arguments(p) && parser_try(p, parse_trial_arguments, NULL);
}
