/* SPDX-License-Identifier: MIT */
/* GMP knows of no failure: its allocation functions return memory, or do not return. So when memory is refused, control
 * leaves GMP by a jump to limbs_attempt, which frees what the operation had taken; nothing else of GMP's would be left
 * behind, since the functions on limbs keep no state. */
#include <gmp.h>
#include <setjmp.h>
#include <string.h>

#include "vm/base/limbs.h"
#include "vm/base/mem.h"

/* In front of each block that GMP has; as large as malloc's alignment. */
typedef struct LimbsBlock {
    struct LimbsBlock *previous, *next;
} LimbsBlock;
STATIC_ASSERT(sizeof(LimbsBlock) == 16, "what follows is aligned");

typedef struct LimbsAttempt {
    jmp_buf    refused;
    LimbsBlock blocks;                   // a ring
} LimbsAttempt;

static _Thread_local LimbsAttempt *limbs_running;

static void *limbs_take(size_t size_bytes)
{
    LimbsAttempt *attempt = limbs_running;
    LimbsBlock *block = attempt ? mem_try_alloc(size_bytes + sizeof *block) : mem_alloc(size_bytes + sizeof *block);
    if (!block) longjmp(attempt->refused, 1);
    block->previous = block->next = block;
    if (attempt) {
        block->next = attempt->blocks.next;
        block->previous = &attempt->blocks;
        block->next->previous = attempt->blocks.next = block;
    }
    return block + 1;
}

static void limbs_give(void *memory, size_t size_bytes)
{
    (void)size_bytes;
    LimbsBlock *block = (LimbsBlock *)memory - 1;
    block->previous->next = block->next;
    block->next->previous = block->previous;
    mem_free(block);
}

static void *limbs_resize(void *memory, size_t old_bytes, size_t size_bytes)
{
    void *moved = limbs_take(size_bytes);
    memcpy(moved, memory, old_bytes < size_bytes ? old_bytes : size_bytes);
    limbs_give(memory, old_bytes);
    return moved;
}

void limbs_init(void)
{
    mp_set_memory_functions(limbs_take, limbs_resize, limbs_give);
}

bool limbs_attempt(void (*operate)(void *context), void *context)
{
    LimbsAttempt attempt;
    ASSERT(!limbs_running, "one at a time");
    attempt.blocks.previous = attempt.blocks.next = &attempt.blocks;
    if (setjmp(attempt.refused)) {
        while (attempt.blocks.next != &attempt.blocks) limbs_give(attempt.blocks.next + 1, 0);
        limbs_running = NULL;
        return false;
    }
    limbs_running = &attempt;
    operate(context);
    limbs_running = NULL;
    return true;
}
