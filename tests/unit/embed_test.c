/* SPDX-License-Identifier: MIT */
/* vm/ultrascript.h from one thread: values, calls, errors, classes, handles, root sets, finalizers. Threads are in
 * embed_thread_test.c. */
#include <string.h>

#include "tests/unit/test.h"
#include "vm/ultrascript.h"

typedef struct Host {
    UsVm        *vm;
    UsGoroutine *g;
    char         text[400];
} Host;

static void host_begin(Host *host, const UsConfig *config)
{
    REQUIRE(us_vm_create(config, &host->vm, &host->g) == US_OK);
}

static void host_end(Host *host)
{
    EXPECT_EQ(US_OK, us_vm_destroy(host->vm));
}

static const char *host_show(Host *host, UsValue v)
{
    return us_to_text(host->g, v, host->text, sizeof host->text, NULL) == US_OK ? host->text : "not shown";
}

static UsStatus host_run(Host *host, const char *source, UsValue *result)
{
    return us_evaluate(host->g, "t.us", source, strlen(source), 0, result);
}

/* What a script comes to, as text; "!! " stands before what it throws. */
static const char *host_evaluate(Host *host, const char *source)
{
    UsValue v = us_undefined();
    UsStatus status = host_run(host, source, &v);
    if (status != US_OK && status != US_THROWN) return us_status_text(status);
    static char shown[404];
    snprintf(shown, sizeof shown, "%s%s", status == US_THROWN ? "!! " : "", host_show(host, v));
    return shown;
}

static UsValue host_value(Host *host, const char *source)
{
    UsValue v = us_undefined();
    REQUIRE(host_run(host, source, &v) == US_OK);
    return v;
}

TEST(embed_vm_is_made_and_ended_again_and_again)
{
    for (int i = 0; i < 5; i++) {
        Host host;
        host_begin(&host, NULL);
        EXPECT_TEXT("3", host_evaluate(&host, "1 + 2"));
        host_end(&host);
        EXPECT(!us_current());
    }
}

TEST(embed_thread_has_one_vm)
{
    Host host;
    UsVm *vm;
    UsGoroutine *g;
    host_begin(&host, NULL);
    EXPECT_EQ(US_ERROR_STATE, us_vm_create(NULL, &vm, &g));
    EXPECT_EQ(US_ERROR_STATE, us_attach(host.vm, &g));
    EXPECT_EQ(US_ERROR_STATE, us_detach(host.g));
    EXPECT(us_current() == host.g && us_vm_of(host.g) == host.vm);
    host_end(&host);
}

TEST(embed_errors_are_values)
{
    Host host;
    UsValue v;
    host_begin(&host, NULL);
    EXPECT_TEXT("!! TypeError: Cannot read properties of null (reading 'x')", host_evaluate(&host, "null.x"));
    EXPECT_TEXT("!! SyntaxError: unexpected token `)`; expected an expression", host_evaluate(&host, ")"));
    EXPECT_TEXT("!! Error: process.exit ends the process, which is the host's to do",
                host_evaluate(&host, "process.exit(1)"));
    EXPECT_EQ(US_THROWN, us_call(host.g, us_number(1), us_undefined(), 0, NULL, &v));
    EXPECT_EQ(US_OBJECT, us_type(v));
    EXPECT_EQ(US_THROWN, us_construct(host.g, us_null(), 0, NULL, &v));
    EXPECT_EQ(US_THROWN, us_get(host.g, us_undefined(), "x", &v));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_set(host.g, us_number(1), "x", us_null(), NULL));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_call(host.g, us_null(), us_null(), 1, NULL, &v));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_string(host.g, "a", 1, NULL));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_poll(NULL));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_share(host.g, (UsValue){ 0 }));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_evaluate(host.g, "t.us", "1", 1, 64, &v));
    host_end(&host);
}

