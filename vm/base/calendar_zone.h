/* SPDX-License-Identifier: MIT */
/* calendar_zone.h - local time: offsets from UTC by zone and moment, from the system's time zone database.
 *
 * I1  A zone is immutable once it is given out, and lives as long as the process: zones are kept in a
 *     registry by the text that asked for them.
 * I2  Any moment has an offset: before the first known change the first one, after the last the rule at the
 *     end of the zone's file, or the last one.
 * Threads: every function may be called on any thread. Locks: LOCK_ZONES, when a zone is asked for
 * by name. */
#ifndef US_BASE_CALENDAR_ZONE_H
#define US_BASE_CALENDAR_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "vm/base/attr.h"
#include "vm/base/calendar.h"

enum { CALENDAR_ZONE_NAME_BYTES = 48 };      // longer names are cut

/* A stretch of time with one offset. Good for a cache of the caller's: it stays true. */
typedef struct CalendarSpan {
    int64_t     start_ms, end_ms;    // it holds for start_ms <= t < end_ms, in the time that was asked in
    int32_t     offset_ms;           // local time is UTC plus this
    bool        is_summer;           // what people call summer or daylight time
    const char *abbreviation;        // such as "CET"; owned by the zone
} CalendarSpan;

/** The zone that `tz` names as the environment variable TZ would: `Europe/Berlin`, `:Europe/Berlin`, the path
 *  of a zone file, or a rule such as `CET-1CEST,M3.5.0,M10.5.0/3`. The empty text is UTC.
 *  NULL when there is no such zone. */
const CalendarZone *calendar_zone_get(const char *tz);

/** The zone of this process: that of TZ at the first call, without TZ that of /etc/localtime; UTC when that
 *  fails. */
const CalendarZone *calendar_zone_local(void);

/** Change the zone of this process, for all threads, as if TZ had been set so; NULL for TZ not set. */
void calendar_zone_set_local(const char *tz);

/** The zone's name in the database, such as `Europe/Berlin`; empty when it has none. */
const char *calendar_zone_id(const CalendarZone *zone);

/** The span around `t_ms`, which is a time value of UTC or of local time.
 *  A local time that a change of offset skips, or repeats, has the offset from before the
 *  change (21.4.1.26). */
CalendarSpan calendar_zone_find(const CalendarZone *zone, int64_t t_ms, bool is_utc);

/** A name for people, Latin-1: `Central European Summer Time`, else the abbreviation, else NULL when that is
 *  but a number. */
const char *calendar_zone_name(const CalendarZone *zone, const CalendarSpan *span);

/** LocalTime(t) and UTC(t), 21.4.1.25 and 21.4.1.26. NaN stays NaN. */
double calendar_zone_to_local(const CalendarZone *zone, double t);
double calendar_zone_to_utc(const CalendarZone *zone, double t);

#endif
