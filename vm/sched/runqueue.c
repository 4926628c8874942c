/* SPDX-License-Identifier: MIT */
#include "vm/sched/runqueue.h"

Goroutine *runqueue_steal(RunQueue *to, RunQueue *from, bool with_next)
{
    uint32_t head = atomic_get_acquire(&from->head);
    for (;;) {
        uint32_t count = atomic_get_acquire(&from->tail) - head;         // pairs with runqueue_push
        count -= count / 2;
        if (count > RUNQUEUE_HALF) {                // head and tail were read apart
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

bool runqueue_shed(RunQueue *q, Goroutine **batch)
{
    uint32_t head = atomic_get_acquire(&q->head);        // pairs with the takers' swap
    if (q->tail - head != RUNQUEUE_SLOTS) return false;
    for (uint32_t i = 0; i < RUNQUEUE_HALF; i++) batch[i] = atomic_get_relaxed(&q->slots[(head + i) % RUNQUEUE_SLOTS]);
    return atomic_cas(&q->head, &head, head + RUNQUEUE_HALF);
}
