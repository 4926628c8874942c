/* SPDX-License-Identifier: MIT */
#include "vm/exec/cache.h"

#include "vm/base/hash.h"
#include "vm/base/os.h"
#include "vm/base/panic.h"
#include "vm/exec/cache_int.h"
#include "vm/object/array.h"
#include "vm/object/kinds.h"
#include "vm/object/primitive.h"
#include "vm/object/realm.h"
#include "vm/object/typed_array.h"

enum {
    HANDLER_RESERVE = 1 << 24,
    HANDLER_COMMIT_STEP = 1024,
    HANDLERS_ARE_MANY = 1 << 17,
    PROTOTYPE_DEPTH_LIMIT = 60,
};

/* ---- handlers ------------------------------------------------------------------------------------------------- */

static bool cache_commit(HandlerSpace *space)
{
    char *start = (char *)(space->base + space->committed);
    bool has_room = space->committed + HANDLER_COMMIT_STEP <= space->limit;
    if (!has_room || !os_commit(start, HANDLER_COMMIT_STEP * sizeof(Handler))) return false;
    space->committed += HANDLER_COMMIT_STEP;
    return true;
}

bool cache_is_exhausted(const Vm *vm, const InlineCache *ic)
{
    return atomic_get_relaxed(&ic->more) == CACHE_MEGAMORPHIC
        && atomic_get_relaxed(&cache_space(vm)->made) >= HANDLERS_ARE_MANY;
}

uint32_t cache_new_handler(const Vm *vm, Handler handler)
{
    HandlerSpace *space = cache_space(vm);
    ASSERT_HELD(&space->lock);
    uint32_t number = space->free;
    if (number) {
        space->free = space->base[number].next_free;
    } else {
        if (space->used == space->committed && !cache_commit(space)) return 0;
        number = space->used++;
    }
    atomic_set_relaxed(&space->made, space->made + 1);
    if (space->made == HANDLERS_ARE_MANY) shape_want_collection(vm);
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

void cache_watch_resize(WatchTable *t, uint32_t capacity)
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
    ASSERT(object_flags(o) & OBJECT_IS_PROTOTYPE, "I3: its changes are announced");
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
    const Value *in = r->intrinsics;
    bool iterators = o == in[INTRINSIC_ArrayIteratorPrototype] || o == in[INTRINSIC_IteratorPrototype];
    return (iterators && (is_return || is_any)) || (is_return && o == in[INTRINSIC_ObjectPrototype]);
}

/* What built-ins take for granted of the prototypes of a realm, and cannot from now on. */
static void cache_note_intrinsic(Vm *vm, const Realm *r, Value o, PropertyKey key)
{
    const Value *in = r->intrinsics;
    bool arrays = o == in[INTRINSIC_ArrayPrototype] && key == vm->symbols[SYMBOL_iterator];
    bool iterators = o == in[INTRINSIC_ArrayIteratorPrototype] && key == vm_atom(vm, ATOM_next);
    bool closes = cache_closes_array_iterators(r, o, key == vm_atom(vm, ATOM_return), key == VALUE_HOLE);
    if (arrays || iterators || closes) atomic_set_relaxed(&vm->array_iteration_pristine, false);
    bool regexps = o == in[INTRINSIC_RegExpPrototype] || o == in[INTRINSIC_RegExp];
    if (regexps) atomic_set_relaxed(&vm->regexp_pristine, false);
}

static void cache_invalidate(HandlerSpace *space, const Object *o, PropertyKey key)
{
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

void cache_prototype_changed(LocalHeap *h, Object *o, PropertyKey key)
{
    Vm *vm = h->vm;
    HandlerSpace *space = cache_space(vm);
    for (const Realm *r = vm->realms; r; r = r->older) cache_note_intrinsic(vm, r, value_from_cell(o), key);
    mutex_lock(&space->lock);
    atomic_set_release(&space->changes, space->changes + 1);     // pairs with cache_changes
    cache_invalidate(space, o, key);
    mutex_unlock(&space->lock);
}

/* ---- sites ------------------------------------------------------------------------------------------------------- */

uint64_t cache_probe(const Vm *vm, const InlineCache *ic, uint32_t shape, PropertyKey key, bool is_store)
{
    const PolyCache *poly = atomic_get_acquire((PolyCache **)&ic->more);    // pairs with cache_learn
    if (!poly) return 0;
    if (poly != CACHE_MEGAMORPHIC) {
        uint32_t count = atomic_get_relaxed(&poly->count);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t word = atomic_get_dependent(&poly->words[i]);
            if ((uint32_t)word == shape) return word;
        }
        return 0;
    }
    uint64_t word = cache_probe_entry(cache_megamorphic(vm, shape, key, is_store), key);
    return (uint32_t)word == shape ? word : 0;
}

