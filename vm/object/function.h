/* SPDX-License-Identifier: MIT */
/* function.h - functions: closures over compiled code, native functions, bound functions.
 *
 * I1  A function's length, name and prototype are made when first asked for: until then its shape has
 *     SHAPE_IS_LAZY_FUNCTION, and every operation on one of these keys, or that adds or lists properties, makes them
 *     first (object_find_own, object_materialize).
 * I2  Code is prepared (constants interned, caches allocated) by its first call; `frame_words` is FUNCTION_UNPREPARED
 *     until then, so that the stack check of a call fails and leads to code_prepare.
 * I3  The captures of a closure never change: each is a KIND_BOX cell or the value of a binding that never changes. */
#ifndef US_OBJECT_FUNCTION_H
#define US_OBJECT_FUNCTION_H

#include "vm/bytecode/unit.h"
#include "vm/object/callable.h"
#include "vm/object/object.h"

struct Realm;

typedef struct InlineCache {
    uint64_t word;                       // exec/cache.h
    uint64_t second;                     // the same; what was the first before
    void    *more;
} InlineCache;

typedef struct Code {                    // KIND_CODE
    Cell                cell;
    const uint16_t     *code;
    uint8_t            *feedback;        // feedback bytes lie before, inline caches from here on; zero at first
    Value              *constants;       // C heap; parallel to function->constants
    uint32_t            frame_words;     // header and registers below fp; FUNCTION_UNPREPARED at first
    uint32_t            parameter_count;
    uint32_t            flags;           // UNIT_IS_*
    uint32_t            instance_slots;  // inline slots that the next instance shape will have
    struct Realm       *realm;
    Unit               *unit;
    const UnitFunction *function;
    Value              *cache_names;     // atoms, one an inline cache; C heap
    Value               name;            // string
    Shape              *closure_shape;   // of a new closure
    struct Code        *older;           // list of all prepared ones, for the caches' sake
    Value               referrer;        // module or undefined: what import() inside is relative to
    const void         *entry;           // atomic: where machine code calls it (exec/machine.h)
    struct Machine     *machine;         // atomic: NULL, later its machine code
    int32_t             heat;            // atomic: exec/machine.h I2
} Code;

enum { FUNCTION_UNPREPARED = 1 << 30 };

typedef struct Function {                // KIND_FUNCTION; extra = captures, 255: see code
    Object object;
    Code  *code;
    Value  captures[];
} Function;

enum {                                   // NativeSpec.flags
    NATIVE_METHOD = 0,
    NATIVE_CONSTRUCTOR = 1,              // has [[Construct]]; called with new_target undefined for a plain call
    NATIVE_GETTER = 2,
    NATIVE_SETTER = 4,
};

/* What a built-in function is, in a static table. */
typedef struct NativeSpec {
    const char    *name;                 // ASCII; "[Symbol.iterator]" for symbols; "get x" is made from flags
    NativeFunction function;
    uint8_t        length;
    uint8_t        flags;
    int16_t        magic;                // for functions that share one body: args_magic
    Value        (*step)(Goroutine *g, Value iterator);  // of a `next`: IteratorStepValue without a result object, or NULL
} NativeSpec;

typedef struct Native {                  // KIND_NATIVE; extra = data values
    Object            object;
    const NativeSpec *spec;
    struct Realm     *realm;
    Value             name;              // string
    Value             data[];
} Native;

typedef struct Bound {                   // KIND_BOUND
    Object     object;
    Value      target;
    Value      self;
    ValueList *arguments;
    uint32_t   is_constructor;
    uint32_t   unused;
} Bound;

typedef struct Box {                     // KIND_BOX
    Cell  cell;
    Value value;                         // VALUE_HOLE: in its dead zone
} Box;

static inline Function *function_of(Value v)
{
    ASSERT(value_is_kind(v, KIND_FUNCTION), "the value is a closure");
    return (Function *)value_cell(v);
}

static inline Native *function_native(Value v)
{
    ASSERT(value_is_kind(v, KIND_NATIVE), "the value is a native function");
    return (Native *)value_cell(v);
}

/* The running native function's spec number and captured data. */
static inline int args_magic(Args a)
{
    return function_native(args_callee(a))->spec->magic;
}

static inline Value args_data(Args a, uint32_t i)
{
    return function_native(args_callee(a))->data[i];
}

/** A closure of `code`; the caller fills the captures. */
NODISCARD Function *function_new(LocalHeap *h, Code *code);

/** A native function of `realm` with room for `data_count` values (undefined). `name`: string or undefined (spec's). */
NODISCARD Native *function_new_native(LocalHeap *h, struct Realm *realm, const NativeSpec *spec, Value name,
                                      uint32_t data_count);

/** The same, named by its spec, with `count` values for its body to read as args_data. */
NODISCARD Value function_new_capturing(LocalHeap *h, struct Realm *realm, const NativeSpec *spec, uint32_t count,
                                       const Value *data);

NODISCARD Box *function_new_box(LocalHeap *h, Value v);
/** One for a variable that several goroutines use, which is far from the next one. */
NODISCARD Box *function_new_shared_box(LocalHeap *h, Value v);

/** Is `key` one of those a lazy function has not made yet? */
bool function_is_lazy_key(const Vm *vm, PropertyKey key);
void function_make_properties(LocalHeap *h, Object *o);

/** The realm a function belongs to (GetFunctionRealm, 7.3.25); NULL: thrown (revoked proxy). */
struct Realm *function_realm(Goroutine *g, Object *f);

/** SetFunctionName (10.2.9); prefix "get", "set" or NULL. False: thrown. */
NODISCARD bool function_set_name(Goroutine *g, Object *f, PropertyKey key, const char *prefix);

/** GetPrototypeFromConstructor (10.1.14): the intrinsic `fallback` (an IntrinsicId) of the constructor's realm when its
 *  `prototype` is no object. */
NODISCARD Value function_prototype_for(Goroutine *g, Value new_target, int fallback);

/** Source text, or a native's stand-in, for Function.prototype.toString. */
NODISCARD Value function_source_text(Goroutine *g, Value f);

/** The name a trace shows; a string. */
Value function_display_name(LocalHeap *h, Value f);

size_t function_cell_size(const Cell *c);
void function_trace(Marker *m, Cell *c);
void function_native_trace(Marker *m, Cell *c);

#endif
