/* SPDX-License-Identifier: MIT */
/* With Capstone, where configure found it, instructions; else their bytes. */
#include "vm/jit/listing.h"

#include <inttypes.h>
#include <stdio.h>

#include "config.h"
#include "vm/base/buf.h"
#include "vm/bytecode/disasm.h"

#ifdef HAVE_CAPSTONE
#include <capstone/capstone.h>

static void listing_put_code(Buf *out, const uint8_t *start, uint32_t from, uint32_t to)
{
    csh      engine;
    cs_insn *instructions;
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &engine) != CS_ERR_OK) return;
    size_t count = cs_disasm(engine, start + from, to - from, (uintptr_t)start + from, 0, &instructions);
    for (size_t i = 0; i < count; i++)
        buf_format(out, "        %" PRIx64 "  %s %s\n", instructions[i].address, instructions[i].mnemonic,
                   instructions[i].op_str);
    if (count) cs_free(instructions, count);
    cs_close(&engine);
}
#else
enum { LISTING_LINE_BYTES = 16 };

static void listing_put_code(Buf *out, const uint8_t *start, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        if ((i - from) % LISTING_LINE_BYTES == 0)
            buf_format(out, "%s        %" PRIxPTR " ", i > from ? "\n" : "", (uintptr_t)start + i);
        buf_format(out, " %02x", start[i]);
    }
    if (to > from) buf_put_byte(out, '\n');
}
#endif

/* Whether the instruction at unit `at` is entered where its template begins. One that takes a value in a register has
 * its entry behind the templates: its code is shown with that of the instruction before. */
static bool listing_is_in_body(const Machine *m, const uint32_t *map, uint32_t at)
{
    return map[at] && map[at] < m->body_bytes;
}

/* Where the code of the next such instruction behind unit `at` begins; the end of all templates behind the last. */
static uint32_t listing_next(const Code *code, const Machine *m, const uint32_t *map, uint32_t at)
{
    uint32_t units = code->function->code_count;
    do at++; while (at < units && !listing_is_in_body(m, map, at));
    return at < units ? map[at] : m->body_bytes;
}

static void listing_put_body(Buf *out, const Code *code, const Machine *m, const uint32_t *map)
{
    uint32_t units = code->function->code_count;
    for (uint32_t at = 0, next; at < units; at = next) {
        uint32_t start = map[at];
        next = at;
        do {
            next += disasm_instruction(out, code->unit, code->function, next);
        } while (next < units && !listing_is_in_body(m, map, next));
        listing_put_code(out, m->start, start, listing_next(code, m, map, at));
    }
}

void listing_print(const Code *code, const Machine *m, const uint32_t *map, const char *name)
{
    Buf out;
    buf_init(&out);
    buf_format(&out, "machine code of %s: %u bytes at %" PRIxPTR "\n    prologue\n", name, m->size_bytes,
               (uintptr_t)m->start);
    listing_put_code(&out, m->start, 0, m->prologue_bytes);
    listing_put_body(&out, code, m, map);
    buf_put_text(&out, "    other entries, slow halves\n");
    listing_put_code(&out, m->start, m->body_bytes, m->size_bytes);
    fputs(buf_text(&out), stderr);
    buf_deinit(&out);
}
