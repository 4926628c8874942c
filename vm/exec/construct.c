/* SPDX-License-Identifier: MIT */
#include "vm/exec/construct.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "vm/base/dtoa.h"
#include "vm/exec/code.h"
#include "vm/exec/frames.h"
#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/iterate.h"
#include "vm/object/realm.h"

/* ---- object literals ------------------------------------------------------------------------------------------- */

enum {
    LITERAL_MAX_INLINE = 40,
    CONSTRUCT_PARTS = 16,                    // of a text, joined at once
};

Value construct_object(Goroutine *g, Code *code, uint32_t constant)
{
    uint32_t slots = code->function->constants[constant].index;
    if (slots < 4) slots = 4;
    if (slots > LITERAL_MAX_INLINE) slots = LITERAL_MAX_INLINE;
    Value proto = realm_intrinsic(code->realm, INTRINSIC_ObjectPrototype);
    return value_from_cell(object_new(&g->heap, shape_root(&g->heap, KIND_OBJECT, proto, slots)));
}

/* The shape of a literal whose names are all known: kept as its number, which keeps it alive (code_trace). */
void construct_literal_shape(Goroutine *g, Code *code, uint32_t constant)
{
    LocalHeap *h = &g->heap;
    const UnitConstant *names = &code->function->constants[constant];
    Value proto = realm_intrinsic(code->realm, INTRINSIC_ObjectPrototype);
    Shape *s = shape_root(h, KIND_OBJECT, proto, names->count);
    for (uint32_t i = 0; i < names->count; i++)
        s = shape_add(h, s, code_string(h, code->unit, names->list[i]), PROPERTY_DEFAULT);
    // the first to finish wins: machine code relies on one shape
    Value before = cell_slot_get(&code->constants[constant]);
    shape_note(h, shape_number(s));
    if (!value_is_int(before)) atomic_cas(&code->constants[constant], &before,
                                          value_from_int((int32_t)shape_number(s)));
}

bool construct_define(Goroutine *g, Value o, Value key, Value v)
{
    PropertyKey k = TRY_BOOL(convert_to_property_key(g, key));
    return object_create_data_property_or_throw(g, object_of(o), k, v);
}

bool construct_set_name(Goroutine *g, Value f, Value key, uint32_t prefix)
{
    static const char *const prefixes[] = { NULL, "get", "set" };
    if (!value_is_callable(f)) return true;
    if (f && value_is_kind(f, KIND_FUNCTION) && (function_of(f)->code->flags & UNIT_HAS_OWN_NAME)) return true;
    PropertyKey k = TRY_BOOL(convert_to_property_key(g, key));
    return function_set_name(g, object_of(f), k, prefixes[prefix]);
}

bool construct_define_method(Goroutine *g, Value target, Value key, Value f, uint32_t bits)
{
    PropertyKey k = TRY_BOOL(convert_to_property_key(g, key));
    uint32_t prefix = bits & METHOD_GETTER ? 1 : bits & METHOD_SETTER ? 2 : 0;
    if (bits & METHOD_SET_NAME) OK_BOOL(construct_set_name(g, f, key, prefix));
    Descriptor d = { .fields = DESCRIPTOR_HAS_ENUMERABLE | DESCRIPTOR_HAS_CONFIGURABLE,
                     .attributes = PROPERTY_CONFIGURABLE | (bits & METHOD_ENUMERABLE ? PROPERTY_ENUMERABLE : 0) };
    if (bits & METHOD_GETTER) d.fields |= DESCRIPTOR_HAS_GET, d.getter = f;
    else if (bits & METHOD_SETTER) d.fields |= DESCRIPTOR_HAS_SET, d.setter = f;
    else d.fields |= DESCRIPTOR_HAS_VALUE | DESCRIPTOR_HAS_WRITABLE, d.attributes |= PROPERTY_WRITABLE, d.value = f;
    return object_define_or_throw(g, object_of(target), k, &d);
}

bool construct_set_literal_proto(Goroutine *g, Value o, Value proto)
{
    if (!value_is_object(proto) && !value_is_null(proto)) return true;
    return object_set_proto(g, object_of(o), proto) != TRI_THROWN;
}

