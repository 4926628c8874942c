/* SPDX-License-Identifier: MIT */
#include "vm/exec/cache.h"

#include <string.h>

#include "gc/mark.h"
#include "vm/base/hash.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"
#include "vm/object/array.h"
#include "vm/object/kinds.h"
#include "vm/object/primitive.h"
#include "vm/object/realm.h"

enum {
    HANDLER_RESERVE = 1 << 24,
    HANDLER_COMMIT_STEP = 1024,
    PROTOTYPE_DEPTH_LIMIT = 60,
};

/* Handlers that rely on an object, by object: open addressing. */
typedef struct Watch {
    Object *object;                      // NULL: empty
    VEC(uint32_t) handlers;
} Watch;

struct WatchTable {
    Watch   *items;
    uint32_t mask, count;
};
typedef struct WatchTable WatchTable;

static HandlerSpace *cache_space(const Vm *vm)
{
    return vm->handlers;
}

/* ---- handlers ------------------------------------------------------------------------------------------------- */

static void cache_commit(HandlerSpace *space)
{
    char *start = (char *)(space->base + space->committed);
    if (space->committed + HANDLER_COMMIT_STEP > space->limit || !os_commit(start, HANDLER_COMMIT_STEP * sizeof(Handler)))
        panic_out_of_memory("inline cache handlers");
    space->committed += HANDLER_COMMIT_STEP;
}

static uint32_t cache_new_handler(const Vm *vm, Handler handler)
{
    HandlerSpace *space = cache_space(vm);
    uint32_t number = space->free;
    if (number) {
        space->free = space->base[number].next_free;
    } else {
        if (space->used == space->committed) cache_commit(space);
        number = space->used++;
    }
    handler.is_valid = true;
    space->base[number] = handler;
    return number;
}

/* ---- watches ---------------------------------------------------------------------------------------------------- */

static Watch *cache_watch_place(WatchTable *t, const Object *o)
{
    uint32_t i = (uint32_t)hash_word((uintptr_t)o) & t->mask;
    while (t->items[i].object && t->items[i].object != o) i = (i + 1) & t->mask;
    return &t->items[i];
}

static void cache_watch_resize(WatchTable *t, uint32_t capacity)
{
    Watch *old = t->items;
    uint32_t old_capacity = old ? t->mask + 1 : 0;
    t->items = mem_alloc_zeroed(capacity * sizeof *t->items);
    t->mask = capacity - 1;
    for (uint32_t i = 0; i < old_capacity; i++)
        if (old[i].object) *cache_watch_place(t, old[i].object) = old[i];
    mem_free(old);
}

static void cache_watch(LocalHeap *h, Object *o, uint32_t handler)
{
    WatchTable *t = cache_space(h->vm)->watches;
    object_mark_prototype(h, o);
    Watch *w = cache_watch_place(t, o);
    if (!w->object) {
        w->object = o;
        if (++t->count > t->mask / 4 * 3) {
            cache_watch_resize(t, (t->mask + 1) * 2);
            w = cache_watch_place(t, o);
        }
    }
    VEC_PUSH(&w->handlers, handler);
}

/* May array iterators have a `return` now, by a change of the property or of a prototype link? */
static bool cache_closes_array_iterators(const Realm *r, Value o, bool is_return, bool is_any)
{
    bool iterators = o == r->intrinsics[INTRINSIC_ArrayIteratorPrototype] || o == r->intrinsics[INTRINSIC_IteratorPrototype];
    return (iterators && (is_return || is_any)) || (is_return && o == r->intrinsics[INTRINSIC_ObjectPrototype]);
}

