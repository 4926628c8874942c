/* SPDX-License-Identifier: MIT */
#include "vm/exec/atomic_update.h"

#include <string.h>

#include "gc/barrier.h"
#include "gc/publish.h"
#include "vm/exec/access.h"
#include "vm/exec/environment.h"
#include "vm/exec/frames.h"
#include "vm/exec/private_field.h"
#include "vm/object/convert.h"
#include "vm/object/elements.h"
#include "vm/object/kinds.h"
#include "vm/object/realm.h"
#include "vm/object/typed_array.h"
#include "vm/value/equal.h"
#include "vm/value/number.h"
#include "vm/value/symbol.h"

/* As barrier_store, but only over `old`. The exchange releases: it pairs with the address dependency of who loads. */
static bool atomic_update_slot(LocalHeap *h, void *container, Value *slot, Value old, Value v)
{
    if (cell_is_shared(container)) {
        publish_value(h, v);
        return atomic_cas(slot, &old, v);
    }
    if (cell_slot_get(slot) != old) return false;
    barrier_store(h, container, slot, v);
    return true;
}

bool atomic_update_box(LocalHeap *h, Box *box, Value old, Value v)
{
    return atomic_update_slot(h, box, &box->value, old, v);
}

/* ---- globals and properties ---------------------------------------------------------------------------- */

/* The slot of an own property that a store would go to with nothing else happening; NULL: there is none. */
static Value *atomic_update_find(LocalHeap *h, Object *o, PropertyKey key)
{
    PropertyRef ref;
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    if (ops && (ops->get_own || ops->set)) return NULL;
    if (!object_find_own(h, o, key, &ref) || !ref.address) return NULL;
    bool is_data = (ref.attributes & (PROPERTY_WRITABLE | PROPERTY_ACCESSOR)) == PROPERTY_WRITABLE;
    return is_data && ref.value != VALUE_HOLE ? ref.address : NULL;
}

/* With `o` entered: what was found before is looked for again. */
static bool atomic_update_entered(LocalHeap *h, Object *o, PropertyKey key, Value old, Value v)
{
    Value *slot = atomic_update_find(h, o, key);
    if (!slot || cell_slot_get(slot) != old) return false;
    if (value_is_callable(old)) object_announce(h, o, key);                 // object.h I2
    return atomic_update_slot(h, o, slot, old, v);
}

/* May the exchange in `slot`, of `key` in `o`, come without entering? Not of a function in a prototype, which inline
 * caches know by value. And not of an element, which may be on its way to another place: but from an array's vector it
 * is taken out, so that the exchange fails (elements.h I3). */
static bool atomic_update_may_come_late(const Object *o, PropertyKey key, const Value *slot, Value old)
{
    if ((object_flags(o) & OBJECT_IS_PROTOTYPE) && value_is_callable(old)) return false;
    if (!key_is_index(key)) return true;
    return elements_is_array_like(o) && elements_try_place((const Array *)o, key_index(key)) == slot;
}

/* Where the world is stopped for a prototype, it is from the announcement to the exchange, so that nobody learns the
 * old value in between; publishing may take long, and comes before. */
static bool atomic_update_own(LocalHeap *h, Object *o, PropertyKey key, Value *slot, Value old, Value v)
{
    if (atomic_update_may_come_late(o, key, slot, old)) return atomic_update_slot(h, o, slot, old, v);
    if (cell_is_shared(&o->cell)) publish_value(h, v);
    ObjectChange change = object_enter(h, o, false);
    bool done = atomic_update_entered(h, o, key, old, v);
    object_leave(h, o, change);
    return done;
}

Tri atomic_update_global(Goroutine *g, PropertyKey name, Value old, Value v)
{
    const Realm *realm = frames_code(g->fp)->realm;
    PropertyRef ref;
    bool is_lexical = object_find_own(&g->heap, realm->scope, name, &ref);
    Object *o = is_lexical ? realm->scope : realm->global;
    Value *slot = atomic_update_find(&g->heap, o, name);
    if (slot) return tri_from_bool(atomic_update_own(&g->heap, o, name, slot, old, v));
    return environment_set_global(g, NULL, name, v) ? TRI_TRUE : TRI_THROWN;
}

