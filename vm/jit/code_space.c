/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1                // memfd_create, MAP_FIXED_NOREPLACE
#endif
#include "vm/jit/code_space.h"

#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vm/base/bits.h"
#include "vm/base/mem.h"

/* ---- mapping ----------------------------------------------------------------------------------------------------- */

/* Addresses to try: below 2^31 for a program that lies there, too, so that addresses in code are short; then around the
 * program. */
static uint8_t *code_space_map_near(int file)
{
    uintptr_t here = (uintptr_t)code_space_init & ~(uintptr_t)(CODE_SPACE_BYTES - 1);
    for (uintptr_t i = 1; i <= 24; i++) {
        bool is_low = here < (uintptr_t)1 << 30;
        uintptr_t at = is_low ? ((uintptr_t)1 << 30) + i * CODE_SPACE_BYTES / 2 : here - i * CODE_SPACE_BYTES;
        int flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
        void *start = mmap((void *)at, CODE_SPACE_BYTES, PROT_READ | PROT_EXEC, flags, file, 0);
        if (start == (void *)at) return start;
        if (start != MAP_FAILED) munmap(start, CODE_SPACE_BYTES);
    }
    return NULL;
}

bool code_space_init(CodeSpace *space)
{
    *space = (CodeSpace){ .used_bytes = 0 };
    mutex_init(&space->lock, LOCK_CODE_SPACE, 0);
    int file = memfd_create("ultrascript-code", MFD_CLOEXEC);
    if (file < 0) return false;
    void *writable = MAP_FAILED;
    if (ftruncate(file, CODE_SPACE_BYTES) == 0) {
        writable = mmap(NULL, CODE_SPACE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (writable != MAP_FAILED) space->executable = code_space_map_near(file);
    }
    close(file);
    if (space->executable) {
        space->writable = writable;
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
        return true;
    }
    if (writable != MAP_FAILED) munmap(writable, CODE_SPACE_BYTES);
    return false;
}

void code_space_deinit(CodeSpace *space)
{
    munmap(space->executable, CODE_SPACE_BYTES);
    munmap(space->writable, CODE_SPACE_BYTES);
    mem_free(space->free);
}

/* ---- ranges ------------------------------------------------------------------------------------------------------ */

/* First fit among what was given back. */
static bool code_space_reuse(CodeSpace *space, uint32_t size_bytes, uint32_t *start)
{
    for (uint32_t i = 0; i < space->free_count; i++) {
        CodeRange *range = &space->free[i];
        if (range->size_bytes < size_bytes) continue;
        *start = range->start;
        range->start += size_bytes;
        range->size_bytes -= size_bytes;
        if (!range->size_bytes) *range = space->free[--space->free_count];
        return true;
    }
    return false;
}

uint8_t *code_space_alloc(CodeSpace *space, uint32_t size_bytes)
{
    uint32_t start = 0;
    size_bytes = (uint32_t)bits_align_up(size_bytes, CODE_SPACE_ALIGN_BYTES);
    mutex_lock(&space->lock);
    bool is_reused = code_space_reuse(space, size_bytes, &start);
    bool is_found = is_reused || CODE_SPACE_BYTES - space->used_bytes >= size_bytes;
    if (is_found && !is_reused) {
        start = space->used_bytes;
        space->used_bytes += size_bytes;
    }
    mutex_unlock(&space->lock);
    if (!is_found) return NULL;
    if (is_reused && syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) != 0) return NULL;
    return space->writable + start;
}

const uint8_t *code_space_run_address(const CodeSpace *space, const uint8_t *writable)
{
    return space->executable + (writable - space->writable);
}

void code_space_free(CodeSpace *space, const uint8_t *start, uint32_t size_bytes)
{
    size_bytes = (uint32_t)bits_align_up(size_bytes, CODE_SPACE_ALIGN_BYTES);
    mutex_lock(&space->lock);
    if (space->free_count == space->free_capacity) {
        space->free_capacity = space->free_capacity ? 2 * space->free_capacity : 16;
        space->free = mem_resize(space->free, space->free_capacity * sizeof *space->free);
    }
    space->free[space->free_count++] = (CodeRange){ (uint32_t)(start - space->executable), size_bytes };
    mutex_unlock(&space->lock);
}
