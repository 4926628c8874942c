/* SPDX-License-Identifier: MIT */
/* atomic.h - the memory orders we use, by name, on ordinary objects.
 *
 * The compiler's builtins are used rather than _Atomic types because most of our shared words are also read
 * plainly by their single owner (a private object's slots) and only some of their lives are spent shared.
 * A use of anything but `relaxed` names its partner in a comment. */
#ifndef US_BASE_ATOMIC_H
#define US_BASE_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

#define atomic_get_relaxed(p)     __atomic_load_n((p), __ATOMIC_RELAXED)
#define atomic_get_acquire(p)     __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define atomic_get_seq_cst(p)     __atomic_load_n((p), __ATOMIC_SEQ_CST)
/* For a word through which the content behind it was published: the address dependency orders what is read through
 * it on every processor, but ThreadSanitizer knows acquire alone. */
#ifdef __SANITIZE_THREAD__
#define atomic_get_dependent(p)   atomic_get_acquire(p)
#else
#define atomic_get_dependent(p)   atomic_get_relaxed(p)
#endif
#define atomic_set_relaxed(p, v)  __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define atomic_set_release(p, v)  __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define atomic_set_seq_cst(p, v)  __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)

/* These return the value before the operation. */
#define atomic_add_relaxed(p, v)  __atomic_fetch_add((p), (v), __ATOMIC_RELAXED)
#define atomic_add_seq_cst(p, v)  __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define atomic_or_relaxed(p, v)   __atomic_fetch_or((p), (v), __ATOMIC_RELAXED)
#define atomic_and_relaxed(p, v)  __atomic_fetch_and((p), (v), __ATOMIC_RELAXED)
#define atomic_swap_acq_rel(p, v) __atomic_exchange_n((p), (v), __ATOMIC_ACQ_REL)

/* Compare and swap: true when `*p` held `*expected` and now holds `v`; else `*expected` is what was found.
 * Success acquires and releases; failure acquires. */
#define atomic_cas(p, expected, v) \
    __atomic_compare_exchange_n((p), (expected), (v), false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)

/* Ask for the line of `p`, to be written. __builtin_prefetch asks only to read it, for the oldest processors' sake, and
 * another processor's line then comes twice; on those the instruction does nothing. */
static inline void atomic_prefetch(const void *p)
{
    __asm__ volatile("prefetchw %0" : : "m"(*(const char *)p));
}

#define atomic_fence_seq_cst()    __atomic_thread_fence(__ATOMIC_SEQ_CST)

static inline void atomic_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static inline void atomic_pause_for(int pauses)
{
    for (int i = 0; i < pauses; i++) atomic_pause();
}

#endif