TEST(embed_values_go_in_and_out)
{
    Host host;
    UsValue v, a, items[2] = { us_number(7), us_boolean(true) };
    double d;
    size_t size;
    char text[4];
    host_begin(&host, NULL);
    EXPECT_EQ(US_OK, us_array(host.g, 2, items, &a));
    EXPECT_EQ(US_OK, us_set(host.g, us_global(host.g), "a", a, NULL));
    EXPECT_TEXT("7,true", host_evaluate(&host, "`${a}`"));
    EXPECT_EQ(US_OK, us_set_index(host.g, a, 2, us_null(), NULL));
    EXPECT_EQ(US_OK, us_get(host.g, a, "length", &v));
    EXPECT_EQ(US_OK, us_to_number(host.g, v, &d, NULL));
    EXPECT_EQ(3, d);
    EXPECT_EQ(US_OK, us_get_index(host.g, a, 1, &v));
    EXPECT(us_type(v) == US_BOOLEAN && us_to_boolean(v) && us_is_same(host.g, v, items[1]));
    EXPECT_EQ(US_OK, us_string(host.g, "aäö", 5, &v));
    EXPECT_EQ(US_OK, us_to_text(host.g, v, text, sizeof text, &size));
    EXPECT_TEXT("aä", text);
    EXPECT_EQ(5, size);
    EXPECT_EQ(US_BIGINT, us_type(host_value(&host, "2n ** 70n")));
    EXPECT_EQ(US_SYMBOL, us_type(host_value(&host, "Symbol.iterator")));
    EXPECT_EQ(US_FUNCTION, us_type(host_value(&host, "(() => 1)")));
    EXPECT_EQ(US_THROWN, us_to_number(host.g, host_value(&host, "Symbol()"), &d, &v));
    host_end(&host);
}

/* ---- functions and classes --------------------------------------------------------------------------------------- */

static UsStatus host_add(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    double sum = 0, d;
    for (size_t i = 0; i < us_argument_count(call); i++) {
        UsStatus status = us_to_number(g, us_argument(call, i), &d, result);
        if (status != US_OK) return status;
        sum += d;
    }
    *result = us_number(sum + *(const double *)us_call_data(call));
    return US_OK;
}

static UsStatus host_call_back(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    return us_call(g, us_argument(call, 0), us_this(call), 0, NULL, result);
}

TEST(embed_function_is_called_and_calls_back)
{
    Host host;
    UsValue add, back;
    double base = 0.5;
    host_begin(&host, NULL);
    EXPECT_EQ(US_OK, us_function(host.g, "add", 2, host_add, &base, &add));
    EXPECT_EQ(US_OK, us_function(host.g, "back", 1, host_call_back, NULL, &back));
    EXPECT_EQ(US_OK, us_set(host.g, us_global(host.g), "add", add, NULL));
    EXPECT_EQ(US_OK, us_set(host.g, us_global(host.g), "back", back, NULL));
    EXPECT_TEXT("6.5", host_evaluate(&host, "add(1, 2, 3)"));
    EXPECT_TEXT("add 2", host_evaluate(&host, "`${add.name} ${add.length}`"));
    EXPECT_TEXT("!! TypeError: Cannot convert a Symbol value to a number", host_evaluate(&host, "add(Symbol())"));
    EXPECT_TEXT("9.5", host_evaluate(&host, "back(() => add(9))"));
    EXPECT_TEXT("caught 5", host_evaluate(&host, "try { back(() => { throw 5 }) } catch (e) { `caught ${e}` }"));
    EXPECT_TEXT("5", host_evaluate(&host, "const ch = new Channel(); go () => { ch <- 5 }; back(() => <-ch)"));
    host_end(&host);
}

static int things_freed;

static void thing_free(void *data)
{
    things_freed += *(int *)data;
    EXPECT(!us_current());
}

static const UsClass thing_class;
static int thing_weight = 1;

static UsStatus thing_construct(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    return us_instance(g, call, &thing_class, &thing_weight, 1000, result);
}

