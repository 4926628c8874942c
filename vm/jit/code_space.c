/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1                // memfd_create, MAP_FIXED_NOREPLACE
#endif
#include "vm/jit/code_space.h"

#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "vm/base/atomic.h"
#include "vm/base/bits.h"
#include "vm/base/debug.h"
#include "vm/base/mem.h"

enum {
    CODE_SPACE_SERIALISE_BYTES = 1 << 18,        // returned ones worth a system call
    CODE_SPACE_PAGE_BYTES = 4096,
    CODE_SPACE_FEWEST_PAGES = 2,
    CODE_SPACE_MOST_PAGES = 64,                  // made ready at once
    CODE_SPACE_TRAP = 0xcc,
};

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

/* Its number is none that stands for input or output, even where these are closed. */
static int code_space_file(void)
{
    int low = memfd_create("ultrascript-code", MFD_CLOEXEC);
    if (low < 0 || low > STDERR_FILENO) return low;
    int file = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(low);
    return file;
}

bool code_space_init(CodeSpace *space)
{
    const DebugFlags *debug = debug_flags();
    uint32_t room_bytes = (uint32_t)debug->codespace << 10;
    *space = (CodeSpace){ .size_bytes = room_bytes && room_bytes < CODE_SPACE_BYTES ? room_bytes : CODE_SPACE_BYTES };
    mutex_init(&space->lock, LOCK_CODE_SPACE, 0);
    if (debug->noexec) return false;
    int file = code_space_file();
    if (file < 0) return false;
    void *writable = MAP_FAILED;
    if (ftruncate(file, CODE_SPACE_BYTES) == 0) {
        writable = mmap(NULL, CODE_SPACE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (writable != MAP_FAILED) space->executable = code_space_map_near(file);
    }
    if (space->executable) {
        space->writable = writable;
        space->file = file;
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
        return true;
    }
    if (writable != MAP_FAILED) munmap(writable, CODE_SPACE_BYTES);
    close(file);
    return false;
}

void code_space_deinit(CodeSpace *space)
{
    munmap(space->executable, CODE_SPACE_BYTES);
    munmap(space->writable, CODE_SPACE_BYTES);
    close(space->file);
    mem_free(space->free.items);
    mem_free(space->returned.items);
}

/* Memory for another piece of the file (I2): a quarter of what there is, so that a small program has little to spare.
 * Where the system does not do it, it does what it can when code is written there. */
static void code_space_make_ready(CodeSpace *space)
{
    uint8_t traps[CODE_SPACE_PAGE_BYTES];
    struct iovec pages[CODE_SPACE_MOST_PAGES];
    uint32_t start = space->ready_bytes, left = (CODE_SPACE_BYTES - start) / CODE_SPACE_PAGE_BYTES;
    uint32_t count = start / 4 / CODE_SPACE_PAGE_BYTES;
    if (count < CODE_SPACE_FEWEST_PAGES) count = CODE_SPACE_FEWEST_PAGES;
    if (count > CODE_SPACE_MOST_PAGES) count = CODE_SPACE_MOST_PAGES;
    if (count > left) count = left;
    memset(traps, CODE_SPACE_TRAP, sizeof traps);
    for (uint32_t i = 0; i < count; i++) pages[i] = (struct iovec){ traps, sizeof traps };
    ssize_t written = pwritev(space->file, pages, (int)count, start);
    volatile uint8_t *at = space->writable + start;
    for (ssize_t i = 0; i < written; i += CODE_SPACE_PAGE_BYTES) (void)at[i];
    space->ready_bytes += count * CODE_SPACE_PAGE_BYTES;
}

/* ---- ranges ------------------------------------------------------------------------------------------------------ */

static void code_space_add(CodeRanges *ranges, CodeRange range)
{
    if (ranges->count == ranges->capacity) {
        ranges->capacity = ranges->capacity ? 2 * ranges->capacity : 16;
        ranges->items = mem_resize(ranges->items, ranges->capacity * sizeof *ranges->items);
    }
    ranges->items[ranges->count++] = range;
}

static int code_space_compare(const void *a, const void *b)
{
    uint32_t x = ((const CodeRange *)a)->start, y = ((const CodeRange *)b)->start;
    return (x > y) - (x < y);
}

static void code_space_join(CodeRanges *ranges)
{
    uint32_t kept = 0;
    qsort(ranges->items, ranges->count, sizeof *ranges->items, code_space_compare);
    for (uint32_t i = 0; i < ranges->count; i++) {
        CodeRange *last = &ranges->items[kept ? kept - 1 : 0], range = ranges->items[i];
        if (kept && last->start + last->size_bytes == range.start) last->size_bytes += range.size_bytes;
        else ranges->items[kept++] = range;
    }
    ranges->count = kept;
}

/* Make what was returned free. False: there is nothing, or the system cannot. */
static bool code_space_serialise(CodeSpace *space)
{
    if (!space->returned.count) return false;
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) != 0) return false;
    for (uint32_t i = 0; i < space->returned.count; i++) code_space_add(&space->free, space->returned.items[i]);
    code_space_join(&space->free);
    space->returned.count = space->returned_bytes = 0;
    return true;
}

