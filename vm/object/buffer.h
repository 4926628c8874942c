/* SPDX-License-Identifier: MIT */
/* buffer.h - array buffers: blocks of raw bytes outside the heap (ECMA-262 25.1, 25.2).
 *
 * I1  `bytes` of a fixed-length buffer never moves while the buffer is attached. A resizable or growable one reserves
 *     max_length bytes at once, so that it does not move either.
 * I2  A detached buffer has bytes NULL and length 0. Shared buffers are never detached. */
#ifndef US_OBJECT_BUFFER_H
#define US_OBJECT_BUFFER_H

#include "vm/object/object.h"

/* The bytes of a buffer; shared ones are referred to by several buffer objects. */
typedef struct BufferStore {
    uint32_t references;                 // atomic
    uint32_t unused;
    size_t   length;                     // atomic for growable shared buffers
    size_t   max_length;
    uint8_t  bytes[];
} BufferStore;

typedef struct ArrayBuffer {             // KIND_ARRAY_BUFFER
    Object       object;
    BufferStore *store;                  // C heap; NULL: detached
    uint8_t     *bytes;                  // store->bytes or NULL
    size_t       length;                 // of a shared buffer: read buffer_length
    uint32_t     is_shared;
    uint32_t     is_resizable;
    uint32_t     is_immutable;           // its bytes never change again, and it is never detached
    uint32_t     unused;
} ArrayBuffer;

static inline ArrayBuffer *buffer_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_ARRAY_BUFFER), "the value is an array buffer");
    return (ArrayBuffer *)value_cell(v);
}

static inline bool buffer_is_detached(const ArrayBuffer *b)
{
    return b->store == NULL;
}

static inline size_t buffer_length(const ArrayBuffer *b)
{
    return b->store ? atomic_get_seq_cst(&b->store->length) : 0;
}

/** A new zeroed buffer; max_length == length unless resizable. NULL: thrown (RangeError). `proto`: its prototype. */
NODISCARD ArrayBuffer *buffer_new(Goroutine *g, Value proto, size_t length, size_t max_length, bool is_resizable, bool is_shared);

/** A buffer without bytes, for buffer_move. */
NODISCARD ArrayBuffer *buffer_new_detached(LocalHeap *h, Value proto);

/** Another object for the bytes of a shared buffer. */
NODISCARD ArrayBuffer *buffer_share(LocalHeap *h, Value proto, const ArrayBuffer *b);

/** Give the bytes of `from`, which is detached by that, to the detached `to`. */
void buffer_move(ArrayBuffer *to, ArrayBuffer *from);

/** Give up the bytes (DetachArrayBuffer). */
void buffer_detach(LocalHeap *h, ArrayBuffer *b);

/** Change the length of a resizable buffer within its maximum; new bytes are zero. */
void buffer_resize(ArrayBuffer *b, size_t length);

void buffer_register_kinds(void);

#endif
