/* SPDX-License-Identifier: MIT */
/* ops_arith.h - arithmetic and bit operations. */

/* int32 with overflow to double, then doubles, then whatever conversion says. */
#define ARITH_BODY(NAME, builtin, operator, slow)                                       \
    OP_BODY(NAME) {                                                                     \
        Value a = R(2), b = R(3);                                                       \
        if (LIKELY(value_are_ints(a, b))) {                                             \
            int32_t result;                                                             \
            if (LIKELY(!builtin(value_int(a), value_int(b), &result))) {                \
                R(1) = value_from_int(result);                                          \
                NEXT(5);                                                                \
            }                                                                           \
            LEARN(4, FEEDBACK_OVERFLOW);                                                \
            R(1) = value_from_raw_double((double)value_int(a) operator (double)value_int(b)); \
            NEXT(5);                                                                    \
        }                                                                               \
        if (LIKELY(value_is_number(a) && value_is_number(b))) {                         \
            LEARN(4, FEEDBACK_DOUBLE);                                                  \
            R(1) = value_from_raw_double(value_number(a) operator value_number(b));     \
            NEXT(5);                                                                    \
        }                                                                               \
        LEARN(4, FEEDBACK_OTHER);                                                       \
        Value result = TRY_OP(slow(g, a, b));                                           \
        R(1) = result;                                                                  \
        NEXT(5);                                                                        \
    }

ARITH_BODY(ADD, __builtin_add_overflow, +, arith_add_slow)
ARITH_BODY(SUB, __builtin_sub_overflow, -, arith_sub_slow)

OP_BODY(MUL) {
    Value a = R(2), b = R(3);
    if (LIKELY(value_are_ints(a, b))) {
        int32_t result;
        if (LIKELY(!__builtin_mul_overflow(value_int(a), value_int(b), &result) && result != 0)) {
            R(1) = value_from_int(result);
            NEXT(5);
        }
        double product = (double)value_int(a) * (double)value_int(b);       // overflow, or a zero that may be -0
        if (product != 0) LEARN(4, FEEDBACK_OVERFLOW);
        R(1) = value_from_double(product);
        NEXT(5);
    }
    if (LIKELY(value_is_number(a) && value_is_number(b))) {
        LEARN(4, FEEDBACK_DOUBLE);
        R(1) = value_from_raw_double(value_number(a) * value_number(b));
        NEXT(5);
    }
    LEARN(4, FEEDBACK_OTHER);
    Value result = TRY_OP(arith_mul_slow(g, a, b));
    R(1) = result;
    NEXT(5);
}

OP_BODY(DIV) {
    Value a = R(2), b = R(3);
    if (LIKELY(value_is_number(a) && value_is_number(b))) {
        double quotient = value_number(a) / value_number(b);
        LEARN(4, FEEDBACK_DOUBLE);
        R(1) = value_are_ints(a, b) ? value_from_double(quotient) : value_from_raw_double(quotient);
        NEXT(5);
    }
    LEARN(4, FEEDBACK_OTHER);
    Value result = TRY_OP(arith_div_slow(g, a, b));
    R(1) = result;
    NEXT(5);
}

OP_BODY(MOD) {
    Value a = R(2), b = R(3);
    if (LIKELY(value_are_ints(a, b) && value_int(a) >= 0 && value_int(b) > 0)) {
        R(1) = value_from_int((int32_t)((uint32_t)value_int(a) % (uint32_t)value_int(b)));
        NEXT(5);
    }
    LEARN(4, FEEDBACK_OTHER);
    Value result = TRY_OP(arith_mod_slow(g, a, b));
    R(1) = result;
    NEXT(5);
}

OP_BODY(POW) {
    Value result = TRY_OP(arith_pow_slow(g, R(2), R(3)));
    R(1) = result;
    NEXT(5);
}

