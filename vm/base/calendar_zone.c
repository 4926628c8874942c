/* SPDX-License-Identifier: MIT */
/* calendar_zone.c - zones read from TZif files (RFC 8536) and from rules, found by binary search.
 *
 * Z1  A zone is a list of changes. The first one stands at the beginning of time, so every moment has one;
 *     the moments ascend strictly.
 * Z2  Rules for summer time are unrolled into the list up to LAST_YEAR. A later year is looked up as the year
 *     of the 28 from SAMPLE_YEAR on that has the same days: same first weekday, same leap day. (Those 28
 *     years hold each of the fourteen kinds of year, as no century is among them.)
 * Z3  In local time a change from offset a to b stands at its moment plus the greater of a and b: before
 *     that, local times belong to a, be they ordinary, skipped (a < b) or the first of two (a > b). */
#include "vm/base/calendar_zone.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/base/calendar_int.h"
#include "vm/base/mem.h"
#include "vm/base/mutex.h"

enum {
    EARLIEST_YEAR = 1800,            // of rules behind a file's changes
    FIRST_YEAR = 1970,               // of rules without a file
    LAST_YEAR = 2099,
    SAMPLE_YEAR = 2060,
    MOST_FILE_BYTES = 1 << 20,
    MOST_CHANGES = 20000,
    MOST_NAME_BYTES = 1 << 12,       // abbreviations of a file
    MOST_OFFSET_S = 26 * 3600,       // RFC 8536's bound
    ID_BYTES = 128,
};

#define ZONE_BEGINNING INT64_MIN

typedef struct ZoneChange {
    int64_t  at_s;                   // UTC
    int64_t  local_at_s;             // Z3
    int32_t  offset_s;
    uint16_t name_at;                // the abbreviation, in CalendarZone.names
    bool     is_dst;                 // as the file says
    bool     is_summer;              // as people say; see zone_mark_summers
} ZoneChange;

struct CalendarZone {                // immutable once registered, but for `next`
    CalendarZone *next;              // in the registry; guarded by LOCK_ZONES
    char         *key;               // the text it was asked for by
    char          id[ID_BYTES];
    const char   *standard_name, *summer_name;       // static; NULL when unknown
    char         *names;             // abbreviations, each with its NUL
    size_t        names_bytes;
    ZoneChange   *changes;
    size_t        count, capacity;
    int64_t       table_start_s, table_end_s;        // outside of these Z2 applies
};

static int64_t zone_floor_div(int64_t n, int64_t divisor)
{
    return n / divisor - (n % divisor < 0);
}

/* ---- building ---- */

static void zone_add_change(CalendarZone *z, int64_t at_s, int32_t offset_s, bool is_dst, size_t name_at)
{
    if (z->count == z->capacity) {
        z->capacity = z->capacity ? z->capacity * 2 : 64;
        z->changes = mem_resize(z->changes, z->capacity * sizeof *z->changes);
    }
    z->changes[z->count++] = (ZoneChange){ .at_s = at_s, .offset_s = offset_s, .name_at = (uint16_t)name_at,
                                           .is_dst = is_dst };
}

static size_t zone_add_name(CalendarZone *z, const char *name)
{
    size_t at = z->names_bytes, size = strlen(name) + 1;
    z->names = mem_resize(z->names, at + size);
    memcpy(z->names + at, name, size);
    z->names_bytes += size;
    return at;
}

