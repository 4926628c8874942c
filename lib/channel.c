/* SPDX-License-Identifier: MIT */
/* Channel: the object's side of vm/object/channel.h. What waits calls nothing afterwards: it returns
 * VALUE_PARKED, and the rest is done by the wait's finish. */
#include "lib/channel.h"

#include "gc/barrier.h"
#include "lib/families.h"
#include "lib/intrinsics.h"
#include "lib/library.h"
#include "vm/object/channel.h"
#include "vm/object/kinds.h"
#include "vm/object/task.h"

typedef struct ChannelIterator {         // KIND_CHANNEL_ITERATOR
    Object object;
    Value  channel;
} ChannelIterator;

/* The receiver of a method; NULL: thrown. */
static Channel *lib_channel_this(Goroutine *g, Value v)
{
    if (LIKELY(value_is_kind(v, KIND_CHANNEL))) return channel_of(v);
    error_throw(g, ERROR_TYPE, "%V is not a channel", v);
    return NULL;
}

/* new Channel(capacity = 0, type). */
static Value lib_channel_construct(Goroutine *g, Args a)
{
    double capacity = 0;
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Constructor Channel requires 'new'");
    if (!value_is_undefined(arg(a, 0))) OK(convert_to_integer(g, arg(a, 0), &capacity));
    Value type = arg(a, 1);
    if (!value_is_undefined(type) && !value_is_string(type))
        return error_throw(g, ERROR_TYPE, "%V does not name a type", type);
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_ChannelPrototype));
    return channel_new(g, proto, capacity, channel_element_named(&g->heap, type));
}

/* ---- one value ----------------------------------------------------------------------------------------- */

static Value lib_channel_send(Goroutine *g, Args a)
{
    return channel_op_send(g, a.self, arg(a, 0));
}

static Value lib_channel_receive(Goroutine *g, Args a)
{
    return channel_op_receive(g, a.self);
}

/* { value, ok } */
static Value lib_channel_result(Goroutine *g, Value v, bool ok)
{
    Object *result = realm_new_object(g, INTRINSIC_ObjectPrototype);
    object_add(&g->heap, result, vm_atom(g->vm, ATOM_value), v, PROPERTY_DEFAULT);
    object_add(&g->heap, result, vm_atom(g->vm, ATOM_ok), value_from_bool(ok), PROPERTY_DEFAULT);
    return value_from_cell(result);
}

static Value lib_channel_finish_recv(Goroutine *g, Fiber *f)
{
    bool ok = !value_is_hole(f->result);
    return lib_channel_result(g, ok ? f->result : VALUE_UNDEFINED, ok);
}

static Value lib_channel_recv(Goroutine *g, Args a)
{
    Value v;
    Channel *c = lib_channel_this(g, a.self);
    if (!c) return VALUE_THROWN;
    ChannelOutcome outcome = channel_receive_or_wait(g, c, 0, lib_channel_finish_recv, &v);
    return outcome == CHANNEL_WOULD_WAIT ? VALUE_PARKED : lib_channel_result(g, v, outcome == CHANNEL_DONE);
}

static Value lib_channel_try_send(Goroutine *g, Args a)
{
    Channel *c = lib_channel_this(g, a.self);
    if (!c) return VALUE_THROWN;
    OK(channel_check_element(g, c, arg(a, 0)));
    ChannelOutcome outcome = channel_try_send(g, c, arg(a, 0));
    return outcome == CHANNEL_CLOSED ? channel_throw_send_on_closed(g) : value_from_bool(outcome == CHANNEL_DONE);
}

static Value lib_channel_try_recv(Goroutine *g, Args a)
{
    Value v;
    Channel *c = lib_channel_this(g, a.self);
    if (!c) return VALUE_THROWN;
    ChannelOutcome outcome = channel_try_receive(g, c, &v);
    return outcome == CHANNEL_WOULD_WAIT ? VALUE_UNDEFINED : lib_channel_result(g, v, outcome == CHANNEL_DONE);
}

/* ---- many ---------------------------------------------------------------------------------------------- */

