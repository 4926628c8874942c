/* SPDX-License-Identifier: MIT */
/* gen_stmt.c - code for statements other than loops.
 *
 * Where the completion value is wanted (scripts, eval), g->completion is the register that holds it. */
#include "compiler/codegen_int.h"
#include "compiler/scope_int.h"

void gen_reset_completion(Gen *g)
{
    if (g->completion != SLOT_ANY) gen_load_small(g, g->completion, SMALL_UNDEFINED);
}

void gen_statements(Gen *g, NodeList list)
{
    for (uint32_t i = 0; i < list.count; i++) gen_statement(g, list.items[i]);
}

static void gen_block(Gen *g, Scope *s, NodeList statements)
{
    if (s && s->has_using) {
        gen_using_scope(g, s, statements);
        return;
    }
    gen_enter_scope(g, s);
    gen_statements(g, statements);
    gen_leave_scope(g, s);
}

/* ---- declarations ------------------------------------------------------------------------------------------------ */

/* The register a declared name can be computed in: nothing can read it before (gen_assign.c). */
static Slot gen_declared_slot(Gen *g, const Identifier *id)
{
    const Binding *b = id->binding;
    if (!b || id->scope || !gen_is_local(g, b) || b->may_be_dead) return SLOT_ANY;
    bool lexical = b->kind == BINDING_LET || b->kind == BINDING_CONST;
    return lexical && b->scope->function == g->info ? b->slot : SLOT_ANY;
}

static void gen_declarator(Gen *g, Declarator *d, uint32_t kind)
{
    bool is_var = kind == VARIABLE_VAR;
    int32_t mark = gen_mark(g);
    if (d->target->kind != NODE_IDENTIFIER) {
        Slot v = gen_expr(g, d->initializer, SLOT_ANY);
        gen_pattern(g, d->target, v, true);
        gen_release(g, mark);
        return;
    }
    Identifier *id = (Identifier *)d->target;
    if (!d->initializer) {
        if (is_var) return;
        Slot v = gen_declared_slot(g, id);
        bool direct = v != SLOT_ANY;
        if (!direct) v = gen_new_register(g);
        gen_load_small(g, v, SMALL_UNDEFINED);
        if (!direct) gen_initialize(g, id->binding, v);
    } else if (is_var) {
        NameReference ref = gen_resolve_name(g, id);
        Slot v = SLOT_ANY;
        if (gen_is_anonymous_function(d->initializer)) gen_named(g, d->initializer, v = gen_new_register(g), id->name);
        else if (ref.object == SLOT_ANY) {
            Assign assign = { .node = d->node, .op = TOKEN_ASSIGN, .target = d->target, .value = d->initializer };
            assign.node.kind = NODE_ASSIGN;
            gen_effect(g, &assign.node);
            gen_release(g, mark);
            return;
        } else v = gen_expr(g, d->initializer, SLOT_ANY);
        gen_store_reference(g, ref, v);
    } else {
        Slot v = gen_declared_slot(g, id);
        bool direct = v != SLOT_ANY;
        if (!direct) v = gen_new_register(g);
        gen_named(g, d->initializer, v, id->name);
        if (!direct) gen_initialize(g, id->binding, v);
    }
    gen_release(g, mark);
}

static void gen_variables(Gen *g, Variables *v)
{
    for (uint32_t i = 0; i < v->declarators.count; i++) {
        Declarator *d = (Declarator *)v->declarators.items[i];
        gen_declarator(g, d, v->kind);
        if (v->kind == VARIABLE_USING || v->kind == VARIABLE_AWAIT_USING) gen_add_disposable(g, (Identifier *)d->target, v->kind == VARIABLE_AWAIT_USING);
    }
}

/* Annex B.3.2.1: evaluating a block's function copies it to the var of its name. */
static void gen_function_declaration(Gen *g, FunctionDeclaration *d)
{
    if (!d->annex_b || d->annex_b->is_dropped) return;
    int32_t mark = gen_mark(g);
    Slot f = gen_load_binding(g, d->binding, SLOT_ANY, UINT32_MAX);
    if (d->annex_b->reference) gen_store_reference(g, gen_resolve_name(g, d->annex_b->reference), f);
    else gen_initialize(g, d->annex_b, f);
    gen_release(g, mark);
}

