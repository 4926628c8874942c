/* SPDX-License-Identifier: MIT */
/* compile_fuzz.c - fuzzing the compiler from text to unit and back.
 *
 * The first byte of the input says what kind of source the rest is and in which dialect. Compiling it has to
 *   - end, without a crash, with either a unit or a report;
 *   - give a unit that passes the verifier;
 *   - give bytes from which the same bytes can be had again.
 *
 * With libFuzzer: clang -fsanitize=fuzzer,address,undefined. With -DFUZZ_REPLAY a plain program that runs the
 * files named as its arguments. */
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

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_unit(const Unit *unit)
{
    VerifyFault fault;
    Buf first, second, text;
    buf_init(&first);
    buf_init(&second);
    buf_init(&text);
    if (!verify_unit(unit, &fault)) fail(fault.what);
    unitio_write(&first, unit);
    Unit *again = unitio_read(first.bytes, first.count, false);
    if (!again) fail("a written unit cannot be read");
    if (!verify_unit(again, &fault)) fail(fault.what);
    unitio_write(&second, again);
    if (first.count != second.count || memcmp(first.bytes, second.bytes, first.count)) fail("reading changed a unit");
    disasm_unit(&text, again);
    unit_release(again);
    buf_deinit(&first);
    buf_deinit(&second);
    buf_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const CompileKind kinds[] = { COMPILE_SCRIPT, COMPILE_MODULE, COMPILE_DETECT, COMPILE_COMMONJS,
                                         COMPILE_DETECT_COMMONJS, COMPILE_REPL, COMPILE_EVAL };
    static const uint32_t dialects[] = {
        0, DIALECT_TYPESCRIPT, DIALECT_TYPESCRIPT | DIALECT_ULTRA | DIALECT_ULTRA_FILE,
    };
    if (size == 0) return 0;
    Buf source;
    buf_init(&source);
    buf_put(&source, data + 1, size - 1);
    CompileOptions options = { .kind = kinds[data[0] % COUNT_OF(kinds)], .keeps_source = true,
                               .dialect = dialects[data[0] / COUNT_OF(kinds) % COUNT_OF(dialects)],
                               .is_strict = (data[0] & 128) != 0 };
    CompileResult r = compile_source("fuzz", buf_text(&source), source.count, &options);
    if (r.unit) check_unit(r.unit);
    else if (!r.report) fail("neither unit nor report");
    compile_result_deinit(&r);
    buf_deinit(&source);
    return 0;
}

#ifdef FUZZ_REPLAY
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        Buf input;
        buf_init(&input);
        if (file_read(argv[i], &input)) fail(argv[i]);
        LLVMFuzzerTestOneInput((const uint8_t *)input.bytes, input.count);
        buf_deinit(&input);
    }
    printf("%d inputs\n", argc - 1);
    return 0;
}
#endif
