/* SPDX-License-Identifier: MIT */
/* parse_fuzz.c - fuzzing the parser.
 *
 * The first byte of the input says what kind of source the rest is, and whether it is TypeScript. It is
 * parsed plain and with UltraScript's syntax, and has to
 *   - end, without a crash, within its memory and stack;
 *   - have either a tree or an error;
 *   - have every child's range within its parent's;
 *   - have the same tree with the extensions as without, if it has one without (parser.h I5).
 *
 * With libFuzzer: clang -fsanitize=fuzzer,address,undefined. With -DFUZZ_REPLAY a plain program that runs the
 * files named as its arguments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/parser.h"
#include "vm/base/file.h"
#include "vm/base/mem.h"
#include "vm/base/vec.h"

enum { ARENA_BYTES = 256 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_range(void *context, Node *child)
{
    const Node *parent = context;
    if (child->start < parent->start || child->end > parent->end || child->start > child->end) {
        fprintf(stderr, "%s %u..%u is not within %s %u..%u\n", ast_kind_name(child->kind), child->start,
                child->end, ast_kind_name(parent->kind), parent->start, parent->end);
        abort();
    }
}

/* The children of each node, without recursion: trees may be deep. */
typedef struct Work {
    Node   **items;
    uint32_t count, capacity;
} Work;

static void push_child(void *context, Node *child)
{
    Work *work = context;
    VEC_PUSH(work, child);
}

static void check_tree(Node *root)
{
    Work work = { 0 };
    VEC_PUSH(&work, root);
    while (work.count) {
        Node *node = VEC_POP(&work);
        ast_each_child(node, check_range, node);
        ast_each_child(node, push_child, &work);
    }
    VEC_FREE(&work);
}

/* Parse; true when there is a tree, which goes to `dump`. */
static bool parse(const uint8_t *text, size_t size, const ParserOptions *options, Buf *dump)
{
    Arena arena;
    Source source;
    Names names;
    Diag diag;
    arena_init(&arena, ARENA_BYTES, NULL);
    source_init(&source, "fuzz", text, size, options->kind == PARSER_EVAL ? SOURCE_WTF8 : SOURCE_UTF8);
    names_init(&names, &arena);
    diag_init(&diag, &source, &arena);
    ParserResult result = parser_parse(&source, &names, &arena, &diag, options);
    if ((result.program == NULL) != (diag.error_count > 0)) abort();
    if (result.program) {
        check_tree(&result.program->node);
        ast_dump_javascript(dump, &result.program->node);
    } else {
        diag_render(&diag, dump);
    }
    source_deinit(&source);
    arena_deinit(&arena);
    return result.program != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    uint8_t choice = data[0];
    size--;
    uint8_t *text = mem_alloc(size + 1);
    memcpy(text, data + 1, size);
    text[size] = 0;
    ParserOptions options = {
        .kind = choice & 7, .is_strict = choice >> 3 & 1, .dialect = choice >> 4 & 1 ? DIALECT_TYPESCRIPT : 0,
        .eval_in_method = choice >> 5 & 1, .eval_in_field_initializer = choice >> 6 & 1,
    };
    if (options.kind > PARSER_EVAL) options.kind = PARSER_MODULE;
    Buf plain, extended;
    buf_init(&plain);
    buf_init(&extended);
    bool is_plain = parse(text, size, &options, &plain);
    options.dialect |= DIALECT_ULTRA | (choice >> 7 ? DIALECT_ULTRA_FILE : 0);
    bool is_extended = parse(text, size, &options, &extended);
    bool must_agree = is_plain && !(choice >> 7);
    if (must_agree
        && !(is_extended && plain.count == extended.count
             && memcmp(plain.bytes, extended.bytes, plain.count) == 0)) {
        fprintf(stderr, "%.*s\n----\n%.*s\n", (int)plain.count, plain.bytes, (int)extended.count,
                extended.bytes);
        abort();
    }
    buf_deinit(&plain);
    buf_deinit(&extended);
    mem_free(text);
    return 0;
}

#ifdef FUZZ_REPLAY
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        Buf input;
        buf_init(&input);
        if (file_read(argv[i], &input)) return 2;
        if (input.count) LLVMFuzzerTestOneInput((const uint8_t *)input.bytes, input.count);
        buf_deinit(&input);
        printf("ok %s\n", argv[i]);
    }
    return 0;
}
#endif