/* The list with what else is there, as an array. */
static Value lib_channel_collect(Goroutine *g, Channel *c, Value first, uint32_t most)
{
    ValueList *list = list_new(&g->heap, 8);
    list_push(&g->heap, &list, first);
    channel_receive_some(g, c, &list, most);
    Array *all = array_from_list(g, list);
    return all ? value_from_cell(all) : VALUE_THROWN;
}

/* fiber->waiter.value is the channel, waiter.tag how many values at most. */
static Value lib_channel_finish_recv_many(Goroutine *g, Fiber *f)
{
    Value channel = f->waiter.value;
    f->waiter.value = VALUE_UNDEFINED;
    if (value_is_hole(f->result)) return value_from_cell(array_new(g));
    return lib_channel_collect(g, channel_of(channel), f->result, f->waiter.tag);
}

/* recvMany(max): waits for one, and takes what else is there. Empty: closed. */
static Value lib_channel_recv_many(Goroutine *g, Args a)
{
    Value v;
    double most = UINT32_MAX;
    Channel *c = lib_channel_this(g, a.self);
    if (!c) return VALUE_THROWN;
    if (!value_is_undefined(arg(a, 0))) OK(convert_to_integer(g, arg(a, 0), &most));
    if (most < 1) return error_throw(g, ERROR_RANGE, "recvMany takes one value or more");
    uint32_t tag = most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
    switch (channel_receive_or_wait(g, c, tag, lib_channel_finish_recv_many, &v)) {
    case CHANNEL_DONE:   return lib_channel_collect(g, c, v, tag);
    case CHANNEL_CLOSED: return value_from_cell(array_new(g));
    default:             return VALUE_PARKED;
    }
}

/* $channelAccept(channel, v) throws when it may not be sent. */
Value lib_channel_accept(Goroutine *g, Args a)
{
    return channel_check_element(g, channel_of(arg(a, 0)), arg(a, 1)) ? VALUE_UNDEFINED : VALUE_THROWN;
}

/* $channelList(array): its values as a list that no program sees. */
Value lib_channel_list(Goroutine *g, Args a)
{
    const ValueList *list = array_list_from_array_like(g, arg(a, 0));
    return list ? value_from_cell(list) : VALUE_THROWN;
}

/* $channelSendSome(channel, list, from): as many as go at once. The index of what has to wait, or undefined:
 * all are sent. */
Value lib_channel_send_some(Goroutine *g, Args a)
{
    uint32_t from = (uint32_t)value_int(arg(a, 2));
    switch (channel_send_some(g, channel_of(arg(a, 0)), (ValueList *)value_cell(arg(a, 1)), &from)) {
    case CHANNEL_DONE:   return VALUE_UNDEFINED;
    case CHANNEL_CLOSED: return channel_throw_send_on_closed(g);
    default:             return value_from_int((int32_t)from);
    }
}

/* $channelSendOne(channel, list, at) waits. */
Value lib_channel_send_one(Goroutine *g, Args a)
{
    const ValueList *list = (const ValueList *)value_cell(arg(a, 1));
    return channel_op_send(g, arg(a, 0), list->items[value_int(arg(a, 2))]);
}

/* ---- closing, and what can be told --------------------------------------------------------------------- */

static Value lib_channel_close_any(Goroutine *g, Value v)
{
    Channel *c = lib_channel_this(g, v);
    return c && channel_close(g, c) ? VALUE_UNDEFINED : VALUE_THROWN;
}

static Value lib_channel_close(Goroutine *g, Args a)
{
    return lib_channel_close_any(g, a.self);
}

static Value lib_channel_closed(Goroutine *g, Args a)
{
    const Channel *c = lib_channel_this(g, a.self);
    return c ? value_from_bool(channel_is_closed(c)) : VALUE_THROWN;
}

static Value lib_channel_length(Goroutine *g, Args a)
{
    const Channel *c = lib_channel_this(g, a.self);
    return c ? value_from_uint32(channel_count(c)) : VALUE_THROWN;
}

static Value lib_channel_capacity(Goroutine *g, Args a)
{
    const Channel *c = lib_channel_this(g, a.self);
    return c ? value_from_uint32(c->capacity) : VALUE_THROWN;
}

/* ---- iteration ----------------------------------------------------------------------------------------- */

