/* SPDX-License-Identifier: MIT */
/* ops_async.h - generators and async functions. Suspending copies the frame into a coroutine cell; the frame itself is
 * then left like any other. */

OP_BODY(GENERATOR_START) {
    SAVE();
    returned = coroutine_start_generator(g);
    goto do_return;
}

OP_BODY(YIELD) {
    SAVE();
    returned = R(1);
    coroutine_yield(g, false);
    goto do_return;
}

OP_BODY(YIELD_RESULT) {
    SAVE();
    returned = R(1);
    coroutine_yield(g, true);
    goto do_return;
}

OP_BODY(ASYNC_START) {
    SAVE();
    Value promise = coroutine_new_promise(g);
    R(1) = promise;
    NEXT(2);
}

OP_BODY(AWAIT) {
    returned = TRY_OP(coroutine_await(g, R(2)));
    goto do_return;
}

OP_BODY(ASYNC_RETURN) {
    Value promise = R(1);
    OK_OP(coroutine_resolve(g, promise, R(2)));
    returned = R(1);
    goto do_return;
}

OP_BODY(ASYNC_THROW) {
    CALL_OP(coroutine_reject(g, R(1)));
    returned = R(1);
    goto do_return;
}

OP_BODY(ASYNC_YIELD) {
    returned = TRY_OP(coroutine_async_yield(g, R(1)));
    goto do_return;
}

OP_BODY(ASYNC_GENERATOR_RETURN) {
    CALL_OP(coroutine_async_complete(g, R(1), false));
    returned = VALUE_UNDEFINED;
    goto do_return;
}

OP_BODY(ASYNC_GENERATOR_THROW) {
    CALL_OP(coroutine_async_complete(g, error_take(g), true));
    returned = VALUE_UNDEFINED;
    goto do_return;
}