static UsStatus thing_close(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    return us_close(g, us_this(call), us_call_data(call));
}

static const UsMethod thing_methods[] = { { "close", 0, thing_close } };
static const UsClass thing_class = {
    .name = "Thing", .construct = thing_construct, .methods = thing_methods, .method_count = 1, .finalize = thing_free,
};

static void thing_install(Host *host)
{
    UsValue constructor;
    REQUIRE(us_class(host->g, &thing_class, &constructor) == US_OK);
    EXPECT_EQ(US_ERROR_ARGUMENT, us_class(host->g, &thing_class, &constructor));
    EXPECT_EQ(US_OK, us_set(host->g, us_global(host->g), "Thing", constructor, NULL));
    things_freed = 0;
}

TEST(embed_class_finalises_each_instance_once)
{
    Host host;
    UsStats stats;
    host_begin(&host, NULL);
    thing_install(&host);
    EXPECT_TEXT("100",
                host_evaluate(&host, "let n = 0; for (let i = 0; i < 100; i++) n += new Thing() instanceof Thing; n"));
    EXPECT_EQ(US_OK, us_stats(host.g, &stats));
    EXPECT_EQ(100 * 1000 - things_freed * 1000, (int)stats.external_bytes);
    host_evaluate(&host, "var kept = new Thing(); kept.close(); kept.close(); var other = new Thing(); 0");
    EXPECT_EQ(US_OK, us_collect(host.g));
    EXPECT(things_freed >= 99);
    int before = things_freed;
    EXPECT_EQ(US_OK, us_collect(host.g));
    EXPECT(things_freed - before <= 1);                  // one may have been left in a register
    EXPECT_TEXT("!! TypeError: Class constructor Thing cannot be invoked without 'new'",
                host_evaluate(&host, "Thing()"));
    EXPECT_TEXT("true",
                host_evaluate(&host, "class T extends Thing {}; t = new T(); t instanceof T && t instanceof Thing"));
    EXPECT_TEXT("!! Error: an argument that makes no sense", host_evaluate(&host, "Thing.prototype.close.call({})"));
    host_end(&host);
    EXPECT_EQ(103, things_freed);                        // what lives dies with the VM
}

TEST(embed_data_is_the_class_s_own)
{
    Host host;
    static const UsClass other = { .name = "Other", .construct = thing_construct };
    host_begin(&host, NULL);
    thing_install(&host);
    UsValue thing = host_value(&host, "new Thing()");
    EXPECT(us_data(thing, &thing_class) == &thing_weight);
    EXPECT(!us_data(thing, &other) && !us_data(us_null(), &thing_class) && !us_data((UsValue){ 0 }, &thing_class));
    EXPECT_EQ(US_OK, us_close(host.g, thing, &thing_class));
    EXPECT(!us_data(thing, &thing_class));
    EXPECT_EQ(1, things_freed);
    host_end(&host);
}

/* ---- heap -------------------------------------------------------------------------------------------------------- */

/* Overwrite what earlier calls left in this stack and in registers. */
static __attribute__((noinline)) void host_scrub(void)
{
    volatile char space[4000];
    memset((char *)space, 0, sizeof space);
}

static __attribute__((noinline)) void host_make_garbage(Host *host, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        UsValue v;
        EXPECT_EQ(US_OK, us_object(host->g, &v));
        EXPECT_EQ(US_OK, us_set_finalizer(host->g, v, thing_free, &thing_weight));
    }
    host_scrub();
}

TEST(embed_finalizer_runs_once_may_be_replaced_and_taken_away)
{
    Host host;
    UsHandle handle;
    UsValue v;
    static int ten = 10;
    host_begin(&host, NULL);
    things_freed = 0;
    host_make_garbage(&host, 50);
    EXPECT_EQ(US_OK, us_collect(host.g));
    EXPECT(things_freed >= 48 && things_freed <= 50);
    EXPECT_EQ(US_OK, us_object(host.g, &v));
    EXPECT_EQ(US_OK, us_handle(host.g, v, &handle));
    EXPECT_EQ(US_OK, us_set_finalizer(host.g, v, thing_free, &thing_weight));
    EXPECT_EQ(US_OK, us_set_finalizer(host.g, v, thing_free, &ten));
    host_end(&host);
    EXPECT_EQ(60, things_freed);
}

