/* SPDX-License-Identifier: MIT */
/* gen_eval.c - what a direct eval is given: every name in sight, with the box or value of each (ECMA-262 19.2.1.1).
 *
 * Names come innermost first. An object environment stands behind the names it is outer to; a boundary stands behind
 * the names of each variable scope. */
#include "compiler/codegen_int.h"

typedef struct EvalNames {
    Gen            *g;
    VEC(Binding *)  bindings;            // NULL: a boundary
    VEC(uint32_t)   bits;
} EvalNames;

static void gen_add_eval_name(EvalNames *e, Binding *b, uint32_t bits)
{
    Arena *arena = e->g->c->arena;
    bool by_value = b && !binding_is_in_box(b);
    VEC_PUSH_ARENA(arena, &e->bindings, b);
    VEC_PUSH_ARENA(arena, &e->bits, bits | (by_value ? SCOPE_NAME_VALUE : 0));
}

static uint32_t gen_eval_bits(const Binding *b, bool in_parameters)
{
    const Scope *s = b->scope;
    switch (b->kind) {
    case BINDING_LET: case BINDING_CLASS: return SCOPE_NAME_LEXICAL;
    case BINDING_CONST: case BINDING_IMPORT: return SCOPE_NAME_LEXICAL | SCOPE_NAME_CONST;
    case BINDING_SELF:     return SCOPE_NAME_SILENT_CONST;
    case BINDING_PRIVATE:  return SCOPE_NAME_PRIVATE;
    case BINDING_CATCH: {
        bool simple = ((const Catch *)s->node)->parameter->kind == NODE_IDENTIFIER;
        return simple ? SCOPE_NAME_SIMPLE_CATCH : SCOPE_NAME_LEXICAL;
    }
    case BINDING_FUNCTION: return s->is_var_scope ? 0 : SCOPE_NAME_LEXICAL;
    default:               return in_parameters && s->is_var_scope ? SCOPE_NAME_LEXICAL : 0;
    }
}

static bool gen_is_pseudo(const Binding *b)
{
    return b->kind == BINDING_THIS || b->kind == BINDING_NEW_TARGET || b->kind == BINDING_CALLEE || b->kind == BINDING_HOME
        || b->kind == BINDING_HIDDEN;
}

static void gen_add_scope_names(EvalNames *e, const Scope *s, bool in_parameters)
{
    bool has_members = false;
    for (Binding *b = s->first; b; b = b->next) {
        has_members |= b->kind == BINDING_MEMBER;
        if (b->kind == BINDING_MEMBER || gen_is_pseudo(b) || b->storage == STORAGE_GLOBAL || !b->name) continue;
        gen_add_eval_name(e, b, gen_eval_bits(b, in_parameters));
    }
    if (s->kind == SCOPE_WITH || has_members) gen_add_eval_name(e, s->variables, SCOPE_NAME_WITH);
    else if (s->has_sloppy_eval) gen_add_eval_name(e, s->variables, SCOPE_NAME_VARIABLES);
    bool rises = s->kind == SCOPE_EVAL && !s->function->is_strict;
    if (s->is_var_scope && !rises) gen_add_eval_name(e, NULL, SCOPE_NAME_PARAMETER_BOUNDARY);
}

static void gen_add_outer_names(EvalNames *e, const Scope *s)
{
    for (Binding *b = s->first; b; b = b->next) gen_add_eval_name(e, b->scope_bits & SCOPE_NAME_PARAMETER_BOUNDARY ? NULL : b, b->scope_bits);
}

static FunctionInfo *gen_this_function(FunctionInfo *f)
{
    while (f->is_arrow && f->parent) f = f->parent;
    return f;
}

static const Scope *gen_method_owner(const FunctionInfo *f)
{
    const Scope *owner = f->scope->parent;
    return owner && (owner->kind == SCOPE_CLASS || owner->kind == SCOPE_LITERAL) ? owner : NULL;
}

