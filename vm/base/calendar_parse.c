/* SPDX-License-Identifier: MIT */
/* calendar_parse.c - Date.parse.
 *
 * The standard's own format (21.4.1.32) is tried first. Where the text leaves it before the `T`, what was
 * read so far is kept and the free form goes on from there: numbers, words, signs and clock times in nearly
 * any order, as V8 has come to accept them:
 * D1  A number before `:` belongs to the clock, and so does the number behind its last `:`, with a fraction.
 *     Any other number is one of at most three of the date.
 * D2  Of the date's numbers, a first one that cannot be a day is the year, and month and day follow. Else the
 *     order is month, day, year. A month given as a word is left out of these. Two-digit years are 1950 to
 *     2049; a year that is not given is 2001, month and day are 1.
 * D3  Words before the first number mean nothing, unless they are months. Behind it only months, AM, PM and
 *     names of zones are allowed. Text in parentheses means nothing.
 * D4  A sign is an offset's when a clock time or UTC came before; behind a number it is an error otherwise
 *     (but for one right behind a date's number, where it separates), before the first number it means
 *     nothing. */
#include <math.h>
#include <string.h>

#include "vm/base/calendar_zone.h"

enum { NONE = -1, DEFAULT_YEAR = 2001 };

typedef struct DateParser {
    TextView text;
    size_t   at;
    bool     has_number;             // of any kind

    int      numbers[3];             // the date's, in the order of the text
    int      number_count;
    int      month;                  // 1..12 from a word, or NONE
    bool     is_iso;                 // all of the text was in the standard's format

    int      clock[4];               // hour, minute, second, millisecond
    int      clock_count;
    int      half_day;               // 0 for AM, 12 for PM, or NONE

    int      sign;                   // of the offset; 0 when there is none
    int      offset_hours, offset_minutes;   // or NONE
} DateParser;

typedef enum DateProgress { DATE_DONE, DATE_WRONG, DATE_GOES_ON } DateProgress;

/* ---- characters ---- */

static inline uint32_t parse_peek(const DateParser *p)       // 0 at the end
{
    return p->at < p->text.length ? text_unit(p->text, p->at) : 0;
}

static bool parse_is_end(const DateParser *p)
{
    return p->at >= p->text.length;
}

static bool parse_skip(DateParser *p, uint32_t c)
{
    if (parse_is_end(p) || parse_peek(p) != c) return false;
    p->at++;
    return true;
}

static bool parse_is_digit(uint32_t c) { return c - '0' < 10; }
static bool parse_is_sign(uint32_t c)  { return c == '+' || c == '-'; }

static bool parse_is_blank(uint32_t c)
{
    return c == ' ' || c - '\t' < 5 || c == 0xa0 || c == 0x1680 || c - 0x2000 < 11 || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}

/* Part of a word: letters, and all else from `A` on that is not a blank. */
static bool parse_is_word(uint32_t c)
{
    return c >= 'A' && !parse_is_blank(c);
}

/* ---- numbers and words ---- */

/* Digits, of which the nine first that matter count; `*length` has all of them. */
static int parse_number(DateParser *p, size_t *length)
{
    size_t   start = p->at;
    int      value = 0, digits = 0;
    uint32_t c;
    for (; parse_is_digit(c = parse_peek(p)); p->at++) {
        if (digits > 0 || c != '0') digits++;
        if (digits <= 9) value = value * 10 + (int)(c - '0');
    }
    *length = p->at - start;
    return value;
}

/* A number of just `length` digits in least..most; NONE and no step when there is none. */
static int parse_fixed_number(DateParser *p, size_t length, int least, int most)
{
    size_t start = p->at, found;
    int    value = parse_number(p, &found);
    if (found == length && least <= value && value <= most) return value;
    p->at = start;
    return NONE;
}

/* Digits of a fraction of a second, in milliseconds, cut off. */
static int parse_fraction(DateParser *p)
{
    int value = 0, digits = 0;
    for (; parse_is_digit(parse_peek(p)); p->at++, digits++)
        if (digits < 3) value = value * 10 + (int)(parse_peek(p) - '0');
    for (; digits < 3; digits++) value *= 10;
    return value;
}

