/* SPDX-License-Identifier: MIT */
/* parse_class.c - classes and decorators (ECMA-262 15.7, TypeScript's modifiers, UltraScript's operators).
 *
 * I1  Class code is strict from the name on.
 * I2  A word is a modifier only if what follows can still be a member's key; `static`, `get` and `set` may
 *     stand on the line before it, the others not.
 * I3  Members that TypeScript erases (overloads, abstract methods, index signatures) leave nothing. Fields
 *     marked `declare` or `abstract` stay, with those bits: they define no property. */
#include "compiler/parser_int.h"

typedef struct MemberSpec {
    uint32_t start;                  // of decorators and modifiers
    uint32_t source_start;           // of the method's source text
    NodeList decorators;
    uint32_t modifiers;              // MODIFIER_ bits
    bool     is_static;
    bool     is_accessor;            // `accessor`
    uint32_t function_bits;          // async, generator
    uint32_t kind;                   // MEMBER_METHOD, _GET or _SET, until more is known
} MemberSpec;

typedef struct ClassState {
    bool is_derived;
    bool has_constructor;
} ClassState;

/* ---- decorators ---------------------------------------------------------------------------------------- */

/* `@name.name(arguments)`; TypeScript goes on after the call. */
static Node *parse_decorator_chain(Parser *p)
{
    uint32_t start = PARSER_HERE(p);
    Node *e = parser_identifier(p);
    for (bool is_called = false; !is_called || parser_is_dialect(p, DIALECT_TYPESCRIPT);) {
        if (parser_take(p, TOKEN_DOT)) {
            e = parse_suffix_member(p, e, start, false);
        } else if (parser_at(p, TOKEN_LEFT_PAREN)) {
            e = parse_suffix_call(p, e, start, parse_suffix_arguments(p), false);
            is_called = true;
        } else if (parser_at(p, TOKEN_LESS) && parser_is_dialect(p, DIALECT_TYPESCRIPT)) {
            parse_type_arguments(p);
        } else {
            break;
        }
    }
    return e;
}

static Node *parse_decorator(Parser *p)
{
    Decorator *node = NEW_NODE(p, DECORATOR, Decorator, PARSER_HERE(p));
    parser_next(p);
    if (parser_take(p, TOKEN_LEFT_PAREN)) {
        node->expression = parse_expr_in(p, 0, parse_expr_any);
        node->expression->flags |= FLAG_PARENTHESIZED;
        parser_expect(p, TOKEN_RIGHT_PAREN);
    } else {
        node->expression = parse_decorator_chain(p);
    }
    return FINISH(p, node);
}

NodeList parse_class_decorators(Parser *p)
{
    if (LIKELY(!parser_at(p, TOKEN_AT))) return (NodeList){ NULL, 0 };
    uint32_t begin = parser_list_begin(p);
    while (parser_at(p, TOKEN_AT)) parser_list_push(p, parse_decorator(p));
    return parser_list_end(p, begin);
}

/* ---- modifiers ----------------------------------------------------------------------------------------- */

/* May this token be, or start, a member's key? */
static bool is_key_start(const Token *t)
{
    switch ((TokenKind)t->kind) {
    case TOKEN_IDENTIFIER: case TOKEN_PRIVATE_NAME: case TOKEN_STRING: case TOKEN_NUMBER: case TOKEN_BIGINT:
    case TOKEN_LEFT_BRACKET:
        return true;
    default:
        return t->kind >= TOKEN_BREAK;
    }
}

/* I2 */
static bool is_modifier(Parser *p, bool allows_newline, bool allows_star)
{
    Token after = parser_peek(p);
    if (after.newline_before && !allows_newline) return false;
    return is_key_start(&after) || (allows_star && after.kind == TOKEN_STAR);
}

