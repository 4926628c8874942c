/* SPDX-License-Identifier: MIT */
#include "vm/exec/compare.h"

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

/* The usual class: a closure with the built-in @@hasInstance, so only prototypes need walking. */
Tri compare_instance_of(Goroutine *g, Value v, Value target)
{
    return object_instance_of(g, v, target);
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
