/* SPDX-License-Identifier: MIT */
/* Resolving: what every name, this, super and private name refers to, and what that asks of bindings.
 *
 * A reference is safe from the dead zone when it stands behind the initialisation in the same function, or in a
 * closure made behind it: statements of a block run in the order of the source, and no jump enters a block, but for
 * the cases of a switch. */
#include "compiler/forward.h"
#include "compiler/resolve_int.h"
#include "vm/bytecode/unit.h"

void resolve_list(Resolver *r, Scope *s, NodeList list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i]) resolve_node(r, s, list.items[i]);
}

void resolve_optional(Resolver *r, Scope *s, Node *node)
{
    if (node) resolve_node(r, s, node);
}
/* Of a declaration's pattern: computed keys and initialisers; its names are resolved as declarations. */
void resolve_pattern_values(Resolver *r, Scope *s, Node *node)
{
    if (!node) return;
    switch (node->kind) {
    case NODE_ARRAY_PATTERN: {
        NodeList elements = ((ArrayPattern *)node)->elements;
        for (uint32_t i = 0; i < elements.count; i++) resolve_pattern_values(r, s, elements.items[i]);
        break;
    }
    case NODE_OBJECT_PATTERN: {
        NodeList properties = ((ObjectPattern *)node)->properties;
        for (uint32_t i = 0; i < properties.count; i++) resolve_pattern_values(r, s, properties.items[i]);
        break;
    }
    case NODE_PATTERN_ELEMENT:
        resolve_pattern_values(r, s, ((PatternElement *)node)->target);
        resolve_optional(r, s, ((PatternElement *)node)->initializer);
        break;
    case NODE_PATTERN_PROPERTY: {
        PatternProperty *p = (PatternProperty *)node;
        if (p->computed) resolve_node(r, s, p->key);
        resolve_pattern_values(r, s, p->target);
        resolve_optional(r, s, p->initializer);
        break;
    }
    case NODE_REST: resolve_pattern_values(r, s, ((Rest *)node)->target); break;
    default: break;
    }
}

static void resolve_pattern(Resolver *r, Scope *s, Node *node)
{
    switch (node->kind) {
    case NODE_ARRAY_PATTERN: {
        NodeList elements = ((ArrayPattern *)node)->elements;
        for (uint32_t i = 0; i < elements.count; i++)
            if (elements.items[i]) resolve_pattern(r, s, elements.items[i]);
        break;
    }
    case NODE_OBJECT_PATTERN: {
        NodeList properties = ((ObjectPattern *)node)->properties;
        for (uint32_t i = 0; i < properties.count; i++) resolve_pattern(r, s, properties.items[i]);
        break;
    }
    case NODE_PATTERN_ELEMENT:
        resolve_target(r, s, ((PatternElement *)node)->target);
        resolve_optional(r, s, ((PatternElement *)node)->initializer);
        break;
    case NODE_PATTERN_PROPERTY: {
        PatternProperty *p = (PatternProperty *)node;
        if (p->computed) resolve_node(r, s, p->key);
        resolve_target(r, s, p->target);
        resolve_optional(r, s, p->initializer);
        break;
    }
    case NODE_REST: resolve_target(r, s, ((Rest *)node)->target); break;
    default: break;
    }
}

/* Count what reads the function's own `arguments`. */
static void resolve_note_read(Scope *s, const Node *node)
{
    if (!forward_is_read(s->function, node)) return;
    if (node->kind == NODE_MEMBER) s->function->argument_lengths++;
    else s->function->argument_reads++;
}

/* `node`, which is resolved, is not read, or has its object as receiver. */
static void resolve_spoil(Scope *s, Node *node)
{
    if (forward_is_read(s->function, ast_strip_types(node))) s->function->spoils_arguments = true;
}

/* Something assigned to. */
void resolve_target(Resolver *r, Scope *s, Node *target)
{
    switch (target->kind) {
    case NODE_IDENTIFIER: resolve_identifier(r, s, (Identifier *)target, true); break;
    case NODE_ARRAY_PATTERN: case NODE_OBJECT_PATTERN: resolve_pattern(r, s, target); break;
    case NODE_TYPE_ASSERTION: resolve_target(r, s, ((TypeAssertion *)target)->expression); break;
    default:
        resolve_node(r, s, target);
        resolve_spoil(s, target);
        break;
    }
}

/* ---- declarations ------------------------------------------------------------------------------------------------ */

typedef struct DeclareContext {
    Resolver *r;
    Scope    *scope;
    bool      is_first;                  // the declaration runs once, before everything behind it
    uint32_t  end;
} DeclareContext;

