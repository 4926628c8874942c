/* SPDX-License-Identifier: MIT */
#include "vm/object/function.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
#include "vm/base/unicode.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/proxy.h"
#include "vm/object/realm.h"

enum { FUNCTION_MANY_CAPTURES = 255 };

static uint32_t function_capture_count(const Function *f)
{
    return f->object.cell.extra < FUNCTION_MANY_CAPTURES ? f->object.cell.extra : f->code->function->capture_count;
}

size_t function_cell_size(const Cell *c)
{
    const Function *f = (const Function *)c;
    return sizeof *f + function_capture_count(f) * sizeof(Value);
}

void function_trace(Marker *m, Cell *c)
{
    Function *f = (Function *)c;
    mark_cell(m, f->object.ool);
    mark_cell(m, f->code);
    mark_values(m, f->captures, function_capture_count(f));
}

void function_native_trace(Marker *m, Cell *c)
{
    Native *n = (Native *)c;
    mark_cell(m, n->object.ool);
    mark_value(m, n->name);
    mark_values(m, n->data, c->extra);
}

Function *function_new(LocalHeap *h, Code *code)
{
    uint32_t captures = code->function->capture_count;
    uint32_t extra = captures < FUNCTION_MANY_CAPTURES ? captures : FUNCTION_MANY_CAPTURES;
    uint64_t header = code->closure_shape->header | (uint64_t)extra << 56;
    size_t size = ALLOC_ROUND(sizeof(Function) + captures * sizeof(Value));
    Function *f = size <= SMALL_LIMIT_BYTES ? alloc_small(h, size, header) : alloc_must(h, size, header);
    f->object.ool = NULL;
    f->code = code;
    for (uint32_t i = 0; i < captures; i++) f->captures[i] = VALUE_UNDEFINED;
    return f;
}

Native *function_new_native(LocalHeap *h, Realm *realm, const NativeSpec *spec, Value name, uint32_t data_count)
{
    if (value_is_undefined(name)) name = value_from_cell(string_new_text(h, spec->name));
    size_t size = ALLOC_ROUND(sizeof(Native) + data_count * sizeof(Value));
    Native *n = alloc_small(h, size, realm->native_shape->header | (uint64_t)data_count << 56);
    n->object.ool = NULL;
    n->spec = spec;
    n->realm = realm;
    n->name = name;
    for (uint32_t i = 0; i < data_count; i++) n->data[i] = VALUE_UNDEFINED;
    return n;
}

Value function_new_capturing(LocalHeap *h, Realm *realm, const NativeSpec *spec, uint32_t count, const Value *data)
{
    Native *n = function_new_native(h, realm, spec, VALUE_UNDEFINED, count);
    for (uint32_t i = 0; i < count; i++) n->data[i] = data[i];       // new: no barrier
    return value_from_cell(n);
}

Box *function_new_box(LocalHeap *h, Value v)
{
    Box *box = alloc_small(h, ALLOC_ROUND(sizeof *box), CELL_HEADER(0, KIND_BOX, 0));
    box->value = v;
    return box;
}

/* Words behind the value keep two such boxes out of one cache line: what a goroutine writes in the one would else slow
 * those that use the other. */
Box *function_new_shared_box(LocalHeap *h, Value v)
{
    enum { PADDING = (CACHE_LINE_BYTES - sizeof(Box)) / sizeof(Value) };
    Box *box = alloc_small(h, CACHE_LINE_BYTES, CELL_HEADER(0, KIND_BOX, PADDING));
    box->value = v;
    for (int i = 1; i <= PADDING; i++) (&box->value)[i] = VALUE_UNDEFINED;
    return box;
}

/* ---- lazy properties --------------------------------------------------------------------------------------------- */

bool function_is_lazy_key(const Vm *vm, PropertyKey key)
{
    return key == vm_atom(vm, ATOM_prototype) || key == vm_atom(vm, ATOM_length) || key == vm_atom(vm, ATOM_name);
}

enum { FUNCTION_LAZY_KEYS = 3 };

typedef struct LazyProperty {
    PropertyKey key;
    Value       value;
    uint8_t     attributes;
} LazyProperty;

