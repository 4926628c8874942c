/* SPDX-License-Identifier: MIT */
/* evalcode.h - eval (ECMA-262 19.2.1): scopes handed to direct eval, and running compiled source. */
#ifndef US_EXEC_EVALCODE_H
#define US_EXEC_EVALCODE_H

#include "vm/object/function.h"

/* What a direct eval sees: the names of a CONSTANT_SCOPE and, parallel, the box or value of each. */
typedef struct ScopeNames {              // KIND_SCOPE_NAMES
    Cell       cell;
    Code      *code;                     // whose unit and constant say the names
    ValueList *boxes;
    Value      constant;                 // int32
} ScopeNames;

/** A scope of constant `constant` of `code`, its boxes at `values`. */
NODISCARD Value evalcode_new_scope(Goroutine *g, Code *code, uint32_t constant, const Value *values);

/** PerformEval of a direct call. A source that is no string is its own value. */
NODISCARD Value evalcode_direct(Goroutine *g, Value source, Value scope);

/** EvalDeclarationInstantiation (19.2.1.3) for the names of `declarations`, in `variables`, an object, or the global
 *  environment when it is undefined. */
NODISCARD bool evalcode_declare(Goroutine *g, Value variables, const UnitConstant *declarations);

void evalcode_register_kinds(void);

#endif
