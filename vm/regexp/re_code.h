/* SPDX-License-Identifier: MIT */
/* re_code.h - the matcher's code: one immutable block of memory, shared by all threads. */
#ifndef US_REGEXP_RE_CODE_H
#define US_REGEXP_RE_CODE_H

#include "vm/base/buf.h"
#include "vm/regexp/re_tree.h"

typedef enum ReOp {
#define RE_OP(name, operands, semantics) RE_OP_##name,
#include "vm/regexp/re_code.def"
#undef RE_OP
    RE_OP_COUNT
} ReOp;

#define RE_NO_FILTER UINT32_MAX
#define RE_UNSET UINT32_MAX               // of registers
#define RE_PLACE_LIMIT (UINT32_C(1) << 30)

/* A set as the matcher asks it: bits for Latin-1, sorted ranges beyond. */
typedef struct ReCharSet {
    uint64_t latin1[4];
    uint32_t first_range, range_count;    // in ReCode.ranges
    bool     is_all;                      // every character there is
} ReCharSet;

/* What may come next: bits for Latin-1, one answer for all beyond. */
typedef struct ReFilter {
    uint64_t latin1[4];
    bool     has_wide;
} ReFilter;

typedef struct ReCode {
    const uint32_t  *words;
    const ReCharSet *sets;
    const ReRange   *ranges;
    const ReFilter  *filters;
    uint32_t word_count, set_count, range_count, filter_count;
    uint32_t register_count;              // at least 2 * (group_count + 1)
    uint32_t group_count;
    size_t   size_bytes;                  // of the whole block
    bool     is_unicode;                  // u or v: characters are code points

    /* What a search may skip. */
    bool     is_anchored;                 // only the start of the text will do
    uint32_t min_length;                  // in characters
    uint32_t start_filter;                // of the first character, or RE_NO_FILTER
    uint32_t start_run;                   // set of an unbounded run that begins the pattern, or RE_NO_FILTER
    const uint32_t *prefix;               // characters that begin every match
    const uint8_t  *prefix8;              // the same as Latin-1; NULL when they are not
    uint32_t prefix_count;
} ReCode;

/** The length of an instruction in words. */
uint32_t re_code_length(const uint32_t *instruction);
const char *re_code_name(ReOp op);

/** Print the code, one instruction a line. */
void re_code_dump(const ReCode *code, Buf *out);

static inline bool re_code_bit(const uint64_t bits[4], uint32_t c) { return bits[c >> 6] >> (c & 63) & 1; }

/** Whether a character beyond Latin-1 is in the set. */
bool re_code_set_has_wide(const ReCode *code, const ReCharSet *set, uint32_t character);

#endif
