/* SPDX-License-Identifier: MIT */
/* names.h - interned text of a compilation, and the words that mean something to the compiler.
 *
 * I1  Equal content, equal pointer, within one Names.
 * I2  Name.word is the Word the text spells, or WORD_NONE; so "is this `async`?" is one compare. Reserved
 *     words come first (in the order of token.def), then those of words.def.
 * Threads: belongs to the compilation. */
#ifndef US_COMPILER_NAMES_H
#define US_COMPILER_NAMES_H

#include <stdint.h>

#include "compiler/ast.h"
#include "vm/base/arena.h"

typedef enum Word {
    WORD_NONE,
#define TOKEN(name, text)
#define PUNCTUATOR(name, text, precedence)
#define KEYWORD(name, text) WORD_##name,
#include "compiler/token.def"
#define WORD(name, text) WORD_##name,
#include "compiler/words.def"
    WORD_COUNT,
    WORD_LAST_RESERVED = WORD_WITH,
} Word;

typedef struct NamesSlot {
    uint32_t hash;
    Name    *name;                   // NULL: free
} NamesSlot;

typedef struct Names {
    Arena     *arena;
    NamesSlot *slots;                // capacity is a power of two, at most half full
    uint32_t   count;
    uint32_t   capacity;
    Name      *words[WORD_COUNT];    // by Word; NULL while nothing has that name
} Names;

void names_init(Names *names, Arena *arena);

/** The name with this text; new or known. Text is copied. */
Name *names_intern_latin1(Names *names, const uint8_t *units, uint32_t length);
Name *names_intern_utf16(Names *names, const uint16_t *units, uint32_t length);   // narrowed when it can be
Name *names_intern_text(Names *names, const char *ascii);

/** The name that spells `word`. */
Name *names_word(Names *names, Word word);

/** The word's text. */
const char *names_word_text(Word word);

static inline uint16_t names_unit(const Name *name, uint32_t i)
{
    return name->is_wide ? name->utf16[i] : name->latin1[i];
}

/** True for a reserved word (of every goal and mode), whatever its spelling by escapes. */
static inline bool names_is_reserved(const Name *name)
{
    return name->word != WORD_NONE && name->word <= WORD_LAST_RESERVED;
}

/** UTF-8 for messages, in the arena: lone surrogates as U+FFFD, cut with "..." beyond `limit` units. */
const char *names_text(Names *names, const Name *name, uint32_t limit);

#endif
