/* SPDX-License-Identifier: MIT */
/* re_compile.c - from tree to matcher code.
 *
 * I1  Code is linear in the size of the tree: a body is compiled once, counted loops count.
 * I2  "Follow" is what may come first behind a node read forwards; `may_be_empty` there means that nothing is
 *     known. Read backwards nothing is ever known. A filter made of it may only rule out what must fail
 *     anyway.
 * I3  Each loop and each look has registers of its own. A loop initialises them when it is entered; a look
 *     when it begins, and nothing resumes inside a look that has ended. So none needs undoing beyond its
 *     node. */
#include "vm/regexp/re_compile.h"

#include "vm/base/assert.h"
#include "vm/base/mem.h"
#include "vm/regexp/re_compile_int.h"

static void compile_node(ReCompiler *c, ReNode *n, bool back, const ReFirst *follow);

static const ReFirst UNKNOWN = { .may_be_empty = true };

STATIC_ASSERT(RE_OP_WORD_INSIDE_FOLD - RE_OP_TEXT_START == RE_WORD_INSIDE_FOLD, "order of ReAssertion");
STATIC_ASSERT(RE_OP_ANY_BACK - RE_OP_ANY == RE_OP_CHAR_BACK - RE_OP_CHAR, "back instructions are as far");

/* ---- words ---- */

void re_compile_emit(ReCompiler *c, uint32_t word)
{
    VEC_PUSH_ARENA(c->arena, &c->words, word);
    if (c->words.count >= RE_PLACE_LIMIT) longjmp(*c->arena->on_exhausted, 1);
}

static void emit1(ReCompiler *c, ReOp op, uint32_t a)
{
    re_compile_emit(c, op);
    re_compile_emit(c, a);
}

static void emit2(ReCompiler *c, ReOp op, uint32_t a, uint32_t b)
{
    emit1(c, op, a);
    re_compile_emit(c, b);
}

uint32_t re_compile_jump(ReCompiler *c)
{
    emit1(c, RE_OP_JUMP, 0);
    return c->words.count - 1;
}

void re_compile_land(ReCompiler *c, uint32_t hole)
{
    c->words.items[hole] = c->words.count;
}

static uint32_t new_registers(ReCompiler *c, uint32_t count)
{
    c->register_count += count;
    return c->register_count - count;
}

/* ---- sets and filters ---- */

enum { SHARE_WINDOW = 64 };          // so many of the newest sets and filters are looked at for an equal one

static uint32_t intern_filter(ReCompiler *c, const ReFirst *first)
{
    if (first->may_be_empty) return RE_NO_FILTER;
    for (uint32_t i = c->filters.count; i > 0 && i + SHARE_WINDOW > c->filters.count; i--) {
        const ReFilter *f = &c->filters.items[i - 1];
        bool is_same = !memcmp(f->latin1, first->latin1, sizeof f->latin1) && f->has_wide == first->has_wide;
        if (is_same) return i - 1;
    }
    ReFilter filter = { .has_wide = first->has_wide };
    memcpy(filter.latin1, first->latin1, sizeof filter.latin1);
    VEC_PUSH_ARENA(c->arena, &c->filters, filter);
    return c->filters.count - 1;
}

static uint32_t intern_set(ReCompiler *c, const ReSet *set)
{
    for (uint32_t i = c->set_sources.count; i > 0 && i + SHARE_WINDOW > c->set_sources.count; i--)
        if (re_class_is_equal(c->set_sources.items[i - 1], set)) return i - 1;
    VEC_PUSH_ARENA(c->arena, &c->set_sources, set);
    ReFirst first;
    re_tree_first_of_set(&first, set);
    ReCharSet s = { .first_range = c->ranges.count };
    memcpy(s.latin1, first.latin1, sizeof s.latin1);
    for (uint32_t i = 0; i < set->count; i++) {
        ReRange r = set->items[i];
        if (r.last <= 0xff) continue;
        if (r.first <= 0xff) r.first = 0x100;
        VEC_PUSH_ARENA(c->arena, &c->ranges, r);
        s.range_count++;
    }
    s.is_all = set->count == 1 && set->items[0].first == 0 && set->items[0].last >= c->last_character;
    VEC_PUSH_ARENA(c->arena, &c->sets, s);
    return c->sets.count - 1;
}

