/* SPDX-License-Identifier: MIT */
/* Module records: making them, finding exports, linking. */
#include "vm/module.h"

#include <string.h>

#include "compiler/diag.h"
#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/monitor.h"
#include "vm/base/mem.h"
#include "vm/namespace.h"
#include "vm/object/kinds.h"

/* ---- making ------------------------------------------------------------------------------------------------------ */

static Module *module_alloc(LocalHeap *h, Value url)
{
    Module *m = alloc_small(h, ALLOC_ROUND(sizeof *m), CELL_HEADER(0, KIND_MODULE, 0));
    *m = (Module){
        .cell = m->cell, .url = url, .evaluator = VALUE_UNDEFINED, .content = VALUE_UNDEFINED, .is_open = VALUE_FALSE,
        .names = VALUE_UNDEFINED, .names_box = VALUE_UNDEFINED, .meta = VALUE_UNDEFINED, .error = VALUE_HOLE,
        .status = value_from_int(MODULE_UNLINKED), .dfs_index = VALUE_ZERO, .dfs_ancestor = VALUE_ZERO,
        .cycle_root = VALUE_UNDEFINED, .promise = VALUE_UNDEFINED, .parents = VALUE_UNDEFINED, .pending = VALUE_ZERO,
        .async_order = VALUE_ZERO, .is_program = VALUE_FALSE,
    };
    return m;
}

Module *module_new(LocalHeap *h, Unit *unit, Realm *realm, Value url)
{
    const UnitModule *tables = unit->module;
    Module *m = module_alloc(h, url);
    Code *code = code_new(h, unit, 0, realm, value_from_cell(m));
    BARRIER_SET(h, m, m->code, code);
    ValueList *requested = list_new(h, tables->request_count);
    for (uint32_t i = 0; i < tables->request_count; i++) list_push(h, &requested, VALUE_UNDEFINED);
    BARRIER_SET(h, m, m->requested, requested);
    ValueList *environment = list_new(h, tables->environment_count);
    for (uint32_t i = 0; i < tables->environment_count; i++) {
        Value start = tables->environment_holes[i] ? VALUE_HOLE : VALUE_UNDEFINED;
        list_push(h, &environment, value_from_cell(function_new_box(h, start)));
    }
    BARRIER_SET(h, m, m->environment, environment);
    return m;
}

Module *module_new_synthetic(LocalHeap *h, Value url, Value evaluator, Value content, bool is_open)
{
    Module *m = module_alloc(h, url);
    m->evaluator = evaluator;
    m->content = content;
    m->is_open = value_from_bool(is_open);
    ValueList *requested = list_new(h, 0);
    BARRIER_SET(h, m, m->requested, requested);
    ValueList *environment = list_new(h, 2);
    list_push(h, &environment, vm_atom(h->vm, ATOM_default));
    list_push(h, &environment, value_from_cell(function_new_box(h, VALUE_HOLE)));
    BARRIER_SET(h, m, m->environment, environment);
    return m;
}

/* ---- the exports of synthetic modules ---------------------------------------------------------------------------- */

const ValueList *module_synthetic_exports(const Module *m, uint32_t *words)
{
    const ValueList *list = atomic_get_dependent(&m->environment);
    *words = atomic_get_acquire(&list->count);           // pairs with module_add_synthetic
    return list;
}

static Box *module_find_synthetic(const Module *m, PropertyKey name)
{
    uint32_t words;
    const ValueList *list = module_synthetic_exports(m, &words);
    for (uint32_t i = 0; i < words; i += 2)
        if (list->items[i] == name) return (Box *)value_cell(list->items[i + 1]);
    return NULL;
}

/* With `m` entered. */
static ValueList *module_grow_synthetic(LocalHeap *h, Module *m)
{
    ValueList *list = m->environment, *larger = list_new(h, list->capacity * 2);
    for (uint32_t i = 0; i < list->count; i++) list_push(h, &larger, list->items[i]);
    BARRIER_SET(h, m, m->environment, larger);
    return larger;
}

/* With `m` entered. The name and its box appear at once (I6). */
static void module_add_synthetic(LocalHeap *h, Module *m, PropertyKey name, Box *box)
{
    ValueList *list = m->environment;
    if (list->capacity - list->count < 2) list = module_grow_synthetic(h, m);
    barrier_store(h, list, &list->items[list->count], name);
    barrier_store(h, list, &list->items[list->count + 1], value_from_cell(box));
    atomic_set_release(&list->count, list->count + 2);   // pairs with module_synthetic_exports
}

