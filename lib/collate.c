/* SPDX-License-Identifier: MIT */
#include "lib/collate.h"

#include <string.h>
#include <unictype.h>

#include "vm/base/unicode.h"
#include "vm/base/utf.h"

enum { LEVEL_LETTER, LEVEL_ACCENT, LEVEL_CASE, LEVEL_COUNT };

enum {                                   // letter weights: ASCII marks by their place, and everything else behind
    WEIGHT_OTHER_MARKS = 0x100,
    WEIGHT_DIGITS = 0x200000,
    WEIGHT_LETTERS = 0x400000,
};

static uint32_t collate_letter(uint32_t c)
{
    static const char marks[] = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    if (c - '0' < 10) return WEIGHT_DIGITS + c;
    if (c < 0x80) {
        const char *at = c ? strchr(marks, (int)c) : NULL;
        if (at) return (uint32_t)(at - marks) + 1;
        return text_digit_value(c) < 36 ? WEIGHT_LETTERS + (c | 0x20) : 0;
    }
    if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf)) return 0;
    if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S | UC_CATEGORY_MASK_Z))
        return WEIGHT_OTHER_MARKS + c;
    if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_N)) return WEIGHT_DIGITS + c;
    return WEIGHT_LETTERS + unicode_fold(c, UNICODE_FOLD_SIMPLE);
}

/* The weight of `c` at a level; 0: none. */
static uint32_t collate_weight(uint32_t c, int level)
{
    uint32_t letter = collate_letter(c);
    if (level == LEVEL_LETTER) return letter;
    if (letter == 0) return level == LEVEL_ACCENT && c >= 0x80 && uc_combining_class(c) ? c + 2 : 0;
    return level == LEVEL_CASE && unicode_fold(c, UNICODE_FOLD_SIMPLE) != c ? 2 : 1;
}

/* The next weight of `t` from `*i` on; 0 at the end. */
static uint32_t collate_next(TextView t, size_t *i, int level)
{
    while (*i < t.length) {
        uint32_t c = t.is_wide ? utf_decode_utf16(t.units, t.length, i) : text_unit(t, (*i)++);
        uint32_t weight = collate_weight(c, level);
        if (weight) return weight;
    }
    return 0;
}

int collate_compare(TextView a, TextView b)
{
    for (int level = 0; level < LEVEL_COUNT; level++) {
        size_t i = 0, j = 0;
        for (;;) {
            uint32_t x = collate_next(a, &i, level), y = collate_next(b, &j, level);
            if (x != y) return x < y ? -1 : 1;
            if (x == 0) break;
        }
    }
    return 0;
}
