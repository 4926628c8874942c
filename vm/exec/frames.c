/* SPDX-License-Identifier: MIT */
#include "vm/exec/frames.h"

#include "gc/mark.h"

/* Arguments are marked by both caller (they lie in its registers) and callee; marking twice costs a bit test. */
static void frames_mark_one(Marker *m, const Value *fp)
{
    const Code *code = frames_code(fp);
    uint32_t arguments = frame_argument_count(fp);
    mark_value(m, fp[FRAME_CALLEE]);
    mark_value(m, fp[FRAME_NEW_TARGET]);
    if (code) {
        if (arguments < code->parameter_count) arguments = code->parameter_count;
        uint32_t registers = code->frame_words - FRAME_HEADER_WORDS;
        mark_cell(m, code);
        mark_values(m, fp + FRAME_REGISTERS + 1 - registers, registers);
    }
    mark_values(m, fp + FRAME_THIS, arguments + 1);
}

void frames_mark(Goroutine *g, Marker *m)
{
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) frames_mark_one(m, fp);
}

uint32_t frames_count(const Goroutine *g)
{
    uint32_t count = 0;
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) count++;
    return count;
}
