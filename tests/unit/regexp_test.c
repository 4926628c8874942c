/* SPDX-License-Identifier: MIT */
#include "vm/regexp/regexp.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"

/* ---- text in, text out ---- */

typedef struct Units {
    uint16_t units[4096];
    uint32_t count;
} Units;

/* UTF-8, with <D83D> for a surrogate. */
static void units_read(Units *out, const char *text)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + strlen(text);
    out->count = 0;
    while (p < end) {
        if (end - p >= 6 && p[0] == '<' && p[1] == 'D' && p[5] == '>') {
            out->units[out->count++] = (uint16_t)strtoul((const char *)p + 1, NULL, 16);
            p += 6;
        } else {
            out->count += (uint32_t)utf_encode_utf16(utf_decode_utf8(&p, end), out->units + out->count);
        }
    }
}

/* As Latin-1 where possible, unless `wide`. */
static ReText text_of(Units *u, bool wide)
{
    for (uint32_t i = 0; i < u->count; i++) wide |= u->units[i] > 0xff;
    for (uint32_t i = 0; i < u->count && !wide; i++) ((uint8_t *)u->units)[i] = (uint8_t)u->units[i];
    return (ReText){ u->units, u->count, wide };
}

static ReProgram *compile(const char *pattern, const char *flags, ReError *error)
{
    static Units units;
    uint32_t bits;
    if (!re_parse_flags((ReText){ flags, (uint32_t)strlen(flags), false }, &bits)) {
        *error = (ReError){ 0, "flags" };
        return NULL;
    }
    units_read(&units, pattern);
    return regexp_compile(text_of(&units, false), bits, error);
}

static void print_captures(char *out, const int32_t *captures, uint32_t groups)
{
    for (uint32_t i = 0; i <= groups; i++) {
        if (i) *out++ = ' ';
        if (captures[2 * i] < 0) out += sprintf(out, "-");
        else out += sprintf(out, "%d,%d", captures[2 * i], captures[2 * i + 1]);
    }
}

static char answer_text[1024];

static const char *match_once(const ReProgram *p, ReText subject, uint32_t start, uint32_t options)
{
    int32_t captures[64];
    ReScratch *s = regexp_scratch_create(0);
    ReMatch match = { .subject = subject, .start = start, .options = options };
    if (regexp_is_well_formed(subject)) match.options |= RE_WELL_FORMED;
    strcpy(answer_text, "none");
    ReResult result = regexp_match(p, s, &match, captures);
    if (result == RE_MATCH) print_captures(answer_text, captures, regexp_group_count(p));
    if (result == RE_OUT_OF_MEMORY) strcpy(answer_text, "memory");
    regexp_scratch_destroy(s);
    return answer_text;
}

/* The answer of all engines on subjects of all widths, or "different". */
static const char *match_at(const char *pattern, const char *flags, const char *subject, uint32_t start)
{
    static Units units;
    static char first[1024];
    ReError error;
    ReProgram *p = compile(pattern, flags, &error);
    if (!p) {
        snprintf(first, sizeof first, "error %u %s", error.offset, error.message);
        return first;
    }
    for (int i = 0; i < 4; i++) {
        units_read(&units, subject);
        const char *answer = match_once(p, text_of(&units, i & 1), start, i & 2 ? RE_ONLY_PCRE : RE_ONLY_OWN);
        if (i == 0) strcpy(first, answer);
        else if (strcmp(first, answer)) strcpy(first, "different");
    }
    regexp_release(p);
    return first;
}

typedef struct Case {
    const char *pattern, *flags, *subject, *want;
} Case;

static void expect_cases(const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = match_at(cases[i].pattern, cases[i].flags, cases[i].subject, 0);
        bool is_right = !strcmp(got, cases[i].want);
        if (!is_right)
            printf("# /%s/%s on \"%s\": %s, want %s\n", cases[i].pattern, cases[i].flags, cases[i].subject,
                   got, cases[i].want);
        EXPECT(is_right);
    }
}
#define EXPECT_CASES(...)                                \
    do {                                                 \
        static const Case CASES[] = { __VA_ARGS__ };     \
        expect_cases(CASES, COUNT_OF(CASES));            \
    } while (0)

/* Each is an error, and at this unit. */
typedef struct Mistake {
    const char *pattern, *flags;
    uint32_t    offset;
} Mistake;

