/* SPDX-License-Identifier: MIT */
/* source.h - the text of one file, eval or REPL line: bytes, name, and offset <-> line and column.
 *
 * I1  `bytes` is borrowed, immutable, and followed by one readable byte of value 0.
 * I2  A Source whose status is SOURCE_VALID is well-formed UTF-8 from end to end, comments included; with
 *     SOURCE_WTF8 also lone surrogates as three-byte sequences, which is how eval passes JavaScript strings.
 * I3  Offsets count bytes from the start of `bytes`; a byte order mark is skipped, yet counts.
 * I4  Lines and columns start at 1. Line terminators are those of ECMA-262 12.3.
 * Position look-ups cost O(log lines) after a table is built at the first one, also on a single endless line.
 * Threads: a Source belongs to one thread at a time, since look-ups build the tables. */
#ifndef US_COMPILER_SOURCE_H
#define US_COMPILER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"

#define SOURCE_LIMIT_BYTES ((size_t)1 << 30)

typedef enum SourceEncoding { SOURCE_UTF8, SOURCE_WTF8 } SourceEncoding;
typedef enum SourceStatus { SOURCE_VALID, SOURCE_TOO_LARGE, SOURCE_BAD_UTF8 } SourceStatus;
typedef enum SourceColumns { SOURCE_CODE_POINTS, SOURCE_UTF16_UNITS } SourceColumns;

/* How many characters the text has before a block of it. */
typedef struct SourceBlock {
    uint32_t code_points;
    uint32_t utf16_units;
} SourceBlock;

typedef struct Source {
    const char    *name;             // for messages; borrowed
    const uint8_t *bytes;
    uint32_t       size_bytes;
    uint32_t       text_start;       // 3 behind a byte order mark, else 0
    SourceStatus   status;
    uint32_t       bad_offset;       // of the first ill-formed byte, when SOURCE_BAD_UTF8
    bool           is_ascii;
    uint32_t      *line_starts;      // built at first use; NULL: not yet, or no memory
    uint32_t       line_count;
    SourceBlock   *blocks;           // likewise; for text that is not ASCII
} Source;

typedef struct SourcePosition {
    uint32_t line;
    uint32_t column;
} SourcePosition;

/** Prepare `s` for `size_bytes` of text (I1) and judge the text; see `s->status`. The caller keeps text and
 *  name alive until source_deinit. */
void source_init(Source *s, const char *name, const void *bytes, size_t size_bytes, SourceEncoding encoding);
void source_deinit(Source *s);

/** Where `offset` (<= size_bytes) is. */
SourcePosition source_position(Source *s, uint32_t offset, SourceColumns columns);

/** The bytes of line `line` (from 1), without its terminator. */
void source_line(Source *s, uint32_t line, uint32_t *start, uint32_t *end);

/** The code point at `*offset`, which is in range and at a character's first byte of valid text; moves on. */
static inline uint32_t source_decode(const uint8_t **p)
{
    const uint8_t *s = *p;
    if (s[0] < 0x80) {
        *p = s + 1;
        return s[0];
    }
    if (s[0] < 0xe0) {
        *p = s + 2;
        return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
    }
    if (s[0] < 0xf0) {
        *p = s + 3;
        return (s[0] & 0x0fu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
    }
    *p = s + 4;
    return (s[0] & 0x07u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
}

#endif
