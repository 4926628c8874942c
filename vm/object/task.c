/* SPDX-License-Identifier: MIT */
#include "vm/object/task.h"

#include "gc/mark.h"
#include "vm/base/clock.h"
#include "vm/base/mem.h"
#include "vm/object/job.h"
#include "vm/object/kinds.h"
#include "vm/object/promise.h"

TaskQueue *task_queue(Goroutine *g)
{
    if (!g->tasks) g->tasks = mem_alloc_zeroed(sizeof *g->tasks);
    return g->tasks;
}

static void task_forget_immediates(const ValueList *list)
{
    for (uint32_t i = 0; list && i < list->count; i++) {
        Task *t = task_of(list->items[i]);
        atomic_set_relaxed(&t->flags, t->flags & ~(uint32_t)TASK_IS_WAITING);
    }
}

/* Those that kept nothing running are still there, and a job of somebody who cancels them may yet come. */
void task_destroy(Goroutine *g)
{
    TaskQueue *q = g->tasks;
    if (!q) return;
    for (uint32_t i = 0; i < q->place_count; i++) q->places[i].task->place = 0;
    task_forget_immediates(q->immediates);
    task_forget_immediates(q->round_immediates);
    mem_free(q->places);
    mem_free(q);
    g->tasks = NULL;
}

int64_t task_now_ms(void)
{
    return clock_monotonic_ns() / 1000000;
}

Task *task_new(Goroutine *g, Value proto, Value callback, Value arguments, uint32_t flags, uint32_t delay_ms)
{
    Inbox *home = inbox_of(g);
    Task *t = object_alloc(&g->heap, object_root_shape(&g->heap, KIND_TIMER, proto, 0), sizeof *t);
    t->callback = callback;
    t->arguments = arguments;
    t->place = 0;
    t->flags = flags;
    task_queue(g);
    t->id = atomic_add_relaxed(&g->vm->last_task_id, 1) + 1;
    t->delay_ms = delay_ms;
    t->home = home;
    t->is_cancelled = t->unused = 0;
    return t;
}

bool task_is_own(Goroutine *g, const Task *t)
{
    return t->home == g->inbox;
}

/* ---- the heap of timers ------------------------------------------------------------------------------------------ */

static bool task_is_earlier(const TaskPlace *a, const TaskPlace *b)
{
    return a->deadline_ms != b->deadline_ms ? a->deadline_ms < b->deadline_ms : a->order < b->order;
}

static void task_put_at(TaskQueue *q, uint32_t at, TaskPlace place)
{
    q->places[at] = place;
    place.task->place = at + 1;
}

