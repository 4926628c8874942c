/* SPDX-License-Identifier: MIT */
/* The encoding of values at its edges, equality, and numbers. */
#include "vm/value/value.h"

#include <float.h>

#include "tests/unit/vm_fixture.h"
#include "vm/value/equal.h"
#include "vm/value/number.h"

/* Exactly one of the predicates that part all values holds. */
static int classes_of(Value v)
{
    bool is_cell = !value_is_thrown(v) && value_is_cell(v);
    return value_is_int(v) + value_is_double(v) + value_is_boolean(v) + value_is_undefined(v) + value_is_null(v)
         + value_is_hole(v) + is_cell;
}

TEST(value_integers_keep_their_bits)
{
    static const int32_t integers[] = { 0, 1, -1, 42, INT32_MAX, INT32_MIN };
    for (size_t i = 0; i < COUNT_OF(integers); i++) {
        Value v = value_from_int(integers[i]);
        EXPECT(value_is_int(v) && value_is_number(v) && !value_is_double(v));
        EXPECT_EQ(integers[i], value_int(v));
        EXPECT_EQ((double)integers[i], value_number(v));
        EXPECT_EQ(v, value_from_double(integers[i]));
        EXPECT_EQ(1, classes_of(v));
        EXPECT(!cell_is_reference(v));
    }
    EXPECT_EQ(VALUE_ZERO, value_from_int(0));
}

TEST(value_doubles_keep_their_bits)
{
    static const double doubles[] = {
        -0.0, 0.5, -1.5, 2147483648.0, -2147483649.0, DBL_MAX, -DBL_MAX, DBL_MIN, DBL_TRUE_MIN, -DBL_TRUE_MIN, INFINITY,
        -INFINITY, 9007199254740993.0,
    };
    for (size_t i = 0; i < COUNT_OF(doubles); i++) {
        Value v = value_from_double(doubles[i]);
        EXPECT(value_is_double(v) && value_is_number(v) && !value_is_int(v));
        EXPECT_EQ(bits_from_double(doubles[i]), bits_from_double(value_double(v)));
        EXPECT_EQ(1, classes_of(v));
        EXPECT(!cell_is_reference(v));
    }
}

/* Foreign bits of a NaN could look like any other value. */
TEST(value_has_one_nan)
{
    static const uint64_t nans[] = {
        UINT64_C(0x7ff8000000000000), UINT64_C(0xfff8000000000000), UINT64_C(0xffffffffffffffff),
        UINT64_C(0x7ff0000000000001), UINT64_C(0xfffe000012345678),
    };
    for (size_t i = 0; i < COUNT_OF(nans); i++) EXPECT_EQ(VALUE_NAN, value_from_double(bits_to_double(nans[i])));
    EXPECT(value_is_double(VALUE_NAN));
    EXPECT(isnan(value_double(VALUE_NAN)));
}

TEST(value_specials_are_themselves_alone)
{
    static const Value specials[] = { VALUE_UNDEFINED, VALUE_NULL, VALUE_TRUE, VALUE_FALSE, VALUE_HOLE };
    for (size_t i = 0; i < COUNT_OF(specials); i++) {
        EXPECT_EQ(1, classes_of(specials[i]));
        EXPECT(!cell_is_reference(specials[i]));
        EXPECT(!value_is_number(specials[i]));
        EXPECT_EQ(i < 2, value_is_nullish(specials[i]));
    }
    EXPECT_EQ(0, classes_of(VALUE_THROWN));
    EXPECT_EQ(VALUE_TRUE, value_from_bool(true));
    EXPECT_EQ(VALUE_FALSE, value_from_bool(false));
    EXPECT(value_bool(VALUE_TRUE) && !value_bool(VALUE_FALSE));
}

TEST(value_from_wider_integers_is_an_int_where_it_fits)
{
    EXPECT_EQ(value_from_int(INT32_MAX), value_from_uint32(INT32_MAX));
    EXPECT(value_is_double(value_from_uint32((uint32_t)INT32_MAX + 1)));
    EXPECT_EQ(4294967295.0, value_number(value_from_uint32(UINT32_MAX)));
    EXPECT_EQ(value_from_int(INT32_MIN), value_from_int64(INT32_MIN));
    EXPECT_EQ(-2147483649.0, value_double(value_from_int64((int64_t)INT32_MIN - 1)));
    EXPECT(!value_are_ints(value_from_int(1), VALUE_NAN));
    EXPECT(!value_are_ints(value_from_raw_double(-DBL_MAX), value_from_int(-1)));
    EXPECT(value_are_ints(value_from_int(-1), value_from_int(0)));
}

