/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "vm/base/limbs.h"
#include "vm/base/mem.h"

enum { ROOM = 64 };

/* A number from text such as "-ff", in one of a few static buffers used in turn. */
static LimbsInt number(const char *text)
{
    static Limb limbs[8][ROOM];
    static int  turn;
    uint8_t  scratch[ROOM * 16];
    LimbsInt n = { 0 };
    bool     is_negative = *text == '-';
    text += is_negative;
    turn = (turn + 1) % 8;
    EXPECT(limbs_text_parse(text_of_latin1(text, strlen(text)), 16, limbs[turn], scratch, &n));
    return is_negative ? limbs_negate(n) : n;
}

static bool is(LimbsInt n, const char *expected)
{
    char   text[ROOM * 64 + 3];
    Limb   scratch[ROOM + 1];
    size_t length = limbs_text_write(n, 16, text, scratch);
    return length == strlen(expected) && memcmp(text, expected, length) == 0;
}

TEST(limbs_view_drops_leading_zeros_and_the_sign_of_zero)
{
    const Limb limbs[3] = { 5, 0, 0 };
    EXPECT_EQ(1u, limbs_view(limbs, 3, true).count);
    EXPECT(limbs_view(limbs, 3, true).is_negative);
    EXPECT(!limbs_view(limbs + 1, 2, true).is_negative);
    EXPECT(limbs_is_zero(limbs_view(limbs + 1, 2, true)));
    EXPECT(!limbs_negate(limbs_view(NULL, 0, false)).is_negative);
}

TEST(limbs_add_and_sub_carry_borrow_and_change_sign)
{
    Limb out[ROOM];
    EXPECT(is(limbs_add(number("ffffffffffffffffffffffffffffffff"), number("1"), out),
              "100000000000000000000000000000000"));
    EXPECT(is(limbs_sub(number("100000000000000000000000000000000"), number("1"), out),
              "ffffffffffffffffffffffffffffffff"));
    EXPECT(is(limbs_sub(number("1"), number("10000000000000000"), out), "-ffffffffffffffff"));
    EXPECT(is(limbs_add(number("-5"), number("5"), out), "0"));
    EXPECT(is(limbs_sub(number("0"), number("7"), out), "-7"));
    EXPECT(is(limbs_add(number("0"), number("-7"), out), "-7"));
}

TEST(limbs_add_works_in_place)
{
    Limb a[ROOM] = { UINT64_MAX, 3 }, b[ROOM] = { 1 };
    EXPECT(is(limbs_add(limbs_view(a, 2, false), limbs_view(b, 1, false), a), "40000000000000000"));
    EXPECT(is(limbs_sub(limbs_view(b, 1, false), limbs_view(a, 2, false), a), "-3ffffffffffffffff"));
}

TEST(limbs_divmod_cuts_off_towards_zero)
{
    Limb q[ROOM], r[ROOM];
    LimbsInt quotient, remainder;
    limbs_divmod(number("-7"), number("2"), q, r, &quotient, &remainder);
    EXPECT(is(quotient, "-3") && is(remainder, "-1"));
    limbs_divmod(number("7"), number("-2"), q, r, &quotient, &remainder);
    EXPECT(is(quotient, "-3") && is(remainder, "1"));
    limbs_divmod(number("-5"), number("10000000000000000"), q, r, &quotient, &remainder);
    EXPECT(is(quotient, "0") && is(remainder, "-5"));
    LimbsInt a = number("123456789abcdef0123456789abcdef01"), b = number("fedcba98765432100");
    limbs_divmod(a, b, q, r, &quotient, &remainder);
    EXPECT(is(quotient, "1249249249249237") && is(remainder, "fd8fd8fd8fd8fd801"));
}

TEST(limbs_pow_handles_signs_zero_and_powers_of_two)
{
    Limb out[ROOM], scratch[ROOM];
    EXPECT(is(limbs_pow(number("0"), 0, out, scratch), "1"));
    EXPECT(is(limbs_pow(number("0"), 5, out, scratch), "0"));
    EXPECT(is(limbs_pow(number("-3"), 3, out, scratch), "-1b"));
    EXPECT(is(limbs_pow(number("-10"), 4, out, scratch), "10000"));
    EXPECT(is(limbs_pow(number("-2"), 127, out, scratch), "-80000000000000000000000000000000"));
    EXPECT(is(limbs_pow(number("a"), 40, out, scratch), "1d6329f1c35ca4bfabb9f5610000000000"));
    EXPECT_EQ(UINT64_MAX, limbs_room_pow(number("10000000000000000"), UINT64_MAX));
    EXPECT(limbs_room_pow(number("3"), LIMBS_MOST_BITS) > LIMBS_MOST);
}

