/* SPDX-License-Identifier: MIT */
/* Where each binding lives, and what goroutines may reach.
 *
 * A binding that closures capture needs a box only if it may change, or may be read, after a closure was made: else
 * the closure takes the value (STORAGE_VALUE), which is one load instead of two and shares nothing. This is decided
 * here from what resolve.c noted. Boxes that a goroutine's closure may reach are marked, so that code generation can
 * make them where sharing costs least; the store barrier, not this analysis, is what keeps private and shared apart. */
#include "compiler/scope_int.h"
#include "vm/bytecode/unit.h"

static bool capture_is_pseudo(const Binding *b)
{
    return b->kind == BINDING_NEW_TARGET || b->kind == BINDING_CALLEE || b->kind == BINDING_HOME || b->kind == BINDING_SELF;
}

static Storage capture_storage(const Binding *b)
{
    const Scope *s = b->scope;
    if (b->is_apart) return STORAGE_FIELDS;
    if (s->kind == SCOPE_OUTER) return STORAGE_ENVIRONMENT;
    if (s->kind == SCOPE_GLOBAL && b->name && b->kind != BINDING_HIDDEN) return STORAGE_GLOBAL;
    if (s->kind == SCOPE_EVAL && !s->function->is_strict && (b->kind == BINDING_VAR || b->kind == BINDING_FUNCTION))
        return STORAGE_GLOBAL;           // by name, in the caller's variables or the global object
    bool hoister_needs = b->is_captured && b->captured_early;      // functions of modules are made before the body runs
    if (s->kind == SCOPE_MODULE && b->name && (b->is_exported || b->kind == BINDING_IMPORT || b->kind == BINDING_FUNCTION || hoister_needs))
        return STORAGE_ENVIRONMENT;
    if (!b->is_captured) return STORAGE_REGISTER;
    if (capture_is_pseudo(b) && !b->captured_early) return STORAGE_VALUE;
    return b->is_assigned || b->captured_early ? STORAGE_BOX : STORAGE_VALUE;
}

/* ---- goroutines -------------------------------------------------------------------------------------------------- */

static void capture_spawn(FunctionInfo *f)
{
    f->is_spawned = true;
}

/* The function that a name always holds, if that is known. */
static FunctionInfo *capture_known_function(const Node *callee)
{
    if (callee->kind != NODE_IDENTIFIER) return NULL;
    const Binding *b = ((const Identifier *)callee)->binding;
    if (!b || b->is_assigned || b->is_forced) return NULL;
    if (b->kind == BINDING_FUNCTION && b->function_node)
        return ((Function *)((FunctionDeclaration *)b->function_node)->function)->info;
    return b->value_function ? ((Function *)b->value_function)->info : NULL;
}

static void capture_spawn_operand(Node *operand)
{
    if (operand->kind == NODE_AWAIT) operand = ((Await *)operand)->argument;
    Node *callee = operand->kind == NODE_CALL ? ((Call *)operand)->callee : operand;
    if (callee->kind == NODE_FUNCTION) {
        capture_spawn(((Function *)callee)->info);
        return;
    }
    FunctionInfo *f = capture_known_function(callee);
    if (f) capture_spawn(f);
}

bool capture_runs_in_goroutine(const FunctionInfo *f, const FunctionInfo *owner)
{
    for (; f && f != owner; f = f->parent)
        if (f->is_spawned) return true;
    return false;
}

typedef void CaptureVisit(void *context, Binding *b);

static void capture_visit(CaptureVisit *visit, void *context, Binding *b)
{
    if (b) visit(context, b->object ? b->object : b);
}

void capture_each_use(const Node *node, CaptureVisit *visit, void *context)
{
    switch (node->kind) {
    case NODE_IDENTIFIER: capture_visit(visit, context, ((const Identifier *)node)->binding); break;
    case NODE_THIS:       capture_visit(visit, context, ((const ThisExpression *)node)->binding); break;
    case NODE_NEW_TARGET: capture_visit(visit, context, ((const NewTarget *)node)->binding); break;
    case NODE_SUPER:      capture_visit(visit, context, ((const SuperKeyword *)node)->this_binding); break;
    case NODE_SUPER_CALL:
        capture_visit(visit, context, ((const SuperCall *)node)->this_binding);
        capture_visit(visit, context, ((const SuperCall *)node)->new_target);
        break;
    case NODE_CALL:
        for (const Scope *s = ((const Call *)node)->scope; s; s = s->parent)
            for (Binding *b = s->first; b; b = b->next) capture_visit(visit, context, b);
        break;
    default: break;
    }
}

typedef struct CaptureWalk {
    ScopeAnalysis *a;
    FunctionInfo  *function;
} CaptureWalk;

/* A loop's variable that is made by assignment, in a goroutine: the next goroutine's loop assigns the same one. */
static void capture_warn_of_global(const CaptureWalk *w, const Node *target)
{
    if (!target || target->kind != NODE_IDENTIFIER || ((const Identifier *)target)->binding) return;
    if (!capture_runs_in_goroutine(w->function, w->a->top)) return;
    const char *name = names_text(w->a->names, ((const Identifier *)target)->name, 100);
    diag_report(w->a->diag, DIAG_LOOP_GLOBAL, target->start, target->end, name);
}

static void capture_check_loop(const CaptureWalk *w, const Node *node)
{
    if (node->kind == NODE_FOR_OF) capture_warn_of_global(w, ((const ForOf *)node)->left);
    if (node->kind == NODE_FOR_IN) capture_warn_of_global(w, ((const ForIn *)node)->left);
    if (node->kind == NODE_FOR_EACH) {
        capture_warn_of_global(w, ((const ForEach *)node)->key);
        capture_warn_of_global(w, ((const ForEach *)node)->value);
    }
    if (node->kind != NODE_FOR) return;
    const Node *init = ((const For *)node)->init;
    if (init && init->kind == NODE_ASSIGN) capture_warn_of_global(w, ((const Assign *)init)->target);
}

