/* SPDX-License-Identifier: MIT */
/* Date (ECMA-262 21.4): the constructor, getters and texts. Setters are in date_set.c. */
#include "lib/date.h"

#include <stdio.h>

#include "lib/date_int.h"
#include "vm/base/clock.h"
#include "vm/object/kinds.h"

enum { DATE_NS_PER_MS = 1000000 };

static double lib_date_now_ms(void)
{
    return (double)(clock_wall_ns() / DATE_NS_PER_MS);
}

DateObject *lib_date_this(Goroutine *g, Args a)
{
    if (LIKELY(value_is_kind(a.self, KIND_DATE))) return (DateObject *)value_cell(a.self);
    error_throw(g, ERROR_TYPE, "this is not a Date object.");
    return NULL;
}

static Value lib_date_text(Goroutine *g, const char *text, size_t length)
{
    return value_from_cell(string_new_latin1(&g->heap, (const uint8_t *)text, length));
}

static Value lib_date_local_text(Goroutine *g, double t)
{
    char text[CALENDAR_TEXT_BYTES];
    if (isnan(t)) return value_from_cell(string_new_text(&g->heap, "Invalid Date"));
    return lib_date_text(g, text, calendar_write_local((int64_t)t, calendar_zone_local(), text));
}

/* ---- the constructor (21.4.2, 21.4.3) ---------------------------------------------------------------------------- */

/* Year, month and what else is given, as a time without a zone, not clipped. False: thrown. */
static bool lib_date_from_fields(Goroutine *g, Args a, double *t)
{
    double f[DATE_FIELD_COUNT] = { NAN, 0, 1, 0, 0, 0, 0 };
    for (uint32_t i = 0; i < DATE_FIELD_COUNT && (i == 0 || i < a.count); i++) OK_BOOL(convert_to_double(g, arg(a, i), &f[i]));
    double day = calendar_make_day(calendar_make_full_year(f[DATE_YEAR]), f[DATE_MONTH], f[DATE_DAY]);
    *t = calendar_make_date(day, calendar_make_time(f[DATE_HOUR], f[DATE_MINUTE], f[DATE_SECOND], f[DATE_MILLISECOND]));
    return true;
}

/* The time value of one argument (21.4.2.1, step 4). False: thrown. */
static bool lib_date_from_value(Goroutine *g, Value v, double *t)
{
    if (value_is_kind(v, KIND_DATE)) {
        *t = value_number(((const DateObject *)value_cell(v))->time);
        return true;
    }
    v = TRY_BOOL(convert_to_primitive(g, v, HINT_DEFAULT));
    if (value_is_string(v)) {
        *t = calendar_parse_date(string_view(&g->heap, string_of(v)), calendar_zone_local());
        return true;
    }
    OK_BOOL(convert_to_double(g, v, t));
    *t = calendar_time_clip(*t);
    return true;
}

/* 21.4.2.1. */
static Value lib_date_construct(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    double t = lib_date_now_ms();
    if (!args_is_construct(a)) return lib_date_local_text(g, t);
    if (a.count == 1) OK(lib_date_from_value(g, arg(a, 0), &t));
    if (a.count > 1) {
        OK(lib_date_from_fields(g, a, &t));
        t = calendar_time_clip(calendar_zone_to_utc(calendar_zone_local(), t));
    }
    Value proto = TRY(function_prototype_for(g, args_new_target(a), INTRINSIC_DatePrototype));
    DateObject *d = object_alloc(h, object_root_shape(h, KIND_DATE, proto, 0), sizeof *d);
    d->time = value_from_double(t);
    return value_from_cell(d);
}

/* 21.4.3.1. */
static Value lib_date_now(Goroutine *g, Args a)
{
    (void)g;
    (void)a;
    return value_from_double(lib_date_now_ms());
}

/* 21.4.3.2. */
static Value lib_date_parse(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    return value_from_double(calendar_parse_date(string_view(&g->heap, s), calendar_zone_local()));
}

