/* SPDX-License-Identifier: MIT */
/* gen_pattern.c - code for destructuring. */
#include "compiler/codegen_int.h"

enum { SWAP_MOST = 8 };

/* Store `value` in what a pattern's leaf names, or take it apart further. */
void gen_target(Gen *g, Node *target, Slot value, bool initialize)
{
    int32_t mark = gen_mark(g);
    if (target->kind == NODE_ARRAY_PATTERN || target->kind == NODE_OBJECT_PATTERN) {
        gen_pattern(g, target, value, initialize);
    } else if (target->kind == NODE_IDENTIFIER) {
        gen_store_name(g, (Identifier *)target, value, initialize);
    } else {
        Reference r = gen_reference(g, target, NULL);
        gen_reference_set(g, &r, value);
    }
    gen_release(g, mark);
}

static bool gen_is_pattern(const Node *node)
{
    return node->kind == NODE_ARRAY_PATTERN || node->kind == NODE_OBJECT_PATTERN;
}

/* A leaf's reference is evaluated before its value is fetched (13.15.5.3). */
static Reference gen_leaf_reference(Gen *g, Node *target, Node *initializer)
{
    Reference r = { .kind = REFERENCE_NAME };
    if (!gen_is_pattern(target)) r = gen_reference(g, target, initializer ? initializer : target);
    return r;
}

/* Is the leaf's value the first one of a name that is where it was declared? A var may be a property of a `with`
 * object. */
static bool gen_initializes(const Node *target, bool initialize)
{
    const Identifier *id = (const Identifier *)target;
    bool elsewhere = target->kind == NODE_IDENTIFIER && id->scope && id->binding && id->binding->kind == BINDING_VAR;
    return initialize && !elsewhere;
}

static void gen_default(Gen *g, Node *initializer, Node *target, Slot value)
{
    Label there = { .position = -1 };
    if (!initializer) return;
    gen_jump(g, OP_JUMP_DEFINED, &there, value, 0);
    bool names = target->kind == NODE_IDENTIFIER && gen_is_anonymous_function(initializer) && !(target->flags & FLAG_PARENTHESIZED);
    if (names) gen_named(g, initializer, value, ((Identifier *)target)->name);
    else gen_expr(g, initializer, value);
    gen_bind(g, &there);
}

static void gen_store_leaf(Gen *g, Node *target, const Reference *r, Slot value, bool initialize)
{
    if (gen_is_pattern(target) || initialize) gen_target(g, target, value, initialize);
    else gen_reference_set(g, r, value);
}

static void gen_object_pattern(Gen *g, ObjectPattern *p, Slot value, bool initialize)
{
    bool has_rest = p->properties.count && p->properties.items[p->properties.count - 1]->kind == NODE_REST;
    uint32_t keys = has_rest ? p->properties.count - 1 : 0;
    Slot first = SLOT_ANY;
    gen_position(g, p->node.start);
    gen_emit(g, OP_REQUIRE_OBJECT_COERCIBLE, value);
    if (keys) first = gen_new_registers(g, keys) - (Slot)keys + 1;      // key i in first + i
    for (uint32_t i = 0; i < p->properties.count; i++) {
        int32_t mark = gen_mark(g);
        Node *node = p->properties.items[i];
        if (node->kind == NODE_REST) {
            Node *target = ((Rest *)node)->target;
            bool first_value = gen_initializes(target, initialize);
            Reference r = first_value ? (Reference){ 0 } : gen_leaf_reference(g, target, NULL);
            Slot rest = gen_new_register(g);
            gen_emit(g, OP_COPY_REST, rest, value, keys ? first - 1 : value, keys);
            gen_store_leaf(g, target, &r, rest, first_value);
            gen_release(g, mark);
            continue;
        }
        PatternProperty *property = (PatternProperty *)node;
        const Name *name = property->key->kind == NODE_STRING && !property->computed ? ((StringLiteral *)property->key)->value : NULL;
        if (name && gen_is_index_name(name)) name = NULL;
        Slot key = SLOT_ANY;
        if (keys || !name) {
            key = gen_key(g, property->key, property->computed, keys ? first + (Slot)i : gen_new_register(g));
        }
        bool first_value = gen_initializes(property->target, initialize);
        Reference r = first_value ? (Reference){ 0 } : gen_leaf_reference(g, property->target, property->initializer);
        Slot v = gen_new_register(g);
        gen_position(g, property->key->start);
        if (name) gen_emit(g, OP_GET_PROP, v, value, gen_cache(g, name));
        else gen_emit(g, OP_GET_ELEM, v, value, key, gen_feedback(g));
        gen_default(g, property->initializer, property->target, v);
        gen_store_leaf(g, property->target, &r, v, first_value);
        gen_release(g, mark);
    }
}

