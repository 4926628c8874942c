/* SPDX-License-Identifier: MIT */
/* frames.h - walking a goroutine's frames: for the collector, for traces, for exceptions. */
#ifndef US_EXEC_FRAMES_H
#define US_EXEC_FRAMES_H

#include "vm/object/function.h"
#include "vm/sched/frame.h"

/* The Code of a frame; NULL for native functions. */
static inline Code *frames_code(const Value *fp)
{
    return (Code *)(uintptr_t)fp[FRAME_CODE];
}

/* The lowest word that belongs to a frame. */
static inline Value *frames_low(Value *fp)
{
    const Code *code = frames_code(fp);
    return fp - (code ? code->frame_words : FRAME_HEADER_WORDS);
}

/** The lowest word in use of `g`'s stack. */
static inline Value *frames_used_low(Goroutine *g)
{
    return g->fp ? frames_low(g->fp) : g->stack_top;
}

/** Mark everything that the frames of all fibers of `g` hold. */
void frames_mark(Goroutine *g, Marker *m);

/** Number of frames. */
uint32_t frames_count(const Goroutine *g);

#endif
