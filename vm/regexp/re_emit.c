/* SPDX-License-Identifier: MIT */
#include "vm/regexp/re_emit.h"

#include <stdio.h>

#include "vm/base/assert.h"
#include "vm/base/utf.h"

enum {
    DEPTH_LIMIT = 200,            // PCRE2 allows 250 nested parentheses; not every level here becomes one
    QUANTIFIER_LIMIT = 65535,
    COPIES_LIMIT = 2000,          // PCRE2 copies a counted group so many times, nested ones multiply
    LOOKBEHIND_LIMIT = 255,
    CHOICE_LIMIT = 64,            // alternatives: PCRE2 tries one by one, our matcher may tell them apart
    LENGTH_LIMIT = 32 << 10,      // of the pattern emitted
    TAME_REPEATS = 16,            // a loop of no more, not nested, bounds the time per start well enough
};

/* ---- which patterns ---- */

/* Whether every way through `n` sets all the groups in it (E1). */
static bool sets_all_groups(const ReNode *n)
{
    if (n->first_group == n->end_group) return true;
    switch (n->kind) {
    case RE_SEQUENCE:
        for (uint32_t i = 0; i < n->list.count; i++)
            if (!sets_all_groups(n->list.items[i])) return false;
        return true;
    case RE_GROUP:  return sets_all_groups(n->group.body);
    case RE_REPEAT: return n->repeat.min > 0 && sets_all_groups(n->repeat.body);
    case RE_LOOK:   return !n->look.is_negative && sets_all_groups(n->look.body);
    case RE_CHOICE: case RE_EMPTY: case RE_TEXT: case RE_SET: case RE_ASSERT: case RE_BACKREF:
        return false;
    }
    UNREACHABLE();
}

/* Whether the way in which `n` takes nothing, if there is one, is the last that is tried (E2). */
static bool is_empty_last(const ReNode *n)
{
    if (n->min_length > 0 || n->max_length == 0) return true;    // none, or but one
    switch (n->kind) {
    case RE_SEQUENCE:
        for (uint32_t i = 0; i < n->list.count; i++)
            if (!is_empty_last(n->list.items[i])) return false;
        return true;
    case RE_CHOICE:
        for (uint32_t i = 0; i + 1 < n->list.count; i++)
            if (n->list.items[i]->min_length == 0) return false;
        return is_empty_last(n->list.items[n->list.count - 1]);
    case RE_GROUP:   return is_empty_last(n->group.body);
    case RE_REPEAT:  return n->repeat.is_greedy && is_empty_last(n->repeat.body);
    case RE_BACKREF: return true;
    case RE_EMPTY: case RE_TEXT: case RE_SET: case RE_ASSERT: case RE_LOOK:
        return true;
    }
    UNREACHABLE();
}

typedef struct OpenGroup {
    uint32_t                index;
    const struct OpenGroup *outer;
} OpenGroup;

typedef struct Check {
    uint32_t         loop_first, loop_end;   // groups of the outermost loop around here that has groups
    const OpenGroup *open;                   // groups around here
    uint32_t        *newest;                 // number of the last group begun so far
    bool             in_lookbehind;
    uint32_t         depth;
    uint64_t         copies;                 // of this place, that counted loops around make
} Check;

static bool check_node(const ReNode *n, Check c);

static bool check_repeat(const ReNode *n, Check c)
{
    const ReNode *body = n->repeat.body;
    bool has_groups = body->first_group < body->end_group, is_loop = n->repeat.max > 1;
    if (has_groups && is_loop && !sets_all_groups(body)) return false;                       // E1
    if (body->min_length == 0 && (has_groups || !is_empty_last(body))) return false;         // E2
    uint32_t most = n->repeat.max == RE_UNBOUNDED ? n->repeat.min : n->repeat.max;
    if (most > QUANTIFIER_LIMIT) return false;                                               // E5
    if (body->kind != RE_SET && body->kind != RE_TEXT && most > 1) c.copies *= most;
    if (c.copies > COPIES_LIMIT) return false;
    if (is_loop && has_groups && c.loop_first == c.loop_end) {
        c.loop_first = body->first_group;
        c.loop_end = body->end_group;
    }
    return check_node(body, c);
}

static bool is_closed(const Check *c, uint32_t group)
{
    for (const OpenGroup *o = c->open; o; o = o->outer)
        if (o->index == group) return false;
    return group <= *c->newest;
}

/* A reference to a group of the same loop must come behind that group (E4). */
static bool check_backref(const ReNode *n, const Check *c)
{
    if (n->backref.compare != RE_COMPARE_EXACT || c->in_lookbehind) return false;
    for (uint32_t i = 0; i < n->backref.count; i++) {
        uint32_t group = n->backref.groups[i];
        if (group >= c->loop_first && group < c->loop_end && !is_closed(c, group)) return false;
    }
    return true;
}

static bool check_group(const ReNode *n, Check c)
{
    OpenGroup open = { n->group.index, c.open };
    c.open = &open;
    *c.newest = n->group.index;
    return check_node(n->group.body, c);
}

