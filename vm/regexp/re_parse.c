/* SPDX-License-Identifier: MIT */
#include "vm/regexp/re_parse.h"

#include "vm/regexp/re_parse_int.h"

static ReNode *parse_disjunction(ReParser *p, uint32_t offset);

void re_parse_fail(ReParser *p, uint32_t offset, const char *message)
{
    *p->error = (ReError){ offset, message };
    longjmp(p->escape, 1);
}

void re_parse_enter(ReParser *p, uint32_t offset)
{
    if (++p->depth > RE_DEPTH_LIMIT) re_parse_fail(p, offset, "pattern nested too deeply");
}

/* ---- the scan ahead ---- */

void re_parse_count_groups(ReParser *p)
{
    if (p->is_counted) return;
    p->is_counted = true;
    uint32_t class_depth = 0;
    for (uint32_t i = 0; i < p->text.length; i++) {
        uint32_t c = re_parse_unit(p, i);
        if (c == '\\') {
            i++;
        } else if (c == '[') {
            if (class_depth == 0 || p->is_sets) class_depth++;
        } else if (c == ']') {
            if (class_depth) class_depth--;
        } else if (c == '(' && !class_depth) {
            if (re_parse_unit(p, i + 1) != '?') {
                p->total_groups++;
                continue;
            }
            uint32_t kind = re_parse_unit(p, i + 2), next = re_parse_unit(p, i + 3);
            if (kind == '<' && next != '=' && next != '!') {
                p->total_groups++;
                p->has_names = true;
            }
        }
    }
}

/* ---- quantifiers ---- */

typedef struct Digits {
    uint32_t first, count;       // leading zeros off
} Digits;

static Digits read_digits(ReParser *p)
{
    while (re_parse_peek(p) == '0' && re_parse_is_digit(re_parse_unit(p, p->at + 1))) p->at++;
    Digits d = { p->at, 0 };
    while (re_parse_is_digit(re_parse_peek(p))) p->at++;
    d.count = p->at - d.first;
    return d;
}

static uint32_t digits_value(const ReParser *p, Digits d)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < d.count && value < RE_UNBOUNDED; i++)
        value = value * 10 + (re_parse_unit(p, d.first + i) - '0');
    return value < RE_UNBOUNDED ? (uint32_t)value : RE_UNBOUNDED;
}

/* By value, however many digits. */
static bool digits_exceed(const ReParser *p, Digits a, Digits b)
{
    if (a.count != b.count) return a.count > b.count;
    for (uint32_t i = 0; i < a.count; i++) {
        uint32_t x = re_parse_unit(p, a.first + i), y = re_parse_unit(p, b.first + i);
        if (x != y) return x > y;
    }
    return false;
}

typedef struct Quantifier {
    uint32_t min, max;
    bool     is_greedy;
} Quantifier;

/* {n} {n,} {n,m} at `at`; false, and nothing read, when it is something else. */
static bool take_braces(ReParser *p, Quantifier *q)
{
    uint32_t start = p->at++;
    Digits min = read_digits(p), max = min;
    bool has_max = true;
    if (min.count && re_parse_take(p, ',')) {
        max = read_digits(p);
        has_max = max.count != 0;
    }
    if (!min.count || !re_parse_take(p, '}')) {
        p->at = start;
        return false;
    }
    if (has_max && digits_exceed(p, min, max)) re_parse_fail(p, start, "numbers out of order in quantifier");
    q->min = digits_value(p, min);
    q->max = has_max ? digits_value(p, max) : RE_UNBOUNDED;
    return true;
}

static bool take_quantifier(ReParser *p, Quantifier *q)
{
    switch (re_parse_peek(p)) {
    case '*': *q = (Quantifier){ .min = 0, .max = RE_UNBOUNDED }; p->at++; break;
    case '+': *q = (Quantifier){ .min = 1, .max = RE_UNBOUNDED }; p->at++; break;
    case '?': *q = (Quantifier){ .min = 0, .max = 1 }; p->at++; break;
    case '{':
        if (take_braces(p, q)) break;
        if (p->is_unicode) re_parse_fail(p, p->at, "incomplete quantifier");
        return false;
    default: return false;
    }
    q->is_greedy = !re_parse_take(p, '?');
    return true;
}

/* ---- groups ---- */

