/* SPDX-License-Identifier: MIT */
/* vmstate.h - the Vm: what each layer keeps for the whole virtual machine, one field or pointer a fact.
 *
 * A layer above value/ declares its own struct and hangs it here by pointer; vm/vm.c joins them. Fields are
 * immutable once vm_create has returned unless the comment says otherwise. */
#ifndef US_VALUE_VMSTATE_H
#define US_VALUE_VMSTATE_H

#include "gc/heap.h"
#include "vm/value/value.h"

typedef enum AtomId {
#define ATOM(id, text) ATOM_##id,
#include "vm/value/atoms.def"
    ATOM_COUNT
} AtomId;

typedef enum WellKnownSymbol {
#define WELL_KNOWN(id, text) SYMBOL_##id,
#include "vm/value/symbols.def"
    SYMBOL_COUNT
} WellKnownSymbol;

/* Shape numbers of cells that are no objects, so that inline caches work on them too. Shapes of objects come after. */
enum { SHAPE_ID_NONE, SHAPE_ID_STRING, SHAPE_ID_SYMBOL, SHAPE_ID_BIGINT, SHAPE_ID_FIRST_FREE };

struct InternTable;                      // value/intern.c
struct SymbolRegistry;                   // value/symbol.c
struct Shape;                            // object/shape.h
struct ShapeSpace;                       // object/shape.c
struct Code;                             // object/function.h
struct Publications;                     // exec/publications.h
struct HandlerSpace;                     // exec/cache.c
struct MachineLayer;                     // exec/machine.h
struct Jit;                              // jit/jit_state.h
struct Realm;                            // object/realm.h
struct Registry;                         // object/weak.h
struct RegExpSpace;                      // lib/regexp.h
struct AtomicsSpace;                     // lib/atomics_wait.c
struct VmHooks;                          // object/hooks.h: calls upward that the top fills in
struct Sched;                            // sched/sched_int.h
struct LoopProgram;                      // vm/loop.h
struct VmOptions;                        // vm/options.h

struct Vm {
    Heap                  *heap;
    GcHost                 host;
    struct InternTable    *intern;
    struct SymbolRegistry *registry;
    struct ShapeSpace     *shapes;
    struct Shape          *shape_base;        // address of shape number 0 (shape.h I3)
    struct HandlerSpace   *handlers;
    struct Publications   *publications;      // NULL: nobody asks, or the VM is being made
    struct Code           *codes;             // list of all prepared Code cells; weak
    struct Realm          *realms;            // list of all; first is the main one
    struct RegExpSpace    *regexps;           // scratch and caches of matching
    struct AtomicsSpace   *atomics;           // who is in Atomics.wait
    struct Registry       *registries;        // atomic: list of all finalization registries; weak (object/weak.h)
    const struct VmHooks  *hooks;
    const struct MachineLayer *machine;       // exec/machine.h
    struct Jit            *jit;               // jit/jit_state.h; NULL: none
    const struct VmOptions *options;
    struct LoopProgram    *program;           // vm/loop.h
    Goroutine             *main;
    struct Sched          *sched;             // sched/sched.h
    Goroutine             *module_turn;       // who links and evaluates modules, or NULL (vm/module_turn.c)
    uint32_t               last_task_id;      // atomic: of timers (object/task.h)
    uint32_t               module_turn_depth; // how often it has begun to

    Value atoms[ATOM_COUNT];                  // interned strings of atoms.def
    Value symbols[SYMBOL_COUNT];              // symbols of symbols.def
    Value empty_string;
    Value one_unit_strings[256];              // Latin-1 strings of one unit, interned

    bool  cleanup_is_due;                     // atomic: some finalization registry has work (object/weak.h)
    bool  stackstress;                        // US_DEBUG=stackstress: move the goroutine stack at every call
    bool  polls_always;                       // ask for a poll at every call and loop
    bool  is_parallel;                        // a goroutine was spawned: what all reach is shared. Set by the first, alone

    /* Facts that fast paths rely on; true until a program does something rare, then false for good.
     * Written with the heap's mutators stopped or alone; read by any goroutine. */
    /* atomic, and once false they stay so */
    bool  no_indexed_prototypes;              // no prototype has indexed properties
    bool  array_iteration_pristine;           // %Array.prototype%[@@iterator] and %ArrayIteratorPrototype%.next
    bool  regexp_pristine;                    // RegExp and RegExp.prototype of all realms are as installed
};

static inline Value vm_atom(const Vm *vm, AtomId id)
{
    return vm->atoms[id];
}

#endif
