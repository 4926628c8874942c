/* SPDX-License-Identifier: MIT */
/* parse_primary.c - primary expressions: names, literals, arrays, objects, templates, parentheses (ECMA-262
 * 13.2). */
#include "compiler/parser_int.h"
#include "vm/regexp/re_parse.h"

/* ---- literals ------------------------------------------------------------------------------------------ */

static Node *parse_simple(Parser *p, NodeKind kind)
{
    Node *node = ast_new(p->arena, kind, PARSER_HERE(p));
    parser_next(p);
    return parser_finish(p, node);
}

static void check_legacy_octal(Parser *p, DiagCode code)
{
    if (p->token.flags & FLAG_LEGACY_OCTAL && p->now.is_strict)
        parser_error(p, code, p->token.start, p->token.end);
}

static Node *parse_number(Parser *p)
{
    NumberLiteral *node = NEW_NODE(p, NUMBER, NumberLiteral, PARSER_HERE(p));
    check_legacy_octal(p, DIAG_STRICT_OCTAL);
    node->value = p->token.number;
    node->node.flags = p->token.flags;
    parser_next(p);
    return FINISH(p, node);
}

static Node *parse_bigint(Parser *p)
{
    BigIntLiteral *node = NEW_NODE(p, BIGINT, BigIntLiteral, PARSER_HERE(p));
    node->digits = p->token.name;
    parser_next(p);
    return FINISH(p, node);
}

Node *parse_primary_string(Parser *p)
{
    StringLiteral *node = NEW_NODE(p, STRING, StringLiteral, PARSER_HERE(p));
    check_legacy_octal(p, DIAG_STRICT_OCTAL_ESCAPE);
    node->value = p->token.name;
    node->node.flags = p->token.flags;
    parser_next(p);
    return FINISH(p, node);
}

static ReText text_of(const Name *name)
{
    return (ReText){ name->latin1, name->length, name->is_wide };
}

static Node *parse_regexp(Parser *p)
{
    lexer_read_regexp(&p->lexer, &p->token);
    if (!parser_at(p, TOKEN_REGEXP)) parser_unexpected(p, NULL);
    RegExpLiteral *node = NEW_NODE(p, REGEXP, RegExpLiteral, PARSER_HERE(p));
    node->pattern = p->token.name;
    node->flags = p->token.raw;
    uint32_t flags;
    ReError error;
    if (!re_parse_flags(text_of(node->flags), &flags))
        parser_error(p, DIAG_REGEXP_FLAGS, p->token.end - node->flags->length, p->token.end);
    else if (!re_parse_check(text_of(node->pattern), flags, &error))
        parser_error(p, DIAG_BAD_REGEXP, p->token.start, p->token.end, error.message);
    parser_next(p);
    return FINISH(p, node);
}

/* ---- templates ----------------------------------------------------------------------------------------- */

static Node *make_template_element(Parser *p, bool is_tagged)
{
    const Token *t = &p->token;
    TemplateElement *node = NEW_NODE(p, TEMPLATE_ELEMENT, TemplateElement, t->start + 1);
    node->cooked = t->name;
    node->raw = t->raw;
    node->node.end = t->end - (t->is_tail ? 1 : 2);
    if (!t->name && !is_tagged) parser_error(p, t->fault, t->fault_at, t->fault_at + 2);
    return &node->node;
}

/* Elements and expressions take turns on the pending list, then part. */
static void split_template(Parser *p, TemplateLiteral *node, NodeList all)
{
    ASSERT(all.count % 2 == 1, "an element first and last");
    node->quasis = (NodeList){ ARENA_ARRAY(p->arena, Node *, all.count / 2 + 1), all.count / 2 + 1 };
    node->expressions = (NodeList){ ARENA_ARRAY(p->arena, Node *, all.count / 2), all.count / 2 };
    for (uint32_t i = 0; i < all.count; i++)
        (i % 2 ? node->expressions.items : node->quasis.items)[i / 2] = all.items[i];
}

