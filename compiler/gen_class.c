/* SPDX-License-Identifier: MIT */
/* gen_class.c - code for classes (ECMA-262 15.7.14).
 *
 * Instance fields and private methods are laid on an object by one function a class, the initialiser, which
 * constructors call; static fields and blocks run in another, called once. Both see computed keys, private names and
 * private methods as captured values of the class's scope. */
#include <string.h>

#include "compiler/codegen_int.h"
#include "vm/bytecode/method_bits.h"

static bool gen_is_private_member(const ClassMember *m)
{
    return m->key && m->key->kind == NODE_PRIVATE_NAME;
}

static bool gen_is_erased(const ClassMember *m)
{
    return (m->node.flags & FLAG_DECLARE) || (m->bits & MODIFIER_ABSTRACT);
}

static const Name *gen_member_name(const ClassMember *m)
{
    if (m->computed || !m->key || m->key->kind != NODE_STRING) return NULL;
    const Name *name = ((const StringLiteral *)m->key)->value;
    return gen_is_index_name(name) ? NULL : name;
}

/* "#x" for the name of a private method's function. */
static const Name *gen_private_function_name(Gen *g, const ClassMember *m)
{
    const Name *name = ((const PrivateName *)m->key)->name;
    uint16_t *units = ARENA_ARRAY(g->c->arena, uint16_t, name->length + 1);
    units[0] = '#';
    for (uint32_t i = 0; i < name->length; i++) units[i + 1] = names_unit(name, i);
    return names_intern_utf16(g->c->a->names, units, name->length + 1);
}

static int32_t gen_accessor_bits(const ClassMember *m)
{
    return m->kind == MEMBER_GET ? METHOD_GETTER : m->kind == MEMBER_SET ? METHOD_SETTER : 0;
}

/* ---- the initialisers -------------------------------------------------------------------------------------------- */

static void gen_define_field(Gen *g, ClassMember *m)
{
    int32_t mark = gen_mark(g);
    const Name *name = gen_member_name(m);
    Slot v = gen_new_register(g), key = SLOT_ANY;
    if (m->kind == MEMBER_ACCESSOR) gen_error(g, DIAG_NOT_YET, &m->node, "accessor");
    if (m->computed) key = gen_load_binding(g, m->key_binding, SLOT_ANY, m->node.start);
    else if (gen_is_private_member(m)) key = gen_load_binding(g, ((PrivateName *)m->key)->binding, SLOT_ANY, m->node.start);
    else if (!name) key = gen_key(g, m->key, false, SLOT_ANY);
    if (!m->value) gen_load_small(g, v, SMALL_UNDEFINED);
    else if (gen_is_private_member(m)) gen_named(g, m->value, v, gen_private_function_name(g, m));
    else if (name || (!m->computed && m->key->kind == NODE_STRING)) gen_named(g, m->value, v, ((StringLiteral *)m->key)->value);
    else {
        gen_expr(g, m->value, v);
        if (gen_is_anonymous_function(m->value)) gen_emit(g, OP_SET_NAME, v, key, 0);
    }
    gen_position(g, m->node.start);
    if (gen_is_private_member(m)) gen_emit(g, OP_DEFINE_PRIVATE, FRAME_THIS, key, v, 0, gen_cache(g, NULL));
    else if (name) gen_emit(g, OP_INIT_PROP, FRAME_THIS, gen_cache(g, name), v);
    else gen_emit(g, OP_DEFINE_FIELD, FRAME_THIS, key, v);
    gen_release(g, mark);
}

static void gen_install_private_method(Gen *g, ClassMember *m)
{
    int32_t mark = gen_mark(g);
    Slot f = gen_load_binding(g, m->value_binding, SLOT_ANY, m->node.start);
    Slot name = gen_load_binding(g, ((PrivateName *)m->key)->binding, SLOT_ANY, m->node.start);
    int32_t bits = gen_accessor_bits(m) | METHOD_PRIVATE;
    if (m->kind == MEMBER_SET || m->kind == MEMBER_GET) bits |= METHOD_SET_NAME;
    gen_position(g, m->node.start);
    gen_emit(g, OP_DEFINE_PRIVATE, FRAME_THIS, name, f, bits, gen_cache(g, NULL));
    gen_release(g, mark);
}

