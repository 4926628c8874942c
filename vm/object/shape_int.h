/* SPDX-License-Identifier: MIT */
/* shape_int.h - what shape.c and shape_space.c share: the space that shapes live in, and the table of their roots. */
#ifndef US_OBJECT_SHAPE_INT_H
#define US_OBJECT_SHAPE_INT_H

#include "vm/base/mutex.h"
#include "vm/base/vec.h"
#include "vm/object/shape.h"

/* Root shapes by (proto, kind, inline slots, flags): open addressing. Read without the lock. */
typedef struct ShapeRoots {
    uint32_t mask, count;
    uint32_t numbers[];                  // 0: empty
} ShapeRoots;

/* Changed under `lock`, or with the world stopped. */
typedef struct ShapeSpace {
    Mutex     lock;
    uint8_t  *marks;                     // one byte a number, what GcHost.shape_marks points to
    uint8_t  *kept;                      // one byte a number: marked before a cycle looked again. World stopped
    uint32_t  used;                      // numbers below it were handed out
    uint32_t  limit;                     // numbers that fit the reserved range
    uint32_t  committed;                 // numbers whose memory is committed
    uint32_t  live;
    uint32_t  collect_above;             // free dead shapes in a cycle that starts with more live ones than this
    bool      is_collection_wanted;      // atomic
    uint64_t  table_bytes;               // atomic: of tables made since dead shapes were last freed
    bool      collecting;                // this cycle frees dead shapes:
    bool      only_dictionaries;         // those that are one object's own, whose tables may be large
    VEC(uint32_t) free;
    VEC(uint32_t) pinned;                // found on native stacks in this cycle
    ShapeRoots *roots;
} ShapeSpace;

/** Commit memory for more shapes. Under the lock. */
void shape_space_commit(Vm *vm);

/** Copies with another capacity, a power of two; `old` may be NULL. */
ShapeTransitions *shape_transitions_copy(const ShapeTransitions *old, uint32_t capacity);
ShapeRoots *shape_roots_copy(const Vm *vm, const ShapeRoots *old, uint32_t capacity);

#endif