void cache_prototype_changed(LocalHeap *h, Object *o, PropertyKey key)
{
    Vm *vm = h->vm;
    HandlerSpace *space = cache_space(vm);
    for (const Realm *r = vm->realms; r; r = r->older) {
        bool arrays = value_from_cell(o) == r->intrinsics[INTRINSIC_ArrayPrototype] && key == vm->symbols[SYMBOL_iterator];
        bool iterators = value_from_cell(o) == r->intrinsics[INTRINSIC_ArrayIteratorPrototype] && key == vm_atom(vm, ATOM_next);
        bool closes = cache_closes_array_iterators(r, value_from_cell(o), key == vm_atom(vm, ATOM_return), key == VALUE_HOLE);
        if (arrays || iterators || closes) vm->array_iteration_pristine = false;
        bool regexps = value_from_cell(o) == r->intrinsics[INTRINSIC_RegExpPrototype] || value_from_cell(o) == r->intrinsics[INTRINSIC_RegExp];
        if (regexps) vm->regexp_pristine = false;
    }
    Watch *w = cache_watch_place(space->watches, o);
    if (!w->object) return;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < w->handlers.count; i++) {
        Handler *handler = &space->base[w->handlers.items[i]];
        if (key == VALUE_HOLE || handler->key == key) atomic_set_release(&handler->is_valid, false);    // with the loads of cache users
        else if (handler->is_valid) w->handlers.items[kept++] = w->handlers.items[i];
    }
    w->handlers.count = kept;
}

/* ---- sites -------------------------------------------------------------------------------------------------------- */

static MegamorphicEntry *cache_megamorphic(const Vm *vm, uint32_t shape, PropertyKey key, bool is_store)
{
    HandlerSpace *space = cache_space(vm);
    uint32_t i = (shape * 31 ^ (uint32_t)(key >> 4)) % MEGAMORPHIC_ENTRIES;
    return is_store ? &space->stores[i] : &space->loads[i];
}

uint64_t cache_probe(const Vm *vm, const InlineCache *ic, uint32_t shape, PropertyKey key, bool is_store)
{
    const PolyCache *poly = atomic_get_acquire((PolyCache **)&ic->more);    // pairs with cache_learn
    if (!poly) return 0;
    if (poly != CACHE_MEGAMORPHIC) {
        for (uint32_t i = 0; i < poly->count; i++) {
            uint64_t word = atomic_get_relaxed(&poly->words[i]);
            if ((uint32_t)word == shape) return word;
        }
        return 0;
    }
    const MegamorphicEntry *e = cache_megamorphic(vm, shape, key, is_store);
    return e->key == key && (uint32_t)e->word == shape ? e->word : 0;
}

/* A place for `shape` among the words: its own, an unused one, or one whose handler is no longer valid. */
static uint64_t *cache_poly_place(const Vm *vm, PolyCache *poly, uint32_t shape)
{
    for (uint32_t i = 0; i < poly->count; i++)
        if ((uint32_t)poly->words[i] == shape) return &poly->words[i];
    if (poly->count < POLY_WORDS) return &poly->words[poly->count++];
    for (uint32_t i = 0; i < POLY_WORDS; i++) {
        int32_t payload = cache_payload(poly->words[i]);
        if (payload < 0 && !cache_handler(vm, payload)->is_valid) return &poly->words[i];
    }
    return NULL;
}

static void cache_learn_megamorphic(const Vm *vm, uint64_t word, PropertyKey key, bool is_store)
{
    *cache_megamorphic(vm, (uint32_t)word, key, is_store) = (MegamorphicEntry){ key, word };
}

void cache_learn(LocalHeap *h, InlineCache *ic, uint64_t word, PropertyKey key, bool is_store)
{
    uint64_t first = ic->word;
    PolyCache *poly = ic->more;
    if (poly == CACHE_MEGAMORPHIC) {
        cache_learn_megamorphic(h->vm, word, key, is_store);
        return;
    }
    bool first_is_dead = (uint32_t)first == (uint32_t)word
        || (cache_payload(first) < 0 && first && !cache_handler(h->vm, cache_payload(first))->is_valid);
    if (!first || first_is_dead) {
        atomic_set_release(&ic->word, word);
        return;
    }
    if (!poly) {
        poly = mem_alloc_zeroed(sizeof *poly);
        poly->words[poly->count++] = first;
    }
    uint64_t *place = cache_poly_place(h->vm, poly, (uint32_t)word);
    if (place) atomic_set_release(place, word);
    if (!place) {
        mem_free(poly);
        poly = CACHE_MEGAMORPHIC;
        cache_learn_megamorphic(h->vm, word, key, is_store);
    }
    atomic_set_release(&ic->more, poly);
    atomic_set_release(&ic->word, word);         // the shape met last is the likeliest next
}

