/* SPDX-License-Identifier: MIT */
#include "vm/object/channel.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "vm/object/channel_int.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/object/realm.h"

enum {
    CHANNEL_FIRST_SLOTS = 64,
    // the elements that every int32 is one of
    CHANNEL_TAKE_INT = 1 << CHANNEL_INT32 | 1 << CHANNEL_INT64 | 1 << CHANNEL_FLOAT32 | 1 << CHANNEL_FLOAT64
        | 1 << CHANNEL_NUMBER,
};

/* ---- elements ------------------------------------------------------------------------------------------ */

static const char *const channel_names[] = {
#define ELEMENT(NAME, text) text,
#include "vm/object/channel_elements.def"
};

const char *channel_element_name(ChannelElement element)
{
    return channel_names[element];
}

ChannelElement channel_element_named(LocalHeap *h, Value name)
{
    if (!value_is_string(name)) return CHANNEL_ANY;
    if (string_equal_text(h, string_of(name), "int")) return CHANNEL_INT64;
    for (int i = 0; i < CHANNEL_ELEMENT_COUNT; i++)
        if (string_equal_text(h, string_of(name), channel_names[i])) return (ChannelElement)i;
    return CHANNEL_ANY;
}

static bool channel_is_integer(Value v, double low, double beyond)
{
    if (!value_is_number(v)) return false;
    double d = value_number(v);
    return d >= low && d < beyond && trunc(d) == d;
}

static bool channel_fits(ChannelElement element, Value v)
{
    switch (element) {
    case CHANNEL_INT8:   return channel_is_integer(v, -0x1p7, 0x1p7);
    case CHANNEL_INT16:  return channel_is_integer(v, -0x1p15, 0x1p15);
    case CHANNEL_INT32:  return channel_is_integer(v, -0x1p31, 0x1p31);
    case CHANNEL_INT64:  return channel_is_integer(v, -0x1p63, 0x1p63);
    case CHANNEL_UINT8:  return channel_is_integer(v, 0, 0x1p8);
    case CHANNEL_UINT16: return channel_is_integer(v, 0, 0x1p16);
    case CHANNEL_UINT32: return channel_is_integer(v, 0, 0x1p32);
    case CHANNEL_UINT64: return channel_is_integer(v, 0, 0x1p64);
    case CHANNEL_FLOAT32: case CHANNEL_FLOAT64: case CHANNEL_NUMBER: return value_is_number(v);
    case CHANNEL_STRING:   return value_is_string(v);
    case CHANNEL_BOOLEAN:  return value_is_boolean(v);
    case CHANNEL_BIGINT:   return value_is_bigint(v);
    case CHANNEL_OBJECT:   return value_is_object(v) || value_is_null(v);
    case CHANNEL_FUNCTION: return value_is_callable(v);
    default: return true;
    }
}

bool channel_check_element(Goroutine *g, const Channel *c, Value v)
{
    bool is_usual = c->element == CHANNEL_ANY || (value_is_int(v) && (CHANNEL_TAKE_INT >> c->element & 1));
    if (LIKELY(is_usual || channel_fits((ChannelElement)c->element, v))) return true;
    return error_throw_bool(g, ERROR_TYPE, "%V cannot be sent on a channel of %s", v, channel_names[c->element]);
}

/* ---- making -------------------------------------------------------------------------------------------- */

static ValueList *channel_new_ring(LocalHeap *h, uint32_t slots)
{
    ValueList *ring = list_new(h, slots);
    for (uint32_t i = 0; i < slots; i++) ring->items[i] = VALUE_UNDEFINED;
    ring->count = slots;
    return ring;
}

Value channel_new(Goroutine *g, Value proto, double capacity, ChannelElement element)
{
    LocalHeap *h = &g->heap;
    if (!(capacity >= 0 && capacity <= CHANNEL_MAX_CAPACITY && trunc(capacity) == capacity))
        return error_throw(g, ERROR_RANGE, "Invalid channel capacity: %V", value_from_double(capacity));
    Channel *c = object_alloc(h, object_root_shape(h, KIND_CHANNEL, proto, 0), sizeof *c);
    mutex_init(&c->lock, LOCK_CHAN, (uint64_t)(uintptr_t)c);
    c->senders = c->receivers = (WaitQueue){ NULL, NULL };
    c->ring = NULL;
    c->head = c->count = 0;
    c->capacity = (uint32_t)capacity;
    c->element = (uint8_t)element;
    c->is_closed = false;
    return value_from_cell(c);
}

