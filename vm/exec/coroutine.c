/* SPDX-License-Identifier: MIT */
/* Register 0 of a generator's or async function's frame is its owner: the generator object, or the promise that the
 * async function returns. The compiler keeps that register free; the verifier checks it. */
#include "vm/exec/coroutine.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
#include "gc/monitor.h"
#include "vm/exec/code.h"
#include "vm/exec/frames.h"
#include "vm/exec/interp.h"
#include "vm/exec/unwind.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/object/promise.h"
#include "vm/object/realm.h"
#include "vm/sched/stack.h"

/* ---- frames out and in ------------------------------------------------------------------------------------------- */

static Value *coroutine_owner_slot(Value *fp)
{
    return &fp[FRAME_REGISTERS];
}

/* Copy g->fp's frame, arguments included, into a cell. */
static Coroutine *coroutine_capture(Goroutine *g, Value owner, bool awaits)
{
    const Value *fp = g->fp;
    const Code *code = frames_code(fp);
    uint32_t arguments = frame_argument_count(fp);
    if (arguments < code->parameter_count) arguments = code->parameter_count;
    uint32_t below = code->frame_words, words = below + FRAME_ARGUMENTS + arguments;
    uint64_t header = CELL_HEADER(0, KIND_COROUTINE, 0);
    Coroutine *c = alloc_must(&g->heap, sizeof *c + words * sizeof(Value), header);
    fp = g->fp;
    c->word_count = words;
    c->fp_index = below;
    c->pc = frame_pc(fp, code->code);
    c->awaits = awaits;
    c->owner = owner;
    memcpy(c->words, fp - below, words * sizeof(Value));
    c->words[below + FRAME_CALLER] = frame_link(NULL);
    return c;
}

/* Push the frame again. False: thrown (no room). */
static bool coroutine_push(Goroutine *g, const Coroutine *c)
{
    Value *low = frames_used_low(g);
    if (low - c->word_count < g->stack_true_limit) {
        if (!stack_grow(g, low, c->word_count)) return error_throw_bool(g, ERROR_RANGE, "Maximum call stack size exceeded");
        low = frames_used_low(g);
    }
    Value *start = low - c->word_count;
    memcpy(start, c->words, c->word_count * sizeof(Value));
    Value *fp = start + c->fp_index;
    fp[FRAME_CALLER] = frame_link(g->fp);
    fp[FRAME_RETURN] = FRAME_RETURN_TO_NATIVE;
    g->fp = fp;
    frame_save_pc(fp, frames_code(fp)->code + c->pc);
    return true;
}

/* Go on behind the suspending instruction, with `v` in its first destination and how in its second if it has one. */
static const uint16_t *coroutine_enter(Goroutine *g, const Coroutine *c, ResumeMode mode, Value v)
{
    if (!coroutine_push(g, c)) return NULL;
    Value *fp = g->fp;
    const uint16_t *pc = frames_code(fp)->code + c->pc;
    if (c->awaits && mode == RESUME_THROW) {
        g->exception = v;
        return unwind_to_handler(g);
    }
    if (c->awaits) {
        fp[(int16_t)pc[1]] = v;
    } else if (*pc != OP_GENERATOR_START) {
        fp[(int16_t)pc[2]] = v;
        fp[(int16_t)pc[3]] = value_from_int((int32_t)mode);
    }
    return pc + opcode_info(*pc)->length;
}

static Value coroutine_run(Goroutine *g, const Coroutine *c, ResumeMode mode, Value v)
{
    const uint16_t *pc = coroutine_enter(g, c, mode, v);
    return pc ? interp_run_nested(g, pc) : VALUE_THROWN;
}

/* ---- generators (27.5.3) ----------------------------------------------------------------------------------------- */

static Generator *coroutine_generator(Value v)
{
    return (Generator *)value_cell(v);
}

