/* SPDX-License-Identifier: MIT */
#include "gc/limit.h"

#include "gc/heap_int.h"
#include "gc/private.h"

/* The next look is due when what is left was handed out; and near the limit not for each block, less so the more a
 * collection costs. */
static void limit_plan(LocalHeap *h, uint64_t used)
{
    uint64_t left = h->most_bytes > used ? h->most_bytes - used : 0;
    uint64_t least = h->most_bytes / 16;
    if (!h->heap->has_private && least < h->heap->stats.live_bytes / 16) least = h->heap->stats.live_bytes / 16;
    h->most_left = (int64_t)(left > least ? left : least);
}

static uint64_t limit_collect(LocalHeap *h)
{
    if (!private_collect(h, PRIVATE_FULL)) heap_collect(h);
    return private_used_bytes(h);
}

void limit_check_slow(LocalHeap *h)
{
    if (!h->most_bytes) {
        h->most_left = INT64_MAX;
        return;
    }
    uint64_t used = private_used_bytes(h);
    if (used > h->most_bytes) used = limit_collect(h);
    limit_plan(h, used);
    const GcHost *host = h->heap->host;
    if (used <= h->most_bytes) return;
    h->is_over_most = true;
    if (host->over_limit) host->over_limit(host->context, h);
}

bool limit_would_exceed(LocalHeap *h, size_t size_bytes)
{
    if (!h->most_bytes || private_used_bytes(h) + size_bytes <= h->most_bytes) return false;
    uint64_t used = limit_collect(h);
    if (used + size_bytes <= h->most_bytes) return false;
    h->is_over_most = false;                             // the caller tells
    limit_plan(h, used);
    return true;
}

void limit_set(LocalHeap *h, uint64_t most_bytes)
{
    h->most_bytes = most_bytes;
    h->most_left = most_bytes ? (int64_t)(most_bytes / 16) : INT64_MAX;
    h->is_over_most = false;
}

bool limit_take_excess(LocalHeap *h)
{
    if (!h->is_over_most) return false;
    h->is_over_most = false;
    return limit_collect(h) > h->most_bytes;
}
