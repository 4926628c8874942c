/* SPDX-License-Identifier: MIT */
/* Lock and RWLock.
 *
 * A Lock belongs to a goroutine, which may take it again. Gate.holder is that goroutine's id, with
 * LOCK_HAS_WAITERS once somebody waits: taking a free shared Lock and releasing one that nobody waits for is
 * one compare-and-swap, and of a private one, plain stores.
 * I1  LOCK_HAS_WAITERS is set under the mutex, so a holder that fails to swap its id for 0 finds the waiter
 *     in the queue.
 * I2  `depth` is the holder's; who hands the Lock over sets it to 1 before `holder`. */
#include "gc/barrier.h"
#include "lib/families.h"
#include "lib/gate.h"

#define LOCK_HAS_WAITERS (UINT64_C(1) << 63)

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
    return atomic_get_relaxed(&l->holder) & ~LOCK_HAS_WAITERS;
}

/* Free, or this goroutine's already: it is taken. */
static bool lock_try(Goroutine *g, Gate *l)
{
    uint64_t expected = 0;
    if (lock_holder(l) == g->id) {
        CHECK(l->depth < UINT32_MAX, "a Lock can be counted");
        l->depth++;
        return true;
    }
    if (!cell_is_shared(&l->object.cell)) l->holder = g->id;
    else if (atomic_get_relaxed(&l->holder) || !atomic_cas(&l->holder, &expected, g->id)) return false;
    l->depth = 1;
    return true;
}

/* Under the mutex: take the lock if it is free now, or see to it that its holder looks at the queue (I1). */
static bool lock_try_or_announce(Goroutine *g, Gate *l)
{
    for (;;) {
        uint64_t holder = atomic_get_relaxed(&l->holder);
        uint64_t next = holder ? holder | LOCK_HAS_WAITERS : g->id;
        if (!atomic_cas(&l->holder, &holder, next)) continue;
        if (!(next & LOCK_HAS_WAITERS)) l->depth = 1;
        return !(next & LOCK_HAS_WAITERS);
    }
}

/* Lock.prototype.lock yields the Lock itself, which can be disposed of: `using held = l.lock()`. */
static Value lock_wait(Goroutine *g, Gate *l, bool is_trying, double ms)
{
    if (lock_try(g, l)) return is_trying ? VALUE_TRUE : value_from_cell(l);
    if (is_trying && ms == 0) return VALUE_FALSE;
    bool is_entered = gate_enter(l);
    if (!lock_try_or_announce(g, l)) return gate_wait(g, l, is_entered, WAIT_LOCK, 0, is_trying, ms);
    gate_leave(l, is_entered);
    return is_trying ? VALUE_TRUE : value_from_cell(l);
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

/* Somebody waits, or did: the oldest becomes the holder. */
static void lock_hand_over(Goroutine *g, Gate *l)
{
    WakeList wakes = { NULL, NULL };
    bool is_entered = gate_enter(l);
    Waiter *w = waitqueue_claim(&l->queue);
    uint64_t holder = 0;
    if (w) {
        holder = w->fiber->goroutine->id | (waitqueue_is_empty(&l->queue) ? 0 : LOCK_HAS_WAITERS);
        l->depth = 1;
        waitqueue_wake_later(&wakes, w, VALUE_TRUE);
    }
    atomic_set_release(&l->holder, holder);              // with the swap in lock_try, and I2
    gate_leave(l, is_entered);
    waitqueue_wake(g, &wakes);
}

static Value lib_lock_unlock(Goroutine *g, Args a)
{
    Gate *l = lock_this(g, a);
    if (!l) return VALUE_THROWN;
    uint64_t expected = lock_holder(l);
    if (expected != g->id)
        return error_throw(g, ERROR_PLAIN, expected ? "unlock of a Lock that another goroutine holds"
                                                    : "unlock of unlocked Lock");
    if (--l->depth) return VALUE_UNDEFINED;
    if (!cell_is_shared(&l->object.cell)) l->holder = 0;
    else if (!atomic_cas(&l->holder, &expected, 0)) lock_hand_over(g, l);
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