#define BIT_BODY(NAME, expression, slow)                            \
    OP_BODY(NAME) {                                                 \
        Value a = R(2), b = R(3);                                   \
        if (LIKELY(value_are_ints(a, b))) {                         \
            R(1) = expression;                                      \
            NEXT(5);                                                \
        }                                                           \
        LEARN(4, FEEDBACK_OTHER);                                   \
        Value result = TRY_OP(slow(g, a, b));                       \
        R(1) = result;                                              \
        NEXT(5);                                                    \
    }

BIT_BODY(BIT_AND, a & b, arith_and_slow)
BIT_BODY(BIT_OR, a | b, arith_or_slow)
BIT_BODY(BIT_XOR, value_from_int(value_int(a) ^ value_int(b)), arith_xor_slow)
BIT_BODY(SHL, value_from_int((int32_t)((uint32_t)value_int(a) << (value_int(b) & 31))), arith_shl_slow)
BIT_BODY(SHR, value_from_int(value_int(a) >> (value_int(b) & 31)), arith_shr_slow)
BIT_BODY(USHR, value_from_uint32((uint32_t)value_int(a) >> (value_int(b) & 31)), arith_ushr_slow)

#define ARITH_INT_BODY(NAME, builtin, operator, slow)                                   \
    OP_BODY(NAME) {                                                                     \
        Value a = R(2);                                                                 \
        int32_t b = IMM(3);                                                             \
        if (LIKELY(value_is_int(a))) {                                                  \
            int32_t result;                                                             \
            if (LIKELY(!builtin(value_int(a), b, &result))) {                           \
                R(1) = value_from_int(result);                                          \
                NEXT(5);                                                                \
            }                                                                           \
            LEARN(4, FEEDBACK_OVERFLOW);                                                \
            R(1) = value_from_raw_double((double)value_int(a) operator (double)b);      \
            NEXT(5);                                                                    \
        }                                                                               \
        if (LIKELY(value_is_number(a))) {                                               \
            LEARN(4, FEEDBACK_DOUBLE);                                                  \
            R(1) = value_from_raw_double(value_double(a) operator (double)b);           \
            NEXT(5);                                                                    \
        }                                                                               \
        LEARN(4, FEEDBACK_OTHER);                                                       \
        Value result = TRY_OP(slow(g, a, value_from_int(b)));                           \
        R(1) = result;                                                                  \
        NEXT(5);                                                                        \
    }

ARITH_INT_BODY(ADD_INT, __builtin_add_overflow, +, arith_add_slow)
ARITH_INT_BODY(SUB_INT, __builtin_sub_overflow, -, arith_sub_slow)

OP_BODY(MUL_INT) {
    Value a = R(2);
    int32_t b = IMM(3), result;
    if (LIKELY(value_is_int(a) && !__builtin_mul_overflow(value_int(a), b, &result) && result != 0)) {
        R(1) = value_from_int(result);
        NEXT(5);
    }
    if (LIKELY(value_is_number(a))) {
        if (!value_is_int(a)) LEARN(4, FEEDBACK_DOUBLE);
        R(1) = value_from_double(value_number(a) * b);
        NEXT(5);
    }
    LEARN(4, FEEDBACK_OTHER);
    Value product = TRY_OP(arith_mul_slow(g, a, value_from_int(b)));
    R(1) = product;
    NEXT(5);
}

OP_BODY(MOD_INT) {
    Value a = R(2);
    int32_t b = IMM(3);
    if (LIKELY(value_is_int(a) && value_int(a) >= 0 && b > 0)) {
        R(1) = value_from_int((int32_t)((uint32_t)value_int(a) % (uint32_t)b));
        NEXT(5);
    }
    LEARN(4, FEEDBACK_OTHER);
    Value result = TRY_OP(arith_mod_slow(g, a, value_from_int(b)));
    R(1) = result;
    NEXT(5);
}

