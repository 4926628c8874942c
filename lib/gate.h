/* SPDX-License-Identifier: MIT */
/* gate.h - what Lock, RWLock, WaitGroup, Once and Semaphore have in common: a queue of fibers that wait to be
 * let through.
 *
 * I1  Waiters are let through in the order they came. Who lets one through gives it what it waits for before
 *     it runs; but a Lock lets others in between (lock.c).
 * I2  `mutex` protects all fields but those of a Lock that say otherwise, once the cell is shared; a private
 *     one is its goroutine's, and takes no lock. Nothing allocates under it.
 * I3  The count of a WaitGroup falls to 0 under `mutex` alone; other changes, which let nobody through, are one
 *     compare-and-swap. */
#ifndef US_LIB_GATE_H
#define US_LIB_GATE_H

#include "vm/base/mutex.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"
#include "vm/sched/waitqueue.h"

typedef struct Gate {                    // KIND_LOCK, KIND_RW_LOCK, KIND_WAIT_GROUP, KIND_ONCE, KIND_SEMAPHORE
    Object    object;
    Mutex     mutex;                     // LOCK_CHAN, by address
    WaitQueue queue;
    uint64_t  holder;                    // id of the goroutine that holds it, 0: none. Lock: atomic, and GATE_ bits
    uint32_t  depth;                     // Lock: how often; its holder's. Once: OnceState
    uint32_t  count;                     // RWLock: readers; WaitGroup: its counter, atomic; Semaphore: permits
    Value     value;                     // Once: what the function returned
} Gate;

/* In the holder of a Lock (lock.c). */
#define GATE_HAS_WAITERS (UINT64_C(1) << 63)
#define GATE_HAS_WOKEN   (UINT64_C(1) << 62)
#define GATE_BITS        (GATE_HAS_WAITERS | GATE_HAS_WOKEN)

/* RWLock's Waiter.tag; Semaphore's is the number of permits asked for. */
enum { GATE_READS, GATE_WRITES };

static inline Gate *gate_of(Value v)
{
    return (Gate *)value_cell(v);
}

/** `v` as a gate of that kind; NULL: thrown. */
Gate *gate_this(Goroutine *g, Value v, CellKind kind);

/** "Lock" and so on; and how it is, in a few words. */
const char *gate_name(CellKind kind);
void gate_describe(const Gate *gate, char *out, size_t size);

/** A new one, open. */
NODISCARD Gate *gate_new(Goroutine *g, CellKind kind, Value proto);

/** Take the mutex of a shared gate; true when it is one. gate_leave is told so. */
NODISCARD bool gate_enter(Gate *gate);
void gate_leave(Gate *gate, bool is_entered);        // after gate_enter

/** Let the running fiber wait; the gate is entered, as `is_entered` says, and is left. At most `ms`, which
 *  may be infinite. Who lets it through wakes it with VALUE_TRUE. is_trying: the wait yields true or, when
 *  the time is over, false; else it yields the gate. Returns VALUE_PARKED. */
NODISCARD Value gate_wait(Goroutine *g, Gate *gate, bool is_entered, WaitKind kind, uint32_t tag, bool is_trying,
                          double ms);

/** The same without a time, with a `finish` of one's own; `is_first`: before the others. */
NODISCARD Value gate_queue_up(Goroutine *g, Gate *gate, bool is_entered, WaitKind kind, uint32_t tag,
                              FiberFinish finish, bool is_first);

/** RWLock, Semaphore: may somebody go through who comes with `tag`? Those in the queue come first. */
bool gate_admits(const Gate *gate, uint32_t tag);
void gate_take(Gate *gate, uint32_t tag, uint64_t goroutine);        // it goes through

/** RWLock, Semaphore: let all through who can, oldest first. */
void gate_open(Gate *gate, WakeList *wakes);

/** WaitGroup, Semaphore: add `n` to `count`, and let through who can go now. False: it would not fit, and is as it
 *  was. */
NODISCARD bool gate_count(Goroutine *g, Gate *gate, int64_t n);

/** Let everybody through who waits. */
void gate_open_all(Gate *gate, WakeList *wakes);

/** Milliseconds as an argument: not negative, perhaps infinite; NaN and undefined are 0. False: thrown. */
NODISCARD bool gate_milliseconds(Goroutine *g, Value v, double *ms);

/** An integer from `low` to `high` as an argument; undefined is 1. False: thrown. */
NODISCARD bool gate_integer(Goroutine *g, Value v, double low, double high, int64_t *n);

void gate_register_kinds(void);

#endif
