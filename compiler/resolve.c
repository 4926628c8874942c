/* SPDX-License-Identifier: MIT */
/* Resolving: what every name, this, super and private name refers to, and what that asks of bindings.
 *
 * A reference is safe from the dead zone when it stands behind the initialisation in the same function, or in a closure
 * made behind it: statements of a block run in the order of the source, and no jump enters a block, but for the cases of a
 * switch. */
#include <string.h>

#include "compiler/scope_int.h"
#include "vm/bytecode/unit.h"

typedef struct Resolver {
    ScopeAnalysis *a;
    uint32_t       conditional;          // constructs around, in this function, whose content may not run once exactly
} Resolver;

static void resolve_node(Resolver *r, Scope *s, Node *node);

static void resolve_list(Resolver *r, Scope *s, NodeList list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i]) resolve_node(r, s, list.items[i]);
}

static void resolve_optional(Resolver *r, Scope *s, Node *node)
{
    if (node) resolve_node(r, s, node);
}

/* ---- references -------------------------------------------------------------------------------------------------- */

/* The function directly inside `owner` on the way to `f`. */
static const FunctionInfo *resolve_outermost_between(const FunctionInfo *f, const FunctionInfo *owner)
{
    while (f->parent != owner) f = f->parent;
    return f;
}

static bool resolve_has_dead_zone(const Binding *b)
{
    return b->kind == BINDING_LET || b->kind == BINDING_CONST || b->kind == BINDING_CLASS
        || (b->kind == BINDING_PARAMETER && b->scope->function->has_own_scope);
}

/* Note a use of `b` from a place in function `from`. */
static void resolve_use(Binding *b, const FunctionInfo *from, uint32_t position)
{
    const FunctionInfo *owner = b->scope->function;
    b->reference_count++;
    if (owner == from) {
        bool early = position < b->initialized_at || b->scope->kind == SCOPE_SWITCH;
        if (early && resolve_has_dead_zone(b)) b->may_be_dead = true;
        return;
    }
    b->is_captured = true;
    const FunctionInfo *closure = resolve_outermost_between(from, owner);
    bool hoisted_alike = b->kind == BINDING_FUNCTION && closure->created_at == b->initialized_at;
    if ((closure->created_at < b->initialized_at && !hoisted_alike) || b->scope->kind == SCOPE_SWITCH) {
        b->captured_early = true;
        if (resolve_has_dead_zone(b)) b->may_be_dead = true;
    }
}

static FunctionInfo *resolve_this_function(FunctionInfo *f)
{
    while (f->is_arrow && f->parent) f = f->parent;
    return f;
}

/* A pseudo-binding of the eval's caller. */
static Binding *resolve_outer(const Scope *s, uint32_t bit)
{
    for (; s; s = s->parent)
        for (Binding *b = s->first; s->kind == SCOPE_OUTER && b; b = b->next)
            if (b->scope_bits & bit) return b;
    return NULL;
}

/* The pseudo-binding of the function whose `this` the code in `f` sees. */
static Binding *resolve_pseudo(Resolver *r, FunctionInfo *from, BindingKind kind)
{
    FunctionInfo *f = resolve_this_function(from);
    Binding **place = kind == BINDING_THIS ? &f->this_binding : kind == BINDING_NEW_TARGET ? &f->new_target
                    : kind == BINDING_CALLEE ? &f->callee : &f->arguments;
    if (f->is_arrow) {                   // top of a direct eval: the caller's
        uint32_t bit = kind == BINDING_THIS ? SCOPE_NAME_THIS : kind == BINDING_NEW_TARGET ? SCOPE_NAME_NEW_TARGET
                     : kind == BINDING_CALLEE ? SCOPE_NAME_CLASS : SCOPE_NAME_ARGUMENTS;
        Binding *outer = resolve_outer(f->scope, bit);
        if (outer) return outer;
    }
    if (!*place) {
        *place = scope_add_hidden(r->a, f->scope, kind);
        (*place)->initialized_at = f->is_derived && kind == BINDING_THIS ? UINT32_MAX : f->created_at;
        if (kind == BINDING_ARGUMENTS) (*place)->name = names_word(r->a->names, WORD_ARGUMENTS);
    }
    return *place;
}

static Binding *resolve_use_pseudo(Resolver *r, Scope *s, BindingKind kind, uint32_t position)
{
    Binding *b = resolve_pseudo(r, s->function, kind);
    if (b->scope->kind != SCOPE_OUTER) resolve_use(b, s->function, position);
    if (kind == BINDING_THIS && b->scope->function->is_derived) b->may_be_dead = true;
    return b;
}

/* Does a function's scope offer `arguments`? */
static bool resolve_has_arguments(const ScopeAnalysis *a, const Scope *s)
{
    const FunctionInfo *f = s->function;
    if (s->kind == SCOPE_FUNCTION) return !f->is_arrow && !f->is_field_initializer && f->scope == s
        && f->node->kind == NODE_FUNCTION;
    return f == a->top && s == f->scope && a->options.is_function_body;
}

