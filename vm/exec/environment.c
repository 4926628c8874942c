/* SPDX-License-Identifier: MIT */
#include "vm/exec/environment.h"

#include "gc/barrier.h"
#include "vm/exec/code.h"
#include "vm/exec/frames.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/realm.h"

/* ---- object environments --------------------------------------------------------------------------------------- */

Tri environment_has(Goroutine *g, Value environment, PropertyKey name)
{
    Object *o = object_of(environment);
    if (!ASK_TRI(object_has(g, o, name))) return TRI_FALSE;
    if (!(o->cell.kind == KIND_OBJECT && value_is_null(object_proto(g->vm, o)))) {
        Value unscopables = TRY_TRI(object_get(g, o, g->vm->symbols[SYMBOL_unscopables]));
        if (value_is_object(unscopables)) {
            Value blocked = TRY_TRI(object_get(g, object_of(unscopables), name));
            return tri_from_bool(!convert_to_boolean(blocked));
        }
    }
    return TRI_TRUE;
}

static bool environment_is_strict(const Goroutine *g)
{
    return (frames_code(g->fp)->flags & UNIT_IS_STRICT) != 0;
}

/* GetBindingValue (9.1.1.2.6): the name may have vanished since it was resolved. */
Value environment_get(Goroutine *g, Value environment, PropertyKey name)
{
    Object *o = object_of(environment);
    if (ASK(object_has(g, o, name))) return object_get(g, o, name);
    if (!environment_is_strict(g)) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_REFERENCE, "%K is not defined", name);
}

/* SetMutableBinding (9.1.1.2.5). */
bool environment_set(Goroutine *g, Value environment, PropertyKey name, Value v)
{
    Object *o = object_of(environment);
    bool strict = environment_is_strict(g);
    bool still_there = ASK_BOOL(object_has(g, o, name));
    if (!still_there && strict) return error_throw_bool(g, ERROR_REFERENCE, "%K is not defined", name);
    if (ASK_BOOL(object_set_with(g, o, name, v, environment))) return true;
    return !strict || error_throw_bool(g, ERROR_TYPE, "Cannot assign to read only property '%K' of object %V", name, environment);
}

/* ---- the global environment -------------------------------------------------------------------------------------- */

static Realm *environment_realm(Goroutine *g)
{
    return frames_code(g->fp)->realm;
}

/* Find a lexical declaration of a script. */
static bool environment_find_lexical(Goroutine *g, const Realm *realm, PropertyKey name, PropertyRef *ref)
{
    return object_find_own(&g->heap, realm->scope, name, ref);
}

static void environment_learn(InlineCache *ic, const PropertyRef *ref)
{
    if (ic && ref->address && !(ref->attributes & PROPERTY_ACCESSOR)) atomic_set_release(&ic->word, (uint64_t)(uintptr_t)ref->address);
}

Value environment_get_global(Goroutine *g, InlineCache *ic, PropertyKey name, bool must_exist)
{
    const Realm *realm = environment_realm(g);
    PropertyRef ref;
    if (environment_find_lexical(g, realm, name, &ref)) {
        if (ref.value == VALUE_HOLE) return error_throw(g, ERROR_REFERENCE, "Cannot access '%K' before initialization", name);
        environment_learn(ic, &ref);
        return ref.value;
    }
    if (object_find_own(&g->heap, realm->global, name, &ref)) {
        environment_learn(ic, &ref);
        if (!(ref.attributes & PROPERTY_ACCESSOR)) return ref.value;
        return object_get(g, realm->global, name);
    }
    if (ASK(object_has(g, realm->global, name))) return object_get(g, realm->global, name);
    if (!must_exist) return VALUE_UNDEFINED;
    return error_throw(g, ERROR_REFERENCE, "%K is not defined", name);
}

static bool environment_set_lexical(Goroutine *g, const Realm *realm, PropertyKey name, const PropertyRef *ref, Value v)
{
    if (ref->value == VALUE_HOLE) return error_throw_bool(g, ERROR_REFERENCE, "Cannot access '%K' before initialization", name);
    if (!(ref->attributes & PROPERTY_WRITABLE)) return error_throw_bool(g, ERROR_TYPE, "Assignment to constant variable '%K'.", name);
    barrier_store(&g->heap, realm->scope, ref->address, v);
    return true;
}

