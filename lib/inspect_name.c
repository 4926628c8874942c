/* SPDX-License-Identifier: MIT */
/* What an object is called: its constructor, its tag, functions and classes; and which of its properties are shown. */
#include <string.h>

#include "lib/inspect_int.h"
#include "vm/object/proxy.h"

enum { PROTOTYPE_LAYERS = 3 };           // looked at for properties when hidden ones are shown

/* ---- constructors ------------------------------------------------------------------------------------------------ */

/* What V8 calls an object whose prototypes do not say. */
static const char *name_of_kind(const Object *o)
{
    switch (o->cell.kind) {
    case KIND_ARRAY:       return "Array";
    case KIND_ERROR:       return "Error";
    case KIND_DATE:        return "Date";
    case KIND_REGEXP:      return "RegExp";
    case KIND_MAP:         return "Map";
    case KIND_SET:         return "Set";
    case KIND_WEAK_MAP:    return "WeakMap";
    case KIND_WEAK_SET:    return "WeakSet";
    case KIND_WEAK_REF:    return "WeakRef";
    case KIND_PROMISE:     return "Promise";
    case KIND_ARRAY_BUFFER: return "ArrayBuffer";
    case KIND_DATA_VIEW:   return "DataView";
    case KIND_NAMESPACE:   return "Module";
    default:
        if (o->cell.kind >= KIND_FIRST_TYPED_ARRAY && o->cell.kind <= KIND_LAST_TYPED_ARRAY) return value_kind_name(o->cell.kind);
        return value_is_callable(value_from_cell(o)) ? "Function" : "Object";
    }
}

/* Errors of user code that only decides what something is called are dropped. */
static bool name_is_instance(Goroutine *g, Value v, Value f)
{
    Tri answer = object_instance_of(g, v, f);
    if (answer == TRI_THROWN) error_take(g);
    return answer == TRI_TRUE;
}

static bool name_is_builtin(Value f)
{
    return value_is_kind(f, KIND_NATIVE) && (function_native(f)->spec->flags & NATIVE_CONSTRUCTOR);
}

/* The own `constructor` of `at`, when it is a function; else the hole. */
static Value name_own_constructor(Goroutine *g, Object *at)
{
    Descriptor d;
    if (!ASK(object_get_own(g, at, vm_atom(g->vm, ATOM_constructor), &d))) return VALUE_HOLE;
    return !descriptor_is_accessor(&d) && value_is_callable(d.value) ? d.value : VALUE_HOLE;
}

/* The name by which the prototype `at` says what `self` is; the hole when it does not. */
static Value name_by_prototype(Inspector *n, Value self, Object *at)
{
    Goroutine *g = n->g;
    const Realm *realm = realm_current(g);
    Value v = value_from_cell(at);
    if (v == realm->intrinsics[INTRINSIC_ObjectPrototype] && v != self) return vm_atom(g->vm, ATOM_Object);
    if (v == realm->intrinsics[INTRINSIC_FunctionPrototype] && v != self) return vm_atom(g->vm, ATOM_Function);
    Value f = TRY(name_own_constructor(g, at));
    if (f == VALUE_HOLE) return f;
    Value name = TRY(object_get(g, object_of(f), vm_atom(g->vm, ATOM_name)));
    if (value_is_string(name) && inspect_is_empty(name)) return VALUE_HOLE;
    if (!name_is_instance(g, self, f)) return VALUE_HOLE;
    String *s = convert_to_string(g, name);
    return s ? value_from_cell(s) : VALUE_THROWN;
}

/* ---- properties of prototypes, when hidden ones are shown -------------------------------------------------------- */

static bool name_list_has(const ValueList *list, Value v)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i] == v) return true;
    return false;
}

static bool name_add_layer(Inspector *n, Object *self, Object *layer, int32_t depth, ValueList **known, ValueList **lines)
{
    ValueList *keys = object_own_keys(n->g, layer, KEYS_ALL);
    if (!keys) return false;
    for (uint32_t i = 0; i < keys->count; i++) {
        Descriptor d;
        PropertyKey key = keys->items[i];
        if (key == vm_atom(n->g->vm, ATOM_constructor) || name_list_has(*known, key)) continue;
        if (ASK_BOOL(object_has_own(n->g, self, key)) || !ASK_BOOL(object_get_own(n->g, layer, key, &d))) continue;
        if (!descriptor_is_accessor(&d) && value_is_callable(d.value)) continue;
        list_push(n->h, lines, TRY_BOOL(inspect_property(n, layer, key, depth, false)));
    }
    for (uint32_t i = 0; i < keys->count; i++) list_push(n->h, known, keys->items[i]);
    return true;
}