/* Is there the one-letter word `letter` (lower case)? */
static bool parse_is_letter(const DateParser *p, uint32_t letter)
{
    if (parse_is_end(p) || (parse_peek(p) | 0x20) != letter) return false;
    return p->at + 1 >= p->text.length || !parse_is_word(text_unit(p->text, p->at + 1));
}

typedef enum DateWordKind { WORD_MONTH, WORD_HALF_DAY, WORD_ZONE, WORD_OTHER } DateWordKind;

typedef struct DateWord {
    char         letters[4];
    DateWordKind kind;
    int          value;              // month 1..12; hours to add; offset in hours
} DateWord;

static const DateWord parse_words[] = {
    { "jan", WORD_MONTH, 1 },   { "feb", WORD_MONTH, 2 },  { "mar", WORD_MONTH, 3 },
    { "apr", WORD_MONTH, 4 },   { "may", WORD_MONTH, 5 },  { "jun", WORD_MONTH, 6 },
    { "jul", WORD_MONTH, 7 },   { "aug", WORD_MONTH, 8 },  { "sep", WORD_MONTH, 9 },
    { "oct", WORD_MONTH, 10 },  { "nov", WORD_MONTH, 11 }, { "dec", WORD_MONTH, 12 },
    { "am", WORD_HALF_DAY, 0 }, { "pm", WORD_HALF_DAY, 12 },
    { "ut", WORD_ZONE, 0 },    { "utc", WORD_ZONE, 0 },   { "z", WORD_ZONE, 0 },     { "gmt", WORD_ZONE, 0 },
    { "est", WORD_ZONE, -5 },  { "edt", WORD_ZONE, -4 },  { "cst", WORD_ZONE, -6 },  { "cdt", WORD_ZONE, -5 },
    { "mst", WORD_ZONE, -7 },  { "mdt", WORD_ZONE, -6 },  { "pst", WORD_ZONE, -8 },  { "pdt", WORD_ZONE, -7 },
};

/* Move over a word. Of months the first three letters count, so that full names do; others are
 * whole words. */
static DateWord parse_word(DateParser *p)
{
    char     letters[4] = { 0 };
    size_t   length = 0;
    uint32_t c;
    for (; parse_is_word(c = parse_peek(p)); p->at++, length++)
        if (length < 3) letters[length] = c < 0x80 ? (char)(c | 0x20) : '?';
    for (size_t i = 0; i < COUNT_OF(parse_words); i++) {
        const DateWord *word = &parse_words[i];
        if (memcmp(word->letters, letters, sizeof letters) == 0 && (length <= 3 || word->kind == WORD_MONTH))
            return *word;
    }
    return (DateWord){ .kind = WORD_OTHER };
}

/* ---- clock, date, offset ---- */

static bool parse_add_clock(DateParser *p, int value)
{
    if (p->clock_count == 4) return false;
    p->clock[p->clock_count++] = value;
    return true;
}

/* The last part of a clock time: nothing may be added after it. One too many is dropped. */
static void parse_end_clock(DateParser *p, int value)
{
    parse_add_clock(p, value);
    while (p->clock_count < 4) p->clock[p->clock_count++] = 0;
}

static bool parse_clock_goes_on_with(const DateParser *p, int value)
{
    if (p->clock_count == 3) return value < 1000;
    return (p->clock_count == 1 || p->clock_count == 2) && value < 60;
}

static bool parse_add_number(DateParser *p, int value)
{
    if (p->number_count == 3) return false;
    p->numbers[p->number_count++] = value;
    return true;
}

static void parse_set_offset(DateParser *p, int sign, int hours, int minutes)
{
    p->sign = sign;
    p->offset_hours = hours;
    p->offset_minutes = minutes;
}

/* ---- the standard's format ---- */

