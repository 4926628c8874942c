/* SPDX-License-Identifier: MIT */
/* resolve_class.c - classes: private names, members, initialisers, super. */
#include "compiler/forward.h"
#include "compiler/resolve_int.h"
#include "vm/bytecode/unit.h"

static Binding *resolve_private_in(const Scope *s, const Name *name)
{
    for (Binding *b = s->first; b; b = b->next)
        if (b->kind == BINDING_PRIVATE && b->name == name) return b;
    return NULL;
}

void resolve_private(Resolver *r, Scope *s, PrivateName *p)
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

void resolve_class(Resolver *r, Scope *outer, Class *c)
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
Binding *resolve_home(Resolver *r, Scope *s)
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

void resolve_super(Resolver *r, Scope *s, Node *object)
{
    SuperKeyword *super = (SuperKeyword *)object;
    super->home = resolve_home(r, s);
    super->this_binding = resolve_use_pseudo(r, s, BINDING_THIS, object->start);
}

void resolve_super_call(Resolver *r, Scope *s, SuperCall *call)
{
    resolve_list(r, s, call->arguments);
    if (forward_is_rest_super(s->function, call)) s->function->rest_forwards++;
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