/* Find what `name` means in `s`. `*is_dynamic`: objects of with or eval stand in between. */
static Binding *resolve_find(Resolver *r, Scope *s, const Name *name, bool *is_dynamic)
{
    for (; s; s = s->parent) {
        if (s->kind == SCOPE_WITH || s->has_sloppy_eval || (s->kind == SCOPE_OUTER && s->variables)) {
            Binding *own = s->kind == SCOPE_WITH ? NULL : scope_find(s, name);
            if (own) return own;
            *is_dynamic = true;
        }
        Binding *b = scope_find(s, name);
        bool elsewhere = b && s->names_are_outer && (b->kind == BINDING_VAR || b->kind == BINDING_FUNCTION);
        if (b && !elsewhere) return b;
        if (name->word == WORD_ARGUMENTS && resolve_has_arguments(r->a, s)) {
            b = resolve_pseudo(r, s->function, BINDING_ARGUMENTS);
            return b;
        }
    }
    return NULL;
}

/* Objects crossed on the way must be reachable from here. */
static void resolve_use_dynamic(Scope *from, const Binding *b)
{
    for (Scope *s = from; s && !(b && b->scope == s); s = s->parent)
        if (s->variables && (s->kind == SCOPE_WITH || s->has_sloppy_eval) && s->kind != SCOPE_OUTER)
            resolve_use(s->variables, from->function, UINT32_MAX);
}

static void resolve_identifier(Resolver *r, Scope *s, Identifier *id, bool assigns)
{
    bool is_dynamic = false;
    Binding *b = resolve_find(r, s, id->name, &is_dynamic);
    id->binding = b;
    id->scope = is_dynamic ? s : NULL;
    if (is_dynamic) resolve_use_dynamic(s, b);
    if (!b) return;
    if (b->scope->kind != SCOPE_OUTER) resolve_use(b, s->function, id->node.start);
    if (b->object) resolve_use(b->object, s->function, id->node.start);
    if (!assigns || b->kind == BINDING_SELF) return;     // which never changes
    b->is_assigned = true;
    VEC_PUSH_ARENA(r->a->arena, &s->function->assignments, id->node.start);
}

static void resolve_target(Resolver *r, Scope *s, Node *target);

/* Of a declaration's pattern: computed keys and initialisers; its names are resolved as declarations. */
static void resolve_pattern_values(Resolver *r, Scope *s, Node *node)
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

/* Something assigned to. */
static void resolve_target(Resolver *r, Scope *s, Node *target)
{
    switch (target->kind) {
    case NODE_IDENTIFIER: resolve_identifier(r, s, (Identifier *)target, true); break;
    case NODE_ARRAY_PATTERN: case NODE_OBJECT_PATTERN: resolve_pattern(r, s, target); break;
    case NODE_TYPE_ASSERTION: resolve_target(r, s, ((TypeAssertion *)target)->expression); break;
    default: resolve_node(r, s, target); break;
    }
}

/* ---- declarations ----------------------------------------------------------------------------------------------------- */

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

static void resolve_variables(Resolver *r, Scope *s, Variables *v)
{
    bool is_var = v->kind == VARIABLE_VAR;
    for (uint32_t i = 0; i < v->declarators.count; i++) {
        Declarator *d = (Declarator *)v->declarators.items[i];
        DeclareContext c = { r, s, is_var && r->conditional == 0 && s->is_var_scope, d->node.end };
        bool pattern = d->target->kind != NODE_IDENTIFIER;
        if (is_var && (d->initializer || pattern)) scope_each_bound_name(d->target, resolve_declared_var, &c);
        if (!is_var) scope_each_bound_name(d->target, resolve_declared_name, &c);
        if (is_var && !d->initializer && !pattern) resolve_declared_name(&(DeclareContext){ r, s, false, 0 }, (Identifier *)d->target);
        if (pattern) resolve_pattern_values(r, s, d->target);
        resolve_optional(r, s, d->initializer);
    }
}

/* ---- functions ------------------------------------------------------------------------------------------------------------ */

/* Does a pattern contain an initialiser or a computed key? */
static bool resolve_pattern_has_expression(const Node *node)
{
    NodeList list = { 0 };
    if (!node) return false;
    switch (node->kind) {
    case NODE_ARRAY_PATTERN:  list = ((const ArrayPattern *)node)->elements; break;
    case NODE_OBJECT_PATTERN: list = ((const ObjectPattern *)node)->properties; break;
    case NODE_PATTERN_ELEMENT: {
        const PatternElement *e = (const PatternElement *)node;
        return e->initializer || resolve_pattern_has_expression(e->target);
    }
    case NODE_PATTERN_PROPERTY: {
        const PatternProperty *p = (const PatternProperty *)node;
        return p->computed || p->initializer || resolve_pattern_has_expression(p->target);
    }
    case NODE_REST: return resolve_pattern_has_expression(((const Rest *)node)->target);
    default: return false;
    }
    for (uint32_t i = 0; i < list.count; i++)
        if (resolve_pattern_has_expression(list.items[i])) return true;
    return false;
}

static bool resolve_has_parameter_expressions(const Function *f)
{
    for (uint32_t i = 0; i < f->parameters.count; i++) {
        const Parameter *p = (const Parameter *)f->parameters.items[i];
        if (p->initializer || resolve_pattern_has_expression(p->target)) return true;
    }
    return false;
}

typedef struct ParameterContext {
    ScopeAnalysis *a;
    Scope         *scope;
    uint32_t       initialized_at;
} ParameterContext;

