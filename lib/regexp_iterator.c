/* SPDX-License-Identifier: MIT */
/* %RegExpStringIteratorPrototype%: what RegExp.prototype[@@matchAll] returns (ECMA-262 22.2.9). */
#include "lib/intrinsics.h"
#include "lib/iterator.h"
#include "lib/regexp.h"

enum { MATCHES_GLOBAL = 1, MATCHES_UNICODE = 2 };

/* $regexpMatches(matcher, string, global, unicode): CreateRegExpStringIterator (22.2.9.1). */
Value lib_regexp_matches(Goroutine *g, Args a)
{
    Value proto = realm_intrinsic(realm_current(g), INTRINSIC_RegExpStringIteratorPrototype);
    int32_t mode = (value_bool(arg(a, 2)) ? MATCHES_GLOBAL : 0) | (value_bool(arg(a, 3)) ? MATCHES_UNICODE : 0);
    Value matcher = arg(a, 0), s = arg(a, 1);
    IteratorObject *it = iterator_new(&g->heap, proto, ITERATOR_REGEXP_STRING, matcher, value_from_int(mode));
    it->more = s;
    return value_from_cell(it);
}

/* $regexpMatchAll(rx, string): the whole of @@matchAll for a pristine RegExp and a string; undefined for others. */
Value lib_regexp_match_all(Goroutine *g, Args a)
{
    const Realm *realm = realm_current(g);
    if (!value_is_string(arg(a, 1)) || !regexp_is_pristine(g->vm, realm, arg(a, 0))) return VALUE_UNDEFINED;
    RegExpProgram *p = regexp_program_now(regexp_of(arg(a, 0)));
    RegExp *matcher = regexp_new(g, p, realm_intrinsic(realm, INTRINSIC_RegExpPrototype), true);
    Value last_index = cell_slot_get(&regexp_of(arg(a, 0))->last_index[0]);
    if (!value_is_int(last_index)) return VALUE_UNDEFINED;       // another goroutine has set it since
    matcher->last_index[0] = value_from_int(value_int(last_index) > 0 ? value_int(last_index) : 0);
    int32_t mode = (p->bits & RE_GLOBAL ? MATCHES_GLOBAL : 0) | (regexp_is_unicode(p) ? MATCHES_UNICODE : 0);
    Value proto = realm_intrinsic(realm, INTRINSIC_RegExpStringIteratorPrototype);
    IteratorObject *it = iterator_new(&g->heap, proto, ITERATOR_REGEXP_STRING, value_from_cell(matcher), value_from_int(mode));
    it->more = arg(a, 1);
    return value_from_cell(it);
}

/* An empty match does not count as progress. */
static bool lib_regexp_step_over_empty(Goroutine *g, const IteratorObject *it, Object *matcher, Value result)
{
    double last_index;
    Value v = TRY_BOOL(object_get_of(g, result, key_from_index(0)));
    String *matched = convert_to_string(g, v);
    if (!matched) return false;
    if (matched->length) return true;
    Value index = TRY_BOOL(object_get(g, matcher, vm_atom(g->vm, ATOM_lastIndex)));
    OK_BOOL(convert_to_length(g, index, &last_index));
    double next = regexp_advance(&g->heap, string_of(it->more), last_index, (value_int(it->mode) & MATCHES_UNICODE) != 0);
    return object_put(g, matcher, vm_atom(g->vm, ATOM_lastIndex), value_from_double(next));
}

/* %RegExpStringIteratorPrototype%.next (22.2.9.2.1) without its result object: a match, or the hole. */
static Value lib_regexp_iterator_step(Goroutine *g, Value iterator)
{
    IteratorObject *it = iterator_try_of(iterator, ITERATOR_REGEXP_STRING);
    if (!it) return error_throw(g, ERROR_TYPE, "Method RegExp String Iterator.prototype.next called on incompatible receiver %V", iterator);
    Value source = cell_slot_get(&it->source);
    if (value_is_undefined(source)) return VALUE_HOLE;
    Object *matcher = object_of(source);
    Value result = TRY(regexp_exec(g, matcher, string_of(it->more)));
    bool is_last = value_is_null(result) || !(value_int(it->mode) & MATCHES_GLOBAL);
    if (is_last) cell_slot_set(&it->source, VALUE_UNDEFINED);
    else OK(lib_regexp_step_over_empty(g, it, matcher, result));
    return value_is_null(result) ? VALUE_HOLE : result;
}

static Value lib_regexp_iterator_next(Goroutine *g, Args a)
{
    Value v = TRY(lib_regexp_iterator_step(g, a.self));
    return v == VALUE_HOLE ? realm_iterator_result(g, VALUE_UNDEFINED, true) : realm_iterator_result(g, v, false);
}

void regexp_install_iterator(const Lib *lib)
{
    static const NativeSpec next[] = { { .name = "next", .function = lib_regexp_iterator_next, .step = lib_regexp_iterator_step } };
    Value proto = install_object(lib, iterator_prototype(lib));
    INSTALL_TABLE(lib, proto, next);
    install_tag(lib, proto, "RegExp String Iterator");
    lib->realm->intrinsics[INTRINSIC_RegExpStringIteratorPrototype] = proto;
}
