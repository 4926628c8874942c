/* SPDX-License-Identifier: MIT */
/* re_parse_class.c - bracketed classes: ClassRanges, and under v the ClassSet grammar (ECMA-262 22.2.1).
 *
 * I1  Under v and i every set is kept folded from its beginning (MaybeSimpleCaseFolding), so that complement,
 *     intersection and subtraction mean what ECMA-262 says; re_parse_class_node unfolds the result. Otherwise
 *     sets are as written, and the whole class is closed over case before it is inverted. */
#include "vm/regexp/re_parse_int.h"

/* ---- case and complement ---- */

void re_parse_class_fold(ReParser *p, ReSet *set)
{
    if (p->is_sets && p->ignore_case) re_class_fold(p->arena, set, UNICODE_FOLD_SIMPLE);
}

void re_parse_class_invert(ReParser *p, ReSet *set)
{
    if (!p->is_sets || !p->ignore_case) {
        re_class_invert(p->arena, set, re_tree_last_character(p->tree->flags));
        return;
    }
    if (!p->folded_universe) {
        ReSet *all = ARENA_NEW(p->arena, ReSet);
        re_class_add(p->arena, all, 0, UTF_LAST_CODE_POINT);
        re_class_fold(p->arena, all, UNICODE_FOLD_SIMPLE);
        p->folded_universe = all;
    }
    ReSet result = *p->folded_universe;
    re_class_subtract(p->arena, &result, set);
    *set = result;
}

static void close_over_case(ReParser *p, ReSet *set)
{
    uint32_t last = re_tree_last_character(p->tree->flags);
    if (p->ignore_case) re_class_close(p->arena, set, re_parse_fold(p), last);
}

static bool is_letter(uint32_t c)
{
    return (c | 0x20) - 'a' < 26;
}

static ReNode *character_node(ReParser *p, uint32_t c)
{
    ReSet *set = ARENA_NEW(p->arena, ReSet);
    re_class_add(p->arena, set, c, c);
    close_over_case(p, set);
    if (set->count > 1 || set->items[0].first != set->items[0].last) return re_tree_set(p->arena, set);
    uint32_t *text = ARENA_NEW(p->arena, uint32_t);
    *text = c;
    return re_tree_text(p->arena, text, 1);
}

ReNode *re_parse_class_character(ReParser *p, uint32_t c)
{
    if (!p->ignore_case || !is_letter(c)) return character_node(p, c);
    ReNode **shared = &p->folded_letters[(c | 0x20) - 'a'];
    if (!*shared) *shared = character_node(p, c);
    return *shared;
}

/* ---- strings of a class ---- */

enum { TRIE_DEPTH_LIMIT = 64 };

static ReNode *string_node(ReParser *p, const uint32_t *characters, uint32_t count)
{
    ReNode **items = ARENA_ARRAY(p->arena, ReNode *, count);
    for (uint32_t i = 0; i < count; i++) items[i] = re_parse_class_character(p, characters[i]);
    return re_tree_list(p->arena, RE_SEQUENCE, items, count);
}

/* The strings [0, count), sorted lexically, all alike before `at`: a choice by the next character, longer
 * strings first. Right for matching left to right: only strings of which one is a prefix of the other can
 * both match. NULL when the tree would become too deep. */
static ReNode *trie_node(ReParser *p, const ReString *strings, uint32_t count, uint32_t at, uint32_t depth)
{
    if (depth > TRIE_DEPTH_LIMIT) return NULL;
    VEC(ReNode *) choices = { 0 };
    bool ends_here = strings[0].count == at;
    for (uint32_t i = ends_here ? 1 : 0; i < count;) {
        uint32_t first = i, shared = at + 1;
        while (i < count && strings[i].characters[at] == strings[first].characters[at]) i++;
        const ReString *a = &strings[first], *b = &strings[i - 1];    // sorted: what these share, all share
        uint32_t shorter = a->count < b->count ? a->count : b->count;
        while (shared < shorter && a->characters[shared] == b->characters[shared]) shared++;
        ReNode *parts[2] = { string_node(p, a->characters + at, shared - at), NULL };
        if (i - first > 1) {
            parts[1] = trie_node(p, a, i - first, shared, depth + 1);
            if (!parts[1]) return NULL;
        }
        ReNode **items = arena_copy(p->arena, parts, sizeof parts);
        ReNode *choice = re_tree_list(p->arena, RE_SEQUENCE, items, parts[1] ? 2 : 1);
        VEC_PUSH_ARENA(p->arena, &choices, choice);
    }
    if (ends_here) VEC_PUSH_ARENA(p->arena, &choices, re_tree_empty(p->arena));
    return re_tree_list(p->arena, RE_CHOICE, choices.items, choices.count);
}