static void gen_static_block(Gen *g, ClassMember *m)
{
    FunctionBody *body = (FunctionBody *)m->value;
    if (m->scope->has_using) {
        gen_enter_scope(g, m->scope);
        gen_using_scope(g, m->scope, body->statements);
        gen_leave_scope(g, m->scope);
        return;
    }
    gen_enter_scope(g, m->scope);
    gen_statements(g, body->statements);
    gen_leave_scope(g, m->scope);
}

static void gen_initializer_code(Gen *g, Class *c, bool is_static)
{
    for (uint32_t i = 0; i < c->members.count && !is_static; i++) {
        ClassMember *m = (ClassMember *)c->members.items[i];
        if (!m->is_static && m->value_binding && !gen_is_erased(m)) gen_install_private_method(g, m);
    }
    for (uint32_t i = 0; i < c->members.count; i++) {
        ClassMember *m = (ClassMember *)c->members.items[i];
        bool field = m->kind == MEMBER_FIELD || m->kind == MEMBER_ACCESSOR;
        if (gen_is_erased(m)) continue;
        if (is_static && m->kind == MEMBER_STATIC_BLOCK) gen_static_block(g, m);
        else if (field && m->is_static == is_static) gen_define_field(g, m);
    }
}

static uint32_t gen_initializer(Gen *parent, Class *c, FunctionInfo *info, bool is_static)
{
    Gen g;
    gen_init(&g, parent, parent->c, info);
    g.flags |= UNIT_IS_METHOD;
    gen_position(&g, c->node.start);
    gen_enter_scope(&g, info->scope);
    gen_initializer_code(&g, c, is_static);
    gen_emit(&g, OP_RETURN_UNDEFINED);
    const char *name = is_static ? "<static_initializer>" : "<instance_members_initializer>";
    return gen_finish(&g, names_intern_text(parent->c->a->names, name), 0, 0, c->node.start, c->node.start);
}

/* ---- constructors ------------------------------------------------------------------------------------------------ */

/* constructor(...args) { super(...args); } or constructor() {}. */
static uint32_t gen_default_constructor(Gen *parent, Class *c, FunctionInfo *info, const Name *name)
{
    Gen g;
    bool derived = c->heritage.count > 0;
    gen_init(&g, parent, parent->c, info);
    g.flags |= UNIT_IS_STRICT | UNIT_IS_CLASS_CONSTRUCTOR | (derived ? UNIT_IS_DERIVED : 0);
    gen_position(&g, c->node.start);
    gen_emit(&g, OP_CHECK_CLASS_CALL, gen_constant_string(&g, name ? name : names_intern_text(parent->c->a->names, "")));
    Slot self = FRAME_THIS;
    if (derived) {
        Slot parent_slot = gen_new_register(&g);
        self = gen_new_register(&g);
        gen_emit(&g, OP_GET_PROTO, parent_slot, FRAME_CALLEE);
        gen_emit(&g, OP_CHECK_CONSTRUCTOR, parent_slot);
        gen_emit(&g, OP_SUPER_FORWARD, self, parent_slot, gen_cache(&g, NULL), 0, 0);
        gen_emit(&g, OP_CONSTRUCT_RESULT, self, parent_slot);
    }
    if (c->scope->fields) {
        Slot f = gen_load_binding(&g, c->scope->fields, gen_new_register(&g), c->node.start), window = gen_new_register(&g);
        gen_move(&g, window, self);
        gen_emit(&g, OP_CALL, f, f, window, 0, gen_cache(&g, NULL));
    }
    if (derived) gen_emit(&g, OP_RETURN, self);
    else gen_emit(&g, OP_RETURN_UNDEFINED);
    uint32_t index = gen_finish(&g, name, 0, 0, c->node.start, c->node.end);
    uint32_t fields = 0;
    for (uint32_t i = 0; i < c->members.count; i++) {
        const ClassMember *m = (const ClassMember *)c->members.items[i];
        fields += m->kind == MEMBER_FIELD && !m->is_static;
    }
    parent->c->functions.items[index].inline_slots = fields < 60 ? fields : 60;
    return index;
}

static ClassMember *gen_find_constructor(const Class *c)
{
    for (uint32_t i = 0; i < c->members.count; i++) {
        ClassMember *m = (ClassMember *)c->members.items[i];
        if (m->kind == MEMBER_CONSTRUCTOR && m->value && !gen_is_erased(m)) return m;
    }
    return NULL;
}

