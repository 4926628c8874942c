/* SPDX-License-Identifier: MIT */
/* main.c - the command: what the arguments ask for. */
#include <stdio.h>
#include <unistd.h>

#include "config.h"
#include "vm/base/debug.h"
#include "vm/base/limbs.h"
#include "vm/base/mem.h"
#include "vm/options.h"
#include "vm/program.h"
#include "vm/repl.h"

static bool main_wants_repl(const Options *o)
{
    bool has_program = o->file || o->is_set[OPTION_EVAL] || o->is_set[OPTION_PRINT];
    return o->is_set[OPTION_INTERACTIVE] || (!has_program && isatty(STDIN_FILENO));
}

static int main_run(const Options *o, char **argv)
{
    if (o->is_set[OPTION_HELP]) return options_print_help(stdout), 0;
    if (o->is_set[OPTION_VERSION]) return printf("UltraScript %s\n", VERSION), 0;
    return main_wants_repl(o) ? repl_run(o) : program_run(o, argv);
}

int main(int argc, char **argv)
{
    Options o;
    debug_init();
    if (debug_flags()->failalloc) mem_set_budget((size_t)debug_flags()->failalloc - 1);
    if (debug_flags()->failonce) mem_refuse_once((size_t)debug_flags()->failonce - 1);
    limbs_init();
    int status = options_parse(&o, argc, argv) ? main_run(&o, argv) : EXIT_USAGE;
    options_deinit(&o);
    return status;
}