/* this, new.target, and what super needs. */
static uint32_t gen_add_pseudo_names(EvalNames *e, FunctionInfo *f)
{
    const Scope *owner = gen_method_owner(f);
    uint32_t bits = 0;
    if (f->is_arrow) return e->g->c->a->options.outer_bits & ~(uint32_t)(SCOPE_IS_STRICT | SCOPE_IN_PARAMETERS);
    if (f->this_binding) gen_add_eval_name(e, f->this_binding, SCOPE_NAME_THIS);
    if (f->new_target) gen_add_eval_name(e, f->new_target, SCOPE_NAME_NEW_TARGET);
    if (f->is_derived && f->callee) gen_add_eval_name(e, f->callee, SCOPE_NAME_CLASS);
    Binding *home = owner ? (f->is_static_member ? owner->static_home : owner->home) : NULL;
    if (home) gen_add_eval_name(e, home, SCOPE_NAME_HOME);
    if (f->is_derived && owner && owner->fields) gen_add_eval_name(e, owner->fields, SCOPE_NAME_FIELDS);
    if (f->node->kind == NODE_FUNCTION || f->is_field_initializer) bits |= SCOPE_IN_FUNCTION;
    if (home) bits |= SCOPE_IN_METHOD;
    if (f->is_derived) bits |= SCOPE_IN_DERIVED_CONSTRUCTOR | SCOPE_DERIVED_THIS;
    if (f->is_field_initializer) bits |= SCOPE_IN_FIELD_INITIALIZER;
    return bits;
}

/* The box, or the value, that a binding is kept in. */
static void gen_load_holder(Gen *g, Binding *b, Slot dst)
{
    bool own = b->scope->function == g->info && b->storage != STORAGE_ENVIRONMENT;
    bool own_value = b == g->info->own_name && b->storage == STORAGE_VALUE && b->scope->function != g->info;
    if (own && b->slot != SLOT_ANY) gen_move(g, dst, b->slot);
    else if (own_value || own) gen_move(g, dst, FRAME_CALLEE);
    else gen_emit(g, OP_CAPTURE_GET, dst, gen_capture(g, b));
}

static uint32_t gen_scope_constant(EvalNames *e, uint32_t scope_bits)
{
    Codegen *c = e->g->c;
    UnitConstant k = { .kind = CONSTANT_SCOPE, .index = scope_bits, .count = e->bindings.count };
    k.list = gen_list(e->g, k.count * 2);
    for (uint32_t i = 0; i < k.count; i++) {
        const Binding *b = e->bindings.items[i];
        k.list[i * 2] = b && b->name ? gen_string(c, b->name) : gen_text_string(c, "");
        k.list[i * 2 + 1] = e->bits.items[i];
    }
    return gen_add_constant(e->g, k);
}

Slot gen_eval_scope(Gen *g, Scope *s, Slot dst)
{
    EvalNames e = { .g = g };
    bool in_parameters = false;
    uint32_t bits = gen_add_pseudo_names(&e, gen_this_function(s->function));
    if (g->info->is_strict) bits |= SCOPE_IS_STRICT;
    for (const Scope *at = s; at; at = at->parent) {
        if (at->function == s->function && at->kind == SCOPE_BODY) break;
        if (at->function == s->function && at->kind == SCOPE_FUNCTION && at->function->has_own_scope) in_parameters = true;
    }
    for (const Scope *at = s; at; at = at->parent) {
        if (at->kind == SCOPE_OUTER) gen_add_outer_names(&e, at);
        else gen_add_scope_names(&e, at, in_parameters);
        if (at->is_var_scope && at->kind != SCOPE_EVAL) in_parameters = false;
    }
    int32_t mark = gen_mark(g);
    Slot window = gen_new_window(g, e.bindings.count);
    for (uint32_t i = 0; i < e.bindings.count; i++) {
        if (e.bindings.items[i]) gen_load_holder(g, e.bindings.items[i], window + 1 + (Slot)i);
        else gen_load_small(g, window + 1 + (Slot)i, SMALL_UNDEFINED);
    }
    gen_emit(g, OP_EVAL_SCOPE, dst, gen_scope_constant(&e, bits), window);
    gen_release(g, mark);
    return dst;
}
