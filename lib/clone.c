/* SPDX-License-Identifier: MIT */
/* structuredClone of the HTML standard (StructuredSerializeWithTransfer and StructuredDeserializeWithTransfer in one
 * walk: making copies is nothing a program can see).
 *
 * DataCloneError is an Error of that name, since there is no DOMException. */
#include <string.h>

#include "lib/collection.h"
#include "lib/data_view.h"
#include "lib/date.h"
#include "lib/families.h"
#include "lib/regexp.h"
#include "vm/object/iterate.h"
#include "vm/object/primitive.h"
#include "vm/object/typed_array.h"

typedef struct Clone {
    Goroutine   *g;
    const Realm *realm;
    Collection  *memory;                 // a map from what was met to its copy
    ValueList   *stack;                  // containers whose copies are not complete, FRAME_WORDS values each
} Clone;

enum { CLONE_ERROR_CODE = 25 };          // DOMException.DATA_CLONE_ERR

static Value clone_value(Clone *c, Value v);

/* Make the exception in `g` a DataCloneError. */
static Value clone_name_error(Goroutine *g)
{
    Value e = error_take(g), name = value_from_cell(intern_text(&g->heap, "DataCloneError"));
    object_define(&g->heap, object_of(e), vm_atom(g->vm, ATOM_name), name, PROPERTY_METHOD);
    object_define(&g->heap, object_of(e), intern_key_text(&g->heap, "code"), value_from_int(CLONE_ERROR_CODE), PROPERTY_METHOD);
    return error_throw_value(g, e);
}

static Value clone_refuse(Goroutine *g, Value v)
{
    error_throw(g, ERROR_PLAIN, "%V could not be cloned.", v);
    return clone_name_error(g);
}

static Value clone_refuse_text(Goroutine *g, const char *text)
{
    error_throw(g, ERROR_PLAIN, "%s", text);
    return clone_name_error(g);
}

static bool clone_remember(Clone *c, Value v, Value copy)
{
    return table_put(&c->g->heap, c->memory, v, copy) || error_throw_out_of_memory(c->g) != VALUE_THROWN;
}

static Value clone_proto(const Clone *c, IntrinsicId id)
{
    return realm_intrinsic(c->realm, id);
}

/* ---- buffers and views ------------------------------------------------------------------------------------------- */

static Value clone_buffer(Clone *c, const ArrayBuffer *b)
{
    Value proto = clone_proto(c, b->is_shared ? INTRINSIC_SharedArrayBufferPrototype : INTRINSIC_ArrayBufferPrototype);
    if (b->is_shared) return value_from_cell(buffer_share(&c->g->heap, proto, b));
    if (buffer_is_detached(b)) return clone_refuse_text(c->g, "An ArrayBuffer is detached and could not be cloned.");
    size_t length = buffer_length(b);
    ArrayBuffer *copy = buffer_new(c->g, proto, length, b->store->max_length, b->is_resizable, false);
    if (!copy) return VALUE_THROWN;
    buffer_copy_bytes(copy, copy->bytes, b, b->bytes, length);
    copy->is_immutable = b->is_immutable;
    return value_from_cell(copy);
}

static Value clone_typed_array(Clone *c, const TypedArray *t)
{
    CellKind kind = t->object.cell.kind;
    if (typed_array_is_out_of_bounds(t)) return clone_refuse(c->g, value_from_cell(t));
    Value buffer = TRY(clone_value(c, value_from_cell(t->buffer)));
    Value proto = clone_proto(c, INTRINSIC_Int8ArrayPrototype + (kind - KIND_FIRST_TYPED_ARRAY));
    return value_from_cell(typed_array_new(&c->g->heap, kind, proto, buffer_of(buffer), t->byte_offset, t->fixed_length));
}

static Value clone_data_view(Clone *c, const DataView *view)
{
    if (data_view_is_out_of_bounds(view)) return clone_refuse(c->g, value_from_cell(view));
    ArrayBuffer *buffer = buffer_of(TRY(clone_value(c, value_from_cell(view->buffer))));
    Value proto = clone_proto(c, INTRINSIC_DataViewPrototype);
    DataView *copy = object_alloc(&c->g->heap, object_root_shape(&c->g->heap, KIND_DATA_VIEW, proto, 0), sizeof *copy);
    copy->buffer = buffer;
    copy->byte_offset = view->byte_offset;
    copy->fixed_length = view->fixed_length;
    return value_from_cell(copy);
}

