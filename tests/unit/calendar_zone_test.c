/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/base/calendar_zone.h"
#include "vm/base/thread.h"

enum { HOUR_MS = 3600000 };

static int64_t utc(int64_t year, int month, int day, int hour)
{
    return (calendar_days_before_month(year, month) + day - 1) * CALENDAR_MS_PER_DAY + hour * HOUR_MS;
}

static int offset_hours(const CalendarZone *z, int64_t t_ms)
{
    return calendar_zone_find(z, t_ms, true).offset_ms / HOUR_MS;
}

/* Rules need no database; so most tests use them. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

TEST(calendar_zone_follows_a_rule_in_any_year)
{
    const CalendarZone *z = calendar_zone_get(BERLIN);
    static const int years[] = { 1600, 1970, 2024, 2025, 2098, 2099, 2100, 2101, 2400, 9999, 275000, -99 };
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        EXPECT_EQ(1, offset_hours(z, utc(years[i], 0, 1, 0)));
        EXPECT_EQ(2, offset_hours(z, utc(years[i], 6, 1, 0)));
        int64_t last = calendar_days_before_month(years[i], 3) - 1;      // of March; back to its last Sunday
        int64_t change_ms = (last - calendar_weekday(last)) * CALENDAR_MS_PER_DAY + HOUR_MS;
        EXPECT_EQ(1, offset_hours(z, change_ms - 1));
        EXPECT_EQ(2, offset_hours(z, change_ms));
        EXPECT_EQ(1, offset_hours(z, utc(years[i], 11, 31, 23)));
    }
}

TEST(calendar_zone_gives_skipped_and_repeated_times_the_offset_from_before)
{
    const CalendarZone *z = calendar_zone_get(BERLIN);
    double skipped = (double)utc(2021, 2, 28, 2) + 30 * 60000;           // 02:30 is not on the clock
    EXPECT(calendar_zone_to_utc(z, skipped) == skipped - HOUR_MS);
    EXPECT(calendar_zone_to_utc(z, (double)utc(2021, 2, 28, 3)) == (double)utc(2021, 2, 28, 1));
    double repeated = (double)utc(2021, 9, 31, 2) + 30 * 60000;          // 02:30 comes twice
    EXPECT(calendar_zone_to_utc(z, repeated) == repeated - 2 * HOUR_MS);
    EXPECT(calendar_zone_to_utc(z, (double)utc(2021, 9, 31, 3)) == (double)utc(2021, 9, 31, 2));
    EXPECT(calendar_zone_to_local(z, (double)utc(2021, 6, 1, 0)) == (double)utc(2021, 6, 1, 2));
    EXPECT(isnan(calendar_zone_to_utc(z, NAN)) && isnan(calendar_zone_to_local(z, NAN)));
    EXPECT(calendar_zone_to_utc(z, 1e300) == 1e300);
}

TEST(calendar_zone_spans_hold_where_they_say)
{
    static const char *const rules[] = {
        BERLIN, "EST5EDT", "NZST-12NZDT,M9.5.0,M4.1.0/3", "UTC0", "IST-1GMT0,M10.5.0,M3.5.0/1",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const CalendarZone *z = calendar_zone_get(rules[i]);
        for (int is_utc = 0; is_utc < 2; is_utc++) {
            int64_t t_ms = utc(1965, 0, 1, 0);
            for (int steps = 0; t_ms < utc(2110, 0, 1, 0) && steps < 1000; steps++) {
                CalendarSpan span = calendar_zone_find(z, t_ms, is_utc);
                EXPECT(span.start_ms <= t_ms && t_ms < span.end_ms);
                if (span.end_ms == INT64_MAX) break;
                EXPECT_EQ(span.offset_ms, calendar_zone_find(z, span.end_ms - 1, is_utc).offset_ms);
                if (span.start_ms != INT64_MIN)
                    EXPECT_EQ(span.offset_ms, calendar_zone_find(z, span.start_ms, is_utc).offset_ms);
                t_ms = span.end_ms;
            }
        }
    }
}

TEST(calendar_zone_reads_all_forms_of_rules)
{
    const CalendarZone *z = calendar_zone_get("<-03>3<-02>,J60/0:30,300/-1:30:15");
    EXPECT(z != NULL);
    if (!z) return;
    int64_t start_ms = utc(2024, 2, 1, 3) + 30 * 60000;                  // J60 is March 1, also in leap years
    EXPECT_EQ(-3, offset_hours(z, start_ms - 1));
    EXPECT_EQ(-2, offset_hours(z, start_ms));
    int64_t end_day = calendar_days_before_month(2024, 0) + 300;
    int64_t end_ms = end_day * CALENDAR_MS_PER_DAY - 5415000 + 2 * HOUR_MS;
    EXPECT_EQ(-2, offset_hours(z, end_ms - 1));
    EXPECT_EQ(-3, offset_hours(z, end_ms));
    EXPECT(calendar_zone_name(z, &(CalendarSpan){ .abbreviation = "-03" }) == NULL);
    z = calendar_zone_get("XXX3EDT4,0/0,J365/23");                       // summer all year
    for (int year = 2000; year < 2110; year++) {
        for (int month = 0; month < 12; month++) EXPECT_EQ(-4, offset_hours(z, utc(year, month, 1, 2)));
    }
    static const char *const wrong[] = {
        "XY1", "XYZ", "XYZ25:00", "XYZ1ABC,M3.5.0", "XYZ1ABC,M3.5.0,M13.1.0", "XYZ1ABC,J0,J1",
        "XYZ1ABC,M3.5.0,M10.5.0x", "<X", "XYZ1:60", "XYZ1ABC,M3.6.0,M10.5.0", "../etc/passwd",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) EXPECT(calendar_zone_get(wrong[i]) == NULL);
    EXPECT(calendar_zone_get("") == calendar_zone_get("UTC"));
}

/* A small file of version 2: UTC+1, from 2000-01-01 on UTC+2, with a rule behind. */
static size_t make_file(uint8_t *out, bool has_rule)
{
    static const uint8_t kinds[] = { 0, 0, 0x0e, 0x10, 0, 0, 0, 0, 0x1c, 0x20, 1, 4 };      // 3600, 7200
    static const uint8_t moment[] = { 0, 0, 0, 0, 0x38, 0x6d, 0x43, 0x80 };                 // 946684800
    uint8_t *p = out;
    for (int version = 1; version <= 2; version++) {
        uint8_t header[44] = { 'T', 'Z', 'i', 'f', '2' };
        header[35] = 1;                                                  // times
        header[39] = 2;                                                  // types
        header[43] = 8;                                                  // characters
        memcpy(p, header, sizeof header), p += sizeof header;
        size_t time_bytes = version == 1 ? 4 : 8;
        memcpy(p, moment + 8 - time_bytes, time_bytes), p += time_bytes;
        *p++ = 1;
        memcpy(p, kinds, sizeof kinds), p += sizeof kinds;
        memcpy(p, "AAA\0BBB", 8), p += 8;
    }
    if (has_rule) memcpy(p, "\nAAA-1BBB,M3.5.0,M10.5.0\n", 25), p += 25;
    return (size_t)(p - out);
}

