/* SPDX-License-Identifier: MIT */
/* ops_iterate.h - iteration protocols. An iterator takes two registers: the iterator in slot a, its next method in slot
 * a-1. While %ArrayIteratorPrototype%.next is pristine, a plain array stands for its own iterator, with an int32 cursor
 * in the place of the method. */

OP_BODY(GET_ITERATOR) {
    Value v = R(2);
    if (LIKELY(iterate_is_pristine_array(g->vm, frames_code(fp)->realm, v))) {
        R(1) = v;
        (&R(1))[-1] = VALUE_ZERO;
        NEXT(3);
    }
    Value next;
    Value iterator = TRY_OP(iterate_start(g, v, &next));
    R(1) = iterator;
    (&R(1))[-1] = next;
    NEXT(3);
}

OP_BODY(GET_ITERATOR_OBJECT) {
    Value next;
    Value iterator = TRY_OP(iterate_start(g, R(2), &next));
    R(1) = iterator;
    (&R(1))[-1] = next;
    NEXT(3);
}

OP_BODY(GET_ASYNC_ITERATOR) {
    Value next;
    Value iterator = TRY_OP(iterate_start_async(g, R(2), &next));
    R(1) = iterator;
    (&R(1))[-1] = next;
    NEXT(3);
}

OP_BODY(JUMP_ITERATION_CHANGED) {
    if (UNLIKELY(!atomic_get_relaxed(&g->vm->array_iteration_pristine))) JUMP(1);
    NEXT(3);
}

OP_BODY(ITERATOR_NEXT) {
    Value cursor = (&R(2))[-1];
    if (LIKELY(value_is_int(cursor))) {
        const Array *a = (const Array *)value_cell(R(2));
        uint32_t i = (uint32_t)value_int(cursor);
        if (LIKELY(i < atomic_get_relaxed(&a->length))) {
            Value element = elements_try_get(a, i);
            if (UNLIKELY(element == VALUE_HOLE)) element = TRY_OP(access_get_element(g, R(2), cursor));
            (&R(2))[-1] = cursor + 1;
            R(1) = element;
            NEXT(5);
        }
        (&R(2))[-1] = value_from_int(INT32_MAX);
        R(1) = VALUE_UNDEFINED;
        JUMP(3);
    }
    Value v = TRY_OP(iterate_step_or_park(g, R(2), cursor));
    if (UNLIKELY(v == VALUE_PARKED)) {
        if (!g->native_depth) GIVE_WAY();                // the step asks for the result when this is run again
        v = TRY_OP(sched_block(g));
    }
    if (v == VALUE_HOLE) {
        R(1) = VALUE_UNDEFINED;
        JUMP(3);
    }
    R(1) = v;
    NEXT(5);
}

OP_BODY(ITERATOR_CALL_NEXT) {
    Value result_object = TRY_OP(iterate_call_next(g, R(2), (&R(2))[-1]));
    R(1) = result_object;
    NEXT(3);
}

OP_BODY(ITERATOR_UNPACK) {
    Value v = TRY_OP(iterate_unpack(g, R(2)));
    if (v == VALUE_HOLE) JUMP(3);
    R(1) = v;
    NEXT(5);
}

OP_BODY(ITERATOR_UNPACK_DONE) {
    bool is_done = ASK_OP(iterate_is_done(g, R(1)));
    if (is_done) JUMP(2);
    NEXT(4);
}

OP_BODY(CHECK_OBJECT) {
    if (UNLIKELY(!value_is_object(R(1)))) OK_OP(error_throw_bool(g, ERROR_TYPE, "%V is not an object", R(1)));
    NEXT(2);
}

OP_BODY(ITERATOR_CLOSE) {
    bool swallow = COUNT(2) != 0;
    if (value_is_int((&R(1))[-1])) NEXT(3);
    OK_OP(iterate_close(g, R(1), swallow));
    NEXT(3);
}

OP_BODY(ITERATOR_REST) {
    Value rest = TRY_OP(iterate_rest(g, R(2), (&R(2))[-1]));
    R(1) = rest;
    NEXT(3);
}

OP_BODY(FOR_IN_START) {
    Value keys = TRY_OP(iterate_keys_start(g, R(2)));
    R(1) = keys;
    NEXT(3);
}

OP_BODY(FOR_IN_NEXT) {
    Value key = TRY_OP(iterate_keys_next(g, R(2)));
    if (key == VALUE_HOLE) JUMP(3);
    R(1) = key;
    NEXT(5);
}

OP_BODY(FOR_EACH_START) {
    Value next, mode;
    Value iterator = TRY_OP(iterate_each_start(g, R(2), &next, &mode));
    R(1) = iterator;
    (&R(1))[-1] = next;
    (&R(1))[-2] = mode;
    NEXT(3);
}

OP_BODY(FOR_EACH_VALUE) {
    Value mode = R(4);
    if (LIKELY(value_is_int(mode))) {
        R(1) = mode;
        R(4) = mode + 1;
        NEXT(5);
    }
    Value item = R(2), v;
    Value key = TRY_OP(iterate_each_value(g, R(3), item, mode, &v));
    R(1) = key;
    R(2) = v;
    NEXT(5);
}
