/* SPDX-License-Identifier: MIT */
#include "vm/unitcache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/base/file.h"
#include "vm/base/debug.h"
#include "vm/base/hash.h"
#include "vm/bytecode/unitio.h"
#include "vm/bytecode/verify.h"

/* The path of an entry; false: there is no cache, or such code is not kept. */
static bool unitcache_path(Buf *path, const char *name, const CompileOptions *options)
{
    const char *folder = getenv("US_COMPILE_CACHE");
    bool is_file = options->kind == COMPILE_MODULE || options->kind == COMPILE_COMMONJS || options->kind == COMPILE_DETECT_COMMONJS;
    if (!folder || !*folder || !is_file || !options->keeps_source) return false;
    uint64_t hash = (uint64_t)options->kind << 32 | options->dialect | (uint64_t)debug_flags()->noescape << 63;
    for (const char *c = name; *c; c++) hash = hash_word(hash ^ (uint8_t)*c);
    buf_init(path);
    buf_format(path, "%s/%016llx.usc", folder, (unsigned long long)hash);
    return true;
}

static bool unitcache_fits(const Unit *unit, const char *name, const void *bytes, size_t size_bytes)
{
    VerifyFault fault;
    return unit->source && unit->source_count == size_bytes && !memcmp(unit->source, bytes, size_bytes) && !strcmp(unit->file, name)
        && verify_unit(unit, &fault);
}

Unit *unitcache_find(const char *name, const void *bytes, size_t size_bytes, const CompileOptions *options)
{
    Buf path, kept;
    Unit *unit = NULL;
    if (!unitcache_path(&path, name, options)) return NULL;
    buf_init(&kept);
    if (file_read(buf_text(&path), &kept) == 0) unit = unitio_read(kept.bytes, kept.count, false);
    if (unit && !unitcache_fits(unit, name, bytes, size_bytes)) {
        unit_release(unit);
        unit = NULL;
    }
    buf_deinit(&kept);
    buf_deinit(&path);
    return unit;
}

void unitcache_keep(const char *name, const Unit *unit, const CompileOptions *options)
{
    Buf path, draft, bytes;
    if (!unitcache_path(&path, name, options)) return;
    buf_init(&draft);
    buf_init(&bytes);
    buf_format(&draft, "%s.%ld", buf_text(&path), (long)getpid());
    unitio_write(&bytes, unit);
    mkdir(getenv("US_COMPILE_CACHE"), 0700);
    FILE *f = fopen(buf_text(&draft), "wb");
    if (f) {
        bool written = fwrite(bytes.bytes, 1, bytes.count, f) == bytes.count;
        written = fclose(f) == 0 && written;
        if (!written || rename(buf_text(&draft), buf_text(&path))) unlink(buf_text(&draft));
    }
    buf_deinit(&bytes);
    buf_deinit(&draft);
    buf_deinit(&path);
}
