/* SPDX-License-Identifier: MIT */
#include "lib/output.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "vm/base/buf.h"
#include "vm/base/utf.h"

enum { OUTPUT_PART_UNITS = 256 << 10 };

void lib_output_write(int fd, const void *bytes, size_t count)
{
    const char *p = bytes;
    while (count > 0) {
        ssize_t n = write(fd, p, count);
        if (n >= 0) {
            p += n;
            count -= (size_t)n;
        } else if (errno == EPIPE) {
            _exit(OUTPUT_EXIT_CLOSED);
        } else if (errno == EAGAIN) {
            struct pollfd wait = { .fd = fd, .events = POLLOUT };
            if (poll(&wait, 1, -1) < 0 && errno != EINTR) return;
        } else if (errno != EINTR) {
            return;
        }
    }
}

/* From unit `*i` on, so much that a buffer of OUTPUT_PART_UNITS is enough. */
static void output_encode(Buf *b, StringView v, size_t *i)
{
    size_t end = v.length - *i < OUTPUT_PART_UNITS ? v.length : *i + OUTPUT_PART_UNITS;
    if (*i == 0 && !v.is_wide && utf_count_ascii_prefix(v.units, end) == end) {
        buf_put(b, v.units, end);
        *i = end;
        return;
    }
    while (*i < end) buf_put_utf8(b, v.is_wide ? utf_decode_utf16(v.units, v.length, i) : string_view_unit(v, (*i)++));
}

/* A string is written at once, unless it is so long that there may be no memory for all of it. */
void lib_output_string(LocalHeap *h, int fd, String *s, bool ends_line)
{
    Buf b;
    StringView v = string_view(h, s);
    size_t i = 0;
    buf_init(&b);
    do {
        buf_clear(&b);
        output_encode(&b, v, &i);
        if (i >= v.length && ends_line) buf_put_byte(&b, '\n');
        lib_output_write(fd, b.bytes, b.count);
    } while (i < v.length);
    buf_deinit(&b);
}

bool lib_output_is_terminal(int fd)
{
    return isatty(fd) == 1;
}
