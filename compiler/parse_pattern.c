/* SPDX-License-Identifier: MIT */
/* parse_pattern.c - destructuring: binding patterns as such, assignment patterns from expressions, and what
 * may be assigned to at all (ECMA-262 8.6.4, 13.15.5, 14.3.3).
 *
 * I1  Conversion makes new nodes and leaves the expression as it was, so a trial can drop the pattern.
 * I2  A pattern that is converted again (`([a] = b) => c` meets one) is only judged, not copied: each node is
 *     converted once and judged once, so the work is linear. */
#include "compiler/parser_int.h"

/* ---- binding patterns ---------------------------------------------------------------------------------- */

static Node *parse_optional_initializer(Parser *p)
{
    return parser_take(p, TOKEN_ASSIGN) ? parse_expr_assignment(p) : NULL;
}

/* `...target`; nothing may follow it before `close`. */
static Node *parse_rest(Parser *p, TokenKind close)
{
    Rest *rest = NEW_NODE(p, REST, Rest, PARSER_HERE(p));
    parser_next(p);
    rest->target = close == TOKEN_RIGHT_BRACE ? parser_binding_identifier(p) : parse_pattern_binding(p);
    FINISH(p, rest);
    if (parser_at(p, TOKEN_ASSIGN)) parser_fail(p, DIAG_REST_INITIALIZER);
    if (!parser_at(p, close)) parser_fail(p, DIAG_REST_NOT_LAST);
    return &rest->node;
}

static Node *parse_element(Parser *p)
{
    PatternElement *element = NEW_NODE(p, PATTERN_ELEMENT, PatternElement, PARSER_HERE(p));
    element->target = parse_pattern_binding(p);
    element->initializer = parse_optional_initializer(p);
    return FINISH(p, element);
}

static Node *parse_array_pattern(Parser *p)
{
    ArrayPattern *pattern = NEW_NODE(p, ARRAY_PATTERN, ArrayPattern, PARSER_HERE(p));
    uint32_t begin = parser_list_begin(p);
    parser_next(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACKET)) {
        if (parser_take(p, TOKEN_COMMA)) {
            parser_list_push(p, NULL);
            continue;
        }
        bool is_rest = parser_at(p, TOKEN_ELLIPSIS);
        parser_list_push(p, is_rest ? parse_rest(p, TOKEN_RIGHT_BRACKET) : parse_element(p));
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    if (!parser_at(p, TOKEN_RIGHT_BRACKET)) parser_unexpected(p, "`,` or `]`");
    parser_next(p);
    pattern->elements = parser_list_end(p, begin);
    return FINISH(p, pattern);
}

static Node *parse_property(Parser *p)
{
    PatternProperty *property = NEW_NODE(p, PATTERN_PROPERTY, PatternProperty, PARSER_HERE(p));
    Token name = p->token;
    property->key = parse_primary_property_key(p, &property->computed);
    if (parser_take(p, TOKEN_COLON)) {
        property->target = parse_pattern_binding(p);
    } else {
        if (property->computed || name.kind != TOKEN_IDENTIFIER) parser_unexpected(p, "`:`");
        parser_check_identifier(p, &name);
        parser_check_binding_name(p, name.name, name.start, name.end);
        Identifier *target = NEW_NODE(p, IDENTIFIER, Identifier, name.start);
        target->name = name.name;
        target->node.flags = name.flags;
        property->shorthand = true;
        property->target = FINISH(p, target);
    }
    property->initializer = parse_optional_initializer(p);
    return FINISH(p, property);
}

