/* SPDX-License-Identifier: MIT */
/* The embedding API: native functions, and objects that stand for something outside the heap (KIND_EXTERNAL).
 *
 * A native function's C function and data are in its captured values, each as an integral double: addresses have 47
 * bits. */
#include <string.h>

#include "gc/barrier.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/embed_int.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/object/realm.h"
#include "vm/sched/attach.h"

enum { EMBED_DATA_FUNCTION, EMBED_DATA_ARGUMENT, EMBED_DATA_COUNT, EMBED_MOST_ARITY = 8 };

typedef struct External {                // KIND_EXTERNAL
    Object         object;
    UsVm          *owner;                // immutable, as are the next two
    const UsClass *c;                    // NULL: of us_allocate
    size_t         external_bytes;
    void          *data;                 // atomic; NULL: finalised
    ValueList     *slots;                // immutable, or NULL
    bool           is_global;            // kept for as long as the VM lives; immutable
} External;

static Value embed_from_address(uintptr_t address)
{
    return value_from_double((double)address);
}

static uintptr_t embed_address(Value v)
{
    return (uintptr_t)value_number(v);
}

static Args embed_args(const UsCall *call)
{
    return *(const Args *)call;
}

/* ---- native functions -------------------------------------------------------------------------------------------- */

static Value embed_call_native(Goroutine *g, Args a)
{
    UsFunction function = (UsFunction)embed_address(args_data(a, EMBED_DATA_FUNCTION));
    UsValue result = us_undefined();
    UsStatus status = function(embed_from_goroutine(g), (const UsCall *)&a, &result);
    if (!embed_is_value(result)) result = us_undefined();
    switch (status) {
    case US_OK:           return result.bits;
    case US_THROWN:       return error_throw_value(g, result.bits);
    case US_ERROR_MEMORY: return error_throw_out_of_memory(g);
    default:              return error_throw(g, ERROR_PLAIN, "%s", us_status_text(status));
    }
}

/* `class C` semantics: the constructor is for `new` alone. */
static Value embed_call_constructor(Goroutine *g, Args a)
{
    const UsClass *c = (const UsClass *)embed_address(args_data(a, EMBED_DATA_ARGUMENT));
    if (!args_is_construct(a))
        return error_throw(g, ERROR_TYPE, "Class constructor %s cannot be invoked without 'new'", c->name);
    Value v = TRY(embed_call_native(g, a));
    return value_is_object(v) ? v : error_throw(g, ERROR_TYPE, "the constructor of %s made no object", c->name);
}

#define EMBED_SPEC(arity) { .name = "", .function = embed_call_native, .length = arity }
#define EMBED_CONSTRUCTOR(arity) \
    { .name = "", .function = embed_call_constructor, .length = arity, .flags = NATIVE_CONSTRUCTOR }

static const NativeSpec embed_functions[EMBED_MOST_ARITY + 1] = {
    EMBED_SPEC(0), EMBED_SPEC(1), EMBED_SPEC(2), EMBED_SPEC(3), EMBED_SPEC(4), EMBED_SPEC(5), EMBED_SPEC(6),
    EMBED_SPEC(7), EMBED_SPEC(8),
};

static const NativeSpec embed_constructors[EMBED_MOST_ARITY + 1] = {
    EMBED_CONSTRUCTOR(0), EMBED_CONSTRUCTOR(1), EMBED_CONSTRUCTOR(2), EMBED_CONSTRUCTOR(3), EMBED_CONSTRUCTOR(4),
    EMBED_CONSTRUCTOR(5), EMBED_CONSTRUCTOR(6), EMBED_CONSTRUCTOR(7), EMBED_CONSTRUCTOR(8),
};

static Native *embed_new_native(Goroutine *g, const NativeSpec *specs, const char *name, unsigned arity,
                                UsFunction function, const void *data)
{
    LocalHeap *h = &g->heap;
    const NativeSpec *spec = &specs[arity < EMBED_MOST_ARITY ? arity : EMBED_MOST_ARITY];
    String *s = string_new_utf8(h, name, strlen(name));
    Value text = s ? value_from_cell(s) : h->vm->empty_string;
    Native *f = function_new_native(h, realm_current(g), spec, text, EMBED_DATA_COUNT);
    f->data[EMBED_DATA_FUNCTION] = embed_from_address((uintptr_t)function);
    f->data[EMBED_DATA_ARGUMENT] = embed_from_address((uintptr_t)data);
    return f;
}

static bool embed_fits(const void *address)
{
    return (uintptr_t)address < UINT64_C(1) << 53;
}

UsStatus us_function(UsGoroutine *us, const char *name, unsigned arity, UsFunction function, void *data, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(name && function && result && embed_fits(data));
    Goroutine *g = embed_goroutine(us);
    *result = embed_value(value_from_cell(embed_new_native(g, embed_functions, name, arity, function, data)));
    return US_OK;
}

size_t us_argument_count(const UsCall *call)
{
    return embed_args(call).count;
}

UsValue us_argument(const UsCall *call, size_t i)
{
    return embed_value(i < UINT32_MAX ? arg(embed_args(call), (uint32_t)i) : VALUE_UNDEFINED);
}

