/* SPDX-License-Identifier: MIT */
#include "vm/options.h"

#include <stdlib.h>
#include <string.h>

#include "gc/preset.h"
#include "vm/base/mem.h"
#include "vm/vm.h"

typedef struct OptionRow {
    char        letter;                  // 0: none
    const char *name;
    const char *argument;                // NULL: a switch
    const char *help;
} OptionRow;

static const OptionRow options_table[OPTION_COUNT] = {
#define OPTION(id, letter_, name_, argument_, help_) [OPTION_##id] = { letter_, name_, argument_, help_ },
#include "vm/options.def"
};

static bool options_complain(const char *text, const char *what)
{
    fprintf(stderr, "ultrascript: %s: %s\nTry 'ultrascript --help'.\n", text, what);
    return false;
}

enum { OPTIONS_MOST_WORKERS = 1024 };

/* "64M": bytes; 0 is not a size. */
static bool options_read_size(const char *text, size_t *bytes)
{
    char *end;
    unsigned long long n = strtoull(text, &end, 10);
    unsigned shift = 0;
    if (end == text || text[0] == '-') return false;
    switch (*end) {
    case 'k': case 'K': shift = 10; end++; break;
    case 'm': case 'M': shift = 20; end++; break;
    case 'g': case 'G': shift = 30; end++; break;
    default: break;
    }
    if (*end || n == 0 || n > SIZE_MAX >> shift) return false;
    *bytes = (size_t)n << shift;
    return true;
}

static bool options_read_count(const char *text, uint32_t *count)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (end == text || *end || text[0] == '-' || n == 0 || n > OPTIONS_MOST_WORKERS) return false;
    *count = (uint32_t)n;
    return true;
}

/* "15", a number that the setting takes, or "off". */
static bool options_read_or_off(const char *text, HeapSetting setting, uint32_t *result)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (!strcmp(text, "off")) return *result = (uint32_t)preset_range(setting).off, true;
    if (end == text || *end || text[0] == '-' || !preset_takes(setting, n)) return false;
    *result = (uint32_t)n;
    return true;
}

/* Which of `names` it is; -1: none. */
static int options_find(const char *text, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(text, names[i])) return i;
    return -1;
}

static bool options_read_jit(const char *text, JitMode *mode)
{
    static const char *const names[] = { [JIT_OFF] = "off", [JIT_BASELINE] = "baseline", [JIT_EAGER] = "eager" };
    int found = options_find(text, names, COUNT_OF(names));
    if (found >= 0) *mode = (JitMode)found;
    return found >= 0;
}

static bool options_read_private(const char *text, PrivatePolicy *policy)
{
    static const char *const names[] = { "off", "parallel", "always" };
    int found = options_find(text, names, COUNT_OF(names));
    if (found >= 0) *policy = (PrivatePolicy)(PRIVATE_NEVER + found);
    return found >= 0;
}

static bool options_set(Options *o, OptionId id, const char *shown, const char *value)
{
    o->is_set[id] = true;
    o->value[id] = value;
    switch (id) {
    case OPTION_REQUIRE:
        o->requires[o->require_count++] = value;
        return true;
    case OPTION_MEMORY_LIMIT:
        return options_read_size(value, &o->pacing.limit_bytes) || options_complain(shown, "not a size, such as 64M");
    case OPTION_MAX_HEAP:
        return options_read_size(value, &o->max_heap_bytes) || options_complain(shown, "not a size, such as 64M");
    case OPTION_STACK_SIZE:
        return options_read_size(value, &o->stack_limit_bytes) || options_complain(shown, "not a size, such as 64M");
    case OPTION_HEAP_PRESET:
        o->heap_preset = preset_find(value);
        return o->heap_preset || options_complain(shown, "not low-latency, throughput, low-memory or debug");
    case OPTION_HEAP_GROWTH:
        return options_read_or_off(value, SETTING_GROWTH, &o->pacing.growth_percent)
            || options_complain(shown, "not percent, or off");
    case OPTION_HEAP_SHARE:
        return options_read_or_off(value, SETTING_SHARE, &o->pacing.share_percent)
            || options_complain(shown, "not percent below 100, or off");
    case OPTION_HEAP_STOP:
        return options_read_or_off(value, SETTING_STOP, &o->pacing.stop_ms)
            || options_complain(shown, "not milliseconds, or off");
    case OPTION_HEAP_FLOOR:
        return options_read_size(value, &o->pacing.floor_bytes) || options_complain(shown, "not a size, such as 64M");
    case OPTION_HEAP_MARKERS:
        return options_read_count(value, &o->heap_markers) || options_complain(shown, "not a number from 1 to 1024");
    case OPTION_PROCS:
        return options_read_count(value, &o->worker_count) || options_complain(shown, "not a number from 1 to 1024");
    case OPTION_PRIVATE_GC:
        return options_read_private(value, &o->private_gc) || options_complain(shown, "not off, parallel or always");
    case OPTION_JIT:
        return options_read_jit(value, &o->jit.mode) || options_complain(shown, "not off, baseline or eager");
    case OPTION_JIT_STATS:
        return o->jit.stats = true;
    case OPTION_DUMP_ASM:
        return o->jit.dump_asm = true;
    case OPTION_PERF_MAP:
        return o->jit.perf_map = true;
    case OPTION_GDB_JIT:
        return o->jit.gdb = true;
    default:
        return true;
    }
}