/* A place for `shape` among the words: its own, an unused one, or one whose handler is no longer valid. */
static uint64_t *cache_poly_place(const Vm *vm, PolyCache *poly, uint32_t shape)
{
    for (uint32_t i = 0; i < poly->count; i++)
        if ((uint32_t)poly->words[i] == shape) return &poly->words[i];
    if (poly->count < POLY_WORDS) {
        atomic_set_relaxed(&poly->count, poly->count + 1);
        return &poly->words[poly->count - 1];
    }
    for (uint32_t i = 0; i < POLY_WORDS; i++) {
        int32_t payload = cache_payload(poly->words[i]);
        if (payload < 0 && !cache_handler(vm, payload)->is_valid) return &poly->words[i];
    }
    return NULL;
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
    if (place) {
        atomic_set_release(place, word);
        atomic_set_release(&ic->more, poly);
    } else {
        atomic_set_release(&ic->more, CACHE_MEGAMORPHIC);
        heap_retire(h, poly);
        cache_learn_megamorphic(h->vm, word, key, is_store);
    }
    atomic_set_release(&ic->second, first);
    atomic_set_release(&ic->word, word);         // the shape met last is the likeliest next
}

/* ---- what is learned ---------------------------------------------------------------------------------------- */

/* A finding, to be entered if it still holds. */
typedef struct Lesson {
    InlineCache *ic;
    PropertyKey  key;
    bool         is_store;
    uint32_t     shape;                  // for which it holds
    uint64_t     changes;                // cache_changes before looking
    Object      *watch_first;            // prototypes it relies on, from here ...
    Object      *watch_last;             // ... to here (NULL: the end of the chain). First NULL: none
} Lesson;

/* How often prototypes changed so far. */
static uint64_t cache_changes(const Vm *vm)
{
    return atomic_get_acquire(&cache_space(vm)->changes);        // pairs with cache_prototype_changed
}

/* Register `number` with the prototypes the lesson relies on. */
static void cache_watch_chain(LocalHeap *h, const Lesson *lesson, uint32_t number)
{
    for (Object *o = lesson->watch_first; o;) {
        cache_watch(h, o, number);
        Value proto = object_proto(h->vm, o);
        o = o != lesson->watch_last && value_is_object(proto) ? object_of(proto) : NULL;
    }
}

static void cache_enter_word(LocalHeap *h, const Lesson *lesson, uint64_t word)
{
    mutex_lock(&cache_space(h->vm)->lock);
    cache_learn(h, lesson->ic, word, lesson->key, lesson->is_store);
    mutex_unlock(&cache_space(h->vm)->lock);
}

static void cache_enter_handler(LocalHeap *h, const Lesson *lesson, Handler handler)
{
    HandlerSpace *space = cache_space(h->vm);
    mutex_lock(&space->lock);
    bool holds = !lesson->watch_first || space->changes == lesson->changes;
    uint32_t number = holds && !cache_is_exhausted(h->vm, lesson->ic) ? cache_new_handler(h->vm, handler) : 0;
    if (number) {
        cache_watch_chain(h, lesson, number);
        cache_learn(h, lesson->ic, cache_word_handler(lesson->shape, number), lesson->key, lesson->is_store);
    }
    mutex_unlock(&space->lock);
}

/* ---- learning loads ---------------------------------------------------------------------------------------------- */

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

/* Enter the place of an own plain value that is not in a dictionary. */
static void cache_enter_own(LocalHeap *h, const Lesson *lesson, const Shape *s, uint32_t slot)
{
    Handler handler = { .kind = HANDLER_CHUNK };
    cache_place_slot(&handler, s, slot);
    if (handler.depth) cache_enter_handler(h, lesson, handler);
    else cache_enter_word(h, lesson, cache_word_inline(lesson->shape, (uint32_t)handler.offset));
}

/* May lookups of named keys look only at the shape of objects of this kind? A String object is exotic in its indices
 * only. */
static bool cache_is_plain(const Object *o)
{
    const ObjectOps *ops = kinds_ops(o->cell.kind);
    return !ops || o->cell.kind == KIND_STRING_OBJECT || (!ops->get_own && !ops->get && !ops->get_proto && !ops->set);
}

