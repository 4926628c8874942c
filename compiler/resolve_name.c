/* SPDX-License-Identifier: MIT */
/* resolve_name.c - which binding a name, this or arguments refers to, and what direct eval may find. */
#include "compiler/resolve_int.h"
#include "vm/bytecode/unit.h"

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
void resolve_use(Binding *b, const FunctionInfo *from, uint32_t position)
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

FunctionInfo *resolve_this_function(FunctionInfo *f)
{
    while (f->is_arrow && f->parent) f = f->parent;
    return f;
}

/* A pseudo-binding of the eval's caller. */
Binding *resolve_outer(const Scope *s, uint32_t bit)
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

Binding *resolve_use_pseudo(Resolver *r, Scope *s, BindingKind kind, uint32_t position)
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
Binding *resolve_find(Resolver *r, Scope *s, const Name *name, bool *is_dynamic)
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
void resolve_use_dynamic(Scope *from, const Binding *b)
{
    for (Scope *s = from; s && !(b && b->scope == s); s = s->parent)
        if (s->variables && (s->kind == SCOPE_WITH || s->has_sloppy_eval) && s->kind != SCOPE_OUTER)
            resolve_use(s->variables, from->function, UINT32_MAX);
}

void resolve_identifier(Resolver *r, Scope *s, Identifier *id, bool assigns)
{
    bool is_dynamic = false;
    Binding *b = resolve_find(r, s, id->name, &is_dynamic);
    id->binding = b;
    id->scope = is_dynamic ? s : NULL;
    if (is_dynamic) resolve_use_dynamic(s, b);
    if (!b) return;
    if (b->scope->kind != SCOPE_OUTER) resolve_use(b, s->function, id->node.start);
    if (b->object) resolve_use(b->object, s->function, id->node.start);
    if (!assigns) return;
    id->node.flags |= FLAG_IS_TARGET;
    if (b->kind == BINDING_SELF) return;                 // which never changes
    b->is_assigned = true;
    scope_note_assignment(r->a, s->function, id->node.start);
}

/* ---- eval ------------------------------------------------------------------------------------------- */

static void resolve_force(Binding *b)
{
    bool never_changes = b->kind == BINDING_CONST || b->kind == BINDING_SELF || b->kind == BINDING_PRIVATE
        || b->kind == BINDING_HOME || b->kind == BINDING_HIDDEN || b->kind == BINDING_CALLEE || b->kind == BINDING_NEW_TARGET;
    b->is_forced = b->is_captured = true;
    if (!never_changes) b->is_assigned = true;
    if (resolve_has_dead_zone(b) || b->kind == BINDING_CLASS) b->may_be_dead = b->captured_early = true;
}

/* A direct eval may use everything in sight. */
void resolve_direct_eval(Resolver *r, Scope *s, Call *call)
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

void resolve_search_eval(void *context, Node *node)
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
