/* SPDX-License-Identifier: MIT */
#include "vm/base/unicode.h"

#include <string.h>

#include "tests/unit/test.h"

typedef struct Count {
    uint32_t ranges, points;
    uint32_t last;               // of the last range
    bool     is_canonical;       // ranges ascend and do not touch
    uint32_t probe;
    bool     has_probe;
} Count;

static void count_range(void *context, uint32_t first, uint32_t last)
{
    Count *n = context;
    if (first > last || (n->ranges && first <= n->last + 1)) n->is_canonical = false;
    n->ranges++;
    n->points += last - first + 1;
    n->last = last;
    if (n->probe >= first && n->probe <= last) n->has_probe = true;
}

static bool find(const char *name, const char *value, UnicodeProperty *p)
{
    return unicode_property_find(name, strlen(name), value, value ? strlen(value) : 0, p);
}

static Count count_property(const char *name, const char *value, uint32_t probe)
{
    Count n = { .is_canonical = true, .probe = probe };
    UnicodeProperty p;
    if (find(name, value, &p)) unicode_property_ranges(p, count_range, &n);
    return n;
}

static void count_string(void *context, const uint32_t *code_points, uint32_t count)
{
    uint32_t *strings = context;
    if (count >= 2 && code_points[0] <= 0x10ffff) (*strings)++;
}

static uint32_t count_strings(const char *name)
{
    uint32_t strings = 0;
    UnicodeProperty p;
    if (find(name, NULL, &p)) unicode_property_strings(p, count_string, &strings);
    return strings;
}

TEST(unicode_identifiers_follow_id_start_and_id_continue)
{
    EXPECT(unicode_is_identifier_start('a') && unicode_is_identifier_start('_'));
    EXPECT(unicode_is_identifier_start('$') && unicode_is_identifier_part('$'));
    EXPECT(!unicode_is_identifier_start('1') && unicode_is_identifier_part('1'));
    EXPECT(!unicode_is_identifier_start('-') && !unicode_is_identifier_part('-'));
    EXPECT(unicode_is_identifier_start(0xe9) && unicode_is_identifier_start(0x2118));   // Other_ID_Start
    EXPECT(unicode_is_identifier_part(0x200c) && unicode_is_identifier_part(0x200d));
    EXPECT(!unicode_is_identifier_start(0x200c));
    EXPECT(unicode_is_identifier_start(0x323af) && !unicode_is_identifier_start(0x1f600));
    EXPECT(unicode_is_identifier_part(0xe0100) && !unicode_is_identifier_start(0xe0100));
    EXPECT(!unicode_is_identifier_part(0x10ffff) && !unicode_is_identifier_part(UINT32_MAX));
    EXPECT(unicode_is_identifier_start(0x10940));                                       // Sidetic, new in 17
}

TEST(unicode_identifier_tables_agree_with_the_properties)
{
    uint32_t starts = 0, parts = 0;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        starts += unicode_is_identifier_start(c);
        parts += unicode_is_identifier_part(c);
    }
    EXPECT_EQ(count_property("ID_Start", NULL, 0).points + 2, starts);    // $ _
    // $ is added; whether ZWNJ and ZWJ have ID_Continue differs between versions.
    Count id_continue = count_property("ID_Continue", NULL, 0x200c);
    EXPECT_EQ(id_continue.points + 1 + (id_continue.has_probe ? 0 : 2), parts);
}

TEST(unicode_version_is_17)
{
    EXPECT(!strcmp("17.0.0", unicode_version()));
}

TEST(unicode_white_space_is_that_of_the_standard)
{
    uint32_t count = 0;
    for (uint32_t c = 0; c <= 0x10ffff; c++) count += unicode_is_white_space(c);
    EXPECT_EQ(4 + count_property("Zs", NULL, 0).points, count);     // TAB VT FF ZWNBSP; Zs has SP and NBSP
    EXPECT(!unicode_is_white_space(0x180e) && !unicode_is_white_space('\n'));
}

TEST(unicode_properties_are_found_by_exact_names_only)
{
    UnicodeProperty p;
    EXPECT(find("Lu", NULL, &p) && p.kind == UNICODE_CATEGORY);
    EXPECT(find("General_Category", "Uppercase_Letter", &p) && find("gc", "punct", &p));
    EXPECT(find("sc", "Qaai", &p) && p.kind == UNICODE_SCRIPT);
    EXPECT(find("Script_Extensions", "Greek", &p) && p.kind == UNICODE_SCRIPT_EXTENSIONS);
    EXPECT(find("space", NULL, &p) && p.kind == UNICODE_BINARY);
    EXPECT(find("RGI_Emoji", NULL, &p) && p.kind == UNICODE_STRINGS);
    EXPECT(!find("lu", NULL, &p) && !find("Lux", NULL, &p) && !find("L", "Lu", &p) && !find("", NULL, &p));
    EXPECT(!find("Greek", NULL, &p) && !find("Script", NULL, &p));
    EXPECT(!find("sc", "", &p) && !find("sc", "Gree", &p) && !find("sc", "greek", &p));
    EXPECT(!find("Block", "Greek", &p) && !find("Hyphen", NULL, &p) && !find("ASCII", "Y", &p));
}

