/* SPDX-License-Identifier: MIT */
#include "vm/evaluate.h"

#include <stdio.h>
#include <string.h>

#include "vm/base/mem.h"
#include "vm/exec/code.h"
#include "vm/exec/evalcode.h"
#include "vm/exec/frames.h"
#include "vm/exec/unwind.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/unitcache.h"

/* A SyntaxError that shows where in the source it is. */
enum { EVALUATE_FRAME_BYTES = 64 };           // what compile_put_function puts around parameters and body

static void evaluate_throw(Goroutine *g, const CompileResult *result)
{
    LocalHeap *h = &g->heap;
    error_throw(g, ERROR_SYNTAX, "%s", result->message ? result->message : "out of memory");
    if (!result->report) return;
    String *report = string_new_utf8(h, result->report, strlen(result->report));
    ErrorObject *e = (ErrorObject *)value_cell(g->exception);
    if (report) barrier_store(h, e, &e->report, value_from_cell(report));
}

Unit *evaluate_compile(Goroutine *g, const char *name, const void *bytes, size_t size_bytes, CompileOptions *options,
                       bool *is_module)
{
    options->stack_limit = (uintptr_t)g->native_limit;
    Unit *unit = unitcache_find(name, bytes, size_bytes, options);
    if (unit) {
        if (is_module) *is_module = unit->module != NULL;
        return unit;
    }
    CompileResult result = compile_source(name, bytes, size_bytes, options);
    unit = result.unit;
    if (!unit) evaluate_throw(g, &result);
    else if (result.report) fputs(result.report, stderr);    // warnings; not cached, so that they come each time
    else unitcache_keep(name, unit, options);
    if (unit) unit_retain(unit);
    if (is_module) *is_module = result.is_module;
    compile_result_deinit(&result);
    return unit;
}

Value evaluate_script_function(Goroutine *g, Unit *unit, Realm *realm, Value referrer)
{
    Code *code = code_new(&g->heap, unit, 0, realm, referrer);
    unit_release(unit);
    return value_from_cell(code_new_top_function(&g->heap, code, NULL));
}

Value evaluate_script(Goroutine *g, Unit *unit, Realm *realm, Value referrer)
{
    return callable_call0(g, evaluate_script_function(g, unit, realm, referrer), realm->global_this);
}

/* ---- eval and Function() ----------------------------------------------------------------------------------------- */

/* What eval code compiles as is what its caller is; from native code, plain JavaScript. */
static uint32_t evaluate_dialect(Goroutine *g)
{
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) {
        const Code *code = frames_code(fp);
        if (code && !(code->flags & UNIT_IS_LIBRARY)) return compile_dialect_of_file(code->unit->file);
    }
    return 0;
}

static Value evaluate_referrer(Goroutine *g)
{
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) {
        const Code *code = frames_code(fp);
        if (code && !(code->flags & UNIT_IS_LIBRARY)) return code->referrer;
    }
    return VALUE_UNDEFINED;
}

static Unit *evaluate_text(Goroutine *g, const EvalRequest *request, CompileOptions *options)
{
    size_t count;
    char *text = string_to_utf8(&g->heap, request->source, &count, true);
    if (!text) return error_throw_out_of_memory(g), NULL;
    Unit *unit = evaluate_compile(g, "<eval>", text, count, options, NULL);
    mem_free(text);
    return unit;
}

/* The environment of a direct eval: boxes and values parallel to the names. */
static const ValueList *evaluate_outer(const EvalRequest *request, CompileOptions *options)
{
    const ScopeNames *scope = (const ScopeNames *)value_cell(request->scope);
    options->outer_unit = scope->code->unit;
    options->outer = &scope->code->function->constants[value_int(scope->constant)];
    return scope->boxes;
}

static Value evaluate_eval(Goroutine *g, const EvalRequest *request)
{
    bool is_direct = request->kind == EVAL_DIRECT;
    CompileOptions options = { .kind = COMPILE_EVAL, .dialect = evaluate_dialect(g) & ~(uint32_t)DIALECT_ULTRA_FILE,
                               .is_strict = is_direct && request->caller_is_strict, .keeps_source = true };
    const ValueList *environment = is_direct ? evaluate_outer(request, &options) : NULL;
    Unit *unit = evaluate_text(g, request, &options);
    if (!unit) return VALUE_THROWN;
    Code *code = code_new(&g->heap, unit, 0, request->realm, evaluate_referrer(g));
    unit_release(unit);
    Function *f = code_new_top_function(&g->heap, code, environment);
    return callable_call0(g, value_from_cell(f), request->realm->global_this);
}

static uint32_t evaluate_function_bits(EvalKind kind)
{
    switch (kind) {
    case EVAL_GENERATOR:       return COMPILE_GENERATOR;
    case EVAL_ASYNC_FUNCTION:  return COMPILE_ASYNC;
    case EVAL_ASYNC_GENERATOR: return COMPILE_ASYNC | COMPILE_GENERATOR;
    default:                   return 0;
    }
}

static Value evaluate_function(Goroutine *g, const EvalRequest *request)
{
    CompileOptions options = { .dialect = evaluate_dialect(g) & ~(uint32_t)DIALECT_ULTRA_FILE, .keeps_source = true };
    size_t parameters_count, body_count;
    char *parameters = string_to_utf8(&g->heap, request->parameters, &parameters_count, true);
    char *body = string_to_utf8(&g->heap, request->source, &body_count, true);
    Unit *unit = NULL;
    Buf text;
    buf_init(&text);
    if (parameters && body && buf_try_reserve(&text, parameters_count + body_count + EVALUATE_FRAME_BYTES)) {
        compile_put_function(&text, evaluate_function_bits(request->kind), parameters, parameters_count, body, body_count, &options);
        unit = evaluate_compile(g, "<anonymous>", buf_text(&text), text.count, &options, NULL);
    } else {
        error_throw_out_of_memory(g);
    }
    buf_deinit(&text);
    mem_free(parameters);
    mem_free(body);
    return unit ? evaluate_script(g, unit, request->realm, evaluate_referrer(g)) : VALUE_THROWN;
}

Value evaluate_request(Goroutine *g, const EvalRequest *request)
{
    return request->kind <= EVAL_INDIRECT ? evaluate_eval(g, request) : evaluate_function(g, request);
}
