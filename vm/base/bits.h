/* SPDX-License-Identifier: MIT */
/* bits.h - bit tricks, named. */
#ifndef US_BASE_BITS_H
#define US_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline int bits_count_trailing_zeros64(uint64_t v) { return __builtin_ctzll(v); }   // v != 0
static inline int bits_count_leading_zeros64(uint64_t v)  { return __builtin_clzll(v); }   // v != 0
static inline int bits_count_ones64(uint64_t v)           { return __builtin_popcountll(v); }

static inline bool bits_is_power_of_two(uint64_t v) { return v && !(v & (v - 1)); }

/* The least power of two >= v; v must be in 1 .. 2^63. */
static inline uint64_t bits_round_up_power_of_two(uint64_t v)
{
    return v <= 1 ? 1 : UINT64_C(1) << (64 - __builtin_clzll(v - 1));
}

static inline size_t bits_align_up(size_t v, size_t alignment)   // alignment: a power of two
{
    return (v + alignment - 1) & ~(alignment - 1);
}

static inline uint64_t bits_from_double(double d)
{
    uint64_t u;
    memcpy(&u, &d, sizeof u);
    return u;
}

static inline double bits_to_double(uint64_t u)
{
    double d;
    memcpy(&d, &u, sizeof d);
    return d;
}

/* Unaligned little-endian access, for byte streams. */
static inline uint32_t bits_get_u32(const void *p) { uint32_t v; memcpy(&v, p, sizeof v); return v; }
static inline uint64_t bits_get_u64(const void *p) { uint64_t v; memcpy(&v, p, sizeof v); return v; }
static inline void bits_set_u32(void *p, uint32_t v) { memcpy(p, &v, sizeof v); }
static inline void bits_set_u64(void *p, uint64_t v) { memcpy(p, &v, sizeof v); }

#endif
