/* SPDX-License-Identifier: MIT */
/* Uint8Array to and from base64 and hexadecimal text (ECMA-262 23.3). */
#include <string.h>

#include "lib/typed_array_int.h"
#include "vm/base/buf.h"

typedef enum LastChunk { LAST_LOOSE, LAST_STRICT, LAST_STOP } LastChunk;

/* How a text is to be decoded, and how far that came. */
typedef struct Decoding {
    StringView text;
    bool       is_url;
    LastChunk  last;
    size_t     max_bytes;
    size_t     read;                     // units used
    Buf        bytes;                    // what they say
    bool       is_refused;               // there is no memory for them
} Decoding;

enum { DECODING_SMALL = 1 << 18 };           // bytes; fewer live from what must not fail

/* ---- arguments --------------------------------------------------------------------------------------------------- */

/* ValidateUint8Array; NULL: TypeError thrown. */
static TypedArray *lib_typed_array_this_bytes(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_UINT8_ARRAY)) return typed_array_of(a.self);
    error_throw(g, ERROR_TYPE, "this is not a Uint8Array");
    return NULL;
}

static bool lib_typed_array_check_text(Goroutine *g, Value v)
{
    return value_is_string(v) || error_throw_bool(g, ERROR_TYPE, "%V is not a string", v);
}

/* GetOptionsObject, and one of its properties: undefined without an object. */
static bool lib_typed_array_option(Goroutine *g, Value options, const char *name, Value *v)
{
    *v = VALUE_UNDEFINED;
    if (value_is_undefined(options)) return true;
    if (!value_is_object(options)) return error_throw_bool(g, ERROR_TYPE, "%V is not an object", options);
    *v = TRY_BOOL(object_get(g, object_of(options), value_from_cell(intern_text(&g->heap, name))));
    return true;
}

static bool lib_typed_array_alphabet(Goroutine *g, Value options, bool *is_url)
{
    Value v;
    OK_BOOL(lib_typed_array_option(g, options, "alphabet", &v));
    *is_url = value_is_string(v) && string_equal_text(&g->heap, string_of(v), "base64url");
    bool is_plain = value_is_undefined(v) || (value_is_string(v) && string_equal_text(&g->heap, string_of(v), "base64"));
    return *is_url || is_plain || error_throw_bool(g, ERROR_TYPE, "expected alphabet to be either \"base64\" or \"base64url\"");
}

static bool lib_typed_array_last_chunk(Goroutine *g, Value options, LastChunk *last)
{
    static const char *const names[] = { [LAST_LOOSE] = "loose", [LAST_STRICT] = "strict", [LAST_STOP] = "stop-before-partial" };
    Value v;
    OK_BOOL(lib_typed_array_option(g, options, "lastChunkHandling", &v));
    *last = LAST_LOOSE;
    if (value_is_undefined(v)) return true;
    for (size_t i = 0; i < COUNT_OF(names) && value_is_string(v); i++) {
        if (!string_equal_text(&g->heap, string_of(v), names[i])) continue;
        *last = (LastChunk)i;
        return true;
    }
    return error_throw_bool(g, ERROR_TYPE, "expected lastChunkHandling to be either \"loose\", \"strict\", or \"stop-before-partial\"");
}

/* ---- base64 ------------------------------------------------------------------------------------------------------ */

static int lib_typed_array_sextet(uint16_t unit, bool is_url)
{
    if (unit >= 'A' && unit <= 'Z') return unit - 'A';
    if (unit >= 'a' && unit <= 'z') return unit - 'a' + 26;
    if (unit >= '0' && unit <= '9') return unit - '0' + 52;
    if (unit == (is_url ? '-' : '+')) return 62;
    if (unit == (is_url ? '_' : '/')) return 63;
    return -1;
}

