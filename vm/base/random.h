/* SPDX-License-Identifier: MIT */
/* random.h - numbers that look random: fast ones from a state of the caller's, true ones from the system.
 *
 * The generator is xoshiro256** (David Blackman, Sebastiano Vigna, "Scrambled linear pseudorandom number
 * generators", 2021): period 2^256 - 1, no known failing test, not for secrets.
 * Threads: a state belongs to one thread at a time; the system's bytes may be had on any. */
#ifndef US_BASE_RANDOM_H
#define US_BASE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"

typedef struct Random {
    uint64_t state[4];               // never all 0
} Random;

/** Start from `seed`: equal seeds give equal sequences, near seeds unrelated ones. */
void random_seed(Random *r, uint64_t seed);

/** Start from the system's randomness. */
void random_seed_from_system(Random *r);

/** Start `child` from the next numbers of `parent`, for a thread or goroutine of its own. */
void random_fork(Random *parent, Random *child);

/** Fill with bytes fit for secrets. False when the system has none to give. */
NODISCARD bool random_system_bytes(void *out, size_t size_bytes);

static inline uint64_t random_next(Random *r)
{
    uint64_t *s = r->state;
    uint64_t  product = s[1] * 5;
    uint64_t  result = (product << 7 | product >> 57) * 9;
    uint64_t  shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/** A double in [0, 1), a multiple of 2^-53: Math.random(). */
static inline double random_double(Random *r)
{
    return (double)(random_next(r) >> 11) * 0x1p-53;
}

/** A number in 0 .. count - 1, each as likely as any other; count > 0. */
uint64_t random_below(Random *r, uint64_t count);

#endif
