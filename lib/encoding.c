/* SPDX-License-Identifier: MIT */
/* TextEncoder and TextDecoder of UTF-8 and UTF-16LE (WHATWG Encoding Standard). */
#include "lib/encoding.h"

#include <string.h>

#include "gc/mark.h"
#include "lib/argument.h"
#include "lib/data_view.h"
#include "lib/families.h"
#include "vm/base/buf.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"
#include "vm/object/kinds.h"
#include "vm/object/typed_array.h"
#include "vm/value/number.h"

enum {                                   // TextDecoder.flags
    DECODER_FATAL = 1,
    DECODER_KEEPS_BOM = 2,
    DECODER_UTF16 = 4,
    DECODER_BEGAN = 8,                   // a byte order mark is text from here on
};

enum { DECODER_MOST_PENDING = 3 };

typedef struct TextDecoder {             // KIND_TEXT_DECODER
    Object   object;
    uint32_t flags;                      // atomic: immutable but for DECODER_BEGAN, which changes under its monitor
    uint8_t  pending_count;              // monitor: bytes of a character whose rest the next call may bring
    uint8_t  pending[DECODER_MOST_PENDING];      // monitor
} TextDecoder;

/* ---- TextEncoder ------------------------------------------------------------------------------------------------- */

static Value lib_encoding_construct_encoder(Goroutine *g, Args a)
{
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Class constructor TextEncoder cannot be invoked without 'new'");
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_TextEncoderPrototype));
    return value_from_cell(object_new_with_proto(&g->heap, proto));
}

static Value lib_encoding_utf8(Goroutine *g, Args a)
{
    (void)a;
    return value_from_cell(intern_text(&g->heap, "utf-8"));
}

static Value encoding_bytes(Goroutine *g, const void *bytes, size_t count)
{
    const Realm *realm = realm_current(g);
    ArrayBuffer *buffer = buffer_new(g, realm_intrinsic(realm, INTRINSIC_ArrayBufferPrototype), count, count, false, false);
    if (!buffer) return VALUE_THROWN;
    if (count) memcpy(buffer->bytes, bytes, count);
    Value proto = realm_intrinsic(realm, INTRINSIC_Uint8ArrayPrototype);
    return value_from_cell(typed_array_new(&g->heap, KIND_UINT8_ARRAY, proto, buffer, 0, count));
}

static Value lib_encoding_encode(Goroutine *g, Args a)
{
    size_t count;
    String *s = value_is_undefined(arg(a, 0)) ? string_of(g->vm->empty_string) : convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    char *bytes = string_to_utf8(&g->heap, s, &count, false);
    if (!bytes) return error_throw_out_of_memory(g);
    Value result = encoding_bytes(g, bytes, count);
    mem_free(bytes);
    return result;
}

/* encodeInto(source, destination): as many whole characters as fit. */
static Value lib_encoding_encode_into(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    if (!value_is_kind(arg(a, 1), KIND_UINT8_ARRAY)) return lib_argument_throw_type(g, "dest", "an instance of Uint8Array", arg(a, 1));
    const TypedArray *t = typed_array_of(arg(a, 1));
    size_t room = typed_array_length(t), read = 0, written = 0;
    uint8_t *out = room ? t->first : NULL, bytes[4];
    StringView v = string_view(&g->heap, s);
    while (read < v.length) {
        size_t next = read;
        uint32_t c = v.is_wide ? utf_decode_utf16(v.units, v.length, &next) : string_view_unit(v, next++);
        size_t count = utf_encode_utf8(c, bytes);
        if (count > room - written) break;
        buffer_copy_bytes(t->buffer, out + written, NULL, bytes, count);
        written += count;
        read = next;
    }
    Object *o = realm_new_object(g, INTRINSIC_ObjectPrototype);
    object_define(&g->heap, o, intern_key_text(&g->heap, "read"), value_from_double((double)read), PROPERTY_DEFAULT);
    object_define(&g->heap, o, intern_key_text(&g->heap, "written"), value_from_double((double)written), PROPERTY_DEFAULT);
    return value_from_cell(o);
}

/* ---- TextDecoder: construction ----------------------------------------------------------------------------------- */

static bool encoding_read_flag(Goroutine *g, Value options, const char *name, bool *flag)
{
    *flag = false;
    if (!value_is_object(options)) return true;
    Value v = TRY_BOOL(object_get(g, object_of(options), intern_key_text(&g->heap, name)));
    *flag = convert_to_boolean(v);
    return true;
}

