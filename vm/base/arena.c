/* SPDX-License-Identifier: MIT */
#include "vm/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vm/base/mem.h"
#include "vm/base/panic.h"

struct ArenaBlock {
    ArenaBlock *older;
    size_t      size_bytes;
};

enum { FIRST_BLOCK_BYTES = 4 << 10, LARGEST_BLOCK_BYTES = 1 << 20 };

void arena_init(Arena *a, size_t limit_bytes, jmp_buf *on_exhausted)
{
    *a = (Arena){ .limit_bytes = limit_bytes, .on_exhausted = on_exhausted };
}

void arena_deinit(Arena *a)
{
    ArenaBlock *block = a->blocks;
    while (block) {
        ArenaBlock *older = block->older;
        mem_free(block);
        block = older;
    }
    *a = (Arena){ 0 };
}

static NORETURN void arena_exhausted(Arena *a)
{
    if (!a->on_exhausted) panic_out_of_memory("arena");
    longjmp(*a->on_exhausted, 1);
}

/* A new block: twice the last one up to a ceiling, or as large as asked. Large requests get a block of their
 * own behind the newest, so that the rest of the newest stays in use. */
void *arena_alloc_slow(Arena *a, size_t size_bytes)
{
    size_t usual = a->blocks ? a->blocks->size_bytes * 2 : FIRST_BLOCK_BYTES;
    if (usual > LARGEST_BLOCK_BYTES) usual = LARGEST_BLOCK_BYTES;
    bool own_block = size_bytes > usual / 4;
    size_t total = (own_block ? size_bytes : usual) + sizeof(ArenaBlock);
    if (total < size_bytes || total > a->limit_bytes - a->used_bytes) arena_exhausted(a);
    ArenaBlock *block = mem_try_alloc_zeroed(total);
    if (!block) arena_exhausted(a);
    block->size_bytes = total;
    a->used_bytes += total;
    if (own_block && a->blocks) {
        block->older = a->blocks->older;
        a->blocks->older = block;
        return block + 1;
    }
    block->older = a->blocks;
    a->blocks = block;
    a->next = (char *)(block + 1) + size_bytes;
    a->end = (char *)block + total;
    return block + 1;
}

void *arena_copy(Arena *a, const void *bytes, size_t size_bytes)
{
    void *copy = arena_alloc(a, size_bytes);
    if (size_bytes) memcpy(copy, bytes, size_bytes);
    return copy;
}

char *arena_format(Arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(a, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
