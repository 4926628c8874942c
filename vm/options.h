/* SPDX-License-Identifier: MIT */
/* options.h - the command line as parsed. */
#ifndef US_OPTIONS_H
#define US_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "gc/heap.h"
#include "vm/base/attr.h"
#include "vm/jit/jit.h"

enum {                                   // exit codes
    EXIT_UNCAUGHT = 1,                   // an exception, or errors of syntax
    EXIT_DEADLOCK = 2,                   // every goroutine waits
    EXIT_USAGE = 9,                      // a bad option
    EXIT_UNSETTLED = 13,                 // the program ended while its top-level await waited
};

typedef enum OptionId {
#define OPTION(id, short_, long_, argument, help) OPTION_##id,
#include "vm/options.def"
    OPTION_COUNT
} OptionId;

typedef struct Options {
    bool        is_set[OPTION_COUNT];
    const char *value[OPTION_COUNT];     // of the last occurrence; argv's text
    const char **requires;               // files of -r, in order; C heap
    int         require_count;
    const char *file;                    // the program; NULL: none given, "-": standard input
    int         argument_count;          // behind the program
    char      **arguments;               // argv's
    size_t      stack_limit_bytes, max_heap_bytes;       // 0: not given, as in the next two
    HeapPacing  pacing;
    uint32_t    heap_markers;
    const struct HeapPreset *heap_preset;                // NULL: not given
    PrivatePolicy private_gc;
    JitOptions  jit;
    uint32_t    worker_count;            // of --procs or USMAXPROCS; 0: as many as there are processors
} Options;

/** Parse argv. False: a message is on standard error. */
NODISCARD bool options_parse(Options *o, int argc, char **argv);
void options_deinit(Options *o);

/** What of them is a VM's. */
struct VmOptions options_of_vm(const Options *o);
void options_print_help(FILE *out);

#endif
