/* SPDX-License-Identifier: MIT */
/* preset.h - named settings of the collector. docs/heap.md says what each is for. */
#ifndef US_GC_PRESET_H
#define US_GC_PRESET_H

#include "gc/heap.h"

typedef struct HeapPreset {
    const char *name;
    HeapPacing  pacing;                  // limit_bytes: 0, as no preset sets it
    uint32_t    markers;                 // threads that mark; 0: one a worker
    bool        checks;                  // verify and poison
} HeapPreset;

/** The preset of a name; NULL: there is none. */
const HeapPreset *preset_find(const char *name);

#endif
