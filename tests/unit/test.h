/* SPDX-License-Identifier: MIT */
/* test.h - C tests that register themselves.
 *
 *     TEST(chan_send_fills_a_free_slot) { ... EXPECT(cond); EXPECT_EQ(expected, actual); }
 *
 * A program is its *_test.c files and test_main.c; it runs all tests, or those named as arguments, and speaks
 * TAP. A failed expectation is told and the test goes on; REQUIRE ends the test. */
#ifndef US_TESTS_UNIT_TEST_H
#define US_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "vm/base/attr.h"

typedef struct Test {
    const char  *name;
    void       (*run)(void);
    struct Test *next;
} Test;

void test_register(Test *test);
void test_fail(const char *file, int line, const char *format, ...) PRINTF_LIKE(3, 4);
NORETURN void test_stop(void);
void test_expect_text(const char *file, int line, const char *expected, const char *actual);
void test_expect_panic(const char *file, int line, void (*run)(void *context), void *context, const char *text);

#define TEST(name)                                                                   \
    static void test_of_##name(void);                                                \
    __attribute__((constructor)) static void test_register_##name(void)              \
    {                                                                                \
        static Test entry = { #name, test_of_##name, NULL };                         \
        test_register(&entry);                                                       \
    }                                                                                \
    static void test_of_##name(void)

#define EXPECT(condition) \
    ((condition) ? (void)0 : test_fail(__FILE__, __LINE__, "expected: %s", #condition))

#define REQUIRE(condition) \
    ((condition) ? (void)0 : (test_fail(__FILE__, __LINE__, "required: %s", #condition), test_stop()))

/* Of numbers and enumerators; an enumerator is an int and its type is not, so signs may differ. */
#define EXPECT_EQ(expected, actual)                                                  \
    do {                                                                             \
        _Pragma("GCC diagnostic push")                                               \
        _Pragma("GCC diagnostic ignored \"-Wsign-compare\"")                         \
        __auto_type test_expected = (expected);                                      \
        __auto_type test_actual = (actual);                                          \
        if (!(test_expected == test_actual))                                         \
            test_fail(__FILE__, __LINE__, "%s: expected %.17g, is %.17g", #actual,   \
                      (double)test_expected, (double)test_actual);                   \
        _Pragma("GCC diagnostic pop")                                                \
    } while (0)

#define EXPECT_TEXT(expected, actual) test_expect_text(__FILE__, __LINE__, (expected), (actual))

/* `run(context)`, in a process of its own, ends in panic() with `text` in its message. */
#define EXPECT_PANIC(run, context, text) test_expect_panic(__FILE__, __LINE__, (run), (context), (text))

#endif
