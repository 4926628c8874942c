/* SPDX-License-Identifier: MIT */
/* Date.prototype's setters (ECMA-262 21.4.4.20 to 21.4.4.34, B.2.3.2). */
#include "lib/date_int.h"

static Value lib_date_store(DateObject *d, double t)
{
    Value v = value_from_double(calendar_time_clip(t));
    cell_slot_set(&d->time, v);
    return v;
}

/* Put fields together again and store them. */
static Value lib_date_store_fields(DateObject *d, const double f[DATE_FIELD_COUNT], bool is_utc)
{
    double time = calendar_make_time(f[DATE_HOUR], f[DATE_MINUTE], f[DATE_SECOND], f[DATE_MILLISECOND]);
    double t = calendar_make_date(calendar_make_day(f[DATE_YEAR], f[DATE_MONTH], f[DATE_DAY]), time);
    return lib_date_store(d, is_utc ? t : calendar_zone_to_utc(calendar_zone_local(), t));
}

/* How many fields a setter that begins with `first` may take. */
static uint32_t lib_date_field_limit(int first)
{
    switch (first) {
    case DATE_YEAR:  return 3;
    case DATE_MONTH: return 2;
    case DATE_DAY:   return 1;
    default:         return (uint32_t)(DATE_FIELD_COUNT - first);
    }
}

/* magic: the first field, with DATE_UTC. All arguments are converted, whether there is a time to change or not. */
static Value lib_date_set(Goroutine *g, Args a)
{
    double given[DATE_FIELD_COUNT], fields[DATE_FIELD_COUNT];
    int magic = args_magic(a), first = magic & ~DATE_UTC;
    bool is_utc = (magic & DATE_UTC) != 0;
    uint32_t limit = lib_date_field_limit(first), count = a.count < limit ? a.count : limit;
    DateObject *d = lib_date_this(g, a);
    if (!d) return VALUE_THROWN;
    double t = value_number(cell_slot_get(&d->time));
    if (count == 0) count = 1;
    for (uint32_t i = 0; i < count; i++) OK(convert_to_double(g, arg(a, i), &given[i]));
    if (isnan(t)) {
        if (first != DATE_YEAR) return VALUE_NAN;
        lib_date_fields(0, true, fields);
    } else {
        lib_date_fields(t, is_utc, fields);
    }
    for (uint32_t i = 0; i < count; i++) fields[first + (int)i] = given[i];
    return lib_date_store_fields(d, fields, is_utc);
}

/* 21.4.4.27. */
static Value lib_date_set_time(Goroutine *g, Args a)
{
    double t;
    DateObject *d = lib_date_this(g, a);
    if (!d) return VALUE_THROWN;
    OK(convert_to_double(g, arg(a, 0), &t));
    return lib_date_store(d, t);
}

/* B.2.3.2. */
static Value lib_date_set_year(Goroutine *g, Args a)
{
    double year, fields[DATE_FIELD_COUNT];
    DateObject *d = lib_date_this(g, a);
    if (!d) return VALUE_THROWN;
    double t = value_number(cell_slot_get(&d->time));
    OK(convert_to_double(g, arg(a, 0), &year));
    lib_date_fields(isnan(t) ? 0 : t, isnan(t), fields);
    fields[DATE_YEAR] = calendar_make_full_year(year);
    return lib_date_store_fields(d, fields, false);
}

static const NativeSpec lib_date_setters[] = {
    LIB_MAGIC("setDate", 1, lib_date_set, DATE_DAY),
    LIB_MAGIC("setFullYear", 3, lib_date_set, DATE_YEAR),
    LIB_MAGIC("setHours", 4, lib_date_set, DATE_HOUR),
    LIB_MAGIC("setMilliseconds", 1, lib_date_set, DATE_MILLISECOND),
    LIB_MAGIC("setMinutes", 3, lib_date_set, DATE_MINUTE),
    LIB_MAGIC("setMonth", 2, lib_date_set, DATE_MONTH),
    LIB_MAGIC("setSeconds", 2, lib_date_set, DATE_SECOND),
    LIB_METHOD("setTime", 1, lib_date_set_time),
    LIB_MAGIC("setUTCDate", 1, lib_date_set, DATE_UTC | DATE_DAY),
    LIB_MAGIC("setUTCFullYear", 3, lib_date_set, DATE_UTC | DATE_YEAR),
    LIB_MAGIC("setUTCHours", 4, lib_date_set, DATE_UTC | DATE_HOUR),
    LIB_MAGIC("setUTCMilliseconds", 1, lib_date_set, DATE_UTC | DATE_MILLISECOND),
    LIB_MAGIC("setUTCMinutes", 3, lib_date_set, DATE_UTC | DATE_MINUTE),
    LIB_MAGIC("setUTCMonth", 2, lib_date_set, DATE_UTC | DATE_MONTH),
    LIB_MAGIC("setUTCSeconds", 2, lib_date_set, DATE_UTC | DATE_SECOND),
    LIB_METHOD("setYear", 1, lib_date_set_year),
};

void lib_date_install_setters(const Lib *lib, Value proto)
{
    INSTALL_TABLE(lib, proto, lib_date_setters);
}
