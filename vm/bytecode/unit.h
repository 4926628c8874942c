/* SPDX-License-Identifier: MIT */
/* unit.h - a compiled unit: what the compiler hands to the VM, and all they know of each other.
 *
 * A Unit is plain data without references into any heap: strings are code units, functions are numbers. It is made by
 * compiler/ (or read by unitio), verified, and then immutable; every function's Code cell holds it (unit_retain).
 *
 * I1  A unit is immutable once unit_seal has been called; any number of threads and VMs may read it.
 * I2  Everything a unit points to lives in its own arena and goes with it. */
#ifndef US_BYTECODE_UNIT_H
#define US_BYTECODE_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/arena.h"
#include "vm/bytecode/opcode.h"

enum { UNIT_VERSION = 4, UNIT_NONE = UINT32_MAX };

typedef struct UnitString {
    const void *units;                   // Latin-1 bytes, or UTF-16 when is_wide
    uint32_t    length;
    bool        is_wide;
} UnitString;

typedef enum ConstantKind {
    CONSTANT_NUMBER,                     // .number
    CONSTANT_STRING,                     // .index: string
    CONSTANT_BIGINT,                     // .index: string of its digits, prefix kept
    CONSTANT_REGEXP,                     // .index: string of the pattern; .count: string of the flags
    CONSTANT_FUNCTION,                   // .index: function
    CONSTANT_TEMPLATE,                   // .list: cooked (UNIT_NONE: undefined), raw, cooked, raw ... strings; .count pairs
    CONSTANT_NAMES,                      // .list: strings; .count; of OP_NEW_OBJECT .index: properties to come
    CONSTANT_ELEMENTS,                   // .list: constants of the function; UNIT_NONE: hole; .count
    CONSTANT_JUMP_TABLE,                 // .index: least case; .list: jumps relative to the instruction, 0: none; .count
    CONSTANT_SCOPE,                      // .list: UnitScopeName records, 2 words each; .count; .index: SCOPE_ bits
    CONSTANT_DECLARATIONS,               // .list: string, DECLARE_* pairs; .count
    CONSTANT_KIND_COUNT
} ConstantKind;

typedef struct UnitConstant {
    uint8_t  kind;                       // ConstantKind
    uint32_t index;
    uint32_t count;
    union {
        double    number;
        uint32_t *list;
    };
} UnitConstant;

enum {                                   // second word of a CONSTANT_SCOPE record, besides the SCOPE_NAME_ kind
    SCOPE_NAME_CONST = 1,                // assignment throws TypeError
    SCOPE_NAME_SILENT_CONST = 2,         // a named function expression's own name: sloppy assignment does nothing
    SCOPE_NAME_LEXICAL = 4,              // let, const, class: may be in its dead zone, conflicts with var
    SCOPE_NAME_THIS = 8,                 // pseudo-bindings, found by these bits and not by name
    SCOPE_NAME_NEW_TARGET = 16,
    SCOPE_NAME_HOME = 32,
    SCOPE_NAME_CLASS = 64,               // the constructor whose super() this is
    SCOPE_NAME_FIELDS = 128,             // its field initialiser
    SCOPE_NAME_ARGUMENTS = 256,
    SCOPE_NAME_PRIVATE = 512,            // a private name; its string is without #
    SCOPE_NAME_WITH = 1024,              // an object environment: names may be found in it first
    SCOPE_NAME_VARIABLES = 2048,         // the object that sloppy eval's var declarations go to
    SCOPE_NAME_SIMPLE_CATCH = 4096,      // a catch parameter: var of the same name is allowed
    SCOPE_NAME_PARAMETER_BOUNDARY = 8192,// ends the names of the var scope
    SCOPE_NAME_VALUE = 16384,            // holds the value itself, not a box
};
enum {                                   // .index of a CONSTANT_SCOPE
    SCOPE_IN_FUNCTION = 1,               // new.target is allowed
    SCOPE_IN_METHOD = 2,                 // super.x is allowed
    SCOPE_IN_DERIVED_CONSTRUCTOR = 4,    // super() is allowed
    SCOPE_IN_FIELD_INITIALIZER = 8,      // `arguments` is not allowed
    SCOPE_IS_STRICT = 16,
    SCOPE_IN_PARAMETERS = 32,            // the eval stands in parameter initialisers
    SCOPE_IS_GLOBAL = 64,                // var goes to the global object
    SCOPE_DERIVED_THIS = 128,            // `this` may be in its dead zone
};

enum {                                   // second word of a CONSTANT_DECLARATIONS pair
    DECLARE_VAR, DECLARE_FUNCTION, DECLARE_LET, DECLARE_CONST, DECLARE_ANNEX_B_FUNCTION,
};