static bool check_look(const ReNode *n, Check c)
{
    if (!n->look.is_behind) return check_node(n->look.body, c);
    const ReNode *body = n->look.body;
    if (n->first_group < n->end_group || body->min_length != body->max_length) return false; // E3
    if (body->max_length > LOOKBEHIND_LIMIT) return false;
    c.in_lookbehind = true;
    return check_node(body, c);
}

static bool check_node(const ReNode *n, Check c)
{
    if (++c.depth > DEPTH_LIMIT) return false;
    switch (n->kind) {
    case RE_CHOICE:
        if (n->list.count > CHOICE_LIMIT) return false;
        // fall through
    case RE_SEQUENCE:
        for (uint32_t i = 0; i < n->list.count; i++)
            if (!check_node(n->list.items[i], c)) return false;
        return true;
    case RE_GROUP:   return check_group(n, c);
    case RE_REPEAT:  return check_repeat(n, c);
    case RE_LOOK:    return check_look(n, c);
    case RE_BACKREF: return check_backref(n, &c);
    case RE_EMPTY: case RE_TEXT: case RE_SET: case RE_ASSERT:
        return true;
    }
    UNREACHABLE();
}

bool re_emit_allows(const ReTree *tree)
{
    uint32_t newest = 0;
    return check_node(tree->root, (Check){ .newest = &newest, .copies = 1 });
}

/* ---- the pattern ---- */

typedef struct Emitter {
    Arena    *arena;
    VEC(char) text;
    bool      is_wide, is_utf, is_too_long, has_loops;
    uint32_t  last;               // the last character a subject can have
    uint32_t  loops;              // around here
    uint32_t  groups;             // emitted so far
} Emitter;

static void emit_node(Emitter *e, const ReNode *n);

static void emit_text(Emitter *e, const char *text)
{
    for (; *text && !e->is_too_long; text++) {
        VEC_PUSH_ARENA(e->arena, &e->text, *text);
        e->is_too_long = e->text.count >= LENGTH_LIMIT;
    }
}

static bool is_plain(uint32_t c)
{
    return (c | 0x20) - 'a' < 26 || c - '0' < 10;
}

static void emit_character(Emitter *e, uint32_t c)
{
    char text[16];
    if (is_plain(c)) snprintf(text, sizeof text, "%c", (char)c);
    else snprintf(text, sizeof text, "\\x{%x}", c);
    emit_text(e, text);
}

static void emit_ranges(Emitter *e, const char *open, const ReSet *set)
{
    emit_text(e, open);
    for (uint32_t i = 0; i < set->count && !e->is_too_long; i++) {
        emit_character(e, set->items[i].first);
        if (set->items[i].first == set->items[i].last) continue;
        emit_text(e, "-");
        emit_character(e, set->items[i].last);
    }
    emit_text(e, "]");
}

/* What subjects of this width can have of the set: under PCRE2_UTF there are no surrogates to be had. */
static ReSet clip_set(Emitter *e, const ReSet *set)
{
    static const ReRange POINTS[] = { { 0, 0xd7ff }, { 0xe000, 0x10ffff } };
    ReSet all = { 0 }, clipped = *set;
    for (size_t i = 0; i < COUNT_OF(POINTS) && e->is_utf; i++)
        re_class_add(e->arena, &all, POINTS[i].first, POINTS[i].last);
    if (!e->is_utf) re_class_add(e->arena, &all, 0, e->last);
    re_class_intersect(e->arena, &clipped, &all);
    return clipped;
}

static void emit_set(Emitter *e, const ReSet *set)
{
    ReSet clipped = clip_set(e, set);
    if (clipped.count == 0) {
        emit_text(e, "(?!)");
        return;
    }
    if (clipped.count == 1 && clipped.items[0].first == clipped.items[0].last) {
        emit_character(e, clipped.items[0].first);
        return;
    }
    if (clipped.items[clipped.count - 1].last != e->last) {
        emit_ranges(e, "[", &clipped);
        return;
    }
    // What goes up to the last character is quicker as the negation of what it leaves out.
    ReSet rest = clipped;
    re_class_invert(e->arena, &rest, e->last);
    rest = clip_set(e, &rest);
    if (rest.count == 0) emit_text(e, "(?s:.)");
    else emit_ranges(e, "[^", &rest);
}