/* SkipAsciiWhitespace. */
static size_t lib_typed_array_skip_space(StringView text, size_t i)
{
    for (; i < text.length; i++) {
        uint16_t unit = string_view_unit(text, i);
        if (unit != '\t' && unit != '\n' && unit != '\f' && unit != '\r' && unit != ' ') break;
    }
    return i;
}

/* DecodeFinalBase64Chunk: two or three sextets. False: bits left over that must not be. */
static bool lib_typed_array_final_chunk(Decoding *d, uint32_t chunk, int count, bool is_exact)
{
    if (count == 2) {
        if (is_exact && (chunk & 15)) return false;
        buf_put_byte(&d->bytes, (uint8_t)(chunk >> 4));
    } else {
        if (is_exact && (chunk & 3)) return false;
        buf_put_byte(&d->bytes, (uint8_t)(chunk >> 10));
        buf_put_byte(&d->bytes, (uint8_t)(chunk >> 2));
    }
    return true;
}

/* Behind the first `=`, at `i`, which follows `count` sextets. */
static bool lib_typed_array_padding(Decoding *d, size_t i, uint32_t chunk, int count)
{
    if (count < 2) return false;
    i = lib_typed_array_skip_space(d->text, i);
    if (count == 2) {
        if (i == d->text.length) return d->last == LAST_STOP;
        if (string_view_unit(d->text, i) == '=') i = lib_typed_array_skip_space(d->text, i + 1);
    }
    if (i < d->text.length || !lib_typed_array_final_chunk(d, chunk, count, d->last == LAST_STRICT)) return false;
    d->read = d->text.length;
    return true;
}

/* The text ends with `count` sextets over. */
static bool lib_typed_array_end_chunk(Decoding *d, uint32_t chunk, int count)
{
    if (count > 0) {
        if (d->last == LAST_STOP) return true;
        if (d->last == LAST_STRICT || count == 1) return false;
        lib_typed_array_final_chunk(d, chunk, count, false);
    }
    d->read = d->text.length;
    return true;
}

/* FromBase64 (23.3.3.4); false: the text is not well-formed, `read` and `bytes` say what came before. */
static bool lib_typed_array_decode_base64(Decoding *d)
{
    uint32_t chunk = 0;
    int count = 0;
    if (d->max_bytes == 0) return true;
    for (size_t i = 0;;) {
        i = lib_typed_array_skip_space(d->text, i);
        if (i == d->text.length) return lib_typed_array_end_chunk(d, chunk, count);
        uint16_t unit = string_view_unit(d->text, i++);
        if (unit == '=') return lib_typed_array_padding(d, i, chunk, count);
        int sextet = lib_typed_array_sextet(unit, d->is_url);
        if (sextet < 0) return false;
        size_t remaining = d->max_bytes - d->bytes.count;
        if ((remaining == 1 && count == 2) || (remaining == 2 && count == 3)) return true;
        chunk = chunk << 6 | (uint32_t)sextet;
        if (++count < 4) continue;
        for (int shift = 16; shift >= 0; shift -= 8) buf_put_byte(&d->bytes, (uint8_t)(chunk >> shift));
        chunk = 0;
        count = 0;
        d->read = i;
        if (d->bytes.count == d->max_bytes) return true;
    }
}

/* ---- hexadecimal ------------------------------------------------------------------------------------------------- */

static int lib_typed_array_hex_digit(uint16_t unit)
{
    if (unit >= '0' && unit <= '9') return unit - '0';
    if (unit >= 'a' && unit <= 'f') return unit - 'a' + 10;
    if (unit >= 'A' && unit <= 'F') return unit - 'A' + 10;
    return -1;
}

/* FromHex (23.3.3.6); false as above. */
static bool lib_typed_array_decode_hex(Decoding *d)
{
    if (d->text.length % 2) return false;
    while (d->read < d->text.length && d->bytes.count < d->max_bytes) {
        int high = lib_typed_array_hex_digit(string_view_unit(d->text, d->read));
        int low = lib_typed_array_hex_digit(string_view_unit(d->text, d->read + 1));
        if (high < 0 || low < 0) return false;
        buf_put_byte(&d->bytes, (uint8_t)(high << 4 | low));
        d->read += 2;
    }
    return true;
}

