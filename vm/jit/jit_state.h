/* SPDX-License-Identifier: MIT */
/* jit_state.h - the JIT's own: its state, and what machine code calls. */
#ifndef US_JIT_JIT_STATE_H
#define US_JIT_JIT_STATE_H

#include "vm/jit/code_space.h"
#include "vm/jit/jit.h"
#include "vm/jit/steps.h"

/* Pieces of machine code that all functions share (x64/stubs.c). */
typedef enum Stub {
    STUB_ENTER,                          // MachineLayer.enter
    STUB_LEAVE,                          // to interp_run's caller; rdx: the value
    STUB_CALLS,                          // to the interpreter, which begins g->fp
    STUB_INTERPRETS,                     // to the interpreter, which goes on in g->fp
    STUB_RETURN,                         // frame rbp returns rax
    STUB_RETURN_MARKED,                  // the same, and it was not machine code that called
    STUB_STEP,                           // do the step of the instruction esi bytes from the start of the bytecode
    /* The same where one outcome is expected; rbp is taken anew. Others leave by STUB_STEP_OUT. */
    STUB_STEP_NEXT,                      // STEP_NEXT
    STUB_STEP_JUMP,                      // STEP_NEXT or, with the zero flag, STEP_JUMP
    STUB_STEP_CALL,                      // STEP_CALL: the value is in rax
    STUB_STEP_OUT,                       // act on a step's outcome that the template does not expect
    STUB_BEGIN,                          // called where a step left a callee's frame: it begins
    STUB_CALL_SLOW,                      // entry of functions without machine code, and of calls that need more
    STUB_CALL_OTHER,                     // callee rax is no closure
    STUB_ARITY,                          // entry of a function that gets fewer arguments than it has parameters
    STUB_TRUTH,                          // ToBoolean of rax, no boolean: 0 or 1 in eax, and the zero flag as of that
    /* These answer with the carry flag set when it takes the step to tell. */
    STUB_NUMBERS,                        // the numbers rax and rcx as doubles into xmm0 and xmm1
    STUB_INTEGERS,                       // the numbers rax and rcx by ToInt32 into eax and ecx
    STUB_TRUNCATE,                       // the double rdx by ToInt32 into edx; keeps rcx and rdi
    STUB_ROUND,                          // the double rdx to the nearest int32 into edx, likewise
    STUB_CONCAT,                         // the strings rax and rcx as a rope into rax
    STUB_EQUAL,                          // rax === rcx, as 0 or 1 in eax
    STUB_EQUAL_LOOSE,                    // rax == rcx, likewise
    STUB_INSTANCE,                       // rsi instanceof rax by cache rdx, likewise
    STUB_FIND_LOAD,                      // the word of cache rdx, but for the first, for the shape of rax: into rcx
    STUB_FIND_STORE,                     // the same at a site that stores
    STUB_FIND_PRIVATE,                   // the same at a site of a private name
    STUB_LOAD,                           // the property of rax that cache rdx finds, into rax
    STUB_LOAD_PRIVATE,                   // of rax what name r10 names, found by cache rdx, into rax
    STUB_STORE_PRIVATE,                  // rsi there
    STUB_DEFINE_PRIVATE,                 // the same for what is added
    STUB_SET_ELEMENT,                    // rax[rcx] = rsi
    STUB_NEW,                            // what `new rax` makes by cache rdx, into rax
    STUB_SUPER,                          // the same for a parent rax and new.target rsi
    STUB_TYPEOF,                         // typeof rax into rax
    STUB_GET_ELEMENT,                    // element rcx of the array, string or view rax, into rax
    /* These do the step themselves then, of the instruction edi bytes from the start of the bytecode. The first two may
     * call an accessor, which returns to where they were called: emit_or_accessor. The first three take the cache, and
     * what is stored, from the instruction. */
    STUB_LOAD_OR_STEP,                   // the property of rax into rax and the destination
    STUB_STORE_OR_STEP,                  // to the property of rax
    STUB_DEFINE_OR_STEP,                 // the same for one that is added
    STUB_CLOSURE_OR_STEP,                // CLOSURE, into rax
    STUB_ARRAY_OR_STEP,                  // NEW_ARRAY, into rax
    STUB_SET_ELEMENT_OR_STEP,
    STUB_ADD_OR_STEP, STUB_SUB_OR_STEP, STUB_MUL_OR_STEP, STUB_DIV_OR_STEP,    // of rax and rcx, into rax
    STUB_COUNT
} Stub;

