/* SPDX-License-Identifier: MIT */
/* unitcache.h - compiled files kept between runs, in the folder that the environment variable US_COMPILE_CACHE names.
 *
 * A file's unit lies under a name made from its path and the way it was read. It is used only when the source it
 * holds is the source at hand, byte for byte, and when the verifier accepts it: a stale or damaged entry costs a
 * compilation, no more. Entries are replaced by renaming, so that programs running at once see whole ones. */
#ifndef US_UNITCACHE_H
#define US_UNITCACHE_H

#include "compiler/compile.h"

/** The kept unit, one reference; NULL: none that fits, or there is no cache. */
NODISCARD Unit *unitcache_find(const char *name, const void *bytes, size_t size_bytes, const CompileOptions *options);

/** Keep a unit that was compiled with its source. Failing to is no error. */
void unitcache_keep(const char *name, const Unit *unit, const CompileOptions *options);

#endif