/* 21.4.3.4. */
static Value lib_date_utc(Goroutine *g, Args a)
{
    double t;
    OK(lib_date_from_fields(g, a, &t));
    return value_from_double(calendar_time_clip(t));
}

/* ---- getters (21.4.4.2 to 21.4.4.19) ----------------------------------------------------------------------------- */

double lib_date_fields(double t, bool is_utc, double fields[DATE_FIELD_COUNT])
{
    CalendarFields f;
    if (!is_utc) t = calendar_zone_to_local(calendar_zone_local(), t);
    calendar_split((int64_t)t, &f);
    const int32_t all[DATE_FIELD_COUNT] = { f.year, f.month, f.day, f.hour, f.minute, f.second, f.millisecond };
    for (int i = 0; i < DATE_FIELD_COUNT; i++) fields[i] = all[i];
    return f.weekday;
}

/* magic: a DATE_ field, or DATE_WEEKDAY, or DATE_OLD_YEAR; with DATE_UTC. */
static Value lib_date_get(Goroutine *g, Args a)
{
    double fields[DATE_FIELD_COUNT];
    int magic = args_magic(a), field = magic & ~DATE_UTC;
    DateObject *d = lib_date_this(g, a);
    if (!d) return VALUE_THROWN;
    double t = value_number(cell_slot_get(&d->time));
    if (isnan(t)) return VALUE_NAN;
    double weekday = lib_date_fields(t, magic & DATE_UTC, fields);
    if (field == DATE_WEEKDAY) return value_from_double(weekday);
    return value_from_double(field == DATE_OLD_YEAR ? fields[DATE_YEAR] - 1900 : fields[field]);
}

/* getTime (21.4.4.10), valueOf (21.4.4.44). */
static Value lib_date_get_time(Goroutine *g, Args a)
{
    DateObject *d = lib_date_this(g, a);
    return d ? cell_slot_get(&d->time) : VALUE_THROWN;
}

/* 21.4.4.11. */
static Value lib_date_get_offset(Goroutine *g, Args a)
{
    DateObject *d = lib_date_this(g, a);
    if (!d) return VALUE_THROWN;
    double t = value_number(cell_slot_get(&d->time));
    if (isnan(t)) return VALUE_NAN;
    return value_from_double((t - calendar_zone_to_local(calendar_zone_local(), t)) / 60000);
}

/* ---- texts (21.4.4.35 to 21.4.4.43) ------------------------------------------------------------------------------ */

/* What toLocaleString writes in en-US: the date, the time, or both. */
enum { LOCALE_DATE = 1, LOCALE_TIME = 2 };

static size_t lib_date_write_locale(double t, int parts, char out[CALENDAR_TEXT_BYTES])
{
    CalendarFields f;
    size_t length = 0;
    calendar_split((int64_t)calendar_zone_to_local(calendar_zone_local(), t), &f);
    if (parts & LOCALE_DATE) length += (size_t)snprintf(out, CALENDAR_TEXT_BYTES / 2, "%d/%d/%d", f.month + 1, f.day, f.year);
    if (parts == (LOCALE_DATE | LOCALE_TIME)) length += (size_t)snprintf(out + length, 3, ", ");
    if (parts & LOCALE_TIME)
        length += (size_t)snprintf(out + length, CALENDAR_TEXT_BYTES / 2, "%d:%02d:%02d %s", (f.hour + 11) % 12 + 1, f.minute,
                                   f.second, f.hour < 12 ? "AM" : "PM");
    return length;
}

static size_t lib_date_write_string(double t, char out[CALENDAR_TEXT_BYTES])
{
    return calendar_write_local((int64_t)t, calendar_zone_local(), out);
}

static size_t lib_date_write_date(double t, char out[CALENDAR_TEXT_BYTES])
{
    return calendar_write_local_date((int64_t)t, calendar_zone_local(), out);
}

