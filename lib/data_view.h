/* SPDX-License-Identifier: MIT */
/* data_view.h - DataView's cell is known in data_view.c alone. */
#ifndef US_LIB_DATA_VIEW_H
#define US_LIB_DATA_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "vm/value/value.h"

/** The bytes of the DataView `v`, and their `*count`: 0 when it is detached or out of bounds. */
const uint8_t *data_view_bytes(Value v, size_t *count);

void data_view_register_kinds(void);

#endif
