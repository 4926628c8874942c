/* SPDX-License-Identifier: MIT */
#include "vm/jit/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vm/base/clock.h"
#include "vm/base/mem.h"
#include "vm/bytecode/linetab.h"
#include "vm/jit/debugger.h"
#include "vm/jit/listing.h"
#include "vm/value/string.h"

enum { WATCH_MOST_STEPS = 20 };

struct Watch {
    JitOptions options;                  // immutable
    Mutex      lock;                     // LOCK_WATCH
    FILE      *perf;                     // lock: the map perf reads; NULL: none
    Debugger   debugger;                 // lock
    uint64_t   functions, refused, bytecodes, bytes, released;       // lock
    int64_t    duration_ns;              // lock; without what reading the clock takes
    int64_t    clock_ns;                 // immutable: that
    uint64_t   steps[OP_COUNT];          // atomic: calls of each opcode's step
};

/* ---- names ------------------------------------------------------------------------------------------------------- */

static void watch_put_string(Buf *out, const String *s)
{
    StringView view = string_flat_view(s);
    for (size_t i = 0; i < view.length; i++) {
        uint32_t unit = string_view_unit(view, i);
        buf_put_utf8(out, unit <= ' ' ? '_' : unit);
    }
}

void watch_put_name(Buf *out, const Code *code)
{
    LineEntry line = linetab_find(code->function->lines, code->function->line_bytes, 0);
    const String *name = string_of(code->name);
    if (name->length) watch_put_string(out, name);
    else buf_put_text(out, code->function == code->unit->functions ? "(program)" : "(anonymous)");
    buf_format(out, " %s:%u", code->unit->file ? code->unit->file : "-", line.line);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static FILE *watch_open_perf_map(void)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/perf-%ld.map", (long)getpid());
    FILE *file = fopen(path, "we");
    if (!file) fprintf(stderr, "ultrascript: %s cannot be written\n", path);
    return file;
}

/* What lies between two readings of the clock that follow one another. */
static int64_t watch_measure_clock(void)
{
    int64_t least_ns = INT64_MAX;
    for (int i = 0; i < 8; i++) {
        int64_t start_ns = clock_monotonic_ns(), ns = clock_monotonic_ns() - start_ns;
        if (ns < least_ns) least_ns = ns;
    }
    return least_ns;
}

Watch *watch_create(const JitOptions *options)
{
    if (!options->stats && !options->dump_asm && !options->perf_map && !options->gdb) return NULL;
    Watch *watch = mem_alloc_zeroed(sizeof *watch);
    watch->options = *options;
    watch->clock_ns = watch_measure_clock();
    mutex_init(&watch->lock, LOCK_WATCH, 0);
    if (options->perf_map) watch->perf = watch_open_perf_map();
    return watch;
}

