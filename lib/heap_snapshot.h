/* SPDX-License-Identifier: MIT */
/* heap_snapshot.h - what lives in the heap and what keeps it alive, as a file for Chrome's DevTools. */
#ifndef US_LIB_HEAP_SNAPSHOT_H
#define US_LIB_HEAP_SNAPSHOT_H

#include "vm/object/object.h"

/** Collect, and write what survived to the file `path`. 0, or the errno of what went wrong. */
NODISCARD int lib_heap_snapshot_write(Goroutine *g, const char *path);

#endif
