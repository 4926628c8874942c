/* SPDX-License-Identifier: MIT */
/* Declaring: which names each scope has. Names of blocks are declared when their function is entered, before anything
 * is resolved, because vars, which rise through blocks, must be checked against them. */
#include "compiler/scope.h"

#include <string.h>

#include "compiler/forward.h"
#include "compiler/scope_int.h"
#include "vm/bytecode/unit.h"

enum { SCOPE_TABLE_FROM = 8 };

/* ---- scopes and bindings ------------------------------------------------------------------------------------ */

Scope *scope_new(ScopeAnalysis *a, ScopeKind kind, Scope *parent, FunctionInfo *function, Node *node)
{
    Scope *s = ARENA_NEW(a->arena, Scope);
    s->kind = kind;
    s->parent = parent;
    s->function = function;
    s->node = node;
    s->start = node ? node->start : 0;
    return s;
}

static uint32_t scope_hash(const Name *name, uint32_t capacity)
{
    return (uint32_t)((uintptr_t)name >> 3) * 0x9e3779b1u >> 7 & (capacity - 1);
}

static void scope_enter(Scope *s, Binding *b)
{
    uint32_t i = scope_hash(b->name, s->table_capacity);
    while (s->table[i] && s->table[i]->name != b->name) i = (i + 1) & (s->table_capacity - 1);
    s->table[i] = b;
}

static void scope_grow_table(ScopeAnalysis *a, Scope *s)
{
    s->table_capacity = s->table_capacity ? s->table_capacity * 2 : SCOPE_TABLE_FROM * 4;
    s->table = ARENA_ARRAY(a->arena, Binding *, s->table_capacity);
    for (Binding *b = s->first; b; b = b->next)
        if (b->name) scope_enter(s, b);
}

Binding *scope_find(const Scope *s, const Name *name)
{
    if (s->table) {
        uint32_t i = scope_hash(name, s->table_capacity);
        while (s->table[i] && s->table[i]->name != name) i = (i + 1) & (s->table_capacity - 1);
        return s->table[i];
    }
    for (Binding *b = s->first; b; b = b->next)
        if (b->name == name && b->kind != BINDING_PRIVATE) return b;
    return NULL;
}

static Binding *scope_append(ScopeAnalysis *a, Scope *s, Name *name, BindingKind kind, Node *node)
{
    Binding *b = ARENA_NEW(a->arena, Binding);
    b->name = name;
    b->scope = s;
    b->kind = (uint8_t)kind;
    b->node = node;
    b->initialized_at = UINT32_MAX;
    if (s->last) s->last->next = b;
    else s->first = b;
    s->last = b;
    return b;
}

Binding *scope_add_hidden(ScopeAnalysis *a, Scope *s, BindingKind kind)
{
    return scope_append(a, s, NULL, kind, s->node);
}

Binding *scope_add_in_front(ScopeAnalysis *a, Scope *s, BindingKind kind)
{
    Scope alone = { .node = s->node };
    Binding *b = scope_append(a, &alone, NULL, kind, s->node);
    b->scope = s;
    b->next = s->first;
    s->first = b;
    if (!s->last) s->last = b;
    return b;
}

Binding *scope_add(ScopeAnalysis *a, Scope *s, Name *name, BindingKind kind, Node *node)
{
    Binding *b = scope_append(a, s, name, kind, node);
    s->count++;
    if (s->table && s->count * 2 < s->table_capacity) scope_enter(s, b);
    else if (s->count > SCOPE_TABLE_FROM) scope_grow_table(a, s);
    return b;
}

FunctionInfo *scope_new_function(ScopeAnalysis *a, FunctionInfo *parent, Node *node)
{
    FunctionInfo *f = ARENA_NEW(a->arena, FunctionInfo);
    f->node = node;
    f->parent = parent;
    f->has_use_strict = parent && parent->has_use_strict;
    f->created_at = node->start;
    f->end = node->end;
    f->unit_index = UINT32_MAX;
    VEC_PUSH_ARENA(a->arena, &a->functions, f);
    return f;
}

bool scope_is_too_deep(ScopeAnalysis *a, const Node *node)
{
    char here;
    if ((uintptr_t)&here > a->stack_limit) return a->is_too_deep;
    if (!a->is_too_deep) diag_report(a->diag, DIAG_TOO_DEEP, node->start, node->start + 1);
    return a->is_too_deep = true;
}

/* ---- names in patterns --------------------------------------------------------------------------------------- */

