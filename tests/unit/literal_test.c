/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/literal.h"
#include "vm/base/utf.h"

static double decimal(const char *text)
{
    return literal_decimal((const uint8_t *)text, strlen(text));
}

static double binary(const char *digits, unsigned bits)
{
    return literal_binary((const uint8_t *)digits, strlen(digits), bits);
}

TEST(literal_decimals_are_correctly_rounded)
{
    EXPECT_EQ(0.0, decimal("0"));
    EXPECT_EQ(123.0, decimal("123"));
    EXPECT_EQ(0.1, decimal("0.1"));
    EXPECT_EQ(0.1, decimal(".1"));
    EXPECT_EQ(5.0, decimal("5."));
    EXPECT_EQ(1e21, decimal("1e21"));
    EXPECT_EQ(1.5e-7, decimal("1.5E-7"));
    EXPECT_EQ(9007199254740993.0, decimal("9007199254740993"));      // ties to even: ...992
    EXPECT_EQ(9007199254740992.0, decimal("9007199254740993"));
    EXPECT_EQ(1.7976931348623157e308, decimal("1.7976931348623157e308"));
    EXPECT_EQ(INFINITY, decimal("1e309"));
    EXPECT_EQ(5e-324, decimal("4.9e-324"));
    EXPECT_EQ(0.0, decimal("1e-400"));
    EXPECT_EQ(0.000001, decimal("0.000001"));
    EXPECT_EQ(0.0000000000000000000001, decimal("0.0000000000000000000001"));
    EXPECT_EQ(1e-23, decimal("0.00000000000000000000001"));
}

TEST(literal_decimals_agree_with_the_c_library)
{
    unsigned seed = 7;
    for (int i = 0; i < 100000; i++) {
        char text[48];
        unsigned whole = (unsigned)rand_r(&seed), part = (unsigned)rand_r(&seed);
        if (i % 3 == 0) snprintf(text, sizeof text, "%u.%u", whole, part);
        else if (i % 3 == 1) snprintf(text, sizeof text, "%u", whole);
        else snprintf(text, sizeof text, "%u.%ue%d", whole % 1000, part, (int)(part % 600) - 300);
        if (decimal(text) != strtod(text, NULL)) test_fail(__FILE__, __LINE__, "%s", text);
    }
}

TEST(literal_separators_are_skipped)
{
    EXPECT_EQ(1000000.0, decimal("1_000_000"));
    EXPECT_EQ(1.25e10, decimal("1_2.5e0_9"));
    EXPECT_EQ(255.0, binary("f_f", 4));
}

TEST(literal_long_decimals_are_no_problem)
{
    char text[5000];
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = 0;
    EXPECT_EQ(INFINITY, decimal(text));
    text[1] = '.';
    EXPECT_EQ(strtod(text, NULL), decimal(text));
}

TEST(literal_binary_bases_round_half_to_even)
{
    EXPECT_EQ(255.0, binary("ff", 4));
    EXPECT_EQ(255.0, binary("FF", 4));
    EXPECT_EQ(511.0, binary("777", 3));
    EXPECT_EQ(5.0, binary("101", 1));
    EXPECT_EQ(9007199254740992.0, binary("20000000000001", 4));      // a tie: down
    EXPECT_EQ(9007199254740996.0, binary("20000000000003", 4));      // a tie: up
    EXPECT_EQ(9007199254740994.0, binary("20000000000002", 4));
    EXPECT_EQ(0x1p80, binary("100000000000000000000", 4));
    EXPECT_EQ(0x1.0000000000001p80, binary("100000000000008000001", 4));   // above the tie
    EXPECT_EQ(0x1p80, binary("100000000000008000000", 4));                 // the tie
    EXPECT_EQ(18446744073709551616.0, binary("ffffffffffffffff", 4));
    char digits[2000];
    memset(digits, 'f', sizeof digits - 1);
    digits[sizeof digits - 1] = 0;
    EXPECT_EQ(INFINITY, binary(digits, 4));
}

typedef struct Cooked {
    LiteralCooked result;
    char          text[64];          // units below 0x7f as they are, others as <hex>
    size_t        fault_offset;
} Cooked;