/* ---- objects that hold a value each ------------------------------------------------------------------------------ */

static Value clone_date(const Clone *c, const DateObject *d)
{
    LocalHeap *h = &c->g->heap;
    DateObject *copy = object_alloc(h, object_root_shape(h, KIND_DATE, clone_proto(c, INTRINSIC_DatePrototype), 0), sizeof *copy);
    copy->time = d->time;
    return value_from_cell(copy);
}

/* One of the seven kinds that keep their name. */
static IntrinsicId clone_error_proto(const Clone *c, Value name)
{
    static const IntrinsicId protos[] = {
        INTRINSIC_EvalErrorPrototype, INTRINSIC_RangeErrorPrototype, INTRINSIC_ReferenceErrorPrototype,
        INTRINSIC_SyntaxErrorPrototype, INTRINSIC_TypeErrorPrototype, INTRINSIC_URIErrorPrototype,
    };
    static const char *const names[] = { "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError" };
    LocalHeap *h = &c->g->heap;
    if (!value_is_string(name)) return INTRINSIC_ErrorPrototype;
    PropertyKey key = intern_key(h, string_of(name));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (intern_key_text(h, names[i]) == key) return protos[i];
    return INTRINSIC_ErrorPrototype;
}

/* Its message, where it was made, and what caused it. */
static Value clone_error(Clone *c, ErrorObject *e)
{
    Goroutine *g = c->g;
    Descriptor d;
    Value message = VALUE_UNDEFINED, name = TRY(object_get(g, &e->object, vm_atom(g->vm, ATOM_name)));
    if (ASK(object_get_own(g, &e->object, vm_atom(g->vm, ATOM_message), &d)) && descriptor_is_data(&d)) {
        String *s = convert_to_string(g, d.value);
        if (!s) return VALUE_THROWN;
        message = value_from_cell(s);
    }
    Value copy = error_new_with_proto(g, clone_proto(c, clone_error_proto(c, name)), message);
    barrier_store(&g->heap, value_cell(copy), &((ErrorObject *)value_cell(copy))->trace, e->trace);
    OK(clone_remember(c, value_from_cell(e), copy));
    if (ASK(object_get_own(g, &e->object, vm_atom(g->vm, ATOM_cause), &d)) && descriptor_is_data(&d)) {
        Value cause = TRY(clone_value(c, d.value));
        object_define(&g->heap, object_of(copy), vm_atom(g->vm, ATOM_cause), cause, PROPERTY_METHOD);
    }
    return copy;
}

/* ---- containers: a copy is remembered, and filled later, from a stack of its own --------------------------------- */

enum { FRAME_FROM, FRAME_TO, FRAME_ITEMS, FRAME_AT, FRAME_WORDS };      // items: keys to visit, or what a collection holds

/* `to` is the copy of `from`; what is in it is copied next. */
static Value clone_push(Clone *c, Value from, Value to, ValueList *items)
{
    LocalHeap *h = &c->g->heap;
    OK(clone_remember(c, from, to));
    list_push(h, &c->stack, from);
    list_push(h, &c->stack, to);
    list_push(h, &c->stack, value_from_cell(items));
    list_push(h, &c->stack, VALUE_ZERO);
    return to;
}

static Value clone_object(Clone *c, Object *from)
{
    Object *to = NULL;
    if (from->cell.kind == KIND_ARRAY) {
        Array *a = array_create(c->g, ((Array *)from)->length, VALUE_UNDEFINED);
        if (!a) return VALUE_THROWN;
        to = &a->object;
    } else {
        to = object_new(&c->g->heap, c->realm->object_shape);
    }
    ValueList *keys = object_enumerable_keys(c->g, from);
    return keys ? clone_push(c, value_from_cell(from), value_from_cell(to), keys) : VALUE_THROWN;
}