/* The name of a declaration with a value. A var is as good as a const if this is its first mention. */
static void resolve_declared_var(void *context, Identifier *id)
{
    const DeclareContext *c = context;
    bool is_dynamic = false;
    Binding *b = id->binding = resolve_find(c->r, c->scope, id->name, &is_dynamic);
    if (is_dynamic) {
        id->scope = c->scope;
        resolve_use_dynamic(c->scope, b);
    }
    if (!b) return;
    bool settles = c->is_first && b->kind == BINDING_VAR && !b->is_assigned && b->reference_count == 0
        && b->initialized_at == UINT32_MAX && b->scope->function == c->scope->function && !is_dynamic;
    if (settles) b->initialized_at = c->end;
    else b->is_assigned = true;
}

static void resolve_declared_name(void *context, Identifier *id)
{
    const DeclareContext *c = context;
    id->binding = scope_find(c->scope, id->name);
}

static void resolve_note_function(const Variables *v, const Declarator *d)
{
    Node *value = ast_strip_types(d->initializer);
    bool is_lexical = v->kind == VARIABLE_LET || v->kind == VARIABLE_CONST;
    if (!is_lexical || d->target->kind != NODE_IDENTIFIER || !value || value->kind != NODE_FUNCTION) return;
    Binding *b = ((Identifier *)d->target)->binding;
    if (b) b->value_function = value;
}

static void resolve_variables(Resolver *r, Scope *s, Variables *v)
{
    bool is_var = v->kind == VARIABLE_VAR, is_literal = false;
    for (uint32_t i = 0; i < v->declarators.count; i++) {
        Declarator *d = (Declarator *)v->declarators.items[i];
        DeclareContext c = { r, s, is_var && r->conditional == 0 && s->is_var_scope, d->node.end };
        bool pattern = d->target->kind != NODE_IDENTIFIER;
        if (is_var && (d->initializer || pattern)) scope_each_bound_name(d->target, resolve_declared_var, &c);
        if (!is_var) scope_each_bound_name(d->target, resolve_declared_name, &c);
        if (is_var && !d->initializer && !pattern) resolve_declared_name(&(DeclareContext){ r, s, false, 0 }, (Identifier *)d->target);
        if (pattern) resolve_pattern_values(r, s, d->target);
        resolve_optional(r, s, d->initializer);
        resolve_note_function(v, d);
        NodeKind kind = d->initializer ? d->initializer->kind : NODE_EMPTY;
        is_literal |= kind == NODE_OBJECT || kind == NODE_ARRAY || kind == NODE_TYPE_ASSERTION;
    }
    if (is_literal && v->kind <= VARIABLE_CONST && !is_var) VEC_PUSH_ARENA(r->a->arena, &r->a->literals, v);
}

/* ---- statements -------------------------------------------------------------------------------------------------- */

static void resolve_conditionally(Resolver *r, Scope *s, Node *node)
{
    r->conditional++;
    resolve_optional(r, s, node);
    r->conditional--;
}

static void resolve_for(Resolver *r, Scope *s, For *f)
{
    Scope *inner = f->scope ? f->scope : s;
    resolve_optional(r, inner, f->init);
    resolve_conditionally(r, inner, f->test);
    resolve_conditionally(r, inner, f->update);
    resolve_conditionally(r, inner, f->body);
}

/* for-in and for-of: the right side sees the loop's names in their dead zone. */
/* What each turn of a loop, or a case of a select, stores a value in: a declaration without initialiser, or a target. */
static void resolve_filled(Resolver *r, Scope *s, Node *left)
{
    if (left->kind != NODE_VARIABLES) {
        resolve_target(r, s, left);
        return;
    }
    Variables *v = (Variables *)left;
    Declarator *d = (Declarator *)v->declarators.items[0];
    DeclareContext c = { r, s, false, 0 };
    scope_each_bound_name(d->target, v->kind == VARIABLE_VAR ? resolve_declared_var : resolve_declared_name, &c);
    if (d->target->kind != NODE_IDENTIFIER) resolve_pattern_values(r, s, d->target);
    resolve_optional(r, s, d->initializer);
}

static void resolve_for_in_of(Resolver *r, Scope *s, Scope *scope, Node *left, Node *right, Node *body)
{
    Scope *inner = scope ? scope : s;
    resolve_node(r, inner, right);
    r->conditional++;
    resolve_filled(r, inner, left);
    resolve_node(r, inner, body);
    r->conditional--;
}

