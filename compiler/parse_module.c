/* SPDX-License-Identifier: MIT */
/* parse_module.c - import and export declarations, import(...) and import.meta (ECMA-262 13.3.10, 16.2).
 *
 * I1  What TypeScript erases leaves an EMPTY, or is left out of the specifiers, but its names stay known
 *     (type_names), for an export list may mention them. */
#include "compiler/parser_int.h"

/* ---- shared parts -------------------------------------------------------------------------------------- */

/* A declaration that only modules have: in a script it is an error, unless the script turns out to be one. */
static void require_module(Parser *p, DiagCode code)
{
    if (p->is_module) return;
    if (p->options->kind == PARSER_DETECT) parser_leave_as_module(p);
    parser_error(p, code, p->token.start, p->token.end);
}

static bool is_well_formed(const Name *name)
{
    if (!name->is_wide) return true;
    for (uint32_t i = 0; i < name->length; i++) {
        uint16_t unit = name->utf16[i];
        if ((unit & 0xf800) != 0xd800) continue;
        bool is_pair = (unit & 0xfc00) == 0xd800 && i + 1 < name->length
            && (name->utf16[i + 1] & 0xfc00) == 0xdc00;
        if (!is_pair) return false;
        i++;
    }
    return true;
}

/* ModuleExportName: any name, or a string. */
static Name *parse_export_name(Parser *p)
{
    if (!parser_at(p, TOKEN_STRING)) return parser_name(p);
    Name *name = p->token.name;
    if (!is_well_formed(name)) parser_error(p, DIAG_LONE_SURROGATE_NAME, p->token.start, p->token.end);
    parser_next(p);
    return name;
}

static Name *parse_source(Parser *p)
{
    if (!parser_at(p, TOKEN_STRING)) parser_unexpected(p, "a module name in quotes");
    Name *source = p->token.name;
    parser_next(p);
    return source;
}

static Name *parse_from(Parser *p)
{
    parser_expect_word(p, WORD_FROM);
    return parse_source(p);
}

static void check_attribute(Parser *p, uint32_t begin, const ImportAttribute *attribute)
{
    for (uint32_t i = begin; i < p->now.pending_count; i++) {
        if (((ImportAttribute *)p->pending.items[i])->key != attribute->key) continue;
        parser_error_node(p, DIAG_DUPLICATE_ATTRIBUTE, &attribute->node, parser_name_text(p, attribute->key));
    }
}

static NodeList parse_attributes(Parser *p)
{
    uint32_t begin = parser_list_begin(p);
    if (!parser_take(p, TOKEN_WITH)) return (NodeList){ NULL, 0 };
    parser_expect(p, TOKEN_LEFT_BRACE);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) {
        ImportAttribute *attribute = NEW_NODE(p, IMPORT_ATTRIBUTE, ImportAttribute, PARSER_HERE(p));
        bool is_string = parser_at(p, TOKEN_STRING);
        attribute->key = is_string ? p->token.name : NULL;
        if (is_string) parser_next(p);
        else attribute->key = parser_name(p);
        parser_expect(p, TOKEN_COLON);
        if (!parser_at(p, TOKEN_STRING)) parser_unexpected(p, "a string");
        attribute->value = p->token.name;
        parser_next(p);
        FINISH(p, attribute);
        check_attribute(p, begin, attribute);
        parser_list_push(p, &attribute->node);
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    parser_expect(p, TOKEN_RIGHT_BRACE);
    return parser_list_end(p, begin);
}

static bool at_specifier_end(const Parser *p)
{
    return parser_at(p, TOKEN_COMMA) || parser_at(p, TOKEN_RIGHT_BRACE);
}

/* TypeScript's `type` before a specifier: taken when it is the modifier and not a name (`type`, `type as x`,
 * `type as as` import `type` itself). */
