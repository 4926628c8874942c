/* SPDX-License-Identifier: MIT */
#include "gc/monitor.h"

#include "gc/heap_int.h"
#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/hash.h"

enum { MONITOR_FREE, MONITOR_TAKEN, MONITOR_CONTENDED };

static MonitorWord *monitor_word(Heap *heap, const void *cell)
{
    return &heap->monitors[hash_word((uintptr_t)cell) % COUNT_OF(heap->monitors)];
}

static bool monitor_try(MonitorWord *w)
{
    uint32_t expected = MONITOR_FREE;
    return atomic_cas(&w->state, &expected, MONITOR_TAKEN);      // acquires; pairs with monitor_exit
}

static bool monitor_spin(MonitorWord *w)
{
    for (int look = 0; look < MUTEX_LOOKS; look++) {
        if (atomic_get_relaxed(&w->state) == MONITOR_FREE && monitor_try(w)) return true;
        atomic_pause_for(MUTEX_PAUSES);
    }
    return false;
}

/* Away while asleep (I3). Taken as contended: others may be asleep too. */
static void monitor_wait(LocalHeap *h, MonitorWord *w)
{
    safepoint_leave(h->mutator);
    while (atomic_swap_acq_rel(&w->state, MONITOR_CONTENDED) != MONITOR_FREE)
        futex_wait(&w->state, MONITOR_CONTENDED, CLOCK_NEVER);
    safepoint_enter(h->mutator);
}

bool monitor_enter_slow(LocalHeap *h, const void *cell)
{
    if (h->mutator->monitor == cell) return false;       // I4
    MonitorWord *w = monitor_word(h->heap, cell);
    ASSERT(!h->mutator->monitor, "I1");
    if (!monitor_try(w) && !monitor_spin(w)) monitor_wait(h, w);
    mutex_check_take(w, LOCK_MONITOR, 0, true);
    h->mutator->monitor = cell;
    return true;
}

void monitor_exit_slow(LocalHeap *h, const void *cell)
{
    MonitorWord *w = monitor_word(h->heap, cell);
    ASSERT(h->mutator->monitor == cell, "I1");
    h->mutator->monitor = NULL;
    mutex_check_release(w);
    if (atomic_swap_acq_rel(&w->state, MONITOR_FREE) == MONITOR_CONTENDED) futex_wake(&w->state, 1);
}
