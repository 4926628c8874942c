/* SPDX-License-Identifier: MIT */
/* gen_name.c - code for bindings: scopes entered and left, names read, written and deleted. */
#include <string.h>

#include "compiler/codegen_int.h"

/* ---- storage ----------------------------------------------------------------------------------------------------- */

Opcode gen_box_opcode(const Binding *b)
{
    return b->storage == STORAGE_SHARED_BOX ? OP_NEW_SHARED_BOX : OP_NEW_BOX;
}

static bool gen_has_register(const Binding *b)
{
    return b->storage == STORAGE_REGISTER || b->storage == STORAGE_VALUE || binding_is_box(b);
}

/* Does a reference to `b` at `position` need a look for the hole? */
bool gen_needs_check(const Gen *g, const Binding *b, uint32_t position)
{
    if (b->kind == BINDING_IMPORT) return true;          // the exporting module may not have run
    if (!b->may_be_dead) return false;
    if (b->storage == STORAGE_ENVIRONMENT && b->scope->kind == SCOPE_OUTER) return true;
    if (b->kind == BINDING_THIS || b->is_forced) return true;
    if (b->scope->function != g->info) return b->captured_early;
    return position < b->initialized_at || b->scope->kind == SCOPE_SWITCH;
}

/* Is `b` the name by which the running function knows itself, never anything else? */
static bool gen_is_callee(const Gen *g, const Binding *b)
{
    bool keeps = b->kind == BINDING_SELF || (!b->is_assigned && !b->is_forced);
    return keeps && b == g->info->own_name && b->scope->function != g->info;
}

uint32_t gen_capture(Gen *g, Binding *b)
{
    FunctionInfo *info = g->info;
    for (uint32_t i = 0; i < info->captures.count; i++)
        if (info->captures.items[i] == b) return i;
    VEC_PUSH_ARENA(g->c->arena, &info->captures, b);
    return info->captures.count - 1;
}

static bool gen_is_own(const Gen *g, const Binding *b)
{
    return b->scope->function == g->info && gen_has_register(b);
}

bool gen_is_local(const Gen *g, const Binding *b)
{
    if (gen_is_callee(g, b)) return true;
    return gen_is_own(g, b) && !binding_is_box(b) && b->slot != SLOT_ANY;
}

static uint32_t gen_binding_name(Gen *g, const Binding *b)
{
    const Name *name = b->name ? b->name : names_intern_text(g->c->a->names, b->kind == BINDING_THIS ? "this" : "");
    return gen_constant_string(g, name);
}

static void gen_check_slot(Gen *g, const Binding *b, Slot slot)
{
    if (b->kind == BINDING_THIS) gen_emit(g, OP_CHECK_THIS, slot);
    else gen_emit(g, OP_CHECK_HOLE, slot, gen_binding_name(g, b));
}

/* ---- reading and writing a binding ------------------------------------------------------------------------------- */

static Slot gen_load_box(Gen *g, Binding *b, Slot dst, bool check)
{
    dst = gen_dst(g, dst);
    bool own = gen_is_own(g, b);
    bool is_this = b->kind == BINDING_THIS;
    if (own && check && !is_this) gen_emit(g, OP_BOX_GET_CHECKED, dst, b->slot, gen_binding_name(g, b));
    else if (own) gen_emit(g, OP_BOX_GET, dst, b->slot);
    else if (check && !is_this) gen_emit(g, OP_CAPTURE_BOX_GET_CHECKED, dst, gen_capture(g, b), gen_binding_name(g, b));
    else gen_emit(g, OP_CAPTURE_BOX_GET, dst, gen_capture(g, b));
    if (check && is_this) gen_emit(g, OP_CHECK_THIS, dst);
    return dst;
}