Value coroutine_start_generator(Goroutine *g)
{
    LocalHeap *h = &g->heap;
    const Code *code = frames_code(g->fp);
    bool async = (code->flags & UNIT_IS_ASYNC) != 0;
    Object *f = object_of(g->fp[FRAME_CALLEE]);
    PropertyRef ref;
    IntrinsicId fallback = async ? INTRINSIC_AsyncGeneratorPrototype : INTRINSIC_GeneratorPrototype;
    Value proto = realm_intrinsic(code->realm, fallback);
    if (object_find_own(h, f, vm_atom(g->vm, ATOM_prototype), &ref) && value_is_object(ref.value)) proto = ref.value;
    CellKind kind = async ? KIND_ASYNC_GENERATOR : KIND_GENERATOR;
    Generator *gen = object_alloc(h, object_root_shape(h, kind, proto, 0), sizeof *gen);
    gen->coroutine = NULL;
    gen->state = COROUTINE_SUSPENDED_START;
    gen->yields_result = false;
    gen->queue = NULL;
    *coroutine_owner_slot(g->fp) = value_from_cell(gen);
    Coroutine *c = coroutine_capture(g, value_from_cell(gen), false);
    BARRIER_SET(h, gen, gen->coroutine, c);
    return value_from_cell(gen);
}

/* Its state is for the one who runs it to change, once the frame has been left (I3). */
static void coroutine_suspend(Goroutine *g)
{
    Generator *gen = coroutine_generator(*coroutine_owner_slot(g->fp));
    Coroutine *c = coroutine_capture(g, value_from_cell(gen), false);
    BARRIER_SET(&g->heap, gen, gen->coroutine, c);
}

void coroutine_yield(Goroutine *g, bool is_result)
{
    coroutine_generator(*coroutine_owner_slot(g->fp))->yields_result = is_result;
    coroutine_suspend(g);
}

/* Take the generator, unless it is running or completed (I3); its state before that. */
static CoroutineState coroutine_claim(Generator *gen)
{
    uint32_t state = atomic_get_acquire(&gen->state);            // pairs with coroutine_release
    while (state == COROUTINE_SUSPENDED_START || state == COROUTINE_SUSPENDED_YIELD)
        if (atomic_cas(&gen->state, &state, COROUTINE_RUNNING)) break;
    return (CoroutineState)state;
}

static void coroutine_release(Generator *gen, CoroutineState state)
{
    if (state == COROUTINE_COMPLETED) gen->coroutine = NULL;
    atomic_set_release(&gen->state, state);                      // pairs with coroutine_claim
}

static Value coroutine_resume_completed(Goroutine *g, ResumeMode mode, Value v)
{
    if (mode == RESUME_THROW) return error_throw_value(g, v);
    return mode == RESUME_RETURN ? v : VALUE_UNDEFINED;
}

Value coroutine_resume_generator(Goroutine *g, Value generator, ResumeMode mode, Value v, ResumeOutcome *outcome)
{
    if (!value_is_kind(generator, KIND_GENERATOR)) return error_throw(g, ERROR_TYPE, "%V is not a generator object", generator);
    Generator *gen = coroutine_generator(generator);
    *outcome = RESUMED_RETURN;
    CoroutineState state = coroutine_claim(gen);
    if (state == COROUTINE_RUNNING) return error_throw(g, ERROR_TYPE, "Generator is already running");
    if (state == COROUTINE_SUSPENDED_START && mode != RESUME_NEXT) {
        coroutine_release(gen, COROUTINE_COMPLETED);
        state = COROUTINE_COMPLETED;
    }
    if (state == COROUTINE_COMPLETED) return coroutine_resume_completed(g, mode, v);
    const Coroutine *c = gen->coroutine;
    gen->coroutine = NULL;
    Value result = coroutine_run(g, c, mode, v);
    bool has_yielded = gen->coroutine != NULL;
    if (has_yielded) *outcome = gen->yields_result ? RESUMED_RESULT : RESUMED_YIELD;
    coroutine_release(gen, has_yielded ? COROUTINE_SUSPENDED_YIELD : COROUTINE_COMPLETED);
    return result;
}

/* ---- async functions --------------------------------------------------------------------------------------------- */

Value coroutine_new_promise(Goroutine *g)
{
    return value_from_cell(promise_new(g));
}

