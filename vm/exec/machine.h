/* SPDX-License-Identifier: MIT */
/* machine.h - what the interpreter knows of machine code (docs/jit.md).
 *
 * I1  Machine code and interpreter use the same frames, so either can go on where the other stopped. Machine code is
 *     entered from interp_run alone and comes back to it: at the beginning of a function, behind heads of loops and
 *     instructions that wait, and where exceptions are caught. Anywhere else, and where an instruction relies on what
 *     the one before left in registers, the interpreter goes on to the next of these.
 * I2  Code.heat counts down in the interpreter: at 0 the function is hot. It stays 0 when there is machine code, and
 *     never gets there when there will be none. It is racy, and a lost count does no harm. */
#ifndef US_EXEC_MACHINE_H
#define US_EXEC_MACHINE_H

#include "vm/object/function.h"

enum { MACHINE_NEVER_HOT = INT32_MAX };

typedef struct MachinePlace {
    uint32_t unit;                       // of bytecode
    uint32_t offset;                     // bytes from start
} MachinePlace;

/* The machine code of a Code cell. Immutable; owned by the cell. */
typedef struct Machine {
    const uint8_t *start;                // executable
    uint32_t       size_bytes;
    uint32_t       body_bytes;           // prologue and templates; other entries and slow halves are behind
    uint32_t       prologue_bytes;       // behind it begins unit 0 of the bytecode
    uint32_t       place_count;
    MachinePlace   places[];             // where else code may be entered from outside (I1), units ascending
} Machine;

typedef enum MachineExit {
    MACHINE_LEAVES,                      // interp_run returns the value
    MACHINE_RETURNS,                     // the value is the result of the call instruction at which g->fp stands
    MACHINE_CALLS,                       // the frame of a function without machine code begins: g->fp at its saved pc
    MACHINE_INTERPRETS,                  // go on in g->fp at its saved pc
} MachineExit;

typedef struct MachineResult {
    uint64_t exit;                       // MachineExit
    Value    value;
} MachineResult;

/* What vm/jit gives to the layers below; vm->machine, never NULL. */
typedef struct MachineLayer {
    int32_t     heat;                    // of new Code cells: MACHINE_NEVER_HOT without a JIT
    const void *entry;                   // of new Code cells: where machine code calls a function that has none
    /** Go on in machine code at `address`, which belongs to frame g->fp, with `value` as result of a call. */
    MachineResult (*enter)(Goroutine *g, const void *address, Value value);
    /** Give prepared `code` machine code, unless that is refused. */
    void (*compile)(Goroutine *g, Code *code);
    /** Finalizer: `code` has died. */
    void (*release)(Vm *vm, Machine *m);
} MachineLayer;

/** No JIT. */
extern const MachineLayer machine_none;

/* Count; false when the function is hot. */
static ALWAYS_INLINE bool machine_cool(Code *code)
{
    int32_t heat = atomic_get_relaxed(&code->heat);
    if (UNLIKELY(heat <= 0)) return false;
    atomic_set_relaxed(&code->heat, heat - 1);
    return true;
}

/** Where `m` is entered at unit `unit` of the bytecode; NULL: it cannot be entered there. */
const uint8_t *machine_address(const Machine *m, uint32_t unit);

/** The entry of hot `code`, compiled now if need be, at `pc`; NULL: there is none. */
const void *machine_entry(Goroutine *g, Code *code, const uint16_t *pc);

#endif