/* Unroll a rule behind the changes there are, Z2. */
static void zone_add_rule(CalendarZone *z, const CalendarRule *rule)
{
    size_t  standard_at = zone_add_name(z, rule->standard_name);
    size_t  summer_at = zone_add_name(z, rule->summer_name);
    bool    is_alone = z->count == 0;
    if (is_alone) zone_add_change(z, ZONE_BEGINNING, rule->standard_offset_s, false, standard_at);
    if (!rule->has_summer) return;
    int64_t last_s = z->changes[z->count - 1].at_s;
    int64_t year = last_s == ZONE_BEGINNING ? FIRST_YEAR : FIRST_YEAR - 1 + zone_floor_div(last_s, 31556952);
    if (year < EARLIEST_YEAR) year = EARLIEST_YEAR;
    for (; year <= LAST_YEAR; year++) {
        int64_t moment_s[2];                         // 0: to standard time, 1: to summer time
        calendar_rule_find(rule, year, &moment_s[1], &moment_s[0]);
        for (int i = 0; i < 2; i++) {
            bool is_summer = moment_s[0] <= moment_s[1] ? i == 1 : i == 0;
            int64_t at_s = moment_s[is_summer];
            if (at_s == last_s && is_summer) z->count--;         // summer all year, or this very change
            else if (at_s <= last_s) continue;
            last_s = at_s;
            zone_add_change(z, last_s, is_summer ? rule->summer_offset_s : rule->standard_offset_s, is_summer,
                            is_summer ? summer_at : standard_at);
        }
    }
    z->table_end_s = calendar_days_before_month(LAST_YEAR, 0) * 86400;
    if (is_alone) z->table_start_s = calendar_days_before_month(FIRST_YEAR + 1, 0) * 86400;
}

/* The database may describe summer time as the standard and winter as a deviation below it (Ireland,
 * Morocco). People do not; so summer is what lies above its neighbour, whichever of the two has the flag. */
static void zone_mark_summers(CalendarZone *z)
{
    for (size_t i = 0; i < z->count; i++) {
        ZoneChange *c = &z->changes[i];
        c->is_summer = c->is_dst;
        for (size_t k = i > 0 ? i - 1 : 0; k <= i + 1 && k < z->count; k++) {
            const ZoneChange *other = &z->changes[k];
            if (other->is_dst == c->is_dst) continue;
            c->is_summer = c->offset_s > other->offset_s;
            break;
        }
    }
}

static void zone_finish(CalendarZone *z)
{
    zone_mark_summers(z);
    z->changes[0].local_at_s = ZONE_BEGINNING;
    for (size_t i = 1; i < z->count; i++) {
        ZoneChange *c = &z->changes[i];
        int32_t before_s = c[-1].offset_s, greater_s = before_s > c->offset_s ? before_s : c->offset_s;
        c->local_at_s = c->at_s + greater_s;
        if (c->local_at_s < c[-1].local_at_s) c->local_at_s = c[-1].local_at_s;      // changes hours apart
    }
    calendar_names_find(z->id, &z->standard_name, &z->summer_name);
}

static CalendarZone *zone_create(void)
{
    CalendarZone *z = mem_alloc_zeroed(sizeof *z);
    z->table_start_s = ZONE_BEGINNING;
    z->table_end_s = INT64_MAX;
    return z;
}

static void zone_destroy(CalendarZone *z)
{
    mem_free(z->key);
    mem_free(z->names);
    mem_free(z->changes);
    mem_free(z);
}

/* ---- TZif ---- */

static uint32_t zone_read_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t zone_read_time(const uint8_t *p, size_t time_bytes)
{
    if (time_bytes == 4) return (int32_t)zone_read_u32(p);
    return (int64_t)((uint64_t)zone_read_u32(p) << 32 | zone_read_u32(p + 4));
}

/* One of the two blocks of a file, all in bounds. */
typedef struct ZoneBlock {
    size_t time_bytes, times, types, characters;
    const uint8_t *moments, *indices, *kinds, *text, *end;
} ZoneBlock;

enum { HEADER_BYTES = 44, KIND_BYTES = 6 };