/* A label of an encoding that is known: 0 UTF-8, DECODER_UTF16; -1 none. */
static int encoding_find(LocalHeap *h, String *label)
{
    static const struct { const char *label; int flags; } labels[] = {
        { "utf-8", 0 }, { "utf8", 0 }, { "unicode-1-1-utf-8", 0 }, { "unicode11utf8", 0 }, { "unicode20utf8", 0 }, { "x-unicode20utf8", 0 },
        { "utf-16le", DECODER_UTF16 }, { "utf-16", DECODER_UTF16 }, { "ucs-2", DECODER_UTF16 }, { "iso-10646-ucs-2", DECODER_UTF16 },
        { "csunicode", DECODER_UTF16 }, { "unicode", DECODER_UTF16 }, { "unicodefeff", DECODER_UTF16 },
    };
    char text[24];
    StringView v = number_trim(string_view(h, label));
    if (v.length >= sizeof text) return -1;
    for (size_t i = 0; i < v.length; i++) {
        uint32_t u = string_view_unit(v, i);
        text[i] = u >= 'A' && u <= 'Z' ? (char)(u | 0x20) : u < 0x80 ? (char)u : '?';
    }
    text[v.length] = '\0';
    for (size_t i = 0; i < COUNT_OF(labels); i++)
        if (!strcmp(text, labels[i].label)) return labels[i].flags;
    return -1;
}

static Value lib_encoding_construct_decoder(Goroutine *g, Args a)
{
    bool fatal, keeps_bom;
    int encoding = 0;
    if (!args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Class constructor TextDecoder cannot be invoked without 'new'");
    if (!value_is_undefined(arg(a, 0))) {
        String *label = convert_to_string(g, arg(a, 0));
        if (!label) return VALUE_THROWN;
        encoding = encoding_find(&g->heap, label);
        if (encoding < 0) {
            error_throw(g, ERROR_RANGE, "The \"%S\" encoding is not supported", label);
            return lib_argument_add_code(g, "ERR_ENCODING_NOT_SUPPORTED");
        }
    }
    OK(encoding_read_flag(g, arg(a, 1), "fatal", &fatal));
    OK(encoding_read_flag(g, arg(a, 1), "ignoreBOM", &keeps_bom));
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_TextDecoderPrototype));
    TextDecoder *d = object_alloc(&g->heap, object_root_shape(&g->heap, KIND_TEXT_DECODER, proto, 0), sizeof *d);
    d->flags = (uint32_t)encoding | (fatal ? DECODER_FATAL : 0) | (keeps_bom ? DECODER_KEEPS_BOM : 0);
    d->pending_count = 0;
    memset(d->pending, 0, sizeof d->pending);
    return value_from_cell(d);
}

static TextDecoder *encoding_decoder(Goroutine *g, Args a)
{
    if (value_is_kind(a.self, KIND_TEXT_DECODER)) return (TextDecoder *)value_cell(a.self);
    error_throw(g, ERROR_TYPE, "Value of \"this\" must be of type TextDecoder");
    return NULL;
}

static Value lib_encoding_decoder_encoding(Goroutine *g, Args a)
{
    const TextDecoder *d = encoding_decoder(g, a);
    return d ? value_from_cell(intern_text(&g->heap, atomic_get_relaxed(&d->flags) & DECODER_UTF16 ? "utf-16le" : "utf-8")) : VALUE_THROWN;
}

/* fatal, ignoreBOM: magic is the flag. */
static Value lib_encoding_decoder_flag(Goroutine *g, Args a)
{
    const TextDecoder *d = encoding_decoder(g, a);
    return d ? value_from_bool((atomic_get_relaxed(&d->flags) & (uint32_t)args_magic(a)) != 0) : VALUE_THROWN;
}

/* ---- TextDecoder: decoding --------------------------------------------------------------------------------------- */

/* Append the bytes of a buffer or a view; false: `v` is neither. */
static bool encoding_put_view(Buf *out, Value v)
{
    size_t count, offset;
    if (value_is_undefined(v)) return true;
    if (value_is_kind(v, KIND_ARRAY_BUFFER)) {
        buffer_put_bytes(out, buffer_of(v), 0, buffer_length(buffer_of(v)));
        return true;
    }
    if (value_is_kind(v, KIND_DATA_VIEW)) {
        const ArrayBuffer *buffer = data_view_bytes(v, &offset, &count);
        buffer_put_bytes(out, buffer, offset, count);
        return true;
    }
    if (!typed_array_is(v)) return false;
    const TypedArray *t = typed_array_of(v);
    count = typed_array_length(t) << typed_array_shift(t->object.cell.kind);
    buffer_put_bytes(out, t->buffer, t->byte_offset, count);
    return true;
}

