/* SPDX-License-Identifier: MIT */
/* re_tool.c - regular expressions by lines of text, for differential tests, other engines' drivers and
 * curiosity.
 *
 *   re_tool [-e own|pcre|auto] [-w] < cases
 *
 * A case is a line of four fields separated by tabs: flags, pattern, subject, start. Pattern and subject are
 * UTF-16, four hexadecimal digits a unit. The answer is a line:
 *
 *   error OFFSET MESSAGE     the pattern is not valid
 *   null                     no match
 *   0,3 1,2 -                bounds of the groups; - for one that took no part
 *   memory | interrupted     no answer within the limits
 *
 * -e chooses the engine (auto), -w matches Latin-1 subjects as UTF-16, -d prints code instead. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/mem.h"
#include "vm/base/vec.h"
#include "vm/regexp/re_compile.h"
#include "vm/regexp/regexp.h"

typedef VEC(uint16_t) Units;

static uint32_t options;
static bool     stays_wide, dumps;
static long     polls_left;

enum { POLL_LIMIT = 2000 };           // some tens of milliseconds

static bool count_poll(void *context)
{
    (void)context;
    return --polls_left <= 0;
}

static int hex_value(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static void read_units(const char *hex, Units *out)
{
    out->count = 0;
    for (; hex[0] && hex[1] && hex[2] && hex[3]; hex += 4) {
        int unit = 0;
        for (int i = 0; i < 4; i++) unit = unit << 4 | hex_value(hex[i]);
        VEC_PUSH(out, (uint16_t)unit);
    }
}

/* As Latin-1 where that is possible, in place. */
static ReText text_of(Units *units, bool wide)
{
    for (uint32_t i = 0; i < units->count; i++) wide |= units->items[i] > 0xff;
    if (!wide)
        for (uint32_t i = 0; i < units->count; i++) ((uint8_t *)units->items)[i] = (uint8_t)units->items[i];
    return (ReText){ units->items, units->count, wide };
}

static void print_match(const ReProgram *p, const int32_t *captures)
{
    for (uint32_t i = 0; i <= regexp_group_count(p); i++) {
        if (i) putchar(' ');
        if (captures[2 * i] < 0) putchar('-');
        else printf("%d,%d", captures[2 * i], captures[2 * i + 1]);
    }
    putchar('\n');
}

static void dump_code(ReText pattern, uint32_t flags)
{
    Arena arena;
    ReError error;
    Buf out;
    arena_init(&arena, RE_ARENA_LIMIT_BYTES, NULL);
    ReTree *tree = re_parse_tree(&arena, pattern, flags, &error);
    ReCode *code = tree ? re_compile_tree(&arena, tree, &error) : NULL;
    if (code) {
        buf_init(&out);
        re_code_dump(code, &out);
        fputs(buf_text(&out), stdout);
        buf_deinit(&out);
        mem_free(code);
    } else {
        printf("error %u %s\n", error.offset, error.message);
    }
    arena_deinit(&arena);
}

static void run_case(char *line, ReScratch *scratch)
{
    static Units pattern, subject;
    char *fields[4] = { line, "", "", "0" };
    for (int i = 1; i < 4; i++) {
        char *tab = strchr(fields[i - 1], '\t');
        if (!tab) break;
        *tab = '\0';
        fields[i] = tab + 1;
    }
    read_units(fields[1], &pattern);
    read_units(fields[2], &subject);
    uint32_t flags;
    ReError error;
    if (!re_parse_flags((ReText){ fields[0], (uint32_t)strlen(fields[0]), false }, &flags)) {
        printf("error 0 invalid flags\n");
        return;
    }
    ReText source = text_of(&pattern, false);
    if (dumps) {
        dump_code(source, flags);
        return;
    }
    ReProgram *p = regexp_compile(source, flags, &error);
    if (!p) {
        printf("error %u %s\n", error.offset, error.message);
        return;
    }
    ReMatch match = { .subject = text_of(&subject, stays_wide), .start = (uint32_t)atol(fields[3]),
                      .options = options, .poll = count_poll };
    if (regexp_is_well_formed(match.subject)) match.options |= RE_WELL_FORMED;
    int32_t *captures = mem_alloc(2 * sizeof *captures * (regexp_group_count(p) + 1));
    polls_left = POLL_LIMIT;
    switch (regexp_match(p, scratch, &match, captures)) {
    case RE_MATCH:         print_match(p, captures); break;
    case RE_NO_MATCH:      puts("null"); break;
    case RE_OUT_OF_MEMORY: puts("memory"); break;
    case RE_INTERRUPTED:   puts("interrupted"); break;
    }
    mem_free(captures);
    regexp_release(p);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-w")) stays_wide = true;
        else if (!strcmp(argv[i], "-d")) dumps = true;
        else if (!strcmp(argv[i], "-e") && i + 1 < argc)
            options = !strcmp(argv[++i], "own") ? RE_ONLY_OWN : !strcmp(argv[i], "pcre") ? RE_ONLY_PCRE : 0;
        else return fprintf(stderr, "usage: re_tool [-e own|pcre|auto] [-w] [-d] < cases\n"), 2;
    }
    ReScratch *scratch = regexp_scratch_create(0);
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = '\0';
        run_case(line, scratch);
    }
    free(line);
    regexp_scratch_destroy(scratch);
    return 0;
}