Value construct_key(Goroutine *g, Value v)
{
    PropertyKey k = TRY(convert_to_property_key(g, v));
    return convert_key_to_value(&g->heap, k);
}

/* ---- spreading objects (7.3.26) ---------------------------------------------------------------------------------- */

static bool construct_is_excluded(Goroutine *g, PropertyKey key, uint32_t depth, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        Value excluded = frame_at_depth(g, depth)[i];
        PropertyKey k = value_is_string(excluded) ? intern_key(&g->heap, string_of(excluded)) : excluded;
        if (value_is_int(excluded)) k = key_from_index((uint32_t)value_int(excluded));
        if (k == key) return true;
    }
    return false;
}

bool construct_copy_properties(Goroutine *g, Value target, Value source, uint32_t depth, uint32_t count)
{
    if (value_is_nullish(source)) return true;
    Object *from = object_of(TRY_BOOL(convert_to_object(g, source)));
    ValueList *keys = object_own_keys(g, from, KEYS_ALL);
    if (!keys) return false;
    for (uint32_t i = 0; i < keys->count; i++) {
        PropertyKey key = keys->items[i];
        Descriptor d;
        if (construct_is_excluded(g, key, depth, count)) continue;
        if (!ASK_BOOL(object_get_own(g, from, key, &d)) || !(d.attributes & PROPERTY_ENUMERABLE)) continue;
        Value v = TRY_BOOL(object_get(g, from, key));
        OK_BOOL(object_create_data_property_or_throw(g, object_of(target), key, v));
    }
    return true;
}

Value construct_rest(Goroutine *g, Value source, uint32_t depth, uint32_t count)
{
    Value rest = value_from_cell(realm_new_object(g, INTRINSIC_ObjectPrototype));
    OK(construct_copy_properties(g, rest, source, depth, count));
    return rest;
}

/* ---- arrays ------------------------------------------------------------------------------------------------------ */

Value construct_array(Goroutine *g, uint32_t depth, uint32_t count)
{
    Array *a = array_new(g);
    if (!elements_reserve(&g->heap, a, count)) return error_throw_out_of_memory(g);
    const Value *values = frame_at_depth(g, depth);
    for (uint32_t i = 0; i < count; i++) a->base[i] = values[i];
    a->length = count;
    return value_from_cell(a);
}

Value construct_constant_array(Goroutine *g, Value elements)
{
    const Elements *from = (const Elements *)value_cell(elements);
    Array *a = array_new(g);
    if (!elements_reserve(&g->heap, a, from->capacity)) return error_throw_out_of_memory(g);
    memcpy(a->base, from->items, from->capacity * sizeof(Value));
    a->length = from->capacity;
    return value_from_cell(a);
}

bool construct_append(Goroutine *g, Value array, Value v)
{
    Array *a = array_of(array);
    if (v != VALUE_HOLE) return array_push(g, a, v);
    return array_set_length(g, a, a->length + 1) == TRI_TRUE;
}

bool construct_spread(Goroutine *g, Value array, Value iterable)
{
    Value next;
    if (iterate_is_pristine_array(g->vm, frames_code(g->fp)->realm, iterable)) {
        const Array *from = array_of(iterable);
        if (array_is_simple(g->vm, &from->object)) {
            if (!elements_reserve(&g->heap, array_of(array), array_of(array)->length + from->length))
                return error_throw_out_of_memory(g), false;
            for (uint32_t i = 0; i < from->length; i++) {
                Value v = from->base[i];
                OK_BOOL(array_push(g, array_of(array), v == VALUE_HOLE ? VALUE_UNDEFINED : v));
            }
            return true;
        }
    }
    Value iterator = TRY_BOOL(iterate_start(g, iterable, &next));
    for (;;) {
        Value v = TRY_BOOL(iterate_step(g, iterator, next));
        if (v == VALUE_HOLE) return true;
        OK_BOOL(array_push(g, array_of(array), v));
    }
}

Value construct_rest_parameter(Goroutine *g, uint32_t first)
{
    uint32_t count = frame_argument_count(g->fp);
    uint32_t rest = count > first ? count - first : 0;
    return construct_array(g, frame_depth(g, g->fp + FRAME_ARGUMENTS + first), rest);
}

