/* SPDX-License-Identifier: MIT */
/* ops_call.h - calls and construction. */

OP_BODY(CALL) {
    DO_CALL(R(2), (int16_t)pc[3], COUNT(4), VALUE_UNDEFINED);
}

OP_BODY(CALL_METHOD) {
    Value v = R(2);
    InlineCache *ic = CACHE(4);
    Value method = CACHED_LOAD(v, ic, access_get(g, v, ic, CACHE_NAME(4)));
    DO_CALL(method, (int16_t)pc[2], COUNT(3), VALUE_UNDEFINED);
}

OP_BODY(NEW) {
    InlineCache *ic = CACHE(5);
    Value f = R(2);
    uint64_t word = atomic_get_dependent(&ic->word);
    if (LIKELY(value_is_kind(f, KIND_FUNCTION) && word)) {
        const Handler *handler = cache_handler(g->vm, cache_payload(word));
        if (LIKELY(cache_is_for_new(handler, f))) {
            SAVE();
            Object *self = object_new(&g->heap, shape_at(g->vm, handler->shape));
            R(2) = R(3) = value_from_cell(self);
            DO_CALL(f, (int16_t)pc[3], COUNT(4), f);
        }
    }
    Value self = TRY_OP(invoke_prepare_this(g, f, f, ic));
    R(2) = R(3) = self;
    DO_CALL(f, (int16_t)pc[3], COUNT(4), f);
}

OP_BODY(SUPER_CONSTRUCT) {
    Value f = R(2), target = R(3);
    Value self = TRY_OP(invoke_prepare_this(g, f, target, CACHE(5)));
    R(2) = R(3) = self;
    DO_CALL(f, (int16_t)pc[3], COUNT(4), target);
}

OP_BODY(SUPER_FORWARD) {
    Value f = R(2);
    Value self = TRY_OP(invoke_prepare_this(g, f, fp[FRAME_NEW_TARGET], CACHE(3)));
    R(2) = self;
    CALLED(invoke_forward(g, f, self));
}

OP_BODY(CALL_SPREAD) {
    CALLED(invoke_with_array(g, R(2), R(3), R(4), VALUE_UNDEFINED));
}

OP_BODY(APPLY_FORWARD) {
    CALLED(invoke_apply_forward(g, R(2), R(3), R(4), COUNT(5) != 0));
}

OP_BODY(CALL_FORWARD) {
    CALLED(invoke_rest_forward(g, R(2), frame_depth(g, &R(3)), COUNT(4), frame_depth(g, &R(5)), COUNT(6)));
}

OP_BODY(NEW_SPREAD) {
    Value f = R(2), target = R(4);
    Value self = TRY_OP(invoke_prepare_this(g, f, target, NULL));
    R(2) = self;
    CALLED(invoke_with_array(g, f, self, R(3), target));
}

OP_BODY(CALL_EVAL) {
    Value f = R(2);
    if (f != realm_intrinsic(frames_code(fp)->realm, INTRINSIC_eval)) DO_CALL(f, (int16_t)pc[3], COUNT(4), VALUE_UNDEFINED);
    Value source = COUNT(4) ? (&R(3))[1] : VALUE_UNDEFINED;
    Value v = TRY_OP(evalcode_direct(g, source, R(5)));
    R(1) = v;
    NEXT(OPCODE_CALL_UNITS);
}

OP_BODY(CALL_EVAL_SPREAD) {
    if (R(2) != realm_intrinsic(frames_code(fp)->realm, INTRINSIC_eval))
        CALLED(invoke_with_array(g, R(2), R(3), R(4), VALUE_UNDEFINED));
    const Array *arguments = array_of(R(4));
    Value v = TRY_OP(evalcode_direct(g, arguments->length ? arguments->base[0] : VALUE_UNDEFINED, R(5)));
    R(1) = v;
    NEXT(OPCODE_CALL_UNITS);
}

OP_BODY(CONSTRUCT_RESULT) {
    if (!value_is_object(R(1))) R(1) = R(2);
    NEXT(3);
}

OP_BODY(CHECK_CONSTRUCTOR) {
    Value v = R(1);
    if (UNLIKELY(!callable_is_constructor(v))) OK_OP(error_throw_bool(g, ERROR_TYPE, "%V is not a constructor", v));
    NEXT(2);
}

OP_BODY(RETURN_DERIVED) {
    Value result = R(1), self = R(2);
    if (value_is_object(result)) RETURN(result);
    if (UNLIKELY(!value_is_undefined(result)))
        OK_OP(error_throw_to_caller(g, ERROR_TYPE, "Derived constructors may only return object or undefined"));
    if (UNLIKELY(self == VALUE_HOLE))
        OK_OP(error_throw_to_caller(g, ERROR_REFERENCE,
              "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"));
    RETURN(self);
}

OP_BODY(COERCE_THIS) {
    Value self = fp[FRAME_THIS];
    if (UNLIKELY(!value_is_object(self))) {
        if (value_is_nullish(self)) self = frames_code(fp)->realm->global_this;
        else self = TRY_OP(convert_to_object(g, self));
    }
    R(1) = self;
    NEXT(2);
}

OP_BODY(CHECK_CLASS_CALL) {
    if (UNLIKELY(value_is_undefined(fp[FRAME_NEW_TARGET])))
        OK_OP(error_throw_bool(g, ERROR_TYPE, "Class constructor %S cannot be invoked without 'new'", string_of(CONST(1))));
    NEXT(3);
}

OP_BODY(INTRINSIC) {
    Value v = PARK_OP(g->vm->hooks->intrinsic(g, COUNT(2), frame_depth(g, &R(3) + 1), COUNT(4)));
    R(1) = v;
    NEXT(5);
}

OP_BODY(IMPORT_CALL) {
    Value v = TRY_OP(g->vm->hooks->import_call(g, frames_code(fp)->referrer, R(2), R(3), COUNT(4)));
    R(1) = v;
    NEXT(5);
}

OP_BODY(IMPORT_META) {
    Value v = TRY_OP(g->vm->hooks->import_meta(g, frames_code(fp)->referrer));
    R(1) = v;
    NEXT(2);
}