TEST(limbs_bitwise_operations_see_endless_twos_complement)
{
    Limb out[ROOM];
    EXPECT(is(limbs_and(number("-1"), number("123456789abcdef01"), out), "123456789abcdef01"));
    EXPECT(is(limbs_and(number("-10000000000000000"), number("-1"), out), "-10000000000000000"));
    EXPECT(is(limbs_or(number("-10000000000000000"), number("1"), out), "-ffffffffffffffff"));
    EXPECT(is(limbs_xor(number("-1"), number("ffffffffffffffff"), out), "-10000000000000000"));
    EXPECT(is(limbs_xor(number("-5"), number("-5"), out), "0"));
    EXPECT(is(limbs_not(number("0"), out), "-1"));
    EXPECT(is(limbs_not(number("-1"), out), "0"));
    EXPECT(is(limbs_not(number("ffffffffffffffff"), out), "-10000000000000000"));
}

TEST(limbs_shift_right_rounds_down_for_negatives)
{
    Limb out[ROOM];
    EXPECT(is(limbs_shift_right(number("-1"), 1, out), "-1"));
    EXPECT(is(limbs_shift_right(number("-1"), 1000000, out), "-1"));
    EXPECT(is(limbs_shift_right(number("5"), 1000000, out), "0"));
    EXPECT(is(limbs_shift_right(number("-8"), 3, out), "-1"));
    EXPECT(is(limbs_shift_right(number("-9"), 3, out), "-2"));
    EXPECT(is(limbs_shift_right(number("-10000000000000001"), 64, out), "-2"));
    EXPECT(is(limbs_shift_right(number("-ffffffffffffffffffffffffffffffff"), 64, out), "-10000000000000000"));
    EXPECT(is(limbs_shift_left(number("-1"), 68, out), "-100000000000000000"));
    EXPECT(is(limbs_shift_left(number("0"), 1 << 20, out), "0"));
}

TEST(limbs_as_int_and_as_uint_wrap)
{
    Limb out[ROOM];
    EXPECT(is(limbs_as_int(number("ff"), 8, out), "-1"));
    EXPECT(is(limbs_as_int(number("80"), 8, out), "-80"));
    EXPECT(is(limbs_as_int(number("-80"), 8, out), "-80"));
    EXPECT(is(limbs_as_int(number("-81"), 8, out), "7f"));
    EXPECT(is(limbs_as_int(number("7f"), 8, out), "7f"));
    EXPECT(is(limbs_as_int(number("123"), 0, out), "0"));
    EXPECT(is(limbs_as_int(number("-123"), UINT64_C(1) << 53, out), "-123"));
    EXPECT(is(limbs_as_uint(number("-1"), 8, out), "ff"));
    EXPECT(is(limbs_as_uint(number("-1"), 65, out), "1ffffffffffffffff"));
    EXPECT(is(limbs_as_uint(number("-100"), 8, out), "0"));
    EXPECT(is(limbs_as_uint(number("1ff"), 8, out), "ff"));
    EXPECT(limbs_low64(number("-1")) == UINT64_MAX);
    EXPECT(limbs_low64(number("-10000000000000002")) == (uint64_t)-2);
    EXPECT(limbs_room_as_uint(number("-1"), UINT64_C(1) << 53) > LIMBS_MOST);
}

TEST(limbs_compare_orders_numbers_and_doubles_exactly)
{
    EXPECT_EQ(LIMBS_LESS, limbs_compare(number("-10000000000000000"), number("-1")));
    EXPECT_EQ(LIMBS_GREATER, limbs_compare(number("0"), number("-1")));
    EXPECT_EQ(LIMBS_EQUAL, limbs_compare(number("-abc"), number("-abc")));
    EXPECT_EQ(LIMBS_GREATER, limbs_compare_double(number("20000000000001"), 9007199254740992.0));
    EXPECT_EQ(LIMBS_LESS, limbs_compare_double(number("-20000000000001"), -9007199254740992.0));
    EXPECT_EQ(LIMBS_LESS, limbs_compare_double(number("1"), 1.5));
    EXPECT_EQ(LIMBS_GREATER, limbs_compare_double(number("-1"), -1.5));
    EXPECT_EQ(LIMBS_EQUAL, limbs_compare_double(number("0"), -0.0));
    EXPECT_EQ(LIMBS_GREATER, limbs_compare_double(number("0"), -5e-324));
    EXPECT_EQ(LIMBS_LESS, limbs_compare_double(number("ff"), INFINITY));
    EXPECT_EQ(LIMBS_GREATER, limbs_compare_double(number("-ff"), -INFINITY));
    EXPECT_EQ(LIMBS_UNORDERED, limbs_compare_double(number("ff"), NAN));
}

