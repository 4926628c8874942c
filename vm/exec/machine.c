/* SPDX-License-Identifier: MIT */
#include "vm/exec/machine.h"

const MachineLayer machine_none = { .heat = MACHINE_NEVER_HOT };

const uint8_t *machine_address(const Machine *m, uint32_t unit)
{
    uint32_t low = 0, high = m->place_count;
    if (unit == 0) return m->start + m->prologue_bytes;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (m->places[middle].unit < unit) low = middle + 1;
        else high = middle;
    }
    bool is_found = low < m->place_count && m->places[low].unit == unit;
    return is_found ? m->start + m->places[low].offset : NULL;
}

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
    return machine_address(m, (uint32_t)(pc - code->code));
}