/* What is in a collection is listed first: copying it may run getters that change the collection. */
static Value clone_collection(Clone *c, Collection *from)
{
    LocalHeap *h = &c->g->heap;
    bool is_map = from->object.cell.kind == KIND_MAP;
    ValueList *list = list_new(h, 8);
    TableCursor cursor = table_begin(from);
    for (Value key, v; table_next(&cursor, &key, &v);) {
        list_push(h, &list, key);
        if (is_map) list_push(h, &list, v);
    }
    Value proto = clone_proto(c, is_map ? INTRINSIC_MapPrototype : INTRINSIC_SetPrototype);
    Collection *to = table_new_collection(h, from->object.cell.kind, proto);
    return clone_push(c, value_from_cell(from), value_from_cell(to), list);
}

static bool clone_property(Clone *c, Object *from, Object *to, PropertyKey key)
{
    if (!ASK_BOOL(object_has_own(c->g, from, key))) return true;
    Value v = TRY_BOOL(object_get(c->g, from, key));
    Value copy = TRY_BOOL(clone_value(c, v));
    return object_create_data_property_or_throw(c->g, to, key, copy);
}

/* A key or value of a collection; the pair is added once it is complete. */
static bool clone_item(Clone *c, Value to, ValueList *items, uint32_t at)
{
    Value copy = TRY_BOOL(clone_value(c, items->items[at]));
    barrier_store(&c->g->heap, items, &items->items[at], copy);
    if (value_is_kind(to, KIND_SET)) return collection_put(c->g, to, copy, copy);
    return at % 2 == 0 || collection_put(c->g, to, items->items[at - 1], copy);
}

/* Copy one thing of the innermost unfinished container, or finish that. */
static bool clone_step(Clone *c)
{
    Value *frame = c->stack->items + c->stack->count - FRAME_WORDS;
    ValueList *items = (ValueList *)value_cell(frame[FRAME_ITEMS]);
    uint32_t at = (uint32_t)value_int(frame[FRAME_AT]);
    if (at == items->count) {
        c->stack->count -= FRAME_WORDS;
        return true;
    }
    frame[FRAME_AT] = value_from_int((int32_t)at + 1);
    Value from = frame[FRAME_FROM], to = frame[FRAME_TO];
    bool is_collection = value_is_kind(to, KIND_MAP) || value_is_kind(to, KIND_SET);
    return is_collection ? clone_item(c, to, items, at) : clone_property(c, object_of(from), object_of(to), items->items[at]);
}

/* ---- the walk ---------------------------------------------------------------------------------------------------- */

static Value clone_wrapper(const Clone *c, Value v)
{
    Value inner = ((Wrapper *)value_cell(v))->value;
    return value_is_symbol(inner) ? clone_refuse(c->g, v) : value_from_cell(primitive_new_wrapper(c->g, inner));
}

static Value clone_leaf(Clone *c, Value v)
{
    switch ((CellKind)value_cell(v)->kind) {
    case KIND_WRAPPER: case KIND_STRING_OBJECT: return clone_wrapper(c, v);
    case KIND_DATE:         return clone_date(c, (DateObject *)value_cell(v));
    case KIND_ARRAY_BUFFER: return clone_buffer(c, buffer_of(v));
    case KIND_DATA_VIEW:    return clone_data_view(c, (DataView *)value_cell(v));
    case KIND_REGEXP:
        return value_from_cell(regexp_new(c->g, regexp_of(v)->program, clone_proto(c, INTRINSIC_RegExpPrototype), true));
    default: return typed_array_is(v) ? clone_typed_array(c, typed_array_of(v)) : clone_refuse(c->g, v);
    }
}

/* The copy of `v`; if it is a container, what is in it is left to clone_step. */
static Value clone_value(Clone *c, Value v)
{
    char here;                           // errors recur into their causes
    if (UNLIKELY(&here < c->g->native_limit)) return error_throw(c->g, ERROR_RANGE, "Maximum call stack size exceeded");
    if (value_is_symbol(v)) return clone_refuse(c->g, v);
    if (!value_is_object(v)) return v;
    Value known;
    if (table_get(&c->g->heap, c->memory, v, &known)) return known;
    switch ((CellKind)value_cell(v)->kind) {
    case KIND_OBJECT: case KIND_ARRAY: return clone_object(c, object_of(v));
    case KIND_MAP: case KIND_SET:      return clone_collection(c, collection_of(v));
    case KIND_ERROR:                   return clone_error(c, (ErrorObject *)value_cell(v));
    default: break;
    }
    Value copy = TRY(clone_leaf(c, v));
    return clone_remember(c, v, copy) ? copy : VALUE_THROWN;
}

