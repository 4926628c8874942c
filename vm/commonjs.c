/* SPDX-License-Identifier: MIT */
#include "vm/commonjs.h"

#include <stdio.h>
#include <string.h>

#include "lib/json.h"
#include "vm/base/mem.h"
#include "vm/loader.h"
#include "vm/loop.h"
#include "vm/object/array.h"
#include "vm/object/convert.h"
#include "vm/resolve.h"

static Value commonjs_string(Goroutine *g, const char *text)
{
    return value_from_cell(string_new_utf8(&g->heap, text, strlen(text)));
}

static void commonjs_set(Goroutine *g, Object *o, const char *name, Value v)
{
    object_define(&g->heap, o, intern_key_text(&g->heap, name), v, PROPERTY_DEFAULT);
}

static Value commonjs_get(Goroutine *g, Value o, const char *name)
{
    return object_get(g, object_of(o), intern_key_text(&g->heap, name));
}

Value commonjs_file_url(Goroutine *g, const char *path)
{
    static const char plain[] = "/-_.!~*'()";
    Buf url;
    buf_init(&url);
    buf_put_text(&url, "file://");
    for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
        bool is_plain = (*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'z') || strchr(plain, *p);
        if (is_plain) buf_put_byte(&url, (char)*p);
        else buf_format(&url, "%%%02X", *p);
    }
    Value v = value_from_cell(string_new_utf8(&g->heap, url.bytes, url.count));
    buf_deinit(&url);
    return v;
}

/* ---- module objects ---------------------------------------------------------------------------------------------- */

static Value commonjs_cache(Goroutine *g)
{
    return loader_slot(g, LOADER_COMMONJS);
}

static PropertyKey commonjs_key(Goroutine *g, Value path)
{
    return intern_key(&g->heap, string_of(path));
}

static Value commonjs_new_module(Goroutine *g, Value path)
{
    Object *m = realm_new_object(g, INTRINSIC_ObjectPrototype);
    char *text = string_to_utf8(&g->heap, string_of(path), NULL, false), *directory = resolve_directory(text);
    Value main = loader_slot(g, LOADER_MAIN);
    bool is_main = value_is_string(main) && string_compare(&g->heap, string_of(main), string_of(path)) == 0;
    commonjs_set(g, m, "id", is_main ? commonjs_string(g, ".") : path);
    commonjs_set(g, m, "path", commonjs_string(g, directory));
    commonjs_set(g, m, "exports", value_from_cell(realm_new_object(g, INTRINSIC_ObjectPrototype)));
    commonjs_set(g, m, "filename", path);
    commonjs_set(g, m, "loaded", VALUE_FALSE);
    commonjs_set(g, m, "children", value_from_cell(array_new(g)));
    mem_free(directory);
    mem_free(text);
    return value_from_cell(m);
}

/* ---- require ----------------------------------------------------------------------------------------------------- */

/* data 0 of require and require.resolve: the folder. */
static Value commonjs_call_require(Goroutine *g, Args a)
{
    if (!value_is_string(arg(a, 0)))
        return error_throw(g, ERROR_TYPE, "The \"id\" argument must be of type string. Received %T", arg(a, 0));
    char *directory = string_to_utf8(&g->heap, string_of(args_data(a, 0)), NULL, false);
    Value v = commonjs_require(g, directory, string_of(arg(a, 0)));
    mem_free(directory);
    return v;
}

static char *commonjs_resolve(Goroutine *g, const char *directory, String *specifier)
{
    char *name = string_to_utf8(&g->heap, specifier, NULL, false);
    char *path = name ? resolve_file(g, directory, name, false) : NULL;
    mem_free(name);
    if (!path) loader_throw_not_found(g, specifier, directory);
    return path;
}

static Value commonjs_call_resolve(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    char *directory = string_to_utf8(&g->heap, string_of(args_data(a, 0)), NULL, false);
    char *path = commonjs_resolve(g, directory, s);
    Value v = path ? commonjs_string(g, path) : VALUE_THROWN;
    mem_free(path);
    mem_free(directory);
    return v;
}

