/* SPDX-License-Identifier: MIT */
#include "vm/object/buffer.h"

#include <string.h>

#include "gc/mark.h"
#include "vm/base/mem.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"

#define BUFFER_MAX_BYTES ((size_t)1 << 36)

static BufferStore *buffer_store_new(size_t length, size_t max_length)
{
    BufferStore *store = max_length <= BUFFER_MAX_BYTES ? mem_try_alloc_zeroed(sizeof *store + max_length) : NULL;
    if (!store) return NULL;
    store->references = 1;
    store->length = length;
    store->max_length = max_length;
    return store;
}

static void buffer_store_release(BufferStore *store)
{
    if (store && __atomic_fetch_sub(&store->references, 1, __ATOMIC_ACQ_REL) == 1) mem_free(store);
}

ArrayBuffer *buffer_new_detached(LocalHeap *h, Value proto)
{
    ArrayBuffer *b = object_alloc(h, object_root_shape(h, KIND_ARRAY_BUFFER, proto, 0), sizeof *b);
    b->store = NULL;
    b->bytes = NULL;
    b->length = 0;
    b->is_shared = b->is_resizable = b->is_immutable = b->unused = 0;
    heap_register_finalizer(h, &b->object.cell);
    return b;
}

ArrayBuffer *buffer_share(LocalHeap *h, Value proto, const ArrayBuffer *b)
{
    ArrayBuffer *other = buffer_new_detached(h, proto);
    __atomic_fetch_add(&b->store->references, 1, __ATOMIC_RELAXED);
    other->store = b->store;
    other->bytes = b->bytes;
    other->length = b->length;
    other->is_shared = b->is_shared;
    other->is_resizable = b->is_resizable;
    return other;
}

void buffer_move(ArrayBuffer *to, ArrayBuffer *from)
{
    to->store = from->store;
    to->bytes = from->bytes;
    to->length = from->length;
    to->is_resizable = from->is_resizable;
    from->store = NULL;
    from->bytes = NULL;
    from->length = 0;
}

ArrayBuffer *buffer_new(Goroutine *g, Value proto, size_t length, size_t max_length, bool is_resizable, bool is_shared)
{
    LocalHeap *h = &g->heap;
    BufferStore *store = heap_would_exceed(h, max_length) ? NULL : buffer_store_new(length, max_length);
    if (!store) {
        error_throw(g, ERROR_RANGE, "Array buffer allocation failed");
        return NULL;
    }
    ArrayBuffer *b = buffer_new_detached(h, proto);
    b->store = store;
    b->bytes = store->bytes;
    b->length = length;
    b->is_shared = is_shared;
    b->is_resizable = is_resizable;
    heap_add_external(h, (int64_t)max_length);
    return b;
}

void buffer_detach(LocalHeap *h, ArrayBuffer *b)
{
    if (!b->store) return;
    heap_add_external(h, -(int64_t)b->store->max_length);
    buffer_store_release(b->store);
    b->store = NULL;
    b->bytes = NULL;
    b->length = 0;
}

void buffer_resize(ArrayBuffer *b, size_t length)
{
    BufferStore *store = b->store;
    if (length < store->length) memset(store->bytes + length, 0, store->length - length);
    atomic_set_seq_cst(&store->length, length);
    b->length = length;
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
