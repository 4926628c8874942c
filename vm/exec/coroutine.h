/* SPDX-License-Identifier: MIT */
/* coroutine.h - generators and async functions: frames that leave the stack and come back.
 *
 * A suspended frame is a KIND_COROUTINE cell with a copy of its words. Resuming pushes the words and enters the
 * interpreter behind the suspending instruction.
 * I1  A generator object is running, suspended at its start, suspended at a yield, or completed; only a suspended one
 *     has a coroutine.
 * I2  A coroutine is resumed at most once for each suspension.
 * I3  A generator that runs belongs to the goroutine that took it out of another state, by compare and swap: it alone
 *     looks at the other fields, until it releases the generator by the store of a new state. What yielded is still
 *     running until its frame has been left.
 * I4  The queue of an async generator, and the changes of its state, are under its monitor. Who runs it, or has found
 *     it completed and takes a request off the queue, answers that request outside of it. */
#ifndef US_EXEC_COROUTINE_H
#define US_EXEC_COROUTINE_H

#include "vm/object/function.h"

typedef enum CoroutineState {
    COROUTINE_SUSPENDED_START, COROUTINE_SUSPENDED_YIELD, COROUTINE_RUNNING, COROUTINE_COMPLETED,
    COROUTINE_AWAITING_RETURN,           // async generators
} CoroutineState;

typedef enum ResumeMode { RESUME_NEXT, RESUME_THROW, RESUME_RETURN } ResumeMode;

typedef struct Coroutine {               // KIND_COROUTINE
    Cell     cell;
    uint32_t word_count;                 // words of the frame, from its lowest
    uint32_t fp_index;                   // of the word at fp
    uint32_t pc;                         // of the suspending instruction, in units
    uint32_t awaits;                     // suspended at an await, not a yield
    Value    owner;                      // generator object, or the promise of an async function
    Value    words[];
} Coroutine;

typedef struct Generator {               // KIND_GENERATOR, KIND_ASYNC_GENERATOR
    Object     object;
    Coroutine *coroutine;                // while suspended (I3)
    uint32_t   state;                    // atomic CoroutineState (I3, I4)
    uint32_t   yields_result;            // what it yielded last is a result object: yield* (I3)
    ValueList *queue;                    // async: requests, three values each: mode, value, promise (I4)
} Generator;

/* What the instructions of ops_async.h do; the frame is g->fp. */
Value coroutine_start_generator(Goroutine *g);
void coroutine_yield(Goroutine *g, bool is_result);
Value coroutine_new_promise(Goroutine *g);
NODISCARD Value coroutine_await(Goroutine *g, Value v);
NODISCARD bool coroutine_resolve(Goroutine *g, Value promise, Value v);
void coroutine_reject(Goroutine *g, Value promise);
NODISCARD Value coroutine_async_yield(Goroutine *g, Value v);      // what the frame then returns, to coroutine_run_async
void coroutine_async_complete(Goroutine *g, Value v, bool is_throw);

typedef enum ResumeOutcome {
    RESUMED_YIELD, RESUMED_RETURN,
    RESUMED_RESULT,                      // the value is a result object: yield*
} ResumeOutcome;

/** GeneratorResume and GeneratorResumeAbrupt (27.5.3.3, 27.5.3.4): a value, and in `*outcome` what it is. */
NODISCARD Value coroutine_resume_generator(Goroutine *g, Value generator, ResumeMode mode, Value v, ResumeOutcome *outcome);

/** AsyncGenerator.prototype.next, throw and return. */
NODISCARD Value coroutine_async_request(Goroutine *g, Value generator, ResumeMode mode, Value v);

/** Continue what waited for a promise: called by the job of its reaction. */
void coroutine_continue(Goroutine *g, Value coroutine, bool rejected, Value v);

/** Is it an async function's? Then the goroutine's loop can continue it: as coroutine_continue, but the frames may be
 *  left waiting (VALUE_PARKED), and what is thrown is left to the caller, who rejects the owner. */
bool coroutine_is_function(Value coroutine);
Value coroutine_owner(Value coroutine);
NODISCARD Value coroutine_continue_function(Goroutine *g, Value coroutine, bool rejected, Value v);

void coroutine_register_kinds(void);

#endif
