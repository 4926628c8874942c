/* SPDX-License-Identifier: MIT */
/* Objects that never leave their function need not be objects.
 *
 * A `let` or `const` that holds an object or array literal for good, and whose every use reads or writes one of the
 * literal's own properties by a constant name, is taken apart: each property becomes a variable, each use the name of
 * that variable, and nothing is allocated (scalar replacement; Kotzmann and Mössenböck, VEE 2005, do it in a compiler
 * that sees more). It is done on the tree, before anything else looks at where bindings live, so code generation knows
 * nothing of it.
 *
 * I1  What is taken apart cannot be told from an object: its identity is used nowhere; the literal defines own data
 *     properties, so neither prototypes nor accessors are asked; and it is no receiver of a call.
 * I2  No closure captures it, so all its uses are in one function, and `eval` does not see it. */
#include "compiler/scope_int.h"
#include "vm/base/assert.h"
#include "vm/base/debug.h"

enum { ESCAPE_MOST_FIELDS = 16 };

STATIC_ASSERT(sizeof(Identifier) <= sizeof(Member) && sizeof(Identifier) <= sizeof(Index), "a use becomes a name in place");
STATIC_ASSERT(sizeof(NumberLiteral) <= sizeof(Member), "an array's length becomes a number in place");

/* A use of a property: the MEMBER or INDEX, and whether it is written. */
typedef struct EscapeUse {
    Node    *node;
    uint32_t field;                      // ESCAPE_LENGTH: of an array
    bool     is_write;
} EscapeUse;

enum { ESCAPE_NOT_A_FIELD = -1, ESCAPE_LENGTH = ESCAPE_MOST_FIELDS };

/* A binding that may be taken apart, until its kept_whole is set. */
struct Escape {
    Binding   *binding;
    Node      *literal;                  // OBJECT or ARRAY
    uint32_t   count;                    // of fields
    VEC(EscapeUse) uses;
    Binding   *fields[ESCAPE_MOST_FIELDS];
};
typedef struct Escape Escape;

/* ---- candidates -------------------------------------------------------------------------------------------------- */

static const Name *escape_property_name(const ObjectLiteral *n, uint32_t i)
{
    return ast_key_name((const Property *)n->members.items[i]);
}

/* A function or class would take a variable's name, which an element does not give it. */
static bool escape_is_plain_array(const ArrayLiteral *n)
{
    if (n->elements.count == 0 || n->elements.count > ESCAPE_MOST_FIELDS) return false;
    for (uint32_t i = 0; i < n->elements.count; i++) {
        const Node *e = n->elements.items[i];
        if (!e || e->kind == NODE_SPREAD || e->kind == NODE_FUNCTION || e->kind == NODE_CLASS) return false;
    }
    return true;
}

static bool escape_is_plain(const Node *literal)
{
    return literal->kind == NODE_OBJECT ? ast_is_record((const ObjectLiteral *)literal, ESCAPE_MOST_FIELDS)
                                        : escape_is_plain_array((const ArrayLiteral *)literal);
}

/* Why the literal that `b` begins with stays one, as far as that is seen without its uses; or NULL. */
static const char *escape_why_not(const Binding *b, const Node *literal)
{
    if (b->is_forced) return "eval sees it";
    if (b->is_exported) return "exported";
    if (b->is_captured) return "captured";
    if (b->is_assigned) return "assigned again";
    if (b->may_be_dead) return "may be read before it is initialised";
    if (b->scope->kind == SCOPE_GLOBAL || b->scope->kind == SCOPE_EVAL) return "outside of functions";
    if (b->scope->kind == SCOPE_FOR) return "of a loop's head";
    return escape_is_plain(literal) ? NULL : "not a plain literal";
}

static Escape *escape_candidate(ScopeAnalysis *a, const Declarator *d)
{
    Node *literal = ast_strip_types(d->initializer);
    if (!literal || d->target->kind != NODE_IDENTIFIER) return NULL;
    Binding *b = ((Identifier *)d->target)->binding;
    bool is_object = literal->kind == NODE_OBJECT;
    if (!b || !(is_object || literal->kind == NODE_ARRAY)) return NULL;
    b->kept_whole = escape_why_not(b, literal);
    if (b->kept_whole) return NULL;
    Escape *e = ARENA_NEW(a->arena, Escape);
    e->binding = b;
    e->literal = literal;
    e->count = is_object ? ((ObjectLiteral *)literal)->members.count : ((ArrayLiteral *)literal)->elements.count;
    return e;
}

/* ---- uses -------------------------------------------------------------------------------------------------------- */

typedef struct EscapeWalk {
    ScopeAnalysis *a;
    Node          *written;              // the target of the assignment that is being visited
} EscapeWalk;

