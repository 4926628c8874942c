/* SPDX-License-Identifier: MIT */
/* json.h - JSON's kind of cell. */
#ifndef US_LIB_JSON_H
#define US_LIB_JSON_H

#include "vm/object/list.h"
#include "vm/value/string.h"

/** ParseJSON (ECMA-262 25.5.1.1): the value of `text`. `record`, when not NULL, becomes the JSON Parse Record: a list
 *  of the value, its source text (undefined unless it is a primitive), and the records of its elements, or keys and
 *  records by turns. */
NODISCARD Value json_parse(Goroutine *g, String *text, ValueList **record);
enum { JSON_RECORD_VALUE, JSON_RECORD_SOURCE, JSON_RECORD_PARTS };

void json_register_kinds(void);

#endif
