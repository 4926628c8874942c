/* SPDX-License-Identifier: MIT */
/* proxy.h - proxy exotic objects (ECMA-262 10.5). */
#ifndef US_OBJECT_PROXY_H
#define US_OBJECT_PROXY_H

#include "vm/object/object.h"

typedef struct Proxy {                   // KIND_PROXY, KIND_CALLABLE_PROXY
    Object object;
    Value  target;                       // atomic; null once revoked
    Value  handler;                      // atomic; read before `target`, which is revoked first
    Value  is_constructor;               // boolean: the target was one; immutable
} Proxy;

extern const ObjectOps proxy_ops;

/** ProxyCreate (10.5.14). */
NODISCARD Value proxy_create(Goroutine *g, Value target, Value handler);

/** The target; TypeError when revoked. */
NODISCARD Value proxy_target(Goroutine *g, Object *o);

bool proxy_is_constructor(const Object *o);

/** [[Call]], or [[Construct]] when new_target is not undefined. */
NODISCARD Value proxy_call(Goroutine *g, Object *o, Value self, uint32_t count, const Value *arguments, Value new_target);

#endif
