/* SPDX-License-Identifier: MIT */
#include "vm/bytecode/linetab.h"

static void linetab_put(LineTabWriter *w, uint32_t v)
{
    while (v >= 0x80) {
        VEC_PUSH_ARENA(w->arena, &w->bytes, (uint8_t)(v | 0x80));
        v >>= 7;
    }
    VEC_PUSH_ARENA(w->arena, &w->bytes, (uint8_t)v);
}

static bool linetab_get(const uint8_t **p, const uint8_t *end, uint32_t *v)
{
    *v = 0;
    for (int shift = 0; *p < end && shift < 35; shift += 7) {
        uint8_t byte = *(*p)++;
        *v |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

static uint32_t linetab_fold(int32_t v)
{
    return (uint32_t)v << 1 ^ (uint32_t)(v >> 31);
}

static int32_t linetab_unfold(uint32_t v)
{
    return (int32_t)(v >> 1) ^ -(int32_t)(v & 1);
}

/* The column is written as a distance within the line, and from 0 where the line changes. */
void linetab_write(LineTabWriter *w, LineEntry entry)
{
    if (entry.line == w->last.line && entry.column == w->last.column) return;
    int32_t lines = (int32_t)(entry.line - w->last.line);
    uint32_t from = lines ? 0 : w->last.column;
    linetab_put(w, entry.pc - w->last.pc);
    linetab_put(w, linetab_fold(lines));
    linetab_put(w, linetab_fold((int32_t)(entry.column - from)));
    w->last = entry;
}

LineEntry linetab_find(const uint8_t *bytes, uint32_t count, uint32_t pc)
{
    const uint8_t *p = bytes, *end = bytes + count;
    LineEntry found = { 0 }, at = { 0 };
    uint32_t step, lines, columns;
    while (linetab_get(&p, end, &step) && linetab_get(&p, end, &lines) && linetab_get(&p, end, &columns)) {
        at.pc += step;
        if (at.pc > pc) break;
        if (linetab_unfold(lines)) at.column = 0;
        at.line += (uint32_t)linetab_unfold(lines);
        at.column += (uint32_t)linetab_unfold(columns);
        found = at;
    }
    return found;
}