Value channel_make(Goroutine *g, Value capacity, Value type_name)
{
    double n = 0;
    if (!value_is_undefined(capacity)) OK(convert_to_integer(g, capacity, &n));
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_ChannelPrototype);
    return channel_new(g, proto, n, channel_element_named(&g->heap, type_name));
}

/* ---- the ring ------------------------------------------------------------------------------------------ */

static uint32_t channel_slots(const Channel *c)
{
    return c->ring ? c->ring->count : 0;
}

static uint32_t channel_slot(const Channel *c, uint32_t i)
{
    uint32_t slot = c->head + i, slots = c->ring->count;
    return slot < slots ? slot : slot - slots;
}

/* Between unlocking and here others may have done the same, or taken values out; then the larger ring is none
 * the worse. */
void channel_grow(LocalHeap *h, Channel *c)
{
    const ValueList *seen = atomic_get_dependent(&c->ring);      // without the lock; pairs with the store below
    uint32_t slots = seen ? seen->count * 2 : CHANNEL_FIRST_SLOTS;
    ValueList *larger = channel_new_ring(h, slots < c->capacity ? slots : c->capacity);
    if (cell_is_shared(&c->object.cell)) publish_cell(h, larger);
    bool is_locked = channel_lock(c);
    if (c->ring == seen) {
        for (uint32_t i = 0; i < c->count; i++)
            cell_slot_set(&larger->items[i], c->ring->items[channel_slot(c, i)]);
        c->head = 0;
        BARRIER_SET(h, c, c->ring, larger);
    }
    channel_unlock(c, is_locked);
}

/* Into a shared ring comes only what is published (channel_prepare). */
static void channel_put(LocalHeap *h, Channel *c, Value v)
{
    Value *slot = &c->ring->items[channel_slot(c, c->count)];
    barrier_store(h, c->ring, slot, v);
    atomic_set_relaxed(&c->count, c->count + 1);
}

static Value channel_take(Channel *c)
{
    Value *slot = &c->ring->items[c->head];
    Value v = *slot;
    if (value_is_cell(v)) cell_slot_set(slot, VALUE_UNDEFINED);      // nothing dead is kept
    c->head = channel_slot(c, 1);
    atomic_set_relaxed(&c->count, c->count - 1);
    return v;
}

/* ---- one attempt --------------------------------------------------------------------------------------- */

/* A claimed fiber's fields are the claimant's (fiber.h I2). */
static void channel_wake_later(Fiber **woken, Waiter *w, Value result)
{
    fiber_set_result(w->fiber, result);
    *woken = w->fiber;
}

ChannelOutcome channel_send_locked(LocalHeap *h, Channel *c, Value v, Fiber **woken)
{
    if (c->is_closed) return CHANNEL_CLOSED;
    Waiter *receiver = waitqueue_claim(&c->receivers);
    if (receiver) {
        channel_wake_later(woken, receiver, v);
        return CHANNEL_DONE;
    }
    if (c->count == c->capacity) return CHANNEL_WOULD_WAIT;
    if (c->count == channel_slots(c)) return CHANNEL_NEEDS_RING;
    channel_put(h, c, v);
    return CHANNEL_DONE;
}

ChannelOutcome channel_receive_locked(LocalHeap *h, Channel *c, Value *v, Fiber **woken)
{
    bool is_buffered = c->count > 0;
    if (is_buffered) *v = channel_take(c);
    Waiter *sender = waitqueue_claim(&c->senders);
    if (sender) {
        if (is_buffered) channel_put(h, c, sender->value);
        else *v = sender->value;
        channel_wake_later(woken, sender, VALUE_UNDEFINED);
    }
    if (is_buffered || sender) return CHANNEL_DONE;
    *v = VALUE_UNDEFINED;
    return c->is_closed ? CHANNEL_CLOSED : CHANNEL_WOULD_WAIT;
}

/* What is stored where others see it is published before the lock is taken: publishing allocates. */
static void channel_prepare(LocalHeap *h, const Channel *c, Value v)
{
    if (cell_is_shared(&c->object.cell)) publish_value(h, v);
}