/* MakeConstructor (10.2.5); generators' prototypes have no constructor (15.5.3). */
static Object *function_new_prototype(LocalHeap *h, Function *f)
{
    const Code *code = f->code;
    bool is_generator = (code->flags & UNIT_IS_GENERATOR) != 0;
    IntrinsicId parent = !is_generator ? INTRINSIC_ObjectPrototype
        : code->flags & UNIT_IS_ASYNC ? INTRINSIC_AsyncGeneratorPrototype : INTRINSIC_GeneratorPrototype;
    Object *proto = object_new_with_proto(h, realm_intrinsic(code->realm, parent));
    if (is_generator) return proto;
    Shape *s = object_shape(h->vm, proto);
    *object_slot(proto, s, 0) = value_from_cell(f);                          // new: no barrier
    object_set_shape(h, proto, shape_add(h, s, vm_atom(h->vm, ATOM_constructor), PROPERTY_METHOD));
    return proto;
}

static uint32_t function_list_lazy(LocalHeap *h, Object *o, LazyProperty to[FUNCTION_LAZY_KEYS])
{
    PropertyKey length = vm_atom(h->vm, ATOM_length), name = vm_atom(h->vm, ATOM_name);
    if (o->cell.kind == KIND_NATIVE) {
        const Native *n = (const Native *)o;
        to[0] = (LazyProperty){ length, value_from_uint32(n->spec->length), PROPERTY_CONFIGURABLE };
        to[1] = (LazyProperty){ name, n->name, PROPERTY_CONFIGURABLE };
        return 2;
    }
    Function *f = (Function *)o;
    const Code *code = f->code;
    uint32_t count = 0;
    to[count++] = (LazyProperty){ length, value_from_uint32(code->function->length), PROPERTY_CONFIGURABLE };
    if (!(code->flags & UNIT_HAS_OWN_NAME)) to[count++] = (LazyProperty){ name, code->name, PROPERTY_CONFIGURABLE };
    bool constructs = callable_is_constructor(value_from_cell(f)) && !(code->flags & UNIT_IS_CLASS_CONSTRUCTOR);
    if (constructs || (code->flags & UNIT_IS_GENERATOR))
        to[count++] = (LazyProperty){ vm_atom(h->vm, ATOM_prototype), value_from_cell(function_new_prototype(h, f)),
                                      PROPERTY_WRITABLE };
    return count;
}

/* The new shape makes all of them visible at once. */
static void function_fill_properties(LocalHeap *h, Object *o)
{
    LazyProperty properties[FUNCTION_LAZY_KEYS];
    uint32_t count = function_list_lazy(h, o, properties);
    const Shape *lazy = object_shape(h->vm, o);
    ASSERT(lazy->count == 0, "I1");
    Shape *s = shape_root(h, shape_kind(lazy), lazy->proto, 0);
    for (uint32_t i = 0; i < count; i++) {
        Value *slot = object_reserve_slot(h, o, s, i);
        barrier_store(h, o, slot, properties[i].value);
        s = shape_add(h, s, properties[i].key, properties[i].attributes);
    }
    object_set_shape(h, o, s);
}

