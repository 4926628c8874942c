/* SPDX-License-Identifier: MIT */
/* gen_typescript.c - code for what TypeScript adds besides types: enums, namespaces, import = and export =. */
#include "compiler/codegen_int.h"

/* ---- enums ------------------------------------------------------------------------------------------------------- */

/* The object that a declaration fills: that of an earlier one of its name, or a new one. */
static void gen_open_object(Gen *g, Binding *b, const Node *node, Slot o)
{
    if (b->node != node) {
        gen_load_binding(g, b, o, UINT32_MAX);
        return;
    }
    gen_emit(g, OP_NEW_OBJECT, o, gen_add_constant(g, (UnitConstant){ .kind = CONSTANT_NAMES, .list = gen_list(g, 0) }));
    gen_initialize(g, b, o);
}

static void gen_set_member(Gen *g, Slot o, const Name *name, Slot v)
{
    if (!gen_is_index_name(name)) {
        gen_emit(g, OP_SET_PROP, o, gen_cache(g, name), v);
        return;
    }
    int32_t mark = gen_mark(g);
    Slot key = gen_new_register(g);
    gen_emit(g, OP_LOAD_CONSTANT, key, gen_constant_string(g, name));
    gen_emit(g, OP_SET_ELEM, o, key, v, gen_feedback(g));
    gen_release(g, mark);
}

/* E[value] = name, unless the value is a string. */
static void gen_reverse_member(Gen *g, Slot o, const EnumMember *m, Slot v)
{
    const Node *init = m->initializer;
    if (init && (init->kind == NODE_STRING || init->kind == NODE_TEMPLATE)) return;
    int32_t mark = gen_mark(g);
    Label is_string = { .position = -1 };
    Slot name = gen_new_register(g);
    if (init && init->kind != NODE_NUMBER) {
        Slot type = gen_new_register(g);
        gen_emit(g, OP_TYPEOF, type, v);
        gen_emit(g, OP_LOAD_CONSTANT, name, gen_constant_string(g, names_intern_text(g->c->a->names, "string")));
        gen_jump(g, OP_JUMP_SEQ, &is_string, type, name);
    }
    gen_emit(g, OP_LOAD_CONSTANT, name, gen_constant_string(g, m->name));
    gen_emit(g, OP_SET_ELEM, o, v, name, gen_feedback(g));
    gen_bind(g, &is_string);
    gen_release(g, mark);
}

void gen_enum(Gen *g, Enum *n)
{
    int32_t mark = gen_mark(g);
    Slot o = gen_new_register(g), v = gen_new_register(g);
    gen_position(g, n->node.start);
    gen_open_object(g, n->binding, &n->node, o);
    gen_enter_scope(g, n->scope);
    gen_initialize(g, n->scope->variables, o);
    for (uint32_t i = 0; i < n->members.count; i++) {
        EnumMember *m = (EnumMember *)n->members.items[i];
        if (m->initializer) gen_expr(g, m->initializer, v);
        else if (i == 0) gen_load_int(g, v, 0);
        else gen_emit(g, OP_INC, v, v, gen_feedback(g));
        gen_position(g, m->node.start);
        gen_set_member(g, o, m->name, v);
        gen_reverse_member(g, o, m, v);
    }
    gen_leave_scope(g, n->scope);
    gen_release(g, mark);
}

/* ---- namespaces -------------------------------------------------------------------------------------------------- */

static uint32_t gen_namespace_function(Gen *parent, Namespace *n)
{
    Gen g;
    gen_init(&g, parent, parent->c, n->info);
    gen_position(&g, n->node.start);
    Scope *s = n->scope;
    s->register_mark = gen_mark(&g);
    Binding *object = s->variables;
    object->slot = FRAME_ARGUMENTS;
    if (binding_is_box(object))
        gen_emit(&g, gen_box_opcode(object), object->slot = gen_new_register(&g), FRAME_ARGUMENTS);
    for (Binding *b = s->first; b; b = b->next)
        if (b != object) gen_allocate_binding(&g, b);
    gen_hoist_functions(&g, s);
    if (s->has_using) gen_using_scope(&g, s, n->statements);
    else gen_statements(&g, n->statements);
    gen_emit(&g, OP_RETURN_UNDEFINED);
    return gen_finish(&g, n->name, 1, 1, n->node.start, n->node.end);
}

void gen_namespace(Gen *g, Namespace *n)
{
    int32_t mark = gen_mark(g);
    Slot f = gen_new_register(g), window = gen_new_window(g, 1), o = window + 1;
    gen_position(g, n->node.start);
    gen_open_object(g, n->binding, &n->node, o);
    gen_namespace_function(g, n);
    gen_emit(g, OP_CLOSURE, f, gen_constant_function(g, n->info->unit_index));
    gen_load_small(g, window, SMALL_UNDEFINED);
    gen_emit(g, OP_CALL, f, f, window, 1, gen_cache(g, NULL));
    gen_release(g, mark);
}

static Binding *gen_declared_binding(const Node *d)
{
    switch (d->kind) {
    case NODE_FUNCTION_DECLARATION: return ((const FunctionDeclaration *)d)->binding;
    case NODE_CLASS_DECLARATION:    return ((const ClassDeclaration *)d)->binding;
    case NODE_ENUM:                 return ((const Enum *)d)->binding;
    case NODE_NAMESPACE:            return ((const Namespace *)d)->binding;
    default:                        return NULL;
    }
}

void gen_export_declaration(Gen *g, Node *declaration)
{
    gen_statement(g, declaration);
    const Namespace *n = (const Namespace *)g->info->node;
    Binding *b = gen_declared_binding(declaration);
    if (n->node.kind != NODE_NAMESPACE || !b || (declaration->flags & FLAG_DECLARE)) return;
    int32_t mark = gen_mark(g);
    Slot o = gen_load_binding(g, n->scope->variables, SLOT_ANY, UINT32_MAX), v = gen_load_binding(g, b, SLOT_ANY, UINT32_MAX);
    gen_emit(g, OP_SET_PROP, o, gen_cache(g, b->name), v);
    gen_release(g, mark);
}

/* ---- import = and export = --------------------------------------------------------------------------------------- */

void gen_import_equals(Gen *g, ImportEquals *n)
{
    int32_t mark = gen_mark(g);
    Slot v = gen_expr(g, n->entity, gen_new_register(g));
    gen_initialize(g, n->binding, v);
    gen_release(g, mark);
}

void gen_export_assign(Gen *g, ExportAssign *n)
{
    gen_effect(g, n->value);
}
