/* SPDX-License-Identifier: MIT */
/* gen_literal.c - code for array and object literals. */
#include <math.h>
#include <string.h>

#include "compiler/codegen_int.h"
#include "vm/bytecode/method_bits.h"

enum { LITERAL_MOST_AT_ONCE = 32, CONSTANT_ARRAY_LEAST = 3 };

/* Does the text spell an array index, so that it names an element? */
bool gen_is_index_name(const Name *name)
{
    if (name->length == 0 || name->length > 10) return false;
    uint64_t n = 0;
    for (uint32_t i = 0; i < name->length; i++) {
        uint16_t unit = names_unit(name, i);
        if (unit < '0' || unit > '9') return false;
        n = n * 10 + (unit - '0');
    }
    return (names_unit(name, 0) != '0' || name->length == 1) && n < UINT32_MAX;
}

/* ---- arrays ----------------------------------------------------------------------------------------------------- */

/* The constant that an element is, or UNIT_NONE. */
static uint32_t gen_element_constant(Gen *g, const Node *node)
{
    if (node->kind == NODE_NUMBER) return gen_constant_number(g, ((const NumberLiteral *)node)->value);
    if (node->kind == NODE_STRING) return gen_constant_string(g, ((const StringLiteral *)node)->value);
    if (node->kind == NODE_UNARY && ((const Unary *)node)->op == TOKEN_MINUS && ((const Unary *)node)->operand->kind == NODE_NUMBER)
        return gen_constant_number(g, -((const NumberLiteral *)((const Unary *)node)->operand)->value);
    return UNIT_NONE;
}

static bool gen_is_constant_array(const ArrayLiteral *n)
{
    for (uint32_t i = 0; i < n->elements.count; i++) {
        const Node *e = n->elements.items[i];
        bool negative = e && e->kind == NODE_UNARY && ((const Unary *)e)->op == TOKEN_MINUS && ((const Unary *)e)->operand->kind == NODE_NUMBER;
        if (!e || (e->kind != NODE_NUMBER && e->kind != NODE_STRING && !negative)) return false;
    }
    return n->elements.count >= CONSTANT_ARRAY_LEAST;
}

static void gen_constant_array(Gen *g, ArrayLiteral *n, Slot dst)
{
    UnitConstant k = { .kind = CONSTANT_ELEMENTS, .count = n->elements.count };
    k.list = gen_list(g, k.count);
    for (uint32_t i = 0; i < k.count; i++) k.list[i] = gen_element_constant(g, n->elements.items[i]);
    gen_emit(g, OP_NEW_ARRAY_CONSTANT, dst, gen_add_constant(g, k));
}

static void gen_array_rest(Gen *g, NodeList elements, uint32_t from, Slot array)
{
    for (uint32_t i = from; i < elements.count; i++) {
        int32_t mark = gen_mark(g);
        Node *e = elements.items[i];
        gen_position(g, e ? e->start : g->last_position);
        if (!e) {
            Slot hole = gen_new_register(g);
            gen_load_small(g, hole, SMALL_HOLE);
            gen_emit(g, OP_ARRAY_APPEND, array, hole);
            gen_load_small(g, hole, SMALL_UNDEFINED);
        } else if (e->kind == NODE_SPREAD) {
            Slot v = gen_expr(g, ((Spread *)e)->argument, SLOT_ANY);
            gen_position(g, e->start);
            gen_emit(g, OP_ARRAY_SPREAD, array, v);
        } else {
            gen_emit(g, OP_ARRAY_APPEND, array, gen_expr(g, e, SLOT_ANY));
        }
        gen_release(g, mark);
    }
}

/* An array of `elements`, in `dst`, which no element may read: the first plain ones at once, the rest one by one. */
static void gen_array_of(Gen *g, NodeList elements, Slot dst)
{
    uint32_t plain = 0;
    while (plain < elements.count && plain < LITERAL_MOST_AT_ONCE && elements.items[plain] && elements.items[plain]->kind != NODE_SPREAD) plain++;
    int32_t mark = gen_mark(g);
    Slot first = plain ? gen_new_registers(g, plain) - (Slot)plain + 1 : dst;
    for (uint32_t i = 0; i < plain; i++) {
        int32_t element_mark = gen_mark(g);
        gen_expr(g, elements.items[i], first + (Slot)i);
        gen_release(g, element_mark);
    }
    bool whole = plain == elements.count;
    Slot array = whole ? dst : gen_new_register(g);      // the elements to come must not see it half made
    gen_emit(g, OP_NEW_ARRAY, array, plain ? first - 1 : dst, plain);
    gen_array_rest(g, elements, plain, array);
    gen_move(g, dst, array);
    gen_release(g, mark);
}

Slot gen_arguments_array(Gen *g, NodeList arguments, Slot dst)
{
    gen_array_of(g, arguments, dst);
    return dst;
}

