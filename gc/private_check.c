/* SPDX-License-Identifier: MIT */
/* The second opinion on a private collection (US_DEBUG=verify): a walk from the same roots that knows of no marks and
 * no log. What it reaches must be marked. */
#include "gc/private_mark.h"

#include <stdio.h>

#include "gc/mark.h"
#include "vm/base/hash.h"
#include "vm/base/mem.h"
#include "vm/base/panic.h"

typedef struct CheckedCell {
    const Cell *cell, *from;             // NULL: none
} CheckedCell;

typedef struct PrivateCheck {
    Marker      m;                       // first: what trace functions are given
    LocalHeap  *h;
    const Cell *from;                    // whose references are looked at; NULL: the roots
    bool        full;
    CheckedCell *seen;                   // open addressing
    uint32_t    capacity, count;
    VEC(Cell *) stack;
} PrivateCheck;

static bool private_is_pinned(const LocalHeap *h, const Cell *c)
{
    for (uint32_t i = 0; i < h->own->pinned.count; i++)
        if (h->own->pinned.items[i] == c) return true;
    return false;
}

static CheckedCell *private_check_place(const PrivateCheck *check, const Cell *c)
{
    uint32_t i = (uint32_t)hash_word((uintptr_t)c) & (check->capacity - 1);
    while (check->seen[i].cell && check->seen[i].cell != c) i = (i + 1) & (check->capacity - 1);
    return &check->seen[i];
}

static bool private_check_enter(PrivateCheck *check, const Cell *c, const Cell *from)
{
    CheckedCell *place = private_check_place(check, c);
    if (place->cell) return false;
    *place = (CheckedCell){ c, from };
    check->count++;
    return true;
}

static void private_check_grow(PrivateCheck *check)
{
    CheckedCell *old = check->seen;
    uint32_t capacity = check->capacity;
    check->capacity = capacity ? capacity * 2 : 1024;
    check->seen = mem_alloc_zeroed(check->capacity * sizeof *check->seen);
    check->count = 0;
    for (uint32_t i = 0; i < capacity; i++)
        if (old[i].cell) (void)private_check_enter(check, old[i].cell, old[i].from);
    mem_free(old);
}

/* The cells on the way from a root are told first, those nearest to the root last. */
static void private_check_fail(const PrivateCheck *check, const Cell *c, const char *what)
{
    for (const Cell *at = check->from; at; at = private_check_place(check, at)->from)
        fprintf(stderr, "  from cell %p (kind %u, header %016llx)%s\n", (const void *)at, at->kind,
                (unsigned long long)at->word, private_is_pinned(check->h, at) ? ", on the C stack" : "");
    panic("%s private collection: cell %p (kind %u, header %016llx) %s", check->full ? "full" : "minor",
          (const void *)c, c->kind, (unsigned long long)c->word, what);
}

static void private_check_visit(Marker *m, Cell *c)
{
    PrivateCheck *check = (PrivateCheck *)m;
    if (cell_is_shared(c)) return;
    if (check->count * 2 >= check->capacity) private_check_grow(check);
    if (!private_check_enter(check, c, check->from)) return;
    if (!private_is_live(m->heap, c)) private_check_fail(check, c, "is not marked");
    if (!private_owns(check->h, c)) private_check_fail(check, c, "is another goroutine's");
    if (!(m->heap->host->kinds[c->kind].flags & KIND_IS_LEAF)) VEC_PUSH(&check->stack, c);
}

/* What marking does not look at, since it is kept; of kinds that hide something tracing has done so. */
static void private_check_descriptor(Marker *m, Cell *c)
{
    const GcHost *host = m->heap->host;
    if (host->publish && !(host->kinds[c->kind].flags & KIND_HIDES)) host->publish(host->context, m, c);
}

void private_check(LocalHeap *h, bool full)
{
    PrivateCheck check = { .m = { .heap = h->heap, .visit = private_check_visit, .publisher = h }, .h = h,
        .full = full };
    private_mark_roots(h, &check.m);
    while (check.stack.count) {
        Cell *c = VEC_POP(&check.stack);
        check.from = c;
        private_trace(&check.m, c);
        private_check_descriptor(&check.m, c);
    }
    VEC_FREE(&check.stack);
    mem_free(check.seen);
}