const FunctionInfo *capture_owner(const Binding *b)
{
    return b->kind == BINDING_SELF ? ((const Function *)b->node)->info : b->scope->function;
}

static void capture_note_use(void *context, Binding *b)
{
    const CaptureWalk *w = context;
    if (capture_runs_in_goroutine(w->function, capture_owner(b))) b->captured_by_go = true;
}

static void capture_note_goroutine(void *context, Node *node)
{
    CaptureWalk inner = *(CaptureWalk *)context;
    while (node->kind == NODE_BINARY) {
        capture_note_goroutine(&inner, ((Binary *)node)->right);
        node = ((Binary *)node)->left;
    }
    if (node->kind == NODE_FUNCTION && ((Function *)node)->info) inner.function = ((Function *)node)->info;
    capture_check_loop(&inner, node);
    capture_each_use(node, capture_note_use, &inner);
    ast_each_child(node, capture_note_goroutine, &inner);
}

/* ---- all bindings ------------------------------------------------------------------------------------------------ */

typedef struct ScopeWalk {
    void (*visit)(void *context, Scope *s);
    void  *context;
} ScopeWalk;

static Scope *capture_scope_of(Node *node)
{
    switch (node->kind) {
    case NODE_BLOCK:    return ((Block *)node)->scope;
    case NODE_FOR:      return ((For *)node)->scope;
    case NODE_FOR_IN:   return ((ForIn *)node)->scope;
    case NODE_FOR_OF:   return ((ForOf *)node)->scope;
    case NODE_FOR_EACH: return ((ForEach *)node)->scope;
    case NODE_CATCH:    return ((Catch *)node)->scope;
    case NODE_SWITCH:   return ((Switch *)node)->scope;
    case NODE_WITH:     return ((With *)node)->scope;
    case NODE_CLASS:    return ((Class *)node)->scope;
    case NODE_OBJECT:   return ((ObjectLiteral *)node)->scope;
    case NODE_FUNCTION: return ((Function *)node)->scope;
    case NODE_FUNCTION_BODY: return ((FunctionBody *)node)->scope;
    case NODE_SELECT_CASE: return ((SelectCase *)node)->scope;
    case NODE_ENUM:     return ((Enum *)node)->scope;
    case NODE_NAMESPACE: return ((Namespace *)node)->scope;
    case NODE_PROGRAM:  return ((Program *)node)->scope;
    default:            return NULL;
    }
}

/* Visit the scopes in and below `node`; a scope that hangs between two nodes' ones is reached from the inner one. */
static void capture_walk(void *context, Node *node)
{
    const ScopeWalk *w = context;
    while (node->kind == NODE_BINARY) {
        capture_walk(context, ((Binary *)node)->right);
        node = ((Binary *)node)->left;
    }
    Scope *s = capture_scope_of(node);
    if (s) {
        if (node->kind == NODE_FUNCTION && s->parent && s->parent->kind == SCOPE_SELF) w->visit(w->context, s->parent);
        if (!(node->kind == NODE_FUNCTION_BODY && s->kind == SCOPE_FUNCTION)) w->visit(w->context, s);
        if (s->fields_function) w->visit(w->context, s->fields_function->scope);
        if (s->static_function) w->visit(w->context, s->static_function->scope);
    }
    ast_each_child(node, capture_walk, context);
}

void capture_each_scope(Node *node, void (*visit)(void *context, Scope *s), void *context)
{
    capture_walk(&(ScopeWalk){ visit, context }, node);
}

static void capture_classify_scope(void *context, Scope *s)
{
    ScopeAnalysis *a = context;
    for (Binding *b = s->first; b; b = b->next) {
        if (b->kind == BINDING_MEMBER) continue;
        b->storage = (uint8_t)capture_storage(b);
        if (b->storage == STORAGE_BOX && b->captured_by_go) b->storage = STORAGE_SHARED_BOX;
        if (b->storage == STORAGE_ENVIRONMENT && s->kind == SCOPE_MODULE) {
            b->environment_index = a->environment.count;
            VEC_PUSH_ARENA(a->arena, &a->environment, b);
        }
    }
}

/* A sloppy function's arguments object shares boxes with its parameters. */
static bool capture_maps_arguments(const FunctionInfo *f)
{
    if (!f->arguments || f->makes_no_arguments || f->is_strict || f->node->kind != NODE_FUNCTION) return false;
    return (((const Function *)f->node)->bits & FUNCTION_HAS_SIMPLE_PARAMETERS) != 0;
}

static void capture_map_arguments(ScopeAnalysis *a)
{
    for (uint32_t i = 0; i < a->functions.count; i++) {
        const FunctionInfo *f = a->functions.items[i];
        if (!capture_maps_arguments(f)) continue;
        for (Binding *b = f->scope->first; b; b = b->next)
            if (b->kind == BINDING_PARAMETER && b->name) b->is_captured = b->is_assigned = true;
    }
}

void capture_classify(ScopeAnalysis *a)
{
    Node *program = &a->program->node;
    for (uint32_t i = 0; i < a->spawns.count; i++) capture_spawn_operand(((Go *)a->spawns.items[i])->operand);
    if (a->spawns.count) capture_note_goroutine(&(CaptureWalk){ a, a->top }, program);
    capture_map_arguments(a);
    capture_each_scope(program, capture_classify_scope, a);
}
