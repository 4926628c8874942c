/* SPDX-License-Identifier: MIT */
/* Every method asks the handler for its trap, falls back on the target without one, and proves that the trap's answer
 * breaks no invariant of the target (ECMA-262 10.5). */
#include "vm/object/proxy.h"

#include <stdlib.h>

#include "gc/barrier.h"
#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"
#include "vm/value/equal.h"
#include "vm/value/symbol.h"

static Proxy *proxy_of(Object *o)
{
    return (Proxy *)o;
}

Value proxy_target(Goroutine *g, Object *o)
{
    Value target = atomic_get_acquire(&proxy_of(o)->target);     // pairs with whoever revokes
    return value_is_null(target) ? error_throw(g, ERROR_TYPE, "Cannot perform an operation on a proxy that has been revoked") : target;
}

/* The trap, or undefined; `*target` and `*handler` as they are now. A chain of proxies recurses on the C stack. */
static Value proxy_trap(Goroutine *g, Object *o, const char *name, Value *target, Value *handler)
{
    char here;
    if (UNLIKELY(&here < g->native_limit)) return error_throw(g, ERROR_RANGE, "Maximum call stack size exceeded");
    *handler = atomic_get_acquire(&proxy_of(o)->handler);
    *target = TRY(proxy_target(g, o));
    return object_get_method(g, *handler, intern_key_text(&g->heap, name));
}

static bool proxy_violates(Goroutine *g, const char *trap, const char *what)
{
    return error_throw_bool(g, ERROR_TYPE, "proxy trap '%s' %s", trap, what);
}

/* Private names are properties of the proxy itself (7.3.27 PrivateElementFind). */
static bool proxy_is_private(PropertyKey key)
{
    return key_is_symbol(key) && symbol_is_private(symbol_of(key));
}

/* 10.5.1. */
static Value proxy_get_proto(Goroutine *g, Object *o)
{
    Value target, handler;
    Value trap = TRY(proxy_trap(g, o, "getPrototypeOf", &target, &handler));
    if (value_is_undefined(trap)) return object_get_proto(g, object_of(target));
    Value proto = TRY(callable_call1(g, trap, handler, target));
    if (!value_is_object(proto) && !value_is_null(proto)) {
        proxy_violates(g, "getPrototypeOf", "returned neither object nor null");
        return VALUE_THROWN;
    }
    if (ASK(object_is_extensible(g, object_of(target)))) return proto;
    Value real = TRY(object_get_proto(g, object_of(target)));
    if (real != proto) OK(proxy_violates(g, "getPrototypeOf", "did not return the prototype of its target, which is not extensible"));
    return proto;
}

/* 10.5.2. */
static Tri proxy_set_proto(Goroutine *g, Object *o, Value proto)
{
    Value target, handler;
    Value trap = TRY_TRI(proxy_trap(g, o, "setPrototypeOf", &target, &handler));
    if (value_is_undefined(trap)) return object_set_proto(g, object_of(target), proto);
    Value answer = TRY_TRI(callable_call2(g, trap, handler, target, proto));
    if (!convert_to_boolean(answer)) return TRI_FALSE;
    if (ASK_TRI(object_is_extensible(g, object_of(target)))) return TRI_TRUE;
    Value real = TRY_TRI(object_get_proto(g, object_of(target)));
    if (real != proto) OK_TRI(proxy_violates(g, "setPrototypeOf", "returned true for another prototype of a target that is not extensible"));
    return TRI_TRUE;
}

/* 10.5.3. */
static Tri proxy_is_extensible(Goroutine *g, Object *o)
{
    Value target, handler;
    Value trap = TRY_TRI(proxy_trap(g, o, "isExtensible", &target, &handler));
    if (value_is_undefined(trap)) return object_is_extensible(g, object_of(target));
    bool answer = convert_to_boolean(TRY_TRI(callable_call1(g, trap, handler, target)));
    if (answer != ASK_TRI(object_is_extensible(g, object_of(target))))
        OK_TRI(proxy_violates(g, "isExtensible", "does not say what its target says"));
    return tri_from_bool(answer);
}

