/* SPDX-License-Identifier: MIT */
/* limbs.h - integers of any size, as BigInt wants them, in buffers of the caller.
 *
 * I1  A LimbsInt is normal: its top limb is not 0, and zero has no limbs and no sign. Arguments must be
 *     normal, results are.
 * I2  A result lies in `out`, to which the caller gave at least the limbs that limbs_room_* says. The result
 *     is often shorter; the rest of the room is then scribbled on.
 * I3  `out` and scratch overlap no argument, except that limbs_add and limbs_sub may work in place.
 * I4  No function here allocates, but the library below (GMP) takes temporary memory for numbers of more than
 *     some hundred limbs, from vm/base/mem. Where that refuses it the process ends, but inside limbs_attempt.
 * Rooms are computed in 64 bits and never overflow; a room over LIMBS_MOST is the caller's RangeError.
 * Threads: pure functions, any thread; limbs_init once at start-up. */
#ifndef US_BASE_LIMBS_H
#define US_BASE_LIMBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/assert.h"
#include "vm/base/attr.h"
#include "vm/base/bits.h"
#include "vm/base/text.h"

typedef uint64_t Limb;

#define LIMBS_MOST_BITS (UINT64_C(1) << 30)
#define LIMBS_MOST      (LIMBS_MOST_BITS / 64)

/* Sign and magnitude. Borrows the limbs. */
typedef struct LimbsInt {
    const Limb *limbs;               // the lowest first
    uint32_t    count;
    bool        is_negative;
} LimbsInt;

typedef enum LimbsOrder {
    LIMBS_LESS = -1, LIMBS_EQUAL = 0, LIMBS_GREATER = 1,
    LIMBS_UNORDERED = 2,             // with NaN
} LimbsOrder;

void limbs_init(void);

/** Do `operate(context)`, which calls functions of this header and changes nothing else. False: memory was refused
 *  (I4), and what was to be written is undefined. */
NODISCARD bool limbs_attempt(void (*operate)(void *context), void *context);

/* ---- views and small numbers ---- */

/** The number in `count` limbs, leading zeros among them perhaps. */
static inline LimbsInt limbs_view(const Limb *limbs, size_t count, bool is_negative)
{
    while (count > 0 && limbs[count - 1] == 0) count--;
    return (LimbsInt){ limbs, (uint32_t)count, is_negative && count > 0 };
}

static inline LimbsInt limbs_from_uint64(uint64_t i, Limb out[1])
{
    out[0] = i;
    return limbs_view(out, 1, false);
}

static inline LimbsInt limbs_from_int64(int64_t i, Limb out[1])
{
    out[0] = i < 0 ? -(uint64_t)i : (uint64_t)i;
    return limbs_view(out, 1, i < 0);
}

static inline bool limbs_is_zero(LimbsInt a) { return a.count == 0; }

/** Bits of the magnitude; 0 for zero. */
static inline uint64_t limbs_bit_length(LimbsInt a)
{
    return a.count ? (uint64_t)a.count * 64 - (uint64_t)bits_count_leading_zeros64(a.limbs[a.count - 1]) : 0;
}

/** The lowest 64 bits in two's complement: BigInt.asUintN(64, a), or asIntN when read as signed. */
static inline uint64_t limbs_low64(LimbsInt a)
{
    uint64_t low = a.count ? a.limbs[0] : 0;
    return a.is_negative ? -low : low;
}

/* ---- rooms, in limbs; see I2 ---- */

static inline uint64_t limbs_room_add(LimbsInt a, LimbsInt b)
{
    return (uint64_t)(a.count > b.count ? a.count : b.count) + 1;       // also sub and the bitwise ones
}

static inline uint64_t limbs_room_mul(LimbsInt a, LimbsInt b) { return (uint64_t)a.count + b.count; }

static inline uint64_t limbs_room_quotient(LimbsInt a, LimbsInt b)
{
    return a.count >= b.count ? (uint64_t)(a.count - b.count) + 1 : 0;
}