void scope_each_bound_name(Node *target, void (*visit)(void *context, Identifier *id), void *context)
{
    if (!target) return;
    switch (target->kind) {
    case NODE_IDENTIFIER:
        visit(context, (Identifier *)target);
        break;
    case NODE_ARRAY_PATTERN: {
        NodeList elements = ((ArrayPattern *)target)->elements;
        for (uint32_t i = 0; i < elements.count; i++) scope_each_bound_name(elements.items[i], visit, context);
        break;
    }
    case NODE_OBJECT_PATTERN: {
        NodeList properties = ((ObjectPattern *)target)->properties;
        for (uint32_t i = 0; i < properties.count; i++) scope_each_bound_name(properties.items[i], visit, context);
        break;
    }
    case NODE_PATTERN_ELEMENT:  scope_each_bound_name(((PatternElement *)target)->target, visit, context); break;
    case NODE_PATTERN_PROPERTY: scope_each_bound_name(((PatternProperty *)target)->target, visit, context); break;
    case NODE_REST:             scope_each_bound_name(((Rest *)target)->target, visit, context); break;
    default: break;
    }
}

/* ---- conflicts ------------------------------------------------------------------------------------------------- */

static void scope_report_conflict(ScopeAnalysis *a, const Name *name, const Node *node)
{
    diag_report(a->diag, DIAG_ALREADY_DECLARED, node->start, node->end, names_text(a->names, name, 100));
}

static bool scope_is_lexical(BindingKind kind)
{
    return kind == BINDING_LET || kind == BINDING_CONST || kind == BINDING_CLASS || kind == BINDING_IMPORT;
}

/* Are function declarations in this scope var-like (top level of functions and scripts) or lexical (blocks, modules)?
 */
static bool scope_functions_are_vars(const Scope *s)
{
    return s->is_var_scope && s->kind != SCOPE_MODULE;
}

/* May a lexical name be declared next to what is there? */
static bool scope_conflicts_with_lexical(const Binding *there)
{
    return there->kind != BINDING_SELF && there->kind != BINDING_ARGUMENTS;
}

static Binding *scope_declare_lexical(ScopeAnalysis *a, Scope *s, Name *name, BindingKind kind, Node *node)
{
    Binding *there = scope_find(s, name);
    if (there && scope_conflicts_with_lexical(there)) {
        scope_report_conflict(a, name, node);
        return there;
    }
    if (s->kind == SCOPE_BODY && !there) {            // a parameter's name cannot be a lexical name of the body
        Binding *parameter = scope_find(s->parent, name);
        if (parameter && parameter->kind == BINDING_PARAMETER) scope_report_conflict(a, name, node);
    }
    if (s->parent && s->parent->kind == SCOPE_CATCH && s->node == ((Catch *)s->parent->node)->body) {
        if (scope_find(s->parent, name)) scope_report_conflict(a, name, node);
    }
    return scope_add(a, s, name, kind, node);
}

static bool scope_is_sloppy(const Scope *s)
{
    return !s->function->is_strict;
}

/* A function declaration of a statement list. */
static void scope_declare_function(ScopeAnalysis *a, Scope *s, FunctionDeclaration *declaration)
{
    Function *f = (Function *)declaration->function;
    Binding *there = scope_find(s, f->name);
    bool plain = !(f->bits & (FUNCTION_IS_ASYNC | FUNCTION_IS_GENERATOR));
    bool may_repeat = false;
    if (there && scope_functions_are_vars(s)) may_repeat = !scope_is_lexical((BindingKind)there->kind);
    else if (there && there->kind == BINDING_FUNCTION) {
        const Function *first = (const Function *)((FunctionDeclaration *)there->function_node)->function;
        may_repeat = plain && scope_is_sloppy(s) && !(first->bits & (FUNCTION_IS_ASYNC | FUNCTION_IS_GENERATOR))
            && s->kind != SCOPE_MODULE;
    }
    if (there && !may_repeat && scope_conflicts_with_lexical(there)) {
        scope_report_conflict(a, f->name, &f->node);
        return;
    }
    if (!there) there = scope_declare_lexical(a, s, f->name, BINDING_FUNCTION, &f->node);
    else if (there->kind == BINDING_FUNCTION || there->kind == BINDING_PARAMETER || there->kind == BINDING_VAR) there->is_assigned |= there->kind != BINDING_VAR;
    if (there->kind == BINDING_VAR || there->kind == BINDING_ARGUMENTS) there->kind = BINDING_FUNCTION;
    there->function_node = &declaration->node;
    there->initialized_at = s->start;
    declaration->binding = there;
}

