/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <string.h>

#include "compiler/lexer.h"

typedef struct Fixture {
    Arena  arena;
    Source source;
    Names  names;
    Diag   diag;
    Lexer  lexer;
    Token  t;
} Fixture;

static void set_up(Fixture *f, const char *text, bool has_html_comments)
{
    arena_init(&f->arena, SIZE_MAX, NULL);
    source_init(&f->source, "t", text, strlen(text), SOURCE_WTF8);
    names_init(&f->names, &f->arena);
    diag_init(&f->diag, &f->source, &f->arena);
    lexer_init(&f->lexer, &f->source, &f->names, &f->diag, &f->arena, has_html_comments);
}

static void tear_down(Fixture *f)
{
    source_deinit(&f->source);
    arena_deinit(&f->arena);
}

/* The kinds of a text's tokens, as their texts joined by blanks; a line break before a token is `^`. */
static const char *kinds(const char *text, bool has_html_comments)
{
    static char out[400];
    Fixture f;
    set_up(&f, text, has_html_comments);
    size_t length = 0;
    out[0] = 0;
    for (lexer_next(&f.lexer, &f.t); f.t.kind != TOKEN_END; lexer_next(&f.lexer, &f.t))
        length += (size_t)snprintf(out + length, sizeof out - length, "%s%s ", f.t.newline_before ? "^" : "",
                                   ast_token_text(f.t.kind));
    if (length) out[length - 1] = 0;
    tear_down(&f);
    return out;
}

TEST(lexer_reads_every_punctuator_and_keyword)
{
    for (TokenKind kind = TOKEN_LEFT_BRACE; kind < TOKEN_COUNT; kind++) {
        if (kind == TOKEN_HASH) continue;
        Fixture f;
        set_up(&f, ast_token_text(kind), false);
        lexer_next(&f.lexer, &f.t);
        EXPECT_EQ(kind, (TokenKind)f.t.kind);
        EXPECT_EQ(strlen(ast_token_text(kind)), (size_t)f.t.end);
        lexer_next(&f.lexer, &f.t);
        EXPECT_EQ(TOKEN_END, (TokenKind)f.t.kind);
        tear_down(&f);
    }
}

TEST(lexer_takes_the_longest_token)
{
    EXPECT_TEXT(">>>= >>> >>= >> >= >", kinds(">>>=>>> >>=>> >=>", false));
    EXPECT_TEXT("? number : number", kinds("?.5:1", false));
    EXPECT_TEXT("identifier ?. identifier", kinds("a?.b", false));
    EXPECT_TEXT("... number", kinds("....5", false));
    EXPECT_TEXT("number number", kinds("1. .5", false));
}

TEST(lexer_tells_line_breaks_before_tokens)
{
    EXPECT_TEXT("identifier ^identifier ^identifier identifier ^identifier",
                kinds("a\nb/*\n*/c/**/d//\ne", false));
    EXPECT_TEXT("identifier ^identifier", kinds("a\xe2\x80\xa8" "b", false));
    EXPECT_TEXT("identifier identifier", kinds("a\xc2\xa0\xef\xbb\xbf" "b", false));
}

TEST(lexer_skips_html_comments_in_scripts_only)
{
    EXPECT_TEXT("identifier ^identifier", kinds("a <!-- b\nc", true));
    EXPECT_TEXT("identifier < ! -- identifier", kinds("a <!-- b", false));
    EXPECT_TEXT("^identifier", kinds("--> a\nb", true));
    EXPECT_TEXT("identifier -- > identifier", kinds("a --> b", true));
    EXPECT_TEXT("identifier ^identifier", kinds("a\n/**/ --> b\nc", true));
    EXPECT_TEXT("identifier ^-- > identifier", kinds("a\n--> b", false));
}

TEST(lexer_skips_a_hashbang_at_the_start_only)
{
    EXPECT_TEXT("^identifier", kinds("#!/bin/us\na", false));
    EXPECT_TEXT("^identifier", kinds("\xef\xbb\xbf#!/bin/us\na", false));
    EXPECT_TEXT("invalid text ! identifier", kinds(" #!a", false));
}

static bool is_name(const Name *name, const char *text)
{
    return name->length == strlen(text) && !name->is_wide && memcmp(name->latin1, text, name->length) == 0;
}

