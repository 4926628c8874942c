/* SPDX-License-Identifier: MIT */
/* Texts that the library makes and reads: numbers, dates, JSON, URIs, inspected values; and the exact sum. */
#include "lib/inspect.h"
#include "lib/json.h"
#include "lib/math_sum.h"
#include "tests/unit/vm_fixture.h"

typedef struct Row {
    const char *expected, *source;
} Row;

static void expect_rows(const Row *rows, size_t count)
{
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < count; i++) {
        const char *shown = vm_fixture_evaluate(&f, rows[i].source);
        if (strcmp(rows[i].expected, shown))
            test_fail(__FILE__, __LINE__, "%s: expected %s, is %s", rows[i].source, rows[i].expected, shown);
    }
    vm_fixture_end(&f);
}

TEST(format_of_numbers)
{
    static const Row rows[] = {
        { "1.00", "(1.005).toFixed(2)" }, { "1000000000000000128.0", "(1000000000000000128).toFixed(1)" },
        { "1", "(0.5).toFixed(0)" }, { "-2", "(-1.5).toFixed(0)" }, { "1e+21", "(1e21).toFixed(2)" },
        { "-0.00", "(-0.001).toFixed(2)" }, { "NaN", "NaN.toFixed(3)" }, { "1.2e+1", "(12.345).toExponential(1)" },
        { "0e+0", "(0).toExponential()" }, { "1.2345e-5", "(0.000012345).toExponential()" },
        { "12.3", "(12.345).toPrecision(3)" },
        { "1.2e+3", "(1234).toPrecision(2)" }, { "0.0000012", "(0.0000012345).toPrecision(2)" },
        { "1.2e-7", "(0.00000012345).toPrecision(2)" }, { "ff.8", "(255.5).toString(16)" },
        { "-101", "(-5).toString(2)" },
        { "0.1", "(1 / 3).toString(3)" }, { "zz", "(1295).toString(36)" },
        { "!! RangeError: toString() radix must be between 2 and 36", "(1).toString(37)" },
        { "!! RangeError: toFixed() digits argument must be between 0 and 100", "(1).toFixed(101)" },
    };
    expect_rows(rows, COUNT_OF(rows));
}

TEST(format_of_dates)
{
    static const Row rows[] = {
        { "1970-01-01T00:00:00.000Z", "new Date(0).toISOString()" }, { "-000001-12-31T23:59:59.999Z",
          "new Date(Date.UTC(-1, 11, 31, 23, 59, 59, 999)).toISOString()" },
        { "+275760-09-13T00:00:00.000Z", "new Date(8.64e15).toISOString()" },
        { "NaN", "new Date(8.64e15 + 1).getTime()" },
        { "951782400000", "Date.parse('2000-02-29')" }, { "NaN", "Date.parse('2001-02-29T00:00:00.000ZZ')" },
        { "946684799000", "Date.parse('1999-12-31T23:59:59Z')" },
        { "946681199000", "Date.parse('1999-12-31T23:59:59+01:00')" },
        { "Thu, 01 Jan 1970 00:00:00 GMT", "new Date(0).toUTCString()" },
        { "4", "new Date(Date.UTC(2024, 1, 29)).getUTCDay()" },
        { "2024-03-01T00:00:00.000Z", "new Date(Date.UTC(2024, 1, 30)).toISOString()" },
        { "!! RangeError: Invalid time value", "new Date(NaN).toISOString()" },
    };
    expect_rows(rows, COUNT_OF(rows));
}

TEST(format_of_json)
{
    static const Row rows[] = {
        { "{\"a\":[1,null,\"\\u0007\\n\\ud800\"],\"b\":null}",
          "JSON.stringify({ a: [1, undefined, '\\u0007\\n\\ud800'], b: NaN, c() {}, d: undefined })" },
        { "[\n  1,\n  {\n    \"x\": []\n  }\n]", "JSON.stringify([1, { x: [] }], null, 2)" },
        { "{\"b\":1}", "JSON.stringify({ a: 2, b: 1 }, ['b'])" },
        { "\"2000\"", "JSON.stringify({ toJSON() { return '2000' } })" },
        { "1,2|true",
          "var o = JSON.parse(' {\"__proto__\": [1, 2], \"\\\\u0061\": true} '); o['__proto__'] + '|' + o.a" },
        { "-0", "Object.is(JSON.parse('-0'), -0) ? '-0' : 'other'" },
        { "SyntaxError", "try { JSON.parse('[1,]') } catch (e) { e.name }" },
        { "SyntaxError", "try { JSON.parse('01') } catch (e) { e.name }" },
        { "SyntaxError", "try { JSON.parse('\"\\t\"') } catch (e) { e.name }" },
        { "TypeError", "var c = {}; c.c = c; try { JSON.stringify(c) } catch (e) { e.name }" },
        { "TypeError", "try { JSON.stringify(1n) } catch (e) { e.name }" },
        { "3", "JSON.parse('{\"a\": {\"b\": 1}}', (k, v) => k === 'b' ? v + 2 : v).a.b" },
    };
    expect_rows(rows, COUNT_OF(rows));
}