/* ---- learning loads -------------------------------------------------------------------------------------------------- */

/* Fill in where slot `slot` of an object of shape `s` is. */
static void cache_place_slot(Handler *handler, const Shape *s, uint32_t slot)
{
    uint32_t inline_slots = shape_inline_slots(s);
    handler->depth = 0;
    handler->offset = (int32_t)(s->slots_offset + slot * sizeof(Value));
    if (slot < inline_slots) return;
    slot -= inline_slots;
    handler->depth = 1;
    for (uint32_t k = 0; slot >= object_chunk_slots(k); k++) {
        slot -= object_chunk_slots(k);
        handler->depth++;
    }
    handler->offset = (int32_t)(offsetof(Chunk, slots) + slot * sizeof(Value));
}

/* The word for an own plain value that is not in a dictionary. */
static uint64_t cache_own_word(const Vm *vm, const Shape *s, uint32_t slot)
{
    Handler handler = { .kind = HANDLER_CHUNK };
    cache_place_slot(&handler, s, slot);
    if (handler.depth == 0) return cache_word_inline(shape_number(s), (uint32_t)handler.offset);
    return cache_word_handler(shape_number(s), cache_new_handler(vm, handler));
}

/* May lookups of named keys look only at the shape of objects of this kind? A String object is exotic in its indices only. */
static bool cache_is_plain(const Object *o)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return !ops || o->cell.kind == KIND_STRING_OBJECT || (!ops->get_own && !ops->get && !ops->get_proto && !ops->set);
}

/* A property found in a prototype. */
static Handler cache_describe_inherited(Object *holder, const PropertyRef *ref, PropertyKey key)
{
    Handler handler = { .kind = HANDLER_SLOT, .key = key, .address = ref->address, .holder = &holder->cell,
                        .value = VALUE_UNDEFINED };
    if (ref->attributes & PROPERTY_ACCESSOR) {
        handler.kind = HANDLER_GETTER;
        handler.value = ((const Accessor *)value_cell(ref->value))->getter;
    } else if (value_is_callable(ref->value)) {
        handler.kind = HANDLER_CONSTANT;
        handler.value = ref->value;
    }
    return handler;
}

/* Register `number` with `start` and the prototypes behind it, up to and including `last` (NULL: to the end). */
static void cache_watch_chain(LocalHeap *h, Object *start, const Object *last, uint32_t number)
{
    for (Object *o = start;;) {
        cache_watch(h, o, number);
        Value proto = object_proto(h->vm, o);
        if (o == last || !value_is_object(proto)) return;
        o = object_of(proto);
    }
}

/* Find `key` from `o` on; `*holder` NULL: absent. False: something on the way cannot be cached. */
static bool cache_find(LocalHeap *h, Object *o, PropertyKey key, Object **holder, PropertyRef *ref)
{
    for (int depth = 0; depth < PROTOTYPE_DEPTH_LIMIT; depth++) {
        if (!cache_is_plain(o) || (o->cell.flags & OBJECT_IS_GLOBAL)) return false;
        if (object_find_own(h, o, key, ref)) return *holder = o, true;
        Value proto = object_proto(h->vm, o);
        if (!value_is_object(proto)) return *holder = NULL, true;
        o = object_of(proto);
    }
    return false;
}