Slot gen_array(Gen *g, ArrayLiteral *n, Slot dst)
{
    dst = gen_dst(g, dst);
    gen_position(g, n->node.start);
    if (gen_is_constant_array(n)) gen_constant_array(g, n, dst);
    else gen_array_of(g, n->elements, dst);
    return dst;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

Slot gen_key(Gen *g, Node *key, bool computed, Slot dst)
{
    dst = gen_dst(g, dst);
    if (computed) {
        gen_expr(g, key, dst);
        gen_position(g, key->start);
        gen_emit(g, OP_TO_KEY, dst, dst);
    } else if (key->kind == NODE_STRING) {
        gen_emit(g, OP_LOAD_CONSTANT, dst, gen_constant_string(g, ((StringLiteral *)key)->value));
    } else {
        gen_expr(g, key, dst);
        gen_emit(g, OP_TO_KEY, dst, dst);
    }
    return dst;
}

/* ---- objects ----------------------------------------------------------------------------------------------------- */

static const Name *gen_property_name(const Property *p)
{
    const Name *name = ast_key_name(p);
    return name && gen_is_index_name(name) ? NULL : name;
}

/* Its shape is then known at once. */
static bool gen_is_simple_object(const ObjectLiteral *n)
{
    if (!ast_is_record(n, LITERAL_MOST_AT_ONCE)) return false;
    for (uint32_t i = 0; i < n->members.count; i++)
        if (!gen_property_name((const Property *)n->members.items[i])) return false;
    return true;
}

static void gen_simple_object(Gen *g, ObjectLiteral *n, Slot dst)
{
    uint32_t count = n->members.count;
    UnitConstant k = { .kind = CONSTANT_NAMES, .count = count };
    k.list = gen_list(g, count);
    int32_t mark = gen_mark(g);
    Slot first = gen_new_registers(g, count) - (Slot)count + 1;
    for (uint32_t i = 0; i < count; i++) {
        Property *p = (Property *)n->members.items[i];
        int32_t value_mark = gen_mark(g);
        gen_named(g, p->value, first + (Slot)i, gen_property_name(p));
        gen_release(g, value_mark);
        k.list[i] = gen_string(g->c, gen_property_name(p));
    }
    gen_emit(g, OP_OBJECT_LITERAL, dst, gen_add_constant(g, k), first - 1, count);
    gen_release(g, mark);
}

static void gen_method_member(Gen *g, Slot object, Property *p)
{
    int32_t bits = METHOD_ENUMERABLE, mark = gen_mark(g);
    Slot key = gen_key(g, p->key, p->computed, SLOT_ANY);
    const Name *name = gen_property_name(p);
    if (p->kind == PROPERTY_GET) bits |= METHOD_GETTER;
    if (p->kind == PROPERTY_SET) bits |= METHOD_SETTER;
    if (p->kind != PROPERTY_METHOD || !name) bits |= METHOD_SET_NAME;
    Slot f = gen_closure(g, ((Function *)p->value)->info, SLOT_ANY, p->kind == PROPERTY_METHOD ? name : NULL);
    gen_position(g, p->node.start);
    gen_emit(g, OP_INIT_METHOD, object, key, f, bits);
    gen_release(g, mark);
}

static void gen_member_of(Gen *g, Slot object, Property *p)
{
    const Name *name = gen_property_name(p);
    int32_t mark = gen_mark(g);
    if (p->kind >= PROPERTY_METHOD) {
        gen_method_member(g, object, p);
    } else if (ast_is_proto(p)) {
        Slot proto = gen_expr(g, p->value, SLOT_ANY);
        gen_emit(g, OP_INIT_PROTO, object, proto);
    } else if (name) {
        Slot v = gen_new_register(g);
        gen_named(g, p->value, v, name);
        gen_position(g, p->node.start);
        gen_emit(g, OP_INIT_PROP, object, gen_cache(g, name), v);
    } else {
        Slot key = gen_key(g, p->key, p->computed, SLOT_ANY), v = gen_new_register(g);
        gen_expr(g, p->value, v);
        gen_position(g, p->node.start);
        if (gen_is_anonymous_function(p->value)) gen_emit(g, OP_SET_NAME, v, key, 0);
        gen_emit(g, OP_INIT_ELEM, object, key, v);
    }
    gen_release(g, mark);
}

Slot gen_object(Gen *g, ObjectLiteral *n, Slot dst)
{
    dst = gen_dst(g, dst);
    gen_position(g, n->node.start);
    if (gen_is_simple_object(n)) {
        gen_simple_object(g, n, dst);
        return dst;
    }
    int32_t mark = gen_mark(g);
    Slot object = gen_new_register(g);                   // values to come must not see it half made
    gen_enter_scope(g, n->scope);
    gen_emit(g, OP_NEW_OBJECT, object, gen_add_constant(g, (UnitConstant){ .kind = CONSTANT_NAMES, .index = n->members.count,
                                                                           .list = gen_list(g, 0) }));
    if (n->scope && n->scope->home) gen_initialize(g, n->scope->home, object);
    for (uint32_t i = 0; i < n->members.count; i++) {
        Node *member = n->members.items[i];
        if (member->kind == NODE_SPREAD) {
            int32_t spread_mark = gen_mark(g);
            Slot v = gen_expr(g, ((Spread *)member)->argument, SLOT_ANY);
            gen_position(g, member->start);
            gen_emit(g, OP_COPY_PROPS, object, v);
            gen_release(g, spread_mark);
        } else {
            gen_member_of(g, object, (Property *)member);
        }
    }
    gen_move(g, dst, object);
    gen_leave_scope(g, n->scope);
    gen_release(g, mark);
    return dst;
}
