/* SPDX-License-Identifier: MIT */
/* Only the goroutine's own marks and lines are written (block.h I3). Those of others are read where a reference leads
 * to a shared cell: mostly it is marked, and need not be looked at. */
#include "gc/private_mark.h"

#include "gc/large.h"
#include "gc/mark.h"

enum { PRIVATE_BYTES_PER_VISIT = 64 };   // of vectors and the like, whose words cost that little to look at

typedef struct PrivateMarker {
    Marker       m;                      // first: what trace functions are given
    PrivateHeap *own;
    uint64_t     visits;                 // references that were looked at
} PrivateMarker;

static inline bool private_is_marked(Heap *heap, const Cell *c)
{
    if (UNLIKELY(!heap_is_small(heap, c))) return large_is_marked(heap, c);
    uint64_t bit;
    const uint64_t *word = block_mark_word(c, &bit);
    return (atomic_get_relaxed(word) & bit) != 0;
}

bool private_is_live(Heap *heap, const Cell *c)
{
    return private_is_marked(heap, c);
}

static inline void private_set_mark(Heap *heap, const GcKind *kind, Cell *c)
{
    if (UNLIKELY(!heap_is_small(heap, c))) {
        large_set_mark(heap, c, true);
        return;
    }
    uint64_t bit, *word = block_mark_word(c, &bit);
    atomic_set_relaxed(word, *word | bit);
    BlockMeta *meta = block_meta_of(c);
    uint32_t last = block_line_of((const char *)c + kind_size(kind, c) - 1);
    for (uint32_t line = block_line_of(c); line <= last; line++) meta->line[line] = LINE_LIVE;
}

/* What is stored in a part is not told apart from what is stored in the whole: it may be younger than a part that is
 * marked. */
static void private_trace_part(Marker *m, Cell *part)
{
    if (private_is_marked(m->heap, part) && !cell_is_shared(part)) private_trace(m, part);
}

void private_trace(Marker *m, Cell *c)
{
    const GcHost *host = m->heap->host;
    const GcKind *kind = &host->kinds[c->kind];
    m->publisher->own->traced_bytes += kind_size(kind, c);
    if (kind->parts) kind->parts(m, c, private_trace_part);
    mark_trace(m, c);
    if (UNLIKELY(kind->flags & KIND_HIDES)) host->publish(host->context, m, c);
}

static NOINLINE void private_found(PrivateMarker *m, Cell *c)
{
    Heap *heap = m->m.heap;
    const GcKind *kind = &heap->host->kinds[c->kind];
    private_set_mark(heap, kind, c);
    if (kind->flags & KIND_IS_LEAF) return;
    atomic_set_relaxed(&c->flags, (uint8_t)(c->flags | CELL_OLD_CLEAN));
    VEC_PUSH(&m->own->stack, c);
}

static ALWAYS_INLINE void private_look(PrivateMarker *m, Cell *c)
{
    m->visits++;
    if (!private_is_marked(m->m.heap, c) && !cell_is_shared(c)) private_found(m, c);
}

static void private_visit(Marker *marker, Cell *c)
{
    private_look((PrivateMarker *)marker, c);
}

/* As private_trace, of a kind that is words and nothing else but its parts. */
static void private_trace_plain(PrivateMarker *m, const GcKind *kind, Cell *c)
{
    if (kind->parts) kind->parts(&m->m, c, private_trace_part);
    const Value *end = (const Value *)((const char *)c + kind->base_bytes) + c->extra;
    for (const Value *slot = (const Value *)c + 1; slot < end; slot++)
        if (cell_is_reference(*slot)) private_look(m, (Cell *)(uintptr_t)*slot);
}

static void private_drain(PrivateMarker *m)
{
    const Heap *heap = m->m.heap;
    while (m->own->stack.count) {
        Cell *c = VEC_POP(&m->own->stack);
        const GcKind *kind = &heap->host->kinds[c->kind];
        if (LIKELY(heap->plain_bytes[c->kind] && !(kind->flags & KIND_HIDES))) private_trace_plain(m, kind, c);
        else private_trace(&m->m, c);
    }
}

