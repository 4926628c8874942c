/* SPDX-License-Identifier: MIT */
/* ops_property.h - named and indexed properties. */

/* Yield the value of a cached load of `v` at `ic`, or go on at the slow expression. */
#define CACHED_LOAD(v, ic, slow)                                                    \
    ({                                                                              \
        Value loaded_ = VALUE_THROWN;                                               \
        if (LIKELY(value_is_cell(v))) {                                             \
            const Cell *cell_ = value_cell(v);                                      \
            uint64_t word_ = atomic_get_dependent(&(ic)->word);                     \
            if (LIKELY((uint32_t)word_ == atomic_get_dependent(&cell_->shape))) {   \
                int32_t payload_ = cache_payload(word_);                            \
                if (LIKELY(payload_ >= 0))                                          \
                    loaded_ = cell_slot_get((const Value *)((const char *)cell_ + payload_)); \
                else                                                                \
                    loaded_ = access_try_handler(cache_handler(g->vm, payload_), cell_); \
            }                                                                       \
        }                                                                           \
        if (UNLIKELY(loaded_ == VALUE_THROWN)) loaded_ = TRY_OP(slow);              \
        loaded_;                                                                    \
    })

OP_BODY(GET_PROP) {
    Value v = R(2);
    InlineCache *ic = CACHE(3);
    Value loaded = CACHED_LOAD(v, ic, access_get(g, v, ic, CACHE_NAME(3)));
    R(1) = loaded;
    NEXT(5);
}

OP_BODY(GET_LENGTH) {
    Value v = R(2);
    if (LIKELY(value_is_cell(v))) {
        const Cell *c = value_cell(v);
        if (LIKELY(c->kind == KIND_ARRAY)) {
            R(1) = value_from_uint32(atomic_get_relaxed(&((const Array *)c)->length));
            NEXT(5);
        }
        if (c->kind < KIND_FIRST_NOT_STRING) {
            R(1) = value_from_int((int32_t)((const String *)c)->length);
            NEXT(5);
        }
    }
    InlineCache *ic = CACHE(3);
    Value loaded = CACHED_LOAD(v, ic, access_get(g, v, ic, CACHE_NAME(3)));
    R(1) = loaded;
    NEXT(5);
}

OP_BODY(SET_PROP) {
    Value target = R(1), v = R(4);
    InlineCache *ic = CACHE(2);
    if (LIKELY(value_is_cell(target))) {
        Cell *c = value_cell(target);
        uint64_t word = atomic_get_dependent(&ic->word), header = atomic_get_dependent(&c->word);
        if (LIKELY((uint32_t)word == (uint32_t)header && !(header & CELL_STORE_MASK & ~(uint64_t)UINT32_MAX))) {
            int32_t payload = cache_payload(word);
            if (LIKELY(payload >= 0)) {
                cell_slot_set((Value *)((char *)c + payload), v);
                NEXT(5);
            }
            if (access_try_store(&g->heap, cache_handler(g->vm, payload), (Object *)c, v)) NEXT(5);
        }
    }
    OK_OP(access_set(g, target, ic, CACHE_NAME(2), v));
    NEXT(5);
}

OP_BODY(GET_ELEM) {
    Value v = R(2), key = R(3);
    if (LIKELY(value_is_int(key) && value_is_cell(v))) {
        const Cell *c = value_cell(v);
        uint32_t i = (uint32_t)value_int(key);
        if (LIKELY(c->kind == KIND_ARRAY)) {
            Value element = elements_try_get((const Array *)c, i);
            if (LIKELY(element != VALUE_HOLE)) {
                R(1) = element;
                NEXT(5);
            }
        } else {
            LEARN_INDEXED(4, c);
            Value element = value_int(key) < 0 ? VALUE_THROWN : access_try_get_element(g, c, i);
            if (element != VALUE_THROWN) {
                R(1) = element;
                NEXT(5);
            }
        }
    }
    Value element = TRY_OP(access_get_element(g, v, key));
    R(1) = element;
    NEXT(5);
}

