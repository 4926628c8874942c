/* SPDX-License-Identifier: MIT */
/* ops_move.h - moves and constants. */

OP_BODY(MOVE) {
    R(1) = R(2);
    NEXT(3);
}

OP_BODY(LOAD_SMALL) {
    R(1) = (Value)IMM(2);
    NEXT(3);
}

OP_BODY(LOAD_INT) {
    R(1) = value_from_int(IMM32(2));
    NEXT(4);
}

OP_BODY(LOAD_CONSTANT) {
    R(1) = CONST(2);
    NEXT(4);
}