/* 10.5.4. */
static Tri proxy_prevent_extensions(Goroutine *g, Object *o)
{
    Value target, handler;
    Value trap = TRY_TRI(proxy_trap(g, o, "preventExtensions", &target, &handler));
    if (value_is_undefined(trap)) return object_prevent_extensions(g, object_of(target));
    bool answer = convert_to_boolean(TRY_TRI(callable_call1(g, trap, handler, target)));
    if (answer && ASK_TRI(object_is_extensible(g, object_of(target))))
        OK_TRI(proxy_violates(g, "preventExtensions", "returned true although its target is extensible"));
    return tri_from_bool(answer);
}

/* CompletePropertyDescriptor (6.2.6.6). */
static void proxy_complete(Descriptor *d)
{
    bool accessor = descriptor_is_accessor(d);
    if (!(d->fields & DESCRIPTOR_HAS_VALUE)) d->value = VALUE_UNDEFINED;
    if (!(d->fields & DESCRIPTOR_HAS_GET)) d->getter = VALUE_UNDEFINED;
    if (!(d->fields & DESCRIPTOR_HAS_SET)) d->setter = VALUE_UNDEFINED;
    uint8_t known = 0;
    if (d->fields & DESCRIPTOR_HAS_WRITABLE) known |= PROPERTY_WRITABLE;
    if (d->fields & DESCRIPTOR_HAS_ENUMERABLE) known |= PROPERTY_ENUMERABLE;
    if (d->fields & DESCRIPTOR_HAS_CONFIGURABLE) known |= PROPERTY_CONFIGURABLE;
    d->attributes = (uint8_t)((d->attributes & known) | (accessor ? PROPERTY_ACCESSOR : 0));
    d->fields |= DESCRIPTOR_HAS_ENUMERABLE | DESCRIPTOR_HAS_CONFIGURABLE;
    d->fields |= accessor ? DESCRIPTOR_HAS_GET | DESCRIPTOR_HAS_SET : DESCRIPTOR_HAS_VALUE | DESCRIPTOR_HAS_WRITABLE;
}

/* What getOwnPropertyDescriptor said, against the target's property (10.5.5 from step 9). */
static bool proxy_check_described(Goroutine *g, Object *target, const Descriptor *said, bool there, const Descriptor *real)
{
    static const char trap[] = "getOwnPropertyDescriptor";
    bool extensible = ASK_BOOL(object_is_extensible(g, target));
    if (!object_is_compatible(g, extensible, said, there ? real : NULL)) return proxy_violates(g, trap, "returned a descriptor incompatible with its target's property");
    if (said->attributes & PROPERTY_CONFIGURABLE) return true;
    if (!there || (real->attributes & PROPERTY_CONFIGURABLE)) return proxy_violates(g, trap, "reported non-configurability of a property that is configurable or missing in its target");
    bool hides = descriptor_is_data(said) && !(said->attributes & PROPERTY_WRITABLE) && (real->attributes & PROPERTY_WRITABLE);
    return hides ? proxy_violates(g, trap, "reported a writable property of its target as non-writable") : true;
}

/* 10.5.5. */
static Tri proxy_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    Value target, handler;
    Descriptor real;
    if (proxy_is_private(key)) return object_ordinary_get_own(g, o, key, d);
    Value trap = TRY_TRI(proxy_trap(g, o, "getOwnPropertyDescriptor", &target, &handler));
    if (value_is_undefined(trap)) return object_get_own(g, object_of(target), key, d);
    Value said = TRY_TRI(callable_call2(g, trap, handler, target, convert_key_to_value(&g->heap, key)));
    if (!value_is_object(said) && !value_is_undefined(said))
        OK_TRI(proxy_violates(g, "getOwnPropertyDescriptor", "returned neither object nor undefined"));
    bool there = ASK_TRI(object_get_own(g, object_of(target), key, &real));
    if (value_is_undefined(said)) {
        if (!there) return TRI_FALSE;
        if (!(real.attributes & PROPERTY_CONFIGURABLE))
            OK_TRI(proxy_violates(g, "getOwnPropertyDescriptor", "returned undefined for a property that is not configurable"));
        if (!ASK_TRI(object_is_extensible(g, object_of(target))))
            OK_TRI(proxy_violates(g, "getOwnPropertyDescriptor", "returned undefined for a property of a target that is not extensible"));
        return TRI_FALSE;
    }
    OK_TRI(object_to_descriptor(g, said, d));
    proxy_complete(d);
    OK_TRI(proxy_check_described(g, object_of(target), d, there, &real));
    return TRI_TRUE;
}

