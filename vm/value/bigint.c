/* SPDX-License-Identifier: MIT */
#include "vm/value/bigint.h"

#include <string.h>

#include "gc/alloc.h"
#include "vm/value/number.h"

size_t bigint_cell_size(const Cell *c)
{
    return sizeof(BigInt) + (size_t)((const BigInt *)c)->count * sizeof(Limb);
}

static BigInt *bigint_alloc(LocalHeap *h, uint64_t limbs)
{
    if (limbs > LIMBS_MOST) return NULL;
    BigInt *b = alloc_any(h, sizeof *b + limbs * sizeof(Limb), CELL_HEADER(SHAPE_ID_BIGINT, KIND_BIGINT, 0));
    if (!b) return NULL;
    b->count = (uint32_t)limbs;
    b->is_negative = 0;
    return b;
}

/* A cell with the content of `value`, whose limbs may lie anywhere. */
static BigInt *bigint_new(LocalHeap *h, LimbsInt value)
{
    BigInt *b = bigint_alloc(h, value.count);
    if (!b) return NULL;
    b->is_negative = value.is_negative;
    memcpy(b->limbs, value.limbs, value.count * sizeof(Limb));
    return b;
}

BigInt *bigint_from_int64(LocalHeap *h, int64_t i)
{
    Limb limb[1];
    return bigint_new(h, limbs_from_int64(i, limb));
}

BigInt *bigint_from_uint64(LocalHeap *h, uint64_t i)
{
    Limb limb[1];
    return bigint_new(h, limbs_from_uint64(i, limb));
}

BigInt *bigint_from_double(LocalHeap *h, double d)
{
    Limb limbs[LIMBS_ROOM_FROM_DOUBLE];
    return bigint_new(h, limbs_from_double(d, limbs));
}

/* ---- scratch: results are computed on the C heap and copied, so that cells have their exact size --------------- */

enum { SCRATCH_LOCAL = 64 };

typedef struct Scratch {
    Limb  local[SCRATCH_LOCAL];
    Limb *limbs;
} Scratch;

static Limb *bigint_scratch(Scratch *s, uint64_t limbs)
{
    if (limbs > LIMBS_MOST + 2) return s->limbs = NULL;
    return s->limbs = limbs <= SCRATCH_LOCAL ? s->local : mem_try_alloc(limbs * sizeof(Limb));
}

static void bigint_scratch_free(Scratch *s)
{
    if (s->limbs != s->local) mem_free(s->limbs);
}

/* ---- what takes temporary memory, and may be refused it (limbs.h I4) --------------------------------------------- */

enum { OPERATION_SMALL = 16 };           // limbs for which none is taken

typedef struct Operation {
    LimbsInt a, b;
    uint64_t exponent;
    Limb    *out, *more;                 // room for the result; for the remainder, or scratch
    LimbsInt result, remainder;
} Operation;

static bool bigint_attempt(void (*operate)(void *context), Operation *o)
{
    if (!o->out) return false;
    if (o->a.count > OPERATION_SMALL || o->exponent) return limbs_attempt(operate, o);
    operate(o);
    return true;
}

static void bigint_do_multiply(void *context)
{
    Operation *o = context;
    o->result = limbs_mul(o->a, o->b, o->out);
}

static void bigint_do_divide(void *context)
{
    Operation *o = context;
    limbs_divmod(o->a, o->b, o->out, o->more, &o->result, &o->remainder);
}

static void bigint_do_power(void *context)
{
    Operation *o = context;
    o->result = limbs_pow(o->a, o->exponent, o->out, o->more);
}

static BigInt *bigint_multiply(LocalHeap *h, LimbsInt a, LimbsInt b)
{
    Scratch s;
    Operation o = { .a = a.count > b.count ? a : b, .b = a.count > b.count ? b : a };
    o.out = bigint_scratch(&s, limbs_room_mul(a, b));
    BigInt *result = bigint_attempt(bigint_do_multiply, &o) ? bigint_new(h, o.result) : NULL;
    bigint_scratch_free(&s);
    return result;
}

static BigInt *bigint_divide(LocalHeap *h, LimbsInt a, LimbsInt b, bool want_remainder)
{
    Scratch q, r;
    BigInt *result = NULL;
    Operation o = { .a = a, .b = b, .out = bigint_scratch(&q, limbs_room_quotient(a, b) + 1),
        .more = bigint_scratch(&r, limbs_room_remainder(b) + 1) };
    if (o.more && bigint_attempt(bigint_do_divide, &o)) result = bigint_new(h, want_remainder ? o.remainder : o.result);
    bigint_scratch_free(&q);
    bigint_scratch_free(&r);
    return result;
}

