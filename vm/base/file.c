/* SPDX-License-Identifier: MIT */
#include "vm/base/file.h"

#include <errno.h>

enum { FILE_CHUNK_BYTES = 16384 };

int file_read_stream(FILE *file, Buf *bytes)
{
    for (;;) {
        buf_reserve(bytes, FILE_CHUNK_BYTES);
        size_t count = fread(bytes->bytes + bytes->count, 1, FILE_CHUNK_BYTES, file);
        int error = errno;
        bytes->count += count;
        if (count < FILE_CHUNK_BYTES) return ferror(file) ? error : 0;
    }
}

int file_read(const char *path, Buf *bytes)
{
    FILE *file = fopen(path, "rbe");
    if (!file) return errno;
    int error = file_read_stream(file, bytes);
    fclose(file);
    return error;
}