Tri atomic_update_property(Goroutine *g, Value target, PropertyKey name, Value old, Value v)
{
    if (value_is_object(target)) {
        Object *o = object_of(target);
        Value *slot = atomic_update_find(&g->heap, o, name);
        if (slot) return tri_from_bool(atomic_update_own(&g->heap, o, name, slot, old, v));
    }
    return access_set_element(g, target, convert_key_to_value(&g->heap, name), v) ? TRI_TRUE : TRI_THROWN;
}

/* ---- elements ------------------------------------------------------------------------------------------ */

#define ATOMIC_UPDATE_BITS(T)                                                                                       \
    ({                                                                                                              \
        T was_, is_;                                                                                                \
        memcpy(&was_, before, sizeof was_);                                                                         \
        memcpy(&is_, after, sizeof is_);                                                                            \
        __atomic_compare_exchange_n((T *)place, &was_, is_, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);             \
    })

static bool atomic_update_bits(uint8_t *place, int shift, const uint8_t *before, const uint8_t *after)
{
    switch (shift) {
    case 0:  return ATOMIC_UPDATE_BITS(uint8_t);
    case 1:  return ATOMIC_UPDATE_BITS(uint16_t);
    case 2:  return ATOMIC_UPDATE_BITS(uint32_t);
    default: return ATOMIC_UPDATE_BITS(uint64_t);
    }
}

/* Converting `v` comes first: it may run code that changes the buffer. Several bytes may stand for one value (NaN), so
 * what is there is compared as a value, and exchanged as bytes. */
static Tri atomic_update_typed(Goroutine *g, TypedArray *t, uint32_t i, Value old, Value v)
{
    CellKind kind = t->object.cell.kind;
    int shift = typed_array_shift(kind);
    _Alignas(8) uint8_t before[8], after[8] = { 0 };
    if (!typed_array_encode(g, kind, v, after)) return TRI_THROWN;
    if (i >= typed_array_length(t)) return TRI_TRUE;
    uint8_t *place = typed_array_place(t, i);
    uint64_t bits = buffer_load_element(place, shift);
    memcpy(before, &bits, sizeof bits);
    Value there = typed_array_decode(&g->heap, kind, before);
    if (value_is_double(old)) old = value_from_double(value_double(old));    // as it is decoded
    if (there != old && !(value_is_bigint(old) && equal_strict(&g->heap, there, old))) return TRI_FALSE;
    return tri_from_bool(atomic_update_bits(place, shift, before, after));
}

static bool atomic_update_is_index(Value key, uint32_t *i)
{
    if (!value_is_int(key)) return value_is_double(key) && number_is_index(value_double(key), i);
    *i = (uint32_t)value_int(key);
    return value_int(key) >= 0;
}

static Tri atomic_update_private(Goroutine *g, Value target, Value name, Value old, Value v)
{
    if (value_is_object(target)) {
        Value *slot = atomic_update_find(&g->heap, object_of(target), name);
        if (slot) return tri_from_bool(atomic_update_slot(&g->heap, object_of(target), slot, old, v));
    }
    return private_field_set(g, target, name, v, NULL) ? TRI_TRUE : TRI_THROWN;
}

Tri atomic_update_element(Goroutine *g, Value target, Value key, Value old, Value v)
{
    uint32_t i;
    if (value_is_symbol(key) && symbol_is_private((const Symbol *)value_cell(key)))
        return atomic_update_private(g, target, key, old, v);
    bool is_index = atomic_update_is_index(key, &i);
    if (is_index && typed_array_is(target) && !typed_array_of(target)->buffer->is_immutable)
        return atomic_update_typed(g, typed_array_of(target), i, old, v);
    if (!value_is_object(target)) return access_set_element(g, target, key, v) ? TRI_TRUE : TRI_THROWN;
    PropertyKey k = is_index ? key_from_index(i) : TRY_TRI(convert_to_property_key(g, key));
    return atomic_update_property(g, target, k, old, v);
}
