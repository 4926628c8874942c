/* SPDX-License-Identifier: MIT */
/* gen_program.c - code for the top: scripts, the bodies of modules and of CommonJS files, and eval.
 *
 * Function 0 of a unit is the top; of a module, function 1 makes its hoisted functions when it is linked. */
#include "compiler/codegen_int.h"

/* ---- names declared at run time ---------------------------------------------------------------------------------- */

static uint32_t gen_declaration_kind(const Binding *b)
{
    switch (b->kind) {
    case BINDING_FUNCTION: return DECLARE_FUNCTION;
    case BINDING_CONST:    return DECLARE_CONST;
    case BINDING_VAR:      return b->is_annex_b ? DECLARE_ANNEX_B_FUNCTION : DECLARE_VAR;
    default:               return DECLARE_LET;
    }
}

/* Does `b` come to be by name, in the global environment or in the variables of eval's caller? */
static bool gen_is_declared(const Binding *b)
{
    return b->name && b->storage == STORAGE_GLOBAL && !b->is_dropped && !b->is_there;
}

static uint32_t gen_declarations(Gen *g, const Scope *s)
{
    UnitConstant k = { .kind = CONSTANT_DECLARATIONS };
    for (const Binding *b = s->first; b; b = b->next) k.count += gen_is_declared(b);
    k.list = gen_list(g, k.count * 2);
    uint32_t i = 0;
    for (const Binding *b = s->first; b; b = b->next) {
        if (!gen_is_declared(b)) continue;
        k.list[i++] = gen_string(g->c, b->name);
        k.list[i++] = gen_declaration_kind(b);
    }
    return gen_add_constant(g, k);
}

static Slot gen_declared_closure(Gen *g, const Binding *b)
{
    Function *f = (Function *)((FunctionDeclaration *)b->function_node)->function;
    return gen_closure(g, f->info, SLOT_ANY, f->name);
}

static void gen_global_functions(Gen *g, const Scope *s, bool deletable)
{
    for (const Binding *b = s->first; b; b = b->next) {
        if (!b->function_node || b->storage != STORAGE_GLOBAL) continue;
        int32_t mark = gen_mark(g);
        Slot f = gen_declared_closure(g, b);
        if (b->reference && (b->reference->binding || b->reference->scope)) gen_store_reference(g, gen_resolve_name(g, b->reference), f);
        else gen_emit(g, OP_GLOBAL_FUNCTION, gen_constant_string(g, b->name), f, deletable);
        gen_release(g, mark);
    }
}

/* The binding that holds the caller's object for variables of sloppy eval, or NULL. */
static Binding *gen_outer_variables(const Scope *s)
{
    for (s = s->parent; s; s = s->parent)
        if (s->variables && (s->variables->scope_bits & SCOPE_NAME_VARIABLES)) return s->variables;
    return NULL;
}

static void gen_declare_eval(Gen *g, const Scope *s)
{
    int32_t mark = gen_mark(g);
    Binding *variables = gen_outer_variables(s);
    Slot object = gen_new_register(g);
    if (variables) gen_load_binding(g, variables, object, 0);
    else gen_load_small(g, object, SMALL_UNDEFINED);
    gen_emit(g, OP_EVAL_DECLARE, object, gen_declarations(g, s));
    gen_global_functions(g, s, true);
    gen_release(g, mark);
}

/* ---- the top function -------------------------------------------------------------------------------------------- */

static void gen_enter_top(Gen *g)
{
    Scope *s = g->info->scope;
    Slot argument = FRAME_ARGUMENTS;
    s->register_mark = gen_mark(g);
    for (Binding *b = s->first; b; b = b->next) {
        if (b->kind != BINDING_PARAMETER) {
            gen_allocate_binding(g, b);
            continue;
        }
        bool boxed = binding_is_box(b);
        b->slot = argument;
        if (boxed) gen_emit(g, gen_box_opcode(b), b->slot = gen_new_register(g), argument);
        argument++;
    }
    if (s->kind == SCOPE_GLOBAL) {
        gen_emit(g, OP_GLOBAL_DECLARE, gen_declarations(g, s));
        gen_global_functions(g, s, false);
    }
    if (s->kind == SCOPE_EVAL && !g->info->is_strict) gen_declare_eval(g, s);
}

