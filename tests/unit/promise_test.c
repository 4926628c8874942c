/* SPDX-License-Identifier: MIT */
/* Promises and the order of jobs. */
#include "vm/object/promise.h"

#include "tests/unit/vm_fixture.h"
#include "vm/object/task.h"

/* A function that appends `name` and its argument to the global array `told`. */
static Value teller(VmFixture *f, const char *name)
{
    char source[100];
    snprintf(source, sizeof source, "(function (x) { told.push('%s' + (x === undefined ? '' : x)) })", name);
    return vm_fixture_run(f, source);
}

static void begin(VmFixture *f)
{
    vm_fixture_begin(f);
    EXPECT_RUNS(f, "", "var told = []; told");
}

TEST(job_runs_in_the_order_of_enqueueing)
{
    VmFixture f;
    begin(&f);
    EXPECT(!job_is_pending(f.g));
    job_enqueue(f.g, JOB_CALLBACK, teller(&f, "a"), VALUE_UNDEFINED, VALUE_UNDEFINED);
    job_enqueue(f.g, JOB_CALLBACK, vm_fixture_run(&f, "() => { queueMicrotask(() => told.push('d')); told.push('b') }"),
                VALUE_UNDEFINED, VALUE_UNDEFINED);
    job_enqueue(f.g, JOB_CALLBACK, teller(&f, "c"), VALUE_UNDEFINED, VALUE_UNDEFINED);
    EXPECT_RUNS(&f, "", "told");
    EXPECT_EQ(TRI_TRUE, job_run_next(f.g));
    EXPECT_RUNS(&f, "a", "told");
    vm_fixture_drain(&f);
    EXPECT_RUNS(&f, "a,b,c,d", "told");
    EXPECT(!job_is_pending(f.g));
    EXPECT_EQ(TRI_FALSE, job_run_next(f.g));
    vm_fixture_end(&f);
}

TEST(job_that_throws_says_so_and_the_rest_goes_on)
{
    VmFixture f;
    begin(&f);
    Value thrower = vm_fixture_run(&f, "() => { throw 1 }");
    for (int i = 0; i < 3; i++) {
        job_enqueue(f.g, JOB_CALLBACK, thrower, VALUE_UNDEFINED, VALUE_UNDEFINED);
        job_enqueue(f.g, JOB_CALLBACK, teller(&f, "x"), VALUE_UNDEFINED, VALUE_UNDEFINED);
    }
    int thrown = 0;
    for (Tri ran; (ran = job_run_next(f.g)) != TRI_FALSE;) {
        if (ran != TRI_THROWN) continue;
        thrown++;
        (void)error_take(f.g);
    }
    EXPECT_EQ(3, thrown);
    EXPECT_RUNS(&f, "x,x,x", "told");
    vm_fixture_end(&f);
}

TEST(promise_settles_once_and_tells_all_in_order)
{
    VmFixture f;
    begin(&f);
    Promise *p = promise_new(f.g);
    EXPECT_EQ(PROMISE_PENDING, promise_state(p));
    promise_then(f.g, p, teller(&f, "first "), VALUE_UNDEFINED, NULL);
    promise_then(f.g, p, teller(&f, "second "), teller(&f, "never "), NULL);
    Value resolve, reject;
    promise_resolving_functions(f.g, p, &resolve, &reject);
    EXPECT(!value_is_thrown(callable_call1(f.g, resolve, VALUE_UNDEFINED, value_from_int(7))));
    EXPECT(!value_is_thrown(callable_call1(f.g, reject, VALUE_UNDEFINED, value_from_int(8))));
    EXPECT(!value_is_thrown(callable_call1(f.g, resolve, VALUE_UNDEFINED, value_from_int(9))));
    EXPECT_EQ(PROMISE_FULFILLED, promise_state(p));
    EXPECT_EQ(value_from_int(7), p->result);
    EXPECT_RUNS(&f, "", "told");                              // reactions are jobs
    promise_then(f.g, p, teller(&f, "late "), VALUE_UNDEFINED, NULL);
    vm_fixture_drain(&f);
    EXPECT_RUNS(&f, "first 7,second 7,late 7", "told");
    vm_fixture_end(&f);
}

TEST(promise_resolved_with_itself_or_a_promise)
{
    VmFixture f;
    begin(&f);
    Promise *p = promise_new(f.g), *outer = promise_new(f.g), *inner = promise_new(f.g);
    promise_resolve(f.g, p, value_from_cell(p));
    EXPECT_EQ(PROMISE_REJECTED, promise_state(p));
    EXPECT_VALUE(&f, "TypeError: Chaining cycle detected for promise #<Promise>", p->result);
    promise_resolve(f.g, outer, value_from_cell(inner));
    vm_fixture_drain(&f);
    EXPECT_EQ(PROMISE_PENDING, promise_state(outer));
    promise_reject(f.g, inner, value_from_int(5));
    vm_fixture_drain(&f);
    EXPECT_EQ(PROMISE_REJECTED, promise_state(outer));
    EXPECT_EQ(value_from_int(5), outer->result);
    EXPECT(promise_resolve_with(f.g, vm_fixture_run(&f, "Promise"), value_from_cell(inner)) == value_from_cell(inner));
    vm_fixture_end(&f);
}

