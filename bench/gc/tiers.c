/* SPDX-License-Identifier: MIT */
/* tiers.c - what an allocation and a store cost in each tier, in cycles: the empty loop's taken off, the median of 301
 * runs of 20,000 each, refills included, collections not. Runs are shorter than a turn of the processor, so that what
 * else runs on the machine counts little.
 *
 *     chrt -f 50 bench/gc/tiers [RUNS]          a line "PERF name value unit" each, and the goal where there is one
 *
 * Time is the time stamp counter's; a chain of additions, each of which waits for the last, tells how many cycles pass
 * in a tick. Cells have 32 bytes, of which all four words are written. ".warm" is over the same 8 KB again and again,
 * which the nearest cache keeps: what instructions take; the rest is memory that was not used for a while. "machine."
 * is a loop of a program that has become machine code, the rest what C code of the VM does inline. ".two" is while
 * another thread does the same. ".api" is a call of vm/ultrascript.h, which makes two cells.
 *
 * Instructions, by the inclusive counts of the functions loop_*, divided by 20,000, that of loop_empty taken off:
 *
 *     valgrind --tool=callgrind bench/gc/tiers 1; callgrind_annotate --inclusive=yes callgrind.out.* | grep loop_ */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/publish.h"
#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/base/thread.h"
#include "vm/evaluate.h"
#include "vm/exec/spawn.h"
#include "vm/object/array.h"
#include "vm/object/callable.h"
#include "vm/sched/attach.h"
#include "vm/ultrascript.h"
#include "vm/vm.h"

enum { MOST_RUNS = 301, ROUNDS = 20 * 1000, CELL_BYTES = 32, MANY = 64, WARM_BYTES = 8 << 10, API_ROUNDS = 2000 };

typedef struct Bench {
    Goroutine *g;
    LocalHeap *h;
    Value     *container;                // three slots behind a header
    Array     *array;                    // of MANY elements
    Value      v;
    Value      function, argument;       // of the program
    int        runs;
    double     cycles_a_tick;
} Bench;

static inline uint64_t ticks(void)
{
    uint64_t now = __builtin_ia32_rdtsc();
    __asm__ volatile("" ::: "memory");
    return now;
}

/* A loop around `body`, which the compiler cannot take apart. */
#define LOOP(name, body)                                       \
    static NOINLINE uint64_t loop_##name(Bench *b)             \
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

/* Allocation begins anew in memory of its own after WARM_BYTES: no slow half, and nothing that the caches lack. */
static char warm_memory[WARM_BYTES] __attribute__((aligned(64)));

static void warm_start(LocalHeap *h)
{
    h->next = warm_memory;
    h->end = warm_memory + WARM_BYTES;
}

LOOP(warm, if (i % (WARM_BYTES / CELL_BYTES) == 0) warm_start(h); ALLOCATE)

static uint64_t warm(Bench *b, uint64_t (*loop)(Bench *b))
{
    LocalHeap *h = b->h, before = *h;
    uint64_t time = loop(b);
    h->next = before.next, h->end = before.end;
    return time;
}

static uint64_t run_warm(Bench *b) { return warm(b, loop_warm); }

/* ---- figures ----------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Cycles of a round. */
static double median(Bench *b, uint64_t (*loop)(Bench *b))
{
    uint64_t times[MOST_RUNS];
    for (int i = 0; i < b->runs; i++) {
        heap_collect(b->h);
        times[i] = loop(b);
    }
    qsort(times, (size_t)b->runs, sizeof times[0], compare);
    return (double)times[b->runs / 2] / ROUNDS * b->cycles_a_tick;
}

static double calibrate(Bench *b)
{
    enum { TURNS = 10 * 1000, CHAIN = 16 };
    uint64_t times[MOST_RUNS], sum = 0;
    for (int i = 0; i < b->runs; i++) {
        uint64_t start = ticks();
        for (int k = 0; k < TURNS; k++)
            __asm__ volatile(".rept 16\n\tadd %0, %0\n\t.endr" : "+r"(sum));
        times[i] = ticks() - start;
    }
    qsort(times, (size_t)b->runs, sizeof times[0], compare);
    return (double)TURNS * CHAIN / (double)times[b->runs / 2];
}

static void tell(const char *name, double value, const char *unit, const char *goal)
{
    printf("PERF %-26s %6.2f %-7s%s%s\n", name, value, unit, goal ? "goal " : "", goal ? goal : "");
}

static double tell_cycles(const char *name, double cycles, const char *goal)
{
    tell(name, cycles, "cycles", goal);
    return cycles;
}

/* ---- what the program does --------------------------------------------------------------------------------------- */

static const char program[] =
    "({ empty(n) { let o; for (let i = 0; i < n; i++) o = i; return o },"
    "   make(n) { let o; for (let i = 0; i < n; i++) o = { a: i, b: i }; return o },"
    "   local(n) { let s; for (let i = 0; i < n; i++) { const o = { a: i, b: i }; s = o.a } return s },"
    "   store(n, o) { for (let i = 0; i < n; i++) o.a = o },"
    "   cell: { a: null, b: null } })";