/* The candidate whose property `node` names, or NULL. */
static Escape *escape_of(const Node *node)
{
    const Node *object = !node ? NULL : node->kind == NODE_MEMBER ? ((const Member *)node)->object
                       : node->kind == NODE_INDEX ? ((const Index *)node)->object : NULL;
    if (!object || object->kind != NODE_IDENTIFIER || ((const Identifier *)object)->scope) return NULL;
    const Binding *b = ((const Identifier *)object)->binding;
    return b ? b->escape : NULL;
}

static int escape_object_field(const Escape *e, const Name *name)
{
    for (uint32_t i = 0; i < e->count; i++)
        if (escape_property_name((const ObjectLiteral *)e->literal, i) == name) return (int)i;
    return ESCAPE_NOT_A_FIELD;
}

static int escape_field(const Escape *e, const Node *node)
{
    bool is_object = e->literal->kind == NODE_OBJECT;
    if (node->kind == NODE_MEMBER) {
        const Member *m = (const Member *)node;
        if (m->optional) return ESCAPE_NOT_A_FIELD;
        if (is_object) return escape_object_field(e, m->name);
        return m->name->word == WORD_LENGTH ? ESCAPE_LENGTH : ESCAPE_NOT_A_FIELD;
    }
    const Index *m = (const Index *)node;
    if (m->optional) return ESCAPE_NOT_A_FIELD;
    if (is_object) return m->index->kind == NODE_STRING ? escape_object_field(e, ((const StringLiteral *)m->index)->value) : ESCAPE_NOT_A_FIELD;
    double d = m->index->kind == NODE_NUMBER ? ((const NumberLiteral *)m->index)->value : -1;
    return d >= 0 && d < e->count && d == (double)(uint32_t)d ? (int)d : ESCAPE_NOT_A_FIELD;
}

static void escape_note_use(EscapeWalk *w, Node *node)
{
    Escape *e = escape_of(node);
    if (!e) return;
    int field = escape_field(e, node);
    bool is_write = node == w->written;
    if (field == ESCAPE_NOT_A_FIELD || (field == ESCAPE_LENGTH && is_write)) return;
    EscapeUse use = { node, (uint32_t)field, is_write };
    VEC_PUSH_ARENA(w->a->arena, &e->uses, use);
}

static const char escape_called[] = "the receiver of a call", escape_target[] = "a property is the target of a pattern";

/* `node` is called with what it is a property of as receiver, deleted, or written by a construct not looked into. */
static void escape_give_up(Node *node, const char *why)
{
    while (node && (node->kind == NODE_TYPE_ASSERTION || node->kind == NODE_OPTIONAL_CHAIN))
        node = node->kind == NODE_TYPE_ASSERTION ? ((TypeAssertion *)node)->expression : ((OptionalChain *)node)->chain;
    Escape *e = escape_of(node);
    if (e) e->binding->kept_whole = why;
}

/* The parts of `node` that are more than a plain read. */
static void escape_visit_special(EscapeWalk *w, Node *node)
{
    switch (node->kind) {
    case NODE_ASSIGN:           w->written = ast_strip_types(((Assign *)node)->target); break;
    case NODE_UPDATE:           w->written = ast_strip_types(((Update *)node)->target); break;
    case NODE_CALL:             escape_give_up(((Call *)node)->callee, escape_called); break;
    case NODE_TAGGED_TEMPLATE:  escape_give_up(((TaggedTemplate *)node)->tag, escape_called); break;
    case NODE_UNARY:
        if (((Unary *)node)->op == TOKEN_DELETE) escape_give_up(((Unary *)node)->operand, "a property is deleted");
        break;
    case NODE_GO:               escape_give_up(((Go *)node)->operand, escape_called); break;
    case NODE_FREE:             escape_give_up(((Free *)node)->target, "a property is freed"); break;
    case NODE_PATTERN_ELEMENT:  escape_give_up(((PatternElement *)node)->target, escape_target); break;
    case NODE_PATTERN_PROPERTY: escape_give_up(((PatternProperty *)node)->target, escape_target); break;
    case NODE_REST:             escape_give_up(((Rest *)node)->target, escape_target); break;
    case NODE_FOR_IN:           escape_give_up(((ForIn *)node)->left, escape_target); break;
    case NODE_FOR_OF:           escape_give_up(((ForOf *)node)->left, escape_target); break;
    case NODE_FOR_EACH:
        escape_give_up(((ForEach *)node)->key, escape_target);
        escape_give_up(((ForEach *)node)->value, escape_target);
        break;
    case NODE_SELECT_CASE:      escape_give_up(((SelectCase *)node)->target, escape_target); break;
    case NODE_MEMBER: case NODE_INDEX: escape_note_use(w, node); break;
    default: break;
    }
}

static void escape_visit(void *context, Node *node)
{
    EscapeWalk inner = *(EscapeWalk *)context;
    while (node->kind == NODE_BINARY) {
        escape_visit(&inner, ((Binary *)node)->right);
        node = ((Binary *)node)->left;
    }
    escape_visit_special(&inner, node);
    ast_each_child(node, escape_visit, &inner);
}

