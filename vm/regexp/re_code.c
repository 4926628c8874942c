/* SPDX-License-Identifier: MIT */
#include "vm/regexp/re_code.h"

#include "vm/base/assert.h"

static const struct {
    const char *name;
    uint8_t     operands;
} OPS[] = {
#define RE_OP(name, operands, semantics) { #name, operands },
#include "vm/regexp/re_code.def"
#undef RE_OP
};
STATIC_ASSERT(COUNT_OF(OPS) == RE_OP_COUNT, "a row per instruction");

const char *re_code_name(ReOp op)
{
    return OPS[op].name;
}

uint32_t re_code_length(const uint32_t *instruction)
{
    ReOp op = (ReOp)instruction[0];
    if (op == RE_OP_TEXT) return 2 + instruction[1];
    if (op == RE_OP_SWITCH) return 2 + 2 * instruction[1];
    return 1 + OPS[op].operands;
}

bool re_code_set_has_wide(const ReCode *code, const ReCharSet *set, uint32_t character)
{
    const ReRange *ranges = code->ranges + set->first_range;
    uint32_t low = 0, high = set->range_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (character > ranges[middle].last) low = middle + 1;
        else high = middle;
    }
    return low < set->range_count && ranges[low].first <= character;
}

void re_code_dump(const ReCode *code, Buf *out)
{
    buf_format(out, "; %u words, %u sets, %u registers, min length %u%s\n", code->word_count, code->set_count,
               code->register_count, code->min_length, code->is_anchored ? ", anchored" : "");
    for (uint32_t at = 0; at < code->word_count; at += re_code_length(code->words + at)) {
        const uint32_t *words = code->words + at;
        buf_format(out, "%5u  %s", at, re_code_name((ReOp)words[0]));
        for (uint32_t i = 1; i < re_code_length(words); i++) {
            if (words[i] == UINT32_MAX) buf_put_text(out, " -");
            else buf_format(out, " %u", words[i]);
        }
        buf_put_byte(out, '\n');
    }
}