/* May a lookup of `key` look only at the shape of `o`? Typed arrays are exotic in numbers, as text too. */
static bool cache_is_plain_for(LocalHeap *h, const Object *o, PropertyKey key)
{
    if (cache_is_plain(o)) return true;
    if (!typed_array_is(value_from_cell(o)) || key_is_index(key)) return false;
    if (!key_is_string(key)) return true;
    String *name = string_of(key);
    uint16_t first = name->length ? string_unit_at(h, name, 0) : '_';
    return first != '-' && first != 'I' && first != 'N' && (first < '0' || first > '9');
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

/* Looking for a lazy property of a function makes it, which changes the shape: better before the shape is noted. */
static void cache_settle(LocalHeap *h, Object *o, PropertyKey key)
{
    if (function_is_lazy_key(h->vm, key)) object_materialize(h, o);
}

/* Mark what a finding behind `first` may rely on. */
static void cache_mark_chain(LocalHeap *h, Value first)
{
    for (int depth = 0; depth < PROTOTYPE_DEPTH_LIMIT && value_is_object(first); depth++) {
        Object *o = object_of(first);
        object_mark_prototype(h, o);
        first = object_proto(h->vm, o);
    }
}

/* Find `key` from `o` on; `*holder` NULL: absent. False: something on the way cannot be cached. */
static bool cache_find(LocalHeap *h, Object *o, PropertyKey key, Object **holder, PropertyRef *ref)
{
    for (int depth = 0; depth < PROTOTYPE_DEPTH_LIMIT; depth++) {
        if (!cache_is_plain_for(h, o, key) || (object_flags(o) & OBJECT_IS_GLOBAL)) return false;
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
    Lesson lesson = { .ic = ic, .key = key, .shape = atomic_get_relaxed(&value_cell(v)->shape) };
    cache_enter_handler(h, &lesson, handler);
    return true;
}

/* Enter the place of an own accessor pair that is not in a dictionary. */
static void cache_enter_own_accessor(LocalHeap *h, const Lesson *lesson, const Shape *s, uint32_t slot)
{
    Handler handler = { .kind = lesson->is_store ? HANDLER_OWN_SETTER : HANDLER_OWN_GETTER, .key = lesson->key };
    cache_place_slot(&handler, s, slot);
    cache_enter_handler(h, lesson, handler);
}

/* An own property of an object: the shape says where, whatever the object. */
static void cache_learn_own_load(LocalHeap *h, InlineCache *ic, Object *o, PropertyKey key)
{
    const Shape *s = object_shape(h->vm, o);
    PropertyPlace place;
    if (!shape_find(s, key, &place)) return;             // computed, as the length of an array is
    bool accessor = (place.attributes & PROPERTY_ACCESSOR) != 0;
    Lesson lesson = { .ic = ic, .key = key, .shape = shape_number(s) };
    if (shape_is_dictionary(s)) {
        if (accessor) return;
        cache_enter_handler(h, &lesson, (Handler){ .kind = HANDLER_SLOT, .key = key, .address = place.address,
                                                   .holder = &o->cell });
    } else if (accessor) {
        cache_enter_own_accessor(h, &lesson, s, place.slot);
    } else {
        cache_enter_own(h, &lesson, s, place.slot);
    }
}

/* The shape is read before looking and compared after: an own property may be added meanwhile. */
void cache_learn_load(LocalHeap *h, InlineCache *ic, Value v, Object *start, PropertyKey key)
{
    if (!value_is_cell(v) || cache_is_exhausted(h->vm, ic) || cache_learn_length(h, ic, v, key)) return;
    bool is_object = value_is_object(v);
    Object *holder;
    PropertyRef ref;
    if (!is_object && atomic_get_relaxed(&ic->more) == CACHE_MEGAMORPHIC && cache_has_many_realms(h->vm)) return;
    if (is_object && (shape_flags(object_shape(h->vm, start)) & SHAPE_IS_UNCACHEABLE)) return;
    if (is_object) cache_settle(h, start, key);
    Value first = is_object ? object_proto(h->vm, start) : value_from_cell(start);
    cache_mark_chain(h, first);
    Lesson lesson = { .ic = ic, .key = key, .shape = atomic_get_acquire(&value_cell(v)->shape),
                      .changes = cache_changes(h->vm) };
    if (!cache_find(h, start, key, &holder, &ref)) return;
    if (is_object && holder == start) {
        cache_learn_own_load(h, ic, start, key);
        return;
    }
    if (atomic_get_acquire(&value_cell(v)->shape) != lesson.shape || (holder && !ref.address)) return;
    if (is_object && shape_is_dictionary(shape_at(h->vm, lesson.shape))) return;    // it may get one unnoticed
    Handler handler = { .kind = HANDLER_ABSENT, .key = key, .value = VALUE_UNDEFINED };
    if (holder) handler = cache_describe_inherited(holder, &ref, key);
    if (value_is_object(first)) {
        lesson.watch_first = object_of(first);
        lesson.watch_last = holder;
    }
    cache_enter_handler(h, &lesson, handler);
}

/* ---- learning stores --------------------------------------------------------------------------------------------- */

static void cache_learn_setter(LocalHeap *h, Lesson *lesson, Object *o, Object *holder, Value setter)
{
    Value proto = object_proto(h->vm, o);
    const Shape *s = shape_at(h->vm, lesson->shape);
    PropertyPlace place;
    if (value_is_undefined(setter) || shape_is_dictionary(s)) return;
    if (holder == o) {
        bool is_there = shape_find(s, lesson->key, &place) && (place.attributes & PROPERTY_ACCESSOR);
        if (is_there) cache_enter_own_accessor(h, lesson, s, place.slot);
        return;
    }
    if (!value_is_object(proto) || atomic_get_acquire(&o->cell.shape) != lesson->shape) return;
    lesson->watch_first = object_of(proto);
    lesson->watch_last = holder;
    cache_enter_handler(h, lesson, (Handler){ .kind = HANDLER_SETTER, .key = lesson->key, .value = setter,
                                              .holder = &holder->cell });
}

/* May a store to `o` go by its shape, but for what a shared or old object asks? */
static bool cache_is_usual(const Object *o)
{
    return !(object_flags(o) & ~(CELL_OLD_CLEAN | CELL_SHARED));
}

void cache_learn_store(LocalHeap *h, InlineCache *ic, Object *o, PropertyKey key)
{
    Object *holder;
    PropertyRef ref;
    if (!cache_is_usual(o) || (shape_flags(object_shape(h->vm, o)) & SHAPE_IS_UNCACHEABLE)) return;
    cache_settle(h, o, key);
    cache_mark_chain(h, object_proto(h->vm, o));
    Lesson lesson = { .ic = ic, .key = key, .is_store = true, .shape = atomic_get_acquire(&o->cell.shape),
                      .changes = cache_changes(h->vm) };
    if (!cache_find(h, o, key, &holder, &ref) || !holder) return;
    if (ref.attributes & PROPERTY_ACCESSOR) {
        cache_learn_setter(h, &lesson, o, holder, ((const Accessor *)value_cell(ref.value))->setter);
        return;
    }
    const Shape *s = shape_at(h->vm, lesson.shape);
    PropertyPlace place;
    if (holder != o || !shape_find(s, key, &place)) return;
    if ((place.attributes & PROPERTY_ACCESSOR) || !(place.attributes & PROPERTY_WRITABLE)) return;
    if (!shape_is_dictionary(s)) {
        cache_enter_own(h, &lesson, s, place.slot);
        return;
    }
    cache_enter_handler(h, &lesson, (Handler){ .kind = HANDLER_SLOT, .key = key, .address = place.address,
                                               .holder = &o->cell });
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

/* How an object of shape `before` gets what shape `after` has one more. Depth above 1: too far away to be cached. */
static Handler cache_describe_addition(const Shape *before, const Shape *after, PropertyKey key)
{
    Handler handler = { .kind = HANDLER_ADD, .key = key, .shape = shape_number(after) };
    cache_place_slot(&handler, after, before->slot_count);
    return handler;
}

/* Did one step, an addition of `key`, lead from one shape to the other? Others may have added something else. */
static bool cache_is_addition(const Shape *before, const Shape *after, PropertyKey key, uint8_t attributes)
{
    bool one_step = after->parent == shape_number(before) && !shape_is_dictionary(after);
    if (!one_step || after->count != before->count + 1) return false;
    const PropertyEntry *e = shape_entry(after, before->count);
    return e->key == key && shape_entry_attributes(e) == attributes;
}

void cache_learn_add(LocalHeap *h, InlineCache *ic, Object *o, uint32_t old_shape, PropertyKey key)
{
    const Vm *vm = h->vm;
    const Shape *before = shape_at(vm, old_shape), *after = object_shape(vm, o);
    if (!cache_is_usual(o) || !cache_is_plain(o) || !cache_is_addition(before, after, key, PROPERTY_DEFAULT)) return;
    cache_mark_chain(h, before->proto);
    after = object_shape(vm, o);                             // the world may have stopped, and another changed it
    if (!cache_is_addition(before, after, key, PROPERTY_DEFAULT)) return;
    Handler handler = cache_describe_addition(before, after, key);
    Lesson lesson = { .ic = ic, .key = key, .is_store = true, .shape = old_shape, .changes = cache_changes(vm) };
    if (handler.depth > 1 || !cache_chain_lets_add(h, before->proto, key)) return;
    if (value_is_object(before->proto)) lesson.watch_first = object_of(before->proto);
    cache_enter_handler(h, &lesson, handler);
}

/* ---- learning private names, which are found in no prototype ----------------------------------------------------- */

void cache_learn_private(LocalHeap *h, InlineCache *ic, const Object *o, PropertyKey name, bool is_store)
{
    const Shape *s = object_shape(h->vm, o);
    PropertyPlace place;
    if (shape_is_dictionary(s) || !shape_find(s, name, &place)) return;
    Lesson lesson = { .ic = ic, .key = name, .is_store = is_store, .shape = shape_number(s) };
    if (place.attributes & PROPERTY_ACCESSOR) {
        cache_enter_own_accessor(h, &lesson, s, place.slot);
        return;
    }
    Handler handler = { .kind = HANDLER_CHUNK, .key = name };
    cache_place_slot(&handler, s, place.slot);
    cache_enter_handler(h, &lesson, handler);
}

void cache_learn_private_add(LocalHeap *h, InlineCache *ic, Object *o, uint32_t old_shape, PropertyKey name,
                             uint8_t attributes)
{
    const Shape *before = shape_at(h->vm, old_shape), *after = object_shape(h->vm, o);
    if (!cache_is_usual(o) || !cache_is_addition(before, after, name, attributes)) return;
    Lesson lesson = { .ic = ic, .key = name, .is_store = true, .shape = old_shape };
    Handler handler = cache_describe_addition(before, after, name);
    if (handler.depth <= 1) cache_enter_handler(h, &lesson, handler);
}

/* ---- learning what `instanceof` looks for ------------------------------------------------------------------------ */

void cache_learn_instances(LocalHeap *h, InlineCache *ic, Object *f, Value builtin)
{
    Vm *vm = h->vm;
    Object *holder;
    PropertyRef ref;
    PropertyPlace place;
    PropertyKey key = vm->symbols[SYMBOL_hasInstance];
    Value proto = object_proto(vm, f);
    object_materialize(h, f);
    cache_mark_chain(h, proto);
    Lesson lesson = { .ic = ic, .key = key, .shape = atomic_get_acquire(&f->cell.shape), .changes = cache_changes(vm) };
    const Shape *s = shape_at(vm, lesson.shape);
    bool is_builtin = cache_find(h, f, key, &holder, &ref) && holder && holder != f && ref.value == builtin
        && !(ref.attributes & PROPERTY_ACCESSOR) && s->proto == proto;
    bool has_slot = !shape_is_dictionary(s) && shape_find(s, vm_atom(vm, ATOM_prototype), &place)
        && !(place.attributes & PROPERTY_ACCESSOR);
    if (!is_builtin || !has_slot || (shape_flags(s) & SHAPE_IS_UNCACHEABLE)) return;
    Handler handler = { .kind = HANDLER_INSTANCES, .key = key };
    cache_place_slot(&handler, s, place.slot);
    lesson.watch_first = object_of(proto);
    lesson.watch_last = holder;
    cache_enter_handler(h, &lesson, handler);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

enum { CACHE_SPACE_BYTES = (sizeof(HandlerSpace) + 4095) & ~(size_t)4095 };      // in pages

void cache_create(Vm *vm)
{
    HandlerSpace *space = vm->handlers = os_reserve(CACHE_SPACE_BYTES, os_page_bytes());    // zeros, most never touched
    if (!space || !os_commit(space, CACHE_SPACE_BYTES)) panic_out_of_memory("inline cache handlers");
    mutex_init(&space->lock, LOCK_CACHES, 0);
    space->limit = HANDLER_RESERVE;
    while (space->limit * sizeof(Handler) > os_address_limit() / 16) space->limit /= 2;
    space->base = os_reserve((size_t)space->limit * sizeof(Handler), 4096);
    if (!space->base) panic_out_of_memory("address space for inline cache handlers");
    if (!cache_commit(space)) panic_out_of_memory("inline cache handlers");
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
    VEC_FREE(&space->constructs_made);
    os_release(space->base, (size_t)space->limit * sizeof(Handler));
    os_release(space, CACHE_SPACE_BYTES);
}