static const CalendarZone *load_bytes(const uint8_t *bytes, size_t size)
{
    const char *folder = getenv("TMPDIR");
    char        path[256];
    snprintf(path, sizeof path, "%s/zone_test.XXXXXX", folder ? folder : "/tmp");
    int file = mkstemp(path);
    EXPECT(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    close(file);
    const CalendarZone *z = calendar_zone_get(path);
    unlink(path);
    return z;
}

TEST(calendar_zone_reads_a_file_and_the_rule_at_its_end)
{
    uint8_t bytes[512];
    const CalendarZone *z = load_bytes(bytes, make_file(bytes, false));
    EXPECT(z != NULL);
    if (!z) return;
    EXPECT_EQ(1, offset_hours(z, utc(1999, 11, 31, 23)));
    EXPECT_EQ(2, offset_hours(z, utc(2000, 0, 1, 0)));
    EXPECT_EQ(2, offset_hours(z, utc(2024, 0, 1, 0)));
    EXPECT_EQ(1, offset_hours(z, -CALENDAR_MOST_MS));
    CalendarSpan span = calendar_zone_find(z, utc(2024, 0, 1, 0), true);
    EXPECT(strcmp(span.abbreviation, "BBB") == 0 && span.is_summer);
    z = load_bytes(bytes, make_file(bytes, true));
    EXPECT_EQ(2, offset_hours(z, utc(2000, 6, 1, 0)));
    EXPECT_EQ(1, offset_hours(z, utc(2000, 11, 1, 0)));
    EXPECT_EQ(2, offset_hours(z, utc(2500, 6, 1, 0)));
    EXPECT_EQ(1, offset_hours(z, utc(2500, 11, 1, 0)));
}

TEST(calendar_zone_survives_damaged_files)
{
    uint8_t whole[512], bytes[512];
    size_t  size = make_file(whole, true);
    for (size_t cut = 0; cut < size; cut++) {
        const CalendarZone *z = load_bytes(whole, cut);
        if (z) calendar_zone_find(z, utc(2024, 0, 1, 0), true);
    }
    for (size_t at = 0; at < size; at++) {
        static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
        for (size_t i = 0; i < sizeof values; i++) {
            memcpy(bytes, whole, size);
            bytes[at] = values[i];
            const CalendarZone *z = load_bytes(bytes, size);
            if (z) calendar_zone_find(z, utc(2024, 0, 1, 0), false);
        }
    }
}

static void use_zones(void *argument)
{
    for (int i = 0; i < 200; i++) {
        char tz[16];
        snprintf(tz, sizeof tz, "ABC%d", i % 12);
        const CalendarZone *z = calendar_zone_get(tz);
        EXPECT_EQ(-(i % 12), offset_hours(z, 0));
        EXPECT(calendar_zone_get(tz) == z);
        EXPECT(calendar_zone_local() != NULL);
        if (i % 50 == 0) calendar_zone_set_local(tz);
    }
}

TEST(calendar_zone_registry_serves_many_threads)
{
    Thread threads[4];
    for (int i = 0; i < 4; i++) EXPECT(thread_create(&threads[i], "zones", 0, use_zones, NULL));
    for (int i = 0; i < 4; i++) thread_join(&threads[i]);
}

TEST(calendar_zone_local_falls_back_to_utc)
{
    calendar_zone_set_local("No/Such_Zone");
    EXPECT(calendar_zone_local() == calendar_zone_get("UTC"));
    calendar_zone_set_local(NULL);
    EXPECT(calendar_zone_local() != NULL);
    calendar_zone_set_local(BERLIN);
    EXPECT_EQ(1, offset_hours(calendar_zone_local(), 0));
    EXPECT_EQ('\0', *calendar_zone_id(calendar_zone_local()));
}
