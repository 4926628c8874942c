/* SPDX-License-Identifier: MIT */
/* UsConfig: what is refused, and how it paces collections. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "vm/ultrascript.h"

enum { CONFIG_SHOWN_BYTES = 120 };

static const char config_pacing[] = "JSON.stringify(Object.values(runtime.gc.configure()))";

/* What `source` comes to in a VM of `config`, as text. */
static void config_show(const UsConfig *config, const char *source, char shown[CONFIG_SHOWN_BYTES])
{
    UsVm *vm;
    UsGoroutine *g;
    UsValue v;
    REQUIRE(us_vm_create(config, &vm, &g) == US_OK);
    REQUIRE(us_evaluate(g, "t.us", source, strlen(source), 0, &v) == US_OK);
    REQUIRE(us_to_text(g, v, shown, CONFIG_SHOWN_BYTES, NULL) == US_OK);
    EXPECT_EQ(US_OK, us_vm_destroy(vm));
}

TEST(embed_config_that_makes_no_sense_is_refused)
{
    static const UsConfig beyond_bounds[] = {
        { .workers = 100000 }, { .memory_limit_bytes = 5 }, { .stack_limit_bytes = 5 }, { .heap_growth = 1000000 },
        { .heap_share = 100 }, { .heap_stop_ms = 1000000 }, { .heap_floor_bytes = 5 }, { .max_heap_bytes = 5 },
        { .heap_markers = 100000 }, { .heap_preset = "none" },
    };
    UsVm *vm;
    UsGoroutine *g;
    for (size_t i = 0; i < sizeof beyond_bounds / sizeof beyond_bounds[0]; i++)
        EXPECT_EQ(US_ERROR_CONFIG, us_vm_create(&beyond_bounds[i], &vm, &g));
    EXPECT_EQ(US_ERROR_ARGUMENT, us_vm_create(NULL, NULL, &g));
}

TEST(embed_config_paces_collections_as_a_program_does)
{
    const UsConfig paced = { .heap_growth = 50, .heap_share = 20, .heap_stop_ms = 7, .heap_floor_bytes = 2 << 20,
                             .memory_limit_bytes = 256 << 20, .max_heap_bytes = 64 << 20, .heap_markers = 1 };
    const UsConfig off = { .heap_growth = US_HEAP_OFF, .heap_share = US_HEAP_OFF, .heap_stop_ms = US_HEAP_OFF };
    char shown[CONFIG_SHOWN_BYTES];
    config_show(&paced, config_pacing, shown);
    EXPECT_TEXT("[50,20,7,2097152,268435456,67108864]", shown);
    config_show(&off, "Object.values(runtime.gc.configure()).slice(0, 3).join()", shown);
    EXPECT_TEXT("Infinity,Infinity,Infinity", shown);
}

TEST(embed_config_takes_the_presets)
{
    static const char *const names[] = { "low-latency", "throughput", "low-memory" };
    char usual[CONFIG_SHOWN_BYTES], shown[CONFIG_SHOWN_BYTES], expected[CONFIG_SHOWN_BYTES], source[160];
    config_show(NULL, config_pacing, usual);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(source, sizeof source, "runtime.gc.configure({ preset: '%s' }), %s", names[i], config_pacing);
        config_show(NULL, source, expected);
        config_show(&(UsConfig){ .heap_preset = names[i] }, config_pacing, shown);
        EXPECT_TEXT(expected, shown);
        EXPECT(strcmp(usual, shown));
    }
}
