/* SPDX-License-Identifier: MIT */
/* method_bits.h - the bits operand of INIT_METHOD and DEFINE_PRIVATE. */
#ifndef US_BYTECODE_METHOD_BITS_H
#define US_BYTECODE_METHOD_BITS_H

enum {
    METHOD_ENUMERABLE = 1,
    METHOD_GETTER = 2,
    METHOD_SETTER = 4,
    METHOD_SET_NAME = 8,                 // INIT_METHOD: name the function after the key; DEFINE_PRIVATE: may join a pair
    METHOD_PRIVATE = 16,                 // a private method: not assignable
};

#endif
