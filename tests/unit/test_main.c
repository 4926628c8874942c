/* SPDX-License-Identifier: MIT */
/* test_main.c - runs the tests of one program; see test.h.
 *
 *     program            all tests, in the order of their names
 *     program NAME...    those tests
 *     program --list     their names */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/test.h"

static Test   *tests;
static bool    has_failed;
static jmp_buf stop;

void test_register(Test *test)
{
    Test **at = &tests;
    while (*at && strcmp((*at)->name, test->name) < 0) at = &(*at)->next;
    test->next = *at;
    *at = test;
}

void test_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# %s:%d: ", file, line);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    has_failed = true;
}

void test_stop(void)
{
    longjmp(stop, 1);
}

void test_expect_text(const char *file, int line, const char *expected, const char *actual)
{
    if (!actual) test_fail(file, line, "expected \"%s\", is NULL", expected);
    else if (strcmp(expected, actual) != 0)
        test_fail(file, line, "expected \"%s\", is \"%s\"", expected, actual);
}

NORETURN static void run_in_child(void (*run)(void *), void *context, int standard_error)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
    dup2(standard_error, STDERR_FILENO);
    run(context);
    _exit(0);
}

void test_expect_panic(const char *file, int line, void (*run)(void *), void *context, const char *text)
{
    int ends[2];
    if (pipe(ends) != 0) return test_fail(file, line, "no pipe");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) run_in_child(run, context, ends[1]);
    close(ends[1]);
    char told[4096];
    size_t count = 0;
    for (ssize_t n; count < sizeof told - 1 && (n = read(ends[0], told + count, sizeof told - 1 - count)) > 0;)
        count += (size_t)n;
    told[count] = '\0';
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
        test_fail(file, line, "expected a panic with \"%s\", status is %x: %s", text, (unsigned)status, told);
    else if (!strstr(told, text)) test_fail(file, line, "expected \"%s\" in \"%s\"", text, told);
}

static bool is_wanted(const Test *test, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], test->name) == 0) return true;
    return argc < 2;
}

/* False when an expectation was not met. */
static bool run(const Test *test)
{
    has_failed = false;
    if (setjmp(stop) == 0) test->run();
    return !has_failed;
}

int main(int argc, char **argv)
{
    bool is_list = argc == 2 && strcmp(argv[1], "--list") == 0;
    int count = 0, number = 0, failures = 0;
    for (const Test *t = tests; t; t = t->next) {
        if (is_list) puts(t->name);
        count += is_wanted(t, argc, argv);
    }
    if (is_list) return 0;
    printf("1..%d\n", count);
    for (const Test *t = tests; t; t = t->next) {
        if (!is_wanted(t, argc, argv)) continue;
        bool is_fine = run(t);
        failures += !is_fine;
        printf("%s %d - %s\n", is_fine ? "ok" : "not ok", ++number, t->name);
        fflush(stdout);
    }
    return failures > 0;
}
