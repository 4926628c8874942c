/* SPDX-License-Identifier: MIT */
#include "gc/preset.h"

#include <string.h>

static const HeapPreset presets[] = {
    // the default is growth 100 above a floor of 16 MB
    { "low-latency", { .growth_percent = 75, .floor_bytes = 8 << 20 }, .markers = 0, .checks = false },
    { "throughput",  { .growth_percent = 200, .floor_bytes = 64 << 20 }, .markers = 0, .checks = false },
    { "low-memory",  { .growth_percent = 30, .floor_bytes = 2 << 20 }, .markers = 1, .checks = false },
    { "debug",       { .growth_percent = 25, .floor_bytes = 1 << 20 }, .markers = 0, .checks = true },
};

const HeapPreset *preset_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(presets); i++)
        if (!strcmp(presets[i].name, name)) return &presets[i];
    return NULL;
}