/* Put `place` where it belongs, `at` being free. */
static void task_sift(TaskQueue *q, uint32_t at, TaskPlace place)
{
    while (at > 0 && task_is_earlier(&place, &q->places[(at - 1) / 2])) {
        task_put_at(q, at, q->places[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= q->place_count) break;
        if (child + 1 < q->place_count && task_is_earlier(&q->places[child + 1], &q->places[child])) child++;
        if (!task_is_earlier(&q->places[child], &place)) break;
        task_put_at(q, at, q->places[child]);
        at = child;
    }
    task_put_at(q, at, place);
}

static void task_remove(TaskQueue *q, Task *t)
{
    uint32_t at = t->place - 1;
    ASSERT(q->places[at].task == t, "I1");
    TaskPlace last = q->places[--q->place_count];
    t->place = 0;
    if (at < q->place_count) task_sift(q, at, last);
    if (t->flags & TASK_IS_REF) q->refs--;
}

void task_schedule(Goroutine *g, Task *t, int64_t start_ms)
{
    TaskQueue *q = task_queue(g);
    if (!task_is_own(g, t) || atomic_get_relaxed(&t->is_cancelled)) return;
    if (t->place) task_remove(q, t);
    if (q->place_count == q->place_capacity) {
        q->place_capacity = q->place_capacity ? q->place_capacity * 2 : 8;
        q->places = mem_resize(q->places, q->place_capacity * sizeof *q->places);
    }
    TaskPlace place = { .deadline_ms = start_ms + t->delay_ms, .order = ++q->last_order, .task = t };
    task_sift(q, q->place_count++, place);
    if (t->flags & TASK_IS_REF) q->refs++;
}

int64_t task_deadline_ms(const TaskQueue *q)
{
    return q->place_count ? q->places[0].deadline_ms : INT64_MAX;
}

Task *task_take_due(Goroutine *g, int64_t now_ms, uint64_t order)
{
    TaskQueue *q = task_queue(g);
    while (q->place_count && q->places[0].deadline_ms <= now_ms && q->places[0].order <= order) {
        Task *t = q->places[0].task;
        task_remove(q, t);
        if (!atomic_get_relaxed(&t->is_cancelled)) return t;
    }
    return NULL;
}

/* ---- immediates -------------------------------------------------------------------------------------------------- */

void task_add_immediate(Goroutine *g, Task *t)
{
    TaskQueue *q = task_queue(g);
    if (!q->immediates) q->immediates = list_new(&g->heap, 8);
    list_push(&g->heap, &q->immediates, value_from_cell(t));
    atomic_set_relaxed(&t->flags, t->flags | TASK_IS_WAITING);
    if (t->flags & TASK_IS_REF) q->refs++;
}

ValueList *task_take_immediates(Goroutine *g)
{
    ValueList *all = task_queue(g)->immediates;
    g->tasks->immediates = NULL;
    return all;
}

bool task_take_immediate(Goroutine *g, Task *t)
{
    if (!(t->flags & TASK_IS_WAITING)) return false;
    atomic_set_relaxed(&t->flags, t->flags & ~(uint32_t)TASK_IS_WAITING);
    if (t->flags & TASK_IS_REF) task_queue(g)->refs--;
    return !atomic_get_relaxed(&t->is_cancelled);
}

/* ---- both -------------------------------------------------------------------------------------------------------- */

bool task_is_active(const Task *t)
{
    return t->place || (t->flags & TASK_IS_WAITING);
}

void task_cancel(Goroutine *g, Task *t)
{
    if (!task_is_own(g, t)) {
        atomic_set_relaxed(&t->is_cancelled, true);
        if (!inbox_goroutine(t->home)) return;            // it had none to cancel left
        job_send(g, t->home, JOB_CANCEL, value_from_cell(t), VALUE_UNDEFINED, VALUE_UNDEFINED);
        return;
    }
    task_take_out(g, t);
}

void task_take_out(Goroutine *g, Task *t)
{
    if (!task_is_own(g, t)) return;
    atomic_set_relaxed(&t->flags, t->flags & ~(uint32_t)TASK_REPEATS);
    if (t->place) task_remove(task_queue(g), t);
    else task_take_immediate(g, t);
}

void task_set_ref(Goroutine *g, Task *t, bool is_ref)
{
    if (!task_is_own(g, t) || ((t->flags & TASK_IS_REF) != 0) == is_ref) return;
    atomic_set_relaxed(&t->flags, t->flags ^ TASK_IS_REF);
    if (!task_is_active(t)) return;
    if (is_ref) task_queue(g)->refs++;
    else task_queue(g)->refs--;
}

static Task *task_find_immediate(const ValueList *list, uint32_t id)
{
    for (uint32_t i = 0; list && i < list->count; i++) {
        Task *t = task_of(list->items[i]);
        if (t->id == id && (t->flags & TASK_IS_WAITING)) return t;
    }
    return NULL;
}

Task *task_find(Goroutine *g, uint32_t id)
{
    const TaskQueue *q = task_queue(g);
    for (uint32_t i = 0; i < q->place_count; i++)
        if (q->places[i].task->id == id) return q->places[i].task;
    Task *t = task_find_immediate(q->immediates, id);
    return t ? t : task_find_immediate(q->round_immediates, id);
}

bool task_is_alive(const Goroutine *g)
{
    return g->tasks && (g->tasks->refs || task_has_tick(g) || g->tasks->rejected);
}

Value task_call(Goroutine *g, Value f, Value self, Value arguments)
{
    if (value_is_undefined(arguments)) return callable_call0(g, f, self);
    const ValueList *list = (const ValueList *)value_cell(arguments);
    return callable_call(g, f, self, list->count, list->items);
}

/* ---- next ticks -------------------------------------------------------------------------------------------------- */

void task_add_tick(Goroutine *g, Value f, Value arguments)
{
    TaskQueue *q = task_queue(g);
    if (!q->ticks) q->ticks = list_new(&g->heap, 8);
    list_push(&g->heap, &q->ticks, f);
    list_push(&g->heap, &q->ticks, arguments);
}

bool task_has_tick(const Goroutine *g)
{
    return g->tasks && g->tasks->ticks;
}

bool task_take_tick(Goroutine *g, Value *f, Value *arguments)
{
    TaskQueue *q = g->tasks;
    if (!task_has_tick(g)) return false;
    *f = q->ticks->items[q->ticks_done];
    *arguments = q->ticks->items[q->ticks_done + 1];
    q->ticks_done += 2;
    if (q->ticks_done < q->ticks->count) return true;
    q->ticks = NULL;
    q->ticks_done = 0;
    return true;
}

/* ---- rejections -------------------------------------------------------------------------------------------------- */

static bool task_list_remove(ValueList *list, Value v)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; list && i < list->count; i++)
        if (list->items[i] != v) list->items[kept++] = list->items[i];
    bool removed = list && kept < list->count;
    if (list) list->count = kept;
    return removed;
}

