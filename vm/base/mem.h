/* SPDX-License-Identifier: MIT */
/* mem.h - C memory outside the collected heap: accounted, and able to fail on purpose.
 *
 * All of the VM's own malloc use goes through here, so that `mem_used_bytes` is true and so that a test can
 * make the n-th allocation fail. Threads: every function may be called on any thread.
 *
 * What may be large, or is as large as a program likes, uses mem_try_...: the operation then throws. The rest is small,
 * and lives from a reserve when the system refuses memory: then the VM is short of memory (mem_is_short), and the next
 * poll of a goroutine collects, and throws unless the reserve can be had again (interp_poll). */
#ifndef US_BASE_MEM_H
#define US_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"

/** `size_bytes` of uninitialised memory, or NULL when there is none. The caller owns it: mem_free. */
NODISCARD void *mem_try_alloc(size_t size_bytes);
NODISCARD void *mem_try_alloc_zeroed(size_t size_bytes);

/** As mem_try_alloc, but falls back on the reserve, and then ends the process (panic_out_of_memory). */
NODISCARD void *mem_alloc(size_t size_bytes);
NODISCARD void *mem_alloc_zeroed(size_t size_bytes);

/** Resize a block from this module; NULL grows from nothing. The old block is gone unless NULL is returned. */
NODISCARD void *mem_try_resize(void *block, size_t size_bytes);
NODISCARD void *mem_resize(void *block, size_t size_bytes);

void mem_free(void *block);
NODISCARD char *mem_copy_text(const char *text);

/** Bytes now held by callers of this module, as the C library rounds them. */
size_t mem_used_bytes(void);

/** Have the reserve, again. False: the system gives no memory for it. */
bool mem_keep_reserve(void);

/** Was the reserve used since it was last kept? */
bool mem_is_short(void);

/** Tests: let `count` further allocations succeed, then refuse all until called with SIZE_MAX. */
void mem_set_budget(size_t count);

/** Tests: let `count` further allocations succeed, refuse the next one, and none after it. */
void mem_refuse_once(size_t count);

#endif
