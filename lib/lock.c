/* SPDX-License-Identifier: MIT */
/* Lock and RWLock.
 *
 * A Lock belongs to a goroutine, which may take it again. Gate.holder is that goroutine's id, or 0, with bits
 * that tell of others: taking a free shared Lock and releasing one that nobody waits for is one
 * compare-and-swap each, and of a private one, plain stores.
 *
 * Who releases a Lock wakes the oldest waiter, which tries again; meanwhile those that run may take the Lock,
 * which lets them go on instead of waiting for each other in turn. A waiter that has come too late
 * LOCK_MOST_TRIES times is given the Lock, so nobody starves; and so is one that waits for a limited time.
 * I1  GATE_HAS_WAITERS is set under the mutex, so a holder that fails to swap its id for 0 finds the waiter
 *     in the queue.
 * I2  GATE_HAS_WOKEN: a waiter was woken and is about to try; nobody else need be. A free Lock that somebody
 *     waits for has it.
 * I3  `depth` is the holder's; who gives the Lock away sets it to 1 before `holder`. */
#include "gc/barrier.h"
#include "lib/families.h"
#include "lib/gate.h"

enum { LOCK_MOST_TRIES = 16 };           // Waiter.tag counts them

static Gate *lock_this(Goroutine *g, Args a)    { return gate_this(g, a.self, KIND_LOCK); }
static Gate *lock_this_rw(Goroutine *g, Args a) { return gate_this(g, a.self, KIND_RW_LOCK); }

/* The constructors of both: magic is the kind. */
static Value lib_lock_construct(Goroutine *g, Args a)
{
    bool is_rw = args_magic(a) == KIND_RW_LOCK;
    if (!args_is_construct(a))
        return error_throw(g, ERROR_TYPE, "Constructor %s requires 'new'", is_rw ? "RWLock" : "Lock");
    IntrinsicId fallback = is_rw ? INTRINSIC_RWLockPrototype : INTRINSIC_LockPrototype;
    Value proto = TRY(function_prototype_for(g, args_new_target(a), fallback));
    return value_from_cell(gate_new(g, (CellKind)args_magic(a), proto));
}

/* ---- Lock ---------------------------------------------------------------------------------------------- */

static uint64_t lock_holder(const Gate *l)
{
    return atomic_get_relaxed(&l->holder) & ~GATE_BITS;
}

/* Free, or this goroutine's already: it is taken. */
static bool lock_try(Goroutine *g, Gate *l)
{
    uint64_t word = atomic_get_relaxed(&l->holder);
    if ((word & ~GATE_BITS) == g->id) {
        CHECK(l->depth < UINT32_MAX, "a Lock can be counted");
        l->depth++;
        return true;
    }
    if (!cell_is_shared(&l->object.cell)) {
        l->holder = g->id;
        l->depth = 1;
        return true;
    }
    while (!(word & ~GATE_BITS)) {
        if (!atomic_cas(&l->holder, &word, word | g->id)) continue;
        l->depth = 1;
        return true;
    }
    return false;
}

/* Under the mutex: take the lock if it is free now, or see to it that its holder looks at the queue (I1). `drops`: bits
 * to be taken away. */
static bool lock_try_or_announce(Goroutine *g, Gate *l, uint64_t drops)
{
    uint64_t word = atomic_get_relaxed(&l->holder), holder, next;
    do {
        holder = word & ~GATE_BITS;
        next = word & ~drops;
        if (!holder) next |= g->id;
        else if (holder != g->id) next |= GATE_HAS_WAITERS;
    } while (!atomic_cas(&l->holder, &word, next));
    if (!holder) l->depth = 1;
    else if (holder == g->id) l->depth++;                // another fiber of the goroutine has taken it
    return !holder || holder == g->id;
}

/* Woken: the Lock is this goroutine's, or it may try again. */
static Value lock_finish(Goroutine *g, Fiber *f)
{
    Gate *l = gate_of(f->waiter.value);
    uint32_t tries = f->waiter.tag + 1;
    f->waiter.value = VALUE_UNDEFINED;
    if (f->result == VALUE_TRUE) return value_from_cell(l);
    bool is_entered = gate_enter(l);
    if (!lock_try_or_announce(g, l, GATE_HAS_WOKEN))
        return gate_queue_up(g, l, is_entered, WAIT_LOCK, tries, lock_finish, true);
    gate_leave(l, is_entered);
    return value_from_cell(l);
}