/* ---- var declarations -------------------------------------------------------------------------------------------- */

typedef struct VarContext {
    ScopeAnalysis *a;
    Scope         *from;                 // innermost scope the declaration stands in
    Node          *node;
} VarContext;

/* Is `b` what a catch clause binds by a plain name? var of that name is then allowed (B.3.4). */
static bool scope_is_simple_catch(const Binding *b)
{
    return b->kind == BINDING_CATCH && ((Catch *)b->scope->node)->parameter->kind == NODE_IDENTIFIER;
}

static Scope *scope_var_scope(Scope *s)
{
    while (!s->is_var_scope) s = s->parent;
    return s;
}

/* Report a lexical name between `from` and its var scope. */
static bool scope_var_is_blocked(ScopeAnalysis *a, Scope *from, Name *name, Node *node, bool report)
{
    for (Scope *s = from;; s = s->parent) {
        const Binding *b = scope_find(s, name);
        bool blocks = b && (scope_is_lexical((BindingKind)b->kind) || (b->kind == BINDING_CATCH && !scope_is_simple_catch(b))
                            || (b->kind == BINDING_FUNCTION && !scope_functions_are_vars(s)));
        if (blocks) {
            if (report) scope_report_conflict(a, name, node);
            return true;
        }
        if (s->is_var_scope) return false;
    }
}

static void scope_declare_var(void *context, Identifier *id)
{
    const VarContext *c = context;
    if (scope_var_is_blocked(c->a, c->from, id->name, &id->node, true)) return;
    Scope *s = scope_var_scope(c->from);
    if (!scope_find(s, id->name)) scope_add(c->a, s, id->name, BINDING_VAR, &id->node);
}

/* ---- statements -------------------------------------------------------------------------------------------------- */

static void scope_declare_statement(ScopeAnalysis *a, Scope *s, Node *node);

typedef struct LexicalContext {
    ScopeAnalysis *a;
    Scope         *scope;
    BindingKind    kind;
    uint32_t       initialized_at;
} LexicalContext;

static void scope_declare_lexical_name(void *context, Identifier *id)
{
    const LexicalContext *c = context;
    Binding *b = scope_declare_lexical(c->a, c->scope, id->name, c->kind, &id->node);
    b->initialized_at = c->initialized_at;
}

static void scope_declare_variables_lexically(ScopeAnalysis *a, Scope *s, Variables *v, uint32_t initialized_at)
{
    LexicalContext c = { .a = a, .scope = s, .kind = v->kind == VARIABLE_LET ? BINDING_LET : BINDING_CONST };
    if (v->kind == VARIABLE_USING || v->kind == VARIABLE_AWAIT_USING) s->has_using = true;
    for (uint32_t i = 0; i < v->declarators.count; i++) {
        Declarator *d = (Declarator *)v->declarators.items[i];
        c.initialized_at = initialized_at ? initialized_at : d->node.end;
        scope_each_bound_name(d->target, scope_declare_lexical_name, &c);
    }
}

static void scope_declare_import(ScopeAnalysis *a, Scope *s, Import *import)
{
    for (uint32_t i = 0; i < import->specifiers.count; i++) {
        ImportSpecifier *specifier = (ImportSpecifier *)import->specifiers.items[i];
        specifier->binding = scope_declare_lexical(a, s, specifier->local, BINDING_IMPORT, &specifier->node);
    }
}

