/* SPDX-License-Identifier: MIT */
/* gen_module.c - a module's tables: what it asks for, imports and exports (ECMA-262 16.2.1.7.1). */
#include "compiler/codegen_int.h"

typedef struct ModuleTables {
    Codegen          *c;
    VEC(UnitRequest)  requests;
    VEC(UnitImport)   imports;
    VEC(UnitExport)   exports;
    VEC(const Name *) export_names;      // parallel to exports; NULL: export *
} ModuleTables;

static bool gen_same_attributes(const UnitRequest *request, NodeList attributes, const ModuleTables *t)
{
    if (request->attribute_count != attributes.count) return false;
    for (uint32_t i = 0; i < attributes.count; i++) {
        const ImportAttribute *a = (const ImportAttribute *)attributes.items[i];
        if (request->attributes[i * 2] != gen_string(t->c, a->key) || request->attributes[i * 2 + 1] != gen_string(t->c, a->value)) return false;
    }
    return true;
}

static uint32_t gen_phase(const Name *phase)
{
    if (!phase) return 0;
    return phase->word == WORD_DEFER ? 1 : 2;
}

/* The number of the request for a module, which is made at first. */
static uint32_t gen_request(ModuleTables *t, const Name *specifier, const Name *phase, NodeList attributes, const Node *node)
{
    UnitRequest request = { .specifier = gen_string(t->c, specifier), .phase = gen_phase(phase), .position = node->start };
    for (uint32_t i = 0; i < t->requests.count; i++) {
        const UnitRequest *there = &t->requests.items[i];
        if (there->specifier == request.specifier && there->phase == request.phase && gen_same_attributes(there, attributes, t)) return i;
    }
    request.attribute_count = attributes.count;
    request.attributes = ARENA_ARRAY(&t->c->unit->arena, uint32_t, attributes.count * 2 + 1);
    for (uint32_t i = 0; i < attributes.count; i++) {
        const ImportAttribute *a = (const ImportAttribute *)attributes.items[i];
        request.attributes[i * 2] = gen_string(t->c, a->key);
        request.attributes[i * 2 + 1] = gen_string(t->c, a->value);
    }
    VEC_PUSH_ARENA(t->c->arena, &t->requests, request);
    return t->requests.count - 1;
}

static void gen_import(ModuleTables *t, const Import *n)
{
    uint32_t request = gen_request(t, n->source, n->phase, n->attributes, &n->node);
    for (uint32_t i = 0; i < n->specifiers.count; i++) {
        const ImportSpecifier *s = (const ImportSpecifier *)n->specifiers.items[i];
        UnitImport import = { .request = request, .local = s->binding->environment_index, .position = s->node.start };
        import.name = s->kind == IMPORT_NAMESPACE ? UNIT_NONE
                    : s->kind == IMPORT_DEFAULT ? gen_text_string(t->c, "default") : gen_string(t->c, s->imported);
        VEC_PUSH_ARENA(t->c->arena, &t->imports, import);
    }
}

static void gen_add_export(ModuleTables *t, const Name *name, UnitExport e, const Node *node)
{
    Arena *arena = t->c->arena;
    e.name = name ? gen_string(t->c, name) : UNIT_NONE;
    e.position = node->start;
    for (uint32_t i = 0; i < t->exports.count && name; i++) {
        if (t->export_names.items[i] != name) continue;
        diag_report(t->c->diag, DIAG_EXPORT_TWICE, node->start, node->end, names_text(t->c->a->names, name, 100));
        t->c->failed = true;
    }
    VEC_PUSH_ARENA(arena, &t->exports, e);
    VEC_PUSH_ARENA(arena, &t->export_names, name);
}

static void gen_export_binding(ModuleTables *t, const Name *name, const Binding *b, const Node *node)
{
    if (!b) return;
    UnitExport e = { .request = UNIT_NONE, .import_name = UNIT_NONE, .local = b->environment_index };
    for (uint32_t i = 0; i < t->imports.count; i++) {    // of an imported name: a re-export, unless it is a namespace
        const UnitImport *import = &t->imports.items[i];
        if (b->kind != BINDING_IMPORT || import->local != b->environment_index || import->name == UNIT_NONE) continue;
        e = (UnitExport){ .request = import->request, .import_name = import->name, .local = UNIT_NONE };
    }
    gen_add_export(t, name, e, node);
}

static void gen_export_named(ModuleTables *t, const ExportNamed *n)
{
    uint32_t request = n->source ? gen_request(t, n->source, NULL, n->attributes, &n->node) : UNIT_NONE;
    for (uint32_t i = 0; i < n->specifiers.count; i++) {
        const ExportSpecifier *s = (const ExportSpecifier *)n->specifiers.items[i];
        if (!n->source) {
            gen_export_binding(t, s->exported, s->binding, &s->node);
            continue;
        }
        UnitExport e = { .request = request, .import_name = gen_string(t->c, s->local), .local = UNIT_NONE };
        gen_add_export(t, s->exported, e, &s->node);
    }
}