TEST(lexer_reads_identifiers_with_escapes_and_beyond_ascii)
{
    Fixture f;
    set_up(&f, "\\u0061b a\\u{62} \xc3\xa9t\xc3\xa9 \xf0\x9d\x92\x9c if\\u0020", false);
    lexer_next(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "ab") && f.t.flags & FLAG_HAS_ESCAPE);
    lexer_next(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "ab") && f.t.flags & FLAG_HAS_ESCAPE);
    lexer_next(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "\xe9t\xe9") && !(f.t.flags & FLAG_HAS_ESCAPE));
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_IDENTIFIER, (TokenKind)f.t.kind);
    EXPECT_EQ(2u, f.t.name->length);
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_ERROR, (TokenKind)f.t.kind);
    EXPECT_EQ(DIAG_BAD_IDENTIFIER_ESCAPE, diag_first_error(&f.diag)->code);
    tear_down(&f);
}

TEST(lexer_makes_an_escaped_keyword_an_identifier)
{
    Fixture f;
    set_up(&f, "\\u0069f if", false);
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_IDENTIFIER, (TokenKind)f.t.kind);
    EXPECT_EQ(WORD_IF, (Word)f.t.name->word);
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_IF, (TokenKind)f.t.kind);
    tear_down(&f);
}

static double number(const char *text, uint8_t *flags)
{
    Fixture f;
    set_up(&f, text, false);
    lexer_next(&f.lexer, &f.t);
    double value = f.t.kind == TOKEN_NUMBER ? f.t.number : -1;
    *flags = f.t.flags;
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_END, (TokenKind)f.t.kind);
    tear_down(&f);
    return value;
}

TEST(lexer_reads_numbers)
{
    uint8_t flags;
    EXPECT_EQ(0.0, number("0", &flags));
    EXPECT_EQ(255.0, number("0xFf", &flags));
    EXPECT_EQ(8.0, number("0o10", &flags));
    EXPECT_EQ(5.0, number("0B101", &flags));
    EXPECT_EQ(1e3, number("1_000", &flags));
    EXPECT_EQ(1.5e10, number("1.5e+1_0", &flags));
    EXPECT_EQ(0, flags);
    EXPECT_EQ(15.0, number("017", &flags));
    EXPECT_EQ(FLAG_LEGACY_OCTAL, flags);
    EXPECT_EQ(18.0, number("018", &flags));
    EXPECT_EQ(FLAG_LEGACY_OCTAL, flags);
    EXPECT_EQ(8.5, number("08.5", &flags));
}

TEST(lexer_rejects_malformed_numbers)
{
    const char *bad[] = {
        "1_",   "1__0", "_1_", "0_1",  "0x",   "0x_1", "0b2",  "0o8",  "1e",   "1e+", "3in",       "3\\u0061",
        "0x1g", "01_7", "08n", "1.5n", "1e3n", "017n", "1_.5", "1._5", "1e_5", "0xn", "3\xc3\xa9",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Fixture f;
        set_up(&f, bad[i], false);
        lexer_next(&f.lexer, &f.t);
        if (f.t.kind != TOKEN_ERROR && bad[i][0] != '_') test_fail(__FILE__, __LINE__, "%s", bad[i]);
        tear_down(&f);
    }
}

TEST(lexer_keeps_the_digits_of_bigints)
{
    Fixture f;
    set_up(&f, "1_234n 0xFFn 0n", false);
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_BIGINT && is_name(f.t.name, "1234"));
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_BIGINT && is_name(f.t.name, "0xFF"));
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_BIGINT && is_name(f.t.name, "0"));
    tear_down(&f);
}

TEST(lexer_reads_strings)
{
    Fixture f;
    set_up(&f, "'a\"b' \"it's\" 'a\\\nb' '\xe2\x80\xa8' '\\07' '\xed\xa0\x80'", false);
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_STRING && is_name(f.t.name, "a\"b") && f.t.flags == 0);
    lexer_next(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "it's"));
    lexer_next(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "ab") && f.t.flags == FLAG_HAS_ESCAPE);
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.name->length == 1 && names_unit(f.t.name, 0) == 0x2028);
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.flags & FLAG_LEGACY_OCTAL);
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_STRING && names_unit(f.t.name, 0) == 0xd800);
    EXPECT_EQ(0u, f.diag.error_count);
    tear_down(&f);
}

TEST(lexer_reads_templates_in_parts)
{
    Fixture f;
    set_up(&f, "`a${b}c\\u00e9${d}\\xZ` `$ $$ {`", false);
    lexer_next(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_TEMPLATE && is_name(f.t.name, "a") && !f.t.is_tail);
    lexer_next(&f.lexer, &f.t);
    lexer_next(&f.lexer, &f.t);
    lexer_read_template(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "c\xe9") && is_name(f.t.raw, "c\\u00e9") && !f.t.is_tail);
    lexer_next(&f.lexer, &f.t);
    lexer_next(&f.lexer, &f.t);
    lexer_read_template(&f.lexer, &f.t);
    EXPECT(!f.t.name && f.t.is_tail && f.t.fault == DIAG_BAD_HEX_ESCAPE);
    EXPECT_EQ(17u, f.t.fault_at);
    lexer_next(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "$ $$ {") && f.t.is_tail);
    EXPECT_EQ(0u, f.diag.error_count);
    tear_down(&f);
}

