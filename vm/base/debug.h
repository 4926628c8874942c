/* SPDX-License-Identifier: MIT */
/* debug.h - the switches in the environment variable US_DEBUG: a comma-separated list such as
 * `gcstress=10,verify,share=all,seed=7`. The table is debug_flags.def. */
#ifndef US_BASE_DEBUG_H
#define US_BASE_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include "vm/base/attr.h"
#include "vm/base/buf.h"

enum { DEBUG_WORD_BYTES = 16 };

typedef struct DebugFlags {
#define DEBUG_BOOL(name, help)        bool name;
#define DEBUG_INT(name, unit, help)   int32_t name;                       // 0: absent
#define DEBUG_U64(name, unit, help)   bool has_##name; uint64_t name;
#define DEBUG_WORD(name, words, help) char name[DEBUG_WORD_BYTES];        // empty: absent
#include "vm/base/debug_flags.def"
#undef DEBUG_BOOL
#undef DEBUG_INT
#undef DEBUG_U64
#undef DEBUG_WORD
} DebugFlags;

/** Read a list into `*out`, which starts from all absent. A word that is unknown or has a wrong value is left
 *  out and adds a line to `warnings`; true when there was none. A later word wins over an earlier one. */
bool debug_parse(const char *text, DebugFlags *out, Buf *warnings);

/** Read US_DEBUG, warn on standard error. Once at start-up, before other threads exist. */
void debug_init(void);

/** The flags of this process; immutable after debug_init. Any thread. */
const DebugFlags *debug_flags(void);

/** One line for each flag: how it is written, what it does. */
void debug_write_help(Buf *out);

#endif