static void expect_mistakes(const Mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ReError error;
        ReProgram *p = compile(mistakes[i].pattern, mistakes[i].flags, &error);
        bool is_right = !p && error.offset == mistakes[i].offset;
        if (!is_right)
            printf("# /%s/%s: %s at %u\n", mistakes[i].pattern, mistakes[i].flags,
                   p ? "valid" : error.message, p ? 0 : error.offset);
        EXPECT(is_right);
        regexp_release(p);
    }
}
#define EXPECT_MISTAKES(...)                                   \
    do {                                                       \
        static const Mistake MISTAKES[] = { __VA_ARGS__ };     \
        expect_mistakes(MISTAKES, COUNT_OF(MISTAKES));         \
    } while (0)

/* ---- flags and syntax ---- */

TEST(re_parse_flags_accepts_each_flag_once)
{
    uint32_t flags;
    EXPECT(re_parse_flags((ReText){ "dgimsuy", 7, false }, &flags));
    uint32_t all = RE_HAS_INDICES | RE_GLOBAL | RE_IGNORE_CASE | RE_MULTILINE | RE_DOT_ALL | RE_UNICODE |
                   RE_STICKY;
    EXPECT_EQ(all, flags);
    EXPECT(re_parse_flags((ReText){ "v", 1, false }, &flags) && flags == RE_UNICODE_SETS);
    EXPECT(re_parse_flags((ReText){ "", 0, false }, &flags) && flags == 0);
    EXPECT(!re_parse_flags((ReText){ "gg", 2, false }, &flags));
    EXPECT(!re_parse_flags((ReText){ "uv", 2, false }, &flags));
    EXPECT(!re_parse_flags((ReText){ "x", 1, false }, &flags));
    EXPECT(!re_parse_flags((ReText){ "\0", 1, false }, &flags));
    static const uint16_t WIDE[] = { 0x100 + 'g' };
    EXPECT(!re_parse_flags((ReText){ WIDE, 1, true }, &flags));
}

TEST(re_parse_reports_errors_at_their_place)
{
    EXPECT_MISTAKES({ "a(b", "", 1 }, { "ab)", "", 2 }, { "a**", "", 2 }, { "?", "", 0 }, { "a|*", "", 2 },
                    { "x{2,1}", "", 1 }, { "[b-a]", "", 1 }, { "[a", "", 0 }, { "a\\", "", 1 },
                    { "(?x)", "", 0 }, { "(?<1>a)", "", 3 }, { "(?<a", "", 4 }, { "(?<a>x)(?<a>y)", "", 10 },
                    { "(?<a>x)\\k<b>", "", 7 }, { "{1}", "", 0 }, { "^*", "", 1 }, { "(?<=a)*", "", 6 },
                    { "a{99999999999999999999,1}", "", 1 });
}

TEST(re_parse_is_strict_under_u_and_v)
{
    EXPECT_MISTAKES({ "\\1", "u", 0 }, { "(a)\\2", "u", 3 }, { "\\a", "u", 0 }, { "a{", "u", 1 },
                    { "]", "u", 0 }, { "}", "u", 0 }, { "{", "u", 0 }, { "\\c", "u", 0 }, { "\\x4", "u", 0 },
                    { "\\u{110000}", "u", 0 }, { "(?=a)*", "u", 5 }, { "[\\d-z]", "u", 1 },
                    { "\\p{Foo}", "u", 0 }, { "\\p{Block=Greek}", "u", 0 }, { "\\00", "u", 0 },
                    { "[\\b-\\d]", "u", 1 }, { "\\k", "u", 0 }, { "\\-", "u", 0 },
                    { "\\p{RGI_Emoji}", "u", 0 });
}

TEST(re_parse_checks_classes_under_v)
{
    EXPECT_MISTAKES({ "[a--b&&c]", "v", 5 }, { "[a-z&&b]", "v", 4 }, { "[(]", "v", 1 }, { "[a&&&b]", "v", 4 },
                    { "[^\\p{RGI_Emoji}]", "v", 0 }, { "\\P{RGI_Emoji}", "v", 0 }, { "[^\\q{ab}]", "v", 0 },
                    { "[!!]", "v", 1 }, { "[a-]", "v", 3 }, { "[\\q{a]", "v", 5 }, { "[[a]", "v", 0 });
    EXPECT_CASES({ "[^\\q{a|b}]", "v", "c", "0,1" }, { "[a&b]", "v", "&", "0,1" },
                 { "[\\&\\-]", "v", "-", "0,1" }, { "[\\q{}&&a]", "v", "a", "none" });
}

