/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "vm/base/calendar_zone.h"

static const CalendarZone *zone(const char *tz)
{
    const CalendarZone *z = calendar_zone_get(tz);
    EXPECT(z != NULL);
    return z ? z : calendar_zone_get("UTC");
}

static double parse(const char *text, const char *tz)
{
    return calendar_parse_date(text_of_latin1(text, strlen(text)), zone(tz));
}

static bool is(const char *text, size_t length, const char *expected)
{
    return length == strlen(expected) && memcmp(text, expected, length) == 0;
}

static double utc(double year, double month, double day, double hour, double minute)
{
    return calendar_make_date(calendar_make_day(year, month, day), calendar_make_time(hour, minute, 0, 0));
}

TEST(calendar_splits_every_day_of_two_eras_in_order)
{
    CalendarFields f, last;
    calendar_split(calendar_days_before_month(1599, 11) * CALENDAR_MS_PER_DAY, &last);
    int64_t first = calendar_days_before_month(1599, 11);
    for (int64_t day = first + 1; day < first + 2 * 146097; day++) {
        calendar_split(day * CALENDAR_MS_PER_DAY + 1, &f);
        bool is_next_day = f.day == last.day + 1 && f.month == last.month && f.year == last.year;
        bool is_next_month = f.day == 1 && f.month == last.month + 1 && f.year == last.year && last.day >= 28;
        bool is_next_year = f.day == 1 && f.month == 0 && f.year == last.year + 1 &&
                            last.month == 11 && last.day == 31;
        EXPECT(is_next_day || is_next_month || is_next_year);
        EXPECT_EQ(day, calendar_days_before_month(f.year, f.month) + f.day - 1);
        EXPECT_EQ((last.weekday + 1) % 7, f.weekday);
        last = f;
    }
    EXPECT_EQ(2399, last.year);
}

TEST(calendar_splits_the_ends_of_time)
{
    CalendarFields f;
    calendar_split(CALENDAR_MOST_MS, &f);
    EXPECT(f.year == 275760 && f.month == 8 && f.day == 13 && f.hour == 0 && f.weekday == 6);
    calendar_split(-CALENDAR_MOST_MS, &f);
    EXPECT(f.year == -271821 && f.month == 3 && f.day == 20 && f.millisecond == 0 && f.weekday == 2);
    calendar_split(-1, &f);
    EXPECT(f.year == 1969 && f.month == 11 && f.day == 31 && f.hour == 23 && f.millisecond == 999);
    EXPECT_EQ(-1, calendar_day(-1));
    EXPECT_EQ(86399999, calendar_time_within_day(-1));
}

TEST(calendar_abstract_operations_follow_the_standard)
{
    EXPECT(calendar_make_time(1, 2, 3, 4) == 3723004);
    EXPECT(calendar_make_time(1.9, -2.9, 0, 0) == 3600000 - 120000);
    EXPECT(isnan(calendar_make_time(1, NAN, 3, 4)));
    EXPECT(isnan(calendar_make_time(INFINITY, 0, 0, 0)));
    EXPECT(calendar_make_day(1970, 0, 1) == 0);
    EXPECT(calendar_make_day(1970, -1, 1) == -31);
    EXPECT(calendar_make_day(1970, 12, 0) == 364);
    EXPECT(calendar_make_day(2000, 1, 29.9) == 11016);
    EXPECT(isnan(calendar_make_day(1e300, 0, 1)));
    EXPECT(isnan(calendar_make_day(1970, INFINITY, 1)));
    EXPECT(isnan(calendar_make_date(1e308, 0)));
    EXPECT(calendar_make_date(1, 5) == 86400005);
    EXPECT(calendar_make_full_year(99.9) == 1999 && calendar_make_full_year(100) == 100);
    EXPECT(calendar_make_full_year(-0.5) == 1900 && calendar_make_full_year(-1) == -1);
    EXPECT(calendar_time_clip(8.64e15) == 8.64e15);
    EXPECT(isnan(calendar_time_clip(8.64e15 + 2)));
    EXPECT(isnan(calendar_time_clip(INFINITY)));
    EXPECT(calendar_time_clip(-1.9) == -1);
    EXPECT(!signbit(calendar_time_clip(-0.0)) && !signbit(calendar_time_clip(-0.5)));
}

