/* SPDX-License-Identifier: MIT */
/* arith.h - outlined halves of arithmetic bodies: conversion, strings, BigInt (ECMA-262 13.15.3). */
#ifndef US_EXEC_ARITH_H
#define US_EXEC_ARITH_H

#include "vm/object/object.h"

NODISCARD Value arith_add_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_sub_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_mul_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_div_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_mod_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_pow_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_and_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_or_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_xor_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_shl_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_shr_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_ushr_slow(Goroutine *g, Value a, Value b);
NODISCARD Value arith_increment_slow(Goroutine *g, Value a, int delta);
NODISCARD Value arith_negate_slow(Goroutine *g, Value a);
NODISCARD Value arith_not_slow(Goroutine *g, Value a);

#endif
