/* SPDX-License-Identifier: MIT */
/* limbs_tool.c - vm/base/limbs on lines of text, for tests/fuzz/limbs_diff.js.
 *
 * A request is `operation argument argument`; numbers are in hexadecimal with a sign, counts in decimal,
 * doubles as their bits in hexadecimal. The answer is one line (two for `div`), numbers in hexadecimal. Every
 * buffer is exactly as large as the header's rooms say. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/limbs.h"
#include "vm/base/mem.h"

enum { LINE_BYTES = 1 << 20, MOST_BUFFERS = 16 };
#define WITNESS UINT64_C(0x5a17ab1ecafe0b5e)

static char  *buffers[MOST_BUFFERS];             // those of the request at hand
static size_t buffer_bytes[MOST_BUFFERS];
static int    buffer_count;

/* Behind each room stands a witness, since the arithmetic in assembly is not seen by an address sanitizer. */
static void *room(uint64_t bytes)
{
    char *buffer = mem_alloc(bytes + sizeof WITNESS);
    bits_set_u64(buffer + bytes, WITNESS);
    buffer_bytes[buffer_count] = bytes;
    return buffers[buffer_count++] = buffer;
}

static void free_rooms(void)
{
    while (buffer_count > 0) {
        char *buffer = buffers[--buffer_count];
        if (bits_get_u64(buffer + buffer_bytes[buffer_count]) != WITNESS) puts("a room is too small");
        mem_free(buffer);
    }
}

static Limb *limb_room(uint64_t limbs)
{
    return room(limbs * sizeof(Limb));
}

static LimbsInt read_number(const char *text, int radix)
{
    bool     is_negative = *text == '-';
    LimbsInt n;
    text += is_negative;
    size_t length = strlen(text);
    Limb  *out = limb_room(limbs_text_parse_room(length, radix));
    if (!limbs_text_parse(text_of_latin1(text, length), radix, out, room(length), &n)) abort();
    return is_negative ? limbs_negate(n) : n;
}

static void print_number(LimbsInt n, int radix)
{
    char  *text = room(limbs_text_write_room(n, radix));
    size_t length = limbs_text_write(n, radix, text, limb_room((uint64_t)n.count + 1));
    printf("%.*s\n", (int)length, text);
}

static void divide(LimbsInt a, LimbsInt b)
{
    LimbsInt quotient, remainder;
    Limb *quotient_room = limb_room(limbs_room_quotient(a, b));
    Limb *remainder_room = limb_room(limbs_room_remainder(b));
    limbs_divmod(a, b, quotient_room, remainder_room, &quotient, &remainder);
    print_number(quotient, 16);
    print_number(remainder, 16);
}

static bool is(const char *operation, const char *name)
{
    return strcmp(operation, name) == 0;
}

static void answer_two(const char *operation, LimbsInt a, LimbsInt b)
{
    if (is(operation, "cmp")) {
        printf("%d\n", limbs_compare(a, b));
        return;
    }
    bool  is_product = is(operation, "mul");
    Limb *out = limb_room(is_product ? limbs_room_mul(a, b) : limbs_room_add(a, b));
    if (is_product) print_number(limbs_mul(a, b, out), 16);
    else if (is(operation, "add")) print_number(limbs_add(a, b, out), 16);
    else if (is(operation, "sub")) print_number(limbs_sub(a, b, out), 16);
    else if (is(operation, "and")) print_number(limbs_and(a, b, out), 16);
    else if (is(operation, "or")) print_number(limbs_or(a, b, out), 16);
    else if (is(operation, "xor")) print_number(limbs_xor(a, b, out), 16);
    else abort();
}

static void answer_counted(const char *operation, LimbsInt a, uint64_t count)
{
    uint64_t limbs = is(operation, "pow") ? limbs_room_pow(a, count)
                   : is(operation, "shl") ? limbs_room_shift_left(a, count)
                   : is(operation, "shr") ? limbs_room_shift_right(a)
                   : is(operation, "int") ? limbs_room_as_int(a, count) : limbs_room_as_uint(a, count);
    Limb *out = limb_room(limbs);
    if (is(operation, "pow")) print_number(limbs_pow(a, count, out, limb_room(limbs)), 16);
    else if (is(operation, "shl")) print_number(limbs_shift_left(a, count, out), 16);
    else if (is(operation, "shr")) print_number(limbs_shift_right(a, count, out), 16);
    else if (is(operation, "int")) print_number(limbs_as_int(a, count, out), 16);
    else print_number(limbs_as_uint(a, count, out), 16);
}

static void answer(const char *operation, const char *first, const char *second)
{
    if (is(operation, "parse")) {
        print_number(read_number(first, atoi(second)), 16);
        return;
    }
    if (is(operation, "from")) {
        Limb *out = limb_room(LIMBS_ROOM_FROM_DOUBLE);
        print_number(limbs_from_double(bits_to_double(strtoull(first, NULL, 16)), out), 16);
        return;
    }
    LimbsInt a = read_number(first, 16);
    if (is(operation, "to")) printf("%016" PRIx64 "\n", bits_from_double(limbs_to_double(a)));
    else if (is(operation, "low")) printf("%" PRIx64 "\n", limbs_low64(a));
    else if (is(operation, "not")) print_number(limbs_not(a, limb_room(limbs_room_not(a))), 16);
    else if (is(operation, "text")) print_number(a, atoi(second));
    else if (is(operation, "div")) divide(a, read_number(second, 16));
    else if (is(operation, "dcmp"))
        printf("%d\n", limbs_compare_double(a, bits_to_double(strtoull(second, NULL, 16))));
    else if (strstr("pow shl shr int uint", operation))
        answer_counted(operation, a, strtoull(second, NULL, 10));
    else answer_two(operation, a, read_number(second, 16));
}

int main(void)
{
    static char line[LINE_BYTES];
    limbs_init();
    while (fgets(line, sizeof line, stdin)) {
        const char *operation = strtok(line, " \n"), *first = strtok(NULL, " \n");
        const char *second = strtok(NULL, " \n");
        answer(operation, first, second ? second : "0");
        free_rooms();
    }
    return 0;
}
