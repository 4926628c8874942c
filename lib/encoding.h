/* SPDX-License-Identifier: MIT */
/* encoding.h - TextDecoder's cell is known in encoding.c alone; when text that comes in parts ends within a character. */
#ifndef US_LIB_ENCODING_H
#define US_LIB_ENCODING_H

#include <stddef.h>
#include <stdint.h>

void encoding_register_kinds(void);

/** How many bytes at the end are the start of a character of UTF-8 that goes on. */
size_t lib_encoding_incomplete(const uint8_t *bytes, size_t count);

#endif