static bool proxy_check_defined(Goroutine *g, Object *target, PropertyKey key, const Descriptor *d)
{
    static const char trap[] = "defineProperty";
    Descriptor real;
    bool there = ASK_BOOL(object_get_own(g, target, key, &real));
    bool extensible = ASK_BOOL(object_is_extensible(g, target));
    bool fixes = (d->fields & DESCRIPTOR_HAS_CONFIGURABLE) && !(d->attributes & PROPERTY_CONFIGURABLE);
    if (!there) {
        if (!extensible) return proxy_violates(g, trap, "returned true for adding a property to a target that is not extensible");
        return fixes ? proxy_violates(g, trap, "returned true for a non-configurable property that its target does not have") : true;
    }
    if (!object_is_compatible(g, extensible, d, &real)) return proxy_violates(g, trap, "returned true for a property incompatible with its target's");
    if (fixes && (real.attributes & PROPERTY_CONFIGURABLE)) return proxy_violates(g, trap, "returned true for a non-configurable property that its target has as configurable");
    bool freezes = descriptor_is_data(&real) && !(real.attributes & PROPERTY_CONFIGURABLE) && (real.attributes & PROPERTY_WRITABLE)
        && (d->fields & DESCRIPTOR_HAS_WRITABLE) && !(d->attributes & PROPERTY_WRITABLE);
    return freezes ? proxy_violates(g, trap, "returned true for making a property non-writable that stays writable in its target") : true;
}

/* 10.5.6. */
static Tri proxy_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    Value target, handler;
    if (proxy_is_private(key)) return object_ordinary_define_own(g, o, key, d);
    Value trap = TRY_TRI(proxy_trap(g, o, "defineProperty", &target, &handler));
    if (value_is_undefined(trap)) return object_define_own(g, object_of(target), key, d);
    Value described = TRY_TRI(object_from_descriptor(g, d));
    Value answer = TRY_TRI(callable_call3(g, trap, handler, target, convert_key_to_value(&g->heap, key), described));
    if (!convert_to_boolean(answer)) return TRI_FALSE;
    OK_TRI(proxy_check_defined(g, object_of(target), key, d));
    return TRI_TRUE;
}

/* 10.5.7. */
static Tri proxy_has(Goroutine *g, Object *o, PropertyKey key)
{
    Value target, handler;
    Descriptor real;
    if (proxy_is_private(key)) return object_ordinary_has(g, o, key);
    Value trap = TRY_TRI(proxy_trap(g, o, "has", &target, &handler));
    if (value_is_undefined(trap)) return object_has(g, object_of(target), key);
    if (convert_to_boolean(TRY_TRI(callable_call2(g, trap, handler, target, convert_key_to_value(&g->heap, key))))) return TRI_TRUE;
    if (!ASK_TRI(object_get_own(g, object_of(target), key, &real))) return TRI_FALSE;
    if (!(real.attributes & PROPERTY_CONFIGURABLE)) OK_TRI(proxy_violates(g, "has", "returned false for a property that is not configurable"));
    if (!ASK_TRI(object_is_extensible(g, object_of(target))))
        OK_TRI(proxy_violates(g, "has", "returned false for a property of a target that is not extensible"));
    return TRI_FALSE;
}

/* 10.5.8. */
static Value proxy_get(Goroutine *g, Object *o, PropertyKey key, Value receiver)
{
    Value target, handler;
    Descriptor real;
    if (proxy_is_private(key)) return object_ordinary_get(g, o, key, receiver);
    Value trap = TRY(proxy_trap(g, o, "get", &target, &handler));
    if (value_is_undefined(trap)) return object_get_with(g, object_of(target), key, receiver);
    Value v = TRY(callable_call3(g, trap, handler, target, convert_key_to_value(&g->heap, key), receiver));
    if (!ASK(object_get_own(g, object_of(target), key, &real)) || (real.attributes & PROPERTY_CONFIGURABLE)) return v;
    bool fixed = descriptor_is_data(&real) && !(real.attributes & PROPERTY_WRITABLE);
    if (fixed && !equal_same_value(&g->heap, v, real.value)) OK(proxy_violates(g, "get", "returned another value for a property that is neither writable nor configurable"));
    bool unreadable = descriptor_is_accessor(&real) && value_is_undefined(real.getter);
    if (unreadable && !value_is_undefined(v)) OK(proxy_violates(g, "get", "returned a value for an accessor without getter that is not configurable"));
    return v;
}

