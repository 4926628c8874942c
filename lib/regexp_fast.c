/* SPDX-License-Identifier: MIT */
/* What regexp.us does at once for a pristine RegExp (regexp.h I3), without a look at any property. Each such call
 * returns undefined when it does not apply, having done nothing. String.prototype's methods ask in the same words
 * (string.us). */
#include "lib/intrinsics.h"
#include "lib/regexp.h"
#include "lib/substitute.h"
#include "vm/value/equal.h"

/* The matches of a global RegExp, one after the other, from the subject's start. */
typedef struct RegExpScan {
    const RegExpProgram *program;
    String              *subject;
    double               at;             // where to search next
} RegExpScan;

static Tri lib_regexp_scan(Goroutine *g, RegExpScan *scan, RegExpMatch *m)
{
    if (scan->at > scan->subject->length) return TRI_FALSE;
    if (!ASK_TRI(regexp_match_from(g, scan->program, scan->subject, (uint32_t)scan->at, m))) return TRI_FALSE;
    scan->at = m->captures[1];
    if (m->captures[0] == m->captures[1])
        scan->at = regexp_advance(&g->heap, scan->subject, scan->at, regexp_is_unicode(scan->program));
    return TRI_TRUE;
}

/* Argument 0 if it is a pristine RegExp, and argument 1 a string; else NULL. */
static RegExp *lib_regexp_fast(Goroutine *g, Args a)
{
    Value rx = arg(a, 0);
    bool is_fast = value_is_kind(rx, KIND_REGEXP) && value_is_string(arg(a, 1))
        && regexp_is_pristine(g->vm, realm_current(g), rx);
    return is_fast ? regexp_of(rx) : NULL;
}

/* The next match of a replacement: all of a global RegExp, else the one that exec would find. */
static Tri lib_regexp_next_to_replace(Goroutine *g, RegExp *rx, RegExpScan *scan, bool is_first, RegExpMatch *m)
{
    if (scan->program->bits & RE_GLOBAL) return lib_regexp_scan(g, scan, m);
    return is_first ? regexp_builtin_match_with(g, rx, scan->program, scan->subject, m) : TRI_FALSE;
}

/* ---- replace ----------------------------------------------------------------------------------------------------- */

static bool lib_regexp_put_replacement(Goroutine *g, StringBuilder *b, const RegExpMatch *m, String *replacement)
{
    Value named = m->program->names ? TRY_BOOL(regexp_match_groups(g, m)) : VALUE_UNDEFINED;
    Substitution s = { .text = m->subject, .at = (uint32_t)m->captures[0], .end = (uint32_t)m->captures[1],
                       .count = regexp_group_count(m->program->program), .spans = m->captures + 2,
                       .captures = VALUE_UNDEFINED, .named = named };
    return substitute_put(g, b, &s, replacement);
}

static bool lib_regexp_replace_into(Goroutine *g, StringBuilder *b, RegExp *rx, String *subject, String *replacement)
{
    RegExpScan scan = { regexp_program_now(rx), subject, 0 };
    RegExpMatch m;
    StringView text = string_view(&g->heap, subject), template = string_view(&g->heap, replacement);
    bool is_plain = substitute_is_plain(template);
    uint32_t done = 0;
    if (scan.program->bits & RE_GLOBAL) OK_BOOL(regexp_set_last_index(g, rx, 0));
    for (bool first = true; ASK_BOOL(lib_regexp_next_to_replace(g, rx, &scan, first, &m)); first = false) {
        string_builder_put_view(b, text, done, (uint32_t)m.captures[0]);
        done = (uint32_t)m.captures[1];
        if (is_plain) string_builder_put_view(b, template, 0, (uint32_t)template.length);
        else OK_BOOL(lib_regexp_put_replacement(g, b, &m, replacement));
        regexp_note_match(g, rx, &m);
        if (b->failed) break;
    }
    string_builder_put_view(b, text, done, (uint32_t)text.length);
    return true;
}

/* $regexpReplace(rx, string, replacement). */
Value lib_regexp_replace(Goroutine *g, Args a)
{
    RegExp *rx = lib_regexp_fast(g, a);
    if (!rx || !value_is_string(arg(a, 2))) return VALUE_UNDEFINED;
    StringBuilder b;
    string_builder_init(&b);
    if (lib_regexp_replace_into(g, &b, rx, string_of(arg(a, 1)), string_of(arg(a, 2))))
        return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    return VALUE_THROWN;
}

/* Number of captures, number of values an entry takes, entries: start, end, what matched, captures, groups if there are
 * named ones. */
enum { COLLECTED_CAPTURES, COLLECTED_STRIDE, COLLECTED_FIRST };
enum { ENTRY_START, ENTRY_END, ENTRY_MATCHED };