TEST(limbs_to_double_rounds_halves_to_even_and_overflows_to_infinity)
{
    Limb out[ROOM];
    EXPECT(limbs_to_double(number("20000000000001")) == 0x1p53);
    EXPECT(limbs_to_double(number("20000000000003")) == 0x1.0000000000002p53);
    EXPECT(limbs_to_double(number("-2000000000000100000000000000000000001")) == -0x1.0000000000001p145);
    EXPECT(limbs_to_double(limbs_shift_left(number("1"), 1024, out)) == INFINITY);
    EXPECT(limbs_to_double(limbs_shift_left(number("-3fffffffffffff"), 970, out)) == -INFINITY);
    EXPECT(limbs_to_double(limbs_shift_left(number("1fffffffffffff"), 971, out)) == 0x1.fffffffffffffp1023);
}

TEST(limbs_from_double_takes_any_integer)
{
    Limb out[LIMBS_ROOM_FROM_DOUBLE];
    EXPECT(is(limbs_from_double(-0.0, out), "0"));
    EXPECT(is(limbs_from_double(-4096, out), "-1000"));
    EXPECT(is(limbs_from_double(0x1.8p64, out), "18000000000000000"));
    EXPECT(is(limbs_from_double(-0x1.fffffffffffffp116, out), "-1fffffffffffff0000000000000000"));
    EXPECT_EQ(16u, limbs_from_double(0x1.fffffffffffffp1023, out).count);
}

TEST(limbs_text_refuses_what_is_no_digit)
{
    Limb     out[ROOM];
    uint8_t  scratch[ROOM];
    LimbsInt n;
    EXPECT(!limbs_text_parse(text_of_latin1("", 0), 10, out, scratch, &n));
    EXPECT(!limbs_text_parse(text_of_latin1("12a", 3), 10, out, scratch, &n));
    EXPECT(!limbs_text_parse(text_of_latin1("-1", 2), 10, out, scratch, &n));
    const uint16_t wide[] = { '0', 'Z', 'z', 0x131 };        // the last would be a digit if folded carelessly
    EXPECT(limbs_text_parse(text_of_utf16(wide, 3), 36, out, scratch, &n) && is(n, "50f"));
    EXPECT(!limbs_text_parse(text_of_utf16(wide, 4), 36, out, scratch, &n));
    EXPECT(limbs_text_parse(text_of_latin1("000", 3), 10, out, scratch, &n) && limbs_is_zero(n));
}

TEST(limbs_text_goes_there_and_back_in_every_radix)
{
    Limb   *a = mem_alloc(3000 * sizeof *a), *back = mem_alloc(3010 * sizeof *back);
    Limb   *scratch = mem_alloc(3001 * sizeof *a);
    Limb    seed = 1;
    for (int i = 0; i < 3000; i++) a[i] = seed = seed * UINT64_C(6364136223846793005) + 1;
    for (int radix = 2; radix <= 36; radix++) {
        LimbsInt n = limbs_view(a, (size_t)radix * 83, false), m;
        char    *text = mem_alloc(limbs_text_write_room(n, radix));
        size_t   length = limbs_text_write(n, radix, text, scratch);
        EXPECT(length <= limbs_text_write_room(n, radix) && limbs_text_parse_room(length, radix) <= 3010);
        uint8_t *digits = mem_alloc(length);
        EXPECT(limbs_text_parse(text_of_latin1(text, length), radix, back, digits, &m));
        EXPECT_EQ(LIMBS_EQUAL, limbs_compare(n, m));
        mem_free(text);
        mem_free(digits);
    }
    mem_free(a);
    mem_free(back);
    mem_free(scratch);
}

typedef struct Square {
    LimbsInt a, result;
    Limb    *out;
} Square;

static void square(void *context)
{
    Square *s = context;
    s->result = limbs_mul(s->a, s->a, s->out);
}

TEST(limbs_attempt_is_given_up_when_memory_is_refused_and_frees_what_was_taken)
{
    enum { LIMBS = 200000 };
    limbs_init();
    Limb *a = mem_alloc(LIMBS * sizeof *a), *out = mem_alloc(2 * LIMBS * sizeof *out);
    memset(a, 0x55, LIMBS * sizeof *a);
    Square s = { .a = limbs_view(a, LIMBS, false), .out = out };
    size_t before = mem_used_bytes(), refused = 0;
    for (size_t budget = 0; budget < 100; budget++) {
        mem_set_budget(budget);
        bool done = limbs_attempt(square, &s);
        mem_set_budget(SIZE_MAX);
        EXPECT_EQ(before, mem_used_bytes());
        if (done) break;
        refused++;
    }
    EXPECT(refused > 0 && refused < 100);
    EXPECT_EQ(2u * LIMBS, s.result.count);
    mem_free(a);
    mem_free(out);
}