static Value commonjs_new_require(Goroutine *g, Value directory)
{
    static const NativeSpec require = { .name = "require", .function = commonjs_call_require, .length = 1 };
    static const NativeSpec resolve = { .name = "resolve", .function = commonjs_call_resolve, .length = 1 };
    LocalHeap *h = &g->heap;
    Object *f = object_of(function_new_capturing(h, realm_current(g), &require, 1, &directory));
    object_materialize(h, f);
    commonjs_set(g, f, "resolve", function_new_capturing(h, realm_current(g), &resolve, 1, &directory));
    commonjs_set(g, f, "cache", commonjs_cache(g));
    Value main = loader_slot(g, LOADER_MAIN);
    PropertyRef ref;
    bool has_main = value_is_string(main) && object_find_own(h, object_of(commonjs_cache(g)), commonjs_key(g, main), &ref);
    commonjs_set(g, f, "main", has_main ? ref.value : VALUE_UNDEFINED);
    return value_from_cell(f);
}

/* ---- running a file ---------------------------------------------------------------------------------------------- */

enum { COMMONJS_ARGUMENTS = 5 };

/* exports, require, module, __filename, __dirname. */
static bool commonjs_arguments(Goroutine *g, Value module, Value path, Value arguments[COMMONJS_ARGUMENTS])
{
    arguments[0] = TRY_BOOL(commonjs_get(g, module, "exports"));
    Value directory = TRY_BOOL(commonjs_get(g, module, "path"));
    arguments[1] = commonjs_new_require(g, directory);
    arguments[2] = module;
    arguments[3] = path;
    arguments[4] = directory;
    return true;
}

static Value commonjs_call(Goroutine *g, Code *code, Value module, Value path)
{
    Value arguments[COMMONJS_ARGUMENTS];
    Function *f = code_new_top_function(&g->heap, code, NULL);
    OK(commonjs_arguments(g, module, path, arguments));
    return callable_call(g, value_from_cell(f), arguments[0], COUNT_OF(arguments), arguments);
}

static Value commonjs_run_code(Goroutine *g, Code *code, Value path)
{
    Value module = commonjs_new_module(g, path);
    Object *cache = object_of(commonjs_cache(g));
    Value first = loader_define_once(&g->heap, cache, commonjs_key(g, path), module);
    if (first != module && value_is_object(first)) return commonjs_get(g, first, "exports");     // as in a cycle
    if (value_is_thrown(commonjs_call(g, code, module, path))) {
        if (!object_remove(&g->heap, cache, commonjs_key(g, path))) UNREACHABLE();
        return VALUE_THROWN;
    }
    OK(object_put(g, object_of(module), intern_key_text(&g->heap, "loaded"), VALUE_TRUE));
    return commonjs_get(g, module, "exports");
}

Value commonjs_run(Goroutine *g, Unit *unit, Value path)
{
    return commonjs_run_code(g, code_new(&g->heap, unit, 0, realm_current(g), path), path);
}

bool commonjs_begin(Goroutine *g, Unit *unit, Value path, void (*done)(Goroutine *g, Value v))
{
    Value arguments[COMMONJS_ARGUMENTS];
    Code *code = code_new(&g->heap, unit, 0, realm_current(g), path);
    unit_release(unit);
    Value module = commonjs_new_module(g, path);
    object_define(&g->heap, object_of(commonjs_cache(g)), commonjs_key(g, path), module, PROPERTY_DEFAULT);
    OK_BOOL(commonjs_arguments(g, module, path, arguments));
    Value f = value_from_cell(code_new_top_function(&g->heap, code, NULL));
    loop_set_program(g, f, arguments[0], COUNT_OF(arguments), arguments, done);
    return true;
}

/* data 0: the code. It may have run already, for require. */
static Value commonjs_evaluate(Goroutine *g, Args a)
{
    PropertyRef ref;
    Value path = arg(a, 0);
    if (object_find_own(&g->heap, object_of(commonjs_cache(g)), commonjs_key(g, path), &ref) && value_is_object(ref.value))
        return commonjs_get(g, ref.value, "exports");
    return commonjs_run_code(g, (Code *)value_cell(args_data(a, 0)), path);
}

Value commonjs_evaluator(Goroutine *g, Unit *unit, Value path)
{
    static const NativeSpec evaluate = { .name = "", .function = commonjs_evaluate, .length = 1 };
    Code *code = code_new(&g->heap, unit, 0, realm_current(g), path);
    return function_new_capturing(&g->heap, realm_current(g), &evaluate, 1, (Value[]){ value_from_cell(code) });
}

