/* SPDX-License-Identifier: MIT */
#include "compiler/codegen.h"

#include <stdarg.h>
#include <string.h>

#include "compiler/codegen_int.h"
#include "vm/base/bits.h"
#include "vm/base/hash.h"

/* ---- errors ------------------------------------------------------------------------------------------------------ */

void gen_error(Gen *g, DiagCode code, const Node *node, const char *argument)
{
    g->c->failed = true;
    diag_report(g->c->diag, code, node->start, node->end, argument);
}

/* A limit of the encoding was hit; said once. */
static void gen_too_complex(Gen *g)
{
    if (!g->c->failed) gen_error(g, DIAG_TOO_COMPLEX, g->info->node, NULL);
    g->c->failed = true;
}

/* ---- instructions ------------------------------------------------------------------------------------------------ */

static void gen_unit(Gen *g, uint32_t unit)
{
    VEC_PUSH_ARENA(g->c->arena, &g->code, (uint16_t)unit);
}

static void gen_put_operand(Gen *g, char letter, int32_t v)
{
    switch (letter) {
    case 'I': case 'k': case 'p': case 'j':
        gen_unit(g, (uint32_t)v & 0xffff);
        gen_unit(g, (uint32_t)v >> 16);
        return;
    case 'c': case 'n':
        if (v < 0 || v > UINT16_MAX) gen_too_complex(g);
        break;
    case 'f':
        if (v > UINT16_MAX) v = 0;
        break;
    default:
        if (v < INT16_MIN || v > INT16_MAX) gen_too_complex(g);
        break;
    }
    gen_unit(g, (uint32_t)v);
}

void gen_emit(Gen *g, Opcode op, ...)
{
    va_list args;
    gen_unit(g, op);
    va_start(args, op);
    for (const char *letter = opcode_info(op)->operands; *letter; letter++) gen_put_operand(g, *letter, va_arg(args, int32_t));
    va_end(args);
}

void gen_jump(Gen *g, Opcode op, Label *label, int32_t a, int32_t b)
{
    const OpcodeInfo *info = opcode_info(op);
    uint32_t at = gen_here(g);
    int32_t operands[2] = { a, b };
    gen_unit(g, op);
    int i = 0;
    for (const char *letter = info->operands; *letter; letter++) {
        if (*letter != 'j') {
            gen_put_operand(g, *letter, operands[i++]);
            continue;
        }
        uint32_t offset_unit = gen_here(g) - at;
        gen_put_operand(g, 'j', label->position >= 0 ? label->position - (int32_t)at : 0);
        if (label->position < 0) VEC_PUSH_ARENA(g->c->arena, &label->jumps, at << 4 | offset_unit);
    }
}

void gen_bind(Gen *g, Label *label)
{
    label->position = (int32_t)gen_here(g);
    for (uint32_t i = 0; i < label->jumps.count; i++) {
        uint32_t at = label->jumps.items[i] >> 4, unit = at + (label->jumps.items[i] & 15);
        uint32_t offset = gen_here(g) - at;
        g->code.items[unit] = (uint16_t)offset;
        g->code.items[unit + 1] = (uint16_t)(offset >> 16);
    }
}

void gen_position(Gen *g, uint32_t position)
{
    if (position == g->last_position && g->lines.bytes.count) return;
    g->last_position = position;
    SourcePosition p = source_position(g->c->source, position, SOURCE_UTF16_UNITS);
    linetab_write(&g->lines, (LineEntry){ .pc = gen_here(g), .line = p.line, .column = p.column });
}

/* ---- registers --------------------------------------------------------------------------------------------------- */

Slot gen_new_registers(Gen *g, uint32_t count)
{
    int32_t first = g->next_register;
    if (count > 30000 || first + (int32_t)count > 32000) {
        gen_too_complex(g);
        return FRAME_REGISTERS;
    }
    g->next_register += (int32_t)count;
    if (g->next_register > g->register_count) g->register_count = g->next_register;
    return FRAME_REGISTERS - first;
}

Slot gen_new_register(Gen *g)
{
    return gen_new_registers(g, 1);
}

/* ---- strings and constants --------------------------------------------------------------------------------------- */

static uint32_t gen_pointer_hash(const void *p, uint32_t capacity)
{
    return (uint32_t)hash_word((uintptr_t)p) & (capacity - 1);
}

static uint32_t gen_find_string_place(const Codegen *c, const Name *name)
{
    uint32_t i = gen_pointer_hash(name, c->string_capacity);
    while (c->string_names[i] && c->string_names[i] != name) i = (i + 1) & (c->string_capacity - 1);
    return i;
}

