/* SPDX-License-Identifier: MIT */
/* assert.h - three strengths of "this must hold".
 *
 *   CHECK(cond, text)         always compiled: limits and inputs that the caller promised to respect
 *   ASSERT(cond, text)        checked builds only (--enable-checked): our own invariants; text cites the number
 *   STATIC_ASSERT(cond, text) layout and table relations
 *
 * A failed one ends the process through panic(), which says where. */
#ifndef US_BASE_ASSERT_H
#define US_BASE_ASSERT_H

#include "vm/base/attr.h"

NORETURN COLD void assert_fail(const char *file, int line, const char *condition, const char *text);

#define CHECK(cond, text) \
    ((cond) ? (void)0 : assert_fail(__FILE__, __LINE__, #cond, text))

#ifdef US_CHECKED
#define ASSERT(cond, text) CHECK(cond, text)
#else
#define ASSERT(cond, text) ((void)sizeof(cond))
#endif

#define STATIC_ASSERT(cond, text) _Static_assert(cond, text)

#ifdef US_CHECKED
#define UNREACHABLE() assert_fail(__FILE__, __LINE__, "unreachable", "control came to a place it cannot reach")
#else
#define UNREACHABLE() __builtin_unreachable()
#endif

#endif
