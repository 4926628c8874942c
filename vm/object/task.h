/* SPDX-License-Identifier: MIT */
/* task.h - what a goroutine has to do once its current work is done: next ticks, timers, immediates, rejections to
 * tell of. Here they are only kept; vm/loop.c runs them.
 *
 * I1  A timer is in the queue's heap exactly while its `place` is not 0, at places[place - 1].
 * I2  `refs` counts the timers in the heap and the immediates waiting that keep the program running. */
#ifndef US_OBJECT_TASK_H
#define US_OBJECT_TASK_H

#include "vm/object/object.h"

enum {                                   // Task.flags
    TASK_IS_IMMEDIATE = 1,
    TASK_REPEATS = 2,
    TASK_IS_REF = 4,                     // keeps the program running
    TASK_IS_WAITING = 8,                 // immediates: in the list, not taken, not cancelled
};

typedef struct TaskQueue TaskQueue;

typedef struct Task {                    // KIND_TIMER: what setTimeout, setInterval and setImmediate return
    Object   object;
    Value    callback;
    Value    arguments;                  // KIND_VALUES, or undefined
    uint32_t place;                      // I1
    uint32_t flags;                      // atomic: changed by its own goroutine; others see what kind it is
    uint32_t id;
    uint32_t delay_ms;
    struct Inbox *home;                  // of the goroutine that made it; immutable
    uint32_t is_cancelled;               // atomic: by another goroutine
    uint32_t unused;
} Task;

typedef struct TaskPlace {
    int64_t  deadline_ms;
    uint64_t order;                      // of being scheduled, for equal deadlines
    Task    *task;
} TaskPlace;

struct TaskQueue {               // of a goroutine; C heap
    TaskPlace *places;                   // a heap, the earliest first
    uint32_t   place_count, place_capacity;
    uint32_t   refs;                     // I2
    uint64_t   last_order;
    ValueList *immediates;               // Tasks in order, cancelled ones among them
    ValueList *ticks;                    // pairs: callable, arguments
    uint32_t   ticks_done;               // words of `ticks` taken
    ValueList *rejected;                 // promises without a handler, not told of yet
    ValueList *late;                     // of goroutines: told of at the end, when nobody can handle them any more
    bool       in_round;                 // of timers and immediates (vm/loop.c):
    int64_t    round_ms;                 // timers due by then run in it,
    uint64_t   round_order;              // if they were there when it began,
    ValueList *round_immediates;         // then these immediates,
    uint32_t   round_done;               // of which so many were looked at
    int64_t    ahead_ms;                 // timers that are due so soon run in the first round
    int64_t    start_ms;                 // when the task that runs was begun
};

static inline uint32_t task_flags(const Task *t)
{
    return atomic_get_relaxed(&t->flags);
}

/** Is it `g` in whose queue `t` is, if in any? Nobody else may touch it there: from another goroutine, cancelling sends
 *  a job to that one, and the rest does nothing. */
bool task_is_own(Goroutine *g, const Task *t);

/** The queue of `g`, made when first asked for. */
TaskQueue *task_queue(Goroutine *g);
void task_destroy(Goroutine *g);

/** Milliseconds on the clock of timers. */
int64_t task_now_ms(void);

/** A new Task, not scheduled. */
NODISCARD Task *task_new(Goroutine *g, Value proto, Value callback, Value arguments, uint32_t flags, uint32_t delay_ms);

static inline Task *task_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_TIMER), "the value is a timer");
    return (Task *)value_cell(v);
}

/** Let the timer be due its delay after `start_ms`, wherever it was before. */
void task_schedule(Goroutine *g, Task *t, int64_t start_ms);
void task_add_immediate(Goroutine *g, Task *t);
void task_cancel(Goroutine *g, Task *t);
/** The job of a task_cancel from elsewhere: out of the queue of `g`, if it is there. */
void task_take_out(Goroutine *g, Task *t);
void task_set_ref(Goroutine *g, Task *t, bool is_ref);
bool task_is_active(const Task *t);

/** The active task of that number; NULL when there is none. */
Task *task_find(Goroutine *g, uint32_t id);

void task_add_tick(Goroutine *g, Value f, Value arguments);

/* What the loop takes. */

/** The earliest timer, if it is due at `now_ms` and was scheduled before `order`; out of the heap. Else NULL. */
Task *task_take_due(Goroutine *g, int64_t now_ms, uint64_t order);

/** When the earliest timer is due; INT64_MAX when there is none. */
int64_t task_deadline_ms(const TaskQueue *q);

/** All immediates that wait; those made from now on are a new list. NULL: none. */
ValueList *task_take_immediates(Goroutine *g);

/** Is it still to be run? If so it is taken. */
bool task_take_immediate(Goroutine *g, Task *t);

/** The oldest next tick; false when there is none. */
bool task_take_tick(Goroutine *g, Value *f, Value *arguments);
bool task_has_tick(const Goroutine *g);

/** Does anything keep the program running? */
bool task_is_alive(const Goroutine *g);

/** VmHooks.rejection_changed. */
void task_rejection_changed(Goroutine *g, Value promise, bool handled);

/** A goroutine has rejected the promise that `go` gave: others may yet handle it, when they come to await it. For the
 *  main goroutine `g`. */
void task_add_late_rejection(Goroutine *g, Value promise);

/** Nothing is left to run: what of these nobody handles is as good as other rejections. True when there was any. */
bool task_tell_late_rejections(Goroutine *g);

/** The oldest promise rejected without a handler that was not told of; VALUE_HOLE when there is none. */
Value task_take_rejection(Goroutine *g);

/** Call `f` with a list of arguments or undefined. */
NODISCARD Value task_call(Goroutine *g, Value f, Value self, Value arguments);

void task_mark(Goroutine *g, Marker *m);
void task_register_kinds(void);

#endif
