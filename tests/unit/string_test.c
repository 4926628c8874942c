/* SPDX-License-Identifier: MIT */
/* Strings in each representation, atoms, symbols. */
#include "vm/value/string.h"

#include "tests/unit/vm_fixture.h"

static bool is_kind(const String *s, CellKind kind)
{
    return s->cell.kind == kind;
}

TEST(string_is_as_narrow_as_its_units_allow)
{
    static const uint16_t narrow[] = { 'a', 0xff, 0 }, wide[] = { 'a', 0x100 };
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT(!string_is_wide(string_new_utf16(f.h, narrow, 3)));
    EXPECT_EQ(3u, string_new_utf16(f.h, narrow, 3)->length);
    EXPECT(string_is_wide(string_new_utf16(f.h, wide, 2)));
    EXPECT(!string_is_wide(vm_fixture_string(&f, "\xc3\xbf")));
    EXPECT_EQ(1u, vm_fixture_string(&f, "\xc3\xbf")->length);
    EXPECT_EQ(2u, vm_fixture_string(&f, "\xf0\x9f\x98\x80")->length);
    EXPECT(value_from_cell(string_new_latin1(f.h, NULL, 0)) == f.vm->empty_string);
    vm_fixture_end(&f);
}

TEST(string_from_ill_formed_text_has_replacements)
{
    static const struct { const char *bytes, *utf8, *wtf8; } rows[] = {
        { "a\x80z", "a\xef\xbf\xbdz", "a\xef\xbf\xbdz" },
        { "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "\xe2\x82", "\xef\xbf\xbd", "\xef\xbf\xbd" },
        { "\xed\xa0\xbd", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\xed\xa0\xbd" },           // a lone surrogate
        { "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
          "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT_STRING(&f, rows[i].utf8, string_new_utf8(f.h, rows[i].bytes, strlen(rows[i].bytes)));
        EXPECT_STRING(&f, rows[i].wtf8, string_new_wtf8(f.h, rows[i].bytes, strlen(rows[i].bytes)));
    }
    size_t count;
    char *text = string_to_utf8(f.h, vm_fixture_string(&f, "x\xed\xa0\xbdy"), &count, false);
    EXPECT_TEXT("x\xef\xbf\xbdy", text);
    EXPECT_EQ(5u, count);
    mem_free(text);
    vm_fixture_end(&f);
}

TEST(string_concat_copies_short_ones_and_hangs_up_long_ones)
{
    VmFixture f;
    vm_fixture_begin(&f);
    String *ten = vm_fixture_string(&f, "0123456789"), *wide = vm_fixture_string(&f, "\xc4\x80");
    String *twenty = string_concat(f.h, ten, ten);
    EXPECT(is_kind(twenty, KIND_STRING));
    String *forty = string_concat(f.h, twenty, twenty);
    EXPECT(is_kind(forty, KIND_ROPE));
    EXPECT_EQ(40u, forty->length);
    EXPECT_EQ('7', string_unit_at(f.h, forty, 37));
    EXPECT_STRING(&f, "0123456789012345678901234567890123456789", forty);
    String *mixed = string_concat(f.h, forty, wide);
    EXPECT(string_is_wide(mixed) && !string_is_wide(forty));
    EXPECT_EQ(0x100, string_unit_at(f.h, mixed, 40));
    EXPECT_EQ('9', string_unit_at(f.h, mixed, 39));
    String *empty = string_of(f.vm->empty_string);
    EXPECT(string_concat(f.h, ten, empty) == ten && string_concat(f.h, empty, ten) == ten);
    vm_fixture_end(&f);
}

/* A hundred thousand levels, leaning each way: flattening may not recurse. */
TEST(string_flattens_deep_ropes)
{
    VmFixture f;
    vm_fixture_begin(&f);
    String *piece = vm_fixture_string(&f, "abcdefghijklmnopqrstuvwxyz");
    String *left = piece, *right = piece, *both = piece;
    for (int i = 0; i < 100000; i++) {
        left = string_concat(f.h, left, piece);
        right = string_concat(f.h, piece, right);
        both = i % 2 ? string_concat(f.h, both, piece) : string_concat(f.h, piece, both);
    }
    EXPECT_EQ(26u * 100001, left->length);
    EXPECT_EQ('z', string_unit_at(f.h, left, left->length - 1));
    EXPECT_EQ('m', string_unit_at(f.h, right, 26 * 50000 + 12));
    EXPECT(string_equal(f.h, left, right) && string_equal(f.h, right, both));
    EXPECT_EQ(string_hash(f.h, left), string_hash(f.h, both));
    vm_fixture_end(&f);
}

TEST(string_length_has_a_limit)
{
    VmFixture f;
    vm_fixture_begin(&f);
    String *s = vm_fixture_string(&f, "0123456789abcdef");
    while (s && s->length <= STRING_MAX_LENGTH / 2) s = string_concat(f.h, s, s);
    REQUIRE(s);
    EXPECT(!string_concat(f.h, s, s));
    String *rest = string_slice(f.h, vm_fixture_string(&f, "0123456789abcdef"), 0, 8);
    EXPECT(!string_alloc(f.h, (size_t)STRING_MAX_LENGTH + 1, false));
    EXPECT(!string_new_latin1(f.h, (const uint8_t *)"", (size_t)STRING_MAX_LENGTH + 1));
    EXPECT_EQ(8u, rest->length);
    vm_fixture_end(&f);
}

TEST(string_slices_of_everything)
{
    VmFixture f;
    vm_fixture_begin(&f);
    String *base = vm_fixture_string(&f, "The quick brown fox jumps over the lazy dog; \xc4\x80nd again, and again.");
    EXPECT(string_slice(f.h, base, 0, base->length) == base);
    EXPECT(value_from_cell(string_slice(f.h, base, 7, 7)) == f.vm->empty_string);
    String *copied = string_slice(f.h, base, 4, 9), *shared = string_slice(f.h, base, 4, 60);
    EXPECT(is_kind(copied, KIND_STRING) && is_kind(shared, KIND_SLICE));
    EXPECT(!string_is_wide(copied));
    EXPECT_STRING(&f, "quick", copied);
    String *inner = string_slice(f.h, shared, 6, 50);
    EXPECT_STRING(&f, "brown fox jumps over the lazy dog; \xc4\x80nd again", inner);
    EXPECT_EQ('b', string_unit_at(f.h, inner, 0));
    String *rope = string_concat(f.h, shared, base);
    EXPECT_STRING(&f, ", and T", string_slice(f.h, rope, 50, 57));   // over the seam
    EXPECT_EQ('T', string_unit_at(f.h, rope, shared->length));
    vm_fixture_end(&f);
}

TEST(string_equality_order_and_hash_see_content_alone)
{
    VmFixture f;
    vm_fixture_begin(&f);
    String *flat = vm_fixture_string(&f, "one content of some length, that all of them have");
    String *rope = string_concat(f.h, string_slice(f.h, flat, 0, 30), string_slice(f.h, flat, 30, flat->length));
    String *around = string_concat(f.h, vm_fixture_string(&f, "<"), flat);
    String *slice = string_slice(f.h, around, 1, around->length);
    String *all[] = { flat, rope, slice };
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 3; k++) {
            EXPECT(string_equal(f.h, all[i], all[k]));
            EXPECT_EQ(0, string_compare(f.h, all[i], all[k]));
            EXPECT_EQ(string_hash(f.h, all[i]), string_hash(f.h, all[k]));
        }
        EXPECT(string_hash(f.h, all[i]) != 0);
    }
    EXPECT(string_hash(f.h, flat) != string_hash(f.h, around));
    static const char *const ascending[] = {                  // by code units: a surrogate is below U+FFFD
        "", "A", "AB", "a", "a\x01", "b", "\xc3\xbf", "\xc4\x80", "\xf0\x9f\x98\x80", "\xef\xbf\xbd",
    };
    for (size_t i = 0; i < COUNT_OF(ascending); i++) {
        for (size_t k = 0; k < COUNT_OF(ascending); k++) {
            int order = string_compare(f.h, vm_fixture_string(&f, ascending[i]), vm_fixture_string(&f, ascending[k]));
            EXPECT_EQ((i > k) - (i < k), (order > 0) - (order < 0));
        }
    }
    EXPECT(string_equal_text(f.h, vm_fixture_string(&f, "abc"), "abc"));
    EXPECT(!string_equal_text(f.h, vm_fixture_string(&f, "abc"), "abcd"));
    vm_fixture_end(&f);
}

TEST(string_finds_first_and_last)
{
    static const struct { const char *in, *needle; uint32_t from; int64_t first, last; } rows[] = {
        { "abcabc", "abc", 0, 0, 0 }, { "abcabc", "abc", 1, 3, 0 }, { "abcabc", "abc", 6, -1, 3 },
        { "abcabc", "c", 2, 2, 2 },
        { "abc", "", 2, 2, 2 }, { "abc", "", 3, 3, 3 }, { "", "a", 0, -1, -1 }, { "aaa", "aaaa", 0, -1, -1 },
        { "\xc4\x80x\xc4\x80x", "x", 2, 3, 1 }, { "abc", "\xc4\x80", 0, -1, -1 },
        { "a\xc4\x80\xc4\x81z", "\xc4\x81z", 0, 2, -1 },
        { "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy", "xy", 33, -1, 32 },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        StringView in = string_view(f.h, vm_fixture_string(&f, rows[i].in));
        StringView needle = string_view(f.h, vm_fixture_string(&f, rows[i].needle));
        EXPECT_EQ(rows[i].first, string_index_of(in, needle, rows[i].from));
        EXPECT_EQ(rows[i].last, string_last_index_of(in, needle, rows[i].from));
    }
    vm_fixture_end(&f);
}

TEST(string_builder_widens_on_the_way_and_fails_without_memory)
{
    VmFixture f;
    vm_fixture_begin(&f);
    StringBuilder b;
    string_builder_init(&b);
    string_builder_put_text(&b, "text ");
    string_builder_put_latin1(&b, (const uint8_t *)"\xe9", 1);
    string_builder_put_code_point(&b, 0x1f600);
    string_builder_put_view(&b, string_view(f.h, vm_fixture_string(&f, "0123456789")), 3, 6);
    string_builder_put_unit(&b, 0x100);
    string_builder_put_string(f.h, &b, string_from_unit(f.h, 'z'));
    EXPECT_STRING(&f, "text \xc3\xa9\xf0\x9f\x98\x80""345\xc4\x80z", string_builder_end(f.h, &b));
    string_builder_init(&b);
    EXPECT(value_from_cell(string_builder_end(f.h, &b)) == f.vm->empty_string);
    string_builder_init(&b);
    mem_set_budget(0);
    for (int i = 0; i < 10000; i++) string_builder_put_unit(&b, 'x');
    mem_set_budget(SIZE_MAX);
    EXPECT(b.failed);
    EXPECT(!string_builder_end(f.h, &b));
    EXPECT_STRING(&f, "\xf0\x9f\x98\x80", string_from_code_point(f.h, 0x1f600));
    EXPECT(string_from_unit(f.h, 'q') == string_from_unit(f.h, 'q'));
    vm_fixture_end(&f);
}

/* ---- atoms and keys ---- */

TEST(intern_gives_one_cell_a_content)
{
    VmFixture f;
    vm_fixture_begin(&f);
    String *flat = vm_fixture_string(&f, "a property name of some thirty units");
    String *rope = string_concat(f.h, string_slice(f.h, flat, 0, 10), string_slice(f.h, flat, 10, flat->length));
    String *atom = intern_string(f.h, flat);
    EXPECT(string_is_atom(atom));
    EXPECT(intern_string(f.h, rope) == atom && intern_string(f.h, atom) == atom);
    EXPECT(intern_text(f.h, "a property name of some thirty units") == atom);
    EXPECT(intern_view(f.h, string_view(f.h, flat)) == atom);
    EXPECT(intern_text(f.h, "a property name of some thirty unit!") != atom);
    EXPECT(value_from_cell(intern_text(f.h, "length")) == vm_atom(f.vm, ATOM_length));
    EXPECT(intern_text(f.h, "q") == string_from_unit(f.h, 'q'));
    vm_fixture_end(&f);
}

TEST(intern_key_of_an_index_is_the_index)
{
    static const struct { const char *text; int64_t index; } rows[] = {
        { "0", 0 }, { "10", 10 }, { "4294967294", 4294967294 }, { "4294967295", -1 }, { "4294967296", -1 },
        { "00", -1 },
        { "01", -1 }, { "-0", -1 }, { "", -1 }, { "1.0", -1 }, { " 1", -1 }, { "1e3", -1 },
        { "99999999999999999999", -1 },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        PropertyKey key = vm_fixture_key(&f, rows[i].text);
        EXPECT_EQ(rows[i].index >= 0, key_is_index(key));
        if (rows[i].index >= 0) EXPECT_EQ(rows[i].index, key_index(key));
        else EXPECT(key_is_string(key) && string_is_atom(string_of(key)));
        StringView view = string_view(f.h, vm_fixture_string(&f, rows[i].text));
        uint32_t index;
        EXPECT_EQ(rows[i].index >= 0, string_view_to_index(view, &index));
    }
    EXPECT_EQ(UINT32_MAX - 1, key_index(key_from_index(UINT32_MAX - 1)));
    vm_fixture_end(&f);
}

static void count_atoms(void *context, Cell *c)
{
    const String *s = (const String *)c;
    if (c->kind != KIND_STRING || !string_is_atom(s) || s->length != 37) return;
    ++*(int *)context;
}

TEST(intern_forgets_atoms_nobody_holds)
{
    VmFixture f;
    vm_fixture_begin(&f);
    char text[] = "an atom that nobody will hold, no 0000";
    for (int i = 0; i < 5000; i++) {
        snprintf(text + 33, 5, "%04d", i);
        String *atom = intern_text(f.h, text);
        EXPECT(intern_text(f.h, text) == atom);
    }
    heap_collect(f.h);
    int atoms = 0;
    heap_each_cell(f.vm->heap, count_atoms, &atoms);
    EXPECT(atoms < 50);                                       // words on this stack may hold a few
    EXPECT(intern_text(f.h, text) == intern_text(f.h, text));
    vm_fixture_end(&f);
}

/* ---- symbols ---- */

TEST(symbol_is_itself_alone_unless_registered)
{
    VmFixture f;
    vm_fixture_begin(&f);
    Value text = value_from_cell(vm_fixture_string(&f, "a key of the registry"));
    Symbol *a = symbol_new(f.h, text, 0), *b = symbol_new(f.h, text, 0);
    EXPECT(a != b && !(a->bits & SYMBOL_IS_REGISTERED));
    Symbol *r = symbol_for(f.h, string_of(text));
    EXPECT(r != a && (r->bits & SYMBOL_IS_REGISTERED));
    EXPECT(symbol_for(f.h, vm_fixture_string(&f, "a key of the registry")) == r);
    EXPECT(symbol_for(f.h, vm_fixture_string(&f, "another")) != r);
    EXPECT_STRING(&f, "Symbol(a key of the registry)", symbol_descriptive_string(f.h, a));
    EXPECT_STRING(&f, "Symbol()", symbol_descriptive_string(f.h, symbol_new(f.h, VALUE_UNDEFINED, 0)));
    Symbol *iterator = symbol_of(f.vm->symbols[SYMBOL_iterator]);
    EXPECT_STRING(&f, "Symbol(Symbol.iterator)", symbol_descriptive_string(f.h, iterator));
    EXPECT(symbol_is_private(symbol_new(f.h, text, SYMBOL_IS_PRIVATE)) && !symbol_is_private(a));
    EXPECT(key_is_symbol(value_from_cell(a)) && !key_is_index(value_from_cell(a)));
    heap_collect(f.h);
    EXPECT(symbol_for(f.h, vm_fixture_string(&f, "a key of the registry")) == r);
    vm_fixture_end(&f);
}
