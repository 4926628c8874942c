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

/* What options, `runtime.gc.configure` and UsConfig set. */
typedef enum HeapSetting {
    SETTING_GROWTH, SETTING_SHARE, SETTING_STOP, SETTING_FLOOR, SETTING_LIMIT, SETTING_MAX_HEAP,
} HeapSetting;

/* What a setting may be: a number in [least, most], or off. */
typedef struct HeapRange {
    uint64_t least, most;
    uint64_t off;                        // how HeapPacing says "off", or "none"
} HeapRange;

/** Of a setting. */
HeapRange preset_range(HeapSetting setting);

/** Is `n` in the range, and not off? */
bool preset_takes(HeapSetting setting, uint64_t n);

#endif