static void resolve_declare_parameter(void *context, Identifier *id)
{
    const ParameterContext *c = context;
    Binding *b = scope_find(c->scope, id->name);
    if (!b || b->kind != BINDING_PARAMETER) b = scope_add(c->a, c->scope, id->name, BINDING_PARAMETER, &id->node);
    else b->is_assigned = true;          // (a, a) of sloppy code: the last one counts
    b->initialized_at = c->initialized_at;
    id->binding = b;
}

static void resolve_declare_parameters(Resolver *r, FunctionInfo *info, const Function *f)
{
    for (uint32_t i = 0; i < f->parameters.count; i++) {
        const Parameter *p = (const Parameter *)f->parameters.items[i];
        ParameterContext c = { r->a, info->scope, info->has_own_scope ? p->node.end : f->node.start };
        scope_each_bound_name(p->target, resolve_declare_parameter, &c);
    }
}

/* The object that sloppy eval's vars go to. */
static void resolve_prepare_eval(Resolver *r, FunctionInfo *info, const Node *node)
{
    if (!(node->flags & FLAG_HAS_EVAL)) return;
    info->has_eval = true;
    if (info->is_strict) return;
    Scope *scopes[2] = { info->scope, info->body_scope };
    for (int i = 0; i < 2; i++) {
        if (!scopes[i] || scopes[i]->has_sloppy_eval) continue;
        scopes[i]->has_sloppy_eval = true;
        scopes[i]->variables = scope_add_hidden(r->a, scopes[i], BINDING_HIDDEN);
    }
}

/* `var arguments` is the arguments object to begin with; a function or parameter of that name is not. */
static void resolve_adopt_arguments(Resolver *r, FunctionInfo *info)
{
    Binding *b = scope_find(info->body_scope, names_word(r->a->names, WORD_ARGUMENTS));
    if (!b || b->kind != BINDING_VAR || info->is_arrow || info->has_own_scope) return;
    b->kind = BINDING_ARGUMENTS;
    b->is_assigned = true;
    info->arguments = b;
}

static void resolve_function_body(Resolver *r, FunctionInfo *info, Function *f)
{
    uint32_t conditional = r->conditional;
    r->conditional = 0;
    for (uint32_t i = 0; i < f->parameters.count; i++) {
        Parameter *p = (Parameter *)f->parameters.items[i];
        if (p->target->kind != NODE_IDENTIFIER) resolve_pattern_values(r, info->scope, p->target);
        resolve_optional(r, info->scope, p->initializer);
    }
    if (f->bits & FUNCTION_IS_EXPRESSION_BODY) resolve_node(r, info->body_scope, f->body);
    else resolve_list(r, info->body_scope, ((FunctionBody *)f->body)->statements);
    r->conditional = conditional;
}

static FunctionInfo *resolve_function(Resolver *r, Scope *outer, Function *f, bool is_declaration)
{
    ScopeAnalysis *a = r->a;
    bool is_text = a->options.is_function_text && !outer->parent;
    bool named_expression = !is_declaration && f->name && f->kind == FUNCTION_NORMAL && !is_text;
    if (named_expression) {
        outer = scope_new(a, SCOPE_SELF, outer, outer->function, &f->node);
        outer->self = scope_add(a, outer, f->name, BINDING_SELF, &f->node);
        outer->self->initialized_at = f->node.start;
        outer->self->is_silent_const = true;
    }
    FunctionInfo *info = f->info = scope_new_function(a, outer->function, &f->node);
    info->is_arrow = f->kind == FUNCTION_ARROW;
    info->is_strict = (f->bits & FUNCTION_IS_STRICT) != 0;
    info->is_async = (f->bits & FUNCTION_IS_ASYNC) != 0;
    info->is_generator = (f->bits & FUNCTION_IS_GENERATOR) != 0;
    info->is_derived = f->kind == FUNCTION_DERIVED_CONSTRUCTOR;
    info->is_static_member = (f->bits & FUNCTION_IS_STATIC) != 0;
    info->has_own_scope = resolve_has_parameter_expressions(f);
    if (is_declaration) info->created_at = outer->start;
    if (is_declaration) info->own_name = scope_find(outer, f->name ? f->name : names_intern_text(a->names, "*default*"));
    info->scope = f->scope = scope_new(a, SCOPE_FUNCTION, outer, info, &f->node);
    info->scope->is_var_scope = !info->has_own_scope;
    if (named_expression) info->own_name = outer->self;
    resolve_declare_parameters(r, info, f);
    info->body_scope = info->scope;
    if (info->has_own_scope) {
        info->body_scope = scope_new(a, SCOPE_BODY, info->scope, info, f->body);
        info->body_scope->is_var_scope = true;
        info->scope->is_var_scope = true;
    }
    if (!(f->bits & FUNCTION_IS_EXPRESSION_BODY)) {
        ((FunctionBody *)f->body)->scope = info->body_scope;
        info->body_scope->start = f->body->start;
        scope_declare_body(a, info->body_scope, ((FunctionBody *)f->body)->statements);
    }
    resolve_adopt_arguments(r, info);
    resolve_prepare_eval(r, info, &f->node);
    resolve_function_body(r, info, f);
    return info;
}

/* ---- classes ----------------------------------------------------------------------------------------------------------------- */

static Binding *resolve_private_in(const Scope *s, const Name *name)
{
    for (Binding *b = s->first; b; b = b->next)
        if (b->kind == BINDING_PRIVATE && b->name == name) return b;
    return NULL;
}

