/* SPDX-License-Identifier: MIT */
#include "vm/exec/code.h"

#include <string.h>

#include "gc/alloc.h"
#include "gc/barrier.h"
#include "gc/mark.h"
#include "gc/monitor.h"
#include "vm/base/mem.h"
#include "vm/base/pushlist.h"
#include "vm/exec/cache.h"
#include "vm/exec/machine.h"
#include "vm/object/elements.h"
#include "vm/object/error.h"
#include "vm/object/kinds.h"
#include "vm/sched/frame.h"
#include "vm/value/bigint.h"

Value code_string(LocalHeap *h, const Unit *unit, uint32_t index)
{
    UnitString s = unit_string(unit, index);
    return value_from_cell(intern_view(h, (StringView){ s.units, s.length, s.is_wide }));
}

static Shape *code_closure_shape(const Realm *realm, uint32_t flags)
{
    bool async = (flags & UNIT_IS_ASYNC) != 0;
    if (flags & UNIT_IS_GENERATOR) return async ? realm->async_generator_shape : realm->generator_shape;
    return async ? realm->async_shape : realm->function_shape;
}

Code *code_new(LocalHeap *h, Unit *unit, uint32_t index, Realm *realm, Value referrer)
{
    const UnitFunction *f = &unit->functions[index];
    Value name = f->name == UNIT_NONE ? h->vm->empty_string : code_string(h, unit, f->name);
    Code *code = alloc_small(h, ALLOC_ROUND(sizeof *code), CELL_HEADER(0, KIND_CODE, 0));
    uint64_t header = code->cell.word;
    *code = (Code){
        .cell.word = header, .code = f->code, .frame_words = FUNCTION_UNPREPARED,
        .parameter_count = f->parameter_count, .flags = f->flags, .instance_slots = f->inline_slots,
        .realm = realm, .unit = unit_retain(unit), .function = f, .name = name,
        .closure_shape = code_closure_shape(realm, f->flags), .referrer = referrer,
        .entry = h->vm->machine->entry, .heat = h->vm->machine->heat,
    };
    heap_register_finalizer(h, &code->cell);
    return code;
}

/* ---- preparation ---------------------------------------------------------------------------------------------- */

static Value code_load_regexp(LocalHeap *h, const Unit *unit, const UnitConstant *k)
{
    ValueList *parts = list_new(h, 2);
    list_push(h, &parts, code_string(h, unit, k->index));
    list_push(h, &parts, code_string(h, unit, k->count));
    return value_from_cell(parts);
}

static Value code_load_bigint(LocalHeap *h, const Unit *unit, const UnitConstant *k)
{
    UnitString digits = unit_string(unit, k->index);
    bool ok;
    BigInt *b = bigint_parse(h, (StringView){ digits.units, digits.length, digits.is_wide }, &ok);
    return b ? value_from_cell(b) : VALUE_THROWN;
}

/* A template to copy: its elements are constants that stand earlier in the table. */
static Value code_load_elements(LocalHeap *h, const Code *code, const UnitConstant *k)
{
    Elements *e = elements_new(h, k->count);
    if (!e) return VALUE_THROWN;
    for (uint32_t i = 0; i < k->count; i++)
        if (k->list[i] != UNIT_NONE) e->items[i] = code->constants[k->list[i]];
    return value_from_cell(e);
}

static Value code_load_constant(LocalHeap *h, Code *code, const UnitConstant *k)
{
    switch ((ConstantKind)k->kind) {
    case CONSTANT_NUMBER:   return value_from_double(k->number);
    case CONSTANT_STRING:   return code_string(h, code->unit, k->index);
    case CONSTANT_BIGINT:   return code_load_bigint(h, code->unit, k);
    case CONSTANT_REGEXP:   return code_load_regexp(h, code->unit, k);
    case CONSTANT_FUNCTION: return value_from_cell(code_new(h, code->unit, k->index, code->realm, code->referrer));
    case CONSTANT_ELEMENTS: return code_load_elements(h, code, k);
    default:                return VALUE_UNDEFINED;      // NAMES and TEMPLATE: filled at first use; others: not values
    }
}

static size_t code_feedback_offset(const UnitFunction *f)
{
    return bits_align_up(f->feedback_count, 16);
}

