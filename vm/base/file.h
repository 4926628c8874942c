/* SPDX-License-Identifier: MIT */
/* file.h - files read whole. Any thread. */
#ifndef US_BASE_FILE_H
#define US_BASE_FILE_H

#include <stdio.h>

#include "vm/base/attr.h"
#include "vm/base/buf.h"

/** Append to `bytes` all that the file at `path` holds. Returns 0, or the error number of what went wrong: ENOENT
 *  and the like when it cannot be opened, EISDIR for a folder. What was read before an error stays in `bytes`. */
NODISCARD int file_read(const char *path, Buf *bytes);

/** The same of an open file, from where it stands to its end. It stays open. */
NODISCARD int file_read_stream(FILE *file, Buf *bytes);

#endif