/* `--name`, `--name=value` or `--name value` at argv[*i]. */
static bool options_long(Options *o, int argc, char **argv, int *i)
{
    const char *text = argv[*i] + 2, *equals = strchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : strlen(text);
    for (int id = 0; id < OPTION_COUNT; id++) {
        const OptionRow *row = &options_table[id];
        if (strlen(row->name) != n || strncmp(row->name, text, n)) continue;
        if (!row->argument) return equals ? options_complain(argv[*i], "takes no value") : options_set(o, (OptionId)id, argv[*i], NULL);
        if (equals) return options_set(o, (OptionId)id, argv[*i], equals + 1);
        if (*i + 1 == argc) return options_complain(argv[*i], "needs a value");
        return (*i)++, options_set(o, (OptionId)id, argv[*i - 1], argv[*i]);
    }
    return options_complain(argv[*i], "no such option");
}

/* `-e CODE`, `-eCODE`, and switches run together, at argv[*i]. */
static bool options_short(Options *o, int argc, char **argv, int *i)
{
    const char *whole = argv[*i];
    for (const char *c = whole + 1; *c; c++) {
        int id = 0;
        while (id < OPTION_COUNT && options_table[id].letter != *c) id++;
        if (id == OPTION_COUNT) return options_complain(whole, "no such option");
        if (!options_table[id].argument) {
            if (!options_set(o, (OptionId)id, whole, NULL)) return false;
            continue;
        }
        if (c[1]) return options_set(o, (OptionId)id, whole, c + 1);
        if (*i + 1 == argc) return options_complain(whole, "needs a value");
        return (*i)++, options_set(o, (OptionId)id, whole, argv[*i]);
    }
    return true;
}

/* Variables of the environment stand for options that are not given. */
static bool options_environment(Options *o)
{
    const char *procs = getenv("USMAXPROCS"), *growth = getenv("USGC"), *limit = getenv("USMEMLIMIT");
    if (!o->worker_count && procs && *procs && !options_read_count(procs, &o->worker_count))
        return options_complain("USMAXPROCS", "not a number from 1 to 1024");
    if (!o->pacing.growth_percent && growth && *growth
        && !options_read_or_off(growth, SETTING_GROWTH, &o->pacing.growth_percent))
        return options_complain("USGC", "not a percentage, or off");
    if (!o->pacing.limit_bytes && limit && *limit && !options_read_size(limit, &o->pacing.limit_bytes))
        return options_complain("USMEMLIMIT", "not a size, such as 64M");
    return true;
}

bool options_parse(Options *o, int argc, char **argv)
{
    *o = (Options){ .jit.mode = JIT_BASELINE };
    o->requires = mem_alloc_zeroed(sizeof *o->requires * (size_t)(argc + 1));
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (!strcmp(argv[i], "--")) {
            i++;
            break;
        }
        bool is_long = argv[i][1] == '-';
        if (!(is_long ? options_long(o, argc, argv, &i) : options_short(o, argc, argv, &i))) return false;
    }
    if (!options_environment(o)) return false;
    bool has_code = o->is_set[OPTION_EVAL] || o->is_set[OPTION_PRINT];
    if (i < argc && !has_code) o->file = argv[i++];
    o->argument_count = argc - i;
    o->arguments = argv + i;
    return true;
}

VmOptions options_of_vm(const Options *o)
{
    return (VmOptions){
        .pacing = o->pacing, .stack_limit_bytes = o->stack_limit_bytes, .max_heap_bytes = o->max_heap_bytes,
        .heap_markers = o->heap_markers, .heap_preset = o->heap_preset,
        .argument_count = o->argument_count, .arguments = o->arguments, .is_test262 = o->is_set[OPTION_TEST262],
        .jit = o->jit, .worker_count = o->worker_count, .private_gc = o->private_gc,
        .publish_profile = o->is_set[OPTION_PUBLISH_PROFILE],
        .gc_trace = o->is_set[OPTION_GC_TRACE], .gc_stats = o->is_set[OPTION_GC_STATS],
        .heap_snapshot = o->value[OPTION_HEAP_SNAPSHOT],
    };
}

void options_deinit(Options *o)
{
    mem_free(o->requires);
}

void options_print_help(FILE *out)
{
    fputs("Usage: ultrascript [OPTION]... [FILE | - | -e CODE] [ARGUMENT]...\n"
          "Run a program of UltraScript, TypeScript or JavaScript. Without FILE: a REPL on a terminal, else the\n"
          "program is read from standard input.\n\n", out);
    for (int id = 0; id < OPTION_COUNT; id++) {
        const OptionRow *row = &options_table[id];
        char left[40];
        snprintf(left, sizeof left, row->argument ? "--%s=%s" : "--%s", row->name, row->argument);
        if (row->letter) fprintf(out, "  -%c, %-22s %s\n", row->letter, left, row->help);
        else fprintf(out, "      %-22s %s\n", left, row->help);
    }
    fputs("\nExit codes: 0 done, 1 uncaught exception or error of syntax, 2 deadlock, 9 bad option,\n"
          "13 unsettled top-level await, process.exit's argument.\n"
          "The manual: man ultrascript; the language: man 7 ultrascript.\n", out);
}
