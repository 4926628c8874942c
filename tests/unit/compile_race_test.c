/* SPDX-License-Identifier: MIT */
/* Sixteen modules that as many threads compile at once give the units that one thread gives, to the byte. */
#include "compiler/compile.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "vm/base/atomic.h"
#include "vm/base/buf.h"
#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/base/thread.h"
#include "vm/bytecode/unitio.h"

enum { MODULES = 16, ROUNDS = 4 };

/* Captures of goroutines, objects that are taken apart, closures, classes, patterns, literals of all kinds. */
static const char compile_text[] =
    "import { other@ } from './other@'\n"
    "export let count@ = @, list = [1n ** @n, /a{@}/u, `t${@}`]\n"
    "export class Point@ extends Object { #x = @; static made = 0; get x() { return this.#x++ } }\n"
    "export function walk({ a, b: [c = @, ...d] }, e = () => a) {\n"
    "    const apart = { x: @, y: c }, kept = { x: e }\n"
    "    for (let i = 0; i < apart.x; i++) { go () => { count@ += i * apart.y; d.push(kept) } }\n"
    "    label: for (const [k, v] of list) switch (k) { case @: break label; default: try { v() } catch { d = k } }\n"
    "    return function* () { yield* d; await other@; return eval?.('@') }\n"
    "}\n";

typedef struct CompileThread {
    uint32_t  index;                     // immutable, as are the next two
    uint32_t *ready;                     // atomic: threads that have come to the start
    Buf      *serial;                    // what one thread has made of the modules
    Thread    thread;
    uint32_t  failures;                  // own thread
} CompileThread;

static void compile_put_text(Buf *text, const char *pattern, uint32_t number)
{
    for (; *pattern; pattern++)
        if (*pattern == '@') buf_format(text, "%u", number);
        else buf_put_byte(text, (uint8_t)*pattern);
}

static bool compile_module(uint32_t number, Buf *out)
{
    char name[32];
    Buf text;
    buf_init(&text);
    compile_put_text(&text, compile_text, number);
    for (uint32_t i = 0; i < number; i++) compile_put_text(&text, "{ let inner = @; go () => inner }\n", number);
    snprintf(name, sizeof name, "module%u.us", number);
    CompileOptions options = { .kind = COMPILE_MODULE, .dialect = compile_dialect_of_file(name), .keeps_source = true };
    CompileResult result = compile_source(name, buf_text(&text), text.count, &options);
    if (result.unit) unitio_write(out, result.unit);
    else fprintf(stderr, "%s\n", result.report ? result.report : "out of memory");
    bool is_made = result.unit != NULL;
    compile_result_deinit(&result);
    buf_deinit(&text);
    return is_made;
}

static void compile_all(void *argument)
{
    CompileThread *t = argument;
    atomic_add_seq_cst(t->ready, 1);
    while (atomic_get_acquire(t->ready) < MODULES) atomic_pause();
    for (uint32_t i = 0; i < MODULES * ROUNDS; i++) {
        uint32_t number = (t->index + i) % MODULES;
        const Buf *serial = &t->serial[number];
        Buf out;
        buf_init(&out);
        bool is_made = compile_module(number, &out);
        t->failures += !is_made || out.count != serial->count || memcmp(out.bytes, serial->bytes, out.count) != 0;
        buf_deinit(&out);
    }
}

TEST(compile_by_many_threads_at_once_makes_what_one_makes)
{
    CompileThread threads[MODULES];
    Buf serial[MODULES];
    uint32_t ready = 0;
    debug_init();
    limbs_init();
    for (uint32_t i = 0; i < MODULES; i++) {
        buf_init(&serial[i]);
        REQUIRE(compile_module(i, &serial[i]));
    }
    for (uint32_t i = 0; i < MODULES; i++) {
        threads[i] = (CompileThread){ .index = i, .ready = &ready, .serial = serial };
        REQUIRE(thread_create(&threads[i].thread, "compile", 0, compile_all, &threads[i]));
    }
    for (uint32_t i = 0; i < MODULES; i++) {
        thread_join(&threads[i].thread);
        EXPECT_EQ(0u, threads[i].failures);
    }
    for (uint32_t i = 0; i < MODULES; i++) buf_deinit(&serial[i]);
}