static bool lib_regexp_collect_match(Goroutine *g, Array *a, const RegExpMatch *m, uint32_t groups)
{
    OK_BOOL(array_push(g, a, value_from_int(m->captures[0])));
    OK_BOOL(array_push(g, a, value_from_int(m->captures[1])));
    for (uint32_t i = 0; i <= groups; i++) OK_BOOL(array_push(g, a, TRY_BOOL(regexp_match_capture(g, m, i))));
    return !m->program->names || array_push(g, a, TRY_BOOL(regexp_match_groups(g, m)));
}

/* $regexpCollect(rx, string): an array of all there is to replace, for $regexpAssemble. */
Value lib_regexp_collect(Goroutine *g, Args a)
{
    RegExp *rx = lib_regexp_fast(g, a);
    if (!rx) return VALUE_UNDEFINED;
    RegExpMatch m;
    const RegExpProgram *p = regexp_program_now(rx);
    RegExpScan scan = { p, string_of(arg(a, 1)), 0 };
    uint32_t groups = regexp_group_count(p->program);
    if (p->bits & RE_GLOBAL) OK(regexp_set_last_index(g, rx, 0));
    uint32_t stride = groups + 3 + (p->names != NULL);
    Array *list = array_new(g);
    if (!elements_reserve(&g->heap, list, COLLECTED_FIRST + 4 * stride)) return error_throw_out_of_memory(g);
    OK(array_push(g, list, value_from_uint32(groups)));
    OK(array_push(g, list, value_from_uint32(stride)));
    for (bool first = true; ASK(lib_regexp_next_to_replace(g, rx, &scan, first, &m)); first = false) {
        regexp_note_match(g, rx, &m);
        OK(lib_regexp_collect_match(g, list, &m, groups));
    }
    return value_from_cell(list);
}