/* Lock.prototype.lock yields the Lock itself, which can be disposed of: `using held = l.lock()`. */
static Value lock_wait(Goroutine *g, Gate *l, bool is_trying, double ms)
{
    if (lock_try(g, l)) return is_trying ? VALUE_TRUE : value_from_cell(l);
    if (is_trying && ms == 0) return VALUE_FALSE;
    bool is_entered = gate_enter(l);
    if (lock_try_or_announce(g, l, 0)) {
        gate_leave(l, is_entered);
        return is_trying ? VALUE_TRUE : value_from_cell(l);
    }
    if (is_trying) return gate_wait(g, l, is_entered, WAIT_LOCK, LOCK_MOST_TRIES, true, ms);
    return gate_queue_up(g, l, is_entered, WAIT_LOCK, 0, lock_finish, false);
}

static Value lib_lock_lock(Goroutine *g, Args a)
{
    Gate *l = lock_this(g, a);
    return l ? lock_wait(g, l, false, INFINITY) : VALUE_THROWN;
}

static Value lib_lock_try(Goroutine *g, Args a)
{
    Gate *l = lock_this(g, a);
    return l ? value_from_bool(lock_try(g, l)) : VALUE_THROWN;
}

static Value lib_lock_try_for(Goroutine *g, Args a)
{
    double ms;
    Gate *l = lock_this(g, a);
    if (!l || !gate_milliseconds(g, arg(a, 0), &ms)) return VALUE_THROWN;
    return lock_wait(g, l, true, ms);
}

/* Somebody waits, or did: the oldest is woken. */
static void lock_free_and_wake(Goroutine *g, Gate *l)
{
    WakeList wakes = { NULL, NULL };
    bool is_entered = gate_enter(l);
    Waiter *w = waitqueue_claim(&l->queue);
    uint64_t word = waitqueue_is_empty(&l->queue) ? 0 : GATE_HAS_WAITERS;
    if (w) {
        bool gets_it = w->tag >= LOCK_MOST_TRIES;
        word |= gets_it ? w->fiber->goroutine->id : GATE_HAS_WOKEN;
        if (gets_it) l->depth = 1;
        waitqueue_wake_later(&wakes, w->fiber, value_from_bool(gets_it));
    }
    atomic_set_release(&l->holder, word);                // with the swap in lock_try, and I3
    gate_leave(l, is_entered);
    waitqueue_wake(g, &wakes);
}

static Value lib_lock_unlock(Goroutine *g, Args a)
{
    Gate *l = lock_this(g, a);
    if (!l) return VALUE_THROWN;
    uint64_t word = atomic_get_relaxed(&l->holder), holder = word & ~GATE_BITS;
    if (holder != g->id)
        return error_throw(g, ERROR_PLAIN, holder ? "unlock of a Lock that another goroutine holds"
                                                  : "unlock of unlocked Lock");
    if (--l->depth) return VALUE_UNDEFINED;
    if (!cell_is_shared(&l->object.cell)) {
        l->holder = 0;
        return VALUE_UNDEFINED;
    }
    while ((word & GATE_BITS) != GATE_HAS_WAITERS)
        if (atomic_cas(&l->holder, &word, word & GATE_BITS)) return VALUE_UNDEFINED;
    lock_free_and_wake(g, l);
    return VALUE_UNDEFINED;
}

static Value lib_lock_is_mine(Goroutine *g, Args a)
{
    const Gate *l = lock_this(g, a);
    return l ? value_from_bool(lock_holder(l) == g->id) : VALUE_THROWN;
}

static Value lib_lock_locked(Goroutine *g, Args a)
{
    const Gate *l = lock_this(g, a);
    return l ? value_from_bool(lock_holder(l) != 0) : VALUE_THROWN;
}

/* ---- RWLock -------------------------------------------------------------------------------------------- */

/* magic: GATE_READS or GATE_WRITES. A reader comes behind a writer who waits already, so that writers get
 * their turn. */
static Value rw_lock(Goroutine *g, Args a, bool is_trying, double ms)
{
    uint32_t tag = (uint32_t)args_magic(a);
    Gate *l = lock_this_rw(g, a);
    if (!l) return VALUE_THROWN;
    bool is_entered = gate_enter(l);
    bool admits = gate_admits(l, tag), is_mine = l->holder == g->id;
    WaitKind kind = tag == GATE_WRITES ? WAIT_WRITE_LOCK : WAIT_READ_LOCK;
    if (!admits && !is_mine && (!is_trying || ms > 0)) return gate_wait(g, l, is_entered, kind, tag, is_trying, ms);
    if (admits) gate_take(l, tag, g->id);
    gate_leave(l, is_entered);
    if (is_trying) return value_from_bool(admits);
    return admits ? a.self : error_throw(g, ERROR_PLAIN, "this goroutine holds the RWLock for writing already");
}