TEST(embed_handle_keeps_its_value_and_goes_stale)
{
    Host host;
    UsHandle first, second, none = { 0 };
    UsValue v;
    host_begin(&host, NULL);
    EXPECT_EQ(US_OK, us_handle(host.g, host_value(&host, "({ x: 'kept' })"), &first));
    for (int i = 0; i < 3; i++) EXPECT_EQ(US_OK, us_collect(host.g));
    EXPECT_EQ(US_OK, us_handle_get(host.g, first, &v));
    EXPECT_EQ(US_OK, us_get(host.g, v, "x", &v));
    EXPECT_TEXT("kept", host_show(&host, v));
    EXPECT_EQ(US_OK, us_handle_free(host.g, first));
    EXPECT_EQ(US_OK, us_handle(host.g, us_number(1), &second));
    EXPECT_EQ(US_ERROR_HANDLE, us_handle_get(host.g, first, &v));
    EXPECT_EQ(US_ERROR_HANDLE, us_handle_free(host.g, first));
    EXPECT_EQ(US_ERROR_HANDLE, us_handle_set(host.g, (UsHandle){ 77 }, v));
    EXPECT_EQ(US_OK, us_handle_set(host.g, second, us_null()));
    EXPECT_EQ(US_OK, us_handle_free(host.g, none));
    host_end(&host);
}

static __attribute__((noinline)) void host_make_weak(Host *host, UsHandle *handles, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        UsValue v;
        EXPECT_EQ(US_OK, us_object(host->g, &v));
        EXPECT_EQ(US_OK, us_weak_handle(host->g, v, &handles[i]));
    }
    host_scrub();
}

TEST(embed_weak_handle_forgets)
{
    Host host;
    UsHandle handles[20];
    UsValue v;
    unsigned dead = 0;
    host_begin(&host, NULL);
    host_make_weak(&host, handles, 20);
    EXPECT_EQ(US_OK, us_collect(host.g));
    for (unsigned i = 0; i < 20; i++) {
        EXPECT_EQ(US_OK, us_handle_get(host.g, handles[i], &v));
        dead += us_type(v) == US_UNDEFINED;
    }
    EXPECT(dead >= 18);
    host_end(&host);
}

TEST(embed_root_set_keeps_and_lets_go)
{
    Host host;
    UsRoots *roots;
    UsValue v;
    host_begin(&host, NULL);
    EXPECT_EQ(US_OK, us_roots(host.g, 3, &roots));
    EXPECT_EQ(US_OK, us_roots_get(host.g, roots, 2, &v));
    EXPECT_EQ(US_UNDEFINED, us_type(v));
    EXPECT_EQ(US_OK, us_roots_set(host.g, roots, 2, host_value(&host, "[1, 2, 3]")));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_roots_set(host.g, roots, 3, v));
    for (int i = 0; i < 3; i++) EXPECT_EQ(US_OK, us_collect(host.g));
    EXPECT_EQ(US_OK, us_roots_get(host.g, roots, 2, &v));
    EXPECT_TEXT("1,2,3", host_show(&host, v));
    EXPECT_EQ(US_OK, us_roots_free(host.g, roots));
    EXPECT_EQ(US_OK, us_roots_free(host.g, NULL));
    host_end(&host);
}

typedef struct Leaks {
    size_t handles, root_sets;
    int    calls;
} Leaks;

static void host_note_leaks(void *context, size_t handles, size_t root_sets)
{
    Leaks *leaks = context;
    leaks->handles = handles;
    leaks->root_sets = root_sets;
    leaks->calls++;
}

