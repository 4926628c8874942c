/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <string.h>

#include "vm/base/debug.h"

/* The warnings for a list, as text valid until the next call; the flags go to `*flags`. */
static const char *warnings_for(const char *text, DebugFlags *flags)
{
    static char kept[2048];
    Buf  warnings;
    buf_init(&warnings);
    bool is_right = debug_parse(text, flags, &warnings);
    EXPECT(is_right == (warnings.count == 0));
    strncpy(kept, buf_text(&warnings), sizeof kept - 1);
    buf_deinit(&warnings);
    return kept;
}

TEST(debug_parse_reads_every_kind_of_flag)
{
    DebugFlags f;
    EXPECT(*warnings_for("gcstress=10,verify,share=all,seed=0x10,stackstress", &f) == '\0');
    EXPECT_EQ(10, f.gcstress);
    EXPECT(f.verify && f.stackstress && !f.poison && !f.trace && !f.shadow);
    EXPECT(strcmp(f.share, "all") == 0 && f.preempt[0] == '\0');
    EXPECT(f.has_seed && f.seed == 16);
}

TEST(debug_parse_starts_from_all_absent)
{
    DebugFlags f;
    memset(&f, 0xff, sizeof f);
    EXPECT(*warnings_for(",,", &f) == '\0');
    EXPECT(f.gcstress == 0 && !f.has_seed && !f.verify && f.share[0] == '\0');
    EXPECT(*warnings_for("seed=0", &f) == '\0');
    EXPECT(f.has_seed && f.seed == 0);
    EXPECT(*warnings_for("gcstress=1,gcstress=2", &f) == '\0');
    EXPECT_EQ(2, f.gcstress);
}

TEST(debug_parse_warns_and_goes_on)
{
    DebugFlags  f;
    const char *text = warnings_for("gcstres=5,verify", &f);
    EXPECT(strstr(text, "`gcstres=5` is unknown") && strstr(text, "gcstress=N") && f.verify);
    EXPECT(strstr(warnings_for("gcstress", &f), "written gcstress=N"));
    EXPECT(strstr(warnings_for("gcstress=x", &f), "`gcstress=x` is wrong"));
    EXPECT(strstr(warnings_for("gcstress=-1", &f), "is wrong"));
    EXPECT(strstr(warnings_for("gcstress=99999999999", &f), "is wrong"));
    EXPECT(strstr(warnings_for("seed=18446744073709551616", &f), "is wrong"));
    EXPECT(strstr(warnings_for("verify=1", &f), "written verify"));
    EXPECT(strstr(warnings_for("share=al", &f), "written share=all"));
    EXPECT(strstr(warnings_for("share=", &f), "written share=all"));
    EXPECT(f.share[0] == '\0');
    text = warnings_for("a_word_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on", &f);
    EXPECT(strstr(text, "too long"));
}

TEST(debug_help_has_a_line_for_each_flag)
{
    Buf out;
    buf_init(&out);
    debug_write_help(&out);
    EXPECT(strstr(buf_text(&out), "  gcstress=N        collect"));
    EXPECT(strstr(buf_text(&out), "  preempt=every     every:"));
    buf_deinit(&out);
}