static DateProgress parse_iso_time(DateParser *p)
{
    int hour = parse_fixed_number(p, 2, 0, 24);
    if (hour == NONE || !parse_skip(p, ':')) return DATE_WRONG;
    int least = hour == 24 ? 0 : 59;                 // 24:00:00 is the end of a day
    int minute = parse_fixed_number(p, 2, 0, least), second = 0, millisecond = 0;
    if (minute == NONE) return DATE_WRONG;
    if (parse_skip(p, ':')) {
        second = parse_fixed_number(p, 2, 0, least);
        if (second == NONE) return DATE_WRONG;
        if (parse_skip(p, '.')) {
            if (!parse_is_digit(parse_peek(p))) return DATE_WRONG;
            millisecond = parse_fraction(p);
            if (hour == 24 && millisecond > 0) return DATE_WRONG;
        }
    }
    const int clock[4] = { hour, minute, second, millisecond };
    for (int i = 0; i < 4; i++) parse_add_clock(p, clock[i]);
    if (parse_is_letter(p, 'z')) {
        p->at++;
        parse_set_offset(p, 1, 0, 0);
    } else if (parse_is_sign(parse_peek(p))) {
        int sign = parse_peek(p) == '-' ? -1 : 1;
        p->at++;
        int together = parse_fixed_number(p, 4, 0, 2359);    // +hhmm, which the standard does not have
        int hours = together == NONE ? parse_fixed_number(p, 2, 0, 23) : together / 100;
        if (hours == NONE || (together == NONE && !parse_skip(p, ':'))) return DATE_WRONG;
        int minutes = together == NONE ? parse_fixed_number(p, 2, 0, 59) : together % 100;
        if (minutes == NONE || minutes > 59) return DATE_WRONG;
        parse_set_offset(p, sign, hours, minutes);
    }
    return parse_is_end(p) ? DATE_DONE : DATE_WRONG;
}

/* Years have four digits, or a sign and six; -000000 is none. */
static DateProgress parse_iso(DateParser *p)
{
    int year;
    if (parse_is_sign(parse_peek(p))) {
        size_t start = p->at++;
        bool   is_negative = text_unit(p->text, start) == '-';
        year = parse_fixed_number(p, 6, 0, 999999);
        if (is_negative && year == 0) return DATE_WRONG;
        if (year == NONE) p->at = start;
        if (is_negative) year = -year;
        if (p->at == start) return DATE_GOES_ON;
    } else {
        year = parse_fixed_number(p, 4, 0, 9999);
        if (year == NONE) return DATE_GOES_ON;
    }
    parse_add_number(p, year);
    for (int i = 0; i < 2 && parse_skip(p, '-'); i++) {
        int number = parse_fixed_number(p, 2, 1, i == 0 ? 12 : 31);
        if (number == NONE) return DATE_GOES_ON;
        parse_add_number(p, number);
    }
    DateProgress progress = DATE_GOES_ON;
    if (parse_is_end(p)) {
        parse_set_offset(p, 1, 0, 0);                // a date alone is in UTC
        progress = DATE_DONE;
    } else if (parse_is_letter(p, 't')) {
        p->at++;
        progress = parse_iso_time(p);
    }
    p->is_iso = progress == DATE_DONE;
    return progress;
}

/* ---- the free form; these return false where the text is no date ---- */

static bool parse_free_number(DateParser *p)         // D1
{
    size_t length;
    int    n = parse_number(p, &length);
    p->has_number = true;
    if (parse_skip(p, ':')) {
        if (parse_skip(p, ':')) {                    // no minutes
            if (p->clock_count > 0) return false;
            return parse_add_clock(p, n) && parse_add_clock(p, 0);
        }
        if (!parse_add_clock(p, n)) return false;
        parse_skip(p, '.');
        return true;
    }
    if (parse_skip(p, '.') && parse_clock_goes_on_with(p, n)) {
        parse_add_clock(p, n);
        if (!parse_is_digit(parse_peek(p))) return false;
        parse_end_clock(p, parse_fraction(p));
        return true;
    }
    if (p->offset_hours != NONE && p->offset_minutes == NONE && n < 60) {
        p->offset_minutes = n;
        return true;
    }
    if (parse_clock_goes_on_with(p, n)) {
        parse_end_clock(p, n);
        uint32_t next = parse_peek(p);
        return parse_is_end(p) || parse_is_blank(next) || parse_is_sign(next) || parse_is_letter(p, 'z');
    }
    if (!parse_add_number(p, n)) return false;
    parse_skip(p, '-');
    return true;
}

static bool parse_free_word(DateParser *p)           // D3
{
    DateWord word = parse_word(p);
    if (word.kind == WORD_HALF_DAY && p->clock_count > 0) {
        p->half_day = word.value;
        return true;
    }
    if (word.kind == WORD_MONTH) {
        p->month = word.value;
        parse_skip(p, '-');
        return true;
    }
    if (word.kind == WORD_ZONE && p->has_number) {
        parse_set_offset(p, word.value < 0 ? -1 : 1, word.value < 0 ? -word.value : word.value, 0);
        return true;
    }
    return !p->has_number && !parse_is_digit(parse_peek(p));
}

