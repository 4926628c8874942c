/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/dtoa.h"
#include "vm/base/dtoa_int.h"

static bool writes(double x, const char *expected)
{
    char   out[DTOA_SHORTEST_BYTES];
    size_t length = dtoa_write(x, out);
    return length == strlen(expected) && memcmp(out, expected, length) == 0;
}

static bool writes_fixed(double x, int digits, const char *expected)
{
    char   out[DTOA_FIXED_BYTES];
    size_t length = dtoa_write_fixed(x, digits, out);
    return length == strlen(expected) && memcmp(out, expected, length) == 0;
}

static bool writes_exponential(double x, int digits, const char *expected)
{
    char   out[DTOA_FIXED_BYTES];
    size_t length = dtoa_write_exponential(x, digits, out);
    return length == strlen(expected) && memcmp(out, expected, length) == 0;
}

static bool writes_precision(double x, int digits, const char *expected)
{
    char   out[DTOA_FIXED_BYTES];
    size_t length = dtoa_write_precision(x, digits, out);
    return length == strlen(expected) && memcmp(out, expected, length) == 0;
}

static bool writes_radix(double x, int radix, const char *expected)
{
    char   out[DTOA_RADIX_BYTES];
    size_t length = dtoa_radix_write(x, radix, out);
    return length == strlen(expected) && memcmp(out, expected, length) == 0;
}

/* The same bits and the same length, from Latin-1 and from UTF-16. */
static bool reads(const char *text, double expected, size_t expected_length)
{
    uint16_t wide[2048];
    size_t   length = strlen(text), consumed = 99, consumed_wide = 99;
    for (size_t i = 0; i < length; i++) wide[i] = (uint8_t)text[i];
    double x = dtoa_parse_decimal_prefix(text_of_latin1(text, length), &consumed);
    double y = dtoa_parse_decimal_prefix(text_of_utf16(wide, length), &consumed_wide);
    return bits_from_double(x) == bits_from_double(expected) && bits_from_double(y) == bits_from_double(x) &&
           consumed == expected_length && consumed_wide == consumed;
}

static bool reads_integer(const char *text, int radix, double expected, size_t expected_length)
{
    size_t consumed = 99;
    double x = dtoa_parse_integer_prefix(text_of_latin1(text, strlen(text)), radix, &consumed);
    return (x == expected || (x != x && expected != expected)) && consumed == expected_length;
}

static double literal(const char *text)
{
    return dtoa_parse_literal(text_of_latin1(text, strlen(text)));
}

static uint64_t next_random(uint64_t *state)     // xorshift64; tests of dtoa need no other module
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

TEST(dtoa_logarithms_are_floors_of_the_true_ones)
{
    mpz_t ten, two;
    mpz_inits(ten, two, NULL);
    for (int k = 1; k <= 1233; k++) {
        mpz_ui_pow_ui(ten, 10, (unsigned long)k);
        int bits = (int)mpz_sizeinbase(ten, 2);
        EXPECT_EQ(bits - 1, dtoa_log2_of_power10(k));
        EXPECT_EQ(-bits, dtoa_log2_of_power10(-k));          // 10^k is no power of two
    }
    for (int e = 1; e <= 1100; e++) {
        mpz_ui_pow_ui(two, 2, (unsigned long)e);
        int digits = (int)mpz_sizeinbase(two, 10);
        mpz_ui_pow_ui(ten, 10, (unsigned long)digits - 1);
        if (mpz_cmp(ten, two) > 0) digits--;                 // mpz_sizeinbase may be one too many
        EXPECT_EQ(digits - 1, dtoa_log10_of_power2(e));
        EXPECT_EQ(-digits, dtoa_log10_of_power2(-e));
    }
    mpz_clears(ten, two, NULL);
}

