/* SPDX-License-Identifier: MIT */
/* parked.h - goroutines that wait, and whose own garbage an idle worker collects meanwhile.
 *
 * A goroutine that begins to wait and has been handed much since its last private collection is noted. What has been
 * noted by the time that sysmon looks is settled, and for a worker that finds nothing to run. So who waits for a moment
 * only is hardly ever met, and nobody who waits is looked for.
 *
 * I1  A name in the list may be that of a goroutine that runs, has ended, or is another one by now. Who takes it claims
 *     it as one who wakes it does (goroutine.h I4), which tells; and then counts as running it. The goroutine
 *     has its turn after the collection, so that whatever it was woken for meanwhile is found, be it mail or not.
 * I2  A goroutine is noted for what it was handed, which a collection takes back to 0. So there is an end to them where
 *     nothing runs. */
#ifndef US_SCHED_PARKED_H
#define US_SCHED_PARKED_H

#include "vm/sched/sched_int.h"

/** `g`, whose heap is due, waits; or did a moment ago. */
void parked_note(Sched *s, Goroutine *g);

/** Sysmon's: what was noted by now is settled. True: there is something for an idle worker. */
bool parked_settle(Sched *s);

/** Is there something for an idle worker? */
static inline bool parked_any(const Sched *s)
{
    return atomic_get_relaxed(&s->parked_settled) != 0;
}

/** A goroutine that waited and is the caller's now, RUNNABLE and in no queue; or NULL. */
Goroutine *parked_claim(Sched *s);

#endif