Node *parse_primary_template(Parser *p, bool is_tagged)
{
    ASSERT(parser_at(p, TOKEN_TEMPLATE), "at a template's head");
    TemplateLiteral *node = NEW_NODE(p, TEMPLATE, TemplateLiteral, PARSER_HERE(p));
    uint32_t begin = parser_list_begin(p);
    for (;;) {
        parser_list_push(p, make_template_element(p, is_tagged));
        bool is_tail = p->token.is_tail;
        parser_next(p);
        if (is_tail) break;
        parser_list_push(p, parse_expr_in(p, 0, parse_expr_any));
        if (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_unexpected(p, "`}` to end the template's expression");
        lexer_read_template(&p->lexer, &p->token);
        if (!parser_at(p, TOKEN_TEMPLATE)) parser_unexpected(p, NULL);
    }
    split_template(p, node, parser_list_end(p, begin));
    return FINISH(p, node);
}

/* ---- arrays -------------------------------------------------------------------------------------------- */

static Node *parse_spread(Parser *p)
{
    Spread *node = NEW_NODE(p, SPREAD, Spread, PARSER_HERE(p));
    parser_next(p);
    node->argument = parse_expr_cover(p);
    return FINISH(p, node);
}

static Node *parse_array(Parser *p)
{
    ArrayLiteral *node = NEW_NODE(p, ARRAY, ArrayLiteral, PARSER_HERE(p));
    bool is_ultra = parser_is_dialect(p, DIALECT_ULTRA);
    uint32_t outer = p->now.in, begin = parser_list_begin(p);
    p->now.in = is_ultra ? IN_SLICE : 0;
    parser_next(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACKET)) {
        if (parser_take(p, TOKEN_COMMA)) {
            parser_list_push(p, NULL);
            continue;
        }
        bool is_spread = parser_at(p, TOKEN_ELLIPSIS);
        if (is_spread) parser_list_push(p, parse_spread(p));
        else if (is_ultra) parser_list_push(p, parse_ultra_slice_item(p, parse_expr_cover));
        else parser_list_push(p, parse_expr_cover(p));
        if (parser_at(p, TOKEN_RIGHT_BRACKET)) break;
        if (!parser_at(p, TOKEN_COMMA)) parser_unexpected(p, "`,` or `]`");
        parser_next(p);
        if (is_spread && parser_at(p, TOKEN_RIGHT_BRACKET)) node->node.flags |= FLAG_TRAILING_COMMA;
    }
    p->now.in = outer;
    parser_next(p);
    node->elements = parser_list_end(p, begin);
    return FINISH(p, node);
}

/* ---- objects ------------------------------------------------------------------------------------------- */

Node *parse_primary_property_key(Parser *p, bool *computed)
{
    *computed = false;
    switch ((TokenKind)p->token.kind) {
    case TOKEN_STRING: return parse_primary_string(p);
    case TOKEN_NUMBER: return parse_number(p);
    case TOKEN_BIGINT: return parse_bigint(p);
    case TOKEN_LEFT_BRACKET: {
        *computed = true;
        parser_next(p);
        Node *key = parse_expr_in(p, 0, parse_expr_assignment);
        parser_expect(p, TOKEN_RIGHT_BRACKET);
        return key;
    }
    default: {
        StringLiteral *key = NEW_NODE(p, STRING, StringLiteral, PARSER_HERE(p));
        if (!parser_at_name(p)) parser_unexpected(p, "a property name");
        key->value = p->token.name;
        key->node.flags = p->token.flags;
        parser_next(p);
        return FINISH(p, key);
    }
    }
}

/* `{a}` and `{a = 1}`, where the name was token `t`. */
static void finish_shorthand(Parser *p, Property *node, const Token *t)
{
    if (t->kind != TOKEN_IDENTIFIER) {
        if (t->kind >= TOKEN_BREAK)
            parser_fail_at(p, DIAG_KEYWORD_SHORTHAND, t->start, t->end, ast_token_text(t->kind));
        parser_unexpected(p, "`:`");
    }
    parser_check_identifier(p, t);
    Identifier *value = NEW_NODE(p, IDENTIFIER, Identifier, t->start);
    value->name = t->name;
    value->node.flags = t->flags;
    node->kind = PROPERTY_SHORTHAND;
    node->value = FINISH(p, value);
    if (!parser_at(p, TOKEN_ASSIGN)) return;
    if (p->now.cover.initializer == NO_POSITION) p->now.cover.initializer = PARSER_HERE(p);
    Assign *assign = NEW_NODE(p, ASSIGN, Assign, t->start);
    assign->op = TOKEN_ASSIGN;
    assign->target = node->value;
    parser_next(p);
    assign->value = parse_expr_assignment(p);
    node->value = FINISH(p, assign);
}

/* Behind a key that is not a modifier: value, shorthand or method. */
static void finish_property(Parser *p, Property *node, const Token *name, bool *has_proto)
{
    if (parser_at(p, TOKEN_COLON)) {
        node->kind = PROPERTY_INIT;
        if (ast_is_proto(node)) {
            if (*has_proto && p->now.cover.second_proto == NO_POSITION)
                p->now.cover.second_proto = node->key->start;
            *has_proto = true;
        }
        parser_next(p);
        node->value = parse_expr_cover(p);
    } else if (parser_at(p, TOKEN_LEFT_PAREN)
               || (parser_at(p, TOKEN_LESS) && parser_is_dialect(p, DIALECT_TYPESCRIPT))) {
        node->kind = PROPERTY_METHOD;
        node->value = parse_func_method(p, node->node.start, FUNCTION_METHOD, 0);
    } else {
        if (node->computed) parser_unexpected(p, "`:` or `(`");
        finish_shorthand(p, node, name);
    }
}