TEST(dtoa_power_table_holds_the_leading_bits_of_every_power)
{
    mpz_t ten, scaled;
    mpz_inits(ten, scaled, NULL);
    for (int k = DTOA_LOWEST_POWER; k <= DTOA_HIGHEST_POWER; k++) {
        int shift = 127 - dtoa_log2_of_power10(k);           // floor(10^k * 2^shift)
        mpz_ui_pow_ui(ten, 10, (unsigned long)abs(k));
        if (k >= 0 && shift >= 0) mpz_mul_2exp(scaled, ten, (unsigned long)shift);
        else if (k >= 0) mpz_fdiv_q_2exp(scaled, ten, (unsigned long)-shift);
        else {
            mpz_set_ui(scaled, 1);
            mpz_mul_2exp(scaled, scaled, (unsigned long)shift);
            mpz_fdiv_q(scaled, scaled, ten);
        }
        EXPECT_EQ(2u, mpz_size(scaled));
        EXPECT(mpz_getlimbn(scaled, 0) == dtoa_power(k).low && mpz_getlimbn(scaled, 1) == dtoa_power(k).high);
    }
    mpz_clears(ten, scaled, NULL);
}

TEST(dtoa_write_follows_the_layout_rules_of_number_to_string)
{
    EXPECT(writes(0, "0"));
    EXPECT(writes(-0.0, "0"));
    EXPECT(writes(-1.5, "-1.5"));
    EXPECT(writes(NAN, "NaN"));
    EXPECT(writes(INFINITY, "Infinity"));
    EXPECT(writes(-INFINITY, "-Infinity"));
    EXPECT(writes(123456789012345680000.0, "123456789012345680000"));
    EXPECT(writes(999999999999999900000.0, "999999999999999900000"));
    EXPECT(writes(1e21, "1e+21"));
    EXPECT(writes(-1.5e300, "-1.5e+300"));
    EXPECT(writes(1e-6, "0.000001"));
    EXPECT(writes(1.5e-6, "0.0000015"));
    EXPECT(writes(1e-7, "1e-7"));
    EXPECT(writes(1.25e-10, "1.25e-10"));
    EXPECT(writes(123.456, "123.456"));
    EXPECT(writes(1234567890123456.8, "1234567890123456.8"));
}

TEST(dtoa_write_finds_the_shortest_digits_of_hard_cases)
{
    EXPECT(writes(5e-324, "5e-324"));
    EXPECT(writes(1.5e-323, "1.5e-323"));
    EXPECT(writes(2.2250738585072009e-308, "2.225073858507201e-308"));
    EXPECT(writes(2.2250738585072014e-308, "2.2250738585072014e-308"));
    EXPECT(writes(1.7976931348623157e308, "1.7976931348623157e+308"));
    EXPECT(writes(9007199254740993.0, "9007199254740992"));
    EXPECT(writes(9007199254740994.0, "9007199254740994"));
    EXPECT(writes(0x1p63, "9223372036854776000"));
    EXPECT(writes(5e-324 * 3, "1.5e-323"));
    EXPECT(writes(1e23, "1e+23"));
    EXPECT(writes(9.5e-8, "9.5e-8"));
    EXPECT(writes(0x1p-1022, "2.2250738585072014e-308"));
    EXPECT(writes(4.35, "4.35"));
    EXPECT(writes(0.1 + 0.2, "0.30000000000000004"));
    EXPECT(writes(2e-323, "2e-323"));
}

TEST(dtoa_write_reads_back_at_every_power_of_two_and_its_neighbours)
{
    for (uint64_t field = 0; field < 2047; field++) {
        for (int64_t d = -2; d <= 2; d++) {
            uint64_t bits = (field << 52) + (uint64_t)d;
            double   x = bits_to_double(bits & INT64_MAX);
            char     out[DTOA_SHORTEST_BYTES];
            if (!(x < INFINITY)) continue;
            size_t length = dtoa_write(x, out);
            EXPECT(literal((out[length] = '\0', out)) == x);
        }
    }
}

