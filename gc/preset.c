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

enum { LEAST_SHARE_OF_HEAP_BYTES = 64 << 10, LEAST_LIMIT_BYTES = 1 << 20 };
#define MOST_BYTES (UINT64_C(1) << 48)

static const HeapRange ranges[] = {
    [SETTING_GROWTH]   = { 1, HEAP_GROWTH_OFF - 1, HEAP_GROWTH_OFF },
    [SETTING_SHARE]    = { 1, HEAP_SHARE_OFF - 1, HEAP_SHARE_OFF },
    [SETTING_STOP]     = { 1, HEAP_STOP_OFF - 1, HEAP_STOP_OFF },
    [SETTING_FLOOR]    = { LEAST_SHARE_OF_HEAP_BYTES, MOST_BYTES, MOST_BYTES },
    [SETTING_LIMIT]    = { LEAST_LIMIT_BYTES, MOST_BYTES, 0 },
    [SETTING_MAX_HEAP] = { LEAST_SHARE_OF_HEAP_BYTES, MOST_BYTES, 0 },
};

HeapRange preset_range(HeapSetting setting)
{
    return ranges[setting];
}

bool preset_takes(HeapSetting setting, uint64_t n)
{
    return n >= ranges[setting].least && n <= ranges[setting].most;
}

const HeapPreset *preset_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(presets); i++)
        if (!strcmp(presets[i].name, name)) return &presets[i];
    return NULL;
}
