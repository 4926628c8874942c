/* SPDX-License-Identifier: MIT */
/* ultrascript.h - embedding UltraScript in a C program. The manual is ultrascript(3); this file is the contract.
 *
 * Threads. A thread is attached to one VM at most: the one that creates the VM by creating it, others by us_attach. An
 * attached thread is a goroutine, and a UsGoroutine is used by its own thread alone. Between calls it is *inside*: it
 * may look at values, and a collection that has to stop all goroutines waits for it. So around work that takes long, or
 * blocks, it calls us_leave and us_enter, or us_poll from time to time. As many threads are inside at once as the VM has
 * workers.
 *
 * Values. A UsValue in a local variable or an argument keeps what it refers to alive, since C stacks are scanned. In
 * memory from malloc, in static data or thread-local data it does not: there a UsHandle stands for it, or a slot of a
 * UsRoots. Values belong to their VM.
 *
 * Errors. No function ends the process for what its caller did. A function that can fail returns a UsStatus;
 * US_THROWN says that the program threw, and then the result is what it threw. Results are written in no other case of
 * failure. NULL where an object is needed is US_ERROR_ARGUMENT; a goroutine that is another thread's, or that has left,
 * is US_ERROR_STATE. */
#ifndef US_ULTRASCRIPT_H
#define US_ULTRASCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct UsVm        UsVm;
typedef struct UsGoroutine UsGoroutine;  // an attached thread
typedef struct UsCall      UsCall;       // a call of a native function, for as long as it runs
typedef struct UsRoots     UsRoots;
typedef struct UsValue { uint64_t bits; } UsValue;
typedef struct UsHandle { uint64_t bits; } UsHandle;     // 0: none

typedef enum UsStatus {
    US_OK,
    US_THROWN,                           // the result is the exception
    US_ERROR_MEMORY,                     // the heap's limit or the system's
    US_ERROR_ARGUMENT,                   // NULL, out of range, or of another type
    US_ERROR_STATE,                      // wrong thread, away, inside a finalizer, or not at this time
    US_ERROR_CONFIG,                     // a UsConfig that contradicts itself
    US_ERROR_HANDLE,                     // a handle or root that was given up, or never was one
    US_ERROR_DEADLOCK,                   // goroutines wait, and nothing can ever wake them
} UsStatus;

typedef enum UsType {
    US_UNDEFINED, US_NULL, US_BOOLEAN, US_NUMBER, US_BIGINT, US_STRING, US_SYMBOL, US_OBJECT, US_FUNCTION,
} UsType;

typedef enum UsErrorKind {
    US_ERROR, US_TYPE_ERROR, US_RANGE_ERROR, US_SYNTAX_ERROR, US_REFERENCE_ERROR,
} UsErrorKind;

/* Where a cell lives. */
typedef enum UsTier {
    US_STACK_LOCAL,                      // freed with its frame; the compiler's alone
    US_GOROUTINE_PRIVATE,                // seen by one goroutine
    US_GOROUTINE_SHARED,                 // seen, or once seen, by several
    US_GLOBAL_SHARED,                    // lives as long as the VM
} UsTier;

/* ---- life -------------------------------------------------------------------------------------------------------- */

#define US_HEAP_OFF (~0u)

typedef struct UsConfig {
    size_t      memory_limit_bytes;      // heap and external bytes together; 0: none
    size_t      stack_limit_bytes;       // of a goroutine's frames; 0: 64 MB
    unsigned    workers;                 // goroutines that run at once; 0: as many as there are processors
    /* How collections are paced, as the command's options of the same names say, with the same bounds. 0, or NULL: what
     * the preset says, or the default. US_HEAP_OFF is "off" where a comment has it. */
    const char *heap_preset;             // low-latency, throughput, low-memory or debug
    unsigned    heap_growth;             // collect when the heap has grown by so many percent, or off
    unsigned    heap_share;              // collect less often while that takes over so many percent of the time, or off
    unsigned    heap_stop_ms;            // collect at several stops of about so many milliseconds, or off: at one
    size_t      heap_floor_bytes;        // never collect before so much was allocated
    unsigned    heap_markers;            // threads that mark; 0: as many as workers
    size_t      max_heap_bytes;          // that one goroutine may own; 0: as many as it likes
    /* A goroutine threw `exception` and nobody caught it; called on that goroutine's thread. NULL: it is told on
     * standard error. Either way the VM goes on. */
    void      (*on_uncaught)(void *context, UsGoroutine *g, UsValue exception);
    /* us_vm_destroy found `handles` handles, and `root_sets` root sets, that were not given up; called before anything
     * is freed, and not if there are none. NULL: a checked build tells it on standard error. */
    void      (*on_leak)(void *context, size_t handles, size_t root_sets);
    void       *context;                 // first argument of both
} UsConfig;