/* Take one word before the key; false when the token is the key, or none. */
static bool parse_member_modifier(Parser *p, MemberSpec *m)
{
    if (!parser_at(p, TOKEN_IDENTIFIER) || p->token.name->word == WORD_NONE) return false;
    bool is_plain = m->kind == MEMBER_METHOD && !(m->function_bits & FUNCTION_IS_ASYNC);
    uint32_t bit = parser_is_dialect(p, DIALECT_TYPESCRIPT) ? parse_typescript_modifier(&p->token) : 0;
    uint32_t here = PARSER_HERE(p);
    if (parser_at_word(p, WORD_STATIC)) {
        if (m->is_static || !is_plain || !is_modifier(p, true, true)) return false;
        m->is_static = true;
        here = parser_peek(p).start;
    } else if (bit) {
        if (!is_plain || !is_modifier(p, false, true)) return false;
        m->modifiers |= bit;
        here = parser_peek(p).start;
    } else if (parser_at_word(p, WORD_GET) || parser_at_word(p, WORD_SET)) {
        if (!is_plain || m->is_accessor || !is_modifier(p, true, false)) return false;
        m->kind = parser_at_word(p, WORD_GET) ? MEMBER_GET : MEMBER_SET;
    } else if (parser_at_word(p, WORD_ASYNC)) {
        if (!is_plain || m->is_accessor || !is_modifier(p, false, true)) return false;
        m->function_bits |= FUNCTION_IS_ASYNC;
    } else if (parser_at_word(p, WORD_ACCESSOR)) {
        if (!is_plain || m->is_accessor || !is_modifier(p, false, false)) return false;
        m->is_accessor = true;
    } else {
        return false;
    }
    m->source_start = here;
    parser_next(p);
    return true;
}

/* ---- keys ---------------------------------------------------------------------------------------------- */

static Node *parse_key(Parser *p, bool *computed)
{
    if (!parser_at(p, TOKEN_PRIVATE_NAME)) return parse_primary_property_key(p, computed);
    *computed = false;
    PrivateName *name = NEW_NODE(p, PRIVATE_NAME, PrivateName, PARSER_HERE(p));
    name->name = p->token.name;
    name->node.flags = p->token.flags;
    parser_next(p);
    FINISH(p, name);
    if (name->name->word == WORD_CONSTRUCTOR) parser_error_node(p, DIAG_PRIVATE_CONSTRUCTOR, &name->node);
    return &name->node;
}

/* The word that a key spelled out in the source is; WORD_NONE for others. */
static Word key_word(const ClassMember *member)
{
    if (member->computed || member->key->kind != NODE_STRING) return WORD_NONE;
    return ((const StringLiteral *)member->key)->value->word;
}

/* ---- methods ------------------------------------------------------------------------------------------- */

static void check_constructor(Parser *p, const MemberSpec *m, const ClassMember *member, ClassState *state,
                              bool has_body)
{
    if (m->kind != MEMBER_METHOD || m->function_bits) {
        parser_error_node(p, DIAG_SPECIAL_CONSTRUCTOR, member->key);
    } else if (has_body) {
        if (state->has_constructor) parser_error_node(p, DIAG_SECOND_CONSTRUCTOR, member->key);
        state->has_constructor = true;
    }
    if (m->decorators.count && !parser_is_dialect(p, DIALECT_TYPESCRIPT))
        parser_error_node(p, DIAG_DECORATED_CONSTRUCTOR, m->decorators.items[0]);
}

static uint32_t method_kind(uint32_t member_kind)
{
    return member_kind == MEMBER_GET ? FUNCTION_GETTER
        : member_kind == MEMBER_SET  ? FUNCTION_SETTER
                                     : FUNCTION_METHOD;
}

