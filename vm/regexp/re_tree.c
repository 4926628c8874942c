/* SPDX-License-Identifier: MIT */
#include "vm/regexp/re_tree.h"

#include "vm/base/assert.h"

static uint32_t length_add(uint32_t a, uint32_t b)
{
    return a > RE_UNBOUNDED - b ? RE_UNBOUNDED : a + b;
}

static uint32_t length_multiply(uint32_t a, uint32_t b)
{
    if (a == 0 || b == 0) return 0;
    uint64_t product = (uint64_t)a * b;
    return product > RE_UNBOUNDED ? RE_UNBOUNDED : (uint32_t)product;
}

static ReNode *node_new(Arena *arena, ReKind kind)
{
    ReNode *n = ARENA_NEW(arena, ReNode);
    n->kind = kind;
    return n;
}

static void node_take_groups(ReNode *n, const ReNode *body)
{
    n->first_group = body->first_group;
    n->end_group = body->end_group;
}

ReNode *re_tree_empty(Arena *arena)
{
    return node_new(arena, RE_EMPTY);
}

ReNode *re_tree_text(Arena *arena, uint32_t *characters, uint32_t count)
{
    ReNode *n = node_new(arena, RE_TEXT);
    n->text.characters = characters;
    n->text.count = n->min_length = n->max_length = count;
    return n;
}

ReNode *re_tree_set(Arena *arena, const ReSet *set)
{
    ReNode *n = node_new(arena, RE_SET);
    n->set = set;
    n->min_length = n->max_length = 1;
    return n;
}

/* A choice between single characters is one character of a set: no order among them can be observed. */
static ReNode *merge_choice(Arena *arena, ReNode **items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (items[i]->kind != RE_SET && (items[i]->kind != RE_TEXT || items[i]->text.count != 1)) return NULL;
    ReSet *set = ARENA_NEW(arena, ReSet);
    for (uint32_t i = 0; i < count; i++) {
        if (items[i]->kind == RE_SET) re_class_add_set(arena, set, items[i]->set);
        else re_class_add(arena, set, items[i]->text.characters[0], items[i]->text.characters[0]);
    }
    re_class_normalize(set);
    return re_tree_set(arena, set);
}

ReNode *re_tree_list(Arena *arena, ReKind kind, ReNode **items, uint32_t count)
{
    ASSERT(kind == RE_SEQUENCE || kind == RE_CHOICE, "a list is a sequence or a choice");
    if (count == 1) return items[0];
    if (count == 0) {
        ASSERT(kind == RE_SEQUENCE, "a choice has alternatives");
        return re_tree_empty(arena);
    }
    ReNode *merged = kind == RE_CHOICE ? merge_choice(arena, items, count) : NULL;
    if (merged) return merged;
    ReNode *n = node_new(arena, kind);
    n->list.items = items;
    n->list.count = count;
    if (kind == RE_CHOICE) n->min_length = RE_UNBOUNDED;
    for (uint32_t i = 0; i < count; i++) {
        const ReNode *item = items[i];
        if (kind == RE_SEQUENCE) {
            n->min_length = length_add(n->min_length, item->min_length);
            n->max_length = length_add(n->max_length, item->max_length);
        } else {
            if (item->min_length < n->min_length) n->min_length = item->min_length;
            if (item->max_length > n->max_length) n->max_length = item->max_length;
        }
        if (item->first_group == item->end_group) continue;
        if (n->first_group == n->end_group) n->first_group = item->first_group;
        n->end_group = item->end_group;
    }
    return n;
}

ReNode *re_tree_group(Arena *arena, ReNode *body, uint32_t index)
{
    ReNode *n = node_new(arena, RE_GROUP);
    n->group.body = body;
    n->group.index = index;
    n->min_length = body->min_length;
    n->max_length = body->max_length;
    n->first_group = index;
    n->end_group = body->first_group == body->end_group ? index + 1 : body->end_group;
    return n;
}

/* What consumes nothing gives the same result when done again, so once is enough; and RepeatMatcher rejects
 * an optional iteration that consumed nothing (ECMA-262 22.2.2.3.1, step 2.b). */