/* Built-in functions that calls by name do in place. */
typedef enum JitBuiltin {
    BUILTIN_SQRT, BUILTIN_ABS, BUILTIN_FLOOR, BUILTIN_MAX, BUILTIN_MIN, BUILTIN_CHAR_CODE_AT, BUILTIN_PUSH,
    BUILTIN_SUBSTRING, BUILTIN_CHAR_AT,
    BUILTIN_ARRAY,                       // new Array(n)
    BUILTIN_COUNT
} JitBuiltin;

typedef struct JitKnown {
    PropertyKey       name;              // an atom, compared only
    const NativeSpec *spec;              // NULL: not to be had
    uint32_t          argument_count;    // of calls that are done in place
} JitKnown;

typedef struct Jit {                     // vm->jit; immutable but for the space and the spare
    MachineLayer   layer;
    CodeSpace      space;
    struct Watch  *watch;                // NULL: nothing is to be told
    const uint8_t *stubs[STUB_COUNT];
    JitKnown       builtins[BUILTIN_COUNT];
    const NativeSpec *view_length;       // the getter of a typed array's length
    uint64_t       builtin_names;        // jit_name_bit of each
    struct Emit   *spare;                // atomic: a compilation that has ended; NULL: none
} Jit;

/* One bit of a set that has a name's bit where it has the name. */
static inline uint64_t jit_name_bit(PropertyKey name)
{
    return UINT64_C(1) << (name >> 4 & 63);
}

static inline bool jit_may_be_builtin(const Jit *jit, PropertyKey name)
{
    return (jit->builtin_names & jit_name_bit(name)) != 0;
}

enum { JIT_MOST_KEPT = 8 };              // arguments below a frame that jit_call_slow keeps in C variables

/* Where to go on, and with what value: in rax and rdx. */
typedef struct JitPlace {
    const void *address;
    Value       value;
} JitPlace;

/** Where control goes after a step, in g->fp. */
JitPlace jit_resolve(Goroutine *g, uint64_t outcome, Value value);

/** Lay the frame of a call of closure `callee`, `window` being the place of `this`. */
JitPlace jit_call_slow(Goroutine *g, Value callee, Value *window, uint32_t argc, Value new_target,
                       const void *return_address);

/** Call whatever is no closure. */
Step jit_call_other(Goroutine *g, Value callee, Value *window, uint32_t argc, Value new_target,
                    const void *return_address);

/** The units of string `self` from `start` to `end`; 0: to be called after all. */
Value jit_substring(Goroutine *g, Value self, int32_t start, int32_t end);
/** Its unit `i`, likewise. */
Value jit_char_at(Goroutine *g, Value self, int32_t i);

/** `new Array(length)`, the constructor being `callee`; 0: to be called after all. */
Value jit_new_array(Goroutine *g, Value callee, int32_t length);

/** Make the stubs. False: no room, or the program is out of reach. */
NODISCARD bool stubs_make(const Vm *vm, Jit *jit);

/** The machine code of prepared `code`; NULL: no room. `map`: NULL, or a word for each unit of bytecode, 0; it becomes
 *  the place of the instruction that begins there, in bytes from the code's start, if it can be jumped to. */
NODISCARD Machine *emit_function(Jit *jit, const Code *code, uint32_t *map);

/** Free what emit_function keeps in Jit.spare; NULL: nothing. */
void emit_destroy(struct Emit *e);

#endif
