/* SPDX-License-Identifier: MIT */
#include "lib/cursor.h"

#include "vm/object/kinds.h"

Value cursor_new(Goroutine *g, CursorKind kind, IntrinsicId proto, Value source, Value detail)
{
    LocalHeap *h = &g->heap;
    Value p = realm_intrinsic(realm_current(g), proto);
    Cursor *c = object_alloc(h, object_root_shape(h, KIND_ITERATOR, p, 0), sizeof *c);
    c->kind = value_from_int((int32_t)kind);
    c->source = source;
    c->position = VALUE_ZERO;
    c->detail = detail;
    return value_from_cell(c);
}

Cursor *cursor_try(Value v, CursorKind kind)
{
    if (!value_is_kind(v, KIND_ITERATOR)) return NULL;
    Cursor *c = (Cursor *)value_cell(v);
    return value_int(c->kind) == (int32_t)kind ? c : NULL;
}

void cursor_register_kinds(void)
{
    kinds_register(KIND_ITERATOR, &(GcKind){ .name = "ITERATOR", .base_bytes = sizeof(Cursor) }, NULL);
}
