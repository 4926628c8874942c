/* SPDX-License-Identifier: MIT */
/* library.h - the built-ins that are written in UltraScript (lib/NAME.us), as units embedded by lib/embed.c.
 *
 * The completion value of such a file is an object literal: each property names an object by a path from the global
 * object, or as %Intrinsic%, and holds an object whose methods, getters and setters go onto it as built-in functions
 * do: writable and configurable, not enumerable.
 *
 *     ({ "Array.prototype": { at(index) { ... }, get [Symbol.iterator]() { ... } } })
 *
 * Such code is strict, sees `$name(...)` (intrinsics.def), and must not read what a program can replace: globals and
 * methods of the prototypes. */
#ifndef US_LIB_LIBRARY_H
#define US_LIB_LIBRARY_H

#include "lib/install.h"

typedef struct LibraryUnit {
    const char          *name;
    const unsigned char *bytes;
    size_t               size;
} LibraryUnit;

/* Ends with a NULL name. */
extern const LibraryUnit library_units[];

/** Install what lib/`name`.us defines. The objects it names are there. */
void library_install(const Lib *lib, const char *name);

#endif
