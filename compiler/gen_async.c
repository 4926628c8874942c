/* SPDX-License-Identifier: MIT */
/* gen_async.c - code for yield, await, and what must be awaited on the way out of a scope. */
#include "compiler/codegen_int.h"

Slot gen_await(Gen *g, Slot value, Slot dst, uint32_t position)
{
    dst = gen_dst(g, dst);
    gen_position(g, position);
    gen_emit(g, g->info->is_async ? OP_AWAIT : OP_AWAIT_HERE, dst, value);
    return dst;
}

/* ---- yield ------------------------------------------------------------------------------------------------------- */

/* What a resumption asks for: to go on, to throw, or to return. */
static void gen_resumption(Gen *g, Slot value, Slot mode, uint32_t position)
{
    Label next = { .position = -1 }, throws = { .position = -1 };
    gen_jump(g, OP_JUMP_SEQ_INT, &next, mode, 0);
    gen_jump(g, OP_JUMP_SEQ_INT, &throws, mode, 1);
    if (g->info->is_async) gen_await(g, value, value, position);
    gen_return(g, value);
    gen_bind(g, &throws);
    gen_emit(g, OP_THROW, value);
    gen_bind(g, &next);
}

static void gen_call_slot(Gen *g, Slot dst, Slot f, Slot self, Slot argument)
{
    int32_t mark = gen_mark(g);
    uint32_t count = argument != SLOT_ANY;
    Slot window = gen_new_window(g, count);
    gen_move(g, window, self);
    if (count) gen_move(g, window + 1, argument);
    gen_emit(g, OP_CALL, dst, f, window, count, gen_cache(g, NULL));
    gen_release(g, mark);
}

static void gen_throw_type(Gen *g, const char *message)
{
    gen_emit(g, OP_THROW_ERROR, ERROR_TYPE, gen_constant_string(g, names_intern_text(g->c->a->names, message)));
}

/* A method of the iterator, or a jump when there is none. */
static void gen_iterator_method(Gen *g, Slot dst, Slot iterator, const char *name, Label *none)
{
    gen_emit(g, OP_GET_PROP, dst, iterator, gen_cache(g, names_intern_text(g->c->a->names, name)));
    gen_jump(g, OP_JUMP_NULLISH, none, dst, 0);
}

/* Yield inside yield*: hand out `result`, take what comes back. A return of an async generator is awaited first; if
 * that fails it becomes a throw. */
static void gen_delegate_yield(Gen *g, Slot result, Slot received, Slot mode, uint32_t position)
{
    if (!g->info->is_async) {
        gen_emit(g, OP_YIELD_RESULT, result, received, mode);
        return;
    }
    Exit e = { 0 };
    Label done = { .position = -1 };
    int32_t mark = gen_mark(g);
    Slot value = gen_new_register(g);
    gen_emit(g, OP_GET_PROP, value, result, gen_cache(g, names_intern_text(g->c->a->names, "value")));
    gen_emit(g, OP_ASYNC_YIELD, value, received, mode);
    gen_jump(g, OP_JUMP_SNE_INT, &done, mode, 2);
    gen_push_exit(g, &e, EXIT_LABEL);
    gen_open_range(g, &e);
    gen_await(g, received, received, position);
    gen_close_range(g, &e);
    gen_pop_exit(g);
    gen_jump(g, OP_JUMP, &done, 0, 0);
    gen_bind_handlers(g, &e);
    gen_emit(g, OP_CATCH, received);
    gen_load_int(g, mode, 1);
    gen_bind(g, &done);
    gen_release(g, mark);
}