static bool zone_read_block(const uint8_t *p, const uint8_t *end, size_t time_bytes, ZoneBlock *b)
{
    if (end - p < HEADER_BYTES || memcmp(p, "TZif", 4) != 0) return false;
    size_t flags = (size_t)zone_read_u32(p + 20) + zone_read_u32(p + 24), leaps = zone_read_u32(p + 28);
    b->time_bytes = time_bytes;
    b->times = zone_read_u32(p + 32);
    b->types = zone_read_u32(p + 36);
    b->characters = zone_read_u32(p + 40);
    if (b->times > MOST_CHANGES || b->types == 0 || b->types > 256 || b->characters > MOST_NAME_BYTES)
        return false;
    size_t size = HEADER_BYTES + b->times * (time_bytes + 1) + b->types * KIND_BYTES + b->characters +
                  leaps * (time_bytes + 4) + flags;              // far from an overflow
    if (size > (size_t)(end - p)) return false;
    b->moments = p + HEADER_BYTES;
    b->indices = b->moments + b->times * time_bytes;
    b->kinds = b->indices + b->times;
    b->text = b->kinds + b->types * KIND_BYTES;
    b->end = p + size;
    return true;
}

static bool zone_add_kind(CalendarZone *z, const ZoneBlock *b, int64_t at_s, size_t index)
{
    const uint8_t *kind = b->kinds + index * KIND_BYTES;
    int32_t        offset_s = index < b->types ? (int32_t)zone_read_u32(kind) : INT32_MAX;
    if (offset_s > MOST_OFFSET_S || offset_s < -MOST_OFFSET_S || kind[5] >= b->characters) return false;
    if (z->count > 0 && at_s <= z->changes[z->count - 1].at_s) return false;
    zone_add_change(z, at_s, offset_s, kind[4] != 0, kind[5]);
    return true;
}

/* Version 1 has a block with short times; later versions have one with long times behind it, and a rule. */
static bool zone_read_file(CalendarZone *z, const uint8_t *bytes, size_t size)
{
    ZoneBlock      b;
    const uint8_t *end = bytes + size;
    if (!zone_read_block(bytes, end, 4, &b)) return false;
    bool has_rule = bytes[4] >= '2';
    if (has_rule && !zone_read_block(b.end, end, 8, &b)) return false;
    z->names = mem_alloc(b.characters + 1);
    memcpy(z->names, b.text, b.characters);
    z->names[b.characters] = '\0';
    z->names_bytes = b.characters + 1;
    if (!zone_add_kind(z, &b, ZONE_BEGINNING, 0)) return false;
    for (size_t i = 0; i < b.times; i++) {
        int64_t at_s = zone_read_time(b.moments + i * b.time_bytes, b.time_bytes);
        if (!zone_add_kind(z, &b, at_s, b.indices[i])) return false;
    }
    char         text[128];
    CalendarRule rule;
    size_t       length = (size_t)(end - b.end);
    if (!has_rule || length < 2 || length > sizeof text || b.end[0] != '\n') return true;
    memcpy(text, b.end + 1, length - 1);
    text[length - 1] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (calendar_rule_parse(text, &rule)) zone_add_rule(z, &rule);
    return true;
}

/* The zone in a file, or NULL when it cannot be read or is none. */
static CalendarZone *zone_load_file(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (!file) return NULL;
    CalendarZone *z = NULL;
    struct stat   info;
    if (fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= MOST_FILE_BYTES) {
        uint8_t *bytes = mem_alloc((size_t)info.st_size);
        size_t   size = fread(bytes, 1, (size_t)info.st_size, file);
        z = zone_create();
        if (!zone_read_file(z, bytes, size)) {
            zone_destroy(z);
            z = NULL;
        }
        mem_free(bytes);
    }
    fclose(file);
    return z;
}

static CalendarZone *zone_load_rule(const char *text)
{
    CalendarRule rule;
    if (!calendar_rule_parse(text, &rule)) return NULL;
    CalendarZone *z = zone_create();
    zone_add_rule(z, &rule);
    return z;
}

/* ---- names to zones ---- */

static const char *const zone_folders[] = {
    "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
};

static bool zone_is_letter(char c)
{
    return (unsigned)(c | 0x20) - 'a' < 26;
}