void function_make_properties(LocalHeap *h, Object *o)
{
    ObjectChange change = object_enter(h, o, false);
    if (shape_flags(object_shape(h->vm, o)) & SHAPE_IS_LAZY_FUNCTION) function_fill_properties(h, o);
    object_leave(h, o, change);
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

bool function_set_name(Goroutine *g, Object *f, PropertyKey key, const char *prefix)
{
    LocalHeap *h = &g->heap;
    StringBuilder b;
    string_builder_init(&b);
    if (prefix) {
        string_builder_put_text(&b, prefix);
        string_builder_put_text(&b, " ");
    }
    if (key_is_symbol(key)) {
        const Symbol *s = symbol_of(key);
        bool brackets = value_is_string(s->description) && !symbol_is_private(s);
        if (brackets) string_builder_put_text(&b, "[");
        if (symbol_is_private(s)) string_builder_put_text(&b, "#");
        if (value_is_string(s->description)) string_builder_put_string(h, &b, string_of(s->description));
        if (brackets) string_builder_put_text(&b, "]");
    } else {
        string_builder_put_string(h, &b, string_of(convert_key_to_value(h, key)));
    }
    String *name = string_builder_end(h, &b);
    if (!name) return error_throw_string_length(g), false;
    object_define(h, f, vm_atom(h->vm, ATOM_name), value_from_cell(name), PROPERTY_CONFIGURABLE);
    return true;
}

Value function_display_name(LocalHeap *h, Value f)
{
    if (!value_is_callable(f)) return h->vm->empty_string;
    PropertyRef ref;
    Object *o = object_of(f);
    bool lazy = (shape_flags(object_shape(h->vm, o)) & SHAPE_IS_LAZY_FUNCTION) != 0;
    if (o->cell.kind != KIND_CALLABLE_PROXY && !lazy && object_find_own(h, o, vm_atom(h->vm, ATOM_name), &ref)
        && value_is_string(ref.value))
        return ref.value;
    if (o->cell.kind == KIND_FUNCTION) return ((Function *)o)->code->name;
    if (o->cell.kind == KIND_NATIVE) return ((Native *)o)->name;
    return h->vm->empty_string;
}

/* ---- realms and construction ------------------------------------------------------------------------------------- */

Realm *function_realm(Goroutine *g, Object *o)
{
    for (;;) {
        switch (o->cell.kind) {
        case KIND_FUNCTION: return ((Function *)o)->code->realm;
        case KIND_NATIVE:   return ((Native *)o)->realm;
        case KIND_BOUND:    o = object_of(((Bound *)o)->target); break;
        case KIND_PROXY: case KIND_CALLABLE_PROXY: {
            Value target = proxy_target(g, o);
            if (value_is_thrown(target)) return NULL;
            o = object_of(target);
            break;
        }
        default: return realm_current(g);
        }
    }
}

Value function_prototype_for(Goroutine *g, Value new_target, int fallback)
{
    if (value_is_undefined(new_target)) return realm_intrinsic(realm_current(g), (IntrinsicId)fallback);
    Value proto = TRY(object_get(g, object_of(new_target), vm_atom(g->vm, ATOM_prototype)));
    if (value_is_object(proto)) return proto;
    const Realm *realm = function_realm(g, object_of(new_target));
    return realm ? realm_intrinsic(realm, (IntrinsicId)fallback) : VALUE_THROWN;
}

/* ---- toString ---------------------------------------------------------------------------------------------------- */

/* The name a built-in function was made with, where it is a PropertyName: `get $&` is none. Methods of the library that
 * are called by symbols have theirs as a property alone. */
static Value function_initial_name(LocalHeap *h, Value f)
{
    Value name = h->vm->empty_string;
    if (value_is_kind(f, KIND_NATIVE)) name = function_native(f)->name;
    if (value_is_kind(f, KIND_FUNCTION)) name = function_of(f)->code->name;
    if (value_is_kind(f, KIND_FUNCTION) && !string_of(name)->length) name = function_display_name(h, f);
    StringView view = string_view(h, string_of(name));
    uint32_t last = view.length ? string_view_unit(view, view.length - 1) : ']';
    return last == ']' || unicode_is_identifier_part(last) ? name : h->vm->empty_string;
}

/* NativeFunction (20.2.3.5). */
static Value function_native_text(Goroutine *g, Value f)
{
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_text(&b, "function ");
    string_builder_put_string(&g->heap, &b, string_of(function_initial_name(&g->heap, f)));
    string_builder_put_text(&b, "() { [native code] }");
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

Value function_source_text(Goroutine *g, Value f)
{
    if (value_is_kind(f, KIND_FUNCTION)) {
        const Code *code = function_of(f)->code;
        const Unit *unit = code->unit;
        const UnitFunction *uf = code->function;
        if (unit->source && !(code->flags & UNIT_IS_LIBRARY) && uf->source_end > uf->source_start) {
            const char *start = unit->source + uf->source_start;
            return error_string_or_throw(g, string_new_wtf8(&g->heap, start, uf->source_end - uf->source_start));
        }
    }
    return function_native_text(g, f);
}
