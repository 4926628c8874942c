/* SPDX-License-Identifier: MIT */
/* scope.h - scopes, bindings and functions of a program, and what each identifier refers to (ECMA-262 8.2, 9.1).
 *
 * scope_analyze declares names (scope.c), resolves every reference (resolve.c), takes apart objects that need not be
 * (escape.c) and decides where each binding lives (capture.c). It finds the early errors that need scopes: conflicting
 * declarations, private names undeclared or declared twice, exports unresolvable or doubled.
 *
 * I1  After it, a node that opens a scope has it in its `scope` field; an IDENTIFIER has its binding, or NULL for a
 *     name that is global; and if objects of `with` or of sloppy eval may come first, the scope it stands in.
 * I2  Bindings and scopes are immutable afterwards but for what codegen owns (slot). */
#ifndef US_COMPILER_SCOPE_H
#define US_COMPILER_SCOPE_H

#include "compiler/ast.h"
#include "compiler/diag.h"
#include "compiler/names.h"
#include "vm/base/buf.h"
#include "vm/base/vec.h"

typedef struct Scope        Scope;
typedef struct Binding      Binding;
typedef struct FunctionInfo FunctionInfo;

typedef enum BindingKind {
    BINDING_VAR, BINDING_PARAMETER, BINDING_FUNCTION, BINDING_LET, BINDING_CONST, BINDING_CLASS, BINDING_CATCH,
    BINDING_IMPORT,
    BINDING_SELF,                        // a named function expression's own name
    BINDING_THIS, BINDING_NEW_TARGET, BINDING_ARGUMENTS, BINDING_CALLEE,
    BINDING_HOME,                        // what `super` looks up from: a prototype, constructor, or literal
    BINDING_PRIVATE,                     // a private name's symbol
    BINDING_HIDDEN,                      // a register with a use of its own: with objects, computed keys ...
    BINDING_MEMBER,                      // of an enum or namespace: a property of the object that `object` holds
} BindingKind;

typedef enum Storage {
    STORAGE_REGISTER,                    // a frame slot of its function
    STORAGE_VALUE,                       // the same, and copied into closures: it never changes after that
    STORAGE_BOX,                         // a box, kept in a frame slot, shared with closures
    STORAGE_SHARED_BOX,                  // a box that a goroutine's closure may reach
    STORAGE_ENVIRONMENT,                 // given from outside: module bindings, what a direct eval sees
    STORAGE_GLOBAL,                      // by name, in the global environment
    STORAGE_FIELDS,                      // nowhere: the properties of its value are variables (escape.c)
} Storage;

struct Binding {
    Name         *name;                  // NULL: hidden
    Scope        *scope;
    Binding      *next;                  // of the scope, in order of declaration
    Node         *node;                  // declaration, for messages
    uint8_t       kind;                  // BindingKind
    uint8_t       storage;               // Storage
    bool          is_captured;           // by an inner function
    bool          is_assigned;           // after its initialisation
    bool          is_forced;             // eval may do anything with it
    bool          may_be_dead;           // a reference may run before initialisation
    bool          captured_early;        // a closure that has it may be made before initialisation
    bool          captured_by_go;        // a goroutine's closure has it
    bool          is_exported;
    bool          is_value;              // STORAGE_ENVIRONMENT: the value itself, not a box
    bool          is_silent_const;       // sloppy assignment does nothing: SELF
    bool          is_annex_b;            // a var only because a function in a block has its name
    bool          is_dropped;            // of those in sloppy eval: a lexical name stands in the way
    bool          is_there;              // of sloppy eval: the caller has that variable
    uint32_t      initialized_at;        // byte of the source behind which it is initialised; UINT32_MAX: unknown
    uint32_t      reference_count;
    uint32_t      environment_index;     // STORAGE_ENVIRONMENT
    uint32_t      scope_bits;            // SCOPE_NAME_* of an outer binding of eval
    Binding      *object;                // BINDING_MEMBER
    Identifier   *reference;             // a name of sloppy eval: how its code finds it
    Node         *function_node;         // BINDING_FUNCTION: the last declaration, the one that counts
    Node         *value_function;        // BINDING_LET, BINDING_CONST: the function literal it is declared with, or NULL
    struct Escape *escape;               // escape.c's: what it knows of the value, or NULL
    bool          is_apart;              // its value was taken apart into variables
    const char   *kept_whole;            // why its value, a literal, was not; or NULL
    Binding      *whole;                 // the variable it is a field of (STORAGE_FIELDS), or NULL
    int32_t       slot;                  // codegen: frame slot
};

/* Is it kept in a box of its own? */
static inline bool binding_is_box(const Binding *b)
{
    return b->storage == STORAGE_BOX || b->storage == STORAGE_SHARED_BOX;
}

/* Is it read through a box, its own or a module's? */
static inline bool binding_is_in_box(const Binding *b)
{
    return binding_is_box(b) || (b->storage == STORAGE_ENVIRONMENT && !b->is_value);
}