/* yield* (15.5.5). */
static void gen_delegate(Gen *g, Yield *n, Slot dst)
{
    bool is_async = g->info->is_async;
    uint32_t position = n->node.start;
    Label loop = { .position = -1 }, by_throw = { .position = -1 }, by_return = { .position = -1 }, got = { .position = -1 };
    Label no_throw = { .position = -1 }, no_return = { .position = -1 }, done = { .position = -1 }, returned = { .position = -1 };
    int32_t mark = gen_mark(g);
    Slot iterator = gen_new_registers(g, 2), next = iterator - 1;
    Slot received = gen_new_register(g), mode = gen_new_register(g), result = gen_new_register(g), method = gen_new_register(g);
    Slot v = gen_expr(g, n->argument, SLOT_ANY);
    gen_position(g, position);
    gen_emit(g, is_async ? OP_GET_ASYNC_ITERATOR : OP_GET_ITERATOR_OBJECT, iterator, v);
    gen_load_small(g, received, SMALL_UNDEFINED);
    gen_load_int(g, mode, 0);
    gen_bind(g, &loop);
    gen_jump(g, OP_JUMP_SEQ_INT, &by_throw, mode, 1);
    gen_jump(g, OP_JUMP_SEQ_INT, &by_return, mode, 2);
    gen_call_slot(g, result, next, iterator, received);
    gen_jump(g, OP_JUMP, &got, 0, 0);

    gen_bind(g, &by_throw);
    gen_iterator_method(g, method, iterator, "throw", &no_throw);
    gen_call_slot(g, result, method, iterator, received);
    gen_jump(g, OP_JUMP, &got, 0, 0);
    gen_bind(g, &no_throw);
    if (is_async) gen_close_async_iterator(g, iterator, false);
    else gen_emit(g, OP_ITERATOR_CLOSE, iterator, 0);
    gen_throw_type(g, "The iterator does not provide a 'throw' method");

    gen_bind(g, &by_return);
    gen_iterator_method(g, method, iterator, "return", &no_return);
    gen_call_slot(g, result, method, iterator, received);
    if (is_async) gen_await(g, result, result, position);
    gen_jump(g, OP_ITERATOR_UNPACK_DONE, &returned, result, 0);
    gen_delegate_yield(g, result, received, mode, position);
    gen_jump(g, OP_JUMP, &loop, 0, 0);
    gen_bind(g, &returned);
    gen_emit(g, OP_GET_PROP, received, result, gen_cache(g, names_intern_text(g->c->a->names, "value")));
    gen_return(g, received);
    gen_bind(g, &no_return);
    if (is_async) gen_await(g, received, received, position);
    gen_return(g, received);

    gen_bind(g, &got);
    if (is_async) gen_await(g, result, result, position);
    gen_jump(g, OP_ITERATOR_UNPACK_DONE, &done, result, 0);
    gen_delegate_yield(g, result, received, mode, position);
    gen_jump(g, OP_JUMP, &loop, 0, 0);
    gen_bind(g, &done);
    gen_emit(g, OP_GET_PROP, dst, result, gen_cache(g, names_intern_text(g->c->a->names, "value")));
    gen_release(g, mark);
}

Slot gen_yield(Gen *g, Yield *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    if (n->delegate) {
        Slot result = gen_new_register(g);
        gen_delegate(g, n, result);
        gen_move(g, dst, result);
        gen_release(g, mark);
        return dst;
    }
    Slot v, received = gen_new_register(g), mode = gen_new_register(g);
    if (n->argument) v = gen_expr(g, n->argument, SLOT_ANY);
    else gen_load_small(g, v = gen_new_register(g), SMALL_UNDEFINED);
    if (g->info->is_async) v = gen_await(g, v, gen_new_register(g), n->node.start);
    gen_position(g, n->node.start);
    gen_emit(g, g->info->is_async ? OP_ASYNC_YIELD : OP_YIELD, v, received, mode);
    gen_resumption(g, received, mode, n->node.start);
    gen_move(g, dst, received);
    gen_release(g, mark);
    return dst;
}

/* ---- closing async iterators (7.4.13) ---------------------------------------------------------------------------- */

void gen_close_async_iterator(Gen *g, Slot iterator, bool swallow)
{
    Exit e = { 0 };
    Label end = { .position = -1 };
    int32_t mark = gen_mark(g);
    Slot method = gen_new_register(g);
    if (swallow) {
        gen_push_exit(g, &e, EXIT_LABEL);
        gen_open_range(g, &e);
    }
    gen_iterator_method(g, method, iterator, "return", &end);
    gen_call_slot(g, method, method, iterator, SLOT_ANY);
    gen_await(g, method, method, g->last_position);
    if (swallow) {
        gen_close_range(g, &e);
        gen_pop_exit(g);
        gen_jump(g, OP_JUMP, &end, 0, 0);
        gen_bind_handlers(g, &e);
        gen_emit(g, OP_CATCH, method);
    } else {
        gen_emit(g, OP_CHECK_OBJECT, method);
    }
    gen_bind(g, &end);
    gen_release(g, mark);
}

