/* SPDX-License-Identifier: MIT */
/* resolve_function.c - functions: parameters, bodies. */
#include "compiler/resolve_int.h"
#include "vm/bytecode/unit.h"

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
void resolve_prepare_eval(Resolver *r, FunctionInfo *info, const Node *node)
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

FunctionInfo *resolve_function(Resolver *r, Scope *outer, Function *f, bool is_declaration)
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
    if (f->bits & FUNCTION_HAS_USE_STRICT) info->has_use_strict = true;
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
