/* SPDX-License-Identifier: MIT */
/* select: one of several sends and receives, whichever can go on first; see channel.h.
 *
 * The cases are tried in an order drawn each time, so that none starves. If none can go on, all channels are
 * locked, in the order of their addresses, and tried once more; then the fiber waits in all queues at once,
 * and whoever claims its wait has chosen the case. The cases stay in the fiber's frame, where Fiber.finish
 * finds them by the depth in waiter.value. */
#include "gc/publish.h"
#include "vm/base/mem.h"
#include "vm/object/channel_int.h"
#include "vm/object/error.h"

enum { SELECT_CHANNEL, SELECT_VALUE, SELECT_OK, SELECT_WORDS, SELECT_FEW = 16 };

typedef struct Select {
    Goroutine *g;
    uint32_t   depth, count;
    uint32_t  *order;                    // the cases with a channel, shuffled
    uint32_t   order_count;
    Channel  **locked;                   // shared ones, ascending, each once; while they are locked
    uint32_t   locked_count;
    Fiber     *woken;
    uint32_t   few[SELECT_FEW];
    Channel   *few_channels[SELECT_FEW];
} Select;

static Value *select_case(const Goroutine *g, uint32_t depth, uint32_t i)
{
    return frame_at_depth(g, depth) + SELECT_WORDS * (size_t)i;
}

static Channel *select_channel(const Select *s, uint32_t i)
{
    return channel_of(select_case(s->g, s->depth, i)[SELECT_CHANNEL]);
}

/* ---- before -------------------------------------------------------------------------------------------- */

static bool select_check(Goroutine *g, uint32_t depth, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const Value *words = select_case(g, depth, i);
        Value channel = words[SELECT_CHANNEL], v = words[SELECT_VALUE];
        if (value_is_nullish(channel)) continue;
        if (!value_is_kind(channel, KIND_CHANNEL))
            return error_throw_bool(g, ERROR_TYPE, "%V is not a channel", channel);
        if (value_is_hole(v)) continue;
        OK_BOOL(channel_check_element(g, channel_of(channel), v));
        if (cell_is_shared(value_cell(channel))) publish_value(&g->heap, v);
    }
    return true;
}

static uint32_t select_draw(Goroutine *g, uint32_t below)
{
    Random *r = &g->random;
    if (!(r->state[0] | r->state[1] | r->state[2] | r->state[3])) random_seed_from_system(r);
    return (uint32_t)((random_next(r) >> 32) * below >> 32);
}

static void select_shuffle(Select *s)
{
    s->order_count = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        if (value_is_nullish(select_case(s->g, s->depth, i)[SELECT_CHANNEL])) continue;
        uint32_t n = s->order_count++, j = n ? select_draw(s->g, n + 1) : 0;
        s->order[n] = s->order[j];
        s->order[j] = i;
    }
}

static void select_begin(Select *s, Goroutine *g, uint32_t depth, uint32_t count)
{
    s->g = g;
    s->depth = depth;
    s->count = count;
    s->woken = NULL;
    s->locked_count = 0;
    bool is_small = count <= SELECT_FEW;
    s->order = is_small ? s->few : mem_alloc(count * sizeof *s->order);
    s->locked = is_small ? s->few_channels : mem_alloc(count * sizeof *s->locked);
    select_shuffle(s);
}

static Value select_end(Select *s, Value result)
{
    if (s->order != s->few) {
        mem_free(s->order);
        mem_free(s->locked);
    }
    channel_wake(s->g, s->woken);
    return result;
}

/* ---- all locks ----------------------------------------------------------------------------------------- */

/* By insertion: selects are small. */
static void select_note_lock(Select *s, Channel *c)
{
    uint32_t at = s->locked_count;
    while (at && s->locked[at - 1] > c) at--;
    if (at && s->locked[at - 1] == c) return;
    for (uint32_t i = s->locked_count++; i > at; i--) s->locked[i] = s->locked[i - 1];
    s->locked[at] = c;
}

