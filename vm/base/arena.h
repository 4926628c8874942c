/* SPDX-License-Identifier: MIT */
/* arena.h - bump allocation, freed as a whole.
 *
 * I1  Memory from an arena is zeroed and 8-byte aligned.
 * I2  arena_alloc never returns NULL: when the limit or the C library says no, control goes to `on_exhausted`
 *     by longjmp. That is sound because whoever owns an arena keeps everything in it: leaving by longjmp and
 *     freeing the arena loses nothing. Only compiler/ and vm/regexp do this, and only around code that touches
 *     neither heap nor goroutine.
 * Threads: an arena belongs to one thread at a time. */
#ifndef US_BASE_ARENA_H
#define US_BASE_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    char       *next;            // first free byte of the newest block
    char       *end;
    ArenaBlock *blocks;          // newest first
    size_t      used_bytes;      // in blocks
    size_t      limit_bytes;
    jmp_buf    *on_exhausted;    // NULL: panic_out_of_memory
} Arena;

/** Prepare an empty arena that may hold up to `limit_bytes` (SIZE_MAX: no limit of its own). */
void arena_init(Arena *a, size_t limit_bytes, jmp_buf *on_exhausted);
void arena_deinit(Arena *a);

NODISCARD void *arena_alloc_slow(Arena *a, size_t size_bytes);

NODISCARD static inline void *arena_alloc(Arena *a, size_t size_bytes)
{
    size_bytes = (size_bytes + 7) & ~(size_t)7;
    if (LIKELY(size_bytes <= (size_t)(a->end - a->next))) {
        void *p = a->next;
        a->next += size_bytes;
        return p;
    }
    return arena_alloc_slow(a, size_bytes);
}

#define ARENA_NEW(arena, T)          ((T *)arena_alloc((arena), sizeof(T)))
#define ARENA_ARRAY(arena, T, count) ((T *)arena_alloc((arena), sizeof(T) * (size_t)(count)))

/** A copy in the arena. */
NODISCARD void *arena_copy(Arena *a, const void *bytes, size_t size_bytes);

/** Formatted text in the arena, NUL-terminated. */
NODISCARD char *arena_format(Arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