static void gen_class_declaration(Gen *g, ClassDeclaration *d)
{
    int32_t mark = gen_mark(g);
    Class *c = (Class *)d->class_node;
    Slot v = gen_class(g, c, gen_new_register(g), c->name ? c->name : names_intern_text(g->c->a->names, "default"));
    gen_initialize(g, d->binding, v);
    gen_release(g, mark);
}

/* ---- if, switch, labels, jumps ----------------------------------------------------------------------------------- */

static void gen_if(Gen *g, If *n)
{
    Label yes = { .position = -1 }, no = { .position = -1 }, end = { .position = -1 };
    gen_reset_completion(g);
    gen_condition(g, n->test, &yes, &no, true);
    gen_bind(g, &yes);
    gen_statement(g, n->consequent);
    if (n->alternate) {
        gen_jump(g, OP_JUMP, &end, 0, 0);
        gen_bind(g, &no);
        gen_statement(g, n->alternate);
    } else {
        gen_bind(g, &no);
    }
    gen_bind(g, &end);
}

static bool gen_case_int(const Case *c, int32_t *i)
{
    if (!c->test || c->test->kind != NODE_NUMBER) return false;
    double d = ((const NumberLiteral *)c->test)->value;
    *i = (int32_t)d;
    return (double)*i == d && d >= -1e9 && d <= 1e9;
}

/* A table for a switch whose cases are mostly near integers; false when it does not pay. */
static bool gen_switch_table(Gen *g, Switch *n, Slot v)
{
    int32_t least = INT32_MAX, most = INT32_MIN, i;
    uint32_t ints = 0;
    for (uint32_t k = 0; k < n->cases.count; k++) {
        const Case *c = (const Case *)n->cases.items[k];
        if (!c->test) continue;
        if (!gen_case_int(c, &i)) return false;
        ints++;
        if (i < least) least = i;
        if (i > most) most = i;
    }
    if (ints < 4 || (uint32_t)(most - least) > ints * 4 + 16) return false;
    UnitConstant k = { .kind = CONSTANT_JUMP_TABLE, .index = (uint32_t)least, .count = (uint32_t)(most - least) + 1 };
    k.list = gen_list(g, k.count);
    g->switch_table_at = gen_here(g);
    g->switch_table = k.list;
    gen_emit(g, OP_JUMP_TABLE, v, gen_add_constant(g, k));
    return true;
}

static void gen_fill_switch_table(Switch *n, uint32_t *table, uint32_t at, int32_t least, const Label *labels)
{
    int32_t i;
    for (uint32_t k = n->cases.count; k-- > 0;)          // of equal cases the first counts
        if (gen_case_int((const Case *)n->cases.items[k], &i)) table[i - least] = (uint32_t)labels[k].position - at;
}

static int32_t gen_least_case(const Switch *n)
{
    int32_t least = INT32_MAX, i;
    for (uint32_t k = 0; k < n->cases.count; k++)
        if (gen_case_int((const Case *)n->cases.items[k], &i) && i < least) least = i;
    return least;
}

