/* SPDX-License-Identifier: MIT */
/* ops_literal.h - object, array, function, template and regular-expression literals; conversions they need. */

OP_BODY(NEW_OBJECT) {
    Code *code = frames_code(fp);
    SAVE();
    Value o = construct_object(g, code, opcode_read_u32(pc + 2));
    R(1) = o;
    NEXT(4);
}

/* The shape was made by the first execution and is kept as a number in the constant. */
OP_BODY(OBJECT_LITERAL) {
    Code *code = frames_code(fp);
    uint32_t k = opcode_read_u32(pc + 2);
    uint32_t count = COUNT(5);
    SAVE();
    Value number = cell_slot_get(&code->constants[k]);
    if (UNLIKELY(!value_is_int(number))) {
        construct_literal_shape(g, code, k);
        number = cell_slot_get(&code->constants[k]);
    }
    uint64_t header = shape_at(g->vm, (uint32_t)value_int(number))->header;
    Object *o = alloc_small(&g->heap, ALLOC_ROUND(sizeof(Object) + count * sizeof(Value)), header);
    o->ool = NULL;
    Value *slots = (Value *)(o + 1);
    const Value *values = &R(4) + 1;
    for (uint32_t i = 0; i < count; i++) slots[i] = values[i];
    R(1) = value_from_cell(o);
    NEXT(6);
}

OP_BODY(INIT_PROP) {
    Value target = R(1), v = R(4);
    InlineCache *ic = CACHE(2);
    Object *o = object_of(target);
    uint64_t word = atomic_get_dependent(&ic->word), header = atomic_get_dependent(&o->cell.word);
    if (LIKELY((uint32_t)word == (uint32_t)header && access_try_add(g, word, header, o, v))) NEXT(5);
    OK_OP(access_define(g, o, ic, CACHE_NAME(2), v));
    NEXT(5);
}

OP_BODY(INIT_ELEM) {
    OK_OP(construct_define(g, R(1), R(2), R(3)));
    NEXT(4);
}

OP_BODY(INIT_PROTO) {
    OK_OP(construct_set_literal_proto(g, R(1), R(2)));
    NEXT(3);
}

OP_BODY(INIT_METHOD) {
    OK_OP(construct_define_method(g, R(1), R(2), R(3), COUNT(4)));
    NEXT(5);
}

OP_BODY(COPY_PROPS) {
    OK_OP(construct_copy_properties(g, R(1), R(2), 0, 0));
    NEXT(3);
}

OP_BODY(COPY_REST) {
    uint32_t depth = frame_depth(g, &R(3) + 1);
    Value rest = TRY_OP(construct_rest(g, R(2), depth, COUNT(4)));
    R(1) = rest;
    NEXT(5);
}

OP_BODY(NEW_ARRAY) {
    Value a = TRY_OP(construct_array(g, frame_depth(g, &R(2) + 1), COUNT(3)));
    R(1) = a;
    NEXT(4);
}

OP_BODY(NEW_ARRAY_CONSTANT) {
    Value a = TRY_OP(construct_constant_array(g, CONST(2)));
    R(1) = a;
    NEXT(4);
}

OP_BODY(ARRAY_APPEND) {
    OK_OP(construct_append(g, R(1), R(2)));
    NEXT(3);
}

OP_BODY(ARRAY_SPREAD) {
    OK_OP(construct_spread(g, R(1), R(2)));
    NEXT(3);
}

OP_BODY(NEW_REGEXP) {
    Value regexp = TRY_OP(construct_regexp(g, CONST(2)));
    R(1) = regexp;
    NEXT(4);
}

OP_BODY(TEMPLATE_OBJECT) {
    Value template = TRY_OP(construct_template(g, frames_code(fp), opcode_read_u32(pc + 2)));
    R(1) = template;
    NEXT(4);
}

OP_BODY(CLOSURE) {
    SAVE();
    Code *code = (Code *)value_cell(CONST(2));
    Function *f = function_new(&g->heap, code);
    const UnitCapture *capture = code->function->captures;
    for (uint32_t i = 0; i < code->function->capture_count; i++, capture++)
        f->captures[i] = capture->source == CAPTURE_FROM_SLOT ? fp[capture->index]
                                                               : ((Function *)(uintptr_t)fp[FRAME_CALLEE])->captures[capture->index];
    R(1) = value_from_cell(f);
    NEXT(4);
}

OP_BODY(CAPTURE_PATCH) {
    Function *f = (Function *)value_cell(R(1));
    STORE(f, &f->captures[COUNT(2)], R(3));
    NEXT(4);
}

OP_BODY(SET_NAME) {
    OK_OP(construct_set_name(g, R(1), R(2), COUNT(3)));
    NEXT(4);
}

OP_BODY(TO_PART) {
    Value v = R(2);
    if (UNLIKELY(value_is_object(v) || value_is_symbol(v))) v = TRY_OP(construct_part(g, v, COUNT(3) != 0));
    R(1) = v;
    NEXT(4);
}

OP_BODY(TO_KEY) {
    Value v = R(2);
    if (UNLIKELY(!value_is_int(v) && !value_is_string(v))) v = TRY_OP(construct_key(g, v));
    R(1) = v;
    NEXT(3);
}

OP_BODY(TO_OBJECT) {
    Value o = TRY_OP(convert_to_object(g, R(2)));
    R(1) = o;
    NEXT(3);
}

OP_BODY(CONCAT) {
    Value s = TRY_OP(construct_concat(g, frame_depth(g, &R(2) + 1), COUNT(3)));
    R(1) = s;
    NEXT(4);
}

OP_BODY(REQUIRE_OBJECT_COERCIBLE) {
    Value v = R(1);
    if (UNLIKELY(value_is_nullish(v))) OK_OP(error_throw_bool(g, ERROR_TYPE, "Cannot destructure '%V' as it is %V.", v, v));
    NEXT(2);
}

OP_BODY(ARGUMENTS) {
    SAVE();
    Value arguments = construct_arguments(g, COUNT(2) != 0);
    RELOAD();
    R(1) = arguments;
    NEXT(3);
}

OP_BODY(ARGUMENTS_LENGTH) {
    R(1) = value_from_int((int32_t)frame_argument_count(fp));
    NEXT(2);
}

OP_BODY(GET_ARGUMENT) {
    Value key = R(2);
    if (LIKELY(value_is_int(key) && (uint32_t)value_int(key) < frame_argument_count(fp))) {
        R(1) = fp[FRAME_ARGUMENTS + value_int(key)];
        NEXT(5);
    }
    Value v = TRY_OP(construct_argument(g, key, frame_depth(g, &R(3)), COUNT(4) != 0));
    R(1) = v;
    NEXT(5);
}

OP_BODY(REST) {
    Value rest = TRY_OP(construct_rest_parameter(g, COUNT(2)));
    R(1) = rest;
    NEXT(3);
}