Slot gen_load_binding(Gen *g, Binding *b, Slot dst, uint32_t position)
{
    bool check = gen_needs_check(g, b, position);
    if (gen_is_callee(g, b)) {
        if (dst != SLOT_ANY) gen_move(g, dst, FRAME_CALLEE);
        return dst == SLOT_ANY ? FRAME_CALLEE : dst;
    }
    if (check) gen_position(g, position);
    if (b->kind == BINDING_MEMBER) {
        Slot object = gen_load_binding(g, b->object, SLOT_ANY, position);
        dst = gen_dst(g, dst);
        gen_emit(g, OP_GET_PROP, dst, object, gen_cache(g, b->name));
        return dst;
    }
    if (binding_is_in_box(b)) return gen_load_box(g, b, dst, check);
    if (gen_is_own(g, b)) {
        if (check) gen_check_slot(g, b, b->slot);
        if (dst != SLOT_ANY) gen_move(g, dst, b->slot);
        return dst == SLOT_ANY ? b->slot : dst;
    }
    dst = gen_dst(g, dst);
    gen_emit(g, OP_CAPTURE_GET, dst, gen_capture(g, b));
    if (check) gen_check_slot(g, b, dst);
    return dst;
}

static bool gen_is_const(const Binding *b)
{
    return b->kind == BINDING_CONST || b->kind == BINDING_IMPORT || b->kind == BINDING_SELF;
}

/* Assign to a binding that may be assigned to. */
static void gen_store_variable(Gen *g, Binding *b, Slot value, bool check)
{
    bool own = gen_is_own(g, b);
    if (binding_is_box(b) || b->storage == STORAGE_ENVIRONMENT) {
        if (own && check) gen_emit(g, OP_BOX_SET_CHECKED, b->slot, value, gen_binding_name(g, b));
        else if (own) gen_emit(g, OP_BOX_SET, b->slot, value);
        else if (check) gen_emit(g, OP_CAPTURE_BOX_SET_CHECKED, gen_capture(g, b), value, gen_binding_name(g, b));
        else gen_emit(g, OP_CAPTURE_BOX_SET, gen_capture(g, b), value);
        return;
    }
    if (check) gen_check_slot(g, b, b->slot);
    gen_move(g, b->slot, value);
}

static void gen_store_binding(Gen *g, Binding *b, Slot value, uint32_t position)
{
    bool check = gen_needs_check(g, b, position);
    gen_position(g, position);
    if (b->kind == BINDING_MEMBER) {
        int32_t mark = gen_mark(g);
        Slot object = gen_load_binding(g, b->object, SLOT_ANY, position);
        gen_emit(g, OP_SET_PROP, object, gen_cache(g, b->name), value);
        gen_release(g, mark);
    } else if (gen_is_const(b)) {
        int32_t mark = gen_mark(g);
        if (check) gen_load_binding(g, b, SLOT_ANY, position);
        gen_release(g, mark);
        bool silent = b->is_silent_const && !g->info->is_strict;
        if (!silent) gen_emit(g, OP_THROW_CONST, gen_binding_name(g, b));
    } else {
        gen_store_variable(g, b, value, check);
    }
}

void gen_initialize(Gen *g, Binding *b, Slot value)
{
    if (b->storage == STORAGE_GLOBAL) {
        bool lexical = b->kind == BINDING_LET || b->kind == BINDING_CONST || b->kind == BINDING_CLASS;
        if (lexical) gen_emit(g, OP_GLOBAL_INIT, gen_constant_string(g, b->name), value);
        else gen_emit(g, OP_GLOBAL_SET, gen_cache(g, b->name), value);
    } else if (b->kind == BINDING_MEMBER) {
        gen_store_binding(g, b, value, b->initialized_at);
    } else {
        gen_store_variable(g, b, value, false);
    }
}

Slot gen_this(Gen *g, Binding *b, Slot dst, uint32_t position)
{
    return gen_load_binding(g, b, dst, position);
}

/* ---- scopes ------------------------------------------------------------------------------------------------------ */

static bool gen_in_frame(const Binding *b)               // lives where the frame header or arguments are
{
    return b->kind == BINDING_THIS || b->kind == BINDING_NEW_TARGET || b->kind == BINDING_CALLEE;
}