static void code_allocate_tables(Code *code)
{
    const UnitFunction *f = code->function;
    size_t feedback = code_feedback_offset(f);
    code->constants = mem_alloc((f->constant_count + f->cache_count) * sizeof(Value) + 1);
    for (uint32_t i = 0; i < f->constant_count + f->cache_count; i++) code->constants[i] = VALUE_UNDEFINED;
    code->cache_names = code->constants + f->constant_count;
    char *memory = mem_alloc_zeroed(feedback + f->cache_count * sizeof(InlineCache) + 1);
    code->feedback = (uint8_t *)memory + feedback;
}

#define CODE_LINK(code) ((code)->older)

/* With the monitor of `code` entered. False: the heap refuses. */
static bool code_prepare_entered(LocalHeap *h, Code *code)
{
    const UnitFunction *f = code->function;
    if (code->frame_words != FUNCTION_UNPREPARED) return true;           // by another goroutine
    if (!code->constants) code_allocate_tables(code);
    for (uint32_t i = 0; i < f->constant_count; i++) {
        Value v = code_load_constant(h, code, &f->constants[i]);
        if (value_is_thrown(v)) return false;
        barrier_store(h, code, &code->constants[i], v);
    }
    for (uint32_t i = 0; i < f->cache_count; i++)
        if (f->cache_names[i] != UNIT_NONE)
            barrier_store(h, code, &code->cache_names[i], code_string(h, code->unit, f->cache_names[i]));
    PUSHLIST_PUSH(&h->vm->codes, code, CODE_LINK);
    atomic_set_release(&code->frame_words, FRAME_HEADER_WORDS + f->register_count);      // pairs with code_prepare
    return true;
}

bool code_prepare(Goroutine *g, Code *code)
{
    LocalHeap *h = &g->heap;
    if (atomic_get_acquire(&code->frame_words) != FUNCTION_UNPREPARED) return true;
    bool entered = monitor_enter(h, code);
    bool done = code_prepare_entered(h, code);
    monitor_exit(h, code, entered);
    if (!done) error_throw_out_of_memory(g);
    return done;
}

Function *code_new_top_function(LocalHeap *h, Code *code, const ValueList *environment)
{
    Function *f = function_new(h, code);
    for (uint32_t i = 0; i < code->function->capture_count; i++) {
        const UnitCapture *capture = &code->function->captures[i];
        CHECK(capture->source == CAPTURE_FROM_ENVIRONMENT && environment && (uint32_t)capture->index < environment->count,
              "the loader gives a top function its environment");
        f->captures[i] = environment->items[capture->index];
    }
    return f;
}

/* ---- collector --------------------------------------------------------------------------------------------------- */

static void code_trace(Marker *m, Cell *c)
{
    Code *code = (Code *)c;
    mark_value(m, code->name);
    mark_value(m, code->referrer);
    if (!code->constants) return;
    mark_values(m, code->constants, code->function->constant_count + code->function->cache_count);
    for (uint32_t i = 0; i < code->function->constant_count; i++) {
        bool is_shape = code->function->constants[i].kind == CONSTANT_NAMES && value_is_int(code->constants[i]);
        if (is_shape) shape_mark(code->realm->vm, m, (uint32_t)value_int(code->constants[i]));
    }
}

static void code_finalize(Cell *c)
{
    Code *code = (Code *)c;
    if (code->feedback) {
        InlineCache *caches = (InlineCache *)code->feedback;
        for (uint32_t i = 0; i < code->function->cache_count; i++)
            if (caches[i].more != CACHE_MEGAMORPHIC) mem_free(caches[i].more);
        mem_free(code->feedback - code_feedback_offset(code->function));
        mem_free(code->constants);
    }
    if (code->machine) code->realm->vm->machine->release(code->realm->vm, code->machine);
    unit_release(code->unit);
}

void code_finish(Vm *vm, Marker *m)
{
    for (Code **link = &vm->codes; *link;) {
        if (mark_is_marked(m, *link)) link = &(*link)->older;
        else *link = (*link)->older;
    }
}

void code_register_kinds(void)
{
    kinds_register(KIND_CODE, &(GcKind){ .name = "CODE", .base_bytes = sizeof(Code), .flags = KIND_HAS_FINALIZER,
                                         .trace = code_trace, .finalize = code_finalize }, NULL);
}