/* ---- taking apart ------------------------------------------------------------------------------------------------ */

static void escape_add_fields(ScopeAnalysis *a, Escape *e)
{
    for (uint32_t i = 0; i < e->count; i++) {
        Binding *b = scope_add_hidden(a, e->binding->scope, BINDING_LET);
        b->initialized_at = e->binding->initialized_at;
        b->whole = e->binding;
        e->fields[i] = b;
    }
}

/* A function assigned to a property takes no name from it, as from a name in parentheses. */
static void escape_rename(ScopeAnalysis *a, const Escape *e, const EscapeUse *use)
{
    Node node = *use->node;
    if (use->field == ESCAPE_LENGTH) {
        node.kind = NODE_NUMBER;
        *(NumberLiteral *)use->node = (NumberLiteral){ .node = node, .value = e->count };
        return;
    }
    Binding *b = e->fields[use->field];
    node.kind = NODE_IDENTIFIER;
    node.flags |= FLAG_PARENTHESIZED;
    *(Identifier *)use->node = (Identifier){ .node = node, .name = e->binding->name, .binding = b };
    b->reference_count++;
    if (!use->is_write) return;
    b->is_assigned = true;
    scope_note_assignment(a, b->scope->function, node.start);
}

/* The declaration of one field, whose value takes the property's name. */
static Node *escape_declarator(ScopeAnalysis *a, const Escape *e, uint32_t i)
{
    bool is_object = e->literal->kind == NODE_OBJECT;
    const ObjectLiteral *object = (const ObjectLiteral *)e->literal;
    Node *value = is_object ? ((Property *)object->members.items[i])->value : ((ArrayLiteral *)e->literal)->elements.items[i];
    Name *name = is_object ? (Name *)escape_property_name(object, i) : e->binding->name;
    Identifier *id = ARENA_NEW(a->arena, Identifier);
    *id = (Identifier){ .node = { .kind = NODE_IDENTIFIER, .start = value->start, .end = value->end, .aux_position = value->start },
                        .name = name, .binding = e->fields[i] };
    Declarator *d = ARENA_NEW(a->arena, Declarator);
    *d = (Declarator){ .node = { .kind = NODE_DECLARATOR, .start = value->start, .end = value->end, .aux_position = value->start },
                       .target = &id->node, .initializer = value };
    return &d->node;
}

static const Escape *escape_declared(const Node *declarator)
{
    const Node *target = ((const Declarator *)declarator)->target;
    const Binding *b = target->kind == NODE_IDENTIFIER ? ((const Identifier *)target)->binding : NULL;
    return b && b->is_apart ? b->escape : NULL;
}

static void escape_replace_declarators(ScopeAnalysis *a, Variables *v)
{
    uint32_t count = 0, at = 0;
    bool any = false;
    for (uint32_t i = 0; i < v->declarators.count; i++) {
        const Escape *e = escape_declared(v->declarators.items[i]);
        count += e ? e->count : 1;
        any = any || e;
    }
    if (!any) return;
    Node **items = ARENA_ARRAY(a->arena, Node *, count);
    for (uint32_t i = 0; i < v->declarators.count; i++) {
        const Escape *e = escape_declared(v->declarators.items[i]);
        if (!e) items[at++] = v->declarators.items[i];
        for (uint32_t k = 0; e && k < e->count; k++) items[at++] = escape_declarator(a, e, k);
    }
    v->declarators = (NodeList){ items, count };
}

static void escape_take_apart(ScopeAnalysis *a, Escape *e)
{
    Binding *b = e->binding;
    if (!b->kept_whole && e->uses.count != b->reference_count) b->kept_whole = "used as a value, or by a computed name";
    if (b->kept_whole) return;
    b->is_apart = true;
    escape_add_fields(a, e);
    for (uint32_t i = 0; i < e->uses.count; i++)
        if (e->uses.items[i].node->kind != NODE_IDENTIFIER) escape_rename(a, e, &e->uses.items[i]);
}

void escape_analyze(ScopeAnalysis *a)
{
    VEC(Escape *) candidates = { 0 };
    if (debug_flags()->noescape) return;
    for (uint32_t i = 0; i < a->literals.count; i++) {
        const Variables *v = a->literals.items[i];
        for (uint32_t k = 0; k < v->declarators.count; k++) {
            Escape *e = escape_candidate(a, (const Declarator *)v->declarators.items[k]);
            if (!e) continue;
            e->binding->escape = e;
            VEC_PUSH_ARENA(a->arena, &candidates, e);
        }
    }
    if (!candidates.count) return;
    EscapeWalk w = { .a = a };
    escape_visit(&w, &a->program->node);
    for (uint32_t i = 0; i < candidates.count; i++) escape_take_apart(a, candidates.items[i]);
    for (uint32_t i = 0; i < a->literals.count; i++) escape_replace_declarators(a, a->literals.items[i]);
}