static void resolve_for_each(Resolver *r, ForEach *each)
{
    DeclareContext c = { r, each->scope, false, 0 };
    resolve_node(r, each->scope, each->object);
    if (each->key) scope_each_bound_name(each->key, resolve_declared_name, &c);
    scope_each_bound_name(each->value, resolve_declared_name, &c);
    resolve_conditionally(r, each->scope, each->body);
}

static void resolve_try(Resolver *r, Scope *s, Try *t)
{
    s->function->has_try = true;
    resolve_conditionally(r, s, t->block);
    if (t->handler) {
        Catch *clause = (Catch *)t->handler;
        DeclareContext c = { r, clause->scope, false, 0 };
        scope_each_bound_name(clause->parameter, resolve_declared_name, &c);
        resolve_pattern_values(r, clause->scope, clause->parameter);
        resolve_conditionally(r, clause->scope, clause->body);
    }
    resolve_conditionally(r, s, t->finalizer);
}

static void resolve_switch(Resolver *r, Scope *s, Switch *node)
{
    resolve_node(r, s, node->discriminant);
    r->conditional++;
    for (uint32_t i = 0; i < node->cases.count; i++) {
        Case *c = (Case *)node->cases.items[i];
        resolve_optional(r, node->scope, c->test);
        resolve_list(r, node->scope, c->statements);
    }
    r->conditional--;
}

static void resolve_select(Resolver *r, Select *select)
{
    r->conditional++;
    for (uint32_t i = 0; i < select->cases.count; i++) {
        SelectCase *c = (SelectCase *)select->cases.items[i];
        if (c->communication) resolve_node(r, c->scope->parent, c->communication);
        if (c->target) resolve_filled(r, c->scope, c->target);
        resolve_list(r, c->scope, c->statements);
    }
    r->conditional--;
}

/* ---- modules ----------------------------------------------------------------------------------------------------- */

static void resolve_export(Resolver *r, Scope *s, ExportNamed *e)
{
    if (e->source) return;
    for (uint32_t i = 0; i < e->specifiers.count; i++) {
        ExportSpecifier *specifier = (ExportSpecifier *)e->specifiers.items[i];
        Binding *b = specifier->binding = scope_find(s, specifier->local);
        if (b) b->is_exported = true;
        else diag_report(r->a->diag, DIAG_EXPORT_UNDECLARED, specifier->node.start, specifier->node.end,
                         names_text(r->a->names, specifier->local, 100));
    }
}

static void resolve_mark_exported(void *context, Identifier *id)
{
    Binding *b = scope_find(context, id->name);
    if (b) b->is_exported = true;
}

static void resolve_export_declaration(Resolver *r, Scope *s, ExportDeclaration *e)
{
    Node *d = e->declaration;
    bool in_module = s->kind == SCOPE_MODULE;
    if (in_module && d->kind == NODE_VARIABLES) {
        NodeList list = ((Variables *)d)->declarators;
        for (uint32_t i = 0; i < list.count; i++) scope_each_bound_name(((Declarator *)list.items[i])->target, resolve_mark_exported, s);
    }
    Binding *b = NULL;
    if (d->kind == NODE_FUNCTION_DECLARATION) b = ((FunctionDeclaration *)d)->binding;
    if (d->kind == NODE_CLASS_DECLARATION) b = ((ClassDeclaration *)d)->binding;
    if (d->kind == NODE_ENUM) b = ((Enum *)d)->binding;
    if (d->kind == NODE_NAMESPACE) b = ((Namespace *)d)->binding;
    if (b && in_module) b->is_exported = true;
    resolve_node(r, s, d);
}

/* ---- the walk ---------------------------------------------------------------------------------------------------- */

/* Operands of a chain of binary operators, leftmost first, without recursion along it. */
static void resolve_binary(Resolver *r, Scope *s, Node *node)
{
    VEC(Node *) rights = { 0 };
    while (node->kind == NODE_BINARY) {
        VEC_PUSH_ARENA(r->a->arena, &rights, ((Binary *)node)->right);
        node = ((Binary *)node)->left;
    }
    if (node->kind == NODE_PRIVATE_NAME) resolve_private(r, s, (PrivateName *)node);
    else resolve_node(r, s, node);
    while (rights.count) resolve_node(r, s, VEC_POP(&rights));
}