/* How many bytes a character of UTF-8 takes, by its first one; 0 when that cannot be a first one. */
static size_t encoding_utf8_length(uint8_t lead)
{
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return 2;
    if (lead >= 0xe0 && lead <= 0xef) return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* May the second byte follow the first? */
static bool encoding_is_second(uint8_t lead, uint8_t second)
{
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80, high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

size_t lib_encoding_incomplete(const uint8_t *bytes, size_t count)
{
    for (size_t back = 1; back <= DECODER_MOST_PENDING && back <= count; back++) {
        const uint8_t *at = bytes + count - back;
        if (*at >= 0x80 && *at < 0xc0) continue;
        bool starts = encoding_utf8_length(*at) > back && (back < 2 || encoding_is_second(at[0], at[1]));
        return starts ? back : 0;
    }
    return 0;
}

/* The same for UTF-16. */
static size_t encoding_incomplete_utf16(const uint8_t *bytes, size_t count)
{
    return count % 2 + (count >= 2 + count % 2 && (bytes[count - count % 2 - 1] & 0xfc) == 0xd8 ? 2 : 0);
}

/* False: ill-formed. */
static bool encoding_decode_utf8(StringBuilder *b, const uint8_t *p, const uint8_t *end)
{
    bool well_formed = true;
    while (p < end) {
        size_t ascii = utf_count_ascii_prefix(p, (size_t)(end - p));
        string_builder_put_latin1(b, p, ascii);
        p += ascii;
        if (p == end) break;
        uint32_t c = utf_decode_utf8(&p, end);
        well_formed = well_formed && c != UTF_INVALID;
        string_builder_put_code_point(b, c == UTF_INVALID ? UTF_REPLACEMENT : c);
    }
    return well_formed;
}

static bool encoding_decode_utf16(StringBuilder *b, const uint8_t *p, const uint8_t *end)
{
    bool well_formed = true;
    for (; end - p >= 2; p += 2) {
        uint32_t u = (uint32_t)p[0] | (uint32_t)p[1] << 8, next = end - p >= 4 ? (uint32_t)p[2] | (uint32_t)p[3] << 8 : 0;
        if (utf_is_lead_surrogate(u) && utf_is_trail_surrogate(next)) {
            string_builder_put_code_point(b, utf_join_surrogates(u, next));
            p += 2;
            continue;
        }
        well_formed = well_formed && !utf_is_surrogate(u);
        string_builder_put_unit(b, utf_is_surrogate(u) ? UTF_REPLACEMENT : (uint16_t)u);
    }
    if (p == end) return well_formed;
    string_builder_put_unit(b, UTF_REPLACEMENT);
    return false;
}

/* Put the bytes that are pending before those in `all`, and keep those of an incomplete character for the next call:
 * how many, `*kept`. The flags as they were. */
static uint32_t encoding_take_pending(Goroutine *g, TextDecoder *d, Buf *all, bool streams, size_t *kept)
{
    bool entered = monitor_enter(&g->heap, &d->object);
    uint32_t flags = d->flags, began = 0;
    size_t count = d->pending_count;
    buf_reserve(all, count);
    memmove(all->bytes + count, all->bytes, all->count);
    memcpy(all->bytes, d->pending, count);
    all->count += count;
    const uint8_t *bytes = (const uint8_t *)all->bytes;
    *kept = 0;
    if (streams) *kept = flags & DECODER_UTF16 ? encoding_incomplete_utf16(bytes, all->count)
                                               : lib_encoding_incomplete(bytes, all->count);
    d->pending_count = (uint8_t)*kept;
    memcpy(d->pending, all->bytes + all->count - *kept, *kept);
    if (streams && (all->count > *kept || (flags & DECODER_BEGAN))) began = DECODER_BEGAN;
    atomic_set_relaxed(&d->flags, (flags & ~(uint32_t)DECODER_BEGAN) | began);
    monitor_exit(&g->heap, &d->object, entered);
    return flags;
}

/* The text of `bytes`, without a byte order mark at the very start unless that is wanted. */
static Value encoding_decode(Goroutine *g, uint32_t flags, const uint8_t *bytes, size_t count)
{
    StringBuilder b;
    const uint8_t *end = bytes + count;
    bool is_utf16 = (flags & DECODER_UTF16) != 0;
    if (count && !(flags & (DECODER_BEGAN | DECODER_KEEPS_BOM))) {
        size_t mark = is_utf16 ? 2 : 3;
        if (count >= mark && !memcmp(bytes, is_utf16 ? "\xff\xfe" : "\xef\xbb\xbf", mark)) bytes += mark;
    }
    string_builder_init(&b);
    bool well_formed = is_utf16 ? encoding_decode_utf16(&b, bytes, end) : encoding_decode_utf8(&b, bytes, end);
    if (well_formed || !(flags & DECODER_FATAL)) return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    error_throw(g, ERROR_TYPE, "The encoded data was not valid for encoding %s", is_utf16 ? "utf-16le" : "utf-8");
    return lib_argument_add_code(g, "ERR_ENCODING_INVALID_ENCODED_DATA");
}

static Value lib_encoding_decode(Goroutine *g, Args a)
{
    bool streams;
    size_t kept;
    Buf all;
    TextDecoder *d = encoding_decoder(g, a);
    if (!d) return VALUE_THROWN;
    OK(encoding_read_flag(g, arg(a, 1), "stream", &streams));
    buf_init(&all);
    buf_reserve(&all, DECODER_MOST_PENDING);
    if (!encoding_put_view(&all, arg(a, 0))) {
        buf_deinit(&all);
        return lib_argument_throw_type(g, "list", "an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView", arg(a, 0));
    }
    uint32_t flags = encoding_take_pending(g, d, &all, streams, &kept);
    Value text = encoding_decode(g, flags, (const uint8_t *)all.bytes, all.count - kept);
    buf_deinit(&all);
    return text;
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

static const NativeSpec lib_encoding_encoder[] = {
    LIB_GETTER("encoding", lib_encoding_utf8),
    LIB_METHOD("encode", 0, lib_encoding_encode),
    LIB_METHOD("encodeInto", 2, lib_encoding_encode_into),
};

static const NativeSpec lib_encoding_decoder[] = {
    LIB_GETTER("encoding", lib_encoding_decoder_encoding),
    { .name = "fatal", .function = lib_encoding_decoder_flag, .flags = NATIVE_GETTER, .magic = DECODER_FATAL },
    { .name = "ignoreBOM", .function = lib_encoding_decoder_flag, .flags = NATIVE_GETTER, .magic = DECODER_KEEPS_BOM },
    LIB_METHOD("decode", 0, lib_encoding_decode),
};

void lib_encoding_install(const Lib *lib)
{
    static const NativeSpec encoder = LIB_CONSTRUCTOR("TextEncoder", 0, lib_encoding_construct_encoder);
    static const NativeSpec decoder = LIB_CONSTRUCTOR("TextDecoder", 0, lib_encoding_construct_decoder);
    Value parent = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    install_constructor(lib, &encoder, INTRINSIC_TextEncoder, INTRINSIC_TextEncoderPrototype, parent, VALUE_UNDEFINED);
    install_constructor(lib, &decoder, INTRINSIC_TextDecoder, INTRINSIC_TextDecoderPrototype, parent, VALUE_UNDEFINED);
    Value encoder_proto = install_intrinsic(lib, INTRINSIC_TextEncoderPrototype), decoder_proto = install_intrinsic(lib, INTRINSIC_TextDecoderPrototype);
    INSTALL_TABLE(lib, encoder_proto, lib_encoding_encoder);
    INSTALL_TABLE(lib, decoder_proto, lib_encoding_decoder);
    install_tag(lib, encoder_proto, "TextEncoder");
    install_tag(lib, decoder_proto, "TextDecoder");
}

static void encoding_trace(Marker *m, Cell *c)
{
    TextDecoder *d = (TextDecoder *)c;
    mark_cell(m, d->object.ool);
    mark_values(m, (Value *)(d + 1), c->extra);
}

void encoding_register_kinds(void)
{
    kinds_register(KIND_TEXT_DECODER, &(GcKind){ .name = "TEXT_DECODER", .base_bytes = sizeof(TextDecoder), .trace = encoding_trace }, NULL);
}
