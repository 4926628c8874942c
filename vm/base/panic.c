/* SPDX-License-Identifier: MIT */
#include "vm/base/panic.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "vm/base/assert.h"

static void (*panic_hook)(void);   // set once at start-up, before other threads exist

void panic_set_hook(void (*hook)(void))
{
    panic_hook = hook;
}

void panic(const char *format, ...)
{
    static _Thread_local int depth;
    va_list args;
    fflush(stdout);
    fputs("fatal: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    if (depth++ == 0 && panic_hook) panic_hook();
    fflush(stderr);
    abort();
}

void panic_out_of_memory(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "fatal: out of memory (%s)\n", what);
    _Exit(1);
}

void assert_fail(const char *file, int line, const char *condition, const char *text)
{
    panic("%s:%d: %s: %s", file, line, text, condition);
}