static bool name_add_prototypes(Inspector *n, Object *self, int32_t depth, ValueList **lines)
{
    ValueList *known = list_new(n->h, 8);
    Object *layer = self;
    list_push(n->h, &n->seen, value_from_cell(self));
    for (int i = 0; i < PROTOTYPE_LAYERS; i++) {
        Value proto = TRY_BOOL(object_get_proto(n->g, layer));
        if (!value_is_object(proto)) break;
        layer = object_of(proto);
        Value f = TRY_BOOL(name_own_constructor(n->g, layer));
        if (f != VALUE_HOLE && name_is_builtin(f)) break;
        OK_BOOL(name_add_layer(n, self, layer, depth, &known, lines));
    }
    n->seen->count--;
    return true;
}

/* ---- the constructor's name -------------------------------------------------------------------------------------- */

/* The text of a prototype chain that has no name: the kind, and in brackets what the prototype is. */
static Value name_complex(Inspector *n, Object *o, Object *first, int32_t depth, ValueList **inherited)
{
    const char *kind = name_of_kind(o);
    if (depth > n->options.depth || !inspect_has_native_room(n)) return inspect_text(n, "%s <Complex prototype>", kind);
    Value above = TRY(inspect_constructor_name(n, first, depth + 1, inherited));
    if (!value_is_null(above)) return inspect_text(n, "%s <%S>", kind, above);
    InspectOptions options = n->options;
    options.is_custom_called = false;
    options.depth = -1;
    above = TRY(lib_inspect(n->g, value_from_cell(first), &options));
    return inspect_text(n, "%s <%S>", kind, above);
}

Value inspect_constructor_name(Inspector *n, Object *o, int32_t depth, ValueList **inherited)
{
    Value self = value_from_cell(o), first = VALUE_UNDEFINED;
    for (Value at = self; value_is_object(at);) {
        Value name = TRY(name_by_prototype(n, self, object_of(at)));
        if (name != VALUE_HOLE) {
            if (inherited) OK(name_add_prototypes(n, o, depth, inherited));
            return name;
        }
        at = TRY(object_get_proto(n->g, object_of(at)));
        if (value_is_undefined(first)) first = at;
    }
    if (value_is_null(first)) return VALUE_NULL;
    return name_complex(n, o, object_of(first), depth, inherited);
}

/* Symbol.toStringTag, unless it is shown as a property anyway. */
Value inspect_tag(Inspector *n, Object *o)
{
    Goroutine *g = n->g;
    Descriptor d;
    PropertyKey key = g->vm->symbols[SYMBOL_toStringTag];
    Value tag = TRY(object_get(g, o, key));
    if (!value_is_string(tag) || inspect_is_empty(tag)) return g->vm->empty_string;
    if (!ASK(object_get_own(g, o, key, &d))) return tag;
    return n->options.is_hidden_shown || (d.attributes & PROPERTY_ENUMERABLE) ? g->vm->empty_string : tag;
}

static bool name_equals(const Inspector *n, Value a, Value b)
{
    return string_equal(n->h, string_of(a), string_of(b));
}

/* "Foo(2) [tag] " */
Value inspect_prefix(Inspector *n, const Subject *s, const char *otherwise, int64_t size)
{
    Value count = n->g->vm->empty_string;
    bool tagged = !inspect_is_empty(s->tag);
    if (size >= 0) count = TRY(inspect_text(n, "(%d)", size));
    if (value_is_null(s->constructor)) {
        if (tagged && !string_equal_text(n->h, string_of(s->tag), otherwise))
            return inspect_text(n, "[%s%S: null prototype] [%S] ", otherwise, count, s->tag);
        return inspect_text(n, "[%s%S: null prototype] ", otherwise, count);
    }
    if (tagged && !name_equals(n, s->constructor, s->tag)) return inspect_text(n, "%S%S [%S] ", s->constructor, count, s->tag);
    return inspect_text(n, "%S%S ", s->constructor, count);
}

