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
#include "vm/object/array.h"
#include "vm/object/function.h"
#include "vm/vm.h"

enum { RUNS = 301, ROUNDS = 20 * 1000, CELL_BYTES = 32, MANY = 64 };

typedef struct Bench {
    LocalHeap *h;
    Value     *container;                // three slots behind a header
    Array     *array;                    // of MANY elements
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
        Array *array = b->array;                               \
        (void)h, (void)container, (void)v, (void)array;        \
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

/* As a loop over elements does, and as copying built-ins do (lib/array_copy.c). */
LOOP(store_each, for (uint32_t k = 0; k < MANY; k++) barrier_store(h, array, &array->base[k], v))
LOOP(store_many, barrier_fill(h, array); for (uint32_t k = 0; k < MANY; k++) array->base[k] = v)

/* Making MANY cells that refer to nothing, and making them shared one by one and in one pass. */
#define ALLOCATE_MANY for (uint32_t k = 0; k < MANY; k++) { ALLOCATE; array->base[k] = (Value)(uintptr_t)cell; }
LOOP(make_many, ALLOCATE_MANY)
LOOP(publish_each, ALLOCATE_MANY for (uint32_t k = 0; k < MANY; k++) publish_value(h, array->base[k]))
LOOP(publish_many, ALLOCATE_MANY publish_values(h, array->base, MANY))

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
    b.array = array_new(vm_main_goroutine(vm));
    for (int i = 0; i < MANY; i++)
        if (!array_push(vm_main_goroutine(vm), b.array, VALUE_UNDEFINED)) return 1;
    double empty = median(&b, loop_empty);
    tell("alloc.private", median(&b, loop_allocate), empty, "3-5");
    tell("barrier.store.private", median(&b, loop_store), empty, "2-3");
    tell("barrier.load.private", median(&b, loop_load), empty, "0 (no barrier)");
    tell("barrier.each", (median(&b, loop_store_each) - empty) / MANY, 0, "");
    tell("barrier.fill", (median(&b, loop_store_many) - empty) / MANY, 0, "below that of each");
    double made = median(&b, loop_make_many);
    tell("publish.each", (median(&b, loop_publish_each) - made) / MANY, 0, "");
    tell("publish.many", (median(&b, loop_publish_many) - made) / MANY, 0, "below that of each");
    for (int i = 0; i < MANY; i++) b.array->base[i] = VALUE_UNDEFINED;
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