TEST(value_kinds_are_told_by_their_groups)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Value string = value_from_cell(vm_fixture_string(&f, "x")), symbol = f.vm->symbols[0];
    Value object = vm_fixture_run(&f, "({})"), function = vm_fixture_run(&f, "() => 1");
    Value bigint = vm_fixture_run(&f, "1n");
    EXPECT(value_is_string(string) && !value_is_symbol(string) && !value_is_object(string));
    EXPECT(value_is_symbol(symbol) && !value_is_string(symbol) && !value_is_object(symbol));
    EXPECT(value_is_bigint(bigint) && !value_is_string(bigint) && !value_is_object(bigint));
    EXPECT(value_is_object(object) && !value_is_callable(object));
    EXPECT(value_is_object(function) && value_is_callable(function));
    EXPECT(value_is_callable(vm_fixture_run(&f, "Array")) && value_is_callable(vm_fixture_run(&f, "print")));
    EXPECT_EQ(1, classes_of(object));
    vm_fixture_end(&f);
}

/* ---- equality ---- */

TEST(equal_knows_its_three_rules)
{
    enum { STRICT = 1, SAME = 2, SAME_ZERO = 4, ALL = 7 };
    VmFixture f;
    vm_fixture_begin(&f);
    Value zero = value_from_int(0), minus_zero = value_from_double(-0.0), one = value_from_int(1);
    Value raw_one = value_from_raw_double(1), text = value_from_cell(vm_fixture_string(&f, "same text, two cells"));
    Value other_text = value_from_cell(vm_fixture_string(&f, "same text, two cells"));
    Value big = vm_fixture_run(&f, "2n ** 70n"), other_big = vm_fixture_run(&f, "2n ** 71n / 2n");
    Value object = vm_fixture_run(&f, "[]"), other_object = vm_fixture_run(&f, "[]");
    const struct { Value a, b; int rules; } rows[] = {
        { zero, minus_zero, STRICT | SAME_ZERO }, { minus_zero, minus_zero, ALL },
        { VALUE_NAN, VALUE_NAN, SAME | SAME_ZERO },
        { one, raw_one, ALL }, { one, VALUE_TRUE, 0 }, { text, other_text, ALL }, { big, other_big, ALL },
        { text, f.vm->empty_string, 0 }, { one, vm_fixture_run(&f, "1n"), 0 }, { object, object, ALL },
        { object, other_object, 0 }, { VALUE_NULL, VALUE_UNDEFINED, 0 }, { VALUE_UNDEFINED, VALUE_UNDEFINED, ALL },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (int swap = 0; swap < 2; swap++) {
            Value a = swap ? rows[i].b : rows[i].a, b = swap ? rows[i].a : rows[i].b;
            int rules = (equal_strict(f.h, a, b) ? STRICT : 0) | (equal_same_value(f.h, a, b) ? SAME : 0)
                      | (equal_same_value_zero(f.h, a, b) ? SAME_ZERO : 0);
            if (rules != rows[i].rules) test_fail(__FILE__, __LINE__, "row %zu: rules %d", i, rules);
        }
    }
    vm_fixture_end(&f);
}

/* ---- numbers ---- */

