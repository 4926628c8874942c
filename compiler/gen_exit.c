/* SPDX-License-Identifier: MIT */
/* gen_exit.c - ways out: exception handlers, break, continue, return, and what runs on the way.
 *
 * A finally block is generated once. Before control reaches it, two registers say why: `kind` 0 to go on behind it, 1
 * to throw `value` again, 2 + i to take pending exit i. */
#include "compiler/codegen_int.h"

enum { PENDING_BREAK, PENDING_CONTINUE, PENDING_RETURN };
enum { FINALLY_GOES_ON, FINALLY_THROWS, FINALLY_FIRST_PENDING };

void gen_push_exit(Gen *g, Exit *e, ExitKind kind)
{
    e->kind = kind;
    e->outer = g->exits;
    e->break_label.position = e->continue_label.position = e->finally_label.position = -1;
    e->range_start = UINT32_MAX;
    e->done = SLOT_ANY;
    g->exits = e;
}

void gen_pop_exit(Gen *g)
{
    g->exits = g->exits->outer;
}

void gen_open_range(Gen *g, Exit *e)
{
    e->range_start = gen_here(g);
}

void gen_close_range(Gen *g, Exit *e)
{
    if (e->range_start == UINT32_MAX) return;
    Range range = { e->range_start, gen_here(g) };
    if (range.start < range.end) VEC_PUSH_ARENA(g->c->arena, &e->ranges, range);
    e->range_start = UINT32_MAX;
}

void gen_bind_handlers(Gen *g, Exit *e)
{
    for (uint32_t i = 0; i < e->ranges.count; i++) {
        UnitHandler handler = { e->ranges.items[i].start, e->ranges.items[i].end, gen_here(g) };
        VEC_PUSH_ARENA(g->c->arena, &g->handlers, handler);
    }
}

/* ---- leaving ----------------------------------------------------------------------------------------------------- */

static void gen_close_iterator(Gen *g, const Exit *e)
{
    Label closed = { .position = -1 };
    if (e->done != SLOT_ANY) gen_jump(g, OP_JUMP_TRUE, &closed, e->done, 0);
    gen_emit(g, OP_ITERATOR_CLOSE, e->iterator, 0);
    gen_bind(g, &closed);
}

static int32_t gen_add_pending(Gen *g, Exit *e, int kind, Exit *target)
{
    for (uint32_t i = 0; i < e->pending.count; i++)
        if (e->pending.items[i].kind == kind && e->pending.items[i].target == target) return (int32_t)i;
    PendingExit pending = { (uint8_t)kind, target };
    VEC_PUSH_ARENA(g->c->arena, &e->pending, pending);
    return (int32_t)e->pending.count - 1;
}

static void gen_final_return(Gen *g, Slot value)
{
    const FunctionInfo *info = g->info;
    if (info->is_async && info->is_generator) gen_emit(g, OP_ASYNC_GENERATOR_RETURN, value);
    else if (info->is_async) gen_emit(g, OP_ASYNC_RETURN, g->owner, value);
    else if (info->is_derived) {
        int32_t mark = gen_mark(g);
        Slot self = info->this_binding ? SLOT_ANY : FRAME_THIS;
        bool boxed = info->this_binding && binding_is_box(info->this_binding);
        if (boxed) gen_emit(g, OP_BOX_GET, self = gen_new_register(g), info->this_binding->slot);
        gen_emit(g, OP_RETURN_DERIVED, value, self == SLOT_ANY ? FRAME_THIS : self);
        gen_release(g, mark);
    } else {
        gen_emit(g, OP_RETURN, value);
    }
}

/* Leave all exits inside `target` (NULL: the function). What is emitted on the way belongs to no left construct. */
static void gen_leave(Gen *g, int kind, Exit *target, Slot value)
{
    Exit *saved = g->exits, *e = saved, *stopped_at = NULL;
    for (; e != target; e = e->outer) {
        bool covers = e->range_start != UINT32_MAX;
        gen_close_range(g, e);
        if (covers) e->range_start = UINT32_MAX - 1;     // to be opened again
        g->exits = e->outer;
        if (e->kind == EXIT_ITERATOR) gen_close_iterator(g, e);
        if (e->kind == EXIT_ASYNC_ITERATOR) gen_close_async_iterator(g, e->iterator, false);
        if (e->kind == EXIT_FINALLY) {
            if (kind == PENDING_RETURN) gen_move(g, e->finally_value, value);
            gen_load_int(g, e->finally_kind, FINALLY_FIRST_PENDING + gen_add_pending(g, e, kind, target));
            gen_jump(g, OP_JUMP, &e->finally_label, 0, 0);
            stopped_at = e;
            break;
        }
    }
    if (!stopped_at) {
        if (kind == PENDING_RETURN) gen_final_return(g, value);
        else gen_jump(g, OP_JUMP, kind == PENDING_BREAK ? &target->break_label : &target->continue_label, 0, 0);
    }
    g->exits = saved;
    for (e = saved; e != target; e = e->outer) {
        if (e->range_start == UINT32_MAX - 1) gen_open_range(g, e);
        if (e == stopped_at) break;
    }
}

void gen_break(Gen *g, Exit *target)
{
    gen_leave(g, PENDING_BREAK, target, SLOT_ANY);
}

void gen_continue(Gen *g, Exit *target)
{
    gen_leave(g, PENDING_CONTINUE, target, SLOT_ANY);
}

void gen_return(Gen *g, Slot value)
{
    gen_leave(g, PENDING_RETURN, NULL, value);
}

/* ---- finally ----------------------------------------------------------------------------------------------------- */

void gen_finally(Gen *g, Exit *e, void (*emit)(Gen *g, void *context), void *context)
{
    gen_load_int(g, e->finally_kind, FINALLY_GOES_ON);
    gen_jump(g, OP_JUMP, &e->finally_label, 0, 0);
    gen_bind_handlers(g, e);
    gen_emit(g, OP_CATCH, e->finally_value);
    gen_load_int(g, e->finally_kind, FINALLY_THROWS);
    gen_bind(g, &e->finally_label);
    emit(g, context);
    Label goes_on = { .position = -1 }, no_throw = { .position = -1 };
    gen_jump(g, OP_JUMP_SEQ_INT, &goes_on, e->finally_kind, FINALLY_GOES_ON);
    gen_jump(g, OP_JUMP_SNE_INT, &no_throw, e->finally_kind, FINALLY_THROWS);
    gen_emit(g, OP_THROW, e->finally_value);
    gen_bind(g, &no_throw);
    for (uint32_t i = 0; i < e->pending.count; i++) {
        PendingExit pending = e->pending.items[i];
        Label next = { .position = -1 };
        gen_jump(g, OP_JUMP_SNE_INT, &next, e->finally_kind, FINALLY_FIRST_PENDING + (int32_t)i);
        gen_leave(g, pending.kind, pending.target, e->finally_value);
        gen_bind(g, &next);
    }
    gen_bind(g, &goes_on);
}
