/* SPDX-License-Identifier: MIT */
/* The command line. */
#include "vm/options.h"

#include <string.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "vm/base/arena.h"

enum { MOST_WORDS = 12 };

/* Parse words that a space parts, behind the command's name. Errors are not shown. */
static bool parse(Options *o, const char *line)
{
    static char text[400];
    static char *argv[MOST_WORDS + 1];
    int argc = 0, standard_error = dup(STDERR_FILENO);
    snprintf(text, sizeof text, "us %s", line);
    for (char *word = strtok(text, " "); word && argc < MOST_WORDS; word = strtok(NULL, " ")) argv[argc++] = word;
    argv[argc] = NULL;
    FILE *nowhere = freopen("/dev/null", "w", stderr);
    bool is_fine = options_parse(o, argc, argv);
    fflush(stderr);
    if (nowhere) dup2(standard_error, STDERR_FILENO);
    close(standard_error);
    return is_fine;
}

TEST(options_take_their_values_in_each_spelling)
{
    static const char *const lines[] = {
        "-e 1+1 a", "-e1+1 a", "--eval=1+1 a", "--eval 1+1 a", "-ce 1+1 a", "--eval=1+1 -- a",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        Options o;
        EXPECT(parse(&o, lines[i]));
        EXPECT(o.is_set[OPTION_EVAL]);
        EXPECT_TEXT("1+1", o.value[OPTION_EVAL]);
        EXPECT_EQ(strstr(lines[i], "-ce") != NULL, o.is_set[OPTION_CHECK]);
        EXPECT(!o.file);                                      // code was given: all else is the program's
        EXPECT_EQ(1, o.argument_count);
        EXPECT_TEXT("a", o.arguments[0]);
        options_deinit(&o);
    }
}

TEST(options_end_at_the_program)
{
    Options o;
    EXPECT(parse(&o, "-c --module file.js -e --version x"));
    EXPECT(o.is_set[OPTION_CHECK] && o.is_set[OPTION_MODULE] && !o.is_set[OPTION_EVAL] && !o.is_set[OPTION_VERSION]);
    EXPECT_TEXT("file.js", o.file);
    EXPECT_EQ(3, o.argument_count);
    EXPECT_TEXT("-e", o.arguments[0]);
    options_deinit(&o);
    EXPECT(parse(&o, "-- -e"));
    EXPECT_TEXT("-e", o.file);
    options_deinit(&o);
    EXPECT(parse(&o, "- x"));
    EXPECT_TEXT("-", o.file);
    options_deinit(&o);
    EXPECT(parse(&o, ""));
    EXPECT(!o.file && o.argument_count == 0);
    options_deinit(&o);
}

TEST(options_that_repeat)
{
    Options o;
    EXPECT(parse(&o, "-r a.js --require=b.js -p 1 -p 2 -r c.js"));
    EXPECT_EQ(3, o.require_count);
    EXPECT_TEXT("a.js", o.requires[0]);
    EXPECT_TEXT("c.js", o.requires[2]);
    EXPECT_TEXT("2", o.value[OPTION_PRINT]);
    options_deinit(&o);
}

TEST(options_sizes)
{
    static const struct { const char *line; size_t bytes; } rows[] = {
        { "--memory-limit=4096", 4096 }, { "--memory-limit 64K", 64 << 10 }, { "--memory-limit=3m", 3 << 20 },
        { "--memory-limit=2G", (size_t)2 << 30 }, { "--memory-limit=0", 0 }, { "--memory-limit=-1", 0 },
        { "--memory-limit=1T", 0 }, { "--memory-limit=K", 0 }, { "--memory-limit=", 0 }, { "--memory-limit=1KB", 0 },
        { "--memory-limit=99999999999G", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Options o;
        EXPECT_EQ(rows[i].bytes != 0, parse(&o, rows[i].line));
        if (rows[i].bytes) EXPECT_EQ(rows[i].bytes, o.pacing.limit_bytes);
        EXPECT_EQ(0u, o.stack_limit_bytes);
        options_deinit(&o);
    }
}

TEST(options_that_are_none_are_refused)
{
    static const char *const lines[] = {
        "--nothing", "-x", "-cx", "--check=1", "--eval", "-e", "--stack-size", "--eva=1", "--=1",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        Options o;
        if (parse(&o, lines[i])) test_fail(__FILE__, __LINE__, "%s is taken", lines[i]);
        options_deinit(&o);
    }
}

TEST(options_help_names_every_option)
{
    static const char *const names[] = {
#define OPTION(id, letter, name, argument, help) "--" name,
#include "vm/options.def"
#undef OPTION
    };
    char text[8192] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    REQUIRE(out);
    options_print_help(out);
    fclose(out);
    for (size_t i = 0; i < COUNT_OF(names); i++) EXPECT(strstr(text, names[i]));
    for (const char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) EXPECT(strlen(line) <= 120);
}
