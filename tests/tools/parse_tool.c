/* SPDX-License-Identifier: MIT */
/* parse_tool.c - parses files and says what came out; for golden tests, sweeps and measurements.
 *
 *   parse_tool [OPTION]... FILE...
 *     --ts --ultra --ultra-file --library    dialect bits
 *     --module --detect --repl --commonjs --eval --strict --ambient
 *                    what the file is (default: a script)
 *     --tokens       only lex
 *     --dump         print the tree
 *     --javascript   of nodes with two readings dump and hash the JavaScript one
 *     --hash         print a hash of the dump and the goal
 *     --quiet        print `ok FILE` or `error FILE` only
 *     --list         FILEs are lists of files; a line may start with options in brackets: [--module --strict]
 *     --repeat=N     parse N times, print the speed */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "compiler/ast.h"
#include "compiler/lexer.h"
#include "compiler/parser.h"
#include "vm/base/file.h"
#include "vm/base/mem.h"

typedef struct Settings {
    ParserOptions parser;
    bool tokens, dump, javascript, hash, quiet, list;
    unsigned repeat;
} Settings;

static bool take_option(Settings *s, const char *text)
{
    static const struct { const char *text; uint32_t bit; } dialects[] = {
        { "--ts", DIALECT_TYPESCRIPT }, { "--ultra", DIALECT_ULTRA }, { "--library", DIALECT_LIBRARY },
        { "--ultra-file", DIALECT_ULTRA | DIALECT_ULTRA_FILE },
    };
    static const struct { const char *text; ParserKind kind; } kinds[] = {
        { "--script", PARSER_SCRIPT }, { "--module", PARSER_MODULE }, { "--detect", PARSER_DETECT },
        { "--repl", PARSER_REPL }, { "--commonjs", PARSER_COMMONJS }, { "--eval", PARSER_EVAL },
    };
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
        if (strcmp(text, dialects[i].text) == 0) return s->parser.dialect |= dialects[i].bit, true;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(text, kinds[i].text) == 0) return s->parser.kind = kinds[i].kind, true;
    if (strcmp(text, "--strict") == 0) return s->parser.is_strict = true;
    if (strcmp(text, "--ambient") == 0) return s->parser.is_ambient = true;
    if (strcmp(text, "--tokens") == 0) return s->tokens = true;
    if (strcmp(text, "--dump") == 0) return s->dump = true;
    if (strcmp(text, "--javascript") == 0) return s->javascript = true;
    if (strcmp(text, "--hash") == 0) return s->hash = true;
    if (strcmp(text, "--quiet") == 0) return s->quiet = true;
    if (strcmp(text, "--list") == 0) return s->list = true;
    if (strncmp(text, "--repeat=", 9) == 0) return s->repeat = (unsigned)atoi(text + 9), true;
    return false;
}

static uint64_t hash_bytes(const Buf *b)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < b->count; i++) h = (h ^ (uint8_t)b->bytes[i]) * UINT64_C(0x100000001b3);
    return h;
}

static uint64_t count_tokens(Source *source, Names *names, Arena *arena, Diag *diag)
{
    Lexer lexer;
    Token t;
    uint64_t count = 0;
    lexer_init(&lexer, source, names, diag, arena, true);
    do {
        lexer_next(&lexer, &t);
        count++;
    } while (t.kind != TOKEN_END);
    return count;
}

static void print_result(const Settings *s, const char *path, const ParserResult *result, const Diag *diag)
{
    Buf out;
    buf_init(&out);
    if (result->program && (s->dump || s->hash)) {
        if (s->javascript) ast_dump_javascript(&out, &result->program->node);
        else ast_dump(&out, &result->program->node);
    }
    if (s->hash)
        printf("%s %016llx %s\n", result->program ? "ok" : "error", (unsigned long long)hash_bytes(&out),
               path);
    else if (s->quiet) printf("%s %s\n", result->program ? "ok" : "error", path);
    else fputs(buf_text(&out), stdout);
    if (!s->quiet && !s->hash) {
        buf_clear(&out);
        diag_render(diag, &out);
        if (result->is_incomplete) buf_put_text(&out, "(incomplete)\n");
        fputs(buf_text(&out), stdout);
    }
    buf_deinit(&out);
}

/* True when the file parsed. */
static bool parse_text(const Settings *s, const char *path, const Buf *text, bool prints)
{
    Arena arena;
    Source source;
    Names names;
    Diag diag;
    arena_init(&arena, SIZE_MAX, NULL);
    source_init(&source, path, text->bytes, text->count, SOURCE_UTF8);
    names_init(&names, &arena);
    diag_init(&diag, &source, &arena);
    bool is_fine = true;
    if (s->tokens) {
        uint64_t count = source.status == SOURCE_VALID ? count_tokens(&source, &names, &arena, &diag) : 0;
        if (prints) printf("%llu tokens %s\n", (unsigned long long)count, path);
    } else {
        ParserResult result = parser_parse(&source, &names, &arena, &diag, &s->parser);
        is_fine = result.program != NULL;
        if (prints) print_result(s, path, &result, &diag);
    }
    source_deinit(&source);
    arena_deinit(&arena);
    return is_fine;
}

static bool run_file(const Settings *s, const char *path)
{
    Buf text;
    buf_init(&text);
    if (file_read(path, &text)) {
        fprintf(stderr, "parse_tool: cannot read %s\n", path);
        return false;
    }
    buf_text(&text);
    bool is_fine = parse_text(s, path, &text, s->repeat == 0);
    if (s->repeat) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        for (unsigned i = 0; i < s->repeat; i++) parse_text(s, path, &text, false);
        clock_gettime(CLOCK_MONOTONIC, &to);
        double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
        printf("%8.1f MB/s  %s\n", (double)text.count * s->repeat / 1e6 / seconds, path);
    }
    buf_deinit(&text);
    return is_fine;
}

/* Every line of the list file: `[options] path`. */
static bool run_list(const Settings *s, const char *list_path)
{
    Buf text;
    buf_init(&text);
    if (file_read(list_path, &text)) return false;
    buf_text(&text);
    bool is_fine = true;
    for (char *line = strtok(text.bytes, "\n"); line; line = strtok(NULL, "\n")) {
        Settings own = *s;
        if (*line == '[') {
            char *close = strchr(line, ']');
            *close = 0;
            for (char *word = line + 1; *word;) {
                size_t length = strcspn(word, " ");
                char option[32];
                snprintf(option, sizeof option, "%.*s", (int)length, word);
                if (length) take_option(&own, option);
                word += length + (word[length] == ' ');
            }
            line = close + 1;
            while (*line == ' ') line++;
        }
        is_fine &= run_file(&own, line);
    }
    buf_deinit(&text);
    return is_fine;
}

/* Three quarters of the stack that the system grants the main thread. */
static uintptr_t find_stack_limit(void)
{
    struct rlimit limit;
    size_t size = 8 << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) size = limit.rlim_cur;
    return (uintptr_t)__builtin_frame_address(0) - size / 4 * 3;
}

int main(int argc, char **argv)
{
    Settings s = { .parser.kind = PARSER_SCRIPT };
    s.parser.stack_limit = find_stack_limit();
    bool is_fine = true;
    for (int i = 1; i < argc; i++) {
        if (take_option(&s, argv[i])) continue;
        if (argv[i][0] == '-') {
            fprintf(stderr, "parse_tool: unknown option %s\n", argv[i]);
            return 2;
        }
        is_fine &= s.list ? run_list(&s, argv[i]) : run_file(&s, argv[i]);
    }
    return !is_fine;
}