/* Shifting by more than LIMBS_MOST_BITS: 0 or -1 to the right, too large to the left. */
static BigInt *bigint_shift(LocalHeap *h, LimbsInt a, LimbsInt by, bool left)
{
    if (by.is_negative) {
        left = !left;
        by.is_negative = false;
    }
    bool far = limbs_bit_length(by) > 32;
    if (limbs_is_zero(a)) return bigint_from_int64(h, 0);
    if (far && left) return NULL;
    if (far) return bigint_from_int64(h, a.is_negative ? -1 : 0);
    uint64_t bits = limbs_low64(by);
    Scratch s;
    Limb *out = bigint_scratch(&s, left ? limbs_room_shift_left(a, bits) : limbs_room_shift_right(a));
    if (!out) return NULL;
    BigInt *result = bigint_new(h, left ? limbs_shift_left(a, bits, out) : limbs_shift_right(a, bits, out));
    bigint_scratch_free(&s);
    return result;
}

static LimbsInt bigint_apply(BigIntOp op, LimbsInt a, LimbsInt b, Limb *out)
{
    switch (op) {
    case BIGINT_ADD: return limbs_add(a, b, out);
    case BIGINT_SUB: return limbs_sub(a, b, out);
    case BIGINT_AND: return limbs_and(a, b, out);
    case BIGINT_OR:  return limbs_or(a, b, out);
    default:         return limbs_xor(a, b, out);
    }
}

BigInt *bigint_operate(LocalHeap *h, BigIntOp op, BigInt *left, BigInt *right)
{
    LimbsInt a = bigint_limbs(left), b = bigint_limbs(right);
    switch (op) {
    case BIGINT_DIV: case BIGINT_MOD: return bigint_divide(h, a, b, op == BIGINT_MOD);
    case BIGINT_SHL: case BIGINT_SHR: return bigint_shift(h, a, b, op == BIGINT_SHL);
    case BIGINT_MUL: return bigint_multiply(h, a, b);
    default: break;
    }
    Scratch s;
    Limb *out = bigint_scratch(&s, limbs_room_add(a, b));
    if (!out) return NULL;
    BigInt *result = bigint_new(h, bigint_apply(op, a, b, out));
    bigint_scratch_free(&s);
    return result;
}

BigInt *bigint_power(LocalHeap *h, BigInt *base, BigInt *exponent)
{
    LimbsInt a = bigint_limbs(base), e = bigint_limbs(exponent);
    if (limbs_is_zero(e)) return bigint_from_int64(h, 1);
    bool unit = a.count == 0 || (a.count == 1 && a.limbs[0] == 1);
    if (unit) return limbs_low64(e) & 1 || a.count == 0 ? base : bigint_from_int64(h, 1);
    if (e.count > 1) return NULL;
    uint64_t room = limbs_room_pow(a, e.limbs[0]);
    Scratch out, scratch;
    BigInt *result = NULL;
    Operation o = { .a = a, .exponent = e.limbs[0], .out = bigint_scratch(&out, room),
        .more = bigint_scratch(&scratch, room) };
    if (o.more && bigint_attempt(bigint_do_power, &o)) result = bigint_new(h, o.result);
    bigint_scratch_free(&out);
    bigint_scratch_free(&scratch);
    return result;
}

BigInt *bigint_negate(LocalHeap *h, BigInt *a)
{
    return bigint_new(h, limbs_negate(bigint_limbs(a)));
}

BigInt *bigint_not(LocalHeap *h, BigInt *a)
{
    Scratch s;
    Limb *out = bigint_scratch(&s, limbs_room_not(bigint_limbs(a)));
    if (!out) return NULL;
    BigInt *result = bigint_new(h, limbs_not(bigint_limbs(a), out));
    bigint_scratch_free(&s);
    return result;
}

BigInt *bigint_add_int(LocalHeap *h, BigInt *a, int64_t i)
{
    Limb limb[1];
    LimbsInt b = limbs_from_int64(i, limb);
    Scratch s;
    Limb *out = bigint_scratch(&s, limbs_room_add(bigint_limbs(a), b));
    if (!out) return NULL;
    BigInt *result = bigint_new(h, limbs_add(bigint_limbs(a), b, out));
    bigint_scratch_free(&s);
    return result;
}

