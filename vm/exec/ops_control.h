/* SPDX-License-Identifier: MIT */
/* ops_control.h - jumps, throw, return. */

OP_BODY(JUMP) {
    JUMP(1);
}

OP_BODY(LOOP) {
    if (UNLIKELY(fp < atomic_get_relaxed(&g->stack_limit))) {
        if (g->native_depth) {
            OK_OP(interp_poll_nested(g));
        } else if (!ASK_OP(interp_poll(g))) {
            pc += 2;
            GIVE_WAY();
        }
    }
    TAKE_LOOP();
    NEXT(2);
}

#define TRUTH(v) (value_is_boolean(v) ? (v) == VALUE_TRUE : convert_to_boolean(v))

OP_BODY(JUMP_TRUE) {
    Value v = R(1);
    if (TRUTH(v)) JUMP(2);
    NEXT(4);
}

OP_BODY(JUMP_FALSE) {
    Value v = R(1);
    if (!TRUTH(v)) JUMP(2);
    NEXT(4);
}

OP_BODY(JUMP_UNDEFINED) {
    if (R(1) == VALUE_UNDEFINED) JUMP(2);
    NEXT(4);
}

OP_BODY(JUMP_DEFINED) {
    if (R(1) != VALUE_UNDEFINED) JUMP(2);
    NEXT(4);
}

OP_BODY(JUMP_HOLE) {
    if (R(1) == VALUE_HOLE) JUMP(2);
    NEXT(4);
}

OP_BODY(JUMP_NULLISH) {
    if (value_is_nullish(R(1))) JUMP(2);
    NEXT(4);
}

OP_BODY(JUMP_NOT_NULLISH) {
    if (!value_is_nullish(R(1))) JUMP(2);
    NEXT(4);
}

OP_BODY(JUMP_TABLE) {
    Value v = R(1);
    const UnitConstant *table = CONST_INFO(2);
    if (value_is_double(v)) v = value_from_double(value_double(v) + 0.0);        // -0 is 0
    uint32_t i = (uint32_t)value_int(v) - table->index;
    if (value_is_int(v) && i < table->count && table->list[i]) {
        JUMP_BY((int32_t)table->list[i]);
    }
    NEXT(4);
}

OP_BODY(THROW) {
    SAVE();
    g->exception = R(1);
    THROWN();
}

OP_BODY(RETURN) {
    RETURN(R(1));
}

OP_BODY(RETURN_UNDEFINED) {
    RETURN(VALUE_UNDEFINED);
}

OP_BODY(CATCH) {
    R(1) = error_take(g);
    NEXT(2);
}

OP_BODY(THROW_ERROR) {
    SAVE();
    error_throw(g, (ErrorKind)COUNT(1), "%S", string_of(CONST(2)));
    THROWN();
}

OP_BODY(DEBUGGER) {
    NEXT(1);
}
