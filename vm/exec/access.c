/* SPDX-License-Identifier: MIT */
#include "vm/exec/access.h"

#include "vm/exec/frames.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/object/primitive.h"
#include "vm/object/typed_array.h"
#include "vm/value/number.h"

static bool access_is_strict(const Goroutine *g)
{
    return (frames_code(g->fp)->flags & UNIT_IS_STRICT) != 0;
}

/* The result of a refused operation: TypeError in strict code, nothing otherwise. */
static bool access_refused(Goroutine *g, const char *format, PropertyKey key, Value v)
{
    if (!access_is_strict(g)) return true;
    return error_throw_bool(g, ERROR_TYPE, format, key, v);
}

bool access_throw_dead_zone(Goroutine *g, Value name)
{
    return error_throw_bool(g, ERROR_REFERENCE, "Cannot access '%S' before initialization", string_of(name));
}

/* ---- named loads ---------------------------------------------------------------------------------------------- */

/* A handler that calls a getter or computes; VALUE_HOLE when it is no longer valid. */
static Value access_run_handler(Goroutine *g, const Handler *handler, Value v)
{
    Cell *c = value_cell(v);
    Value quick = access_try_handler(handler, c);
    if (quick != VALUE_THROWN) return quick;
    if (!atomic_get_acquire(&handler->is_valid)) return VALUE_HOLE;    // pairs with cache_prototype_changed
    switch (handler->kind) {
    case HANDLER_GETTER:
        return value_is_undefined(handler->value) ? VALUE_UNDEFINED : callable_call0(g, handler->value, v);
    case HANDLER_OWN_GETTER: {
        Value getter = cache_own_accessor((Object *)c, handler)->getter;
        return value_is_undefined(getter) ? VALUE_UNDEFINED : callable_call0(g, getter, v);
    }
    case HANDLER_ARRAY_LENGTH:  return value_from_uint32(atomic_get_relaxed(&((const Array *)c)->length));
    case HANDLER_STRING_LENGTH: return value_from_int((int32_t)((const String *)c)->length);
    default:                    return VALUE_HOLE;
    }
}

static Value access_run_word(Goroutine *g, uint64_t word, Value v)
{
    int32_t payload = cache_payload(word);
    if (payload >= 0) return cell_slot_get((const Value *)((const char *)value_cell(v) + payload));
    return access_run_handler(g, cache_handler(g->vm, payload), v);
}

Value access_get(Goroutine *g, Value v, InlineCache *ic, PropertyKey name)
{
    if (UNLIKELY(!value_is_cell(v))) return object_get_of(g, v, name);
    uint32_t shape = atomic_get_dependent(&value_cell(v)->shape);
    uint64_t word = atomic_get_dependent(&ic->word);
    if ((uint32_t)word != shape) word = cache_probe(g->vm, ic, shape, name, false);
    if (word) {
        Value found = access_run_word(g, word, v);
        if (found != VALUE_HOLE) return found;
    }
    Object *start = value_is_object(v) ? object_of(v) : primitive_prototype(g, v);
    cache_learn_load(&g->heap, ic, v, start, name);
    return object_get_of(g, v, name);
}

/* ---- named stores ------------------------------------------------------------------------------------------------ */

static bool access_set_primitive(Goroutine *g, Value target, PropertyKey key, Value v)
{
    if (value_is_nullish(target))
        return error_throw_bool(g, ERROR_TYPE, "Cannot set properties of %V (setting '%K')", target, key);
    Tri done = object_set_with(g, primitive_prototype(g, target), key, v, target);
    if (done != TRI_FALSE) return done == TRI_TRUE;
    return access_refused(g, "Cannot create property '%K' on %V", key, target);
}

static bool access_set_object(Goroutine *g, Object *o, PropertyKey key, Value v)
{
    Tri done = object_set_with(g, o, key, v, value_from_cell(o));
    if (done != TRI_FALSE) return done == TRI_TRUE;
    return access_refused(g, "Cannot assign to read only property '%K' of object %V", key, value_from_cell(o));
}

/* Is `now` still the addition to `o` that `then` was? A collection may have freed it, with the shape, and both numbers
 * may be another's. */