TEST(dtoa_write_agrees_with_the_c_library_on_digits_and_length)
{
    uint64_t state = 20;
    for (int i = 0; i < 200000; i++) {
        double x = fabs(bits_to_double(next_random(&state)));
        if (!(x < INFINITY)) continue;
        char   ours[DTOA_FIXED_BYTES], theirs[64];
        size_t length = dtoa_write_exponential(x, -1, ours);
        ours[length] = '\0';
        EXPECT(strtod(ours, NULL) == x);
        int digits = (int)strcspn(ours, "e") - (ours[1] == '.');
        snprintf(theirs, sizeof theirs, "%.*e", digits - 1, x);      // the nearest of that length
        EXPECT(strncmp(ours, theirs, strcspn(ours, "e")) == 0 || strtod(theirs, NULL) != x);
        if (digits == 1) continue;
        snprintf(theirs, sizeof theirs, "%.*e", digits - 2, x);      // one digit less does not do
        EXPECT(strtod(theirs, NULL) != x);
    }
}

TEST(dtoa_write_int64_covers_the_ends_of_the_range)
{
    char out[DTOA_SHORTEST_BYTES];
    EXPECT_EQ(20u, dtoa_write_int64(INT64_MIN, out));
    EXPECT(memcmp(out, "-9223372036854775808", 20) == 0);
    EXPECT_EQ(20u, dtoa_write_uint64(UINT64_MAX, out));
    EXPECT(memcmp(out, "18446744073709551615", 20) == 0);
    uint64_t ten = 1;
    for (size_t digits = 1; digits < 20; digits++, ten *= 10) {
        EXPECT_EQ(digits, dtoa_write_uint64(ten, out));
        EXPECT_EQ(digits == 1 ? 1 : digits - 1, dtoa_write_uint64(ten - 1, out));
    }
}

TEST(dtoa_write_fixed_rounds_the_exact_value_with_halves_up)
{
    EXPECT(writes_fixed(0, 2, "0.00"));
    EXPECT(writes_fixed(-0.0, 2, "0.00"));
    EXPECT(writes_fixed(-1e-10, 2, "-0.00"));
    EXPECT(writes_fixed(1.005, 2, "1.00"));
    EXPECT(writes_fixed(1.45, 1, "1.4"));
    EXPECT(writes_fixed(-1.5, 0, "-2"));
    EXPECT(writes_fixed(0.5, 0, "1"));
    EXPECT(writes_fixed(2.5, 0, "3"));
    EXPECT(writes_fixed(1.25, 1, "1.3"));
    EXPECT(writes_fixed(0.000001, 7, "0.0000010"));
    EXPECT(writes_fixed(999.995, 2, "1000.00"));
    EXPECT(writes_fixed(0.999999999999999999, 18, "1.000000000000000000"));
    EXPECT(writes_fixed(123456789012345680000.0, 3, "123456789012345683968.000"));
    EXPECT(writes_fixed(1e21, 2, "1e+21"));
    EXPECT(writes_fixed(NAN, 2, "NaN"));
    EXPECT(writes_fixed(-INFINITY, 2, "-Infinity"));
    EXPECT(writes_fixed(0.1, 60, "0.100000000000000005551115123125782702118158340454101562500000"));
    EXPECT(writes_fixed(5e-324, 100, "0.00000000000000000000000000000000000000000000000000"
                                     "00000000000000000000000000000000000000000000000000"));
}

TEST(dtoa_write_exponential_and_precision_are_exact_up_to_a_hundred_digits)
{
    EXPECT(writes_exponential(0, -1, "0e+0"));
    EXPECT(writes_exponential(0, 2, "0.00e+0"));
    EXPECT(writes_exponential(123456, -1, "1.23456e+5"));
    EXPECT(writes_exponential(123456, 2, "1.23e+5"));
    EXPECT(writes_exponential(-25, 0, "-3e+1"));
    EXPECT(writes_exponential(9.5, 0, "1e+1"));
    EXPECT(writes_exponential(9.61963041904162e111, 0, "1e+112"));
    EXPECT(writes_exponential(1e23, 0, "1e+23"));
    EXPECT(writes_exponential(1e23, 22, "9.9999999999999991611392e+22"));
    EXPECT(writes_precision(0, 1, "0"));
    EXPECT(writes_precision(0, 5, "0.0000"));
    EXPECT(writes_precision(123.456, 4, "123.5"));
    EXPECT(writes_precision(123.456, 2, "1.2e+2"));
    EXPECT(writes_precision(0.000001, 1, "0.000001"));
    EXPECT(writes_precision(0.0000001, 2, "1.0e-7"));
    EXPECT(writes_precision(1e21, 22, "1000000000000000000000"));
    EXPECT(writes_precision(5e-324, 100,
                            "4.940656458412465441765687928682213723650598026143247"
                            "644255856825006755072702087518652998363616359924e-324"));
    EXPECT(writes_precision(1.7976931348623157e308, 100,
                            "1.797693134862315708145274237317043567980705675258449"
                            "965989174768031572607800285387605895586327668782e+308"));
}

