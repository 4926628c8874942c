/* SPDX-License-Identifier: MIT */
#include "vm/package.h"

#include <string.h>
#include <unistd.h>

#include "vm/base/mem.h"
#include "vm/commonjs.h"
#include "vm/loader.h"
#include "vm/object/array.h"
#include "vm/resolve.h"

enum { PACKAGE_DEPTH = 16 };             // of conditions within conditions

static Value package_parse(Goroutine *g, const char *folder)
{
    Buf path, text;
    buf_init(&path);
    buf_init(&text);
    buf_format(&path, "%s/package.json", folder);
    Value v = VALUE_UNDEFINED;
    if (access(buf_text(&path), R_OK) == 0) {
        Value name = value_from_cell(string_new_utf8(&g->heap, buf_text(&path), path.count));
        v = loader_read(g, buf_text(&path), &text) ? commonjs_parse_json(g, name, &text) : VALUE_THROWN;
        if (value_is_thrown(v)) error_take(g), v = VALUE_UNDEFINED;
    }
    buf_deinit(&text);
    buf_deinit(&path);
    return value_is_object(v) ? v : VALUE_UNDEFINED;
}

/* The object in folder/package.json; undefined: there is none. What was found once stays so, be it that there is
 * none. */
static Value package_read(Goroutine *g, const char *folder)
{
    PropertyRef ref;
    Object *known = object_of(loader_slot(g, LOADER_PACKAGES));
    PropertyKey key = intern_key(&g->heap, string_new_utf8(&g->heap, folder, strlen(folder)));
    if (object_find_own(&g->heap, known, key, &ref)) return ref.value;
    Value v = package_parse(g, folder);
    return loader_define_once(&g->heap, known, key, v);
}

/* A property of parsed JSON, which holds data properties only; undefined: none. */
static Value package_member(Goroutine *g, Value o, const char *name)
{
    PropertyRef ref;
    if (!value_is_kind(o, KIND_OBJECT)) return VALUE_UNDEFINED;
    return object_find_own(&g->heap, object_of(o), intern_key_text(&g->heap, name), &ref) ? ref.value : VALUE_UNDEFINED;
}

static char *package_text(Goroutine *g, Value v)
{
    return value_is_string(v) ? string_to_utf8(&g->heap, string_of(v), NULL, false) : NULL;
}

char *package_main(Goroutine *g, const char *folder)
{
    return package_text(g, package_member(g, package_read(g, folder), "main"));
}

/* ---- exports ----------------------------------------------------------------------------------------------------- */

static bool package_is_condition(Goroutine *g, PropertyKey key, bool is_import)
{
    static const char *const conditions[] = { "node", "default", "ultrascript" };
    if (!key_is_string(key)) return false;
    for (size_t i = 0; i < COUNT_OF(conditions); i++)
        if (string_equal_text(&g->heap, string_of(key), conditions[i])) return true;
    return string_equal_text(&g->heap, string_of(key), is_import ? "import" : "require");
}

/* The text of a target, which may be a choice by conditions or a list of alternatives. */
static char *package_target(Goroutine *g, Value v, bool is_import, int depth)
{
    if (value_is_string(v) || depth == 0 || !value_is_object(v)) return package_text(g, v);
    ValueList *keys = object_own_keys(g, object_of(v), KEYS_STRINGS);
    char *found = NULL;
    bool is_list = value_is_kind(v, KIND_ARRAY);
    for (uint32_t i = 0; keys && i < keys->count && !found; i++) {
        if (!is_list && !package_is_condition(g, keys->items[i], is_import)) continue;
        Value member = object_get(g, object_of(v), keys->items[i]);
        found = package_target(g, member, is_import, depth - 1);
    }
    return found;
}

/* A pattern with a star, which stands for any text: the target with its stars replaced. NULL: it does not match. */
static char *package_expand(const char *pattern, const char *key, const char *target)
{
    const char *star = strchr(pattern, '*');
    if (!star) return NULL;
    size_t head = (size_t)(star - pattern), tail = strlen(star + 1), length = strlen(key);
    if (length < head + tail || strncmp(pattern, key, head) || strcmp(key + length - tail, star + 1)) return NULL;
    Buf out;
    buf_init(&out);
    for (const char *c = target; *c; c++) {
        if (*c == '*') buf_put(&out, key + head, length - head - tail);
        else buf_put_byte(&out, (uint8_t)*c);
    }
    char *text = mem_copy_text(buf_text(&out));
    buf_deinit(&out);
    return text;
}

static char *package_match(Goroutine *g, Value exports, const char *key, bool is_import)
{
    ValueList *keys = object_own_keys(g, object_of(exports), KEYS_STRINGS);
    char *found = NULL;
    for (uint32_t i = 0; keys && i < keys->count && !found; i++) {
        if (!key_is_string(keys->items[i])) continue;
        char *pattern = package_text(g, keys->items[i]);
        Value member = object_get(g, object_of(exports), keys->items[i]);
        char *target = package_target(g, member, is_import, PACKAGE_DEPTH);
        if (target && !strcmp(pattern, key)) found = mem_copy_text(target);
        else if (target) found = package_expand(pattern, key, target);
        mem_free(target);
        mem_free(pattern);
    }
    return found;
}

/* Do the keys name paths, as "." and "./x" do, and not conditions? */
static bool package_has_paths(Goroutine *g, Value exports)
{
    ValueList *keys = value_is_kind(exports, KIND_OBJECT) ? object_own_keys(g, object_of(exports), KEYS_STRINGS) : NULL;
    if (!keys || keys->count == 0 || !key_is_string(keys->items[0])) return false;
    char *first = package_text(g, keys->items[0]);
    bool is_path = first[0] == '.';
    mem_free(first);
    return is_path;
}

char *package_export(Goroutine *g, const char *folder, const char *key, bool is_import, bool *has_exports)
{
    Value exports = package_member(g, package_read(g, folder), "exports");
    *has_exports = !value_is_undefined(exports) && !value_is_null(exports);
    if (!*has_exports) return NULL;
    if (package_has_paths(g, exports)) return package_match(g, exports, key, is_import);
    return strcmp(key, ".") ? NULL : package_target(g, exports, is_import, PACKAGE_DEPTH);
}

/* ---- what surrounds a file --------------------------------------------------------------------------------------- */

/* The nearest package.json at or above `*folder`, C memory that moves up to where it was found; undefined: none. */
static Value package_nearest(Goroutine *g, char **folder)
{
    for (;;) {
        Value package = package_read(g, *folder);
        if (!value_is_undefined(package) || !strcmp(*folder, "/") || !strcmp(*folder, ".")) return package;
        char *above = resolve_directory(*folder);
        mem_free(*folder);
        *folder = above;
    }
}

char *package_import(Goroutine *g, const char *folder, const char *key, bool is_import, char **base)
{
    char *at = mem_copy_text(folder);
    Value imports = package_member(g, package_nearest(g, &at), "imports");
    char *found = value_is_object(imports) ? package_match(g, imports, key, is_import) : NULL;
    if (found) *base = at;
    else mem_free(at);
    return found;
}

bool package_is_module(Goroutine *g, const char *path)
{
    char *at = resolve_directory(path);
    Value type = package_member(g, package_nearest(g, &at), "type");
    mem_free(at);
    return value_is_string(type) && string_equal_text(&g->heap, string_of(type), "module");
}
