/* SPDX-License-Identifier: MIT */
/* gen_func.c - code for functions: closures, parameters, prologues (ECMA-262 10.2.11). */
#include <string.h>

#include "compiler/codegen_int.h"

/* ---- closures ---------------------------------------------------------------------------------------------------- */

Slot gen_closure(Gen *g, FunctionInfo *info, Slot dst, const Name *name)
{
    dst = gen_dst(g, dst);
    Scope *self = info->scope->parent && info->scope->parent->kind == SCOPE_SELF ? info->scope->parent : NULL;
    int32_t mark = gen_mark(g);
    bool boxed_self = self && self->self->is_captured && self->self->storage != STORAGE_VALUE && self->self->storage != STORAGE_REGISTER;
    if (boxed_self) gen_enter_scope(g, self);            // eval may look for the name
    else if (self) self->self->slot = SLOT_ANY;
    if (info->unit_index == UINT32_MAX) {
        if (name && info->node->kind == NODE_FUNCTION && !((Function *)info->node)->name) ((Function *)info->node)->name = (Name *)name;
        gen_function(g, g->c, info);
    }
    gen_emit(g, OP_CLOSURE, dst, gen_constant_function(g, info->unit_index));
    if (boxed_self) gen_initialize(g, self->self, dst);
    gen_release(g, mark);
    return dst;
}

/* ---- parameters -------------------------------------------------------------------------------------------------- */

static bool gen_is_simple_parameter(const Parameter *p)
{
    return p->target->kind == NODE_IDENTIFIER && !p->rest;
}

/* Bind parameters that are plain names to their argument slots, or put those into boxes. The last of equal names
 * counts. */
static void gen_bind_parameters(Gen *g, Function *f)
{
    for (Binding *b = f->scope->first; b; b = b->next)
        if (b->kind == BINDING_PARAMETER) b->slot = SLOT_ANY;
    for (uint32_t i = f->parameters.count; i-- > 0;) {
        const Parameter *p = (const Parameter *)f->parameters.items[i];
        if (!gen_is_simple_parameter(p)) continue;
        Binding *b = ((Identifier *)p->target)->binding;
        if (b->slot == SLOT_ANY) b->slot = FRAME_ARGUMENTS + (Slot)i;
    }
    for (Binding *b = f->scope->first; b; b = b->next) {
        if (b->kind != BINDING_PARAMETER) continue;
        bool boxed = binding_is_box(b);
        bool in_place = b->slot != SLOT_ANY && !b->may_be_dead;
        if (in_place && !boxed) continue;
        Slot argument = b->slot;
        b->slot = gen_new_register(g);
        if (boxed && !in_place) gen_load_small(g, b->slot, b->may_be_dead ? SMALL_HOLE : SMALL_UNDEFINED);
        if (boxed) gen_emit(g, gen_box_opcode(b), b->slot, in_place ? argument : b->slot);
        else if (b->may_be_dead) gen_load_small(g, b->slot, SMALL_HOLE);
    }
}

/* Defaults, patterns and the rest parameter, in order. A boxed or dead-zoned name is given its value here. */
void gen_parameters(Gen *g, Function *f)
{
    for (uint32_t i = 0; i < f->parameters.count; i++) {
        Parameter *p = (Parameter *)f->parameters.items[i];
        Slot argument = FRAME_ARGUMENTS + (Slot)i;
        int32_t mark = gen_mark(g);
        if (gen_is_simple_parameter(p) && !p->initializer) {
            Binding *b = ((Identifier *)p->target)->binding;
            if (b->may_be_dead) gen_initialize(g, b, argument);
            continue;
        }
        Slot value = argument;
        if (p->rest && g->info->only_forwards_rest) continue;
        if (p->rest) gen_emit(g, OP_REST, value = gen_new_register(g), i);
        if (p->initializer) {
            Label there = { .position = -1 };
            if (p->target->kind == NODE_IDENTIFIER && ((Identifier *)p->target)->binding->slot == argument) value = argument;
            else gen_move(g, value = gen_new_register(g), argument);
            gen_jump(g, OP_JUMP_DEFINED, &there, value, 0);
            if (p->target->kind == NODE_IDENTIFIER) gen_named(g, p->initializer, value, ((Identifier *)p->target)->name);
            else gen_expr(g, p->initializer, value);
            gen_bind(g, &there);
        }
        if (p->target->kind == NODE_IDENTIFIER) gen_initialize(g, ((Identifier *)p->target)->binding, value);
        else gen_target(g, p->target, value, true);
        gen_release(g, mark);
    }
}