BigInt *bigint_as_int(LocalHeap *h, BigInt *a, uint64_t bits, bool is_unsigned)
{
    LimbsInt v = bigint_limbs(a);
    Scratch s;
    Limb *out = bigint_scratch(&s, is_unsigned ? limbs_room_as_uint(v, bits) : limbs_room_as_int(v, bits));
    if (!out) return NULL;
    BigInt *result = bigint_new(h, is_unsigned ? limbs_as_uint(v, bits, out) : limbs_as_int(v, bits, out));
    bigint_scratch_free(&s);
    return result;
}

bool bigint_equal(const BigInt *a, const BigInt *b)
{
    return limbs_compare(bigint_limbs(a), bigint_limbs(b)) == LIMBS_EQUAL;
}

LimbsOrder bigint_compare(const BigInt *a, const BigInt *b)
{
    return limbs_compare(bigint_limbs(a), bigint_limbs(b));
}

LimbsOrder bigint_compare_double(const BigInt *a, double d)
{
    return limbs_compare_double(bigint_limbs(a), d);
}

double bigint_to_double(const BigInt *a)
{
    return limbs_to_double(bigint_limbs(a));
}

uint64_t bigint_low64(const BigInt *a)
{
    return limbs_low64(bigint_limbs(a));
}

/* ---- text --------------------------------------------------------------------------------------------------- */

/* Take a radix prefix off `*text`; 10 when there is none. */
static int bigint_take_prefix(StringView *text)
{
    if (text->length < 2 || text_unit(*text, 0) != '0') return 10;
    int radix;
    switch (text_unit(*text, 1) | 0x20) {
    case 'x': radix = 16; break;
    case 'o': radix = 8; break;
    case 'b': radix = 2; break;
    default: return 10;
    }
    *text = text_from(*text, 2);
    return radix;
}

typedef struct Parsing {
    StringView text;
    int        radix;
    Limb      *out;
    uint8_t   *digits;
    LimbsInt   value;
    bool       ok;
} Parsing;

static void bigint_do_parse(void *context)
{
    Parsing *p = context;
    p->ok = limbs_text_parse(p->text, p->radix, p->out, p->digits, &p->value);
}

BigInt *bigint_parse(LocalHeap *h, StringView text, bool *ok)
{
    text = number_trim(text);
    *ok = true;
    if (text.length == 0) return bigint_from_int64(h, 0);
    bool negative = false;
    int radix = bigint_take_prefix(&text);
    if (radix == 10 && (text_unit(text, 0) == '-' || text_unit(text, 0) == '+')) {
        negative = text_unit(text, 0) == '-';
        text = text_from(text, 1);
    }
    Scratch s;
    Parsing p = { .text = text, .radix = radix, .out = bigint_scratch(&s, limbs_text_parse_room(text.length, radix)) };
    p.digits = p.out ? mem_try_alloc(text.length + 1) : NULL;
    BigInt *result = NULL;
    if (p.digits && limbs_attempt(bigint_do_parse, &p)) {
        *ok = p.ok;
        if (p.ok) result = bigint_new(h, negative ? limbs_negate(p.value) : p.value);
    }
    mem_free(p.digits);
    bigint_scratch_free(&s);
    return result;
}

typedef struct Writing {
    LimbsInt value;
    int      radix;
    char    *text;
    Limb    *scratch;
    size_t   length;
} Writing;

static void bigint_do_write(void *context)
{
    Writing *w = context;
    w->length = limbs_text_write(w->value, w->radix, w->text, w->scratch);
}

String *bigint_to_string(LocalHeap *h, BigInt *a, int radix)
{
    LimbsInt v = bigint_limbs(a);
    Scratch s;
    Writing w = { .value = v, .radix = radix, .text = mem_try_alloc(limbs_text_write_room(v, radix)),
        .scratch = bigint_scratch(&s, (uint64_t)v.count + 1) };
    String *result = NULL;
    if (w.text && w.scratch && limbs_attempt(bigint_do_write, &w))
        result = string_new_latin1(h, (const uint8_t *)w.text, w.length);
    mem_free(w.text);
    bigint_scratch_free(&s);
    return result;
}
