/* SPDX-License-Identifier: MIT */
/* Strings, atoms and registered symbols that several threads use at once. */
#include <stdio.h>

#include "tests/unit/race_fixture.h"
#include "vm/value/intern.h"
#include "vm/value/symbol.h"

enum { THREADS = 4, TEXTS = 3000, ROPES = 200, SYMBOLS = 100 };

typedef struct AtomRace {
    Value found[THREADS][TEXTS];
} AtomRace;

/* Each thread begins elsewhere, so that every text is new to some and old to others. */
static void intern_all(RaceThread *t)
{
    AtomRace *race = t->context;
    for (uint32_t n = 0; n < TEXTS; n++) {
        char text[32];
        uint32_t i = (n + t->index * 7) % TEXTS;
        snprintf(text, sizeof text, i % 3 ? "name%u" : "%u", i);
        String *s = i % 2 ? intern_text(t->h, text) : intern_string(t->h, string_new_text(t->h, text));
        race->found[t->index][i] = value_from_cell(s);
        RACE_EXPECT(t, string_equal_text(t->h, s, text) && string_is_atom(s) && cell_is_shared(&s->cell));
        RACE_EXPECT(t, s->hash == string_view_hash(string_flat_view(s)));
        RACE_EXPECT(t, ((s->cell.flags & STRING_IS_INDEX) != 0) == (i % 3 == 0));
        if (n % 1000 == t->index) heap_collect(t->h);
    }
}

TEST(intern_yields_one_atom_a_text_to_all_threads)
{
    Race race;
    AtomRace atoms = { 0 };
    race_begin(&race);
    EXPECT_EQ(0u, race_run(&race, THREADS, intern_all, &atoms));
    uint32_t different = 0;
    for (uint32_t i = 0; i < TEXTS; i++)
        for (uint32_t k = 1; k < THREADS; k++) different += atoms.found[k][i] != atoms.found[0][i];
    EXPECT_EQ(0u, different);
    race_end(&race);
}

static void intern_and_drop(RaceThread *t)
{
    for (uint32_t n = 0; n < 4 * TEXTS; n++) {
        char text[32];
        snprintf(text, sizeof text, "passing %u", n % TEXTS);
        String *a = intern_text(t->h, text), *b = intern_text(t->h, text);
        RACE_EXPECT(t, a == b && string_equal_text(t->h, a, text));
        if (n % 500 == 0) heap_collect(t->h);
    }
}

TEST(intern_drops_dead_atoms_while_threads_look_them_up)
{
    Race race;
    race_begin(&race);
    EXPECT_EQ(0u, race_run(&race, THREADS, intern_and_drop, NULL));
    race_end(&race);
}

typedef struct RopeRace {
    Value ropes[ROPES];
} RopeRace;

static String *make_rope(LocalHeap *h, uint32_t number)
{
    char text[64];
    String *s = string_new_text(h, "a text that is long enough");
    for (uint32_t i = 0; i < 5 + number % 20; i++) {
        snprintf(text, sizeof text, ", piece %u of rope %u", i, number);
        s = string_concat(h, s, string_new_text(h, text));
    }
    return s;
}

static void use_ropes(RaceThread *t)
{
    const RopeRace *race = t->context;
    for (uint32_t i = 0; i < ROPES; i++) {
        String *expected = make_rope(t->h, i), *s = string_of(race->ropes[i]);
        if (t->index % 2) RACE_EXPECT(t, string_hash(t->h, s) == string_hash(t->h, expected));
        RACE_EXPECT(t, string_equal(t->h, s, expected));
        String *longer = string_concat(t->h, s, string_new_text(t->h, " and a part of this thread"));
        RACE_EXPECT(t, string_equal(t->h, string_slice(t->h, longer, 0, s->length), expected));
        RACE_EXPECT(t, intern_string(t->h, s) == intern_string(t->h, expected));
        if (i % 50 == t->index) heap_collect(t->h);
    }
}

TEST(string_ropes_are_flattened_and_hashed_by_several_threads)
{
    Race race;
    RopeRace ropes = { 0 };
    race_begin(&race);
    LocalHeap *h = race_heap(&race);
    for (uint32_t i = 0; i < ROPES; i++) {
        ropes.ropes[i] = value_from_cell(make_rope(h, i));
        publish_value(h, ropes.ropes[i]);
    }
    EXPECT_EQ(0u, race_run(&race, THREADS, use_ropes, &ropes));
    uint32_t private = 0;
    for (uint32_t i = 0; i < ROPES; i++) {
        const RopeString *rope = (const RopeString *)value_cell(ropes.ropes[i]);
        private += !rope->flat || !cell_is_shared(&rope->flat->string.cell);
    }
    EXPECT_EQ(0u, private);
    race_end(&race);
}

typedef struct SymbolRace {
    Value found[THREADS][SYMBOLS];
} SymbolRace;

static void register_symbols(RaceThread *t)
{
    SymbolRace *race = t->context;
    for (uint32_t i = 0; i < SYMBOLS; i++) {
        char text[32];
        snprintf(text, sizeof text, "symbol %u", i);
        race->found[t->index][i] = value_from_cell(symbol_for(t->h, string_new_text(t->h, text)));
    }
}

TEST(symbol_for_yields_one_symbol_to_all_threads)
{
    Race race;
    SymbolRace symbols = { 0 };
    race_begin(&race);
    race_run(&race, THREADS, register_symbols, &symbols);
    uint32_t different = 0;
    for (uint32_t i = 0; i < SYMBOLS; i++)
        for (uint32_t k = 1; k < THREADS; k++) different += symbols.found[k][i] != symbols.found[0][i];
    EXPECT_EQ(0u, different);
    race_end(&race);
}