static uint32_t gen_expected_arguments(const Function *f)
{
    uint32_t count = 0;
    while (count < f->parameters.count) {
        const Parameter *p = (const Parameter *)f->parameters.items[count];
        if (p->rest || p->initializer) break;
        count++;
    }
    return count;
}

static uint32_t gen_parameter_places(const Function *f)
{
    uint32_t count = f->parameters.count;
    return count && ((const Parameter *)f->parameters.items[count - 1])->rest ? count - 1 : count;
}

/* ---- prologue ---------------------------------------------------------------------------------------------------- */

bool gen_uses_mapped_arguments(const Gen *g)
{
    const Function *f = (const Function *)g->info->node;
    return !g->info->is_strict && (f->bits & FUNCTION_HAS_SIMPLE_PARAMETERS) != 0;
}

static void gen_list_mapped_parameters(Gen *g, const Function *f, UnitFunction *u)
{
    u->mapped_parameters = gen_list(g, f->parameters.count);
    for (uint32_t i = 0; i < f->parameters.count; i++) {
        const Binding *b = ((const Identifier *)((const Parameter *)f->parameters.items[i])->target)->binding;
        bool last = true;                // of equal names only the last parameter is connected
        for (uint32_t k = i + 1; k < f->parameters.count; k++)
            if (((const Identifier *)((const Parameter *)f->parameters.items[k])->target)->binding == b) last = false;
        u->mapped_parameters[i] = last ? (uint32_t)b->slot : 0;
    }
}

static void gen_arguments_object(Gen *g, const Function *f)
{
    Binding *b = g->info->arguments;
    if (!b || g->info->makes_no_arguments) return;
    int32_t mark = gen_mark(g);
    Slot v = gen_new_register(g);
    gen_emit(g, OP_ARGUMENTS, v, gen_uses_mapped_arguments(g));
    gen_initialize(g, b, v);
    gen_release(g, mark);
}

void gen_variables_object(Gen *g, Scope *s)
{
    if (!s->has_sloppy_eval) return;
    int32_t mark = gen_mark(g);
    Slot o = gen_new_register(g), null = gen_new_register(g);
    gen_emit(g, OP_NEW_OBJECT, o, gen_add_constant(g, (UnitConstant){ .kind = CONSTANT_NAMES, .list = gen_list(g, 0) }));
    gen_load_small(g, null, SMALL_NULL);
    gen_emit(g, OP_INIT_PROTO, o, null);
    gen_initialize(g, s->variables, o);
    gen_release(g, mark);
}

/* `this` of sloppy code, before anything can read or capture it. */
static void gen_this_prologue(Gen *g)
{
    const FunctionInfo *info = g->info;
    bool coerces = info->this_binding && !info->is_strict && !info->is_arrow && !info->is_derived && info->node->kind == NODE_FUNCTION;
    if (coerces) gen_emit(g, OP_COERCE_THIS, FRAME_THIS);
}

/* Run the class's field initialiser on a new instance of a base class. */
static void gen_run_fields(Gen *g)
{
    const FunctionInfo *info = g->info;
    const Scope *owner = info->scope->parent;
    const Function *f = (const Function *)info->node;
    if (f->kind != FUNCTION_CONSTRUCTOR || owner->kind != SCOPE_CLASS || !owner->fields) return;
    int32_t mark = gen_mark(g);
    Slot fields = gen_load_binding(g, owner->fields, gen_new_register(g), f->node.start), window = gen_new_register(g);
    gen_move(g, window, FRAME_THIS);
    gen_emit(g, OP_CALL, fields, fields, window, 0, gen_cache(g, NULL));
    gen_release(g, mark);
}