/* ---- transfer ---------------------------------------------------------------------------------------------------- */

/* The list that `transfer` of the options iterates; NULL: thrown. */
static ValueList *clone_transfer_list(Goroutine *g, Value options)
{
    ValueList *list = list_new(&g->heap, 4);
    if (value_is_nullish(options)) return list;
    if (!value_is_object(options)) {
        error_throw(g, ERROR_TYPE, "The options argument must be either an object or undefined");
        return NULL;
    }
    Iteration it;
    Value v, transfer = object_get(g, object_of(options), intern_key_text(&g->heap, "transfer"));
    if (value_is_thrown(transfer)) return NULL;
    if (value_is_undefined(transfer)) return list;
    if (!iterate_begin(g, transfer, &it)) return NULL;
    for (Tri more; (more = iterate_advance(g, &it, &v)) != TRI_FALSE;) {
        if (more == TRI_THROWN) return NULL;
        list_push(&g->heap, &list, v);
    }
    return list;
}

/* Empty buffers stand for those that will be moved into them. */
static bool clone_prepare_transfer(Clone *c, const ValueList *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        Value v = list->items[i];
        if (!value_is_kind(v, KIND_ARRAY_BUFFER) || buffer_of(v)->is_shared) {
            error_throw(c->g, ERROR_TYPE, "Found invalid object in transferList");
            return false;
        }
        if (buffer_of(v)->is_immutable)
            return clone_refuse_text(c->g, "An immutable ArrayBuffer cannot be transferred.") != VALUE_THROWN;
        if (table_get(&c->g->heap, c->memory, v, NULL))
            return clone_refuse_text(c->g, "Transfer list contains duplicate ArrayBuffer") != VALUE_THROWN;
        Value proto = clone_proto(c, INTRINSIC_ArrayBufferPrototype);
        OK_BOOL(clone_remember(c, v, value_from_cell(buffer_new_successor(&c->g->heap, proto, buffer_of(v)))));
    }
    return true;
}

static bool clone_transfer(Clone *c, const ValueList *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (buffer_is_detached(buffer_of(list->items[i])))
            return clone_refuse_text(c->g, "An ArrayBuffer is detached and could not be cloned.") != VALUE_THROWN;
    for (uint32_t i = 0; i < list->count; i++) {
        Value to;
        CHECK(table_get(&c->g->heap, c->memory, list->items[i], &to), "what is transferred was prepared");
        if (!buffer_move(buffer_of(to), buffer_of(list->items[i])))
            return clone_refuse_text(c->g, "An ArrayBuffer is detached and could not be cloned.") != VALUE_THROWN;
    }
    return true;
}

static Value lib_clone_structured_clone(Goroutine *g, Args a)
{
    if (a.count == 0) return error_throw(g, ERROR_TYPE, "The value argument must be specified");
    ValueList *list = clone_transfer_list(g, arg(a, 1));
    if (!list) return VALUE_THROWN;
    Clone c = { g, realm_current(g), table_new_collection(&g->heap, KIND_MAP, VALUE_NULL), list_new(&g->heap, 16 * FRAME_WORDS) };
    OK(clone_prepare_transfer(&c, list));
    Value copy = TRY(clone_value(&c, arg(a, 0)));
    while (c.stack->count) OK(clone_step(&c));
    return clone_transfer(&c, list) ? copy : VALUE_THROWN;
}

static const NativeSpec lib_clone_globals[] = {
    LIB_METHOD("structuredClone", 1, lib_clone_structured_clone),
};

void lib_clone_install(const Lib *lib)
{
    INSTALL_TABLE(lib, lib->realm->global_this, lib_clone_globals);
}
