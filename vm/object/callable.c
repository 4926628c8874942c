/* SPDX-License-Identifier: MIT */
#include "vm/object/callable.h"

#include "vm/object/error.h"
#include "vm/object/function.h"
#include "vm/object/hooks.h"
#include "vm/object/proxy.h"

Value callable_call(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments)
{
    if (UNLIKELY(!value_is_callable(f))) return error_throw(g, ERROR_TYPE, "%V is not a function", f);
    return g->vm->hooks->call(g, f, self, count, arguments, VALUE_UNDEFINED);
}

Value callable_tail_call(Goroutine *g, Value f, Value self, uint32_t count, const Value *arguments)
{
    ASSERT(value_is_callable(f), "the caller has checked");
    return g->vm->hooks->tail_call(g, f, self, count, arguments);
}

Value callable_call0(Goroutine *g, Value f, Value self)
{
    return callable_call(g, f, self, 0, NULL);
}

Value callable_call1(Goroutine *g, Value f, Value self, Value a)
{
    return callable_call(g, f, self, 1, &a);
}

Value callable_call2(Goroutine *g, Value f, Value self, Value a, Value b)
{
    Value arguments[] = { a, b };
    return callable_call(g, f, self, 2, arguments);
}

Value callable_call3(Goroutine *g, Value f, Value self, Value a, Value b, Value c)
{
    Value arguments[] = { a, b, c };
    return callable_call(g, f, self, 3, arguments);
}

Value callable_construct(Goroutine *g, Value f, uint32_t count, const Value *arguments, Value new_target)
{
    ASSERT(callable_is_constructor(f), "the caller has checked");
    return g->vm->hooks->call(g, f, VALUE_HOLE, count, arguments, new_target);
}

bool callable_is_constructor(Value v)
{
    if (!value_is_callable(v)) return false;
    const Cell *c = value_cell(v);
    switch (c->kind) {
    case KIND_FUNCTION: {
        uint32_t flags = ((const Function *)c)->code->flags;
        return !(flags & (UNIT_IS_ARROW | UNIT_IS_METHOD | UNIT_IS_GENERATOR | UNIT_IS_ASYNC | UNIT_IS_LIBRARY));
    }
    case KIND_NATIVE: return (((const Native *)c)->spec->flags & NATIVE_CONSTRUCTOR) != 0;
    case KIND_BOUND:  return ((const Bound *)c)->is_constructor != 0;
    default:          return proxy_is_constructor((const Object *)c);
    }
}