static void resolve_private(Resolver *r, Scope *s, PrivateName *p)
{
    for (Scope *at = s; at; at = at->parent) {
        if ((at->kind != SCOPE_CLASS && at->kind != SCOPE_OUTER) || at->is_in_heritage) continue;
        Binding *b = resolve_private_in(at, p->name);
        if (!b && at->kind == SCOPE_OUTER)
            for (b = at->first; b; b = b->next)
                if ((b->scope_bits & SCOPE_NAME_PRIVATE) && b->name == p->name) break;
        if (!b) continue;
        p->binding = b;
        if (at->kind != SCOPE_OUTER) resolve_use(b, s->function, UINT32_MAX);
        return;
    }
    diag_report(r->a->diag, DIAG_PRIVATE_UNDECLARED, p->node.start, p->node.end, names_text(r->a->names, p->name, 100));
}

/* A getter and a setter of one placement may share a private name. */
static bool resolve_private_pair(const ClassMember *a, const ClassMember *b)
{
    bool accessors = (a->kind == MEMBER_GET && b->kind == MEMBER_SET) || (a->kind == MEMBER_SET && b->kind == MEMBER_GET);
    return accessors && a->is_static == b->is_static;
}

static void resolve_declare_private(Resolver *r, Scope *s, ClassMember *m)
{
    PrivateName *p = (PrivateName *)m->key;
    Binding *b = resolve_private_in(s, p->name);
    if (b) {
        bool pair = b->function_node && resolve_private_pair((ClassMember *)b->function_node, m);
        if (!pair) diag_report(r->a->diag, DIAG_PRIVATE_TWICE, p->node.start, p->node.end, names_text(r->a->names, p->name, 100));
        b->function_node = NULL;
    } else {
        b = scope_add_hidden(r->a, s, BINDING_PRIVATE);
        b->name = p->name;
        b->initialized_at = s->start;
        b->function_node = &m->node;
    }
    p->binding = b;
}

static bool resolve_is_instance_element(const ClassMember *m)
{
    if (m->is_static || (m->node.flags & FLAG_DECLARE) || (m->bits & MODIFIER_ABSTRACT)) return false;
    bool is_private = m->key && m->key->kind == NODE_PRIVATE_NAME;
    return m->kind == MEMBER_FIELD || m->kind == MEMBER_ACCESSOR || (is_private && m->kind != MEMBER_CONSTRUCTOR);
}

static bool resolve_is_static_element(const ClassMember *m)
{
    if (m->kind == MEMBER_STATIC_BLOCK) return true;
    return m->is_static && (m->kind == MEMBER_FIELD || m->kind == MEMBER_ACCESSOR) && !(m->node.flags & FLAG_DECLARE);
}

static FunctionInfo *resolve_new_initializer(Resolver *r, Scope *s, Class *c, bool is_static)
{
    FunctionInfo *f = scope_new_function(r->a, s->function, &c->node);
    f->is_strict = true;
    f->is_field_initializer = true;
    f->is_static_member = is_static;
    f->created_at = c->node.end;
    f->scope = f->body_scope = scope_new(r->a, SCOPE_FUNCTION, s, f, &c->node);
    f->scope->is_var_scope = true;
    return f;
}

static void resolve_prepare_class(Resolver *r, Scope *s, Class *c)
{
    for (uint32_t i = 0; i < c->members.count; i++) {
        ClassMember *m = (ClassMember *)c->members.items[i];
        if (m->key && m->key->kind == NODE_PRIVATE_NAME) resolve_declare_private(r, s, m);
        if (m->computed || m->decorators.count) s->computes_keys = true;
        if (resolve_is_instance_element(m) && !s->fields_function) {
            s->fields_function = resolve_new_initializer(r, s, c, false);
            s->fields = scope_add_hidden(r->a, s, BINDING_HIDDEN);
            s->fields->initialized_at = c->node.start;
        }
        if (resolve_is_static_element(m) && !s->static_function) s->static_function = resolve_new_initializer(r, s, c, true);
    }
    if (c->decorators.count) s->computes_keys = true;
}

static void resolve_static_block(Resolver *r, FunctionInfo *f, ClassMember *m)
{
    FunctionBody *body = (FunctionBody *)m->value;
    Scope *s = m->scope = body->scope = scope_new(r->a, SCOPE_STATIC_BLOCK, f->scope, f, &body->node);
    s->is_var_scope = true;
    scope_declare_body(r->a, s, body->statements);
    resolve_list(r, s, body->statements);
}

/* A key that is computed, or a private method to be installed, is kept for the initialiser that needs it. */
static void resolve_keep_for_initializer(Resolver *r, Scope *s, ClassMember *m, FunctionInfo *f)
{
    Binding **place = m->kind == MEMBER_FIELD ? &m->key_binding : &m->value_binding;
    *place = scope_add_hidden(r->a, s, BINDING_HIDDEN);
    (*place)->initialized_at = s->start;
    resolve_use(*place, f, UINT32_MAX);
}

