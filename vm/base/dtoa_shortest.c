/* SPDX-License-Identifier: MIT */
/* dtoa_shortest.c - the shortest decimal that reads back as a given double.
 *
 * The method is Schubfach: Raffaello Giulietti, "The Schubfach way to render doubles", 2020. In short:
 *
 * Let x = c * 2^q and let R be the interval of reals that round to x; its ends, halfway to the neighbours,
 * belong to it iff c is even. Choose k so that 10^k <= width of R < 10^(k+1). Then at most one multiple of
 * 10^(k+1) lies in R's interior or on its ends (two would need a wider R), and at least one multiple of 10^k.
 * So the answer is that multiple of 10^(k+1) if there is one, else the multiple of 10^k nearest to x: one of
 * the two next to x.
 *
 * Everything is scaled by 4 * 10^-k, which makes x and the ends of R integers plus a remainder. Of the
 * remainder only "is it zero" matters, which is kept as a sticky lowest bit (round to odd). The scaling uses
 * 126 or more bits of 10^-k rounded up; section 9 of the paper shows that this never changes floor or sticky
 * bit, provided that a remainder of up to one unit in the 64 bits below the point counts as none.
 *
 * Unlike Java, JavaScript does not ask for two digits at least, so one-digit results need no special case. */
#include "vm/base/dtoa_int.h"

/* floor(factor * (T + 1) / 2^128), made odd when there is a remainder. */
static ALWAYS_INLINE uint64_t shortest_scale(DtoaPower t_plus_1, uint64_t factor)
{
    DtoaProduct p = dtoa_multiply(factor, t_plus_1);
    return p.high | (p.middle > 1);
}

DtoaDecimal dtoa_shortest_find(double x)
{
    DtoaParts parts = dtoa_split(x);
    uint64_t  c = parts.significand;
    int       q = parts.exponent;
    bool      is_open = c & 1;

    /* Below a power of two the neighbours are twice as dense, hence that end of R is twice as near. */
    bool is_uneven = c == UINT64_C(1) << 52 && q > -1074;
    int  k = is_uneven ? (q * 1262611 - 524031) >> 22 : dtoa_log10_of_power2(q);   // floor(log10(3/4 * 2^q))
    int  shift = q + dtoa_log2_of_power10(-k) + 1;
    ASSERT(1 <= shift && shift <= 4, "the scaled significand fits 64 bits");

    DtoaPower t = dtoa_power(-k);
    t.high += ++t.low == 0;
    uint64_t middle = shortest_scale(t, 4 * c << shift);
    uint64_t lower = shortest_scale(t, (4 * c - 2 + is_uneven) << shift) + is_open;
    uint64_t upper = shortest_scale(t, (4 * c + 2) << shift) - is_open;

    /* Three candidates, and a choice without jumps: which it will be is as good as random. */
    uint64_t floor = middle / 4, tens = floor / 10 * 10;
    bool     tens_down = lower <= 4 * tens, tens_up = 4 * tens + 40 <= upper;
    bool     down = lower <= 4 * floor, up = 4 * floor + 4 <= upper;
    uint64_t half = 4 * floor + 2;
    bool     nearer_up = middle > half || ((middle == half) & (bool)(floor & 1));
    uint64_t whole = floor + (down != up ? up : nearer_up);
    bool     is_tens = (tens_down != tens_up) & (floor >= 10);
    return (DtoaDecimal){ is_tens ? tens + 10 * tens_up : whole, k };
}