/* The lexical names that one statement of a list adds to the list's scope. */
static void scope_declare_lexical_names(ScopeAnalysis *a, Scope *s, Node *node)
{
    if (node->flags & FLAG_DECLARE) return;
    switch (node->kind) {
    case NODE_VARIABLES:
        if (((Variables *)node)->kind != VARIABLE_VAR) scope_declare_variables_lexically(a, s, (Variables *)node, 0);
        break;
    case NODE_FUNCTION_DECLARATION:
        scope_declare_function(a, s, (FunctionDeclaration *)node);
        break;
    case NODE_CLASS_DECLARATION: {
        ClassDeclaration *d = (ClassDeclaration *)node;
        d->binding = scope_declare_lexical(a, s, ((Class *)d->class_node)->name, BINDING_CLASS, d->class_node);
        d->binding->initialized_at = node->end;
        break;
    }
    case NODE_LABELED: {
        Node *body = ((Labeled *)node)->body;
        while (body->kind == NODE_LABELED) body = ((Labeled *)body)->body;
        if (body->kind == NODE_FUNCTION_DECLARATION) scope_declare_function(a, s, (FunctionDeclaration *)body);
        break;
    }
    case NODE_EXPORT_DECLARATION: scope_declare_lexical_names(a, s, ((ExportDeclaration *)node)->declaration); break;
    case NODE_EXPORT_DEFAULT: {
        ExportDefault *e = (ExportDefault *)node;
        Node *value = e->value;
        bool named_function = value->kind == NODE_FUNCTION_DECLARATION && ((Function *)((FunctionDeclaration *)value)->function)->name;
        bool named_class = value->kind == NODE_CLASS_DECLARATION && ((Class *)((ClassDeclaration *)value)->class_node)->name;
        if (named_function || named_class) {
            scope_declare_lexical_names(a, s, value);
            e->binding = value->kind == NODE_FUNCTION_DECLARATION ? ((FunctionDeclaration *)value)->binding
                                                                   : ((ClassDeclaration *)value)->binding;
        } else {
            bool function = value->kind == NODE_FUNCTION_DECLARATION;
            e->binding = scope_add(a, s, names_intern_text(a->names, "*default*"), function ? BINDING_FUNCTION : BINDING_LET, value);
            e->binding->initialized_at = function ? s->start : value->end;
            if (function) e->binding->function_node = value, ((FunctionDeclaration *)value)->binding = e->binding;
        }
        break;
    }
    case NODE_IMPORT:        scope_declare_import(a, s, (Import *)node); break;
    case NODE_IMPORT_EQUALS: {
        ImportEquals *import = (ImportEquals *)node;
        import->binding = scope_declare_lexical(a, s, import->local, BINDING_CONST, node);
        import->binding->initialized_at = node->end;
        break;
    }
    case NODE_ENUM: case NODE_NAMESPACE: {
        Name *name = node->kind == NODE_ENUM ? ((Enum *)node)->name : ((Namespace *)node)->name;
        Binding *b = scope_find(s, name);
        bool merges = b && (b->kind == BINDING_LET || b->kind == BINDING_CLASS || b->kind == BINDING_FUNCTION);
        if (!merges) b = scope_declare_lexical(a, s, name, BINDING_LET, node);
        b->is_assigned = true;
        b->is_captured = true;
        if (!merges) b->initialized_at = node->start;
        if (node->kind == NODE_ENUM) ((Enum *)node)->binding = b;
        else ((Namespace *)node)->binding = b;
        break;
    }
    default: break;
    }
}

static void scope_declare_list(ScopeAnalysis *a, Scope *s, NodeList statements)
{
    for (uint32_t i = 0; i < statements.count; i++) scope_declare_lexical_names(a, s, statements.items[i]);
}

static void scope_declare_statements(ScopeAnalysis *a, Scope *s, NodeList statements)
{
    for (uint32_t i = 0; i < statements.count; i++) scope_declare_statement(a, s, statements.items[i]);
}

static Scope *scope_declare_block(ScopeAnalysis *a, Scope *parent, Node *node, NodeList statements)
{
    Scope *s = scope_new(a, SCOPE_BLOCK, parent, parent->function, node);
    scope_declare_list(a, s, statements);
    scope_declare_statements(a, s, statements);
    return s;
}

static void scope_declare_body_statement(ScopeAnalysis *a, Scope *s, Node *body)
{
    if (body) scope_declare_statement(a, s, body);
}

/* A function as a branch of an if stands in a block of its own (B.3.3). */
static void scope_declare_if_branch(ScopeAnalysis *a, Scope *s, Node **branch)
{
    if ((*branch)->kind == NODE_FUNCTION_DECLARATION) {
        Block *block = (Block *)ast_new(a->arena, NODE_BLOCK, (*branch)->start);
        block->node.end = (*branch)->end;
        block->statements.items = arena_copy(a->arena, branch, sizeof *branch);
        block->statements.count = 1;
        *branch = &block->node;
    }
    scope_declare_statement(a, s, *branch);
}

/* Does `name` name the object of a function's arguments in its variable scope `s`, `there` being what is declared so? */
static bool scope_is_arguments(const Scope *s, const Name *name, const Binding *there)
{
    bool is_body = (s->kind == SCOPE_FUNCTION || s->kind == SCOPE_BODY) && !s->function->is_arrow;
    return is_body && name->word == WORD_ARGUMENTS && !(there && there->kind == BINDING_FUNCTION);
}

