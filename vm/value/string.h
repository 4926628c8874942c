/* SPDX-License-Identifier: MIT */
/* string.h - strings: sequences of UTF-16 code units, stored as Latin-1 bytes where that suffices.
 *
 *     KIND_STRING   the units follow the header; `extra` has STRING_WIDE when they are 16 bits each
 *     KIND_ROPE     the concatenation of two strings, flattened on first need: `flat` is then set, once
 *     KIND_SLICE    a part of a KIND_STRING
 *
 * I1  A string's content never changes; length and width are known for every representation.
 * I2  `flat` of a rope is written once, by compare and swap from NULL; two threads that flatten at once build equal
 *     strings, and the loser uses the winner's. left and right stay as they are until the collector, with the world
 *     stopped, cuts them from a rope that has its flat form.
 * I3  `hash` is 0 until computed and then the same for equal content; computing it twice is harmless.
 * I4  A string with STRING_IS_ATOM is the only interned one of its content, has its hash, and is shared (intern.h).
 * I5  The flat form of a shared rope is shared.
 * Threads: every function may be called on any thread that holds the licence. */
#ifndef US_VALUE_STRING_H
#define US_VALUE_STRING_H

#include "vm/base/dtoa.h"
#include "vm/base/licence.h"
#include "vm/base/text.h"
#include "vm/value/vmstate.h"

typedef struct String {
    Cell     cell;
    uint32_t length;                     // in code units
    uint32_t hash;                       // 0: not yet; atomic, relaxed (I3)
} String;

typedef struct FlatString {
    String string;
    union {
        uint8_t  latin1[0];
        uint16_t utf16[0];
    };
} FlatString;

typedef struct RopeString {
    String      string;
    FlatString *flat;                    // atomic (I2)
    String     *left;
    String     *right;
} RopeString;

typedef struct SliceString {
    String      string;
    FlatString *base;
    uint64_t    offset;                  // in units
} SliceString;

enum {
    STRING_WIDE = 1,                     // Cell.extra: 16-bit units
    STRING_IS_ATOM = 4,                  // Cell.flags
    STRING_IS_INDEX = 8,                 // Cell.flags of an atom: spells an array index
    STRING_MAX_LENGTH = (1 << 29) - 24,
    STRING_ROPE_MINIMUM = 24,            // shorter concatenations are copied
    STRING_JOIN_MAXIMUM = 128,           // several parts are copied into one string that is shorter
    STRING_SLICE_MINIMUM = 32,           // shorter substrings are copied
    STRING_CHECKED_LENGTH = 1 << 20,     // a longer concatenation asks the heap for the room it will need
};

/* What string_join joins: a string or, if that is NULL, ASCII text. */
typedef struct StringPart {
    String  *string;
    uint32_t length;                     // in units
    char     text[DTOA_SHORTEST_BYTES];
} StringPart;

/* A string's units in memory, valid while the string lives. */
typedef TextView StringView;

static inline String *string_of(Value v)
{
    ASSERT(value_is_string(v), "the value is a string");
    return (String *)value_cell(v);
}

static inline bool string_is_wide(const String *s)
{
    return (s->cell.extra & STRING_WIDE) != 0;
}

static inline bool string_is_atom(const String *s)
{
    return (atomic_get_acquire(&s->cell.flags) & STRING_IS_ATOM) != 0;      // pairs with intern_make_atom
}

static inline uint16_t string_view_unit(StringView v, size_t i)
{
    return (uint16_t)text_unit(v, i);
}

/** New flat strings. NULL when longer than STRING_MAX_LENGTH or when the heap refuses (only for long ones). */
NODISCARD String *string_new_latin1(LocalHeap *h, const uint8_t *units, size_t length);
NODISCARD String *string_new_utf16(LocalHeap *h, const uint16_t *units, size_t length);   // narrows if it can
NODISCARD String *string_new_utf8(LocalHeap *h, const char *bytes, size_t count);         // ill-formed: U+FFFD
NODISCARD String *string_new_wtf8(LocalHeap *h, const char *bytes, size_t count);         // keeps lone surrogates
NODISCARD String *string_new_text(LocalHeap *h, const char *ascii);                       // short NUL-terminated text