TEST(calendar_writes_the_texts_of_the_standard)
{
    char text[CALENDAR_TEXT_BYTES];
    EXPECT(is(text, calendar_write_iso(1577934245006, text), "2020-01-02T03:04:05.006Z"));
    EXPECT(is(text, calendar_write_iso(-62198755200000, text), "-000001-01-01T00:00:00.000Z"));
    EXPECT(is(text, calendar_write_iso(CALENDAR_MOST_MS, text), "+275760-09-13T00:00:00.000Z"));
    EXPECT(is(text, calendar_write_utc(1577934245006, text), "Thu, 02 Jan 2020 03:04:05 GMT"));
    EXPECT(is(text, calendar_write_utc(-62198755200000, text), "Fri, 01 Jan -0001 00:00:00 GMT"));
    EXPECT(is(text, calendar_write_local(0, zone("Europe/Berlin"), text),
              "Thu Jan 01 1970 01:00:00 GMT+0100 (Central European Standard Time)"));
    EXPECT(is(text, calendar_write_local_date(-1, zone("UTC"), text), "Wed Dec 31 1969"));
    EXPECT(is(text, calendar_write_local_time(0, zone("America/St_Johns"), text),
              "20:30:00 GMT-0330 (Newfoundland Standard Time)"));
    EXPECT(is(text, calendar_write_local_time(0, zone("<+0330>-3:30"), text),
              "03:30:00 GMT+0330 (GMT+03:30)"));
    EXPECT(is(text, calendar_write_local_time(0, zone("XYZ5"), text), "19:00:00 GMT-0500 (XYZ)"));
}

TEST(calendar_parse_reads_the_standards_format)
{
    EXPECT(parse("2020-01-02T03:04:05.006Z", "UTC") == 1577934245006);
    EXPECT(parse("2020", "America/New_York") == utc(2020, 0, 1, 0, 0));              // a date alone is UTC
    EXPECT(parse("2020-03", "America/New_York") == utc(2020, 2, 1, 0, 0));
    EXPECT(parse("2020-03-04", "America/New_York") == utc(2020, 2, 4, 0, 0));
    EXPECT(parse("2020-03-04T05:06", "America/New_York") == utc(2020, 2, 4, 10, 6)); // a time is local
    EXPECT(parse("2020-03-04T05:06-02:30", "UTC") == utc(2020, 2, 4, 7, 36));
    EXPECT(parse("2020-03-04T24:00Z", "UTC") == utc(2020, 2, 5, 0, 0));
    EXPECT(parse("+275760-09-13T00:00:00.000Z", "UTC") == 8.64e15);
    EXPECT(isnan(parse("+275760-09-13T00:00:00.001Z", "UTC")));
    EXPECT(parse("-000001-01-01T00:00:00Z", "UTC") == -62198755200000);
    EXPECT(isnan(parse("-000000-01-01T00:00:00Z", "UTC")));
    EXPECT(isnan(parse("2020-03-04T24:01Z", "UTC")));
    EXPECT(isnan(parse("2020-03-04T25:00Z", "UTC")));
    EXPECT(isnan(parse("2020-13-01T00:00Z", "UTC")));
    EXPECT(isnan(parse("2020-03-04T05", "UTC")));
    EXPECT(isnan(parse("2020-03-04T05:06Zx", "UTC")));
}

TEST(calendar_parse_reads_what_people_write)
{
    double expected = utc(2020, 0, 2, 15, 4);
    EXPECT(parse("Thu Jan 02 2020 15:04:00 GMT+0000 (Coordinated Universal Time)", "Asia/Tokyo") == expected);
    EXPECT(parse("Thu, 02 Jan 2020 15:04:00 GMT", "Asia/Tokyo") == expected);
    EXPECT(parse("Thu, 2 Jan 2020 16:04:00 +0100", "UTC") == expected);
    EXPECT(parse("January 2, 2020 3:04 pm", "UTC") == expected);
    EXPECT(parse("2020/01/02 15:04", "UTC") == expected);
    EXPECT(parse("1/2/2020 15:04 UTC", "Asia/Tokyo") == expected);
    EXPECT(parse("2-Jan-20 10:04 EST", "UTC") == expected);
    EXPECT(parse("2020-01-02 15:04", "UTC") == expected);
    EXPECT(parse("Jan 2, 2020 10:04", "EST5EDT") == expected);
    EXPECT(parse("1/1/49", "UTC") == utc(2049, 0, 1, 0, 0));
    EXPECT(parse("1/1/50", "UTC") == utc(1950, 0, 1, 0, 0));
    EXPECT(parse("12:00 am Jan 1 2000", "UTC") == utc(2000, 0, 1, 0, 0));
    EXPECT(isnan(parse("", "UTC")));
    EXPECT(isnan(parse("not a date", "UTC")));
    EXPECT(isnan(parse("2020 foo", "UTC")));
    EXPECT(isnan(parse("1/2/3/4", "UTC")));
    EXPECT(isnan(parse("13:00 pm 1 Jan 2000", "UTC")));
    const uint16_t wide[] = { '1', '/', '2', '/', '2', '0', 0x202f, '3', ':', '0', '4', 0x202f, 'P', 'M' };
    EXPECT(calendar_parse_date(text_of_utf16(wide, 14), zone("UTC")) == utc(2020, 0, 2, 15, 4));
}