TEST(promise_derived_follows_its_handler)
{
    static const struct {
        const char  *on_fulfilled, *on_rejected;
        bool         rejects;
        PromiseState state;
        const char  *result;
    } rows[] = {
        { "x => x + 1", "x => 'no'", false, PROMISE_FULFILLED, "8" },
        { "x => 'no'", "x => x * 2", true, PROMISE_FULFILLED, "14" },
        { "undefined", "undefined", false, PROMISE_FULFILLED, "7" },
        { "x => 'no'", "undefined", true, PROMISE_REJECTED, "7" },
        { "x => { throw x + 2 }", "undefined", false, PROMISE_REJECTED, "9" },
        { "x => Promise.reject('inner')", "undefined", false, PROMISE_REJECTED, "inner" },
        { "x => ({ then(r) { r('thenable') } })", "undefined", false, PROMISE_FULFILLED, "thenable" },
        { "x => ({ get then() { throw 'getter' } })", "undefined", false, PROMISE_REJECTED, "getter" },
    };
    VmFixture f;
    begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Promise *p = promise_new(f.g), *derived = promise_new(f.g);
        Capability capability = { value_from_cell(derived), VALUE_UNDEFINED, VALUE_UNDEFINED };
        Value on_fulfilled = vm_fixture_run(&f, rows[i].on_fulfilled);
        promise_then(f.g, p, on_fulfilled, vm_fixture_run(&f, rows[i].on_rejected), &capability);
        if (rows[i].rejects) promise_reject(f.g, p, value_from_int(7));
        else promise_fulfill(f.g, p, value_from_int(7));
        vm_fixture_drain(&f);
        EXPECT_EQ(rows[i].state, promise_state(derived));
        EXPECT_VALUE(&f, rows[i].result, derived->result);
    }
    vm_fixture_end(&f);
}

/* How many jobs lie between, by the standard: a thenable costs two, await of a native promise one. */
TEST(promise_reactions_come_in_the_standards_order)
{
    VmFixture f;
    begin(&f);
    EXPECT_RUNS(&f, "sync",
        "const t = x => told.push(x);\n"
        "Promise.resolve().then(() => t(1)).then(() => t(2)).then(() => t(3)).then(() => t(4));\n"
        "new Promise(r => r(Promise.resolve())).then(() => t('promise'));\n"
        "(async () => { await null; t('await'); await { then(r) { r() } }; t('thenable') })();\n"
        "(async () => Promise.resolve())().then(() => t('async'));\n"
        "queueMicrotask(() => t('micro'));\n"
        "t('sync'); told");
    vm_fixture_drain(&f);
    EXPECT_RUNS(&f, "sync,1,await,micro,2,3,promise,thenable,async,4", "told");
    vm_fixture_end(&f);
}

TEST(promise_rejection_without_a_handler_is_noted_until_one_comes)
{
    VmFixture f;
    begin(&f);
    EXPECT_RUNS(&f, "undefined",
                "var lost = Promise.reject(1), saved = Promise.reject(2); saved.catch(() => {}); undefined");
    Value lost = task_take_rejection(f.g);
    EXPECT(lost == vm_fixture_run(&f, "lost"));
    EXPECT_EQ(VALUE_HOLE, task_take_rejection(f.g));
    vm_fixture_drain(&f);
    EXPECT_EQ(VALUE_HOLE, task_take_rejection(f.g));
    vm_fixture_end(&f);
}

TEST(task_timers_come_by_deadline_then_by_order)
{
    VmFixture f;
    begin(&f);
    Value proto = value_from_cell(vm_fixture_object(&f, "({})"));
    Task *tasks[5];
    static const uint32_t delays[] = { 30, 10, 20, 10, 0 };
    for (int i = 0; i < 5; i++) {
        tasks[i] = task_new(f.g, proto, teller(&f, "t"), VALUE_UNDEFINED, TASK_IS_REF, delays[i]);
        task_schedule(f.g, tasks[i], 1000);
        EXPECT(task_is_active(tasks[i]) && task_find(f.g, tasks[i]->id) == tasks[i]);
    }
    EXPECT(task_is_alive(f.g));
    EXPECT_EQ(1000, task_deadline_ms(task_queue(f.g)));
    EXPECT(!task_take_due(f.g, 999, UINT64_MAX));
    task_cancel(f.g, tasks[2]);
    EXPECT(!task_is_active(tasks[2]));
    EXPECT(task_take_due(f.g, 1010, UINT64_MAX) == tasks[4] && task_take_due(f.g, 1010, UINT64_MAX) == tasks[1]);
    EXPECT(task_take_due(f.g, 1010, UINT64_MAX) == tasks[3] && !task_take_due(f.g, 1010, UINT64_MAX));
    task_set_ref(f.g, tasks[0], false);
    EXPECT(!task_is_alive(f.g));
    EXPECT(task_take_due(f.g, 5000, UINT64_MAX) == tasks[0]);
    EXPECT_EQ(INT64_MAX, task_deadline_ms(task_queue(f.g)));
    vm_fixture_end(&f);
}
