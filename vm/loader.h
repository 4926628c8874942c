/* SPDX-License-Identifier: MIT */
/* loader.h - from specifiers to modules: the host's part of ECMA-262 16.2.1.8 to 16.2.1.10, import() and import.meta.
 *
 * A realm's modules are kept by real path (realm->host_data); what counts is the module that was registered first.
 * Loading is done at once, on the thread that asks. */
#ifndef US_LOADER_H
#define US_LOADER_H

#include "compiler/compile.h"
#include "vm/base/buf.h"
#include "vm/module.h"
#include "vm/resolve.h"

/* What realm->host_data holds, KIND_VALUES. */
enum {
    LOADER_MODULES,                      // object: a Module by the real path of its file
    LOADER_COMMONJS,                     // object: require.cache
    LOADER_PACKAGES,                     // object: what is in a folder's package.json, or undefined
    LOADER_MAIN,                         // path of the main program, or undefined
    LOADER_SLOTS
};

/** A slot of the current realm's registry; the objects have no prototype. */
Value loader_slot(Goroutine *g, int slot);
void loader_set_slot(Goroutine *g, int slot, Value v);

/** Define a property that is not there; else what it is. */
Value loader_define_once(LocalHeap *h, Object *o, PropertyKey key, Value v);

/** Read a file; false: an error that names it was thrown. */
NODISCARD bool loader_read(Goroutine *g, const char *path, Buf *text);

/** "Cannot find module", as Node words it. Returns VALUE_THROWN. */
Value loader_throw_not_found(Goroutine *g, String *specifier, const char *directory);

/** The folder that specifiers in code of `referrer` (a module, a path, or undefined: the working directory) are
 *  relative to; C memory of the caller's. */
NODISCARD char *loader_directory(Goroutine *g, Value referrer);

/** What a file that is no JSON is compiled as. */
CompileKind loader_kind(ResolveFormat format);

/** Compile the text of a file. One reference, the caller's; NULL: thrown. `*is_module` says what was found. */
NODISCARD Unit *loader_compile(Goroutine *g, const char *path, Buf *text, ResolveFormat format, bool *is_module);

/** The source text module that was made of a file before, with all that it requests; NULL: none was. False: thrown, as
 *  what it requests still cannot be loaded. */
NODISCARD bool loader_find_source(Goroutine *g, const char *path, Module **found);

/** The module of a text, registered under `path`. Takes over `unit`. NULL: thrown. */
NODISCARD Module *loader_load_unit(Goroutine *g, const char *path, Unit *unit);

/** Link and evaluate: a promise, or VALUE_THROWN. */
NODISCARD Value loader_run(Goroutine *g, Module *m);

/** VmHooks. */
NODISCARD Value loader_import_call(Goroutine *g, Value referrer, Value specifier, Value options, uint32_t phase);
NODISCARD Value loader_import_meta(Goroutine *g, Value referrer);

#endif