/* At `(` or type parameters. NULL when the method has no body and so is erased. */
static Node *parse_method(Parser *p, const MemberSpec *m, ClassMember *member, ClassState *state)
{
    bool is_constructor = !m->is_static && key_word(member) == WORD_CONSTRUCTOR;
    FunctionSpec spec = {
        .start = m->source_start, .kind = method_kind(m->kind), .bits = m->function_bits,
        .allows_missing_body = parser_is_dialect(p, DIALECT_TYPESCRIPT),
    };
    if (is_constructor && m->kind == MEMBER_METHOD)
        spec.kind = state->is_derived ? FUNCTION_DERIVED_CONSTRUCTOR : FUNCTION_CONSTRUCTOR;
    if (m->is_static && key_word(member) == WORD_PROTOTYPE)
        parser_error_node(p, DIAG_STATIC_PROTOTYPE, member->key);
    member->kind = is_constructor ? MEMBER_CONSTRUCTOR : m->kind;
    Function *f = (Function *)parse_func_rest(p, &spec);
    if (is_constructor) check_constructor(p, m, member, state, f->body != NULL);
    member->value = &f->node;
    return f->body ? FINISH(p, member) : NULL;
}

/* ---- fields -------------------------------------------------------------------------------------------- */

static void check_field_name(Parser *p, const MemberSpec *m, const ClassMember *member)
{
    Word word = key_word(member);
    if (word == WORD_CONSTRUCTOR) parser_error_node(p, DIAG_FIELD_CONSTRUCTOR, member->key);
    if (m->is_static && word == WORD_PROTOTYPE) parser_error_node(p, DIAG_STATIC_PROTOTYPE, member->key);
}

/* The code of a field initializer is a method's, as it were. */
static Node *parse_field_value(Parser *p)
{
    FunctionContext context = {
        .reserves_await = p->is_module,
        .allows_new_target = true, .allows_super_member = true, .forbids_arguments = true,
    };
    ParserState saved;
    parse_func_enter(p, &context, &saved);
    Node *value = parse_expr_assignment(p);
    parse_func_leave(p, &saved);
    return value;
}

static Node *parse_field(Parser *p, const MemberSpec *m, ClassMember *member)
{
    if (m->kind != MEMBER_METHOD || m->function_bits) parser_unexpected(p, "`(`");
    check_field_name(p, m, member);
    member->kind = m->is_accessor ? MEMBER_ACCESSOR : MEMBER_FIELD;
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) {
        if (!p->token.newline_before) parser_take(p, TOKEN_NOT);
        member->type = parse_type_annotation(p);
    }
    if (parser_take(p, TOKEN_ASSIGN)) member->value = parse_field_value(p);
    FINISH(p, member);
    parser_semicolon(p);
    return &member->node;
}

/* At `{` behind `static`. */
static Node *parse_static_block(Parser *p, MemberSpec *m)
{
    ClassMember *member = NEW_NODE(p, CLASS_MEMBER, ClassMember, m->start);
    if (m->decorators.count) parser_error_node(p, DIAG_DECORATED_BLOCK, m->decorators.items[0]);
    parser_next(p);
    FunctionContext context = {
        .reserves_await = true,
        .allows_new_target = true,
        .allows_super_member = true,
        .forbids_arguments = true,
        .in_static_block = true,
    };
    ParserState saved;
    parse_func_enter(p, &context, &saved);
    member->kind = MEMBER_STATIC_BLOCK;
    member->is_static = true;
    member->value = parse_func_block(p, NULL);
    parse_func_leave(p, &saved);
    return FINISH(p, member);
}

/* ---- members ------------------------------------------------------------------------------------------- */

/* NULL: erased. */
static Node *parse_member(Parser *p, ClassState *state)
{
    bool is_typescript = parser_is_dialect(p, DIALECT_TYPESCRIPT);
    MemberSpec m = { .start = PARSER_HERE(p), .kind = MEMBER_METHOD };
    m.decorators = parse_class_decorators(p);
    m.source_start = PARSER_HERE(p);
    if (parser_at_word(p, WORD_STATIC) && parser_peek(p).kind == TOKEN_LEFT_BRACE)
        return parse_static_block(p, &m);
    if (parse_ultra_stmt_is_operator_member(p)) return parse_ultra_stmt_operator_member(p);
    while (parse_member_modifier(p, &m)) continue;
    if (is_typescript && parse_type_skip_index_signature(p)) return NULL;
    if (parser_at(p, TOKEN_STAR)) {
        if (m.kind != MEMBER_METHOD || m.is_accessor) parser_unexpected(p, "a property name");
        if (!(m.function_bits & FUNCTION_IS_ASYNC)) m.source_start = PARSER_HERE(p);
        m.function_bits |= FUNCTION_IS_GENERATOR;
        parser_next(p);
    }
    ClassMember *member = NEW_NODE(p, CLASS_MEMBER, ClassMember, m.start);
    member->decorators = m.decorators;
    member->is_static = m.is_static;
    member->bits = m.modifiers;
    member->key = parse_key(p, &member->computed);
    if (is_typescript && parser_take(p, TOKEN_QUESTION)) member->bits |= MODIFIER_OPTIONAL;
    bool is_method = parser_at(p, TOKEN_LEFT_PAREN) || (is_typescript && parser_at(p, TOKEN_LESS));
    return is_method && !m.is_accessor ? parse_method(p, &m, member, state) : parse_field(p, &m, member);
}