TEST(embed_destroy_tells_what_was_not_given_up)
{
    Host host;
    UsRoots *roots[3];
    UsHandle handles[4];
    for (int left = 1; left >= 0; left--) {
        Leaks leaks = { 0 };
        host_begin(&host, &(UsConfig){ .on_leak = host_note_leaks, .context = &leaks });
        for (int i = 0; i < 4; i++) EXPECT_EQ(US_OK, us_handle(host.g, us_number(i), &handles[i]));
        for (int i = 0; i < 3; i++) EXPECT_EQ(US_OK, us_roots(host.g, 1, &roots[i]));
        for (int i = left ? 2 : 0; i < 4; i++) EXPECT_EQ(US_OK, us_handle_free(host.g, handles[i]));
        for (int i = left; i < 3; i++) EXPECT_EQ(US_OK, us_roots_free(host.g, roots[i]));
        host_end(&host);
        EXPECT_EQ(left, leaks.calls);
        EXPECT_EQ((size_t)(left ? 2 : 0), leaks.handles);
        EXPECT_EQ((size_t)left, leaks.root_sets);
    }
}

/* The object and the string that the caller's variables hold are among its goroutine's roots; and there is no more
 * than `capacity`. */
static UsStatus host_look_for_roots(UsGoroutine *g, const UsCall *call, UsValue *result)
{
    UsValue roots[200];
    size_t count, again, found = 0;
    EXPECT_EQ(US_ERROR_ARGUMENT, us_goroutine_roots(g, 1, NULL, &count));
    REQUIRE(us_goroutine_roots(g, 200, roots, &count) == US_OK && count > 0 && count <= 200);
    for (size_t i = 0; i < us_argument_count(call); i++)
        for (size_t k = 0; k < count; k++)
            if (us_type(roots[k]) != US_SYMBOL && us_is_same(g, roots[k], us_argument(call, i))) {
                found++;
                break;
            }
    EXPECT_EQ(US_OK, us_goroutine_roots(g, 0, NULL, &again));
    EXPECT_EQ(count, again);
    *result = us_number((double)found);
    return US_OK;
}

TEST(embed_roots_of_a_goroutine_are_told)
{
    Host host;
    UsValue look;
    size_t count;
    host_begin(&host, NULL);
    EXPECT_EQ(US_OK, us_goroutine_roots(host.g, 0, NULL, &count));
    EXPECT_EQ((size_t)0, count);                         // outside of all code, with nothing to do
    EXPECT_EQ(US_OK, us_function(host.g, "look", 0, host_look_for_roots, NULL, &look));
    EXPECT_EQ(US_OK, us_set(host.g, us_global(host.g), "look", look, NULL));
    EXPECT_TEXT("3", host_evaluate(&host, "(() => { const o = [1], t = `a${o}`; return look(o, t, look) })()"));
    EXPECT_TEXT("0", host_evaluate(&host, "look(1, null)"));
    host_end(&host);
}

TEST(embed_verify_finds_nothing_wrong)
{
    Host host;
    uint64_t faults = 1;
    char text[40] = "?";
    host_begin(&host, NULL);
    EXPECT_EQ(US_ERROR_ARGUMENT, us_verify(host.g, NULL, text, sizeof text));
    EXPECT_EQ(US_OK, us_verify(host.g, &faults, text, sizeof text));
    EXPECT_EQ((uint64_t)0, faults);
    EXPECT_TEXT("", text);
    host_end(&host);
}