/** A VM; the calling thread is attached to it as its main goroutine. `config` may be NULL: all 0. `*vm` is the caller's,
 *  who ends it by us_vm_destroy. Several VMs may exist, each with its own threads. Any thread that is not attached. */
UsStatus us_vm_create(const UsConfig *config, UsVm **vm, UsGoroutine **main);

/** End the VM: tell what was not given up (UsConfig.on_leak), run the finalizers of all that is left, and free all.
 *  Goroutines that run are stopped. US_ERROR_STATE while threads are attached besides the main one, or goroutines wait
 *  below native functions. Main goroutine, outside of all native functions. */
UsStatus us_vm_destroy(UsVm *vm);

/** "0.1.0". Any thread. */
const char *us_version(void);

/** What a status means, in English. Static. Any thread. */
const char *us_status_text(UsStatus status);

/* ---- threads and goroutines -------------------------------------------------------------------------------------- */

/** Attach the calling thread as a new goroutine; blocks until a worker is free. */
UsStatus us_attach(UsVm *vm, UsGoroutine **g);

/** The thread is attached no more; jobs and timers of its goroutine go on without it. Outside of native functions; not
 *  the main goroutine. */
UsStatus us_detach(UsGoroutine *g);

/** The calling thread's goroutine if it is attached, and inside; else NULL. In a native function that a goroutine of the
 *  program called, that goroutine. */
UsGoroutine *us_current(void);
UsVm *us_vm_of(UsGoroutine *g);          // immutable

/** Go away: the world may stop, and other goroutines use the worker, until us_enter. The values in the thread's C frames
 *  stay alive. Between the two the thread makes no other call. */
UsStatus us_leave(UsGoroutine *g);
UsStatus us_enter(UsGoroutine *g);       // blocks until a worker is free

/** Let a collection happen now if one waits for this thread. A few instructions otherwise. */
UsStatus us_poll(UsGoroutine *g);

/** Call `function` in a new goroutine. `*promise` (may be NULL): a promise of its result. */
UsStatus us_go(UsGoroutine *g, UsValue function, UsValue self, size_t count, const UsValue *arguments, UsValue *promise);

/** Wait until `v`, a promise or anything else, is settled, and yield what it comes to; other goroutines run meanwhile.
 *  If nothing can ever settle it, an Error that says so is thrown. */
UsStatus us_await(UsGoroutine *g, UsValue v, UsValue *result);

/** Run microtasks of this goroutine until none is left. What they throw goes to on_uncaught. */
UsStatus us_run_jobs(UsGoroutine *g);

/** Run all goroutines and timers until nothing is left to do. US_ERROR_DEADLOCK: goroutines are left that wait; they
 *  stay, and may be woken later. Main goroutine, outside of native functions. */
UsStatus us_run(UsGoroutine *g);

/* ---- running code ------------------------------------------------------------------------------------------------ */

enum {
    US_EVALUATE_MODULE = 1,              // an ECMAScript module; the result is its promise
};

/** Run `source`, UTF-8 of `size_bytes`, as a script whose names are global, and yield the value of its last statement.
 *  `name` is for messages; its ending says what language it is: .us UltraScript, .ts TypeScript, .js JavaScript. */
UsStatus us_evaluate(UsGoroutine *g, const char *name, const char *source, size_t size_bytes, unsigned flags,
                     UsValue *result);

UsStatus us_call(UsGoroutine *g, UsValue function, UsValue self, size_t count, const UsValue *arguments,
                 UsValue *result);                       // US_THROWN with a TypeError when it cannot be called
UsStatus us_construct(UsGoroutine *g, UsValue constructor, size_t count, const UsValue *arguments,
                      UsValue *result);                  // `new`; likewise

/* ---- values ------------------------------------------------------------------------------------------------------ */

/** Any thread. */
UsValue us_undefined(void);
UsValue us_null(void);
UsValue us_boolean(bool b);
UsValue us_number(double d);

UsType us_type(UsValue v);               // any thread inside
/** The same object, or equal by ===, but that NaN is the same as NaN. */
bool us_is_same(UsGoroutine *g, UsValue a, UsValue b);

