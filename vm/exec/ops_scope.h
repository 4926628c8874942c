/* SPDX-License-Identifier: MIT */
/* ops_scope.h - boxes, captures, dead zones, globals, with and eval. */

#define BOX(v) ((Box *)(uintptr_t)(v))

OP_BODY(NEW_BOX) {
    SAVE();
    Value box = value_from_cell(function_new_box(&g->heap, R(2)));
    R(1) = box;
    NEXT(3);
}

OP_BODY(NEW_SHARED_BOX) {
    SAVE();
    Value box = value_from_cell(function_new_shared_box(&g->heap, R(2)));
    R(1) = box;
    NEXT(3);
}

OP_BODY(BOX_GET) {
    R(1) = cell_slot_get(&BOX(R(2))->value);
    NEXT(3);
}

OP_BODY(BOX_GET_CHECKED) {
    Value v = cell_slot_get(&BOX(R(2))->value);
    if (UNLIKELY(v == VALUE_HOLE)) OK_OP(access_throw_dead_zone(g, CONST(3)));
    R(1) = v;
    NEXT(5);
}

OP_BODY(BOX_SET) {
    Box *box = BOX(R(1));
    STORE(box, &box->value, R(2));
    NEXT(3);
}

OP_BODY(BOX_SET_CHECKED) {
    Box *box = BOX(R(1));
    if (UNLIKELY(cell_slot_get(&box->value) == VALUE_HOLE)) OK_OP(access_throw_dead_zone(g, CONST(3)));
    STORE(box, &box->value, R(2));
    NEXT(5);
}

OP_BODY(CAPTURE_GET) {
    R(1) = CAPTURE(2);
    NEXT(3);
}

OP_BODY(CAPTURE_BOX_GET) {
    R(1) = cell_slot_get(&BOX(CAPTURE(2))->value);
    NEXT(3);
}

OP_BODY(CAPTURE_BOX_GET_CHECKED) {
    Value v = cell_slot_get(&BOX(CAPTURE(2))->value);
    if (UNLIKELY(v == VALUE_HOLE)) OK_OP(access_throw_dead_zone(g, CONST(3)));
    R(1) = v;
    NEXT(5);
}

OP_BODY(CAPTURE_BOX_SET) {
    Box *box = BOX(CAPTURE(1));
    STORE(box, &box->value, R(2));
    NEXT(3);
}

OP_BODY(CAPTURE_BOX_SET_CHECKED) {
    Box *box = BOX(CAPTURE(1));
    if (UNLIKELY(cell_slot_get(&box->value) == VALUE_HOLE)) OK_OP(access_throw_dead_zone(g, CONST(3)));
    STORE(box, &box->value, R(2));
    NEXT(5);
}

OP_BODY(CHECK_HOLE) {
    if (UNLIKELY(R(1) == VALUE_HOLE)) OK_OP(access_throw_dead_zone(g, CONST(2)));
    NEXT(4);
}

OP_BODY(CHECK_THIS) {
    if (UNLIKELY(R(1) == VALUE_HOLE))
        OK_OP(error_throw_bool(g, ERROR_REFERENCE,
              "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"));
    NEXT(2);
}

OP_BODY(CHECK_THIS_UNSET) {
    if (UNLIKELY(R(1) != VALUE_HOLE)) OK_OP(error_throw_bool(g, ERROR_REFERENCE, "Super constructor may only be called once"));
    NEXT(2);
}

OP_BODY(THROW_CONST) {
    OK_OP(error_throw_bool(g, ERROR_TYPE, "Assignment to constant variable '%S'.", string_of(CONST(1))));
    UNREACHABLE();
}

/* A cached global is the address of its slot; the hole there means absent or dead. */
OP_BODY(GLOBAL_GET) {
    const Value *slot = (const Value *)(uintptr_t)atomic_get_dependent(&CACHE(2)->word);
    if (LIKELY(slot)) {
        Value v = cell_slot_get(slot);
        if (LIKELY(v != VALUE_HOLE)) {
            R(1) = v;
            NEXT(4);
        }
    }
    Value v = TRY_OP(environment_get_global(g, CACHE(2), CACHE_NAME(2), true));
    R(1) = v;
    NEXT(4);
}

OP_BODY(GLOBAL_GET_OR_UNDEFINED) {
    Value v = TRY_OP(environment_get_global(g, CACHE(2), CACHE_NAME(2), false));
    R(1) = v;
    NEXT(4);
}

OP_BODY(GLOBAL_SET) {
    OK_OP(environment_set_global(g, CACHE(1), CACHE_NAME(1), R(3)));
    NEXT(4);
}

OP_BODY(GLOBAL_INIT) {
    CALL_OP(environment_init_global(g, CONST(1), R(3)));
    NEXT(4);
}

OP_BODY(GLOBAL_DECLARE) {
    OK_OP(environment_declare_globals(g, CONST_INFO(1)));
    NEXT(3);
}

OP_BODY(GLOBAL_FUNCTION) {
    OK_OP(environment_declare_global_function(g, CONST(1), R(3), COUNT(4) != 0));
    NEXT(5);
}

OP_BODY(GLOBAL_DELETE) {
    bool deleted = ASK_OP(environment_delete_global(g, CONST(2)));
    R(1) = value_from_bool(deleted);
    NEXT(4);
}

OP_BODY(NAME_IN) {
    bool found = ASK_OP(environment_has(g, R(2), CONST(3)));
    R(1) = value_from_bool(found);
    NEXT(5);
}

OP_BODY(EVAL_SCOPE) {
    Value scope = TRY_OP(evalcode_new_scope(g, frames_code(fp), opcode_read_u32(pc + 2), &R(4) + 1));
    R(1) = scope;
    NEXT(5);
}

OP_BODY(EVAL_DECLARE) {
    OK_OP(evalcode_declare(g, R(1), CONST_INFO(2)));
    NEXT(4);
}