/* The members when there are at most `limit`, else 0 members. */
static uint32_t few_members(const ReSet *set, uint32_t limit, uint32_t *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        for (uint32_t x = set->items[i].first; x <= set->items[i].last; x++) {
            if (count == limit) return 0;
            out[count++] = x;
        }
    }
    return count;
}

static void compile_set(ReCompiler *c, const ReSet *set, bool back)
{
    uint32_t members[2], count = few_members(set, 2, members);
    uint32_t backwards = back ? RE_OP_CHAR_BACK - RE_OP_CHAR : 0;
    if (set->count == 0) {
        re_compile_emit(c, RE_OP_FAIL);
    } else if (count == 1) {
        emit1(c, RE_OP_CHAR + backwards, members[0]);
    } else if (count == 2) {
        emit2(c, RE_OP_PAIR + backwards, members[0], members[1]);
    } else {
        uint32_t s = intern_set(c, set);
        if (c->sets.items[s].is_all) re_compile_emit(c, RE_OP_ANY + backwards);
        else emit1(c, RE_OP_SET + backwards, s);
    }
}

static void compile_text(ReCompiler *c, const ReNode *n, bool back)
{
    const uint32_t *text = n->text.characters;
    uint32_t count = n->text.count;
    if (back) {
        for (uint32_t i = count; i > 0; i--) emit1(c, RE_OP_CHAR_BACK, text[i - 1]);
    } else if (count == 1) {
        emit1(c, RE_OP_CHAR, text[0]);
    } else {
        emit1(c, RE_OP_TEXT, count);
        for (uint32_t i = 0; i < count; i++) re_compile_emit(c, text[i]);
    }
}

/* ---- what comes next ---- */

/* What may come at the beginning of `n` and then `follow`. */
static ReFirst first_then(ReCompiler *c, ReNode *n, const ReFirst *follow)
{
    ReFirst first = *re_tree_first(c->arena, n);
    if (!first.may_be_empty) return first;
    re_tree_first_unite(&first, follow);
    first.may_be_empty = follow->may_be_empty;
    return first;
}

/* ---- choices ---- */

/* A fork with filters for the two ways, `here` being what follows the instruction. The place is filled in by
 * re_compile_land on the result. */
static uint32_t emit_fork(ReCompiler *c, bool is_far, bool back, const ReFirst *here, const ReFirst *there)
{
    uint32_t f = back ? RE_NO_FILTER : intern_filter(c, here);
    uint32_t g = back ? RE_NO_FILTER : intern_filter(c, there);
    if (f == RE_NO_FILTER && g == RE_NO_FILTER) {
        emit1(c, is_far ? RE_OP_FORK_FAR : RE_OP_FORK, 0);
        return c->words.count - 1;
    }
    emit1(c, is_far ? RE_OP_FORK_FAR_IF : RE_OP_FORK_IF, 0);
    re_compile_emit(c, is_far ? g : f);
    re_compile_emit(c, is_far ? f : g);
    return c->words.count - 3;
}

/* Alternatives [0, count), one tried after another. */
void re_compile_chain(ReCompiler *c, ReNode **items, uint32_t count, bool back, const ReFirst *follow)
{
    VEC(uint32_t) ends = { 0 };
    ReFirst *rest = ARENA_ARRAY(c->arena, ReFirst, count);      // of the alternatives from i on
    for (uint32_t i = count; i > 0; i--) {
        rest[i - 1] = first_then(c, items[i - 1], follow);
        if (i == count) continue;
        re_tree_first_unite(&rest[i - 1], &rest[i]);
        rest[i - 1].may_be_empty |= rest[i].may_be_empty;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i + 1 == count) {
            compile_node(c, items[i], back, follow);
            break;
        }
        ReFirst here = first_then(c, items[i], follow);
        uint32_t fork = emit_fork(c, false, back, &here, &rest[i + 1]);
        compile_node(c, items[i], back, follow);
        uint32_t jump = re_compile_jump(c);
        VEC_PUSH_ARENA(c->arena, &ends, jump);
        re_compile_land(c, fork);
    }
    for (uint32_t i = 0; i < ends.count; i++) re_compile_land(c, ends.items[i]);
}

