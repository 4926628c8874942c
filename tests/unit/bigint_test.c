/* SPDX-License-Identifier: MIT */
/* BigInt against results known from elsewhere. */
#include "vm/value/bigint.h"

#include "tests/unit/vm_fixture.h"

static BigInt *big(VmFixture *f, const char *text)
{
    bool ok = false;
    BigInt *b = bigint_parse(f->h, string_view(f->h, vm_fixture_string(f, text)), &ok);
    if (!ok || !b) test_fail(__FILE__, __LINE__, "\"%s\" is no BigInt", text);
    REQUIRE(ok && b);
    return b;
}

#define EXPECT_BIG(f, expected, b) EXPECT_STRING(f, expected, bigint_to_string((f)->h, (b), 10))

TEST(bigint_operations_give_known_results)
{
    static const struct { const char *a; BigIntOp op; const char *b, *result; } rows[] = {
        { "0", BIGINT_ADD, "0", "0" },
        { "18446744073709551615", BIGINT_ADD, "1", "18446744073709551616" },
        { "-18446744073709551616", BIGINT_ADD, "1", "-18446744073709551615" },
        { "5", BIGINT_SUB, "5", "0" },
        { "1", BIGINT_SUB, "340282366920938463463374607431768211456", "-340282366920938463463374607431768211455" },
        { "123456789012345678901234567890", BIGINT_MUL, "-987654321098765432109876543210",
          "-121932631137021795226185032733622923332237463801111263526900" },
        { "-7", BIGINT_MUL, "0", "0" },
        { "7", BIGINT_DIV, "-2", "-3" }, { "-7", BIGINT_DIV, "2", "-3" }, { "-7", BIGINT_MOD, "2", "-1" },
        { "7", BIGINT_MOD, "-2", "1" }, { "6", BIGINT_MOD, "3", "0" }, { "3", BIGINT_DIV, "4", "0" },
        { "100000000000000000000000000000000000000000", BIGINT_DIV, "33333333333333333333", "3000000000000000000030" },
        { "100000000000000000000000000000000000000000", BIGINT_MOD, "33333333333333333333", "10" },
        { "-1", BIGINT_AND, "18446744073709551617", "18446744073709551617" },
        { "-18446744073709551616", BIGINT_AND, "-1", "-18446744073709551616" },
        { "-18446744073709551616", BIGINT_OR, "1", "-18446744073709551615" },
        { "12", BIGINT_OR, "3", "15" }, { "-1", BIGINT_XOR, "18446744073709551615", "-18446744073709551616" },
        { "5", BIGINT_XOR, "5", "0" },
        { "1", BIGINT_SHL, "64", "18446744073709551616" }, { "1", BIGINT_SHL, "-1", "0" },
        { "-5", BIGINT_SHR, "1", "-3" }, { "-1", BIGINT_SHR, "1000", "-1" }, { "5", BIGINT_SHR, "3", "0" },
        { "18446744073709551616", BIGINT_SHR, "64", "1" }, { "1", BIGINT_SHR, "-3", "8" },
        { "-3", BIGINT_SHR, "99999999999999999999", "-1" }, { "3", BIGINT_SHR, "99999999999999999999", "0" },
        { "0", BIGINT_SHL, "99999999999999999999", "0" },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        BigInt *a = big(&f, rows[i].a), *b = big(&f, rows[i].b);
        EXPECT_BIG(&f, rows[i].result, bigint_operate(f.h, rows[i].op, a, b));
        EXPECT_BIG(&f, rows[i].a, a);                         // operands never change
    }
    vm_fixture_end(&f);
}

TEST(bigint_quotient_and_remainder_make_up_the_dividend)
{
    VmFixture f;
    vm_fixture_begin(&f);
    uint64_t random = 12345;
    BigInt *numbers[12];
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        BigInt *n = bigint_from_int64(f.h, i % 3 ? 1 : -1);
        for (size_t k = 0; k <= i; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            n = bigint_operate(f.h, BIGINT_MUL, n, bigint_from_uint64(f.h, random | 1));
        }
        numbers[i] = n;
    }
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        for (size_t k = 0; k < COUNT_OF(numbers); k++) {
            BigInt *a = numbers[i], *b = numbers[k];
            BigInt *q = bigint_operate(f.h, BIGINT_DIV, a, b), *r = bigint_operate(f.h, BIGINT_MOD, a, b);
            BigInt *back = bigint_operate(f.h, BIGINT_ADD, bigint_operate(f.h, BIGINT_MUL, q, b), r);
            EXPECT(bigint_equal(a, back));
            EXPECT(bigint_is_zero(r) || r->is_negative == a->is_negative);
        }
    }
    vm_fixture_end(&f);
}

TEST(bigint_powers)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_BIG(&f, "1", bigint_power(f.h, big(&f, "0"), big(&f, "0")));
    EXPECT_BIG(&f, "0", bigint_power(f.h, big(&f, "0"), big(&f, "99999999999999999999")));
    EXPECT_BIG(&f, "1", bigint_power(f.h, big(&f, "-1"), big(&f, "99999999999999999998")));
    EXPECT_BIG(&f, "-1", bigint_power(f.h, big(&f, "-1"), big(&f, "99999999999999999999")));
    EXPECT_BIG(&f, "-57895700000000000000000", bigint_operate(f.h, BIGINT_MUL, big(&f, "-578957"),
                                                              bigint_power(f.h, big(&f, "10"), big(&f, "17"))));
    EXPECT_BIG(&f, "1606938044258990275541962092341162602522202993782792835301376",
               bigint_power(f.h, big(&f, "2"), big(&f, "200")));
    EXPECT(!bigint_power(f.h, big(&f, "2"), big(&f, "99999999999999999999")));
    EXPECT(!bigint_power(f.h, big(&f, "2"), big(&f, "2000000000")));
    EXPECT(!bigint_operate(f.h, BIGINT_SHL, big(&f, "1"), big(&f, "99999999999999999999")));
    EXPECT(!bigint_operate(f.h, BIGINT_SHL, big(&f, "1"), big(&f, "2000000000")));
    vm_fixture_end(&f);
}

