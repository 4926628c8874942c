/* SPDX-License-Identifier: MIT */
#include "vm/resolve.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vm/base/buf.h"
#include "vm/base/mem.h"
#include "vm/package.h"

static const char *const resolve_extensions[] = { ".us", ".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".json" };

/* ---- paths ------------------------------------------------------------------------------------------------------- */

char *resolve_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *directory = mem_copy_text(slash ? path : ".");
    if (slash) directory[slash == path ? 1 : slash - path] = '\0';
    return directory;
}

/* "a" and "b" are "a/b"; an absolute "b" is itself. */
static void resolve_join(Buf *out, const char *directory, const char *name)
{
    buf_init(out);
    if (name[0] != '/') buf_format(out, "%s/", directory);
    buf_put_text(out, name);
}

static bool resolve_is_file(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

static bool resolve_is_directory(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static char *resolve_real(const char *path)
{
    char real[PATH_MAX];
    return realpath(path, real) ? mem_copy_text(real) : NULL;
}

/* `%20` and its kin, in place. */
static void resolve_decode(char *s)
{
    char *to = s;
    for (; *s; s++, to++) {
        char hex[3] = { s[1], s[1] ? s[2] : '\0', '\0' };
        char *end;
        long c = *s == '%' ? strtol(hex, &end, 16) : 0;
        if (*s == '%' && end == hex + 2 && c) {
            *to = (char)c;
            s += 2;
        } else {
            *to = *s;
        }
    }
    *to = '\0';
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static char *resolve_with_extension(const char *path)
{
    char *found = NULL;
    for (size_t i = 0; i < COUNT_OF(resolve_extensions) && !found; i++) {
        Buf b;
        buf_init(&b);
        buf_format(&b, "%s%s", path, resolve_extensions[i]);
        if (resolve_is_file(buf_text(&b))) found = resolve_real(buf_text(&b));
        buf_deinit(&b);
    }
    return found;
}

/* x.js may have been written as x.ts or x.us. */
static char *resolve_source_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    if (!dot || (strcmp(dot, ".js") && strcmp(dot, ".mjs") && strcmp(dot, ".cjs"))) return NULL;
    char *stem = mem_copy_text(path);
    stem[dot - path] = '\0';
    char *found = resolve_with_extension(stem);
    mem_free(stem);
    return found;
}

static char *resolve_as_file(const char *path)
{
    if (resolve_is_file(path)) return resolve_real(path);
    char *found = resolve_with_extension(path);
    return found ? found : resolve_source_of(path);
}

static char *resolve_as_index(const char *directory)
{
    Buf b;
    resolve_join(&b, directory, "index");
    char *found = resolve_with_extension(buf_text(&b));
    buf_deinit(&b);
    return found;
}

static char *resolve_as_directory(Goroutine *g, const char *path)
{
    if (!resolve_is_directory(path)) return NULL;
    char *main = package_main(g, path), *found = NULL;
    if (main) {
        Buf b;
        resolve_join(&b, path, main);
        found = resolve_as_file(buf_text(&b));
        if (!found) found = resolve_as_index(buf_text(&b));
        buf_deinit(&b);
        mem_free(main);
    }
    return found ? found : resolve_as_index(path);
}

static char *resolve_path(Goroutine *g, const char *directory, const char *name)
{
    Buf b;
    resolve_join(&b, directory, name);
    bool wants_directory = b.count > 0 && buf_text(&b)[b.count - 1] == '/';
    char *found = wants_directory ? NULL : resolve_as_file(buf_text(&b));
    if (!found) found = resolve_as_directory(g, buf_text(&b));
    buf_deinit(&b);
    return found;
}

/* ---- packages ---------------------------------------------------------------------------------------------------- */

/* Bytes of the package's name: "@scope/name/file" has two parts. */
static size_t resolve_package_length(const char *specifier)
{
    size_t n = strcspn(specifier, "/");
    if (specifier[0] == '@' && specifier[n]) n += 1 + strcspn(specifier + n + 1, "/");
    return n;
}

static char *resolve_in_package(Goroutine *g, const char *folder, const char *subpath, bool is_import)
{
    bool has_exports;
    Buf key;
    buf_init(&key);
    buf_format(&key, ".%s", subpath);
    char *target = package_export(g, folder, buf_text(&key), is_import, &has_exports), *found = NULL;
    if (target) found = resolve_path(g, folder, target);
    else if (!has_exports) found = subpath[0] ? resolve_path(g, folder, subpath + 1) : resolve_as_directory(g, folder);
    mem_free(target);
    buf_deinit(&key);
    return found;
}

/* node_modules of every folder from `directory` up. */
static char *resolve_package(Goroutine *g, const char *directory, const char *specifier, bool is_import)
{
    char *at = mem_copy_text(directory), *found = NULL;
    size_t n = resolve_package_length(specifier);
    for (bool more = true; more && !found;) {
        Buf folder;
        buf_init(&folder);
        buf_format(&folder, "%s/node_modules/%.*s", strcmp(at, "/") ? at : "", (int)n, specifier);
        if (resolve_is_directory(buf_text(&folder))) found = resolve_in_package(g, buf_text(&folder), specifier + n, is_import);
        else if (!specifier[n]) found = resolve_as_file(buf_text(&folder));
        buf_deinit(&folder);
        more = strcmp(at, "/") && strcmp(at, ".");
        char *above = resolve_directory(at);
        mem_free(at);
        at = above;
    }
    mem_free(at);
    return found;
}

/* "#name", which the package around `directory` gives a meaning. */
static char *resolve_internal(Goroutine *g, const char *directory, const char *specifier, bool is_import)
{
    char *base, *target = package_import(g, directory, specifier, is_import, &base), *found = NULL;
    if (!target) return NULL;
    if (target[0] == '.') found = resolve_path(g, base, target);
    else found = resolve_package(g, base, target, is_import);
    mem_free(target);
    mem_free(base);
    return found;
}

char *resolve_file(Goroutine *g, const char *directory, const char *specifier, bool is_import)
{
    static const char scheme[] = "file://";
    char real[PATH_MAX];
    if (!realpath(directory, real)) return NULL;
    if (!strncmp(specifier, scheme, sizeof scheme - 1)) {
        char *path = mem_copy_text(specifier + sizeof scheme - 1);
        resolve_decode(path);
        char *found = resolve_path(g, "/", path);
        mem_free(path);
        return found;
    }
    if (specifier[0] == '/' || specifier[0] == '.') return resolve_path(g, real, specifier);
    if (specifier[0] == '#') return resolve_internal(g, real, specifier, is_import);
    return specifier[0] ? resolve_package(g, real, specifier, is_import) : NULL;
}

ResolveFormat resolve_format(Goroutine *g, const char *path)
{
    const char *dot = strrchr(path, '.');
    if (!dot) return RESOLVE_DETECT;
    if (!strcmp(dot, ".json")) return RESOLVE_JSON;
    if (!strcmp(dot, ".mjs") || !strcmp(dot, ".mts")) return RESOLVE_MODULE;
    if (!strcmp(dot, ".cjs") || !strcmp(dot, ".cts")) return RESOLVE_COMMONJS;
    return package_is_module(g, path) ? RESOLVE_MODULE : RESOLVE_DETECT;
}