static FunctionInfo *gen_constructor_closure(Gen *g, Class *c, Slot dst, const Name *name)
{
    ClassMember *m = gen_find_constructor(c);
    FunctionInfo *info;
    if (m) {
        Function *f = (Function *)m->value;
        info = f->info;
        f->name = (Name *)name;
        gen_closure(g, info, dst, name);
    } else {
        info = ARENA_NEW(g->c->arena, FunctionInfo);
        *info = (FunctionInfo){ .node = &c->node, .parent = g->info, .is_strict = true, .unit_index = UINT32_MAX, .scope = c->scope };
        gen_default_constructor(g, c, info, name);
        gen_emit(g, OP_CLOSURE, dst, gen_constant_function(g, info->unit_index));
    }
    bool static_name = false;
    for (uint32_t i = 0; i < c->members.count; i++) {
        const ClassMember *member = (const ClassMember *)c->members.items[i];
        const Name *member_name = gen_member_name(member);
        static_name |= member->is_static && member_name && member_name->word == WORD_NAME;
    }
    if (static_name && !c->name) g->c->functions.items[info->unit_index].flags |= UNIT_HAS_OWN_NAME;
    return info;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

static void gen_private_method(Gen *g, ClassMember *m, Slot constructor)
{
    int32_t mark = gen_mark(g);
    bool method = m->kind == MEMBER_METHOD;
    Slot f = gen_closure(g, ((Function *)m->value)->info, SLOT_ANY, method ? gen_private_function_name(g, m) : NULL);
    Slot name = gen_load_binding(g, ((PrivateName *)m->key)->binding, SLOT_ANY, m->node.start);
    if (!method) gen_emit(g, OP_SET_NAME, f, name, m->kind == MEMBER_GET ? 1 : 2);
    int32_t bits = gen_accessor_bits(m) | METHOD_PRIVATE | METHOD_SET_NAME;
    if (m->is_static) gen_emit(g, OP_DEFINE_PRIVATE, constructor, name, f, bits, gen_cache(g, NULL));
    else gen_initialize(g, m->value_binding, f);
    gen_release(g, mark);
}

static void gen_method(Gen *g, ClassMember *m, Slot target)
{
    int32_t bits = gen_accessor_bits(m), mark = gen_mark(g);
    const Name *name = gen_member_name(m);
    bool named = m->kind == MEMBER_METHOD && name;
    Slot key = gen_key(g, m->key, m->computed, SLOT_ANY);
    Slot f = gen_closure(g, ((Function *)m->value)->info, SLOT_ANY, named ? name : NULL);
    gen_position(g, m->node.start);
    gen_emit(g, OP_INIT_METHOD, target, key, f, bits | (named ? 0 : METHOD_SET_NAME));
    gen_release(g, mark);
}

static void gen_class_member(Gen *g, ClassMember *m, Slot constructor, Slot proto)
{
    if (gen_is_erased(m)) return;
    if (m->decorators.count) gen_error(g, DIAG_NOT_YET, m->decorators.items[0], "decorators");
    switch (m->kind) {
    case MEMBER_METHOD: case MEMBER_GET: case MEMBER_SET:
        if (!m->value) break;
        if (gen_is_private_member(m)) gen_private_method(g, m, constructor);
        else gen_method(g, m, m->is_static ? constructor : proto);
        break;
    case MEMBER_FIELD: case MEMBER_ACCESSOR:
        if (m->computed) {
            int32_t mark = gen_mark(g);
            gen_initialize(g, m->key_binding, gen_key(g, m->key, true, SLOT_ANY));
            gen_release(g, mark);
        }
        break;
    case MEMBER_OPERATOR: gen_error(g, DIAG_NOT_YET, &m->node, "operator"); break;
    default: break;
    }
}

static void gen_private_names(Gen *g, Scope *s)
{
    for (Binding *b = s->first; b; b = b->next) {
        if (b->kind != BINDING_PRIVATE) continue;
        int32_t mark = gen_mark(g);
        Slot name = gen_new_register(g);
        gen_emit(g, OP_NEW_PRIVATE_NAME, name, gen_constant_string(g, b->name));
        gen_initialize(g, b, name);
        gen_release(g, mark);
    }
}

/* The parents, in registers: of the constructor, and of the prototype behind it. */
static void gen_heritage(Gen *g, Class *c, Slot parent)
{
    if (c->heritage.count == 0) {
        gen_load_small(g, parent, SMALL_UNDEFINED);
        gen_load_small(g, parent - 1, SMALL_UNDEFINED);
        return;
    }
    if (c->heritage.count > 1) gen_error(g, DIAG_NOT_YET, c->heritage.items[1], "extends A, B");
    int32_t mark = gen_mark(g);
    Slot heritage = gen_expr(g, c->heritage.items[0], SLOT_ANY);
    gen_position(g, c->heritage.items[0]->start);
    gen_emit(g, OP_CLASS_HERITAGE, parent, heritage);
    gen_release(g, mark);
}

static void gen_finish_initializers(Gen *g, Class *c, const FunctionInfo *constructor_info, Slot constructor)
{
    Scope *s = c->scope;
    if (!s->fields_function) return;
    int32_t mark = gen_mark(g);
    Slot f = gen_new_register(g);
    gen_initializer(g, c, s->fields_function, false);
    gen_emit(g, OP_CLOSURE, f, gen_constant_function(g, s->fields_function->unit_index));
    gen_initialize(g, s->fields, f);
    for (uint32_t i = 0; i < constructor_info->captures.count; i++)
        if (constructor_info->captures.items[i] == s->fields) gen_emit(g, OP_CAPTURE_PATCH, constructor, i, f);
    gen_release(g, mark);
}

static void gen_run_static_elements(Gen *g, Class *c, Slot constructor)
{
    Scope *s = c->scope;
    if (!s->static_function) return;
    int32_t mark = gen_mark(g);
    Slot f = gen_new_register(g), window = gen_new_register(g);
    gen_initializer(g, c, s->static_function, true);
    gen_emit(g, OP_CLOSURE, f, gen_constant_function(g, s->static_function->unit_index));
    gen_move(g, window, constructor);
    gen_position(g, c->node.start);
    gen_emit(g, OP_CALL, f, f, window, 0, gen_cache(g, NULL));
    gen_release(g, mark);
}

Slot gen_class(Gen *g, Class *c, Slot dst, const Name *name)
{
    Scope *s = c->scope;
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    if (c->decorators.count) gen_error(g, DIAG_NOT_YET, c->decorators.items[0], "decorators");
    gen_enter_scope(g, s);
    gen_private_names(g, s);
    Slot parent = gen_new_registers(g, 2), proto = gen_new_register(g), constructor = gen_new_register(g);
    gen_heritage(g, c, parent);
    gen_emit(g, OP_CLASS_PROTO, proto, parent - 1);
    if (s->home) gen_initialize(g, s->home, proto);
    const FunctionInfo *info = gen_constructor_closure(g, c, constructor, name);
    gen_emit(g, OP_CLASS_CONSTRUCTOR, constructor, proto, parent);
    if (s->static_home) gen_initialize(g, s->static_home, constructor);
    if (s->self && !s->computes_keys) gen_initialize(g, s->self, constructor);
    for (uint32_t i = 0; i < c->members.count; i++) gen_class_member(g, (ClassMember *)c->members.items[i], constructor, proto);
    gen_finish_initializers(g, c, info, constructor);
    if (s->self && s->computes_keys) gen_initialize(g, s->self, constructor);
    gen_run_static_elements(g, c, constructor);
    gen_move(g, dst, constructor);
    gen_leave_scope(g, s);
    gen_release(g, mark);
    return dst;
}

/* super() has returned `value`: bind `this` to it. */
void gen_bind_this(Gen *g, Binding *b, Slot value, uint32_t position)
{
    int32_t mark = gen_mark(g);
    Slot old = gen_new_register(g);
    bool boxed = binding_is_box(b) || b->storage == STORAGE_ENVIRONMENT;
    bool own = b->scope->function == g->info && b->storage != STORAGE_ENVIRONMENT;
    if (!boxed) gen_move(g, old, b->slot);
    else if (own) gen_emit(g, OP_BOX_GET, old, b->slot);
    else gen_emit(g, OP_CAPTURE_BOX_GET, old, gen_capture(g, b));
    gen_position(g, position);
    gen_emit(g, OP_CHECK_THIS_UNSET, old);
    gen_load_small(g, old, SMALL_UNDEFINED);
    gen_initialize(g, b, value);
    gen_release(g, mark);
    const FunctionInfo *info = g->info;
    if (info->is_derived && info->node->kind == NODE_FUNCTION) gen_parameter_properties(g, (const Function *)info->node, value);
}