TEST(re_parse_takes_the_legacy_grammar_without_u_and_v)
{
    EXPECT_CASES({ "\\1(a)\\2", "", "a\2", "0,2 0,1" }, { "a{b", "", "a{b", "0,3" },
                 { "\\a]}", "", "a]}", "0,3" }, { "x{,5}", "", "x{,5}", "0,5" },
                 { "\\c1", "", "\\c1", "0,3" }, { "[\\c1]", "", "\x11", "0,1" },
                 { "[\\c*]", "", "\\", "0,1" }, { "\\101\\8", "", "A8", "0,2" },
                 { "\\0601", "", "01", "0,2" }, { "\\400", "", " 0", "0,2" }, { "[\\d-z]", "", "-", "0,1" },
                 { "[a-\\s]", "", "a", "0,1" }, { "(?=a)*b", "", "b", "0,1" },
                 { "(?=a){2}a", "", "a", "0,1" }, { "\\k<a>", "", "k<a>", "0,4" },
                 { "\\u{3}", "", "uuu", "0,3" }, { "\\x4g", "", "x4g", "0,3" },
                 { "\\p{L}", "", "p{L}", "0,4" }, { "[\\b]\\B", "", "\b ", "0,1" },
                 { "\\_", "", "_", "0,1" });
    EXPECT_MISTAKES({ "(?<a>)\\k", "", 6 }, { "(?<a>)[\\k]", "", 7 });
}

TEST(re_parse_check_agrees_with_the_compiler)
{
    ReError error;
    EXPECT(re_parse_check((ReText){ "(a)|b", 5, false }, 0, &error));
    EXPECT(!re_parse_check((ReText){ "(a|b", 4, false }, 0, &error) && error.offset == 0);
    EXPECT(!strcmp("unterminated group", error.message));
}

/* ---- semantics ---- */

TEST(regexp_takes_the_first_alternative_that_leads_to_a_match)
{
    EXPECT_CASES({ "a|ab", "", "abc", "0,1" },
                 { "((a)|(ab))((c)|(bc))", "", "abc", "0,3 0,1 0,1 - 1,3 - 1,3" },
                 { "a[a-z]{2,4}?", "", "abcdefghi", "0,3" },
                 { "(aa|aabaac|ba|b|c)*", "", "aabaac", "0,4 2,4" }, { "", "", "abc", "0,0" },
                 { "(?:)", "", "", "0,0" }, { "b", "", "aab", "2,3" }, { "x|", "", "ab", "0,0" },
                 { "foo|bar|baz|qux|quux", "", "a quux", "2,6" },
                 { "(?:alpha|beta|gamma|delta)+", "", "betadelta", "0,9" },
                 { "(?:ab|a|abc|b|bc)c", "", "abcc", "0,3" });
}

TEST(regexp_resets_groups_at_every_iteration)
{
    EXPECT_CASES({ "(?:(a)|b)*", "", "ab", "0,2 -" },
                 { "(z)((a+)?(b+)?(c))*", "", "zaacbbbcac", "0,10 0,1 8,10 8,9 - 9,10" },
                 { "(?:(a)|(b)|(c))+", "", "abc", "0,3 - - 2,3" }, { "(?:(?=(a))a)+b", "", "aab", "0,3 1,2" },
                 { "(?:(a)\\1?)+", "", "aaa", "0,3 2,3" }, { "(?:\\1b|(a))*", "", "abab", "0,4 -" });
}

TEST(regexp_rejects_iterations_that_take_nothing)
{
    EXPECT_CASES({ "(a*)*", "", "b", "0,0 -" }, { "(?:|a)*", "", "aa", "0,2" },
                 { "(?:|a)+", "", "aa", "0,2" }, { "(?:a?" "?)*", "", "aa", "0,2" },
                 { "(?:|a)?", "", "a", "0,1" }, { "(a?){3}", "", "a", "0,1 1,1" },
                 { "(?:a*?)*b", "", "aab", "0,3" }, { "((?=b))*", "", "b", "0,0 -" },
                 { "(?:()|a)*", "", "aa", "0,2 -" }, { "(\\2a)(\\1)*", "", "aaa", "0,3 0,1 2,3" },
                 { "(?:(?!x)|y)*z", "", "yz", "0,2" });
}