/* Annex B.3.2: a plain function in a block of sloppy code is also a var, unless that would conflict. */
static void scope_declare_annex_b(ScopeAnalysis *a, Scope *s, FunctionDeclaration *d)
{
    Function *f = (Function *)d->function;
    if (scope_functions_are_vars(s) || !scope_is_sloppy(s)) return;
    if (f->bits & (FUNCTION_IS_ASYNC | FUNCTION_IS_GENERATOR)) return;
    if (!s->parent || scope_var_is_blocked(a, s->parent, f->name, &f->node, false)) return;
    Scope *var = scope_var_scope(s);
    Binding *there = scope_find(var, f->name);
    if (var->kind == SCOPE_MODULE || scope_is_arguments(var, f->name, there)) return;
    if (there && (there->kind == BINDING_PARAMETER && !(var->kind == SCOPE_BODY))) return;
    if (var->kind == SCOPE_BODY) {
        const Binding *parameter = scope_find(var->parent, f->name);
        if (parameter && parameter->kind == BINDING_PARAMETER) return;
    }
    if (!there) {
        there = scope_add(a, var, f->name, BINDING_VAR, &f->node);
        there->is_annex_b = true;
    }
    there->is_assigned = true;
    d->annex_b = there;
}

static void scope_declare_for(ScopeAnalysis *a, Scope *parent, Node *node, Node *init, Scope **scope, Node *body,
                              uint32_t initialized_at)
{
    Scope *s = parent;
    bool lexical = init && init->kind == NODE_VARIABLES && ((Variables *)init)->kind != VARIABLE_VAR;
    if (lexical) {
        s = *scope = scope_new(a, SCOPE_FOR, parent, parent->function, node);
        scope_declare_variables_lexically(a, s, (Variables *)init, initialized_at);
    } else if (init) {
        scope_declare_statement(a, parent, init);
    }
    scope_declare_body_statement(a, s, body);
}

static void scope_declare_for_each(ScopeAnalysis *a, Scope *parent, ForEach *each)
{
    Scope *s = each->scope = scope_new(a, SCOPE_FOR, parent, parent->function, &each->node);
    LexicalContext c = { .a = a, .scope = s, .kind = BINDING_LET, .initialized_at = each->object->end };
    scope_each_bound_name(each->key, scope_declare_lexical_name, &c);
    scope_each_bound_name(each->value, scope_declare_lexical_name, &c);
    scope_declare_body_statement(a, s, each->body);
}

typedef struct CatchContext {
    ScopeAnalysis *a;
    Scope         *scope;
    uint32_t       initialized_at;
} CatchContext;

static void scope_declare_catch_name(void *context, Identifier *id)
{
    const CatchContext *c = context;
    if (scope_find(c->scope, id->name)) {
        scope_report_conflict(c->a, id->name, &id->node);
        return;
    }
    Binding *b = scope_add(c->a, c->scope, id->name, BINDING_CATCH, &id->node);
    b->initialized_at = c->initialized_at;
}

static void scope_declare_try(ScopeAnalysis *a, Scope *s, Try *t)
{
    scope_declare_statement(a, s, t->block);
    if (t->handler) {
        Catch *clause = (Catch *)t->handler;
        Scope *inner = clause->scope = scope_new(a, SCOPE_CATCH, s, s->function, &clause->node);
        CatchContext c = { a, inner, clause->parameter ? clause->parameter->end : 0 };
        scope_each_bound_name(clause->parameter, scope_declare_catch_name, &c);
        scope_declare_statement(a, inner, clause->body);
    }
    if (t->finalizer) scope_declare_statement(a, s, t->finalizer);
}

static void scope_declare_switch(ScopeAnalysis *a, Scope *parent, Switch *node)
{
    Scope *s = node->scope = scope_new(a, SCOPE_SWITCH, parent, parent->function, &node->node);
    for (uint32_t i = 0; i < node->cases.count; i++) scope_declare_list(a, s, ((Case *)node->cases.items[i])->statements);
    for (uint32_t i = 0; i < node->cases.count; i++) scope_declare_statements(a, s, ((Case *)node->cases.items[i])->statements);
}

