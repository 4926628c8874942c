/* SPDX-License-Identifier: MIT */
#include "vm/exec/private_field.h"

#include "gc/barrier.h"
#include "vm/bytecode/method_bits.h"
#include "vm/exec/access.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"

/* The accessor pair that the site knows, or NULL. */
static const Accessor *private_field_accessor(const Goroutine *g, const InlineCache *ic, Value v, Value name,
                                              HandlerKind kind)
{
    if (!value_is_object(v)) return NULL;
    Object *o = object_of(v);
    const Handler *handler = private_field_handler(g->vm, ic, atomic_get_dependent(&o->cell.shape), name,
                                                   kind == HANDLER_OWN_SETTER);
    return handler && handler->kind == kind ? cache_own_accessor(o, handler) : NULL;
}

static Value private_field_call_getter(Goroutine *g, const Accessor *pair, Value v, Value name)
{
    if (value_is_undefined(pair->getter))
        return error_throw(g, ERROR_TYPE, "'%K' was defined without a getter", name);
    return callable_call0(g, pair->getter, v);
}

static bool private_field_call_setter(Goroutine *g, const Accessor *pair, Value target, Value name, Value v)
{
    if (value_is_undefined(pair->setter))
        return error_throw_bool(g, ERROR_TYPE, "'%K' was defined without a setter", name);
    return callable_call1(g, pair->setter, target, v) != VALUE_THROWN;
}

Value private_field_get(Goroutine *g, Value v, Value name, InlineCache *ic)
{
    PropertyRef ref;
    const Accessor *known = private_field_accessor(g, ic, v, name, HANDLER_OWN_GETTER);
    if (known) return private_field_call_getter(g, known, v, name);
    if (!value_is_object(v) || !object_find_own(&g->heap, object_of(v), name, &ref))
        return error_throw(g, ERROR_TYPE,
                           "Cannot read private member %K from an object whose class did not declare it", name);
    cache_learn_private(&g->heap, ic, object_of(v), name, false);
    if (!(ref.attributes & PROPERTY_ACCESSOR)) return ref.value;
    return private_field_call_getter(g, (const Accessor *)value_cell(ref.value), v, name);
}

bool private_field_set(Goroutine *g, Value target, Value name, Value v, InlineCache *ic)
{
    PropertyRef ref;
    const Accessor *known = ic ? private_field_accessor(g, ic, target, name, HANDLER_OWN_SETTER) : NULL;
    if (known) return private_field_call_setter(g, known, target, name, v);
    if (!value_is_object(target) || !object_find_own(&g->heap, object_of(target), name, &ref))
        return error_throw_bool(g, ERROR_TYPE,
                                "Cannot write private member %K to an object whose class did not declare it", name);
    if (ref.attributes & PROPERTY_ACCESSOR) {
        if (ic) cache_learn_private(&g->heap, ic, object_of(target), name, true);
        return private_field_call_setter(g, (const Accessor *)value_cell(ref.value), target, name, v);
    }
    if (!(ref.attributes & PROPERTY_WRITABLE)) return error_throw_bool(g, ERROR_TYPE,
        "Private method '%K' is not writable", name);
    barrier_store(&g->heap, object_of(target), ref.address, v);
    if (ic) cache_learn_private(&g->heap, ic, object_of(target), name, true);
    return true;
}

/* ---- definition -------------------------------------------------------------------------------------------------- */

/* Is what is there the other half of the private accessor `bits` speaks of? */
static bool private_field_joins_accessor(const PropertyRef *there, uint32_t bits)
{
    if (!(there->attributes & PROPERTY_ACCESSOR) || !(bits & METHOD_SET_NAME)) return false;
    const Accessor *pair = (const Accessor *)value_cell(there->value);
    return value_is_undefined(bits & METHOD_GETTER ? pair->getter : pair->setter);
}

/* `old`: the other half, or NULL. */
static void private_field_define_accessor(LocalHeap *h, Object *o, Value name, Value v, uint32_t bits,
                                          const Accessor *old)
{
    Value getter = old ? old->getter : VALUE_UNDEFINED, setter = old ? old->setter : VALUE_UNDEFINED;
    if (bits & METHOD_GETTER) getter = v;
    else setter = v;
    object_define_accessor(h, o, name, getter, setter, 0);
}

/* Add a field or method that is not there, learning. */
static void private_field_add(LocalHeap *h, Object *o, Value name, Value v, uint32_t bits, InlineCache *ic)
{
    uint32_t before = atomic_get_dependent(&o->cell.shape);
    uint8_t attributes = bits & METHOD_PRIVATE ? 0 : PROPERTY_WRITABLE;
    object_add(h, o, name, v, attributes);
    cache_learn_private_add(h, ic, o, before, name, attributes);
}

/* The addition that the site has learned; false: it takes more. */
static bool private_field_try_add(Goroutine *g, Object *o, Value name, Value v, const InlineCache *ic)
{
    uint64_t header = atomic_get_dependent(&o->cell.word);
    if (header & CELL_STORE_MASK & ~(uint64_t)UINT32_MAX) return false;
    const Handler *handler = private_field_handler(g->vm, ic, (uint32_t)header, name, true);
    return handler && handler->kind == HANDLER_ADD && access_try_store(&g->heap, handler, o, v);
}

bool private_field_define(Goroutine *g, Value target, Value name, Value v, uint32_t bits, InlineCache *ic)
{
    LocalHeap *h = &g->heap;
    Object *o = object_of(target);
    if (private_field_try_add(g, o, name, v, ic)) return true;
    PropertyRef ref;
    bool there = object_find_own(h, o, name, &ref);
    bool accessor = (bits & (METHOD_GETTER | METHOD_SETTER)) != 0;
    if (there && !(accessor && private_field_joins_accessor(&ref, bits)))
        return error_throw_bool(g, ERROR_TYPE, "Cannot initialize %K twice on the same object", name);
    if (!there && !shape_is_extensible(object_shape(g->vm, o)))
        return error_throw_bool(g, ERROR_TYPE, "Cannot define private member %K, object is not extensible", name);
    if (accessor) private_field_define_accessor(h, o, name, v, bits, there ? (const Accessor *)value_cell(ref.value)
                                                : NULL);
    else private_field_add(h, o, name, v, bits, ic);
    return true;
}