TEST(regexp_looks_ahead_without_backtracking_into_it)
{
    EXPECT_CASES({ "(?=(a+))", "", "baaabac", "1,1 1,4" }, { "(?=(a+))a*b\\1", "", "baaabac", "3,6 3,4" },
                 { "(.*?)a(?!(a+)b\\2c)\\2(.*)", "", "baaabaac", "0,8 0,2 - 3,8" },
                 { "(?!a)b", "", "b", "0,1" }, { "(?=a)(?=b)|c", "", "abc", "2,3" },
                 { "(?!(?!(a)))a", "", "a", "0,1 -" });
}

TEST(regexp_looks_behind_from_right_to_left)
{
    EXPECT_CASES({ "(?<=(\\d+)(\\d+))$", "", "1053", "4,4 0,1 1,4" },
                 { "(?<=\\1(a))b", "", "aab", "2,3 1,2" }, { "(?<!abc)\\w\\w\\w", "", "abcdef", "0,3" },
                 { "(?<=a|bc)d", "", "bcd", "2,3" }, { "(?<=([abc]+)).\\1", "", "abcdbc", "none" },
                 { "(?<=^(\\w+?))b", "", "ab", "1,2 0,1" }, { "(?<=a(?=b))b", "", "ab", "1,2" },
                 { "(?<=(?:a|bb)+)c", "", "abbac", "4,5" }, { "(?<=a{2,3}?)b", "", "aab", "2,3" },
                 { "(?<=\\b)a", "", " a", "1,2" });
}

TEST(regexp_refers_back)
{
    EXPECT_CASES({ "(a)\\1", "", "aa", "0,2 0,1" }, { "(a\\1)", "", "aa", "0,1 0,1" },
                 { "\\1(a)", "", "aa", "0,1 0,1" }, { "(?<x>a)|\\k<x>b", "", "b", "0,1 -" },
                 { "(a)\\1", "i", "aA", "0,2 0,1" }, { "(ß)\\1", "iu", "ßẞ", "0,2 0,1" },
                 { "(ß)\\1", "i", "ßẞ", "none" }, { "(\\u{1F600})\\1", "u", "😀😀", "0,4 0,2" },
                 { "(\\ud83d)\\1", "u", "<D83D>😀", "none" }, { "(<D83D>)\\1", "", "<D83D>😀", "0,2 0,1" });
}

TEST(regexp_has_names_that_may_repeat_between_alternatives)
{
    EXPECT_CASES({ "(?:(?<x>a)|(?<x>b))\\k<x>", "", "bb", "0,2 - 0,1" },
                 { "(?:(?:(?<x>a)|(?<x>b)|c)\\k<x>)+", "", "aabbc", "0,5 - -" });
    EXPECT_MISTAKES({ "(?<x>a)(?:b|(?<x>c))", "", 15 }, { "(?<x>(?<x>a)|b)", "", 8 },
                    { "(?:(?<x>a)|b)(?<x>c)", "", 16 });
    ReError error;
    ReProgram *p = compile("(?<año>\\d+)(a)(?:(?<π>x)|(?<π>y))", "u", &error);
    EXPECT_EQ(3, regexp_name_count(p));
    EXPECT_EQ(4, regexp_group_count(p));
    ReName first = regexp_name(p, 0), last = regexp_name(p, 2);
    EXPECT(first.group == 1 && first.name.length == 3 && !first.name.is_wide);
    EXPECT(!memcmp(first.name.units, "a\xf1o", 3));
    EXPECT(last.group == 4 && last.name.is_wide && *(const uint16_t *)last.name.units == 0x3c0);
    EXPECT_EQ(RE_UNICODE, regexp_flags(p));
    regexp_release(p);
}

