/* SPDX-License-Identifier: MIT */
/* resolve_program.c - the top: outer scopes of a direct eval, names of an eval, CommonJS, the order of the passes. */
#include "compiler/resolve_int.h"
#include "vm/bytecode/unit.h"

/* Scopes for what a direct eval was given, names innermost first. An object environment starts a scope of its own, so
 * that names behind it are found to be so. */
static Scope *resolve_outer_scopes(Resolver *r, FunctionInfo *top)
{
    const ScopeOptions *o = &r->a->options;
    Scope *s = NULL;
    for (uint32_t i = o->outer_count; i-- > 0;) {
        const ScopeOuterName *given = &o->outer[i];
        bool is_object = (given->bits & (SCOPE_NAME_WITH | SCOPE_NAME_VARIABLES)) != 0;
        if (!s || is_object) s = scope_new(r->a, SCOPE_OUTER, s, top, NULL);
        Binding *b = scope_add_in_front(r->a, s, BINDING_VAR);
        b->name = given->bits & (SCOPE_NAME_THIS | SCOPE_NAME_NEW_TARGET | SCOPE_NAME_HOME | SCOPE_NAME_CLASS | SCOPE_NAME_FIELDS
                                 | SCOPE_NAME_WITH | SCOPE_NAME_VARIABLES | SCOPE_NAME_PARAMETER_BOUNDARY) ? NULL : given->name;
        b->storage = STORAGE_ENVIRONMENT;
        b->environment_index = i;
        b->scope_bits = given->bits;
        b->is_value = (given->bits & SCOPE_NAME_VALUE) != 0;
        b->is_silent_const = (given->bits & SCOPE_NAME_SILENT_CONST) != 0;
        b->may_be_dead = b->captured_early = (given->bits & SCOPE_NAME_LEXICAL) != 0;
        if (given->bits & (SCOPE_NAME_CONST | SCOPE_NAME_SILENT_CONST)) b->kind = BINDING_CONST;
        if (given->bits & SCOPE_NAME_THIS) b->kind = BINDING_THIS, b->may_be_dead = (o->outer_bits & SCOPE_DERIVED_THIS) != 0;
        if (is_object) s->variables = b;
    }
    return s;
}

/* What a name of sloppy direct eval meets on its way out to the variable scope of the caller (19.2.1.3). */
typedef struct EvalMeeting {
    bool is_blocked;                     // by a lexical name
    bool is_there;                       // as a variable or parameter
} EvalMeeting;

static EvalMeeting resolve_meet(const Scope *s, const Name *name)
{
    EvalMeeting meeting = { false, false };
    for (const Scope *at = s; at; at = at->parent) {
        for (const Binding *o = at->first; o; o = o->next) {
            if (o->scope_bits & SCOPE_NAME_PARAMETER_BOUNDARY) return meeting;
            if (o->name != name || (o->scope_bits & (SCOPE_NAME_SIMPLE_CATCH | SCOPE_NAME_PRIVATE))) continue;
            if (o->scope_bits & SCOPE_NAME_LEXICAL) meeting.is_blocked = true;
            else meeting.is_there = true;
        }
    }
    return meeting;
}

/* The names a sloppy direct eval declares outside of itself. */
static void resolve_eval_names(Resolver *r, Scope *s)
{
    s->names_are_outer = true;
    for (Binding *b = s->first; b; b = b->next) {
        if (b->kind != BINDING_VAR && b->kind != BINDING_FUNCTION) continue;
        EvalMeeting meeting = resolve_meet(s->parent, b->name);
        if (meeting.is_blocked && !b->is_annex_b)
            diag_report(r->a->diag, DIAG_ALREADY_DECLARED, b->node->start, b->node->end, names_text(r->a->names, b->name, 100));
        b->is_dropped = meeting.is_blocked;
        b->is_there = meeting.is_there;
        b->reference = (Identifier *)ast_new(r->a->arena, NODE_IDENTIFIER, b->node->start);
        b->reference->name = b->name;
        resolve_identifier(r, s, b->reference, true);
    }
}

/* The parameters of the function that a CommonJS module's text is the body of. */
static void resolve_declare_commonjs(Resolver *r, Scope *s)
{
    static const char *const names[] = { "exports", "require", "module", "__filename", "__dirname" };
    for (uint32_t i = 0; i < COUNT_OF(names); i++) {
        Binding *b = scope_add(r->a, s, names_intern_text(r->a->names, names[i]), BINDING_PARAMETER, s->node);
        b->initialized_at = 0;
    }
}

static ScopeKind resolve_top_kind(const ScopeAnalysis *a)
{
    if (a->options.is_eval) return SCOPE_EVAL;
    if (a->program->goal == GOAL_MODULE) return SCOPE_MODULE;
    return a->options.is_function_body ? SCOPE_FUNCTION : SCOPE_GLOBAL;
}

void resolve_program(ScopeAnalysis *a)
{
    Resolver r = { .a = a };
    Program *p = a->program;
    FunctionInfo *top = a->top = scope_new_function(a, NULL, &p->node);
    p->info = top;
    top->is_strict = p->strict;
    top->has_use_strict = p->has_use_strict;
    top->is_async = p->has_top_level_await;
    top->is_arrow = a->options.is_direct_eval;
    Scope *outer = a->options.is_direct_eval ? resolve_outer_scopes(&r, top) : NULL;
    top->scope = top->body_scope = p->scope = scope_new(a, resolve_top_kind(a), outer, top, &p->node);
    top->scope->is_var_scope = true;
    if (a->names->words[WORD_EVAL]) {
        EvalSearch search = { a, &p->node };
        for (uint32_t i = 0; i < p->statements.count; i++) resolve_search_eval(&search, p->statements.items[i]);
        if (top->scope->kind == SCOPE_FUNCTION) resolve_prepare_eval(&r, top, &p->node);
    }
    if (a->options.is_function_body) resolve_declare_commonjs(&r, top->scope);
    scope_declare_body(a, top->scope, p->statements);
    if (a->options.is_direct_eval && !top->is_strict) resolve_eval_names(&r, top->scope);
    resolve_list(&r, top->scope, p->statements);
}
