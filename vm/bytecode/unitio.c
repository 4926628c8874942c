/* SPDX-License-Identifier: MIT */
#include "vm/bytecode/unitio.h"

#include <string.h>

#include "vm/base/bits.h"
#include "vm/base/mem.h"

static const char unitio_magic[8] = "USUNIT\r\n";

enum { UNITIO_HAS_MODULE = 1, UNITIO_HAS_SOURCE = 2, UNITIO_HAS_MAPPED = 1 };

/* What a change of the instruction table changes. */
static uint32_t unitio_fingerprint(void)
{
    static const char table[] =
#define OP(NAME, family, operands, effects, semantics) #NAME operands
#include "vm/bytecode/opcodes.def"
        ;
    uint32_t hash = UINT32_C(2166136261);
    for (const char *p = table; *p; p++) hash = (hash ^ (uint8_t)*p) * UINT32_C(16777619);
    return hash;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

typedef struct UnitWriter {
    Buf   *out;
    size_t start;
} UnitWriter;

static void unitio_align(UnitWriter *w, size_t alignment)
{
    while ((w->out->count - w->start) % alignment) buf_put_byte(w->out, 0);
}

static void unitio_put(UnitWriter *w, uint32_t v)
{
    buf_put_u32(w->out, v);
}

static void unitio_put_array(UnitWriter *w, const void *items, size_t size_bytes, size_t alignment)
{
    unitio_align(w, alignment);
    if (size_bytes) buf_put(w->out, items, size_bytes);
    unitio_align(w, 4);
}

static void unitio_put_string(UnitWriter *w, UnitString s)
{
    unitio_put(w, s.length << 1 | s.is_wide);
    unitio_put_array(w, s.units, (size_t)s.length << s.is_wide, 2);
}

static bool unitio_has_list(uint8_t kind)
{
    return kind == CONSTANT_TEMPLATE || kind == CONSTANT_NAMES || kind == CONSTANT_ELEMENTS || kind == CONSTANT_JUMP_TABLE
        || kind == CONSTANT_SCOPE || kind == CONSTANT_DECLARATIONS;
}

/* Words in the list of a constant with `count` records. */
static size_t unitio_list_words(uint8_t kind, uint32_t count)
{
    bool pairs = kind == CONSTANT_TEMPLATE || kind == CONSTANT_SCOPE || kind == CONSTANT_DECLARATIONS;
    return pairs ? (size_t)count * 2 : count;
}

static void unitio_put_constant(UnitWriter *w, const UnitConstant *k)
{
    unitio_put(w, k->kind);
    unitio_put(w, k->index);
    unitio_put(w, k->count);
    if (unitio_has_list(k->kind)) {
        unitio_put_array(w, k->list, unitio_list_words(k->kind, k->count) * sizeof(uint32_t), 4);
    } else {
        uint64_t bits = k->kind == CONSTANT_NUMBER ? bits_from_double(k->number) : 0;
        unitio_put(w, (uint32_t)bits);
        unitio_put(w, (uint32_t)(bits >> 32));
    }
}

static void unitio_put_function(UnitWriter *w, const UnitFunction *f)
{
    const uint32_t numbers[] = {
        f->name, f->flags, f->source_start, f->source_end, f->parameter_count, f->length, f->register_count, f->inline_slots,
        f->cache_count, f->feedback_count, f->capture_count, f->constant_count, f->handler_count, f->code_count, f->line_bytes,
        f->mapped_parameters ? UNITIO_HAS_MAPPED : 0,
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) unitio_put(w, numbers[i]);
    unitio_put_array(w, f->code, f->code_count * sizeof(uint16_t), 4);
    unitio_put_array(w, f->captures, f->capture_count * sizeof(UnitCapture), 4);
    unitio_put_array(w, f->handlers, f->handler_count * sizeof(UnitHandler), 4);
    unitio_put_array(w, f->cache_names, f->cache_count * sizeof(uint32_t), 4);
    unitio_put_array(w, f->lines, f->line_bytes, 4);
    if (f->mapped_parameters) unitio_put_array(w, f->mapped_parameters, f->parameter_count * sizeof(uint32_t), 4);
    for (uint32_t i = 0; i < f->constant_count; i++) unitio_put_constant(w, &f->constants[i]);
}

static void unitio_put_module(UnitWriter *w, const UnitModule *m)
{
    unitio_put(w, m->environment_count);
    unitio_put(w, m->request_count);
    unitio_put(w, m->import_count);
    unitio_put(w, m->export_count);
    unitio_put(w, m->has_top_level_await);
    unitio_put_array(w, m->environment_names, m->environment_count * sizeof(uint32_t), 4);
    unitio_put_array(w, m->environment_holes, m->environment_count, 4);
    unitio_put_array(w, m->imports, m->import_count * sizeof(UnitImport), 4);
    unitio_put_array(w, m->exports, m->export_count * sizeof(UnitExport), 4);
    for (uint32_t i = 0; i < m->request_count; i++) {
        const UnitRequest *r = &m->requests[i];
        unitio_put(w, r->specifier);
        unitio_put(w, r->phase);
        unitio_put(w, r->position);
        unitio_put(w, r->attribute_count);
        unitio_put_array(w, r->attributes, r->attribute_count * 2 * sizeof(uint32_t), 4);
    }
}

void unitio_write(Buf *out, const Unit *unit)
{
    UnitWriter w = { out, out->count };
    size_t name_bytes = strlen(unit->file) + 1;
    buf_put(out, unitio_magic, sizeof unitio_magic);
    unitio_put(&w, UNIT_VERSION);
    unitio_put(&w, unitio_fingerprint());
    unitio_put(&w, (unit->module ? UNITIO_HAS_MODULE : 0) | (unit->source ? UNITIO_HAS_SOURCE : 0));
    unitio_put(&w, unit->string_count);
    unitio_put(&w, unit->function_count);
    unitio_put(&w, (uint32_t)name_bytes);
    unitio_put_array(&w, unit->file, name_bytes, 4);
    if (unit->source) {
        unitio_put(&w, unit->source_count);
        unitio_put_array(&w, unit->source, (size_t)unit->source_count + 1, 4);
    }
    for (uint32_t i = 0; i < unit->string_count; i++) unitio_put_string(&w, unit->strings[i]);
    for (uint32_t i = 0; i < unit->function_count; i++) unitio_put_function(&w, &unit->functions[i]);
    if (unit->module) unitio_put_module(&w, unit->module);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef struct UnitReader {
    const char *start, *at, *end;
    Unit       *unit;
    bool        failed;
} UnitReader;

static const void *unitio_take(UnitReader *r, size_t size_bytes, size_t alignment)
{
    size_t offset = bits_align_up((size_t)(r->at - r->start), alignment);
    if (r->failed || offset > (size_t)(r->end - r->start) || size_bytes > (size_t)(r->end - r->start) - offset) {
        r->failed = true;
        return NULL;
    }
    r->at = r->start + offset + size_bytes;
    return r->start + offset;
}

static uint32_t unitio_get(UnitReader *r)
{
    const uint32_t *p = unitio_take(r, sizeof *p, 4);
    return p ? *p : 0;
}

/* A count of things that take at least `least_bytes` each in what is left. */
static uint32_t unitio_get_count(UnitReader *r, size_t least_bytes)
{
    uint32_t count = unitio_get(r);
    if (count > (size_t)(r->end - r->at) / least_bytes) r->failed = true;
    return r->failed ? 0 : count;
}

static void unitio_expect(UnitReader *r, bool holds)
{
    if (!holds) r->failed = true;
}

static void unitio_expect_string(UnitReader *r, uint32_t index, bool may_be_none)
{
    unitio_expect(r, index < r->unit->string_count || (may_be_none && index == UNIT_NONE));
}

static UnitString unitio_get_string(UnitReader *r)
{
    uint32_t word = unitio_get(r);
    UnitString s = { .length = word >> 1, .is_wide = word & 1 };
    s.units = unitio_take(r, (size_t)s.length << s.is_wide, 2);
    return s;
}

static void unitio_check_list(UnitReader *r, const UnitConstant *k)
{
    size_t words = unitio_list_words(k->kind, k->count);
    for (size_t i = 0; i < words && !r->failed; i++) {
        bool second = (i & 1) != 0;
        if (k->kind == CONSTANT_TEMPLATE) unitio_expect_string(r, k->list[i], !second);
        if (k->kind == CONSTANT_NAMES) unitio_expect_string(r, k->list[i], false);
        if ((k->kind == CONSTANT_SCOPE || k->kind == CONSTANT_DECLARATIONS) && !second) unitio_expect_string(r, k->list[i], false);
    }
}

static void unitio_get_constant(UnitReader *r, UnitConstant *k, const UnitFunction *f, uint32_t number)
{
    k->kind = (uint8_t)unitio_get(r);
    k->index = unitio_get(r);
    k->count = unitio_get(r);
    unitio_expect(r, k->kind < CONSTANT_KIND_COUNT);
    if (unitio_has_list(k->kind)) {
        k->list = (uint32_t *)(uintptr_t)unitio_take(r, unitio_list_words(k->kind, k->count) * sizeof(uint32_t), 4);
        unitio_check_list(r, k);
        for (uint32_t i = 0; k->kind == CONSTANT_ELEMENTS && i < k->count && !r->failed; i++)
            unitio_expect(r, k->list[i] < number || k->list[i] == UNIT_NONE);
    } else {
        uint64_t low = unitio_get(r), high = unitio_get(r);
        k->number = bits_to_double(low | high << 32);
    }
    bool string = k->kind == CONSTANT_STRING || k->kind == CONSTANT_BIGINT || k->kind == CONSTANT_REGEXP;
    if (string) unitio_expect_string(r, k->index, false);
    if (k->kind == CONSTANT_REGEXP) unitio_expect_string(r, k->count, false);
    if (k->kind == CONSTANT_FUNCTION) unitio_expect(r, k->index < r->unit->function_count);
    (void)f;
}

static void unitio_get_function(UnitReader *r, UnitFunction *f)
{
    uint32_t *const numbers[] = {
        &f->name, &f->flags, &f->source_start, &f->source_end, &f->parameter_count, &f->length, &f->register_count,
        &f->inline_slots, &f->cache_count, &f->feedback_count, &f->capture_count, &f->constant_count, &f->handler_count,
        &f->code_count, &f->line_bytes,
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) *numbers[i] = unitio_get(r);
    bool has_mapped = unitio_get(r) == UNITIO_HAS_MAPPED;
    f->code = (uint16_t *)(uintptr_t)unitio_take(r, f->code_count * sizeof(uint16_t), 4);
    f->captures = (UnitCapture *)(uintptr_t)unitio_take(r, f->capture_count * sizeof(UnitCapture), 4);
    f->handlers = (UnitHandler *)(uintptr_t)unitio_take(r, f->handler_count * sizeof(UnitHandler), 4);
    f->cache_names = (uint32_t *)(uintptr_t)unitio_take(r, f->cache_count * sizeof(uint32_t), 4);
    f->lines = (uint8_t *)(uintptr_t)unitio_take(r, f->line_bytes, 4);
    if (has_mapped) f->mapped_parameters = (uint32_t *)(uintptr_t)unitio_take(r, f->parameter_count * sizeof(uint32_t), 4);
    unitio_expect(r, f->constant_count <= (size_t)(r->end - r->at) / (3 * sizeof(uint32_t)));
    if (r->failed) return;
    unitio_expect_string(r, f->name, true);
    unitio_expect(r, f->source_start <= f->source_end && (!r->unit->source || f->source_end <= r->unit->source_count));
    for (uint32_t i = 0; i < f->cache_count; i++) unitio_expect_string(r, f->cache_names[i], true);
    for (uint32_t i = 0; i < f->capture_count; i++) unitio_expect_string(r, f->captures[i].name, true);
    f->constants = ARENA_ARRAY(&r->unit->arena, UnitConstant, f->constant_count + 1);
    for (uint32_t i = 0; i < f->constant_count && !r->failed; i++) unitio_get_constant(r, &f->constants[i], f, i);
}

static void unitio_get_request(UnitReader *r, UnitRequest *q)
{
    q->specifier = unitio_get(r);
    q->phase = unitio_get(r);
    q->position = unitio_get(r);
    q->attribute_count = unitio_get_count(r, 2 * sizeof(uint32_t));
    q->attributes = (uint32_t *)(uintptr_t)unitio_take(r, q->attribute_count * 2 * sizeof(uint32_t), 4);
    unitio_expect_string(r, q->specifier, false);
    for (uint32_t i = 0; i < q->attribute_count * 2 && !r->failed; i++) unitio_expect_string(r, q->attributes[i], false);
}

static void unitio_check_module(UnitReader *r, const UnitModule *m)
{
    for (uint32_t i = 0; i < m->environment_count; i++) unitio_expect_string(r, m->environment_names[i], false);
    for (uint32_t i = 0; i < m->import_count; i++) {
        unitio_expect(r, m->imports[i].request < m->request_count && m->imports[i].local < m->environment_count);
        unitio_expect_string(r, m->imports[i].name, true);
    }
    for (uint32_t i = 0; i < m->export_count; i++) {
        const UnitExport *e = &m->exports[i];
        unitio_expect(r, e->request == UNIT_NONE ? e->local < m->environment_count : e->request < m->request_count);
        unitio_expect_string(r, e->name, true);
        unitio_expect_string(r, e->import_name, true);
    }
}

static void unitio_get_module(UnitReader *r)
{
    UnitModule *m = r->unit->module = ARENA_NEW(&r->unit->arena, UnitModule);
    m->environment_count = unitio_get_count(r, 4);
    m->request_count = unitio_get_count(r, 4);
    m->import_count = unitio_get_count(r, 4);
    m->export_count = unitio_get_count(r, 4);
    m->has_top_level_await = unitio_get(r) != 0;
    m->environment_names = (uint32_t *)(uintptr_t)unitio_take(r, m->environment_count * sizeof(uint32_t), 4);
    m->environment_holes = (uint8_t *)(uintptr_t)unitio_take(r, m->environment_count, 4);
    m->imports = (UnitImport *)(uintptr_t)unitio_take(r, m->import_count * sizeof(UnitImport), 4);
    m->exports = (UnitExport *)(uintptr_t)unitio_take(r, m->export_count * sizeof(UnitExport), 4);
    if (r->failed) return;
    unitio_check_module(r, m);
    m->requests = ARENA_ARRAY(&r->unit->arena, UnitRequest, m->request_count + 1);
    for (uint32_t i = 0; i < m->request_count && !r->failed; i++) unitio_get_request(r, &m->requests[i]);
    unitio_expect(r, r->unit->function_count >= 2);
}

static void unitio_get_unit(UnitReader *r)
{
    Unit *unit = r->unit;
    const char *magic = unitio_take(r, sizeof unitio_magic, 4);
    unitio_expect(r, magic && !memcmp(magic, unitio_magic, sizeof unitio_magic));
    unitio_expect(r, unitio_get(r) == UNIT_VERSION);
    unitio_expect(r, unitio_get(r) == unitio_fingerprint());
    uint32_t flags = unitio_get(r);
    unit->string_count = unitio_get_count(r, 4);
    unit->function_count = unitio_get_count(r, 64);
    uint32_t name_bytes = unitio_get(r);
    unit->file = unitio_take(r, name_bytes, 4);
    unitio_expect(r, unit->file && name_bytes && unit->file[name_bytes - 1] == '\0' && unit->function_count);
    if (flags & UNITIO_HAS_SOURCE) {
        unit->source_count = unitio_get(r);
        unit->source = unitio_take(r, (size_t)unit->source_count + 1, 4);
    }
    if (r->failed) return;
    unit->strings = ARENA_ARRAY(&unit->arena, UnitString, unit->string_count + 1);
    unit->functions = ARENA_ARRAY(&unit->arena, UnitFunction, unit->function_count + 1);
    for (uint32_t i = 0; i < unit->string_count && !r->failed; i++) unit->strings[i] = unitio_get_string(r);
    for (uint32_t i = 0; i < unit->function_count && !r->failed; i++) unitio_get_function(r, &unit->functions[i]);
    if (flags & UNITIO_HAS_MODULE && !r->failed) unitio_get_module(r);
}

Unit *unitio_read(const void *bytes, size_t count, bool is_static)
{
    jmp_buf exhausted;
    Unit *unit = unit_create();
    if (!unit) return NULL;
    unit->arena.on_exhausted = &exhausted;
    if (setjmp(exhausted)) {
        unit_release(unit);
        return NULL;
    }
    const char *start = is_static ? bytes : arena_copy(&unit->arena, bytes, count);
    UnitReader r = { .start = start, .at = start, .end = start + count, .unit = unit };
    unitio_get_unit(&r);
    unit->arena.on_exhausted = NULL;
    if (!r.failed) return unit;
    unit_release(unit);
    return NULL;
}
