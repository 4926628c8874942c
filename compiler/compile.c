/* SPDX-License-Identifier: MIT */
#include "compiler/compile.h"

#include <string.h>

#include "compiler/codegen.h"
#include "compiler/parser.h"
#include "vm/base/mem.h"
#include "vm/base/panic.h"
#include "vm/bytecode/verify.h"

enum { COMPILE_STACK_BYTES = 1 << 20 };

/* Everything of one compilation; all but the unit is the arena's. */
typedef struct Compilation {
    const CompileOptions *options;
    Arena                 arena;
    jmp_buf               exhausted;
    Source                source;
    Names                 names;
    Diag                  diag;
    uintptr_t             stack_limit;
    Unit                 *unit;
    bool                  is_incomplete;
    bool                  is_module;
} Compilation;

static ParserKind compile_parser_kind(CompileKind kind)
{
    switch (kind) {
    case COMPILE_MODULE:   return PARSER_MODULE;
    case COMPILE_DETECT:   return PARSER_DETECT;
    case COMPILE_COMMONJS: return PARSER_COMMONJS;
    case COMPILE_DETECT_COMMONJS: return PARSER_DETECT;
    case COMPILE_REPL:     return PARSER_REPL;
    case COMPILE_EVAL:     return PARSER_EVAL;
    case COMPILE_FUNCTION: return PARSER_FUNCTION;
    default:               return PARSER_SCRIPT;
    }
}

static ParserResult compile_parse(Compilation *c)
{
    const CompileOptions *o = c->options;
    uint32_t outer = o->outer ? o->outer->index : 0;
    ParserOptions p = {
        .kind = compile_parser_kind(o->kind), .dialect = o->dialect, .is_strict = o->is_strict || (outer & SCOPE_IS_STRICT),
        .eval_in_function = (outer & SCOPE_IN_FUNCTION) != 0, .eval_in_method = (outer & SCOPE_IN_METHOD) != 0,
        .eval_in_derived_constructor = (outer & SCOPE_IN_DERIVED_CONSTRUCTOR) != 0,
        .eval_in_field_initializer = (outer & SCOPE_IN_FIELD_INITIALIZER) != 0,
        .parameters_end = o->parameters_end, .body_end = o->body_end, .stack_limit = c->stack_limit,
    };
    if (o->is_library) p.dialect |= DIALECT_LIBRARY;
    ParserResult r = parser_parse(&c->source, &c->names, &c->arena, &c->diag, &p);
    bool is_function_body = r.program ? r.program->goal != GOAL_MODULE : diag_first_error(&c->diag) != NULL;
    if (o->kind != COMPILE_DETECT_COMMONJS || !is_function_body) return r;
    diag_rewind(&c->diag, (DiagMark){ 0 });
    p.kind = PARSER_COMMONJS;                            // where return is allowed
    return parser_parse(&c->source, &c->names, &c->arena, &c->diag, &p);
}

static Name *compile_intern(Compilation *c, UnitString s)
{
    if (s.is_wide) return names_intern_utf16(&c->names, s.units, s.length);
    return names_intern_latin1(&c->names, s.units, s.length);
}

/* What a direct eval sees, from the constant its caller left. */
static void compile_fill_outer(Compilation *c, ScopeOptions *s)
{
    const CompileOptions *o = c->options;
    if (!o->outer) return;
    ScopeOuterName *names = ARENA_ARRAY(&c->arena, ScopeOuterName, o->outer->count + 1);
    for (uint32_t i = 0; i < o->outer->count; i++) {
        names[i].name = compile_intern(c, o->outer_unit->strings[o->outer->list[i * 2]]);
        names[i].bits = o->outer->list[i * 2 + 1];
    }
    s->outer = names;
    s->outer_count = o->outer->count;
    s->outer_bits = o->outer->index;
    s->is_direct_eval = true;
}

/* Checked builds prove the code generator's work. */
static void compile_verify(const Unit *unit)
{
#ifdef US_CHECKED
    VerifyFault fault;
    if (!verify_unit(unit, &fault))
        panic("bad code: %s, in function %u of %s at %u", fault.what, fault.function, unit->file, fault.at);
#else
    (void)unit;
#endif
}