/* ---- regular expressions, templates ------------------------------------------------------------------------------ */

Value construct_regexp(Goroutine *g, Value parts)
{
    const ValueList *list = (const ValueList *)value_cell(parts);
    return g->vm->hooks->new_regexp(g, list->items[0], list->items[1]);
}

static Value construct_template_part(LocalHeap *h, const Unit *unit, uint32_t string)
{
    return string == UNIT_NONE ? VALUE_UNDEFINED : code_string(h, unit, string);
}

/* The object that was made first stays. */
static Value construct_keep_template(LocalHeap *h, Code *code, Value *place, Value made)
{
    bool entered = monitor_enter(h, code);
    if (!value_is_object(cell_slot_get(place))) barrier_store(h, code, place, made);
    monitor_exit(h, code, entered);
    return cell_slot_get(place);
}

/* GetTemplateObject (13.2.8.4): one a site, kept in the constant. */
Value construct_template(Goroutine *g, Code *code, uint32_t constant)
{
    LocalHeap *h = &g->heap;
    const UnitConstant *k = &code->function->constants[constant];
    Value known = cell_slot_get(&code->constants[constant]);
    if (value_is_object(known)) return known;
    Array *cooked = array_new(g), *raw = array_new(g);
    for (uint32_t i = 0; i < k->count; i++) {
        OK(array_push(g, cooked, construct_template_part(h, code->unit, k->list[i * 2])));
        OK(array_push(g, raw, construct_template_part(h, code->unit, k->list[i * 2 + 1])));
    }
    ASK(object_set_integrity(g, &raw->object, true));
    object_add(h, &cooked->object, vm_atom(g->vm, ATOM_raw), value_from_cell(raw), 0);
    ASK(object_set_integrity(g, &cooked->object, true));
    return construct_keep_template(h, code, &code->constants[constant], value_from_cell(cooked));
}

/* ---- text made of parts ------------------------------------------------------------------------------------------ */

Value construct_part(Goroutine *g, Value v, bool is_template)
{
    v = TRY(convert_to_primitive(g, v, is_template ? HINT_STRING : HINT_DEFAULT));
    return value_is_symbol(v) && !convert_to_string(g, v) ? VALUE_THROWN : v;
}

/* Numbers are written where they are joined, without a string of their own. */
static bool construct_lay_part(Goroutine *g, Value v, StringPart *part)
{
    part->string = NULL;
    if (value_is_int(v)) {
        part->length = (uint32_t)dtoa_write_int64(value_int(v), part->text);
        return true;
    }
    if (value_is_number(v)) {
        part->length = (uint32_t)dtoa_write(value_double(v), part->text);
        return true;
    }
    part->string = convert_to_string(g, v);
    if (!part->string) return false;
    part->length = part->string->length;
    return true;
}

/* A few of them. NULL: thrown. */
static String *construct_join(Goroutine *g, uint32_t depth, uint32_t first, uint32_t count)
{
    StringPart parts[CONSTRUCT_PARTS];
    for (uint32_t i = 0; i < count; i++)
        if (!construct_lay_part(g, frame_at_depth(g, depth)[first + i], &parts[i])) return NULL;
    String *joined = string_join(&g->heap, parts, count);
    if (!joined) error_throw_string_length(g);
    return joined;
}

Value construct_concat(Goroutine *g, uint32_t depth, uint32_t count)
{
    String *joined = NULL;
    if (!count) return g->vm->empty_string;              // no compiler's
    for (uint32_t first = 0, some; first < count; first += some) {
        some = count - first < CONSTRUCT_PARTS ? count - first : CONSTRUCT_PARTS;
        String *s = construct_join(g, depth, first, some);
        if (!s) return VALUE_THROWN;
        joined = joined ? string_concat(&g->heap, joined, s) : s;
        if (!joined) return error_throw_string_length(g);
    }
    return value_from_cell(joined);
}

/* ---- arguments objects (10.4.4) ---------------------------------------------------------------------------------- */