static uint64_t loop_program(Bench *b)
{
    Value arguments[] = { value_from_int(ROUNDS), b->argument };
    uint64_t start = ticks();
    Value v = callable_call(b->g, b->function, VALUE_UNDEFINED, 2, arguments);
    CHECK(!value_is_thrown(v), "nothing in it throws");
    return ticks() - start;
}

/* The same where it allocates in warm memory, which is begun anew every so many rounds. */
static uint64_t loop_program_warm(Bench *b)
{
    enum { AT_ONCE = WARM_BYTES / CELL_BYTES };
    Value arguments[] = { value_from_int(AT_ONCE), VALUE_UNDEFINED };
    uint64_t start = ticks();
    for (int i = 0; i < ROUNDS; i += AT_ONCE) {
        warm_start(b->h);
        if (value_is_thrown(callable_call(b->g, b->function, VALUE_UNDEFINED, 2, arguments))) return 0;
    }
    return (ticks() - start) * ROUNDS / ((ROUNDS + AT_ONCE - 1) / AT_ONCE * AT_ONCE);
}

static uint64_t run_program_warm(Bench *b) { return warm(b, loop_program_warm); }

static NOINLINE uint64_t loop_machine_empty(Bench *b) { return loop_program(b); }
static NOINLINE uint64_t loop_machine_make(Bench *b) { return loop_program(b); }
static NOINLINE uint64_t loop_machine_local(Bench *b) { return loop_program(b); }
static NOINLINE uint64_t loop_machine_store(Bench *b) { return loop_program(b); }

static Value program_get(Bench *b, Value of, const char *name)
{
    Value v = object_get(b->g, object_of(of), intern_key_text(b->h, name));
    CHECK(!value_is_thrown(v), "the program has it");
    return v;
}

static Value program_new(Bench *b)
{
    CompileOptions options = { .kind = COMPILE_SCRIPT, .wants_completion = true, .keeps_source = true,
                               .dialect = compile_dialect_of_file("tiers.us") };
    Unit *unit = evaluate_compile(b->g, "tiers.us", program, sizeof program - 1, &options, NULL);
    CHECK(unit, "it is well-formed");
    Value v = evaluate_script(b->g, unit, realm_current(b->g), VALUE_UNDEFINED);
    CHECK(value_is_object(v), "an object of functions");
    return v;
}

static double program_median(Bench *b, Value of, const char *name, uint64_t (*loop)(Bench *b))
{
    b->function = program_get(b, of, name);
    for (int i = 0; i < 4; i++) (void)loop_program(b);
    return median(b, loop);
}

/* ---- a second thread that does the same -------------------------------------------------------------------------- */

typedef struct Rival {
    Vm      *vm;
    uint32_t is_there, is_over;          // atomic
} Rival;

static void make_shared(LocalHeap *h, bool is_shared)
{
    h->born_word = is_shared ? (uint64_t)CELL_SHARED << 40 : 0;
}

static void rival_run(void *argument)
{
    Rival *rival = argument;
    Bench b = { .g = attach_thread(rival->vm) };
    b.h = &b.g->heap;
    make_shared(b.h, true);
    atomic_set_release(&rival->is_there, 1);
    while (!atomic_get_acquire(&rival->is_over)) (void)loop_allocate(&b);
    make_shared(b.h, false);
    attach_detach(b.g);
}

/* What one of two threads takes that allocate shared cells at once. */
static double median_of_two(Bench *b)
{
    Rival rival = { .vm = b->g->vm };
    Thread thread;
    CHECK(thread_create(&thread, "rival", 0, rival_run, &rival), "there is a thread to be had");
    while (!atomic_get_acquire(&rival.is_there)) safepoint_poll(b->h->mutator);
    make_shared(b->h, true);
    double cycles = median(b, loop_allocate);
    make_shared(b->h, false);
    atomic_set_release(&rival.is_over, 1);
    attach_leave(b->g);
    thread_join(&thread);
    CHECK(attach_enter(b->g), "it has left");
    return cycles;
}

/* ---- the parts of the output ------------------------------------------------------------------------------------- */

static void tell_allocation(Bench *b, double empty)
{
    double cycles = tell_cycles("alloc.private", median(b, loop_allocate) - empty, "3-5");
    tell_cycles("alloc.private.warm", median(b, run_warm) - empty, NULL);
    make_shared(b->h, true);
    double shared = tell_cycles("alloc.shared", median(b, loop_allocate) - empty, "10-15");
    make_shared(b->h, false);
    tell_cycles("alloc.shared.two", median_of_two(b) - empty, NULL);
    tell("alloc.shared/private", shared / cycles, "ratio", "at most 5");
}