/* Does the token continue a property whose key was just read? Else the key was a modifier such as `get`. */
static bool at_key_end(const Parser *p)
{
    switch ((TokenKind)p->token.kind) {
    case TOKEN_COMMA: case TOKEN_COLON: case TOKEN_LEFT_PAREN: case TOKEN_RIGHT_BRACE: case TOKEN_ASSIGN:
        return true;
    case TOKEN_LESS:
        return parser_is_dialect(p, DIALECT_TYPESCRIPT);
    default:
        return false;
    }
}

static void finish_method(Parser *p, Property *node, uint32_t property_kind, uint32_t function_kind,
                          uint32_t bits)
{
    node->key = parse_primary_property_key(p, &node->computed);
    node->kind = property_kind;
    node->value = parse_func_method(p, node->node.start, function_kind, bits);
}

static Node *parse_property(Parser *p, bool *has_proto)
{
    Property *node = NEW_NODE(p, PROPERTY, Property, PARSER_HERE(p));
    Token first = p->token;
    bool is_get = parser_is_word(&first, WORD_GET), is_set = parser_is_word(&first, WORD_SET);
    if (parser_take(p, TOKEN_STAR)) {
        finish_method(p, node, PROPERTY_METHOD, FUNCTION_METHOD, FUNCTION_IS_GENERATOR);
        return FINISH(p, node);
    }
    node->key = parse_primary_property_key(p, &node->computed);
    if ((is_get || is_set) && !at_key_end(p)) {
        finish_method(p, node, is_get ? PROPERTY_GET : PROPERTY_SET,
                      is_get ? FUNCTION_GETTER : FUNCTION_SETTER, 0);
    } else if (parser_is_word(&first, WORD_ASYNC) && !at_key_end(p) && !p->token.newline_before) {
        uint32_t generator = parser_take(p, TOKEN_STAR) ? FUNCTION_IS_GENERATOR : 0;
        finish_method(p, node, PROPERTY_METHOD, FUNCTION_METHOD, FUNCTION_IS_ASYNC | generator);
    } else {
        finish_property(p, node, &first, has_proto);
    }
    return FINISH(p, node);
}

Node *parse_primary_object(Parser *p)
{
    ASSERT(parser_at(p, TOKEN_LEFT_BRACE), "at `{`");
    ObjectLiteral *node = NEW_NODE(p, OBJECT, ObjectLiteral, PARSER_HERE(p));
    uint32_t outer = p->now.in, begin = parser_list_begin(p);
    if (outer & IN_HEADER) parser_fail(p, DIAG_OBJECT_IN_HEADER);
    p->now.in = 0;
    bool has_proto = false;
    parser_next(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) {
        bool is_spread = parser_at(p, TOKEN_ELLIPSIS);
        parser_list_push(p, is_spread ? parse_spread(p) : parse_property(p, &has_proto));
        if (parser_at(p, TOKEN_RIGHT_BRACE)) break;
        if (!parser_at(p, TOKEN_COMMA)) parser_unexpected(p, "`,` or `}`");
        parser_next(p);
        if (is_spread && parser_at(p, TOKEN_RIGHT_BRACE)) node->node.flags |= FLAG_TRAILING_COMMA;
    }
    p->now.in = outer;
    parser_next(p);
    node->members = parser_list_end(p, begin);
    return FINISH(p, node);
}

/* ---- parentheses --------------------------------------------------------------------------------------- */

/* `( list )` was no arrow's head: an expression. */
static Node *make_parenthesized(Parser *p, const ParenList *list)
{
    if (list->only_arrow != NO_POSITION || list->items.count == 0) {
        if (list->items.count == 0 || parser_at(p, TOKEN_ARROW)) parser_unexpected(p, "`=>`");
        parser_fail_at(p, DIAG_PARAMETERS_WITHOUT_ARROW, list->only_arrow, list->only_arrow + 1);
    }
    if (list->trailing_comma != NO_POSITION)
        parser_fail_at(p, DIAG_TRAILING_COMMA, list->trailing_comma, list->trailing_comma + 1);
    p->now.cover = list->cover;
    parse_expr_settle_cover(p);
    Node *e = list->items.items[0];
    if (list->items.count > 1) {
        Sequence *sequence = NEW_NODE(p, SEQUENCE, Sequence, list->inner_start);
        sequence->expressions = list->items;
        sequence->node.end = list->inner_end;
        e = &sequence->node;
    }
    e->flags |= FLAG_PARENTHESIZED;
    return e;
}