static void select_lock(Select *s)
{
    for (uint32_t i = 0; i < s->order_count; i++) {
        Channel *c = select_channel(s, s->order[i]);
        if (cell_is_shared(&c->object.cell)) select_note_lock(s, c);
    }
    for (uint32_t i = 0; i < s->locked_count; i++) mutex_lock(&s->locked[i]->lock);
}

static void select_unlock(Select *s)
{
    for (uint32_t i = s->locked_count; i-- > 0;) mutex_unlock(&s->locked[i]->lock);
    s->locked_count = 0;
}

/* ---- trying -------------------------------------------------------------------------------------------- */

/* Try case `i`, its channel locked. A send on a closed channel counts as one that goes on, to throw. */
static ChannelOutcome select_try(Select *s, uint32_t i)
{
    Value *words = select_case(s->g, s->depth, i), v;
    Channel *c = channel_of(words[SELECT_CHANNEL]);
    if (!value_is_hole(words[SELECT_VALUE]))
        return channel_send_locked(&s->g->heap, c, words[SELECT_VALUE], &s->woken);
    ChannelOutcome outcome = channel_receive_locked(&s->g->heap, c, &v, &s->woken);
    if (outcome == CHANNEL_WOULD_WAIT) return outcome;
    words[SELECT_VALUE] = v;
    words[SELECT_OK] = value_from_bool(outcome == CHANNEL_DONE);
    return CHANNEL_DONE;
}

/* What the select yields once case `i` had that outcome. */
static Value select_result(Goroutine *g, uint32_t i, ChannelOutcome outcome)
{
    return outcome == CHANNEL_CLOSED ? channel_throw_send_on_closed(g) : value_from_int((int32_t)i);
}

/* Does it look as if case `i` could not go on? Without the lock, so it tells nothing for certain. */
static bool select_seems_stuck(const Select *s, uint32_t i)
{
    const Channel *c = select_channel(s, i);
    if (channel_is_closed(c)) return false;
    if (value_is_hole(select_case(s->g, s->depth, i)[SELECT_VALUE]))
        return !channel_count(c) && waitqueue_is_empty(&c->senders);
    return channel_count(c) == c->capacity && waitqueue_is_empty(&c->receivers);
}

/* One after the other; the hole when none can go on. Who has a default wants to know for certain. */
static Value select_try_each(Select *s, bool has_default)
{
    for (uint32_t k = 0; k < s->order_count; k++) {
        uint32_t i = s->order[k];
        Channel *c = select_channel(s, i);
        if (!has_default && select_seems_stuck(s, i)) continue;
        ChannelOutcome outcome;
        do {
            bool is_locked = channel_lock(c);
            outcome = select_try(s, i);
            channel_unlock(c, is_locked);
            if (outcome == CHANNEL_NEEDS_RING) channel_grow(&s->g->heap, c);
        } while (outcome == CHANNEL_NEEDS_RING);
        if (outcome != CHANNEL_WOULD_WAIT) return select_result(s->g, i, outcome);
    }
    return VALUE_HOLE;
}

/* All at once, locked; `*ring` is a channel that needs a larger ring first. */
static ChannelOutcome select_try_locked(Select *s, uint32_t *i, Channel **ring)
{
    *ring = NULL;
    for (uint32_t k = 0; k < s->order_count; k++) {
        *i = s->order[k];
        ChannelOutcome outcome = select_try(s, *i);
        if (outcome == CHANNEL_NEEDS_RING) *ring = select_channel(s, *i);
        else if (outcome != CHANNEL_WOULD_WAIT) return outcome;
    }
    return *ring ? CHANNEL_NEEDS_RING : CHANNEL_WOULD_WAIT;
}

/* ---- waiting ------------------------------------------------------------------------------------------- */

static WaitQueue *select_queue(const Value *words)
{
    Channel *c = channel_of(words[SELECT_CHANNEL]);
    return value_is_hole(words[SELECT_VALUE]) ? &c->receivers : &c->senders;
}

