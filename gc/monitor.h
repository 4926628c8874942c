/* SPDX-License-Identifier: MIT */
/* monitor.h - the lock of a shared cell: for changes of its structure that several goroutines may attempt at once.
 *
 * Readers take no lock (docs/sharing.md): whoever changes a shared cell keeps it readable at every moment, and takes
 * its monitor so that changes come one after the other. A private cell needs none.
 *
 * Locks are a fixed array of words, chosen by the cell's address, so a cell costs nothing and two may share one.
 * I1  A thread holds at most one monitor.
 * I2  Under a monitor cells may be allocated, hence the world may stop; no user code runs, nothing parks, and no
 *     lock of a rank above LOCK_MONITOR is taken.
 * I3  Who waits for a monitor is away (safepoint.h), so that its holder can stop the world.
 * I4  Entering a monitor one is in does nothing: what changes a cell in steps may call what changes it in one. */
#ifndef US_GC_MONITOR_H
#define US_GC_MONITOR_H

#include "gc/cell.h"
#include "vm/base/attr.h"
#include "vm/base/licence.h"

/** The outlined half of monitor_enter: `cell` is shared. */
bool monitor_enter_slow(LocalHeap *h, const void *cell);
void monitor_exit_slow(LocalHeap *h, const void *cell);

/** Lock `cell` if it is shared and not locked by this thread already (I4); true when it was. Pass the result to
 *  monitor_exit. */
NODISCARD static inline bool monitor_enter(LocalHeap *h, const void *cell)
{
    return UNLIKELY(cell_is_shared(cell)) && monitor_enter_slow(h, cell);
}

/** Release what monitor_enter took; `entered` is what it returned. */
static inline void monitor_exit(LocalHeap *h, const void *cell, bool entered)
{
    if (UNLIKELY(entered)) monitor_exit_slow(h, cell);
}

#endif