static ReNode *parse_body(ReParser *p, uint32_t offset)
{
    ReNode *body = parse_disjunction(p, offset);
    if (!re_parse_take(p, ')')) re_parse_fail(p, offset, "unterminated group");
    return body;
}

static ReNode *parse_look(ReParser *p, uint32_t offset, bool is_behind, bool is_negative)
{
    bool was_backward = p->is_backward;
    p->is_backward = is_behind;
    ReNode *body = parse_body(p, offset);
    p->is_backward = was_backward;
    return re_tree_look(p->arena, body, is_behind, is_negative);
}

static ReNode *parse_capture(ReParser *p, uint32_t offset, bool has_name)
{
    uint32_t index = p->tree->group_count + 1;
    if (index > RE_GROUP_LIMIT) re_parse_fail(p, offset, "too many capture groups");
    p->tree->group_count = index;
    if (has_name) {
        uint32_t length, name_offset = p->at;
        const uint16_t *units = re_parse_name(p, &length);
        re_parse_name_define(p, units, length, index, name_offset);
    }
    return re_tree_group(p->arena, parse_body(p, offset), index);
}

/* The flags up to `:` or `-`, as bits of RE_IGNORE_CASE and so on. */
static uint32_t take_modifiers(ReParser *p, uint32_t taken)
{
    uint32_t flags = 0;
    for (;; p->at++) {
        uint32_t c = re_parse_peek(p);
        uint32_t flag = c == 'i' ? RE_IGNORE_CASE : c == 'm' ? RE_MULTILINE : c == 's' ? RE_DOT_ALL : 0;
        if (!flag) return flags;
        if ((flags | taken) & flag) re_parse_fail(p, p->at, "repeated flag in group");
        flags |= flag;
    }
}

static ReNode *parse_modifiers(ReParser *p, uint32_t offset)
{
    uint32_t add = take_modifiers(p, 0), remove = 0;
    if (re_parse_take(p, '-')) {
        remove = take_modifiers(p, add);
        if (!add && !remove) re_parse_fail(p, offset, "invalid group");
    }
    if (!re_parse_take(p, ':')) re_parse_fail(p, offset, "invalid group");
    bool ignore_case = p->ignore_case, multiline = p->multiline, dot_all = p->dot_all;
    p->ignore_case = (ignore_case || add & RE_IGNORE_CASE) && !(remove & RE_IGNORE_CASE);
    p->multiline = (multiline || add & RE_MULTILINE) && !(remove & RE_MULTILINE);
    p->dot_all = (dot_all || add & RE_DOT_ALL) && !(remove & RE_DOT_ALL);
    ReNode *body = parse_body(p, offset);
    p->ignore_case = ignore_case;
    p->multiline = multiline;
    p->dot_all = dot_all;
    return body;
}

/* From behind the parenthesis at `offset`. */
static ReNode *parse_group(ReParser *p, uint32_t offset, bool *is_quantifiable)
{
    *is_quantifiable = true;
    if (!re_parse_take(p, '?')) return parse_capture(p, offset, false);
    uint32_t kind = re_parse_peek(p), next = re_parse_unit(p, p->at + 1);
    switch (kind) {
    case ':':
        p->at++;
        return parse_body(p, offset);
    case '=':
    case '!':
        p->at++;
        *is_quantifiable = !p->is_unicode;       // Annex B QuantifiableAssertion
        return parse_look(p, offset, false, kind == '!');
    case '<':
        p->at++;
        if (next != '=' && next != '!') return parse_capture(p, offset, true);
        p->at++;
        *is_quantifiable = false;
        return parse_look(p, offset, true, next == '!');
    default:
        return parse_modifiers(p, offset);
    }
}

/* ---- atoms ---- */

static ReNode *backref_node(ReParser *p)
{
    if (!p->ignore_case) return re_tree_backref(p->arena, RE_COMPARE_EXACT);
    return re_tree_backref(p->arena, p->is_unicode ? RE_COMPARE_SIMPLE : RE_COMPARE_LEGACY);
}

/* \1 and so on, at the first digit. NULL, and nothing read, when Annex B takes it for something else. */
static ReNode *parse_number_ref(ReParser *p, uint32_t offset)
{
    uint32_t start = p->at;
    Digits digits = read_digits(p);
    uint32_t group = digits_value(p, digits);
    re_parse_count_groups(p);
    if (group > p->total_groups) {
        if (p->is_unicode) re_parse_fail(p, offset, "reference to a group that does not exist");
        p->at = start;
        return NULL;
    }
    ReNode *n = backref_node(p);
    n->backref.groups = arena_copy(p->arena, &group, sizeof group);
    n->backref.count = 1;
    return n;
}