#define BIT_INT_BODY(NAME, expression, slow)                        \
    OP_BODY(NAME) {                                                 \
        Value a = R(2);                                             \
        int32_t b = IMM(3);                                         \
        if (LIKELY(value_is_int(a))) {                              \
            R(1) = expression;                                      \
            NEXT(5);                                                \
        }                                                           \
        LEARN(4, FEEDBACK_OTHER);                                   \
        Value result = TRY_OP(slow(g, a, value_from_int(b)));       \
        R(1) = result;                                              \
        NEXT(5);                                                    \
    }

BIT_INT_BODY(BIT_AND_INT, value_from_int(value_int(a) & b), arith_and_slow)
BIT_INT_BODY(BIT_OR_INT, value_from_int(value_int(a) | b), arith_or_slow)
BIT_INT_BODY(SHL_INT, value_from_int((int32_t)((uint32_t)value_int(a) << (b & 31))), arith_shl_slow)
BIT_INT_BODY(SHR_INT, value_from_int(value_int(a) >> (b & 31)), arith_shr_slow)
BIT_INT_BODY(USHR_INT, value_from_uint32((uint32_t)value_int(a) >> (b & 31)), arith_ushr_slow)

OP_BODY(INC) {
    Value a = R(2);
    if (LIKELY(value_is_int(a) && value_int(a) != INT32_MAX)) {
        R(1) = value_from_int(value_int(a) + 1);
        NEXT(4);
    }
    LEARN(3, value_is_number(a) ? FEEDBACK_DOUBLE : FEEDBACK_OTHER);
    Value result = TRY_OP(arith_increment_slow(g, a, 1));
    R(1) = result;
    NEXT(4);
}

OP_BODY(DEC) {
    Value a = R(2);
    if (LIKELY(value_is_int(a) && value_int(a) != INT32_MIN)) {
        R(1) = value_from_int(value_int(a) - 1);
        NEXT(4);
    }
    LEARN(3, value_is_number(a) ? FEEDBACK_DOUBLE : FEEDBACK_OTHER);
    Value result = TRY_OP(arith_increment_slow(g, a, -1));
    R(1) = result;
    NEXT(4);
}

OP_BODY(NEG) {
    Value a = R(2);
    if (LIKELY(value_is_int(a) && value_int(a) != 0 && value_int(a) != INT32_MIN)) {
        R(1) = value_from_int(-value_int(a));
        NEXT(4);
    }
    if (LIKELY(value_is_number(a))) {
        LEARN(3, FEEDBACK_DOUBLE);
        R(1) = value_from_raw_double(-value_number(a));
        NEXT(4);
    }
    LEARN(3, FEEDBACK_OTHER);
    Value result = TRY_OP(arith_negate_slow(g, a));
    R(1) = result;
    NEXT(4);
}

OP_BODY(BIT_NOT) {
    Value a = R(2);
    if (LIKELY(value_is_int(a))) {
        R(1) = value_from_int(~value_int(a));
        NEXT(4);
    }
    LEARN(3, FEEDBACK_OTHER);
    Value result = TRY_OP(arith_not_slow(g, a));
    R(1) = result;
    NEXT(4);
}

OP_BODY(TO_NUMBER) {
    Value v = R(2);
    if (UNLIKELY(!value_is_number(v))) v = TRY_OP(convert_to_number_slow(g, v));
    R(1) = v;
    NEXT(3);
}

OP_BODY(TO_NUMERIC) {
    Value v = R(2);
    if (UNLIKELY(!value_is_number(v))) v = TRY_OP(convert_to_numeric(g, v));
    R(1) = v;
    NEXT(3);
}

OP_BODY(NOT) {
    Value v = R(2);
    R(1) = value_from_bool(value_is_boolean(v) ? v == VALUE_FALSE : !convert_to_boolean(v));
    NEXT(3);
}

OP_BODY(TYPEOF) {
    R(1) = convert_typeof(g->vm, R(2));
    NEXT(3);
}
