/* SPDX-License-Identifier: MIT */
/* Register 0 of a generator's or async function's frame is its owner: the generator object, or the promise that the async
 * function returns. The compiler keeps that register free; the verifier checks it. */
#include "vm/exec/coroutine.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
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

/* ---- generators (27.5.3) ----------------------------------------------------------------------------------------------- */

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

static void coroutine_suspend(Goroutine *g, bool awaits)
{
    Generator *gen = coroutine_generator(*coroutine_owner_slot(g->fp));
    Coroutine *c = coroutine_capture(g, value_from_cell(gen), awaits);
    BARRIER_SET(&g->heap, gen, gen->coroutine, c);
    if (!awaits) gen->state = COROUTINE_SUSPENDED_YIELD;
}

void coroutine_yield(Goroutine *g, bool is_result)
{
    coroutine_generator(*coroutine_owner_slot(g->fp))->yields_result = is_result;
    coroutine_suspend(g, false);
}

static Value coroutine_complete(Generator *gen)
{
    gen->state = COROUTINE_COMPLETED;
    gen->coroutine = NULL;
    return VALUE_UNDEFINED;
}

Value coroutine_resume_generator(Goroutine *g, Value generator, ResumeMode mode, Value v, ResumeOutcome *outcome)
{
    if (!value_is_kind(generator, KIND_GENERATOR)) return error_throw(g, ERROR_TYPE, "%V is not a generator object", generator);
    Generator *gen = coroutine_generator(generator);
    *outcome = RESUMED_RETURN;
    if (gen->state == COROUTINE_RUNNING) return error_throw(g, ERROR_TYPE, "Generator is already running");
    if (gen->state == COROUTINE_SUSPENDED_START && mode != RESUME_NEXT) coroutine_complete(gen);
    if (gen->state == COROUTINE_COMPLETED) {
        if (mode == RESUME_THROW) return error_throw_value(g, v);
        return mode == RESUME_RETURN ? v : VALUE_UNDEFINED;
    }
    const Coroutine *c = gen->coroutine;
    gen->state = COROUTINE_RUNNING;
    gen->coroutine = NULL;
    Value result = coroutine_run(g, c, mode, v);
    if (gen->state == COROUTINE_RUNNING) coroutine_complete(gen);
    else *outcome = gen->yields_result ? RESUMED_RESULT : RESUMED_YIELD;
    return result;
}

/* ---- async functions ------------------------------------------------------------------------------------------------------ */

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

/* ---- async generators (27.6.3) ---------------------------------------------------------------------------------------------- */

enum { REQUEST_MODE, REQUEST_VALUE, REQUEST_PROMISE, REQUEST_WORDS };

static bool coroutine_queue_is_empty(const Generator *gen)
{
    return !gen->queue || gen->queue->count == 0;
}

static void coroutine_enqueue(Goroutine *g, Generator *gen, ResumeMode mode, Value v, Value promise)
{
    LocalHeap *h = &g->heap;
    ValueList *queue = gen->queue ? gen->queue : list_new(h, 2 * REQUEST_WORDS);
    list_push(h, &queue, value_from_int((int32_t)mode));
    list_push(h, &queue, v);
    list_push(h, &queue, promise);
    BARRIER_SET(h, gen, gen->queue, queue);
}

/* AsyncGeneratorCompleteStep (27.6.3.5): answer the oldest request. */
static void coroutine_answer(Goroutine *g, Generator *gen, bool rejected, Value v, bool done)
{
    ValueList *queue = gen->queue;
    Promise *promise = promise_of(queue->items[REQUEST_PROMISE]);
    queue->count -= REQUEST_WORDS;
    memmove(queue->items, queue->items + REQUEST_WORDS, queue->count * sizeof(Value));
    if (rejected) promise_reject(g, promise, v);
    else promise_resolve(g, promise, realm_iterator_result(g, v, done));
}

static void coroutine_drain(Goroutine *g, Generator *gen);

/* data 0: the generator. What AsyncGeneratorAwaitReturn waits for has settled. */
static Value coroutine_return_settled(Goroutine *g, Args a)
{
    Generator *gen = coroutine_generator(args_data(a, 0));
    gen->state = COROUTINE_COMPLETED;
    coroutine_answer(g, gen, args_magic(a) != 0, arg(a, 0), true);
    coroutine_drain(g, gen);
    return VALUE_UNDEFINED;
}

static const NativeSpec coroutine_return_fulfilled = { .name = "", .function = coroutine_return_settled, .length = 1, .magic = 0 };
static const NativeSpec coroutine_return_rejected = { .name = "", .function = coroutine_return_settled, .length = 1, .magic = 1 };