static void resolve_member(Resolver *r, Scope *s, ClassMember *m)
{
    bool is_private = m->key && m->key->kind == NODE_PRIVATE_NAME;
    FunctionInfo *initializer = m->is_static || m->kind == MEMBER_STATIC_BLOCK ? s->static_function : s->fields_function;
    resolve_list(r, s, m->decorators);
    if ((m->node.flags & FLAG_DECLARE) || (m->bits & MODIFIER_ABSTRACT)) return;
    if (m->computed) resolve_node(r, s, m->key);
    if (m->kind == MEMBER_STATIC_BLOCK) {
        resolve_static_block(r, initializer, m);
    } else if (m->kind == MEMBER_FIELD || m->kind == MEMBER_ACCESSOR) {
        if (m->computed) resolve_keep_for_initializer(r, s, m, initializer);
        if (is_private) resolve_private(r, initializer->scope, (PrivateName *)m->key);
        resolve_optional(r, initializer->scope, m->value);
    } else if (m->value) {
        if (is_private && !m->is_static) {
            resolve_keep_for_initializer(r, s, m, initializer);
            resolve_private(r, initializer->scope, (PrivateName *)m->key);
        }
        if (m->is_static) ((Function *)m->value)->bits |= FUNCTION_IS_STATIC;
        FunctionInfo *f = resolve_function(r, s, (Function *)m->value, false);
        if (m->kind == MEMBER_CONSTRUCTOR) {
            f->own_name = s->self;
            if (s->fields) resolve_use(s->fields, f, UINT32_MAX);
        }
    }
}

static void resolve_class(Resolver *r, Scope *outer, Class *c)
{
    ScopeAnalysis *a = r->a;
    Scope *s = c->scope = scope_new(a, SCOPE_CLASS, outer, outer->function, &c->node);
    resolve_list(r, outer, c->decorators);
    if (c->name) s->self = scope_add(a, s, c->name, BINDING_CONST, &c->node);
    resolve_prepare_class(r, s, c);
    uint32_t body_start = c->heritage.count ? c->heritage.items[c->heritage.count - 1]->end : c->node.start;
    if (s->self) s->self->initialized_at = s->computes_keys ? c->node.end : body_start;
    s->is_in_heritage = true;
    resolve_list(r, s, c->heritage);
    s->is_in_heritage = false;
    if (s->fields) s->fields->is_captured = true;        // by a constructor, written or not
    for (uint32_t i = 0; i < c->members.count; i++) resolve_member(r, s, (ClassMember *)c->members.items[i]);
}

/* Where super looks: a hidden binding of the class or literal whose method this is. */
static Binding *resolve_home(Resolver *r, Scope *s)
{
    FunctionInfo *f = resolve_this_function(s->function);
    if (f->is_arrow) return resolve_outer(f->scope, SCOPE_NAME_HOME);
    Scope *owner = f->scope->parent;
    while (owner && owner->kind != SCOPE_CLASS && owner->kind != SCOPE_LITERAL) owner = owner->parent;
    if (!owner) return NULL;
    Binding **place = f->is_static_member ? &owner->static_home : &owner->home;
    if (!*place) {
        *place = scope_add_hidden(r->a, owner, BINDING_HOME);
        (*place)->initialized_at = owner->start;
    }
    resolve_use(*place, s->function, UINT32_MAX);
    return *place;
}

static void resolve_super(Resolver *r, Scope *s, Node *object)
{
    SuperKeyword *super = (SuperKeyword *)object;
    super->home = resolve_home(r, s);
    super->this_binding = resolve_use_pseudo(r, s, BINDING_THIS, object->start);
}

static void resolve_super_call(Resolver *r, Scope *s, SuperCall *call)
{
    resolve_list(r, s, call->arguments);
    call->this_binding = resolve_use_pseudo(r, s, BINDING_THIS, call->node.start);
    call->this_binding->is_assigned = true;
    call->callee = resolve_use_pseudo(r, s, BINDING_CALLEE, call->node.start);
    call->new_target = resolve_use_pseudo(r, s, BINDING_NEW_TARGET, call->node.start);
    FunctionInfo *f = resolve_this_function(s->function);
    if (f->is_arrow) {
        call->fields = resolve_outer(f->scope, SCOPE_NAME_FIELDS);
        return;
    }
    const Scope *owner = f->scope->parent;
    if (owner->kind != SCOPE_CLASS || !owner->fields) return;
    call->fields = owner->fields;
    resolve_use(owner->fields, s->function, UINT32_MAX);
}

/* ---- eval ------------------------------------------------------------------------------------------------------------------------ */

static void resolve_force(Binding *b)
{
    bool never_changes = b->kind == BINDING_CONST || b->kind == BINDING_SELF || b->kind == BINDING_PRIVATE
        || b->kind == BINDING_HOME || b->kind == BINDING_HIDDEN || b->kind == BINDING_CALLEE || b->kind == BINDING_NEW_TARGET;
    b->is_forced = b->is_captured = true;
    if (!never_changes) b->is_assigned = true;
    if (resolve_has_dead_zone(b) || b->kind == BINDING_CLASS) b->may_be_dead = b->captured_early = true;
}