/* Await (27.7.5.3): the value an async function hands to its caller at its first suspension is its promise; an async
 * generator's runner looks at the state instead. */
Value coroutine_await(Goroutine *g, Value v)
{
    const Realm *realm = frames_code(g->fp)->realm;
    Value promise = TRY(promise_resolve_with(g, realm_intrinsic(realm, INTRINSIC_Promise), v));
    Value owner = *coroutine_owner_slot(g->fp);
    Value c = value_from_cell(coroutine_capture(g, owner, true));
    promise_then(g, promise_of(promise), c, c, NULL);
    return owner;
}

bool coroutine_resolve(Goroutine *g, Value promise, Value v)
{
    promise_resolve(g, promise_of(promise), v);
    return true;
}

void coroutine_reject(Goroutine *g, Value promise)
{
    promise_reject(g, promise_of(promise), error_take(g));
}

/* ---- async generators (27.6.3) ----------------------------------------------------------------------------------- */

enum { REQUEST_MODE, REQUEST_VALUE, REQUEST_PROMISE, REQUEST_WORDS };

typedef struct Request {
    ResumeMode mode;
    Value      value;
    Promise   *promise;
} Request;

/* What is called *_locked holds the generator's monitor if it is shared (I4). */

static bool coroutine_first_locked(const Generator *gen, Request *request)
{
    const ValueList *queue = gen->queue;
    if (!queue || queue->count == 0) return false;
    request->mode = (ResumeMode)value_int(queue->items[REQUEST_MODE]);
    request->value = queue->items[REQUEST_VALUE];
    request->promise = promise_of(queue->items[REQUEST_PROMISE]);
    return true;
}

static void coroutine_drop_first_locked(Generator *gen)
{
    ValueList *queue = gen->queue;
    queue->count -= REQUEST_WORDS;
    memmove(queue->items, queue->items + REQUEST_WORDS, queue->count * sizeof(Value));
}

static void coroutine_enqueue_locked(LocalHeap *h, Generator *gen, const Request *request)
{
    ValueList *queue = gen->queue ? gen->queue : list_new(h, 2 * REQUEST_WORDS);
    list_push(h, &queue, value_from_int((int32_t)request->mode));
    list_push(h, &queue, request->value);
    list_push(h, &queue, value_from_cell(request->promise));
    BARRIER_SET(h, gen, gen->queue, queue);
}

/* AsyncGeneratorCompleteStep (27.6.3.5): answer a request, which is off the queue. */
static void coroutine_answer(Goroutine *g, const Request *request, bool rejected, Value v, bool done)
{
    if (rejected) promise_reject(g, request->promise, v);
    else promise_resolve(g, request->promise, realm_iterator_result(g, v, done));
}

/* Answer the oldest request; the generator is then in `state`. */
static void coroutine_answer_first(Goroutine *g, Generator *gen, CoroutineState state, bool rejected, Value v)
{
    Request request;
    bool entered = monitor_enter(&g->heap, gen);
    CHECK(coroutine_first_locked(gen, &request), "who runs a generator has its request");
    coroutine_drop_first_locked(gen);
    coroutine_release(gen, state);
    monitor_exit(&g->heap, gen, entered);
    coroutine_answer(g, &request, rejected, v, state == COROUTINE_COMPLETED);
}

static void coroutine_drain(Goroutine *g, Generator *gen);

static void coroutine_end_async(Goroutine *g, Generator *gen, bool rejected, Value v)
{
    coroutine_answer_first(g, gen, COROUTINE_COMPLETED, rejected, v);
    coroutine_drain(g, gen);
}

/* data 0: the generator. What AsyncGeneratorAwaitReturn waits for has settled. */
static Value coroutine_return_settled(Goroutine *g, Args a)
{
    coroutine_end_async(g, coroutine_generator(args_data(a, 0)), args_magic(a) != 0, arg(a, 0));
    return VALUE_UNDEFINED;
}

static const NativeSpec coroutine_return_fulfilled = { .name = "", .function = coroutine_return_settled, .length = 1, .magic = 0 };
static const NativeSpec coroutine_return_rejected = { .name = "", .function = coroutine_return_settled, .length = 1, .magic = 1 };