static Value coroutine_new_settler(Goroutine *g, const NativeSpec *spec, Generator *gen)
{
    return function_new_capturing(&g->heap, realm_current(g), spec, 1, (Value[]){ value_from_cell(gen) });
}

/* AsyncGeneratorAwaitReturn (27.6.3.9). */
static void coroutine_await_return(Goroutine *g, Generator *gen)
{
    gen->state = COROUTINE_AWAITING_RETURN;
    Value v = gen->queue->items[REQUEST_VALUE];
    Value promise = promise_resolve_with(g, realm_intrinsic(realm_current(g), INTRINSIC_Promise), v);
    if (value_is_thrown(promise)) {
        gen->state = COROUTINE_COMPLETED;
        coroutine_answer(g, gen, true, error_take(g), true);
        coroutine_drain(g, gen);
        return;
    }
    Value fulfilled = coroutine_new_settler(g, &coroutine_return_fulfilled, gen);
    Value rejected = coroutine_new_settler(g, &coroutine_return_rejected, gen);
    promise_then(g, promise_of(promise), fulfilled, rejected, NULL);
}

/* AsyncGeneratorDrainQueue (27.6.3.10). */
static void coroutine_drain(Goroutine *g, Generator *gen)
{
    while (!coroutine_queue_is_empty(gen) && gen->state == COROUTINE_COMPLETED) {
        ResumeMode mode = (ResumeMode)value_int(gen->queue->items[REQUEST_MODE]);
        Value v = gen->queue->items[REQUEST_VALUE];
        if (mode == RESUME_RETURN) coroutine_await_return(g, gen);
        else coroutine_answer(g, gen, mode == RESUME_THROW, mode == RESUME_THROW ? v : VALUE_UNDEFINED, true);
    }
}

/* Run until the generator awaits, waits for a request, or ends. Exceptions have become answers by then: the frame's code
 * catches everything. */
static void coroutine_run_async(Goroutine *g, Generator *gen, ResumeMode mode, Value v)
{
    for (;;) {
        const Coroutine *c = gen->coroutine;
        gen->state = COROUTINE_RUNNING;
        gen->coroutine = NULL;
        if (value_is_thrown(coroutine_run(g, c, mode, v))) {
            gen->state = COROUTINE_COMPLETED;
            coroutine_answer(g, gen, true, error_take(g), true);
            coroutine_drain(g, gen);
            return;
        }
        if (gen->state != COROUTINE_SUSPENDED_YIELD || coroutine_queue_is_empty(gen)) return;
        mode = (ResumeMode)value_int(gen->queue->items[REQUEST_MODE]);
        v = gen->queue->items[REQUEST_VALUE];
    }
}

/* AsyncGeneratorYield (27.6.3.8): answer, then wait for the next request. */
Value coroutine_async_yield(Goroutine *g, Value v)
{
    Generator *gen = coroutine_generator(*coroutine_owner_slot(g->fp));
    coroutine_answer(g, gen, false, v, false);
    coroutine_suspend(g, false);
    return VALUE_UNDEFINED;
}

void coroutine_async_complete(Goroutine *g, Value v, bool is_throw)
{
    Generator *gen = coroutine_generator(*coroutine_owner_slot(g->fp));
    gen->state = COROUTINE_COMPLETED;
    gen->coroutine = NULL;
    coroutine_answer(g, gen, is_throw, v, true);
    coroutine_drain(g, gen);
}

Value coroutine_async_request(Goroutine *g, Value generator, ResumeMode mode, Value v)
{
    Value promise = value_from_cell(promise_new(g));
    if (!value_is_kind(generator, KIND_ASYNC_GENERATOR)) {
        error_throw(g, ERROR_TYPE, "%V is not an async generator object", generator);
        promise_reject(g, promise_of(promise), error_take(g));
        return promise;
    }
    Generator *gen = coroutine_generator(generator);
    coroutine_enqueue(g, gen, mode, v, promise);
    if (gen->state == COROUTINE_RUNNING || gen->state == COROUTINE_AWAITING_RETURN) return promise;
    if (gen->state == COROUTINE_SUSPENDED_START && mode != RESUME_NEXT) coroutine_complete(gen);
    if (gen->state == COROUTINE_COMPLETED) coroutine_drain(g, gen);
    else coroutine_run_async(g, gen, mode, v);
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
        Generator *gen = coroutine_generator(c->owner);
        BARRIER_SET(&g->heap, gen, gen->coroutine, c);
        coroutine_run_async(g, gen, mode, v);
        return;
    }
    Value result = coroutine_run(g, c, mode, v);
    if (value_is_thrown(result)) promise_reject(g, promise_of(c->owner), error_take(g));
}

/* ---- collector ----------------------------------------------------------------------------------------------------------------- */

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
