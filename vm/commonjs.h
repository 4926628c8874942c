/* SPDX-License-Identifier: MIT */
/* commonjs.h - CommonJS: `require`, `module`, and running a file as a function of them. */
#ifndef US_COMMONJS_H
#define US_COMMONJS_H

#include "vm/base/buf.h"
#include "vm/exec/code.h"

/** Run the top function of `unit` as the file `path`: module.exports, or VALUE_THROWN. The module object is in the
 *  cache from the start, so that cycles end. */
NODISCARD Value commonjs_run(Goroutine *g, Unit *unit, Value path);

/** As commonjs_run for the program's main file, called by the goroutine's loop. False: thrown. */
NODISCARD bool commonjs_begin(Goroutine *g, Unit *unit, Value path, void (*done)(Goroutine *g, Value v));

/** require(specifier) from `directory`. */
NODISCARD Value commonjs_require(Goroutine *g, const char *directory, String *specifier);

/** Run a file as require does, whatever it holds. */
NODISCARD Value commonjs_require_file(Goroutine *g, const char *path);

/** A function that runs `unit` as commonjs_run does when it is called: a synthetic module's evaluator. */
NODISCARD Value commonjs_evaluator(Goroutine *g, Unit *unit, Value path);

/** The globals that Node gives to code that is no file: require, module, exports, __filename, __dirname. */
void commonjs_install_globals(Goroutine *g, const char *name);

/** Parse a JSON file's text; a SyntaxError names the file. */
NODISCARD Value commonjs_parse_json(Goroutine *g, Value path, Buf *text);

/** file:// URL of an absolute path. */
NODISCARD Value commonjs_file_url(Goroutine *g, const char *path);

#endif