static Value lib_lock_rw_lock(Goroutine *g, Args a)
{
    return rw_lock(g, a, false, INFINITY);
}

static Value lib_lock_rw_try(Goroutine *g, Args a)
{
    return rw_lock(g, a, true, 0);
}

static Value lib_lock_rw_try_for(Goroutine *g, Args a)
{
    double ms;
    OK(gate_milliseconds(g, arg(a, 0), &ms));
    return rw_lock(g, a, true, ms);
}

/* A goroutine that writes gives that up, others one reader. False: there is nothing to give up. */
static bool rw_release(Goroutine *g, Gate *l, bool may_write, bool may_read)
{
    WakeList wakes = { NULL, NULL };
    bool is_entered = gate_enter(l), writes = may_write && l->holder == g->id;
    bool reads = !writes && may_read && l->count > 0;
    if (writes) l->holder = 0;
    if (reads) l->count--;
    if (writes || reads) gate_open(l, &wakes);
    gate_leave(l, is_entered);
    waitqueue_wake(g, &wakes);
    return writes || reads;
}

static Value lib_lock_rw_unlock(Goroutine *g, Args a)
{
    Gate *l = lock_this_rw(g, a);
    bool writes = args_magic(a) == GATE_WRITES;
    if (!l) return VALUE_THROWN;
    if (rw_release(g, l, writes, !writes)) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_PLAIN, writes ? "writeUnlock of an RWLock that this goroutine does not write"
                                              : "readUnlock of an RWLock that nobody reads");
}

static Value lib_lock_rw_dispose(Goroutine *g, Args a)
{
    Gate *l = lock_this_rw(g, a);
    if (!l) return VALUE_THROWN;
    if (rw_release(g, l, true, true)) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_PLAIN, "unlock of unlocked RWLock");
}

/* ---- installation -------------------------------------------------------------------------------------- */

static const NativeSpec lib_lock_prototype[] = {
    LIB_METHOD("lock", 0, lib_lock_lock),
    LIB_METHOD("unlock", 0, lib_lock_unlock),
    LIB_METHOD("tryLock", 0, lib_lock_try),
    LIB_METHOD("try_lock", 0, lib_lock_try),
    LIB_METHOD("tryLockFor", 1, lib_lock_try_for),
    LIB_METHOD("try_lock_for", 1, lib_lock_try_for),
    LIB_METHOD("isLockedByCurrent", 0, lib_lock_is_mine),
    LIB_METHOD("is_locked_by_current", 0, lib_lock_is_mine),
    LIB_GETTER("locked", lib_lock_locked),
    LIB_METHOD("[Symbol.dispose]", 0, lib_lock_unlock),
};

static const NativeSpec lib_lock_rw_prototype[] = {
    LIB_MAGIC("readLock", 0, lib_lock_rw_lock, GATE_READS),
    LIB_MAGIC("readUnlock", 0, lib_lock_rw_unlock, GATE_READS),
    LIB_MAGIC("tryReadLock", 0, lib_lock_rw_try, GATE_READS),
    LIB_MAGIC("tryReadLockFor", 1, lib_lock_rw_try_for, GATE_READS),
    LIB_MAGIC("writeLock", 0, lib_lock_rw_lock, GATE_WRITES),
    LIB_MAGIC("writeUnlock", 0, lib_lock_rw_unlock, GATE_WRITES),
    LIB_MAGIC("tryWriteLock", 0, lib_lock_rw_try, GATE_WRITES),
    LIB_MAGIC("tryWriteLockFor", 1, lib_lock_rw_try_for, GATE_WRITES),
    LIB_METHOD("[Symbol.dispose]", 0, lib_lock_rw_dispose),
};

void lib_lock_install(const Lib *lib)
{
    static const NativeSpec constructors[] = {
        { .name = "Lock", .function = lib_lock_construct, .flags = NATIVE_CONSTRUCTOR, .magic = KIND_LOCK },
        { .name = "RWLock", .function = lib_lock_construct, .flags = NATIVE_CONSTRUCTOR, .magic = KIND_RW_LOCK },
    };
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    for (size_t i = 0; i < COUNT_OF(constructors); i++) {
        IntrinsicId id = (IntrinsicId)(INTRINSIC_Lock + 2 * i), proto = (IntrinsicId)(id + 1);
        install_constructor(lib, &constructors[i], id, proto, parent, VALUE_UNDEFINED);
        install_tag(lib, install_intrinsic(lib, proto), constructors[i].name);
    }
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_LockPrototype), lib_lock_prototype);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_RWLockPrototype), lib_lock_rw_prototype);
}
