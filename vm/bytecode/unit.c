/* SPDX-License-Identifier: MIT */
#include "vm/bytecode/unit.h"

#include "vm/base/atomic.h"
#include "vm/base/mem.h"

Unit *unit_create(void)
{
    Unit *unit = mem_try_alloc(sizeof *unit);
    if (!unit) return NULL;
    *unit = (Unit){ .references = 1 };
    arena_init(&unit->arena, SIZE_MAX, NULL);
    return unit;
}

Unit *unit_retain(Unit *unit)
{
    atomic_add_relaxed(&unit->references, 1);
    return unit;
}

void unit_release(Unit *unit)
{
    if (__atomic_fetch_sub(&unit->references, 1, __ATOMIC_ACQ_REL) != 1) return;
    arena_deinit(&unit->arena);
    mem_free(unit);
}

size_t unit_size_bytes(const Unit *unit)
{
    return sizeof *unit + unit->arena.used_bytes;
}