/* A direct eval may use everything in sight. */
static void resolve_direct_eval(Resolver *r, Scope *s, Call *call)
{
    FunctionInfo *f = resolve_this_function(s->function);
    call->scope = s;
    resolve_use_pseudo(r, s, BINDING_THIS, call->node.start);
    if (!f->is_arrow) {
        if (f->node->kind == NODE_FUNCTION) {
            resolve_use_pseudo(r, s, BINDING_NEW_TARGET, call->node.start);
            if (!scope_find(f->scope, names_word(r->a->names, WORD_ARGUMENTS))) resolve_use_pseudo(r, s, BINDING_ARGUMENTS, call->node.start);
        }
        if (f->is_derived) resolve_use_pseudo(r, s, BINDING_CALLEE, call->node.start);
        const Scope *owner = f->scope->parent;
        bool method = owner && (owner->kind == SCOPE_CLASS || owner->kind == SCOPE_LITERAL);
        if (method) resolve_home(r, s);
        if (f->is_derived && owner->fields) resolve_use(owner->fields, s->function, UINT32_MAX);
    }
    for (Scope *at = s; at; at = at->parent) {
        if (at->kind == SCOPE_OUTER) continue;
        for (Binding *b = at->first; b; b = b->next) resolve_force(b);
        at->function->has_eval = true;
    }
}

/* Mark functions and programs that contain a direct eval, before anything is resolved. */
typedef struct EvalSearch {
    ScopeAnalysis *a;
    Node          *function;
} EvalSearch;

static void resolve_search_eval(void *context, Node *node)
{
    EvalSearch inner = *(EvalSearch *)context;
    if (scope_is_too_deep(inner.a, node)) return;
    while (node->kind == NODE_BINARY) {                  // long chains lean to the left and are no recursion
        resolve_search_eval(&inner, ((Binary *)node)->right);
        node = ((Binary *)node)->left;
    }
    if (node->kind == NODE_FUNCTION || node->kind == NODE_CLASS) inner.function = node->kind == NODE_FUNCTION ? node : inner.function;
    if (node->kind == NODE_CALL) {
        const Node *callee = ((Call *)node)->callee;
        bool direct = callee->kind == NODE_IDENTIFIER && ((Identifier *)callee)->name->word == WORD_EVAL && !((Call *)node)->optional;
        if (direct) inner.function->flags |= FLAG_HAS_EVAL;
    }
    ast_each_child(node, resolve_search_eval, &inner);
}

/* ---- statements ----------------------------------------------------------------------------------------------------------------- */

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
static void resolve_for_in_of(Resolver *r, Scope *s, Scope *scope, Node *left, Node *right, Node *body)
{
    Scope *inner = scope ? scope : s;
    resolve_node(r, inner, right);
    r->conditional++;
    if (left->kind == NODE_VARIABLES) {
        Variables *v = (Variables *)left;
        Declarator *d = (Declarator *)v->declarators.items[0];
        DeclareContext c = { r, inner, false, 0 };
        scope_each_bound_name(d->target, v->kind == VARIABLE_VAR ? resolve_declared_var : resolve_declared_name, &c);
        if (d->target->kind != NODE_IDENTIFIER) resolve_pattern_values(r, inner, d->target);
        resolve_optional(r, inner, d->initializer);
    } else {
        resolve_target(r, inner, left);
    }
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
        if (c->target && c->target->kind == NODE_VARIABLES) resolve_node(r, c->scope, c->target);
        else if (c->target) resolve_target(r, c->scope, c->target);
        resolve_list(r, c->scope, c->statements);
    }
    r->conditional--;
}

/* ---- TypeScript --------------------------------------------------------------------------------------------------------------------- */

/* Members are properties of the object that is being made, and names for the initialisers of later ones. */
static void resolve_enum(Resolver *r, Scope *outer, Enum *e)
{
    Scope *s = e->scope = scope_new(r->a, SCOPE_BLOCK, outer, outer->function, &e->node);
    s->variables = scope_add_hidden(r->a, s, BINDING_HIDDEN);
    s->variables->initialized_at = e->node.start;
    resolve_use(e->binding, outer->function, e->node.start);
    for (uint32_t i = 0; i < e->members.count; i++) {
        EnumMember *m = (EnumMember *)e->members.items[i];
        resolve_optional(r, s, m->initializer);
        if (scope_find(s, m->name)) continue;
        Binding *b = scope_add(r->a, s, m->name, BINDING_MEMBER, &m->node);
        b->object = s->variables;
        b->initialized_at = m->node.start;
    }
}

typedef struct NamespaceContext {
    Resolver *r;
    Scope    *scope;
} NamespaceContext;

static void resolve_export_member(void *context, Identifier *id)
{
    const NamespaceContext *c = context;
    Binding *b = scope_find(c->scope, id->name);
    if (!b) return;
    b->kind = BINDING_MEMBER;
    b->object = c->scope->variables;
}

/* Exported variables of a namespace are properties of its object. */
static void resolve_namespace(Resolver *r, Scope *outer, Namespace *n)
{
    ScopeAnalysis *a = r->a;
    FunctionInfo *info = n->info = scope_new_function(a, outer->function, &n->node);
    info->is_strict = outer->function->is_strict;
    Scope *s = n->scope = info->scope = info->body_scope = scope_new(a, SCOPE_FUNCTION, outer, info, &n->node);
    s->is_var_scope = true;
    s->variables = scope_add_hidden(a, s, BINDING_PARAMETER);
    s->variables->initialized_at = n->node.start;
    resolve_use(n->binding, outer->function, n->node.start);
    scope_declare_body(a, s, n->statements);
    NamespaceContext c = { r, s };
    for (uint32_t i = 0; i < n->statements.count; i++) {
        Node *statement = n->statements.items[i];
        if (statement->kind != NODE_EXPORT_DECLARATION) continue;
        Node *declaration = ((ExportDeclaration *)statement)->declaration;
        if (declaration->kind != NODE_VARIABLES) continue;
        NodeList declarators = ((Variables *)declaration)->declarators;
        for (uint32_t k = 0; k < declarators.count; k++)
            scope_each_bound_name(((Declarator *)declarators.items[k])->target, resolve_export_member, &c);
    }
    uint32_t conditional = r->conditional;
    r->conditional = 0;
    resolve_list(r, s, n->statements);
    r->conditional = conditional;
}

