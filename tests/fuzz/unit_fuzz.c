/* SPDX-License-Identifier: MIT */
/* unit_fuzz.c - fuzzing the reader of units and the verifier.
 *
 * Bytes that hold no unit have to be refused; a unit that is read has to be verified or refused; one that is verified
 * has to be printed and written without a fault.
 *
 * With libFuzzer: clang -fsanitize=fuzzer,address,undefined. With -DFUZZ_REPLAY a plain program:
 *
 *     unit_replay FILE...                      the bytes in the files
 *     unit_replay --mutate SEED COUNT FILE...  compiles the programs, and tries COUNT spoilt copies of each unit */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/compile.h"
#include "vm/base/file.h"
#include "vm/base/mem.h"
#include "vm/bytecode/disasm.h"
#include "vm/bytecode/unitio.h"
#include "vm/bytecode/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = mem_alloc(size + 8);                // of its own size, so that a sanitizer sees what lies behind
    memcpy(bytes, data, size);
    Unit *unit = unitio_read(bytes, size, false);
    mem_free(bytes);
    if (!unit) return 0;
    VerifyFault fault;
    if (verify_unit(unit, &fault)) {
        Buf out;
        buf_init(&out);
        disasm_unit(&out, unit);
        unitio_write(&out, unit);
        buf_deinit(&out);
    }
    unit_release(unit);
    return 0;
}

#ifdef FUZZ_REPLAY
static void read_file(const char *path, Buf *out)
{
    int error = file_read(path, out);
    if (!error) return;
    fprintf(stderr, "%s: %s\n", path, strerror(error));
    exit(2);
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* One to four bytes or words become others; now and then the end is cut off. */
static size_t spoil(uint8_t *bytes, size_t count, uint64_t *random)
{
    static const uint32_t words[] = { 0, 1, 0x7f, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff };
    for (uint32_t changes = 1 + next_random(random) % 4; changes > 0; changes--) {
        size_t at = next_random(random) % count;
        switch (next_random(random) % 4) {
        case 0: bytes[at] = (uint8_t)next_random(random); break;
        case 1: bytes[at] ^= (uint8_t)(1u << next_random(random) % 8); break;
        case 2: bytes[at]++; break;
        default:
            at &= ~(size_t)3;
            if (at + 4 <= count) memcpy(bytes + at, &words[next_random(random) % COUNT_OF(words)], 4);
        }
    }
    return next_random(random) % 16 ? count : next_random(random) % count;
}

static void mutate(const char *path, uint64_t seed, long copies)
{
    Buf source, unit;
    CompileOptions options = { .kind = COMPILE_DETECT, .dialect = compile_dialect_of_file(path), .keeps_source = true };
    buf_init(&source);
    buf_init(&unit);
    read_file(path, &source);
    CompileResult r = compile_source(path, buf_text(&source), source.count, &options);
    if (r.unit) {
        unitio_write(&unit, r.unit);
        uint8_t *copy = mem_alloc(unit.count);
        for (long i = 0; i < copies; i++) {
            memcpy(copy, unit.bytes, unit.count);
            LLVMFuzzerTestOneInput(copy, spoil(copy, unit.count, &seed));
        }
        mem_free(copy);
    }
    compile_result_deinit(&r);
    buf_deinit(&source);
    buf_deinit(&unit);
}

int main(int argc, char **argv)
{
    bool mutates = argc > 4 && strcmp(argv[1], "--mutate") == 0;
    for (int i = mutates ? 4 : 1; i < argc; i++) {
        if (mutates) {
            mutate(argv[i], strtoull(argv[2], NULL, 10), atol(argv[3]));
            continue;
        }
        Buf input;
        buf_init(&input);
        read_file(argv[i], &input);
        LLVMFuzzerTestOneInput((const uint8_t *)input.bytes, input.count);
        buf_deinit(&input);
    }
    return 0;
}
#endif
