/* SPDX-License-Identifier: MIT */
#include "vm/bytecode/disasm.h"

#include "vm/bytecode/linetab.h"
#include "vm/bytecode/opcode.h"
#include "vm/bytecode/small.h"

enum { DISASM_TEXT_UNITS = 40 };

static void disasm_string(Buf *out, const Unit *unit, uint32_t index)
{
    UnitString s = unit_string(unit, index);
    buf_put_byte(out, '"');
    for (uint32_t i = 0; i < s.length && i < DISASM_TEXT_UNITS; i++) {
        uint32_t c = s.is_wide ? ((const uint16_t *)s.units)[i] : ((const uint8_t *)s.units)[i];
        if (c == '\n') buf_put_text(out, "\\n");
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) buf_format(out, "\\x%02x", c);
        else buf_put_utf8(out, c);
    }
    buf_put_text(out, s.length > DISASM_TEXT_UNITS ? "...\"" : "\"");
}

static void disasm_name(Buf *out, const Unit *unit, uint32_t string)
{
    if (string == UNIT_NONE) buf_put_text(out, "-");
    else disasm_string(out, unit, string);
}

static void disasm_constant(Buf *out, const Unit *unit, const UnitConstant *k)
{
    static const char *const names[CONSTANT_KIND_COUNT] = {
        [CONSTANT_BIGINT] = "bigint", [CONSTANT_REGEXP] = "regexp", [CONSTANT_FUNCTION] = "function",
        [CONSTANT_TEMPLATE] = "template", [CONSTANT_NAMES] = "names", [CONSTANT_ELEMENTS] = "elements",
        [CONSTANT_JUMP_TABLE] = "jumps", [CONSTANT_SCOPE] = "scope", [CONSTANT_DECLARATIONS] = "declarations",
    };
    switch (k->kind) {
    case CONSTANT_NUMBER:   buf_format(out, "%.17g", k->number); break;
    case CONSTANT_STRING:   disasm_string(out, unit, k->index); break;
    case CONSTANT_FUNCTION: buf_format(out, "function %u", k->index); break;
    case CONSTANT_BIGINT:
    case CONSTANT_REGEXP:
        buf_format(out, "%s ", names[k->kind]);
        disasm_string(out, unit, k->index);
        break;
    default: buf_format(out, "%s[%u]", names[k->kind], k->count); break;
    }
}

/* A frame slot: a register, or one of the words above fp. */
static void disasm_slot(Buf *out, int32_t slot)
{
    if (slot < 0) buf_format(out, "r%d", -slot);
    else buf_format(out, "a%d", slot);
}

static void disasm_operand(Buf *out, const Unit *unit, const UnitFunction *f, uint32_t at, char letter, int32_t v)
{
    switch (letter) {
    case 'd': case 's': case 'm': case 'W': case 'b': disasm_slot(out, v); break;
    case 'i': case 'I': buf_format(out, "%d", v); break;
    case 'j': buf_format(out, "-> %u", (unsigned)((int32_t)at + v)); break;
    case 'c': buf_format(out, "capture %d", v); break;
    case 'f': buf_format(out, "feedback %d", v); break;
    case 'k':
        if ((uint32_t)v < f->constant_count) disasm_constant(out, unit, &f->constants[v]);
        break;
    case 'p':
        buf_format(out, "cache %d ", v);
        if ((uint32_t)v < f->cache_count) disasm_name(out, unit, f->cache_names[v]);
        break;
    default: buf_format(out, "#%d", v); break;
    }
}

uint32_t disasm_instruction(Buf *out, const Unit *unit, const UnitFunction *f, uint32_t at)
{
    const uint16_t *pc = f->code + at;
    if (pc[0] >= OP_COUNT) {
        buf_format(out, "    %5u  ?%u\n", at, pc[0]);
        return 1;
    }
    const OpcodeInfo *info = opcode_info(pc[0]);
    LineEntry line = linetab_find(f->lines, f->line_bytes, at);
    buf_format(out, "    %5u  %4u:%-3u  %-20s", at, line.line, line.column, info->name);
    for (int i = 0; i < info->operand_count && at + info->length <= f->code_count; i++) {
        buf_put_text(out, i ? ", " : " ");
        disasm_operand(out, unit, f, at, info->operands[i], opcode_operand(pc, i));
    }
    buf_put_byte(out, '\n');
    return info->length;
}

void disasm_function(Buf *out, const Unit *unit, uint32_t index)
{
    const UnitFunction *f = &unit->functions[index];
    buf_format(out, "function %u ", index);
    disasm_name(out, unit, f->name);
    buf_format(out, ": %u parameters, %u registers, %u captures, %u caches%s%s%s\n", f->parameter_count, f->register_count,
               f->capture_count, f->cache_count, f->flags & UNIT_IS_ASYNC ? ", async" : "",
               f->flags & UNIT_IS_GENERATOR ? ", generator" : "", f->flags & UNIT_MAY_BE_SPAWNED ? ", may be spawned" : "");
    for (uint32_t at = 0; at < f->code_count;) at += disasm_instruction(out, unit, f, at);
    for (uint32_t i = 0; i < f->handler_count; i++)
        buf_format(out, "    handler %u..%u -> %u\n", f->handlers[i].start, f->handlers[i].end, f->handlers[i].target);
}

void disasm_unit(Buf *out, const Unit *unit)
{
    for (uint32_t i = 0; i < unit->function_count; i++) disasm_function(out, unit, i);
}
