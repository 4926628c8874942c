/* SPDX-License-Identifier: MIT */
#include "vm/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/process.h"
#include "vm/base/file.h"
#include "vm/base/mem.h"
#include "vm/bytecode/disasm.h"
#include "vm/commonjs.h"
#include "vm/evaluate.h"
#include "vm/loader.h"
#include "vm/object/convert.h"
#include "vm/loop.h"
#include "vm/report.h"
#include "vm/resolve.h"
#include "vm/test262.h"
#include "vm/vm.h"

/* What is to be run, and how it is to be read. */
typedef struct Program {
    const Options *options;
    const char    *name;                 // as messages show it
    char          *path;                 // real path of a file; NULL: the text is no file
    Buf            text;
    CompileOptions compile;
} Program;

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Read a file whole; "-" is standard input. False: a message is on standard error. */
static bool program_read(const char *path, Buf *text)
{
    int error = strcmp(path, "-") ? file_read(path, text) : file_read_stream(stdin, text);
    if (error) fprintf(stderr, "ultrascript: %s: %s\n", path, strerror(error));
    return error == 0;
}

static void program_read_code(Program *p, const char *code, const char *name)
{
    p->name = name;
    buf_put_text(&p->text, code);
    p->compile.kind = COMPILE_DETECT;
    p->compile.dialect = compile_dialect_of_file("code.us");
}

static bool program_read_file(Program *p, Goroutine *g, const char *file)
{
    bool is_stdin = !strcmp(file, "-");
    if (!program_read(file, &p->text)) return false;
    p->name = is_stdin ? "<stdin>" : file;
    p->path = is_stdin ? NULL : realpath(file, NULL);
    p->compile.dialect = compile_dialect_of_file(is_stdin ? "stdin.us" : file);
    p->compile.kind = is_stdin ? COMPILE_DETECT : loader_kind(resolve_format(g, p->path ? p->path : file));
    return true;
}

static bool program_load(Program *p, Goroutine *g)
{
    const Options *o = p->options;
    p->compile.keeps_source = true;
    if (o->is_set[OPTION_PRINT]) {
        program_read_code(p, o->value[OPTION_PRINT], "<print>");
        p->compile.wants_completion = true;
    } else if (o->is_set[OPTION_EVAL]) {
        program_read_code(p, o->value[OPTION_EVAL], "<eval>");
    } else if (!program_read_file(p, g, o->file ? o->file : "-")) {
        return false;
    }
    if (o->is_set[OPTION_TEST262]) p->compile.kind = COMPILE_SCRIPT;
    if (o->is_set[OPTION_MODULE]) p->compile.kind = COMPILE_MODULE;
    return true;
}

/* ---- dumping and checking ---------------------------------------------------------------------------------------- */

static bool program_only_looks(const Options *o)
{
    return o->is_set[OPTION_CHECK] || o->is_set[OPTION_DUMP_AST] || o->is_set[OPTION_DUMP_SCOPES] || o->is_set[OPTION_DUMP_BYTECODE];
}