static void gen_switch(Gen *g, Switch *n)
{
    Exit e = { 0 };
    Label *labels = ARENA_ARRAY(g->c->arena, Label, n->cases.count + 1);
    for (uint32_t i = 0; i <= n->cases.count; i++) labels[i].position = -1;
    gen_reset_completion(g);
    int32_t mark = gen_mark(g);
    Slot v = gen_expr(g, n->discriminant, gen_new_register(g));
    gen_push_exit(g, &e, EXIT_SWITCH);
    gen_take_labels(g, &e);
    gen_enter_scope(g, n->scope);
    bool table = gen_switch_table(g, n, v);
    uint32_t *list = g->switch_table, at = g->switch_table_at;
    uint32_t otherwise = n->cases.count;
    for (uint32_t i = 0; i < n->cases.count; i++) {
        Case *c = (Case *)n->cases.items[i];
        if (!c->test) otherwise = i;
        if (!c->test || table) continue;
        int32_t case_mark = gen_mark(g);
        Slot test = gen_expr(g, c->test, SLOT_ANY);
        gen_jump(g, OP_JUMP_SEQ, &labels[i], v, test);
        gen_release(g, case_mark);
    }
    gen_jump(g, OP_JUMP, &labels[otherwise], 0, 0);
    for (uint32_t i = 0; i < n->cases.count; i++) {
        gen_bind(g, &labels[i]);
        gen_statements(g, ((Case *)n->cases.items[i])->statements);
    }
    gen_bind(g, &labels[n->cases.count]);
    if (table) gen_fill_switch_table(n, list, at, gen_least_case(n), labels);
    gen_leave_scope(g, n->scope);
    gen_pop_exit(g);
    gen_bind(g, &e.break_label);
    gen_release(g, mark);
}

/* The labels in front of a loop or switch are its own. */
void gen_take_labels(Gen *g, Exit *e)
{
    for (uint32_t i = 0; i < g->pending_labels.count; i++) VEC_PUSH_ARENA(g->c->arena, &e->labels, g->pending_labels.items[i]);
    g->pending_labels.count = 0;
}

static bool gen_takes_labels(const Node *body)
{
    switch (body->kind) {
    case NODE_FOR: case NODE_FOR_IN: case NODE_FOR_OF: case NODE_FOR_EACH: case NODE_WHILE: case NODE_DO_WHILE: case NODE_SWITCH:
    case NODE_SELECT: case NODE_LABELED:
        return true;
    default:
        return false;
    }
}

static void gen_labeled(Gen *g, Labeled *n)
{
    VEC_PUSH_ARENA(g->c->arena, &g->pending_labels, n->label);
    if (gen_takes_labels(n->body)) {
        gen_statement(g, n->body);
        g->pending_labels.count = 0;
        return;
    }
    Exit e = { 0 };
    gen_push_exit(g, &e, EXIT_LABEL);
    gen_take_labels(g, &e);
    gen_statement(g, n->body);
    gen_pop_exit(g);
    gen_bind(g, &e.break_label);
}

static bool gen_has_label(const Exit *e, const Name *label)
{
    for (uint32_t i = 0; i < e->labels.count; i++)
        if (e->labels.items[i] == label) return true;
    return false;
}

static bool gen_is_breakable(const Exit *e)
{
    return e->kind == EXIT_LOOP || e->kind == EXIT_SWITCH;
}

/* The construct a break or continue names: by label, or the innermost but `levels`. */
static Exit *gen_find_exit(Gen *g, const Name *label, uint32_t levels, bool is_continue)
{
    Exit *found = NULL;
    for (Exit *e = g->exits; e; e = e->outer) {
        bool candidate = label ? gen_has_label(e, label) : gen_is_breakable(e);
        if (!candidate) continue;
        if (label && is_continue && e->kind != EXIT_LOOP) continue;
        found = e;
        if (label) return found;
        if (levels > 0) {
            levels--;
            continue;
        }
        if (is_continue && e->kind != EXIT_LOOP) continue;
        return found;
    }
    return found;
}

/* ---- try --------------------------------------------------------------------------------------------------------- */

static void gen_catch(Gen *g, Catch *clause)
{
    int32_t mark = gen_mark(g);
    Slot exception = gen_new_register(g);
    gen_emit(g, OP_CATCH, exception);
    gen_enter_scope(g, clause->scope);
    if (clause->parameter) gen_target(g, clause->parameter, exception, true);
    gen_statement(g, clause->body);
    gen_leave_scope(g, clause->scope);
    gen_release(g, mark);
}