UsValue us_this(const UsCall *call)
{
    return embed_value(embed_args(call).self);
}

void *us_call_data(const UsCall *call)
{
    return (void *)embed_address(args_data(embed_args(call), EMBED_DATA_ARGUMENT));
}

bool us_is_construct(const UsCall *call)
{
    return args_is_construct(embed_args(call));
}

/* ---- classes ----------------------------------------------------------------------------------------------------- */

static Object *embed_new_proto(Goroutine *g, const UsClass *c)
{
    LocalHeap *h = &g->heap;
    Object *proto = realm_new_object(g, INTRINSIC_ObjectPrototype);
    for (size_t i = 0; i < c->method_count; i++) {
        const UsMethod *m = &c->methods[i];
        const Native *f = embed_new_native(g, embed_functions, m->name, m->arity, m->function, c);
        object_define(h, proto, intern_key_text(h, m->name), value_from_cell(f), PROPERTY_METHOD);
    }
    return proto;
}

static bool embed_is_class(const UsClass *c)
{
    if (!c || !c->name || !c->construct || (c->method_count && !c->methods)) return false;
    for (size_t i = 0; i < c->method_count; i++)
        if (!c->methods[i].name || !c->methods[i].function) return false;
    return embed_fits(c);
}

/* With the lock. */
static EmbedClass *embed_find_class(UsVm *vm, const UsClass *c)
{
    for (uint32_t i = 0; i < vm->classes.count; i++)
        if (vm->classes.items[i].c == c) return &vm->classes.items[i];
    return NULL;
}

static bool embed_add_class(UsVm *vm, const UsClass *c, Value proto)
{
    mutex_lock(&vm->lock);
    bool is_new = !embed_find_class(vm, c);
    if (is_new) VEC_PUSH(&vm->classes, ((EmbedClass){ c, proto }));
    mutex_unlock(&vm->lock);
    return is_new;
}

UsStatus us_class(UsGoroutine *us, const UsClass *c, UsValue *constructor)
{
    EMBED_HERE(us);
    EMBED_NEED(embed_is_class(c) && constructor);
    Goroutine *g = embed_goroutine(us);
    LocalHeap *h = &g->heap;
    Object *proto = embed_new_proto(g, c);
    Native *f = embed_new_native(g, embed_constructors, c->name, c->arity, c->construct, c);
    Value made = value_from_cell(f), prototype = value_from_cell(proto);
    object_define(h, &f->object, vm_atom(g->vm, ATOM_prototype), prototype, 0);
    object_define(h, proto, vm_atom(g->vm, ATOM_constructor), made, PROPERTY_METHOD);
    publish_value(h, made);
    if (!embed_add_class(embed_vm_of(g), c, prototype)) return US_ERROR_ARGUMENT;
    *constructor = embed_value(made);
    return US_OK;
}

static Value embed_proto_of(UsVm *vm, const UsClass *c)
{
    mutex_lock(&vm->lock);
    const EmbedClass *found = embed_find_class(vm, c);
    Value proto = found ? found->proto : VALUE_UNDEFINED;
    mutex_unlock(&vm->lock);
    return proto;
}

/* ---- instances --------------------------------------------------------------------------------------------------- */

static External *embed_new_external(Goroutine *g, Value proto, const UsClass *c)
{
    LocalHeap *h = &g->heap;
    External *x = object_alloc(h, object_root_shape(h, KIND_EXTERNAL, proto, 0), sizeof *x);
    x->owner = embed_vm_of(g);
    x->c = c;
    x->external_bytes = 0;
    x->data = NULL;
    x->slots = NULL;
    x->is_global = false;
    return x;
}

static External *embed_external(UsValue v)
{
    return embed_is_value(v) && value_is_kind(v.bits, KIND_EXTERNAL) ? (External *)value_cell(v.bits) : NULL;
}

/* The prototype of what `new` makes: of a subclass, if that was constructed. */
static Value embed_instance_proto(Goroutine *g, const UsCall *call, Value proto)
{
    if (!call || !us_is_construct(call)) return proto;
    Value target = args_new_target(embed_args(call));
    Value own = TRY(object_get_of(g, target, vm_atom(g->vm, ATOM_prototype)));
    return value_is_object(own) ? own : proto;
}

UsStatus us_instance(UsGoroutine *us, const UsCall *call, const UsClass *c, void *data, size_t external_bytes,
                     UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(c && data && result && external_bytes <= INT64_MAX);
    Goroutine *g = embed_goroutine(us);
    LocalHeap *h = &g->heap;
    Value proto = embed_proto_of(embed_vm_of(g), c);
    EMBED_NEED(!value_is_undefined(proto));
    proto = embed_instance_proto(g, call, proto);
    if (value_is_thrown(proto)) return embed_end(g, proto, result);
    if (external_bytes && heap_would_exceed(h, external_bytes)) return US_ERROR_MEMORY;
    External *x = embed_new_external(g, proto, c);
    x->external_bytes = external_bytes;
    x->data = data;
    heap_add_external(h, (int64_t)external_bytes);
    heap_register_finalizer(h, &x->object.cell);
    *result = embed_value(value_from_cell(x));
    return US_OK;
}

