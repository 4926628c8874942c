/* SPDX-License-Identifier: MIT */
/* Matching with lastIndex, and the results of matches (ECMA-262 22.2.7). */
#include "lib/regexp.h"
#include "vm/base/utf.h"
#include "vm/object/elements.h"
#include "vm/value/number.h"

double regexp_advance(LocalHeap *h, String *s, double index, bool unicode)
{
    if (!unicode || index + 1 >= s->length) return index + 1;
    uint16_t unit = string_unit_at(h, s, (uint32_t)index);
    bool is_pair = utf_is_lead_surrogate(unit) && utf_is_trail_surrogate(string_unit_at(h, s, (uint32_t)index + 1));
    return index + 1 + is_pair;
}

bool regexp_set_last_index(Goroutine *g, RegExp *rx, uint32_t index)
{
    Value v = value_from_uint32(index);
    bool is_plain = atomic_get_dependent(&rx->object.cell.shape) == shape_number(rx->realm->regexp_shape);
    if (is_plain && !(object_flags(&rx->object) & OBJECT_IS_PROTOTYPE)) {       // else caches are told
        cell_slot_set(&rx->last_index[0], v);                                   // a number needs no barrier
        return true;
    }
    return object_put(g, &rx->object, vm_atom(g->vm, ATOM_lastIndex), v);
}

/* ---- RegExpBuiltinExec (22.2.7.2) -------------------------------------------------------------------------------- */

static bool regexp_read_last_index(Goroutine *g, const RegExp *rx, double *last_index)
{
    Value v = cell_slot_get(&rx->last_index[0]);
    if (UNLIKELY(!value_is_int(v))) return convert_to_length(g, v, last_index);
    *last_index = value_int(v) > 0 ? value_int(v) : 0;
    return true;
}

static Tri regexp_match_at(Goroutine *g, RegExp *rx, const RegExpProgram *p, String *subject, double last_index, RegExpMatch *m)
{
    bool keeps_index = (p->bits & (RE_GLOBAL | RE_STICKY)) != 0;
    if (!keeps_index) last_index = 0;                                                          // 7
    Tri found = last_index > subject->length ? TRI_FALSE : regexp_match_from(g, p, subject, (uint32_t)last_index, m);
    if (found == TRI_THROWN) return TRI_THROWN;
    if (found == TRI_FALSE) {
        if (keeps_index) OK_TRI(regexp_set_last_index(g, rx, 0));                              // 12.a.i, 12.c.i
        return TRI_FALSE;
    }
    if (keeps_index) OK_TRI(regexp_set_last_index(g, rx, (uint32_t)m->captures[1]));           // 15
    regexp_note_match(g, rx, m);
    return TRI_TRUE;
}

Tri regexp_builtin_match_with(Goroutine *g, RegExp *rx, const RegExpProgram *p, String *subject, RegExpMatch *m)
{
    double last_index;
    OK_TRI(regexp_read_last_index(g, rx, &last_index));
    return regexp_match_at(g, rx, p, subject, last_index, m);
}

Tri regexp_builtin_match(Goroutine *g, RegExp *rx, String *subject, RegExpMatch *m)
{
    double last_index;
    OK_TRI(regexp_read_last_index(g, rx, &last_index));                                        // 2
    return regexp_match_at(g, rx, regexp_program_now(rx), subject, last_index, m);
}

/* ---- results ----------------------------------------------------------------------------------------------------- */

Value regexp_match_capture(Goroutine *g, const RegExpMatch *m, uint32_t i)
{
    const int32_t *span = &m->captures[2 * i];
    if (span[0] < 0) return VALUE_UNDEFINED;
    String *s = string_slice(&g->heap, m->subject, (uint32_t)span[0], (uint32_t)span[1]);
    return s ? value_from_cell(s) : error_throw_out_of_memory(g);
}

/* An object with one property a name: the value `of` a group that took part, else undefined. */
static Value regexp_named(Goroutine *g, const RegExpMatch *m, Value (*of)(Goroutine *g, const RegExpMatch *m, uint32_t group))
{
    const ValueList *names = m->program->names;
    if (!names) return VALUE_UNDEFINED;
    Object *groups = object_new_with_proto(&g->heap, VALUE_NULL);
    for (uint32_t i = 0; i < names->count; i += 2) {
        PropertyRef there;
        uint32_t group = (uint32_t)value_int(names->items[i + 1]);
        bool again = object_find_own(&g->heap, groups, names->items[i], &there);
        if (again && m->captures[2 * group] < 0) continue;
        object_define(&g->heap, groups, names->items[i], TRY(of(g, m, group)), PROPERTY_DEFAULT);
    }
    return value_from_cell(groups);
}

