/* SPDX-License-Identifier: MIT */
#include "vm/base/mem.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/atomic.h"
#include "vm/base/panic.h"

static size_t mem_used;                 // atomic, relaxed: a statistic
static size_t mem_budget = SIZE_MAX;    // atomic, relaxed: set by tests only

static bool mem_may_allocate(void)
{
    size_t budget = atomic_get_relaxed(&mem_budget);
    if (LIKELY(budget == SIZE_MAX)) return true;
    if (budget == 0) return false;
    atomic_set_relaxed(&mem_budget, budget - 1);
    return true;
}

static void *mem_count(void *block)
{
    if (block) atomic_add_relaxed(&mem_used, malloc_usable_size(block));
    return block;
}

void *mem_try_alloc(size_t size_bytes)
{
    if (!mem_may_allocate()) return NULL;
    return mem_count(malloc(size_bytes ? size_bytes : 1));
}

void *mem_alloc(size_t size_bytes)
{
    void *block = mem_try_alloc(size_bytes);
    if (!block) panic_out_of_memory("C heap");
    return block;
}

void *mem_try_alloc_zeroed(size_t size_bytes)
{
    return mem_may_allocate() ? mem_count(calloc(1, size_bytes ? size_bytes : 1)) : NULL;
}

void *mem_alloc_zeroed(size_t size_bytes)
{
    void *block = mem_try_alloc_zeroed(size_bytes);
    if (!block) panic_out_of_memory("C heap");
    return block;
}

void *mem_try_resize(void *block, size_t size_bytes)
{
    if (!mem_may_allocate()) return NULL;
    size_t before = block ? malloc_usable_size(block) : 0;
    void *moved = realloc(block, size_bytes ? size_bytes : 1);
    if (!moved) return NULL;
    atomic_add_relaxed(&mem_used, malloc_usable_size(moved) - before);
    return moved;
}

void *mem_resize(void *block, size_t size_bytes)
{
    void *moved = mem_try_resize(block, size_bytes);
    if (!moved) panic_out_of_memory("C heap");
    return moved;
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
    atomic_set_relaxed(&mem_budget, count);
}