static Box *module_resolve_synthetic(LocalHeap *h, Module *m, PropertyKey name)
{
    Box *box = module_find_synthetic(m, name);
    if (box || !value_bool(cell_slot_get(&m->is_open))) return box;
    Box *fresh = function_new_box(h, VALUE_HOLE);
    bool entered = monitor_enter(h, m);
    box = module_find_synthetic(m, name);
    if (!box && value_bool(m->is_open)) module_add_synthetic(h, m, name, box = fresh);
    monitor_exit(h, m, entered);
    return box;
}

static void module_close_synthetic(LocalHeap *h, Module *m)
{
    bool entered = monitor_enter(h, m);
    cell_slot_set(&m->is_open, VALUE_FALSE);
    monitor_exit(h, m, entered);
}

/* The properties of what a CommonJS module exports become exports, beside `default`. */
static bool module_add_properties(Goroutine *g, Module *m)
{
    if (!value_is_object(m->content)) return true;
    Object *o = object_of(m->content);
    ValueList *keys = object_own_keys(g, o, KEYS_STRINGS);
    if (!keys) return false;
    for (uint32_t i = 0; i < keys->count; i++) {
        Descriptor d;
        PropertyKey key = keys->items[i];
        if (key == vm_atom(g->vm, ATOM_default)) continue;
        if (!ASK_BOOL(object_get_own(g, o, key, &d)) || !(d.attributes & PROPERTY_ENUMERABLE)) continue;
        Box *box = module_resolve_synthetic(&g->heap, m, key);
        Value v = TRY_BOOL(object_get(g, o, key));
        barrier_store(&g->heap, box, &box->value, v);
    }
    return true;
}

bool module_fill_synthetic(Goroutine *g, Module *m)
{
    if (!value_is_undefined(m->evaluator)) {
        Value content = TRY_BOOL(callable_call1(g, m->evaluator, VALUE_UNDEFINED, m->url));
        barrier_store(&g->heap, m, &m->content, content);
    }
    Box *whole = module_find_synthetic(m, vm_atom(g->vm, ATOM_default));
    barrier_store(&g->heap, whole, &whole->value, m->content);
    if (!value_bool(m->is_open)) return true;
    OK_BOOL(module_add_properties(g, m));
    module_close_synthetic(&g->heap, m);
    const ValueList *list = m->environment;
    for (uint32_t i = 0; i < list->count; i += 2) {
        if (((const Box *)value_cell(list->items[i + 1]))->value != VALUE_HOLE) continue;
        return error_throw_bool(g, ERROR_SYNTAX, "The requested module '%S' does not provide an export named '%K'",
                                string_of(m->url), list->items[i]);
    }
    return true;
}

/* ---- finding exports (16.2.1.7.2) -------------------------------------------------------------------------------- */

static Module *module_requested(const Module *m, uint32_t request)
{
    return module_of(m->requested->items[request]);
}

static PropertyKey module_string(Goroutine *g, const Module *m, uint32_t string)
{
    return intern_key(&g->heap, string_of(code_string(&g->heap, m->code->unit, string)));
}

/* The box that holds m's namespace object. */
static Box *module_namespace_box(Goroutine *g, Module *m)
{
    if (value_is_undefined(m->names_box)) {
        Box *box = function_new_box(&g->heap, VALUE_HOLE);
        barrier_store(&g->heap, m, &m->names_box, value_from_cell(box));
        Value names = module_namespace(g, m);
        barrier_store(&g->heap, box, &box->value, names);
    }
    return (Box *)value_cell(m->names_box);
}

static Box *module_resolve_in(Goroutine *g, Module *m, PropertyKey name, ValueList **seen, bool *ambiguous);

static Box *module_resolve_entry(Goroutine *g, Module *m, const UnitExport *e, ValueList **seen, bool *ambiguous)
{
    if (e->request == UNIT_NONE) return (Box *)value_cell(m->environment->items[e->local]);
    Module *from = module_requested(m, e->request);
    if (e->import_name == UNIT_NONE) return module_namespace_box(g, from);
    return module_resolve_in(g, from, module_string(g, m, e->import_name), seen, ambiguous);
}

/* Through `export *`. */
static Box *module_resolve_star(Goroutine *g, Module *m, PropertyKey name, ValueList **seen, bool *ambiguous)
{
    Box *found = NULL;
    const UnitModule *tables = module_tables(m);
    if (name == vm_atom(g->vm, ATOM_default)) return NULL;
    for (uint32_t i = 0; i < tables->export_count; i++) {
        if (tables->exports[i].name != UNIT_NONE) continue;
        Box *box = module_resolve_in(g, module_requested(m, tables->exports[i].request), name, seen, ambiguous);
        if (*ambiguous) return NULL;
        if (box && found && box != found) return *ambiguous = true, NULL;
        if (box) found = box;
    }
    return found;
}

