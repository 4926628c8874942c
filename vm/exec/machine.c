/* SPDX-License-Identifier: MIT */
#include "vm/exec/machine.h"

const MachineLayer machine_none = { .heat = MACHINE_NEVER_HOT };

const void *machine_entry(Goroutine *g, Code *code, const uint16_t *pc)
{
    const Machine *m = atomic_get_acquire(&code->machine);         // pairs with the layer's publication
    if (!m) {
        if (g->vm->machine->compile) g->vm->machine->compile(g, code);
        m = atomic_get_acquire(&code->machine);                    // likewise
        if (!m) {
            atomic_set_relaxed(&code->heat, MACHINE_NEVER_HOT);
            return NULL;
        }
        atomic_set_relaxed(&code->heat, 0);
    }
    uint32_t entry = m->entries[pc - code->code];
    return entry ? m->start + entry : NULL;
}