static void compile_choice(ReCompiler *c, ReNode *n, bool back, const ReFirst *follow)
{
    ReNode **items = n->list.items;
    uint32_t count = n->list.count, switched = back ? 0 : re_compile_switch_count(c, items, count);
    if (!switched) {
        re_compile_chain(c, items, count, back, follow);
        return;
    }
    uint32_t fork = 0;
    if (switched < count) {
        ReFirst here = { 0 }, there = UNKNOWN;       // every switched alternative takes a character
        for (uint32_t i = 0; i < switched; i++) re_tree_first_unite(&here, re_tree_first(c->arena, items[i]));
        fork = emit_fork(c, false, back, &here, &there);
    }
    re_compile_switch(c, items, switched, follow);
    if (switched < count) {
        uint32_t end = re_compile_jump(c);
        re_compile_land(c, fork);
        re_compile_chain(c, items + switched, count - switched, back, follow);
        re_compile_land(c, end);
    }
}

/* ---- loops ---- */

/* The set of a node that always takes one character; NULL for any other node. */
static const ReSet *single_set(ReCompiler *c, const ReNode *n)
{
    if (n->kind == RE_SET) return n->set;
    if (n->kind != RE_TEXT || n->text.count != 1) return NULL;
    ReSet *set = ARENA_NEW(c->arena, ReSet);
    re_class_add(c->arena, set, n->text.characters[0], n->text.characters[0]);
    return set;
}

/* A run need not give back characters when what follows cannot begin with one of them: behind the longest run
 * stands no member, behind any shorter one stands a member. */
static void compile_run(ReCompiler *c, const ReNode *n, const ReSet *set, bool back, const ReFirst *follow)
{
    ReFirst members;
    re_tree_first_of_set(&members, set);
    static const ReOp OPS[2][2] = { { RE_OP_RUN_LAZY, RE_OP_RUN }, { RE_OP_RUN_LAZY_BACK, RE_OP_RUN_BACK } };
    ReOp op = OPS[back][n->repeat.is_greedy];
    if (op == RE_OP_RUN && n->repeat.max == RE_UNBOUNDED && !follow->may_be_empty &&
        re_tree_first_is_disjoint(&members, follow))
        op = RE_OP_RUN_ALL;
    emit2(c, op, intern_set(c, set), n->repeat.min);
    re_compile_emit(c, n->repeat.max);
    re_compile_emit(c, back ? RE_NO_FILTER : intern_filter(c, follow));
}

/* An iteration; `mark` is the register for its beginning when it has to consume something, else 0. */
static void compile_iteration(ReCompiler *c, const ReNode *n, bool back, const ReFirst *follow, uint32_t mark)
{
    ReNode *body = n->repeat.body;
    if (mark) emit1(c, RE_OP_MARK, mark);
    if (body->first_group < body->end_group && n->repeat.max > 1)
        emit2(c, RE_OP_CLEAR, 2 * body->first_group, 2 * body->end_group);
    compile_node(c, body, back, follow);
}

static void compile_counted(ReCompiler *c, const ReNode *n, bool back, const ReFirst *follow)
{
    uint32_t counter = new_registers(c, 1);
    uint32_t mark = n->repeat.body->min_length == 0 ? new_registers(c, 1) : 0;
    emit1(c, RE_OP_ZERO, counter);
    uint32_t loop = c->words.count;
    emit2(c, n->repeat.is_greedy ? RE_OP_LOOP : RE_OP_LOOP_LAZY, counter, n->repeat.min);
    re_compile_emit(c, n->repeat.max);
    re_compile_emit(c, 0);
    uint32_t exit = c->words.count - 1;
    compile_iteration(c, n, back, follow, mark);
    if (mark) {
        emit2(c, RE_OP_MOVED_BEYOND, mark, counter);
        re_compile_emit(c, n->repeat.min);
    }
    emit2(c, RE_OP_NEXT, counter, loop);
    re_compile_land(c, exit);
}