static Box *module_resolve_in(Goroutine *g, Module *m, PropertyKey name, ValueList **seen, bool *ambiguous)
{
    if (!m->code) return module_resolve_synthetic(&g->heap, m, name);
    for (uint32_t i = 0; i < (*seen)->count; i += 2)
        if ((*seen)->items[i] == value_from_cell(m) && (*seen)->items[i + 1] == name) return NULL;
    list_push(&g->heap, seen, value_from_cell(m));
    list_push(&g->heap, seen, name);
    const UnitModule *tables = module_tables(m);
    for (uint32_t i = 0; i < tables->export_count; i++) {
        const UnitExport *e = &tables->exports[i];
        if (e->name != UNIT_NONE && module_string(g, m, e->name) == name) return module_resolve_entry(g, m, e, seen,
            ambiguous);
    }
    return module_resolve_star(g, m, name, seen, ambiguous);
}

Box *module_resolve(Goroutine *g, Module *m, PropertyKey name, bool *ambiguous)
{
    ValueList *seen = list_new(&g->heap, 8);
    *ambiguous = false;
    return module_resolve_in(g, m, name, &seen, ambiguous);
}

static bool module_has_name(const ValueList *names, PropertyKey name)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (names->items[i] == name) return true;
    return false;
}

static void module_collect_synthetic(LocalHeap *h, const Module *m, ValueList **names)
{
    uint32_t words;
    const ValueList *list = module_synthetic_exports(m, &words);
    for (uint32_t i = 0; i < words; i += 2) list_push(h, names, list->items[i]);
}

static void module_collect_names(Goroutine *g, Module *m, ValueList **names, ValueList **seen)
{
    LocalHeap *h = &g->heap;
    if (!m->code) {
        module_collect_synthetic(h, m, names);
        return;
    }
    if (module_has_name(*seen, value_from_cell(m))) return;
    list_push(h, seen, value_from_cell(m));
    const UnitModule *tables = module_tables(m);
    for (uint32_t i = 0; i < tables->export_count; i++) {
        const UnitExport *e = &tables->exports[i];
        if (e->name != UNIT_NONE) {
            PropertyKey name = module_string(g, m, e->name);
            if (!module_has_name(*names, name)) list_push(h, names, name);
            continue;
        }
        ValueList *more = list_new(h, 8);
        module_collect_names(g, module_requested(m, e->request), &more, seen);
        for (uint32_t k = 0; k < more->count; k++)
            if (more->items[k] != vm_atom(g->vm, ATOM_default) && !module_has_name(*names, more->items[k]))
                list_push(h, names, more->items[k]);
    }
}

ValueList *module_exported_names(Goroutine *g, Module *m)
{
    ValueList *names = list_new(&g->heap, 8), *seen = list_new(&g->heap, 8);
    module_collect_names(g, m, &names, &seen);
    return names;
}

Value module_set_once(LocalHeap *h, Module *m, Value *field, Value v)
{
    bool entered = monitor_enter(h, m);
    if (value_is_undefined(*field)) barrier_store(h, m, field, v);
    else v = *field;
    monitor_exit(h, m, entered);
    return v;
}

Value module_namespace(Goroutine *g, Module *m)
{
    Value names = cell_slot_get(&m->names);
    return value_is_undefined(names) ? module_set_once(&g->heap, m, &m->names, namespace_new(g, m)) : names;
}

/* ---- linking (16.2.1.6.1.2) -------------------------------------------------------------------------------------- */

/* A SyntaxError that shows the import or export which cannot be linked. */
static bool module_throw_unresolved(Goroutine *g, Module *m, uint32_t request, PropertyKey name, uint32_t position,
                                    bool ambiguous)
{
    const Unit *unit = m->code->unit;
    PropertyKey specifier = module_string(g, m, module_tables(m)->requests[request].specifier);
    error_throw(g, ERROR_SYNTAX, ambiguous ? "The requested module '%K' contains conflicting star exports for name '%K'"
                                           : "The requested module '%K' does not provide an export named '%K'",
                                               specifier, name);
    if (!unit->source) return false;
    ErrorObject *e = (ErrorObject *)value_cell(g->exception);
    Value message = object_get(g, &e->object, vm_atom(g->vm, ATOM_message));
    if (!value_is_string(message)) return false;
    char *text = string_to_utf8(&g->heap, string_of(message), NULL, false);
    Source source;
    Buf out;
    buf_init(&out);
    source_init(&source, unit->file, unit->source, unit->source_count, SOURCE_WTF8);
    SourcePosition at = source_position(&source, position, SOURCE_CODE_POINTS);
    diag_render_head(unit->file, at.line, at.column, DIAG_ERROR, &out);
    buf_format(&out, "%s\n", text ? text : "");
    diag_render_place(&source, at.line, at.column, &out);
    source_deinit(&source);
    String *report = string_new_utf8(&g->heap, out.bytes, out.count);
    if (report) barrier_store(&g->heap, e, &e->report, value_from_cell(report));
    buf_deinit(&out);
    mem_free(text);
    return false;
}

