/* SPDX-License-Identifier: MIT */
/* RegExp.$1, RegExp.lastMatch and so on: what the goroutine's last match in the realm was, as the proposal of legacy
 * features has it. */
#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "lib/regexp.h"

enum { STATIC_INPUT, STATIC_FIRST_GROUP, STATIC_LAST_MATCH = 10, STATIC_LAST_PAREN, STATIC_LEFT_CONTEXT, STATIC_RIGHT_CONTEXT };

static RegExpStatics *regexp_new_statics(Goroutine *g, Realm *realm)
{
    Value empty = g->vm->empty_string;
    RegExpStatics *s = alloc_small(&g->heap, ALLOC_ROUND(sizeof *s), CELL_HEADER(0, KIND_REGEXP_STATICS, 0));
    *s = (RegExpStatics){ .cell = s->cell, .older = g->regexp_statics, .realm = realm, .input = empty, .subject = empty,
                          .last_paren = { -1, -1 }, .is_valid = true };
    g->regexp_statics = s;
    return s;
}

static RegExpStatics *regexp_statics(Goroutine *g, Realm *realm)
{
    RegExpStatics *s = g->regexp_statics;
    while (UNLIKELY(s && s->realm != realm)) s = s->older;
    return LIKELY(s) ? s : regexp_new_statics(g, realm);
}

void regexp_note_match(Goroutine *g, const RegExp *rx, const RegExpMatch *m)
{
    if (UNLIKELY(rx->realm != realm_current(g))) return;
    RegExpStatics *s = regexp_statics(g, rx->realm);
    s->is_valid = rx->is_legacy;
    if (UNLIKELY(!s->is_valid)) return;
    uint32_t groups = regexp_group_count(m->program->program);
    barrier_store(&g->heap, s, &s->input, value_from_cell(m->subject));
    barrier_store(&g->heap, s, &s->subject, value_from_cell(m->subject));
    s->count = groups < REGEXP_STATIC_GROUPS ? groups : REGEXP_STATIC_GROUPS;
    memcpy(s->captures, m->captures, sizeof s->captures);         // of a known size: there is room for as many (regexp.h I4)
    s->last_paren[0] = groups ? m->captures[2 * groups] : -1;
    s->last_paren[1] = groups ? m->captures[2 * groups + 1] : -1;
}

static bool lib_regexp_check_receiver(Goroutine *g, Args a, const Realm *realm)
{
    if (a.self == realm_intrinsic(realm, INTRINSIC_RegExp)) return true;
    return error_throw_bool(g, ERROR_TYPE, "RegExp.%S is not for subclasses", string_of(function_native(args_callee(a))->name));
}

static Value lib_regexp_static_slice(Goroutine *g, const RegExpStatics *s, int32_t start, int32_t end)
{
    if (start < 0) return g->vm->empty_string;
    String *part = string_slice(&g->heap, string_of(s->subject), (uint32_t)start, (uint32_t)end);
    return part ? value_from_cell(part) : error_throw_out_of_memory(g);
}

/* GetLegacyRegExpStaticProperty; magic: which. */
static Value lib_regexp_get_static(Goroutine *g, Args a)
{
    Realm *realm = function_native(args_callee(a))->realm;
    const RegExpStatics *s = regexp_statics(g, realm);
    uint32_t which = (uint32_t)args_magic(a);
    OK(lib_regexp_check_receiver(g, a, realm));
    if (!s->is_valid) return error_throw(g, ERROR_TYPE, "The last match was made by a subclass of RegExp");
    switch (which) {
    case STATIC_INPUT:         return s->input;
    case STATIC_LAST_MATCH:    return lib_regexp_static_slice(g, s, s->captures[0], s->captures[1]);
    case STATIC_LAST_PAREN:    return lib_regexp_static_slice(g, s, s->last_paren[0], s->last_paren[1]);
    case STATIC_LEFT_CONTEXT:  return lib_regexp_static_slice(g, s, 0, s->captures[0]);
    case STATIC_RIGHT_CONTEXT: return lib_regexp_static_slice(g, s, s->captures[1], (int32_t)string_of(s->subject)->length);
    default:
        return which > s->count ? g->vm->empty_string : lib_regexp_static_slice(g, s, s->captures[2 * which], s->captures[2 * which + 1]);
    }
}

/* SetLegacyRegExpStaticProperty of RegExp.input. */
static Value lib_regexp_set_input(Goroutine *g, Args a)
{
    Realm *realm = function_native(args_callee(a))->realm;
    OK(lib_regexp_check_receiver(g, a, realm));
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    RegExpStatics *statics = regexp_statics(g, realm);
    barrier_store(&g->heap, statics, &statics->input, value_from_cell(s));
    return VALUE_UNDEFINED;
}

#define STATIC(name_, which) { .name = name_, .function = lib_regexp_get_static, .flags = NATIVE_GETTER, .magic = which }
#define STATIC_PAIR(name_, other, which) STATIC(name_, which), STATIC(other, which)

static const NativeSpec lib_regexp_statics[] = {
    STATIC_PAIR("input", "$_", STATIC_INPUT),
    LIB_SETTER("input", lib_regexp_set_input),
    LIB_SETTER("$_", lib_regexp_set_input),
    STATIC_PAIR("lastMatch", "$&", STATIC_LAST_MATCH),
    STATIC_PAIR("lastParen", "$+", STATIC_LAST_PAREN),
    STATIC_PAIR("leftContext", "$`", STATIC_LEFT_CONTEXT),
    STATIC_PAIR("rightContext", "$'", STATIC_RIGHT_CONTEXT),
    STATIC("$1", 1), STATIC("$2", 2), STATIC("$3", 3), STATIC("$4", 4), STATIC("$5", 5),
    STATIC("$6", 6), STATIC("$7", 7), STATIC("$8", 8), STATIC("$9", 9),
};

void regexp_install_statics(const Lib *lib)
{
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_RegExp), lib_regexp_statics);
}
