/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <string.h>

#include "compiler/names.h"

TEST(names_words_are_in_order)
{
    for (Word w = 2; w < WORD_COUNT; w++) {
        if (w == WORD_LAST_RESERVED + 1) continue;
        if (strcmp(names_word_text(w - 1), names_word_text(w)) >= 0)
            test_fail(__FILE__, __LINE__, "%s stands behind %s", names_word_text(w), names_word_text(w - 1));
    }
}

TEST(names_know_their_word)
{
    Arena arena;
    Names names;
    arena_init(&arena, SIZE_MAX, NULL);
    names_init(&names, &arena);
    for (Word w = 1; w < WORD_COUNT; w++) {
        EXPECT_EQ(w, (Word)names_intern_text(&names, names_word_text(w))->word);
        EXPECT(names_word(&names, w) == names_intern_text(&names, names_word_text(w)));
    }
    EXPECT_EQ(WORD_NONE, (Word)names_intern_text(&names, "asyn")->word);
    EXPECT_EQ(WORD_NONE, (Word)names_intern_text(&names, "asyncs")->word);
    EXPECT_EQ(WORD_NONE, (Word)names_intern_text(&names, "")->word);
    EXPECT_EQ(WORD_NONE, (Word)names_intern_latin1(&names, (const uint8_t *)"go\0", 3)->word);
    EXPECT(names_is_reserved(names_word(&names, WORD_WITH)));
    EXPECT(!names_is_reserved(names_word(&names, WORD_LET)));
    arena_deinit(&arena);
}

TEST(names_of_equal_content_are_one)
{
    Arena arena;
    Names names;
    arena_init(&arena, SIZE_MAX, NULL);
    names_init(&names, &arena);
    Name *kept[2000];
    char text[16];
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "name%d", i);
        kept[i] = names_intern_text(&names, text);
    }
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "name%d", i);
        EXPECT(kept[i] == names_intern_text(&names, text));
    }
    arena_deinit(&arena);
}

TEST(names_are_wide_only_when_they_must_be)
{
    Arena arena;
    Names names;
    arena_init(&arena, SIZE_MAX, NULL);
    names_init(&names, &arena);
    const uint16_t narrow[] = { 'a', 0xe9 }, wide[] = { 'a', 0x100 };
    Name *n = names_intern_utf16(&names, narrow, 2), *w = names_intern_utf16(&names, wide, 2);
    EXPECT(!n->is_wide && n->latin1[1] == 0xe9);
    EXPECT(n == names_intern_latin1(&names, (const uint8_t *)"a\xe9", 2));
    EXPECT(w->is_wide && w->utf16[1] == 0x100);
    EXPECT_EQ(0x100u, (unsigned)names_unit(w, 1));
    EXPECT_TEXT("a\xc3\xa9", names_text(&names, n, 10));
    EXPECT_TEXT("a\xc4\x80", names_text(&names, w, 10));
    EXPECT_TEXT("a...", names_text(&names, w, 1));
    arena_deinit(&arena);
}
