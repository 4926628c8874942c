/* SPDX-License-Identifier: MIT */
/* parse_fixture.h - one parse and all it needs, for the tests of the parser. */
#ifndef US_TESTS_UNIT_PARSE_FIXTURE_H
#define US_TESTS_UNIT_PARSE_FIXTURE_H

#include <string.h>

#include "compiler/parser.h"
#include "tests/unit/test.h"
#include "vm/base/mem.h"

typedef struct Parse {
    Arena        arena;
    Source       source;
    Names        names;
    Diag         diag;
    ParserResult result;
} Parse;

static inline void parse_begin(Parse *p, const char *text, const ParserOptions *options)
{
    arena_init(&p->arena, SIZE_MAX, NULL);
    source_init(&p->source, "t", text, strlen(text), SOURCE_UTF8);
    names_init(&p->names, &p->arena);
    diag_init(&p->diag, &p->source, &p->arena);
    p->result = parser_parse(&p->source, &p->names, &p->arena, &p->diag, options);
}

static inline void parse_end(Parse *p)
{
    source_deinit(&p->source);
    arena_deinit(&p->arena);
}

/* Parses? The first error goes to `*code` and `*start`. */
static inline bool parse_text(const char *text, ParserKind kind, uint32_t dialect, DiagCode *code,
                              uint32_t *start)
{
    Parse p;
    ParserOptions options = { .kind = kind, .dialect = dialect };
    parse_begin(&p, text, &options);
    bool is_fine = p.result.program != NULL;
    const Diagnostic *first = diag_first_error(&p.diag);
    if (code) *code = first ? first->code : DIAG_CODE_COUNT;
    if (start) *start = first ? first->start : 0;
    parse_end(&p);
    return is_fine;
}

static inline void expect_parse(const char *file, int line, const char *text, ParserKind kind,
                                uint32_t dialect)
{
    DiagCode code;
    uint32_t start;
    if (!parse_text(text, kind, dialect, &code, &start))
        test_fail(file, line, "`%s`: %s at %u", text, diag_code_name(code), start);
}

static inline void expect_error(const char *file, int line, const char *text, ParserKind kind,
                                uint32_t dialect, DiagCode wanted, uint32_t wanted_start)
{
    DiagCode code;
    uint32_t start;
    if (parse_text(text, kind, dialect, &code, &start)) test_fail(file, line, "`%s` parses", text);
    else if (code != wanted || start != wanted_start)
        test_fail(file, line, "`%s`: %s at %u", text, diag_code_name(code), start);
}

/* The tree of `text` as a dump. The caller frees it: mem_free. */
static inline char *dump_text(const char *text, ParserKind kind, uint32_t dialect, bool as_javascript)
{
    Parse p;
    ParserOptions options = { .kind = kind, .dialect = dialect };
    parse_begin(&p, text, &options);
    Buf out;
    buf_init(&out);
    if (p.result.program && as_javascript) ast_dump_javascript(&out, &p.result.program->node);
    else if (p.result.program) ast_dump(&out, &p.result.program->node);
    char *dump = mem_copy_text(buf_text(&out));
    buf_deinit(&out);
    parse_end(&p);
    return dump;
}

#define EXPECT_PARSES(text, kind, dialect) expect_parse(__FILE__, __LINE__, text, kind, dialect)
#define EXPECT_FAILS(text, kind, dialect, code, start) \
    expect_error(__FILE__, __LINE__, text, kind, dialect, DIAG_##code, start)

#endif