/** A string of UTF-8; what is ill-formed becomes U+FFFD. */
UsStatus us_string(UsGoroutine *g, const char *utf8, size_t size_bytes, UsValue *result);
UsStatus us_object(UsGoroutine *g, UsValue *result);                     // {}
UsStatus us_array(UsGoroutine *g, size_t count, const UsValue *values, UsValue *result);

/** An Error object with a message; its trace is where the program stands. */
UsStatus us_error(UsGoroutine *g, UsErrorKind kind, const char *message, UsValue *result);

/** The conversions of the language: may run user code, hence throw; `*exception` (may be NULL) is then set. */
UsStatus us_to_number(UsGoroutine *g, UsValue v, double *number, UsValue *exception);
bool us_to_boolean(UsValue v);

/** UTF-8 of String(v), at most `capacity_bytes` with the NUL that always ends it, cut between characters. `*size_bytes`
 *  (may be NULL): of the whole, without the NUL. `buffer` may be NULL when `capacity_bytes` is 0. */
UsStatus us_to_text(UsGoroutine *g, UsValue v, char *buffer, size_t capacity_bytes, size_t *size_bytes);

UsValue us_global(UsGoroutine *g);       // globalThis

/** Properties by name (UTF-8) or index. Getters, setters and proxies run. */
UsStatus us_get(UsGoroutine *g, UsValue object, const char *name, UsValue *result);
UsStatus us_set(UsGoroutine *g, UsValue object, const char *name, UsValue v, UsValue *exception);
UsStatus us_get_index(UsGoroutine *g, UsValue object, uint32_t index, UsValue *result);
UsStatus us_set_index(UsGoroutine *g, UsValue object, uint32_t index, UsValue v, UsValue *exception);

/* ---- native functions -------------------------------------------------------------------------------------------- */

/* Runs on the thread of the goroutine that called. US_OK: `*result` (undefined at first) is returned. US_THROWN:
 * `*result` is thrown. Any other status: an Error that tells it is thrown. */
typedef UsStatus (*UsFunction)(UsGoroutine *g, const UsCall *call, UsValue *result);

/** A function of the program that calls `function`. `arity`: its `length`. */
UsStatus us_function(UsGoroutine *g, const char *name, unsigned arity, UsFunction function, void *data, UsValue *result);

/** What a native function sees of its call, while it runs. */
size_t us_argument_count(const UsCall *call);
UsValue us_argument(const UsCall *call, size_t i);       // undefined beyond the last
UsValue us_this(const UsCall *call);
void *us_call_data(const UsCall *call);                  // us_function's
bool us_is_construct(const UsCall *call);                // by `new`

/** Make an Error and return US_THROWN: `return us_throw(g, US_TYPE_ERROR, "a name, please", result);`. */
UsStatus us_throw(UsGoroutine *g, UsErrorKind kind, const char *message, UsValue *result);

/* ---- native classes ---------------------------------------------------------------------------------------------- */

typedef struct UsMethod {
    const char *name;
    unsigned    arity;
    UsFunction  function;                // us_call_data is the UsClass
} UsMethod;

/* Objects that stand for something outside the heap. Borrowed for the VM's life; its address tells classes apart. */
typedef struct UsClass {
    const char     *name;
    unsigned        arity;               // of the constructor
    UsFunction      construct;           // called by `new`; makes its result by us_instance
    const UsMethod *methods;
    size_t          method_count;
    /* `data` of an instance that died, or of one that us_close was called on: exactly once each. On any thread, maybe
     * with all goroutines stopped: it calls nothing of this file, and is quick. */
    void          (*finalize)(void *data);
} UsClass;

/** The class's constructor, whose prototype has the methods; once a VM. */
UsStatus us_class(UsGoroutine *g, const UsClass *c, UsValue *constructor);

/** An instance that owns `data` (not NULL) and `external_bytes` outside the heap, which count towards limit and pace of
 *  collections. `call`: of the constructor, whose subclass it then is of; NULL: a plain instance. If this fails, `data`
 *  stays the caller's. */
UsStatus us_instance(UsGoroutine *g, const UsCall *call, const UsClass *c, void *data, size_t external_bytes,
                     UsValue *result);

/** What `v` stands for; NULL when it is no instance of `c`, or was closed. Threads: what two of them do with it at once
 *  is for the class to arrange. */
void *us_data(UsValue v, const UsClass *c);

/** Finalise `v` now, if that was not done. */
UsStatus us_close(UsGoroutine *g, UsValue v, const UsClass *c);

/** Any object may have a finalizer: `finalize(data)` is called once it has died, under the rules of UsClass.finalize. It
 *  replaces an earlier one, which is not called; NULL takes it away. The object becomes shared. */
