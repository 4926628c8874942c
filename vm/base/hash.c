/* SPDX-License-Identifier: MIT */
#include "vm/base/hash.h"

static uint64_t hash_seed;   // written once at start-up, before other threads exist

void hash_set_seed(uint64_t seed)
{
    hash_seed = seed;
}

/* One step of a multiply-rotate hash over 16-bit units; hash_finish spreads the result. */
static inline uint64_t hash_step(uint64_t h, uint16_t unit)
{
    h = (h ^ unit) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

static inline uint32_t hash_finish(uint64_t h)
{
    uint32_t result = (uint32_t)(hash_word(h) >> 16);
    return result ? result : 1;
}

uint32_t hash_latin1(const uint8_t *units, size_t length)
{
    uint64_t h = hash_seed ^ length;
    for (size_t i = 0; i < length; i++) h = hash_step(h, units[i]);
    return hash_finish(h);
}

uint32_t hash_utf16(const uint16_t *units, size_t length)
{
    uint64_t h = hash_seed ^ length;
    for (size_t i = 0; i < length; i++) h = hash_step(h, units[i]);
    return hash_finish(h);
}
