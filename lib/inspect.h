/* SPDX-License-Identifier: MIT */
/* inspect.h - values as text for people to read, in the format of Node's util.inspect and util.format.
 *
 * User code runs only where Node runs it: getters of `constructor`'s name, Symbol.toStringTag, an error's fields, and
 * methods named Symbol.for('nodejs.util.inspect.custom'). Proxies are shown as their targets without asking their
 * handlers. */
#ifndef US_LIB_INSPECT_H
#define US_LIB_INSPECT_H

#include "vm/object/callable.h"

enum { INSPECT_ALL_LEVELS = INT32_MAX };

typedef enum InspectGetters { INSPECT_GETTERS_NAMED, INSPECT_GETTERS_CALLED, INSPECT_GETTERS_ALONE, INSPECT_GETTERS_PAIRED } InspectGetters;

typedef struct InspectOptions {
    int32_t        depth;                // levels of objects shown below the first
    uint32_t       array_most;           // elements shown of one array, set or map
    uint32_t       string_most;          // units shown of one string
    uint32_t       break_columns;        // longer ones go over several lines
    uint32_t       compact;              // innermost levels that may share a line
    InspectGetters getters;              // which getters are called: all, those without a setter, those with one
    bool           is_hidden_shown;      // properties that are not enumerable
    bool           is_proxy_shown;       // proxies as target and handler
    bool           is_custom_called;
    bool           is_sorted;            // properties by their text
} InspectOptions;

#define INSPECT_DEFAULTS                                                                                  \
    ((InspectOptions){ .depth = 2, .array_most = 100, .string_most = 10000, .break_columns = 80, .compact = 3, \
                       .is_custom_called = true })

/** `v` as text; a string, or VALUE_THROWN. */
NODISCARD Value lib_inspect(Goroutine *g, Value v, const InspectOptions *options);

/** Overwrite those of `options` that `object`, any value, has properties for, as util.inspect's second argument. */
NODISCARD bool lib_inspect_read_options(Goroutine *g, Value object, InspectOptions *options);

/** The arguments of `a` as util.format makes one text of them: %s %d %i %f %j %o %O %c %% of the first one, the rest
 *  behind it. A string, or VALUE_THROWN. */
NODISCARD Value lib_format(Goroutine *g, Args a);

#endif
