/* SPDX-License-Identifier: MIT */
#include "vm/base/calendar.h"

#include <math.h>
#include <string.h>

#include "vm/base/assert.h"
#include "vm/base/calendar_zone.h"
#include "vm/base/dtoa_int.h"

/* ---- abstract operations ---- */

static bool calendar_all_finite(double a, double b, double c)
{
    return isfinite(a) && isfinite(b) && isfinite(c);
}

double calendar_make_time(double hour, double minute, double second, double millisecond)
{
    if (!calendar_all_finite(hour, minute, second) || !isfinite(millisecond)) return NAN;
    return ((trunc(hour) * 3600000 + trunc(minute) * 60000) + trunc(second) * 1000) + trunc(millisecond);
}

/* The standard lets implementations refuse years that are far out; ours are those whose days are exact. */
double calendar_make_day(double year, double month, double date)
{
    if (!calendar_all_finite(year, month, date)) return NAN;
    double y = trunc(year), m = trunc(month), years = floor(m / 12);
    double full_year = y + years;
    if (!(fabs(full_year) < 0x1p40) || !(fabs(m) < 0x1p52)) return NAN;
    return (double)calendar_days_before_month((int64_t)full_year, (int)(m - years * 12)) + trunc(date) - 1;
}

double calendar_make_date(double day, double time)
{
    if (!isfinite(day) || !isfinite(time)) return NAN;
    double t = day * (double)CALENDAR_MS_PER_DAY + time;
    return isfinite(t) ? t : NAN;
}

double calendar_make_full_year(double year)
{
    if (isnan(year)) return NAN;
    double truncated = trunc(year);
    return 0 <= truncated && truncated <= 99 ? 1900 + truncated : truncated;
}

double calendar_time_clip(double time)
{
    if (!(fabs(time) <= (double)CALENDAR_MOST_MS)) return NAN;
    return trunc(time) + 0.0;        // never -0
}

/* ---- days and fields ----
 *
 * Both directions count years from March, so that the leap day comes last, and days from a year that is a
 * multiple of 400 before all that can occur. Quotients are by multiplication: Cassio Neri, Lorenz Schneider,
 * "Euclidean affine functions and their application to calendar algorithms", 2022. The paper proves its
 * constants for the operands that occur: days of a 400-year era, years of a century, days of a year. */

enum { DAYS_PER_ERA = 146097, DAYS_TO_MARCH_0000 = 719468 };

int64_t calendar_days_before_month(int64_t year, int month)
{
    ASSERT(0 <= month && month <= 11, "a month of the year");
    bool     is_before_march = month < 2;
    int64_t  y = year - is_before_march;
    int64_t  era = (y >= 0 ? y : y - 399) / 400;
    uint32_t year_of_era = (uint32_t)(y - era * 400);
    uint32_t month_from_march = (uint32_t)(month + 1 + (is_before_march ? 12 : 0));      // 3..14
    uint32_t days = year_of_era * 365 + year_of_era / 4 - year_of_era / 100;
    days += (979 * month_from_march - 2919) / 32;
    return era * DAYS_PER_ERA + days - DAYS_TO_MARCH_0000;
}

static void calendar_split_day(int64_t day, CalendarFields *out)
{
    const uint32_t eras = 720;                       // 288,000 years: more than time values reach back
    ASSERT(-(int64_t)eras * DAYS_PER_ERA < day && day < (1 << 29), "a day that time values reach");
    uint32_t days = (uint32_t)(day + DAYS_TO_MARCH_0000 + (int64_t)eras * DAYS_PER_ERA);
    uint32_t centuries = (4 * days + 3) / DAYS_PER_ERA;
    uint32_t day_of_century = (4 * days + 3) % DAYS_PER_ERA / 4;
    uint64_t product = UINT64_C(2939745) * (4 * day_of_century + 3);                     // 2^32 / 365.25 / 4
    uint32_t year_of_century = (uint32_t)(product >> 32);
    uint32_t day_of_year = (uint32_t)product / 2939745 / 4;
    uint32_t scaled = 2141 * day_of_year + 197913;                                       // 2^16 / 30.6
    bool     is_next_year = day_of_year >= 306;                                          // January, February
    out->year = (int32_t)(100 * centuries + year_of_century + is_next_year) - (int32_t)(eras * 400);
    out->month = (int32_t)(scaled >> 16) - (is_next_year ? 13 : 1);
    out->day = (int32_t)((scaled & 0xffff) / 2141) + 1;
    out->weekday = calendar_weekday(day);
}

void calendar_split(int64_t t_ms, CalendarFields *out)
{
    int64_t  day = calendar_day(t_ms);
    uint32_t rest = (uint32_t)(t_ms - day * CALENDAR_MS_PER_DAY);
    calendar_split_day(day, out);
    out->hour = (int32_t)(rest / 3600000);
    out->minute = (int32_t)(rest / 60000 % 60);
    out->second = (int32_t)(rest / 1000 % 60);
    out->millisecond = (int32_t)(rest % 1000);
}

/* ---- texts ---- */

static const char calendar_weekdays[] = "SunMonTueWedThuFriSat";
static const char calendar_months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static char *calendar_put(char *p, const char *text, size_t length)
{
    memcpy(p, text, length);
    return p + length;
}

