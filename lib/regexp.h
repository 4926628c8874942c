/* SPDX-License-Identifier: MIT */
/* regexp.h - RegExp objects, what they share, and matching as the language sees it (ECMA-262 22.2).
 *
 * I1  lastIndex is the first property of every RegExp, cannot be deleted, and lives in inline slot 0.
 * I2  Programs are shared cells. One serves all RegExps of equal source and flags that find it in
 *     RegExpSpace.programs.
 * I3  While vm->regexp_pristine, every realm's RegExp.prototype and RegExp are as installed; a RegExp of the realm's
 *     own shape is then matched without asking its properties.
 * I4  Captures are units of the subject, two a group, -1 for a group without part; they are in memory of the thread
 *     and last until its next match: C code that uses them runs no user code. The array has REGEXP_LEAST_CAPTURES
 *     places or more, those beyond the groups without meaning. */
#ifndef US_LIB_REGEXP_H
#define US_LIB_REGEXP_H

#include "lib/install.h"
#include "vm/base/mutex.h"
#include "vm/regexp/regexp.h"

typedef struct RegExpProgram {           // KIND_REGEXP_PROGRAM; immutable
    Cell       cell;
    ReProgram *program;                  // owned
    Value      source;                   // string: the pattern
    Value      flags;                    // string: as given, in the order of the flags getter
    ValueList *names;                    // of named groups: key, int32 group, key, group, ...; NULL: there are none
    uint64_t   bits;                     // RE_* flags
} RegExpProgram;

typedef struct RegExp {                  // KIND_REGEXP
    Object         object;
    RegExpProgram *program;              // atomic: compile() replaces it; read once (regexp_program_now), then used
    Realm         *realm;
    uint64_t       is_legacy;            // made by RegExp itself, not by a subclass: matches show in RegExp.$1 and so on
    Value          last_index[];         // I1
} RegExp;

enum { REGEXP_PROGRAMS = 256, REGEXP_LEAST_CAPTURES = 32, REGEXP_STATIC_GROUPS = 9 };
STATIC_ASSERT(REGEXP_LEAST_CAPTURES >= 2 * (REGEXP_STATIC_GROUPS + 1), "regexp_note_match copies so many");

/* One thread's memory for matching (Mutator.matching). */
typedef struct RegExpThread {
    struct RegExpThread *next;           // all of the VM's; RegExpSpace.lock
    ReScratch     *scratch;
    int32_t       *captures;             // C heap (I4)
    uint32_t       capture_capacity;
    String        *well_formed;          // a subject without lone surrogates; forgotten by coordinated collections
    uint64_t       owner, owner_at;      // 0: it is shared; else it counts for this goroutine, and until there is
                                         // another private collection: nobody tells of private cells that die
} RegExpThread;

typedef struct RegExpSpace {             // of a Vm
    Mutex          lock;                 // LOCK_STATS
    RegExpThread  *threads;              // lock; threads live as long as the VM does
    RegExpProgram *programs[REGEXP_PROGRAMS];    // by hash; weak; atomic
} RegExpSpace;

/* RegExp.$1 and so on: the last match of the goroutine in a realm. Of one goroutine, never shared. */
typedef struct RegExpStatics {           // KIND_REGEXP_STATICS
    Cell                  cell;
    struct RegExpStatics *older;         // of other realms
    Realm                *realm;
    Value                 input;         // RegExp.input: a string
    Value                 subject;       // string; the captures are units of it
    int32_t               captures[2 * (REGEXP_STATIC_GROUPS + 1)];
    int32_t               last_paren[2]; // of the last group
    uint32_t              count;         // groups in captures
    bool                  is_valid;      // false: the last match is not for these
} RegExpStatics;

typedef struct RegExpMatch {             // captures of a match and what they belong to
    const RegExpProgram *program;
    String              *subject;
    const int32_t       *captures;       // I4
} RegExpMatch;

static inline RegExp *regexp_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_REGEXP), "the value is a RegExp");
    return (RegExp *)value_cell(v);
}

static inline RegExpProgram *regexp_program_now(const RegExp *rx)
{
    return atomic_get_dependent(&rx->program);                  // pairs with the barrier's store in compile()
}

/** Matching `v` runs no user code but what the match itself is (I3), and its lastIndex is an int32. */
static inline bool regexp_is_pristine(const Vm *vm, const Realm *realm, Value v)
{
    return value_is_kind(v, KIND_REGEXP) && atomic_get_relaxed(&vm->regexp_pristine)
        && atomic_get_dependent(&value_cell(v)->shape) == shape_number(realm->regexp_shape)
        && value_is_int(cell_slot_get(&regexp_of(v)->last_index[0]));
}

/** The program of a pattern; NULL: SyntaxError thrown. */
NODISCARD RegExpProgram *regexp_program(Goroutine *g, String *source, String *flags);
/** The same pattern under other flags. */
NODISCARD RegExpProgram *regexp_program_with(Goroutine *g, const RegExpProgram *p, uint32_t bits);

NODISCARD RegExp *regexp_new(Goroutine *g, RegExpProgram *p, Value proto, bool is_legacy);

/** IsRegExp (7.2.6). */
NODISCARD Tri regexp_is_regexp(Goroutine *g, Value v);

/** Set(rx, "lastIndex", index, true). */
NODISCARD bool regexp_set_last_index(Goroutine *g, RegExp *rx, uint32_t index);

/** A match of a program at or after `start`, with no regard to lastIndex. */
NODISCARD Tri regexp_match_from(Goroutine *g, const RegExpProgram *p, String *subject, uint32_t start, RegExpMatch *m);

/** RegExpBuiltinExec (22.2.7.2) up to the making of its result. */
NODISCARD Tri regexp_builtin_match(Goroutine *g, RegExp *rx, String *subject, RegExpMatch *m);
/** The same with the program that the caller has found in `rx`. */
NODISCARD Tri regexp_builtin_match_with(Goroutine *g, RegExp *rx, const RegExpProgram *p, String *subject, RegExpMatch *m);
/** Its result: an array. */
NODISCARD Value regexp_match_result(Goroutine *g, const RegExpMatch *m);
/** The object of named groups, or undefined. */
NODISCARD Value regexp_match_groups(Goroutine *g, const RegExpMatch *m);
/** What group `i` captured: string or undefined. NULL for want of memory is thrown. */
NODISCARD Value regexp_match_capture(Goroutine *g, const RegExpMatch *m, uint32_t i);

/** RegExpExec (22.2.7.1): an object, null, or thrown. */
NODISCARD Value regexp_exec(Goroutine *g, Object *rx, String *subject);

/** AdvanceStringIndex (22.2.7.3). */
double regexp_advance(LocalHeap *h, String *s, double index, bool unicode);

static inline bool regexp_is_unicode(const RegExpProgram *p)
{
    return (p->bits & (RE_UNICODE | RE_UNICODE_SETS)) != 0;
}

static inline ReText regexp_text(StringView v)
{
    return (ReText){ v.units, (uint32_t)v.length, v.is_wide };
}

void regexp_install_getters(const Lib *lib);
void regexp_install_iterator(const Lib *lib);
void regexp_install_statics(const Lib *lib);
/** A match has succeeded: RegExp.$1 and so on (regexp_statics.c). */
void regexp_note_match(Goroutine *g, const RegExp *rx, const RegExpMatch *m);

/** Make what matching needs for the whole VM. */
void regexp_create_space(Vm *vm);

/** Collector: forget programs and subjects that died. */
void regexp_finish(Vm *vm, Marker *m);
void regexp_register_kinds(void);
void regexp_destroy(Vm *vm);

#endif
