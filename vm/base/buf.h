/* SPDX-License-Identifier: MIT */
/* buf.h - a growable byte buffer on the C heap, for text to print and bytes to store.
 * Threads: a buffer belongs to one thread at a time. */
#ifndef US_BASE_BUF_H
#define US_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"

typedef struct Buf {
    char  *bytes;        // NULL while capacity is 0; not NUL-terminated unless buf_text was called
    size_t count;
    size_t capacity;
} Buf;

void buf_init(Buf *b);
void buf_deinit(Buf *b);
void buf_clear(Buf *b);                                   // keeps the memory

void buf_reserve(Buf *b, size_t more_bytes);              // ends the process when there is no memory
/** The same for what may be large: false when there is no memory. */
NODISCARD bool buf_try_reserve(Buf *b, size_t more_bytes);
void buf_put(Buf *b, const void *bytes, size_t count);
void buf_put_text(Buf *b, const char *text);
void buf_put_byte(Buf *b, uint8_t byte);
void buf_put_u32(Buf *b, uint32_t v);                     // little-endian
void buf_put_u64(Buf *b, uint64_t v);
void buf_put_utf8(Buf *b, uint32_t code_point);           // a lone surrogate becomes U+FFFD
void buf_format(Buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/** The content as NUL-terminated text, valid until the buffer changes. */
const char *buf_text(Buf *b);

#endif
