/* SPDX-License-Identifier: MIT */
#include "vm/object/realm.h"

#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/base/mem.h"
#include "vm/object/array.h"

static Realm *realm_from_frame(Goroutine *g, const Value *frame)
{
    for (const Value *fp = frame; fp; fp = frame_caller(fp)) {
        const Cell *callee = value_cell(fp[FRAME_CALLEE]);
        if (callee->kind == KIND_FUNCTION) return ((const Function *)callee)->code->realm;
        if (callee->kind == KIND_NATIVE) return ((const Native *)callee)->realm;
    }
    return g->vm->realms;
}

Realm *realm_current(Goroutine *g)
{
    return realm_from_frame(g, g->fp);
}

Realm *realm_of_caller(Goroutine *g)
{
    return realm_from_frame(g, frame_caller(g->fp));
}

static Object *realm_new_global(LocalHeap *h, Value proto)
{
    Object *o = object_new(h, object_root_shape(h, KIND_OBJECT, proto, 0));
    object_make_dictionary(h, o, 0);
    o->cell.flags |= OBJECT_IS_GLOBAL;
    return o;
}

static Shape *realm_lazy_shape(LocalHeap *h, CellKind kind, Realm *realm, IntrinsicId proto)
{
    object_mark_prototype(h, object_of(realm->intrinsics[proto]));
    return shape_root_lazy_function(h, kind, realm->intrinsics[proto]);
}

static Shape *realm_arguments_shape(LocalHeap *h, CellKind kind, Value proto, uint8_t callee_attributes)
{
    const Vm *vm = h->vm;
    Shape *s = object_root_shape(h, kind, proto, ARGUMENTS_SLOTS);
    s = shape_add(h, s, vm_atom(vm, ATOM_length), PROPERTY_METHOD);
    s = shape_add(h, s, vm->symbols[SYMBOL_iterator], PROPERTY_METHOD);
    return shape_add(h, s, vm_atom(vm, ATOM_callee), callee_attributes);
}

static void realm_create_shapes(LocalHeap *h, Realm *realm)
{
    const Vm *vm = h->vm;
    enum { LITERAL_SLOTS = 4 };
    Value object_proto_value = realm->intrinsics[INTRINSIC_ObjectPrototype];
    Shape **mapped = &realm->mapped_arguments_shape;
    *mapped = realm_arguments_shape(h, KIND_MAPPED_ARGUMENTS, object_proto_value, PROPERTY_METHOD);
    realm->object_shape = object_root_shape(h, KIND_OBJECT, object_proto_value, LITERAL_SLOTS);
    Shape *s = object_root_shape(h, KIND_OBJECT, object_proto_value, 2);
    s = shape_add(h, s, vm_atom(vm, ATOM_value), PROPERTY_DEFAULT);
    realm->iterator_result_shape = shape_add(h, s, vm_atom(vm, ATOM_done), PROPERTY_DEFAULT);
    realm->array_shape = object_root_shape(h, KIND_ARRAY, realm->intrinsics[INTRINSIC_ArrayPrototype], 0);
    realm->arguments_shape = realm_arguments_shape(h, KIND_ARGUMENTS, object_proto_value, PROPERTY_ACCESSOR);
    realm->promise_shape = object_root_shape(h, KIND_PROMISE, realm->intrinsics[INTRINSIC_PromisePrototype], 0);
    realm->native_shape = realm_lazy_shape(h, KIND_NATIVE, realm, INTRINSIC_FunctionPrototype);
    realm->function_shape = realm_lazy_shape(h, KIND_FUNCTION, realm, INTRINSIC_FunctionPrototype);
    realm->async_shape = realm_lazy_shape(h, KIND_FUNCTION, realm, INTRINSIC_AsyncFunctionPrototype);
    realm->generator_shape = realm_lazy_shape(h, KIND_FUNCTION, realm, INTRINSIC_GeneratorFunctionPrototype);
    realm->async_generator_shape = realm_lazy_shape(h, KIND_FUNCTION, realm, INTRINSIC_AsyncGeneratorFunctionPrototype);
}

/* %Function.prototype% is itself a function that accepts anything and returns undefined (20.2.3). */
static Value realm_function_prototype(Goroutine *g, Args a)
{
    (void)g;
    (void)a;
    return VALUE_UNDEFINED;
}

static const NativeSpec realm_function_prototype_spec = { .name = "", .function = realm_function_prototype };

