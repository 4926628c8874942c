/* SPDX-License-Identifier: MIT */
/* The globals atob and btoa (HTML Standard 8.3). */
#include <string.h>

#include "lib/families.h"

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static Value base64_throw(Goroutine *g, const char *message)
{
    LocalHeap *h = &g->heap;
    error_throw(g, ERROR_PLAIN, "%s", message);
    Value name = value_from_cell(intern_text(h, "InvalidCharacterError"));
    object_define(h, object_of(g->exception), vm_atom(g->vm, ATOM_name), name, PROPERTY_METHOD);
    object_define(h, object_of(g->exception), intern_key_text(h, "code"), value_from_int(5), PROPERTY_METHOD);
    return VALUE_THROWN;
}

static Value lib_base64_btoa(Goroutine *g, Args a)
{
    if (!a.count) return error_throw(g, ERROR_TYPE, "The \"input\" argument must be specified");
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    StringView v = string_view(&g->heap, s);
    StringBuilder b;
    string_builder_init(&b);
    for (size_t i = 0; i < v.length; i += 3) {
        uint32_t bits = 0, units = v.length - i < 3 ? (uint32_t)(v.length - i) : 3;
        for (uint32_t k = 0; k < 3; k++) {
            uint32_t u = k < units ? string_view_unit(v, i + k) : 0;
            if (u > 0xff) {
                string_builder_deinit(&b);
                return base64_throw(g, "Invalid character");
            }
            bits = bits << 8 | u;
        }
        for (uint32_t k = 0; k < 4; k++)
            string_builder_put_unit(&b, k <= units ? (uint8_t)base64_digits[bits >> (18 - 6 * k) & 63] : '=');
    }
    return error_string_or_throw(g, string_builder_end(&g->heap, &b));
}

static int base64_value(uint32_t u)
{
    const char *at = u && u < 0x80 ? strchr(base64_digits, (int)u) : NULL;
    return at ? (int)(at - base64_digits) : -1;
}

static bool base64_is_space(uint32_t u)
{
    return u == ' ' || u == '\t' || u == '\n' || u == '\f' || u == '\r';
}

/* Forgiving-base64 decode (WHATWG Infra 7): false when it is none. */
static bool base64_decode(StringBuilder *b, StringView v)
{
    uint32_t bits = 0, digits = 0, ends = 0;
    for (size_t i = 0; i < v.length; i++) {
        uint32_t u = string_view_unit(v, i);
        int value = base64_value(u);
        if (base64_is_space(u)) continue;
        if (u == '=' && ends < 2) ends++;
        else if (value < 0 || ends) return false;
        if (u == '=') continue;
        bits = bits << 6 | (uint32_t)value;
        if (++digits % 4 == 0) {
            for (int shift = 16; shift >= 0; shift -= 8) string_builder_put_unit(b, bits >> shift & 0xff);
            bits = 0;
        }
    }
    if (digits % 4 == 1 || (ends && (digits + ends) % 4 != 0)) return false;
    if (digits % 4 >= 2) string_builder_put_unit(b, bits >> (digits % 4 == 2 ? 4 : 10) & 0xff);
    if (digits % 4 == 3) string_builder_put_unit(b, bits >> 2 & 0xff);
    return true;
}

static Value lib_base64_atob(Goroutine *g, Args a)
{
    StringBuilder b;
    if (!a.count) return error_throw(g, ERROR_TYPE, "The \"input\" argument must be specified");
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    string_builder_init(&b);
    if (base64_decode(&b, string_view(&g->heap, s))) return error_string_or_throw(g, string_builder_end(&g->heap, &b));
    string_builder_deinit(&b);
    return base64_throw(g, "The string to be decoded is not correctly encoded.");
}

static const NativeSpec lib_base64_functions[] = {
    LIB_METHOD("atob", 1, lib_base64_atob),
    LIB_METHOD("btoa", 1, lib_base64_btoa),
};

void lib_base64_install(const Lib *lib)
{
    INSTALL_TABLE(lib, lib->realm->global_this, lib_base64_functions);
}