static Slot gen_frame_slot(const Binding *b)
{
    return b->kind == BINDING_THIS ? FRAME_THIS : b->kind == BINDING_NEW_TARGET ? FRAME_NEW_TARGET : FRAME_CALLEE;
}

void gen_allocate_binding(Gen *g, Binding *b)
{
    b->slot = SLOT_ANY;
    if (!gen_has_register(b) || b->kind == BINDING_MEMBER) return;
    if (gen_in_frame(b) && !binding_is_box(b)) {
        b->slot = gen_frame_slot(b);
        return;
    }
    b->slot = gen_new_register(g);
    if (gen_in_frame(b)) {
        gen_emit(g, gen_box_opcode(b), b->slot, gen_frame_slot(b));
        return;
    }
    bool dead = b->may_be_dead && b->kind != BINDING_PARAMETER;
    bool boxed = binding_is_box(b);
    if (dead) gen_load_small(g, b->slot, SMALL_HOLE);
    else if (boxed && b->kind != BINDING_PARAMETER) gen_load_small(g, b->slot, SMALL_UNDEFINED);
    if (boxed && b->kind != BINDING_PARAMETER) gen_emit(g, gen_box_opcode(b), b->slot, b->slot);
}

void gen_enter_scope_with(Gen *g, Scope *s, void (*before_functions)(Gen *g))
{
    s->register_mark = gen_mark(g);
    for (Binding *b = s->first; b; b = b->next)
        if (b->kind != BINDING_PARAMETER) gen_allocate_binding(g, b);
    if (before_functions) before_functions(g);
    gen_hoist_functions(g, s);
}

void gen_enter_scope(Gen *g, Scope *s)
{
    if (s) gen_enter_scope_with(g, s, NULL);
}

void gen_leave_scope(Gen *g, Scope *s)
{
    if (s) gen_release(g, s->register_mark);
}

/* The next iteration of a for loop gets boxes of its own, with the values of this one. */
void gen_copy_loop_boxes(Gen *g, Scope *s)
{
    if (!s) return;
    for (Binding *b = s->first; b; b = b->next) {
        if (!binding_is_box(b) || b->kind == BINDING_CONST) continue;
        int32_t mark = gen_mark(g);
        Slot value = gen_new_register(g);
        gen_emit(g, OP_BOX_GET, value, b->slot);
        gen_emit(g, gen_box_opcode(b), b->slot, value);
        gen_release(g, mark);
    }
}

static Function *gen_declared_function(const Binding *b)
{
    return (Function *)((FunctionDeclaration *)b->function_node)->function;
}

/* Captures of `f` that name a function of `s` whose closure is not yet made are filled in behind the last one. */
static void gen_patch_captures(Gen *g, const Scope *s)
{
    for (const Binding *b = s->first; b; b = b->next) {
        if (!b->function_node || !gen_has_register(b)) continue;
        const FunctionInfo *info = gen_declared_function(b)->info;
        int32_t mark = gen_mark(g);
        Slot closure = b->slot;
        if (binding_is_box(b)) gen_emit(g, OP_BOX_GET, closure = gen_new_register(g), b->slot);
        for (uint32_t i = 0; i < info->captures.count; i++) {
            const Binding *captured = info->captures.items[i];
            bool sibling = captured->scope == s && captured->function_node && captured->storage == STORAGE_VALUE;
            if (sibling) gen_emit(g, OP_CAPTURE_PATCH, closure, i, captured->slot);
        }
        gen_release(g, mark);
    }
}

void gen_hoist_functions(Gen *g, Scope *s)
{
    bool any = false;
    for (Binding *b = s->first; b; b = b->next) {
        if (!b->function_node || b->kind == BINDING_PRIVATE || b->storage == STORAGE_GLOBAL || b->storage == STORAGE_ENVIRONMENT) continue;
        int32_t mark = gen_mark(g);
        Function *f = gen_declared_function(b);
        bool direct = !binding_is_box(b);
        Slot closure = gen_closure(g, f->info, direct ? b->slot : SLOT_ANY, f->name);
        if (!direct) gen_emit(g, OP_BOX_SET, b->slot, closure);
        gen_release(g, mark);
        any = true;
    }
    if (any) gen_patch_captures(g, s);
}