static void compile_tree(Compilation *c, Program *program, uint32_t dialect)
{
    const CompileOptions *o = c->options;
    bool detects_body = o->kind == COMPILE_DETECT_COMMONJS && program->goal != GOAL_MODULE;
    ScopeAnalysis a = { .arena = &c->arena, .names = &c->names, .diag = &c->diag, .stack_limit = c->stack_limit };
    a.options.is_eval = o->kind == COMPILE_EVAL;
    a.options.is_function_body = o->kind == COMPILE_COMMONJS || detects_body;
    a.options.is_function_text = o->kind == COMPILE_FUNCTION;
    a.options.is_repl = o->kind == COMPILE_REPL;
    a.options.awaits_freely = a.options.is_repl || (dialect & DIALECT_ULTRA_FILE);
    compile_fill_outer(c, &a.options);
    if (!scope_analyze(&a, program)) return;
    if (o->dump_scopes) scope_dump(o->dump_scopes, &a);
    CodegenOptions g = {
        .is_library = o->is_library, .implicit_globals = (dialect & DIALECT_ULTRA_FILE) != 0 && !o->is_library,
        .wants_completion = o->wants_completion || o->kind == COMPILE_EVAL || o->kind == COMPILE_FUNCTION,
        .keeps_source = o->keeps_source, .is_commonjs = a.options.is_function_body, .find_intrinsic = o->find_intrinsic,
    };
    Unit *unit = unit_create();
    if (!unit) longjmp(c->exhausted, 1);
    unit->arena.on_exhausted = &c->exhausted;
    c->unit = unit;
    bool done = codegen_program(&a, &c->source, &g, unit);
    unit->arena.on_exhausted = NULL;
    if (done) compile_verify(unit);
    if (done) return;
    unit_release(unit);
    c->unit = NULL;
}

static void compile_run(Compilation *c)
{
    c->arena.on_exhausted = &c->exhausted;
    if (setjmp(c->exhausted)) {
        if (c->unit) unit_release(c->unit);
        c->unit = NULL;
        diag_report(&c->diag, DIAG_OUT_OF_MEMORY, 0, 0);
        return;
    }
    names_init(&c->names, &c->arena);
    ParserResult r = compile_parse(c);
    c->is_incomplete = r.is_incomplete;
    if (!r.program) return;
    c->is_module = r.program->goal == GOAL_MODULE;
    if (c->options->dump_tree) ast_dump(c->options->dump_tree, &r.program->node);
    compile_tree(c, r.program, r.dialect);
}

static char *compile_report(Compilation *c)
{
    if (c->diag.count == 0) return NULL;
    Buf report;
    buf_init(&report);
    diag_render(&c->diag, &report);
    buf_put(&report, "", 1);
    char *text = mem_copy_text(report.bytes);
    buf_deinit(&report);
    return text;
}

CompileResult compile_source(const char *name, const void *bytes, size_t size_bytes, const CompileOptions *options)
{
    bool is_text = options->kind == COMPILE_EVAL || options->kind == COMPILE_FUNCTION;
    Compilation c = { .options = options };
    c.stack_limit = options->stack_limit ? options->stack_limit : (uintptr_t)&c - COMPILE_STACK_BYTES;
    arena_init(&c.arena, SIZE_MAX, NULL);
    source_init(&c.source, name, bytes, size_bytes, is_text ? SOURCE_WTF8 : SOURCE_UTF8);
    diag_init(&c.diag, &c.source, &c.arena);
    compile_run(&c);
    CompileResult result = { .unit = c.unit, .is_incomplete = c.is_incomplete, .is_module = c.is_module };
    const Diagnostic *first = diag_first_error(&c.diag);
    if (first) {
        SourcePosition p = source_position(&c.source, first->start, SOURCE_CODE_POINTS);
        result.line = p.line;
        result.column = p.column;
        result.message = mem_copy_text(first->message);
    }
    result.report = compile_report(&c);
    source_deinit(&c.source);
    arena_deinit(&c.arena);
    return result;
}

void compile_result_deinit(CompileResult *result)
{
    if (result->unit) unit_release(result->unit);
    mem_free(result->message);
    mem_free(result->report);
    *result = (CompileResult){ 0 };
}

void compile_put_function(Buf *out, uint32_t bits, const char *parameters, size_t parameters_bytes, const char *body,
                          size_t body_bytes, CompileOptions *options)
{
    ParserOptions p = { 0 };
    _Static_assert((int)COMPILE_ASYNC == (int)FUNCTION_IS_ASYNC && (int)COMPILE_GENERATOR == (int)FUNCTION_IS_GENERATOR, "one bit");
    parser_put_function(out, bits, parameters, parameters_bytes, body, body_bytes, &p);
    options->kind = COMPILE_FUNCTION;
    options->parameters_end = p.parameters_end;
    options->body_end = p.body_end;
}

uint32_t compile_dialect_of_file(const char *name)
{
    const char *dot = strrchr(name, '.');
    if (!dot) return DIALECT_TYPESCRIPT | DIALECT_ULTRA | DIALECT_ULTRA_FILE;
    if (!strcmp(dot, ".js") || !strcmp(dot, ".mjs") || !strcmp(dot, ".cjs")) return 0;
    if (!strcmp(dot, ".ts") || !strcmp(dot, ".mts") || !strcmp(dot, ".cts")) return DIALECT_TYPESCRIPT;
    return DIALECT_TYPESCRIPT | DIALECT_ULTRA | DIALECT_ULTRA_FILE;
}