ReNode *re_tree_repeat(Arena *arena, ReNode *body, uint32_t min, uint32_t max, bool is_greedy)
{
    if (max == 0) return re_tree_empty(arena);
    if (min == 1 && max == 1) return body;
    if (body->max_length == 0) return min == 0 ? re_tree_empty(arena) : body;
    ReNode *n = node_new(arena, RE_REPEAT);
    n->repeat.body = body;
    n->repeat.min = min;
    n->repeat.max = max;
    n->repeat.is_greedy = is_greedy;
    n->min_length = length_multiply(body->min_length, min);
    n->max_length = length_multiply(body->max_length, max);
    node_take_groups(n, body);
    return n;
}

ReNode *re_tree_assert(Arena *arena, ReAssertion assertion)
{
    ReNode *n = node_new(arena, RE_ASSERT);
    n->assertion = assertion;
    return n;
}

ReNode *re_tree_look(Arena *arena, ReNode *body, bool is_behind, bool is_negative)
{
    ReNode *n = node_new(arena, RE_LOOK);
    n->look.body = body;
    n->look.is_behind = is_behind;
    n->look.is_negative = is_negative;
    node_take_groups(n, body);
    return n;
}

ReNode *re_tree_backref(Arena *arena, ReCompare compare)
{
    ReNode *n = node_new(arena, RE_BACKREF);
    n->backref.compare = compare;
    n->max_length = RE_UNBOUNDED;
    return n;
}

/* ---- what comes first ---- */

bool re_tree_first_is_disjoint(const ReFirst *a, const ReFirst *b)
{
    for (int i = 0; i < 4; i++)
        if (a->latin1[i] & b->latin1[i]) return false;
    return !(a->has_wide && b->has_wide);
}

void re_tree_first_unite(ReFirst *into, const ReFirst *more)
{
    for (int i = 0; i < 4; i++) into->latin1[i] |= more->latin1[i];
    into->has_wide |= more->has_wide;
}

void re_tree_first_of_set(ReFirst *first, const ReSet *set)
{
    *first = (ReFirst){ 0 };
    for (uint32_t i = 0; i < set->count; i++) {
        ReRange r = set->items[i];
        for (uint32_t c = r.first; c <= r.last && c <= 0xff; c++)
            first->latin1[c / 64] |= UINT64_C(1) << (c % 64);
        if (r.last > 0xff) first->has_wide = true;
    }
}

static void first_of_character(ReFirst *first, uint32_t c)
{
    if (c <= 0xff) first->latin1[c / 64] |= UINT64_C(1) << (c % 64);
    else first->has_wide = true;
}

static void first_of_list(Arena *arena, ReNode *n, ReFirst *first)
{
    first->may_be_empty = n->kind == RE_SEQUENCE;
    for (uint32_t i = 0; i < n->list.count; i++) {
        const ReFirst *item = re_tree_first(arena, n->list.items[i]);
        re_tree_first_unite(first, item);
        if (n->kind == RE_CHOICE) {
            first->may_be_empty |= item->may_be_empty;
        } else if (!item->may_be_empty) {
            first->may_be_empty = false;
            return;
        }
    }
}

const ReFirst *re_tree_first(Arena *arena, ReNode *n)
{
    if (n->first) return n->first;
    ReFirst *first = ARENA_NEW(arena, ReFirst);
    switch (n->kind) {
    case RE_EMPTY:
    case RE_ASSERT:
    case RE_LOOK:
        first->may_be_empty = true;
        break;
    case RE_TEXT:
        first_of_character(first, n->text.characters[0]);
        break;
    case RE_SET:
        re_tree_first_of_set(first, n->set);
        break;
    case RE_SEQUENCE:
    case RE_CHOICE:
        first_of_list(arena, n, first);
        break;
    case RE_GROUP:
        *first = *re_tree_first(arena, n->group.body);
        break;
    case RE_REPEAT:
        *first = *re_tree_first(arena, n->repeat.body);
        if (n->repeat.min == 0) first->may_be_empty = true;
        break;
    case RE_BACKREF:                                           // anything, or nothing
        for (int i = 0; i < 4; i++) first->latin1[i] = ~UINT64_C(0);
        first->has_wide = first->may_be_empty = true;
        break;
    }
    return n->first = first;
}
