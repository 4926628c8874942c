/* SPDX-License-Identifier: MIT */
/* embed - compiles the library's UltraScript files into one C file of bytecode. Runs while the VM is built.
 *
 *     embed OUT.c lib/array.us lib/promise.us ...
 *
 * OUT.c defines library_units: name, bytes, size of each file, ending with a NULL name (library.h). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/compile.h"
#include "vm/base/file.h"
#include "vm/base/mem.h"
#include "vm/bytecode/unitio.h"

static uint32_t embed_find_intrinsic(const char *name)
{
    static const char *const names[] = {
#define LIB_INTRINSIC(name, function) #name,
#include "lib/intrinsics.def"
        NULL,
    };
    for (uint32_t i = 0; names[i]; i++)
        if (!strcmp(names[i], name)) return i;
    return UINT32_MAX;
}

static void embed_die(const char *file, const char *what)
{
    fprintf(stderr, "embed: %s: %s\n", file, what);
    exit(1);
}

/* "…/lib/array.us" is "array". */
static void embed_base_name(const char *file, char *name, size_t size)
{
    const char *slash = strrchr(file, '/'), *start = slash ? slash + 1 : file, *dot = strrchr(start, '.');
    snprintf(name, size, "%.*s", dot ? (int)(dot - start) : (int)strlen(start), start);
}

static void embed_compile(const char *file, const char *name, Buf *out)
{
    char shown[128];
    Buf text;
    CompileOptions options = { .kind = COMPILE_SCRIPT, .dialect = DIALECT_TYPESCRIPT | DIALECT_ULTRA, .is_strict = true,
                               .is_library = true, .wants_completion = true, .find_intrinsic = embed_find_intrinsic };
    buf_init(&text);
    int error = file_read(file, &text);
    if (error) embed_die(file, strerror(error));
    snprintf(shown, sizeof shown, "us:%s", name);
    CompileResult result = compile_source(shown, buf_text(&text), text.count, &options);
    if (!result.unit) embed_die(file, result.report ? result.report : "out of memory");
    unitio_write(out, result.unit);
    compile_result_deinit(&result);
    buf_deinit(&text);
}

static void embed_put_bytes(FILE *f, int number, const Buf *bytes)
{
    fprintf(f, "static const _Alignas(8) unsigned char library_%d[] = {", number);
    for (size_t i = 0; i < bytes->count; i++) fprintf(f, "%s%u,", i % 32 ? "" : "\n", (unsigned char)bytes->bytes[i]);
    fprintf(f, "\n};\n");
}

int main(int argc, char **argv)
{
    char name[64];
    if (argc < 2) {
        fprintf(stderr, "usage: embed OUT.c FILE.us ...\n");
        return 2;
    }
    FILE *f = fopen(argv[1], "w");
    if (!f) embed_die(argv[1], strerror(errno));
    fprintf(f, "/* Made by lib/embed.c. */\n#include \"lib/library.h\"\n");
    for (int i = 2; i < argc; i++) {
        Buf unit;
        buf_init(&unit);
        embed_base_name(argv[i], name, sizeof name);
        embed_compile(argv[i], name, &unit);
        embed_put_bytes(f, i, &unit);
        buf_deinit(&unit);
    }
    fprintf(f, "const LibraryUnit library_units[] = {\n");
    for (int i = 2; i < argc; i++) {
        embed_base_name(argv[i], name, sizeof name);
        fprintf(f, "    { \"%s\", library_%d, sizeof library_%d },\n", name, i, i);
    }
    fprintf(f, "    { NULL, NULL, 0 },\n};\n");
    if (ferror(f) || fclose(f)) embed_die(argv[1], "cannot be written");
    return 0;
}