static void private_mark_log(PrivateMarker *m)
{
    PrivateHeap *own = m->own;
    for (uint32_t i = 0; i < own->log.count; i++) {
        Cell *c = own->log.items[i];
        if (cell_is_shared(c)) continue;
        atomic_set_relaxed(&c->flags, (uint8_t)(c->flags | CELL_OLD_CLEAN));
        private_trace(&m->m, c);
    }
}

void private_mark_roots(LocalHeap *h, Marker *m)
{
    PrivateHeap *own = h->own;
    for (uint32_t i = 0; i < own->pinned.count; i++) m->visit(m, own->pinned.items[i]);
    for (uint32_t i = own->kept_old; i < own->kept.count; i++) m->visit(m, own->kept.items[i]);
    h->heap->host->mark_private_roots(h->heap->host->context, h, m);
}

uint64_t private_mark_run(LocalHeap *h, bool full)
{
    PrivateHeap *own = h->own;
    PrivateMarker m = { .m = { .heap = h->heap, .visit = private_visit, .publisher = h }, .own = own };
    own->traced_bytes = 0;
    if (full) own->kept_old = 0;
    else private_mark_log(&m);
    private_mark_roots(h, &m.m);
    private_drain(&m);
    private_forget_log(h);
    own->kept_old = 0;
    uint64_t work = m.visits + own->traced_bytes / PRIVATE_BYTES_PER_VISIT;
    if (h->heap->options.verify) private_check(h, full);
    own->kept_old = own->kept.count;
    return work;
}

/* ---- the C stack ------------------------------------------------------------------------------------------------- */

static bool private_is_in_runs(const LocalHeap *h, const char *p)
{
    for (uint32_t i = 0; i < h->run_count; i++) {
        size_t size = i == 0 ? GROUP_BYTES : 4 * GROUP_BYTES;
        if ((size_t)(p - h->runs[i]) < size) return true;
    }
    return false;
}

static Cell *private_find_large(LocalHeap *h, const char *p)
{
    PrivateHeap *own = h->own;
    for (uint32_t i = 0; i < own->large.count; i++) {
        Cell *c = own->large.items[i];
        if (p >= (char *)c && p < (char *)c + heap_cell_size(h->heap, c)) return c;
    }
    return NULL;
}

/* A word of the C stack may point into any chunk. Those of small cells are given back only while the world is stopped,
 * so what was one just now can be read; of others nothing is. */
bool private_owns(LocalHeap *h, const void *p)
{
    uint8_t kind = atomic_get_acquire(&h->heap->chunk_kind[heap_chunk_number(h->heap, p)]);  // pairs with heap_set_kind
    if (kind != CHUNK_SMALL) return kind != CHUNK_UNUSED && private_find_large(h, p);
    if (block_index_of(p) < FIRST_BLOCK) return false;
    return atomic_get_relaxed(&block_info_of(p)->owner) == h || private_is_in_runs(h, p);
}

static Cell *private_find(LocalHeap *h, uint64_t word)
{
    const char *p = (const char *)(uintptr_t)word;
    if (!heap_contains(h->heap, word) || !private_owns(h, p)) return NULL;
    return heap_is_small(h->heap, (const Cell *)p) ? heap_find_cell(h->heap, word) : private_find_large(h, p);
}

static NO_ASAN NOINLINE void private_scan(LocalHeap *h)
{
    const uint64_t *word = __builtin_frame_address(0);
    for (; (const char *)(word + 1) <= h->mutator->stack_base; word++) {
        Cell *c = private_find(h, *word);
        if (c && !cell_is_shared(c)) VEC_PUSH(&h->own->pinned, c);
    }
}

/* All registers that callers may use are spilled in this frame, which the scan begins below. */
NOINLINE void private_mark_begin(LocalHeap *h)
{
    h->own->pinned.count = 0;
    __builtin_unwind_init();
    private_scan(h);
    __asm__ volatile("" ::: "memory");
}
