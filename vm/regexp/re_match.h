/* SPDX-License-Identifier: MIT */
/* re_match.h - the matcher: backtracking over code, with an explicit stack.
 *
 * I1  The C stack does not grow with pattern or subject; the matcher's own stack grows up to `limit_frames`.
 * I2  No more than some thousands of steps pass without `poll` being asked.
 * Threads: a matcher belongs to one thread; the code it runs is immutable and shared. */
#ifndef US_REGEXP_RE_MATCH_H
#define US_REGEXP_RE_MATCH_H

#include "vm/regexp/re_code.h"
#include "vm/regexp/regexp.h"

/* What to do when the way taken fails: resume at a place, undo a write to a register, or try the next length
 * of a run. The low two bits of `what` tell which; the rest is the place, the register, or the place of the
 * run. */
typedef struct ReFrame {
    uint32_t what, a, b;
} ReFrame;

typedef struct ReMatcher {
    ReFrame  *frames;             // owned: mem_free
    uint32_t *registers;          // owned: mem_free; 2n and 2n + 1 are the bounds of group n
    size_t    frame_count;        // allocated
    size_t    limit_frames;
    size_t    register_count;     // allocated

    const ReCode *code;           // these for the time of a match
    ReText        text;
    RePoll       *poll;
    void         *poll_context;
    int32_t       fuel;           // steps until poll is asked again
} ReMatcher;

void re_match_init(ReMatcher *m, size_t limit_bytes);
void re_match_deinit(ReMatcher *m);

/** Find the first match at or after `start` (at `start` only when `is_sticky`). The bounds of the groups are
 *  in m->registers, RE_UNSET for a group that took no part. */
ReResult re_match_run(ReMatcher *m, const ReCode *code, ReText text, uint32_t start, bool is_sticky,
                      RePoll *poll, void *poll_context);

#endif
