/* SPDX-License-Identifier: MIT */
/* dtoa_tool.c - vm/base/dtoa on lines of text, for tests/fuzz/dtoa_diff.js.
 *
 * A request is `operation argument operand`; the answer is one line.
 *     w 0 BITS   dtoa_write            f N BITS   dtoa_write_fixed        e N BITS   dtoa_write_exponential
 *     p N BITS   dtoa_write_precision  r N BITS   dtoa_radix_write
 *     d 0 TEXT   dtoa_parse_decimal_prefix
 *     i N TEXT   dtoa_parse_integer_prefix
 *     l 0 TEXT   dtoa_parse_literal
 * BITS are those of the double, in hexadecimal. Readers answer the bits and the count consumed; they run over
 * Latin-1 and UTF-16 text, which must agree. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/bits.h"
#include "vm/base/dtoa.h"

enum { LINE_BYTES = 1 << 16 };

static size_t write_number(char operation, int argument, double x, char *out)
{
    switch (operation) {
    case 'w': return dtoa_write(x, out);
    case 'f': return dtoa_write_fixed(x, argument, out);
    case 'e': return dtoa_write_exponential(x, argument, out);
    case 'p': return dtoa_write_precision(x, argument, out);
    default: return dtoa_radix_write(x, argument, out);
    }
}

static double read_number(char operation, int argument, TextView text, size_t *consumed)
{
    *consumed = text.length;
    if (operation == 'l') return dtoa_parse_literal(text);
    if (operation == 'd') return dtoa_parse_decimal_prefix(text, consumed);
    return dtoa_parse_integer_prefix(text, argument, consumed);
}

int main(void)
{
    static char     line[LINE_BYTES];
    static uint16_t wide[LINE_BYTES];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        char *rest;
        int   argument = (int)strtol(line + 1, &rest, 10);
        if (*rest == ' ') rest++;
        if (strchr("wfepr", line[0])) {
            char   out[DTOA_RADIX_BYTES];
            size_t length = write_number(line[0], argument, bits_to_double(strtoull(rest, NULL, 16)), out);
            printf("%.*s\n", (int)length, out);
            continue;
        }
        size_t length = strlen(rest), consumed, consumed_wide;
        for (size_t i = 0; i < length; i++) wide[i] = (uint8_t)rest[i];
        double x = read_number(line[0], argument, text_of_latin1(rest, length), &consumed);
        double y = read_number(line[0], argument, text_of_utf16(wide, length), &consumed_wide);
        bool   agree = bits_from_double(x) == bits_from_double(y) && consumed == consumed_wide;
        printf("%016" PRIx64 " %zu%s\n", bits_from_double(x), consumed, agree ? "" : " UTF-16 differs");
    }
    return 0;
}