static Node *parse_paren(Parser *p)
{
    bool may_be_arrow = p->arrow_start == PARSER_HERE(p);
    ParenList list;
    Cover outer = p->now.cover;
    parse_arrow_list(p, &list, PARSER_HERE(p), false);
    p->now.cover = outer;
    if (may_be_arrow) {
        Node *arrow = parse_arrow_try(p, &list, 0);
        if (arrow) return arrow;
    }
    Node *e = make_parenthesized(p, &list);
    p->now.cover = outer;
    return e;
}

/* ---- names --------------------------------------------------------------------------------------------- */

/* `async (...)`, where the list may be arguments or parameters; `go (...)` likewise. */
Node *parse_primary_call_or_arrow(Parser *p, Node *callee, uint32_t start, uint32_t bits)
{
    ParenList list;
    Cover outer = p->now.cover;
    parse_arrow_list(p, &list, start, true);
    p->now.cover = outer;
    Node *arrow = parse_arrow_try(p, &list, bits);
    if (arrow) return arrow;
    if (list.only_arrow != NO_POSITION)
        parser_fail_at(p, DIAG_PARAMETERS_WITHOUT_ARROW, list.only_arrow, list.only_arrow + 1);
    p->now.cover = list.cover;
    parse_expr_settle_cover(p);
    p->now.cover = outer;
    parse_ultra_name_arguments(p, &list.items);
    return parse_suffix_call(p, callee, start, list.items, false);
}

/* At `async`, unescaped: an async function or arrow, or NULL. */
static Node *parse_async(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    bool may_be_arrow = p->arrow_start == start;
    Token after = parser_peek(p);
    if (after.newline_before) return NULL;
    if (after.kind == TOKEN_FUNCTION) return parse_func_expression(p, start, 0);
    if (!may_be_arrow) return NULL;
    if (after.kind == TOKEN_IDENTIFIER) {
        ParserMark mark = parser_mark(p);
        parser_next(p);
        Node *name = parser_identifier(p);
        if (parse_arrow_at(p)) return parse_arrow_of_name(p, start, name, FUNCTION_IS_ASYNC);
        parser_rewind(p, &mark);                 // `for (async of ...)`, or an error to come
        return NULL;
    }
    if (after.kind == TOKEN_LESS && parser_is_dialect(p, DIALECT_TYPESCRIPT))
        return parse_typescript_async_generic(p);
    if (after.kind != TOKEN_LEFT_PAREN) return NULL;
    Node *name = parser_identifier(p);
    return parse_primary_call_or_arrow(p, name, start, FUNCTION_IS_ASYNC);
}

static Node *parse_identifier_expression(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    if (UNLIKELY(p->token.name->word != WORD_NONE)) {
        Node *special = NULL;
        if (parser_at_word(p, WORD_ASYNC)) special = parse_async(p);
        else if (parse_ultra_stmt_is_fast(p)) special = parse_ultra_stmt_fast_function(p);
        if (special) return special;
    }
    Node *name = parser_identifier(p);
    if (p->arrow_start == start && parse_arrow_at(p)) return parse_arrow_of_name(p, start, name, 0);
    return name;
}

/* ---- dispatch ------------------------------------------------------------------------------------------ */

Node *parse_primary_expression(Parser *p)
{
    switch ((TokenKind)p->token.kind) {
    case TOKEN_IDENTIFIER:      return parse_identifier_expression(p);
    case TOKEN_NUMBER:          return parse_number(p);
    case TOKEN_STRING:          return parse_primary_string(p);
    case TOKEN_BIGINT:          return parse_bigint(p);
    case TOKEN_TEMPLATE:        return parse_primary_template(p, false);
    case TOKEN_SLASH:
    case TOKEN_SLASH_ASSIGN:    return parse_regexp(p);
    case TOKEN_LEFT_PAREN:      return parse_paren(p);
    case TOKEN_LEFT_BRACKET:    return parse_array(p);
    case TOKEN_LEFT_BRACE:      return parse_primary_object(p);
    case TOKEN_THIS:            return parse_simple(p, NODE_THIS);
    case TOKEN_NULL_LITERAL:    return parse_simple(p, NODE_NULL_LITERAL);
    case TOKEN_TRUE_LITERAL:    return parse_simple(p, NODE_TRUE_LITERAL);
    case TOKEN_FALSE_LITERAL:   return parse_simple(p, NODE_FALSE_LITERAL);
    case TOKEN_FUNCTION:        return parse_func_expression(p, PARSER_HERE(p), 0);
    case TOKEN_NEW:             return parse_suffix_new(p);
    case TOKEN_SUPER:           return parse_suffix_super(p);
    case TOKEN_IMPORT:          return parse_module_import_expression(p);
    case TOKEN_CLASS: case TOKEN_AT: {
        ClassSpec spec = { .start = PARSER_HERE(p) };
        spec.decorators = parse_class_decorators(p);
        return parse_class_definition(p, &spec);
    }
    default:
        parser_unexpected(p, "an expression");
    }
}