void task_rejection_changed(Goroutine *g, Value promise, bool handled)
{
    TaskQueue *q = task_queue(g);
    if (handled) {
        task_list_remove(q->rejected, promise);
        return;
    }
    if (!q->rejected) q->rejected = list_new(&g->heap, 6);
    list_push(&g->heap, &q->rejected, promise);
}

static void task_drop_handled(ValueList *list)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++)
        if (!promise_is_handled(promise_of(list->items[i]))) list->items[kept++] = list->items[i];
    list->count = kept;
}

void task_add_late_rejection(Goroutine *g, Value promise)
{
    TaskQueue *q = task_queue(g);
    if (!q->late) q->late = list_new(&g->heap, 6);
    if (q->late->count == q->late->capacity) task_drop_handled(q->late);
    list_push(&g->heap, &q->late, promise);
}

bool task_tell_late_rejections(Goroutine *g)
{
    TaskQueue *q = g->tasks;
    if (!q || !q->late) return false;
    task_drop_handled(q->late);
    for (uint32_t i = 0; i < q->late->count; i++) task_rejection_changed(g, q->late->items[i], false);
    bool any = q->late->count > 0;
    q->late = NULL;
    return any;
}

Value task_take_rejection(Goroutine *g)
{
    TaskQueue *q = g->tasks;
    if (!q || !q->rejected) return VALUE_HOLE;
    Value promise = q->rejected->count ? q->rejected->items[0] : VALUE_HOLE;
    if (promise != VALUE_HOLE) task_list_remove(q->rejected, promise);
    if (!q->rejected->count) q->rejected = NULL;
    return promise;
}

/* ---- collector --------------------------------------------------------------------------------------------------- */

static void task_trace(Marker *m, Cell *c)
{
    Task *t = (Task *)c;
    mark_cell(m, t->object.ool);
    mark_value(m, t->callback);
    mark_value(m, t->arguments);
    mark_cell(m, t->home);
    mark_values(m, (Value *)(t + 1), c->extra);
}

void task_mark(Goroutine *g, Marker *m)
{
    const TaskQueue *q = g->tasks;
    if (!q) return;
    for (uint32_t i = 0; i < q->place_count; i++) mark_cell(m, q->places[i].task);
    mark_cell(m, q->immediates);
    mark_cell(m, q->round_immediates);
    mark_cell(m, q->ticks);
    mark_cell(m, q->rejected);
    mark_cell(m, q->late);
}

void task_register_kinds(void)
{
    kinds_register(KIND_TIMER, &(GcKind){ .name = "TIMER", .base_bytes = sizeof(Task), .trace = task_trace }, NULL);
}
