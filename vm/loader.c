/* SPDX-License-Identifier: MIT */
#include "vm/loader.h"

#include <string.h>
#include <unistd.h>
#include <limits.h>

#include "gc/barrier.h"
#include "gc/monitor.h"
#include "gc/publish.h"
#include "gc/publish.h"
#include "lib/lib.h"
#include "vm/base/file.h"
#include "vm/base/mem.h"
#include "vm/commonjs.h"
#include "vm/evaluate.h"
#include "vm/object/convert.h"
#include "vm/resolve.h"
#include "vm/vm.h"

/* ---- the registry ------------------------------------------------------------------------------------------------ */

static ValueList *loader_registry(Goroutine *g)
{
    LocalHeap *h = &g->heap;
    Realm *realm = realm_current(g);
    Value made = atomic_get_acquire(&realm->host_data);          // pairs with the compare and swap below
    if (value_is_kind(made, KIND_VALUES)) return (ValueList *)value_cell(made);
    ValueList *list = list_new(h, LOADER_SLOTS);
    for (int i = 0; i < LOADER_MAIN; i++) list_push(h, &list, value_from_cell(object_new_with_proto(h, VALUE_NULL)));
    list_push(h, &list, VALUE_UNDEFINED);
    if (cell_is_shared(&realm->global->cell)) publish_cell(h, list);
    if (cell_is_shared(&realm->global->cell)) publish_cell(h, list);
    return atomic_cas(&realm->host_data, &made, value_from_cell(list)) ? list : (ValueList *)value_cell(made);
}

Value loader_slot(Goroutine *g, int slot)
{
    return loader_registry(g)->items[slot];
}

void loader_set_slot(Goroutine *g, int slot, Value v)
{
    ValueList *list = loader_registry(g);
    barrier_store(&g->heap, list, &list->items[slot], v);
}

/* JSON is another module than the text of the same file. */
static PropertyKey loader_key(Goroutine *g, const char *path, bool is_json)
{
    Buf key;
    buf_init(&key);
    buf_format(&key, "%s%s", is_json ? "json:" : "", path);
    String *s = string_new_utf8(&g->heap, key.bytes, key.count);
    buf_deinit(&key);
    return intern_key(&g->heap, s);
}

static Module *loader_find(Goroutine *g, PropertyKey key)
{
    PropertyRef ref;
    if (!object_find_own(&g->heap, object_of(loader_slot(g, LOADER_MODULES)), key, &ref)) return NULL;
    return module_of(ref.value);
}

Value loader_define_once(LocalHeap *h, Object *o, PropertyKey key, Value v)
{
    PropertyRef ref;
    bool entered = monitor_enter(h, o);
    if (object_find_own(h, o, key, &ref)) v = ref.value;
    else object_define(h, o, key, v, PROPERTY_DEFAULT);
    monitor_exit(h, o, entered);
    return v;
}