TEST(dtoa_radix_write_gives_the_fewest_digits_that_read_back)
{
    EXPECT(writes_radix(0, 2, "0"));
    EXPECT(writes_radix(-0.0, 2, "0"));
    EXPECT(writes_radix(NAN, 2, "NaN"));
    EXPECT(writes_radix(-INFINITY, 36, "-Infinity"));
    EXPECT(writes_radix(-255, 16, "-ff"));
    EXPECT(writes_radix(0.5, 2, "0.1"));
    EXPECT(writes_radix(-0.1, 2, "-0.0001100110011001100110011001100110011001100110011001101"));
    EXPECT(writes_radix(0.1, 3, "0.0022002200220022002200220022002201"));
    EXPECT(writes_radix(3.14159, 16, "3.243f3e0370cdc"));
    EXPECT(writes_radix(0x1p53, 36, "2gosa7pa2gw"));
    EXPECT(writes_radix(0x1p100, 2, "100000000000000000000000000000000000000000000000000"
                                    "00000000000000000000000000000000000000000000000000"));
    EXPECT(writes_radix(1e20, 36, "l3r41ifs0q000"));
    EXPECT(writes_radix(1e21, 10, "1e+21"));
    EXPECT(writes_radix(1e21, 7, "5135235413265003023000000"));
    char out[DTOA_RADIX_BYTES];
    EXPECT_EQ(1076u, dtoa_radix_write(5e-324, 2, out));
    EXPECT_EQ('1', out[1075]);
    EXPECT_EQ(1024u, dtoa_radix_write(1.7976931348623157e308, 2, out));
}

TEST(dtoa_parse_takes_the_longest_decimal_literal)
{
    EXPECT(reads("", NAN, 0));
    EXPECT(reads(".", NAN, 0));
    EXPECT(reads("-.e5", NAN, 0));
    EXPECT(reads("e5", NAN, 0));
    EXPECT(reads("0", 0, 1));
    EXPECT(reads("-0", -0.0, 2));
    EXPECT(reads("5.", 5, 2));
    EXPECT(reads("-.5", -0.5, 3));
    EXPECT(reads("+1.5e3x", 1500, 6));
    EXPECT(reads("1e", 1, 1));
    EXPECT(reads("1e+", 1, 1));
    EXPECT(reads("1.2.3", 1.2, 3));
    EXPECT(reads("Infinityx", INFINITY, 8));
    EXPECT(reads("-Infinity", -INFINITY, 9));
    EXPECT(reads("Infinit", NAN, 0));
    EXPECT(reads("0e999999999999999999999", 0, 23));
    EXPECT(reads("1e999999999999999999999", INFINITY, 23));
    EXPECT(reads("1e-999999999999999999999", 0, 24));
}