/* ---- names: static, global, or through object environments ------------------------------------------------------- */

/* The next object environment on the way from `s` to the binding's scope. */
static Scope *gen_next_environment(Scope *s, const Binding *b)
{
    for (; s && !(b && b->scope == s); s = s->parent)
        if (s->variables && (s->kind == SCOPE_WITH || s->has_sloppy_eval || s->kind == SCOPE_OUTER)) return s;
    return NULL;
}

/* Leave in a register the object environment that has the name, or undefined. */
NameReference gen_resolve_name(Gen *g, Identifier *id)
{
    NameReference ref = { id, SLOT_ANY };
    Scope *s = id->scope ? gen_next_environment(id->scope, id->binding) : NULL;
    if (!s) return ref;
    Label found = { .position = -1 };
    uint32_t name = gen_constant_string(g, id->name);
    ref.object = gen_new_register(g);
    gen_position(g, id->node.start);
    for (; s; s = gen_next_environment(s->parent, id->binding)) {
        int32_t mark = gen_mark(g);
        Slot has = gen_new_register(g);
        gen_load_binding(g, s->variables, ref.object, id->node.start);
        gen_emit(g, OP_NAME_IN, has, ref.object, name);
        gen_jump(g, OP_JUMP_TRUE, &found, has, 0);
        gen_release(g, mark);
        if (id->binding && id->binding->scope == s->parent) break;
    }
    gen_load_small(g, ref.object, SMALL_UNDEFINED);
    gen_bind(g, &found);
    return ref;
}

static Slot gen_load_static(Gen *g, Identifier *id, Slot dst, bool for_typeof)
{
    Binding *b = id->binding;
    if (b && b->storage != STORAGE_GLOBAL) return gen_load_binding(g, b, dst, id->node.start);
    dst = gen_dst(g, dst);
    gen_position(g, id->node.start);
    gen_emit(g, for_typeof ? OP_GLOBAL_GET_OR_UNDEFINED : OP_GLOBAL_GET, dst, gen_cache(g, id->name));
    return dst;
}

static Slot gen_load_resolved(Gen *g, NameReference ref, Slot dst, bool for_typeof)
{
    if (ref.object == SLOT_ANY) return gen_load_static(g, ref.id, dst, for_typeof);
    Label is_static = { .position = -1 }, end = { .position = -1 };
    dst = gen_dst(g, dst);
    gen_position(g, ref.id->node.start);
    gen_jump(g, OP_JUMP_UNDEFINED, &is_static, ref.object, 0);
    gen_emit(g, OP_GET_WITH, dst, ref.object, gen_constant_string(g, ref.id->name));
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &is_static);
    gen_load_static(g, ref.id, dst, for_typeof);
    gen_bind(g, &end);
    return dst;
}

Slot gen_load_reference(Gen *g, NameReference ref, Slot dst)
{
    return gen_load_resolved(g, ref, dst, false);
}

Slot gen_load_name(Gen *g, Identifier *id, Slot dst, bool for_typeof)
{
    if (!id->scope) return gen_load_static(g, id, dst, for_typeof);
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    gen_load_resolved(g, gen_resolve_name(g, id), dst, for_typeof);
    gen_release(g, mark);
    return dst;
}

static void gen_store_static(Gen *g, Identifier *id, Slot value)
{
    Binding *b = id->binding;
    if (b && b->storage != STORAGE_GLOBAL) {
        gen_store_binding(g, b, value, id->node.start);
        return;
    }
    gen_position(g, id->node.start);
    gen_emit(g, OP_GLOBAL_SET, gen_cache(g, id->name), value);
}