/* The module that counts: `m`, unless another goroutine has loaded the same file meanwhile. */
static Module *loader_register(Goroutine *g, PropertyKey key, Module *m)
{
    return module_of(loader_define_once(&g->heap, object_of(loader_slot(g, LOADER_MODULES)), key, value_from_cell(m)));
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

bool loader_read(Goroutine *g, const char *path, Buf *text)
{
    int error = file_read(path, text);
    return error ? error_throw_bool(g, ERROR_PLAIN, "%s: %s", path, strerror(error)) : true;
}

char *loader_directory(Goroutine *g, Value referrer)
{
    char here[PATH_MAX];
    Value path = value_is_kind(referrer, KIND_MODULE) ? module_of(referrer)->url : referrer;
    if (!value_is_string(path)) return mem_copy_text(getcwd(here, sizeof here) ? here : "/");
    char *text = string_to_utf8(&g->heap, string_of(path), NULL, false);
    char *directory = resolve_directory(text);
    mem_free(text);
    return directory;
}

Value loader_throw_not_found(Goroutine *g, String *specifier, const char *directory)
{
    error_throw(g, ERROR_PLAIN, "Cannot find module '%S' from '%s'", specifier, directory);
    Object *e = object_of(g->exception);
    object_define(&g->heap, e, intern_key_text(&g->heap, "code"),
                  value_from_cell(intern_text(&g->heap, "MODULE_NOT_FOUND")),
                  PROPERTY_DEFAULT);
    return VALUE_THROWN;
}

/* ---- modules of files -------------------------------------------------------------------------------------------- */

CompileKind loader_kind(ResolveFormat format)
{
    switch (format) {
    case RESOLVE_MODULE:   return COMPILE_MODULE;
    case RESOLVE_COMMONJS: return COMPILE_COMMONJS;
    default:               return COMPILE_DETECT_COMMONJS;
    }
}

static Module *loader_new_json(Goroutine *g, Value url, Buf *text)
{
    Value v = commonjs_parse_json(g, url, text);
    return value_is_thrown(v) ? NULL : module_new_synthetic(&g->heap, url, VALUE_UNDEFINED, v, false);
}

Unit *loader_compile(Goroutine *g, const char *path, Buf *text, ResolveFormat format, bool *is_module)
{
    CompileOptions options = { .kind = loader_kind(format), .dialect = compile_dialect_of_file(path),
                               .keeps_source = true };
    return evaluate_compile(g, path, buf_text(text), text->count, &options, is_module);
}

static Module *loader_new_from_text(Goroutine *g, const char *path, Value url, Buf *text, ResolveFormat format)
{
    bool is_module = false;
    if (g->vm->options->is_test262) format = RESOLVE_MODULE;
    Unit *unit = loader_compile(g, path, text, format, &is_module);
    if (!unit) return NULL;
    Realm *realm = realm_current(g);
    Module *m = is_module ? module_new(&g->heap, unit, realm, url)
                          : module_new_synthetic(&g->heap, url, commonjs_evaluator(g, unit, url), VALUE_UNDEFINED,
                                                 true);
    unit_release(unit);
    return m;
}

/* The module of one file, without what it requests. */
static Module *loader_load_one(Goroutine *g, const char *path, ResolveFormat format)
{
    bool is_json = format == RESOLVE_JSON;
    PropertyKey key = loader_key(g, path, is_json);
    Module *m = loader_find(g, key);
    if (m) return m;
    Buf text;
    buf_init(&text);
    if (loader_read(g, path, &text)) {
        Value url = value_from_cell(string_new_utf8(&g->heap, path, strlen(path)));
        m = is_json ? loader_new_json(g, url, &text) : loader_new_from_text(g, path, url, &text, format);
    }
    buf_deinit(&text);
    return m ? loader_register(g, key, m) : NULL;
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static Module *loader_load_specifier(Goroutine *g, Value referrer, String *specifier, bool is_json)
{
    Module *m = NULL;
    char *directory = loader_directory(g, referrer);
    char *name = string_to_utf8(&g->heap, specifier, NULL, false);
    char *path = name ? resolve_file(g, directory, name, true) : NULL;
    if (path) m = loader_load_one(g, path, is_json ? RESOLVE_JSON : resolve_format(g, path));
    else loader_throw_not_found(g, specifier, directory);
    mem_free(path);
    mem_free(name);
    mem_free(directory);
    return m;
}

/* The one attribute we know is type, and its one value json. */
static bool loader_is_attribute(Goroutine *g, String *key, String *value, bool *is_json)
{
    if (!string_equal_text(&g->heap, key, "type"))
        return error_throw_bool(g, ERROR_SYNTAX, "Import attribute '%S' is not supported", key);
    *is_json = string_equal_text(&g->heap, value, "json");
    return *is_json || error_throw_bool(g, ERROR_TYPE, "Import attribute \"type\" with value \"%S\" is not supported",
                                        value);
}

static bool loader_request_type(Goroutine *g, const Unit *unit, const UnitRequest *r, bool *is_json)
{
    *is_json = false;
    for (uint32_t i = 0; i < r->attribute_count; i++) {
        String *key = string_of(code_string(&g->heap, unit, r->attributes[i * 2]));
        String *value = string_of(code_string(&g->heap, unit, r->attributes[i * 2 + 1]));
        OK_BOOL(loader_is_attribute(g, key, value, is_json));
    }
    return true;
}

static bool loader_list_has(const ValueList *work, Value m)
{
    for (uint32_t i = 0; i < work->count; i++)
        if (work->items[i] == m) return true;
    return false;
}

/* Load what `m` requests, and put onto `work` what may lack something that it requests: all that is not linked yet. */
static bool loader_load_requests(Goroutine *g, Module *m, ValueList **work)
{
    const UnitModule *tables = module_tables(m);
    for (uint32_t i = 0; tables && i < tables->request_count; i++) {
        bool is_json;
        const UnitRequest *r = &tables->requests[i];
        Value known = cell_slot_get(&m->requested->items[i]);
        if (!value_is_undefined(known)) {
            if (module_status(module_of(known)) < MODULE_LINKED
                && !loader_list_has(*work, known)) list_push(&g->heap, work, known);
            continue;
        }
        OK_BOOL(loader_request_type(g, m->code->unit, r, &is_json));
        String *specifier = string_of(code_string(&g->heap, m->code->unit, r->specifier));
        Module *from = loader_load_specifier(g, value_from_cell(m), specifier, is_json);
        if (!from) return false;
        barrier_store(&g->heap, m->requested, &m->requested->items[i], value_from_cell(from));
        list_push(&g->heap, work, value_from_cell(from));
    }
    return true;
}

/* LoadRequestedModules (16.2.1.6.1.1): all that can be reached. */
static bool loader_load_graph(Goroutine *g, Module *m)
{
    ValueList *work = list_new(&g->heap, 8);
    list_push(&g->heap, &work, value_from_cell(m));
    for (uint32_t i = 0; i < work->count; i++) OK_BOOL(loader_load_requests(g, module_of(work->items[i]), &work));
    return true;
}

bool loader_find_source(Goroutine *g, const char *path, Module **found)
{
    Module *m = loader_find(g, loader_key(g, path, false));
    *found = m && m->code ? m : NULL;
    return !*found || loader_load_graph(g, m);
}

Module *loader_load_unit(Goroutine *g, const char *path, Unit *unit)
{
    Value url = value_from_cell(string_new_utf8(&g->heap, path, strlen(path)));
    Module *m = module_new(&g->heap, unit, realm_current(g), url);
    unit_release(unit);
    m = loader_register(g, loader_key(g, path, false), m);
    return loader_load_graph(g, m) ? m : NULL;
}

/* In one's turn. */
static Value loader_link_and_evaluate(Goroutine *g, Module *m)
{
    OK(module_link(g, m));
    return module_evaluate(g, m);
}

Value loader_run(Goroutine *g, Module *m)
{
    if (!module_try_enter(g)) return error_throw(g, ERROR_PLAIN,
                                                 "Another goroutine evaluates modules; use import() to load '%S'",
                                                     string_of(m->url));
    Value promise = loader_link_and_evaluate(g, m);
    module_exit(g);
    return promise;
}

/* ---- import() (13.3.10) ------------------------------------------------------------------------------------------ */

/* import()'s second argument: { with: { type: "json" } }. */
static bool loader_read_options(Goroutine *g, Value options, bool *is_json)
{
    *is_json = false;
    if (value_is_undefined(options)) return true;
    if (!value_is_object(options)) return error_throw_bool(g, ERROR_TYPE,
                                                           "The second argument of import() must be an object");
    Value with = TRY_BOOL(object_get(g, object_of(options), intern_key_text(&g->heap, "with")));
    if (value_is_undefined(with)) return true;
    if (!value_is_object(with)) return error_throw_bool(g, ERROR_TYPE,
                                                        "The 'with' option of import() must be an object");
    ValueList *keys = object_own_keys(g, object_of(with), KEYS_STRINGS);
    if (!keys) return false;
    ValueList *values = list_new(&g->heap, keys->count * 2);
    for (uint32_t i = 0; i < keys->count; i++) {
        Descriptor d;
        if (!ASK_BOOL(object_get_own(g, object_of(with), keys->items[i], &d))
            || !(d.attributes & PROPERTY_ENUMERABLE)) continue;
        Value v = TRY_BOOL(object_get(g, object_of(with), keys->items[i]));
        list_push(&g->heap, &values, convert_key_to_value(&g->heap, keys->items[i]));
        list_push(&g->heap, &values, v);
    }
    for (uint32_t i = 0; i < values->count; i += 2)
        if (!value_is_string(values->items[i + 1])) return error_throw_bool(g, ERROR_TYPE,
            "Import attribute values must be strings");
    for (uint32_t i = 0; i < values->count; i += 2)
        OK_BOOL(loader_is_attribute(g, string_of(values->items[i]), string_of(values->items[i + 1]), is_json));
    return true;
}

/* data 0: the promise of import(); data 1: the module. */
static Value loader_on_evaluated(Goroutine *g, Args a)
{
    promise_resolve(g, promise_of(args_data(a, 0)), module_namespace(g, module_of(args_data(a, 1))));
    return VALUE_UNDEFINED;
}

static Value loader_on_failed(Goroutine *g, Args a)
{
    promise_reject(g, promise_of(args_data(a, 0)), arg(a, 0));
    return VALUE_UNDEFINED;
}

static Value loader_reaction(Goroutine *g, const NativeSpec *spec, Value promise, Value module)
{
    return function_new_capturing(&g->heap, realm_current(g), spec, 2, (Value[]){ promise, module });
}

/* ContinueDynamicImport's linkAndEvaluate: one job later than the loading. */
static Value loader_on_loaded(Goroutine *g, Args a)
{
    static const NativeSpec evaluated = { .name = "", .function = loader_on_evaluated };
    static const NativeSpec failed = { .name = "", .function = loader_on_failed, .length = 1 };
    Value promise = args_data(a, 0), module = args_data(a, 1);
    if (!module_enter_or_retry(g, a)) return VALUE_UNDEFINED;
    Value done = loader_link_and_evaluate(g, module_of(module));
    module_exit(g);
    if (value_is_thrown(done)) {
        promise_reject(g, promise_of(promise), error_take(g));
        return VALUE_UNDEFINED;
    }
    Value on_fulfilled = loader_reaction(g, &evaluated, promise, module),
        on_rejected = loader_reaction(g, &failed, promise, module);
    promise_then(g, promise_of(done), on_fulfilled, on_rejected, NULL);
    return VALUE_UNDEFINED;
}

static Module *loader_import(Goroutine *g, Value referrer, Value specifier, Value options, uint32_t phase)
{
    bool is_json;
    String *s = convert_to_string(g, specifier);
    if (!s || !loader_read_options(g, options, &is_json)) return NULL;
    if (phase == 2) return error_throw(g, ERROR_SYNTAX, "There is no source phase of module '%S'", s), NULL;
    Module *m = loader_load_specifier(g, referrer, s, is_json);
    return m && loader_load_graph(g, m) ? m : NULL;
}

Value loader_import_call(Goroutine *g, Value referrer, Value specifier, Value options, uint32_t phase)
{
    static const NativeSpec loaded = { .name = "", .function = loader_on_loaded };
    Promise *p = promise_new(g);
    Module *m = loader_import(g, referrer, specifier, options, phase);
    if (!m) {
        promise_reject(g, p, error_take(g));
        return value_from_cell(p);
    }
    Promise *ready = promise_new(g);
    promise_fulfill(g, ready, VALUE_UNDEFINED);
    Value next = loader_reaction(g, &loaded, value_from_cell(p), value_from_cell(m));
    promise_then(g, ready, next, VALUE_UNDEFINED, NULL);
    return value_from_cell(p);
}

/* ---- import.meta ------------------------------------------------------------------------------------------------- */

static Value loader_resolve_meta(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    char *directory = loader_directory(g, args_data(a, 0)), *name = string_to_utf8(&g->heap, s, NULL, false);
    char *path = name ? resolve_file(g, directory, name, true) : NULL;
    Value v = path ? commonjs_file_url(g, path) : loader_throw_not_found(g, s, directory);
    mem_free(path);
    mem_free(name);
    mem_free(directory);
    return v;
}

static Value loader_new_meta(Goroutine *g, Module *m)
{
    static const NativeSpec resolve = { .name = "resolve", .function = loader_resolve_meta, .length = 1 };
    LocalHeap *h = &g->heap;
    Object *meta = object_new_with_proto(h, VALUE_NULL);
    char *path = string_to_utf8(h, string_of(m->url), NULL, false), *directory = resolve_directory(path);
    object_define(h, meta, intern_key_text(h, "dirname"),
                  value_from_cell(string_new_utf8(h, directory, strlen(directory))), PROPERTY_DEFAULT);
    object_define(h, meta, intern_key_text(h, "filename"), m->url, PROPERTY_DEFAULT);
    bool is_main = value_is_string(loader_slot(g, LOADER_MAIN))
        && string_compare(h, string_of(loader_slot(g, LOADER_MAIN)), string_of(m->url)) == 0;
    object_define(h, meta, intern_key_text(h, "main"), value_from_bool(is_main), PROPERTY_DEFAULT);
    Value f = function_new_capturing(h, m->code->realm, &resolve, 1, (Value[]){ value_from_cell(m) });
    object_define(h, meta, intern_key_text(h, "resolve"), f, PROPERTY_DEFAULT);
    object_define(h, meta, intern_key_text(h, "url"), commonjs_file_url(g, path), PROPERTY_DEFAULT);
    mem_free(directory);
    mem_free(path);
    return value_from_cell(meta);
}

Value loader_import_meta(Goroutine *g, Value referrer)
{
    Module *m = module_of(referrer);
    Value meta = cell_slot_get(&m->meta);
    return value_is_undefined(meta) ? module_set_once(&g->heap, m, &m->meta, loader_new_meta(g, m)) : meta;
}
