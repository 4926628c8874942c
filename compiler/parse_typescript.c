/* SPDX-License-Identifier: MIT */
/* parse_typescript.c - TypeScript beyond types: declarations with and without a run-time meaning, type
 * assertions, generic arrows.
 *
 * I1  Each form starts at a place where ECMAScript's grammar has no use for the token, most often a word with
 *     another word behind it on the same line.
 * I2  What has no run-time meaning leaves an EMPTY that lists the names it declared. */
#include "compiler/parser_int.h"

/* ---- erased declarations ------------------------------------------------------------------------------- */

void parse_typescript_note_type(Parser *p, NodeVec *names, const Token *name)
{
    TypeName *node = NEW_NODE(p, TYPE_NAME, TypeName, name->start);
    node->name = name->name;
    node->node.end = name->end;
    VEC_PUSH_ARENA(p->arena, names, &node->node);
}

Node *parse_typescript_erased(Parser *p, uint32_t start, const Token *name)
{
    Empty *empty = NEW_NODE(p, EMPTY, Empty, start);
    NodeVec names = { 0 };
    if (name) parse_typescript_note_type(p, &names, name);
    empty->type_names = (NodeList){ names.items, names.count };
    return FINISH(p, empty);
}

static Token take_type_name(Parser *p)
{
    if (!parser_at_name(p)) parser_unexpected(p, "a name");
    Token name = p->token;
    parser_next(p);
    return name;
}

/* `type X<T> = ...`, at `type`. */
static Node *parse_alias(Parser *p, uint32_t start)
{
    parser_next(p);
    Token name = take_type_name(p);
    parse_type_parameters(p);
    parser_expect(p, TOKEN_ASSIGN);
    parse_type_any(p);
    parser_semicolon(p);
    return parse_typescript_erased(p, start, &name);
}

/* `interface X<T> extends Y { ... }`, at `interface`. */
static Node *parse_interface(Parser *p, uint32_t start)
{
    parser_next(p);
    Token name = take_type_name(p);
    parse_type_parameters(p);
    if (parser_take(p, TOKEN_EXTENDS)) {
        do {
            parse_type_any(p);
        } while (parser_take(p, TOKEN_COMMA));
    }
    parse_type_members(p);
    return parse_typescript_erased(p, start, &name);
}

Node *parse_typescript_default_interface(Parser *p, uint32_t start)
{
    if (!parser_is_dialect(p, DIALECT_TYPESCRIPT) || !parser_at_word(p, WORD_INTERFACE)) return NULL;
    Token after = parser_peek(p);
    if (after.kind != TOKEN_IDENTIFIER || after.newline_before) return NULL;
    return parse_interface(p, start);
}

/* ---- enum ---------------------------------------------------------------------------------------------- */

static Node *parse_enum_member(Parser *p)
{
    EnumMember *member = NEW_NODE(p, ENUM_MEMBER, EnumMember, PARSER_HERE(p));
    bool computed;
    Node *key = parse_primary_property_key(p, &computed);
    if (key->kind == NODE_STRING) member->name = ((StringLiteral *)key)->value;
    else parser_error_node(p, DIAG_ENUM_KEY, key);
    if (parser_take(p, TOKEN_ASSIGN)) member->initializer = parse_expr_in(p, 0, parse_expr_assignment);
    return FINISH(p, member);
}

