/* SPDX-License-Identifier: MIT */
/* compile.h - the compiler's one door: source text in, a unit or messages out.
 *
 * Compiling touches neither a heap nor a goroutine: it may run on any thread, any number of times at once. */
#ifndef US_COMPILER_COMPILE_H
#define US_COMPILER_COMPILE_H

#include "compiler/dialect.h"
#include "vm/base/buf.h"
#include "vm/bytecode/unit.h"

typedef enum CompileKind {
    COMPILE_SCRIPT,
    COMPILE_MODULE,
    COMPILE_DETECT,                      // COMPILE_SCRIPT, or COMPILE_MODULE if the text shows that it is one
    COMPILE_COMMONJS,                    // the top is function (exports, require, module, __filename, __dirname)
    COMPILE_DETECT_COMMONJS,             // COMPILE_COMMONJS, or COMPILE_MODULE if the text shows that it is one
    COMPILE_REPL,                        // a script that may await
    COMPILE_EVAL,                        // indirect, unless `outer` is set
    COMPILE_FUNCTION,                    // the text of Function(): the completion value is the function
} CompileKind;

typedef struct CompileOptions {
    CompileKind         kind;
    uint32_t            dialect;         // DIALECT_*
    bool                is_strict;       // from the start
    bool                is_library;      // part of the library: `$name(...)` is intrinsic `name`
    bool                keeps_source;    // the unit holds the text, for Function.prototype.toString and messages
    bool                wants_completion;      // the top returns the completion value; always for eval
    const Unit         *outer_unit;      // direct eval: what it sees is
    const UnitConstant *outer;           //   this CONSTANT_SCOPE; NULL: none
    uint32_t            parameters_end;  // COMPILE_FUNCTION, from compile_put_function
    uint32_t            body_end;
    uint32_t          (*find_intrinsic)(const char *name);     // of a library's `$name`: number or UINT32_MAX
    uintptr_t           stack_limit;     // lowest stack address to use; 0: a megabyte below the caller
    Buf                *dump_tree;       // append the tree, the scopes; NULL: no
    Buf                *dump_scopes;
} CompileOptions;

typedef struct CompileResult {
    Unit    *unit;                       // one reference, the caller's; NULL: errors
    bool     is_incomplete;              // more input might mend it
    bool     is_module;
    uint32_t line, column;               // of the first error; from 1, columns in code points
    char    *message;                    // the first error's text, in C memory; NULL: none
    char    *report;                     // all errors and warnings, rendered with source lines and carets; NULL: none
} CompileResult;

/** Compile `size_bytes` of UTF-8 (WTF-8 for eval and Function), behind which a zero byte stands. `name` is what
 *  messages call the source. Nothing is kept of the arguments. */
NODISCARD CompileResult compile_source(const char *name, const void *bytes, size_t size_bytes, const CompileOptions *options);
void compile_result_deinit(CompileResult *result);

enum { COMPILE_ASYNC = 1, COMPILE_GENERATOR = 2 };

/** Append the text of Function(parameters, body), or of its async or generator kin, and set what COMPILE_FUNCTION
 *  needs. */
void compile_put_function(Buf *out, uint32_t bits, const char *parameters, size_t parameters_bytes, const char *body,
                          size_t body_bytes, CompileOptions *options);

/** Dialect bits for a file by its name: .us has all, .ts .mts .cts types, .js .mjs .cjs none. */
uint32_t compile_dialect_of_file(const char *name);

#endif
