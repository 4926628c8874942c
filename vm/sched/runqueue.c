/* SPDX-License-Identifier: MIT */
#include "vm/sched/runqueue.h"

Goroutine *runqueue_steal(RunQueue *to, RunQueue *from, bool with_next)
{
    uint32_t head = atomic_get_acquire(&from->head);
    for (;;) {
        uint32_t count = atomic_get_acquire(&from->tail) - head;         // pairs with runqueue_push
        count -= count / 2;
        if (count > RUNQUEUE_SLOTS / 2) {                // head and tail were read apart
            head = atomic_get_acquire(&from->head);
            continue;
        }
        if (count == 0) return with_next ? atomic_swap_acq_rel(&from->next, NULL) : NULL;
        uint32_t tail = to->tail;
        for (uint32_t i = 0; i < count; i++) {
            Goroutine *g = atomic_get_relaxed(&from->slots[(head + i) % RUNQUEUE_SLOTS]);
            atomic_set_relaxed(&to->slots[(tail + i) % RUNQUEUE_SLOTS], g);
        }
        if (!atomic_cas(&from->head, &head, head + count)) continue;
        Goroutine *last = atomic_get_relaxed(&to->slots[(tail + count - 1) % RUNQUEUE_SLOTS]);
        atomic_set_release(&to->tail, tail + count - 1);
        return last;
    }
}