static bool cache_learn_length(LocalHeap *h, InlineCache *ic, Value v, PropertyKey key)
{
    if (key != vm_atom(h->vm, ATOM_length)) return false;
    Handler handler = { .key = key };
    if (value_is_string(v)) handler.kind = HANDLER_STRING_LENGTH;
    else if (value_is_kind(v, KIND_ARRAY)) handler.kind = HANDLER_ARRAY_LENGTH;
    else return false;
    cache_learn(h, ic, cache_word_handler(value_cell(v)->shape, cache_new_handler(h->vm, handler)), key, false);
    return true;
}

/* An own property of an object: the shape says where, whatever the object. */
static void cache_learn_own_load(LocalHeap *h, InlineCache *ic, Object *o, const PropertyRef *ref, PropertyKey key)
{
    const Shape *s = object_shape(h->vm, o);
    PropertyPlace place;
    if (!shape_find(s, key, &place)) return;             // computed, as the length of an array is
    bool accessor = (place.attributes & PROPERTY_ACCESSOR) != 0;
    uint64_t word;
    if (shape_is_dictionary(s)) {
        if (accessor) return;
        Handler handler = { .kind = HANDLER_SLOT, .key = key, .address = ref->address, .holder = &o->cell };
        word = cache_word_handler(shape_number(s), cache_new_handler(h->vm, handler));
    } else if (accessor) {
        Handler handler = { .kind = HANDLER_OWN_GETTER, .key = key };
        cache_place_slot(&handler, s, place.slot);
        word = cache_word_handler(shape_number(s), cache_new_handler(h->vm, handler));
    } else {
        word = cache_own_word(h->vm, s, place.slot);
    }
    cache_learn(h, ic, word, key, false);
}

void cache_learn_load(LocalHeap *h, InlineCache *ic, Value v, Object *start, PropertyKey key)
{
    if (!value_is_cell(v) || cache_learn_length(h, ic, v, key)) return;
    bool is_object = value_is_object(v);
    Object *holder;
    PropertyRef ref;
    if (is_object && (object_shape(h->vm, start)->flags & SHAPE_IS_UNCACHEABLE)) return;
    if (!cache_find(h, start, key, &holder, &ref)) return;
    if (is_object && holder == start) {
        cache_learn_own_load(h, ic, start, &ref, key);
        return;
    }
    uint32_t shape = value_cell(v)->shape;               // after cache_find, which may have made lazy properties
    if (is_object && shape_is_dictionary(shape_at(h->vm, shape))) return;    // it may get an own property unnoticed
    if (holder && !ref.address) return;
    Handler handler = { .kind = HANDLER_ABSENT, .key = key, .value = VALUE_UNDEFINED };
    if (holder) handler = cache_describe_inherited(holder, &ref, key);
    uint32_t number = cache_new_handler(h->vm, handler);
    Value first = is_object ? object_proto(h->vm, start) : value_from_cell(start);
    if (value_is_object(first)) cache_watch_chain(h, object_of(first), holder, number);
    cache_learn(h, ic, cache_word_handler(shape, number), key, false);
}

/* ---- learning stores --------------------------------------------------------------------------------------------------- */

static void cache_learn_setter(LocalHeap *h, InlineCache *ic, Object *o, Object *holder, Value setter, PropertyKey key)
{
    Value proto = object_proto(h->vm, o);
    bool usable = holder != o && value_is_object(proto) && !value_is_undefined(setter)
        && !shape_is_dictionary(object_shape(h->vm, o));
    if (!usable) return;
    Handler handler = { .kind = HANDLER_SETTER, .key = key, .value = setter, .holder = &holder->cell };
    uint32_t number = cache_new_handler(h->vm, handler);
    cache_watch_chain(h, object_of(proto), holder, number);
    cache_learn(h, ic, cache_word_handler(o->cell.shape, number), key, true);
}

