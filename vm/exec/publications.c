/* SPDX-License-Identifier: MIT */
#include "vm/exec/publications.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/base/hash.h"
#include "vm/base/mem.h"
#include "vm/base/mutex.h"
#include "vm/bytecode/opcode.h"
#include "vm/exec/frames.h"
#include "vm/exec/unwind.h"

enum { PUBLICATIONS_TEXT_MOST = 512, PUBLICATIONS_NAME_MOST = 64, PUBLICATIONS_LEAST = 64 };

typedef struct Site {
    char    *text;                       // what and where; NULL: this place of the table is free
    uint32_t hash;
    uint64_t times, cells, bytes;
} Site;

struct Publications {
    Mutex    lock;                       // LOCK_STATS
    Site    *sites;                      // open addressing; of these, as all below, the lock's
    uint32_t count, capacity;            // capacity is a power of two, at least twice the count
    bool     is_told;
};

Publications *publications_create(void)
{
    Publications *p = mem_alloc_zeroed(sizeof *p);
    mutex_init(&p->lock, LOCK_STATS, 0);
    p->capacity = PUBLICATIONS_LEAST;
    p->sites = mem_alloc_zeroed(p->capacity * sizeof *p->sites);
    return p;
}

void publications_destroy(Publications *p)
{
    if (!p) return;
    for (uint32_t i = 0; i < p->capacity; i++) mem_free(p->sites[i].text);
    mem_free(p->sites);
    mem_free(p);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static Site *publications_find(Publications *p, const char *text, uint32_t hash)
{
    uint32_t i = hash & (p->capacity - 1);
    while (p->sites[i].text && (p->sites[i].hash != hash || strcmp(p->sites[i].text, text)))
        i = (i + 1) & (p->capacity - 1);
    return &p->sites[i];
}

static void publications_grow(Publications *p)
{
    Site *old = p->sites;
    uint32_t count = p->capacity;
    p->capacity *= 2;
    p->sites = mem_alloc_zeroed(p->capacity * sizeof *p->sites);
    for (uint32_t i = 0; i < count; i++)
        if (old[i].text) *publications_find(p, old[i].text, old[i].hash) = old[i];
    mem_free(old);
}

static void publications_add(Publications *p, const char *text, uint64_t cells, uint64_t bytes)
{
    uint32_t hash = hash_latin1((const uint8_t *)text, strlen(text));
    mutex_lock(&p->lock);
    Site *site = publications_find(p, text, hash);
    if (!site->text) {
        if (++p->count * 2 > p->capacity) {
            publications_grow(p);
            site = publications_find(p, text, hash);
        }
        *site = (Site){ .text = mem_copy_text(text), .hash = hash };
    }
    site->times++;
    site->cells += cells;
    site->bytes += bytes;
    mutex_unlock(&p->lock);
}

/* ---- what a goroutine is doing ----------------------------------------------------------------------------------- */

/* The name of the library's function that a frame runs. Names are flat, so nothing is allocated. */
static void publications_name(Goroutine *g, const Value *fp, char *name)
{
    const Code *code = frames_code(fp);
    Value callee = fp[FRAME_CALLEE];
    name[0] = '\0';
    if (!code) {
        const char *own = value_is_kind(callee, KIND_NATIVE) ? function_native(callee)->spec->name : "";
        snprintf(name, PUBLICATIONS_NAME_MOST, "%s", own);
        return;
    }
    StringView view = string_view(&g->heap, string_of(code->name));
    uint32_t n = view.length < PUBLICATIONS_NAME_MOST ? (uint32_t)view.length : PUBLICATIONS_NAME_MOST - 1;
    for (uint32_t i = 0; i < n; i++) name[i] = (char)(string_view_unit(view, i) & 0x7f);
    name[n] = '\0';
}

/* The kind of publication point that an instruction is. */
static const char *publications_kind(uint32_t op)
{
    static const struct { const char *family, *kind; } kinds[] = {
        { "scope", "variable" }, { "property", "store" }, { "class", "store" }, { "literal", "store" },
        { "call", "call" }, { "async", "await" }, { "iterate", "iteration" },
    };
    switch (op) {
    case OP_GO: case OP_GO_SPREAD: case OP_GO_VALUE: return "go";
    case OP_SEND: return "send";
    case OP_SELECT: return "select";
    case OP_ATOMIC_BOX: case OP_ATOMIC_GLOBAL: case OP_ATOMIC_PROP: case OP_ATOMIC_ELEM: return "atomic";
    default: break;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(opcode_info(op)->family, kinds[i].family)) return kinds[i].kind;
    return "other";
}

static void publications_put(Goroutine *g, char *text)
{
    char name[PUBLICATIONS_NAME_MOST] = "";
    const Value *fp = g->fp, *inner = NULL;
    const Code *code = NULL;
    for (; fp; inner = fp, fp = frame_caller(fp)) {
        code = frames_code(fp);
        if (code && !(code->flags & UNIT_IS_LIBRARY)) break;
    }
    if (inner) publications_name(g, inner, name);
    if (!fp) {
        snprintf(text, PUBLICATIONS_TEXT_MOST, "job%s%s", *name ? " " : "", name);
        return;
    }
    uint32_t pc = frame_pc(fp, code->code);
    UnwindPlace place = unwind_code_place(code, pc);
    const char *kind = inner ? "call" : publications_kind(code->code[pc]);
    snprintf(text, PUBLICATIONS_TEXT_MOST, "%s%s%s %s:%u:%u", kind, *name ? " " : "", name, place.unit->file,
             place.line, place.column);
}

void publications_note(Publications *p, Goroutine *g, bool are_roots, uint64_t cells, uint64_t bytes)
{
    char text[PUBLICATIONS_TEXT_MOST] = "roots, before the second goroutine";
    if (!cells) return;
    if (!are_roots) publications_put(g, text);
    publications_add(p, text, cells, bytes);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

static int publications_compare(const void *a, const void *b)
{
    const Site *left = a, *right = b;
    if (left->bytes != right->bytes) return left->bytes < right->bytes ? 1 : -1;
    if (!left->text || !right->text) return (left->text == NULL) - (right->text == NULL);
    return strcmp(left->text, right->text);
}

void publications_tell(Publications *p)
{
    if (!p) return;
    mutex_lock(&p->lock);
    uint32_t capacity = p->is_told ? 0 : p->capacity;
    p->is_told = true;
    Site *sites = mem_alloc(p->capacity * sizeof *sites);
    for (uint32_t i = 0; i < capacity; i++) sites[i] = p->sites[i];
    if (capacity) fprintf(stderr, "publications: %u sites\n", p->count);
    if (capacity) fprintf(stderr, "%12s %12s %12s  what, where\n", "bytes", "cells", "times");
    mutex_unlock(&p->lock);
    qsort(sites, capacity, sizeof *sites, publications_compare);
    for (uint32_t i = 0; i < capacity && sites[i].text; i++)
        fprintf(stderr, "%12" PRIu64 " %12" PRIu64 " %12" PRIu64 "  %s\n", sites[i].bytes, sites[i].cells,
                sites[i].times, sites[i].text);
    mem_free(sites);
}