TEST(embed_tier_is_what_was_asked_for_until_published)
{
    Host host;
    UsValue mine, shared, v;
    bool all_shared;
    host_begin(&host, NULL);
    EXPECT_EQ(US_ERROR_ARGUMENT, us_allocate(host.g, US_STACK_LOCAL, 1, &mine));
    EXPECT_EQ(US_OK, us_allocate(host.g, US_GOROUTINE_PRIVATE, 2, &mine));
    EXPECT_EQ(US_OK, us_allocate(host.g, US_GOROUTINE_SHARED, 2, &shared));
    EXPECT_EQ(US_OK, us_object(host.g, &v));
    all_shared = us_tier(host.g, v) == US_GOROUTINE_SHARED;          // US_DEBUG=share=all
    EXPECT_EQ(all_shared ? US_GOROUTINE_SHARED : US_GOROUTINE_PRIVATE, us_tier(host.g, mine));
    EXPECT_EQ(US_GOROUTINE_SHARED, us_tier(host.g, shared));
    EXPECT_EQ(US_OK, us_write(host.g, mine, 0, v));
    EXPECT_EQ(all_shared ? US_GOROUTINE_SHARED : US_GOROUTINE_PRIVATE, us_tier(host.g, v));
    EXPECT_EQ(US_OK, us_write(host.g, shared, 1, mine));             // publishes what it reaches
    EXPECT_EQ(US_GOROUTINE_SHARED, us_tier(host.g, mine));
    EXPECT_EQ(US_GOROUTINE_SHARED, us_tier(host.g, v));
    EXPECT_EQ(US_OK, us_read(host.g, mine, 0, &v));
    EXPECT_EQ(US_OBJECT, us_type(v));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_read(host.g, mine, 2, &v));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_write_many(host.g, mine, 1, 2, (UsValue[]){ v, v }));
    EXPECT_EQ(US_OK, us_write_many(host.g, mine, 0, 2, (UsValue[]){ v, us_null() }));
    EXPECT_EQ(US_OK, us_allocate(host.g, US_GLOBAL_SHARED, 1, &v));
    EXPECT_EQ(US_GLOBAL_SHARED, us_tier(host.g, v));
    EXPECT_EQ(US_OK, us_collect(host.g));                            // nothing refers to it
    EXPECT_EQ(US_OK, us_write(host.g, v, 0, us_null()));
    EXPECT_EQ(US_GLOBAL_SHARED, us_tier(host.g, v));
    host_end(&host);
}

TEST(embed_limit_throws_a_range_error_and_the_vm_goes_on)
{
    Host host;
    UsStats stats;
    host_begin(&host, &(UsConfig){ .memory_limit_bytes = 32 << 20 });
    EXPECT_TEXT("!! RangeError: out of memory", host_evaluate(&host, "var a = []; for (;;) a.push({ i: a.length })"));
    EXPECT_EQ(US_OK, us_set(host.g, us_global(host.g), "a", us_null(), NULL));
    EXPECT_EQ(US_OK, us_collect(host.g));
    EXPECT_EQ(US_OK, us_stats(host.g, &stats));
    EXPECT(stats.live_bytes < 16 << 20 && stats.limit_bytes == 32 << 20 && stats.collections > 0);
    EXPECT_EQ(US_OK, us_external(host.g, 100));
    EXPECT_EQ(US_OK, us_external(host.g, -100));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_external(host.g, INT64_MIN));
    host_end(&host);
}

/* ---- goroutines -------------------------------------------------------------------------------------------------- */

static void host_note_uncaught(void *context, UsGoroutine *g, UsValue exception)
{
    char *text = context;
    EXPECT_EQ(US_OK, us_to_text(g, exception, text, 40, NULL));
}

TEST(embed_uncaught_exception_is_the_host_s)
{
    Host host;
    char text[40] = "";
    host_begin(&host, &(UsConfig){ .on_uncaught = host_note_uncaught, .context = text });
    host_evaluate(&host, "go () => { throw new Error('lost') }");
    EXPECT_EQ(US_OK, us_run(host.g));
    EXPECT_TEXT("Error: lost", text);
    host_evaluate(&host, "queueMicrotask(() => { throw 'job' })");
    EXPECT_EQ(US_OK, us_run_jobs(host.g));
    EXPECT_TEXT("job", text);
    host_end(&host);
}