/* +h, +hh, +hmm, +hhmm, or +hh: with the minutes still to come. */
static bool parse_free_offset(DateParser *p)
{
    size_t length;
    p->sign = parse_peek(p) == '-' ? -1 : 1;
    p->at++;
    int n = parse_number(p, &length);
    p->has_number = true;
    if (parse_peek(p) == ':') parse_set_offset(p, p->sign, n, NONE);
    else if (length == 1 || length == 2) parse_set_offset(p, p->sign, n, 0);
    else if (length == 3 || length == 4) parse_set_offset(p, p->sign, n / 100, n % 100);
    else return false;
    return true;
}

static void parse_skip_parentheses(DateParser *p)
{
    int depth = 0;
    do {
        if (parse_peek(p) == '(') depth++;
        else if (parse_peek(p) == ')') depth--;
        p->at++;
    } while (depth > 0 && !parse_is_end(p));
}

static bool parse_free(DateParser *p)
{
    p->has_number = p->number_count > 0;
    while (!parse_is_end(p)) {
        uint32_t c = parse_peek(p);
        bool     has_clock = p->clock_count > 0 || (p->offset_hours == 0 && p->offset_minutes == 0);
        bool     is_right = true;
        if (parse_is_digit(c)) is_right = parse_free_number(p);
        else if (parse_is_word(c)) is_right = parse_free_word(p);
        else if (parse_is_sign(c) && has_clock) is_right = parse_free_offset(p);     // D4
        else if ((parse_is_sign(c) || c == ')') && p->has_number) is_right = false;
        else if (c == '(') parse_skip_parentheses(p);
        else p->at++;
        if (!is_right) return false;
    }
    return true;
}

/* ---- the result ---- */

static bool parse_is_day(int n) { return 1 <= n && n <= 31; }

static double parse_day(const DateParser *p)         // D2
{
    if (p->number_count == 0) return NAN;
    int numbers[3] = { 1, 1, 1 };
    for (int i = 0; i < p->number_count; i++) numbers[i] = p->numbers[i];
    int  year = DEFAULT_YEAR, month = p->month, day;
    bool is_year_first = !parse_is_day(numbers[0]);
    if (month == NONE && (p->is_iso || is_year_first)) {
        year = numbers[0], month = numbers[1], day = numbers[2];
    } else if (month == NONE) {
        month = numbers[0], day = numbers[1];
        if (p->number_count == 3) year = numbers[2];
    } else if (is_year_first) {
        year = numbers[0], day = numbers[1];
    } else {
        day = numbers[0];
        if (p->number_count > 1) year = numbers[1];
    }
    if (!p->is_iso && 0 <= year && year < 100) year += year < 50 ? 2000 : 1900;
    if (month < 1 || month > 12 || !parse_is_day(day)) return NAN;
    return calendar_make_day(year, month - 1, day);
}

static double parse_time(const DateParser *p)
{
    int c[4] = { 0 };
    for (int i = 0; i < p->clock_count; i++) c[i] = p->clock[i];
    if (p->half_day != NONE) {
        if (c[0] > 12) return NAN;
        c[0] = c[0] % 12 + p->half_day;
    }
    bool is_end_of_day = c[0] == 24 && c[1] == 0 && c[2] == 0 && c[3] == 0;
    if ((c[0] > 23 && !is_end_of_day) || c[1] > 59 || c[2] > 59 || c[3] > 999) return NAN;
    return calendar_make_time(c[0], c[1], c[2], c[3]);
}

double calendar_parse_date(TextView text, const CalendarZone *zone)
{
    DateParser   p = { .text = text, .month = NONE, .half_day = NONE, .offset_hours = NONE,
                       .offset_minutes = NONE };
    DateProgress progress = parse_iso(&p);
    if (progress == DATE_WRONG || (progress == DATE_GOES_ON && !parse_free(&p))) return NAN;
    double t = calendar_make_date(parse_day(&p), parse_time(&p));
    if (p.sign == 0) return calendar_time_clip(calendar_zone_to_utc(zone, t));
    int minutes = p.offset_minutes == NONE ? 0 : p.offset_minutes;
    return calendar_time_clip(t - p.sign * (p.offset_hours * 3600000.0 + minutes * 60000.0));
}