ChannelOutcome channel_try_send(Goroutine *g, Channel *c, Value v)
{
    Fiber *woken = NULL;
    channel_prepare(&g->heap, c, v);
    for (;;) {
        bool is_locked = channel_lock(c);
        ChannelOutcome outcome = channel_send_locked(&g->heap, c, v, &woken);
        channel_unlock(c, is_locked);
        if (outcome == CHANNEL_NEEDS_RING) {
            channel_grow(&g->heap, c);
            continue;
        }
        channel_wake(g, woken);
        return outcome;
    }
}

ChannelOutcome channel_try_receive(Goroutine *g, Channel *c, Value *v)
{
    Fiber *woken = NULL;
    bool is_locked = channel_lock(c);
    ChannelOutcome outcome = channel_receive_locked(&g->heap, c, v, &woken);
    channel_unlock(c, is_locked);
    channel_wake(g, woken);
    return outcome;
}

/* ---- waiting ------------------------------------------------------------------------------------------- */

/* FiberLeave. */
static void channel_leave(Goroutine *g, Fiber *f)
{
    (void)g;
    Channel *c = channel_of(f->waits_for);
    bool is_locked = channel_lock(c);
    waitqueue_remove(f->wait_kind == WAIT_SEND ? &c->senders : &c->receivers, &f->waiter);
    channel_unlock(c, is_locked);
    f->waiter.value = VALUE_UNDEFINED;
}

/* The running fiber waits in `q`, whose channel is locked if shared. */
static void channel_wait(Goroutine *g, Channel *c, WaitQueue *q, uint32_t tag, Value v, FiberFinish finish)
{
    WaitKind kind = q == &c->senders ? WAIT_SEND : WAIT_RECEIVE;
    uint32_t ticket = fiber_begin_wait(g, kind, value_from_cell(c), finish);
    Fiber *f = fiber_current(g);
    fiber_set_leave(g, channel_leave);
    waitqueue_prepare(g, &f->waiter, ticket, tag, v);
    waitqueue_push(q, &f->waiter);
}

Value channel_throw_send_on_closed(Goroutine *g)
{
    return error_throw(g, ERROR_TYPE, "send on closed channel");
}

/* The hole says that the channel was closed. */
Value channel_finish_send(Goroutine *g, Fiber *f)
{
    f->waiter.value = VALUE_UNDEFINED;
    return value_is_hole(f->result) ? channel_throw_send_on_closed(g) : VALUE_UNDEFINED;
}

static Value channel_finish_receive(Goroutine *g, Fiber *f)
{
    (void)g;
    f->waiter.value = VALUE_UNDEFINED;
    return value_is_hole(f->result) ? VALUE_UNDEFINED : f->result;
}

static bool channel_check(Goroutine *g, Value v)
{
    return value_is_kind(v, KIND_CHANNEL) || error_throw_bool(g, ERROR_TYPE, "%V is not a channel", v);
}

Value channel_op_send(Goroutine *g, Value channel, Value v)
{
    OK(channel_check(g, channel));
    Channel *c = channel_of(channel);
    OK(channel_check_element(g, c, v));
    channel_prepare(&g->heap, c, v);
    Fiber *woken = NULL;
    ChannelOutcome outcome;
    for (;;) {
        bool is_locked = channel_lock(c);
        outcome = channel_send_locked(&g->heap, c, v, &woken);
        if (outcome == CHANNEL_WOULD_WAIT) channel_wait(g, c, &c->senders, 0, v, channel_finish_send);
        channel_unlock(c, is_locked);
        if (outcome != CHANNEL_NEEDS_RING) break;
        channel_grow(&g->heap, c);
    }
    channel_wake(g, woken);
    if (outcome == CHANNEL_CLOSED) return channel_throw_send_on_closed(g);
    return outcome == CHANNEL_DONE ? VALUE_UNDEFINED : VALUE_PARKED;
}