static void tell_many(Bench *b, double empty)
{
    double each = tell_cycles("barrier.each", (median(b, loop_store_each) - empty) / MANY, NULL);
    double fill = tell_cycles("barrier.fill", (median(b, loop_store_many) - empty) / MANY, NULL);
    tell("barrier.fill/each", fill / each, "ratio", "at most 0.6");
    double made = median(b, loop_make_many);
    each = tell_cycles("publish.each", (median(b, loop_publish_each) - made) / MANY, NULL);
    double many = tell_cycles("publish.many", (median(b, loop_publish_many) - made) / MANY, NULL);
    tell("publish.many/each", many / each, "ratio", "at most 0.6");
    for (int i = 0; i < MANY; i++) b->array->base[i] = VALUE_UNDEFINED;
}

static void tell_stores(Bench *b, double empty)
{
    tell_cycles("barrier.same", median(b, loop_store) - empty, "2-3");
    tell_cycles("barrier.read.same", median(b, loop_load) - empty, "0: there is none");
    publish_cell(b->h, (Cell *)b->container);
    tell_cycles("barrier.cross", median(b, loop_store) - empty, "8-12");
    tell_cycles("barrier.read.cross", median(b, loop_load) - empty, "0: there is none");
}

static void tell_program(Bench *b)
{
    Value of = program_new(b);
    b->argument = program_get(b, of, "cell");
    double empty = program_median(b, of, "empty", loop_machine_empty);
    double stack = program_median(b, of, "local", loop_machine_local) - empty;
    tell_cycles("machine.alloc.stack", stack, "1-2");
    tell_cycles("machine.alloc.private", program_median(b, of, "make", loop_machine_make) - empty, "3-5");
    tell_cycles("machine.alloc.private.warm", program_median(b, of, "make", run_program_warm) - empty, NULL);
    double same = program_median(b, of, "store", loop_machine_store) - empty;
    tell_cycles("machine.barrier.same", same, "2-3");
    publish_value(b->h, b->argument);
    double cross = program_median(b, of, "store", loop_machine_store) - empty;
    tell_cycles("machine.barrier.cross", cross, "8-12");
    tell("machine.barrier.cross/same", cross / same, "ratio", "at most 4");
    make_shared(b->h, true);
    double shared = program_median(b, of, "make", loop_machine_make) - empty;
    tell_cycles("machine.alloc.shared", shared, "10-15");
    make_shared(b->h, false);
    tell("machine.alloc.shared/stack", shared / stack, "ratio", "at most 30");
}

static void ignore_leak(void *context, size_t handles, size_t root_sets)
{
    (void)context, (void)handles, (void)root_sets;
}

/* Cells that a host asks for by tier: an object and its one slot, and of a global one an entry of the VM's besides. */
static void tell_api(double cycles_a_tick, int runs)
{
    static const struct { const char *name, *goal; UsTier tier; } rows[] = {
        { "alloc.private.api", NULL, US_GOROUTINE_PRIVATE },
        { "alloc.shared.api", NULL, US_GOROUTINE_SHARED },
        { "alloc.global.api", "20-30", US_GLOBAL_SHARED },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t times[MOST_RUNS];
        UsVm *vm;
        UsGoroutine *g;
        UsValue v;
        CHECK(us_vm_create(&(UsConfig){ .on_leak = ignore_leak }, &vm, &g) == US_OK, "there is memory");
        for (int k = 0; k < runs; k++) {
            uint64_t start = ticks();
            for (int n = 0; n < API_ROUNDS; n++) CHECK(us_allocate(g, rows[i].tier, 1, &v) == US_OK, "there is memory");
            times[k] = ticks() - start;
        }
        CHECK(us_vm_destroy(vm) == US_OK, "nothing waits");
        qsort(times, (size_t)runs, sizeof times[0], compare);
        tell_cycles(rows[i].name, (double)times[runs / 2] / API_ROUNDS * cycles_a_tick, rows[i].goal);
    }
}

int main(int argc, char **argv)
{
    debug_init();
    limbs_init();
    VmOptions options = { .pacing.floor_bytes = 256 << 20, .worker_count = 2, .jit.mode = JIT_BASELINE };
    Vm *vm = vm_create(&options);
    if (!vm) return 1;
    Bench b = { .g = vm_main_goroutine(vm), .runs = argc > 1 ? atoi(argv[1]) : MOST_RUNS };
    if (b.runs < 1 || b.runs > MOST_RUNS) return 1;
    b.h = &b.g->heap;
    spawn_make_parallel(b.g);
    LocalHeap *h = b.h;
    ALLOCATE;
    b.container = cell;
    b.v = vm->empty_string;
    b.array = array_new(b.g);
    for (int i = 0; i < MANY; i++)
        if (!array_push(b.g, b.array, VALUE_UNDEFINED)) return 1;
    b.cycles_a_tick = calibrate(&b);
    tell("clock.cycles/tick", b.cycles_a_tick, "ratio", NULL);
    double empty = median(&b, loop_empty);
    puts("alloc.stack: none is allocated (docs/decisions/0018-stack-local-is-registers.md)");
    tell_allocation(&b, empty);
    tell_many(&b, empty);
    tell_stores(&b, empty);
    tell_program(&b);
    vm_destroy(vm);
    tell_api(b.cycles_a_tick, b.runs);
    return 0;
}