Value inspect_prefix_of_kind(Inspector *n, const Subject *s)
{
    const char *kind = name_of_kind(s->o);
    if (s->o->cell.kind == KIND_NAMESPACE) return inspect_text(n, "[Module: null prototype] ");
    return inspect_prefix(n, s, string_equal_text(n->h, string_of(s->tag), kind) ? "Object" : kind, -1);
}

/* ---- functions --------------------------------------------------------------------------------------------------- */

static uint32_t name_code_flags(const Object *o)
{
    return o->cell.kind == KIND_FUNCTION ? ((const Function *)o)->code->flags : 0;
}

/* The `name` of `o` as text. */
static Value name_get(Inspector *n, Object *o)
{
    Value name = TRY(object_get(n->g, o, vm_atom(n->g->vm, ATOM_name)));
    String *s = convert_to_string(n->g, name);
    return s ? value_from_cell(s) : VALUE_THROWN;
}

/* "[class B extends A]" */
static Value name_class(Inspector *n, const Subject *s)
{
    Goroutine *g = n->g;
    Value name = g->vm->empty_string;
    if (ASK(object_has_own(g, s->o, vm_atom(g->vm, ATOM_name)))) name = TRY(name_get(n, s->o));
    Value text = inspect_is_empty(name) ? TRY(inspect_text(n, "[class (anonymous)")) : TRY(inspect_text(n, "[class %S", name));
    bool named = !value_is_null(s->constructor);
    if (named && !name_equals(n, s->constructor, vm_atom(g->vm, ATOM_Function))) text = TRY(inspect_text(n, "%S [%S]", text, s->constructor));
    if (!inspect_is_empty(s->tag) && !(named && name_equals(n, s->constructor, s->tag))) text = TRY(inspect_text(n, "%S [%S]", text, s->tag));
    if (!named) return inspect_text(n, "%S extends [null prototype]]", text);
    Value super = TRY(object_get_proto(g, s->o));
    if (!value_is_object(super)) return inspect_text(n, "%S]", text);
    Value super_name = TRY(object_get(g, object_of(super), vm_atom(g->vm, ATOM_name)));
    if (!convert_to_boolean(super_name)) return inspect_text(n, "%S]", text);
    String *converted = convert_to_string(g, super_name);
    return converted ? inspect_text(n, "%S extends %S]", text, value_from_cell(converted)) : VALUE_THROWN;
}

/* "[Function: f]" */
Value inspect_function(Inspector *n, Subject *s)
{
    uint32_t flags = name_code_flags(s->o);
    if (flags & UNIT_IS_CLASS_CONSTRUCTOR) return name_class(n, s);
    bool async = (flags & UNIT_IS_ASYNC) && !(flags & UNIT_IS_LIBRARY), generator = (flags & UNIT_IS_GENERATOR) != 0;
    bool named = !value_is_null(s->constructor);
    Value type = TRY(inspect_text(n, "%s%sFunction", async ? "Async" : "", generator ? "Generator" : ""));
    Value name = TRY(name_get(n, s->o));
    Value text = TRY(inspect_text(n, "[%S%s%s%S]", type, named ? "" : " (null prototype)",
                                  inspect_is_empty(name) ? " (anonymous)" : ": ", name));
    if (named && !name_equals(n, s->constructor, type)) text = TRY(inspect_text(n, "%S %S", text, s->constructor));
    if (!inspect_is_empty(s->tag) && !(named && name_equals(n, s->constructor, s->tag))) text = TRY(inspect_text(n, "%S [%S]", text, s->tag));
    return text;
}

/* ---- which properties are shown ---------------------------------------------------------------------------------- */

ValueList *inspect_keys(Inspector *n, Object *o, bool skips_elements)
{
    ValueList *keys = list_new(n->h, 8), *all;
    if (skips_elements) {
        object_named_keys(n->h, o, &keys);
        all = keys;
    } else {
        all = object_own_keys(n->g, o, KEYS_ALL);
        if (!all) return NULL;
    }
    if (n->options.is_hidden_shown) return all;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        Descriptor d;
        Tri there = object_get_own(n->g, o, all->items[i], &d);
        if (there == TRI_THROWN) return NULL;
        if (there == TRI_TRUE && (d.attributes & PROPERTY_ENUMERABLE)) all->items[kept++] = all->items[i];
    }
    all->count = kept;
    return all;
}