static Value coroutine_new_settler(Goroutine *g, const NativeSpec *spec, Generator *gen)
{
    return function_new_capturing(&g->heap, realm_current(g), spec, 1, (Value[]){ value_from_cell(gen) });
}

/* AsyncGeneratorAwaitReturn (27.6.3.9), in state COROUTINE_AWAITING_RETURN. The request stays the first until `v` has
 * settled. False: it has, there was an exception. */
static bool coroutine_await_return(Goroutine *g, Generator *gen, Value v)
{
    Value promise = promise_resolve_with(g, realm_intrinsic(realm_current(g), INTRINSIC_Promise), v);
    if (value_is_thrown(promise)) {
        coroutine_answer_first(g, gen, COROUTINE_COMPLETED, true, error_take(g));
        return false;
    }
    Value fulfilled = coroutine_new_settler(g, &coroutine_return_fulfilled, gen);
    Value rejected = coroutine_new_settler(g, &coroutine_return_rejected, gen);
    promise_then(g, promise_of(promise), fulfilled, rejected, NULL);
    return true;
}

/* Take the first request of a completed generator: off the queue, unless it is a return, which the generator then
 * awaits. */
static bool coroutine_take_request(Goroutine *g, Generator *gen, Request *request)
{
    bool entered = monitor_enter(&g->heap, gen);
    bool found = gen->state == COROUTINE_COMPLETED && coroutine_first_locked(gen, request);
    if (found && request->mode == RESUME_RETURN) coroutine_release(gen, COROUTINE_AWAITING_RETURN);
    else if (found) coroutine_drop_first_locked(gen);
    monitor_exit(&g->heap, gen, entered);
    return found;
}

/* AsyncGeneratorDrainQueue (27.6.3.10). */
static void coroutine_drain(Goroutine *g, Generator *gen)
{
    Request r;
    while (coroutine_take_request(g, gen, &r)) {
        if (r.mode != RESUME_RETURN) coroutine_answer(g, &r, r.mode == RESUME_THROW, r.mode == RESUME_THROW ? r.value : VALUE_UNDEFINED, true);
        else if (coroutine_await_return(g, gen, r.value)) return;
    }
}

/* After a yield: the next request, and what to run for it; NULL: there is none, and the generator is released. */
static const Coroutine *coroutine_next_request(Goroutine *g, Generator *gen, Request *request)
{
    bool entered = monitor_enter(&g->heap, gen);
    const Coroutine *c = gen->coroutine;
    if (coroutine_first_locked(gen, request)) gen->coroutine = NULL;
    else coroutine_release(gen, COROUTINE_SUSPENDED_YIELD), c = NULL;
    monitor_exit(&g->heap, gen, entered);
    return c;
}

/* What the frame of an async generator returns where it yields; at an await, and at its end, something else. */
#define COROUTINE_HAS_YIELDED VALUE_TRUE

/* Run until the generator awaits, waits for a request, or ends. Exceptions have become answers by then: the frame's
 * code catches everything. An await leaves the generator running (I3), and another thread may be in it by now. */
static void coroutine_run_async(Goroutine *g, Generator *gen, const Coroutine *c, ResumeMode mode, Value v)
{
    Request request = { mode, v, NULL };
    while (c) {
        Value result = coroutine_run(g, c, request.mode, request.value);
        if (value_is_thrown(result)) coroutine_end_async(g, gen, true, error_take(g));
        if (result != COROUTINE_HAS_YIELDED) return;
        c = coroutine_next_request(g, gen, &request);
    }
}

/* AsyncGeneratorYield (27.6.3.8): answer, then wait for the next request. */
Value coroutine_async_yield(Goroutine *g, Value v)
{
    Generator *gen = coroutine_generator(*coroutine_owner_slot(g->fp));
    coroutine_answer_first(g, gen, COROUTINE_RUNNING, false, v);
    coroutine_suspend(g);
    return COROUTINE_HAS_YIELDED;
}

void coroutine_async_complete(Goroutine *g, Value v, bool is_throw)
{
    coroutine_end_async(g, coroutine_generator(*coroutine_owner_slot(g->fp)), is_throw, v);
}

