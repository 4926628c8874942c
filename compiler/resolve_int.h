/* SPDX-License-Identifier: MIT */
/* resolve_int.h - what the resolve*.c files share. */
#ifndef US_COMPILER_RESOLVE_INT_H
#define US_COMPILER_RESOLVE_INT_H

#include "compiler/scope_int.h"

typedef struct Resolver {
    ScopeAnalysis *a;
    uint32_t       conditional;          // constructs around, in this function, whose content may not run once exactly
} Resolver;

/* Mark functions and programs that contain a direct eval, before anything is resolved. */
typedef struct EvalSearch {
    ScopeAnalysis *a;
    Node          *function;
} EvalSearch;

/* resolve.c */
void resolve_list(Resolver *r, Scope *s, NodeList list);
void resolve_node(Resolver *r, Scope *s, Node *node);
void resolve_optional(Resolver *r, Scope *s, Node *node);
void resolve_pattern_values(Resolver *r, Scope *s, Node *node);
void resolve_target(Resolver *r, Scope *s, Node *target);

/* resolve_class.c */
Binding *resolve_home(Resolver *r, Scope *s);
void resolve_class(Resolver *r, Scope *outer, Class *c);
void resolve_private(Resolver *r, Scope *s, PrivateName *p);
void resolve_super(Resolver *r, Scope *s, Node *object);
void resolve_super_call(Resolver *r, Scope *s, SuperCall *call);

/* resolve_function.c */
FunctionInfo *resolve_function(Resolver *r, Scope *outer, Function *f, bool is_declaration);
void resolve_prepare_eval(Resolver *r, FunctionInfo *info, const Node *node);

/* resolve_name.c */
Binding *resolve_find(Resolver *r, Scope *s, const Name *name, bool *is_dynamic);
Binding *resolve_outer(const Scope *s, uint32_t bit);
Binding *resolve_use_pseudo(Resolver *r, Scope *s, BindingKind kind, uint32_t position);
FunctionInfo *resolve_this_function(FunctionInfo *f);
void resolve_direct_eval(Resolver *r, Scope *s, Call *call);
void resolve_identifier(Resolver *r, Scope *s, Identifier *id, bool assigns);
void resolve_search_eval(void *context, Node *node);
void resolve_use(Binding *b, const FunctionInfo *from, uint32_t position);
void resolve_use_dynamic(Scope *from, const Binding *b);

/* resolve_typescript.c */
void resolve_enum(Resolver *r, Scope *outer, Enum *e);
void resolve_export_assign(Resolver *r, Scope *s, ExportAssign *n);
void resolve_import_equals(Resolver *r, Scope *s, ImportEquals *n);
void resolve_namespace(Resolver *r, Scope *outer, Namespace *n);

#endif