/* 10.5.9. */
static Tri proxy_set(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver)
{
    Value target, handler;
    Descriptor real;
    if (proxy_is_private(key)) return object_ordinary_set(g, o, key, v, receiver);
    Value trap = TRY_TRI(proxy_trap(g, o, "set", &target, &handler));
    if (value_is_undefined(trap)) return object_set_with(g, object_of(target), key, v, receiver);
    Value arguments[] = { target, convert_key_to_value(&g->heap, key), v, receiver };
    Value answer = TRY_TRI(callable_call(g, trap, handler, COUNT_OF(arguments), arguments));
    if (!convert_to_boolean(answer)) return TRI_FALSE;
    if (!ASK_TRI(object_get_own(g, object_of(target), key, &real)) || (real.attributes & PROPERTY_CONFIGURABLE)) return TRI_TRUE;
    bool fixed = descriptor_is_data(&real) && !(real.attributes & PROPERTY_WRITABLE);
    if (fixed && !equal_same_value(&g->heap, v, real.value))
        OK_TRI(proxy_violates(g, "set", "returned true for another value of a property that is neither writable nor configurable"));
    if (descriptor_is_accessor(&real) && value_is_undefined(real.setter))
        OK_TRI(proxy_violates(g, "set", "returned true for an accessor without setter that is not configurable"));
    return TRI_TRUE;
}

/* 10.5.10. */
static Tri proxy_delete(Goroutine *g, Object *o, PropertyKey key)
{
    Value target, handler;
    Descriptor real;
    Value trap = TRY_TRI(proxy_trap(g, o, "deleteProperty", &target, &handler));
    if (value_is_undefined(trap)) return object_delete(g, object_of(target), key);
    if (!convert_to_boolean(TRY_TRI(callable_call2(g, trap, handler, target, convert_key_to_value(&g->heap, key))))) return TRI_FALSE;
    if (!ASK_TRI(object_get_own(g, object_of(target), key, &real))) return TRI_TRUE;
    if (!(real.attributes & PROPERTY_CONFIGURABLE))
        OK_TRI(proxy_violates(g, "deleteProperty", "returned true for a property that is not configurable"));
    if (!ASK_TRI(object_is_extensible(g, object_of(target))))
        OK_TRI(proxy_violates(g, "deleteProperty", "returned true for a property of a target that is not extensible"));
    return TRI_TRUE;
}

/* ---- own keys (10.5.11) ------------------------------------------------------------------------------------------ */

/* The trap's answer as keys: strings and symbols only, none twice. */
static ValueList *proxy_keys_from(Goroutine *g, Value answer)
{
    if (!value_is_object(answer)) return proxy_violates(g, "ownKeys", "returned no object"), NULL;
    ValueList *keys = array_list_from_array_like(g, answer);
    if (!keys) return NULL;
    for (uint32_t i = 0; i < keys->count; i++) {
        Value k = keys->items[i];
        if (!value_is_string(k) && !value_is_symbol(k)) return proxy_violates(g, "ownKeys", "returned a key that is neither string nor symbol"), NULL;
        if (!value_is_string(k)) continue;
        PropertyKey key = intern_key(&g->heap, string_of(k));
        barrier_store(&g->heap, keys, &keys->items[i], key);
    }
    return keys;
}

static int proxy_compare_keys(const void *a, const void *b)
{
    Value x = *(const Value *)a, y = *(const Value *)b;
    return x < y ? -1 : x > y;
}

static ValueList *proxy_sorted(LocalHeap *h, const ValueList *keys)
{
    ValueList *sorted = list_new(h, keys->count);
    for (uint32_t i = 0; i < keys->count; i++) list_push(h, &sorted, keys->items[i]);
    qsort(sorted->items, sorted->count, sizeof(Value), proxy_compare_keys);
    return sorted;
}

