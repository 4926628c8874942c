/* SPDX-License-Identifier: MIT */
#include "vm/base/calendar_int.h"

#include <string.h>

#include "vm/base/calendar.h"

/* ---- reading; each step moves `*p` behind what it read ---- */

static bool rule_is_letter(char c)
{
    return (unsigned)(c | 0x20) - 'a' < 26;
}

/* Three letters or more, or anything of letters, digits and signs in angle brackets. */
static bool rule_read_name(const char **p, char out[CALENDAR_RULE_NAME_BYTES])
{
    const char *start = *p;
    size_t      length;
    if (*start == '<') {
        start++;
        length = strcspn(start, ">");
        if (start[length] != '>') return false;
        *p = start + length + 1;
    } else {
        for (length = 0; rule_is_letter(start[length]);) length++;
        if (length < 3) return false;
        *p = start + length;
    }
    if (length == 0 || length >= CALENDAR_RULE_NAME_BYTES) return false;
    memcpy(out, start, length);
    out[length] = '\0';
    return true;
}

static bool rule_read_number(const char **p, int least, int most, int *out)
{
    const char *digits = *p;
    int value = 0;
    while ((unsigned)**p - '0' < 10 && value < 1000) value = value * 10 + *(*p)++ - '0';
    *out = value;
    return *p > digits && least <= value && value <= most;
}

/* hh, hh:mm or hh:mm:ss, perhaps with a sign, in seconds. */
static bool rule_read_time(const char **p, int most_hours, int32_t *out)
{
    int  parts[3] = { 0 };
    bool is_negative = **p == '-';
    if (**p == '-' || **p == '+') ++*p;
    if (!rule_read_number(p, 0, most_hours, &parts[0])) return false;
    for (int i = 1; i < 3 && **p == ':'; i++) {
        ++*p;
        if (!rule_read_number(p, 0, 59, &parts[i])) return false;
    }
    int32_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    *out = is_negative ? -seconds : seconds;
    return true;
}

static bool rule_read_day(const char **p, CalendarRuleDay *out)
{
    *out = (CalendarRuleDay){ .kind = CALENDAR_RULE_DAY, .time_s = 2 * 3600 };
    if (**p == 'M') {
        ++*p;
        out->kind = CALENDAR_RULE_WEEKDAY;
        if (!rule_read_number(p, 1, 12, &out->month) || *(*p)++ != '.') return false;
        if (!rule_read_number(p, 1, 5, &out->week) || *(*p)++ != '.') return false;
        if (!rule_read_number(p, 0, 6, &out->day)) return false;
    } else if (**p == 'J') {
        ++*p;
        out->kind = CALENDAR_RULE_JULIAN;
        if (!rule_read_number(p, 1, 365, &out->day)) return false;
    } else if (!rule_read_number(p, 0, 365, &out->day)) {
        return false;
    }
    if (**p != '/') return true;
    ++*p;
    return rule_read_time(p, 167, &out->time_s);
}

bool calendar_rule_parse(const char *text, CalendarRule *out)
{
    const char *p = text;
    int32_t     west_s;
    *out = (CalendarRule){ 0 };
    if (!rule_read_name(&p, out->standard_name) || !rule_read_time(&p, 24, &west_s)) return false;
    out->standard_offset_s = -west_s;
    if (!*p) return true;
    if (!rule_read_name(&p, out->summer_name)) return false;
    out->has_summer = true;
    out->summer_offset_s = out->standard_offset_s + 3600;
    if (*p && *p != ',') {
        if (!rule_read_time(&p, 24, &west_s)) return false;
        out->summer_offset_s = -west_s;
    }
    if (!*p) p = ",M3.2.0,M11.1.0";      // without dates those of the United States, as in the C library
    if (*p++ != ',' || !rule_read_day(&p, &out->summer_start)) return false;
    if (*p++ != ',' || !rule_read_day(&p, &out->summer_end)) return false;
    return *p == '\0';
}

/* ---- dates ---- */

static int64_t rule_find_day(const CalendarRuleDay *rule, int64_t year)
{
    int64_t first = calendar_days_before_month(year, 0);
    if (rule->kind == CALENDAR_RULE_DAY) return first + rule->day;
    if (rule->kind == CALENDAR_RULE_JULIAN)
        return first + rule->day - 1 + (rule->day > 59 && calendar_is_leap_year(year));
    first = calendar_days_before_month(year, rule->month - 1);
    int64_t next_month = rule->month < 12 ? calendar_days_before_month(year, rule->month)
                                          : calendar_days_before_month(year + 1, 0);
    int64_t day = first + (rule->day - calendar_weekday(first) + 7) % 7 + 7 * (rule->week - 1);
    return day < next_month ? day : day - 7;     // the fifth one may not exist; then the last is meant
}

void calendar_rule_find(const CalendarRule *rule, int64_t year, int64_t *start_s, int64_t *end_s)
{
    const CalendarRuleDay *start = &rule->summer_start, *end = &rule->summer_end;
    *start_s = rule_find_day(start, year) * 86400 + start->time_s - rule->standard_offset_s;
    *end_s = rule_find_day(end, year) * 86400 + end->time_s - rule->summer_offset_s;
}