/* ---- the functions ----------------------------------------------------------------------------------------------- */

enum { TEXT_BASE64, TEXT_HEX };

/* What fromBase64, fromHex, setFromBase64, setFromHex do first: text and options, in that order. */
static bool lib_typed_array_begin_decoding(Goroutine *g, Args a, Decoding *d)
{
    *d = (Decoding){ .max_bytes = SIZE_MAX };
    OK_BOOL(lib_typed_array_check_text(g, arg(a, 0)));
    if (args_magic(a) == TEXT_HEX) return true;
    OK_BOOL(lib_typed_array_alphabet(g, arg(a, 1), &d->is_url));
    return lib_typed_array_last_chunk(g, arg(a, 1), &d->last);
}

static bool lib_typed_array_run_decoding(Goroutine *g, Args a, Decoding *d)
{
    d->text = string_view(&g->heap, string_of(arg(a, 0)));
    buf_init(&d->bytes);
    size_t most = d->text.length < d->max_bytes ? d->text.length : d->max_bytes;
    d->is_refused = most > DECODING_SMALL && !buf_try_reserve(&d->bytes, most);
    if (d->is_refused) return false;
    return args_magic(a) == TEXT_HEX ? lib_typed_array_decode_hex(d) : lib_typed_array_decode_base64(d);
}

static Value lib_typed_array_throw_text(Goroutine *g, Args a, const Decoding *d)
{
    if (d->is_refused) return error_throw_out_of_memory(g);
    return error_throw(g, ERROR_SYNTAX, "Invalid %s text", args_magic(a) == TEXT_HEX ? "hexadecimal" : "base64");
}

/* Uint8Array.fromBase64, Uint8Array.fromHex (23.3.1). */
static Value lib_typed_array_from_text(Goroutine *g, Args a)
{
    Decoding d;
    TypedArray *made = NULL;
    OK(lib_typed_array_begin_decoding(g, a, &d));
    bool ok = lib_typed_array_run_decoding(g, a, &d);
    if (ok) {
        Value proto = realm_intrinsic(realm_current(g), INTRINSIC_Uint8ArrayPrototype);
        made = lib_typed_array_allocate(g, KIND_UINT8_ARRAY, proto, (double)d.bytes.count);
        if (made) buffer_copy_bytes(made->buffer, lib_typed_array_place(made, 0), NULL, d.bytes.bytes, d.bytes.count);
    }
    buf_deinit(&d.bytes);
    if (!ok) return lib_typed_array_throw_text(g, a, &d);
    return made ? value_from_cell(made) : VALUE_THROWN;
}

/* Uint8Array.prototype.setFromBase64, setFromHex (23.3.2): what precedes an error is stored all the same. */
static Value lib_typed_array_set_from_text(Goroutine *g, Args a)
{
    Decoding d;
    TypedArray *t = lib_typed_array_this_bytes(g, a);
    if (!t) return VALUE_THROWN;
    if (t->buffer->is_immutable) return error_throw(g, ERROR_TYPE, "Cannot write to an immutable ArrayBuffer");
    OK(lib_typed_array_begin_decoding(g, a, &d));
    if (!lib_typed_array_validate(g, a.self)) return VALUE_THROWN;
    d.max_bytes = typed_array_length(t);
    bool ok = lib_typed_array_run_decoding(g, a, &d);
    size_t written = d.bytes.count;
    buffer_copy_bytes(t->buffer, lib_typed_array_place(t, 0), NULL, d.bytes.bytes, written);
    buf_deinit(&d.bytes);
    if (!ok) return lib_typed_array_throw_text(g, a, &d);
    Object *result = realm_new_object(g, INTRINSIC_ObjectPrototype);
    object_add(&g->heap, result, intern_key_text(&g->heap, "read"), value_from_double((double)d.read), PROPERTY_DEFAULT);
    object_add(&g->heap, result, intern_key_text(&g->heap, "written"), value_from_double((double)written), PROPERTY_DEFAULT);
    return value_from_cell(result);
}