TEST(embed_await_yields_what_a_goroutine_returns_or_throws)
{
    Host host;
    UsValue promise, v;
    host_begin(&host, NULL);
    UsValue f = host_value(&host, "(x) => { runtime.sleep(1); if (x > 5) throw x; return x * 2 }");
    EXPECT_EQ(US_OK, us_go(host.g, f, us_undefined(), 1, (UsValue[]){ us_number(4) }, &promise));
    EXPECT_EQ(US_OK, us_await(host.g, promise, &v));
    EXPECT_TEXT("8", host_show(&host, v));
    EXPECT_EQ(US_OK, us_go(host.g, f, us_undefined(), 1, (UsValue[]){ us_number(6) }, &promise));
    EXPECT_EQ(US_THROWN, us_await(host.g, promise, &v));
    EXPECT_TEXT("6", host_show(&host, v));
    EXPECT_EQ(US_OK, us_await(host.g, us_number(1), &v));
    host_end(&host);
}

TEST(embed_deadlock_is_an_error_not_the_end)
{
    Host host;
    UsValue v;
    host_begin(&host, NULL);
    EXPECT_EQ(US_THROWN, us_await(host.g, host_value(&host, "new Promise(() => {})"), &v));
    EXPECT_TEXT("Error: all goroutines are asleep - deadlock", host_show(&host, v));
    EXPECT_TEXT("!! Error: all goroutines are asleep - deadlock", host_evaluate(&host, "var ch = new Channel(); <-ch"));
    host_evaluate(&host, "var got; go () => { got = <-ch }");
    EXPECT_EQ(US_ERROR_DEADLOCK, us_run(host.g));
    host_evaluate(&host, "ch <- 3");
    EXPECT_EQ(US_OK, us_run(host.g));
    EXPECT_TEXT("3", host_evaluate(&host, "got"));
    host_end(&host);
}

/* What would have ended a wait that failed does not end the next one. */
TEST(embed_wait_that_failed_is_in_no_queue)
{
    static const char *const waits[][2] = {
        { "<-a", "a <- 5" },
        { "a <- 1", "<-a" },
        { "select { case <-a: case b <- 2: }", "a <- 5" },
        { "gate.acquire()", "gate.release()" },
        { "group.wait()", "group.done()" },
        { "Atomics.wait(cells, 0, 0)", "Atomics.notify(cells, 0)" },
    };
    Host host;
    char text[256];
    host_begin(&host, NULL);
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        host_evaluate(&host, "var a = new Channel(), b = new Channel(), reply = new Channel(), gate = new Semaphore(0);"
                             "var group = new WaitGroup(), cells = new Int32Array(new SharedArrayBuffer(4));"
                             "group.add(1)");
        EXPECT_TEXT("!! Error: all goroutines are asleep - deadlock", host_evaluate(&host, waits[i][0]));
        snprintf(text, sizeof text, "go () => { %s }; go () => { runtime.sleep(2); reply <- 7 }; <-reply", waits[i][1]);
        EXPECT_TEXT("7", host_evaluate(&host, text));
    }
    host_end(&host);
}

TEST(embed_destroy_stops_goroutines_that_run_and_wait)
{
    Host host;
    host_begin(&host, &(UsConfig){ .workers = 3 });
    host_evaluate(&host, "for (let i = 0; i < 4; i++) go () => { for (;;) [i] }; go () => { select {} }");
    for (int i = 0; i < 50; i++) host_evaluate(&host, "runtime.sleep(0.1)");
    host_end(&host);
}

TEST(embed_module_is_evaluated)
{
    Host host;
    UsValue promise, v;
    static const char source[] = "export const x = await Promise.resolve(4); globalThis.seen = x";
    host_begin(&host, NULL);
    EXPECT_EQ(US_OK, us_evaluate(host.g, "m.js", source, strlen(source), US_EVALUATE_MODULE, &promise));
    EXPECT_EQ(US_OK, us_await(host.g, promise, &v));
    EXPECT_TEXT("4", host_evaluate(&host, "seen"));
    host_end(&host);
}
