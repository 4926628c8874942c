/* SPDX-License-Identifier: MIT */
/* codegen.h - tree and scopes in, Unit out. */
#ifndef US_COMPILER_CODEGEN_H
#define US_COMPILER_CODEGEN_H

#include "compiler/scope.h"
#include "vm/bytecode/unit.h"

typedef struct CodegenOptions {
    bool is_library;                     // `$name(...)` calls intrinsics; functions look native
    bool implicit_globals;               // R-implicit of UltraScript files
    bool wants_completion;               // the top function returns the completion value
    bool keeps_source;                   // copy the source into the unit, for toString
    bool is_commonjs;                    // the top is function (exports, require, module, __filename, __dirname)
    /** Number of the library intrinsic of that name (without `$`), or UINT32_MAX. Only for is_library. */
    uint32_t (*find_intrinsic)(const char *name);
} CodegenOptions;

/** Compile an analysed program into `unit`, whose arena gets everything. False: errors were reported. */
NODISCARD bool codegen_program(ScopeAnalysis *a, Source *source, const CodegenOptions *options, Unit *unit);

#endif
