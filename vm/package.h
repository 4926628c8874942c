/* SPDX-License-Identifier: MIT */
/* package.h - what a package.json says. Files that are missing or ill-formed say nothing. A realm reads each once
 * (LOADER_PACKAGES). Texts are C memory of the caller's. */
#ifndef US_PACKAGE_H
#define US_PACKAGE_H

#include <stdbool.h>

#include "vm/base/attr.h"
#include "vm/base/licence.h"

/** "main" of folder/package.json; NULL: none. */
NODISCARD char *package_main(Goroutine *g, const char *folder);

/** The path that "exports" of folder/package.json has for `key` ("." or "./sub"), under the conditions import or
 *  require, node and default; NULL: none. */
NODISCARD char *package_export(Goroutine *g, const char *folder, const char *key, bool is_import, bool *has_exports);

/** The path that "imports" of the nearest package.json at or above `folder` has for `key` ("#name"); NULL: none.
 *  `*base`, when there is one, is that package's folder, which the path is relative to. */
NODISCARD char *package_import(Goroutine *g, const char *folder, const char *key, bool is_import, char **base);

/** Does the nearest package.json above a file have "type": "module"? */
bool package_is_module(Goroutine *g, const char *path);

#endif