TEST(unicode_property_ranges_are_canonical_and_complete)
{
    Count n = count_property("Any", NULL, 0x10ffff);
    EXPECT(n.ranges == 1 && n.points == 0x110000 && n.has_probe);
    n = count_property("ASCII", NULL, 0x7f);
    EXPECT(n.points == 0x80 && n.has_probe);
    Count assigned = count_property("Assigned", NULL, 'a'), unassigned = count_property("Cn", NULL, 0x378);
    EXPECT_EQ(0x110000, assigned.points + unassigned.points);
    EXPECT(assigned.is_canonical && unassigned.is_canonical && unassigned.has_probe);
    Count letters = count_property("L", NULL, 'a');
    uint32_t sum = 0;
    static const char *const LETTERS[] = { "Lu", "Ll", "Lt", "Lm", "Lo" };
    for (size_t i = 0; i < 5; i++) sum += count_property(LETTERS[i], NULL, 0).points;
    EXPECT_EQ(sum, letters.points);
    EXPECT(count_property("Cs", NULL, 0xd800).points == 2048);
    EXPECT(count_property("White_Space", NULL, 0x85).points == 25);
}

TEST(unicode_scripts_partition_the_code_points)
{
    EXPECT(count_property("sc", "Latin", 'a').has_probe && !count_property("sc", "Latin", '1').has_probe);
    EXPECT(count_property("Script", "Zinh", 0x300).has_probe);
    EXPECT_EQ(0, count_property("Script", "Katakana_Or_Hiragana", 0).points);
    EXPECT(count_property("sc", "Unknown", 0xd800).has_probe);
    EXPECT(count_property("scx", "Zzzz", 0x378).has_probe);
    // U+0640 is Common, and used with Arabic; U+1CF7 is Common, and only Beng by extension.
    EXPECT(count_property("sc", "Zyyy", 0x640).has_probe && !count_property("scx", "Zyyy", 0x640).has_probe);
    EXPECT(count_property("scx", "Arab", 0x640).has_probe && count_property("scx", "Beng", 0x1cf7).has_probe);
    EXPECT(count_property("scx", "Hiragana", 0x30fc).is_canonical);
}

TEST(unicode_properties_of_strings_count_as_published)
{
    EXPECT_EQ(12, count_strings("Emoji_Keycap_Sequence"));
    EXPECT_EQ(3, count_strings("RGI_Emoji_Tag_Sequence"));
    EXPECT(count_strings("RGI_Emoji_Flag_Sequence") >= 258);
    uint32_t all = count_strings("Basic_Emoji") + count_strings("Emoji_Keycap_Sequence") +
                   count_strings("RGI_Emoji_Modifier_Sequence") + count_strings("RGI_Emoji_Flag_Sequence") +
                   count_strings("RGI_Emoji_Tag_Sequence") + count_strings("RGI_Emoji_ZWJ_Sequence");
    EXPECT_EQ(all, count_strings("RGI_Emoji"));
    EXPECT(count_property("Basic_Emoji", NULL, 0x1f600).has_probe);
    EXPECT_EQ(count_property("Basic_Emoji", NULL, 0).points, count_property("RGI_Emoji", NULL, 0).points);
    EXPECT_EQ(0, count_property("RGI_Emoji_Flag_Sequence", NULL, 0).points);
}

TEST(unicode_fold_is_canonicalize)
{
    EXPECT_EQ('a', unicode_fold('A', UNICODE_FOLD_SIMPLE));
    EXPECT_EQ('A', unicode_fold('a', UNICODE_FOLD_LEGACY));
    EXPECT_EQ('k', unicode_fold(0x212a, UNICODE_FOLD_SIMPLE));
    EXPECT_EQ(0x212a, unicode_fold(0x212a, UNICODE_FOLD_LEGACY));
    EXPECT_EQ('s', unicode_fold(0x17f, UNICODE_FOLD_SIMPLE));
    EXPECT_EQ(0x17f, unicode_fold(0x17f, UNICODE_FOLD_LEGACY));           // would become ASCII
    EXPECT_EQ(0xdf, unicode_fold(0x1e9e, UNICODE_FOLD_SIMPLE));
    EXPECT_EQ(0xdf, unicode_fold(0xdf, UNICODE_FOLD_LEGACY));             // would become two
    EXPECT_EQ(0x39c, unicode_fold(0xb5, UNICODE_FOLD_LEGACY));
    EXPECT_EQ(0x3bc, unicode_fold(0xb5, UNICODE_FOLD_SIMPLE));
    EXPECT_EQ(0x178, unicode_fold(0xff, UNICODE_FOLD_LEGACY));
    EXPECT_EQ(0x1f80, unicode_fold(0x1f80, UNICODE_FOLD_LEGACY));   // two in full, one in simple mapping
    EXPECT_EQ(0x10428, unicode_fold(0x10400, UNICODE_FOLD_SIMPLE));
    EXPECT_EQ(0x10428, unicode_fold(0x10428, UNICODE_FOLD_LEGACY));       // not one code unit
    EXPECT_EQ(0x10ffff, unicode_fold(0x10ffff, UNICODE_FOLD_SIMPLE));
}

TEST(unicode_fold_agrees_with_its_runs_and_is_idempotent)
{
    for (int kind = 0; kind < 2; kind++) {
        UnicodeFold fold = kind ? UNICODE_FOLD_LEGACY : UNICODE_FOLD_SIMPLE;
        uint32_t count, mapped = 0, changed = 0, wrong = 0;
        const UnicodeCaseRun *runs = unicode_case_runs(fold, &count);
        for (uint32_t r = 0; r < count; r++) {
            mapped += runs[r].count;
            for (uint32_t i = 0; i < runs[r].count; i++) {
                uint32_t c = runs[r].first + i * runs[r].stride;
                if (unicode_fold(c, fold) != c + (uint32_t)runs[r].delta) wrong++;
            }
        }
        for (uint32_t c = 0; c <= 0x10ffff; c++) {
            uint32_t folded = unicode_fold(c, fold);
            changed += folded != c;
            wrong += unicode_fold(folded, fold) != folded;
        }
        EXPECT_EQ(0, wrong);
        EXPECT_EQ(mapped, changed);
    }
}
