/* SPDX-License-Identifier: MIT */
/* resolve_typescript.c - TypeScript with meaning at run time: enums, namespaces, import= and export=. */
#include "compiler/resolve_int.h"
#include "vm/bytecode/unit.h"

/* Members are properties of the object that is being made, and names for the initialisers of later ones. */
void resolve_enum(Resolver *r, Scope *outer, Enum *e)
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
void resolve_namespace(Resolver *r, Scope *outer, Namespace *n)
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
void resolve_import_equals(Resolver *r, Scope *s, ImportEquals *n)
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
void resolve_export_assign(Resolver *r, Scope *s, ExportAssign *n)
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
