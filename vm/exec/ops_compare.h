/* SPDX-License-Identifier: MIT */
/* ops_compare.h - equality, ordering, instanceof, in; and the jumps that compare. */

#define ORDER_TEST(a, b, operator, slow)                                            \
    (LIKELY(value_are_ints(a, b))                        ? value_int(a) operator value_int(b)       \
     : LIKELY(value_is_number(a) && value_is_number(b)) ? value_number(a) operator value_number(b) \
                                                        : ASK_OP(slow(g, a, b)))

#define ORDER_BODY(NAME, operator, slow)                            \
    OP_BODY(NAME) {                                                 \
        Value a = R(2), b = R(3);                                   \
        bool result = ORDER_TEST(a, b, operator, slow);             \
        R(1) = value_from_bool(result);                             \
        NEXT(4);                                                    \
    }

ORDER_BODY(LT, <, compare_less)
ORDER_BODY(LE, <=, compare_less_equal)
ORDER_BODY(GT, >, compare_greater)
ORDER_BODY(GE, >=, compare_greater_equal)

#define ORDER_JUMP_BODY(NAME, operator, slow, wanted)               \
    OP_BODY(NAME) {                                                 \
        Value a = R(1), b = R(2);                                   \
        bool result = ORDER_TEST(a, b, operator, slow);             \
        if (result == (wanted)) JUMP(3);                            \
        NEXT(5);                                                    \
    }

ORDER_JUMP_BODY(JUMP_LT, <, compare_less, true)
ORDER_JUMP_BODY(JUMP_LE, <=, compare_less_equal, true)
ORDER_JUMP_BODY(JUMP_GT, >, compare_greater, true)
ORDER_JUMP_BODY(JUMP_GE, >=, compare_greater_equal, true)
ORDER_JUMP_BODY(JUMP_NOT_LT, <, compare_less, false)
ORDER_JUMP_BODY(JUMP_NOT_LE, <=, compare_less_equal, false)
ORDER_JUMP_BODY(JUMP_NOT_GT, >, compare_greater, false)
ORDER_JUMP_BODY(JUMP_NOT_GE, >=, compare_greater_equal, false)

#define ORDER_INT_TEST(a, b, operator, slow)                        \
    (LIKELY(value_is_int(a))      ? value_int(a) operator b         \
     : LIKELY(value_is_number(a)) ? value_double(a) operator b      \
                                  : ASK_OP(slow(g, a, value_from_int(b))))

#define ORDER_JUMP_INT_BODY(NAME, operator, slow, wanted)           \
    OP_BODY(NAME) {                                                 \
        Value a = R(1);                                             \
        int32_t b = IMM(2);                                         \
        bool result = ORDER_INT_TEST(a, b, operator, slow);         \
        if (result == (wanted)) JUMP(3);                            \
        NEXT(5);                                                    \
    }

ORDER_JUMP_INT_BODY(JUMP_LT_INT, <, compare_less, true)
ORDER_JUMP_INT_BODY(JUMP_LE_INT, <=, compare_less_equal, true)
ORDER_JUMP_INT_BODY(JUMP_GT_INT, >, compare_greater, true)
ORDER_JUMP_INT_BODY(JUMP_GE_INT, >=, compare_greater_equal, true)
ORDER_JUMP_INT_BODY(JUMP_NOT_LT_INT, <, compare_less, false)
ORDER_JUMP_INT_BODY(JUMP_NOT_LE_INT, <=, compare_less_equal, false)
ORDER_JUMP_INT_BODY(JUMP_NOT_GT_INT, >, compare_greater, false)
ORDER_JUMP_INT_BODY(JUMP_NOT_GE_INT, >=, compare_greater_equal, false)

/* Equal bits mean equal values unless they are a double (NaN); different bits of two ints mean different values. */
#define STRICT_TEST(a, b)                                           \
    ((a) == (b)                ? !value_is_double(a) || value_double(a) == value_double(a) \
     : value_are_ints(a, b)    ? false                              \
                               : compare_strict(g, a, b))

#define LOOSE_TEST(a, b)                                            \
    (value_are_ints(a, b) ? (a) == (b) : ASK_OP(convert_loosely_equal(g, a, b)))

#define EQUAL_BODY(NAME, TEST, wanted)                              \
    OP_BODY(NAME) {                                                 \
        Value a = R(2), b = R(3);                                   \
        bool result = TEST(a, b);                                   \
        R(1) = value_from_bool(result == (wanted));                 \
        NEXT(4);                                                    \
    }

EQUAL_BODY(EQ, LOOSE_TEST, true)
EQUAL_BODY(NE, LOOSE_TEST, false)
EQUAL_BODY(SEQ, STRICT_TEST, true)
EQUAL_BODY(SNE, STRICT_TEST, false)

#define EQUAL_JUMP_BODY(NAME, TEST, wanted)                         \
    OP_BODY(NAME) {                                                 \
        Value a = R(1), b = R(2);                                   \
        bool result = TEST(a, b);                                   \
        if (result == (wanted)) JUMP(3);                            \
        NEXT(5);                                                    \
    }

EQUAL_JUMP_BODY(JUMP_EQ, LOOSE_TEST, true)
EQUAL_JUMP_BODY(JUMP_NE, LOOSE_TEST, false)
EQUAL_JUMP_BODY(JUMP_SEQ, STRICT_TEST, true)
EQUAL_JUMP_BODY(JUMP_SNE, STRICT_TEST, false)

OP_BODY(JUMP_SEQ_INT) {
    Value a = R(1);
    if (a == value_from_int(IMM(2)) || (value_is_double(a) && value_double(a) == IMM(2))) JUMP(3);
    NEXT(5);
}

OP_BODY(JUMP_SNE_INT) {
    Value a = R(1);
    if (a != value_from_int(IMM(2)) && !(value_is_double(a) && value_double(a) == IMM(2))) JUMP(3);
    NEXT(5);
}

OP_BODY(INSTANCEOF) {
    Value v = R(2), target = R(3);
    bool result = ASK_OP(compare_instance_of(g, CACHE(4), v, target));
    R(1) = value_from_bool(result);
    NEXT(6);
}

OP_BODY(IN) {
    Value key = R(2), o = R(3);
    if (LIKELY(value_is_int(key) && value_is_kind(o, KIND_ARRAY))) {
        if (LIKELY(elements_try_get((const Array *)value_cell(o), (uint32_t)value_int(key)) != VALUE_HOLE)) {
            R(1) = VALUE_TRUE;
            NEXT(4);
        }
    }
    bool result = ASK_OP(compare_in(g, R(2), R(3)));
    R(1) = value_from_bool(result);
    NEXT(4);
}

OP_BODY(IN_PRIVATE) {
    bool result = ASK_OP(compare_in_private(g, R(2), R(3)));
    R(1) = value_from_bool(result);
    NEXT(4);
}