static Cooked cook(const char *source, bool is_template)
{
    Arena arena;
    arena_init(&arena, SIZE_MAX, NULL);
    LiteralText out = { .arena = &arena };
    const uint8_t *from = (const uint8_t *)source, *to = from + strlen(source);
    Cooked c = { .result = is_template ? literal_cook_template(from, to, &out)
                                       : literal_cook_string(from, to, &out) };
    size_t length = 0;
    for (uint32_t i = 0; i < out.units.count && length < sizeof c.text - 8; i++) {
        uint16_t unit = out.units.items[i];
        length += (size_t)snprintf(c.text + length, 8, unit >= 0x20 && unit < 0x7f ? "%c" : "<%x>", unit);
    }
    if (c.result.fault) c.fault_offset = (size_t)(c.result.fault_at - from);
    arena_deinit(&arena);
    return c;
}

TEST(literal_strings_are_cooked)
{
    EXPECT_TEXT("abc", cook("abc", false).text);
    EXPECT_TEXT("<a><9><8><b><c><d>", cook("\\n\\t\\b\\v\\f\\r", false).text);
    EXPECT_TEXT("'\"\\a", cook("\\'\\\"\\\\\\a", false).text);
    EXPECT_TEXT("A<e9>B", cook("\\x41\xc3\xa9\\u0042", false).text);
    EXPECT_TEXT("<d83d><de00>", cook("\\u{1F600}", false).text);
    EXPECT_TEXT("<d83d><de00>", cook("\xf0\x9f\x98\x80", false).text);
    EXPECT_TEXT("<d800>", cook("\\ud800", false).text);
    EXPECT_TEXT("ab", cook("a\\\nb", false).text);
    EXPECT_TEXT("ab", cook("a\\\r\nb", false).text);
    EXPECT_TEXT("ab", cook("a\\\xe2\x80\xa8" "b", false).text);
    EXPECT_TEXT("a<2028>b", cook("a\xe2\x80\xa8" "b", false).text);
    EXPECT_TEXT("<e9>", cook("\\\xc3\xa9", false).text);
}

TEST(literal_octal_escapes_are_noted)
{
    EXPECT_TEXT("<0>", cook("\\0", false).text);
    EXPECT(!cook("\\0", false).result.has_octal);
    EXPECT_TEXT("<0>8", cook("\\08", false).text);
    EXPECT(cook("\\08", false).result.has_octal);
    EXPECT_TEXT("A<7>!4", cook("\\101\\7\\414", false).text);
    EXPECT_TEXT("89", cook("\\8\\9", false).text);
    EXPECT(cook("\\8", false).result.has_octal);
}

TEST(literal_faults_are_located)
{
    EXPECT_EQ(LITERAL_BAD_HEX_ESCAPE, cook("ab\\xg0", false).result.fault);
    EXPECT_EQ(2u, cook("ab\\xg0", false).fault_offset);
    EXPECT_EQ(LITERAL_BAD_HEX_ESCAPE, cook("\\x4", false).result.fault);
    EXPECT_EQ(LITERAL_BAD_UNICODE_ESCAPE, cook("\\u12", false).result.fault);
    EXPECT_EQ(LITERAL_BAD_UNICODE_ESCAPE, cook("\\u{}", false).result.fault);
    EXPECT_EQ(LITERAL_BAD_UNICODE_ESCAPE, cook("\\u{12", false).result.fault);
    EXPECT_EQ(LITERAL_BAD_CODE_POINT, cook("\\u{110000}", false).result.fault);
    EXPECT_EQ(LITERAL_FINE, cook("\\u{000000000010FFFF}", false).result.fault);
    EXPECT_EQ(LITERAL_OCTAL_IN_TEMPLATE, cook("a\\1", true).result.fault);
    EXPECT_EQ(LITERAL_OCTAL_IN_TEMPLATE, cook("\\00", true).result.fault);
    EXPECT_EQ(LITERAL_FINE, cook("\\0", true).result.fault);
}

TEST(literal_templates_normalise_line_ends)
{
    EXPECT_TEXT("a<a>b<a>c<a>d", cook("a\r\nb\rc\nd", true).text);
    Arena arena;
    arena_init(&arena, SIZE_MAX, NULL);
    LiteralText out = { .arena = &arena };
    const char *raw = "\\n\r\n\\\r";
    literal_raw_template((const uint8_t *)raw, (const uint8_t *)raw + strlen(raw), &out);
    const uint16_t expected[] = { '\\', 'n', '\n', '\\', '\n' };
    EXPECT_EQ(5u, out.units.count);
    EXPECT(memcmp(expected, out.units.items, sizeof expected) == 0);
    arena_deinit(&arena);
}
