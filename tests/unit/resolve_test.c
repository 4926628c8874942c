/* SPDX-License-Identifier: MIT */
/* From what a program asks for to files, in a folder made for the test; packages; units kept between runs. */
#include "vm/resolve.h"

#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/vm_fixture.h"
#include "vm/package.h"
#include "vm/unitcache.h"

typedef struct Place {
    VmFixture f;
    char      root[PATH_MAX];
} Place;

/* A file with `text`, and the folders it lies in. */
static void make_file(const Place *p, const char *name, const char *text)
{
    char path[PATH_MAX + 100];
    snprintf(path, sizeof path, "%s/%s", p->root, name);
    for (char *slash = strchr(path + strlen(p->root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *out = fopen(path, "w");
    REQUIRE(out);
    fputs(text, out);
    fclose(out);
}

static void begin(Place *p)
{
    char template[] = "/tmp/us_resolve_XXXXXX";
    REQUIRE(mkdtemp(template) && realpath(template, p->root));
    vm_fixture_begin(&p->f);
}

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *place)
{
    (void)s, (void)type, (void)place;
    return remove(path);
}

static void end(Place *p)
{
    vm_fixture_end(&p->f);
    nftw(p->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* `expected` is relative to the root; NULL: nothing is found. */
static void expect_found(Place *p, const char *expected, const char *directory, const char *specifier, bool is_import)
{
    char from[PATH_MAX + 100];
    snprintf(from, sizeof from, "%s/%s", p->root, directory);
    char *found = resolve_file(p->f.g, from, specifier, is_import);
    const char *shown = found ? found + strlen(p->root) + 1 : "nothing";
    if (strcmp(expected ? expected : "nothing", shown))
        test_fail(__FILE__, __LINE__, "%s from %s: expected %s, is %s", specifier, directory, expected, shown);
    mem_free(found);
}

TEST(resolve_paths_extensions_and_folders)
{
    static const struct { const char *specifier, *found; } rows[] = {
        { "./a.js", "src/a.js" }, { "./a", "src/a.js" }, { "./b", "src/b.us" }, { "./b.js", "src/b.us" },
        { "./c.mjs", "src/c.ts" },
        { "./sub", "src/sub/index.ts" }, { "./sub/", "src/sub/index.ts" }, { "./pkg", "src/pkg/main.js" },
        { "./library", "src/library/lib/index.js" }, { "../top", "top.js" },
        { "./data", "src/data.json" }, { "./none", NULL }, { "./a.json", NULL }, { "./a.js/", NULL },
        { "a", NULL }, { "", NULL },
        { ".", "src/index.js" }, { "..", NULL },
    };
    Place p;
    begin(&p);
    static const char *const files[] = {
        "src/a.js", "src/b.us", "src/b.ts", "src/c.ts", "src/sub/index.ts", "src/pkg/main.js",
        "src/library/lib/index.js", "top.js", "src/data.json", "src/index.js", "src/with space.js",
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) make_file(&p, files[i], "");
    make_file(&p, "src/pkg/package.json", "{\"main\": \"./main\"}");
    make_file(&p, "src/library/package.json", "{\"main\": \"lib\"}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) expect_found(&p, rows[i].found, "src", rows[i].specifier, true);
    char path[PATH_MAX + 100];
    snprintf(path, sizeof path, "%s/top", p.root);
    expect_found(&p, "top.js", "src", path, false);
    snprintf(path, sizeof path, "file://%s/src/with%%20space.js", p.root);
    expect_found(&p, "src/with space.js", "src", path, true);
    end(&p);
}

TEST(resolve_packages_by_their_exports)
{
    static const struct { const char *specifier, *imported, *required; } rows[] = {
        { "plain", "node_modules/plain/lib.js", "node_modules/plain/lib.js" },
        { "plain/other", "node_modules/plain/other.js", "node_modules/plain/other.js" },
        { "@scope/dual", "node_modules/@scope/dual/esm.mjs", "node_modules/@scope/dual/common.cjs" },
        { "@scope/dual/feature/x", "node_modules/@scope/dual/features/x.js", "node_modules/@scope/dual/features/x.js" },
        { "@scope/dual/hidden.js", NULL, NULL }, { "@scope/dual/nothing", NULL, NULL }, { "@scope", NULL, NULL },
        { "missing", NULL, NULL }, { "broken", "node_modules/broken/index.js", "node_modules/broken/index.js" },
        { "near", "src/deep/node_modules/near.js", "src/deep/node_modules/near.js" },
        { "#inner", "src/inner.js", "src/inner.js" },
        { "#plain", "node_modules/plain/lib.js", "node_modules/plain/lib.js" },
        { "#none", NULL, NULL },
    };
    static const char *const files[] = {
        "node_modules/plain/lib.js", "node_modules/plain/other.js", "node_modules/@scope/dual/esm.mjs",
        "node_modules/@scope/dual/common.cjs", "node_modules/@scope/dual/features/x.js",
        "node_modules/@scope/dual/hidden.js",
        "node_modules/broken/index.js", "src/deep/node_modules/near.js", "node_modules/near.js", "src/inner.js",
    };
    Place p;
    begin(&p);
    for (size_t i = 0; i < COUNT_OF(files); i++) make_file(&p, files[i], "");
    make_file(&p, "node_modules/plain/package.json", "{\"main\": \"lib.js\"}");
    make_file(&p, "node_modules/broken/package.json", "{\"main\": ");
    make_file(&p, "node_modules/@scope/dual/package.json",
              "{\"exports\": {\".\": {\"import\": \"./esm.mjs\", \"require\": \"./common.cjs\"},"
              "\"./feature/*\": \"./features/*.js\", \"./nothing\": null}}");
    make_file(&p, "src/package.json", "{\"imports\": {\"#inner\": \"./inner.js\", \"#plain\": \"plain\"}}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        expect_found(&p, rows[i].imported, "src/deep", rows[i].specifier, true);
        expect_found(&p, rows[i].required, "src/deep", rows[i].specifier, false);
    }
    end(&p);
}

TEST(resolve_format_by_name_and_package)
{
    static const struct { const char *file; ResolveFormat format; } rows[] = {
        { "esm/x.js", RESOLVE_MODULE }, { "esm/x.cjs", RESOLVE_COMMONJS }, { "esm/x.json", RESOLVE_JSON },
        { "common/x.js", RESOLVE_DETECT }, { "common/x.mjs", RESOLVE_MODULE }, { "common/x.mts", RESOLVE_MODULE },
        { "esm/deep/x.ts", RESOLVE_MODULE }, { "esm/noext", RESOLVE_DETECT },
    };
    Place p;
    begin(&p);
    make_file(&p, "esm/package.json", "{\"type\": \"module\"}");
    make_file(&p, "common/package.json", "{\"type\": \"commonjs\"}");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        make_file(&p, rows[i].file, "");
        char path[PATH_MAX + 100];
        snprintf(path, sizeof path, "%s/%s", p.root, rows[i].file);
        EXPECT_EQ(rows[i].format, resolve_format(p.f.g, path));
    }
    char *directory = resolve_directory("/a/b.js");
    EXPECT_TEXT("/a", directory);
    mem_free(directory);
    directory = resolve_directory("/a");
    EXPECT_TEXT("/", directory);
    mem_free(directory);
    end(&p);
}

/* ---- units kept between runs ---- */

static Unit *compile(const char *source)
{
    CompileOptions options = { .kind = COMPILE_COMMONJS, .keeps_source = true };
    CompileResult r = compile_source("kept.js", source, strlen(source), &options);
    Unit *unit = r.unit ? unit_retain(r.unit) : NULL;
    compile_result_deinit(&r);
    REQUIRE(unit);
    return unit;
}

static bool is_kept(const char *source, CompileKind kind)
{
    CompileOptions options = { .kind = kind, .keeps_source = true };
    Unit *unit = unitcache_find("kept.js", source, strlen(source), &options);
    if (unit) unit_release(unit);
    return unit != NULL;
}

static const char *spoil_from;

static int spoil_entry(const char *path, const struct stat *s, int type, struct FTW *place)
{
    (void)place;
    if (type != FTW_F || s->st_size < 100) return 0;
    FILE *file = fopen(path, "r+");
    if (!file) return 0;
    fseek(file, spoil_from[0] == 'h' ? 8 : s->st_size / 2, SEEK_SET);
    for (int i = 0; i < 40; i++) fputc(0xff, file);
    fclose(file);
    return 0;
}

TEST(unitcache_gives_back_what_fits_and_nothing_that_was_spoilt)
{
    static const char source[] = "var x = 1; function f(a) { return a + x } f(2)";
    CompileOptions options = { .kind = COMPILE_COMMONJS, .keeps_source = true };
    Place p;
    begin(&p);
    EXPECT(!is_kept(source, COMPILE_COMMONJS));                 // no folder is named
    setenv("US_COMPILE_CACHE", p.root, 1);
    EXPECT(!is_kept(source, COMPILE_COMMONJS));
    for (int round = 0; round < 3; round++) {
        Unit *unit = compile(source);
        unitcache_keep("kept.js", unit, &options);
        unit_release(unit);
        EXPECT(is_kept(source, COMPILE_COMMONJS));
        EXPECT(!is_kept("var x = 2; function f(a) { return a + x } f(2)", COMPILE_COMMONJS));
        EXPECT(!is_kept(source, COMPILE_MODULE));
        EXPECT(!is_kept(source, COMPILE_SCRIPT));             // scripts are not kept
        if (round == 2) break;
        spoil_from = round ? "half" : "the middle";
        nftw(p.root, spoil_entry, 8, FTW_PHYS);
        EXPECT(!is_kept(source, COMPILE_COMMONJS));
    }
    unsetenv("US_COMPILE_CACHE");
    end(&p);
}