TEST(lexer_reads_regular_expressions_on_demand)
{
    Fixture f;
    set_up(&f, "/a[/]\\/b/gi /=x/ /un\nclosed/", false);
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_SLASH, (TokenKind)f.t.kind);
    lexer_read_regexp(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_REGEXP && is_name(f.t.name, "a[/]\\/b") && is_name(f.t.raw, "gi"));
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_SLASH_ASSIGN, (TokenKind)f.t.kind);
    lexer_read_regexp(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_REGEXP && is_name(f.t.name, "=x") && f.t.raw->length == 0);
    lexer_next(&f.lexer, &f.t);
    lexer_read_regexp(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_ERROR, (TokenKind)f.t.kind);
    tear_down(&f);
}

TEST(lexer_splits_tokens_for_types)
{
    Fixture f;
    set_up(&f, ">>=1", false);
    lexer_next(&f.lexer, &f.t);
    lexer_split(&f.lexer, &f.t);
    EXPECT(f.t.kind == TOKEN_GREATER && f.t.end == 1);
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_GREATER_EQUAL, (TokenKind)f.t.kind);
    tear_down(&f);
}

TEST(lexer_goes_back_to_a_token)
{
    Fixture f;
    set_up(&f, "a b c", false);
    lexer_next(&f.lexer, &f.t);
    Token first = f.t;
    lexer_next(&f.lexer, &f.t);
    lexer_next(&f.lexer, &f.t);
    lexer_rewind(&f.lexer, &first);
    lexer_next(&f.lexer, &f.t);
    EXPECT(is_name(f.t.name, "b"));
    tear_down(&f);
}

TEST(lexer_reports_what_does_not_end)
{
    static const struct { const char *text; DiagCode code; bool is_cut_short; } cases[] = {
        { "/* a", DIAG_UNTERMINATED_COMMENT, true },  { "`a", DIAG_UNTERMINATED_TEMPLATE, true },
        { "`a\\", DIAG_UNTERMINATED_TEMPLATE, true }, { "'a", DIAG_UNTERMINATED_STRING, false },
        { "'a\n'", DIAG_UNTERMINATED_STRING, false }, { "'a\\", DIAG_UNTERMINATED_STRING, true },
        { "'a\\\n", DIAG_UNTERMINATED_STRING, true }, { "#", DIAG_BAD_PRIVATE_NAME, false },
        { "#1", DIAG_BAD_PRIVATE_NAME, false },       { "\x01", DIAG_BAD_CHARACTER, false },
        { "\xe2\x82\xac", DIAG_BAD_CHARACTER, false }, { "\\", DIAG_BAD_IDENTIFIER_ESCAPE, false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Fixture f;
        set_up(&f, cases[i].text, false);
        lexer_next(&f.lexer, &f.t);
        EXPECT_EQ(TOKEN_ERROR, (TokenKind)f.t.kind);
        REQUIRE(diag_first_error(&f.diag) != NULL);
        EXPECT_EQ(cases[i].code, diag_first_error(&f.diag)->code);
        EXPECT_EQ(cases[i].is_cut_short, f.lexer.cut_short_at == 0);
        for (int n = 0; n < 10; n++) lexer_next(&f.lexer, &f.t);
        EXPECT_EQ(TOKEN_END, (TokenKind)f.t.kind);
        tear_down(&f);
    }
}

TEST(lexer_takes_a_nul_in_the_text_for_a_character)
{
    Fixture f;
    arena_init(&f.arena, SIZE_MAX, NULL);
    source_init(&f.source, "t", "a\0b", 3, SOURCE_UTF8);
    names_init(&f.names, &f.arena);
    diag_init(&f.diag, &f.source, &f.arena);
    lexer_init(&f.lexer, &f.source, &f.names, &f.diag, &f.arena, false);
    lexer_next(&f.lexer, &f.t);
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_ERROR, (TokenKind)f.t.kind);
    lexer_next(&f.lexer, &f.t);
    EXPECT_EQ(TOKEN_IDENTIFIER, (TokenKind)f.t.kind);
    tear_down(&f);
}
