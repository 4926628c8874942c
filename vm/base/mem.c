/* SPDX-License-Identifier: MIT */
#include "vm/base/mem.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/atomic.h"
#include "vm/base/panic.h"

enum { MEM_RESERVE_BYTES = 4 << 20 };

static size_t   mem_used;                 // atomic, relaxed: a statistic
static void    *mem_reserve;              // atomic: MEM_RESERVE_BYTES that nobody touches, or NULL
static uint32_t mem_short;                // atomic: the reserve was used
static size_t   mem_budget = SIZE_MAX;    // atomic, relaxed, as the next two: set by tests only
static bool     mem_budget_once;          // only one allocation is refused
static size_t   mem_reserve_left;         // what the reserve is still worth while allocations are refused on purpose

/* ---- refusing ---------------------------------------------------------------------------------------------------- */

static bool mem_may_allocate(void)
{
    size_t budget = atomic_get_relaxed(&mem_budget);
    if (LIKELY(budget == SIZE_MAX)) return true;
    if (budget > 0) {
        atomic_set_relaxed(&mem_budget, budget - 1);
        return true;
    }
    if (atomic_get_relaxed(&mem_budget_once)) atomic_set_relaxed(&mem_budget, SIZE_MAX);
    return false;
}

/* With the reserve given back the system has memory again, unless tests say otherwise. */
static bool mem_use_reserve(size_t size_bytes)
{
    atomic_set_relaxed(&mem_short, 1);
    void *reserve = atomic_swap_acq_rel(&mem_reserve, NULL);
    if (reserve) atomic_set_relaxed(&mem_reserve_left, MEM_RESERVE_BYTES);
    free(reserve);
    if (atomic_get_relaxed(&mem_budget) == SIZE_MAX) return true;
    size_t left = atomic_get_relaxed(&mem_reserve_left);
    if (left < size_bytes) return false;
    atomic_set_relaxed(&mem_reserve_left, left - size_bytes);
    return true;
}

bool mem_keep_reserve(void)
{
    if (atomic_get_relaxed(&mem_reserve)) return true;
    void *reserve = mem_may_allocate() ? malloc(MEM_RESERVE_BYTES) : NULL;
    if (!reserve) return false;
    free(atomic_swap_acq_rel(&mem_reserve, reserve));
    atomic_set_relaxed(&mem_short, 0);
    return true;
}

bool mem_is_short(void)
{
    return atomic_get_relaxed(&mem_short);
}

/* ---- allocating -------------------------------------------------------------------------------------------------- */

static void *mem_count(void *block)
{
    if (block) atomic_add_relaxed(&mem_used, malloc_usable_size(block));
    return block;
}

static void *mem_move(void *block, size_t size_bytes)
{
    size_t before = block ? malloc_usable_size(block) : 0;
    void *moved = realloc(block, size_bytes ? size_bytes : 1);
    if (moved) atomic_add_relaxed(&mem_used, malloc_usable_size(moved) - before);
    return moved;
}

/* What must not fail was refused. */
static COLD NOINLINE void *mem_insist(void *block, size_t size_bytes)
{
    void *moved = mem_use_reserve(size_bytes) ? mem_move(block, size_bytes) : NULL;
    if (!moved) panic_out_of_memory("C heap");
    return moved;
}

void *mem_try_alloc(size_t size_bytes)
{
    if (!mem_may_allocate()) return NULL;
    return mem_count(malloc(size_bytes ? size_bytes : 1));
}

void *mem_alloc(size_t size_bytes)
{
    void *block = mem_try_alloc(size_bytes);
    return LIKELY(block) ? block : mem_insist(NULL, size_bytes);
}

void *mem_try_alloc_zeroed(size_t size_bytes)
{
    return mem_may_allocate() ? mem_count(calloc(1, size_bytes ? size_bytes : 1)) : NULL;
}

void *mem_alloc_zeroed(size_t size_bytes)
{
    void *block = mem_try_alloc_zeroed(size_bytes);
    return LIKELY(block) ? block : memset(mem_insist(NULL, size_bytes), 0, size_bytes);
}

void *mem_try_resize(void *block, size_t size_bytes)
{
    return mem_may_allocate() ? mem_move(block, size_bytes) : NULL;
}

void *mem_resize(void *block, size_t size_bytes)
{
    void *moved = mem_try_resize(block, size_bytes);
    return LIKELY(moved) ? moved : mem_insist(block, size_bytes);
}

void mem_free(void *block)
{
    if (!block) return;
    atomic_add_relaxed(&mem_used, -malloc_usable_size(block));
    free(block);
}

char *mem_copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(mem_alloc(size), text, size);
}

size_t mem_used_bytes(void)
{
    return atomic_get_relaxed(&mem_used);
}

void mem_set_budget(size_t count)
{
    atomic_set_relaxed(&mem_budget_once, false);
    atomic_set_relaxed(&mem_budget, count);
}

void mem_refuse_once(size_t count)
{
    atomic_set_relaxed(&mem_budget_once, true);
    atomic_set_relaxed(&mem_budget, count);
}