TEST(regexp_has_modifiers)
{
    EXPECT_CASES({ "a(?i:b)c", "", "aBc", "0,3" }, { "a(?i:b)c", "", "aBC", "none" },
                 { "(?-i:a)b", "i", "aB", "0,2" }, { "(?-i:a)b", "i", "AB", "none" },
                 { "(?s:.)(?-s:.)", "", "\na", "0,2" }, { "(?m:^)b$", "", "a\nb", "2,3" },
                 { "(?i-s:A.)", "s", "a\n", "none" }, { "(a)(?i:\\1)", "", "aA", "0,2 0,1" });
    EXPECT_MISTAKES({ "(?ii:a)", "", 3 }, { "(?i-i:a)", "", 4 }, { "(?-:a)", "", 0 }, { "(?g:a)", "", 0 },
                    { "(?i)", "", 0 });
}

TEST(regexp_ignores_case_as_canonicalize_does)
{
    EXPECT_CASES({ "k", "i", "\u212a", "none" }, { "k", "iu", "\u212a", "0,1" },
                 { "\u017f", "i", "s", "none" }, { "\u017f", "iu", "S", "0,1" }, { "é", "i", "É", "0,1" },
                 { "µ", "i", "Μ", "0,1" }, { "ÿ", "i", "Ÿ", "0,1" }, { "[^x]", "i", "X", "none" },
                 { "[à-þ]", "i", "À", "0,1" }, { "\\u{10400}", "iu", "𐐨", "0,2" },
                 { "[^\\W]", "iu", "\u017f", "0,1" }, { "\\w", "iu", "\u212a", "0,1" },
                 { "\\w", "i", "\u212a", "none" }, { "\\W", "iu", "S", "none" },
                 { "\\b", "iu", "\u017f", "0,0" }, { "\\b", "i", "\u017f", "none" },
                 { "[\\P{Lu}]", "iu", "A", "0,1" }, { "\\p{Lu}", "iu", "a", "0,1" },
                 { "[^\\P{Lu}]", "iu", "a", "none" }, { "[^\\P{Lu}]", "iv", "a", "0,1" },
                 { "\\P{Lu}", "iv", "A", "none" }, { "ß", "iu", "ẞ", "0,1" }, { "ß", "i", "ẞ", "none" },
                 { "ΑΣ", "i", "ας", "0,2" }, { "İ", "iu", "i", "none" });
}

TEST(regexp_does_set_arithmetic_under_v)
{
    EXPECT_CASES({ "[\\w--\\d]+", "v", "12ab3", "2,4" }, { "[\\p{L}&&[a-f]]+", "v", "xabz", "1,3" },
                 { "[[a-z]--[aeiou]]+", "v", "abc", "1,3" }, { "[\\q{abc|ab|a}]c", "v", "abc", "0,3" },
                 { "[\\q{abc|ab|a}]", "v", "abc", "0,3" }, { "[\\q{ab|}x]", "v", "y", "0,0" },
                 { "^\\p{RGI_Emoji}$", "v", "👨‍👩‍👧‍👦", "0,11" },
                 { "^\\p{RGI_Emoji_Flag_Sequence}$", "v", "🇩🇪", "0,4" },
                 { "^\\p{Emoji_Keycap_Sequence}$", "v", "1️⃣", "0,3" },
                 { "[\\p{RGI_Emoji}--\\q{🇩🇪}]", "v", "🇩🇪", "none" },
                 { "(?<=^[\\q{ab|b}])c", "v", "abc", "2,3" }, { "[\\q{KM}]", "iv", "\u212am", "0,2" },
                 { "[^\\d]", "v", "a", "0,1" }, { "[^[^a]]", "v", "a", "0,1" }, { "[]", "v", "a", "none" },
                 { "[^]", "v", "\n", "0,1" });
}

TEST(regexp_reads_code_points_under_u_only)
{
    EXPECT_CASES({ "^.$", "", "😀", "none" }, { "^.$", "u", "😀", "0,2" }, { "^..$", "", "😀", "0,2" },
                 { "\\ud83d", "u", "😀", "none" }, { "\\ud83d", "", "😀", "0,1" },
                 { "\\ude00", "u", "😀", "none" }, { "\\ud83d", "u", "<D83D>a", "0,1" },
                 { "^[^x]$", "u", "<D83D>", "0,1" }, { "\\ud83d\\ude00", "u", "😀", "0,2" },
                 { "[<D83D>]", "", "😀", "0,1" }, { "(?<=\\ud83d)\\ude00", "u", "😀", "none" },
                 { "(?<=😀)a", "u", "😀a", "2,3" }, { "(?<=.)a", "u", "😀a", "2,3" },
                 { "😀{2}", "u", "😀😀", "0,4" }, { "[^a]+?b", "u", "😀😀b", "0,5" },
                 { "(?:)\\B", "u", "😀 ", "0,0" }, { "\\W+(?=b)", "u", "😀<DE00>b", "0,3" },
                 { "(?<=[^a]{2})b", "u", "😀<DE00>b", "3,4" });
}