static int program_look(Program *p)
{
    Buf tree, scopes, code;
    buf_init(&tree);
    buf_init(&scopes);
    buf_init(&code);
    if (p->options->is_set[OPTION_DUMP_AST]) p->compile.dump_tree = &tree;
    if (p->options->is_set[OPTION_DUMP_SCOPES]) p->compile.dump_scopes = &scopes;
    CompileResult r = compile_source(p->name, buf_text(&p->text), p->text.count, &p->compile);
    if (r.report) fputs(r.report, stderr);
    if (r.unit && p->options->is_set[OPTION_DUMP_BYTECODE]) disasm_unit(&code, r.unit);
    fwrite(tree.bytes, 1, tree.count, stdout);
    fwrite(scopes.bytes, 1, scopes.count, stdout);
    fwrite(code.bytes, 1, code.count, stdout);
    int status = r.unit ? 0 : EXIT_UNCAUGHT;
    compile_result_deinit(&r);
    buf_deinit(&tree);
    buf_deinit(&scopes);
    buf_deinit(&code);
    return status;
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

static Value program_run_module(Goroutine *g, const Program *p, Unit *unit)
{
    Module *m = loader_load_unit(g, p->path ? p->path : p->name, unit);
    if (!m) return VALUE_THROWN;
    m->is_program = VALUE_TRUE;
    return loader_run(g, m);
}

static void program_show(Goroutine *g, Value v)
{
    report_result(g, v, true);
}

/* Let the goroutine's loop run the program. What a module imports has run when this returns the module's promise.
 * VALUE_THROWN: it cannot begin, or was a module and could not be loaded. */
static Value program_start(Goroutine *g, Program *p, bool *is_module)
{
    Unit *unit = evaluate_compile(g, p->name, buf_text(&p->text), p->text.count, &p->compile, is_module);
    void (*done)(Goroutine *g, Value v) = p->options->is_set[OPTION_PRINT] ? program_show : NULL;
    if (!unit) return VALUE_THROWN;
    if (p->path) loader_set_slot(g, LOADER_MAIN, value_from_cell(string_new_utf8(&g->heap, p->path, strlen(p->path))));
    if (*is_module) return program_run_module(g, p, unit);
    if (p->compile.kind == COMPILE_COMMONJS || p->compile.kind == COMPILE_DETECT_COMMONJS) {
        return commonjs_begin(g, unit, loader_slot(g, LOADER_MAIN), done) ? VALUE_UNDEFINED : VALUE_THROWN;
    }
    if (!p->options->is_set[OPTION_TEST262]) commonjs_install_globals(g, p->name);
    Value f = evaluate_script_function(g, unit, realm_current(g), loader_slot(g, LOADER_MAIN));
    loop_set_program(g, f, realm_current(g)->global_this, 0, NULL, done);
    return VALUE_UNDEFINED;
}

/* A file of -r. Under --test262 it is a script of the same realm. */
static bool program_run_first(Goroutine *g, const Options *o, const char *file)
{
    if (!o->is_set[OPTION_TEST262]) {
        char *directory = loader_directory(g, VALUE_UNDEFINED), *path = resolve_file(g, directory, file, false);
        mem_free(directory);
        Value v = commonjs_require_file(g, path ? path : file);
        mem_free(path);
        return !value_is_thrown(v);
    }
    Buf text;
    buf_init(&text);
    CompileOptions options = { .kind = COMPILE_SCRIPT, .dialect = compile_dialect_of_file(file), .keeps_source = true };
    bool done = loader_read(g, file, &text);
    Value path = value_from_cell(string_new_utf8(&g->heap, file, strlen(file)));
    Unit *unit = done ? evaluate_compile(g, file, buf_text(&text), text.count, &options, NULL) : NULL;
    buf_deinit(&text);
    return unit && !value_is_thrown(evaluate_script(g, unit, realm_current(g), path));
}

/* What a module's promise says when nothing is left to do. A rejection was told by the loop as one that nobody
 * handled; under --test262 nobody watches for those. */
static int program_judge_module(Goroutine *g, const Program *p, const Promise *promise)
{
    switch (promise_state(promise)) {
    case PROMISE_PENDING:
        fprintf(stderr, "%s: warning: the program ended while a top-level await waited\n", p->name);
        return EXIT_UNSETTLED;
    case PROMISE_REJECTED:
        if (!p->options->is_set[OPTION_TEST262]) return 0;
        report_value(g, "Uncaught", promise->result);
        return EXIT_UNCAUGHT;
    default:
        return 0;
    }
}

/* After the program's own code, whose value or promise is `v`: the event loop. */
static int program_finish(Goroutine *g, const Program *p, Value v, bool is_module)
{
    bool failed = value_is_thrown(v);
    int status = loop_finish_program(g, failed, is_module);
    return status == 0 && !failed && is_module ? program_judge_module(g, p, promise_of(v)) : status;
}

static int program_go(Goroutine *g, Program *p)
{
    bool is_module = false;
    for (int i = 0; i < p->options->require_count; i++) {
        if (program_run_first(g, p->options, p->options->requires[i])) continue;
        report_exception(g);
        return EXIT_UNCAUGHT;
    }
    if (p->path) lib_process_set_program(g, p->path);
    Value v = program_start(g, p, &is_module);
    return program_finish(g, p, v, is_module);
}

int program_run(const Options *o, char **argv)
{
    VmOptions vm_options = options_of_vm(o);
    Program p = { .options = o };
    buf_init(&p.text);
    Vm *vm = vm_create(&vm_options);
    if (!vm) {
        fprintf(stderr, "%s: no address space for the heap\n", argv[0]);
        return EXIT_UNCAUGHT;
    }
    Goroutine *g = vm_main_goroutine(vm);
    if (vm_options.is_test262) test262_install(g, realm_current(g));
    int status = EXIT_UNCAUGHT;
    if (program_load(&p, g)) status = program_only_looks(o) ? program_look(&p) : program_go(g, &p);
    fflush(stdout);
    vm_destroy(vm);
    buf_deinit(&p.text);
    free(p.path);
    return status;
}
