/* SPDX-License-Identifier: MIT */
/* Frames that leave the stack: generators by their states, async functions. */
#include "vm/exec/coroutine.h"

#include "tests/unit/vm_fixture.h"
#include "vm/exec/frames.h"
#include "vm/sched/stack.h"

static Generator *generator(VmFixture *f, const char *source)
{
    Value v = vm_fixture_run(f, source);
    REQUIRE(value_is_kind(v, KIND_GENERATOR));
    return (Generator *)value_cell(v);
}

/* What a step yields, "= " before what it returns, "!! " before what it throws. */
static const char *step(VmFixture *f, Generator *x, ResumeMode mode, int argument)
{
    ResumeOutcome outcome = RESUMED_YIELD;
    Value v = coroutine_resume_generator(f->g, value_from_cell(x), mode, value_from_int(argument), &outcome);
    const char *shown = vm_fixture_show(f, v);
    if (value_is_thrown(v) || outcome != RESUMED_RETURN) return shown;
    return vm_fixture_text(f, string_concat(f->h, string_new_text(f->h, "= "), vm_fixture_string(f, shown)));
}

TEST(coroutine_of_a_generator_goes_through_its_states)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Generator *x = generator(&f, "function* f(a) { const b = yield a; const c = yield a + b; return a + b + c } f(1)");
    EXPECT_EQ(COROUTINE_SUSPENDED_START, x->state);
    EXPECT_TEXT("1", step(&f, x, RESUME_NEXT, 99));           // what the first next is given nobody sees
    EXPECT_EQ(COROUTINE_SUSPENDED_YIELD, x->state);
    EXPECT(x->coroutine != NULL);
    EXPECT_TEXT("11", step(&f, x, RESUME_NEXT, 10));
    EXPECT_TEXT("= 111", step(&f, x, RESUME_NEXT, 100));
    EXPECT_EQ(COROUTINE_COMPLETED, x->state);
    EXPECT(x->coroutine == NULL);
    EXPECT_TEXT("= undefined", step(&f, x, RESUME_NEXT, 5));
    EXPECT_TEXT("!! 7", step(&f, x, RESUME_THROW, 7));
    EXPECT_TEXT("= 8", step(&f, x, RESUME_RETURN, 8));
    EXPECT_EQ(0u, frames_count(f.g));
    vm_fixture_end(&f);
}

TEST(coroutine_that_was_not_begun_ends_at_once)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "undefined", "var ran = 0; function* f() { ran++; try { yield } finally { ran++ } }");
    EXPECT_TEXT("= 4", step(&f, generator(&f, "f()"), RESUME_RETURN, 4));
    EXPECT_TEXT("!! 5", step(&f, generator(&f, "f()"), RESUME_THROW, 5));
    EXPECT_RUNS(&f, "0", "ran");
    vm_fixture_end(&f);
}

TEST(coroutine_resumed_abruptly_runs_its_handlers)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "undefined",
                "function* f() { try { yield 1 } catch (e) { yield 'caught ' + e } finally { yield 'finally' } }");
    Generator *x = generator(&f, "f()");
    EXPECT_TEXT("1", step(&f, x, RESUME_NEXT, 0));
    EXPECT_TEXT("caught 6", step(&f, x, RESUME_THROW, 6));
    EXPECT_TEXT("finally", step(&f, x, RESUME_RETURN, 7));
    EXPECT_TEXT("= 7", step(&f, x, RESUME_NEXT, 0));
    x = generator(&f, "f()");
    EXPECT_TEXT("1", step(&f, x, RESUME_NEXT, 0));
    EXPECT_TEXT("finally", step(&f, x, RESUME_RETURN, 7));
    EXPECT_TEXT("!! 9", step(&f, x, RESUME_THROW, 9));        // replaces the return
    EXPECT_EQ(COROUTINE_COMPLETED, x->state);
    vm_fixture_end(&f);
}

TEST(coroutine_cannot_be_resumed_while_it_runs)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "TypeError: Generator is already running",
                "function* f() { try { x.next() } catch (e) { yield String(e) } } var x = f(); x.next().value");
    EXPECT_RUNS(&f, "true", "x.next().done");
    vm_fixture_end(&f);
}

/* Two hundred suspended frames of two hundred values, over collections and moves of the stack. */
TEST(coroutine_keeps_its_frame_whole)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "200",
        "function* f(...rest) { let own = {}; for (let i = 0; i < rest.length; i++) own['k' + i] = rest[i] + '';\n"
        "  let [a, b, c] = rest; while (true) { const s = a + own.k7 + c + arguments.length; yield s + (yield b) } }\n"
        "var all = []; for (let i = 0; i < 200; i++) { const x = f(...Array.from({ length: 200 }, (_, k) => i + k));\n"
        "  x.next(); all.push(x) } all.length");
    heap_collect(f.h);
    stack_move(f.g, frames_used_low(f.g));
    EXPECT_RUNS(&f, "true", "all.every((x, i) => x.next('!').value === i + (i + 7 + '') + (i + 2) + 200 + '!')");
    heap_collect(f.h);
    EXPECT_RUNS(&f, "true", "all.every((x, i) => x.next().value === i + 1)");
    vm_fixture_end(&f);
}

TEST(coroutine_of_an_async_function_goes_on_in_jobs)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "a", "var told = []; async function f(x) { told.push(x);"
                "try { told.push(await 'b'); await Promise.reject('c') } catch (e) { told.push(e); return 'd' } }"
                "f('a').then(x => told.push(x)); told");
    vm_fixture_drain(&f);
    EXPECT_RUNS(&f, "a,b,c,d", "told");
    EXPECT_RUNS(&f, "", "told = []; async function* g() { try { yield 1; yield 2 } finally { told.push('end') } }"
                "(async () => { for await (const x of g()) { told.push(x); if (x == 2) break } })(); told");
    vm_fixture_drain(&f);
    EXPECT_RUNS(&f, "1,2,end", "told");
    vm_fixture_end(&f);
}
