/* SPDX-License-Identifier: MIT */
/* diag.h - diagnostics: collected while a source is compiled, rendered for people or taken as a SyntaxError.
 *
 * I1  At most DIAG_LIMIT errors and DIAG_LIMIT warnings are kept; further ones are counted and dropped.
 * I2  Two errors at one place are one: what follows a first error is most often its echo.
 * I3  Message arguments are NUL-terminated UTF-8 text (`%s` in diag.def), copied at the report. A message
 *     without arguments takes no memory, so that "out of memory" can be reported.
 * Threads: a Diag belongs to the thread that compiles. */
#ifndef US_COMPILER_DIAG_H
#define US_COMPILER_DIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/source.h"
#include "vm/base/arena.h"
#include "vm/base/buf.h"

enum { DIAG_LIMIT = 20 };

typedef enum DiagSeverity { DIAG_ERROR, DIAG_WARNING } DiagSeverity;

typedef enum DiagCode {
#define DIAG(name, severity, text, hint) DIAG_##name,
#include "compiler/diag.def"
    DIAG_CODE_COUNT
} DiagCode;

typedef struct Diagnostic {
    DiagCode     code;
    DiagSeverity severity;
    uint32_t     start, end;         // bytes of the source; a caret stands at start
    const char  *message;            // in the arena, or static
    const char  *hint;               // static, or NULL
} Diagnostic;

typedef struct Diag {
    Source    *source;
    Arena     *arena;                // of message texts
    uint32_t   count;                // kept, errors and warnings, in order of report
    uint32_t   error_count;          // of all reported
    uint32_t   warning_count;
    Diagnostic items[2 * DIAG_LIMIT];
} Diag;

/* A state to come back to, for parsing on trial. */
typedef struct DiagMark {
    uint32_t count, error_count, warning_count;
} DiagMark;

void diag_init(Diag *d, Source *source, Arena *arena);

/** Report `code` for the bytes start..end of the source; further arguments as its row in diag.def says. */
void diag_report(Diag *d, DiagCode code, uint32_t start, uint32_t end, ...);

DiagMark diag_mark(const Diag *d);
void     diag_rewind(Diag *d, DiagMark mark);

/** The first error, or NULL. Its line and column: source_position. */
const Diagnostic *diag_first_error(const Diag *d);

/** Append `file:line:col: error: ` or `: warning: `, as every message that has a place begins. */
void diag_render_head(const char *file, uint32_t line, uint32_t column, DiagSeverity severity, Buf *out);

/** Append one diagnostic: `file:line:col: error: text`, the line, a caret below it, and the hint if any. */
void diag_render_one(const Diag *d, const Diagnostic *diagnostic, Buf *out);

/** Append the line `line` of any source and a caret below `column` (code points, from 1). */
void diag_render_place(Source *source, uint32_t line, uint32_t column, Buf *out);

/** Append all, in order, with a closing count when some were dropped. */
void diag_render(const Diag *d, Buf *out);

/** The name of a code, for instance "UNEXPECTED_TOKEN", and its row's text; for tests. */
const char *diag_code_name(DiagCode code);
const char *diag_code_text(DiagCode code);

#endif