/* But for `callee`. */
static Array *construct_plain_arguments(Goroutine *g, const Realm *realm, Shape *shape)
{
    LocalHeap *h = &g->heap;
    uint32_t count = frame_argument_count(g->fp);
    Array *a = array_new_with_shape(h, shape, 0);
    Value *slots = (Value *)(a + 1);
    slots[ARGUMENTS_LENGTH] = value_from_uint32(count);
    slots[ARGUMENTS_ITERATOR] = realm_intrinsic(realm, INTRINSIC_ArrayPrototype_values);
    if (elements_reserve(h, a, count) && count) memcpy(a->base, g->fp + FRAME_ARGUMENTS, count * sizeof(Value));
    return a;
}

/* Mapped arguments share boxes with the parameters: `extra` lists the box of each parameter that an argument was passed
 * for, or undefined once the connection is cut. */
static Value construct_parameter_map(Goroutine *g, const Code *code)
{
    const UnitFunction *f = code->function;
    uint32_t count = frame_argument_count(g->fp);
    if (!f->mapped_parameters) return VALUE_UNDEFINED;
    if (count > f->parameter_count) count = f->parameter_count;
    ValueList *map = list_new(&g->heap, count);
    for (uint32_t i = 0; i < count; i++) {
        int32_t slot = (int32_t)f->mapped_parameters[i];
        list_push(&g->heap, &map, slot ? g->fp[slot] : VALUE_UNDEFINED);
    }
    return value_from_cell(map);
}

Value construct_arguments(Goroutine *g, bool mapped)
{
    LocalHeap *h = &g->heap;
    const Code *code = frames_code(g->fp);
    const Realm *realm = code->realm;
    if (mapped) {
        Array *a = construct_plain_arguments(g, realm, realm->mapped_arguments_shape);
        BARRIER_SET(h, a, a->extra, construct_parameter_map(g, code));
        barrier_store(h, a, (Value *)(a + 1) + ARGUMENTS_CALLEE, g->fp[FRAME_CALLEE]);
        return value_from_cell(a);
    }
    Array *a = construct_plain_arguments(g, realm, realm->arguments_shape);
    Value thrower = realm_intrinsic(realm, INTRINSIC_ThrowTypeError);
    Accessor *pair = object_new_accessor(h, thrower, thrower);
    barrier_store(h, a, (Value *)(a + 1) + ARGUMENTS_CALLEE, value_from_cell(pair));
    return value_from_cell(a);
}

/* What was passed is in the frame; an element beyond it, or another property, is a prototype's or the object's own. */
Value construct_argument(Goroutine *g, Value key, uint32_t object, bool mapped)
{
    PropertyKey k = TRY(convert_to_property_key(g, key));
    if (key_is_index(k)) {
        if (key_index(k) < frame_argument_count(g->fp)) return g->fp[FRAME_ARGUMENTS + key_index(k)];
        if (atomic_get_relaxed(&g->vm->no_indexed_prototypes)) return VALUE_UNDEFINED;
    }
    if (value_is_undefined(*frame_at_depth(g, object))) {
        Value made = construct_arguments(g, mapped);
        *frame_at_depth(g, object) = made;
    }
    return object_get_of(g, *frame_at_depth(g, object), k);
}

/* The box that element `key` is connected with, or NULL. */
static Box *construct_mapped_box(const Object *o, PropertyKey key)
{
    Value extra = ((const Array *)o)->extra;
    if (!key_is_index(key) || !value_is_kind(extra, KIND_VALUES)) return NULL;
    const ValueList *map = (const ValueList *)value_cell(extra);
    if (key_index(key) >= map->count) return NULL;
    Value box = cell_slot_get(&map->items[key_index(key)]);
    return value_is_kind(box, KIND_BOX) ? (Box *)value_cell(box) : NULL;
}

static void construct_unmap(Object *o, PropertyKey key)
{
    cell_slot_set(&((ValueList *)value_cell(((Array *)o)->extra))->items[key_index(key)], VALUE_UNDEFINED);
}

static Tri construct_mapped_get_own(Goroutine *g, Object *o, PropertyKey key, Descriptor *d)
{
    if (!ASK_TRI(object_ordinary_get_own(g, o, key, d))) return TRI_FALSE;
    const Box *box = construct_mapped_box(o, key);
    if (box) d->value = cell_slot_get(&box->value);
    return TRI_TRUE;
}