/* try with catch but no finally. */
static void gen_try_catch(Gen *g, Try *n)
{
    Exit e = { 0 };
    Label end = { .position = -1 };
    gen_push_exit(g, &e, EXIT_LABEL);
    gen_open_range(g, &e);
    gen_statement(g, n->block);
    gen_close_range(g, &e);
    gen_pop_exit(g);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind_handlers(g, &e);
    gen_reset_completion(g);
    gen_catch(g, (Catch *)n->handler);
    gen_bind(g, &end);
}

/* A finally block's own completion value counts only when it leaves early. */
static void gen_finalizer(Gen *g, void *context)
{
    int32_t mark = gen_mark(g);
    Slot kept = SLOT_ANY;
    if (g->completion != SLOT_ANY) gen_move(g, kept = gen_new_register(g), g->completion);
    gen_reset_completion(g);
    gen_statement(g, context);
    if (kept != SLOT_ANY) gen_move(g, g->completion, kept);
    gen_release(g, mark);
}

static void gen_try(Gen *g, Try *n)
{
    gen_reset_completion(g);
    if (!n->finalizer) {
        gen_try_catch(g, n);
        return;
    }
    Exit e = { 0 };
    int32_t mark = gen_mark(g);
    gen_push_exit(g, &e, EXIT_FINALLY);
    e.finally_kind = gen_new_register(g);
    e.finally_value = gen_new_register(g);
    gen_open_range(g, &e);
    if (n->handler) gen_try_catch(g, n);
    else gen_statement(g, n->block);
    gen_close_range(g, &e);
    gen_pop_exit(g);
    gen_finally(g, &e, gen_finalizer, n->finalizer);
    gen_release(g, mark);
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static void gen_return_statement(Gen *g, Return *n)
{
    int32_t mark = gen_mark(g);
    Slot v;
    if (n->argument) v = gen_expr(g, n->argument, SLOT_ANY);
    else gen_load_small(g, v = gen_new_register(g), SMALL_UNDEFINED);
    if (n->argument && g->info->is_async && g->info->is_generator) v = gen_await(g, v, gen_new_register(g), n->node.start);
    gen_position(g, n->node.start);
    gen_return(g, v);
    gen_release(g, mark);
}

static void gen_with(Gen *g, With *n)
{
    int32_t mark = gen_mark(g);
    gen_reset_completion(g);
    Slot o = gen_expr(g, n->object, SLOT_ANY), object = gen_new_register(g);
    gen_position(g, n->object->start);
    gen_emit(g, OP_TO_OBJECT, object, o);
    gen_enter_scope(g, n->scope);
    gen_initialize(g, n->scope->variables, object);
    gen_statement(g, n->body);
    gen_leave_scope(g, n->scope);
    gen_release(g, mark);
}

static void gen_throw(Gen *g, Throw *n)
{
    int32_t mark = gen_mark(g);
    Slot v = gen_expr(g, n->argument, SLOT_ANY);
    gen_position(g, n->node.start);
    gen_emit(g, OP_THROW, v);
    gen_release(g, mark);
}

static void gen_expression_statement(Gen *g, ExpressionStatement *n)
{
    if (g->completion != SLOT_ANY) {
        int32_t mark = gen_mark(g);
        gen_move(g, g->completion, gen_expr(g, n->expression, SLOT_ANY));
        gen_release(g, mark);
    } else {
        gen_effect(g, n->expression);
    }
}

/* print a, b: console.log of them, as a call of the library's own. */
static void gen_print(Gen *g, Print *n)
{
    int32_t mark = gen_mark(g);
    Identifier console = { .node = n->node, .name = names_intern_text(g->c->a->names, "console") };
    Member member = { .node = n->node, .object = &console.node, .name = names_intern_text(g->c->a->names, "log") };
    Call call = { .node = n->node, .callee = &member.node, .arguments = n->arguments };
    console.node.kind = NODE_IDENTIFIER;
    member.node.kind = NODE_MEMBER;
    call.node.kind = NODE_CALL;
    gen_expr(g, &call.node, SLOT_ANY);
    gen_release(g, mark);
}

static void gen_break_statement(Gen *g, const Name *label, uint32_t levels)
{
    gen_break(g, gen_find_exit(g, label, levels, false));
}

static void gen_export_default(Gen *g, ExportDefault *n)
{
    if (n->value->kind == NODE_FUNCTION_DECLARATION) return;
    if (n->value->kind == NODE_CLASS_DECLARATION && ((Class *)((ClassDeclaration *)n->value)->class_node)->name) {
        gen_statement(g, n->value);
        return;
    }
    int32_t mark = gen_mark(g);
    Slot v = gen_new_register(g);
    const Name *name = names_intern_text(g->c->a->names, "default");
    if (n->value->kind == NODE_CLASS_DECLARATION) gen_class(g, (Class *)((ClassDeclaration *)n->value)->class_node, v, name);
    else gen_named(g, n->value, v, name);
    gen_initialize(g, n->binding, v);
    gen_release(g, mark);
}

void gen_statement(Gen *g, Node *node)
{
    if (scope_is_too_deep(g->c->a, node)) {
        g->c->failed = true;
        return;
    }
    if (node->flags & FLAG_DECLARE) return;
    switch (node->kind) {
    case NODE_VARIABLES:            gen_variables(g, (Variables *)node); break;
    case NODE_FUNCTION_DECLARATION: gen_function_declaration(g, (FunctionDeclaration *)node); break;
    case NODE_CLASS_DECLARATION:    gen_class_declaration(g, (ClassDeclaration *)node); break;
    case NODE_EXPRESSION_STATEMENT: gen_expression_statement(g, (ExpressionStatement *)node); break;
    case NODE_BLOCK:                gen_block(g, ((Block *)node)->scope, ((Block *)node)->statements); break;
    case NODE_EMPTY: case NODE_DEBUGGER: case NODE_IMPORT: case NODE_EXPORT_ALL: case NODE_EXPORT_NAMED: break;
    case NODE_IF:                   gen_if(g, (If *)node); break;
    case NODE_FOR: case NODE_FOR_IN: case NODE_FOR_OF: case NODE_FOR_EACH: case NODE_WHILE: case NODE_DO_WHILE:
        gen_reset_completion(g);
        gen_loop(g, node);
        break;
    case NODE_RETURN:               gen_return_statement(g, (Return *)node); break;
    case NODE_BREAK:                gen_break_statement(g, ((Break *)node)->label, ((Break *)node)->levels); break;
    case NODE_CONTINUE:
        gen_continue(g, gen_find_exit(g, ((Continue *)node)->label, ((Continue *)node)->levels, true));
        break;
    case NODE_THROW:                gen_throw(g, (Throw *)node); break;
    case NODE_TRY:                  gen_try(g, (Try *)node); break;
    case NODE_SWITCH:               gen_switch(g, (Switch *)node); break;
    case NODE_LABELED:              gen_labeled(g, (Labeled *)node); break;
    case NODE_WITH:                 gen_with(g, (With *)node); break;
    case NODE_EXPORT_DECLARATION:   gen_export_declaration(g, ((ExportDeclaration *)node)->declaration); break;
    case NODE_EXPORT_DEFAULT:       gen_export_default(g, (ExportDefault *)node); break;
    case NODE_IMPORT_EQUALS:        gen_import_equals(g, (ImportEquals *)node); break;
    case NODE_EXPORT_ASSIGN:        gen_export_assign(g, (ExportAssign *)node); break;
    case NODE_ENUM:                 gen_enum(g, (Enum *)node); break;
    case NODE_NAMESPACE:            gen_namespace(g, (Namespace *)node); break;
    case NODE_PRINT:                gen_print(g, (Print *)node); break;
    case NODE_SELECT:               gen_select(g, (Select *)node); break;
    case NODE_ATOMIC:               gen_atomic(g, (Atomic *)node); break;
    case NODE_FREE:                 gen_error(g, DIAG_NOT_YET, node, "free"); break;
    default:                        gen_effect(g, node); break;
    }
}
