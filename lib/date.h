/* SPDX-License-Identifier: MIT */
/* date.h - the cell of Date objects. */
#ifndef US_LIB_DATE_H
#define US_LIB_DATE_H

#include "vm/object/object.h"

typedef struct DateObject {              // KIND_DATE
    Object object;
    Value  time;                         // a number: the time value, or NaN
} DateObject;

void date_register_kinds(void);

#endif