static size_t lib_date_write_time(double t, char out[CALENDAR_TEXT_BYTES])
{
    return calendar_write_local_time((int64_t)t, calendar_zone_local(), out);
}

static size_t lib_date_write_utc(double t, char out[CALENDAR_TEXT_BYTES])
{
    return calendar_write_utc((int64_t)t, out);
}

static size_t lib_date_write_both(double t, char out[CALENDAR_TEXT_BYTES])
{
    return lib_date_write_locale(t, LOCALE_DATE | LOCALE_TIME, out);
}

static size_t lib_date_write_locale_date(double t, char out[CALENDAR_TEXT_BYTES])
{
    return lib_date_write_locale(t, LOCALE_DATE, out);
}

static size_t lib_date_write_locale_time(double t, char out[CALENDAR_TEXT_BYTES])
{
    return lib_date_write_locale(t, LOCALE_TIME, out);
}

enum { WRITE_STRING, WRITE_DATE, WRITE_TIME, WRITE_UTC, WRITE_LOCALE, WRITE_LOCALE_DATE, WRITE_LOCALE_TIME };

/* magic: WRITE_. */
static Value lib_date_to_string(Goroutine *g, Args a)
{
    static size_t (*const writers[])(double t, char out[CALENDAR_TEXT_BYTES]) = {
        lib_date_write_string, lib_date_write_date, lib_date_write_time, lib_date_write_utc, lib_date_write_both,
        lib_date_write_locale_date, lib_date_write_locale_time,
    };
    char text[CALENDAR_TEXT_BYTES];
    DateObject *d = lib_date_this(g, a);
    if (!d) return VALUE_THROWN;
    double t = value_number(cell_slot_get(&d->time));
    if (isnan(t)) return value_from_cell(string_new_text(&g->heap, "Invalid Date"));
    return lib_date_text(g, text, writers[args_magic(a)](t, text));
}

/* 21.4.4.36. */
static Value lib_date_to_iso_string(Goroutine *g, Args a)
{
    char text[CALENDAR_TEXT_BYTES];
    DateObject *d = lib_date_this(g, a);
    if (!d) return VALUE_THROWN;
    double t = value_number(cell_slot_get(&d->time));
    if (isnan(t)) return error_throw(g, ERROR_RANGE, "Invalid time value");
    return lib_date_text(g, text, calendar_write_iso((int64_t)t, text));
}

/* 21.4.4.37. */
static Value lib_date_to_json(Goroutine *g, Args a)
{
    Value o = TRY(convert_to_object(g, a.self));
    Value t = TRY(convert_to_primitive(g, o, HINT_NUMBER));
    if (value_is_number(t) && !isfinite(value_number(t))) return VALUE_NULL;
    return object_invoke(g, o, intern_key_text(&g->heap, "toISOString"), 0, NULL);
}

/* 21.4.4.45. */
static Value lib_date_to_primitive(Goroutine *g, Args a)
{
    LocalHeap *h = &g->heap;
    Value hint = arg(a, 0);
    if (!value_is_object(a.self)) return error_throw(g, ERROR_TYPE, "Date.prototype [ @@toPrimitive ] called on non-object");
    if (value_is_string(hint)) {
        String *s = string_of(hint);
        if (string_equal_text(h, s, "string") || string_equal_text(h, s, "default"))
            return convert_ordinary_to_primitive(g, object_of(a.self), HINT_STRING);
        if (string_equal_text(h, s, "number")) return convert_ordinary_to_primitive(g, object_of(a.self), HINT_NUMBER);
    }
    return error_throw(g, ERROR_TYPE, "Invalid hint: %V", hint);
}

/* ---- installation ------------------------------------------------------------------------------------------------ */

void date_register_kinds(void)
{
    kinds_register(KIND_DATE, &(GcKind){ .name = "DATE", .base_bytes = sizeof(DateObject) }, NULL);
}

static const NativeSpec lib_date_functions[] = {
    LIB_METHOD("UTC", 7, lib_date_utc),
    LIB_METHOD("now", 0, lib_date_now),
    LIB_METHOD("parse", 1, lib_date_parse),
};