bool environment_set_global(Goroutine *g, InlineCache *ic, PropertyKey name, Value v)
{
    const Realm *realm = environment_realm(g);
    uint32_t flags = frames_code(g->fp)->flags;
    PropertyRef ref;
    (void)ic;
    if (environment_find_lexical(g, realm, name, &ref)) return environment_set_lexical(g, realm, name, &ref, v);
    Value global = value_from_cell(realm->global);
    bool exists = ASK_BOOL(object_has(g, realm->global, name));
    if (!exists && (flags & UNIT_IS_STRICT) && !(flags & UNIT_IS_IMPLICIT_GLOBALS))
        return error_throw_bool(g, ERROR_REFERENCE, "%K is not defined", name);
    if (ASK_BOOL(object_set_with(g, realm->global, name, v, global))) return true;
    return !(flags & UNIT_IS_STRICT)
        || error_throw_bool(g, ERROR_TYPE, "Cannot assign to read only property '%K' of object %V", name, global);
}

/* Initialisation writes to the slot whatever its attributes say: a const becomes its value. */
void environment_init_global(Goroutine *g, PropertyKey name, Value v)
{
    const Realm *realm = environment_realm(g);
    PropertyRef ref;
    bool found = environment_find_lexical(g, realm, name, &ref);
    CHECK(found, "the script declared the name");
    barrier_store(&g->heap, realm->scope, ref.address, v);
}

/* ---- declarations (16.1.7) --------------------------------------------------------------------------------------- */

/* A lexical declaration takes a name over from the global object: caches of the object's slot must miss, so the value
 * moves to a new slot and the old one becomes the hole. */
static void environment_shadow(Goroutine *g, Realm *realm, PropertyKey name)
{
    LocalHeap *h = &g->heap;
    Object *global = realm->global;
    ObjectChange change = object_enter(h, global, true);
    Shape *s = object_shape(g->vm, global);
    PropertyPlace place;
    if (shape_find(s, name, &place)) {
        Value *slot = object_reserve_slot(h, global, s, s->slot_count++);
        barrier_store(h, global, slot, cell_slot_get(place.address));
        shape_dictionary_set(s, place.entry, slot, place.attributes);
        barrier_store(h, global, place.address, VALUE_HOLE);
    }
    object_leave(h, global, change);
}

static bool environment_throw_redeclared(Goroutine *g, PropertyKey name)
{
    return error_throw_bool(g, ERROR_SYNTAX, "Identifier '%K' has already been declared", name);
}

static bool environment_check_lexical(Goroutine *g, const Realm *realm, PropertyKey name)
{
    PropertyRef ref;
    Descriptor d;
    if (environment_find_lexical(g, realm, name, &ref)) return environment_throw_redeclared(g, name);
    bool own = ASK_BOOL(object_get_own(g, realm->global, name, &d));
    if (own && !(d.attributes & PROPERTY_CONFIGURABLE)) return environment_throw_redeclared(g, name);
    return true;
}

/* CanDeclareGlobalFunction (9.1.1.4.16). */
static Tri environment_can_declare_function(Goroutine *g, const Realm *realm, PropertyKey name)
{
    Descriptor d;
    if (!ASK_TRI(object_get_own(g, realm->global, name, &d))) return object_is_extensible(g, realm->global);
    if (d.attributes & PROPERTY_CONFIGURABLE) return TRI_TRUE;
    uint8_t both = PROPERTY_WRITABLE | PROPERTY_ENUMERABLE;
    return tri_from_bool(!descriptor_is_accessor(&d) && (d.attributes & both) == both);
}

/* CanDeclareGlobalVar (9.1.1.4.15). */
static Tri environment_can_declare_var(Goroutine *g, const Realm *realm, PropertyKey name)
{
    if (ASK_TRI(object_has_own(g, realm->global, name))) return TRI_TRUE;
    return object_is_extensible(g, realm->global);
}

bool environment_declare_global_var(Goroutine *g, PropertyKey name, bool deletable)
{
    const Realm *realm = environment_realm(g);
    if (ASK_BOOL(object_has_own(g, realm->global, name))) return true;
    if (!ASK_BOOL(object_is_extensible(g, realm->global))) return true;
    Descriptor d = descriptor_of_data(VALUE_UNDEFINED, PROPERTY_WRITABLE | PROPERTY_ENUMERABLE | (deletable ? PROPERTY_CONFIGURABLE : 0));
    return object_define_or_throw(g, realm->global, name, &d);
}