static void compile_repeat(ReCompiler *c, ReNode *n, bool back, const ReFirst *follow)
{
    ReNode *body = n->repeat.body;
    const ReSet *set = single_set(c, body);
    if (set) {
        compile_run(c, n, set, back, follow);
        return;
    }
    bool may_be_empty = body->min_length == 0, is_greedy = n->repeat.is_greedy;
    uint32_t min = n->repeat.min, max = n->repeat.max;
    ReFirst again = *re_tree_first(c->arena, body), inside = *follow;
    if (max > 1) re_tree_first_unite(&inside, &again);
    if (max != RE_UNBOUNDED && (min != 0 || max != 1)) {
        compile_counted(c, n, back, &inside);
    } else if (min == 0) {
        uint32_t top = c->words.count;
        again.may_be_empty = false;              // an iteration that takes nothing is rejected
        uint32_t exit = emit_fork(c, !is_greedy, back, &again, follow);
        uint32_t mark = may_be_empty ? new_registers(c, 1) : 0;
        compile_iteration(c, n, back, &inside, mark);
        if (mark) emit1(c, RE_OP_MOVED, mark);
        if (max != 1) emit1(c, RE_OP_JUMP, top);
        re_compile_land(c, exit);
    } else if (min == 1 && !may_be_empty) {
        uint32_t top = c->words.count;
        compile_iteration(c, n, back, &inside, 0);
        uint32_t place = emit_fork(c, is_greedy, back, follow, &again);
        c->words.items[place] = top;
    } else {
        compile_counted(c, n, back, &inside);
    }
}

/* ---- the rest ---- */

static void compile_sequence(ReCompiler *c, ReNode *n, bool back, const ReFirst *follow)
{
    uint32_t count = n->list.count;
    if (back) {
        for (uint32_t i = count; i > 0; i--) compile_node(c, n->list.items[i - 1], true, &UNKNOWN);
        return;
    }
    ReFirst *follows = ARENA_ARRAY(c->arena, ReFirst, count);
    follows[count - 1] = *follow;
    for (uint32_t i = count - 1; i > 0; i--) follows[i - 1] = first_then(c, n->list.items[i], &follows[i]);
    for (uint32_t i = 0; i < count; i++) compile_node(c, n->list.items[i], false, &follows[i]);
}

static void compile_look(ReCompiler *c, const ReNode *n)
{
    uint32_t own = new_registers(c, 2);
    bool back = n->look.is_behind;
    if (n->look.is_negative) {
        emit2(c, RE_OP_NOT_LOOK, own, 0);
        uint32_t hole = c->words.count - 1;
        compile_node(c, n->look.body, back, &UNKNOWN);
        emit1(c, RE_OP_NOT_LOOK_END, own);
        re_compile_land(c, hole);
    } else {
        emit1(c, RE_OP_LOOK, own);
        compile_node(c, n->look.body, back, &UNKNOWN);
        emit1(c, n->first_group < n->end_group ? RE_OP_LOOK_END_KEEP : RE_OP_LOOK_END, own);
    }
}

static void compile_node(ReCompiler *c, ReNode *n, bool back, const ReFirst *follow)
{
    switch (n->kind) {
    case RE_EMPTY:    break;
    case RE_TEXT:     compile_text(c, n, back); break;
    case RE_SET:      compile_set(c, n->set, back); break;
    case RE_SEQUENCE: compile_sequence(c, n, back, follow); break;
    case RE_CHOICE:   compile_choice(c, n, back, follow); break;
    case RE_GROUP:
        emit1(c, RE_OP_SAVE, 2 * n->group.index + (back ? 1 : 0));
        compile_node(c, n->group.body, back, follow);
        emit1(c, RE_OP_SAVE, 2 * n->group.index + (back ? 0 : 1));
        break;
    case RE_REPEAT:   compile_repeat(c, n, back, follow); break;
    case RE_ASSERT:
        re_compile_emit(c, RE_OP_TEXT_START + n->assertion);
        break;
    case RE_LOOK:     compile_look(c, n); break;
    case RE_BACKREF:
        c->has_backrefs = true;
        for (uint32_t i = 0; i < n->backref.count; i++)      // one of the groups is set at most
            emit2(c, back ? RE_OP_BACKREF_BACK : RE_OP_BACKREF, n->backref.groups[i], n->backref.compare);
        break;
    }
}

/* ---- what a search may skip ---- */

static bool is_anchored(const ReNode *n)
{
    switch (n->kind) {
    case RE_ASSERT:   return n->assertion == RE_TEXT_START;
    case RE_SEQUENCE: return is_anchored(n->list.items[0]);
    case RE_GROUP:    return is_anchored(n->group.body);
    case RE_CHOICE:
        for (uint32_t i = 0; i < n->list.count; i++)
            if (!is_anchored(n->list.items[i])) return false;
        return true;
    case RE_EMPTY: case RE_TEXT: case RE_SET: case RE_REPEAT: case RE_LOOK: case RE_BACKREF:
        return false;
    }
    UNREACHABLE();
}

