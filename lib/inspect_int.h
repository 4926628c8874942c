/* SPDX-License-Identifier: MIT */
/* inspect_int.h - the parts of inspect: what is being shown, how its lines are found, how they are laid out.
 *
 * Functions that return Value return a string or VALUE_THROWN. Pieces of text are strings of the heap, so that an
 * exception anywhere leaves nothing behind. */
#ifndef US_LIB_INSPECT_INT_H
#define US_LIB_INSPECT_INT_H

#include "lib/inspect.h"
#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/object/error.h"
#include "vm/object/function.h"
#include "vm/object/realm.h"

enum { INSPECT_BUDGET_LEVELS = 64 };

/* One call of lib_inspect. On the C stack, where the collector sees the lists. */
typedef struct Inspector {
    Goroutine     *g;
    LocalHeap     *h;
    InspectOptions options;
    uint32_t       indentation;          // of the line that the value's text begins on
    int32_t        innermost;            // depth of the object that was begun last
    PropertyKey    custom;               // Symbol.for('nodejs.util.inspect.custom')
    ValueList     *seen;                 // objects being shown, the outermost first
    ValueList     *circular;             // objects met again inside themselves, in the order of their numbers
    uint64_t       written[INSPECT_BUDGET_LEVELS];       // units by indentation
} Inspector;

/* An object being shown. */
typedef struct Subject {
    Object    *o;
    Value      constructor;              // a name, or null: nothing in the prototype chain has one
    Value      tag;                      // Symbol.toStringTag where it says more; or empty
    ValueList *keys;                     // of properties to show
    ValueList *inherited;                // lines of prototypes' properties; empty unless hidden ones are shown
    Value      base;                     // what stands before the brace; or empty
    Value      open;                     // the brace, and what belongs to it
    const char *close;
    bool       is_list;                  // lines may share rows
    bool       is_inside_view;           // the buffer of a typed array being shown
    bool     (*content)(Inspector *n, struct Subject *s, int32_t depth, ValueList **lines);
    Value      text;                     // all there is to say; or the hole
} Subject;

/* inspect.c */
NODISCARD Value inspect_value(Inspector *n, Value v, int32_t depth);
NODISCARD Value inspect_indented(Inspector *n, Value v, int32_t depth);          // as part of an object's text
NODISCARD Value inspect_property(Inspector *n, Object *o, PropertyKey key, int32_t depth, bool is_element);
bool inspect_has_native_room(const Inspector *n);

/* inspect_kinds.c */
NODISCARD bool inspect_describe(Inspector *n, Subject *s, int32_t depth);

/* inspect_error.c */
bool inspect_is_error(Inspector *n, Object *o);
NODISCARD Value inspect_error(Inspector *n, Subject *s);

/* inspect_name.c */
NODISCARD Value inspect_constructor_name(Inspector *n, Object *o, int32_t depth, ValueList **inherited);
NODISCARD Value inspect_tag(Inspector *n, Object *o);
NODISCARD Value inspect_prefix(Inspector *n, const Subject *s, const char *otherwise, int64_t size);   // size -1: none
NODISCARD Value inspect_prefix_of_kind(Inspector *n, const Subject *s);
NODISCARD Value inspect_function(Inspector *n, Subject *s);
NODISCARD ValueList *inspect_keys(Inspector *n, Object *o, bool skips_elements);

/* inspect_layout.c */
NODISCARD Value inspect_lay_out(Inspector *n, ValueList *lines, const Subject *s, int32_t depth);
uint32_t inspect_width(LocalHeap *h, Value text);

/* inspect_text.c */
/** %s ASCII, %S a string's Value, %d int64_t. A %S that is VALUE_THROWN is the result. */
NODISCARD Value inspect_text(Inspector *n, const char *format, ...);
NODISCARD Value inspect_primitive(Inspector *n, Value v);
NODISCARD Value inspect_number(LocalHeap *h, Value v);
NODISCARD Value inspect_quoted(Inspector *n, String *s);
NODISCARD Value inspect_escaped(Inspector *n, String *s);
NODISCARD Value inspect_shift_lines(Inspector *n, Value text);           // indentation behind every line feed
NODISCARD Value inspect_more_items(Inspector *n, uint64_t count);
bool inspect_is_name(LocalHeap *h, String *s);
bool inspect_contains(LocalHeap *h, Value text, const char *ascii);

static inline bool inspect_is_empty(Value text) { return string_of(text)->length == 0; }

#endif