static ReNode *parse_name_ref(ReParser *p, uint32_t offset)
{
    if (!re_parse_take(p, '<')) re_parse_fail(p, offset, "invalid named reference");
    RePendingRef ref = { .node = backref_node(p), .offset = offset };
    ref.units = re_parse_name(p, &ref.length);
    VEC_PUSH_ARENA(p->arena, &p->pending, ref);
    return ref.node;
}

/* Behind a backslash at `offset`. NULL: it is the character *c. */
static ReNode *parse_escape(ReParser *p, uint32_t offset, uint32_t *c, bool *is_quantifiable)
{
    ReClass class;
    uint32_t next = re_parse_peek(p);
    bool folds = p->is_unicode && p->ignore_case;
    if (next == 'b' || next == 'B') {
        p->at++;
        *is_quantifiable = false;
        if (next == 'b') return re_tree_assert(p->arena, folds ? RE_WORD_EDGE_FOLD : RE_WORD_EDGE);
        return re_tree_assert(p->arena, folds ? RE_WORD_INSIDE_FOLD : RE_WORD_INSIDE);
    }
    if (next >= '1' && next <= '9') {
        ReNode *n = parse_number_ref(p, offset);
        if (n) return n;
    }
    if (next == 'k') {
        re_parse_count_groups(p);
        if (p->is_unicode || p->has_names) {
            p->at++;
            return parse_name_ref(p, offset);
        }
    }
    if (re_parse_escape_class(p, &class)) return re_parse_class_node(p, &class);
    *c = re_parse_escape_character(p, false);
    return NULL;
}

static ReNode *dot_node(ReParser *p)
{
    ReSet *set = ARENA_NEW(p->arena, ReSet);
    if (!p->dot_all) {
        re_class_add(p->arena, set, '\n', '\n');
        re_class_add(p->arena, set, '\r', '\r');
        re_class_add(p->arena, set, 0x2028, 0x2029);
    }
    re_class_invert(p->arena, set, re_tree_last_character(p->tree->flags));
    return re_tree_set(p->arena, set);
}

/* One Term without its quantifier. NULL: it is the character *c. */
static ReNode *parse_atom(ReParser *p, uint32_t *c, bool *is_quantifiable)
{
    uint32_t offset = p->at;
    *is_quantifiable = true;
    *c = re_parse_character(p);
    switch (*c) {
    case '^':
        *is_quantifiable = false;
        return re_tree_assert(p->arena, p->multiline ? RE_LINE_START : RE_TEXT_START);
    case '$':
        *is_quantifiable = false;
        return re_tree_assert(p->arena, p->multiline ? RE_LINE_END : RE_TEXT_END);
    case '(':  return parse_group(p, offset, is_quantifiable);
    case '.':  return dot_node(p);
    case '[':  return re_parse_class(p);
    case '\\': return parse_escape(p, offset, c, is_quantifiable);
    case '*': case '+': case '?':
        re_parse_fail(p, offset, "nothing to repeat");
    case '{': {
        Quantifier q;
        p->at = offset;
        if (p->is_unicode || take_braces(p, &q)) re_parse_fail(p, offset, "nothing to repeat");
        p->at = offset + 1;
        return NULL;
    }
    case ']': case '}':
        if (p->is_unicode) re_parse_fail(p, offset, *c == ']' ? "unmatched ]" : "unmatched }");
        return NULL;
    default:
        return NULL;
    }
}

/* ---- alternatives ---- */

typedef struct Alternative {
    VEC(ReNode *) items;
    VEC(uint32_t) text;          // characters not yet made a node
} Alternative;

static void alternative_flush(ReParser *p, Alternative *a)
{
    if (!a->text.count) return;
    ReNode *text = re_tree_text(p->arena, a->text.items, a->text.count);
    VEC_PUSH_ARENA(p->arena, &a->items, text);
    memset(&a->text, 0, sizeof a->text);
}

