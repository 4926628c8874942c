/* SPDX-License-Identifier: MIT */
#include "vm/sched/stack.h"

#include <string.h>

#include "vm/base/atomic.h"
#include "vm/base/mem.h"

void stack_renew_limit(Goroutine *g)
{
    g->stack_true_limit = g->stack_low + STACK_SLACK_WORDS;
    if (!atomic_get_relaxed(&g->poll_requested)) atomic_set_relaxed(&g->stack_limit, g->stack_true_limit);
}

void stack_create(Goroutine *g, size_t max_bytes)
{
    g->stack_low = g->first_stack ? g->first_stack : mem_alloc(STACK_FIRST_WORDS * sizeof(Value));
    g->first_stack = NULL;
    g->stack_top = g->stack_low + STACK_FIRST_WORDS;
    g->stack_max_bytes = max_bytes;
    g->fp = NULL;
    stack_renew_limit(g);
}

/* The first stack follows its goroutine (pool.h); no other memory does, since allocated blocks have heads. */
void stack_release(Goroutine *g, Value *low)
{
    if (low == (Value *)(g + 1)) g->first_stack = low;
    else mem_free(low);
}

void stack_destroy(Goroutine *g)
{
    stack_release(g, g->stack_low);
    g->stack_low = g->stack_top = NULL;
}

/* The only pointers into a stack that lie in it are the links from frame to frame. */
static void stack_relocate(Goroutine *g, ptrdiff_t delta_bytes)
{
    if (!g->fp) return;
    g->fp = (Value *)((char *)g->fp + delta_bytes);
    for (Value *fp = g->fp; frame_caller(fp); fp = frame_caller(fp)) fp[FRAME_CALLER] += (Value)delta_bytes;
}

static bool stack_resize(Goroutine *g, const Value *low, size_t words)
{
    // frames may reach below `low`: their callers' lowest registers
    Value *memory = mem_try_alloc_zeroed(words * sizeof(Value));
    if (!memory) return false;
    size_t used = (size_t)(g->stack_top - low);
    Value *top = memory + words;
    memcpy(top - used, low, used * sizeof(Value));
    // frame.h I1: some are a frame's
    for (Value *word = memory; word < top - used; word++) *word = VALUE_UNDEFINED;
    ptrdiff_t delta_bytes = (char *)top - (char *)g->stack_top;
    Value *old = g->stack_low;
    g->stack_low = memory;
    g->stack_top = top;
    stack_relocate(g, delta_bytes);
    stack_release(g, old);
    stack_renew_limit(g);
    return true;
}

bool stack_grow(Goroutine *g, const Value *low, size_t words)
{
    size_t used = (size_t)(g->stack_top - low), needed = used + words + 2 * STACK_SLACK_WORDS;
    size_t size = (size_t)(g->stack_top - g->stack_low);
    while (size < needed) size *= 2;
    if (size * sizeof(Value) > g->stack_max_bytes) {
        size = g->stack_max_bytes / sizeof(Value);
        if (size < needed || size <= (size_t)(g->stack_top - g->stack_low)) return false;
    }
    return stack_resize(g, low, size);
}

void stack_move(Goroutine *g, const Value *low)
{
    if (!stack_resize(g, low, (size_t)(g->stack_top - g->stack_low))) return;
}

void stack_request_poll(Goroutine *g)
{
    atomic_set_seq_cst(&g->poll_requested, true);
    atomic_set_seq_cst(&g->stack_limit, GOROUTINE_POISONED_LIMIT);
}

void stack_clear_poll(Goroutine *g)
{
    atomic_set_seq_cst(&g->poll_requested, false);
    atomic_set_seq_cst(&g->stack_limit, g->stack_true_limit);
}
