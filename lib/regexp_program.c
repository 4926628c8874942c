/* SPDX-License-Identifier: MIT */
/* Programs of RegExp objects: compiled, shared, forgotten; and running them. */
#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "gc/publish.h"
#include "gc/safepoint.h"
#include "lib/regexp.h"
#include "vm/base/mem.h"
#include "vm/base/panic.h"
#include "vm/object/kinds.h"

enum { REGEXP_COMPILE_STACK_BYTES = 400 << 10 };     // beyond what every native function may take (regexp_compile)

static bool regexp_poll(void *context)
{
    Goroutine *g = context;
    if (safepoint_is_requested(g->vm->heap)) safepoint_poll_slow(g->heap.mutator);
    return atomic_get_relaxed(&g->poll_requested) && !g->vm->hooks->interrupt(g);
}

/* ---- flags ------------------------------------------------------------------------------------------------------- */

static String *regexp_flags_text(LocalHeap *h, uint32_t bits)
{
    static const char letters[] = "dgimsuvy";            // in the order of the RE_ bits
    char text[sizeof letters];
    size_t count = 0;
    for (int i = 0; letters[i]; i++)
        if (bits & 1u << i) text[count++] = letters[i];
    text[count] = '\0';
    return intern_text(h, text);
}

/* ---- compiling --------------------------------------------------------------------------------------------------- */

static ValueList *regexp_names(LocalHeap *h, const ReProgram *program)
{
    uint32_t count = regexp_name_count(program);
    if (count == 0) return NULL;
    ValueList *names = list_new(h, count * 2);
    for (uint32_t i = 0; i < count; i++) {
        ReName name = regexp_name(program, i);
        StringView view = { name.name.units, name.name.length, name.name.is_wide };
        list_push(h, &names, value_from_cell(intern_view(h, view)));
        list_push(h, &names, value_from_int((int32_t)name.group));
    }
    return names;
}

static RegExpProgram *regexp_wrap(LocalHeap *h, ReProgram *program, String *source)
{
    uint32_t bits = regexp_flags(program);
    String *flags = regexp_flags_text(h, bits);
    RegExpProgram *p = alloc_small(h, ALLOC_ROUND(sizeof *p), CELL_HEADER(0, KIND_REGEXP_PROGRAM, 0));
    *p = (RegExpProgram){ .cell = p->cell, .program = program, .source = value_from_cell(source),
                          .flags = value_from_cell(flags), .bits = bits };
    heap_register_finalizer(h, &p->cell);
    BARRIER_SET(h, p, p->names, regexp_names(h, program));
    return p;
}

static RegExpProgram *regexp_compile_source(Goroutine *g, String *source, uint32_t bits)
{
    ReError e = { 0, NULL };
    if ((char *)__builtin_frame_address(0) < g->native_limit + REGEXP_COMPILE_STACK_BYTES) {
        error_throw(g, ERROR_RANGE, "Maximum call stack size exceeded");
        return NULL;
    }
    ReProgram *program = regexp_compile(regexp_text(string_view(&g->heap, source)), bits, &e);
    if (program) return regexp_wrap(&g->heap, program, source);
    if (e.message)
        error_throw(g, ERROR_SYNTAX, "Invalid regular expression: /%S/%S: %s", source, regexp_flags_text(&g->heap, bits), e.message);
    else
        error_throw_out_of_memory(g);
    return NULL;
}

static RegExpProgram *regexp_find_or_compile(Goroutine *g, String *source, uint32_t bits)
{
    LocalHeap *h = &g->heap;
    uint32_t hash = string_hash(h, source) ^ bits * 0x9e3779b1u;
    RegExpProgram **place = &g->vm->regexps->programs[(hash ^ hash >> 16) % REGEXP_PROGRAMS];
    RegExpProgram *p = atomic_get_acquire(place);                // pairs with the store below
    if (p && p->bits == bits && string_equal(h, string_of(p->source), source)) return p;
    p = regexp_compile_source(g, source, bits);
    publish_cell(h, p);
    if (p) atomic_set_release(place, p);
    return p;
}

RegExpProgram *regexp_program(Goroutine *g, String *source, String *flags)
{
    uint32_t bits;
    if (re_parse_flags(regexp_text(string_view(&g->heap, flags)), &bits)) return regexp_find_or_compile(g, source, bits);
    error_throw(g, ERROR_SYNTAX, "Invalid flags supplied to RegExp constructor '%S'", flags);
    return NULL;
}