/* Add a request. When nobody runs the generator, it is claimed, or completed: its state before that. */
static CoroutineState coroutine_request_locked(LocalHeap *h, Generator *gen, const Request *request)
{
    coroutine_enqueue_locked(h, gen, request);
    if (gen->state == COROUTINE_SUSPENDED_START && request->mode != RESUME_NEXT) coroutine_release(gen, COROUTINE_COMPLETED);
    return coroutine_claim(gen);
}

Value coroutine_async_request(Goroutine *g, Value generator, ResumeMode mode, Value v)
{
    LocalHeap *h = &g->heap;
    Value promise = value_from_cell(promise_new(g));
    if (!value_is_kind(generator, KIND_ASYNC_GENERATOR)) {
        error_throw(g, ERROR_TYPE, "%V is not an async generator object", generator);
        promise_reject(g, promise_of(promise), error_take(g));
        return promise;
    }
    Generator *gen = coroutine_generator(generator);
    Request request = { mode, v, promise_of(promise) };
    bool entered = monitor_enter(h, gen);
    CoroutineState state = coroutine_request_locked(h, gen, &request);
    monitor_exit(h, gen, entered);
    if (state == COROUTINE_COMPLETED) coroutine_drain(g, gen);
    if (state != COROUTINE_SUSPENDED_START && state != COROUTINE_SUSPENDED_YIELD) return promise;
    const Coroutine *c = gen->coroutine;
    gen->coroutine = NULL;
    coroutine_run_async(g, gen, c, mode, v);
    return promise;
}

Value coroutine_continue_function(Goroutine *g, Value coroutine, bool rejected, Value v)
{
    const uint16_t *pc = coroutine_enter(g, (const Coroutine *)value_cell(coroutine), rejected ? RESUME_THROW : RESUME_NEXT, v);
    return pc ? interp_run(g, pc) : VALUE_THROWN;
}

Value coroutine_owner(Value coroutine)
{
    return ((const Coroutine *)value_cell(coroutine))->owner;
}

bool coroutine_is_function(Value coroutine)
{
    return value_is_kind(coroutine_owner(coroutine), KIND_PROMISE);
}

void coroutine_continue(Goroutine *g, Value coroutine, bool rejected, Value v)
{
    const Coroutine *c = (const Coroutine *)value_cell(coroutine);
    ResumeMode mode = rejected ? RESUME_THROW : RESUME_NEXT;
    if (value_is_kind(c->owner, KIND_ASYNC_GENERATOR)) {
        coroutine_run_async(g, coroutine_generator(c->owner), c, mode, v);
        return;
    }
    Value result = coroutine_run(g, c, mode, v);
    if (value_is_thrown(result)) promise_reject(g, promise_of(c->owner), error_take(g));
}

/* ---- collector --------------------------------------------------------------------------------------------------- */

static size_t coroutine_cell_size(const Cell *c)
{
    return sizeof(Coroutine) + ((const Coroutine *)c)->word_count * sizeof(Value);
}

static void coroutine_trace(Marker *m, Cell *cell)
{
    const Coroutine *c = (const Coroutine *)cell;
    mark_value(m, c->owner);
    mark_values(m, c->words, c->word_count);             // all values, or tagged not to be cells (frame.h I1)
}

static void coroutine_trace_generator(Marker *m, Cell *c)
{
    Generator *gen = (Generator *)c;
    mark_cell(m, gen->object.ool);
    mark_cell(m, gen->coroutine);
    mark_cell(m, gen->queue);
}

void coroutine_register_kinds(void)
{
    kinds_register(KIND_COROUTINE, &(GcKind){ .name = "COROUTINE", .size = coroutine_cell_size, .trace = coroutine_trace }, NULL);
    GcKind generator = { .name = "GENERATOR", .base_bytes = sizeof(Generator), .trace = coroutine_trace_generator };
    kinds_register(KIND_GENERATOR, &generator, NULL);
    kinds_register(KIND_ASYNC_GENERATOR, &generator, NULL);
}
