/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <string.h>

#include "compiler/source.h"
#include "vm/base/mem.h"

static bool is_at(const char *text, uint32_t offset, uint32_t line, uint32_t column)
{
    Source s;
    source_init(&s, "t", text, strlen(text), SOURCE_UTF8);
    SourcePosition at = source_position(&s, offset, SOURCE_CODE_POINTS);
    source_deinit(&s);
    if (at.line != line || at.column != column)
        printf("# offset %u is at %u:%u\n", offset, at.line, at.column);
    return at.line == line && at.column == column;
}

TEST(source_counts_lines_and_columns_from_one)
{
    EXPECT(is_at("", 0, 1, 1));
    EXPECT(is_at("abc", 0, 1, 1));
    EXPECT(is_at("abc", 3, 1, 4));
    EXPECT(is_at("a\nb", 1, 1, 2));
    EXPECT(is_at("a\nb", 2, 2, 1));
    EXPECT(is_at("a\n", 2, 2, 1));
}

TEST(source_ends_lines_where_ecmascript_does)
{
    EXPECT(is_at("a\rb", 2, 2, 1));
    EXPECT(is_at("a\r\nb", 3, 2, 1));
    EXPECT(is_at("a\xe2\x80\xa8" "b", 4, 2, 1));
    EXPECT(is_at("a\xe2\x80\xa9" "b", 4, 2, 1));
    EXPECT(is_at("a\fb", 2, 1, 3));
    EXPECT(is_at("\n\r\n\r", 1, 2, 1));
    EXPECT(is_at("\n\r\n\r", 3, 3, 1));
    EXPECT(is_at("\n\r\n\r", 4, 4, 1));
}

TEST(source_columns_are_code_points_or_utf16_units)
{
    Source s;
    const char *text = "x\xc3\xa9\xf0\x9f\x98\x80y";                // x e-acute grinning-face y
    source_init(&s, "t", text, strlen(text), SOURCE_UTF8);
    EXPECT_EQ(4u, source_position(&s, 7, SOURCE_CODE_POINTS).column);
    EXPECT_EQ(5u, source_position(&s, 7, SOURCE_UTF16_UNITS).column);
    source_deinit(&s);
}

TEST(source_skips_a_byte_order_mark)
{
    Source s;
    const char *text = "\xef\xbb\xbf" "ab";
    source_init(&s, "t", text, strlen(text), SOURCE_UTF8);
    EXPECT_EQ(3u, s.text_start);
    EXPECT_EQ(1u, source_position(&s, 3, SOURCE_CODE_POINTS).column);
    EXPECT_EQ(1u, source_position(&s, 0, SOURCE_CODE_POINTS).column);
    source_deinit(&s);
}

TEST(source_finds_the_first_ill_formed_byte)
{
    Source s;
    const char *texts[] = { "ab\xff",     "ab\x80",         "ab\xc3",
                            "ab\xc0\xaf", "ab\xed\xa0\x80", "ab\xf4\x90\x80\x80",
                            "ab\xe2\x82" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        source_init(&s, "t", texts[i], strlen(texts[i]), SOURCE_UTF8);
        EXPECT_EQ(SOURCE_BAD_UTF8, s.status);
        EXPECT_EQ(2u, s.bad_offset);
        EXPECT_EQ(3u, source_position(&s, s.bad_offset, SOURCE_CODE_POINTS).column);
        source_deinit(&s);
    }
}

TEST(source_accepts_lone_surrogates_as_wtf8_only)
{
    Source s;
    source_init(&s, "t", "'\xed\xa0\x80'", 5, SOURCE_WTF8);
    EXPECT_EQ(SOURCE_VALID, s.status);
    source_deinit(&s);
    source_init(&s, "t", "'\xed\xa0\x80'", 5, SOURCE_UTF8);
    EXPECT_EQ(SOURCE_BAD_UTF8, s.status);
    EXPECT_EQ(1u, s.bad_offset);
    source_deinit(&s);
}

TEST(source_gives_a_line_without_its_end)
{
    Source s;
    uint32_t start, end;
    const char *text = "one\r\ntwo\xe2\x80\xa8three\n";
    source_init(&s, "t", text, strlen(text), SOURCE_UTF8);
    source_line(&s, 1, &start, &end);
    EXPECT(start == 0 && end == 3);
    source_line(&s, 2, &start, &end);
    EXPECT(start == 5 && end == 8);
    source_line(&s, 3, &start, &end);
    EXPECT(start == 11 && end == 16);
    source_line(&s, 4, &start, &end);
    EXPECT(start == 17 && end == 17);
    source_deinit(&s);
}

TEST(source_is_quick_on_one_long_line)
{
    size_t size = 8 << 20;
    char *text = mem_alloc(size + 1);
    memset(text, 'x', size);
    memcpy(text, "\xc3\xa9", 2);                                     // not ASCII
    text[size] = 0;
    Source s;
    source_init(&s, "t", text, size, SOURCE_UTF8);
    uint32_t sum = 0;
    // counting from the start would take minutes
    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t offset = (uint32_t)(size - 1 - i * 50);
        sum += source_position(&s, offset, SOURCE_UTF16_UNITS).column == offset;
    }
    EXPECT_EQ(100000u, sum);
    source_deinit(&s);
    mem_free(text);
}

TEST(source_finds_positions_without_memory_for_tables)
{
    Source s;
    const char *text = "a\n\xc3\xa9" "b\nc";
    source_init(&s, "t", text, strlen(text), SOURCE_UTF8);
    mem_set_budget(0);
    SourcePosition at = source_position(&s, 4, SOURCE_CODE_POINTS);
    uint32_t start, end;
    source_line(&s, 3, &start, &end);
    mem_set_budget(SIZE_MAX);
    EXPECT(at.line == 2 && at.column == 2);
    EXPECT(start == 6 && end == 7);
    source_deinit(&s);
}
