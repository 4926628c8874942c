/* SPDX-License-Identifier: MIT */
#include "vm/base/mutex.h"

#include <limits.h>
#include <stddef.h>

#include "vm/base/clock.h"
#include "vm/base/futex.h"
#include "vm/base/panic.h"

/* The three states are those of Ulrich Drepper, "Futexes are tricky", 2011. Whoever has slept takes the lock
 * as contended, since it cannot know whether others still sleep; the price is a wake-up too many. */
void mutex_lock_slow(Mutex *m)
{
    for (int look = 0; look < MUTEX_LOOKS; look++) {
        uint32_t state = atomic_get_relaxed(&m->state);
        if (state == MUTEX_CONTENDED) break;         // others sleep already
        if (state == MUTEX_FREE && atomic_cas(&m->state, &state, MUTEX_TAKEN)) return;
        atomic_pause_for(MUTEX_PAUSES);
    }
    while (atomic_swap_acq_rel(&m->state, MUTEX_CONTENDED) != MUTEX_FREE)    // acquires; pairs with unlock
        futex_wait(&m->state, MUTEX_CONTENDED, CLOCK_NEVER);
}

void mutex_unlock_slow(Mutex *m)
{
    futex_wake(&m->state, 1);
}

/* ---- condition ---- */

/* No wake-up is lost: the sequence is read before the mutex is released, and whoever changes the fact does so
 * under the mutex, hence later, and then changes the sequence, so that futex_wait returns at once. */
bool mutex_wait(Mutex *m, Condition *c, int64_t deadline_ns)
{
    ASSERT_HELD(m);
    atomic_add_relaxed(&c->waiters, 1);
    uint32_t sequence = atomic_get_relaxed(&c->sequence);
    mutex_unlock(m);
    bool is_in_time = futex_wait(&c->sequence, sequence, deadline_ns);
    mutex_lock(m);
    atomic_add_relaxed(&c->waiters, -1);
    return is_in_time;
}

/* That a waiter is seen follows from the mutex: it counted itself under the lock before the fact
 * was changed. */
static void mutex_wake(Condition *c, int count)
{
    if (atomic_get_relaxed(&c->waiters) == 0) return;
    atomic_add_relaxed(&c->sequence, 1);
    futex_wake(&c->sequence, count);
}

void mutex_wake_one(Condition *c)
{
    mutex_wake(c, 1);
}

void mutex_wake_all(Condition *c)
{
    mutex_wake(c, INT_MAX);
}

/* ---- checks ---- */

#ifdef US_CHECKED
static const char *const mutex_rank_names[] = {
#define LOCK_RANK(name, text) #name " (" text ")",
#include "vm/base/lock_ranks.def"
#undef LOCK_RANK
};

enum { MOST_HELD = 64 };             // a select over many channels locks them all

typedef struct HeldLock {
    const void *lock;
    LockRank    rank;
    uint64_t    id;
} HeldLock;

static _Thread_local HeldLock mutex_held[MOST_HELD];
static _Thread_local int      mutex_held_count;

void mutex_check_take(const void *lock, LockRank rank, uint64_t id, bool waits)
{
    CHECK(rank < LOCK_RANK_COUNT, "a rank of lock_ranks.def");
    for (int i = 0; i < mutex_held_count; i++) {
        const HeldLock *held = &mutex_held[i];
        if (held->lock == lock) panic("lock order: taking %s twice", mutex_rank_names[rank]);
        if (!waits || held->rank < rank) continue;
        if (held->rank == rank && held->id != 0 && held->id < id) continue;
        panic("lock order: taking %s, id %llu, while holding %s, id %llu",
              mutex_rank_names[rank], (unsigned long long)id,
              mutex_rank_names[held->rank], (unsigned long long)held->id);
    }
    CHECK(mutex_held_count < MOST_HELD, "locks held by one thread");
    mutex_held[mutex_held_count++] = (HeldLock){ lock, rank, id };
}

void mutex_check_release(const void *lock)
{
    for (int i = mutex_held_count; i-- > 0;) {
        if (mutex_held[i].lock != lock) continue;
        mutex_held[i] = mutex_held[--mutex_held_count];
        return;
    }
    panic("lock order: releasing a lock that this thread does not hold");
}

bool mutex_check_is_held(const void *lock)
{
    for (int i = 0; i < mutex_held_count; i++)
        if (mutex_held[i].lock == lock) return true;
    return false;
}

bool mutex_check_none_from(LockRank rank)
{
    for (int i = 0; i < mutex_held_count; i++)
        if (mutex_held[i].rank >= rank) return false;
    return true;
}
#endif
