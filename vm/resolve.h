/* SPDX-License-Identifier: MIT */
/* resolve.h - from what a program asks for to the file it means: relative and absolute paths, file: URLs, packages in
 * node_modules, extensions left out.
 *
 * The rules are Node's, and more forgiving in two places: a missing extension is tried for imports as for require, and
 * `./x.js` finds x.ts or x.us where there is no x.js. */
#ifndef US_RESOLVE_H
#define US_RESOLVE_H

#include <stdbool.h>

#include "vm/base/attr.h"
#include "vm/base/licence.h"

typedef enum ResolveFormat { RESOLVE_DETECT, RESOLVE_MODULE, RESOLVE_COMMONJS, RESOLVE_JSON } ResolveFormat;

/** The real path of the file, in C memory of the caller's; NULL: there is none. `directory` is where the asking file
 *  lies; `is_import`: the conditions of `import`, not `require`, pick among a package's exports. */
NODISCARD char *resolve_file(Goroutine *g, const char *directory, const char *specifier, bool is_import);

/** What a file holds, by its name and the "type" of the package it lies in. */
ResolveFormat resolve_format(Goroutine *g, const char *path);

/** The folder of a path, in C memory of the caller's. */
NODISCARD char *resolve_directory(const char *path);

#endif
