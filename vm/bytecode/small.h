/* SPDX-License-Identifier: MIT */
/* small.h - the values that LOAD_SMALL can load, as bits. vm/value/value.h proves that they are its own. */
#ifndef US_BYTECODE_SMALL_H
#define US_BYTECODE_SMALL_H

enum { SMALL_NULL = 0x02, SMALL_FALSE = 0x06, SMALL_TRUE = 0x07, SMALL_UNDEFINED = 0x0a, SMALL_HOLE = 0x12 };

#endif