/* ---- using (explicit resource management) ------------------------------------------------------------------------ */

void gen_add_disposable(Gen *g, const Identifier *id, bool is_async)
{
    int32_t mark = gen_mark(g);
    Slot v = gen_load_binding(g, id->binding, SLOT_ANY, UINT32_MAX);
    gen_position(g, id->node.start);
    gen_emit(g, OP_DISPOSE_ADD, g->disposables, v, is_async);
    if (is_async) g->disposes_async = true;
    gen_release(g, mark);
}

typedef struct Disposal {
    Exit *exit;
    Slot  stack;
    bool  is_async;
} Disposal;

/* Dispose of everything, last first. An error replaces how the scope was left; one that comes while another is pending
 * suppresses that. */
static void gen_dispose_all(Gen *g, void *context)
{
    const Disposal *d = context;
    Exit e = { 0 };
    Label step = { .position = -1 }, done = { .position = -1 }, first = { .position = -1 };
    int32_t mark = gen_mark(g);
    Slot result = gen_new_register(g);
    gen_push_exit(g, &e, EXIT_LABEL);
    gen_bind(g, &step);
    gen_open_range(g, &e);
    gen_jump(g, OP_DISPOSE_STEP, &done, result, d->stack);
    if (d->is_async) {
        Label no_wait = { .position = -1 };
        gen_jump(g, OP_JUMP_HOLE, &no_wait, result, 0);
        gen_await(g, result, result, g->last_position);
        gen_bind(g, &no_wait);
        gen_load_small(g, result, SMALL_UNDEFINED);
    }
    gen_close_range(g, &e);
    gen_pop_exit(g);
    gen_jump(g, OP_JUMP, &step, 0, 0);
    gen_bind_handlers(g, &e);
    gen_emit(g, OP_CATCH, result);
    gen_jump(g, OP_JUMP_SNE_INT, &first, d->exit->finally_kind, 1);
    gen_emit(g, OP_DISPOSE_SUPPRESS, result, result, d->exit->finally_value);
    gen_bind(g, &first);
    gen_move(g, d->exit->finally_value, result);
    gen_load_int(g, d->exit->finally_kind, 1);
    gen_jump(g, OP_JUMP, &step, 0, 0);
    gen_bind(g, &done);
    gen_load_small(g, result, SMALL_UNDEFINED);
    gen_release(g, mark);
}

void gen_using(Gen *g, Scope *s, void (*body)(Gen *g, void *context), void *context)
{
    Exit e = { 0 };
    int32_t mark = gen_mark(g);
    Slot outer = g->disposables;
    bool outer_async = g->disposes_async;
    Slot stack = gen_new_register(g);
    gen_push_exit(g, &e, EXIT_FINALLY);
    e.finally_kind = gen_new_register(g);
    e.finally_value = gen_new_register(g);
    gen_emit(g, OP_NEW_ARRAY, stack, stack, 0);
    g->disposables = stack;
    g->disposes_async = false;
    if (s) gen_enter_scope(g, s);
    gen_open_range(g, &e);
    body(g, context);
    gen_close_range(g, &e);
    if (s) gen_leave_scope(g, s);
    gen_pop_exit(g);
    Disposal disposal = { &e, stack, g->disposes_async };
    g->disposables = outer;
    g->disposes_async = outer_async;
    gen_finally(g, &e, gen_dispose_all, &disposal);
    gen_release(g, mark);
}

static void gen_using_statements(Gen *g, void *context)
{
    gen_statements(g, *(NodeList *)context);
}

void gen_using_scope(Gen *g, Scope *s, NodeList statements)
{
    bool entered = s->kind != SCOPE_BLOCK && s->kind != SCOPE_CATCH && s->kind != SCOPE_SWITCH;   // function bodies are
    gen_using(g, entered ? NULL : s, gen_using_statements, &statements);
}

static void gen_using_for_loop(Gen *g, void *context)
{
    For plain = *(For *)context;
    gen_statement(g, plain.init);
    plain.init = NULL;
    plain.scope = NULL;                  // entered already; its names are const
    gen_loop(g, &plain.node);
}

void gen_using_for(Gen *g, For *n)
{
    gen_using(g, n->scope, gen_using_for_loop, n);
}
