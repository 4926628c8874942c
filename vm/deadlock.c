/* SPDX-License-Identifier: MIT */
#include "vm/deadlock.h"

#include <inttypes.h>
#include <stdio.h>

#include "vm/base/mem.h"
#include "vm/exec/frames.h"
#include "vm/exec/spawn.h"
#include "vm/exec/unwind.h"
#include "vm/sched/sched.h"

enum { DEADLOCK_SHOWN = 100 };           // goroutines; the rest are counted

typedef struct Deadlock {
    uint64_t waiting;                    // fibers
} Deadlock;

static void deadlock_count(void *context, Goroutine *g)
{
    Deadlock *d = context;
    d->waiting += g->parked_fibers;
}

/* Nothing is allocated: this thread may have no allocation region. */
static void deadlock_show_frames(Goroutine *g)
{
    for (const Value *fp = g->fp; fp; fp = frame_caller(fp)) {
        const Code *code = frames_code(fp);
        if (!code || (code->flags & UNIT_IS_LIBRARY)) continue;
        UnwindPlace place = unwind_code_place(code, frame_pc(fp, code->code));
        char *name = string_to_utf8(&g->heap, string_of(code->name), NULL, false);
        bool is_named = name && *name;
        fprintf(stderr, "    at %s%s%s:%u:%u%s\n", is_named ? name : "", is_named ? " ("
                : "", place.unit->file, place.line,
                place.column, is_named ? ")" : "");
        mem_free(name);
    }
}

/* The scheduler is at rest, so this thread may run as any goroutine. */
static void deadlock_show_fiber(Goroutine *g, Fiber *f)
{
    UnwindPlace place = spawn_place(g);
    fprintf(stderr, "\ngoroutine %" PRIu64 " [%s]:\n", g->id, fiber_wait_text((WaitKind)f->wait_kind));
    Fiber *loaded = g->fiber;
    if (f != loaded) {
        fiber_unload(g);
        fiber_load(g, f);
    }
    deadlock_show_frames(g);
    if (f != loaded) {
        fiber_unload(g);
        fiber_load(g, loaded);
    }
    if (place.unit) fprintf(stderr, "spawned at %s:%u:%u\n", place.unit->file, place.line, place.column);
}

static void deadlock_show(void *context, Goroutine *g)
{
    Deadlock *d = context;
    for (Fiber *f = &g->first_fiber; f; f = f->next) {
        if (!f->is_used || !f->is_parked) continue;
        if (d->waiting++ < DEADLOCK_SHOWN) deadlock_show_fiber(g, f);
    }
}

bool deadlock_report(Vm *vm)
{
    Deadlock d = { 0 };
    sched_each(vm, deadlock_count, &d);
    if (!d.waiting) return false;
    fflush(stdout);
    fputs("fatal: all goroutines are asleep - deadlock!\n", stderr);
    uint64_t waiting = d.waiting;
    d.waiting = 0;
    sched_each(vm, deadlock_show, &d);
    if (waiting > DEADLOCK_SHOWN) fprintf(stderr, "\n... and %" PRIu64 " more\n", waiting - DEADLOCK_SHOWN);
    return true;
}
