/* SPDX-License-Identifier: MIT */
#include "compiler/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/utf.h"

enum {
    MESSAGE_BYTES = 400,             // longest message; arguments are cut by those who make them
    WINDOW_COLUMNS = 100,            // how much of a source line is shown
    WINDOW_BEFORE = 60,              // of that, at most so much before the caret
};

typedef struct DiagRow {
    const char  *name;
    DiagSeverity severity;
    const char  *text;
    const char  *hint;
} DiagRow;

#define ERROR DIAG_ERROR
#define WARNING DIAG_WARNING
static const DiagRow diag_rows[] = {
#define DIAG(name, severity, text, hint) { #name, severity, text, hint },
#include "compiler/diag.def"
};
#undef ERROR
#undef WARNING

void diag_init(Diag *d, Source *source, Arena *arena)
{
    d->source = source;
    d->arena = arena;
    d->count = d->error_count = d->warning_count = 0;
}

static bool has_error_at(const Diag *d, uint32_t start)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->items[i].severity == DIAG_ERROR && d->items[i].start == start) return true;
    return false;
}

void diag_report(Diag *d, DiagCode code, uint32_t start, uint32_t end, ...)
{
    ASSERT(code < DIAG_CODE_COUNT && start <= d->source->size_bytes, "a row, and a place in the source");
    const DiagRow *row = &diag_rows[code];
    bool is_error = row->severity == DIAG_ERROR;
    if (is_error && has_error_at(d, start)) return;                        // I2
    uint32_t *count = is_error ? &d->error_count : &d->warning_count;
    if ((*count)++ >= DIAG_LIMIT) return;                                  // I1
    const char *message = row->text;
    if (strchr(row->text, '%')) {
        char text[MESSAGE_BYTES];
        va_list args;
        va_start(args, end);
        vsnprintf(text, sizeof text, row->text, args);
        va_end(args);
        message = arena_copy(d->arena, text, strlen(text) + 1);
    }
    if (end < start) end = start;
    d->items[d->count++] = (Diagnostic){ code, row->severity, start, end, message, row->hint };
}

DiagMark diag_mark(const Diag *d)
{
    return (DiagMark){ d->count, d->error_count, d->warning_count };
}

void diag_rewind(Diag *d, DiagMark mark)
{
    d->count = mark.count;
    d->error_count = mark.error_count;
    d->warning_count = mark.warning_count;
}

const Diagnostic *diag_first_error(const Diag *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->items[i].severity == DIAG_ERROR) return &d->items[i];
    return NULL;
}

const char *diag_code_name(DiagCode code)
{
    return diag_rows[code].name;
}

const char *diag_code_text(DiagCode code)
{
    return diag_rows[code].text;
}

/* The character at `*at`; invalid text, which only "not UTF-8" reports meet, reads as U+FFFD. */
static uint32_t next_character(const Source *s, uint32_t *at)
{
    const uint8_t *p = s->bytes + *at;
    uint32_t c = utf_decode_utf8(&p, s->bytes + s->size_bytes);
    *at = (uint32_t)(p - s->bytes);
    return c == UTF_INVALID || (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) ? UTF_REPLACEMENT : c;
}

/* Move `at` back over `columns` characters, not before `limit`. */
static uint32_t step_back(const Source *s, uint32_t at, uint32_t limit, uint32_t columns)
{
    for (; columns > 0 && at > limit; columns--) {
        at--;
        while (at > limit && (s->bytes[at] & 0xc0) == 0x80) at--;
    }
    return at;
}

/* The window of a line around the caret, and below it the caret and its tail. Blanks below keep the tabs
 * above, so that the two agree however wide a tab is. */
static void render_excerpt(const Diagnostic *diagnostic, Source *s, uint32_t line, Buf *out)
{
    uint32_t start, end;
    source_line(s, line, &start, &end);
    uint32_t caret = diagnostic->start < end ? diagnostic->start : end;
    if (caret < start) caret = start;
    uint32_t from = step_back(s, caret, start, WINDOW_BEFORE);
    Buf below;
    buf_init(&below);
    buf_put_text(out, from > start ? "    ..." : "    ");
    buf_put_text(&below, from > start ? "       " : "    ");
    uint32_t at = from;
    for (uint32_t column = 0; at < end && column < WINDOW_COLUMNS; column++) {
        uint32_t here = at;
        uint32_t c = next_character(s, &at);
        buf_put_utf8(out, c);
        if (here < caret) buf_put_byte(&below, c == '\t' ? '\t' : ' ');
        else if (here == caret) buf_put_byte(&below, '^');
        else if (here < diagnostic->end) buf_put_byte(&below, '~');
    }
    if (caret >= end) buf_put_byte(&below, '^');
    buf_put_text(out, at < end ? "...\n" : "\n");
    buf_put(out, below.bytes, below.count);
    buf_put_byte(out, '\n');
    buf_deinit(&below);
}

void diag_render_head(const char *file, uint32_t line, uint32_t column, DiagSeverity severity, Buf *out)
{
    buf_format(out, "%s:%u:%u: %s: ", file, line, column, severity == DIAG_ERROR ? "error" : "warning");
}

void diag_render_one(const Diag *d, const Diagnostic *diagnostic, Buf *out)
{
    SourcePosition at = source_position(d->source, diagnostic->start, SOURCE_CODE_POINTS);
    diag_render_head(d->source->name, at.line, at.column, diagnostic->severity, out);
    buf_format(out, "%s\n", diagnostic->message);
    render_excerpt(diagnostic, d->source, at.line, out);
    if (diagnostic->hint) buf_format(out, "hint: %s\n", diagnostic->hint);
}

void diag_render_place(Source *source, uint32_t line, uint32_t column, Buf *out)
{
    uint32_t start, end;
    source_line(source, line, &start, &end);
    while (--column > 0 && start < end) next_character(source, &start);
    render_excerpt(&(Diagnostic){ .start = start, .end = start }, source, line, out);
}

void diag_render(const Diag *d, Buf *out)
{
    for (uint32_t i = 0; i < d->count; i++) diag_render_one(d, &d->items[i], out);
    if (d->error_count > DIAG_LIMIT)
        buf_format(out, "%s: too many errors; stopped after %d\n", d->source->name, DIAG_LIMIT);
}
