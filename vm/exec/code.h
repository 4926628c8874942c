/* SPDX-License-Identifier: MIT */
/* code.h - a unit's functions in the heap: Code cells, made ready at their first call. */
#ifndef US_EXEC_CODE_H
#define US_EXEC_CODE_H

#include "vm/object/function.h"
#include "vm/object/realm.h"

/** A Code cell for function `index` of `unit`, which it retains. `referrer`: what import() inside is relative to. */
NODISCARD Code *code_new(LocalHeap *h, Unit *unit, uint32_t index, Realm *realm, Value referrer);

/** Intern names and constants, allocate caches. Afterwards frame_words is true. False: the heap refuses; thrown. */
NODISCARD bool code_prepare(Goroutine *g, Code *code);

/** A closure of a top-level function whose captures come from `environment` (KIND_VALUES or NULL). */
NODISCARD Function *code_new_top_function(LocalHeap *h, Code *code, const ValueList *environment);

/** String `index` of the unit as an atom. */
Value code_string(LocalHeap *h, const Unit *unit, uint32_t index);

/* Collector. */
void code_register_kinds(void);
void code_finish(Vm *vm, Marker *m);     // take dead ones off vm->codes

#endif