static void emit_assertion(Emitter *e, ReAssertion assertion)
{
    const char *const word = "[0-9A-Z_a-z\\x{17f}\\x{212a}]";
    const char *const others = e->is_wide ? "[^\\x{a}\\x{d}\\x{2028}\\x{2029}]" : "[^\\x{a}\\x{d}]";
    char text[160];
    switch (assertion) {
    case RE_TEXT_START:  emit_text(e, "\\A"); return;
    case RE_TEXT_END:    emit_text(e, "\\z"); return;
    case RE_LINE_START:  snprintf(text, sizeof text, "(?<!%s)", others); break;
    case RE_LINE_END:    snprintf(text, sizeof text, "(?!%s)", others); break;
    case RE_WORD_EDGE:   emit_text(e, "\\b"); return;
    case RE_WORD_INSIDE: emit_text(e, "\\B"); return;
    case RE_WORD_EDGE_FOLD:
        if (!e->is_wide) emit_text(e, "\\b");
        snprintf(text, sizeof text, "(?:(?<=%s)(?!%s)|(?<!%s)(?=%s))", word, word, word, word);
        break;
    case RE_WORD_INSIDE_FOLD:
        if (!e->is_wide) emit_text(e, "\\B");
        snprintf(text, sizeof text, "(?:(?<=%s)(?=%s)|(?<!%s)(?!%s))", word, word, word, word);
        break;
    }
    if (assertion < RE_WORD_EDGE || e->is_wide) emit_text(e, text);
}

static bool is_atom(const ReNode *n)
{
    return n->kind == RE_SET || n->kind == RE_GROUP || (n->kind == RE_TEXT && n->text.count == 1);
}

static void emit_repeat(Emitter *e, const ReNode *n)
{
    uint32_t min = n->repeat.min, max = n->repeat.max;
    char text[32];
    if (!is_atom(n->repeat.body)) emit_text(e, "(?:");
    if (max > TAME_REPEATS || e->loops) e->has_loops = true;
    e->loops++;
    emit_node(e, n->repeat.body);
    e->loops--;
    if (!is_atom(n->repeat.body)) emit_text(e, ")");
    if (max == RE_UNBOUNDED) snprintf(text, sizeof text, min > 1 ? "{%u,}" : min ? "+" : "*", min);
    else if (min == 0 && max == 1) snprintf(text, sizeof text, "?");
    else snprintf(text, sizeof text, min == max ? "{%u}" : "{%u,%u}", min, max);
    emit_text(e, text);
    if (!n->repeat.is_greedy && min != max) emit_text(e, "?");
}

static void emit_list(Emitter *e, const ReNode *n)
{
    if (n->kind == RE_CHOICE) emit_text(e, "(?:");
    for (uint32_t i = 0; i < n->list.count && !e->is_too_long; i++) {
        if (n->kind == RE_CHOICE && i) emit_text(e, "|");
        emit_node(e, n->list.items[i]);
    }
    if (n->kind == RE_CHOICE) emit_text(e, ")");
}

/* Groups that can never be set are not in the tree; their numbers are taken all the same. */
static void emit_missing_groups(Emitter *e, uint32_t next)
{
    for (; e->groups + 1 < next && !e->is_too_long; e->groups++) emit_text(e, "(){0}");
}

static void emit_look(Emitter *e, const ReNode *n)
{
    static const char *const OPEN[2][2] = { { "(?=", "(?!" }, { "(?<=", "(?<!" } };
    emit_text(e, OPEN[n->look.is_behind][n->look.is_negative]);
    emit_node(e, n->look.body);
    emit_text(e, ")");
}

static void emit_node(Emitter *e, const ReNode *n)
{
    switch (n->kind) {
    case RE_EMPTY:
        break;
    case RE_TEXT:
        for (uint32_t i = 0; i < n->text.count && !e->is_too_long; i++) {
            uint32_t c = n->text.characters[i];
            bool occurs = c <= e->last && !(e->is_utf && utf_is_surrogate(c));
            if (occurs) emit_character(e, c);
            else emit_text(e, "(?!)");
        }
        break;
    case RE_SET:
        emit_set(e, n->set);
        break;
    case RE_SEQUENCE:
    case RE_CHOICE:
        emit_list(e, n);
        break;
    case RE_GROUP:
        emit_missing_groups(e, n->group.index);
        emit_text(e, "(");
        e->groups++;
        emit_node(e, n->group.body);
        emit_text(e, ")");
        break;
    case RE_REPEAT:
        emit_repeat(e, n);
        break;
    case RE_ASSERT:
        emit_assertion(e, n->assertion);
        break;
    case RE_LOOK:
        emit_look(e, n);
        break;
    case RE_BACKREF:
        for (uint32_t i = 0; i < n->backref.count; i++) {
            char text[24];
            snprintf(text, sizeof text, "\\g{%u}", n->backref.groups[i]);
            emit_text(e, text);
        }
        break;
    }
}

bool re_emit_pattern(Arena *arena, const ReTree *tree, bool is_wide, ReEmitted *out)
{
    Emitter e = { .arena = arena, .is_wide = is_wide, .is_utf = is_wide && re_tree_has_unicode(tree->flags) };
    e.last = !is_wide ? 0xff : e.is_utf ? 0x10ffff : 0xffff;
    emit_node(&e, tree->root);
    emit_missing_groups(&e, tree->group_count + 1);
    VEC_PUSH_ARENA(arena, &e.text, '\0');
    *out = (ReEmitted){ e.text.items, e.text.count - 1, e.is_utf, e.has_loops };
    return !e.is_too_long;
}
