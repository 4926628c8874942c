/* SPDX-License-Identifier: MIT */
#include "vm/exec/compare.h"

#include "vm/exec/frames.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"
#include "vm/value/equal.h"

Tri compare_less(Goroutine *g, Value a, Value b)
{
    return convert_less_than(g, a, b, true, NULL);
}

Tri compare_greater(Goroutine *g, Value a, Value b)
{
    return convert_less_than(g, b, a, false, NULL);
}

/* a <= b is !(b < a), and false when they do not compare (13.10.1). */
static Tri compare_not_less(Goroutine *g, Value a, Value b, bool left_first)
{
    bool undefined;
    bool less = ASK_TRI(convert_less_than(g, a, b, left_first, &undefined));
    return tri_from_bool(!less && !undefined);
}

Tri compare_less_equal(Goroutine *g, Value a, Value b)
{
    return compare_not_less(g, b, a, false);
}

Tri compare_greater_equal(Goroutine *g, Value a, Value b)
{
    return compare_not_less(g, a, b, true);
}

bool compare_strict(Goroutine *g, Value a, Value b)
{
    if (value_is_cell(a) && value_is_cell(b)) {
        bool objects = value_cell(a)->kind >= KIND_FIRST_OBJECT || value_cell(b)->kind >= KIND_FIRST_OBJECT;
        if (objects) return false;
    }
    return equal_strict(&g->heap, a, b);
}

/* The `prototype` of a function whose shape the site knows, else VALUE_HOLE. */
static Value compare_known_prototype(const Vm *vm, const InlineCache *ic, Object *f)
{
    uint32_t shape = atomic_get_dependent(&f->cell.shape);
    uint64_t word = atomic_get_dependent(&ic->word);
    if ((uint32_t)word != shape) word = cache_probe(vm, ic, shape, vm->symbols[SYMBOL_hasInstance], false);
    if (!word || cache_payload(word) >= 0) return VALUE_HOLE;
    const Handler *handler = cache_handler(vm, cache_payload(word));
    bool fits = atomic_get_acquire(&handler->is_valid) && handler->kind == HANDLER_INSTANCES;    // pairs with cache_prototype_changed
    return fits ? cell_slot_get(cache_own_slot(f, handler)) : VALUE_HOLE;
}

Tri compare_instance_of(Goroutine *g, InlineCache *ic, Value v, Value target)
{
    bool is_function = value_is_kind(target, KIND_FUNCTION) || value_is_kind(target, KIND_NATIVE);
    if (!is_function) return object_instance_of(g, v, target);
    Value proto = compare_known_prototype(g->vm, ic, object_of(target));
    if (proto == VALUE_HOLE) {
        Value builtin = realm_intrinsic(frames_code(g->fp)->realm, INTRINSIC_FunctionPrototype_hasInstance);
        cache_learn_instances(&g->heap, ic, object_of(target), builtin);
    }
    if (!value_is_object(proto)) return object_instance_of(g, v, target);
    if (!value_is_object(v)) return TRI_FALSE;
    return object_has_in_chain(g, object_of(v), proto);
}

Tri compare_in(Goroutine *g, Value key, Value o)
{
    if (!value_is_object(o)) return error_throw_tri(g, ERROR_TYPE, "Cannot use 'in' operator to search for %V in %V", key, o);
    PropertyKey k = TRY_TRI(convert_to_property_key(g, key));
    return object_has(g, object_of(o), k);
}

Tri compare_in_private(Goroutine *g, Value name, Value o)
{
    if (!value_is_object(o)) return error_throw_tri(g, ERROR_TYPE, "Cannot use 'in' operator to search for '%K' in %V", name, o);
    PropertyRef ref;
    return tri_from_bool(object_find_own(&g->heap, object_of(o), name, &ref));
}