RegExpProgram *regexp_program_with(Goroutine *g, const RegExpProgram *p, uint32_t bits)
{
    return regexp_find_or_compile(g, string_of(p->source), bits);
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

static NOINLINE RegExpThread *regexp_new_thread(LocalHeap *h)
{
    RegExpSpace *space = h->vm->regexps;
    RegExpThread *t = mem_alloc_zeroed(sizeof *t);
    t->scratch = regexp_scratch_create(0);
    if (!t->scratch) panic_out_of_memory("matching");
    mutex_lock(&space->lock);
    t->next = space->threads;
    space->threads = t;
    mutex_unlock(&space->lock);
    h->mutator->matching = t;
    return t;
}

static RegExpThread *regexp_thread(LocalHeap *h)
{
    RegExpThread *t = h->mutator->matching;
    return LIKELY(t) ? t : regexp_new_thread(h);
}

/* Room for the captures of a program. */
static int32_t *regexp_captures(RegExpThread *t, const ReProgram *program)
{
    uint32_t needed = 2 * (regexp_group_count(program) + 1);
    if (t->capture_capacity < needed) {
        t->capture_capacity = needed > REGEXP_LEAST_CAPTURES ? needed : REGEXP_LEAST_CAPTURES;
        t->captures = mem_resize(t->captures, t->capture_capacity * sizeof *t->captures);
        memset(t->captures, 0, t->capture_capacity * sizeof *t->captures);
    }
    return t->captures;
}

static bool regexp_subject_is_well_formed(const Goroutine *g, RegExpThread *t, String *subject, ReText text)
{
    uint64_t now = heap_private_collections(g->heap.heap);
    bool is_alive = !t->owner || (t->owner == g->id && t->owner_at == now);
    if (t->well_formed == subject && is_alive) return true;
    if (!regexp_is_well_formed(text)) return false;
    t->well_formed = subject;
    t->owner = cell_is_shared(&subject->cell) ? 0 : g->id;
    t->owner_at = now;
    return true;
}

Tri regexp_match_from(Goroutine *g, const RegExpProgram *p, String *subject, uint32_t start, RegExpMatch *m)
{
    RegExpThread *t = regexp_thread(&g->heap);
    ReMatch match = { .subject = regexp_text(string_view(&g->heap, subject)), .start = start, .poll = regexp_poll, .poll_context = g };
    int32_t *captures = regexp_captures(t, p->program);
    bool has_points = match.subject.is_wide && regexp_is_unicode(p);
    if (has_points && regexp_subject_is_well_formed(g, t, subject, match.subject)) match.options |= RE_WELL_FORMED;
    *m = (RegExpMatch){ .program = p, .subject = subject, .captures = captures };
    switch (regexp_match(p->program, t->scratch, &match, captures)) {
    case RE_MATCH:         return TRI_TRUE;
    case RE_NO_MATCH:      return TRI_FALSE;
    case RE_OUT_OF_MEMORY: error_throw_out_of_memory(g); return TRI_THROWN;
    default:               return TRI_THROWN;                    // regexp_poll has thrown
    }
}

/* ---- collector --------------------------------------------------------------------------------------------------- */

static void regexp_trace_program(Marker *m, Cell *c)
{
    const RegExpProgram *p = (const RegExpProgram *)c;
    mark_value(m, p->source);
    mark_value(m, p->flags);
    mark_cell(m, p->names);
}

static void regexp_finalize_program(Cell *c)
{
    regexp_release(((RegExpProgram *)c)->program);
}

static void regexp_trace(Marker *m, Cell *c)
{
    const RegExp *rx = (const RegExp *)c;
    mark_cell(m, rx->object.ool);
    mark_cell(m, rx->program);
    mark_values(m, rx->last_index, c->extra);
}

static void regexp_trace_statics(Marker *m, Cell *c)
{
    const RegExpStatics *s = (const RegExpStatics *)c;
    mark_cell(m, s->older);
    mark_value(m, s->input);
    mark_value(m, s->subject);
}

void regexp_finish(Vm *vm, Marker *m)
{
    RegExpSpace *space = vm->regexps;
    if (!space) return;
    for (RegExpThread *t = space->threads; t; t = t->next) t->well_formed = NULL;
    for (uint32_t i = 0; i < REGEXP_PROGRAMS; i++)
        if (space->programs[i] && !mark_is_marked(m, space->programs[i])) space->programs[i] = NULL;
}

void regexp_create_space(Vm *vm)
{
    if (vm->regexps) return;
    vm->regexps = mem_alloc_zeroed(sizeof *vm->regexps);
    mutex_init(&vm->regexps->lock, LOCK_STATS, 0);
}

void regexp_register_kinds(void)
{
    static const GcKind program = { .name = "REGEXP_PROGRAM", .base_bytes = sizeof(RegExpProgram), .flags = KIND_HAS_FINALIZER,
                                    .trace = regexp_trace_program, .finalize = regexp_finalize_program };
    static const GcKind regexp = { .name = "REGEXP", .base_bytes = sizeof(RegExp), .trace = regexp_trace };
    kinds_register(KIND_REGEXP_PROGRAM, &program, NULL);
    static const GcKind statics = { .name = "REGEXP_STATICS", .base_bytes = sizeof(RegExpStatics), .trace = regexp_trace_statics };
    kinds_register(KIND_REGEXP, &regexp, NULL);
    kinds_register(KIND_REGEXP_STATICS, &statics, NULL);
}

void regexp_destroy(Vm *vm)
{
    RegExpSpace *space = vm->regexps;
    if (!space) return;
    for (RegExpThread *t = space->threads, *next; t; t = next) {
        next = t->next;
        regexp_scratch_destroy(t->scratch);
        mem_free(t->captures);
        mem_free(t);
    }
    mem_free(space);
    vm->regexps = NULL;
}
