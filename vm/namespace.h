/* SPDX-License-Identifier: MIT */
/* namespace.h - module namespace exotic objects (ECMA-262 10.4.6). */
#ifndef US_NAMESPACE_H
#define US_NAMESPACE_H

#include "vm/module.h"

/* KIND_NAMESPACE. @@toStringTag is an ordinary property; all other keys are exports. */
typedef struct Namespace {
    Object     object;
    Module    *module;
    ValueList *exports;                  // name, box, name, box ...: sorted by the names' code units; replaced whole
} Namespace;

/** ModuleNamespaceCreate. */
NODISCARD Value namespace_new(Goroutine *g, Module *m);

void namespace_register_kinds(void);

#endif