static Value lib_channel_iterator(Goroutine *g, Args a)
{
    if (!lib_channel_this(g, a.self)) return VALUE_THROWN;
    LocalHeap *h = &g->heap;
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ChannelIteratorPrototype);
    ChannelIterator *it = object_alloc(h, object_root_shape(h, KIND_CHANNEL_ITERATOR, proto, 0), sizeof *it);
    it->channel = a.self;
    return value_from_cell(it);
}

static Value lib_channel_finish_next(Goroutine *g, Fiber *f)
{
    bool done = value_is_hole(f->result);
    return realm_iterator_result(g, done ? VALUE_UNDEFINED : f->result, done);
}

/* The next value of a channel as an iterator's result. */
static Value lib_channel_next_of(Goroutine *g, Channel *c)
{
    Value v;
    ChannelOutcome outcome = channel_receive_or_wait(g, c, 0, lib_channel_finish_next, &v);
    return outcome == CHANNEL_WOULD_WAIT ? VALUE_PARKED : realm_iterator_result(g, v, outcome == CHANNEL_CLOSED);
}

/* The channel of an iterator; NULL: thrown. */
static Channel *lib_channel_iterated(Goroutine *g, Value iterator)
{
    if (value_is_kind(iterator, KIND_CHANNEL_ITERATOR))
        return channel_of(((ChannelIterator *)value_cell(iterator))->channel);
    error_throw(g, ERROR_TYPE, "%V is not a channel iterator", iterator);
    return NULL;
}

static Value lib_channel_next(Goroutine *g, Args a)
{
    Channel *c = lib_channel_iterated(g, a.self);
    return c ? lib_channel_next_of(g, c) : VALUE_THROWN;
}

/* NativeSpec.step of next, called again when the wait that it began is over (iterate_step_or_park): the hole
 * says, here as there, that nothing more comes. */
static Value lib_channel_step(Goroutine *g, Value iterator)
{
    Value v;
    if (fiber_current(g)->wait_kind == WAIT_RECEIVE) return fiber_take_result(g);
    Channel *c = lib_channel_iterated(g, iterator);
    if (!c) return VALUE_THROWN;
    switch (channel_receive_or_wait(g, c, 0, NULL, &v)) {
    case CHANNEL_DONE:   return v;
    case CHANNEL_CLOSED: return VALUE_HOLE;
    default:             return VALUE_PARKED;
    }
}

/* $channelNext(channel) waits. */
Value lib_channel_next_result(Goroutine *g, Args a)
{
    return lib_channel_next_of(g, channel_of(arg(a, 0)));
}

/* $channelCheck(v) */
Value lib_channel_check(Goroutine *g, Args a)
{
    return lib_channel_this(g, arg(a, 0)) ? VALUE_UNDEFINED : VALUE_THROWN;
}

/* $asyncIteratorPrototype() */
Value lib_channel_async_proto(Goroutine *g, Args a)
{
    (void)a;
    return realm_intrinsic(realm_current(g), INTRINSIC_AsyncIteratorPrototype);
}

/* ---- time ---------------------------------------------------------------------------------------------- */

/* Data: the channel. */
static Value lib_channel_time_over(Goroutine *g, Args a)
{
    Value now = value_from_double((double)task_now_ms());
    ChannelOutcome outcome = channel_try_send(g, channel_of(args_data(a, 0)), now);
    (void)outcome;                       // its owner may have closed or filled it
    return VALUE_UNDEFINED;
}

/* Channel.after(ms): a channel that gets one value, the time, after `ms`. The timer alone does not keep the
 * program running. */
static Value lib_channel_after(Goroutine *g, Args a)
{
    static const NativeSpec time_over = { .name = "", .function = lib_channel_time_over };
    double ms;
    OK(convert_to_double(g, arg(a, 0), &ms));
    Realm *realm = realm_current(g);
    Value c = TRY(channel_new(g, realm_intrinsic(realm, INTRINSIC_ChannelPrototype), 1, CHANNEL_ANY));
    Value f = function_new_capturing(&g->heap, realm, &time_over, 1, &c);
    uint32_t delay_ms = ms >= 1 ? ms < INT32_MAX ? (uint32_t)ms : INT32_MAX : ms > 0;
    Task *timer = task_new(g, realm_intrinsic(realm, INTRINSIC_TimeoutPrototype), f, VALUE_UNDEFINED, 0, delay_ms);
    task_schedule(g, timer, task_now_ms());
    return c;
}

