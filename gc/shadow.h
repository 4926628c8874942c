/* SPDX-License-Identifier: MIT */
/* shadow.h - a second, serial and simple marking, compared with the parallel one (US_DEBUG=shadow). */
#ifndef US_GC_SHADOW_H
#define US_GC_SHADOW_H

#include "gc/mark_int.h"

/** All that is reachable has been marked, and weak tables are as they were: mark again, from the same roots, and panic
 *  where a cell or a descriptor is marked by one of the two alone. */
void shadow_check(Heap *heap);

/** ephemeron_mark, of a marker with a visitor. */
void shadow_mark_entry(Marker *m, const void *key, Value value);

#endif
