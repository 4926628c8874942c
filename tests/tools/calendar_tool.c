/* SPDX-License-Identifier: MIT */
/* calendar_tool.c - vm/base/calendar on lines of text, for tests/fuzz/calendar_diff.js.
 *
 * A request is `operation operand`; the answer is one line.
 *     z TZ       change the zone                          -
 *     s T        texts of a time value, separated by |    iso, utc, local; `-` where T is not valid
 *     l T        UTC of a local time value                the number, or NaN
 *     p TEXT     Date.parse of UTF-8 text                 the number, or NaN
 *     d Y M D    MakeDay                                  the number, or NaN */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/calendar_zone.h"
#include "vm/base/utf.h"

static void print_number(double x)
{
    if (isnan(x)) puts("NaN");
    else printf("%.0f\n", x);
}

static void print_texts(int64_t t_ms, const CalendarZone *zone)
{
    char text[CALENDAR_TEXT_BYTES];
    printf("%.*s|", (int)calendar_write_iso(t_ms, text), text);
    printf("%.*s|", (int)calendar_write_utc(t_ms, text), text);
    printf("%.*s|", (int)calendar_write_local_date(t_ms, zone, text), text);
    printf("%.*s|", (int)calendar_write_local_time(t_ms, zone, text), text);
    printf("%.*s\n", (int)calendar_write_local(t_ms, zone, text), text);
}

int main(void)
{
    static char     line[4096];
    static uint16_t wide[4096];
    const CalendarZone *zone = calendar_zone_local();
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        const char *operand = line + 2;
        double year, month, day;
        switch (line[0]) {
        case 'z':
            calendar_zone_set_local(operand);
            zone = calendar_zone_local();
            puts(calendar_zone_id(zone));
            break;
        case 's':
            print_texts(strtoll(operand, NULL, 10), zone);
            break;
        case 'l':
            print_number(calendar_zone_to_utc(zone, strtod(operand, NULL)));
            break;
        case 'p': {
            const uint8_t *bytes = (const uint8_t *)operand;
            UtfMeasure     m = utf_measure_utf8(bytes, strlen(operand));
            utf_convert_utf8_to_utf16(bytes, strlen(operand), wide);
            print_number(calendar_parse_date(text_of_utf16(wide, m.units), zone));
            break;
        }
        case 'd':
            if (sscanf(operand, "%lf %lf %lf", &year, &month, &day) != 3) return 1;
            print_number(calendar_make_day(year, month, day));
            break;
        default:
            return 1;
        }
    }
    return 0;
}