static void gen_grow_strings(Codegen *c)
{
    const Name **old_names = c->string_names;
    uint32_t *old_indices = c->string_indices, old_capacity = c->string_capacity;
    c->string_capacity = old_capacity ? old_capacity * 2 : 64;
    c->string_names = ARENA_ARRAY(c->arena, const Name *, c->string_capacity);
    c->string_indices = ARENA_ARRAY(c->arena, uint32_t, c->string_capacity);
    for (uint32_t i = 0; i < old_capacity; i++) {
        if (!old_names[i]) continue;
        uint32_t place = gen_find_string_place(c, old_names[i]);
        c->string_names[place] = old_names[i];
        c->string_indices[place] = old_indices[i];
    }
}

uint32_t gen_string(Codegen *c, const Name *name)
{
    if (c->strings.count * 2 >= c->string_capacity) gen_grow_strings(c);
    uint32_t place = gen_find_string_place(c, name);
    if (c->string_names[place]) return c->string_indices[place];
    size_t bytes = (size_t)name->length << name->is_wide;
    UnitString s = { .units = arena_copy(&c->unit->arena, name->latin1, bytes), .length = name->length, .is_wide = name->is_wide };
    c->string_names[place] = name;
    c->string_indices[place] = c->strings.count;
    VEC_PUSH_ARENA(c->arena, &c->strings, s);
    return c->strings.count - 1;
}

uint32_t gen_text_string(Codegen *c, const char *ascii)
{
    return gen_string(c, names_intern_text(c->a->names, ascii));
}

uint32_t gen_add_constant(Gen *g, UnitConstant k)
{
    VEC_PUSH_ARENA(g->c->arena, &g->constants, k);
    return g->constants.count - 1;
}

static ConstantKey *gen_constant_place(Gen *g, uint64_t key)
{
    uint32_t mask = g->constant_table_capacity - 1, i = (uint32_t)hash_word(key) & mask;
    while (g->constant_table[i].key && g->constant_table[i].key != key) i = (i + 1) & mask;
    return &g->constant_table[i];
}

/* The number of the constant that `key` (not 0) stands for, adding `k` at first. */
static uint32_t gen_unique_constant(Gen *g, uint64_t key, UnitConstant k)
{
    if (g->constants.count * 2 >= g->constant_table_capacity) {
        ConstantKey *old = g->constant_table;
        uint32_t capacity = g->constant_table_capacity;
        g->constant_table_capacity = capacity ? capacity * 2 : 16;
        while (g->constants.count * 2 >= g->constant_table_capacity) g->constant_table_capacity *= 2;
        g->constant_table = ARENA_ARRAY(g->c->arena, ConstantKey, g->constant_table_capacity);
        for (uint32_t i = 0; i < capacity; i++)
            if (old[i].key) *gen_constant_place(g, old[i].key) = old[i];
    }
    ConstantKey *place = gen_constant_place(g, key);
    if (!place->key) *place = (ConstantKey){ key, gen_add_constant(g, k) };
    return place->index;
}

uint32_t gen_constant_string(Gen *g, const Name *name)
{
    uint32_t index = gen_string(g->c, name);
    return gen_unique_constant(g, (uint64_t)index << 2 | 1, (UnitConstant){ .kind = CONSTANT_STRING, .index = index });
}

uint32_t gen_constant_number(Gen *g, double number)
{
    uint64_t key = hash_word(bits_from_double(number)) << 2 | 2;       // the hash is a bijection, less two bits
    for (uint32_t i = 0; i < g->constants.count && g->constants.count < 16; i++)
        if (g->constants.items[i].kind == CONSTANT_NUMBER && bits_from_double(g->constants.items[i].number) == bits_from_double(number)) return i;
    uint32_t index = gen_unique_constant(g, key, (UnitConstant){ .kind = CONSTANT_NUMBER, .number = number });
    if (bits_from_double(g->constants.items[index].number) == bits_from_double(number)) return index;
    return gen_add_constant(g, (UnitConstant){ .kind = CONSTANT_NUMBER, .number = number });
}

uint32_t gen_constant_function(Gen *g, uint32_t index)
{
    return gen_unique_constant(g, (uint64_t)index << 2 | 3, (UnitConstant){ .kind = CONSTANT_FUNCTION, .index = index });
}

uint32_t gen_cache(Gen *g, const Name *name)
{
    VEC_PUSH_ARENA(g->c->arena, &g->cache_names, name ? gen_string(g->c, name) : UNIT_NONE);
    return g->cache_names.count - 1;
}

uint32_t gen_feedback(Gen *g)
{
    if (g->feedback_count > UINT16_MAX) return 0;
    return g->feedback_count++;
}

uint32_t *gen_list(Gen *g, uint32_t count)
{
    return ARENA_ARRAY(&g->c->unit->arena, uint32_t, count ? count : 1);
}

/* ---- small loads ------------------------------------------------------------------------------------------------- */

void gen_move(Gen *g, Slot dst, Slot src)
{
    if (dst != src) gen_emit(g, OP_MOVE, dst, src);
}

void gen_load_small(Gen *g, Slot dst, int32_t bits)
{
    gen_emit(g, OP_LOAD_SMALL, dst, bits);
}

void gen_load_int(Gen *g, Slot dst, int32_t i)
{
    gen_emit(g, OP_LOAD_INT, dst, i);
}

