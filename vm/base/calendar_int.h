/* SPDX-License-Identifier: MIT */
/* calendar_int.h - what the calendar_*.c share: names of zones, and rules of the POSIX form of TZ, as in
 * `CET-1CEST,M3.5.0,M10.5.0/3`. */
#ifndef US_BASE_CALENDAR_INT_H
#define US_BASE_CALENDAR_INT_H

#include <stdbool.h>
#include <stdint.h>

enum { CALENDAR_RULE_NAME_BYTES = 16 };

typedef enum CalendarRuleKind {
    CALENDAR_RULE_JULIAN,            // Jn: day 1..365, February 29 never counted
    CALENDAR_RULE_DAY,               // n: day 0..365, February 29 counted
    CALENDAR_RULE_WEEKDAY,           // Mm.w.d: the w-th (5: last) weekday d of month m
} CalendarRuleKind;

typedef struct CalendarRuleDay {
    CalendarRuleKind kind;
    int     day;                     // by kind: 1..365, 0..365, or weekday 0..6
    int     month;                   // 1..12
    int     week;                    // 1..5
    int32_t time_s;                  // after that day's midnight by the clock before the change; up to 167 h
} CalendarRuleDay;

typedef struct CalendarRule {
    char    standard_name[CALENDAR_RULE_NAME_BYTES], summer_name[CALENDAR_RULE_NAME_BYTES];
    int32_t standard_offset_s, summer_offset_s;      // east of Greenwich, unlike in the text
    bool    has_summer;
    CalendarRuleDay summer_start, summer_end;
} CalendarRule;

/** Read all of `text`; false when it is no rule. */
bool calendar_rule_parse(const char *text, CalendarRule *out);

/** When summer time starts and ends by the rule's dates in `year`, in seconds of UTC since 1970. In southern
 *  countries the end comes first. */
void calendar_rule_find(const CalendarRule *rule, int64_t year, int64_t *start_s, int64_t *end_s);

/** Names for people, static and in Latin-1, for a zone of the database; NULL when there is none. */
void calendar_names_find(const char *id, const char **standard, const char **summer);

#endif
