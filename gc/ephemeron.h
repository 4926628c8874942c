/* SPDX-License-Identifier: MIT */
/* ephemeron.h - entries of weak tables whose keys are not marked yet: an index from keys to the values that wait for
 * them.
 *
 * Strong marking knows nothing of it. What that left unmarked is entered, once for each entry; from then on whoever
 * scans a cell asks whether values wait for it. So each entry is handled once, however the tables refer to each other.
 *
 * I1  A key's mark is set before the cell is scanned, and an entry that is entered looks at the mark last: so it is
 *     found by the key's scan, or finds the key marked.
 * I2  The index is empty between collections. */
#ifndef US_GC_EPHEMERON_H
#define US_GC_EPHEMERON_H

#include "gc/kind.h"

typedef struct Heap Heap;

typedef struct Ephemerons Ephemerons;

/** An empty index; of a heap, for its life. */
Ephemerons *ephemeron_create(void);
void ephemeron_destroy(Ephemerons *all);      // empty or not

/** An entry of a weak table: `value` is marked if `key`, a cell, is, or as soon as it is. From GcKind.trace_weak. */
void ephemeron_mark(Marker *m, const void *key, Value value);

/** `c` is marked and being scanned: mark what waits for it. */
void ephemeron_found(Marker *m, const Cell *c);

/** All is marked; what waits now waits in vain. */
void ephemeron_clear(Heap *heap);

#endif
