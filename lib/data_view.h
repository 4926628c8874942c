/* SPDX-License-Identifier: MIT */
/* data_view.h - the cell of DataView objects. */
#ifndef US_LIB_DATA_VIEW_H
#define US_LIB_DATA_VIEW_H

#include "vm/object/buffer.h"

typedef struct DataView {                // KIND_DATA_VIEW
    Object       object;
    ArrayBuffer *buffer;
    size_t       byte_offset;
    size_t       fixed_length;           // bytes; SIZE_MAX: tracks the buffer's length
} DataView;

/** IsViewOutOfBounds (ECMA-262 25.3.1.3), also when the buffer is detached. */
bool data_view_is_out_of_bounds(const DataView *view);

/** The buffer of the DataView `v`, where in it its bytes are, and how many: 0 when it is detached or out of bounds. */
const ArrayBuffer *data_view_bytes(Value v, size_t *offset, size_t *count);

void data_view_register_kinds(void);

#endif
