/* SPDX-License-Identifier: MIT */
#include "gc/safepoint.h"

#include "gc/shade.h"
#include "vm/base/clock.h"

enum { SAFEPOINT_INTERRUPT_NS = 50 * 1000 };    // how long a stopper waits before it interrupts again

/* The exported entries store the caller's registers and stack pointer (I2) before any code of this file could have
 * moved them; then comes the C function. */
void safepoint_leave_noted(Mutator *m);
void safepoint_poll_noted(Mutator *m);
bool safepoint_stop_noted(Mutator *m);

#if defined(__x86_64__)
STATIC_ASSERT(offsetof(Mutator, registers) == 0 && offsetof(Mutator, stack_low) == 48, "as the entries know it");
#define SAFEPOINT_ENTRY(name, target)                  \
    __asm__(".text\n.globl " #name "\n"                \
            ".type " #name ", @function\n" #name ":\n" \
            "    movq %rbx, 0(%rdi)\n"                 \
            "    movq %rbp, 8(%rdi)\n"                 \
            "    movq %r12, 16(%rdi)\n"                \
            "    movq %r13, 24(%rdi)\n"                \
            "    movq %r14, 32(%rdi)\n"                \
            "    movq %r15, 40(%rdi)\n"                \
            "    movq %rsp, 48(%rdi)\n"                \
            "    jmp " #target "\n"                    \
            ".size " #name ", . - " #name "\n")
#else
#error "the entries are written for x86-64"
#endif

SAFEPOINT_ENTRY(safepoint_leave, safepoint_leave_noted);
SAFEPOINT_ENTRY(safepoint_poll_slow, safepoint_poll_noted);
SAFEPOINT_ENTRY(safepoint_stop_world, safepoint_stop_noted);

static World *safepoint_world(const Mutator *m)
{
    return &m->heap->world;
}

static void safepoint_wait_for_start(World *world)
{
    while (world->is_stopping) mutex_wait(&world->lock, &world->changed, CLOCK_NEVER);
}

void safepoint_attach(Mutator *m, Heap *heap, const void *stack_base)
{
    *m = (Mutator){ .heap = heap, .stack_base = stack_base, .stack_low = stack_base };
    World *world = &heap->world;
    mutex_lock(&world->lock);
    safepoint_wait_for_start(world);
    m->next = world->mutators;
    world->mutators = m;
    mutex_unlock(&world->lock);
}

void safepoint_detach(Mutator *m)
{
    mem_free(m->publishing);
    World *world = safepoint_world(m);
    mutex_lock(&world->lock);
    ASSERT(!m->is_inside, "who ends has left");
    safepoint_wait_for_start(world);
    Mutator **link = &world->mutators;
    while (*link != m) link = &(*link)->next;
    *link = m->next;
    shade_leave(m);
    mutex_unlock(&world->lock);
}

void safepoint_enter(Mutator *m)
{
    World *world = safepoint_world(m);
    mutex_lock(&world->lock);
    safepoint_wait_for_start(world);
    world->inside++;
    m->is_inside = true;
    mutex_unlock(&world->lock);
}

void safepoint_leave_noted(Mutator *m)
{
    World *world = safepoint_world(m);
    mutex_lock(&world->lock);
    world->inside--;
    m->is_inside = false;
    if (world->is_stopping) mutex_wake_all(&world->changed);
    mutex_unlock(&world->lock);
}

/* With the lock held: wait as one who is not inside. */
static void safepoint_stand_aside(World *world)
{
    world->inside--;
    mutex_wake_all(&world->changed);
    safepoint_wait_for_start(world);
    world->inside++;
}

void safepoint_poll_noted(Mutator *m)
{
    World *world = safepoint_world(m);
    mutex_lock(&world->lock);
    if (world->is_stopping && world->stopper != m) safepoint_stand_aside(world);
    mutex_unlock(&world->lock);
}

bool safepoint_is_requested(const Heap *heap)
{
    return atomic_get_relaxed(&heap->world.is_stopping);
}

bool safepoint_stop_noted(Mutator *m)
{
    World *world = safepoint_world(m);
    const GcHost *host = m->heap->host;
    mutex_lock(&world->lock);
    ASSERT(m->is_inside && world->stopper != m, "who stops the world is inside, and stops it once");
    if (world->is_stopping) {
        safepoint_stand_aside(world);
        mutex_unlock(&world->lock);
        return false;
    }
    int64_t start_ns = clock_monotonic_ns();
    atomic_set_seq_cst(&world->is_stopping, true);
    atomic_set_relaxed(&world->stopper, m);
    while (world->inside > 1) {
        if (host->interrupt_mutators) host->interrupt_mutators(host->context);
        mutex_wait(&world->lock, &world->changed, clock_monotonic_ns() + SAFEPOINT_INTERRUPT_NS);
    }
    world->stop_ns = clock_monotonic_ns() - start_ns;
    mutex_unlock(&world->lock);
    return true;
}

void safepoint_start_world(Mutator *m)
{
    World *world = safepoint_world(m);
    mutex_lock(&world->lock);
    ASSERT(world->stopper == m, "who stopped the world starts it");
    atomic_set_relaxed(&world->stopper, NULL);
    atomic_set_seq_cst(&world->is_stopping, false);
    mutex_wake_all(&world->changed);
    mutex_unlock(&world->lock);
}

void safepoint_insist(Mutator *m)
{
    while (!safepoint_stop_world(m)) continue;
}

bool safepoint_hold_world(LocalHeap *h)
{
    if (atomic_get_relaxed(&safepoint_world(h->mutator)->stopper) == h->mutator) return false;
    safepoint_insist(h->mutator);
    return true;
}

void safepoint_release_world(LocalHeap *h, bool held)
{
    if (held) safepoint_start_world(h->mutator);
}

void safepoint_each_stack(Heap *heap, void (*scan)(void *context, const void *low, const void *high), void *context)
{
    World *world = &heap->world;
    for (Mutator *m = world->mutators; m; m = m->next) {
        scan(context, m->registers, m->registers + SAFEPOINT_REGISTERS);
        scan(context, m->stack_low, m->stack_base);
    }
}