static bool access_is_same_addition(const Vm *vm, const Object *o, const Handler *now, const Handler *then)
{
    bool valid = atomic_get_acquire(&now->is_valid);     // pairs with cache_prototype_changed
    bool follows = shape_at(vm, then->shape)->parent == atomic_get_relaxed(&o->cell.shape);
    return valid && follows && now->kind == HANDLER_ADD && now->key == then->key && now->shape == then->shape
        && now->depth == then->depth && now->offset == then->offset;
}

/* Of access_try_store: allocation may collect, so the handler and its shape are looked at again, and `o` may be old. */
bool access_add_first_chunk(LocalHeap *h, const Handler *handler, Object *o, Value v)
{
    Handler then = *handler;
    object_ensure_chunk(h, o);
    if (!access_is_same_addition(h->vm, o, handler, &then)) return false;
    barrier_store(h, o, cache_own_slot(o, &then), v);
    object_set_shape(h, o, shape_at(h->vm, then.shape));
    return true;
}

/* The addition that a handler describes, to a shared object without other flags. Others may add, too. */
static bool access_add_shared(LocalHeap *h, const Handler *handler, uint32_t shape, Object *o, Value v)
{
    Handler then = *handler;
    ObjectChange change = object_enter(h, o, false);
    if (then.depth) object_ensure_chunk(h, o);
    bool fits = atomic_get_relaxed(&o->cell.shape) == shape && !(object_flags(o) & ~(CELL_SHARED | CELL_OLD_CLEAN))
        && access_is_same_addition(h->vm, o, handler, &then);
    if (fits) {
        barrier_store(h, o, cache_own_slot(o, &then), v);
        object_set_shape(h, o, shape_at(h->vm, then.shape));
    }
    object_leave(h, o, change);
    return fits;
}

/* The store that `word`, of the shape of `o`, describes, with `o` shared and without other flags. The shape was
 * compared since the thread stopped last, so the slot is still the property's. */
static bool access_store_shared(Goroutine *g, uint64_t word, Object *o, Value v)
{
    LocalHeap *h = &g->heap;
    int32_t payload = cache_payload(word);
    if (payload >= 0) {
        barrier_store(h, o, (Value *)((char *)o + payload), v);
        return true;
    }
    const Handler *handler = cache_handler(g->vm, payload);
    if (!atomic_get_acquire(&handler->is_valid)) return false;   // pairs with cache_prototype_changed
    switch (handler->kind) {
    case HANDLER_ADD:   return access_add_shared(h, handler, (uint32_t)word, o, v);
    case HANDLER_CHUNK: barrier_store(h, o, cache_own_slot(o, handler), v); return true;
    case HANDLER_SLOT:  barrier_store(h, o, handler->address, v); return true;
    default:            return false;
    }
}

/* The setter to call that `handler` names for `o`; undefined: none. */
static Value access_setter(const Handler *handler, Object *o)
{
    if (!atomic_get_acquire(&handler->is_valid)) return VALUE_UNDEFINED;    // pairs with cache_prototype_changed
    if (handler->kind == HANDLER_SETTER) return handler->value;
    if (handler->kind == HANDLER_OWN_SETTER) return cache_own_accessor(o, handler)->setter;
    return VALUE_UNDEFINED;
}

/* Use what the site knows; TRI_FALSE: nothing fits. */
static Tri access_set_cached(Goroutine *g, Object *o, const InlineCache *ic, PropertyKey name, Value v)
{
    uint64_t word = atomic_get_dependent(&ic->word), header = atomic_get_dependent(&o->cell.word);
    if ((uint32_t)word != (uint32_t)header) word = cache_probe(g->vm, ic, (uint32_t)header, name, true);
    if (!word) return TRI_FALSE;
    int32_t payload = cache_payload(word);
    uint32_t flags = (uint32_t)((header & CELL_STORE_MASK) >> 32);
    if (flags == CELL_OLD_CLEAN << 8) {
        barrier_note(&g->heap, o, v);
        flags = 0;
    }
    bool plain = !flags;
    if (payload >= 0) {
        if (plain) cell_slot_set((Value *)((char *)o + payload), v);
        return tri_from_bool(plain || (flags == CELL_SHARED << 8 && access_store_shared(g, word, o, v)));
    }
    const Handler *handler = cache_handler(g->vm, payload);
    Value setter = access_setter(handler, o);
    if (!value_is_undefined(setter))
        return callable_call1(g, setter, value_from_cell(o), v) == VALUE_THROWN ? TRI_THROWN : TRI_TRUE;
    if (plain) {
        if (handler->kind == HANDLER_ADD) shape_note(&g->heap, handler->shape);      // `o` may be old
        return tri_from_bool(access_try_store(&g->heap, handler, o, v));
    }
    return tri_from_bool(flags == CELL_SHARED << 8 && access_store_shared(g, word, o, v));
}

