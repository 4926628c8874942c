/* SPDX-License-Identifier: MIT */
#include "vm/exec/evalcode.h"

#include "gc/alloc.h"
#include "vm/exec/code.h"
#include "vm/exec/environment.h"
#include "vm/exec/frames.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"

Value evalcode_new_scope(Goroutine *g, Code *code, uint32_t constant, const Value *values)
{
    LocalHeap *h = &g->heap;
    uint32_t count = code->function->constants[constant].count;
    ValueList *boxes = list_new(h, count);
    for (uint32_t i = 0; i < count; i++) list_push(h, &boxes, values[i]);
    ScopeNames *scope = alloc_small(h, ALLOC_ROUND(sizeof *scope), CELL_HEADER(0, KIND_SCOPE_NAMES, 0));
    scope->code = code;
    scope->boxes = boxes;
    scope->constant = value_from_int((int32_t)constant);
    return value_from_cell(scope);
}

Value evalcode_direct(Goroutine *g, Value source, Value scope)
{
    if (!value_is_string(source)) return source;
    const Code *code = frames_code(g->fp);
    EvalRequest request = { .kind = EVAL_DIRECT, .source = string_of(source), .scope = scope, .realm = code->realm,
                            .caller_is_strict = (code->flags & UNIT_IS_STRICT) != 0 };
    return g->vm->hooks->evaluate(g, &request);
}

/* A name of the eval's own code. */
static PropertyKey evalcode_name(Goroutine *g, const UnitConstant *declarations, uint32_t i)
{
    return code_string(&g->heap, frames_code(g->fp)->unit, declarations->list[i * 2]);
}

static bool evalcode_declare_in_object(Goroutine *g, Object *variables, const UnitConstant *declarations)
{
    for (uint32_t i = 0; i < declarations->count; i++) {
        PropertyKey name = evalcode_name(g, declarations, i);
        if (ASK_BOOL(object_has_own(g, variables, name))) continue;
        object_add(&g->heap, variables, name, VALUE_UNDEFINED, PROPERTY_DEFAULT);
    }
    return true;
}

bool evalcode_declare(Goroutine *g, Value variables, const UnitConstant *declarations)
{
    if (value_is_object(variables)) return evalcode_declare_in_object(g, object_of(variables), declarations);
    return environment_declare_eval(g, declarations);
}

void evalcode_register_kinds(void)
{
    kinds_register(KIND_SCOPE_NAMES, &(GcKind){ .name = "SCOPE_NAMES", .base_bytes = sizeof(ScopeNames) }, NULL);
}
