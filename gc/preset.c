/* SPDX-License-Identifier: MIT */
#include "gc/preset.h"

#include <string.h>

static const HeapPreset presets[] = {
    // the default is growth 100 above a floor of 16 MB, a share of 10 percent and stops of 5 ms
    { "low-latency", { 75, 8 << 20, 0, 10, 2 }, .markers = 0, .checks = false },
    { "throughput",  { 200, 64 << 20, 0, 5, HEAP_STOP_OFF }, .markers = 0, .checks = false },
    { "low-memory",  { 30, 2 << 20, 0, HEAP_SHARE_OFF, HEAP_STOP_OFF }, .markers = 1, .checks = false },
    { "debug",       { 25, 1 << 20, 0, HEAP_SHARE_OFF, 5 }, .markers = 0, .checks = true },
};

const HeapPreset *preset_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(presets); i++)
        if (!strcmp(presets[i].name, name)) return &presets[i];
    return NULL;
}