bool access_set(Goroutine *g, Value target, InlineCache *ic, PropertyKey name, Value v)
{
    if (UNLIKELY(!value_is_object(target))) return access_set_primitive(g, target, name, v);
    Object *o = object_of(target);
    if (ASK_BOOL(access_set_cached(g, o, ic, name, v))) return true;
    uint32_t before = atomic_get_dependent(&o->cell.shape);
    uint32_t count = atomic_get_relaxed(&shape_at(g->vm, before)->count);
    cache_learn_store(&g->heap, ic, o, name);
    if (!access_set_object(g, o, name, v)) return false;
    const Shape *after = object_shape(g->vm, o);
    if (shape_number(after) != before && atomic_get_relaxed(&after->count) == count + 1) cache_learn_add(&g->heap, ic, o, before, name);
    return true;
}

bool access_define(Goroutine *g, Object *o, InlineCache *ic, PropertyKey name, Value v)
{
    uint64_t header = atomic_get_dependent(&o->cell.word);
    uint32_t before = (uint32_t)header;
    if (access_try_add(g, cache_probe(g->vm, ic, before, name, true), header, o, v)) return true;
    if (!object_create_data_property_or_throw(g, o, name, v)) return false;
    if (atomic_get_relaxed(&o->cell.shape) != before) cache_learn_add(&g->heap, ic, o, before, name);
    return true;
}

/* ---- elements ---------------------------------------------------------------------------------------------------- */

Value access_try_get_element(Goroutine *g, const Cell *c, uint32_t i)
{
    if (c->kind < KIND_FIRST_NOT_STRING) {
        String *s = (String *)c;
        if (i >= s->length) return VALUE_THROWN;
        return value_from_cell(string_from_unit(&g->heap, string_unit_at(&g->heap, s, i)));
    }
    if (c->kind >= KIND_FIRST_TYPED_ARRAY && c->kind <= KIND_LAST_TYPED_ARRAY) {
        Value v = typed_array_try_get(&g->heap, (const TypedArray *)c, i);
        return v == VALUE_HOLE ? VALUE_THROWN : v;
    }
    if (c->kind == KIND_ARGUMENTS) {
        Value v = elements_try_get((const Array *)c, i);
        return v == VALUE_HOLE ? VALUE_THROWN : v;
    }
    return VALUE_THROWN;
}

/* An object with own dense elements, no exotic kind. */
static Value access_get_own_element(LocalHeap *h, Object *o, uint32_t i)
{
    PropertyRef ref;
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    if (ops && (ops->get_own || ops->get)) return VALUE_HOLE;
    if (!elements_find(h, o, i, &ref) || (ref.attributes & PROPERTY_ACCESSOR)) return VALUE_HOLE;
    return ref.value;
}

Value access_element_key(Goroutine *g, Value v, Value key)
{
    if (value_is_nullish(v)) return error_throw(g, ERROR_TYPE, "Cannot read properties of %V", v);
    PropertyKey k = TRY(convert_to_property_key(g, key));
    return convert_key_to_value(&g->heap, k);
}

Value access_get_element(Goroutine *g, Value v, Value key)
{
    uint32_t i;
    if (value_is_cell(v)) {
        bool is_index = value_is_int(key) ? (i = (uint32_t)value_int(key), value_int(key) >= 0)
                                          : value_is_double(key) && number_is_index(value_double(key), &i);
        if (is_index) {
            Value element = access_try_get_element(g, value_cell(v), i);
            if (element != VALUE_THROWN) return element;
            if (value_is_object(v)) {
                element = access_get_own_element(&g->heap, object_of(v), i);
                if (element != VALUE_HOLE) return element;
            }
            return object_get_of(g, v, key_from_index(i));
        }
    }
    if (value_is_nullish(v)) {
        if (value_is_object(key)) return error_throw(g, ERROR_TYPE, "Cannot read properties of %V", v);
    }
    PropertyKey k = TRY(convert_to_property_key(g, key));
    return object_get_of(g, v, k);
}

