/* SPDX-License-Identifier: MIT */
/* realm.h - a realm: its intrinsics, its global object, its shapes for common objects (ECMA-262 9.3).
 *
 * Realms live on the C heap until the VM ends. Fields are immutable once lib_install has returned, except that the
 * objects they name are ordinary mutable objects.
 * I1  Both globals are dictionaries with OBJECT_IS_GLOBAL: a data property's slot never moves, and it holds the hole
 *     while the binding is absent, in its dead zone, or an accessor, so a cache may keep the slot's address. */
#ifndef US_OBJECT_REALM_H
#define US_OBJECT_REALM_H

#include "vm/object/function.h"
#include "vm/object/hooks.h"

typedef enum IntrinsicId {
#define INTRINSIC(id) INTRINSIC_##id,
#include "vm/object/intrinsics.def"
    INTRINSIC_COUNT
} IntrinsicId;

typedef struct Realm {
    Vm           *vm;
    struct Realm *older;                // list from vm->realms, the main one first
    Value         intrinsics[INTRINSIC_COUNT];
    Object       *global;                // the global object
    Object       *scope;                 // lexical declarations of scripts, as properties
    Value         global_this;
    Value         template_map;          // KIND_VALUES: template objects by site
    Shape        *object_shape;          // {}
    Shape        *array_shape;           // []
    Shape        *arguments_shape;       // of strict code; as all of these: length, @@iterator, callee
    Shape        *mapped_arguments_shape;
    Shape        *function_shape;        // lazy closures, by the four kinds of function
    Shape        *async_shape;
    Shape        *generator_shape;
    Shape        *async_generator_shape;
    Shape        *native_shape;
    Shape        *iterator_result_shape; // value, done
    Shape        *promise_shape;
    Shape        *regexp_shape;          // lastIndex
    Shape        *regexp_result_shape;   // an array with index, input, groups
    Value         host_data;             // for the host: module registry and the like
} Realm;

/** The realm of the running function; the VM's first one when none runs. */
Realm *realm_current(Goroutine *g);
/** The realm of what called the function that runs. */
Realm *realm_of_caller(Goroutine *g);

/** A new realm with empty globals and only the function and object prototypes; lib_install fills it. When there are
 *  several goroutines, the caller forbids collections until it has published it. Of all but the first, inline caches
 *  are told (cache_realm_made). */
Realm *realm_create(LocalHeap *h);
void realm_destroy(Realm *realm);

/** Set a root of the realm after lib_install: once the realm is shared, so is what it refers to. */
void realm_set_root(LocalHeap *h, Realm *realm, Value *root, Value v);

static inline Value realm_intrinsic(const Realm *realm, IntrinsicId id)
{
    return realm->intrinsics[id];
}

/** Is `o` the Object.prototype of some realm? */
bool realm_is_object_prototype(const Vm *vm, const Object *o);

/** An ordinary object with prototype %id% of the current realm. */
NODISCARD Object *realm_new_object(Goroutine *g, IntrinsicId proto);

/** CreateIterResultObject (7.4.14). */
NODISCARD Value realm_iterator_result(Goroutine *g, Value v, bool done);

void realm_mark_roots(Vm *vm, Marker *m);
/** What one realm, the context, refers to: for publish_roots. */
void realm_mark(void *realm, Marker *m);

#endif