OP_BODY(GET_ELEM_KEEP) {
    Value v = R(3), key = R(4);
    if (LIKELY(value_is_int(key) && value_is_cell(v) && value_cell(v)->kind == KIND_ARRAY)) {
        Value element = elements_try_get((const Array *)value_cell(v), (uint32_t)value_int(key));
        if (LIKELY(element != VALUE_HOLE)) {
            R(2) = key;
            R(1) = element;
            NEXT(6);
        }
    }
    if (value_is_cell(v)) LEARN_INDEXED(5, value_cell(v));
    if (UNLIKELY(value_is_object(key))) {
        key = TRY_OP(access_element_key(g, v, key));
        v = R(3);
    }
    R(2) = key;
    Value element = TRY_OP(access_get_element(g, v, key));
    R(1) = element;
    NEXT(6);
}

OP_BODY(GET_ELEM_INT) {
    Value v = R(2);
    if (LIKELY(value_is_kind(v, KIND_ARRAY))) {
        Value element = elements_try_get((const Array *)value_cell(v), (uint32_t)IMM(3));
        if (LIKELY(element != VALUE_HOLE)) {
            R(1) = element;
            NEXT(5);
        }
    } else if (value_is_cell(v)) {
        LEARN_INDEXED(4, value_cell(v));
    }
    Value element = TRY_OP(access_get_element(g, v, value_from_int(IMM(3))));
    R(1) = element;
    NEXT(5);
}

OP_BODY(SET_ELEM) {
    Value target = R(1), key = R(2), v = R(3);
    if (LIKELY(value_is_int(key) && value_is_cell(target))) {
        Cell *c = value_cell(target);
        uint32_t i = (uint32_t)value_int(key);
        if (LIKELY(c->kind == KIND_ARRAY && !atomic_get_relaxed(&c->flags))) {
            Array *a = (Array *)c;
            if (LIKELY(i < a->capacity && a->base[i] != VALUE_HOLE)) {
                cell_slot_set(&a->base[i], v);
                NEXT(5);
            }
            if (i < a->capacity && atomic_get_relaxed(&g->vm->no_indexed_prototypes)) {
                cell_slot_set(&a->base[i], v);
                if (i >= a->length) a->length = i + 1;
                NEXT(5);
            }
        }
        LEARN_INDEXED(4, c);
    }
    OK_OP(access_set_element(g, target, key, v));
    NEXT(5);
}

OP_BODY(DELETE_PROP) {
    bool deleted = ASK_OP(access_delete(g, R(2), CONST(3)));
    R(1) = value_from_bool(deleted);
    NEXT(5);
}

OP_BODY(DELETE_ELEM) {
    bool deleted = ASK_OP(access_delete_element(g, R(2), R(3)));
    R(1) = value_from_bool(deleted);
    NEXT(4);
}

OP_BODY(GET_SUPER) {
    Value v = TRY_OP(access_get_super(g, R(2), R(3), R(4)));
    R(1) = v;
    NEXT(5);
}

OP_BODY(SET_SUPER) {
    OK_OP(access_set_super(g, R(1), R(2), R(3), R(4)));
    NEXT(5);
}

OP_BODY(GET_PRIVATE) {
    const Value *slot = private_field_slot(g->vm, CACHE(4), R(2), R(3), false);
    Value v = slot ? cell_slot_get(slot) : TRY_OP(private_field_get(g, R(2), R(3), CACHE(4)));
    R(1) = v;
    NEXT(6);
}

OP_BODY(SET_PRIVATE) {
    Value *slot = private_field_slot(g->vm, CACHE(4), R(1), R(2), true);
    if (slot) barrier_store(&g->heap, object_of(R(1)), slot, R(3));
    else OK_OP(private_field_set(g, R(1), R(2), R(3), CACHE(4)));
    NEXT(6);
}

OP_BODY(GET_WITH) {
    Value v = TRY_OP(environment_get(g, R(2), CONST(3)));
    R(1) = v;
    NEXT(5);
}

OP_BODY(SET_WITH) {
    OK_OP(environment_set(g, R(1), CONST(2), R(4)));
    NEXT(5);
}

OP_BODY(GET_PROTO) {
    Value proto = TRY_OP(object_get_proto(g, object_of(R(2))));
    R(1) = proto;
    NEXT(3);
}