static bool take_type_modifier(Parser *p)
{
    if (!parser_is_dialect(p, DIALECT_TYPESCRIPT) || !parser_at_word(p, WORD_TYPE)) return false;
    ParserMark mark = parser_mark(p);
    parser_next(p);
    bool is_modifier = parser_at_name(p) || parser_at(p, TOKEN_STRING);
    if (parser_at_word(p, WORD_AS)) {
        ParserMark at_as = parser_mark(p);
        parser_next(p);
        if (parser_at_word(p, WORD_AS)) {
            parser_next(p);
            is_modifier = !at_specifier_end(p);
        } else {
            is_modifier = at_specifier_end(p);
        }
        parser_rewind(p, &at_as);
    }
    if (!is_modifier) parser_rewind(p, &mark);
    return is_modifier;
}

/* ---- import declarations ------------------------------------------------------------------------------- */

typedef struct ImportState {
    Import  *node;
    uint32_t begin;                  // of the specifiers on the pending list
    NodeVec  type_names;
    bool     is_type;                // `import type`
} ImportState;

static void push_specifier(Parser *p, uint32_t kind, uint32_t start, Name *imported, const Token *local)
{
    parser_check_identifier(p, local);
    parser_check_binding_name(p, local->name, local->start, local->end);
    ImportSpecifier *node = NEW_NODE(p, IMPORT_SPECIFIER, ImportSpecifier, start);
    node->kind = kind;
    node->imported = imported;
    node->local = local->name;
    node->node.end = local->end;
    parser_list_push(p, &node->node);
}

static Token take_local(Parser *p)
{
    if (!parser_at(p, TOKEN_IDENTIFIER)) parser_unexpected(p, "an identifier");
    Token local = p->token;
    parser_next(p);
    return local;
}

static void parse_named_specifier(Parser *p, ImportState *s)
{
    uint32_t start = PARSER_HERE(p);
    bool is_type = take_type_modifier(p);
    Token first = p->token;
    Name *imported = parse_export_name(p);
    Token local = first;
    if (parser_take_word(p, WORD_AS)) local = take_local(p);
    else if (first.kind != TOKEN_IDENTIFIER) parser_unexpected(p, "`as` and a local name");
    if (is_type) parse_typescript_note_type(p, &s->type_names, &local);
    else push_specifier(p, IMPORT_NAMED, start, imported, &local);
}