static void parse_term(ReParser *p, Alternative *a)
{
    uint32_t c;
    bool is_quantifiable;
    Quantifier q;
    ReNode *atom = parse_atom(p, &c, &is_quantifiable);
    bool is_repeated = is_quantifiable && take_quantifier(p, &q);
    if (!atom && p->ignore_case) atom = re_parse_class_character(p, c);
    if (!is_repeated && (!atom || (atom->kind == RE_TEXT && atom->text.count == 1))) {
        uint32_t plain = atom ? atom->text.characters[0] : c;
        VEC_PUSH_ARENA(p->arena, &a->text, plain);
        return;
    }
    alternative_flush(p, a);
    if (!atom) atom = re_tree_text(p->arena, arena_copy(p->arena, &c, sizeof c), 1);
    if (is_repeated) atom = re_tree_repeat(p->arena, atom, q.min, q.max, q.is_greedy);
    if (atom->kind != RE_EMPTY) VEC_PUSH_ARENA(p->arena, &a->items, atom);
}

static ReNode *parse_alternative(ReParser *p)
{
    Alternative a = { 0 };
    for (;;) {
        uint32_t c = re_parse_peek(p);
        if (c == RE_END || c == '|' || c == ')') break;
        parse_term(p, &a);
    }
    alternative_flush(p, &a);
    return re_tree_list(p->arena, RE_SEQUENCE, a.items.items, a.items.count);
}

static ReNode *parse_disjunction(ReParser *p, uint32_t offset)
{
    VEC(ReNode *) alternatives = { 0 };
    uint32_t names = p->active_names.count;
    re_parse_enter(p, offset);
    for (;;) {
        uint32_t alternative_names = p->active_names.count;
        ReNode *alternative = parse_alternative(p);
        VEC_PUSH_ARENA(p->arena, &alternatives, alternative);
        if (!re_parse_take(p, '|')) break;
        re_parse_name_end_alternative(p, alternative_names);
    }
    re_parse_name_end_disjunction(p, names);
    p->depth--;
    return re_tree_list(p->arena, RE_CHOICE, alternatives.items, alternatives.count);
}

/* ---- the doors ---- */

static void parse_pattern(ReParser *p)
{
    p->tree->root = parse_disjunction(p, 0);
    if (p->at < p->text.length) re_parse_fail(p, p->at, "unmatched )");
    re_parse_name_resolve(p);
}

ReTree *re_parse_tree(Arena *arena, ReText pattern, uint32_t flags, ReError *error)
{
    jmp_buf *outer = arena->on_exhausted;
    ReTree *volatile tree = NULL;
    ReParser p = { .arena = arena, .text = pattern, .error = error };
    p.is_unicode = re_tree_has_unicode(flags);
    p.is_sets = (flags & RE_UNICODE_SETS) != 0;
    p.ignore_case = (flags & RE_IGNORE_CASE) != 0;
    p.multiline = (flags & RE_MULTILINE) != 0;
    p.dot_all = (flags & RE_DOT_ALL) != 0;
    *error = (ReError){ 0, "pattern too large" };      // what it is when the arena leaves
    if (setjmp(p.escape) == 0) {
        arena->on_exhausted = &p.escape;
        p.tree = ARENA_NEW(arena, ReTree);
        p.tree->flags = flags;
        parse_pattern(&p);
        tree = p.tree;
    }
    arena->on_exhausted = outer;
    return tree;
}

bool re_parse_check(ReText pattern, uint32_t flags, ReError *error)
{
    Arena arena;
    arena_init(&arena, RE_ARENA_LIMIT_BYTES, NULL);
    bool is_valid = re_parse_tree(&arena, pattern, flags, error) != NULL;
    arena_deinit(&arena);
    return is_valid;
}

bool re_parse_flags(ReText flags, uint32_t *out)
{
    static const char LETTERS[] = "dgimsuvy";          // in the order of the bits
    *out = 0;
    for (uint32_t i = 0; i < flags.length; i++) {
        uint32_t c = flags.is_wide ? ((const uint16_t *)flags.units)[i] : ((const uint8_t *)flags.units)[i];
        const char *letter = c && c < 0x80 ? strchr(LETTERS, (int)c) : NULL;
        uint32_t bit = letter ? UINT32_C(1) << (letter - LETTERS) : 0;
        if (!bit || *out & bit) return false;
        *out |= bit;
    }
    return (*out & (RE_UNICODE | RE_UNICODE_SETS)) != (RE_UNICODE | RE_UNICODE_SETS);
}
