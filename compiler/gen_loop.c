/* SPDX-License-Identifier: MIT */
/* gen_loop.c - code for loops. The condition stands behind the body, so that an iteration takes one jump. */
#include "compiler/codegen_int.h"

static void gen_loop_head(Gen *g)
{
    gen_emit(g, OP_LOOP, (g->loop_count++) & 0xffff);
}

static void gen_begin_loop(Gen *g, Exit *e)
{
    gen_push_exit(g, e, EXIT_LOOP);
    gen_take_labels(g, e);
}

/* while, and do-while, which runs the body before it first tests. */
static void gen_while(Gen *g, Node *body, Node *test, bool tests_first)
{
    Exit e = { 0 };
    Label start = { .position = -1 };
    gen_begin_loop(g, &e);
    if (tests_first) gen_jump(g, OP_JUMP, &e.continue_label, 0, 0);
    gen_bind(g, &start);
    gen_loop_head(g);
    gen_statement(g, body);
    gen_bind(g, &e.continue_label);
    gen_condition(g, test, &start, &e.break_label, false);
    gen_pop_exit(g);
    gen_bind(g, &e.break_label);
}

static void gen_for(Gen *g, For *n)
{
    Exit e = { 0 };
    Label body = { .position = -1 }, test = { .position = -1 };
    bool has_using = n->scope && n->scope->has_using;
    if (has_using) {
        gen_using_for(g, n);
        return;
    }
    gen_enter_scope(g, n->scope);
    if (n->init && n->init->kind == NODE_VARIABLES) gen_statement(g, n->init);
    else if (n->init) gen_effect(g, n->init);
    gen_begin_loop(g, &e);
    gen_copy_loop_boxes(g, n->scope);
    if (n->test) gen_jump(g, OP_JUMP, &test, 0, 0);
    gen_bind(g, &body);
    gen_loop_head(g);
    gen_statement(g, n->body);
    gen_bind(g, &e.continue_label);
    gen_copy_loop_boxes(g, n->scope);
    if (n->update) gen_effect(g, n->update);
    gen_bind(g, &test);
    if (n->test) gen_condition(g, n->test, &body, &e.break_label, false);
    else gen_jump(g, OP_JUMP, &body, 0, 0);
    gen_pop_exit(g);
    gen_bind(g, &e.break_label);
    gen_leave_scope(g, n->scope);
}

/* ---- for-in, for-of ---------------------------------------------------------------------------------------------- */

/* The right side is evaluated with the loop's names in their dead zone. */
static Slot gen_iterated(Gen *g, Scope *scope, Node *right)
{
    Slot v = gen_new_register(g);
    gen_enter_scope(g, scope);
    gen_expr(g, right, v);
    gen_leave_scope(g, scope);
    return v;
}

/* Give the value of an iteration to what stands left of `in` or `of`. */
static void gen_bind_iteration(Gen *g, Node *left, Slot value)
{
    if (left->kind != NODE_VARIABLES) {
        gen_target(g, left, value, false);
        return;
    }
    Variables *v = (Variables *)left;
    Declarator *d = (Declarator *)v->declarators.items[0];
    gen_target(g, d->target, value, v->kind != VARIABLE_VAR || d->target->kind != NODE_IDENTIFIER);
    if (v->kind == VARIABLE_USING || v->kind == VARIABLE_AWAIT_USING) gen_add_disposable(g, (Identifier *)d->target, v->kind == VARIABLE_AWAIT_USING);
}

static void gen_for_in(Gen *g, ForIn *n)
{
    Exit e = { 0 };
    int32_t mark = gen_mark(g);
    if (n->left->kind == NODE_VARIABLES) {               // Annex B: for (var a = 1 in o)
        Declarator *d = (Declarator *)((Variables *)n->left)->declarators.items[0];
        if (d->initializer) gen_store_name(g, (Identifier *)d->target, gen_expr(g, d->initializer, SLOT_ANY), false);
    }
    Slot o = gen_iterated(g, n->scope, n->right), keys = gen_new_register(g), key = gen_new_register(g);
    gen_position(g, n->right->start);
    gen_emit(g, OP_FOR_IN_START, keys, o);
    gen_begin_loop(g, &e);
    gen_bind(g, &e.continue_label);
    gen_loop_head(g);
    gen_jump(g, OP_FOR_IN_NEXT, &e.break_label, key, keys);
    gen_enter_scope(g, n->scope);
    gen_bind_iteration(g, n->left, key);
    gen_statement(g, n->body);
    gen_leave_scope(g, n->scope);
    gen_jump(g, OP_JUMP, &e.continue_label, 0, 0);
    gen_pop_exit(g);
    gen_bind(g, &e.break_label);
    gen_release(g, mark);
}

typedef struct ForOfBody {
    ForOf *loop;
    Slot   value;
} ForOfBody;

static void gen_for_of_body(Gen *g, void *context)
{
    const ForOfBody *b = context;
    gen_bind_iteration(g, b->loop->left, b->value);
    gen_statement(g, b->loop->body);
}