static void scope_declare_select(ScopeAnalysis *a, Scope *parent, Select *select)
{
    for (uint32_t i = 0; i < select->cases.count; i++) {
        SelectCase *c = (SelectCase *)select->cases.items[i];
        Scope *s = c->scope = scope_new(a, SCOPE_BLOCK, parent, parent->function, &c->node);
        if (c->target && c->target->kind == NODE_VARIABLES) scope_declare_lexical_names(a, s, c->target);
        scope_declare_list(a, s, c->statements);
        if (c->target && c->target->kind == NODE_VARIABLES) scope_declare_statement(a, s, c->target);
        scope_declare_statements(a, s, c->statements);
    }
}

static void scope_declare_statement(ScopeAnalysis *a, Scope *s, Node *node)
{
    if (scope_is_too_deep(a, node) || (node->flags & FLAG_DECLARE)) return;
    switch (node->kind) {
    case NODE_VARIABLES: {
        const Variables *v = (const Variables *)node;
        VarContext c = { a, s, node };
        if (v->kind != VARIABLE_VAR) break;
        for (uint32_t i = 0; i < v->declarators.count; i++)
            scope_each_bound_name(((Declarator *)v->declarators.items[i])->target, scope_declare_var, &c);
        break;
    }
    case NODE_FUNCTION_DECLARATION: scope_declare_annex_b(a, s, (FunctionDeclaration *)node); break;
    case NODE_BLOCK: ((Block *)node)->scope = scope_declare_block(a, s, node, ((Block *)node)->statements); break;
    case NODE_IF:
        scope_declare_if_branch(a, s, &((If *)node)->consequent);
        if (((If *)node)->alternate) scope_declare_if_branch(a, s, &((If *)node)->alternate);
        break;
    case NODE_FOR:
        scope_declare_for(a, s, node, ((For *)node)->init, &((For *)node)->scope, ((For *)node)->body, 0);
        break;
    case NODE_FOR_IN: {
        ForIn *f = (ForIn *)node;
        scope_declare_for(a, s, node, f->left, &f->scope, f->body, f->right->end);
        break;
    }
    case NODE_FOR_OF: {
        ForOf *f = (ForOf *)node;
        scope_declare_for(a, s, node, f->left, &f->scope, f->body, f->right->end);
        break;
    }
    case NODE_FOR_EACH: scope_declare_for_each(a, s, (ForEach *)node); break;
    case NODE_WHILE:    scope_declare_body_statement(a, s, ((While *)node)->body); break;
    case NODE_DO_WHILE: scope_declare_body_statement(a, s, ((DoWhile *)node)->body); break;
    case NODE_TRY:      scope_declare_try(a, s, (Try *)node); break;
    case NODE_SWITCH:   scope_declare_switch(a, s, (Switch *)node); break;
    case NODE_SELECT:   scope_declare_select(a, s, (Select *)node); break;
    case NODE_LABELED:  scope_declare_statement(a, s, ((Labeled *)node)->body); break;
    case NODE_WITH: {
        With *w = (With *)node;
        w->scope = scope_new(a, SCOPE_WITH, s, s->function, node);
        w->scope->variables = scope_add_hidden(a, w->scope, BINDING_HIDDEN);
        scope_declare_body_statement(a, w->scope, w->body);
        break;
    }
    case NODE_ATOMIC:
        if (((Atomic *)node)->body->kind == NODE_BLOCK) scope_declare_statement(a, s, ((Atomic *)node)->body);
        break;
    case NODE_EXPORT_DECLARATION: scope_declare_statement(a, s, ((ExportDeclaration *)node)->declaration); break;
    default: break;
    }
}

void scope_declare_body(ScopeAnalysis *a, Scope *s, NodeList statements)
{
    scope_declare_list(a, s, statements);
    scope_declare_statements(a, s, statements);
}

void scope_note_assignment(ScopeAnalysis *a, FunctionInfo *f, uint32_t position)
{
    VEC_PUSH_ARENA(a->arena, &f->assignments, position);
    for (uint32_t i = f->assignments.count - 1; i > 0 && f->assignments.items[i - 1] > position; i--) {
        f->assignments.items[i] = f->assignments.items[i - 1];
        f->assignments.items[i - 1] = position;
    }
}

/* ---- the door ----------------------------------------------------------------------------------------- */

bool scope_analyze(ScopeAnalysis *a, Program *program)
{
    uint32_t errors = a->diag->error_count;
    a->program = program;
    resolve_program(a);
    if (a->diag->error_count != errors) return false;
    escape_analyze(a);
    forward_find(a);
    capture_classify(a);
    return true;
}