/* The fiber goes on: out of all queues, and the chosen case's words are filled. */
static Value select_finish(Goroutine *g, Fiber *f)
{
    uint32_t depth = (uint32_t)value_int(f->waiter.value), chosen = f->waiter.tag;
    for (uint32_t k = 0; k < f->waiter_count; k++) {
        const Value *words = select_case(g, depth, f->waiters[k].tag);
        Channel *c = channel_of(words[SELECT_CHANNEL]);
        bool is_locked = channel_lock(c);
        waitqueue_remove(select_queue(words), &f->waiters[k]);
        channel_unlock(c, is_locked);
    }
    f->waiter_count = 0;
    f->waiter.value = VALUE_UNDEFINED;
    Value *words = select_case(g, depth, chosen);
    bool is_closed = value_is_hole(f->result);
    if (!value_is_hole(words[SELECT_VALUE]))
        return select_result(g, chosen, is_closed ? CHANNEL_CLOSED : CHANNEL_DONE);
    words[SELECT_VALUE] = is_closed ? VALUE_UNDEFINED : f->result;
    words[SELECT_OK] = value_from_bool(!is_closed);
    return value_from_int((int32_t)chosen);
}

/* Room for as many waiters as there are channels; before the locks are taken. */
static void select_make_room(const Select *s)
{
    Fiber *f = fiber_current(s->g);
    if (f->waiter_room >= s->order_count) return;
    mem_free(f->waiters);
    f->waiters = mem_alloc(s->order_count * sizeof *f->waiters);
    f->waiter_room = s->order_count;
}

/* All channels are locked. */
static void select_wait(const Select *s)
{
    Goroutine *g = s->g;
    uint32_t ticket = fiber_begin_wait(g, WAIT_SELECT, VALUE_UNDEFINED, select_finish);
    Fiber *f = fiber_current(g);
    Waiter *waiters = f->waiters;
    waitqueue_prepare(g, &f->waiter, ticket, 0, value_from_int((int32_t)s->depth));
    for (uint32_t k = 0; k < s->order_count; k++) {
        const Value *words = select_case(g, s->depth, s->order[k]);
        Value v = value_is_hole(words[SELECT_VALUE]) ? VALUE_UNDEFINED : words[SELECT_VALUE];
        waitqueue_prepare(g, &waiters[k], ticket, s->order[k], v);
    }
    f->waiter_count = s->order_count;
    for (uint32_t k = 0; k < s->order_count; k++)
        waitqueue_push(select_queue(select_case(g, s->depth, s->order[k])), &waiters[k]);
}

static Value select_lock_all(Select *s, bool has_default)
{
    if (!has_default) select_make_room(s);
    for (;;) {
        uint32_t i;
        Channel *ring;
        select_lock(s);
        ChannelOutcome outcome = select_try_locked(s, &i, &ring);
        bool waits = outcome == CHANNEL_WOULD_WAIT && !has_default;
        if (waits) select_wait(s);
        select_unlock(s);
        if (waits) return VALUE_PARKED;
        if (outcome == CHANNEL_NEEDS_RING) {
            channel_grow(&s->g->heap, ring);
            continue;
        }
        return outcome == CHANNEL_WOULD_WAIT ? value_from_int(-1) : select_result(s->g, i, outcome);
    }
}

static Value select_wait_for_ever(Goroutine *g)
{
    (void)fiber_begin_wait(g, WAIT_SELECT_NONE, VALUE_UNDEFINED, NULL);
    return VALUE_PARKED;
}

Value channel_select_op(Goroutine *g, uint32_t depth, uint32_t count, bool has_default)
{
    Select s;
    OK(select_check(g, depth, count));
    select_begin(&s, g, depth, count);
    Value result = select_try_each(&s, has_default);
    if (!value_is_hole(result)) return select_end(&s, result);
    if (has_default && s.order_count <= 1) return select_end(&s, value_from_int(-1));
    if (!s.order_count) return select_end(&s, select_wait_for_ever(g));
    return select_end(&s, select_lock_all(&s, has_default));
}