static bool access_has_plain_elements(const Goroutine *g, const Object *o)
{
    if (o->cell.kind != KIND_ARRAY && o->cell.kind != KIND_OBJECT && o->cell.kind != KIND_ARGUMENTS) return false;
    return !(object_flags(o) & ~(CELL_OLD_CLEAN | CELL_SHARED)) && atomic_get_relaxed(&g->vm->no_indexed_prototypes);
}

/* Append or fill a hole of a plain extensible array without user code. */
static bool access_try_put_element(Goroutine *g, Object *o, uint32_t i, Value v)
{
    LocalHeap *h = &g->heap;
    if (!access_has_plain_elements(g, o)) return false;
    PropertyRef ref;
    bool overwrites = cell_is_shared(&o->cell) && o->cell.kind != KIND_OBJECT;
    if (overwrites && elements_try_overwrite(h, (Array *)o, i, v)) return true;
    ObjectChange change = object_enter(h, o, false);
    bool plain = access_has_plain_elements(g, o);                // again: entering may have waited
    if (plain && elements_find(h, o, i, &ref) && ref.attributes != PROPERTY_DEFAULT) plain = false;
    bool done = plain && elements_put(h, o, i, v);
    object_leave(h, o, change);
    return done;
}

bool access_set_element(Goroutine *g, Value target, Value key, Value v)
{
    uint32_t i;
    bool is_index = value_is_int(key) ? (i = (uint32_t)value_int(key), value_int(key) >= 0)
                                      : value_is_double(key) && number_is_index(value_double(key), &i);
    if (is_index && value_is_object(target)) {
        Object *o = object_of(target);
        if (typed_array_is(target) && !((TypedArray *)o)->buffer->is_immutable) return typed_array_set(g, (TypedArray *)o, i, v);
        if (access_try_put_element(g, o, i, v)) return true;
        return access_set_object(g, o, key_from_index(i), v);
    }
    if (value_is_nullish(target) && value_is_object(key)) return access_set_primitive(g, target, g->vm->empty_string, v);
    PropertyKey k = TRY_BOOL(convert_to_property_key(g, key));
    if (!value_is_object(target)) return access_set_primitive(g, target, k, v);
    return access_set_object(g, object_of(target), k, v);
}

/* ---- delete, super ----------------------------------------------------------------------------------------------- */

Tri access_delete(Goroutine *g, Value v, PropertyKey key)
{
    Object *o = object_of(TRY_TRI(convert_to_object(g, v)));
    if (ASK_TRI(object_delete(g, o, key))) return TRI_TRUE;
    if (!access_refused(g, "Cannot delete property '%K' of %V", key, v)) return TRI_THROWN;
    return TRI_FALSE;
}

Tri access_delete_element(Goroutine *g, Value v, Value key)
{
    if (value_is_nullish(v)) return error_throw_tri(g, ERROR_TYPE, "Cannot convert undefined or null to object");
    PropertyKey k = TRY_TRI(convert_to_property_key(g, key));
    return access_delete(g, v, k);
}

/* The prototype is read before the key is converted (13.3.7.1). */
Value access_get_super(Goroutine *g, Value proto, Value key, Value receiver)
{
    PropertyKey k = TRY(convert_to_property_key(g, key));
    if (!value_is_object(proto)) return object_get_of(g, proto, k);
    return object_get_with(g, object_of(proto), k, receiver);
}

bool access_set_super(Goroutine *g, Value proto, Value key, Value receiver, Value v)
{
    PropertyKey k = TRY_BOOL(convert_to_property_key(g, key));
    if (!value_is_object(proto)) return access_set_primitive(g, proto, k, v);
    Tri done = object_set_with(g, object_of(proto), k, v, receiver);
    if (done != TRI_FALSE) return done == TRI_TRUE;
    return access_refused(g, "Cannot assign to read only property '%K' of object %V", k, receiver);
}