static Node *parse_object_pattern(Parser *p)
{
    ObjectPattern *pattern = NEW_NODE(p, OBJECT_PATTERN, ObjectPattern, PARSER_HERE(p));
    uint32_t begin = parser_list_begin(p);
    parser_next(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) {
        bool is_rest = parser_at(p, TOKEN_ELLIPSIS);
        parser_list_push(p, is_rest ? parse_rest(p, TOKEN_RIGHT_BRACE) : parse_property(p));
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    if (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_unexpected(p, "`,` or `}`");
    parser_next(p);
    pattern->properties = parser_list_end(p, begin);
    return FINISH(p, pattern);
}

Node *parse_pattern_binding(Parser *p)
{
    if (parser_at(p, TOKEN_LEFT_BRACKET) || parser_at(p, TOKEN_LEFT_BRACE)) {
        parser_enter(p);
        bool is_array = parser_at(p, TOKEN_LEFT_BRACKET);
        Node *pattern = parse_expr_in(p, 0, is_array ? parse_array_pattern : parse_object_pattern);
        parser_leave(p);
        return pattern;
    }
    if (!parser_at(p, TOKEN_IDENTIFIER)) parser_unexpected(p, "an identifier or a pattern");
    return parser_binding_identifier(p);
}

/* ---- from expressions ---------------------------------------------------------------------------------- */

static void bad_target(Parser *p, const Node *e, enum PatternKind kind)
{
    parser_error_node(p, kind == PATTERN_BINDING ? DIAG_BAD_PARAMETER : DIAG_BAD_PATTERN_TARGET, e);
}

/* Target and initializer of `e`, which may be `target = initializer`. */
static Node *split_initializer(Parser *p, Node *e, enum PatternKind kind, Node **initializer)
{
    *initializer = NULL;
    if (parser_is_bare(e, NODE_ASSIGN) && ((Assign *)e)->op == TOKEN_ASSIGN) {
        *initializer = ((Assign *)e)->value;
        e = ((Assign *)e)->target;
    }
    return parse_pattern_from(p, e, kind);
}

static Node *convert_rest(Parser *p, const Node *e, bool is_last, enum PatternKind kind)
{
    Rest *rest = NEW_NODE(p, REST, Rest, e->start);
    rest->node.end = e->end;
    rest->target = parse_pattern_from(p, ((const Spread *)e)->argument, kind);
    if (!is_last) parser_error_node(p, DIAG_REST_NOT_LAST, e);
    return &rest->node;
}

static Node *convert_element(Parser *p, Node *e, bool is_last, enum PatternKind kind)
{
    if (!e) return NULL;
    if (e->kind == NODE_SPREAD) return convert_rest(p, e, is_last, kind);
    PatternElement *element = NEW_NODE(p, PATTERN_ELEMENT, PatternElement, e->start);
    element->node.end = e->end;
    element->target = split_initializer(p, e, kind, &element->initializer);
    return &element->node;
}

static Node *convert_array(Parser *p, const ArrayLiteral *array, enum PatternKind kind)
{
    ArrayPattern *pattern = NEW_NODE(p, ARRAY_PATTERN, ArrayPattern, array->node.start);
    uint32_t begin = parser_list_begin(p), count = array->elements.count;
    for (uint32_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count && !(array->node.flags & FLAG_TRAILING_COMMA);
        parser_list_push(p, convert_element(p, array->elements.items[i], is_last, kind));
    }
    pattern->elements = parser_list_end(p, begin);
    pattern->node.end = array->node.end;
    return &pattern->node;
}

static Node *convert_property(Parser *p, Node *e, bool is_last, enum PatternKind kind)
{
    if (e->kind == NODE_SPREAD) {
        const Node *target = ((Spread *)e)->argument;
        if (kind == PATTERN_BINDING ? target->kind != NODE_IDENTIFIER
                                    : target->kind == NODE_ARRAY || target->kind == NODE_OBJECT)
            bad_target(p, target, kind);
        return convert_rest(p, e, is_last, kind);
    }
    const Property *from = (const Property *)e;
    PatternProperty *property = NEW_NODE(p, PATTERN_PROPERTY, PatternProperty, e->start);
    property->node.end = e->end;
    property->computed = from->computed;
    property->shorthand = from->kind == PROPERTY_SHORTHAND;
    property->key = from->key;
    if (from->kind == PROPERTY_INIT || from->kind == PROPERTY_SHORTHAND) {
        property->target = split_initializer(p, from->value, kind, &property->initializer);
    } else {
        bad_target(p, e, kind);
        property->target = from->value;
    }
    return &property->node;
}

static Node *convert_object(Parser *p, const ObjectLiteral *object, enum PatternKind kind)
{
    ObjectPattern *pattern = NEW_NODE(p, OBJECT_PATTERN, ObjectPattern, object->node.start);
    uint32_t begin = parser_list_begin(p), count = object->members.count;
    for (uint32_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count && !(object->node.flags & FLAG_TRAILING_COMMA);
        parser_list_push(p, convert_property(p, object->members.items[i], is_last, kind));
    }
    pattern->properties = parser_list_end(p, begin);
    pattern->node.end = object->node.end;
    return &pattern->node;
}

/* A leaf of a binding pattern. */
static void check_binding_leaf(Parser *p, Node *leaf)
{
    if (!parser_is_bare(leaf, NODE_IDENTIFIER)) bad_target(p, leaf, PATTERN_BINDING);
}

static void each_leaf(Parser *p, Node *pattern, void (*visit)(Parser *p, Node *leaf));

static void each_leaf_in(Parser *p, const NodeList *list, void (*visit)(Parser *p, Node *leaf))
{
    for (uint32_t i = 0; i < list->count; i++) {
        Node *item = list->items[i];
        if (!item) continue;
        switch (item->kind) {
        case NODE_REST:             each_leaf(p, ((Rest *)item)->target, visit); break;
        case NODE_PATTERN_ELEMENT:  each_leaf(p, ((PatternElement *)item)->target, visit); break;
        case NODE_PATTERN_PROPERTY: each_leaf(p, ((PatternProperty *)item)->target, visit); break;
        default: UNREACHABLE();
        }
    }
}

static void each_leaf(Parser *p, Node *pattern, void (*visit)(Parser *p, Node *leaf))
{
    switch (pattern->kind) {
    case NODE_ARRAY_PATTERN:  each_leaf_in(p, &((ArrayPattern *)pattern)->elements, visit); break;
    case NODE_OBJECT_PATTERN: each_leaf_in(p, &((ObjectPattern *)pattern)->properties, visit); break;
    default:                  visit(p, pattern); break;
    }
}

/* Push the names a binding pattern binds, as IDENTIFIER nodes, on the pending list. */
static void push_leaf(Parser *p, Node *leaf)
{
    if (leaf->kind == NODE_IDENTIFIER) parser_list_push(p, leaf);
}

void parse_pattern_push_names(Parser *p, Node *pattern)
{
    each_leaf(p, pattern, push_leaf);
}

static Node *convert(Parser *p, Node *e, enum PatternKind kind)
{
    ASSERT(e->kind != NODE_REST && e->kind != NODE_PATTERN_ELEMENT, "only whole patterns come back (I2)");
    bool is_bare = !(e->flags & FLAG_PARENTHESIZED);
    switch (e->kind) {
    case NODE_ARRAY:
        if (is_bare) return convert_array(p, (ArrayLiteral *)e, kind);
        break;
    case NODE_OBJECT:
        if (is_bare) return convert_object(p, (ObjectLiteral *)e, kind);
        break;
    case NODE_ARRAY_PATTERN: case NODE_OBJECT_PATTERN:           // I2
        if (kind == PATTERN_BINDING) each_leaf(p, e, check_binding_leaf);
        return e;
    default:
        if (kind == PATTERN_ASSIGNMENT) return parse_pattern_simple_target(p, e, DIAG_BAD_PATTERN_TARGET);
        check_binding_leaf(p, e);
        return e;
    }
    bad_target(p, e, kind);
    return e;
}

Node *parse_pattern_from(Parser *p, Node *expression, enum PatternKind kind)
{
    parser_enter(p);
    Node *pattern = convert(p, expression, kind);
    parser_leave(p);
    return pattern;
}

Node *parse_pattern_simple_target(Parser *p, Node *e, DiagCode code)
{
    switch (e->kind) {
    case NODE_IDENTIFIER: {
        const Name *name = ((Identifier *)e)->name;
        if (p->now.is_strict && (name->word == WORD_EVAL || name->word == WORD_ARGUMENTS))
            parser_error_node(p, DIAG_STRICT_ASSIGNMENT, e, names_word_text(name->word));
        return e;
    }
    case NODE_MEMBER: case NODE_INDEX: case NODE_PRIVATE_MEMBER:
        return e;
    case NODE_TYPE_ASSERTION: {
        TypeAssertion *assertion = (TypeAssertion *)e;
        if (assertion->op != TOKEN_NOT && !(e->flags & FLAG_PARENTHESIZED)) break;
        return parse_pattern_simple_target(p, assertion->expression, code);
    }
    case NODE_OPTIONAL_CHAIN:
        parser_error_node(p, DIAG_CHAIN_AS_TARGET, e);
        return e;
    default:
        break;
    }
    parser_error_node(p, code, e);
    return e;
}

/* A call may stand where a reference has to (ECMA-262 13.15.1, ~web-compat~): it is an error when it runs. */
Node *parse_pattern_loose_target(Parser *p, Node *e, DiagCode code)
{
    return e->kind == NODE_CALL && !p->now.is_strict ? e : parse_pattern_simple_target(p, e, code);
}
