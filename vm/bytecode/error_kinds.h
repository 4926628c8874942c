/* SPDX-License-Identifier: MIT */
/* error_kinds.h - kinds of error that code can be compiled to throw (THROW_ERROR) and the VM can make. */
#ifndef US_BYTECODE_ERROR_KINDS_H
#define US_BYTECODE_ERROR_KINDS_H

typedef enum ErrorKind {
    ERROR_PLAIN, ERROR_TYPE, ERROR_RANGE, ERROR_SYNTAX, ERROR_REFERENCE, ERROR_EVAL, ERROR_URI, ERROR_AGGREGATE,
    ERROR_SUPPRESSED, ERROR_KIND_COUNT
} ErrorKind;

#endif
