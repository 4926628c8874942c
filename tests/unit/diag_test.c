/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <string.h>

#include "compiler/diag.h"

typedef struct Fixture {
    Arena  arena;
    Source source;
    Diag   diag;
    Buf    out;
} Fixture;

static void set_up(Fixture *f, const char *text)
{
    arena_init(&f->arena, SIZE_MAX, NULL);
    source_init(&f->source, "file.us", text, strlen(text), SOURCE_UTF8);
    diag_init(&f->diag, &f->source, &f->arena);
    buf_init(&f->out);
}

static void tear_down(Fixture *f)
{
    buf_deinit(&f->out);
    source_deinit(&f->source);
    arena_deinit(&f->arena);
}

static const char *render(Fixture *f)
{
    buf_clear(&f->out);
    diag_render(&f->diag, &f->out);
    return buf_text(&f->out);
}

TEST(diag_renders_position_line_and_caret)
{
    Fixture f;
    set_up(&f, "let x = 1\nlet foo = ;\n");
    diag_report(&f.diag, DIAG_UNEXPECTED_TOKEN_WANTED, 20, 21, "token `;`", "an expression");
    EXPECT_TEXT("file.us:2:11: error: unexpected token `;`; expected an expression\n"
                "    let foo = ;\n"
                "              ^\n", render(&f));
    tear_down(&f);
}

TEST(diag_underlines_a_span_and_gives_the_hint)
{
    Fixture f;
    set_up(&f, "-abc ** 2");
    diag_report(&f.diag, DIAG_UNARY_BEFORE_POWER, 0, 4);
    EXPECT_TEXT("file.us:1:1: error: a unary operator's result cannot be the base of `**`\n"
                "    -abc ** 2\n"
                "    ^~~~\n"
                "hint: parenthesise: `(-x) ** y` or `-(x ** y)`\n", render(&f));
    tear_down(&f);
}

TEST(diag_keeps_tabs_below_tabs_and_counts_characters)
{
    Fixture f;
    set_up(&f, "\t\xc3\xa9\tx");
    diag_report(&f.diag, DIAG_BAD_CHARACTER, 4, 5);
    EXPECT_TEXT("file.us:1:4: error: unexpected character\n    \t\xc3\xa9\tx\n    \t \t^\n", render(&f));
    tear_down(&f);
}

TEST(diag_shows_a_window_of_a_long_line)
{
    Fixture f;
    char text[1001];
    memset(text, 'a', 1000);
    text[1000] = 0;
    text[500] = '@';
    set_up(&f, text);
    diag_report(&f.diag, DIAG_BAD_CHARACTER, 500, 501);
    const char *out = render(&f);
    EXPECT(strlen(out) < 300);
    EXPECT(strstr(out, "\n    ...aaa") != NULL);
    EXPECT(strstr(out, "aaa...\n") != NULL);
    const char *line = strchr(out, '\n') + 1, *below = strchr(line, '\n') + 1;
    EXPECT_EQ(strchr(line, '@') - line, strchr(below, '^') - below);
    tear_down(&f);
}

TEST(diag_puts_the_caret_behind_the_last_line)
{
    Fixture f;
    set_up(&f, "f(");
    diag_report(&f.diag, DIAG_UNEXPECTED_TOKEN, 2, 2, "end of input");
    EXPECT_TEXT("file.us:1:3: error: unexpected end of input\n    f(\n      ^\n", render(&f));
    tear_down(&f);
}

TEST(diag_survives_text_that_is_not_utf8)
{
    Fixture f;
    set_up(&f, "a\xff" "b\x1b");
    diag_report(&f.diag, DIAG_BAD_UTF8, f.source.bad_offset, f.source.bad_offset + 1);
    EXPECT_TEXT("file.us:1:2: error: the source is not valid UTF-8 here\n"
                "    a\xef\xbf\xbd" "b\xef\xbf\xbd\n     ^\nhint: save the file as UTF-8\n", render(&f));
    tear_down(&f);
}

TEST(diag_reports_one_error_a_place)
{
    Fixture f;
    set_up(&f, "abc");
    diag_report(&f.diag, DIAG_BAD_CHARACTER, 1, 2);
    diag_report(&f.diag, DIAG_LET_NAME, 1, 2);
    diag_report(&f.diag, DIAG_RECEIVE_CONTINUES, 1, 2);
    EXPECT_EQ(1u, f.diag.error_count);
    EXPECT_EQ(1u, f.diag.warning_count);
    EXPECT_EQ(DIAG_BAD_CHARACTER, diag_first_error(&f.diag)->code);
    tear_down(&f);
}

TEST(diag_stops_collecting_at_the_limit)
{
    Fixture f;
    char text[101];
    memset(text, 'a', 100);
    text[100] = 0;
    set_up(&f, text);
    for (uint32_t i = 0; i < 100; i++) {
        diag_report(&f.diag, DIAG_BAD_CHARACTER, i, i + 1);
        diag_report(&f.diag, DIAG_RECEIVE_CONTINUES, i, i + 1);
    }
    EXPECT_EQ(100u, f.diag.error_count);
    EXPECT_EQ(2u * DIAG_LIMIT, f.diag.count);
    EXPECT(strstr(render(&f), "too many errors; stopped after 20") != NULL);
    tear_down(&f);
}

TEST(diag_rewinds_to_a_mark)
{
    Fixture f;
    set_up(&f, "abc");
    diag_report(&f.diag, DIAG_BAD_CHARACTER, 0, 1);
    DiagMark mark = diag_mark(&f.diag);
    diag_report(&f.diag, DIAG_BAD_CHARACTER, 1, 2);
    diag_rewind(&f.diag, mark);
    EXPECT_EQ(1u, f.diag.count);
    EXPECT_EQ(1u, f.diag.error_count);
    tear_down(&f);
}

TEST(diag_rows_take_text_arguments_only)
{
    for (DiagCode code = 0; code < DIAG_CODE_COUNT; code++)
        for (const char *at = diag_code_text(code); (at = strchr(at, '%')) != NULL; at++)
            if (at[1] != 's') test_fail(__FILE__, __LINE__, "%s: argument is not text", diag_code_name(code));
}