TEST(number_to_int32_is_modulo_two_to_the_32)
{
    static const struct { double d; int32_t i; } rows[] = {
        { 0, 0 }, { -0.0, 0 }, { 1.9, 1 }, { -1.9, -1 }, { 2147483647, INT32_MAX }, { 2147483648.0, INT32_MIN },
        { 4294967295.0, -1 }, { 4294967296.0, 0 }, { 4294967297.5, 1 }, { -2147483649.0, INT32_MAX },
        { 9007199254740991.0, -1 }, { -9007199254740991.0, 1 }, { 9223372036854775808.0, 0 },
        { 1e21, -559939584 }, { -1e21, 559939584 }, { 18446744073709555712.0, 4096 }, { 1e300, 0 }, { INFINITY, 0 },
        { -INFINITY, 0 }, { NAN, 0 }, { DBL_TRUE_MIN, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT_EQ(rows[i].i, number_to_int32(rows[i].d));
        EXPECT_EQ(rows[i].i, number_to_int32_slow(rows[i].d));
    }
}

TEST(number_arithmetic_has_the_languages_corners)
{
    Value sum = VALUE_UNDEFINED;
    EXPECT(number_try_add_int32(value_from_int(INT32_MAX - 1), value_from_int(1), &sum));
    EXPECT_EQ(value_from_int(INT32_MAX), sum);
    EXPECT(!number_try_add_int32(value_from_int(INT32_MAX), value_from_int(1), &sum));
    EXPECT(!number_try_add_int32(value_from_int(1), VALUE_NAN, &sum));
    EXPECT_EQ(2, number_remainder(5, 3));
    EXPECT_EQ(-1.5, number_remainder(-5.5, 2));
    EXPECT(signbit(number_remainder(-4, 2)));
    EXPECT_EQ(5, number_remainder(5, INFINITY));
    EXPECT(isnan(number_remainder(5, 0)) && isnan(number_remainder(INFINITY, 2)));
    EXPECT_EQ(0.5, number_remainder(DBL_MAX, 2) + 0.5);
    EXPECT(isnan(number_power(1, INFINITY)) && isnan(number_power(-1, -INFINITY)) && isnan(number_power(-8, 1.0 / 3)));
    EXPECT_EQ(1, number_power(NAN, 0));
    EXPECT(isnan(number_power(1, NAN)));
    EXPECT_EQ(-INFINITY, number_power(-0.0, -3));
    EXPECT_EQ(1024, number_power(2, 10));
    EXPECT_EQ(-3, number_to_integer(-3.9));
    EXPECT(!signbit(number_to_integer(-0.5)));
    EXPECT_EQ(0, number_to_integer(NAN));
}

TEST(number_is_index_up_to_two_to_the_32_less_two)
{
    uint32_t index = 7;
    EXPECT(number_is_index(0, &index) && index == 0);
    EXPECT(number_is_index(-0.0, &index));
    EXPECT(number_is_index(4294967294.0, &index) && index == UINT32_MAX - 1);
    EXPECT(!number_is_index(4294967295.0, &index) && !number_is_index(-1, &index) && !number_is_index(0.5, &index));
    EXPECT(!number_is_index(NAN, &index) && !number_is_index(INFINITY, &index));
}

TEST(number_is_written_and_read_as_the_language_does)
{
    static const struct { double d; const char *text; } rows[] = {
        { 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -1.5, "-1.5" }, { 0.1, "0.1" }, { 1e21, "1e+21" },
        { 1e-7, "1e-7" },
        { 123456789012345680000.0, "123456789012345680000" }, { 0.000001, "0.000001" }, { 5e-324, "5e-324" },
        { 1.7976931348623157e308, "1.7976931348623157e+308" }, { 4294967296.0, "4294967296" },
        { -2147483648.0, "-2147483648" }, { INFINITY, "Infinity" }, { -INFINITY, "-Infinity" }, { NAN, "NaN" },
    };
    static const struct { const char *text; double d; } read[] = {
        { "", 0 }, { " \n\t\xef\xbb\xbf 42 \xe2\x80\xa8", 42 }, { "0x1F", 31 }, { "0b101", 5 }, { "0o17", 15 },
        { "-0x10", NAN },
        { "1_000", NAN }, { "+.5e1", 5 }, { "5.", 5 }, { ".", NAN }, { "infinity", NAN },
        { "-Infinity", -INFINITY },
        { "1n", NAN }, { "12abc", NAN }, { "1e1000", INFINITY }, { "08", 8 }, { "0x", NAN },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT_STRING(&f, rows[i].text, number_to_string(f.h, rows[i].d));
        double back = number_from_string(f.h, vm_fixture_string(&f, rows[i].text));
        EXPECT(back == rows[i].d || isnan(rows[i].d));
    }
    for (size_t i = 0; i < COUNT_OF(read); i++) {
        double d = number_from_string(f.h, vm_fixture_string(&f, read[i].text));
        if (!(d == read[i].d || (isnan(d) && isnan(read[i].d))))
            test_fail(__FILE__, __LINE__, "\"%s\" is %g", read[i].text, d);
    }
    EXPECT_STRING(&f, "-2147483648", number_int_to_string(f.h, INT32_MIN));
    vm_fixture_end(&f);
}
