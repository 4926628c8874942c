/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "vm/base/attr.h"
#include "vm/base/calendar_int.h"

typedef struct NamesRow {
    const char *standard, *summer;   // summer may be NULL
    const char *zones;               // separated by blanks
} NamesRow;

static const NamesRow names_rows[] = {
#define NAMES_SUMMER(name, zones)           { name " Standard Time", name " Summer Time", zones },
#define NAMES_DAYLIGHT(name, zones)         { name " Standard Time", name " Daylight Time", zones },
#define NAMES_PAIR(standard, summer, zones) { standard, summer, zones },
#define NAMES_PLAIN(standard, zones)        { standard, NULL, zones },
#include "vm/base/calendar_names.def"
#undef NAMES_SUMMER
#undef NAMES_DAYLIGHT
#undef NAMES_PAIR
#undef NAMES_PLAIN
};

void calendar_names_find(const char *id, const char **standard, const char **summer)
{
    size_t length = strlen(id);
    *standard = *summer = NULL;
    if (length == 0) return;
    for (size_t i = 0; i < COUNT_OF(names_rows); i++) {
        for (const char *p = names_rows[i].zones; *p; p += *p == ' ') {
            size_t part = strcspn(p, " ");
            if (part == length && memcmp(p, id, length) == 0) {
                *standard = names_rows[i].standard;
                *summer = names_rows[i].summer;
                return;
            }
            p += part;
        }
    }
}
