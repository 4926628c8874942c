/* SPDX-License-Identifier: MIT */
/* code_space.h - memory for machine code: written through one mapping, run through another.
 *
 * One file in memory is mapped twice, writable and executable, so no page is ever both and none changes what it allows.
 * The executable range lies near the program itself, within reach of relative calls.
 *
 * I1  What was never executed may be written at any time. A range that has been given back is used again only after
 *     every processor has been serialised (code_space_alloc), since one may have its old instructions prefetched.
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

typedef struct CodeSpace {
    uint8_t   *executable;               // immutable
    uint8_t   *writable;                 // immutable
    Mutex      lock;                     // LOCK_CODE_SPACE
    uint32_t   used_bytes;               // lock: beyond it nothing was ever written
    CodeRange *free;                     // lock: given back; C heap
    uint32_t   free_count, free_capacity;    // lock
} CodeSpace;

/** False: the system grants no executable memory. */
NODISCARD bool code_space_init(CodeSpace *space);
void code_space_deinit(CodeSpace *space);

/** Room for `size_bytes`: where to write it. NULL: there is none left. */
NODISCARD uint8_t *code_space_alloc(CodeSpace *space, uint32_t size_bytes);

/** Where what was written at `writable` runs. */
const uint8_t *code_space_run_address(const CodeSpace *space, const uint8_t *writable);

/** Give back `size_bytes` at the executable address `start`: nothing runs or returns there any more. */
void code_space_free(CodeSpace *space, const uint8_t *start, uint32_t size_bytes);

#endif