/* A name that stays below the database's folder. */
static bool zone_is_id(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= ID_BYTES || *text == '/' || strstr(text, "..")) return false;
    for (const char *p = text; *p; p++)
        if (!(zone_is_letter(*p) || ('0' <= *p && *p <= '9') || strchr("/_+-.", *p))) return false;
    return true;
}

/* The name of a zone in a path into the database; "" when there is none. */
static const char *zone_id_in_path(const char *path)
{
    static const char folder[] = "/zoneinfo/";
    const char *found = strstr(path, folder);
    if (!found) return "";
    found += strlen(folder);
    if (strncmp(found, "posix/", 6) == 0) found += 6;
    return zone_is_id(found) ? found : "";
}

static CalendarZone *zone_load(const char *tz)
{
    CalendarZone *z = NULL;
    const char   *id = tz;
    if (*tz == '/') {
        z = zone_load_file(tz);
        id = zone_id_in_path(tz);
    }
    for (size_t i = 0; !z && i < COUNT_OF(zone_folders) && zone_is_id(tz); i++) {
        char path[ID_BYTES + 32];
        snprintf(path, sizeof path, "%s/%s", zone_folders[i], tz);
        z = zone_load_file(path);
    }
    if (!z && (!strcmp(tz, "UTC") || !strcmp(tz, "Etc/UTC"))) z = zone_load_rule("UTC0");   // no database
    if (!z) {
        z = zone_load_rule(tz);
        id = "";
    }
    if (!z) return NULL;
    strncpy(z->id, id, ID_BYTES - 1);
    return z;
}

/* The registry. It only grows; its zones are given out for good. */
static struct {
    Mutex         lock;
    CalendarZone *first;             // guarded by lock
    const CalendarZone *local;       // atomic; set under the lock, NULL until first needed
} zone_registry = { .lock = MUTEX_INIT(LOCK_ZONES) };

static const CalendarZone *zone_get_locked(const char *tz)
{
    ASSERT_HELD(&zone_registry.lock);
    if (*tz == ':') tz++;
    if (!*tz) tz = "UTC";
    for (CalendarZone *z = zone_registry.first; z; z = z->next)
        if (strcmp(z->key, tz) == 0) return z;
    CalendarZone *z = zone_load(tz);
    if (!z) return NULL;
    zone_finish(z);
    z->key = mem_copy_text(tz);
    z->next = zone_registry.first;
    zone_registry.first = z;
    return z;
}

const CalendarZone *calendar_zone_get(const char *tz)
{
    mutex_lock(&zone_registry.lock);
    const CalendarZone *z = zone_get_locked(tz);
    mutex_unlock(&zone_registry.lock);
    return z;
}

/* Usually /etc/localtime is a link into the database, which tells the name, too. */
static const CalendarZone *zone_get_system(void)
{
    static const char path[] = "/etc/localtime";
    char    target[512];
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length > 0) {
        target[length] = '\0';
        const char *id = zone_id_in_path(target);
        const CalendarZone *z = *id ? zone_get_locked(id) : NULL;
        if (z) return z;
    }
    return zone_get_locked(path);
}

void calendar_zone_set_local(const char *tz)
{
    mutex_lock(&zone_registry.lock);
    const CalendarZone *z = tz ? zone_get_locked(tz) : zone_get_system();
    if (!z) z = zone_get_locked("UTC");
    atomic_set_release(&zone_registry.local, z);     // pairs with the load in calendar_zone_local
    mutex_unlock(&zone_registry.lock);
}

const CalendarZone *calendar_zone_local(void)
{
    const CalendarZone *z = atomic_get_acquire(&zone_registry.local);    // pairs with the store above
    if (LIKELY(z != NULL)) return z;
    calendar_zone_set_local(getenv("TZ"));
    return atomic_get_acquire(&zone_registry.local);
}

const char *calendar_zone_id(const CalendarZone *zone)
{
    return zone->id;
}

/* ---- moments to offsets ---- */