/* 10.4.4.2. */
static Tri construct_mapped_define_own(Goroutine *g, Object *o, PropertyKey key, const Descriptor *d)
{
    Box *box = construct_mapped_box(o, key);
    Descriptor wanted = *d;
    bool freezes = box && !descriptor_is_accessor(d) && (d->fields & DESCRIPTOR_HAS_WRITABLE)
        && !(d->attributes & PROPERTY_WRITABLE);
    if (freezes && !(d->fields & DESCRIPTOR_HAS_VALUE)) {
        wanted.fields |= DESCRIPTOR_HAS_VALUE;
        wanted.value = cell_slot_get(&box->value);
    }
    if (!ASK_TRI(object_ordinary_define_own(g, o, key, &wanted))) return TRI_FALSE;
    if (!box) return TRI_TRUE;
    if (descriptor_is_accessor(d)) {
        construct_unmap(o, key);
        return TRI_TRUE;
    }
    if (d->fields & DESCRIPTOR_HAS_VALUE) barrier_store(&g->heap, box, &box->value, d->value);
    if (freezes) construct_unmap(o, key);
    return TRI_TRUE;
}

static Value construct_mapped_get(Goroutine *g, Object *o, PropertyKey key, Value receiver)
{
    const Box *box = construct_mapped_box(o, key);
    return box ? cell_slot_get(&box->value) : object_ordinary_get(g, o, key, receiver);
}

static Tri construct_mapped_set(Goroutine *g, Object *o, PropertyKey key, Value v, Value receiver)
{
    Box *box = receiver == value_from_cell(o) ? construct_mapped_box(o, key) : NULL;
    if (box) barrier_store(&g->heap, box, &box->value, v);
    return object_ordinary_set(g, o, key, v, receiver);
}

static Tri construct_mapped_delete(Goroutine *g, Object *o, PropertyKey key)
{
    bool mapped = construct_mapped_box(o, key) != NULL;
    if (!ASK_TRI(object_ordinary_delete(g, o, key))) return TRI_FALSE;
    if (mapped) construct_unmap(o, key);
    return TRI_TRUE;
}

const ObjectOps construct_mapped_arguments_ops = {
    .get_own = construct_mapped_get_own,
    .define_own = construct_mapped_define_own,
    .get = construct_mapped_get,
    .set = construct_mapped_set,
    .delete_own = construct_mapped_delete,
};

/* ---- classes (15.7.14) ------------------------------------------------------------------------------------------- */

Value construct_heritage(Goroutine *g, Value heritage, Value *proto_parent)
{
    const Realm *realm = frames_code(g->fp)->realm;
    if (value_is_null(heritage)) {
        *proto_parent = VALUE_NULL;
        return realm_intrinsic(realm, INTRINSIC_FunctionPrototype);
    }
    if (!callable_is_constructor(heritage)) return error_throw(g, ERROR_TYPE,
                                                               "Class extends value %V is not a constructor or null",
                                                                   heritage);
    *proto_parent = TRY(object_get(g, object_of(heritage), vm_atom(g->vm, ATOM_prototype)));
    if (!value_is_object(*proto_parent) && !value_is_null(*proto_parent))
        return error_throw(g, ERROR_TYPE, "Class extends value does not have valid prototype property %V",
                           *proto_parent);
    return heritage;
}

/* The prototype property of a class is not writable and its constructor link not enumerable. */
void construct_class(Goroutine *g, Value constructor, Value proto, Value parent)
{
    LocalHeap *h = &g->heap;
    Object *f = object_of(constructor);
    const Realm *realm = function_of(constructor)->code->realm;
    if (!value_is_undefined(parent) && parent != realm_intrinsic(realm, INTRINSIC_FunctionPrototype)) {
        object_mark_prototype(h, object_of(parent));
        object_set_shape(h, f, shape_root_lazy_function(h, KIND_FUNCTION, parent));
    }
    object_materialize(h, f);
    object_add(h, f, vm_atom(g->vm, ATOM_prototype), proto, 0);
    object_add(h, object_of(proto), vm_atom(g->vm, ATOM_constructor), constructor, PROPERTY_METHOD);
}