void cache_learn_store(LocalHeap *h, InlineCache *ic, Object *o, PropertyKey key)
{
    Object *holder;
    PropertyRef ref;
    if (o->cell.flags & ~CELL_OLD_CLEAN || (object_shape(h->vm, o)->flags & SHAPE_IS_UNCACHEABLE)) return;
    if (!cache_find(h, o, key, &holder, &ref) || !holder) return;
    if (ref.attributes & PROPERTY_ACCESSOR) {
        cache_learn_setter(h, ic, o, holder, ((const Accessor *)value_cell(ref.value))->setter, key);
        return;
    }
    const Shape *s = object_shape(h->vm, o);
    PropertyPlace place;
    if (holder != o || !(ref.attributes & PROPERTY_WRITABLE) || !shape_find(s, key, &place)) return;
    if (!shape_is_dictionary(s)) {
        cache_learn(h, ic, cache_own_word(h->vm, s, place.slot), key, true);
        return;
    }
    Handler handler = { .kind = HANDLER_SLOT, .key = key, .address = ref.address, .holder = &o->cell };
    cache_learn(h, ic, cache_word_handler(shape_number(s), cache_new_handler(h->vm, handler)), key, true);
}

/* May a store of `key` through prototype `proto` reach the object itself? */
static bool cache_chain_lets_add(LocalHeap *h, Value proto, PropertyKey key)
{
    Object *holder;
    PropertyRef ref;
    if (!value_is_object(proto)) return true;
    if (!cache_find(h, object_of(proto), key, &holder, &ref)) return false;
    return !holder || (!(ref.attributes & PROPERTY_ACCESSOR) && (ref.attributes & PROPERTY_WRITABLE));
}

void cache_learn_add(LocalHeap *h, InlineCache *ic, Object *o, uint32_t old_shape, PropertyKey key)
{
    const Vm *vm = h->vm;
    const Shape *before = shape_at(vm, old_shape), *after = object_shape(vm, o);
    bool one_step = after->parent == old_shape && after->count == before->count + 1 && !shape_is_dictionary(after);
    if (!one_step || (o->cell.flags & ~CELL_OLD_CLEAN) || !cache_is_plain(o)) return;
    Handler handler = { .kind = HANDLER_ADD, .key = key, .shape = old_shape };
    cache_place_slot(&handler, after, before->slot_count);
    if (handler.depth > 1 || !cache_chain_lets_add(h, before->proto, key)) return;
    handler.shape = shape_number(after);
    uint32_t number = cache_new_handler(vm, handler);
    if (value_is_object(before->proto)) cache_watch_chain(h, object_of(before->proto), NULL, number);
    cache_learn(h, ic, cache_word_handler(old_shape, number), key, true);
}

void cache_learn_construct(const Vm *vm, InlineCache *ic, Value f, Value *prototype_slot, Object *proto, const Shape *s)
{
    Handler handler = { .kind = HANDLER_CONSTRUCT, .value = f, .address = prototype_slot, .holder = &proto->cell,
                        .shape = shape_number(s) };
    atomic_set_release(&ic->word, cache_word_handler(shape_number(s), cache_new_handler(vm, handler)));
}

/* ---- collector ---------------------------------------------------------------------------------------------------------- */

static bool cache_word_is_dying(const Vm *vm, uint64_t word)
{
    return word && shape_is_dying(vm, (uint32_t)word);
}

/* Drop what names dying shapes, and note in `used` the handlers that stay. */
static void cache_clean_words(const Vm *vm, uint64_t *words, uint32_t count, uint8_t *used)
{
    for (uint32_t i = 0; i < count; i++) {
        if (cache_word_is_dying(vm, words[i])) words[i] = 0;
        int32_t payload = cache_payload(words[i]);
        if (payload < 0) used[~payload] = 1;
    }
}

static void cache_clean_add(const Vm *vm, uint64_t *word)
{
    int32_t payload = cache_payload(*word);
    if (payload >= 0 || !*word) return;
    const Handler *handler = cache_handler(vm, payload);
    if (handler->kind == HANDLER_ADD && shape_is_dying(vm, handler->shape)) *word = 0;
}