/* TypeScript: `constructor(public x)` assigns this.x. In derived classes that is behind super(). */
void gen_parameter_properties(Gen *g, const Function *f, Slot self)
{
    for (uint32_t i = 0; i < f->parameters.count; i++) {
        const Parameter *p = (const Parameter *)f->parameters.items[i];
        if (!(p->bits & MODIFIER_PARAMETER_PROPERTY) || p->target->kind != NODE_IDENTIFIER) continue;
        int32_t mark = gen_mark(g);
        Identifier *id = (Identifier *)p->target;
        Slot v = gen_load_binding(g, id->binding, SLOT_ANY, p->node.end);
        gen_emit(g, OP_SET_PROP, self, gen_cache(g, id->name), v);
        gen_release(g, mark);
    }
}

/* A var of the body that has a parameter's name starts with its value (10.2.11 step 28). */
static void gen_copy_parameters_to_body(Gen *g)
{
    Scope *body = g->info->body_scope;
    for (Binding *b = body->first; b; b = b->next) {
        if (b->kind != BINDING_VAR || !b->name) continue;
        Binding *parameter = scope_find(g->info->scope, b->name);
        if (!parameter) continue;
        int32_t mark = gen_mark(g);
        gen_initialize(g, b, gen_load_binding(g, parameter, SLOT_ANY, UINT32_MAX));
        gen_release(g, mark);
    }
}

/* A function declared with a parameter's name replaces it. */
static void gen_enter_function_scope(Gen *g, Function *f)
{
    Scope *s = g->info->scope;
    s->register_mark = gen_mark(g);
    gen_bind_parameters(g, f);
    for (Binding *b = s->first; b; b = b->next)
        if (b->kind != BINDING_PARAMETER) gen_allocate_binding(g, b);
}

static void gen_body(Gen *g, Function *f)
{
    if (f->bits & FUNCTION_IS_EXPRESSION_BODY) {
        int32_t mark = gen_mark(g);
        gen_return(g, gen_expr(g, f->body, SLOT_ANY));
        gen_release(g, mark);
    } else if (g->info->body_scope->has_using) {
        gen_using_scope(g, g->info->body_scope, ((FunctionBody *)f->body)->statements);
    } else {
        gen_statements(g, ((FunctionBody *)f->body)->statements);
    }
}

static void gen_final_fall(Gen *g)
{
    bool plain = !g->info->is_async && !g->info->is_derived;
    if (plain) {
        gen_emit(g, OP_RETURN_UNDEFINED);
        return;
    }
    int32_t mark = gen_mark(g);
    Slot v = gen_new_register(g);
    gen_load_small(g, v, SMALL_UNDEFINED);
    gen_return(g, v);
    gen_release(g, mark);
}

/* Everything an async function throws rejects its promise; what an async generator throws answers its request. */
void gen_async_end(Gen *g, Exit *e)
{
    gen_close_range(g, e);
    gen_pop_exit(g);
    gen_bind_handlers(g, e);
    if (g->info->is_generator) gen_emit(g, OP_ASYNC_GENERATOR_THROW);
    else gen_emit(g, OP_ASYNC_THROW, g->owner);
}

static uint32_t gen_kind_flags(const Function *f)
{
    switch (f->kind) {
    case FUNCTION_ARROW:               return UNIT_IS_ARROW;
    case FUNCTION_METHOD: case FUNCTION_GETTER: case FUNCTION_SETTER: return UNIT_IS_METHOD;
    case FUNCTION_CONSTRUCTOR:         return UNIT_IS_CLASS_CONSTRUCTOR;
    case FUNCTION_DERIVED_CONSTRUCTOR: return UNIT_IS_CLASS_CONSTRUCTOR | UNIT_IS_DERIVED;
    default:                           return 0;
    }
}

/* How many properties instances will have: the names assigned to through `this`. */
typedef struct ThisNames {
    const Name *names[64];
    uint32_t    count;
} ThisNames;

