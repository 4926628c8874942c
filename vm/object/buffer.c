/* SPDX-License-Identifier: MIT */
#include "vm/object/buffer.h"

#include <string.h>

#include "gc/mark.h"
#include "vm/base/mem.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"

#define BUFFER_MAX_BYTES ((size_t)1 << 36)

static BufferStore *buffer_store_new(Heap *heap, size_t length, size_t max_length)
{
    BufferStore *store = max_length <= BUFFER_MAX_BYTES ? mem_try_alloc_zeroed(sizeof *store + max_length) : NULL;
    if (!store) return NULL;
    store->heap = heap;
    store->references = 1;
    store->length = length;
    store->max_length = max_length;
    return store;
}

static void buffer_store_release(BufferStore *store)
{
    if (!store || __atomic_fetch_sub(&store->references, 1, __ATOMIC_ACQ_REL) != 1) return;
    heap_drop_external(store->heap, store->max_length);
    mem_free(store);
}

/* ---- bytes that others may use at the same time ------------------------------------------------------------------ */

/* The largest word that begins at `address`, or ends there, within `count` bytes. */
static size_t buffer_word(uintptr_t address, size_t count)
{
    size_t word = sizeof(uint64_t);
    while (word > count || (address & (word - 1))) word >>= 1;
    return word;
}

static void buffer_copy_word(uint8_t *to, const uint8_t *from, size_t word)
{
    int shift = __builtin_ctzll(word);
    buffer_store_element(to, shift, buffer_load_element(from, shift));
}

static void buffer_copy_raced(uint8_t *to, const uint8_t *from, size_t count)
{
    size_t word;
    if (to <= from || to >= from + count) {
        for (size_t i = 0; i < count; i += word) {
            word = buffer_word((uintptr_t)(to + i) | (uintptr_t)(from + i), count - i);
            buffer_copy_word(to + i, from + i, word);
        }
        return;
    }
    for (size_t left = count; left; left -= word) {
        word = buffer_word((uintptr_t)(to + left) | (uintptr_t)(from + left), left);
        buffer_copy_word(to + left - word, from + left - word, word);
    }
}

void buffer_copy_bytes(const ArrayBuffer *to_buffer, void *to, const ArrayBuffer *from_buffer, const void *from,
                       size_t count)
{
    if (!count) return;
    bool is_raced = (to_buffer && buffer_is_raced(to_buffer)) || (from_buffer && buffer_is_raced(from_buffer));
    if (UNLIKELY(is_raced)) buffer_copy_raced(to, from, count);
    else memmove(to, from, count);
}

void buffer_put_bytes(Buf *out, const ArrayBuffer *b, size_t offset, size_t count)
{
    if (!count) return;
    buf_reserve(out, count);
    buffer_copy_bytes(NULL, out->bytes + out->count, b, b->bytes + offset, count);
    out->count += count;
}

/* ---- buffers ----------------------------------------------------------------------------------------------------- */

static ArrayBuffer *buffer_new_detached(LocalHeap *h, Value proto)
{
    ArrayBuffer *b = object_alloc(h, object_root_shape(h, KIND_ARRAY_BUFFER, proto, 0), sizeof *b);
    b->store = NULL;
    b->bytes = NULL;
    b->is_shared = b->is_resizable = b->is_long = b->is_immutable = 0;
    b->is_detached = true;
    heap_register_finalizer(h, &b->object.cell);
    return b;
}

ArrayBuffer *buffer_new_successor(LocalHeap *h, Value proto, const ArrayBuffer *from)
{
    ArrayBuffer *b = buffer_new_detached(h, proto);
    b->bytes = from->bytes;
    return b;
}

ArrayBuffer *buffer_share(LocalHeap *h, Value proto, const ArrayBuffer *b)
{
    ArrayBuffer *other = buffer_new_detached(h, proto);
    __atomic_fetch_add(&b->store->references, 1, __ATOMIC_RELAXED);
    other->store = b->store;
    other->bytes = b->bytes;
    other->is_detached = false;
    other->is_shared = b->is_shared;
    other->is_resizable = b->is_resizable;
    other->is_long = b->is_long;
    return other;
}

bool buffer_claim(ArrayBuffer *b)
{
    uint32_t attached = false;
    return atomic_cas(&b->is_detached, &attached, true);
}

void buffer_drop(ArrayBuffer *b)
{
    if (cell_is_shared(&b->object.cell)) return;                 // I3
    buffer_store_release(b->store);
    b->store = NULL;
    b->bytes = NULL;
}

void buffer_detach(ArrayBuffer *b)
{
    if (buffer_claim(b)) buffer_drop(b);
}

bool buffer_move(ArrayBuffer *to, ArrayBuffer *from)
{
    if (!buffer_claim(from)) return false;
    __atomic_fetch_add(&from->store->references, 1, __ATOMIC_RELAXED);
    to->store = from->store;
    ASSERT(to->bytes == from->bytes, "views know where");
    to->is_resizable = from->is_resizable;
    to->is_long = from->is_long;
    to->is_detached = false;
    buffer_drop(from);
    return true;
}

ArrayBuffer *buffer_new(Goroutine *g, Value proto, size_t length, size_t max_length, bool is_resizable, bool is_shared)
{
    LocalHeap *h = &g->heap;
    bool is_wanted = !heap_would_exceed(h, max_length);
    BufferStore *store = is_wanted ? buffer_store_new(h->heap, length, max_length) : NULL;
    if (!store && is_wanted && max_length <= BUFFER_MAX_BYTES) {
        heap_collect(h);                                 // dead buffers give theirs back
        store = buffer_store_new(h->heap, length, max_length);
    }
    if (!store) {
        error_throw(g, ERROR_RANGE, "Array buffer allocation failed");
        return NULL;
    }
    ArrayBuffer *b = buffer_new_detached(h, proto);
    b->store = store;
    b->bytes = store->bytes;
    b->is_detached = false;
    b->is_shared = is_shared;
    b->is_resizable = is_resizable;
    b->is_long = max_length > INT32_MAX;
    heap_add_external(h, (int64_t)max_length);
    return b;
}

void buffer_resize(ArrayBuffer *b, size_t length)
{
    BufferStore *store = b->store;
    size_t old = atomic_get_relaxed(&store->length);
    for (size_t at = length, step; at < old; at += step) {
        step = buffer_word(at, old - at);
        buffer_store_element(store->bytes + at, __builtin_ctzll(step), 0);
    }
    atomic_set_seq_cst(&store->length, length);
}

static void buffer_trace(Marker *m, Cell *c)
{
    mark_cell(m, ((ArrayBuffer *)c)->object.ool);
}

static void buffer_finalize(Cell *c)
{
    ArrayBuffer *b = (ArrayBuffer *)c;
    if (!b->store) return;
    buffer_store_release(b->store);
    b->store = NULL;
}

void buffer_register_kinds(void)
{
    kinds_register(KIND_ARRAY_BUFFER, &(GcKind){ .name = "ARRAY_BUFFER", .base_bytes = sizeof(ArrayBuffer),
        .flags = KIND_HAS_FINALIZER, .trace = buffer_trace, .finalize = buffer_finalize }, NULL);
}
