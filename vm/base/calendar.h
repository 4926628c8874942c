/* SPDX-License-Identifier: MIT */
/* calendar.h - date arithmetic without objects, ECMA-262 21.4: days, clock times, texts.
 *
 * A time value is a count of milliseconds since 1970-01-01T00:00:00Z in the Gregorian calendar, without leap
 * seconds; as a double it may be NaN. Functions named after abstract operations take and give doubles and
 * follow the operation to the letter; the others take an int64_t that is a time value, valid or off by a
 * zone's offset: |t_ms| <= CALENDAR_MOST_MS + CALENDAR_MS_PER_DAY.
 * Zones are in calendar_zone.h. Pure functions, any thread. */
#ifndef US_BASE_CALENDAR_H
#define US_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"
#include "vm/base/text.h"

#define CALENDAR_MS_PER_DAY INT64_C(86400000)
#define CALENDAR_MOST_MS    INT64_C(8640000000000000)

typedef struct CalendarZone CalendarZone;

typedef struct CalendarFields {
    int32_t year;
    int32_t month;                   // 0..11
    int32_t day;                     // 1..31
    int32_t weekday;                 // 0 is Sunday
    int32_t hour, minute, second, millisecond;
} CalendarFields;

/* ---- abstract operations ---- */

double calendar_make_time(double hour, double minute, double second, double millisecond);  // 21.4.1.27
double calendar_make_day(double year, double month, double date);                           // 21.4.1.28
double calendar_make_date(double day, double time);                                         // 21.4.1.29
double calendar_make_full_year(double year);                                                // 21.4.1.30
double calendar_time_clip(double time);                                                     // 21.4.1.31

/* ---- days and fields ---- */

/** Days from 1970-01-01 to the first of a month (0..11). |year| < 2^40. */
int64_t calendar_days_before_month(int64_t year, int month);

void calendar_split(int64_t t_ms, CalendarFields *out);

/** The day's number and the milliseconds since its midnight. */
static inline int64_t calendar_day(int64_t t_ms)
{
    return t_ms >= 0 ? t_ms / CALENDAR_MS_PER_DAY : ~(~t_ms / CALENDAR_MS_PER_DAY);
}

static inline int32_t calendar_time_within_day(int64_t t_ms)
{
    return (int32_t)(t_ms - calendar_day(t_ms) * CALENDAR_MS_PER_DAY);
}

static inline int calendar_weekday(int64_t day)
{
    int rest = (int)((day + 4) % 7);
    return rest < 0 ? rest + 7 : rest;
}

static inline bool calendar_is_leap_year(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* ---- texts: Latin-1, without NUL; they return the length ---- */

enum { CALENDAR_TEXT_BYTES = 128 };

size_t calendar_write_iso(int64_t t_ms, char out[CALENDAR_TEXT_BYTES]);      // 2020-01-02T03:04:05.006Z
size_t calendar_write_utc(int64_t t_ms, char out[CALENDAR_TEXT_BYTES]);      // Thu, 02 Jan 2020 03:04:05 GMT

/** toString: `Thu Jan 02 2020 03:04:05 GMT+0100 (Central European Standard Time)`; its parts follow. */
size_t calendar_write_local(int64_t t_ms, const CalendarZone *zone, char out[CALENDAR_TEXT_BYTES]);
size_t calendar_write_local_date(int64_t t_ms, const CalendarZone *zone, char out[CALENDAR_TEXT_BYTES]);
size_t calendar_write_local_time(int64_t t_ms, const CalendarZone *zone, char out[CALENDAR_TEXT_BYTES]);

/** Date.parse, 21.4.3.2: the time value, or NaN. Understands the format of 21.4.1.32 and, like other engines,
 *  the outputs above and what people write: `Jan 2, 2020 3:04 pm`, `2020/1/2`, `2 Jan 2020 03:04:05 +0100`.
 *  Without an offset in the text, `zone` decides, except for a date alone in the standard's format, which is
 *  UTC. */
double calendar_parse_date(TextView text, const CalendarZone *zone);

#endif