void gen_store_reference(Gen *g, NameReference ref, Slot value)
{
    if (ref.object == SLOT_ANY) {
        gen_store_static(g, ref.id, value);
        return;
    }
    Label is_static = { .position = -1 }, end = { .position = -1 };
    gen_position(g, ref.id->node.start);
    gen_jump(g, OP_JUMP_UNDEFINED, &is_static, ref.object, 0);
    gen_emit(g, OP_SET_WITH, ref.object, gen_constant_string(g, ref.id->name), value);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &is_static);
    gen_store_static(g, ref.id, value);
    gen_bind(g, &end);
}

bool gen_is_reachable(const Gen *g, NameReference ref)
{
    const Binding *b = ref.id->binding;
    if (ref.object != SLOT_ANY || !b || b->kind == BINDING_MEMBER) return true;
    return !gen_is_const(b) && !gen_is_local(g, b);
}

static void gen_replace_static(Gen *g, Identifier *id, Slot done, Slot old, Slot value)
{
    Binding *b = id->binding;
    gen_position(g, id->node.start);
    if (!b || b->storage == STORAGE_GLOBAL) {
        gen_emit(g, OP_ATOMIC_GLOBAL, done, gen_constant_string(g, id->name), old, value);
    } else if (b->kind == BINDING_MEMBER) {
        Slot object = gen_load_binding(g, b->object, SLOT_ANY, id->node.start);
        gen_emit(g, OP_ATOMIC_PROP, done, object, gen_constant_string(g, b->name), old, value);
    } else if (gen_is_own(g, b)) {
        gen_emit(g, OP_ATOMIC_BOX, done, b->slot, old, value);
    } else {
        gen_emit(g, OP_CAPTURE_GET, done, gen_capture(g, b));
        gen_emit(g, OP_ATOMIC_BOX, done, done, old, value);
    }
}

void gen_replace_reference(Gen *g, NameReference ref, Slot done, Slot old, Slot value)
{
    Label is_static = { .position = -1 }, end = { .position = -1 };
    if (ref.object == SLOT_ANY) {
        gen_replace_static(g, ref.id, done, old, value);
        return;
    }
    gen_position(g, ref.id->node.start);
    gen_jump(g, OP_JUMP_UNDEFINED, &is_static, ref.object, 0);
    gen_emit(g, OP_ATOMIC_PROP, done, ref.object, gen_constant_string(g, ref.id->name), old, value);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &is_static);
    gen_replace_static(g, ref.id, done, old, value);
    gen_bind(g, &end);
}

void gen_store_name(Gen *g, Identifier *id, Slot value, bool initialize)
{
    const Binding *b = id->binding;
    bool parameter = b && b->kind == BINDING_PARAMETER && b->scope->function->has_own_scope;     // so no var has its name
    bool lexical = b && b->kind != BINDING_VAR && b->kind != BINDING_PARAMETER && b->kind != BINDING_FUNCTION
        && b->kind != BINDING_ARGUMENTS;
    if (initialize && (lexical || parameter)) {
        gen_initialize(g, id->binding, value);
        return;
    }
    int32_t mark = gen_mark(g);
    gen_store_reference(g, gen_resolve_name(g, id), value);
    gen_release(g, mark);
}

/* delete of a plain name: only globals and object environments may have deletable ones. */
void gen_delete_name(Gen *g, Identifier *id, Slot dst)
{
    Label is_static = { .position = -1 }, end = { .position = -1 };
    int32_t mark = gen_mark(g);
    NameReference ref = gen_resolve_name(g, id);
    gen_position(g, id->node.start);
    if (ref.object != SLOT_ANY) {
        gen_jump(g, OP_JUMP_UNDEFINED, &is_static, ref.object, 0);
        gen_emit(g, OP_DELETE_PROP, dst, ref.object, gen_constant_string(g, id->name));
        gen_jump(g, OP_JUMP, &end, 0, 0);
        gen_bind(g, &is_static);
    }
    if (id->binding && id->binding->storage != STORAGE_GLOBAL) gen_load_small(g, dst, SMALL_FALSE);
    else gen_emit(g, OP_GLOBAL_DELETE, dst, gen_constant_string(g, id->name));
    gen_bind(g, &end);
    gen_release(g, mark);
}