TEST(regexp_has_anchors)
{
    EXPECT_CASES({ "^b", "", "a\nb", "none" }, { "^b", "m", "a\nb", "2,3" }, { "a$", "", "a\n", "none" },
                 { "a$", "m", "a\nb", "0,1" }, { "^", "m", "\r\n", "0,0" }, { "\\n^$", "m", "\r\n", "1,2" },
                 { "a$", "m", "a\u2028", "0,1" }, { ".", "", "\n\r\u2028\u2029", "none" },
                 { ".", "s", "\n", "0,1" }, { "\\bfoo\\b", "", "a foo b", "2,5" },
                 { "\\Bo", "", "foo", "1,2" }, { "\\b", "", "é", "none" },
                 { "\\s+", "", "a\u00a0\ufeff\u3000b", "1,4" }, { "\\s", "", "\u180e", "none" },
                 { "(?:^a|b)c", "", "bc", "0,2" });
}

TEST(regexp_begins_where_it_is_told)
{
    EXPECT(!strcmp("2,3", match_at("a", "", "aba", 1)));
    EXPECT(!strcmp("none", match_at("a", "y", "aba", 1)));
    EXPECT(!strcmp("2,3", match_at("a", "y", "aba", 2)));
    EXPECT(!strcmp("none", match_at("^a", "", "aba", 2)));
    EXPECT(!strcmp("3,3", match_at("$", "", "aba", 3)));
    EXPECT(!strcmp("0,2", match_at("😀", "u", "😀", 1)));
    EXPECT(!strcmp("none", match_at("\\ude00", "uy", "😀", 1)));
    EXPECT(!strcmp("1,2", match_at("\\ude00", "y", "😀", 1)));
    EXPECT(!strcmp("2,2", match_at("(?<=ab)", "", "abc", 2)));
}

TEST(regexp_counts_without_unrolling)
{
    EXPECT_CASES({ "(?:ab){3}", "", "abababab", "0,6" }, { "(ab){2,}?c", "", "abababc", "0,7 4,6" },
                 { "a{0}b", "", "ab", "1,2" }, { "(?:a{2}){2}", "", "aaaa", "0,4" },
                 { "(?:(?:ab){1000}){1000}", "", "abab", "none" }, { "a{4294967295,}", "", "aaa", "none" },
                 { "(?:){4294967295}a", "", "a", "0,1" }, { "x{0,4294967296}", "", "xx", "0,2" },
                 { "(a)(){0}\\2", "", "a", "0,1 0,1 -" }, { "(?:(x)(y){0})+", "", "xx", "0,2 1,2 -" });
}

/* ---- limits ---- */

static char *repeat(const char *piece, size_t count, const char *middle, const char *closing)
{
    size_t length = strlen(piece), closing_length = strlen(closing), middle_length = strlen(middle);
    char *text = malloc(count * (length + closing_length) + middle_length + 1), *at = text;
    for (size_t i = 0; i < count; i++, at += length) memcpy(at, piece, length);
    memcpy(at, middle, middle_length);
    at += middle_length;
    for (size_t i = 0; i < count; i++, at += closing_length) memcpy(at, closing, closing_length);
    *at = '\0';
    return text;
}

static ReProgram *compile_repeated(const char *piece, size_t count, const char *middle, const char *closing,
                                   uint32_t flags, ReError *error)
{
    char *text = repeat(piece, count, middle, closing);
    ReProgram *p = regexp_compile((ReText){ text, (uint32_t)strlen(text), false }, flags, error);
    free(text);
    return p;
}