static bool module_check_indirect_exports(Goroutine *g, Module *m)
{
    const UnitModule *tables = module_tables(m);
    for (uint32_t i = 0; i < tables->export_count; i++) {
        const UnitExport *e = &tables->exports[i];
        bool ambiguous;
        if (e->name == UNIT_NONE || e->request == UNIT_NONE) continue;
        PropertyKey name = module_string(g, m, e->name);
        if (module_resolve(g, m, name, &ambiguous)) continue;
        return module_throw_unresolved(g, m, e->request, name, e->position, ambiguous);
    }
    return true;
}

static bool module_link_import(Goroutine *g, Module *m, const UnitImport *import)
{
    bool ambiguous = false;
    Module *from = module_requested(m, import->request);
    Box *box;
    if (import->name == UNIT_NONE) {
        box = module_namespace_box(g, from);
    } else {
        PropertyKey name = module_string(g, m, import->name);
        box = module_resolve(g, from, name, &ambiguous);
        if (!box) return module_throw_unresolved(g, m, import->request, name, import->position, ambiguous);
    }
    barrier_store(&g->heap, m->environment, &m->environment->items[import->local], value_from_cell(box));
    return true;
}

/* InitializeEnvironment (16.2.1.7.3.1). Function 1 of the unit makes the functions that are hoisted. */
static bool module_initialize(Goroutine *g, Module *m)
{
    const UnitModule *tables = module_tables(m);
    if (!m->code) return true;
    OK_BOOL(module_check_indirect_exports(g, m));
    for (uint32_t i = 0; i < tables->import_count; i++) OK_BOOL(module_link_import(g, m, &tables->imports[i]));
    Code *hoister = code_new(&g->heap, m->code->unit, 1, m->code->realm, value_from_cell(m));
    Function *f = code_new_top_function(&g->heap, hoister, m->environment);
    return !value_is_thrown(callable_call0(g, value_from_cell(f), VALUE_UNDEFINED));
}

static bool module_has_stack(Goroutine *g)
{
    char here;
    return &here > g->native_limit || error_throw_bool(g, ERROR_RANGE, "Maximum call stack size exceeded");
}

/* InnerModuleLinking. */
static bool module_link_in(Goroutine *g, Module *m, ValueList **stack, int32_t *index)
{
    if (module_status(m) != MODULE_UNLINKED) return true;
    OK_BOOL(module_has_stack(g));
    m->status = value_from_int(MODULE_LINKING);
    m->dfs_index = m->dfs_ancestor = value_from_int((*index)++);
    list_push(&g->heap, stack, value_from_cell(m));
    for (uint32_t i = 0; i < m->requested->count; i++) {
        Module *from = module_requested(m, i);
        OK_BOOL(module_link_in(g, from, stack, index));
        if (module_status(from) == MODULE_LINKING && value_int(from->dfs_ancestor) < value_int(m->dfs_ancestor))
            m->dfs_ancestor = from->dfs_ancestor;
    }
    OK_BOOL(module_initialize(g, m));
    if (m->dfs_ancestor != m->dfs_index) return true;
    for (Module *done = NULL; done != m;) {
        done = module_of((*stack)->items[--(*stack)->count]);
        done->status = value_from_int(MODULE_LINKED);
    }
    return true;
}

bool module_link(Goroutine *g, Module *m)
{
    ValueList *stack = list_new(&g->heap, 8);
    int32_t index = 0;
    if (module_link_in(g, m, &stack, &index)) return true;
    for (uint32_t i = 0; i < stack->count; i++) module_of(stack->items[i])->status = value_from_int(MODULE_UNLINKED);
    return false;
}

void module_register_kinds(void)
{
    kinds_register(KIND_MODULE, &(GcKind){ .name = "MODULE", .base_bytes = sizeof(Module) }, NULL);
    namespace_register_kinds();
}