/* While the iterator is open, an exception from anything but the iterator itself closes it; `done` tells which. */
static void gen_array_pattern(Gen *g, ArrayPattern *p, Slot value, bool initialize)
{
    Exit e = { 0 };
    Label exhausted = { .position = -1 }, end = { .position = -1 };
    Slot iterator = gen_new_registers(g, 2), done = gen_new_register(g);
    gen_position(g, p->node.start);
    gen_emit(g, OP_GET_ITERATOR, iterator, value);
    gen_load_small(g, done, SMALL_FALSE);
    gen_push_exit(g, &e, EXIT_ITERATOR);
    e.iterator = iterator;
    e.done = done;
    gen_open_range(g, &e);
    for (uint32_t i = 0; i < p->elements.count; i++) {
        int32_t mark = gen_mark(g);
        Node *node = p->elements.items[i];
        Node *target = !node ? NULL : node->kind == NODE_REST ? ((Rest *)node)->target : ((PatternElement *)node)->target;
        Node *initializer = node && node->kind == NODE_PATTERN_ELEMENT ? ((PatternElement *)node)->initializer : NULL;
        bool first_value = target && gen_initializes(target, initialize);
        Reference r = target && !first_value ? gen_leaf_reference(g, target, initializer) : (Reference){ 0 };
        Slot v = gen_new_register(g);
        Label skip = { .position = -1 }, next = { .position = -1 };
        gen_position(g, node ? node->start : p->node.start);
        bool rest = node && node->kind == NODE_REST;
        if (rest) {
            Label none = { .position = -1 };
            gen_emit(g, OP_NEW_ARRAY, v, v, 0);
            gen_jump(g, OP_JUMP_TRUE, &none, done, 0);
            gen_load_small(g, done, SMALL_TRUE);
            gen_emit(g, OP_ITERATOR_REST, v, iterator);
            gen_bind(g, &none);
        } else {
            gen_load_small(g, v, SMALL_UNDEFINED);
            gen_jump(g, OP_JUMP_TRUE, &skip, done, 0);
            gen_load_small(g, done, SMALL_TRUE);             // an exception of next itself leaves it done
            gen_jump(g, OP_ITERATOR_NEXT, &next, v, iterator);
            gen_load_small(g, done, SMALL_FALSE);
            gen_bind(g, &next);
            gen_bind(g, &skip);
        }
        if (target) {
            gen_default(g, initializer, target, v);
            gen_store_leaf(g, target, &r, v, first_value);
        }
        gen_release(g, mark);
    }
    gen_close_range(g, &e);
    gen_pop_exit(g);
    gen_jump(g, OP_JUMP_TRUE, &end, done, 0);
    gen_emit(g, OP_ITERATOR_CLOSE, iterator, 0);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind_handlers(g, &e);
    int32_t mark = gen_mark(g);
    Slot exception = gen_new_register(g);
    gen_emit(g, OP_CATCH, exception);
    gen_jump(g, OP_JUMP_TRUE, &exhausted, done, 0);
    gen_emit(g, OP_ITERATOR_CLOSE, iterator, 1);
    gen_bind(g, &exhausted);
    gen_emit(g, OP_THROW, exception);
    gen_release(g, mark);
    gen_bind(g, &end);
}

void gen_pattern(Gen *g, Node *pattern, Slot value, bool initialize)
{
    int32_t mark = gen_mark(g);
    if (pattern->kind == NODE_ARRAY_PATTERN) gen_array_pattern(g, (ArrayPattern *)pattern, value, initialize);
    else gen_object_pattern(g, (ObjectPattern *)pattern, value, initialize);
    gen_release(g, mark);
}

/* ---- a pattern from a literal ------------------------------------------------------------------------------------- */

/* Can code for it be generated twice, for two ways of which one is gone? */
static bool gen_is_repeatable(const Node *node)
{
    switch (node->kind) {
    case NODE_IDENTIFIER: case NODE_THIS: case NODE_NUMBER: case NODE_STRING: return true;
    case NODE_MEMBER: return gen_is_repeatable(((const Member *)node)->object);
    case NODE_INDEX:
        return gen_is_repeatable(((const Index *)node)->object) && gen_is_repeatable(((const Index *)node)->index);
    case NODE_BINARY:
        return gen_is_repeatable(((const Binary *)node)->left) && gen_is_repeatable(((const Binary *)node)->right);
    default: return false;
    }
}

static bool gen_is_swap_pattern(const ArrayPattern *p)
{
    for (uint32_t i = 0; i < p->elements.count; i++) {
        const PatternElement *e = (const PatternElement *)p->elements.items[i];
        if (!e || e->node.kind != NODE_PATTERN_ELEMENT || e->initializer || !gen_is_repeatable(e->target)) return false;
    }
    return true;
}

static bool gen_is_swap(const Assign *n)
{
    if (n->op != TOKEN_ASSIGN || n->target->kind != NODE_ARRAY_PATTERN || n->value->kind != NODE_ARRAY) return false;
    const NodeList *values = &((const ArrayLiteral *)n->value)->elements, *targets = &((const ArrayPattern *)n->target)->elements;
    if (values->count == 0 || values->count != targets->count || values->count > SWAP_MOST) return false;
    for (uint32_t i = 0; i < values->count; i++)
        if (!values->items[i] || values->items[i]->kind == NODE_SPREAD) return false;
    return gen_is_swap_pattern((const ArrayPattern *)n->target);
}

/* [a, b] = [b, a] for its effect alone: as long as arrays iterate as they did at first, nobody sees the array. */
bool gen_swap(Gen *g, Assign *n)
{
    if (!gen_is_swap(n)) return false;
    Label changed = { .position = -1 }, end = { .position = -1 };
    NodeList values = ((ArrayLiteral *)n->value)->elements, targets = ((ArrayPattern *)n->target)->elements;
    Slot first = gen_new_registers(g, values.count) - (Slot)values.count + 1, array = gen_new_register(g);
    for (uint32_t i = 0; i < values.count; i++) {
        int32_t mark = gen_mark(g);
        gen_expr(g, values.items[i], first + (Slot)i);
        gen_release(g, mark);
    }
    gen_jump(g, OP_JUMP_ITERATION_CHANGED, &changed, 0, 0);
    for (uint32_t i = 0; i < targets.count; i++) gen_target(g, ((PatternElement *)targets.items[i])->target, first + (Slot)i, false);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &changed);
    gen_emit(g, OP_NEW_ARRAY, array, first - 1, values.count);
    gen_pattern(g, n->target, array, false);
    gen_bind(g, &end);
    return true;
}
