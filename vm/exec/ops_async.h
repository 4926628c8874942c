/* SPDX-License-Identifier: MIT */
/* ops_async.h - generators and async functions. Suspending copies the frame into a coroutine cell; the frame itself is
 * then left like any other. */

OP_BODY(GENERATOR_START) {
    SAVE();
    RETURN(coroutine_start_generator(g));
}

OP_BODY(YIELD) {
    SAVE();
    Value yielded = R(1);
    coroutine_yield(g, false);
    RETURN(yielded);
}

OP_BODY(YIELD_RESULT) {
    SAVE();
    Value yielded = R(1);
    coroutine_yield(g, true);
    RETURN(yielded);
}

OP_BODY(ASYNC_START) {
    SAVE();
    Value promise = coroutine_new_promise(g);
    R(1) = promise;
    NEXT(2);
}

OP_BODY(AWAIT) {
    Value result = TRY_OP(coroutine_await(g, R(2)));
    RETURN(result);
}

OP_BODY(ASYNC_RETURN) {
    Value promise = R(1);
    OK_OP(coroutine_resolve(g, promise, R(2)));
    RETURN(R(1));
}

OP_BODY(ASYNC_THROW) {
    CALL_OP(coroutine_reject(g, R(1)));
    RETURN(R(1));
}

OP_BODY(ASYNC_YIELD) {
    Value result = TRY_OP(coroutine_async_yield(g, R(1)));
    RETURN(result);
}

OP_BODY(ASYNC_GENERATOR_RETURN) {
    CALL_OP(coroutine_async_complete(g, R(1), false));
    RETURN(VALUE_UNDEFINED);
}

OP_BODY(ASYNC_GENERATOR_THROW) {
    CALL_OP(coroutine_async_complete(g, error_take(g), true));
    RETURN(VALUE_UNDEFINED);
}
