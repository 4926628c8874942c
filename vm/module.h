/* SPDX-License-Identifier: MIT */
/* module.h - module records: linking and evaluation (ECMA-262 16.2.1).
 *
 * A source text module has a Code; a synthetic one (JSON, CommonJS) has an evaluator instead. Every exported binding
 * is a box, and an import is linked by putting the exporter's box into the importer's environment: reading an import
 * costs what reading any captured variable does.
 *
 * I1  `requested` is complete before a module is linked, its environment before it is evaluated.
 * I2  `status` only grows, except that a failed link returns to MODULE_UNLINKED.
 * I3  A synthetic module with open names has a box for every name that anyone imports; evaluating it fills them, or
 *     throws for a name that it turns out not to have.
 * I4  Linking, evaluation, and what follows when an asynchronous module has ended, change modules in the turn of one
 *     goroutine (module_enter). `requested`, `names` and `meta` are filled at any time, once, under the module's
 *     monitor.
 * I5  The program's own module counts as asynchronous: its body runs outside of the turn, as a task of the main
 *     goroutine's loop, since it may wait for goroutines that import modules, and last as long as the program.
 * I6  Names are added to a synthetic module's environment, and `is_open` becomes false, under the module's monitor, and
 *     both are read without: a name and its box appear by one store, of the count or of a larger list. */
#ifndef US_MODULE_H
#define US_MODULE_H

#include "vm/exec/code.h"
#include "vm/object/error.h"
#include "vm/object/promise.h"

typedef enum ModuleStatus {
    MODULE_UNLINKED, MODULE_LINKING, MODULE_LINKED, MODULE_EVALUATING, MODULE_EVALUATING_ASYNC, MODULE_EVALUATED,
} ModuleStatus;

/* KIND_MODULE. All words are values or cells, so the collector needs no description. */
typedef struct Module {
    Cell       cell;
    Value      url;                      // string: absolute path
    Code      *code;                     // of unit function 0; NULL: synthetic
    ValueList *requested;                // modules, parallel to the unit's requests; undefined: not loaded yet
    ValueList *environment;              // boxes; synthetic: name, box, name, box ...
    Value      evaluator;                // synthetic: called with the module's url; undefined: `content` is the value
    Value      content;                  // synthetic: the value of `default`
    Value      is_open;                  // synthetic: boolean (I3)
    Value      is_program;               // boolean (I5)
    Value      names;                    // the namespace object, or undefined
    Value      names_box;                // box that holds it, or undefined
    Value      meta;                     // import.meta, or undefined
    Value      error;                    // what evaluation threw, or the hole
    Value      status;                   // int32 ModuleStatus
    Value      dfs_index, dfs_ancestor;  // int32, while linking or evaluating
    Value      cycle_root;               // module, or undefined
    Value      promise;                  // of the top-level capability, or undefined
    Value      parents;                  // KIND_VALUES: asynchronous parent modules
    Value      pending;                  // int32: asynchronous dependencies that have not ended
    Value      async_order;              // double, 0: not asynchronous; MODULE_ASYNC_DONE
} Module;

#define MODULE_ASYNC_DONE (-1.0)

static inline Module *module_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_MODULE), "the value is a module");
    return (Module *)value_cell(v);
}

static inline const UnitModule *module_tables(const Module *m)
{
    return m->code ? m->code->unit->module : NULL;
}

static inline ModuleStatus module_status(const Module *m)
{
    return (ModuleStatus)value_int(m->status);
}

/** Begin to link and evaluate modules, as one goroutine does at a time; nests. False: another one is at it. */
NODISCARD bool module_try_enter(Goroutine *g);
/** As module_try_enter from a native function; false: it will be called again, with its first argument, when it may. */
NODISCARD bool module_enter_or_retry(Goroutine *g, Args a);
void module_exit(Goroutine *g);

/** A source text module of `unit`, which it retains, with the boxes of its environment. */
NODISCARD Module *module_new(LocalHeap *h, Unit *unit, Realm *realm, Value url);

/** A synthetic module whose default export is `content`, or what `evaluator` returns when it is evaluated. */
NODISCARD Module *module_new_synthetic(LocalHeap *h, Value url, Value evaluator, Value content, bool is_open);

/** ResolveExport: the box; NULL: there is none, or (`*ambiguous`) more than one. */
NODISCARD Box *module_resolve(Goroutine *g, Module *m, PropertyKey name, bool *ambiguous);

/** GetExportedNames: a list of atoms. */
NODISCARD ValueList *module_exported_names(Goroutine *g, Module *m);

/** Link(). False: thrown. Everything it requests, directly or not, is loaded. In one's turn (module_enter). */
NODISCARD bool module_link(Goroutine *g, Module *m);

/** Evaluate(): a promise. In one's turn. */
NODISCARD Value module_evaluate(Goroutine *g, Module *m);

/** Set a field that is undefined to `v`, unless another goroutine was faster; what it is then. */
Value module_set_once(LocalHeap *h, Module *m, Value *field, Value v);

/** GetModuleNamespace. */
NODISCARD Value module_namespace(Goroutine *g, Module *m);

/** The exports of a synthetic module: a list that begins with `*words` words, name, box, name, box. It may get more. */
const ValueList *module_synthetic_exports(const Module *m, uint32_t *words);

/** The value of an export of an evaluated synthetic module's box list; see I3. False: thrown. */
NODISCARD bool module_fill_synthetic(Goroutine *g, Module *m);

void module_register_kinds(void);

#endif