static bool proxy_contains(const ValueList *sorted, PropertyKey key)
{
    return bsearch(&key, sorted->items, sorted->count, sizeof(Value), proxy_compare_keys) != NULL;
}

static bool proxy_check_keys(Goroutine *g, Object *target, const ValueList *keys)
{
    static const char trap[] = "ownKeys";
    ValueList *sorted = proxy_sorted(&g->heap, keys);
    for (uint32_t i = 1; i < sorted->count; i++)
        if (sorted->items[i] == sorted->items[i - 1]) return proxy_violates(g, trap, "returned a key twice");
    bool extensible = ASK_BOOL(object_is_extensible(g, target));
    ValueList *real = object_own_keys(g, target, KEYS_ALL);
    if (!real) return false;
    for (uint32_t i = 0; i < real->count; i++) {
        Descriptor d;
        bool there = ASK_BOOL(object_get_own(g, target, real->items[i], &d));
        bool must = !extensible || (there && !(d.attributes & PROPERTY_CONFIGURABLE));
        if (must && !proxy_contains(sorted, real->items[i])) return proxy_violates(g, trap, "left out a key that it must report");
    }
    if (!extensible && keys->count != real->count) return proxy_violates(g, trap, "returned a key that its target, which is not extensible, does not have");
    return true;
}

static bool proxy_own_keys(Goroutine *g, Object *o, ValueList **keys)
{
    Value target, handler;
    Value trap = TRY_BOOL(proxy_trap(g, o, "ownKeys", &target, &handler));
    if (value_is_undefined(trap)) {
        *keys = object_own_keys(g, object_of(target), KEYS_ALL);
        return *keys != NULL;
    }
    Value answer = TRY_BOOL(callable_call1(g, trap, handler, target));
    *keys = proxy_keys_from(g, answer);
    return *keys && proxy_check_keys(g, object_of(target), *keys);
}

const ObjectOps proxy_ops = {
    .get_own = proxy_get_own,
    .define_own = proxy_define_own,
    .has = proxy_has,
    .get = proxy_get,
    .set = proxy_set,
    .delete_own = proxy_delete,
    .own_keys = proxy_own_keys,
    .get_proto = proxy_get_proto,
    .set_proto = proxy_set_proto,
    .is_extensible = proxy_is_extensible,
    .prevent_extensions = proxy_prevent_extensions,
};

/* ---- calls (10.5.12, 10.5.13), creation -------------------------------------------------------------------------- */

static Value proxy_arguments(Goroutine *g, uint32_t count, const Value *arguments)
{
    Array *a = array_from_values(g, count, arguments);
    return a ? value_from_cell(a) : VALUE_THROWN;
}

Value proxy_call(Goroutine *g, Object *o, Value self, uint32_t count, const Value *arguments, Value new_target)
{
    Value target, handler;
    bool constructs = !value_is_undefined(new_target);
    Value trap = TRY(proxy_trap(g, o, constructs ? "construct" : "apply", &target, &handler));
    if (value_is_undefined(trap) && constructs) return callable_construct(g, target, count, arguments, new_target);
    if (value_is_undefined(trap)) return callable_call(g, target, self, count, arguments);
    Value list = TRY(proxy_arguments(g, count, arguments));
    if (!constructs) return callable_call3(g, trap, handler, target, self, list);
    Value made = TRY(callable_call3(g, trap, handler, target, list, new_target));
    if (!value_is_object(made)) OK(proxy_violates(g, "construct", "returned no object"));
    return made;
}

bool proxy_is_constructor(const Object *o)
{
    return value_bool(((const Proxy *)o)->is_constructor);
}

Value proxy_create(Goroutine *g, Value target, Value handler)
{
    if (!value_is_object(target) || !value_is_object(handler))
        return error_throw(g, ERROR_TYPE, "Cannot create proxy with a non-object as target or handler");
    CellKind kind = value_is_callable(target) ? KIND_CALLABLE_PROXY : KIND_PROXY;
    Proxy *p = object_alloc(&g->heap, object_root_shape(&g->heap, kind, VALUE_NULL, 0), sizeof *p);
    p->target = target;
    p->handler = handler;
    p->is_constructor = value_from_bool(callable_is_constructor(target));
    return value_from_cell(p);
}
