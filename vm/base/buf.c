/* SPDX-License-Identifier: MIT */
#include "vm/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vm/base/bits.h"
#include "vm/base/mem.h"
#include "vm/base/utf.h"

void buf_init(Buf *b)
{
    *b = (Buf){ 0 };
}

void buf_deinit(Buf *b)
{
    mem_free(b->bytes);
    *b = (Buf){ 0 };
}

void buf_clear(Buf *b)
{
    b->count = 0;
}

static size_t buf_next_capacity(const Buf *b, size_t more_bytes)
{
    size_t capacity = b->capacity ? b->capacity * 2 : 64;
    return capacity < b->count + more_bytes ? b->count + more_bytes : capacity;
}

void buf_reserve(Buf *b, size_t more_bytes)
{
    if (more_bytes <= b->capacity - b->count) return;
    size_t capacity = buf_next_capacity(b, more_bytes);
    b->bytes = mem_resize(b->bytes, capacity);
    b->capacity = capacity;
}

bool buf_try_reserve(Buf *b, size_t more_bytes)
{
    if (more_bytes <= b->capacity - b->count) return true;
    size_t capacity = buf_next_capacity(b, more_bytes);
    char *bytes = mem_try_resize(b->bytes, capacity);
    if (!bytes) return false;
    b->bytes = bytes;
    b->capacity = capacity;
    return true;
}

void buf_put(Buf *b, const void *bytes, size_t count)
{
    if (count == 0) return;
    buf_reserve(b, count);
    memcpy(b->bytes + b->count, bytes, count);
    b->count += count;
}

void buf_put_text(Buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

void buf_put_byte(Buf *b, uint8_t byte)
{
    buf_reserve(b, 1);
    b->bytes[b->count++] = (char)byte;
}

void buf_put_u32(Buf *b, uint32_t v)
{
    buf_reserve(b, sizeof v);
    bits_set_u32(b->bytes + b->count, v);
    b->count += sizeof v;
}

void buf_put_u64(Buf *b, uint64_t v)
{
    buf_reserve(b, sizeof v);
    bits_set_u64(b->bytes + b->count, v);
    b->count += sizeof v;
}

void buf_put_utf8(Buf *b, uint32_t code_point)
{
    buf_reserve(b, 4);
    b->count += utf_encode_utf8(code_point, (uint8_t *)b->bytes + b->count);
}

void buf_format(Buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    buf_reserve(b, (size_t)length + 1);
    vsnprintf(b->bytes + b->count, (size_t)length + 1, format, again);
    va_end(again);
    b->count += (size_t)length;
}

const char *buf_text(Buf *b)
{
    buf_reserve(b, 1);
    b->bytes[b->count] = '\0';
    return b->bytes;
}
