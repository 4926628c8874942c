/* SPDX-License-Identifier: MIT */
/* Exceptions on their way to handlers; traces; the stack that grows under frames and moves. */
#include "vm/exec/unwind.h"

#include "tests/unit/vm_fixture.h"
#include "vm/exec/frames.h"
#include "vm/sched/stack.h"

/* ---- handlers ---- */

TEST(unwind_finds_the_innermost_handler_and_runs_every_finally)
{
    static const struct { const char *expected, *source; } rows[] = {
        { "1", "try { throw 1 } catch (e) { e }" },
        { "inner,finally,outer", "var t = []; try { try { throw 'outer' } catch (e) { t.push('inner'); throw e }"
          "finally { t.push('finally') } } catch (e) { t.push(e) } t" },
        { "f", "function f() { try { return 't' } finally { return 'f' } } f()" },
        { "2", "function f() { for (const x of [1, 2]) {"
          "try { if (x == 2) return x } finally { if (x == 1) continue } } } f()" },
        { "deep", "function f(n) { if (!n) throw 'deep'; f(n - 1) } try { f(50) } catch (e) { e }" },
        { "native", "try { [3, 1].sort(() => { throw 'native' }) } catch (e) { e }" },
        { "getter", "try { ({ get x() { throw 'getter' } }).x } catch (e) { e }" },
        { "last", "try { try { throw 1 } finally { throw 'last' } } catch (e) { e }" },
        { "closed:9", "var c = ''; const it = { [Symbol.iterator]: () => ({ next: () => ({ value: 1 }),"
          "return() { c = 'closed'; throw 'lost' } }) };"
          "try { for (const x of it) throw 9 } catch (e) { c + ':' + e }" },
        { "!! out", "function f() { try { throw 'in' } catch { throw 'out' } } f()" },
        { "undefined", "label: { try { break label } finally { } } undefined" },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT_RUNS(&f, rows[i].expected, rows[i].source);
        EXPECT_EQ(0u, frames_count(f.g));
        EXPECT_EQ(VALUE_HOLE, f.g->exception);
    }
    vm_fixture_end(&f);
}

/* ---- traces ---- */

TEST(unwind_trace_names_functions_lines_and_columns)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "Error: here\n    at inner (t.js:2:9)\n    at method (t.js:4:24)\n    at t.js:6:22",
                "function inner() {\n  throw new Error('here')\n}\nclass C { method() {   inner() } }\nlet stack;\n"
                "try {        new C().method() } catch (e) { stack = e.stack }\nstack");
    EXPECT(unwind_place(f.g).unit == NULL);                   // no frame
    Value error = vm_fixture_run(&f, "(function () {\n\n  return new TypeError('x') })()");
    REQUIRE(value_is_kind(error, KIND_ERROR));
    UnwindPlace place = unwind_trace_place(((ErrorObject *)value_cell(error))->trace, 0);
    EXPECT_EQ(3u, place.line);
    EXPECT_EQ(10u, place.column);
    vm_fixture_end(&f);
}

TEST(unwind_says_what_was_not_callable)
{
    static const struct { const char *told, *source; } rows[] = {
        { "!! TypeError: o.m is not a function", "var o = {}; o.m()" },
        { "!! TypeError: x is not a function", "var x = 1; x()" },
        { "!! TypeError: o.a.b is not a function", "var o = { a: {} }; o.a.b(1)" },
        { "!! TypeError: x is not a constructor", "var x = () => 1; new x" },
        { "!! TypeError: o.a.b is not a constructor", "var o = { a: { b() {} } }; new o.a.b(1)" },
        { "!! TypeError: newest is not a function", "var newest = 1; newest()" },
        { "!! TypeError: Cannot read properties of undefined (reading 'y')", "var u; u.y" },
        { "!! ReferenceError: nowhere is not defined", "nowhere" },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) EXPECT_RUNS(&f, rows[i].told, rows[i].source);
    vm_fixture_end(&f);
}

/* ---- the stack ---- */

static size_t stack_bytes(const VmFixture *f)
{
    return (size_t)((const char *)f->g->stack_top - (const char *)f->g->stack_low);
}

TEST(stack_grows_under_deep_calls_and_keeps_what_is_on_it)
{
    VmFixture f;
    vm_fixture_begin(&f);
    size_t before = stack_bytes(&f);
    EXPECT_RUNS(&f, "450015000",
                "function f(n, ...rest) { let own = n * 2; return n ? own / 2 + f(n - 1, 1, 2, 3) : 0 } f(30000)");
    EXPECT(stack_bytes(&f) > 4 * before);
    EXPECT_EQ(0u, frames_count(f.g));
    vm_fixture_end(&f);
}

TEST(stack_has_a_limit_and_programs_go_on_behind_it)
{
    VmFixture f;
    vm_fixture_begin_with(&f, (VmOptions){ .stack_limit_bytes = 256 << 10 });
    for (int round = 0; round < 3; round++) {
        EXPECT_RUNS(&f, "!! RangeError: Maximum call stack size exceeded", "function f() { return 1 + f() } f()");
        EXPECT(stack_bytes(&f) <= 256 << 10);
        EXPECT_EQ(0u, frames_count(f.g));
        EXPECT_RUNS(&f, "caught", "try { f() } catch (e) { 'caught' }");
        EXPECT_RUNS(&f, "!! RangeError: Maximum call stack size exceeded", "Math.max(...Array(100000).fill(1))");
        EXPECT_RUNS(&f, "!! RangeError: Maximum call stack size exceeded", "var g = () => [1].map(g); g()");
    }
    vm_fixture_end(&f);
}

/* native(x): moves the stack under its callers, collects, and tells how deep it is. */
static Value move_everything(Goroutine *g, Args a)
{
    Value before = arg(a, 0);
    stack_move(g, frames_used_low(g));
    heap_collect(&g->heap);
    EXPECT_EQ(before, arg(a, 0));
    EXPECT(args_callee(a) != VALUE_UNDEFINED);
    return value_from_int((int32_t)frames_count(g));
}

TEST(stack_moves_under_frames_that_go_on)
{
    static const NativeSpec spec = { .name = "native", .function = move_everything, .length = 1 };
    VmFixture f;
    vm_fixture_begin(&f);
    Native *native = function_new_native(f.h, realm_current(f.g), &spec, VALUE_UNDEFINED, 0);
    EXPECT(object_put(f.g, realm_current(f.g)->global, vm_fixture_key(&f, "native"), value_from_cell(native)));
    EXPECT_RUNS(&f, "2", "native('argument')");
    EXPECT_RUNS(&f, "012345678910", "function f(n) { const own = { n }; const depth = native(own);"
                "return n ? f(n - 1) + own.n : depth > 10 ? '0' : depth } f(10)");
    EXPECT_RUNS(&f, "6,4,2", "[1, 2, 3].map(x => { native(x); return x * 2 }).sort((a, b) => (native(a), b - a))");
    EXPECT_RUNS(&f, "a,b", "function* g() { yield native({}) && 'a'; yield native({}) && 'b' } [...g()]");
    vm_fixture_end(&f);
}