static void resolve_object(Resolver *r, Scope *s, ObjectLiteral *o)
{
    Scope *inner = s;
    for (uint32_t i = 0; i < o->members.count && inner == s; i++) {
        const Property *p = (const Property *)o->members.items[i];
        bool method = p->node.kind == NODE_PROPERTY && p->kind >= PROPERTY_METHOD;
        if (method) inner = o->scope = scope_new(r->a, SCOPE_LITERAL, s, s->function, &o->node);
    }
    for (uint32_t i = 0; i < o->members.count; i++) {
        Node *member = o->members.items[i];
        Property *p = (Property *)member;
        if (member->kind != NODE_PROPERTY) {
            resolve_node(r, inner, member);
            continue;
        }
        if (p->computed) resolve_node(r, inner, p->key);
        resolve_node(r, inner, p->value);
    }
}

static void resolve_member_of(Resolver *r, Scope *s, Node *object)
{
    if (object->kind == NODE_SUPER) resolve_super(r, s, object);
    else resolve_node(r, s, object);
}

static void resolve_member(Resolver *r, Scope *s, Member *n)
{
    resolve_member_of(r, s, n->object);
    resolve_note_read(s, &n->node);
}

static void resolve_index(Resolver *r, Scope *s, Index *n)
{
    resolve_member_of(r, s, n->object);
    resolve_note_read(s, &n->node);
    resolve_node(r, s, n->index);
}

static void resolve_unary(Resolver *r, Scope *s, Unary *n)
{
    resolve_node(r, s, n->operand);
    if (n->op == TOKEN_DELETE) resolve_spoil(s, n->operand);
}

static void resolve_tagged(Resolver *r, Scope *s, TaggedTemplate *n)
{
    resolve_node(r, s, n->tag);
    resolve_node(r, s, n->quasi);
    resolve_spoil(s, n->tag);
}

static void resolve_assign(Resolver *r, Scope *s, Assign *n)
{
    resolve_target(r, s, n->target);
    resolve_node(r, s, n->value);
}

static void resolve_call(Resolver *r, Scope *s, Call *n)
{
    const Identifier *id = (const Identifier *)n->callee;
    resolve_node(r, s, n->callee);
    resolve_spoil(s, n->callee);
    resolve_list(r, s, n->arguments);
    if (id->node.kind == NODE_IDENTIFIER && id->name->word == WORD_EVAL && !n->optional) resolve_direct_eval(r, s, n);
    if (forward_is_call(s->function, n)) s->function->forwards++;
    if (forward_is_rest_call(s->function, n)) s->function->rest_forwards++;
}

static void resolve_return(Resolver *r, Scope *s, Return *n)
{
    resolve_optional(r, s, n->argument);
    if (n->argument && n->argument->kind == NODE_CALL && forward_is_call(s->function, (Call *)n->argument))
        s->function->forwards_last++;
}

/* A call that begins a goroutine, however it is wrapped, is given the arguments object, or the array. */
static void resolve_go(Resolver *r, Scope *s, Go *n)
{
    uint32_t forwards = s->function->forwards, rest_forwards = s->function->rest_forwards;
    VEC_PUSH_ARENA(r->a->arena, &r->a->spawns, &n->node);
    resolve_node(r, s, n->operand);
    s->function->forwards = forwards;
    s->function->rest_forwards = rest_forwards;
}

/* `await (x)` outside async functions (docs/language.md): one of the two readings is resolved. */
static void resolve_await(Resolver *r, Scope *s, Await *n)
{
    bool is_name = n->identifier_reading && !r->a->options.awaits_freely;
    for (const Scope *at = s; at && n->identifier_reading && !is_name; at = at->parent)
        is_name = scope_find(at, names_word(r->a->names, WORD_AWAIT)) != NULL;
    if (is_name) n->reading = n->identifier_reading;
    resolve_node(r, s, is_name ? n->reading : n->argument);
}

static void resolve_child(void *context, Node *child);

typedef struct ChildContext {
    Resolver *r;
    Scope    *scope;
} ChildContext;

static void resolve_children(Resolver *r, Scope *s, Node *node)
{
    ChildContext c = { r, s };
    ast_each_child(node, resolve_child, &c);
}

static void resolve_child(void *context, Node *child)
{
    const ChildContext *c = context;
    resolve_node(c->r, c->scope, child);
}

static bool resolve_is_type(const Node *node)
{
    return node->kind >= NODE_TYPE_NAME && node->kind <= NODE_TYPE_OTHER;
}

