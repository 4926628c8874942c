/* SPDX-License-Identifier: MIT */
/* vec.h - growable arrays, in an arena or on the C heap.
 *
 *     VEC(Token) tokens = { 0 };
 *     VEC_PUSH_ARENA(arena, &tokens, token);      // or VEC_PUSH(&tokens, token) on the C heap
 *     for (uint32_t i = 0; i < tokens.count; i++) use(tokens.items[i]);
 *     VEC_FREE(&tokens);                          // C heap only
 *
 * A vector is used with one of the two kinds of memory for all its life. */
#ifndef US_BASE_VEC_H
#define US_BASE_VEC_H

#include <stdint.h>
#include <string.h>

#include "vm/base/arena.h"
#include "vm/base/mem.h"

#define VEC(T) struct { T *items; uint32_t count, capacity; }

static inline uint32_t vec_next_capacity(uint32_t capacity)
{
    return capacity ? capacity * 2 : 8;
}

#define VEC_PUSH(v, item)                                                                        \
    do {                                                                                         \
        if ((v)->count == (v)->capacity) {                                                       \
            (v)->capacity = vec_next_capacity((v)->capacity);                                    \
            (v)->items = mem_resize((v)->items, (size_t)(v)->capacity * sizeof *(v)->items);     \
        }                                                                                        \
        (v)->items[(v)->count++] = (item);                                                       \
    } while (0)

#define VEC_PUSH_ARENA(arena, v, item)                                                           \
    do {                                                                                         \
        if ((v)->count == (v)->capacity) {                                                       \
            uint32_t bigger_ = vec_next_capacity((v)->capacity);                                 \
            void *moved_ = arena_alloc((arena), (size_t)bigger_ * sizeof *(v)->items);           \
            if ((v)->count) memcpy(moved_, (v)->items, (size_t)(v)->count * sizeof *(v)->items); \
            (v)->items = moved_;                                                                 \
            (v)->capacity = bigger_;                                                             \
        }                                                                                        \
        (v)->items[(v)->count++] = (item);                                                       \
    } while (0)

#define VEC_POP(v)  ((v)->items[--(v)->count])
#define VEC_LAST(v) ((v)->items[(v)->count - 1])
#define VEC_FREE(v) (mem_free((v)->items), (v)->items = NULL, (v)->count = (v)->capacity = 0)

#endif