TEST(dtoa_parse_rounds_to_nearest_even_whatever_the_length)
{
    EXPECT(reads("9007199254740993", 9007199254740992.0, 16));
    EXPECT(reads("9007199254740993.00000000000000000000000000000000001", 9007199254740994.0, 52));
    EXPECT(reads("9007199254740995", 9007199254740996.0, 16));
    EXPECT(reads("1.7976931348623157e308", 1.7976931348623157e308, 22));
    EXPECT(reads("1.7976931348623158e308", 1.7976931348623157e308, 22));
    EXPECT(reads("1.7976931348623159e308", INFINITY, 22));
    EXPECT(reads("2.4703282292062327208e-324", 0, 26));
    EXPECT(reads("2.4703282292062328e-324", 5e-324, 23));
    EXPECT(reads("2.2250738585072011e-308", 2.2250738585072011e-308, 23));
    EXPECT(reads("2.2250738585072012e-308", 2.2250738585072014e-308, 23));
    EXPECT(reads("6.9294956446009195e15", 6929495644600919.5, 21));
    EXPECT(reads("8.533e+68", 0x1.fa69165a8eea2p+228, 9));
    EXPECT(reads("100000000000000000000000000000000000000000000000000e-50", 1, 55));
    char text[1600];
    memset(text, '0', sizeof text);
    memcpy(text, "4503599627370497.5", 18);                  // halfway, with an even neighbour above
    text[1500] = '\0';
    EXPECT(reads(text, 4503599627370498.0, 1500));
    memcpy(text, "4503599627370496.5", 18);                  // ... and below
    EXPECT(reads(text, 4503599627370496.0 + 0.5, 1500));
    memcpy(text, "9007199254740993.0", 18);
    EXPECT(reads(text, 9007199254740992.0, 1500));
    text[1499] = '1';
    EXPECT(reads(text, 9007199254740994.0, 1500));
}

TEST(dtoa_parse_literal_knows_radix_prefixes_and_wants_all_of_the_text)
{
    EXPECT(literal("") == 0);
    EXPECT(literal("0x1F") == 31);
    EXPECT(literal("0b101") == 5);
    EXPECT(literal("0O17") == 15);
    EXPECT(isnan(literal("0x")));
    EXPECT(isnan(literal("0b2")));
    EXPECT(isnan(literal("-0x10")));
    EXPECT(isnan(literal("1 ")));
    EXPECT(isnan(literal("1e")));
    EXPECT(isnan(literal("infinity")));
    EXPECT(literal("-Infinity") == -INFINITY);
    EXPECT(literal("0x20000000000001") == 9007199254740992.0);
    EXPECT(literal("0x20000000000003") == 9007199254740996.0);
}

TEST(dtoa_parse_integer_rounds_correctly_in_every_radix)
{
    EXPECT(reads_integer("", 10, NAN, 0));
    EXPECT(reads_integer("z", 35, NAN, 0));
    EXPECT(reads_integer("Zz", 36, 1295, 2));
    EXPECT(reads_integer("12345e9", 10, 12345, 5));
    EXPECT(reads_integer("1.5", 10, 1, 1));
    EXPECT(reads_integer("129", 8, 10, 2));
    EXPECT(reads_integer("000000000000000000000000000000000000000000000000000000000000000000011", 2, 3, 69));
    EXPECT(reads_integer("100000000000000000000000000000000000000000000000000001", 2, 0x1p53, 54));
    EXPECT(reads_integer("100000000000000000000000000000000000000000000000000011", 2, 0x1.0000000000002p53,
                         54));
    EXPECT(reads_integer("1000000000000000000000000000000000000000000000000000010000000000000000000001", 2,
                         0x1.0000000000001p+75, 76));
    EXPECT(reads_integer("9007199254740993", 10, 9007199254740992.0, 16));
    EXPECT(reads_integer("zzzzzzzzzzzzzzzzzzzz", 36, 0x1.517168a4523fdp+103, 20));
    char text[1200];
    memset(text, '2', sizeof text);
    text[1100] = '\0';
    EXPECT(reads_integer(text, 3, INFINITY, 1100));
    text[646] = '\0';
    EXPECT(reads_integer(text, 3, 0x1.d906a378b5987p+1023, 646));
    memset(text, 'f', 256);
    text[256] = '\0';
    EXPECT(reads_integer(text, 16, INFINITY, 256));
    text[13] = '7';                                          // just below the point where infinity begins
    EXPECT(reads_integer(text, 16, 0x1.fffffffffffffp+1023, 256));
}