static int64_t zone_to_ms(int64_t seconds)
{
    int64_t ms;
    if (__builtin_mul_overflow(seconds, INT64_C(1000), &ms)) return seconds < 0 ? INT64_MIN : INT64_MAX;
    return ms;
}

static CalendarSpan zone_find_in_table(const CalendarZone *z, int64_t t_s, bool is_utc)
{
    size_t low = 0, high = z->count;                 // changes[low] is not later, changes[high] is
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        const ZoneChange *c = &z->changes[middle];
        if ((is_utc ? c->at_s : c->local_at_s) <= t_s) low = middle;
        else high = middle;
    }
    const ZoneChange *c = &z->changes[low];
    int64_t start_s = is_utc ? c->at_s : c->local_at_s;
    int64_t end_s = high == z->count ? INT64_MAX : is_utc ? c[1].at_s : c[1].local_at_s;
    return (CalendarSpan){ zone_to_ms(start_s), zone_to_ms(end_s), c->offset_s * 1000, c->is_summer,
                           z->names + c->name_at };
}

/* Z2. The span is cut to the year, since the years around may be of another kind than the sample's. */
static CalendarSpan zone_find_by_sample(const CalendarZone *z, int64_t t_s, bool is_utc)
{
    CalendarFields f;
    calendar_split(t_s * 1000, &f);
    int64_t first = calendar_days_before_month(f.year, 0), next = calendar_days_before_month(f.year + 1, 0);
    int64_t sample = SAMPLE_YEAR;
    while (calendar_is_leap_year(sample) != calendar_is_leap_year(f.year) ||
           calendar_weekday(calendar_days_before_month(sample, 0)) != calendar_weekday(first)) sample++;
    int64_t      shift_s = (first - calendar_days_before_month(sample, 0)) * 86400;
    CalendarSpan span = zone_find_in_table(z, t_s - shift_s, is_utc);
    span.start_ms += shift_s * 1000;
    span.end_ms += shift_s * 1000;
    if (span.start_ms < first * CALENDAR_MS_PER_DAY) span.start_ms = first * CALENDAR_MS_PER_DAY;
    if (span.end_ms > next * CALENDAR_MS_PER_DAY) span.end_ms = next * CALENDAR_MS_PER_DAY;
    return span;
}

CalendarSpan calendar_zone_find(const CalendarZone *zone, int64_t t_ms, bool is_utc)
{
    int64_t t_s = zone_floor_div(t_ms, 1000);
    if (UNLIKELY(t_s < zone->table_start_s || t_s >= zone->table_end_s))
        return zone_find_by_sample(zone, t_s, is_utc);
    CalendarSpan span = zone_find_in_table(zone, t_s, is_utc);
    int64_t start_ms = zone_to_ms(zone->table_start_s), end_ms = zone_to_ms(zone->table_end_s);
    if (span.start_ms < start_ms) span.start_ms = start_ms;
    if (span.end_ms > end_ms) span.end_ms = end_ms;
    return span;
}

const char *calendar_zone_name(const CalendarZone *zone, const CalendarSpan *span)
{
    const char *name = span->is_summer ? zone->summer_name : zone->standard_name;
    if (name) return name;
    return zone_is_letter(span->abbreviation[0]) ? span->abbreviation : NULL;
}

/* Times a day beyond the valid ones have offsets, too; anything further out is refused by TimeClip later. */
static double zone_shift(const CalendarZone *zone, double t, bool is_utc)
{
    if (!(fabs(t) <= (double)(CALENDAR_MOST_MS + CALENDAR_MS_PER_DAY))) return t;
    int32_t offset_ms = calendar_zone_find(zone, (int64_t)floor(t), is_utc).offset_ms;
    return is_utc ? t + offset_ms : t - offset_ms;
}

double calendar_zone_to_local(const CalendarZone *zone, double t)
{
    return zone_shift(zone, t, true);
}

double calendar_zone_to_utc(const CalendarZone *zone, double t)
{
    return zone_shift(zone, t, false);
}