static void gen_top_arguments(Gen *g)
{
    Binding *b = g->info->arguments;
    if (!b || b->scope != g->info->scope || g->info->scope->kind != SCOPE_FUNCTION) return;
    int32_t mark = gen_mark(g);
    Slot v = gen_new_register(g);
    gen_emit(g, OP_ARGUMENTS, v, 0);
    gen_initialize(g, b, v);
    gen_release(g, mark);
}

static void gen_top_statements(Gen *g, NodeList statements)
{
    Scope *s = g->info->scope;
    if (g->c->options->wants_completion) gen_load_small(g, g->completion = gen_new_register(g), SMALL_UNDEFINED);
    if (s->has_using) gen_using_scope(g, s, statements);
    else gen_statements(g, statements);
    int32_t mark = gen_mark(g);
    Slot v = g->completion;
    if (v == SLOT_ANY) gen_load_small(g, v = gen_new_register(g), SMALL_UNDEFINED);
    gen_return(g, v);
    gen_release(g, mark);
}

static void gen_top(Codegen *c, Program *p)
{
    Gen g;
    Exit async = { 0 };
    gen_init(&g, NULL, c, p->info);
    g.flags |= UNIT_IS_TOP;
    if (p->info->scope->kind == SCOPE_MODULE) g.flags |= UNIT_IS_MODULE;
    gen_position(&g, p->statements.count ? p->statements.items[0]->start : 0);
    if (p->info->is_async) {
        gen_emit(&g, OP_ASYNC_START, g.owner);
        gen_push_exit(&g, &async, EXIT_LABEL);
        gen_open_range(&g, &async);
    }
    gen_enter_top(&g);
    gen_variables_object(&g, p->info->scope);
    gen_top_arguments(&g);
    gen_hoist_functions(&g, p->info->scope);
    gen_top_statements(&g, p->statements);
    if (p->info->is_async) gen_async_end(&g, &async);
    uint32_t parameters = p->info->scope->kind == SCOPE_FUNCTION ? 5 : 0;
    gen_finish(&g, NULL, parameters, parameters, p->node.start, p->node.end);
}

/* ---- a module's hoisted functions -------------------------------------------------------------------------------- */

static FunctionInfo *gen_hoister_info(Codegen *c, Program *p)
{
    FunctionInfo *info = ARENA_NEW(c->arena, FunctionInfo);
    info->node = &p->node;
    info->scope = info->body_scope = p->scope;
    info->is_strict = true;
    info->unit_index = 1;
    return info;
}

static void gen_hoister(Codegen *c, Program *p)
{
    Gen g;
    gen_init(&g, NULL, c, gen_hoister_info(c, p));
    g.flags |= UNIT_IS_TOP | UNIT_IS_MODULE;
    for (Binding *b = p->scope->first; b; b = b->next) {
        if (!b->function_node) continue;
        int32_t mark = gen_mark(&g);
        Function *f = (Function *)((FunctionDeclaration *)b->function_node)->function;
        const Name *name = f->name ? f->name : names_intern_text(c->a->names, "default");
        gen_initialize(&g, b, gen_closure(&g, f->info, SLOT_ANY, name));
        gen_release(&g, mark);
    }
    gen_emit(&g, OP_RETURN_UNDEFINED);
    gen_finish(&g, NULL, 0, 0, 0, 0);
}

void gen_program(Codegen *c, Program *p)
{
    bool is_module = p->scope->kind == SCOPE_MODULE;
    for (int i = 0; i <= is_module; i++) VEC_PUSH_ARENA(c->arena, &c->functions, (UnitFunction){ 0 });
    p->info->unit_index = 0;
    if (is_module) gen_hoister(c, p);                    // first: closures are compiled where they are first met
    gen_top(c, p);
    if (is_module) gen_module_tables(c, p);
}