/** An uninitialised flat string for the caller to fill at once. NULL as above. */
NODISCARD FlatString *string_alloc(LocalHeap *h, size_t length, bool is_wide);
NODISCARD FlatString *string_alloc_must(LocalHeap *h, size_t length, bool is_wide);      // as alloc_must

/** The one string of a single code unit. */
NODISCARD String *string_from_unit(LocalHeap *h, uint16_t unit);
NODISCARD String *string_from_code_point(LocalHeap *h, uint32_t code_point);

/** left + right; NULL when the sum is longer than STRING_MAX_LENGTH, or than what the heap has room for. */
NODISCARD String *string_concat(LocalHeap *h, String *left, String *right);

/** All parts, at least one, in a row; NULL as above. */
NODISCARD String *string_join(LocalHeap *h, const StringPart *parts, uint32_t count);

/** The units [start, end) of `s`; start <= end <= length. */
NODISCARD String *string_slice(LocalHeap *h, String *s, uint32_t start, uint32_t end);

/** The units of `s`, flattening it first when it is a rope. */
StringView string_view(LocalHeap *h, String *s);

/** As string_view for a string known to be no unflattened rope: atoms, and what string_view was called on. */
StringView string_flat_view(const String *s);

/** The unit at `i` < length. */
uint16_t string_unit_at(LocalHeap *h, String *s, uint32_t i);

bool string_equal(LocalHeap *h, String *a, String *b);
bool string_equal_text(LocalHeap *h, String *s, const char *ascii);
int string_compare(LocalHeap *h, String *a, String *b);              // < 0, 0, > 0, by code units
uint32_t string_hash(LocalHeap *h, String *s);

/** Index of the first occurrence of `needle` in `s` at or after `from`, or -1; and of the last at or before `from`. */
int64_t string_index_of(StringView s, StringView needle, uint32_t from);
int64_t string_last_index_of(StringView s, StringView needle, uint32_t from);
bool string_view_equal(StringView a, StringView b);
int string_view_compare(StringView a, StringView b);
uint32_t string_view_hash(StringView v);

/** True when the units spell an array index 0 .. 2^32 - 2 canonically. */
bool string_view_to_index(StringView v, uint32_t *index);

enum { STRING_LONG_TEXT = 1 << 18 };

/** UTF-8 of `s`, NUL-terminated, in C memory the caller frees with mem_free. Lone surrogates become U+FFFD, or their
 *  three-byte form when `wtf8`. `*count` (may be NULL) is without the NUL. NULL: there is no memory for a text of
 *  STRING_LONG_TEXT units or more. */
NODISCARD char *string_to_utf8(LocalHeap *h, String *s, size_t *count, bool wtf8);

/** Size in bytes of a cell of the three string kinds, for the kind table. */
size_t string_cell_size(const Cell *c);

/* ---- building text piece by piece ------------------------------------------------------------------------ */

/* Latin-1 until a wide unit comes, then UTF-16; on the C heap, so no collection is involved until the end. */
typedef struct StringBuilder {
    void  *units;
    size_t length, capacity;             // in units
    bool   is_wide;
    bool   failed;                       // longer than STRING_MAX_LENGTH, or no memory
} StringBuilder;

void string_builder_init(StringBuilder *b);
void string_builder_deinit(StringBuilder *b);
void string_builder_put_unit(StringBuilder *b, uint16_t unit);
void string_builder_put_code_point(StringBuilder *b, uint32_t code_point);
void string_builder_put_text(StringBuilder *b, const char *ascii);
void string_builder_put_latin1(StringBuilder *b, const uint8_t *units, size_t length);
void string_builder_put_view(StringBuilder *b, StringView v, uint32_t start, uint32_t end);
void string_builder_put_string(LocalHeap *h, StringBuilder *b, String *s);
/** The string; deinitialises the builder. NULL when it failed. */
NODISCARD String *string_builder_end(LocalHeap *h, StringBuilder *b);

#endif
