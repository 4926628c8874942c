/* SPDX-License-Identifier: MIT */
/* buffer.h - array buffers: blocks of raw bytes outside the heap (ECMA-262 25.1, 25.2).
 *
 * I1  `bytes` of a fixed-length buffer never moves while the buffer is attached. A resizable or growable one reserves
 *     max_length bytes at once, so that it does not move either.
 * I2  A detached buffer has length 0. Buffers that are shared in the language's sense are never detached.
 * I3  A buffer whose cell is shared between goroutines keeps its bytes when it is detached, until it dies: who has just
 *     looked at its length may go on. What such a late reader or writer does has happened before; nobody sees it.
 *
 * Threads: a length is read once, then checked, then used. Elements are read and written as whole words of memory, by
 * relaxed atomics: of two goroutines at one element without Atomics, either wins. Bytes in bulk go the same way where
 * others may be at them (buffer_copy_bytes). */
#ifndef US_OBJECT_BUFFER_H
#define US_OBJECT_BUFFER_H

#include "vm/base/buf.h"
#include "vm/object/object.h"

/* The bytes of a buffer; shared ones are referred to by several buffer objects. */
typedef struct BufferStore {
    Heap    *heap;                       // that counts the bytes
    uint32_t references;                 // atomic
    uint32_t unused;
    size_t   length;                     // atomic
    size_t   max_length;                 // immutable
    uint8_t  bytes[];                    // atomic, in words as large as the elements in use
} BufferStore;

typedef struct ArrayBuffer {             // KIND_ARRAY_BUFFER
    Object       object;
    BufferStore *store;                  // C heap; NULL once detached while private
    uint8_t     *bytes;                  // store->bytes or NULL
    uint32_t     is_shared;              // immutable, as are the next three
    uint32_t     unused;
    uint8_t      is_resizable;
    uint8_t      is_long;                // it may have more bytes than INT32_MAX: machine code leaves it alone
    uint16_t     is_immutable;           // its bytes never change again, and it is never detached
    uint32_t     is_detached;            // atomic: set once
} ArrayBuffer;

static inline ArrayBuffer *buffer_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_ARRAY_BUFFER), "the value is an array buffer");
    return (ArrayBuffer *)value_cell(v);
}

static inline bool buffer_is_detached(const ArrayBuffer *b)
{
    return atomic_get_acquire(&b->is_detached) != 0;             // pairs with buffer_claim
}

static inline size_t buffer_length(const ArrayBuffer *b)
{
    return buffer_is_detached(b) ? 0 : atomic_get_seq_cst(&b->store->length);
}

/** May other goroutines use the bytes at this moment? */
static inline bool buffer_is_raced(const ArrayBuffer *b)
{
    return b->is_shared || cell_is_shared(&b->object.cell);
}

/** The element of 1 << shift bytes at an address that is a multiple of that, whole; and its replacement. */
static inline uint64_t buffer_load_element(const uint8_t *place, int shift)
{
    switch (shift) {
    case 0:  return atomic_get_relaxed(place);
    case 1:  return atomic_get_relaxed((const uint16_t *)place);
    case 2:  return atomic_get_relaxed((const uint32_t *)place);
    default: return atomic_get_relaxed((const uint64_t *)place);
    }
}

static inline void buffer_store_element(uint8_t *place, int shift, uint64_t bits)
{
    switch (shift) {
    case 0:  atomic_set_relaxed(place, (uint8_t)bits); break;
    case 1:  atomic_set_relaxed((uint16_t *)place, (uint16_t)bits); break;
    case 2:  atomic_set_relaxed((uint32_t *)place, (uint32_t)bits); break;
    default: atomic_set_relaxed((uint64_t *)place, bits); break;
    }
}

/** memmove of bytes of the buffers, NULL for memory of our own. Where others may be at them, words go whole, as large
 *  as the alignment allows: nobody sees half an element that both sides have aligned. */
void buffer_copy_bytes(const ArrayBuffer *to_buffer, void *to, const ArrayBuffer *from_buffer, const void *from,
                       size_t count);

/** Append `count` bytes of the buffer from `offset` on to `out`, for who has to see them twice the same. */
void buffer_put_bytes(Buf *out, const ArrayBuffer *b, size_t offset, size_t count);

/** A new zeroed buffer; max_length == length unless resizable. NULL: thrown (RangeError). `proto`: its prototype. */
NODISCARD ArrayBuffer *buffer_new(Goroutine *g, Value proto, size_t length, size_t max_length, bool is_resizable, bool is_shared);

/** A detached buffer for buffer_move to give the bytes of `from` to; views of it may be made before. */
NODISCARD ArrayBuffer *buffer_new_successor(LocalHeap *h, Value proto, const ArrayBuffer *from);

/** Another object for the bytes of a shared buffer. */
NODISCARD ArrayBuffer *buffer_share(LocalHeap *h, Value proto, const ArrayBuffer *b);

/** Give the bytes of `from`, which is detached by that, to `to`, its successor. False: it was detached. */
NODISCARD bool buffer_move(ArrayBuffer *to, ArrayBuffer *from);

/** Detach, of several who try at once for one only, who may still copy the bytes before buffer_drop. */
NODISCARD bool buffer_claim(ArrayBuffer *b);
void buffer_drop(ArrayBuffer *b);

/** Give up the bytes (DetachArrayBuffer). */
void buffer_detach(ArrayBuffer *b);

/** Change the length of a resizable buffer within its maximum; new bytes are zero. */
void buffer_resize(ArrayBuffer *b, size_t length);

void buffer_register_kinds(void);

#endif
