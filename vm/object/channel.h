/* SPDX-License-Identifier: MIT */
/* channel.h - channels: bounded queues of values, and rendezvous, between goroutines. See docs/channels.md.
 *
 * I1  A receiver waits only while the ring is empty, a sender only while it is full. So senders and receivers
 *     never wait at the same time, except for a select that offers both.
 * I2  count <= capacity; a capacity of 0 is a rendezvous, and has no ring.
 * I3  count <= ring->count, which is a power of two or the capacity, and grows to the capacity as it is
 *     needed.
 * I4  Nothing waits in a closed channel.
 *
 * Threads: what changes is protected by `lock` once the channel is shared; while it is private its goroutine
 * alone touches it, and takes no lock. Nothing allocates under the lock, and fibers are readied after it was
 * released.
 * Rejected: a ring without a lock, since a select holds several channels at once. */
#ifndef US_OBJECT_CHANNEL_H
#define US_OBJECT_CHANNEL_H

#include "vm/base/mutex.h"
#include "vm/object/object.h"
#include "vm/sched/waitqueue.h"

enum { CHANNEL_MAX_CAPACITY = 1 << 28 };

/* What a channel carries: ELEMENT(NAME, "name in make(chan name)"). */
typedef enum ChannelElement {
#define ELEMENT(NAME, text) CHANNEL_##NAME,
#include "vm/object/channel_elements.def"
    CHANNEL_ELEMENT_COUNT
} ChannelElement;

typedef struct Channel {                 // KIND_CHANNEL
    Object     object;
    Mutex      lock;                     // LOCK_CHAN, by address; beside it what most operations touch
    ValueList *ring;                     // lock: its items are slots; where nothing is lies no cell. NULL: none
    uint32_t   head;                     // lock: slot of the oldest
    uint32_t   count;                    // lock; read without it by who only tells
    uint32_t   capacity;                 // immutable
    uint8_t    element;                  // immutable: ChannelElement
    bool       is_closed;                // lock; never false again; read without it by who only tells
    WaitQueue  senders, receivers;       // lock
} Channel;

/* How an attempt ended. */
typedef enum ChannelOutcome {
    CHANNEL_DONE, CHANNEL_CLOSED, CHANNEL_WOULD_WAIT, CHANNEL_NEEDS_RING,
} ChannelOutcome;

static inline Channel *channel_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_CHANNEL), "the value is a channel");
    return (Channel *)value_cell(v);
}

/* ---- what the compiler calls --------------------------------------------------------------------------- */

/** `make(chan type_name, capacity)`: either may be undefined. */
NODISCARD Value channel_make(Goroutine *g, Value capacity, Value type_name);

/** `channel <- v` and `<-channel`: undefined and the value, or VALUE_PARKED. Anything but a channel is a
 *  TypeError. */
NODISCARD Value channel_op_send(Goroutine *g, Value channel, Value v);
NODISCARD Value channel_op_receive(Goroutine *g, Value channel);

/** `select`: at stack depth `depth`, ascending, lie `count` triples: a channel, undefined or null; what to
 *  send, or the hole to receive; undefined. The chosen case's number, -1 for the default, or VALUE_PARKED.
 *  When a receive was chosen, its second word is the value and its third tells whether there was one. */
NODISCARD Value channel_select_op(Goroutine *g, uint32_t depth, uint32_t count, bool has_default);

/* ---- the library's ------------------------------------------------------------------------------------- */

/** A new channel; a capacity that is no integer from 0 to CHANNEL_MAX_CAPACITY is a RangeError. */
NODISCARD Value channel_new(Goroutine *g, Value proto, double capacity, ChannelElement element);

/** The element type of that name; any for what is none. */
ChannelElement channel_element_named(LocalHeap *h, Value name);
const char *channel_element_name(ChannelElement element);

/** A wait for one value that ends with `finish`, for which fiber->waiter.tag is `tag`: its result is the hole
 *  when the channel was closed. The outcome is DONE with a value in `*v`, CLOSED, or WOULD_WAIT: return
 *  VALUE_PARKED. */
ChannelOutcome channel_receive_or_wait(Goroutine *g, Channel *c, uint32_t tag, FiberFinish finish, Value *v);

/** Send or receive if that is possible at once. Sending: the value was checked. */
ChannelOutcome channel_try_send(Goroutine *g, Channel *c, Value v);
ChannelOutcome channel_try_receive(Goroutine *g, Channel *c, Value *v);

/** Send values of `list` from `from` on, as many as go at once; where it stopped.
 *  CHANNEL_DONE: at the end. */
ChannelOutcome channel_send_some(Goroutine *g, Channel *c, const ValueList *list, uint32_t *from);

/** Append what is there at once to `*list`, until it has `most` values. */
void channel_receive_some(Goroutine *g, Channel *c, ValueList **list, uint32_t most);

/** False: thrown, it is closed. */
NODISCARD bool channel_close(Goroutine *g, Channel *c);

/** May `v` be sent? False: thrown. */
NODISCARD bool channel_check_element(Goroutine *g, const Channel *c, Value v);

Value channel_throw_send_on_closed(Goroutine *g);

static inline bool channel_is_closed(const Channel *c)
{
    return atomic_get_relaxed(&c->is_closed);
}

static inline uint32_t channel_count(const Channel *c)
{
    return atomic_get_relaxed(&c->count);
}

void channel_register_kinds(void);

#endif
