/* SPDX-License-Identifier: MIT */
/* dialect.h - which language a source is read as. */
#ifndef US_COMPILER_DIALECT_H
#define US_COMPILER_DIALECT_H

enum {                               // dialect bits
    DIALECT_TYPESCRIPT = 1,          // type annotations, enum, namespace, ...
    DIALECT_ULTRA = 2,               // syntax that JavaScript rejects: go, <-, select, slices, `f(c: 1)` ...
    DIALECT_ULTRA_FILE = 4,          // also what JavaScript accepts with another meaning: `f(c = 1)`
    DIALECT_LIBRARY = 8,             // our own library: `$name(...)` is for the code generator; no syntax here
};

#endif
