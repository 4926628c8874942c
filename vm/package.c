/* SPDX-License-Identifier: MIT */
#include "vm/package.h"

#include <stddef.h>

char *package_main(struct Goroutine *g, const char *folder)
{
    return NULL;
}

char *package_export(struct Goroutine *g, const char *folder, const char *key, bool is_import, bool *has_exports)
{
    *has_exports = false;
    return NULL;
}

bool package_is_module(struct Goroutine *g, const char *path)
{
    return false;
}
