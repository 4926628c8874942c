/* SPDX-License-Identifier: MIT */
/* code_space.h - memory for machine code: written through one mapping, run through another.
 *
 * One file in memory is mapped twice, writable and executable, so no page is ever both and none changes what it allows.
 * The executable range lies near the program itself, within reach of relative calls.
 *
 * I1  What was never executed may be written at any time. A range that has been given back is used again only after
 *     every processor has been serialised (code_space_serialise), since one may have its old instructions prefetched.
 *     That is done for many ranges at once; where the system cannot do it, they are not used again.
 * I2  Memory that holds no code is full of traps. The file gets it ahead of its use, by calls, many pages at a time:
 *     for a page fault each the system takes half as much time again.
 * Threads: all functions may be called on any thread. */
#ifndef US_JIT_CODE_SPACE_H
#define US_JIT_CODE_SPACE_H

#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"
#include "vm/base/mutex.h"

enum { CODE_SPACE_BYTES = 64 << 20, CODE_SPACE_ALIGN_BYTES = 16 };

typedef struct CodeRange {
    uint32_t start, size_bytes;
} CodeRange;

typedef struct CodeRanges {
    CodeRange *items;                    // C heap
    uint32_t   count, capacity;
} CodeRanges;

typedef struct CodeSpaceUse {
    uint32_t used_bytes, free_bytes, fresh_bytes;        // holds code; was given back; never held any
} CodeSpaceUse;

typedef struct CodeSpace {
    uint8_t   *executable;               // immutable
    uint8_t   *writable;                 // immutable
    Mutex      lock;                     // LOCK_CODE_SPACE
    uint32_t   size_bytes;               // immutable
    int        file;                     // immutable: what both map
    uint32_t   top_bytes;                // lock, atomic: beyond it no code was ever written
    uint32_t   ready_bytes;              // lock: beyond it the file has no memory yet
    CodeRanges free;                     // lock: given back before processors were serialised; ascending, apart
    CodeRanges returned;                 // lock: given back since then
    uint32_t   returned_bytes;           // lock: in them
} CodeSpace;

/** False: the system grants no executable memory. */
NODISCARD bool code_space_init(CodeSpace *space);
void code_space_deinit(CodeSpace *space);

/** Room for `size_bytes`: where to write it. NULL: there is none left. */
NODISCARD uint8_t *code_space_alloc(CodeSpace *space, uint32_t size_bytes);

/** Where what is written next is likely to run, if nobody else writes and nothing is used again. */
const uint8_t *code_space_next(const CodeSpace *space);

/** Where what was written at `writable` runs. */
const uint8_t *code_space_run_address(const CodeSpace *space, const uint8_t *writable);

/** How the memory is used. */
CodeSpaceUse code_space_use(CodeSpace *space);

/** Give back `size_bytes` at the executable address `start`: nothing runs or returns there any more. */
void code_space_free(CodeSpace *space, const uint8_t *start, uint32_t size_bytes);

#endif