static const NativeSpec lib_date_prototype[] = {
    LIB_MAGIC("getDate", 0, lib_date_get, DATE_DAY),
    LIB_MAGIC("getDay", 0, lib_date_get, DATE_WEEKDAY),
    LIB_MAGIC("getFullYear", 0, lib_date_get, DATE_YEAR),
    LIB_MAGIC("getHours", 0, lib_date_get, DATE_HOUR),
    LIB_MAGIC("getMilliseconds", 0, lib_date_get, DATE_MILLISECOND),
    LIB_MAGIC("getMinutes", 0, lib_date_get, DATE_MINUTE),
    LIB_MAGIC("getMonth", 0, lib_date_get, DATE_MONTH),
    LIB_MAGIC("getSeconds", 0, lib_date_get, DATE_SECOND),
    LIB_METHOD("getTime", 0, lib_date_get_time),
    LIB_METHOD("getTimezoneOffset", 0, lib_date_get_offset),
    LIB_MAGIC("getUTCDate", 0, lib_date_get, DATE_UTC | DATE_DAY),
    LIB_MAGIC("getUTCDay", 0, lib_date_get, DATE_UTC | DATE_WEEKDAY),
    LIB_MAGIC("getUTCFullYear", 0, lib_date_get, DATE_UTC | DATE_YEAR),
    LIB_MAGIC("getUTCHours", 0, lib_date_get, DATE_UTC | DATE_HOUR),
    LIB_MAGIC("getUTCMilliseconds", 0, lib_date_get, DATE_UTC | DATE_MILLISECOND),
    LIB_MAGIC("getUTCMinutes", 0, lib_date_get, DATE_UTC | DATE_MINUTE),
    LIB_MAGIC("getUTCMonth", 0, lib_date_get, DATE_UTC | DATE_MONTH),
    LIB_MAGIC("getUTCSeconds", 0, lib_date_get, DATE_UTC | DATE_SECOND),
    LIB_MAGIC("getYear", 0, lib_date_get, DATE_OLD_YEAR),
    LIB_MAGIC("toDateString", 0, lib_date_to_string, WRITE_DATE),
    LIB_METHOD("toISOString", 0, lib_date_to_iso_string),
    LIB_METHOD("toJSON", 1, lib_date_to_json),
    LIB_MAGIC("toLocaleDateString", 0, lib_date_to_string, WRITE_LOCALE_DATE),
    LIB_MAGIC("toLocaleString", 0, lib_date_to_string, WRITE_LOCALE),
    LIB_MAGIC("toLocaleTimeString", 0, lib_date_to_string, WRITE_LOCALE_TIME),
    LIB_MAGIC("toString", 0, lib_date_to_string, WRITE_STRING),
    LIB_MAGIC("toTimeString", 0, lib_date_to_string, WRITE_TIME),
    LIB_MAGIC("toUTCString", 0, lib_date_to_string, WRITE_UTC),
    LIB_METHOD("valueOf", 0, lib_date_get_time),
};

void lib_date_install(const Lib *lib)
{
    static const NativeSpec date = LIB_CONSTRUCTOR("Date", 7, lib_date_construct);
    static const NativeSpec to_primitive = LIB_METHOD("[Symbol.toPrimitive]", 1, lib_date_to_primitive);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &date, INTRINSIC_Date, INTRINSIC_DatePrototype, object_proto, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_DatePrototype);
    INSTALL_TABLE(lib, value_from_cell(c), lib_date_functions);
    INSTALL_TABLE(lib, proto, lib_date_prototype);
    lib_date_install_setters(lib, proto);
    install_value(lib, proto, "toGMTString", install_read(lib, proto, "toUTCString"), PROPERTY_METHOD);
    install_value(lib, proto, "[Symbol.toPrimitive]", install_function(lib, &to_primitive), PROPERTY_CONFIGURABLE);
}