static void gen_export_all(ModuleTables *t, const ExportAll *n)
{
    UnitExport e = { .request = gen_request(t, n->source, NULL, n->attributes, &n->node), .import_name = UNIT_NONE, .local = UNIT_NONE };
    gen_add_export(t, n->exported, e, &n->node);
}

typedef struct ExportContext {
    ModuleTables *t;
    const Scope  *scope;
} ExportContext;

static void gen_export_target(ExportContext *c, Node *target);

static void gen_export_targets(ExportContext *c, NodeList list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i]) gen_export_target(c, list.items[i]);
}

/* Every name that a declaration's pattern binds is exported. */
static void gen_export_target(ExportContext *c, Node *target)
{
    switch (target->kind) {
    case NODE_IDENTIFIER: {
        const Identifier *id = (const Identifier *)target;
        gen_export_binding(c->t, id->name, scope_find(c->scope, id->name), target);
        break;
    }
    case NODE_ARRAY_PATTERN:    gen_export_targets(c, ((ArrayPattern *)target)->elements); break;
    case NODE_OBJECT_PATTERN:   gen_export_targets(c, ((ObjectPattern *)target)->properties); break;
    case NODE_PATTERN_ELEMENT:  gen_export_target(c, ((PatternElement *)target)->target); break;
    case NODE_PATTERN_PROPERTY: gen_export_target(c, ((PatternProperty *)target)->target); break;
    case NODE_REST:             gen_export_target(c, ((Rest *)target)->target); break;
    default: break;
    }
}

static void gen_export_declared(ModuleTables *t, const Scope *s, Node *d)
{
    const Binding *b = NULL;
    ExportContext c = { t, s };
    if (d->flags & FLAG_DECLARE) return;
    switch (d->kind) {
    case NODE_VARIABLES:
        for (uint32_t i = 0; i < ((Variables *)d)->declarators.count; i++)
            gen_export_target(&c, ((Declarator *)((Variables *)d)->declarators.items[i])->target);
        return;
    case NODE_FUNCTION_DECLARATION: b = ((FunctionDeclaration *)d)->binding; break;
    case NODE_CLASS_DECLARATION:    b = ((ClassDeclaration *)d)->binding; break;
    case NODE_ENUM:                 b = ((Enum *)d)->binding; break;
    case NODE_NAMESPACE:            b = ((Namespace *)d)->binding; break;
    default: break;
    }
    if (b) gen_export_binding(t, b->name, b, d);
}

static void gen_request_of(ModuleTables *t, Node *node)
{
    if (node->kind == NODE_IMPORT) gen_import(t, (Import *)node);
    if (node->kind == NODE_EXPORT_NAMED && ((ExportNamed *)node)->source)
        (void)gen_request(t, ((ExportNamed *)node)->source, NULL, ((ExportNamed *)node)->attributes, node);
    if (node->kind == NODE_EXPORT_ALL) (void)gen_request(t, ((ExportAll *)node)->source, NULL, ((ExportAll *)node)->attributes, node);
}

static void gen_exports_of(ModuleTables *t, const Scope *s, Node *node)
{
    if (node->kind == NODE_EXPORT_NAMED) gen_export_named(t, (ExportNamed *)node);
    if (node->kind == NODE_EXPORT_ALL) gen_export_all(t, (ExportAll *)node);
    if (node->kind == NODE_EXPORT_DECLARATION) gen_export_declared(t, s, ((ExportDeclaration *)node)->declaration);
    if (node->kind == NODE_EXPORT_DEFAULT)
        gen_export_binding(t, names_intern_text(t->c->a->names, "default"), ((ExportDefault *)node)->binding, node);
}

static bool gen_starts_dead(const Binding *b)
{
    return b->kind == BINDING_LET || b->kind == BINDING_CONST || b->kind == BINDING_CLASS || b->kind == BINDING_IMPORT;
}

void gen_module_tables(Codegen *c, Program *p)
{
    ModuleTables t = { .c = c };
    Arena *arena = &c->unit->arena;
    for (uint32_t i = 0; i < p->statements.count; i++) gen_request_of(&t, p->statements.items[i]);
    for (uint32_t i = 0; i < p->statements.count; i++) gen_exports_of(&t, p->scope, p->statements.items[i]);
    UnitModule *m = c->unit->module = ARENA_NEW(arena, UnitModule);
    m->has_top_level_await = p->has_top_level_await;
    m->request_count = t.requests.count;
    m->requests = arena_copy(arena, t.requests.items, t.requests.count * sizeof(UnitRequest));
    m->import_count = t.imports.count;
    m->imports = arena_copy(arena, t.imports.items, t.imports.count * sizeof(UnitImport));
    m->export_count = t.exports.count;
    m->exports = arena_copy(arena, t.exports.items, t.exports.count * sizeof(UnitExport));
    m->environment_count = c->a->environment.count;
    m->environment_names = ARENA_ARRAY(arena, uint32_t, m->environment_count + 1);
    m->environment_holes = ARENA_ARRAY(arena, uint8_t, m->environment_count + 1);
    for (uint32_t i = 0; i < m->environment_count; i++) {
        const Binding *b = c->a->environment.items[i];
        m->environment_names[i] = gen_string(c, b->name);
        m->environment_holes[i] = gen_starts_dead(b);
    }
}
