/* SPDX-License-Identifier: MIT */
/* channel_int.h - a channel under its lock, for channel.c and channel_select.c. */
#ifndef US_OBJECT_CHANNEL_INT_H
#define US_OBJECT_CHANNEL_INT_H

#include "vm/object/channel.h"
#include "vm/sched/sched.h"

/** Lock a channel that is shared; true when it was. */
NODISCARD static inline bool channel_lock(Channel *c)
{
    if (!cell_is_shared(&c->object.cell)) return false;
    mutex_lock(&c->lock);
    return true;
}

static inline void channel_unlock(Channel *c, bool is_locked)
{
    if (is_locked) mutex_unlock(&c->lock);
}

/** One attempt, the channel locked if it is shared. A fiber that goes on because of it, claimed and with its result, is
 *  left in `*woken`, for channel_wake; if there is none, `*woken` stays as it is. */
ChannelOutcome channel_send_locked(LocalHeap *h, Channel *c, Value v, Fiber **woken);
ChannelOutcome channel_receive_locked(LocalHeap *h, Channel *c, Value *v, Fiber **woken);

/** Ready the fiber that an attempt left, or NULL. Without locks. */
static inline void channel_wake(Goroutine *g, Fiber *woken)
{
    if (woken) sched_ready(g, woken, woken->result);
}

/** After CHANNEL_NEEDS_RING, unlocked: room for more values. */
void channel_grow(LocalHeap *h, Channel *c);

/** The result of a send that waited. */
Value channel_finish_send(Goroutine *g, Fiber *f);

#endif
