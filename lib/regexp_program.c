/* SPDX-License-Identifier: MIT */
/* Programs of RegExp objects: compiled, shared, forgotten; and running them. */
#include <string.h>

#include "gc/alloc.h"
#include "gc/mark.h"
#include "lib/regexp.h"
#include "vm/base/mem.h"
#include "vm/object/kinds.h"

enum { REGEXP_COMPILE_STACK_BYTES = 400 << 10 };     // beyond what every native function may take (regexp_compile)

static bool regexp_poll(void *context)
{
    Goroutine *g = context;
    return atomic_get_relaxed(&g->poll_requested) && g->vm->hooks->interrupt && !g->vm->hooks->interrupt(g);
}

/* ---- flags ---------------------------------------------------------------------------------------------------------- */

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

/* ---- compiling -------------------------------------------------------------------------------------------------------- */

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
    if (*place && (*place)->bits == bits && string_equal(h, string_of((*place)->source), source)) return *place;
    RegExpProgram *p = regexp_compile_source(g, source, bits);
    if (p) *place = p;
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

/* ---- running ------------------------------------------------------------------------------------------------------------ */

/* Room for the captures of a program. */
static int32_t *regexp_captures(RegExpSpace *space, const ReProgram *program)
{
    uint32_t needed = 2 * (regexp_group_count(program) + 1);
    if (space->capture_capacity < needed) {
        space->capture_capacity = needed > REGEXP_LEAST_CAPTURES ? needed : REGEXP_LEAST_CAPTURES;
        space->captures = mem_resize(space->captures, space->capture_capacity * sizeof *space->captures);
        memset(space->captures, 0, space->capture_capacity * sizeof *space->captures);
    }
    return space->captures;
}

static bool regexp_subject_is_well_formed(RegExpSpace *space, String *subject, ReText text)
{
    if (space->well_formed == subject) return true;
    if (!regexp_is_well_formed(text)) return false;
    space->well_formed = subject;
    return true;
}

Tri regexp_match_from(Goroutine *g, const RegExpProgram *p, String *subject, uint32_t start, RegExpMatch *m)
{
    RegExpSpace *space = g->vm->regexps;
    ReMatch match = { .subject = regexp_text(string_view(&g->heap, subject)), .start = start, .poll = regexp_poll, .poll_context = g };
    int32_t *captures = regexp_captures(space, p->program);
    bool has_points = match.subject.is_wide && regexp_is_unicode(p);
    if (has_points && regexp_subject_is_well_formed(space, subject, match.subject)) match.options |= RE_WELL_FORMED;
    *m = (RegExpMatch){ .program = p, .subject = subject, .captures = captures };
    switch (regexp_match(p->program, space->scratch, &match, captures)) {
    case RE_MATCH:         return TRI_TRUE;
    case RE_NO_MATCH:      return TRI_FALSE;
    case RE_OUT_OF_MEMORY: error_throw_out_of_memory(g); return TRI_THROWN;
    default:               return TRI_THROWN;                    // regexp_poll has thrown
    }
}

/* ---- collector ------------------------------------------------------------------------------------------------------------ */

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

void regexp_finish(Vm *vm, Marker *m)
{
    RegExpSpace *space = vm->regexps;
    if (!space) return;
    space->well_formed = NULL;
    for (uint32_t i = 0; i < REGEXP_PROGRAMS; i++)
        if (space->programs[i] && !mark_is_marked(m, space->programs[i])) space->programs[i] = NULL;
}

void regexp_register_kinds(void)
{
    static const GcKind program = { .name = "REGEXP_PROGRAM", .base_bytes = sizeof(RegExpProgram), .flags = KIND_HAS_FINALIZER,
                                    .trace = regexp_trace_program, .finalize = regexp_finalize_program };
    static const GcKind regexp = { .name = "REGEXP", .base_bytes = sizeof(RegExp), .trace = regexp_trace };
    kinds_register(KIND_REGEXP_PROGRAM, &program, NULL);
    kinds_register(KIND_REGEXP, &regexp, NULL);
}

void regexp_destroy(Vm *vm)
{
    RegExpSpace *space = vm->regexps;
    if (!space) return;
    regexp_scratch_destroy(space->scratch);
    mem_free(space->captures);
    mem_free(space);
    vm->regexps = NULL;
}