/* ---- predeclared --------------------------------------------------------------------------------------- */

static Value lib_channel_predeclared_close(Goroutine *g, Args a)
{
    return lib_channel_close_any(g, arg(a, 0));
}

/* len(v): of a channel, a string, an array or what else has a length; of a Map or Set its size. cap(v): of a
 * channel; of an array its length. magic: 1 for cap. */
static Value lib_channel_measure(Goroutine *g, Args a)
{
    Value v = arg(a, 0);
    bool is_cap = args_magic(a) != 0;
    if (value_is_kind(v, KIND_CHANNEL))
        return value_from_uint32(is_cap ? channel_of(v)->capacity : channel_count(channel_of(v)));
    bool is_sized = !is_cap && (value_is_kind(v, KIND_MAP) || value_is_kind(v, KIND_SET));
    if (is_sized) return object_get_of(g, v, intern_key_text(&g->heap, "size"));
    if (!value_is_string(v) && !value_is_object(v)) return error_throw(g, ERROR_TYPE, "%V has no length", v);
    Value length = TRY(object_get_of(g, v, vm_atom(g->vm, ATOM_length)));
    return value_is_number(length) ? length : error_throw(g, ERROR_TYPE, "%V has no length", v);
}

/* ---- installation -------------------------------------------------------------------------------------- */

static const NativeSpec lib_channel_prototype[] = {
    LIB_METHOD("send", 1, lib_channel_send),
    LIB_METHOD("receive", 0, lib_channel_receive),
    LIB_METHOD("recv", 0, lib_channel_recv),
    LIB_METHOD("trySend", 1, lib_channel_try_send),
    LIB_METHOD("tryRecv", 0, lib_channel_try_recv),
    LIB_METHOD("recvMany", 0, lib_channel_recv_many),
    LIB_METHOD("close", 0, lib_channel_close),
    LIB_METHOD("[Symbol.iterator]", 0, lib_channel_iterator),
    LIB_GETTER("closed", lib_channel_closed),
    LIB_GETTER("length", lib_channel_length),
    LIB_GETTER("capacity", lib_channel_capacity),
};

static const NativeSpec lib_channel_statics[] = {
    LIB_METHOD("after", 1, lib_channel_after),
};

static const NativeSpec lib_channel_iterator_prototype[] = {
    { .name = "next", .function = lib_channel_next, .step = lib_channel_step },
};

static const NativeSpec lib_channel_predeclared[] = {
    LIB_METHOD("close", 1, lib_channel_predeclared_close),
    LIB_MAGIC("len", 1, lib_channel_measure, 0),
    LIB_MAGIC("cap", 1, lib_channel_measure, 1),
};

void lib_channel_register_kinds(void)
{
    channel_register_kinds();
    GcKind iterator = { .name = "CHANNEL_ITERATOR", .base_bytes = sizeof(ChannelIterator) };
    kinds_register(KIND_CHANNEL_ITERATOR, &iterator, NULL);
}

void lib_channel_install(const Lib *lib)
{
    static const NativeSpec constructor = LIB_CONSTRUCTOR("Channel", 0, lib_channel_construct);
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, &constructor, INTRINSIC_Channel, INTRINSIC_ChannelPrototype, parent, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_ChannelPrototype);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_Channel), lib_channel_statics);
    INSTALL_TABLE(lib, proto, lib_channel_prototype);
    install_tag(lib, proto, "Channel");
    Value iterator = install_object(lib, install_intrinsic(lib, INTRINSIC_IteratorPrototype));
    lib->realm->intrinsics[INTRINSIC_ChannelIteratorPrototype] = iterator;
    INSTALL_TABLE(lib, iterator, lib_channel_iterator_prototype);
    install_tag(lib, iterator, "Channel Iterator");
    library_install(lib, "channel");
    for (size_t i = 0; i < COUNT_OF(lib_channel_predeclared); i++)
        install_global(lib, lib_channel_predeclared[i].name, install_function(lib, &lib_channel_predeclared[i]));
}