TEST(regexp_bounds_nesting_and_size)
{
    ReError error;
    ReProgram *p = compile_repeated("(?:", 490, "a", "|b)", 0, &error);
    EXPECT(p && !strcmp("0,1", match_once(p, (ReText){ "a", 1, false }, 0, 0)));
    regexp_release(p);
    EXPECT(!compile_repeated("(", 1000000, "a", ")", 0, &error));
    EXPECT(!strcmp("pattern nested too deeply", error.message));
    EXPECT(!compile_repeated("(?:", 1000000, "a", ")*", 0, &error));
    EXPECT(!compile_repeated("[", 1000000, "a", "]", RE_UNICODE_SETS, &error));
    EXPECT(!compile_repeated("(?=", 1000000, "", "", 0, &error));
    EXPECT(!compile_repeated("()", 70000, "", "", 0, &error));
    EXPECT(!strcmp("too many capture groups", error.message));
    EXPECT(!compile_repeated("\\p{L}", 1000000, "", "", RE_UNICODE, &error));
    EXPECT(!strcmp("pattern too large", error.message));
    p = compile_repeated("a|", 100000, "", "", 0, &error);
    EXPECT(p != NULL);
    regexp_release(p);
    p = compile_repeated("(?:a|b){65000}", 1000, "", "", 0, &error);
    EXPECT(p != NULL);
    regexp_release(p);
    p = compile_repeated("[\\u0001-\\uffff", 1000, "", "]", 0, &error);
    EXPECT(p != NULL);
    regexp_release(p);
}

static bool poll_count(void *context)
{
    return ++*(int *)context >= 3;
}

TEST(regexp_can_be_interrupted)
{
    ReError error;
    int32_t captures[4];
    ReProgram *p = compile("(a+)+$", "", &error);
    ReScratch *s = regexp_scratch_create(0);
    for (uint32_t options = 0; options <= RE_ONLY_PCRE; options += RE_ONLY_OWN) {
        int polls = 0;
        ReMatch match = { .subject = { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 48, false },
                          .options = options, .poll = poll_count, .poll_context = &polls };
        EXPECT_EQ(RE_INTERRUPTED, regexp_match(p, s, &match, captures));
        EXPECT_EQ(3, polls);
    }
    regexp_scratch_destroy(s);
    regexp_release(p);
}

typedef struct Nested {
    const ReProgram *p;
    ReScratch       *s;
    ReResult         result;
} Nested;

static bool poll_by_matching(void *context)
{
    Nested *n = context;
    int32_t captures[4];
    ReMatch match = { .subject = { "xaay", 4, false } };
    n->result = regexp_match(n->p, n->s, &match, captures);
    EXPECT_EQ(1, captures[0]);
    return true;
}

TEST(regexp_matches_from_within_a_poll)
{
    ReError error;
    int32_t captures[4];
    ReProgram *slow = compile("(a+)+$", "", &error), *quick = compile("a+", "", &error);
    Nested nested = { quick, regexp_scratch_create(0), RE_NO_MATCH };
    ReMatch match = { .subject = { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 37, false },
                      .options = RE_ONLY_OWN, .poll = poll_by_matching, .poll_context = &nested };
    EXPECT_EQ(RE_INTERRUPTED, regexp_match(slow, nested.s, &match, captures));
    EXPECT_EQ(RE_MATCH, nested.result);
    regexp_scratch_destroy(nested.s);
    regexp_release(slow);
    regexp_release(quick);
}

TEST(regexp_stops_at_its_memory_limit)
{
    ReError error;
    int32_t captures[4];
    ReProgram *p = compile("(?:a|ab|b)*c", "", &error);
    char *text = repeat("ab", 100000, "", "");
    ReMatch match = { .subject = { text, 200000, false }, .options = RE_ONLY_OWN };
    ReScratch *s = regexp_scratch_create(64 << 10);
    EXPECT_EQ(RE_OUT_OF_MEMORY, regexp_match(p, s, &match, captures));
    match.subject.length = 10;
    EXPECT_EQ(RE_NO_MATCH, regexp_match(p, s, &match, captures));          // and works on
    regexp_scratch_destroy(s);
    regexp_release(p);
    free(text);
}