/* ---- functions --------------------------------------------------------------------------------------------------- */

void gen_init(Gen *g, Gen *parent, Codegen *c, FunctionInfo *info)
{
    *g = (Gen){ .c = c, .parent = parent, .info = info, .feedback_count = 1, .completion = SLOT_ANY, .owner = SLOT_ANY,
                 .lines = { .arena = c->arena } };
    if (info->is_strict) g->flags |= UNIT_IS_STRICT;
    if (info->is_async) g->flags |= UNIT_IS_ASYNC;
    if (info->is_generator) g->flags |= UNIT_IS_GENERATOR;
    if (info->is_spawned) g->flags |= UNIT_MAY_BE_SPAWNED;
    if (c->options->is_library) g->flags |= UNIT_IS_LIBRARY;
    if (c->options->implicit_globals && !info->has_use_strict) g->flags |= UNIT_IS_IMPLICIT_GLOBALS;
    if (info->is_async || info->is_generator) g->owner = gen_new_register(g);
}

/* Where the closure takes each capture from, in the function that makes it. */
static UnitCapture *gen_captures(Gen *g)
{
    const FunctionInfo *info = g->info;
    UnitCapture *captures = ARENA_ARRAY(&g->c->unit->arena, UnitCapture, info->captures.count + 1);
    for (uint32_t i = 0; i < info->captures.count; i++) {
        Binding *b = info->captures.items[i];
        UnitCapture *capture = &captures[i];
        capture->is_box = binding_is_in_box(b);
        capture->is_shared = b->storage == STORAGE_SHARED_BOX;
        capture->name = b->name ? gen_string(g->c, b->name) : UNIT_NONE;
        if (!g->parent) {
            capture->source = CAPTURE_FROM_ENVIRONMENT;
            capture->index = (int32_t)b->environment_index;
        } else if (b->storage != STORAGE_ENVIRONMENT && b->scope->function == g->parent->info) {
            capture->source = CAPTURE_FROM_SLOT;
            capture->index = b->slot;
        } else if (b == g->parent->info->own_name && !capture->is_box) {
            capture->source = CAPTURE_FROM_SLOT;
            capture->index = FRAME_CALLEE;
        } else {
            capture->source = CAPTURE_FROM_CAPTURE;
            capture->index = (int32_t)gen_capture(g->parent, b);
        }
    }
    return captures;
}

uint32_t gen_finish(Gen *g, const Name *name, uint32_t parameter_count, uint32_t length, uint32_t source_start, uint32_t source_end)
{
    Arena *arena = &g->c->unit->arena;
    UnitFunction f = {
        .name = name ? gen_string(g->c, name) : UNIT_NONE, .flags = g->flags, .parameter_count = parameter_count, .length = length,
        .source_start = source_start, .source_end = source_end, .register_count = (uint32_t)g->register_count,
        .cache_count = g->cache_names.count, .feedback_count = g->feedback_count, .capture_count = g->info->captures.count,
        .constant_count = g->constants.count, .handler_count = g->handlers.count, .code_count = g->code.count,
        .line_bytes = g->lines.bytes.count,
    };
    f.captures = gen_captures(g);
    f.code = arena_copy(arena, g->code.items, g->code.count * sizeof(uint16_t));
    f.constants = arena_copy(arena, g->constants.items, g->constants.count * sizeof(UnitConstant));
    f.handlers = arena_copy(arena, g->handlers.items, g->handlers.count * sizeof(UnitHandler));
    f.cache_names = arena_copy(arena, g->cache_names.items, g->cache_names.count * sizeof(uint32_t));
    f.lines = arena_copy(arena, g->lines.bytes.items, g->lines.bytes.count);
    uint32_t index = g->info->unit_index;
    if (index == UINT32_MAX) {
        index = g->c->functions.count;
        VEC_PUSH_ARENA(g->c->arena, &g->c->functions, f);
    } else {
        g->c->functions.items[index] = f;
    }
    g->info->unit_index = index;
    return index;
}

bool codegen_program(ScopeAnalysis *a, Source *source, const CodegenOptions *options, Unit *unit)
{
    Codegen c = { .a = a, .arena = a->arena, .source = source, .diag = a->diag, .options = options, .unit = unit };
    gen_program(&c, a->program);
    if (c.failed) return false;
    unit->functions = arena_copy(&unit->arena, c.functions.items, c.functions.count * sizeof(UnitFunction));
    unit->function_count = c.functions.count;
    unit->strings = arena_copy(&unit->arena, c.strings.items, c.strings.count * sizeof(UnitString));
    unit->string_count = c.strings.count;
    unit->file = arena_copy(&unit->arena, source->name, strlen(source->name) + 1);
    if (options->keeps_source) {
        unit->source = arena_copy(&unit->arena, source->bytes, (size_t)source->size_bytes + 1);
        unit->source_count = source->size_bytes;
    }
    return true;
}