enum {                                   // UnitFunction.flags
    UNIT_IS_STRICT = 1,
    UNIT_IS_ARROW = 2,
    UNIT_IS_GENERATOR = 4,
    UNIT_IS_ASYNC = 8,
    UNIT_IS_METHOD = 16,                 // methods, getters, setters: no [[Construct]], no prototype
    UNIT_IS_CLASS_CONSTRUCTOR = 32,
    UNIT_IS_DERIVED = 64,                // constructor of a class with heritage
    UNIT_IS_LIBRARY = 128,               // built-in written in UltraScript: native to reflection
    UNIT_IS_TOP = 256,                   // a script, module or eval body
    UNIT_IS_IMPLICIT_GLOBALS = 512,      // assignment to an unresolvable name creates it, strict code or not
    UNIT_HAS_OWN_NAME = 1024,            // a class with a static `name` member: no name property is made
    UNIT_MAY_BE_SPAWNED = 2048,          // operand of `go`, or called by one (capture analysis)
    UNIT_IS_MODULE = 4096,
    UNIT_IS_INLINE_HINT = 8192,          // `inline fast`
    UNIT_IS_FAST_HINT = 16384,
};

enum {                                   // UnitCapture.source
    CAPTURE_FROM_SLOT,                   // frame slot `index` of the function that makes the closure
    CAPTURE_FROM_CAPTURE,                // its own capture `index`
    CAPTURE_FROM_ENVIRONMENT,            // top-level function: entry `index` of what load was given
};

typedef struct UnitCapture {
    uint8_t  source;
    uint8_t  is_box;                     // else the value itself: the binding never changes
    uint8_t  is_shared;                  // captured across a `go`
    int32_t  index;
    uint32_t name;                       // string, for dumps and traces
} UnitCapture;

typedef struct UnitHandler {             // innermost first
    uint32_t start, end;                 // units of code: [start, end)
    uint32_t target;
} UnitHandler;

typedef struct UnitFunction {
    uint32_t      name;                  // string or UNIT_NONE
    uint32_t      flags;
    uint32_t      source_start, source_end;   // bytes of the unit's source: what toString shows
    uint32_t      parameter_count;       // arguments the code reads in place; missing ones are filled with undefined
    uint32_t      length;                // the length property
    uint32_t      register_count;
    uint32_t      inline_slots;          // how many properties instances will likely have
    uint32_t      cache_count;           // inline caches
    uint32_t      feedback_count;        // feedback bytes; number 0 is for sites beyond the range
    uint32_t      capture_count, constant_count, handler_count, code_count, line_bytes;
    uint16_t     *code;
    UnitCapture  *captures;
    UnitConstant *constants;
    UnitHandler  *handlers;
    uint32_t     *cache_names;           // string, or UNIT_NONE, of each inline cache
    uint8_t      *lines;                 // linetab.h
    uint32_t     *mapped_parameters;     // for a mapped arguments object: slot of each parameter's box; NULL: none
} UnitFunction;

typedef struct UnitImport {              // a name imported from another module
    uint32_t request;                    // index of the module request
    uint32_t name;                       // string; UNIT_NONE: the namespace object
    uint32_t local;                      // environment entry that is linked to it
    uint32_t position;                   // byte of the source, for link errors
} UnitImport;

typedef struct UnitExport {
    uint32_t name;                       // exported as; UNIT_NONE: export *
    uint32_t request;                    // re-export from this request; UNIT_NONE: local
    uint32_t import_name;                // of the re-export; UNIT_NONE: namespace, or with name UNIT_NONE all
    uint32_t local;                      // environment entry
    uint32_t position;
} UnitExport;

typedef struct UnitRequest {
    uint32_t  specifier;
    uint32_t  phase;                     // 0 evaluation, 1 defer, 2 source
    uint32_t  attribute_count;
    uint32_t *attributes;                // key, value strings
    uint32_t  position;
} UnitRequest;

/* A module's environment: bindings that are boxes before the body runs. */
typedef struct UnitModule {
    uint32_t     environment_count;      // boxes: what CAPTURE_FROM_ENVIRONMENT of the top function indexes
    uint32_t     request_count, import_count, export_count;
    bool         has_top_level_await;
    uint32_t    *environment_names;
    uint8_t     *environment_holes;      // 1: starts in its dead zone
    UnitRequest *requests;
    UnitImport  *imports;
    UnitExport  *exports;
} UnitModule;

typedef struct Unit {
    uint32_t      references;            // atomic
    uint32_t      string_count, function_count;
    UnitString   *strings;
    UnitFunction *functions;             // number 0 is the top
    UnitModule   *module;                // NULL: a script
    const char   *file;                  // as messages name it
    const char   *source;                // bytes, WTF-8; NULL when left out
    uint32_t      source_count;
    Arena         arena;
} Unit;

/** A new unit with one reference and an empty arena, for the compiler to fill. NULL: no memory. */
Unit *unit_create(void);
Unit *unit_retain(Unit *unit);
void unit_release(Unit *unit);

static inline UnitString unit_string(const Unit *unit, uint32_t index)
{
    return unit->strings[index];
}

/** Bytes a unit holds, roughly. */
size_t unit_size_bytes(const Unit *unit);

#endif
