/* SPDX-License-Identifier: MIT */
#include "compiler/names.h"

#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/hash.h"
#include "vm/base/utf.h"

enum { FIRST_CAPACITY = 256, LONGEST_WORD = 11 };

static const char *const word_texts[] = {
    "",
#define TOKEN(name, text)
#define PUNCTUATOR(name, text, precedence)
#define KEYWORD(name, text) text,
#include "compiler/token.def"
#define WORD(name, text) text,
#include "compiler/words.def"
};

STATIC_ASSERT(WORD_COUNT <= 256, "Name.word is a byte");

void names_init(Names *names, Arena *arena)
{
    *names = (Names){ .arena = arena, .capacity = FIRST_CAPACITY };
    names->slots = ARENA_ARRAY(arena, NamesSlot, FIRST_CAPACITY);
}

const char *names_word_text(Word word)
{
    return word_texts[word];
}

/* As memcmp, between text with a length and text with an end. */
static int compare_to_word(const uint8_t *units, uint32_t length, const char *word)
{
    int order = strncmp((const char *)units, word, length);
    return order ? order : word[length] ? -1 : 0;
}

static Word find_word_between(const uint8_t *units, uint32_t length, Word low, Word high)
{
    while (low <= high) {
        Word middle = low + (high - low) / 2;
        int order = compare_to_word(units, length, word_texts[middle]);
        if (order == 0) return middle;
        if (order < 0) high = middle - 1;
        else low = middle + 1;
    }
    return WORD_NONE;
}

static Word find_word(const uint8_t *units, uint32_t length)
{
    if (length < 2 || length > LONGEST_WORD || memchr(units, 0, length)) return WORD_NONE;
    Word reserved = find_word_between(units, length, 1, WORD_LAST_RESERVED);
    return reserved ? reserved : find_word_between(units, length, WORD_LAST_RESERVED + 1, WORD_COUNT - 1);
}

static void names_grow(Names *names)
{
    uint32_t capacity = names->capacity * 2;
    NamesSlot *slots = ARENA_ARRAY(names->arena, NamesSlot, capacity);
    for (uint32_t i = 0; i < names->capacity; i++) {
        if (!names->slots[i].name) continue;
        uint32_t at = names->slots[i].hash & (capacity - 1);
        while (slots[at].name) at = (at + 1) & (capacity - 1);
        slots[at] = names->slots[i];
    }
    names->slots = slots;
    names->capacity = capacity;
}

/* The slot that holds this text, or the free one where it belongs. */
static NamesSlot *find_slot(Names *names, uint32_t hash, const void *units, uint32_t length, bool is_wide)
{
    size_t size = (size_t)length << is_wide;
    for (uint32_t at = hash;; at++) {
        NamesSlot *slot = &names->slots[at & (names->capacity - 1)];
        if (!slot->name) return slot;
        if (slot->hash == hash && slot->name->length == length && slot->name->is_wide == is_wide
            && memcmp(slot->name->latin1, units, size) == 0) return slot;
    }
}

static Name *intern(Names *names, uint32_t hash, const void *units, uint32_t length, bool is_wide)
{
    NamesSlot *slot = find_slot(names, hash, units, length, is_wide);
    if (slot->name) return slot->name;
    size_t size = (size_t)length << is_wide;
    Name *name = arena_alloc(names->arena, offsetof(Name, latin1) + size);
    name->hash = hash;
    name->length = length;
    name->is_wide = is_wide;
    memcpy(name->latin1, units, size);
    if (!is_wide) name->word = (uint8_t)find_word(units, length);
    if (name->word) names->words[name->word] = name;
    *slot = (NamesSlot){ hash, name };
    if (++names->count > names->capacity / 2) names_grow(names);
    ASSERT(names->count <= names->capacity / 2, "find_slot meets a free slot");
    return name;
}

Name *names_intern_latin1(Names *names, const uint8_t *units, uint32_t length)
{
    return intern(names, hash_latin1(units, length), units, length, false);
}

Name *names_intern_utf16(Names *names, const uint16_t *units, uint32_t length)
{
    uint16_t all = 0;
    for (uint32_t i = 0; i < length; i++) all |= units[i];
    if (all > 0xff) return intern(names, hash_utf16(units, length), units, length, true);
    uint8_t short_text[64];
    uint8_t *narrow = length <= sizeof short_text ? short_text : arena_alloc(names->arena, length);
    for (uint32_t i = 0; i < length; i++) narrow[i] = (uint8_t)units[i];
    return names_intern_latin1(names, narrow, length);
}

Name *names_intern_text(Names *names, const char *ascii)
{
    return names_intern_latin1(names, (const uint8_t *)ascii, (uint32_t)strlen(ascii));
}

Name *names_word(Names *names, Word word)
{
    if (!names->words[word]) names->words[word] = names_intern_text(names, word_texts[word]);
    return names->words[word];
}

const char *names_text(Names *names, const Name *name, uint32_t limit)
{
    bool is_cut = name->length > limit;
    uint32_t length = is_cut ? limit : name->length;
    uint8_t *text = arena_alloc(names->arena, (size_t)length * 3 + 4), *out = text;
    for (size_t i = 0; i < length;) {
        uint32_t c = name->is_wide ? utf_decode_utf16(name->utf16, length, &i) : name->latin1[i++];
        out += utf_encode_utf8(c, out);
    }
    if (is_cut) memcpy(out, "...", 3);
    return (const char *)text;
}