Value regexp_match_groups(Goroutine *g, const RegExpMatch *m)
{
    return regexp_named(g, m, regexp_match_capture);
}

/* MakeMatchIndicesIndexPairArray (22.2.7.8) for one group. */
static Value regexp_index_pair(Goroutine *g, const RegExpMatch *m, uint32_t group)
{
    const int32_t *span = &m->captures[2 * group];
    if (span[0] < 0) return VALUE_UNDEFINED;
    Value pair[2] = { value_from_int(span[0]), value_from_int(span[1]) };
    Array *a = array_from_values(g, 2, pair);
    return a ? value_from_cell(a) : VALUE_THROWN;
}

static bool regexp_fill(Goroutine *g, Array *a, const RegExpMatch *m, Value (*of)(Goroutine *g, const RegExpMatch *m, uint32_t group))
{
    for (uint32_t i = 0; i < a->length; i++) {
        Value v = TRY_BOOL(of(g, m, i));
        barrier_store(&g->heap, a, &a->base[i], v);
    }
    return true;
}

static Array *regexp_new_array(Goroutine *g, Shape *shape, const RegExpMatch *m)
{
    Array *a = array_new_with_shape(&g->heap, shape, 0);
    uint32_t count = regexp_group_count(m->program->program) + 1;
    if (!elements_reserve(&g->heap, a, count)) {
        error_throw_out_of_memory(g);
        return NULL;
    }
    a->length = count;
    return a;
}

static Value regexp_indices(Goroutine *g, const Realm *realm, const RegExpMatch *m)
{
    Array *a = regexp_new_array(g, realm->array_shape, m);
    if (!a || !regexp_fill(g, a, m, regexp_index_pair)) return VALUE_THROWN;
    Value groups = TRY(regexp_named(g, m, regexp_index_pair));
    object_define(&g->heap, &a->object, vm_atom(g->vm, ATOM_groups), groups, PROPERTY_DEFAULT);
    return value_from_cell(a);
}

/* 22.2.7.2 from step 16 on. */
Value regexp_match_result(Goroutine *g, const RegExpMatch *m)
{
    LocalHeap *h = &g->heap;
    const Realm *realm = realm_current(g);
    Array *a = regexp_new_array(g, realm->regexp_result_shape, m);
    if (!a) return VALUE_THROWN;
    Value *slots = (Value *)(a + 1);                             // index, input, groups
    slots[0] = value_from_int(m->captures[0]);
    barrier_store(h, a, &slots[1], value_from_cell(m->subject));
    OK(regexp_fill(g, a, m, regexp_match_capture));
    if (UNLIKELY(m->program->names)) {
        Value groups = TRY(regexp_match_groups(g, m));
        barrier_store(h, a, &slots[2], groups);
    }
    if (UNLIKELY(m->program->bits & RE_HAS_INDICES)) {
        Value indices = TRY(regexp_indices(g, realm, m));
        object_define(h, &a->object, vm_atom(g->vm, ATOM_indices), indices, PROPERTY_DEFAULT);
    }
    return value_from_cell(a);
}

/* ---- RegExpExec (22.2.7.1) --------------------------------------------------------------------------------------- */

Value regexp_exec(Goroutine *g, Object *rx, String *subject)
{
    const Realm *realm = realm_current(g);
    Value v = value_from_cell(rx), exec = realm_intrinsic(realm, INTRINSIC_RegExpPrototype_exec);
    bool is_builtin = regexp_is_pristine(g->vm, realm, v);
    if (!is_builtin) {
        Value own = TRY(object_get(g, rx, vm_atom(g->vm, ATOM_exec)));                                       // 1
        is_builtin = own == exec && value_is_kind(v, KIND_REGEXP);
        exec = own;
    }
    if (value_is_callable(exec) && !is_builtin) {                                                            // 2
        Value result = TRY(callable_call1(g, exec, v, value_from_cell(subject)));
        if (value_is_object(result) || value_is_null(result)) return result;
        return error_throw(g, ERROR_TYPE, "%V is not an object or null: what exec returned", result);
    }
    if (!value_is_kind(v, KIND_REGEXP))                                                                      // 3
        return error_throw(g, ERROR_TYPE, "Method RegExp.prototype.exec called on incompatible receiver %V", v);
    RegExpMatch m;
    return ASK(regexp_builtin_match(g, regexp_of(v), subject, &m)) ? regexp_match_result(g, &m) : VALUE_NULL;
}
