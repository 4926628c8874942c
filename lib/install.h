/* SPDX-License-Identifier: MIT */
/* install.h - what lib_*_install functions are made of: constructors, methods, constants on objects of a new realm.
 *
 * None of it can fail: memory for small cells is always there (gc/heap.h I1), and no user code exists yet. */
#ifndef US_LIB_INSTALL_H
#define US_LIB_INSTALL_H

#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/function.h"
#include "vm/object/realm.h"
#include "vm/value/symbol.h"

typedef struct Lib {
    Goroutine *g;
    LocalHeap *h;
    Realm     *realm;
} Lib;

/* The NativeSpec of a method (or, with a `get `, of an accessor's getter). Names in brackets are well-known symbols:
 * "[Symbol.iterator]". */
#define LIB_METHOD(name_, length_, function_)         { .name = name_, .function = function_, .length = length_ }
#define LIB_MAGIC(name_, length_, function_, magic_)  { .name = name_, .function = function_, .length = length_, .magic = magic_ }
#define LIB_GETTER(name_, function_)                  { .name = name_, .function = function_, .flags = NATIVE_GETTER }
#define LIB_SETTER(name_, function_)                  { .name = name_, .function = function_, .length = 1, .flags = NATIVE_SETTER }
#define LIB_CONSTRUCTOR(name_, length_, function_)    { .name = name_, .function = function_, .length = length_, .flags = NATIVE_CONSTRUCTOR }

/** Define the functions of a table on `target`: methods writable and configurable, getter and setter rows of one name
 *  joined. */
void install_table(const Lib *lib, Value target, const NativeSpec *specs, size_t count);
#define INSTALL_TABLE(lib, target, specs) install_table(lib, target, specs, COUNT_OF(specs))

/** A constructor with its prototype object, linked both ways; the constructor becomes a global of its name and both
 *  intrinsics. `proto`'s intrinsic is made, inheriting from `parent`, unless it is there already. `super`: what the
 *  constructor inherits from, or undefined for %Function.prototype%. */
Native *install_constructor(const Lib *lib, const NativeSpec *spec, IntrinsicId id, IntrinsicId proto, Value parent, Value super);

/** An ordinary object with a prototype. */
Value install_object(const Lib *lib, Value proto);

/** Properties of an object under construction. `name` may be a bracketed symbol. */
void install_value(const Lib *lib, Value target, const char *name, Value v, uint8_t attributes);
void install_number(const Lib *lib, Value target, const char *name, double d);            // no attributes: a constant
void install_tag(const Lib *lib, Value target, const char *tag);                          // @@toStringTag

/** A function of a table row, not yet anyone's property. */
Value install_function(const Lib *lib, const NativeSpec *spec);

/** The value of an own data property, to take an intrinsic from. */
Value install_read(const Lib *lib, Value target, const char *name);

/** Give the global object a property that is not enumerable. */
void install_global(const Lib *lib, const char *name, Value v);

static inline Value install_intrinsic(const Lib *lib, IntrinsicId id) { return lib->realm->intrinsics[id]; }

#endif
