/* SPDX-License-Identifier: MIT */
/* re_tree.h - a parsed pattern.
 *
 * I1  Flags are resolved: what i, m, s, u and v mean at a place is in the nodes there. A set holds every
 *     input character that matches; nobody canonicalizes later, except back references that ignore case.
 * I2  A character is a code unit, or under u and v a code point.
 * I3  The groups inside a node are numbered [first_group, end_group); nodes may be shared, groups are not.
 * I4  Groups and classes nest at most RE_DEPTH_LIMIT deep, so that parsing and passes over the tree may recurse;
 *     at that depth they take less than 512 KB of C stack.
 * Memory: everything lies in one arena. Immutable once parsed. */
#ifndef US_REGEXP_RE_TREE_H
#define US_REGEXP_RE_TREE_H

#include "vm/regexp/re_class.h"
#include "vm/regexp/re_parse.h"

enum { RE_DEPTH_LIMIT = 500, RE_GROUP_LIMIT = 65535, RE_ARENA_LIMIT_BYTES = 64 << 20 };
#define RE_UNBOUNDED UINT32_MAX

typedef enum ReKind {
    RE_EMPTY,
    RE_TEXT,          // characters, one after another
    RE_SET,           // one character of a set; an empty set never matches
    RE_SEQUENCE,
    RE_CHOICE,
    RE_GROUP,         // capturing
    RE_REPEAT,
    RE_ASSERT,
    RE_LOOK,
    RE_BACKREF,
} ReKind;

typedef enum ReAssertion {
    RE_TEXT_START,
    RE_TEXT_END,
    RE_LINE_START,
    RE_LINE_END,
    RE_WORD_EDGE,
    RE_WORD_INSIDE,       // \B
    RE_WORD_EDGE_FOLD,    // under i with u or v, U+017F and U+212A are word characters too
    RE_WORD_INSIDE_FOLD,
} ReAssertion;

typedef enum ReCompare { RE_COMPARE_EXACT, RE_COMPARE_SIMPLE, RE_COMPARE_LEGACY } ReCompare;

/* What may come first: a superset, coarse beyond Latin-1. `may_be_empty` says that a match may consume
 * nothing before what follows begins, in which case what follows counts too. */
typedef struct ReFirst {
    uint64_t latin1[4];
    bool     has_wide;
    bool     may_be_empty;
} ReFirst;

typedef struct ReNode ReNode;
struct ReNode {
    ReKind   kind;
    uint32_t min_length, max_length;      // in characters; RE_UNBOUNDED saturates
    uint32_t first_group, end_group;      // I3
    ReFirst *first;                       // filled by re_tree_first
    union {
        struct { uint32_t *characters; uint32_t count; } text;
        const ReSet *set;
        struct { ReNode **items; uint32_t count; } list;
        struct { ReNode *body; uint32_t index; } group;
        struct { ReNode *body; uint32_t min, max; bool is_greedy; } repeat;
        struct { ReNode *body; bool is_behind, is_negative; } look;
        ReAssertion assertion;
        struct { uint32_t *groups; uint32_t count; ReCompare compare; } backref;
    };
};

typedef struct ReGroupName {
    const uint16_t *units;                // UTF-16
    uint32_t        length;
    uint32_t        group;
} ReGroupName;

typedef struct ReTree {
    ReNode           *root;
    uint32_t          flags;
    uint32_t          group_count;        // capturing groups, the whole match not counted
    VEC(ReGroupName)  names;              // in order of the groups; a name may occur several times
} ReTree;

static inline bool re_tree_has_unicode(uint32_t flags)
{
    return (flags & (RE_UNICODE | RE_UNICODE_SETS)) != 0;
}
static inline uint32_t re_tree_last_character(uint32_t flags)
{
    return re_tree_has_unicode(flags) ? 0x10ffff : 0xffff;
}

/** Parse: NULL and `*error` when the pattern is not valid or too large. Lies in `arena`, of which
 *  RE_ARENA_LIMIT_BYTES is a sensible limit. */
ReTree *re_parse_tree(Arena *arena, ReText pattern, uint32_t flags, ReError *error);

ReNode *re_tree_empty(Arena *arena);
ReNode *re_tree_text(Arena *arena, uint32_t *characters, uint32_t count);      // keeps `characters`
ReNode *re_tree_set(Arena *arena, const ReSet *set);                           // keeps `set`, canonical
ReNode *re_tree_list(Arena *arena, ReKind kind, ReNode **items, uint32_t count);   // RE_SEQUENCE or RE_CHOICE
ReNode *re_tree_group(Arena *arena, ReNode *body, uint32_t index);
ReNode *re_tree_repeat(Arena *arena, ReNode *body, uint32_t min, uint32_t max, bool is_greedy);
ReNode *re_tree_assert(Arena *arena, ReAssertion assertion);
ReNode *re_tree_look(Arena *arena, ReNode *body, bool is_behind, bool is_negative);
ReNode *re_tree_backref(Arena *arena, ReCompare compare);                      // without groups as yet

/** What may come first in a match of `node` read forwards. Memory for it lies in `arena`. */
const ReFirst *re_tree_first(Arena *arena, ReNode *node);

bool re_tree_first_is_disjoint(const ReFirst *a, const ReFirst *b);
void re_tree_first_unite(ReFirst *into, const ReFirst *more);      // of the characters only
void re_tree_first_of_set(ReFirst *first, const ReSet *set);

#endif