static Node *resolve_new_identifier(Resolver *r, const Node *at, const char *name)
{
    Identifier *id = (Identifier *)ast_new(r->a->arena, NODE_IDENTIFIER, at->start);
    id->node.end = at->end;
    id->name = names_intern_text(r->a->names, name);
    return &id->node;
}

/* import x = require("y") is that call, under CommonJS. */
static void resolve_import_equals(Resolver *r, Scope *s, ImportEquals *n)
{
    if (n->source) {
        Call *call = (Call *)ast_new(r->a->arena, NODE_CALL, n->node.start);
        StringLiteral *source = (StringLiteral *)ast_new(r->a->arena, NODE_STRING, n->node.start);
        Node *argument = &source->node;
        source->value = n->source;
        call->node.end = n->node.end;
        call->callee = resolve_new_identifier(r, &n->node, "require");
        call->arguments = (NodeList){ arena_copy(r->a->arena, &argument, sizeof argument), 1 };
        n->entity = &call->node;
    }
    resolve_optional(r, s, n->entity);
}

/* export = v is an assignment to module.exports. */
static void resolve_export_assign(Resolver *r, Scope *s, ExportAssign *n)
{
    Member *target = (Member *)ast_new(r->a->arena, NODE_MEMBER, n->node.start);
    Assign *assign = (Assign *)ast_new(r->a->arena, NODE_ASSIGN, n->node.start);
    target->object = resolve_new_identifier(r, &n->node, "module");
    target->name = names_intern_text(r->a->names, "exports");
    assign->op = TOKEN_ASSIGN;
    assign->target = &target->node;
    assign->value = n->value;
    n->value = &assign->node;
    resolve_node(r, s, n->value);
}

/* ---- modules -------------------------------------------------------------------------------------------------------------------------- */

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

/* ---- the walk --------------------------------------------------------------------------------------------------------------------------- */

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

static void resolve_assign(Resolver *r, Scope *s, Assign *n)
{
    resolve_target(r, s, n->target);
    resolve_node(r, s, n->value);
}

