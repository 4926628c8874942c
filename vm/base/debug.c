/* SPDX-License-Identifier: MIT */
#include "vm/base/debug.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/assert.h"

typedef enum DebugKind { DEBUG_KIND_BOOL, DEBUG_KIND_INT, DEBUG_KIND_U64, DEBUG_KIND_WORD } DebugKind;

typedef struct DebugRow {
    DebugKind   kind;
    const char *name;
    const char *value;               // a unit, or the words between bars
    const char *help;
    size_t      offset;              // of the field in DebugFlags
    size_t      has_offset;          // of its has_ field; DEBUG_KIND_U64 only
} DebugRow;

static const DebugRow debug_rows[] = {
#define DEBUG_BOOL(name, help)        { DEBUG_KIND_BOOL, #name, NULL, help, offsetof(DebugFlags, name), 0 },
#define DEBUG_INT(name, unit, help)   { DEBUG_KIND_INT, #name, unit, help, offsetof(DebugFlags, name), 0 },
#define DEBUG_U64(name, unit, help)   { DEBUG_KIND_U64, #name, unit, help, offsetof(DebugFlags, name), \
                                        offsetof(DebugFlags, has_##name) },
#define DEBUG_WORD(name, words, help) { DEBUG_KIND_WORD, #name, words, help, offsetof(DebugFlags, name), 0 },
#include "vm/base/debug_flags.def"
#undef DEBUG_BOOL
#undef DEBUG_INT
#undef DEBUG_U64
#undef DEBUG_WORD
};

static DebugFlags debug_of_process;  // written by debug_init, before other threads exist

static const DebugRow *debug_find_row(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(debug_rows); i++)
        if (strlen(debug_rows[i].name) == length && memcmp(debug_rows[i].name, name, length) == 0)
            return &debug_rows[i];
    return NULL;
}

/* All of `text` as a number in 0 .. most, decimal or with 0x. */
static bool debug_read_number(const char *text, uint64_t most, uint64_t *out)
{
    char *end;
    if (*text < '0' || *text > '9') return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
    if (*end || errno || value > most) return false;
    *out = value;
    return true;
}

static bool debug_is_word_of(const char *word, const char *words)
{
    size_t length = strlen(word);
    for (const char *p = words;; p++) {
        size_t part = strcspn(p, "|");
        if (part == length && memcmp(p, word, length) == 0) return true;
        p += part;
        if (!*p) return false;
    }
}

/* Store a value, NULL when there was no `=`. False when the row wants another. */
static bool debug_set(DebugFlags *flags, const DebugRow *row, const char *value)
{
    char    *field = (char *)flags + row->offset;
    uint64_t number;
    if ((value == NULL) != (row->kind == DEBUG_KIND_BOOL)) return false;
    switch (row->kind) {
    case DEBUG_KIND_BOOL:
        *(bool *)field = true;
        return true;
    case DEBUG_KIND_INT:
        if (!debug_read_number(value, INT32_MAX, &number)) return false;
        *(int32_t *)field = (int32_t)number;
        return true;
    case DEBUG_KIND_U64:
        if (!debug_read_number(value, UINT64_MAX, &number)) return false;
        *(uint64_t *)field = number;
        *((bool *)flags + row->has_offset) = true;
        return true;
    case DEBUG_KIND_WORD:
        if (strlen(value) >= DEBUG_WORD_BYTES || !debug_is_word_of(value, row->value)) return false;
        strcpy(field, value);
        return true;
    }
    UNREACHABLE();
}

static void debug_write_form(const DebugRow *row, Buf *out)
{
    buf_put_text(out, row->name);
    if (row->value) buf_format(out, "=%s", row->value);
}

static bool debug_parse_word(const char *word, DebugFlags *out, Buf *warnings)
{
    size_t          length = strcspn(word, "=");
    const DebugRow *row = debug_find_row(word, length);
    if (!row) {
        buf_format(warnings, "US_DEBUG: `%s` is unknown; known are", word);
        for (size_t i = 0; i < COUNT_OF(debug_rows); i++) {
            buf_put_text(warnings, i ? ", " : " ");
            debug_write_form(&debug_rows[i], warnings);
        }
        buf_put_byte(warnings, '\n');
        return false;
    }
    if (debug_set(out, row, word[length] ? word + length + 1 : NULL)) return true;
    buf_format(warnings, "US_DEBUG: `%s` is wrong; it is written ", word);
    debug_write_form(row, warnings);
    buf_put_byte(warnings, '\n');
    return false;
}

bool debug_parse(const char *text, DebugFlags *out, Buf *warnings)
{
    bool is_right = true;
    *out = (DebugFlags){ 0 };
    while (*text) {
        size_t length = strcspn(text, ",");
        char   word[64];
        if (length >= sizeof word) {
            buf_format(warnings, "US_DEBUG: `%.20s...` is too long\n", text);
            is_right = false;
        } else if (length > 0) {
            memcpy(word, text, length);
            word[length] = '\0';
            is_right &= debug_parse_word(word, out, warnings);
        }
        text += length;
        if (*text) text++;
    }
    return is_right;
}

void debug_init(void)
{
    const char *text = getenv("US_DEBUG");
    if (!text) return;
    Buf warnings;
    buf_init(&warnings);
    if (!debug_parse(text, &debug_of_process, &warnings)) fputs(buf_text(&warnings), stderr);
    buf_deinit(&warnings);
}

const DebugFlags *debug_flags(void)
{
    return &debug_of_process;
}

void debug_write_help(Buf *out)
{
    for (size_t i = 0; i < COUNT_OF(debug_rows); i++) {
        const DebugRow *row = &debug_rows[i];
        size_t start = out->count;
        buf_put_text(out, "  ");
        debug_write_form(row, out);
        do buf_put_byte(out, ' ');
        while (out->count - start < 20);
        buf_format(out, "%s\n", row->help);
    }
}
