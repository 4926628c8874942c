/* SPDX-License-Identifier: MIT */
/* vm_fixture.h - a whole VM, and programs run in it, for the tests of the layers above the collector.
 *
 *     VmFixture f;
 *     vm_fixture_begin(&f);
 *     EXPECT_RUNS(&f, "3", "1 + 2");
 *     vm_fixture_end(&f);
 *
 * US_DEBUG counts here as it does for the command: US_DEBUG=gcstress=1,verify collects at every allocation. */
#ifndef US_TESTS_UNIT_VM_FIXTURE_H
#define US_TESTS_UNIT_VM_FIXTURE_H

#include <string.h>

#include "tests/unit/test.h"
#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/base/mem.h"
#include "vm/evaluate.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/job.h"
#include "vm/vm.h"

enum { VM_FIXTURE_TEXTS = 16 };

typedef struct VmFixture {
    VmOptions  options;                  // all 0, unless set before vm_fixture_begin_with
    Vm        *vm;
    Goroutine *g;
    LocalHeap *h;
    char      *texts[VM_FIXTURE_TEXTS];  // the latest texts handed out
    uint32_t   text_count;
} VmFixture;

static inline void vm_fixture_begin_with(VmFixture *f, VmOptions options)
{
    debug_init();
    limbs_init();
    *f = (VmFixture){ .options = options };
    f->vm = vm_create(&f->options);
    REQUIRE(f->vm);
    f->g = vm_main_goroutine(f->vm);
    f->h = &f->g->heap;
}

static inline void vm_fixture_begin(VmFixture *f)
{
    vm_fixture_begin_with(f, (VmOptions){ 0 });
}

static inline void vm_fixture_end(VmFixture *f)
{
    for (int i = 0; i < VM_FIXTURE_TEXTS; i++) mem_free(f->texts[i]);
    vm_destroy(f->vm);
}

/* UTF-8 of a string, with lone surrogates kept; good until some more were asked for. */
static inline const char *vm_fixture_text(VmFixture *f, String *s)
{
    char **place = &f->texts[f->text_count++ % VM_FIXTURE_TEXTS];
    mem_free(*place);
    *place = s ? string_to_utf8(f->h, s, NULL, true) : NULL;
    return *place;
}

/* The value of a script's last statement, or VALUE_THROWN. Jobs wait until vm_fixture_drain. */
static inline Value vm_fixture_run(VmFixture *f, const char *source)
{
    CompileOptions options = { .kind = COMPILE_SCRIPT, .wants_completion = true, .keeps_source = true,
                               .dialect = compile_dialect_of_file("t.us") };
    Unit *unit = evaluate_compile(f->g, "t.us", source, strlen(source), &options, NULL);
    if (!unit) return VALUE_THROWN;
    return evaluate_script(f->g, unit, realm_current(f->g), VALUE_UNDEFINED);
}

/* String(v); of VALUE_THROWN, "!! " and the exception, which is taken. */
static inline const char *vm_fixture_show(VmFixture *f, Value v)
{
    bool is_thrown = value_is_thrown(v);
    if (is_thrown) v = error_take(f->g);
    String *s = value_is_symbol(v) ? symbol_descriptive_string(f->h, symbol_of(v)) : convert_to_string(f->g, v);
    if (!s) return "an exception that cannot be shown";
    if (is_thrown) s = string_concat(f->h, string_new_text(f->h, "!! "), s);
    return vm_fixture_text(f, s);
}

static inline const char *vm_fixture_evaluate(VmFixture *f, const char *source)
{
    return vm_fixture_show(f, vm_fixture_run(f, source));
}

/* Run jobs until none is left. */
static inline void vm_fixture_drain(VmFixture *f)
{
    for (Tri more = TRI_TRUE; more != TRI_FALSE;) {
        more = job_run_next(f->g);
        if (more == TRI_THROWN) (void)error_take(f->g);
    }
}

static inline String *vm_fixture_string(VmFixture *f, const char *utf8)
{
    String *s = string_new_wtf8(f->h, utf8, strlen(utf8));
    REQUIRE(s);
    return s;
}

static inline PropertyKey vm_fixture_key(VmFixture *f, const char *utf8)
{
    return intern_key(f->h, vm_fixture_string(f, utf8));
}

/* An object that a script makes. */
static inline Object *vm_fixture_object(VmFixture *f, const char *source)
{
    Value v = vm_fixture_run(f, source);
    REQUIRE(!value_is_thrown(v) && value_is_object(v));
    return object_of(v);
}

#define EXPECT_STRING(f, expected, string) EXPECT_TEXT((expected), vm_fixture_text((f), (string)))
#define EXPECT_VALUE(f, expected, value) EXPECT_TEXT((expected), vm_fixture_show((f), (value)))
#define EXPECT_RUNS(f, expected, source) EXPECT_TEXT((expected), vm_fixture_evaluate((f), (source)))

#endif
