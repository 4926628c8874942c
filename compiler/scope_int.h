/* SPDX-License-Identifier: MIT */
/* scope_int.h - what scope.c, resolve.c and capture.c share. */
#ifndef US_COMPILER_SCOPE_INT_H
#define US_COMPILER_SCOPE_INT_H

#include "compiler/scope.h"

Scope *scope_new(ScopeAnalysis *a, ScopeKind kind, Scope *parent, FunctionInfo *function, Node *node);
Binding *scope_add(ScopeAnalysis *a, Scope *scope, Name *name, BindingKind kind, Node *node);
Binding *scope_add_hidden(ScopeAnalysis *a, Scope *scope, BindingKind kind);
Binding *scope_add_in_front(ScopeAnalysis *a, Scope *scope, BindingKind kind);     // of all others, to be found first
FunctionInfo *scope_new_function(ScopeAnalysis *a, FunctionInfo *parent, Node *node);

/* Declare what stands in a function body, program, or static block: vars of all depths, and the lexical names of
 * `statements` themselves; inner blocks get their scopes. */
void scope_declare_body(ScopeAnalysis *a, Scope *scope, NodeList statements);

/* Names bound by a pattern or identifier. */
void scope_each_bound_name(Node *target, void (*visit)(void *context, Identifier *id), void *context);

/* `f` assigns to a name at `position`: such places are kept ascending, whatever is resolved first. */
void scope_note_assignment(ScopeAnalysis *a, FunctionInfo *f, uint32_t position);

/* The bindings that `node` itself, without its children, uses; of a direct eval, all that it may see. */
void capture_each_use(const Node *node, void (*visit)(void *context, Binding *b), void *context);

/* The function whose variable `b` is: of a function expression's own name, that function. */
const FunctionInfo *capture_owner(const Binding *b);

/* Is `f`, or a function around it up to `owner`, spawned? */
bool capture_runs_in_goroutine(const FunctionInfo *f, const FunctionInfo *owner);

/* The scopes in and below `node`, outermost first. */
void capture_each_scope(Node *node, void (*visit)(void *context, Scope *s), void *context);

/* True when recursion must stop; reports once. */
bool scope_is_too_deep(ScopeAnalysis *a, const Node *node);

void resolve_program(ScopeAnalysis *a);
void escape_analyze(ScopeAnalysis *a);
void capture_classify(ScopeAnalysis *a);

#endif
