/* SPDX-License-Identifier: MIT */
/* mutex.h - mutual exclusion between threads, and waiting for a condition; ranked, so that no cycle can form.
 *
 * A mutex blocks its thread, so a goroutine holds one over a few instructions only and never while it parks.
 * I1  Ranks are in lock_ranks.def. A thread takes locks in ascending order of rank and, within a rank, of the
 *     id given to mutex_init; id 0 is never held together with another of its rank.
 * I2  A lock is released by the thread that took it. In any order.
 * In checked builds each thread keeps the list of its locks, and breaking I1 or I2 ends the process, naming
 * both locks. mutex_try_lock may break I1, since who does not wait closes no cycle.
 * Threads: all of it on any thread. Fairness: none; a waiter may be overtaken. */
#ifndef US_BASE_MUTEX_H
#define US_BASE_MUTEX_H

#include <stdbool.h>
#include <stdint.h>

#include "vm/base/assert.h"
#include "vm/base/atomic.h"
#include "vm/base/attr.h"

typedef enum LockRank {
#define LOCK_RANK(name, text) LOCK_##name,
#include "vm/base/lock_ranks.def"
#undef LOCK_RANK
    LOCK_RANK_COUNT,
} LockRank;

typedef struct Mutex {
    uint32_t state;                  // atomic; a MutexState
    uint32_t rank;                   // immutable; a LockRank
    uint64_t id;                     // immutable
} Mutex;

/* Before it sleeps, who waits for a lock looks a few times, far apart, as in Go (runtime/lock_futex.go). Each look
 * takes the cache line from the owner, who otherwise gets through many short sections in the meantime, with all that
 * they change in its cache. */
enum { MUTEX_LOOKS = 4, MUTEX_PAUSES = 30 };

typedef enum MutexState {
    MUTEX_FREE, MUTEX_TAKEN,
    MUTEX_CONTENDED,                 // taken, and somebody may be asleep waiting for it
} MutexState;

/* What waiters wait for; the fact itself is in fields that the mutex protects. */
typedef struct Condition {
    uint32_t sequence;               // atomic; grows with each wake-up
    uint32_t waiters;                // atomic; grows under the mutex
} Condition;

#define MUTEX_INIT(lock_rank) { .rank = (lock_rank) }
#define CONDITION_INIT        { 0 }

static inline void mutex_init(Mutex *m, LockRank rank, uint64_t id)
{
    *m = (Mutex){ .rank = (uint32_t)rank, .id = id };
}

/* ---- checks ---- */

/** For locks that are no Mutex (a bit in a header): tell the checker. Before taking, and after releasing.
 *  `waits` says whether the taker would wait, hence whether I1 binds it. */
#ifdef US_CHECKED
void mutex_check_take(const void *lock, LockRank rank, uint64_t id, bool waits);
void mutex_check_release(const void *lock);
bool mutex_check_is_held(const void *lock);
/** True when the calling thread holds no lock of `rank` or one below it. */
bool mutex_check_none_from(LockRank rank);
#else
static inline void mutex_check_take(const void *lock, LockRank rank, uint64_t id, bool waits) {}
static inline void mutex_check_release(const void *lock) {}
#endif

/* The first line of a function whose caller has to hold `lock` (a Mutex, or what mutex_check_take
 * was told). */
#ifdef US_CHECKED
#define ASSERT_HELD(lock)          CHECK(mutex_check_is_held(lock), "the caller holds the lock")
#define ASSERT_NO_LOCKS_FROM(rank) CHECK(mutex_check_none_from(rank), "nothing as deep is locked here")
#else
#define ASSERT_HELD(lock)          ((void)sizeof(lock))
#define ASSERT_NO_LOCKS_FROM(rank) ((void)sizeof(rank))
#endif

/* ---- mutex ---- */

void mutex_lock_slow(Mutex *m);
void mutex_unlock_slow(Mutex *m);

/** Take `m`, sleeping until it is free. */
static inline void mutex_lock(Mutex *m)
{
    mutex_check_take(m, (LockRank)m->rank, m->id, true);
    uint32_t expected = MUTEX_FREE;
    if (UNLIKELY(!atomic_cas(&m->state, &expected, MUTEX_TAKEN)))    // acquires; pairs with mutex_unlock
        mutex_lock_slow(m);
}

/** Take `m` if it is free. */
NODISCARD static inline bool mutex_try_lock(Mutex *m)
{
    uint32_t expected = MUTEX_FREE;
    if (!atomic_cas(&m->state, &expected, MUTEX_TAKEN)) return false;
    mutex_check_take(m, (LockRank)m->rank, m->id, false);
    return true;
}

static inline void mutex_unlock(Mutex *m)
{
    mutex_check_release(m);
    if (UNLIKELY(atomic_swap_acq_rel(&m->state, MUTEX_FREE) == MUTEX_CONTENDED))     // releases
        mutex_unlock_slow(m);
}

/* ---- condition ---- */

/** Release `m`, sleep until a wake-up or until `deadline_ns` (clock_monotonic_ns; CLOCK_NEVER), take `m`
 *  again. False when the deadline passed. Wake-ups without cause happen: test the fact in a loop. */
bool mutex_wait(Mutex *m, Condition *c, int64_t deadline_ns);

/** Wake one waiter, or all. After the change of the fact, with or without the lock held. */
void mutex_wake_one(Condition *c);
void mutex_wake_all(Condition *c);

#endif
