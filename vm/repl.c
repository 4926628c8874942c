/* SPDX-License-Identifier: MIT */
#include "vm/repl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "lib/process.h"
#include "vm/base/mem.h"
#include "vm/commonjs.h"
#include "vm/evaluate.h"
#include "vm/interrupt.h"
#include "vm/lineedit.h"
#include "vm/loop.h"
#include "vm/object/convert.h"
#include "vm/object/promise.h"
#include "vm/report.h"
#include "vm/vm.h"

/* ---- running ----------------------------------------------------------------------------------------------------- */

/* The last value, for the next lines. */
static void repl_keep(Goroutine *g, Value v)
{
    object_define(&g->heap, object_of(realm_current(g)->global_this), intern_key_text(&g->heap, "_"), v, PROPERTY_METHOD);
}

/* The result of a line with a top-level await is what its promise comes to. False: it was told already. */
static bool repl_await(Goroutine *g, Value *v)
{
    Promise *p = promise_of(*v);
    promise_set_handled(g, p);
    loop_wait(g, *v);
    if (promise_state(p) == PROMISE_REJECTED) report_value(g, "Uncaught", p->result);
    if (promise_state(p) == PROMISE_FULFILLED) *v = p->result;
    return promise_state(p) != PROMISE_REJECTED;
}

/* What a line came to; undefined for one that threw, of which the loop has told. */
typedef struct ReplResult {
    Value value;                         // a local of repl_run_text, hence a root
    bool  is_there;
} ReplResult;

static ReplResult *repl_result;

static void repl_take(Goroutine *g, Value v)
{
    (void)g;
    *repl_result = (ReplResult){ v, true };
}

static void repl_finish(Goroutine *g, Value v, bool awaits)
{
    if (awaits && value_is_kind(v, KIND_PROMISE) && !repl_await(g, &v)) return;
    loop_turn(g);
    repl_keep(g, v);
    report_result(g, v, false);
}

static void repl_run_line(Goroutine *g, Unit *unit)
{
    bool awaits = (unit->functions[0].flags & UNIT_IS_ASYNC) != 0;
    ReplResult result = { VALUE_UNDEFINED, false };
    Realm *realm = realm_current(g);
    repl_result = &result;
    if (!loop_run_line(g, evaluate_script_function(g, unit, realm, VALUE_UNDEFINED), realm->global_this, repl_take))
        fputs("(waiting)\n", stderr);
    if (result.is_there) repl_finish(g, result.value, awaits);
}

/* False: the text wants more lines. */
static bool repl_run_text(Goroutine *g, Buf *text)
{
    CompileOptions options = { .kind = COMPILE_REPL, .dialect = compile_dialect_of_file("repl.us"), .keeps_source = true,
                               .wants_completion = true };
    CompileResult r = compile_source("REPL", buf_text(text), text->count, &options);
    if (!r.unit && r.is_incomplete) {
        compile_result_deinit(&r);
        return false;
    }
    if (!r.unit) {
        fputs(r.report ? r.report : "error: out of memory\n", stderr);
    } else {
        repl_run_line(g, unit_retain(r.unit));
    }
    compile_result_deinit(&r);
    return true;
}

/* Ctrl-C where a line was to be typed. True: once more at an empty one. */
static bool repl_is_dismissed(bool *is_warned, bool is_empty)
{
    if (is_empty && *is_warned) return true;
    if (is_empty) puts("(Ctrl-C once more, Ctrl-D or .exit leaves.)");
    *is_warned = is_empty;
    return false;
}

static void repl_loop(Goroutine *g, Interrupt *in)
{
    Buf text;
    buf_init(&text);
    for (bool is_warned = false, interrupted;;) {
        sched_leave(g);                                  // other goroutines run while the user thinks
        char *line = lineedit_read(text.count ? "... " : "> ", &interrupted);
        sched_return(g);
        if (!line) break;
        if (interrupted) {
            bool is_empty = !text.count && !*line;
            free(line);
            if (repl_is_dismissed(&is_warned, is_empty)) break;
            buf_clear(&text);
            continue;
        }
        bool is_exit = !text.count && (!strcmp(line, ".exit") || !strcmp(line, ".quit"));
        bool is_break = !strcmp(line, ".break");
        buf_put_text(&text, is_break ? "" : line);
        buf_put_byte(&text, '\n');
        free(line);
        if (is_exit) break;
        interrupt_set_running(in, true);
        if (is_break || repl_run_text(g, &text)) buf_clear(&text);
        interrupt_set_running(in, false);
        is_warned = false;
    }
    if (text.count > 1) fputs("error: the input ended in the middle of a statement\n", stderr);
    buf_deinit(&text);
}

int repl_run(const Options *o)
{
    VmOptions vm_options = options_of_vm(o);
    vm_options.is_test262 = false;
    vm_options.is_interactive = true;
    bool is_terminal = isatty(STDIN_FILENO);
    if (is_terminal) interrupt_block();
    Vm *vm = vm_create(&vm_options);
    if (!vm) return EXIT_UNCAUGHT;
    Goroutine *g = vm_main_goroutine(vm);
    Interrupt *in = is_terminal ? interrupt_open(vm) : NULL;
    commonjs_install_globals(g, "repl");
    if (is_terminal) printf("UltraScript %s. The last value is _; .exit or Ctrl-D leaves.\n", VERSION);
    lineedit_open();
    repl_loop(g, in);
    lineedit_close();
    loop_exit(g, lib_process_exit_code(g));
}