static NodeList parse_members(Parser *p, ClassState *state)
{
    uint32_t begin = parser_list_begin(p);
    parser_expect(p, TOKEN_LEFT_BRACE);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) {
        if (parser_take(p, TOKEN_SEMICOLON)) continue;
        Node *member = parse_member(p, state);
        if (member) parser_list_push(p, member);
    }
    parser_next(p);
    return parser_list_end(p, begin);
}

/* ---- the class ----------------------------------------------------------------------------------------- */

static Node *parse_heritage_item(Parser *p)
{
    Node *e = parse_suffix_chain(p);
    if (parser_is_bare_arrow(e)) parser_error_node(p, DIAG_ARROW_HERITAGE, e);
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)
        && (parser_at(p, TOKEN_LESS) || parser_at(p, TOKEN_SHIFT_LEFT)))
        parse_type_arguments(p);
    return e;
}

static NodeList parse_heritage(Parser *p)
{
    uint32_t begin = parser_list_begin(p);
    uint32_t outer = p->now.in;
    p->now.in = IN_HERITAGE;
    do {
        parser_list_push(p, parse_heritage_item(p));
    } while (parse_ultra_stmt_take_heritage_comma(p));
    p->now.in = outer;
    return parser_list_end(p, begin);
}

static void skip_implements(Parser *p)
{
    if (!parser_is_dialect(p, DIALECT_TYPESCRIPT) || !parser_take_word(p, WORD_IMPLEMENTS)) return;
    do {
        parse_type_any(p);
    } while (parser_take(p, TOKEN_COMMA));
}

/* The name, where there is one: TypeScript's `class implements I {}` has none. */
static void parse_class_name(Parser *p, Class *node, bool needs_name)
{
    bool is_clause = parser_is_dialect(p, DIALECT_TYPESCRIPT) && parser_at_word(p, WORD_IMPLEMENTS);
    if (!needs_name && (!parser_at(p, TOKEN_IDENTIFIER) || is_clause)) return;
    node->name = ((Identifier *)parser_binding_identifier(p))->name;
}

Node *parse_class_definition(Parser *p, const ClassSpec *spec)
{
    parser_enter(p);
    ASSERT(spec->start <= p->token.start, "decorators are behind us");
    Class *node = NEW_NODE(p, CLASS, Class, spec->start);
    bool was_strict = p->now.is_strict;
    uint32_t outer_in = p->now.in;
    ClassState state = { false, false };
    if (!parser_at(p, TOKEN_CLASS)) parser_unexpected(p, "`class`");
    p->now.is_strict = true;
    parser_next(p);
    node->decorators = spec->decorators;
    node->abstract = spec->is_abstract;
    parse_class_name(p, node, spec->needs_name);
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) parse_type_parameters(p);
    if (parser_take(p, TOKEN_EXTENDS)) node->heritage = parse_heritage(p);
    skip_implements(p);
    state.is_derived = node->heritage.count > 0;
    p->now.in = 0;
    node->members = parse_members(p, &state);
    p->now.in = outer_in;
    p->now.is_strict = was_strict;
    parser_leave(p);
    return FINISH(p, node);
}