TEST(regexp_survives_every_failure_of_allocation)
{
    static const char *const PATTERNS[] = { "(?<x>a|b)+[^\\d]\\k<x>", "(?:foo|bar|baz|qux)*x",
                                            "[\\p{L}--\\p{Lu}]{2,}" };
    static const char *const FLAGS[] = { "i", "", "v" };
    for (size_t i = 0; i < COUNT_OF(PATTERNS); i++) {
        for (size_t budget = 0; budget < 60; budget++) {
            ReError error;
            int32_t captures[8];
            mem_set_budget(budget);
            ReProgram *p = compile(PATTERNS[i], FLAGS[i], &error);
            ReScratch *s = p ? regexp_scratch_create(0) : NULL;
            ReMatch match = { .subject = { "xxaaybarfoox", 12, false }, .options = RE_ONLY_PCRE };
            if (s) (void)regexp_match(p, s, &match, captures);
            match.options = RE_ONLY_OWN;
            if (s) (void)regexp_match(p, s, &match, captures);
            mem_set_budget(SIZE_MAX);
            regexp_scratch_destroy(s);
            regexp_release(p);
        }
    }
}

/* ---- engines ---- */

TEST(regexp_changes_engines_unnoticed)
{
    ReError error;
    int32_t captures[4];
    ReProgram *p = compile("(\\w+)@", "", &error);
    ReScratch *s = regexp_scratch_create(0);
    for (int i = 0; i < 200; i++) {
        ReMatch match = { .subject = { "  joe@example", 13, false } };
        EXPECT_EQ(RE_MATCH, regexp_match(p, s, &match, captures));
        EXPECT(captures[0] == 2 && captures[1] == 6 && captures[2] == 2 && captures[3] == 5);
    }
    regexp_scratch_destroy(s);
    regexp_release(p);
}

TEST(regexp_searches_long_subjects_by_windows)
{
    ReError error;
    int32_t captures[4];
    ReScratch *s = regexp_scratch_create(0);
    char *text = repeat("ab ", 40000, "needle", "");
    uint32_t length = (uint32_t)strlen(text);
    ReProgram *p = compile("[a-d]*n(e+)", "", &error);
    ReMatch match = { .subject = { text, length, false } };
    EXPECT_EQ(RE_MATCH, regexp_match(p, s, &match, captures));
    EXPECT(captures[0] == 120000 && captures[1] == 120003 && captures[2] == 120001);
    regexp_release(p);

    uint16_t *wide = malloc(length * sizeof *wide);                        // pairs across every window's end
    for (uint32_t i = 0; i < length; i++) wide[i] = i % 2 ? 0xde00 : 0xd83d;
    wide[length - 1] = 'x';
    wide[length - 2] = 'y';
    p = compile("[^x]?x", "u", &error);
    match = (ReMatch){ .subject = { wide, length, true }, .options = RE_WELL_FORMED };
    EXPECT_EQ(RE_MATCH, regexp_match(p, s, &match, captures));
    EXPECT(captures[0] == (int32_t)length - 2);
    regexp_release(p);
    regexp_scratch_destroy(s);
    free(wide);
    free(text);
}

static void *match_many(void *context)
{
    ReProgram *p = context;
    ReScratch *s = regexp_scratch_create(0);
    uintptr_t wrong = 0;
    for (int i = 0; i < 2000; i++) {
        static const uint16_t WIDE[] = { 0x3b1, 'a', '1', 'b' };
        int32_t captures[4];
        ReMatch match = { .subject = { "..a1b", 5, false }, .options = i % 3 ? 0 : RE_AT_START };
        wrong += regexp_match(p, s, &match, captures) != (i % 3 ? RE_MATCH : RE_NO_MATCH);
        match = (ReMatch){ .subject = { WIDE, 4, true } };
        wrong += regexp_match(p, s, &match, captures) != RE_MATCH || captures[2] != 2;
    }
    regexp_scratch_destroy(s);
    regexp_release(p);
    return (void *)wrong;
}

TEST(regexp_programs_are_shared_between_threads)
{
    for (int round = 0; round < 20; round++) {
        ReError error;
        pthread_t threads[4];
        ReProgram *p = compile("[a-z](\\d)[a-z]", "", &error);
        for (int i = 0; i < 4; i++) {
            regexp_retain(p);
            EXPECT_EQ(0, pthread_create(&threads[i], NULL, match_many, p));
        }
        for (int i = 0; i < 4; i++) {
            void *wrong;
            pthread_join(threads[i], &wrong);
            EXPECT(wrong == NULL);
        }
        regexp_release(p);
    }
}