static inline uint64_t limbs_room_remainder(LimbsInt b) { return b.count; }
static inline uint64_t limbs_room_not(LimbsInt a) { return (uint64_t)a.count + 1; }
static inline uint64_t limbs_room_shift_right(LimbsInt a) { return (uint64_t)a.count + 1; }

static inline uint64_t limbs_room_shift_left(LimbsInt a, uint64_t bits)
{
    return a.count ? a.count + bits / 64 + 1 : 0;
}

uint64_t limbs_room_pow(LimbsInt base, uint64_t exponent);   // UINT64_MAX when it is beyond reach

static inline uint64_t limbs_room_as_int(LimbsInt a, uint64_t bits)
{
    uint64_t words = bits / 64 + 1;
    return words < a.count ? words : a.count;
}

static inline uint64_t limbs_room_as_uint(LimbsInt a, uint64_t bits)
{
    uint64_t words = bits / 64 + 1;
    return words < a.count || a.is_negative ? words : a.count;
}

enum { LIMBS_ROOM_FROM_DOUBLE = 16 };

/* ---- arithmetic ---- */

LimbsInt limbs_add(LimbsInt a, LimbsInt b, Limb *out);
LimbsInt limbs_sub(LimbsInt a, LimbsInt b, Limb *out);
LimbsInt limbs_mul(LimbsInt a, LimbsInt b, Limb *out);

static inline LimbsInt limbs_negate(LimbsInt a)              // the same limbs
{
    a.is_negative = !a.is_negative && a.count > 0;
    return a;
}

/** a / b cut off towards zero, and a - b * that, which has the sign of a. b is not zero. Both rooms are
 *  needed, whichever result is wanted. */
void limbs_divmod(LimbsInt a, LimbsInt b, Limb *quotient_out, Limb *remainder_out,
                  LimbsInt *quotient, LimbsInt *remainder);

/** base ** exponent. `out` and `scratch` both have limbs_room_pow. */
LimbsInt limbs_pow(LimbsInt base, uint64_t exponent, Limb *out, Limb *scratch);

/* ---- bits, as if in two's complement of endless length ---- */

LimbsInt limbs_and(LimbsInt a, LimbsInt b, Limb *out);
LimbsInt limbs_or(LimbsInt a, LimbsInt b, Limb *out);
LimbsInt limbs_xor(LimbsInt a, LimbsInt b, Limb *out);
LimbsInt limbs_not(LimbsInt a, Limb *out);
LimbsInt limbs_shift_left(LimbsInt a, uint64_t bits, Limb *out);
LimbsInt limbs_shift_right(LimbsInt a, uint64_t bits, Limb *out);   // rounds down: -1n >> 1n is -1n

/** BigInt.asIntN and asUintN; any count of bits. */
LimbsInt limbs_as_int(LimbsInt a, uint64_t bits, Limb *out);
LimbsInt limbs_as_uint(LimbsInt a, uint64_t bits, Limb *out);

/* ---- order and doubles ---- */

LimbsOrder limbs_compare(LimbsInt a, LimbsInt b);
LimbsOrder limbs_compare_double(LimbsInt a, double x);       // exact, without rounding a

double limbs_to_double(LimbsInt a);                          // nearest, ties to even; may be infinite

/** x is finite and an integer. */
LimbsInt limbs_from_double(double x, Limb out[LIMBS_ROOM_FROM_DOUBLE]);

/* ---- text ---- */

/** Rooms for limbs_text_parse: limbs of `out` for a count of digits; the scratch is one byte a digit. */
uint64_t limbs_text_parse_room(size_t digits, int radix);

/** Read all of `digits` (radix 2..36, no sign) into `*result`. False when it is empty or a unit is
 *  no digit. */
NODISCARD bool limbs_text_parse(TextView digits, int radix, Limb *out, uint8_t *scratch, LimbsInt *result);

/** Characters that limbs_text_write may write, sign included. Its scratch is a.count + 1 limbs. */
uint64_t limbs_text_write_room(LimbsInt a, int radix);

/** Write in radix 2..36, lower case, without a NUL; returns the count of characters. */
size_t limbs_text_write(LimbsInt a, int radix, char *out, Limb *scratch);

#endif