void watch_destroy(Watch *watch)
{
    if (!watch) return;
    if (watch->perf) fclose(watch->perf);
    debugger_forget_all(&watch->debugger);
    mem_free(watch);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static void watch_name_for_perf(Watch *watch, const uint8_t *start, uint32_t size_bytes, const char *name)
{
    if (!watch->perf) return;
    fprintf(watch->perf, "%" PRIxPTR " %x %s\n", (uintptr_t)start, size_bytes, name);
    fflush(watch->perf);
}

void watch_stubs(Jit *jit, const uint8_t *start, uint32_t size_bytes)
{
    Watch *watch = jit->watch;
    if (!watch) return;
    mutex_lock(&watch->lock);
    watch_name_for_perf(watch, start, size_bytes, "(stubs)");
    if (watch->options.gdb) debugger_tell_stubs(&watch->debugger, jit, start, size_bytes);
    mutex_unlock(&watch->lock);
}

static uint32_t watch_count_instructions(const Code *code)
{
    uint32_t count = 0;
    for (uint32_t at = 0; at < code->function->code_count; count++) at += opcode_info(code->code[at])->length;
    return count;
}

bool watch_wants_map(const Watch *watch)
{
    return watch && watch->options.dump_asm;
}

void watch_compiled(Jit *jit, const Code *code, const Machine *m, const uint32_t *map, int64_t duration_ns)
{
    Watch *watch = jit->watch;
    if (!watch) return;
    Buf name;
    buf_init(&name);
    watch_put_name(&name, code);
    mutex_lock(&watch->lock);
    watch->duration_ns += duration_ns > watch->clock_ns ? duration_ns - watch->clock_ns : 0;
    if (m) {
        watch->functions++;
        watch->bytecodes += watch_count_instructions(code);
        watch->bytes += m->size_bytes;
        watch_name_for_perf(watch, m->start, m->size_bytes, buf_text(&name));
        if (watch->options.gdb) debugger_tell(&watch->debugger, jit, m, buf_text(&name));
        if (watch->options.dump_asm) listing_print(code, m, map, buf_text(&name));
    } else {
        watch->refused++;
    }
    mutex_unlock(&watch->lock);
    buf_deinit(&name);
}

void watch_released(Jit *jit, const Machine *m)
{
    Watch *watch = jit->watch;
    if (!watch) return;
    mutex_lock(&watch->lock);
    watch->released++;
    if (watch->options.gdb) debugger_forget(&watch->debugger, m->start);
    mutex_unlock(&watch->lock);
}

bool watch_counts_steps(const Watch *watch)
{
    return watch && watch->options.stats;
}

Step watch_step(Goroutine *g, const uint16_t *pc, Value *fp, uint8_t *feedback)
{
    atomic_add_relaxed(&g->vm->jit->watch->steps[*pc], 1);         // a statistic
    return steps_table[*pc](g, pc, fp, feedback);
}

/* ---- the summary ------------------------------------------------------------------------------------------------- */

/* The opcodes whose steps are called most, and what is left. */
static void watch_tell_steps(const Watch *watch)
{
    uint64_t total = 0, told = 0, last = UINT64_MAX;
    for (uint32_t op = 0; op < OP_COUNT; op++) total += watch->steps[op];
    fprintf(stderr, "  steps       %" PRIu64 " calls\n", total);
    for (uint32_t shown = 0; shown < WATCH_MOST_STEPS && told < total;) {
        uint64_t most = 0;
        for (uint32_t op = 0; op < OP_COUNT; op++)
            if (watch->steps[op] < last && watch->steps[op] > most) most = watch->steps[op];
        for (uint32_t op = 0; op < OP_COUNT; op++) {
            if (watch->steps[op] != most) continue;
            fprintf(stderr, "    %-22s %" PRIu64 "\n", opcode_info((uint16_t)op)->name, most);
            told += most;
            shown++;
        }
        last = most;
    }
    if (told < total) fprintf(stderr, "    %-22s %" PRIu64 "\n", "others", total - told);
}

void watch_tell(Jit *jit)
{
    const Watch *watch = jit->watch;
    if (!watch || !watch->options.stats) return;
    CodeSpaceUse use = code_space_use(&jit->space);
    double bytecodes = watch->bytecodes ? (double)watch->bytecodes : 1;
    double seconds = watch->duration_ns ? (double)watch->duration_ns / 1e9 : 1;
    fprintf(stderr,
            "jit\n"
            "  functions   %" PRIu64 " compiled, %" PRIu64 " refused, %" PRIu64 " released\n"
            "  bytecodes   %" PRIu64 "\n"
            "  code        %" PRIu64 " bytes, %.1f a bytecode\n"
            "  time        %.2f ms, %.1f million bytecodes a second\n"
            "  memory      %u KB used, %u KB to be used again, %u KB never used\n",
            watch->functions, watch->refused, watch->released, watch->bytecodes, watch->bytes,
            (double)watch->bytes / bytecodes, (double)watch->duration_ns / 1e6, bytecodes / seconds / 1e6,
            use.used_bytes >> 10, use.free_bytes >> 10, use.fresh_bytes >> 10);
    watch_tell_steps(watch);
}