static void gen_count_this_names(void *context, Node *node)
{
    ThisNames *t = context;
    if (node->kind == NODE_FUNCTION && ((Function *)node)->kind != FUNCTION_ARROW) return;
    if (node->kind == NODE_CLASS || node->kind == NODE_BINARY) return;
    if (node->kind == NODE_ASSIGN && ((Assign *)node)->target->kind == NODE_MEMBER) {
        const Member *m = (const Member *)((Assign *)node)->target;
        bool known = m->object->kind != NODE_THIS;
        for (uint32_t i = 0; i < t->count && !known; i++) known = t->names[i] == m->name;
        if (!known && t->count < COUNT_OF(t->names)) t->names[t->count++] = m->name;
    }
    ast_each_child(node, gen_count_this_names, context);
}

static uint32_t gen_instance_slots(const Function *f)
{
    ThisNames t = { .count = 0 };
    if (f->kind != FUNCTION_NORMAL && f->kind != FUNCTION_CONSTRUCTOR && f->kind != FUNCTION_DERIVED_CONSTRUCTOR) return 0;
    for (uint32_t i = 0; i < f->parameters.count; i++)
        t.count += (((const Parameter *)f->parameters.items[i])->bits & MODIFIER_PARAMETER_PROPERTY) != 0;
    ast_each_child(f->body, gen_count_this_names, &t);
    const Scope *owner = f->scope->parent;
    if (owner && owner->kind == SCOPE_CLASS) {
        NodeList members = ((Class *)owner->node)->members;
        for (uint32_t i = 0; i < members.count; i++) {
            const ClassMember *m = (const ClassMember *)members.items[i];
            t.count += m->kind == MEMBER_FIELD && !m->is_static;
        }
    }
    return t.count < 60 ? t.count : 60;
}

static void gen_function_code(Gen *g, Function *f)
{
    FunctionInfo *info = g->info;
    Exit async = { 0 };
    if (g->flags & UNIT_IS_CLASS_CONSTRUCTOR)
        gen_emit(g, OP_CHECK_CLASS_CALL, gen_constant_string(g, f->name ? f->name : names_intern_text(g->c->a->names, "")));
    if (info->is_async) {
        if (!info->is_generator) gen_emit(g, OP_ASYNC_START, g->owner);
        gen_push_exit(g, &async, EXIT_LABEL);
        if (!info->is_generator) gen_open_range(g, &async);
    }
    gen_this_prologue(g);
    gen_enter_function_scope(g, f);
    gen_variables_object(g, info->scope);
    gen_run_fields(g);
    gen_arguments_object(g, f);
    gen_parameters(g, f);
    if (!info->has_own_scope) gen_hoist_functions(g, info->scope);
    else {
        gen_enter_scope_with(g, info->body_scope, gen_copy_parameters_to_body);
        gen_variables_object(g, info->body_scope);
    }
    if (f->kind == FUNCTION_CONSTRUCTOR) gen_parameter_properties(g, f, FRAME_THIS);
    if (info->is_generator) {
        gen_emit(g, OP_GENERATOR_START);
        if (info->is_async) gen_open_range(g, &async);
    }
    gen_body(g, f);
    gen_final_fall(g);
    if (info->is_async) gen_async_end(g, &async);
}

uint32_t gen_function(Gen *parent, Codegen *c, FunctionInfo *info)
{
    Gen g;
    Function *f = (Function *)info->node;
    gen_init(&g, parent, c, info);
    g.flags |= gen_kind_flags(f);
    if (f->bits & FUNCTION_IS_FAST) g.flags |= UNIT_IS_FAST_HINT;
    if (f->bits & FUNCTION_IS_INLINE) g.flags |= UNIT_IS_INLINE_HINT;
    gen_position(&g, f->node.start);
    gen_function_code(&g, f);
    const Node *source = info->scope->parent && info->scope->parent->kind == SCOPE_CLASS && (g.flags & UNIT_IS_CLASS_CONSTRUCTOR)
        ? info->scope->parent->node : &f->node;
    uint32_t index = gen_finish(&g, f->name, gen_parameter_places(f), gen_expected_arguments(f), source->start, source->end);
    UnitFunction *u = &c->functions.items[index];
    u->inline_slots = gen_instance_slots(f);
    bool makes_arguments = info->arguments && !info->makes_no_arguments;
    if (makes_arguments && gen_uses_mapped_arguments(&g) && f->parameters.count) gen_list_mapped_parameters(&g, f, u);
    return index;
}
