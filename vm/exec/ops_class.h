/* SPDX-License-Identifier: MIT */
/* ops_class.h - class definitions, fields, private names. */

OP_BODY(CLASS_HERITAGE) {
    Value proto_parent;
    Value parent = TRY_OP(construct_heritage(g, R(2), &proto_parent));
    R(1) = parent;
    (&R(1))[-1] = proto_parent;
    NEXT(3);
}

OP_BODY(CLASS_PROTO) {
    SAVE();
    Value parent = R(2);
    if (value_is_undefined(parent)) parent = realm_intrinsic(frames_code(fp)->realm, INTRINSIC_ObjectPrototype);
    Value proto = value_from_cell(object_new_with_proto(&g->heap, parent));
    R(1) = proto;
    NEXT(3);
}

OP_BODY(CLASS_CONSTRUCTOR) {
    CALL_OP(construct_class(g, R(1), R(2), R(3)));
    NEXT(4);
}

OP_BODY(NEW_PRIVATE_NAME) {
    SAVE();
    Value name = value_from_cell(symbol_new(&g->heap, CONST(2), SYMBOL_IS_PRIVATE));
    R(1) = name;
    NEXT(4);
}

OP_BODY(DEFINE_FIELD) {
    OK_OP(construct_define(g, R(1), R(2), R(3)));
    NEXT(4);
}

OP_BODY(DEFINE_PRIVATE) {
    OK_OP(private_field_define(g, R(1), R(2), R(3), COUNT(4), CACHE(5)));
    NEXT(7);
}

OP_BODY(DISPOSE_ADD) {
    OK_OP(dispose_add(g, R(1), R(2), COUNT(3) != 0));
    NEXT(4);
}

OP_BODY(DISPOSE_STEP) {
    bool is_empty;
    Value awaited = TRY_OP(dispose_step(g, R(2), &is_empty));
    if (is_empty) JUMP(3);
    R(1) = awaited;
    NEXT(5);
}

OP_BODY(DISPOSE_SUPPRESS) {
    Value error = TRY_OP(dispose_suppress(g, R(2), R(3)));
    R(1) = error;
    NEXT(4);
}
