/* SPDX-License-Identifier: MIT */
/* parser.h - source text in, tree or diagnostics out.
 *
 * I1  A returned tree is complete: when anything was an error there is no tree, only diagnostics.
 * I2  All memory comes from the arena; the parser takes over its `on_exhausted` for the length of the call,
 *     so that exhaustion ends in a diagnostic. Neither arena nor names are usable for more after that one.
 * I3  All early errors of ECMA-262 are found here, except those that need scopes: conflicting declarations,
 *     private names that are undeclared or declared twice, exports that are unresolvable or exported twice.
 * I4  Source nested too deeply is an error, never a crash: depth is held by `stack_limit` and `depth_limit`.
 *     Left-deep operator chains (a+b+c...) do not nest and may have any length; chains of calls and members
 *     are cut at PARSER_CHAIN_LIMIT.
 * I5  With no dialect bits the grammar is ECMAScript's alone. DIALECT_ULTRA adds productions only where that
 *     grammar (with DIALECT_TYPESCRIPT: TypeScript's) rejects the next token, and two nodes with two readings
 *     (Send, Await), so every program that parses without it has the same tree with it (ast_dump_javascript).
 * Threads: as the arena. */
#ifndef US_COMPILER_PARSER_H
#define US_COMPILER_PARSER_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/ast.h"
#include "compiler/diag.h"
#include "compiler/dialect.h"
#include "compiler/names.h"
#include "compiler/source.h"
#include "vm/base/arena.h"
#include "vm/base/buf.h"

enum {
    PARSER_CHAIN_LIMIT = 10000,      // links of `a.b().c[d]`
    PARSER_DEPTH_LIMIT = 10000,      // default of depth_limit
    PARSER_STACK_BYTES = 1 << 20,    // stack that a parse may use when stack_limit is 0
};

typedef enum ParserKind {
    PARSER_SCRIPT,
    PARSER_MODULE,
    PARSER_DETECT,                   // a script, unless it turns out to be a module: it has import or export
                                     // declarations, import.meta, or a top-level await no script could have;
                                     // then it is parsed again as one. Program.goal tells.
    PARSER_REPL,                     // a script in which top-level await is an operator
    PARSER_COMMONJS,                 // the body of function (exports, require, module, __filename, __dirname)
    PARSER_EVAL,                     // indirect, or direct with the eval_in_... of the caller
    PARSER_FUNCTION,                 // text from parser_put_function: Program of one expression statement
} ParserKind;

typedef struct ParserOptions {
    ParserKind kind;
    uint32_t   dialect;              // bits above
    bool       is_strict;            // from the start
    bool       is_ambient;           // TypeScript .d.ts: declarations only, without bodies and values
    bool       eval_in_function;     // of direct eval: new.target is allowed,
    bool       eval_in_method;       // super.x is,
    bool       eval_in_derived_constructor;    // super() is,
    bool       eval_in_field_initializer;      // `arguments` is not
    uint32_t   parameters_end;       // of PARSER_FUNCTION: where the `)` and the `}` are that were put around
    uint32_t   body_end;             //   parameters and body
    uint32_t   depth_limit;          // 0: PARSER_DEPTH_LIMIT
    uintptr_t  stack_limit;          // lowest stack address to use; 0: PARSER_STACK_BYTES below the caller
} ParserOptions;

typedef struct ParserResult {
    Program *program;                // NULL: see the diagnostics
    bool     is_incomplete;          // the first error is that the input ended: a REPL asks for another line
    uint32_t dialect;                // as asked, less DIALECT_ULTRA_FILE after a "use js" directive
} ParserResult;

/** Parse `source`. Diagnostics go to `diag`, warnings also on success. */
NODISCARD ParserResult parser_parse(Source *source, Names *names, Arena *arena, Diag *diag,
                                    const ParserOptions *options);

/** Append the source text of Function(parameters, body) and its kin (ECMA-262 20.2.1.1.1) and set in
 *  `options` what PARSER_FUNCTION needs to see that each of the two is whole on its own. `bits`:
 *  FUNCTION_IS_ASYNC, FUNCTION_IS_GENERATOR. */
void parser_put_function(Buf *out, uint32_t bits, const char *parameters, size_t parameters_bytes,
                         const char *body, size_t body_bytes, ParserOptions *options);

#endif