ChannelOutcome channel_receive_or_wait(Goroutine *g, Channel *c, uint32_t tag, FiberFinish finish, Value *v)
{
    Fiber *woken = NULL;
    bool is_locked = channel_lock(c);
    ChannelOutcome outcome = channel_receive_locked(&g->heap, c, v, &woken);
    if (outcome == CHANNEL_WOULD_WAIT) channel_wait(g, c, &c->receivers, tag, value_from_cell(c), finish);
    channel_unlock(c, is_locked);
    channel_wake(g, woken);
    return outcome;
}

Value channel_op_receive(Goroutine *g, Value channel)
{
    Value v;
    OK(channel_check(g, channel));
    ChannelOutcome outcome = channel_receive_or_wait(g, channel_of(channel), 0, channel_finish_receive, &v);
    return outcome == CHANNEL_WOULD_WAIT ? VALUE_PARKED : v;
}

/* ---- batches ------------------------------------------------------------------------------------------- */

ChannelOutcome channel_send_some(Goroutine *g, Channel *c, const ValueList *list, uint32_t *from)
{
    LocalHeap *h = &g->heap;
    ChannelOutcome outcome = CHANNEL_DONE;
    WakeList wakes = { NULL, NULL };
    for (uint32_t i = *from; i < list->count; i++) channel_prepare(h, c, list->items[i]);
    while (outcome == CHANNEL_DONE && *from < list->count) {
        bool is_locked = channel_lock(c);
        do {
            Fiber *woken = NULL;
            outcome = channel_send_locked(h, c, list->items[*from], &woken);
            if (woken) waitqueue_wake_later(&wakes, woken, woken->result);
            *from += outcome == CHANNEL_DONE;
        } while (outcome == CHANNEL_DONE && *from < list->count);
        channel_unlock(c, is_locked);
        if (outcome == CHANNEL_NEEDS_RING) {
            channel_grow(h, c);
            outcome = CHANNEL_DONE;
        }
    }
    waitqueue_wake(g, &wakes);
    return outcome;
}

/* Room in the list is made before locking. Values are put there while nobody else knows the list. */
void channel_receive_some(Goroutine *g, Channel *c, ValueList **list, uint32_t most)
{
    LocalHeap *h = &g->heap;
    while ((*list)->count < most) {
        Value batch[CHANNEL_FIRST_SLOTS];
        uint32_t n = 0, left = most - (*list)->count, room = left < COUNT_OF(batch) ? left : COUNT_OF(batch);
        WakeList wakes = { NULL, NULL };
        bool is_locked = channel_lock(c);
        for (Fiber *woken = NULL; n < room; woken = NULL, n++) {
            if (channel_receive_locked(h, c, &batch[n], &woken) != CHANNEL_DONE) break;
            if (woken) waitqueue_wake_later(&wakes, woken, woken->result);
        }
        channel_unlock(c, is_locked);
        waitqueue_wake(g, &wakes);
        for (uint32_t i = 0; i < n; i++) list_push(h, list, batch[i]);
        if (n < COUNT_OF(batch)) break;
    }
}

/* ---- closing ------------------------------------------------------------------------------------------- */

bool channel_close(Goroutine *g, Channel *c)
{
    WakeList wakes = { NULL, NULL };
    bool is_locked = channel_lock(c), was_closed = c->is_closed;
    atomic_set_relaxed(&c->is_closed, true);
    for (Waiter *w; (w = waitqueue_claim(&c->receivers)) != NULL;) waitqueue_wake_later(&wakes, w->fiber, VALUE_HOLE);
    for (Waiter *w; (w = waitqueue_claim(&c->senders)) != NULL;) waitqueue_wake_later(&wakes, w->fiber, VALUE_HOLE);
    channel_unlock(c, is_locked);
    waitqueue_wake(g, &wakes);
    return !was_closed || error_throw_bool(g, ERROR_TYPE, "close of closed channel");
}

/* ---- collector ----------------------------------------------------------------------------------------- */

/* What waits to be sent is marked by its goroutine as well; but publishing a channel has to find it here. */
static void channel_trace(Marker *m, Cell *cell)
{
    const Channel *c = (const Channel *)cell;
    mark_cell(m, c->object.ool);
    mark_cell(m, c->ring);
    waitqueue_mark(&c->senders, m);
}

void channel_register_kinds(void)
{
    GcKind row = { .name = "CHANNEL", .base_bytes = sizeof(Channel), .trace = channel_trace };
    kinds_register(KIND_CHANNEL, &row, NULL);
}
