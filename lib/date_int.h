/* SPDX-License-Identifier: MIT */
/* date_int.h - what the files of Date share. */
#ifndef US_LIB_DATE_INT_H
#define US_LIB_DATE_INT_H

#include "lib/date.h"
#include "lib/families.h"
#include "vm/base/calendar_zone.h"

enum {                                   // fields in the order of the constructor's parameters
    DATE_YEAR, DATE_MONTH, DATE_DAY, DATE_HOUR, DATE_MINUTE, DATE_SECOND, DATE_MILLISECOND, DATE_FIELD_COUNT,
    DATE_WEEKDAY = DATE_FIELD_COUNT,     // and these of getters
    DATE_OLD_YEAR,
    DATE_UTC = 32,                       // added: not in local time
};

/** `this` as a Date; NULL: thrown. */
NODISCARD DateObject *lib_date_this(Goroutine *g, Args a);

/** The fields of `t`, which is no NaN, and the weekday. */
double lib_date_fields(double t, bool is_utc, double fields[DATE_FIELD_COUNT]);

void lib_date_install_setters(const Lib *lib, Value proto);

#endif
