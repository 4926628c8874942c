/* SPDX-License-Identifier: MIT */
#include "vm/sched/fiber.h"

#include <string.h>

#include "vm/base/mem.h"
#include "vm/base/pushlist.h"
#include "vm/sched/stack.h"

const char *fiber_wait_text(WaitKind kind)
{
    static const char *const texts[] = {
#define WAIT(name, text) text,
#include "vm/sched/waits.def"
    };
    return texts[kind];
}

uint32_t fiber_begin_wait(Goroutine *g, WaitKind kind, Value on, FiberFinish finish)
{
    Fiber *f = g->fiber;
    uint32_t ticket = atomic_get_relaxed(&f->ticket) + 1;
    ASSERT(ticket % 2, "a fiber waits for one thing at a time");
    f->wait_kind = (uint8_t)kind;
    f->leave = NULL;
    f->waits_for = on;
    f->finish = finish;
    f->result = VALUE_UNDEFINED;
    atomic_set_release(&f->ticket, ticket);              // with fiber_claim
    return ticket;
}

bool fiber_claim(Fiber *f, uint32_t ticket)
{
    return atomic_get_relaxed(&f->ticket) == ticket && atomic_cas(&f->ticket, &ticket, ticket + 1);
}

#define FIBER_LINK(f) ((f)->next_ready)

void fiber_push_ready(Fiber *f)
{
    PUSHLIST_PUSH(&f->goroutine->ready, f, FIBER_LINK);  // with fiber_take_ready
}

Fiber *fiber_take_ready(Goroutine *g)
{
    if (!atomic_get_relaxed(&g->ready)) return NULL;
    return PUSHLIST_REVERSE(atomic_swap_acq_rel(&g->ready, NULL), NULL, FIBER_LINK);
}

void fiber_fail(Fiber *f, FiberFinish finish)
{
    f->has_failed = true;
    f->finish = finish;
    fiber_set_result(f, VALUE_UNDEFINED);
}

Value fiber_take_result(Goroutine *g)
{
    Fiber *f = g->fiber;
    if (UNLIKELY(f->has_failed)) {
        f->has_failed = false;
        if (f->leave) f->leave(g, f);
    }
    FiberFinish finish = f->finish;
    Value v = f->result;
    f->wait_kind = WAIT_NONE;
    f->finish = NULL;
    f->waits_for = f->result = VALUE_UNDEFINED;
    if (!finish) return v;
    f->result = v;
    v = finish(g, f);
    if (!value_is_parked(v)) f->result = VALUE_UNDEFINED;
    return v;
}

/* All but its place in the list and its ticket, about which a late timer may still ask. */
static void fiber_init(Fiber *f, Goroutine *g)
{
    size_t start = offsetof(Fiber, wait_kind);
    memset((char *)f + start, 0, sizeof *f - start);
    uint32_t ticket = atomic_get_relaxed(&f->ticket);
    atomic_set_relaxed(&f->ticket, ticket + (ticket & 1));
    f->goroutine = g;
    f->next_ready = NULL;
    f->result = f->waits_for = f->after_a = VALUE_UNDEFINED;
    f->waiter.value = VALUE_UNDEFINED;
}

void fiber_unload(Goroutine *g)
{
    Fiber *f = g->fiber;
    f->fp = g->fp;
    f->stack_low = g->stack_low;
    f->stack_top = g->stack_top;
    g->fp = g->stack_low = g->stack_top = NULL;
    g->fiber = NULL;
}

void fiber_load(Goroutine *g, Fiber *f)
{
    ASSERT(!g->fiber, "one fiber at a time");
    g->fiber = f;
    g->fp = f->fp;
    g->stack_low = f->stack_low;
    g->stack_top = f->stack_top;
    f->fp = f->stack_low = f->stack_top = NULL;
    stack_renew_limit(g);
}

static Fiber *fiber_find_unused(Goroutine *g)
{
    for (Fiber *f = &g->first_fiber; f; f = f->next)
        if (!f->is_used) return f;
    Fiber *f = mem_alloc_zeroed(sizeof *f);
    f->next = g->first_fiber.next;
    g->first_fiber.next = f;
    return f;
}

void fiber_load_fresh(Goroutine *g)
{
    Fiber *f = fiber_find_unused(g);
    fiber_init(f, g);
    f->is_used = true;
    g->fiber = f;
    stack_create(g, g->stack_max_bytes);
}

void fiber_drop(Goroutine *g)
{
    g->fiber->is_used = false;
    g->fiber = NULL;
    stack_destroy(g);
}
