/* SPDX-License-Identifier: MIT */
/* tiers.c - what an allocation and a store cost in each tier, in ticks of the time stamp counter, the empty loop's
 * taken off: the median of 301 runs of 20,000 each, refills included, collections not. Runs are shorter than a turn of
 * the processor, so that what else runs on the machine counts little.
 *
 *     bench/gc/tiers          one line a figure, beside its goal */
#include <stdio.h>
#include <stdlib.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/publish.h"
#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/object/function.h"
#include "vm/vm.h"

enum { RUNS = 301, ROUNDS = 20 * 1000, CELL_BYTES = 32 };

typedef struct Bench {
    LocalHeap *h;
    Value     *container;                // three slots behind a header
    Value      v;
} Bench;

static inline uint64_t ticks(void)
{
    uint64_t now = __builtin_ia32_rdtsc();
    __asm__ volatile("" ::: "memory");
    return now;
}

/* A loop around `body`, which the compiler cannot take apart. */
#define LOOP(name, body)                                       \
    static uint64_t loop_##name(Bench *b)                      \
    {                                                          \
        LocalHeap *h = b->h;                                   \
        Value *container = b->container, v = b->v;             \
        (void)h, (void)container, (void)v;                     \
        uint64_t start = ticks();                              \
        for (int i = 0; i < ROUNDS; i++) {                     \
            body;                                              \
            __asm__ volatile("" ::"r"(i) : "memory");          \
        }                                                      \
        return ticks() - start;                                \
    }

#define ALLOCATE                                                                        \
    Value *cell = alloc_small(h, CELL_BYTES, CELL_HEADER(SHAPE_ID_NONE, KIND_ACCESSOR, 0)); \
    cell[1] = cell[2] = cell[3] = VALUE_UNDEFINED

LOOP(empty, )
LOOP(allocate, ALLOCATE)
LOOP(store, barrier_store(h, container, &container[1], v))
LOOP(load, Value x = cell_slot_get(&container[1]); __asm__ volatile("" ::"r"(x)))

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static double median(Bench *b, uint64_t (*loop)(Bench *b))
{
    uint64_t times[RUNS];
    for (int i = 0; i < RUNS; i++) {
        heap_collect(b->h);
        times[i] = loop(b);
    }
    qsort(times, RUNS, sizeof times[0], compare);
    return (double)times[RUNS / 2] / ROUNDS;
}

static void tell(const char *what, double cycles, double empty, const char *goal)
{
    printf("PERF %-22s %6.1f   goal %s\n", what, cycles - empty, goal);
}

int main(void)
{
    debug_init();
    limbs_init();
    VmOptions options = { .pacing.floor_bytes = 256 << 20, .worker_count = 1 };
    Vm *vm = vm_create(&options);
    if (!vm) return 1;
    Bench b = { .h = &vm_main_goroutine(vm)->heap };
    LocalHeap *h = b.h;
    ALLOCATE;
    b.container = cell;
    b.v = vm->empty_string;
    double empty = median(&b, loop_empty);
    tell("alloc.private", median(&b, loop_allocate), empty, "3-5");
    tell("barrier.store.private", median(&b, loop_store), empty, "2-3");
    tell("barrier.load.private", median(&b, loop_load), empty, "0 (no barrier)");
    publish_cell(h, cell);
    tell("barrier.store.shared", median(&b, loop_store), empty, "8-12");
    tell("barrier.load.shared", median(&b, loop_load), empty, "0 (no barrier)");
    h->born_word = (uint64_t)CELL_SHARED << 40;
    tell("alloc.shared", median(&b, loop_allocate), empty, "10-15");
    h->born_word = 0;
    puts("alloc.stack: nothing is allocated (docs/decisions/0018-stack-local-is-registers.md)");
    vm_destroy(vm);
    return 0;
}