static void resolve_call(Resolver *r, Scope *s, Call *n)
{
    const Identifier *id = (const Identifier *)n->callee;
    resolve_node(r, s, n->callee);
    resolve_list(r, s, n->arguments);
    if (id->node.kind == NODE_IDENTIFIER && id->name->word == WORD_EVAL && !n->optional) resolve_direct_eval(r, s, n);
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

static void resolve_node(Resolver *r, Scope *s, Node *node)
{
    if (scope_is_too_deep(r->a, node) || (node->flags & FLAG_DECLARE) || resolve_is_type(node)) return;
    switch (node->kind) {
    case NODE_IDENTIFIER:      resolve_identifier(r, s, (Identifier *)node, false); break;
    case NODE_THIS:            ((ThisExpression *)node)->binding = resolve_use_pseudo(r, s, BINDING_THIS, node->start); break;
    case NODE_NEW_TARGET:      ((NewTarget *)node)->binding = resolve_use_pseudo(r, s, BINDING_NEW_TARGET, node->start); break;
    case NODE_BINARY:          resolve_binary(r, s, node); break;
    case NODE_ASSIGN:          resolve_assign(r, s, (Assign *)node); break;
    case NODE_UPDATE:          resolve_target(r, s, ((Update *)node)->target); break;
    case NODE_MEMBER:          resolve_member_of(r, s, ((Member *)node)->object); break;
    case NODE_INDEX:
        resolve_member_of(r, s, ((Index *)node)->object);
        resolve_node(r, s, ((Index *)node)->index);
        break;
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
    case NODE_GO:
        VEC_PUSH_ARENA(r->a->arena, &r->a->spawns, node);
        resolve_children(r, s, node);
        break;
    default:                   resolve_children(r, s, node); break;
    }
}

/* ---- programs ------------------------------------------------------------------------------------------------------------------------------- */

/* Scopes for what a direct eval was given, names innermost first. An object environment starts a scope of its own, so that names behind it are
 * found to be so. */
static Scope *resolve_outer_scopes(Resolver *r, FunctionInfo *top)
{
    const ScopeOptions *o = &r->a->options;
    Scope *s = NULL;
    for (uint32_t i = o->outer_count; i-- > 0;) {
        const ScopeOuterName *given = &o->outer[i];
        bool is_object = (given->bits & (SCOPE_NAME_WITH | SCOPE_NAME_VARIABLES)) != 0;
        if (!s || is_object) s = scope_new(r->a, SCOPE_OUTER, s, top, NULL);
        Binding *b = scope_add_in_front(r->a, s, BINDING_VAR);
        b->name = given->bits & (SCOPE_NAME_THIS | SCOPE_NAME_NEW_TARGET | SCOPE_NAME_HOME | SCOPE_NAME_CLASS | SCOPE_NAME_FIELDS
                                 | SCOPE_NAME_WITH | SCOPE_NAME_VARIABLES | SCOPE_NAME_PARAMETER_BOUNDARY) ? NULL : given->name;
        b->storage = STORAGE_ENVIRONMENT;
        b->environment_index = i;
        b->scope_bits = given->bits;
        b->is_value = (given->bits & SCOPE_NAME_VALUE) != 0;
        b->is_silent_const = (given->bits & SCOPE_NAME_SILENT_CONST) != 0;
        b->may_be_dead = b->captured_early = (given->bits & SCOPE_NAME_LEXICAL) != 0;
        if (given->bits & (SCOPE_NAME_CONST | SCOPE_NAME_SILENT_CONST)) b->kind = BINDING_CONST;
        if (given->bits & SCOPE_NAME_THIS) b->kind = BINDING_THIS, b->may_be_dead = (o->outer_bits & SCOPE_DERIVED_THIS) != 0;
        if (is_object) s->variables = b;
    }
    return s;
}

/* What a name of sloppy direct eval meets on its way out to the variable scope of the caller (19.2.1.3). */
typedef struct EvalMeeting {
    bool is_blocked;                     // by a lexical name
    bool is_there;                       // as a variable or parameter
} EvalMeeting;

static EvalMeeting resolve_meet(const Scope *s, const Name *name)
{
    EvalMeeting meeting = { false, false };
    for (const Scope *at = s; at; at = at->parent) {
        for (const Binding *o = at->first; o; o = o->next) {
            if (o->scope_bits & SCOPE_NAME_PARAMETER_BOUNDARY) return meeting;
            if (o->name != name || (o->scope_bits & (SCOPE_NAME_SIMPLE_CATCH | SCOPE_NAME_PRIVATE))) continue;
            if (o->scope_bits & SCOPE_NAME_LEXICAL) meeting.is_blocked = true;
            else meeting.is_there = true;
        }
    }
    return meeting;
}

/* The names a sloppy direct eval declares outside of itself. */
static void resolve_eval_names(Resolver *r, Scope *s)
{
    s->names_are_outer = true;
    for (Binding *b = s->first; b; b = b->next) {
        if (b->kind != BINDING_VAR && b->kind != BINDING_FUNCTION) continue;
        EvalMeeting meeting = resolve_meet(s->parent, b->name);
        if (meeting.is_blocked && !b->is_annex_b)
            diag_report(r->a->diag, DIAG_ALREADY_DECLARED, b->node->start, b->node->end, names_text(r->a->names, b->name, 100));
        b->is_dropped = meeting.is_blocked;
        b->is_there = meeting.is_there;
        b->reference = (Identifier *)ast_new(r->a->arena, NODE_IDENTIFIER, b->node->start);
        b->reference->name = b->name;
        resolve_identifier(r, s, b->reference, true);
    }
}

/* The parameters of the function that a CommonJS module's text is the body of. */
static void resolve_declare_commonjs(Resolver *r, Scope *s)
{
    static const char *const names[] = { "exports", "require", "module", "__filename", "__dirname" };
    for (uint32_t i = 0; i < COUNT_OF(names); i++) {
        Binding *b = scope_add(r->a, s, names_intern_text(r->a->names, names[i]), BINDING_PARAMETER, s->node);
        b->initialized_at = 0;
    }
}

static ScopeKind resolve_top_kind(const ScopeAnalysis *a)
{
    if (a->options.is_eval) return SCOPE_EVAL;
    if (a->program->goal == GOAL_MODULE) return SCOPE_MODULE;
    return a->options.is_function_body ? SCOPE_FUNCTION : SCOPE_GLOBAL;
}

void resolve_program(ScopeAnalysis *a)
{
    Resolver r = { .a = a };
    Program *p = a->program;
    FunctionInfo *top = a->top = scope_new_function(a, NULL, &p->node);
    p->info = top;
    top->is_strict = p->strict;
    top->is_async = p->has_top_level_await;
    top->is_arrow = a->options.is_direct_eval;
    Scope *outer = a->options.is_direct_eval ? resolve_outer_scopes(&r, top) : NULL;
    top->scope = top->body_scope = p->scope = scope_new(a, resolve_top_kind(a), outer, top, &p->node);
    top->scope->is_var_scope = true;
    if (a->names->words[WORD_EVAL]) {
        EvalSearch search = { a, &p->node };
        for (uint32_t i = 0; i < p->statements.count; i++) resolve_search_eval(&search, p->statements.items[i]);
        if (top->scope->kind == SCOPE_FUNCTION) resolve_prepare_eval(&r, top, &p->node);
    }
    if (a->options.is_function_body) resolve_declare_commonjs(&r, top->scope);
    scope_declare_body(a, top->scope, p->statements);
    if (a->options.is_direct_eval && !top->is_strict) resolve_eval_names(&r, top->scope);
    resolve_list(&r, top->scope, p->statements);
}

bool scope_analyze(ScopeAnalysis *a, Program *program)
{
    uint32_t errors = a->diag->error_count;
    a->program = program;
    resolve_program(a);
    if (a->diag->error_count != errors) return false;
    capture_classify(a);
    return true;
}