/* The strings of `c` but the empty one. */
static ReNode *strings_node(ReParser *p, ReClass *c, bool has_empty)
{
    uint32_t count = c->strings.count - has_empty;
    if (!p->is_backward) {
        ReNode *trie = trie_node(p, c->strings.items + has_empty, count, 0, 0);
        if (trie) return trie;
    }
    re_class_sort_strings(c, RE_ORDER_LONGEST);
    ReNode **items = ARENA_ARRAY(p->arena, ReNode *, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = string_node(p, c->strings.items[i].characters, c->strings.items[i].count);
    return re_tree_list(p->arena, RE_CHOICE, items, count);
}

ReNode *re_parse_class_node(ReParser *p, ReClass *c)
{
    ReSet *set = ARENA_NEW(p->arena, ReSet);
    re_class_normalize(&c->set);
    *set = c->set;
    close_over_case(p, set);
    if (c->strings.count == 0) return re_tree_set(p->arena, set);

    // CompileAtom: longer strings first, then single characters, then the empty string.
    re_class_sort_strings(c, RE_ORDER_LEXICAL);
    bool has_empty = c->strings.items[0].count == 0;
    ReNode **items = ARENA_ARRAY(p->arena, ReNode *, 3);
    uint32_t kept = 0;
    if (c->strings.count > has_empty) items[kept++] = strings_node(p, c, has_empty);
    if (set->count) items[kept++] = re_tree_set(p->arena, set);
    if (has_empty) items[kept++] = re_tree_empty(p->arena);
    return re_tree_list(p->arena, RE_CHOICE, items, kept);
}

/* ---- without v ---- */

/* One ClassAtom: a character, or (true) a class. */
static bool read_atom(ReParser *p, uint32_t *c, ReClass *class)
{
    *c = re_parse_character(p);
    if (*c != '\\') return false;
    if (re_parse_escape_class(p, class)) return true;
    *c = re_parse_take(p, 'b') ? '\b' : re_parse_escape_character(p, true);
    return false;
}

static void read_ranges(ReParser *p, uint32_t start, ReSet *set)
{
    for (;;) {
        uint32_t low, high, offset = p->at;
        ReClass low_class, high_class;
        if (p->at >= p->text.length) re_parse_fail(p, start, "unterminated character class");
        if (re_parse_take(p, ']')) return;
        bool low_is_class = read_atom(p, &low, &low_class);
        bool is_range = re_parse_peek(p) == '-' && re_parse_unit(p, p->at + 1) != ']' &&
                        re_parse_unit(p, p->at + 1) != RE_END;
        if (low_is_class) re_class_add_set(p->arena, set, &low_class.set);
        else if (!is_range) re_class_add(p->arena, set, low, low);
        if (!is_range) continue;
        p->at++;
        bool high_is_class = read_atom(p, &high, &high_class);
        if (low_is_class || high_is_class) {
            if (p->is_unicode) re_parse_fail(p, offset, "class escape in a range of a character class");
            if (!low_is_class) re_class_add(p->arena, set, low, low);
            re_class_add(p->arena, set, '-', '-');
            if (high_is_class) re_class_add_set(p->arena, set, &high_class.set);
            else re_class_add(p->arena, set, high, high);
            continue;
        }
        if (low > high) re_parse_fail(p, offset, "range out of order in character class");
        re_class_add(p->arena, set, low, high);
    }
}

/* ---- under v ---- */

static void read_contents(ReParser *p, uint32_t start, ReClass *out);

static bool is_double_punctuator(uint32_t c)
{
    return c < 0x80 && c != 0 && strchr("&!#$%*+,.:;<=>?@^`~", (int)c) != NULL;
}

/* ClassSetCharacter. */
static uint32_t read_set_character(ReParser *p)
{
    uint32_t offset = p->at, c = re_parse_peek(p);
    if (c == RE_END) re_parse_fail(p, offset, "unterminated character class");
    if (c != '\\') {
        if (c < 0x80 && c != 0 && strchr("()[]{}/-|", (int)c))
            re_parse_fail(p, offset, "invalid character in character class");
        if (is_double_punctuator(c) && re_parse_unit(p, p->at + 1) == c)
            re_parse_fail(p, offset, "invalid set operation in character class");
        return re_parse_character(p);
    }
    p->at++;
    uint32_t escaped = re_parse_peek(p);
    if (escaped == 'b') {
        p->at++;
        return '\b';
    }
    if (escaped < 0x80 && escaped != 0 && strchr("&-!#%,:;<=>@`~", (int)escaped)) {
        p->at++;
        return escaped;
    }
    return re_parse_escape_character(p, true);
}

static void add_character(ReParser *p, ReClass *out, uint32_t c)
{
    if (p->ignore_case) c = unicode_fold(c, UNICODE_FOLD_SIMPLE);
    re_class_add(p->arena, &out->set, c, c);
}

/* \q{...}, behind the `q`. */
static void read_strings(ReParser *p, uint32_t offset, ReClass *out)
{
    if (!re_parse_take(p, '{')) re_parse_fail(p, offset, "invalid escape");
    VEC(uint32_t) string = { 0 };
    for (;;) {
        uint32_t next = re_parse_peek(p);
        if (next == RE_END) re_parse_fail(p, offset, "unterminated character class");
        if (next != '|' && next != '}') {
            uint32_t c = read_set_character(p);
            if (p->ignore_case) c = unicode_fold(c, UNICODE_FOLD_SIMPLE);
            VEC_PUSH_ARENA(p->arena, &string, c);
            continue;
        }
        re_class_add_string(p->arena, out, string.items, string.count);
        if (string.count != 1) out->may_contain_strings = true;
        string.count = 0;
        p->at++;
        if (next == '}') break;
    }
    re_class_normalize(&out->set);
}

/* A ClassSetOperand, or where `may_be_range` a ClassSetRange, into `out`. True when it was a range. */
static bool read_operand(ReParser *p, ReClass *out, bool may_be_range)
{
    uint32_t offset = p->at;
    *out = (ReClass){ 0 };
    if (re_parse_take(p, '[')) {
        read_contents(p, offset, out);
        return false;
    }
    if (re_parse_take(p, '\\')) {
        if (re_parse_escape_class(p, out)) return false;
        if (re_parse_take(p, 'q')) {
            read_strings(p, offset, out);
            return false;
        }
        p->at--;
    }
    uint32_t low = read_set_character(p);
    if (!may_be_range || re_parse_peek(p) != '-' || re_parse_unit(p, p->at + 1) == '-') {
        add_character(p, out, low);
        return false;
    }
    p->at++;
    uint32_t high = read_set_character(p);
    if (low > high) re_parse_fail(p, offset, "range out of order in character class");
    re_class_add(p->arena, &out->set, low, high);
    re_parse_class_fold(p, &out->set);
    return true;
}

static bool take_operator(ReParser *p, uint32_t c)
{
    if (re_parse_peek(p) != c || re_parse_unit(p, p->at + 1) != c) return false;
    p->at += 2;
    return true;
}

static void check_not_at_end(ReParser *p, uint32_t start)
{
    if (p->at >= p->text.length) re_parse_fail(p, start, "unterminated character class");
}

/* The operands behind the first of an intersection (`operator` is '&') or a subtraction ('-'), up to the
 * bracket. */
static void read_operation(ReParser *p, uint32_t start, uint32_t operator, ReClass *out)
{
    ReClass operand;
    do {
        check_not_at_end(p, start);
        if (operator == '&' && re_parse_peek(p) == '&')
            re_parse_fail(p, p->at, "invalid set operation in character class");
        read_operand(p, &operand, false);
        if (operator == '&') re_class_intersect_all(p->arena, out, &operand);
        else re_class_subtract_all(p->arena, out, &operand);
    } while (take_operator(p, operator));
    check_not_at_end(p, start);
    if (!re_parse_take(p, ']')) re_parse_fail(p, p->at, "invalid set operation in character class");
}

/* ClassContents behind `[`, with the negation and the closing bracket. */
static void read_contents(ReParser *p, uint32_t start, ReClass *out)
{
    re_parse_enter(p, start);
    bool is_negated = re_parse_take(p, '^');
    *out = (ReClass){ 0 };
    check_not_at_end(p, start);
    if (!re_parse_take(p, ']')) {
        bool is_range = read_operand(p, out, true);
        if (!is_range && take_operator(p, '&')) {
            read_operation(p, start, '&', out);
        } else if (!is_range && take_operator(p, '-')) {
            read_operation(p, start, '-', out);
        } else {
            ReClass operand;
            while (!re_parse_take(p, ']')) {
                check_not_at_end(p, start);
                read_operand(p, &operand, true);
                re_class_unite_all(p->arena, out, &operand);
            }
            re_class_normalize(&out->set);
        }
    }
    if (is_negated) {
        if (out->may_contain_strings) re_parse_fail(p, start, "negated character class may contain strings");
        re_parse_class_invert(p, &out->set);
    }
    p->depth--;
}

/* ---- both ---- */

ReNode *re_parse_class(ReParser *p)
{
    uint32_t start = p->at - 1;
    if (p->is_sets) {
        ReClass class;
        read_contents(p, start, &class);
        return re_parse_class_node(p, &class);
    }
    bool is_negated = re_parse_take(p, '^');
    ReSet *set = ARENA_NEW(p->arena, ReSet);
    read_ranges(p, start, set);
    re_class_normalize(set);
    close_over_case(p, set);
    if (is_negated) re_class_invert(p->arena, set, re_tree_last_character(p->tree->flags));
    return re_tree_set(p->arena, set);
}