static void cache_clean_site(const Vm *vm, InlineCache *ic, uint8_t *used)
{
    cache_clean_add(vm, &ic->word);
    cache_clean_words(vm, &ic->word, 1, used);
    PolyCache *poly = ic->more;
    if (!poly || poly == CACHE_MEGAMORPHIC) return;
    for (uint32_t i = 0; i < poly->count; i++) cache_clean_add(vm, &poly->words[i]);
    cache_clean_words(vm, poly->words, poly->count, used);
}

static void cache_free_unused(HandlerSpace *space, const uint8_t *used)
{
    space->free = 0;
    for (uint32_t i = 1; i < space->used; i++) {
        if (used[i]) continue;
        space->base[i] = (Handler){ .next_free = space->free };
        space->free = i;
    }
}

/* Watches name handlers by number; one that was freed and taken anew would be invalidated for nothing, so they go. */
static void cache_clean_watches(HandlerSpace *space, const uint8_t *used, Marker *m)
{
    WatchTable *t = space->watches;
    uint32_t live = 0;
    for (uint32_t i = 0; i <= t->mask; i++) {
        Watch *w = &t->items[i];
        if (!w->object) continue;
        if (!mark_is_marked(m, w->object)) {
            VEC_FREE(&w->handlers);
            w->object = NULL;
            continue;
        }
        live++;
        uint32_t kept = 0;
        for (uint32_t k = 0; used && k < w->handlers.count; k++)
            if (used[w->handlers.items[k]]) w->handlers.items[kept++] = w->handlers.items[k];
        if (used) w->handlers.count = kept;
    }
    if (live != t->count) {
        t->count = live;
        cache_watch_resize(t, t->mask + 1);
    }
}

void cache_finish(Vm *vm, Marker *m)
{
    HandlerSpace *space = cache_space(vm);
    if (!shape_is_collecting(vm)) {
        cache_clean_watches(space, NULL, m);
        return;
    }
    uint8_t *used = mem_alloc_zeroed(space->used);
    memset(space->loads, 0, sizeof space->loads);
    memset(space->stores, 0, sizeof space->stores);
    for (Code *code = vm->codes; code; code = code->older) {
        InlineCache *caches = (InlineCache *)code->feedback;
        for (uint32_t i = 0; i < code->function->cache_count; i++) cache_clean_site(vm, &caches[i], used);
    }
    cache_clean_watches(space, used, m);
    cache_free_unused(space, used);
    mem_free(used);
}

/* ---- life ------------------------------------------------------------------------------------------------------------------ */

enum { CACHE_SPACE_BYTES = (sizeof(HandlerSpace) + 4095) & ~(size_t)4095 };      // in pages

void cache_create(Vm *vm)
{
    HandlerSpace *space = vm->handlers = os_reserve(CACHE_SPACE_BYTES, os_page_bytes());    // zeros, most never touched
    if (!space || !os_commit(space, CACHE_SPACE_BYTES)) panic_out_of_memory("inline cache handlers");
    space->limit = HANDLER_RESERVE;
    space->base = os_reserve((size_t)space->limit * sizeof(Handler), 4096);
    if (!space->base) panic_out_of_memory("address space for inline cache handlers");
    cache_commit(space);
    space->used = 1;                             // number 0 ends the free list
    space->watches = mem_alloc_zeroed(sizeof *space->watches);
    cache_watch_resize(space->watches, 64);
}

void cache_destroy(Vm *vm)
{
    HandlerSpace *space = cache_space(vm);
    for (uint32_t i = 0; i <= space->watches->mask; i++) VEC_FREE(&space->watches->items[i].handlers);
    mem_free(space->watches->items);
    mem_free(space->watches);
    os_release(space->base, (size_t)space->limit * sizeof(Handler));
    os_release(space, CACHE_SPACE_BYTES);
}