void resolve_node(Resolver *r, Scope *s, Node *node)
{
    if (scope_is_too_deep(r->a, node) || (node->flags & FLAG_DECLARE) || resolve_is_type(node)) return;
    switch (node->kind) {
    case NODE_IDENTIFIER:      resolve_identifier(r, s, (Identifier *)node, false); break;
    case NODE_THIS:            ((ThisExpression *)node)->binding = resolve_use_pseudo(r, s, BINDING_THIS, node->start); break;
    case NODE_NEW_TARGET:      ((NewTarget *)node)->binding = resolve_use_pseudo(r, s, BINDING_NEW_TARGET, node->start); break;
    case NODE_BINARY:          resolve_binary(r, s, node); break;
    case NODE_ASSIGN:          resolve_assign(r, s, (Assign *)node); break;
    case NODE_UPDATE:          resolve_target(r, s, ((Update *)node)->target); break;
    case NODE_MEMBER:          resolve_member(r, s, (Member *)node); break;
    case NODE_INDEX:           resolve_index(r, s, (Index *)node); break;
    case NODE_UNARY:           resolve_unary(r, s, (Unary *)node); break;
    case NODE_TAGGED_TEMPLATE: resolve_tagged(r, s, (TaggedTemplate *)node); break;
    case NODE_PRIVATE_MEMBER:
        resolve_node(r, s, ((PrivateMember *)node)->object);
        resolve_private(r, s, (PrivateName *)((PrivateMember *)node)->name);
        break;
    case NODE_CALL:            resolve_call(r, s, (Call *)node); break;
    case NODE_SUPER_CALL:      resolve_super_call(r, s, (SuperCall *)node); break;
    case NODE_OBJECT:          resolve_object(r, s, (ObjectLiteral *)node); break;
    case NODE_FUNCTION:        resolve_function(r, s, (Function *)node, false); break;
    case NODE_CLASS:           resolve_class(r, s, (Class *)node); break;
    case NODE_FUNCTION_DECLARATION: resolve_function(r, s, (Function *)((FunctionDeclaration *)node)->function, true); break;
    case NODE_VARIABLES:       resolve_variables(r, s, (Variables *)node); break;
    case NODE_BLOCK:           resolve_list(r, ((Block *)node)->scope, ((Block *)node)->statements); break;
    case NODE_IF:
        resolve_node(r, s, ((If *)node)->test);
        resolve_conditionally(r, s, ((If *)node)->consequent);
        resolve_conditionally(r, s, ((If *)node)->alternate);
        break;
    case NODE_FOR:             resolve_for(r, s, (For *)node); break;
    case NODE_FOR_IN: {
        ForIn *f = (ForIn *)node;
        resolve_for_in_of(r, s, f->scope, f->left, f->right, f->body);
        break;
    }
    case NODE_FOR_OF: {
        ForOf *f = (ForOf *)node;
        resolve_for_in_of(r, s, f->scope, f->left, f->right, f->body);
        break;
    }
    case NODE_FOR_EACH:        resolve_for_each(r, (ForEach *)node); break;
    case NODE_WHILE: case NODE_DO_WHILE: case NODE_LABELED:
        r->conditional++;
        resolve_children(r, s, node);
        r->conditional--;
        break;
    case NODE_TRY:             resolve_try(r, s, (Try *)node); break;
    case NODE_SWITCH:          resolve_switch(r, s, (Switch *)node); break;
    case NODE_SELECT:          resolve_select(r, (Select *)node); break;
    case NODE_WITH:
        resolve_node(r, s, ((With *)node)->object);
        resolve_conditionally(r, ((With *)node)->scope, ((With *)node)->body);
        break;
    case NODE_ENUM:            resolve_enum(r, s, (Enum *)node); break;
    case NODE_NAMESPACE:       resolve_namespace(r, s, (Namespace *)node); break;
    case NODE_IMPORT_EQUALS:   resolve_import_equals(r, s, (ImportEquals *)node); break;
    case NODE_EXPORT_ASSIGN:   resolve_export_assign(r, s, (ExportAssign *)node); break;
    case NODE_EXPORT_NAMED:    resolve_export(r, s, (ExportNamed *)node); break;
    case NODE_EXPORT_DECLARATION: resolve_export_declaration(r, s, (ExportDeclaration *)node); break;
    case NODE_EXPORT_DEFAULT:
        if (((ExportDefault *)node)->binding && s->kind == SCOPE_MODULE) ((ExportDefault *)node)->binding->is_exported = true;
        resolve_node(r, s, ((ExportDefault *)node)->value);
        break;
    case NODE_AWAIT:           resolve_await(r, s, (Await *)node); break;
    case NODE_GO:              resolve_go(r, s, (Go *)node); break;
    case NODE_RETURN:          resolve_return(r, s, (Return *)node); break;
    default:                   resolve_children(r, s, node); break;
    }
}