/* Prototypes that shapes of the realm need, before anything is installed on them. %Array.prototype% is an array. */
static void realm_create_prototypes(LocalHeap *h, Realm *realm)
{
    Value *in = realm->intrinsics;
    in[INTRINSIC_ObjectPrototype] = value_from_cell(object_new_with_proto(h, VALUE_NULL));
    object_mark_prototype(h, object_of(in[INTRINSIC_ObjectPrototype]));
    realm->native_shape = shape_root_lazy_function(h, KIND_NATIVE, in[INTRINSIC_ObjectPrototype]);
    Native *fp = function_new_native(h, realm, &realm_function_prototype_spec, h->vm->empty_string, 0);
    in[INTRINSIC_FunctionPrototype] = value_from_cell(fp);
    Array *array = array_new_with_shape(h, object_root_shape(h, KIND_ARRAY, in[INTRINSIC_ObjectPrototype], 0), 0);
    in[INTRINSIC_ArrayPrototype] = value_from_cell(array);
    in[INTRINSIC_PromisePrototype] = value_from_cell(object_new_with_proto(h, in[INTRINSIC_ObjectPrototype]));
    static const IntrinsicId function_kinds[] = {
        INTRINSIC_AsyncFunctionPrototype, INTRINSIC_GeneratorFunctionPrototype, INTRINSIC_AsyncGeneratorFunctionPrototype,
    };
    for (size_t i = 0; i < COUNT_OF(function_kinds); i++)
        in[function_kinds[i]] = value_from_cell(object_new_with_proto(h, in[INTRINSIC_FunctionPrototype]));
}

/* Several goroutines may make realms at once. */
static void realm_link(Vm *vm, Realm *realm)
{
    Realm **last = &vm->realms, *next = NULL;
    while (!atomic_cas(last, &next, realm)) {
        last = &next->older;
        next = NULL;
    }
}

Realm *realm_create(LocalHeap *h)
{
    Realm *realm = mem_alloc_zeroed(sizeof *realm);
    realm->vm = h->vm;
    for (int i = 0; i < INTRINSIC_COUNT; i++) realm->intrinsics[i] = VALUE_UNDEFINED;
    realm->template_map = realm->host_data = realm->global_this = VALUE_UNDEFINED;
    realm_link(h->vm, realm);
    realm_create_prototypes(h, realm);
    realm_create_shapes(h, realm);
    realm->global = realm_new_global(h, realm->intrinsics[INTRINSIC_ObjectPrototype]);
    realm->scope = realm_new_global(h, VALUE_NULL);
    realm->global_this = value_from_cell(realm->global);
    return realm;
}

void realm_destroy(Realm *realm)
{
    mem_free(realm);
}

Object *realm_new_object(Goroutine *g, IntrinsicId proto)
{
    const Realm *realm = realm_current(g);
    if (proto == INTRINSIC_ObjectPrototype) return object_new(&g->heap, realm->object_shape);
    return object_new_with_proto(&g->heap, realm_intrinsic(realm, proto));
}

Value realm_iterator_result(Goroutine *g, Value v, bool done)
{
    const Shape *s = realm_current(g)->iterator_result_shape;
    Object *o = object_new(&g->heap, (Shape *)s);
    Value *slots = object_slot(o, s, 0);
    slots[0] = v;
    slots[1] = value_from_bool(done);
    return value_from_cell(o);
}

void realm_set_root(LocalHeap *h, Realm *realm, Value *root, Value v)
{
    if (cell_is_shared(&realm->global->cell)) publish_value(h, v);
    atomic_set_release(root, v);                                 // pairs with whoever reads the root
}

bool realm_is_object_prototype(const Vm *vm, const Object *o)
{
    for (const Realm *r = vm->realms; r; r = atomic_get_acquire(&r->older))              // pairs with realm_link
        if (r->intrinsics[INTRINSIC_ObjectPrototype] == value_from_cell(o)) return true;
    return false;
}

void realm_mark(void *context, Marker *m)
{
    const Realm *r = context;
    mark_values(m, r->intrinsics, INTRINSIC_COUNT);
    mark_cell(m, r->global);
    mark_cell(m, r->scope);
    mark_value(m, r->global_this);
    mark_value(m, r->template_map);
    mark_value(m, r->host_data);
    Shape *const shapes[] = {
        r->object_shape, r->array_shape, r->function_shape, r->async_shape, r->generator_shape,
        r->async_generator_shape, r->native_shape, r->iterator_result_shape, r->promise_shape,
        r->regexp_shape, r->regexp_result_shape, r->arguments_shape, r->mapped_arguments_shape,
    };
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        if (shapes[i]) shape_mark(r->vm, m, shape_number(shapes[i]));
}

void realm_mark_roots(Vm *vm, Marker *m)
{
    for (Realm *r = vm->realms; r; r = r->older) realm_mark(r, m);
}