bool environment_declare_global_function(Goroutine *g, PropertyKey name, Value f, bool deletable)
{
    const Realm *realm = environment_realm(g);
    Descriptor existing;
    bool there = ASK_BOOL(object_get_own(g, realm->global, name, &existing));
    Descriptor d = { .fields = DESCRIPTOR_HAS_VALUE, .value = f };
    if (!there || (existing.attributes & PROPERTY_CONFIGURABLE))
        d = descriptor_of_data(f, PROPERTY_WRITABLE | PROPERTY_ENUMERABLE | (deletable ? PROPERTY_CONFIGURABLE : 0));
    OK_BOOL(object_define_or_throw(g, realm->global, name, &d));
    return object_put(g, realm->global, name, f);
}

static bool environment_check_declaration(Goroutine *g, const Realm *realm, PropertyKey name, uint32_t kind)
{
    PropertyRef ref;
    if (kind == DECLARE_LET || kind == DECLARE_CONST) return environment_check_lexical(g, realm, name);
    if (kind == DECLARE_ANNEX_B_FUNCTION) return true;
    if (environment_find_lexical(g, realm, name, &ref)) return environment_throw_redeclared(g, name);
    if (kind == DECLARE_FUNCTION && !ASK_BOOL(environment_can_declare_function(g, realm, name)))
        return error_throw_bool(g, ERROR_TYPE, "Cannot declare global function '%K'", name);
    if (kind == DECLARE_VAR && !ASK_BOOL(environment_can_declare_var(g, realm, name)))
        return error_throw_bool(g, ERROR_TYPE, "Cannot declare global variable '%K'", name);
    return true;
}

/* Annex B.3.2.2: a function in a block is also a var where that breaks nothing. */
static bool environment_declare_annex_b(Goroutine *g, const Realm *realm, PropertyKey name, bool deletable)
{
    PropertyRef ref;
    if (environment_find_lexical(g, realm, name, &ref)) return true;
    if (!ASK_BOOL(environment_can_declare_function(g, realm, name))) return true;
    return environment_declare_global_var(g, name, deletable);
}

static void environment_declare_lexical(Goroutine *g, Realm *realm, PropertyKey name, bool is_const)
{
    environment_shadow(g, realm, name);
    object_add(&g->heap, realm->scope, name, VALUE_HOLE, PROPERTY_ENUMERABLE | (is_const ? 0 : PROPERTY_WRITABLE));
}

static bool environment_declare(Goroutine *g, const UnitConstant *declarations, bool deletable)
{
    Realm *realm = environment_realm(g);
    const Unit *unit = frames_code(g->fp)->unit;
    ValueList *names = list_new(&g->heap, declarations->count);
    for (uint32_t i = 0; i < declarations->count; i++)
        list_push(&g->heap, &names, code_string(&g->heap, unit, declarations->list[i * 2]));
    for (uint32_t i = 0; i < declarations->count; i++)
        OK_BOOL(environment_check_declaration(g, realm, names->items[i], declarations->list[i * 2 + 1]));
    for (uint32_t i = 0; i < declarations->count; i++) {
        uint32_t kind = declarations->list[i * 2 + 1];
        PropertyKey name = names->items[i];
        if (kind == DECLARE_VAR) OK_BOOL(environment_declare_global_var(g, name, deletable));
        if (kind == DECLARE_ANNEX_B_FUNCTION) OK_BOOL(environment_declare_annex_b(g, realm, name, deletable));
        if (kind == DECLARE_LET || kind == DECLARE_CONST) environment_declare_lexical(g, realm, name, kind == DECLARE_CONST);
    }
    return true;
}

bool environment_declare_globals(Goroutine *g, const UnitConstant *declarations)
{
    return environment_declare(g, declarations, false);
}

bool environment_declare_eval(Goroutine *g, const UnitConstant *declarations)
{
    return environment_declare(g, declarations, true);
}

Tri environment_delete_global(Goroutine *g, PropertyKey name)
{
    const Realm *realm = environment_realm(g);
    PropertyRef ref;
    if (environment_find_lexical(g, realm, name, &ref)) return TRI_FALSE;
    if (!ASK_TRI(object_has_own(g, realm->global, name))) return TRI_TRUE;
    return object_delete(g, realm->global, name);
}