static void lib_typed_array_encode_base64(StringBuilder *b, const TypedArray *t, bool is_url, bool is_padded)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const uint8_t *bytes = lib_typed_array_place(t, 0);
    size_t count = typed_array_length(t);
    for (size_t i = 0; i < count; i += 3) {
        size_t here = count - i < 3 ? count - i : 3;
        uint32_t chunk = (uint32_t)buffer_load_element(bytes + i, 0) << 16;
        if (here > 1) chunk |= (uint32_t)buffer_load_element(bytes + i + 1, 0) << 8;
        if (here > 2) chunk |= (uint32_t)buffer_load_element(bytes + i + 2, 0);
        for (size_t k = 0; k < 4; k++) {
            uint32_t sextet = chunk >> (18 - 6 * k) & 63;
            if (k <= here) string_builder_put_unit(b, (uint16_t)(sextet < 62 ? digits[sextet] : (is_url ? "-_" : "+/")[sextet - 62]));
            else if (is_padded) string_builder_put_unit(b, '=');
        }
    }
}

/* Uint8Array.prototype.toBase64. */
static Value lib_typed_array_to_base64(Goroutine *g, Args a)
{
    Value omit;
    bool is_url;
    StringBuilder b;
    const TypedArray *t = lib_typed_array_this_bytes(g, a);
    if (!t) return VALUE_THROWN;
    OK(lib_typed_array_alphabet(g, arg(a, 0), &is_url));
    OK(lib_typed_array_option(g, arg(a, 0), "omitPadding", &omit));
    if (!lib_typed_array_validate(g, a.self)) return VALUE_THROWN;
    string_builder_init(&b);
    lib_typed_array_encode_base64(&b, t, is_url, !convert_to_boolean(omit));
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

/* Uint8Array.prototype.toHex. */
static Value lib_typed_array_to_hex(Goroutine *g, Args a)
{
    StringBuilder b;
    const TypedArray *t = lib_typed_array_this_bytes(g, a);
    if (!t || !lib_typed_array_validate(g, a.self)) return VALUE_THROWN;
    string_builder_init(&b);
    for (size_t i = 0; i < typed_array_length(t); i++) {
        uint64_t byte = buffer_load_element(lib_typed_array_place(t, i), 0);
        string_builder_put_unit(&b, (uint16_t)"0123456789abcdef"[byte >> 4]);
        string_builder_put_unit(&b, (uint16_t)"0123456789abcdef"[byte & 15]);
    }
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

static const NativeSpec lib_typed_array_text_functions[] = {
    LIB_MAGIC("fromBase64", 1, lib_typed_array_from_text, TEXT_BASE64),
    LIB_MAGIC("fromHex", 1, lib_typed_array_from_text, TEXT_HEX),
};

static const NativeSpec lib_typed_array_text_methods[] = {
    LIB_MAGIC("setFromBase64", 1, lib_typed_array_set_from_text, TEXT_BASE64),
    LIB_MAGIC("setFromHex", 1, lib_typed_array_set_from_text, TEXT_HEX),
    LIB_METHOD("toBase64", 0, lib_typed_array_to_base64),
    LIB_METHOD("toHex", 0, lib_typed_array_to_hex),
};

void lib_typed_array_install_text(const Lib *lib)
{
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_Uint8Array), lib_typed_array_text_functions);
    INSTALL_TABLE(lib, install_intrinsic(lib, INTRINSIC_Uint8ArrayPrototype), lib_typed_array_text_methods);
}