typedef enum ScopeKind {
    SCOPE_FUNCTION,                      // parameters, and the body's vars unless it has a SCOPE_BODY
    SCOPE_BODY,                          // body of a function whose parameters have expressions; var scope
    SCOPE_SELF,                          // the name of a function expression
    SCOPE_BLOCK, SCOPE_FOR, SCOPE_CATCH, SCOPE_SWITCH, SCOPE_CLASS, SCOPE_LITERAL, SCOPE_STATIC_BLOCK,
    SCOPE_WITH,
    SCOPE_GLOBAL,                        // top of a script
    SCOPE_MODULE,
    SCOPE_EVAL,                          // top of eval code
    SCOPE_OUTER,                         // what a direct eval was given
} ScopeKind;

struct Scope {
    ScopeKind     kind;
    Scope        *parent;
    FunctionInfo *function;              // whose frame its registers are in
    Node         *node;
    Binding      *first, *last;
    uint32_t      count;
    Binding     **table;                 // by name, when count is large; capacity a power of two
    uint32_t      table_capacity;
    bool          is_var_scope;
    bool          has_sloppy_eval;       // var scope: eval may add variables; `variables` holds the object
    bool          has_using;
    bool          names_are_outer;       // sloppy direct eval: var and function names live with the caller
    bool          computes_keys;         // classes: user code runs while it is being defined
    bool          is_in_heritage;        // classes: while `extends` is resolved, which does not see its private names
    Binding      *variables;             // hidden: the object of eval's variables, or of `with`
    Binding      *self, *home, *static_home, *fields;     // classes and literals: hidden bindings
    FunctionInfo *fields_function;       // classes: initialiser of instance elements, and of static ones
    FunctionInfo *static_function;
    uint32_t      start;                 // where it is entered
    int32_t       register_mark;         // codegen
};

struct FunctionInfo {
    Node         *node;                  // Function, Program, Class (initialisers), Enum, Namespace
    FunctionInfo *parent;
    Scope        *scope;                 // the SCOPE_FUNCTION or top scope
    Scope        *body_scope;            // var scope of the body
    Binding      *this_binding, *new_target, *arguments, *callee;    // made when used
    bool          is_arrow;              // this, arguments, new.target, super are the enclosing function's
    bool          is_strict;
    bool          has_use_strict;        // a directive of its own or of what it lies in makes it so
    bool          is_async, is_generator;
    bool          is_derived;            // derived constructor
    bool          is_field_initializer;
    bool          is_static_member;
    bool          has_eval;              // contains a direct eval
    bool          is_spawned;            // runs, or may run, as a goroutine
    bool          has_own_scope;         // parameters have expressions: body_scope is apart from scope
    uint32_t      created_at;            // byte where the closure comes to be: of a declaration, its block's start
    uint32_t      end;
    uint32_t      forwards;              // calls f.apply(x, arguments) in it, with its own `arguments`
    uint32_t      forwards_last;         // of these, the ones whose result is returned
    bool          has_try;
    uint32_t      argument_lengths;      // arguments.length in it, with its own `arguments`, wherever it stands
    uint32_t      argument_reads;        // arguments[i], likewise
    bool          spoils_arguments;      // one of these is called, deleted or assigned to
    bool          makes_no_arguments;    // `arguments` has no other use than these, which are reads, and forwards
    uint32_t      rest_forwards;         // f(x, ...rest) and super(...rest) in it, with its own rest parameter
    bool          only_forwards_rest;    // that has no other use: no array is made
    Binding      *own_name;              // the binding that always holds this very function, or NULL
    VEC(uint32_t) assignments;           // where names are assigned to in it, ascending
    VEC(Binding *) captures;             // codegen: by capture number
    uint32_t      unit_index;            // codegen; UINT32_MAX until compiled
};

/* What a direct eval or a module is given. */
typedef struct ScopeOuterName {
    Name    *name;
    uint32_t bits;                       // SCOPE_NAME_* of vm/bytecode/unit.h
} ScopeOuterName;

typedef struct ScopeOptions {
    const ScopeOuterName *outer;         // direct eval: names in scope, innermost first; environment index = position
    uint32_t              outer_count;
    uint32_t              outer_bits;    // SCOPE_* of vm/bytecode/unit.h
    bool                  is_eval;
    bool                  is_direct_eval;
    bool                  is_function_body;      // CommonJS: top-level names are the function's
    bool                  is_function_text;      // text of Function(): its name binds nothing
    bool                  is_repl;
    bool                  awaits_freely;         // `await (x)` awaits unless a binding named `await` is visible
} ScopeOptions;

typedef struct ScopeAnalysis {
    Arena         *arena;
    Names         *names;
    Diag          *diag;
    ScopeOptions   options;
    Program       *program;
    FunctionInfo  *top;
    uintptr_t      stack_limit;          // lowest stack address to use
    bool           is_too_deep;
    VEC(FunctionInfo *) functions;       // all, outermost first
    VEC(Node *)    spawns;               // GO nodes
    VEC(Variables *) literals;           // declarations of `let` or `const` with a literal for a value
    VEC(Binding *) environment;          // of a module: bindings that other modules or the hoister see
} ScopeAnalysis;

/** Analyse `program`. False: errors were reported. Memory is the arena's. */
NODISCARD bool scope_analyze(ScopeAnalysis *a, Program *program);

/** Append scopes, bindings and where they live, indented (--dump-scopes). */
void scope_dump(Buf *out, const ScopeAnalysis *a);

/** Find `name` in this very scope. */
Binding *scope_find(const Scope *scope, const Name *name);

const char *scope_storage_name(Storage storage);

#endif