/* $regexpAssemble(string, collected): the string with each match replaced by what stands in its place now. */
Value lib_regexp_assemble(Goroutine *g, Args a)
{
    StringBuilder b;
    StringView text = string_view(&g->heap, string_of(arg(a, 0)));
    const Array *list = array_of(arg(a, 1));
    uint32_t stride = (uint32_t)value_int(list->base[COLLECTED_STRIDE]), done = 0;
    string_builder_init(&b);
    for (uint32_t i = COLLECTED_FIRST; i < list->length; i += stride) {
        string_builder_put_view(&b, text, done, (uint32_t)value_int(list->base[i + ENTRY_START]));
        string_builder_put_string(&g->heap, &b, string_of(list->base[i + ENTRY_MATCHED]));
        done = (uint32_t)value_int(list->base[i + ENTRY_END]);
    }
    string_builder_put_view(&b, text, done, (uint32_t)text.length);
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

/* ---- match, search, split ---------------------------------------------------------------------------------------- */

/* $regexpMatch(rx, string). */
Value lib_regexp_match(Goroutine *g, Args a)
{
    RegExp *rx = lib_regexp_fast(g, a);
    if (!rx) return VALUE_UNDEFINED;
    RegExpMatch m;
    String *s = string_of(arg(a, 1));
    RegExpScan scan = { regexp_program_now(rx), s, 0 };
    if (!(scan.program->bits & RE_GLOBAL))
        return ASK(regexp_builtin_match_with(g, rx, scan.program, s, &m)) ? regexp_match_result(g, &m) : VALUE_NULL;
    OK(regexp_set_last_index(g, rx, 0));
    Array *matches = NULL;
    while (ASK(lib_regexp_scan(g, &scan, &m))) {
        regexp_note_match(g, rx, &m);
        if (!matches) matches = array_new(g);
        OK(array_push(g, matches, TRY(regexp_match_capture(g, &m, 0))));
    }
    return matches ? value_from_cell(matches) : VALUE_NULL;
}

/* $regexpSearch(rx, string). */
Value lib_regexp_search(Goroutine *g, Args a)
{
    const RegExp *rx = lib_regexp_fast(g, a);
    if (!rx) return VALUE_UNDEFINED;
    RegExpMatch m;
    if (!ASK(regexp_match_from(g, regexp_program_now(rx), string_of(arg(a, 1)), 0, &m))) return value_from_int(-1);
    regexp_note_match(g, rx, &m);
    return value_from_int(m.captures[0]);
}

static bool lib_regexp_push_part(Goroutine *g, Array *parts, String *s, uint32_t start, uint32_t end)
{
    String *part = string_slice(&g->heap, s, start, end);
    if (part) return array_push(g, parts, value_from_cell(part));
    error_throw_out_of_memory(g);
    return false;
}

/* What matched between parts: its captures. */
static bool lib_regexp_push_captures(Goroutine *g, Array *parts, const RegExpMatch *m, uint32_t limit)
{
    uint32_t groups = regexp_group_count(m->program->program);
    for (uint32_t i = 1; i <= groups && parts->length < limit; i++)
        OK_BOOL(array_push(g, parts, TRY_BOOL(regexp_match_capture(g, m, i))));
    return true;
}

/* Searching finds what trying each place in turn would. */
static bool lib_regexp_split_into(Goroutine *g, Array *parts, const RegExp *rx, const RegExpProgram *p, String *s, uint32_t limit)
{
    RegExpMatch m;
    uint32_t start = 0;
    double at = 0;
    bool unicode = regexp_is_unicode(p);
    while (at < s->length && ASK_BOOL(regexp_match_from(g, p, s, (uint32_t)at, &m))) {
        uint32_t from = (uint32_t)m.captures[0], to = (uint32_t)m.captures[1];
        if (from >= s->length) break;
        regexp_note_match(g, rx, &m);
        if (to == start) {
            at = regexp_advance(&g->heap, s, from, unicode);
            continue;
        }
        OK_BOOL(lib_regexp_push_part(g, parts, s, start, from));
        if (parts->length < limit) OK_BOOL(lib_regexp_push_captures(g, parts, &m, limit));
        if (parts->length >= limit) return true;
        at = start = to;
    }
    return lib_regexp_push_part(g, parts, s, start, s->length);
}

/* $regexpSplit(rx, string, limit). */
Value lib_regexp_split(Goroutine *g, Args a)
{
    RegExpMatch m;
    uint32_t limit = UINT32_MAX;
    if (!value_is_undefined(arg(a, 2)) && !value_is_number(arg(a, 2))) return VALUE_UNDEFINED;
    const RegExp *rx = lib_regexp_fast(g, a);
    if (!rx) return VALUE_UNDEFINED;
    if (value_is_number(arg(a, 2))) OK(convert_to_uint32(g, arg(a, 2), &limit));
    String *s = string_of(arg(a, 1));
    Array *parts = array_new(g);
    if (limit == 0) return value_from_cell(parts);
    const RegExpProgram *p = regexp_program_now(rx);
    if (p->bits & RE_STICKY) p = regexp_program_with(g, p, (uint32_t)p->bits & ~(uint32_t)RE_STICKY);
    if (!p) return VALUE_THROWN;
    if (s->length == 0) {
        if (!ASK(regexp_match_from(g, p, s, 0, &m))) OK(array_push(g, parts, value_from_cell(s)));
        return value_from_cell(parts);
    }
    OK(lib_regexp_split_into(g, parts, rx, p, s, limit));
    return value_from_cell(parts);
}

/* ---- parts of the general way ------------------------------------------------------------------------------------ */

/* $regexpExec(rx, string): RegExpExec. */
Value lib_regexp_exec_any(Goroutine *g, Args a)
{
    return regexp_exec(g, object_of(arg(a, 0)), string_of(arg(a, 1)));
}

/* $advanceIndex(string, index, unicode). */
Value lib_regexp_advance_index(Goroutine *g, Args a)
{
    double next = regexp_advance(&g->heap, string_of(arg(a, 0)), value_number(arg(a, 1)), value_bool(arg(a, 2)));
    return value_from_double(next);
}

/* $toLength(v). */
Value lib_regexp_to_length(Goroutine *g, Args a)
{
    double length;
    OK(convert_to_length(g, arg(a, 0), &length));
    return value_from_double(length);
}

/* $sameValue(a, b). */
Value lib_regexp_same_value(Goroutine *g, Args a)
{
    return value_from_bool(equal_same_value(&g->heap, arg(a, 0), arg(a, 1)));
}

/* $regexpSpecies(rx): SpeciesConstructor(rx, %RegExp%). */
Value lib_regexp_species_of(Goroutine *g, Args a)
{
    return object_species_constructor(g, object_of(arg(a, 0)), realm_intrinsic(realm_current(g), INTRINSIC_RegExp));
}

/* $substitute(matched, string, position, captures, named, replacement): GetSubstitution. */
Value lib_regexp_substitute(Goroutine *g, Args a)
{
    StringBuilder b;
    String *matched = string_of(arg(a, 0)), *text = string_of(arg(a, 1));
    uint32_t at = (uint32_t)value_number(arg(a, 2)), left = text->length - at;
    Substitution s = { .text = text, .matched = matched, .at = at, .end = at + (matched->length < left ? matched->length : left),
                       .count = array_of(arg(a, 3))->length, .captures = arg(a, 3), .named = arg(a, 4) };
    string_builder_init(&b);
    if (substitute_put(g, &b, &s, string_of(arg(a, 5)))) return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    return VALUE_THROWN;
}