static void parse_specifiers(Parser *p, ImportState *s)
{
    uint32_t start = PARSER_HERE(p);
    if (parser_take(p, TOKEN_STAR)) {
        parser_expect_word(p, WORD_AS);
        Token local = take_local(p);
        push_specifier(p, IMPORT_NAMESPACE, start, NULL, &local);
        return;
    }
    parser_expect(p, TOKEN_LEFT_BRACE);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) {
        parse_named_specifier(p, s);
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    if (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_unexpected(p, "`,` or `}`");
    parser_next(p);
}

/* Behind `import` and a word that may be a modifier of the whole declaration: does a binding follow it, so
 * that it is one? `import type from "x"` imports `type`; `import type from from "x"` does not. */
static bool is_clause_modifier(Parser *p)
{
    ParserMark mark = parser_mark(p);
    parser_next(p);
    bool is_modifier = parser_at(p, TOKEN_IDENTIFIER);
    if (parser_at_word(p, WORD_FROM)) {
        Token after = parser_peek(p);
        is_modifier = parser_is_word(&after, WORD_FROM) || after.kind == TOKEN_ASSIGN;
    }
    parser_rewind(p, &mark);
    return is_modifier;
}

/* `type`, `defer` or `source` before what is imported. */
static void parse_clause_modifier(Parser *p, ImportState *s)
{
    Token after = parser_peek(p);
    if (parser_at_word(p, WORD_TYPE) && parser_is_dialect(p, DIALECT_TYPESCRIPT)) {
        s->is_type = after.kind == TOKEN_LEFT_BRACE || after.kind == TOKEN_STAR || is_clause_modifier(p);
        if (s->is_type) parser_next(p);
    } else if (parser_at_word(p, WORD_DEFER) && after.kind == TOKEN_STAR) {
        s->node->phase = p->token.name;
        parser_next(p);
    } else if (parser_at_word(p, WORD_SOURCE) && is_clause_modifier(p)) {
        s->node->phase = p->token.name;
        parser_next(p);
    }
}

/* What `import type` erased. */
static Node *erase_import(Parser *p, ImportState *s, NodeList specifiers)
{
    for (uint32_t i = 0; i < specifiers.count; i++) {
        const ImportSpecifier *specifier = (ImportSpecifier *)specifiers.items[i];
        Token local = { .name = specifier->local };
        local.start = specifier->node.start;
        local.end = specifier->node.end;
        parse_typescript_note_type(p, &s->type_names, &local);
    }
    Empty *empty = NEW_NODE(p, EMPTY, Empty, s->node->node.start);
    empty->type_names = (NodeList){ s->type_names.items, s->type_names.count };
    return FINISH(p, empty);
}

/* `x`, `x, { y }`, `* as z`, `{ y }`; returns a node when it was `import x = ...`. */
static Node *parse_clause(Parser *p, ImportState *s, bool is_export)
{
    if (parser_at(p, TOKEN_IDENTIFIER)) {
        Token local = take_local(p);
        if (parser_at(p, TOKEN_ASSIGN) && parser_is_dialect(p, DIALECT_TYPESCRIPT))
            return parse_typescript_import_equals(p, s->node->node.start, &local, is_export, s->is_type);
        push_specifier(p, IMPORT_DEFAULT, local.start, names_word(p->names, WORD_DEFAULT), &local);
        bool is_source = s->node->phase && s->node->phase->word == WORD_SOURCE;
        if (is_source || !parser_take(p, TOKEN_COMMA)) return NULL;
    }
    parse_specifiers(p, s);
    return NULL;
}

/* At `import`, known to be a declaration. */
static Node *parse_import(Parser *p, bool is_export)
{
    ImportState s = { .node = NEW_NODE(p, IMPORT, Import, PARSER_HERE(p)) };
    parser_next(p);
    if (!parser_at(p, TOKEN_STRING)) {
        if (parser_at(p, TOKEN_IDENTIFIER)) parse_clause_modifier(p, &s);
        s.begin = parser_list_begin(p);
        Node *equals = parse_clause(p, &s, is_export);
        if (equals) return equals;
        s.node->specifiers = parser_list_end(p, s.begin);
        parser_expect_word(p, WORD_FROM);
    }
    s.node->source = parse_source(p);
    s.node->attributes = parse_attributes(p);
    parser_semicolon(p);
    if (s.is_type) return erase_import(p, &s, s.node->specifiers);
    s.node->type_names = (NodeList){ s.type_names.items, s.type_names.count };
    return FINISH(p, s.node);
}

/* ---- export declarations ------------------------------------------------------------------------------- */

Node *parse_module_export_all(Parser *p, uint32_t start)
{
    ExportAll *node = NEW_NODE(p, EXPORT_ALL, ExportAll, start);
    parser_next(p);
    if (parser_take_word(p, WORD_AS)) node->exported = parse_export_name(p);
    node->source = parse_from(p);
    node->attributes = parse_attributes(p);
    parser_semicolon(p);
    return FINISH(p, node);
}

/* May the token name a local binding? */
static bool is_reference(const Parser *p, const Token *t)
{
    if (t->kind != TOKEN_IDENTIFIER || names_is_reserved(t->name)) return false;
    return !(p->now.is_strict && (parser_is_strict_reserved(t->name->word) || t->name->word == WORD_AWAIT));
}

static Node *parse_export_specifier(Parser *p, Token *bad_local)
{
    ExportSpecifier *node = NEW_NODE(p, EXPORT_SPECIFIER, ExportSpecifier, PARSER_HERE(p));
    bool is_type = take_type_modifier(p);
    if (!is_reference(p, &p->token) && bad_local->kind == TOKEN_END) *bad_local = p->token;
    node->local = node->exported = parse_export_name(p);
    if (parser_take_word(p, WORD_AS)) node->exported = parse_export_name(p);
    FINISH(p, node);
    return is_type ? NULL : &node->node;
}

static Node *parse_export_list(Parser *p, uint32_t start, bool is_type)
{
    ExportNamed *node = NEW_NODE(p, EXPORT_NAMED, ExportNamed, start);
    uint32_t begin = parser_list_begin(p);
    Token bad_local = { .kind = TOKEN_END };
    parser_expect(p, TOKEN_LEFT_BRACE);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) {
        Node *specifier = parse_export_specifier(p, &bad_local);
        if (specifier) parser_list_push(p, specifier);
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    if (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_unexpected(p, "`,` or `}`");
    parser_next(p);
    node->specifiers = parser_list_end(p, begin);
    if (parser_at_word(p, WORD_FROM)) {
        node->source = parse_from(p);
        node->attributes = parse_attributes(p);
    } else if (bad_local.kind != TOKEN_END) {
        parser_error(p, DIAG_EXPORT_NOT_LOCAL, bad_local.start, bad_local.end);
    }
    parser_semicolon(p);
    return is_type ? parse_typescript_erased(p, start, NULL) : FINISH(p, node);
}

static bool at_async_function(Parser *p)
{
    if (!parser_at_word(p, WORD_ASYNC)) return false;
    Token after = parser_peek(p);
    return after.kind == TOKEN_FUNCTION && !after.newline_before;
}

static Node *parse_default_class(Parser *p, NodeList decorators)
{
    ClassSpec spec = { .start = PARSER_HERE(p), .decorators = decorators };
    if (decorators.count == 0) spec.decorators = parse_class_decorators(p);
    spec.is_abstract = parse_typescript_take_abstract(p);
    ClassDeclaration *node = NEW_NODE(p, CLASS_DECLARATION, ClassDeclaration, spec.start);
    node->class_node = parse_class_definition(p, &spec);
    return FINISH(p, node);
}

static bool at_class(Parser *p)
{
    return parser_at(p, TOKEN_CLASS) || parser_at(p, TOKEN_AT) || parse_typescript_at_abstract_class(p);
}

/* Behind `export default`. */
static Node *parse_export_default(Parser *p, NodeList decorators, uint32_t start)
{
    ExportDefault *node = NEW_NODE(p, EXPORT_DEFAULT, ExportDefault, start);
    uint32_t value_start = PARSER_HERE(p);
    if (parser_at(p, TOKEN_FUNCTION) || at_async_function(p)) {
        node->value = parse_func_declaration(p, value_start, 0, false);
        if (node->value->kind == NODE_EMPTY) return parser_finish(p, node->value);    // an overload
    } else if (decorators.count || at_class(p)) {
        node->value = parse_default_class(p, decorators);
    } else if (parse_ultra_stmt_is_fast(p)) {
        node->value = parse_ultra_stmt_fast_declaration(p, false);
    } else {
        Node *erased = parse_typescript_default_interface(p, start);
        if (erased) return erased;
        node->value = parse_expr_assignment(p);
        parser_semicolon(p);
    }
    return FINISH(p, node);
}

/* Behind `export`: a declaration, which may be erased. */
static Node *parse_exported(Parser *p, NodeList decorators, uint32_t start)
{
    Node *declaration;
    if (decorators.count || at_class(p)) {
        ClassSpec spec = { .start = PARSER_HERE(p), .decorators = decorators, .needs_name = true };
        if (decorators.count == 0) spec.decorators = parse_class_decorators(p);
        spec.is_abstract = parse_typescript_take_abstract(p);
        ClassDeclaration *node = NEW_NODE(p, CLASS_DECLARATION, ClassDeclaration, spec.start);
        node->class_node = parse_class_definition(p, &spec);
        declaration = FINISH(p, node);
    } else if (parser_at(p, TOKEN_VAR) || parser_at(p, TOKEN_CONST) || parser_at(p, TOKEN_FUNCTION)
               || parse_variables_at_let(p) || at_async_function(p)
               || (parser_at(p, TOKEN_ENUM) && parser_is_dialect(p, DIALECT_TYPESCRIPT))) {
        declaration = parse_stmt_any(p);
    } else {
        declaration = parse_ultra_stmt_is_fast(p) ? parse_ultra_stmt_fast_declaration(p, true) : NULL;
        if (!declaration && parser_is_dialect(p, DIALECT_TYPESCRIPT) && parser_at(p, TOKEN_IDENTIFIER))
            declaration = parse_typescript_statement(p);
        if (!declaration) parser_unexpected(p, "a declaration, `default`, `*` or `{`");
    }
    if (declaration->kind == NODE_EMPTY) return declaration;
    ExportDeclaration *node = NEW_NODE(p, EXPORT_DECLARATION, ExportDeclaration, start);
    node->declaration = declaration;
    return FINISH(p, node);
}

Node *parse_module_export(Parser *p, NodeList decorators)
{
    ASSERT(parser_at(p, TOKEN_EXPORT), "at `export`");
    uint32_t start = PARSER_HERE(p);
    bool is_namespace = p->now.list_end == ENDS_AT_NAMESPACE;
    if (!is_namespace) {
        if (p->now.list_end != ENDS_AT_END) parser_fail(p, DIAG_MODULE_POSITION, "export");
        require_module(p, DIAG_EXPORT_IN_SCRIPT);
    }
    parser_next(p);
    switch ((TokenKind)p->token.kind) {
    case TOKEN_STAR:
        return parse_module_export_all(p, start);
    case TOKEN_LEFT_BRACE:
        return parse_export_list(p, start, false);
    case TOKEN_DEFAULT:
        parser_next(p);
        return parse_export_default(p, decorators, start);
    case TOKEN_IMPORT:
        if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) return parse_import(p, true);
        break;
    default:
        break;
    }
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) {
        Token after = parser_peek(p);
        if (parser_at_word(p, WORD_TYPE) && after.kind == TOKEN_LEFT_BRACE) {
            parser_next(p);
            return parse_export_list(p, start, true);
        }
        Node *node = parse_typescript_export(p, start);
        if (node) return node;
    }
    return parse_exported(p, decorators, start);
}