void *us_data(UsValue v, const UsClass *c)
{
    const External *x = embed_external(v);
    return x && c && x->c == c ? atomic_get_acquire(&x->data) : NULL;    // pairs with embed_close
}

/* Of several who try at once, one finalises. */
static void embed_close(External *x)
{
    void *data = atomic_swap_acq_rel(&x->data, NULL);
    if (!data) return;
    heap_drop_external(x->owner->vm->heap, x->external_bytes);
    if (x->c->finalize) embed_finalize(x->owner, x->c->finalize, data);
}

UsStatus us_close(UsGoroutine *g, UsValue v, const UsClass *c)
{
    EMBED_HERE(g);
    External *x = embed_external(v);
    EMBED_NEED(x && c && x->c == c);
    embed_close(x);
    return US_OK;
}

void embed_finalize(UsVm *vm, void (*finalize)(void *data), void *data)
{
    bool was_finalizing = attach_set_finalizing(true);
    finalize(data);
    (void)attach_set_finalizing(was_finalizing);
    atomic_add_relaxed(&vm->finalizers_run, 1);
}

/* ---- slots ------------------------------------------------------------------------------------------------------- */

UsStatus us_allocate(UsGoroutine *us, UsTier tier, size_t slot_count, UsValue *result)
{
    EMBED_HERE(us);
    EMBED_NEED(result && tier > US_STACK_LOCAL && tier <= US_GLOBAL_SHARED && slot_count <= UINT32_MAX / 16);
    Goroutine *g = embed_goroutine(us);
    LocalHeap *h = &g->heap;
    if (heap_would_exceed(h, slot_count * sizeof(Value))) return US_ERROR_MEMORY;
    External *x = embed_new_external(g, realm_intrinsic(realm_current(g), INTRINSIC_ObjectPrototype), NULL);
    ValueList *slots = list_new(h, (uint32_t)slot_count);
    for (size_t i = 0; i < slot_count; i++) slots->items[i] = VALUE_UNDEFINED;
    slots->count = (uint32_t)slot_count;
    BARRIER_SET(h, x, x->slots, slots);
    x->is_global = tier == US_GLOBAL_SHARED;
    *result = embed_value(value_from_cell(x));
    if (tier >= US_GOROUTINE_SHARED) publish_value(h, result->bits);
    UsHandle forever;
    return tier == US_GLOBAL_SHARED ? us_handle(us, *result, &forever) : US_OK;
}

UsTier us_tier(UsGoroutine *g, UsValue v)
{
    bool is_cell = embed_check(g) == US_OK && embed_is_value(v) && value_is_cell(v.bits) && cell_is_reference(v.bits);
    const External *x = is_cell ? embed_external(v) : NULL;
    if (!is_cell || (x && x->is_global)) return US_GLOBAL_SHARED;
    return cell_is_shared(value_cell(v.bits)) ? US_GOROUTINE_SHARED : US_GOROUTINE_PRIVATE;
}

static ValueList *embed_slots(UsValue v)
{
    const External *x = embed_external(v);
    return x ? x->slots : NULL;
}

UsStatus us_read(UsGoroutine *g, UsValue object, size_t slot, UsValue *result)
{
    EMBED_HERE(g);
    const ValueList *slots = embed_slots(object);
    EMBED_NEED(slots && slot < slots->count && result);
    *result = embed_value(cell_slot_get(&slots->items[slot]));
    return US_OK;
}

UsStatus us_write(UsGoroutine *g, UsValue object, size_t slot, UsValue v)
{
    return us_write_many(g, object, slot, 1, &v);
}

UsStatus us_write_many(UsGoroutine *us, UsValue object, size_t first_slot, size_t count, const UsValue *values)
{
    EMBED_HERE(us);
    ValueList *slots = embed_slots(object);
    EMBED_NEED(slots && first_slot <= slots->count && count <= slots->count - first_slot && (values || !count));
    for (size_t i = 0; i < count; i++) EMBED_NEED(embed_is_value(values[i]));
    LocalHeap *h = &embed_goroutine(us)->heap;
    barrier_note_many(h, slots, &values->bits, count);
    for (size_t i = 0; i < count; i++) barrier_store(h, slots, &slots->items[first_slot + i], values[i].bits);
    return US_OK;
}

/* ---- the collector's ---------------------------------------------------------------------------------------------- */

static void embed_trace_external(Marker *m, Cell *c)
{
    External *x = (External *)c;
    mark_cell(m, x->object.ool);
    mark_cell(m, x->slots);
    mark_values(m, (const Value *)(x + 1), c->extra);
}

static void embed_finalize_external(Cell *c)
{
    embed_close((External *)c);
}

void embed_register_kinds(void)
{
    kinds_register(KIND_EXTERNAL, &(GcKind){ .name = "EXTERNAL", .base_bytes = sizeof(External),
        .flags = KIND_HAS_FINALIZER, .trace = embed_trace_external, .finalize = embed_finalize_external }, NULL);
}