static void gen_next_value(Gen *g, Slot value, Slot iterator, bool is_async, Label *done, uint32_t position)
{
    gen_position(g, position);
    if (!is_async) {
        gen_jump(g, OP_ITERATOR_NEXT, done, value, iterator);
        return;
    }
    int32_t mark = gen_mark(g);
    Slot result = gen_new_register(g);
    gen_emit(g, OP_ITERATOR_CALL_NEXT, result, iterator);
    gen_await(g, result, result, position);
    gen_jump(g, OP_ITERATOR_UNPACK, done, value, result);
    gen_release(g, mark);
}

/* The end of a loop over an iterator: it is closed on every early way out. break comes by break_label, return and
 * outer jumps close on their way (EXIT_ITERATOR), exceptions of the body come to the handler. Those of the iterator
 * itself close nothing. */
static void gen_end_iteration(Gen *g, Exit *loop, Exit *closing, Label *done)
{
    bool is_async = closing->kind == EXIT_ASYNC_ITERATOR;
    gen_close_range(g, closing);
    gen_pop_exit(g);
    gen_pop_exit(g);
    gen_jump(g, OP_JUMP, &loop->continue_label, 0, 0);
    if (gen_label_is_used(&loop->break_label)) {
        gen_bind(g, &loop->break_label);
        if (is_async) gen_close_async_iterator(g, closing->iterator, false);
        else gen_emit(g, OP_ITERATOR_CLOSE, closing->iterator, 0);
        gen_jump(g, OP_JUMP, done, 0, 0);
    }
    gen_bind_handlers(g, closing);
    Slot exception = gen_new_register(g);
    gen_emit(g, OP_CATCH, exception);
    if (is_async) gen_close_async_iterator(g, closing->iterator, true);
    else gen_emit(g, OP_ITERATOR_CLOSE, closing->iterator, 1);
    gen_emit(g, OP_THROW, exception);
    gen_bind(g, done);
}

static void gen_begin_iteration(Gen *g, Exit *loop, Exit *closing, Slot iterator, bool is_async)
{
    gen_push_exit(g, closing, is_async ? EXIT_ASYNC_ITERATOR : EXIT_ITERATOR);
    closing->iterator = iterator;
    gen_begin_loop(g, loop);
    gen_bind(g, &loop->continue_label);
    gen_loop_head(g);
}

static void gen_for_of(Gen *g, ForOf *n)
{
    Exit loop = { 0 }, closing = { 0 };
    Label done = { .position = -1 };
    int32_t mark = gen_mark(g);
    Slot iterable = gen_iterated(g, n->scope, n->right);
    Slot iterator = gen_new_registers(g, 2), value = gen_new_register(g);
    gen_position(g, n->right->start);
    gen_emit(g, n->await ? OP_GET_ASYNC_ITERATOR : OP_GET_ITERATOR, iterator, iterable);
    gen_begin_iteration(g, &loop, &closing, iterator, n->await);
    gen_next_value(g, value, iterator, n->await, &done, n->right->start);
    gen_open_range(g, &closing);
    ForOfBody body = { n, value };
    if (n->scope && n->scope->has_using) {
        gen_using(g, n->scope, gen_for_of_body, &body);
    } else {
        gen_enter_scope(g, n->scope);
        gen_for_of_body(g, &body);
        gen_leave_scope(g, n->scope);
    }
    gen_end_iteration(g, &loop, &closing, &done);
    gen_release(g, mark);
}

/* for each k, v in o: what is iterable gives its values with their number, a Map its entries, any other object its own
 * keys with what is there. */
static void gen_for_each(Gen *g, ForEach *n)
{
    Exit loop = { 0 }, closing = { 0 };
    Label done = { .position = -1 };
    int32_t mark = gen_mark(g);
    Slot o = gen_new_register(g), iterator = gen_new_registers(g, 3), key = gen_new_register(g), value = gen_new_register(g);
    gen_expr(g, n->object, o);
    gen_position(g, n->object->start);
    gen_emit(g, OP_FOR_EACH_START, iterator, o);
    gen_begin_iteration(g, &loop, &closing, iterator, false);
    gen_next_value(g, value, iterator, false, &done, n->object->start);
    gen_open_range(g, &closing);
    gen_emit(g, OP_FOR_EACH_VALUE, key, value, o, iterator - 2);
    gen_enter_scope(g, n->scope);
    if (n->key) gen_target(g, n->key, key, true);
    gen_target(g, n->value, value, true);
    gen_statement(g, n->body);
    gen_leave_scope(g, n->scope);
    gen_end_iteration(g, &loop, &closing, &done);
    gen_release(g, mark);
}

void gen_loop(Gen *g, Node *node)
{
    switch (node->kind) {
    case NODE_FOR:      gen_for(g, (For *)node); break;
    case NODE_FOR_IN:   gen_for_in(g, (ForIn *)node); break;
    case NODE_FOR_OF:   gen_for_of(g, (ForOf *)node); break;
    case NODE_FOR_EACH: gen_for_each(g, (ForEach *)node); break;
    case NODE_WHILE:    gen_while(g, ((While *)node)->body, ((While *)node)->test, true); break;
    default:            gen_while(g, ((DoWhile *)node)->body, ((DoWhile *)node)->test, false); break;
    }
}
