/* SPDX-License-Identifier: MIT */
/* ops_go.h - goroutines, channels, await where no function is async, and atomic updates. */

OP_BODY(GO) {
    Value f = R(2);
    if (UNLIKELY(!value_is_callable(f))) TRY_OP(unwind_throw_not_callable(g, f, "function"));
    Value promise = TRY_OP(spawn_go(g, frame_depth(g, &R(3)), COUNT(4), f, COUNT(5) != 0));
    R(1) = promise;
    NEXT(6);
}

OP_BODY(GO_SPREAD) {
    Value f = R(2);
    const Array *arguments = array_of(R(4));
    if (UNLIKELY(!value_is_callable(f))) TRY_OP(unwind_throw_not_callable(g, f, "function"));
    Value promise = TRY_OP(spawn_call(g, f, R(3), arguments->length, arguments->base, COUNT(5) != 0));
    R(1) = promise;
    NEXT(6);
}

OP_BODY(GO_VALUE) {
    Value promise;
    CALL_OP(promise = coroutine_new_promise(g));
    Value v = R(2);
    R(1) = promise;
    OK_OP(coroutine_resolve(g, promise, v));
    NEXT(3);
}

OP_BODY(AWAIT_HERE) {
    Value v = PARK_OP(spawn_await_here(g, R(2)));
    R(1) = v;
    NEXT(3);
}

OP_BODY(MAKE_CHANNEL) {
    Value channel = TRY_OP(channel_make(g, R(2), CONST(3)));
    R(1) = channel;
    NEXT(5);
}

OP_BODY(JUMP_NOT_CHANNEL) {
    if (!value_is_kind(R(1), KIND_CHANNEL)) JUMP(2);
    NEXT(4);
}

OP_BODY(SEND) {
    Value v = PARK_OP(channel_op_send(g, R(2), R(3)));
    R(1) = v;
    NEXT(4);
}

OP_BODY(RECEIVE) {
    Value v = PARK_OP(channel_op_receive(g, R(2)));
    R(1) = v;
    NEXT(3);
}

OP_BODY(SELECT) {
    Value index = PARK_OP(channel_select_op(g, frame_depth(g, &R(2) + 1), COUNT(3) / 3, COUNT(4) != 0));
    R(1) = index;
    NEXT(5);
}

OP_BODY(ATOMIC_BOX) {
    SAVE();
    bool done = atomic_update_box(&g->heap, BOX(R(2)), R(3), R(4));
    R(1) = value_from_bool(done);
    NEXT(5);
}

OP_BODY(ATOMIC_GLOBAL) {
    bool done = ASK_OP(atomic_update_global(g, CONST(2), R(4), R(5)));
    R(1) = value_from_bool(done);
    NEXT(6);
}

OP_BODY(ATOMIC_PROP) {
    bool done = ASK_OP(atomic_update_property(g, R(2), CONST(3), R(5), R(6)));
    R(1) = value_from_bool(done);
    NEXT(7);
}

OP_BODY(ATOMIC_ELEM) {
    bool done = ASK_OP(atomic_update_element(g, R(2), R(3), R(4), R(5)));
    R(1) = value_from_bool(done);
    NEXT(6);
}