/* First fit. */
static bool code_space_take_free(CodeSpace *space, uint32_t size_bytes, uint32_t *start)
{
    CodeRanges *free = &space->free;
    for (uint32_t i = 0; i < free->count; i++) {
        CodeRange *range = &free->items[i];
        if (range->size_bytes < size_bytes) continue;
        *start = range->start;
        range->start += size_bytes;
        range->size_bytes -= size_bytes;
        if (!range->size_bytes) memmove(range, range + 1, (--free->count - i) * sizeof *range);
        return true;
    }
    return false;
}

static bool code_space_take_fresh(CodeSpace *space, uint32_t size_bytes, uint32_t *start)
{
    if (space->size_bytes - space->top_bytes < size_bytes) return false;
    *start = space->top_bytes;
    atomic_set_relaxed(&space->top_bytes, *start + size_bytes);
    while (space->ready_bytes < space->top_bytes) code_space_make_ready(space);
    return true;
}

/* What was used before is taken first, so that the space grows no larger than need be. */
static bool code_space_take(CodeSpace *space, uint32_t size_bytes, uint32_t *start)
{
    if (code_space_take_free(space, size_bytes, start)) return true;
    bool is_worth_it = space->returned_bytes >= CODE_SPACE_SERIALISE_BYTES;
    if (is_worth_it && code_space_serialise(space) && code_space_take_free(space, size_bytes, start)) return true;
    if (code_space_take_fresh(space, size_bytes, start)) return true;
    return code_space_serialise(space) && code_space_take_free(space, size_bytes, start);
}

uint8_t *code_space_alloc(CodeSpace *space, uint32_t size_bytes)
{
    uint32_t start = 0;
    mutex_lock(&space->lock);
    bool is_found = code_space_take(space, (uint32_t)bits_align_up(size_bytes, CODE_SPACE_ALIGN_BYTES), &start);
    mutex_unlock(&space->lock);
    return is_found ? space->writable + start : NULL;
}

const uint8_t *code_space_next(const CodeSpace *space)
{
    return space->executable + atomic_get_relaxed(&space->top_bytes);
}

const uint8_t *code_space_run_address(const CodeSpace *space, const uint8_t *writable)
{
    return space->executable + (writable - space->writable);
}

void code_space_free(CodeSpace *space, const uint8_t *start, uint32_t size_bytes)
{
    size_bytes = (uint32_t)bits_align_up(size_bytes, CODE_SPACE_ALIGN_BYTES);
    mutex_lock(&space->lock);
    code_space_add(&space->returned, (CodeRange){ (uint32_t)(start - space->executable), size_bytes });
    space->returned_bytes += size_bytes;
    mutex_unlock(&space->lock);
}

CodeSpaceUse code_space_use(CodeSpace *space)
{
    mutex_lock(&space->lock);
    CodeSpaceUse use = { .free_bytes = space->returned_bytes, .fresh_bytes = space->size_bytes - space->top_bytes };
    for (uint32_t i = 0; i < space->free.count; i++) use.free_bytes += space->free.items[i].size_bytes;
    use.used_bytes = space->top_bytes - use.free_bytes;
    mutex_unlock(&space->lock);
    return use;
}