static char *calendar_put_number(char *p, int32_t number, int digits)
{
    dtoa_write_padded((uint64_t)number, digits, p);
    return p + digits;
}

/* The year as toString has it: a sign when negative, and four digits or more. */
static char *calendar_put_year(char *p, int32_t year)
{
    if (year < 0) *p++ = '-';
    int32_t size = year < 0 ? -year : year;
    return calendar_put_number(p, size, size < 10000 ? 4 : size < 100000 ? 5 : 6);
}

static char *calendar_put_clock(char *p, const CalendarFields *f)
{
    p = calendar_put_number(p, f->hour, 2);
    *p++ = ':';
    p = calendar_put_number(p, f->minute, 2);
    *p++ = ':';
    return calendar_put_number(p, f->second, 2);
}

size_t calendar_write_iso(int64_t t_ms, char out[CALENDAR_TEXT_BYTES])
{
    CalendarFields f;
    calendar_split(t_ms, &f);
    char *p = out;
    if (0 <= f.year && f.year <= 9999) {
        p = calendar_put_number(p, f.year, 4);
    } else {
        *p++ = f.year < 0 ? '-' : '+';
        p = calendar_put_number(p, f.year < 0 ? -f.year : f.year, 6);
    }
    *p++ = '-';
    p = calendar_put_number(p, f.month + 1, 2);
    *p++ = '-';
    p = calendar_put_number(p, f.day, 2);
    *p++ = 'T';
    p = calendar_put_clock(p, &f);
    *p++ = '.';
    p = calendar_put_number(p, f.millisecond, 3);
    *p++ = 'Z';
    return (size_t)(p - out);
}

size_t calendar_write_utc(int64_t t_ms, char out[CALENDAR_TEXT_BYTES])
{
    CalendarFields f;
    calendar_split(t_ms, &f);
    char *p = calendar_put(out, &calendar_weekdays[f.weekday * 3], 3);
    p = calendar_put(p, ", ", 2);
    p = calendar_put_number(p, f.day, 2);
    *p++ = ' ';
    p = calendar_put(p, &calendar_months[f.month * 3], 3);
    *p++ = ' ';
    p = calendar_put_year(p, f.year);
    *p++ = ' ';
    p = calendar_put_clock(p, &f);
    p = calendar_put(p, " GMT", 4);
    return (size_t)(p - out);
}

static char *calendar_put_date(char *p, const CalendarFields *f)
{
    p = calendar_put(p, &calendar_weekdays[f->weekday * 3], 3);
    *p++ = ' ';
    p = calendar_put(p, &calendar_months[f->month * 3], 3);
    *p++ = ' ';
    p = calendar_put_number(p, f->day, 2);
    *p++ = ' ';
    return calendar_put_year(p, f->year);
}

/* +hh and mm, with `between` between them unless it is 0; seconds are left out. */
static char *calendar_put_offset(char *p, int32_t offset_ms, char between)
{
    int32_t minutes = (offset_ms < 0 ? -offset_ms : offset_ms) / 60000;
    *p++ = offset_ms < 0 ? '-' : '+';
    p = calendar_put_number(p, minutes / 60, 2);
    if (between) *p++ = between;
    return calendar_put_number(p, minutes % 60, 2);
}

/* TimeString and TimeZoneString, 21.4.4.41.2 and .3. */
static char *calendar_put_time(char *p, const CalendarFields *f, const CalendarZone *zone,
                               const CalendarSpan *span)
{
    p = calendar_put_clock(p, f);
    p = calendar_put(p, " GMT", 4);
    p = calendar_put_offset(p, span->offset_ms, 0);
    p = calendar_put(p, " (", 2);
    const char *name = calendar_zone_name(zone, span);
    if (name) {
        size_t length = strnlen(name, CALENDAR_ZONE_NAME_BYTES);
        p = calendar_put(p, name, length);
    } else {
        p = calendar_put(p, "GMT", 3);
        p = calendar_put_offset(p, span->offset_ms, ':');
    }
    *p++ = ')';
    return p;
}

size_t calendar_write_local(int64_t t_ms, const CalendarZone *zone, char out[CALENDAR_TEXT_BYTES])
{
    CalendarSpan   span = calendar_zone_find(zone, t_ms, true);
    CalendarFields f;
    calendar_split(t_ms + span.offset_ms, &f);
    char *p = calendar_put_date(out, &f);
    *p++ = ' ';
    return (size_t)(calendar_put_time(p, &f, zone, &span) - out);
}

size_t calendar_write_local_date(int64_t t_ms, const CalendarZone *zone, char out[CALENDAR_TEXT_BYTES])
{
    CalendarFields f;
    calendar_split(t_ms + calendar_zone_find(zone, t_ms, true).offset_ms, &f);
    return (size_t)(calendar_put_date(out, &f) - out);
}

size_t calendar_write_local_time(int64_t t_ms, const CalendarZone *zone, char out[CALENDAR_TEXT_BYTES])
{
    CalendarSpan   span = calendar_zone_find(zone, t_ms, true);
    CalendarFields f;
    calendar_split(t_ms + span.offset_ms, &f);
    return (size_t)(calendar_put_time(out, &f, zone, &span) - out);
}