TEST(bigint_negation_complement_and_wrapping)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_BIG(&f, "0", bigint_negate(f.h, big(&f, "0")));
    EXPECT_BIG(&f, "-1", bigint_not(f.h, big(&f, "0")));
    EXPECT_BIG(&f, "18446744073709551615", bigint_not(f.h, big(&f, "-18446744073709551616")));
    EXPECT_BIG(&f, "18446744073709551616", bigint_add_int(f.h, big(&f, "18446744073709551615"), 1));
    EXPECT_BIG(&f, "-9223372036854775808", bigint_from_int64(f.h, INT64_MIN));
    EXPECT_BIG(&f, "18446744073709551615", bigint_from_uint64(f.h, UINT64_MAX));
    EXPECT_BIG(&f, "-1", bigint_as_int(f.h, big(&f, "18446744073709551615"), 64, false));
    EXPECT_BIG(&f, "18446744073709551615", bigint_as_int(f.h, big(&f, "-1"), 64, true));
    EXPECT_BIG(&f, "-128", bigint_as_int(f.h, big(&f, "128"), 8, false));
    EXPECT_BIG(&f, "0", bigint_as_int(f.h, big(&f, "77"), 0, false));
    EXPECT_BIG(&f, "77", bigint_as_int(f.h, big(&f, "77"), UINT64_C(9007199254740991), false));
    EXPECT(!bigint_as_int(f.h, big(&f, "-77"), UINT64_C(9007199254740991), true));
    EXPECT_EQ(UINT64_MAX, bigint_low64(big(&f, "-1")));
    EXPECT_EQ(5u, bigint_low64(big(&f, "18446744073709551621")));
    vm_fixture_end(&f);
}

TEST(bigint_text_is_read_strictly)
{
    static const struct { const char *text, *decimal; } rows[] = {
        { "", "0" }, { "  12\n", "12" }, { "-12", "-12" }, { "+12", "12" },
        { "0x1fFFffffFFffffFFff", "590295810358705651711" },
        { "0b101", "5" }, { "0O17", "15" }, { "007", "7" }, { "-0", "0" }, { "1.5", NULL }, { "-0x1", NULL },
        { "0x", NULL },
        { "-", NULL }, { "1e3", NULL }, { "1n", NULL }, { "1_0", NULL }, { "0b2", NULL }, { "1 2", NULL },
        { "0x-1", NULL },
        { "--1", NULL },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool ok;
        BigInt *b = bigint_parse(f.h, string_view(f.h, vm_fixture_string(&f, rows[i].text)), &ok);
        if (ok != (rows[i].decimal != NULL))
            test_fail(__FILE__, __LINE__, "\"%s\" is %s", rows[i].text, ok ? "read" : "refused");
        else if (ok) EXPECT_BIG(&f, rows[i].decimal, b);
    }
    EXPECT_STRING(&f, "-zz", bigint_to_string(f.h, big(&f, "-1295"), 36));
    EXPECT_STRING(&f, "1ffffffffffffffff", bigint_to_string(f.h, big(&f, "36893488147419103231"), 16));
    EXPECT_STRING(&f, "0", bigint_to_string(f.h, big(&f, "0"), 2));
    vm_fixture_end(&f);
}

TEST(bigint_compares_with_its_like_and_with_doubles)
{
    VmFixture f;
    vm_fixture_begin(&f);
    BigInt *n = big(&f, "9007199254740993");                  // 2^53 + 1, which no double is
    EXPECT_EQ(LIMBS_GREATER, bigint_compare_double(n, 9007199254740992.0));
    EXPECT_EQ(LIMBS_LESS, bigint_compare_double(n, 9007199254740994.0));
    EXPECT_EQ(9007199254740992.0, bigint_to_double(n));
    EXPECT_EQ(LIMBS_LESS, bigint_compare_double(big(&f, "1"), 1.5));
    EXPECT_EQ(LIMBS_GREATER, bigint_compare_double(big(&f, "-1"), -1.5));
    EXPECT_EQ(LIMBS_EQUAL, bigint_compare_double(big(&f, "0"), -0.0));
    EXPECT_EQ(LIMBS_LESS, bigint_compare_double(n, INFINITY));
    EXPECT_EQ(LIMBS_UNORDERED, bigint_compare_double(n, NAN));
    EXPECT_EQ(LIMBS_LESS, bigint_compare(big(&f, "-18446744073709551616"), big(&f, "-5")));
    EXPECT_EQ(LIMBS_GREATER, bigint_compare(big(&f, "18446744073709551616"), big(&f, "5")));
    EXPECT(bigint_equal(big(&f, "0x10"), big(&f, "16")) && !bigint_equal(big(&f, "16"), big(&f, "-16")));
    EXPECT_BIG(&f, "1000000000000000019884624838656", bigint_from_double(f.h, 1e30));
    EXPECT_EQ(INFINITY, bigint_to_double(bigint_power(f.h, big(&f, "2"), big(&f, "1024"))));
    vm_fixture_end(&f);
}