/* ---- where declarations may stand ---------------------------------------------------------------------- */

/* Is the `import` an expression: import(...) or import.meta? */
static bool is_import_expression(Parser *p)
{
    TokenKind after = parser_peek(p).kind;
    return after == TOKEN_LEFT_PAREN || after == TOKEN_DOT;
}

Node *parse_module_item(Parser *p, bool in_namespace)
{
    if (parser_at(p, TOKEN_EXPORT)) return parse_module_export(p, (NodeList){ NULL, 0 });
    if (!parser_at(p, TOKEN_IMPORT) || is_import_expression(p)) return NULL;
    if (!in_namespace) require_module(p, DIAG_IMPORT_IN_SCRIPT);
    return parse_import(p, false);
}

void parse_module_reject_import(Parser *p)
{
    if (!is_import_expression(p)) parser_fail(p, DIAG_MODULE_POSITION, "import");
}

/* ---- import expressions -------------------------------------------------------------------------------- */

static Node *parse_import_call(Parser *p, uint32_t start, Name *phase)
{
    ImportCall *node = NEW_NODE(p, IMPORT_CALL, ImportCall, start);
    uint32_t outer = p->now.in;
    node->phase = phase;
    p->now.in = 0;
    parser_expect(p, TOKEN_LEFT_PAREN);
    node->specifier = parse_expr_assignment(p);
    if (parser_take(p, TOKEN_COMMA) && !parser_at(p, TOKEN_RIGHT_PAREN)) {
        node->options = parse_expr_assignment(p);
        parser_take(p, TOKEN_COMMA);
    }
    parser_expect(p, TOKEN_RIGHT_PAREN);
    p->now.in = outer;
    return FINISH(p, node);
}

Node *parse_module_import_expression(Parser *p)
{
    ASSERT(parser_at(p, TOKEN_IMPORT), "at `import`");
    uint32_t start = PARSER_HERE(p);
    parser_next(p);
    if (parser_at(p, TOKEN_LEFT_PAREN)) return parse_import_call(p, start, NULL);
    if (!parser_take(p, TOKEN_DOT)) parser_unexpected(p, "`(` or `.` after `import`");
    if (parser_at_word(p, WORD_DEFER) || parser_at_word(p, WORD_SOURCE)) {
        Name *phase = parser_name(p);
        return parse_import_call(p, start, phase);
    }
    if (!parser_at_word(p, WORD_META)) parser_unexpected(p, "`meta`, `defer` or `source`");
    require_module(p, DIAG_META_IN_SCRIPT);
    ImportMeta *node = NEW_NODE(p, IMPORT_META, ImportMeta, start);
    parser_next(p);
    return FINISH(p, node);
}