Node *parse_typescript_enum(Parser *p, uint32_t start, bool is_const)
{
    ASSERT(parser_at(p, TOKEN_ENUM), "at `enum`");
    Enum *node = NEW_NODE(p, ENUM, Enum, start);
    parser_next(p);
    node->is_const = is_const;
    node->name = ((Identifier *)parser_binding_identifier(p))->name;
    parser_expect(p, TOKEN_LEFT_BRACE);
    uint32_t begin = parser_list_begin(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) {
        parser_list_push(p, parse_enum_member(p));
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    if (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_unexpected(p, "`,` or `}`");
    parser_next(p);
    node->members = parser_list_end(p, begin);
    return FINISH(p, node);
}

/* ---- namespace ----------------------------------------------------------------------------------------- */

/* `{ ... }` of a namespace or an ambient module. */
static NodeList parse_namespace_body(Parser *p)
{
    FunctionContext context = { .reserves_await = p->is_module };
    ParserState saved;
    parse_func_enter(p, &context, &saved);
    parser_expect(p, TOKEN_LEFT_BRACE);
    NodeList statements = parse_stmt_list(p, ENDS_AT_NAMESPACE, NULL);
    parser_expect(p, TOKEN_RIGHT_BRACE);
    parse_func_leave(p, &saved);
    return statements;
}

static bool is_all_erased(const NodeList *statements)
{
    for (uint32_t i = 0; i < statements->count; i++)
        if (statements->items[i]->kind != NODE_EMPTY) return false;
    return true;
}

/* `A.B.C { ... }` at a name; each dot opens an exported namespace within. EMPTY when nothing in it runs. */
static Node *parse_namespace_from_name(Parser *p, uint32_t start)
{
    parser_enter(p);
    Namespace *node = NEW_NODE(p, NAMESPACE, Namespace, start);
    Token name = p->token;
    node->name = ((Identifier *)parser_binding_identifier(p))->name;
    if (parser_take(p, TOKEN_DOT)) {
        uint32_t inner_start = PARSER_HERE(p);
        Node *inner = parse_namespace_from_name(p, inner_start);
        if (inner->kind == NODE_NAMESPACE) {
            ExportDeclaration *exported = NEW_NODE(p, EXPORT_DECLARATION, ExportDeclaration, inner_start);
            exported->declaration = inner;
            inner = FINISH(p, exported);
        }
        node->statements = (NodeList){ arena_copy(p->arena, &inner, sizeof inner), 1 };
    } else {
        node->statements = parse_namespace_body(p);
    }
    parser_leave(p);
    if (is_all_erased(&node->statements)) return parse_typescript_erased(p, start, &name);
    return FINISH(p, node);
}

/* `module "name" { ... }` or `global { ... }`, at the name; ambient. */
static Node *parse_ambient_module(Parser *p, uint32_t start)
{
    parser_next(p);
    if (parser_at(p, TOKEN_LEFT_BRACE)) parse_namespace_body(p);
    else parser_semicolon(p);
    return parse_typescript_erased(p, start, NULL);
}

/* ---- declare ------------------------------------------------------------------------------------------- */

/* Note what an ambient declaration declared. */
static void note_declared(Parser *p, NodeVec *names, const Node *declared)
{
    Token name = { .start = declared->start, .end = declared->end };
    switch (declared->kind) {
    case NODE_EMPTY: {
        const NodeList *inner = &((const Empty *)declared)->type_names;
        for (uint32_t i = 0; i < inner->count; i++) VEC_PUSH_ARENA(p->arena, names, inner->items[i]);
        return;
    }
    case NODE_VARIABLES: {
        const NodeList *declarators = &((const Variables *)declared)->declarators;
        for (uint32_t i = 0; i < declarators->count; i++) {
            const Node *target = ((Declarator *)declarators->items[i])->target;
            if (target->kind != NODE_IDENTIFIER) continue;
            name.name = ((const Identifier *)target)->name;
            name.start = target->start;
            name.end = target->end;
            parse_typescript_note_type(p, names, &name);
        }
        return;
    }
    case NODE_CLASS_DECLARATION:
        name.name = ((Class *)((const ClassDeclaration *)declared)->class_node)->name;
        break;
    case NODE_ENUM:              name.name = ((const Enum *)declared)->name; break;
    case NODE_NAMESPACE:         name.name = ((const Namespace *)declared)->name; break;
    default:                     return;
    }
    parse_typescript_note_type(p, names, &name);
}

/* `declare` and a declaration: checked as such, then dropped. */
static Node *parse_declare(Parser *p, uint32_t start)
{
    bool was_ambient = p->now.in_ambient;
    parser_next(p);
    p->now.in_ambient = true;
    Token after = parser_peek(p);
    bool is_global = parser_at_word(p, WORD_GLOBAL) && after.kind == TOKEN_LEFT_BRACE;
    bool is_module = parser_at_word(p, WORD_MODULE) && after.kind == TOKEN_STRING;
    if (is_module) parser_next(p);
    Node *declared = is_global || is_module ? parse_ambient_module(p, start) : parse_stmt_any(p);
    p->now.in_ambient = was_ambient;
    NodeVec names = { 0 };
    note_declared(p, &names, declared);
    Empty *empty = NEW_NODE(p, EMPTY, Empty, start);
    empty->node.flags |= FLAG_DECLARE;
    empty->type_names = (NodeList){ names.items, names.count };
    return FINISH(p, empty);
}

/* May this token, behind `declare` on the same line, begin a declaration? */
static bool is_declaration_start(const Token *t)
{
    switch ((TokenKind)t->kind) {
    case TOKEN_VAR: case TOKEN_CONST: case TOKEN_FUNCTION: case TOKEN_CLASS: case TOKEN_ENUM:
    case TOKEN_IMPORT: case TOKEN_IDENTIFIER:
        return true;
    default:
        return false;
    }
}

/* ---- words that begin statements ----------------------------------------------------------------------- */

bool parse_typescript_at_abstract_class(Parser *p)
{
    if (!parser_at_word(p, WORD_ABSTRACT) || !parser_is_dialect(p, DIALECT_TYPESCRIPT)) return false;
    Token after = parser_peek(p);
    return after.kind == TOKEN_CLASS && !after.newline_before;
}

bool parse_typescript_take_abstract(Parser *p)
{
    if (!parse_typescript_at_abstract_class(p)) return false;
    parser_next(p);
    return true;
}

static Node *parse_abstract_class(Parser *p, uint32_t start)
{
    ClassSpec spec = { .start = start, .needs_name = true, .is_abstract = true };
    parser_next(p);
    ClassDeclaration *node = NEW_NODE(p, CLASS_DECLARATION, ClassDeclaration, start);
    node->class_node = parse_class_definition(p, &spec);
    return FINISH(p, node);
}

Node *parse_typescript_statement(Parser *p)
{
    if (p->token.flags & FLAG_HAS_ESCAPE) return NULL;
    uint32_t start = PARSER_HERE(p);
    Word word = p->token.name->word;
    switch (word) {
    case WORD_TYPE: case WORD_INTERFACE: case WORD_NAMESPACE: case WORD_MODULE: case WORD_DECLARE:
    case WORD_ABSTRACT: case WORD_GLOBAL:
        break;
    default:
        return NULL;
    }
    Token after = parser_peek(p);
    if (after.newline_before) return NULL;
    bool is_name = after.kind == TOKEN_IDENTIFIER;
    switch (word) {
    case WORD_TYPE:      return is_name ? parse_alias(p, start) : NULL;
    case WORD_INTERFACE: return is_name ? parse_interface(p, start) : NULL;
    case WORD_DECLARE:   return is_declaration_start(&after) ? parse_declare(p, start) : NULL;
    case WORD_ABSTRACT:  return after.kind == TOKEN_CLASS ? parse_abstract_class(p, start) : NULL;
    case WORD_GLOBAL:
        return p->now.in_ambient && after.kind == TOKEN_LEFT_BRACE ? parse_ambient_module(p, start) : NULL;
    default:
        if (!is_name && !(word == WORD_MODULE && after.kind == TOKEN_STRING)) return NULL;
        parser_next(p);
        return is_name ? parse_namespace_from_name(p, start) : parse_ambient_module(p, start);
    }
}

uint32_t parse_typescript_modifier(const Token *t)
{
    if (t->kind != TOKEN_IDENTIFIER || t->flags & FLAG_HAS_ESCAPE) return 0;
    switch (t->name->word) {
    case WORD_PUBLIC:    return MODIFIER_PUBLIC;
    case WORD_PRIVATE:   return MODIFIER_PRIVATE;
    case WORD_PROTECTED: return MODIFIER_PROTECTED;
    case WORD_READONLY:  return MODIFIER_READONLY;
    case WORD_OVERRIDE:  return MODIFIER_OVERRIDE;
    case WORD_ABSTRACT:  return MODIFIER_ABSTRACT;
    case WORD_DECLARE:   return MODIFIER_DECLARE;
    default:             return 0;
    }
}

/* ---- import = and export = ----------------------------------------------------------------------------- */

/* `A.B.C` */
static Node *parse_entity(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    Node *entity = parser_identifier(p);
    while (parser_take(p, TOKEN_DOT)) entity = parse_suffix_member(p, entity, start, false);
    return entity;
}

Node *parse_typescript_import_equals(Parser *p, uint32_t start, const Token *local, bool is_export,
                                     bool is_type)
{
    ImportEquals *node = NEW_NODE(p, IMPORT_EQUALS, ImportEquals, start);
    parser_check_identifier(p, local);
    parser_expect(p, TOKEN_ASSIGN);
    node->local = local->name;
    node->is_export = is_export;
    Token after = parser_peek(p);
    if (parser_at_word(p, WORD_REQUIRE) && after.kind == TOKEN_LEFT_PAREN) {
        parser_next(p);
        parser_next(p);
        if (!parser_at(p, TOKEN_STRING)) parser_unexpected(p, "a module name in quotes");
        node->source = p->token.name;
        parser_next(p);
        parser_expect(p, TOKEN_RIGHT_PAREN);
    } else {
        node->entity = parse_entity(p);
    }
    parser_semicolon(p);
    return is_type || p->now.in_ambient ? parse_typescript_erased(p, start, local) : FINISH(p, node);
}

/* Behind `export`: `= value`, `as namespace X`, `type * from ...`; NULL: none of these. */
Node *parse_typescript_export(Parser *p, uint32_t start)
{
    if (parser_take(p, TOKEN_ASSIGN)) {
        ExportAssign *node = NEW_NODE(p, EXPORT_ASSIGN, ExportAssign, start);
        node->value = parse_expr_any(p);
        parser_semicolon(p);
        return FINISH(p, node);
    }
    if (parser_take_word(p, WORD_AS)) {
        parser_expect_word(p, WORD_NAMESPACE);
        parser_name(p);
        parser_semicolon(p);
        return parse_typescript_erased(p, start, NULL);
    }
    if (parser_at_word(p, WORD_TYPE) && parser_peek(p).kind == TOKEN_STAR) {
        parser_next(p);
        parse_module_export_all(p, start);
        return parse_typescript_erased(p, start, NULL);
    }
    return NULL;
}

/* ---- type assertions and generic arrows ---------------------------------------------------------------- */

/* At `<`: do type parameters stand here, and not a type? `<T>` could be both. */
static bool is_type_parameters(Parser *p, bool *is_plain_name)
{
    ParserMark mark = parser_mark(p);
    parser_next(p);
    bool is_const = parser_take(p, TOKEN_CONST);
    bool is_name = parser_take(p, TOKEN_IDENTIFIER);
    *is_plain_name = is_name && !is_const && parser_at(p, TOKEN_GREATER);
    bool is_list = is_name
        && (is_const || parser_at(p, TOKEN_COMMA) || parser_at(p, TOKEN_ASSIGN)
            || parser_at(p, TOKEN_EXTENDS));
    parser_rewind(p, &mark);
    return is_list;
}

/* `(x) => y` behind type parameters that started at `start`. */
static Node *parse_generic_arrow(Parser *p, uint32_t start, uint32_t bits)
{
    ParenList list;
    Cover outer = p->now.cover;
    if (!parser_at(p, TOKEN_LEFT_PAREN)) parser_unexpected(p, "`(`");
    parse_arrow_list(p, &list, start, false);
    p->now.cover = outer;
    Node *arrow = parse_arrow_try(p, &list, bits);
    if (!arrow) parser_unexpected(p, "`=>`");
    return arrow;
}

Node *parse_typescript_angle(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    bool may_be_arrow = p->arrow_start == start, is_plain_name = false;
    if (parser_at(p, TOKEN_SHIFT_LEFT)) lexer_split(&p->lexer, &p->token);
    if (is_type_parameters(p, &is_plain_name) && may_be_arrow) {
        parse_type_parameters(p);
        return parse_generic_arrow(p, start, 0);
    }
    parser_enter(p);
    TypeAssertion *node = NEW_NODE(p, TYPE_ASSERTION, TypeAssertion, start);
    node->op = TOKEN_LESS;
    parser_next(p);
    if (parser_at(p, TOKEN_CONST)) parser_next(p);
    else node->type = parse_type_any(p);
    parse_type_expect_greater(p);
    if (may_be_arrow && is_plain_name && parser_at(p, TOKEN_LEFT_PAREN)) p->arrow_start = PARSER_HERE(p);
    node->expression = parse_expr_unary(p);
    parser_leave(p);
    if (parser_is_bare_arrow(node->expression)) {                // `<T>(x) => y`
        node->expression->start = start;
        return node->expression;
    }
    return FINISH(p, node);
}

/* A trial: `async <T>(x): R`, up to `=>`. */
static bool parse_async_generic_head(Parser *p, void *context)
{
    ParenList *list = context;
    uint32_t start = PARSER_HERE(p);
    parser_next(p);
    parse_type_parameters(p);
    if (!parser_at(p, TOKEN_LEFT_PAREN)) return false;
    parse_arrow_list(p, list, start, false);
    if (parser_at(p, TOKEN_COLON)) list->return_type = parse_type_return(p);
    return parse_arrow_at(p);
}

Node *parse_typescript_async_generic(Parser *p)
{
    ParenList list;
    Cover outer = p->now.cover;
    bool is_arrow = parser_try(p, parse_async_generic_head, &list);
    p->now.cover = outer;
    return is_arrow ? parse_arrow_try(p, &list, FUNCTION_IS_ASYNC) : NULL;
}
