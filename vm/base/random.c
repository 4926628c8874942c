/* SPDX-License-Identifier: MIT */
#include "vm/base/random.h"

#include <errno.h>
#include <sys/random.h>

#include "vm/base/assert.h"
#include "vm/base/clock.h"

/* splitmix64 (Guy Steele, Doug Lea, Christine Flood, 2014): one of its outputs in 2^64 is 0, so four in a row
 * are never all 0. */
static uint64_t random_split_mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

void random_seed(Random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) r->state[i] = random_split_mix(&seed);
}

bool random_system_bytes(void *out, size_t size_bytes)
{
    char *p = out;
    while (size_bytes > 0) {
        ssize_t got = getrandom(p, size_bytes, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        p += got;
        size_bytes -= (size_t)got;
    }
    return true;
}

/* Without the system's help (a kernel or sandbox that lacks the call) time and place must do: good enough for
 * Math.random, which promises nothing. */
void random_seed_from_system(Random *r)
{
    uint64_t seed;
    if (!random_system_bytes(&seed, sizeof seed))
        seed = (uint64_t)clock_monotonic_ns() * 0x10001 ^ (uint64_t)clock_wall_ns() ^ (uint64_t)(uintptr_t)r;
    random_seed(r, seed);
}

void random_fork(Random *parent, Random *child)
{
    random_seed(child, random_next(parent));
}

/* Daniel Lemire, "Fast random integer generation in an interval", 2019: the high word of a product, and a new
 * draw in the few cases where the low word shows that this result would come once too often. */
uint64_t random_below(Random *r, uint64_t count)
{
    ASSERT(count > 0, "a choice among at least one");
    unsigned __int128 product = (unsigned __int128)random_next(r) * count;
    if ((uint64_t)product < count) {
        uint64_t surplus = -count % count;           // 2^64 mod count
        while ((uint64_t)product < surplus) product = (unsigned __int128)random_next(r) * count;
    }
    return (uint64_t)(product >> 64);
}