TEST(format_of_uris_and_replacements)
{
    static const Row rows[] = {
        { "a%20b&c%C3%A9%F0%9F%98%80", "encodeURI('a b&c\\xe9\\u{1f600}')" },
        { "%26%2F%3F", "encodeURIComponent('&/?')" },
        { "\xc3\xa9%26", "decodeURI('%C3%A9%26')" }, { "!! URIError: URI malformed", "decodeURIComponent('%C3')" },
        { "!! URIError: URI malformed", "encodeURI('\\ud800')" }, { "%u0100%E9", "escape('\\u0100\\xe9')" },
    };
    expect_rows(rows, COUNT_OF(rows));
    static const Row replacements[] = {
        { "a[b|a|c|$|$1]c", "'abc'.replace('b', '[$&|$`|$\\'|$$|$1]')" },
        { "2-1-$3-x", "'12'.replace(/(?<n>1)(2)/, '$2-$1-$3-x')" }, { "<1>2", "'12'.replace(/(?<n>1)/, '<$<n>>')" },
        { "$<n>2", "'12'.replace(/(1)/, '$<n>')" }, { "b10", "'a'.replace(/(a)/, 'b$010').replace('a0', '10')" },
    };
    expect_rows(replacements, COUNT_OF(replacements));
}

TEST(format_of_inspected_values)
{
    static const Row rows[] = {
        { "{ a: 1, 'b c': [ 1, <1 empty item>, 'x' ], [Symbol(s)]: null }",
          "({ a: 1, 'b c': [1, , 'x'], [Symbol('s')]: null })" },
        { "[Function: f]", "(function f() {})" },
        { "[class A extends B]", "(class B {}, class A extends (class B {}) {})" },
        { "Map(1) { 'k' => Set(2) { 1, 0 } }", "new Map([['k', new Set([1, -0])]])" },
        { "<ref *1> { me: [Circular *1] }",
          "var c = {}; c.me = c; c" },
        { "{ x: [Getter], y: [Setter], z: [Getter/Setter] }",
          "({ get x() {}, set y(v) {}, get z() {}, set z(v) {} })" },
        { "[ 1n, \"it's\", 'q\"', Symbol(x) ]", "[1n, 'it\\'s', 'q\"', Symbol('x')]" },
        { "{ a: { b: { c: [Object] } } }", "({ a: { b: { c: { d: 1 } } } })" },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Value v = vm_fixture_run(&f, rows[i].source);
        REQUIRE(!value_is_thrown(v));
        InspectOptions options = INSPECT_DEFAULTS;
        EXPECT_VALUE(&f, rows[i].expected, lib_inspect(f.g, v, &options));
    }
    vm_fixture_end(&f);
}

/* ---- the exact sum ---- */

static double sum_of(const double *terms, size_t count)
{
    MathSum s;
    math_sum_init(&s);
    for (size_t i = 0; i < count; i++) math_sum_add(&s, terms[i]);
    return math_sum_round(&s);
}

#define SUM(...) sum_of((const double[]){ __VA_ARGS__ }, sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double))

TEST(math_sum_is_rounded_once)
{
    EXPECT_EQ(0.1, SUM(0.1, 0.2, 0.3, -0.2, -0.3));
    EXPECT_EQ(1.0, SUM(1e308, 1, -1e308));
    EXPECT_EQ(1e308, SUM(1e308, 1e308, -1e308));              // in between it exceeds every double
    EXPECT_EQ(5e-324, SUM(5e-324));
    EXPECT_EQ(-5e-324, SUM(1, -5e-324, -1));
    EXPECT_EQ(9007199254740992.0, SUM(9007199254740992.0, 1)); // a tie goes to even
    EXPECT_EQ(9007199254740996.0, SUM(9007199254740994.0, 1));
    EXPECT_EQ(9007199254740994.0, SUM(9007199254740992.0, 1, 5e-324));
    EXPECT_EQ(INFINITY, SUM(1.7976931348623157e308, 1.7976931348623157e308));
    EXPECT(!signbit(SUM(0.0)) && !signbit(SUM(1, -1)));
    MathSum s;
    math_sum_init(&s);
    for (int i = 0; i < 1000000; i++) math_sum_add(&s, i % 2 ? 0.1 : -0.1);
    math_sum_add(&s, 0.5);
    EXPECT_EQ(0.5, math_sum_round(&s));
}
