/* SPDX-License-Identifier: MIT */
/* main.c - the command: what the arguments ask for. */
#include <stdio.h>
#include <string.h>

#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/base/mem.h"
#include "vm/evaluate.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/job.h"
#include "vm/test262.h"
#include "vm/vm.h"

static void report(Goroutine *g)
{
    Value e = error_take(g);
    if (value_is_kind(e, KIND_ERROR)) {
        Value s = object_get(g, object_of(e), vm_atom(g->vm, ATOM_stack));
        if (!value_is_thrown(s)) e = s;
    }
    String *s = convert_to_string(g, e);
    if (!s) { fprintf(stderr, "uncaught\n"); return; }
    char *text = string_to_utf8(&g->heap, s, NULL, false);
    fprintf(stderr, "Uncaught %s\n", text);
    mem_free(text);
}

int main(int argc, char **argv)
{
    while (argc > 2 && argv[1][0] == '-') argc--, argv++;
    if (argc < 2) return 9;
    debug_init();
    limbs_init();
    Buf source;
    buf_init(&source);
    FILE *f = fopen(argv[1], "rb");
    if (!f) return 1;
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) buf_put(&source, block, n);
    fclose(f);
    VmOptions options = { .is_test262 = true };
    Vm *vm = vm_create(&options);
    Goroutine *g = vm_main_goroutine(vm);
    test262_install(g, g->vm->realms);
    CompileOptions compile = { .kind = COMPILE_SCRIPT, .dialect = compile_dialect_of_file(argv[1]), .keeps_source = true };
    CompileResult r = compile_source(argv[1], buf_text(&source), source.count, &compile);
    if (!r.unit) {
        fputs(r.report, stderr);
        return 1;
    }
    bool failed = value_is_thrown(evaluate_script(g, unit_retain(r.unit), vm->realms, VALUE_UNDEFINED));
    if (failed) report(g);
    job_run_all(g, report);
    compile_result_deinit(&r);
    vm_destroy(vm);
    return failed;
}