/* require of an ECMAScript module: its namespace, unless it awaits. */
static Value commonjs_run_module(Goroutine *g, Module *m)
{
    Value done = TRY(loader_run(g, m));
    Promise *p = promise_of(done);
    promise_set_handled(g, p);
    if (promise_state(p) == PROMISE_REJECTED) return error_throw_value(g, p->result);
    if (promise_state(p) == PROMISE_PENDING)
        return error_throw(g, ERROR_PLAIN, "require() cannot load '%S': it has a top-level await", string_of(m->url));
    return module_namespace(g, m);
}

static Value commonjs_load_json(Goroutine *g, Value path, Buf *text)
{
    Value v = TRY(commonjs_parse_json(g, path, text));
    Value module = commonjs_new_module(g, path);
    commonjs_set(g, object_of(module), "exports", v);
    commonjs_set(g, object_of(module), "loaded", VALUE_TRUE);
    object_define(&g->heap, object_of(commonjs_cache(g)), commonjs_key(g, path), module, PROPERTY_DEFAULT);
    return v;
}

static Value commonjs_load_code(Goroutine *g, const char *path, Value path_value, Buf *text, ResolveFormat format)
{
    bool is_module;
    Unit *unit = loader_compile(g, path, text, format, &is_module);
    if (!unit) return VALUE_THROWN;
    if (is_module) {
        Module *m = loader_load_unit(g, path, unit);
        return m ? commonjs_run_module(g, m) : VALUE_THROWN;
    }
    Value v = commonjs_run(g, unit, path_value);
    unit_release(unit);
    return v;
}

Value commonjs_require_file(Goroutine *g, const char *path)
{
    PropertyRef ref;
    Value path_value = commonjs_string(g, path);
    if (object_find_own(&g->heap, object_of(commonjs_cache(g)), commonjs_key(g, path_value), &ref) && value_is_object(ref.value))
        return commonjs_get(g, ref.value, "exports");
    Module *m;
    OK(loader_find_source(g, path, &m));
    if (m) return commonjs_run_module(g, m);
    Buf text;
    buf_init(&text);
    Value v = VALUE_THROWN;
    ResolveFormat format = resolve_format(g, path);
    if (loader_read(g, path, &text))
        v = format == RESOLVE_JSON ? commonjs_load_json(g, path_value, &text) : commonjs_load_code(g, path, path_value, &text, format);
    buf_deinit(&text);
    return v;
}

Value commonjs_require(Goroutine *g, const char *directory, String *specifier)
{
    char *path = commonjs_resolve(g, directory, specifier);
    if (!path) return VALUE_THROWN;
    Value v = commonjs_require_file(g, path);
    mem_free(path);
    return v;
}

/* ---- globals, JSON ----------------------------------------------------------------------------------------------- */

void commonjs_install_globals(Goroutine *g, const char *name)
{
    Object *global = object_of(realm_current(g)->global_this);
    char *directory = loader_directory(g, VALUE_UNDEFINED);
    Buf path;
    buf_init(&path);
    buf_format(&path, "%s/%s", directory, name);
    Value module = commonjs_new_module(g, value_from_cell(string_new_utf8(&g->heap, path.bytes, path.count)));
    commonjs_set(g, global, "module", module);
    commonjs_set(g, global, "exports", commonjs_get(g, module, "exports"));
    commonjs_set(g, global, "require", commonjs_new_require(g, commonjs_string(g, directory)));
    commonjs_set(g, global, "__filename", commonjs_string(g, name));
    commonjs_set(g, global, "__dirname", commonjs_string(g, "."));
    buf_deinit(&path);
    mem_free(directory);
}

/* The message of the pending SyntaxError gets the file's name before it. */
static Value commonjs_name_file(Goroutine *g, Value path)
{
    Value e = error_take(g), message = value_is_object(e) ? commonjs_get(g, e, "message") : VALUE_UNDEFINED;
    if (!value_is_string(message)) return error_throw_value(g, e);
    return error_throw(g, ERROR_SYNTAX, "%S: %S", string_of(path), string_of(message));
}

Value commonjs_parse_json(Goroutine *g, Value path, Buf *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t skip = text->count >= 3 && !memcmp(text->bytes, mark, 3) ? 3 : 0;
    String *s = string_new_utf8(&g->heap, (const char *)text->bytes + skip, text->count - skip);
    if (!s) return error_throw_string_length(g);
    Value v = json_parse(g, s, NULL);
    return value_is_thrown(v) ? commonjs_name_file(g, path) : v;
}