/* The node that every match begins with, through sequences and groups. */
static const ReNode *leading_node(const ReNode *n)
{
    while (n->kind == RE_SEQUENCE || n->kind == RE_GROUP)
        n = n->kind == RE_GROUP ? n->group.body : n->list.items[0];
    return n;
}

static void fill_start(ReCompiler *c, ReNode *root, ReCode *code)
{
    const ReNode *leading = leading_node(root);
    const ReSet *set = leading->kind == RE_REPEAT ? single_set(c, leading->repeat.body) : NULL;
    code->is_anchored = is_anchored(root);
    code->min_length = root->min_length;
    code->start_filter = intern_filter(c, re_tree_first(c->arena, root));
    // A match from within the run would be one from its beginning, unless a back reference tells them apart.
    bool is_run = set && leading->repeat.max == RE_UNBOUNDED && !c->has_backrefs;
    code->start_run = is_run ? intern_set(c, set) : RE_NO_FILTER;
    if (leading->kind == RE_TEXT) {
        code->prefix = leading->text.characters;
        code->prefix_count = leading->text.count;
        uint8_t *latin1 = arena_alloc(c->arena, code->prefix_count);
        code->prefix8 = latin1;
        for (uint32_t i = 0; i < code->prefix_count; i++) {
            latin1[i] = (uint8_t)code->prefix[i];
            if (code->prefix[i] > 0xff) code->prefix8 = NULL;
        }
    }
}

/* ---- one block ---- */

static void *take_piece(char **at, const void *from, size_t size_bytes)
{
    void *piece = *at;
    if (size_bytes) memcpy(piece, from, size_bytes);
    *at += (size_bytes + 7) & ~(size_t)7;
    return piece;
}

static ReCode *pack(const ReCompiler *c, const ReCode *draft)
{
    size_t sizes[] = { c->words.count * sizeof(uint32_t), c->sets.count * sizeof(ReCharSet),
                       c->ranges.count * sizeof(ReRange), c->filters.count * sizeof(ReFilter),
                       draft->prefix_count * sizeof(uint32_t), draft->prefix8 ? draft->prefix_count : 0 };
    size_t total = (sizeof(ReCode) + 7) & ~(size_t)7;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) total += (sizes[i] + 7) & ~(size_t)7;
    ReCode *code = mem_try_alloc(total);
    if (!code) return NULL;
    *code = *draft;
    code->size_bytes = total;
    char *at = (char *)code + ((sizeof(ReCode) + 7) & ~(size_t)7);
    code->words = take_piece(&at, c->words.items, sizes[0]);
    code->sets = take_piece(&at, c->sets.items, sizes[1]);
    code->ranges = take_piece(&at, c->ranges.items, sizes[2]);
    code->filters = take_piece(&at, c->filters.items, sizes[3]);
    code->prefix = take_piece(&at, draft->prefix, sizes[4]);
    code->prefix8 = draft->prefix8 ? take_piece(&at, draft->prefix8, sizes[5]) : NULL;
    return code;
}

ReCode *re_compile_tree(Arena *arena, const ReTree *tree, ReError *error)
{
    jmp_buf *outer = arena->on_exhausted, escape;
    ReCode *volatile code = NULL;
    ReCompiler c = { .arena = arena, .last_character = re_tree_last_character(tree->flags) };
    *error = (ReError){ 0, "pattern too large" };
    if (setjmp(escape) == 0) {
        arena->on_exhausted = &escape;
        c.register_count = 2 * (tree->group_count + 1);
        compile_node(&c, tree->root, false, &UNKNOWN);
        re_compile_emit(&c, RE_OP_MATCH);
        ReCode draft = { .group_count = tree->group_count, .is_unicode = re_tree_has_unicode(tree->flags) };
        fill_start(&c, tree->root, &draft);
        draft.word_count = c.words.count;
        draft.set_count = c.sets.count;
        draft.range_count = c.ranges.count;
        draft.filter_count = c.filters.count;
        draft.register_count = c.register_count;
        code = pack(&c, &draft);
    }
    arena->on_exhausted = outer;
    return code;
}