UsStatus us_set_finalizer(UsGoroutine *g, UsValue object, void (*finalize)(void *data), void *data);

/* ---- heap -------------------------------------------------------------------------------------------------------- */

/** An object with `slot_count` slots besides its properties, undefined at first, in a tier. US_STACK_LOCAL is
 *  US_ERROR_ARGUMENT: frames are the compiler's. */
UsStatus us_allocate(UsGoroutine *g, UsTier tier, size_t slot_count, UsValue *result);

/** Of what `v` refers to: US_GLOBAL_SHARED of what was allocated so, and when it refers to nothing. */
UsTier us_tier(UsGoroutine *g, UsValue v);

/** Make `v` and all it refers to shared, as storing it in something shared does. */
UsStatus us_share(UsGoroutine *g, UsValue v);

/** Slots of what us_allocate made. Writing is through the write barrier; no barrier stands before reading. */
UsStatus us_read(UsGoroutine *g, UsValue object, size_t slot, UsValue *result);
UsStatus us_write(UsGoroutine *g, UsValue object, size_t slot, UsValue v);
UsStatus us_write_many(UsGoroutine *g, UsValue object, size_t first_slot, size_t count, const UsValue *values);

/** A handle keeps a value alive, wherever the handle is kept, until us_handle_free. The value becomes shared. Any
 *  attached thread may use the handle. One that was given up is US_ERROR_HANDLE, even if its place is used again. */
UsStatus us_handle(UsGoroutine *g, UsValue v, UsHandle *handle);
UsStatus us_handle_get(UsGoroutine *g, UsHandle handle, UsValue *result);
UsStatus us_handle_set(UsGoroutine *g, UsHandle handle, UsValue v);
UsStatus us_handle_free(UsGoroutine *g, UsHandle handle);                // none: US_OK

/** The same, but it does not keep the value alive: undefined once that has died. */
UsStatus us_weak_handle(UsGoroutine *g, UsValue v, UsHandle *handle);

/** A root set: `count` slots that keep values alive, undefined at first; freed by us_roots_free, or with the VM. Values
 *  become shared. Any attached thread may use it. */
UsStatus us_roots(UsGoroutine *g, size_t count, UsRoots **roots);
UsStatus us_roots_get(UsGoroutine *g, const UsRoots *roots, size_t i, UsValue *result);
UsStatus us_roots_set(UsGoroutine *g, UsRoots *roots, size_t i, UsValue v);
UsStatus us_roots_free(UsGoroutine *g, UsRoots *roots);                  // NULL: US_OK

typedef struct UsStats {
    uint64_t collections;                // since the VM began, as all counts
    uint64_t allocated_bytes;            // ever
    uint64_t live_bytes;                 // after the last collection
    uint64_t committed_bytes;            // of the system's memory
    uint64_t external_bytes;             // owned by instances and array buffers
    uint64_t limit_bytes;                // 0: none
    uint64_t last_pause_ns;              // the longest of the last collection, which may make several
    uint64_t max_pause_ns, total_pause_ns;
    uint64_t goroutines;                 // that have not ended
    uint64_t handles;                    // weak ones included
    uint64_t finalizers_run;             // of classes and of us_set_finalizer
} UsStats;

/** A snapshot. Any attached thread. */
UsStatus us_stats(UsGoroutine *g, UsStats *stats);

/** What `g` itself refers to, and so keeps alive: what its frames, jobs, timers and waits hold. The first `capacity` of
 *  them go to `values` (may be NULL when that is 0), in no order, some of them more than once; `*count` is how many
 *  there are. What the VM alone can name, such as code, is left out, and so is what only C frames hold. */
UsStatus us_goroutine_roots(UsGoroutine *g, size_t capacity, UsValue *values, size_t *count);

/** Collect, and prove the invariants of the whole heap while all goroutines stand still. `*faults`: how many places
 *  break one. `text` (may be NULL when `capacity_bytes` is 0): the first of them, or "". It takes several times as long
 *  as a collection, and is for tests. */
UsStatus us_verify(UsGoroutine *g, uint64_t *faults, char *text, size_t capacity_bytes);

/** Collect all goroutines' garbage now. */
UsStatus us_collect(UsGoroutine *g);

/** Change the limit of the heap; 0: none. */
UsStatus us_set_memory_limit(UsGoroutine *g, size_t bytes);

/** `delta` more (or fewer) bytes outside the heap depend on it. */
UsStatus us_external(UsGoroutine *g, int64_t delta_bytes);

#ifdef __cplusplus
}
#endif

#endif
