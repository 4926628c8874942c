/* SPDX-License-Identifier: MIT */
/* The built-ins as they stand in a new realm. */
#include "lib/install.h"

#include "tests/unit/vm_fixture.h"

TEST(install_gives_functions_their_length_and_name)
{
    static const struct { const char *path; int length; const char *name; } rows[] = {
        { "Object", 1, "Object" }, { "Object.defineProperty", 3, "defineProperty" },
        { "Object.assign", 2, "assign" },
        { "Function", 1, "Function" }, { "Function.prototype", 0, "" }, { "Function.prototype.bind", 1, "bind" },
        { "Array", 1, "Array" }, { "Array.prototype.map", 1, "map" }, { "Array.prototype.splice", 2, "splice" },
        { "Array.prototype.push", 1, "push" }, { "Array.from", 1, "from" }, { "Array.of", 0, "of" },
        { "Array.prototype[Symbol.iterator]", 0, "values" }, { "String", 1, "String" }, { "String.raw", 1, "raw" },
        { "String.prototype.replaceAll", 2, "replaceAll" }, { "String.prototype.padStart", 1, "padStart" },
        { "Number", 1, "Number" }, { "Number.prototype.toString", 1, "toString" }, { "parseInt", 2, "parseInt" },
        { "Math.max", 2, "max" }, { "Math.atan2", 2, "atan2" }, { "Math.random", 0, "random" },
        { "Date", 7, "Date" },
        { "Date.UTC", 7, "UTC" }, { "Date.prototype[Symbol.toPrimitive]", 1, "[Symbol.toPrimitive]" },
        { "RegExp", 2, "RegExp" }, { "RegExp.prototype[Symbol.replace]", 2, "[Symbol.replace]" },
        { "Map", 0, "Map" },
        { "Map.prototype.set", 2, "set" }, { "Set.prototype.keys", 0, "values" }, { "WeakRef", 1, "WeakRef" },
        { "Promise", 1, "Promise" }, { "Promise.prototype.then", 2, "then" }, { "Promise.all", 1, "all" },
        { "Proxy", 2, "Proxy" }, { "Proxy.revocable", 2, "revocable" }, { "Reflect.apply", 3, "apply" },
        { "Symbol", 0, "Symbol" }, { "Symbol.for", 1, "for" }, { "BigInt", 1, "BigInt" },
        { "BigInt.asIntN", 2, "asIntN" },
        { "ArrayBuffer", 1, "ArrayBuffer" }, { "Uint8Array", 3, "Uint8Array" },
        { "JSON.stringify", 3, "stringify" },
        { "JSON.parse", 2, "parse" }, { "Error", 1, "Error" }, { "AggregateError", 2, "AggregateError" },
        { "Object.getOwnPropertyDescriptor(Map.prototype, 'size').get", 0, "get size" },
        { "Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').set", 1, "set __proto__" },
        { "Object.getPrototypeOf(Int8Array)", 0, "TypedArray" },
        { "DataView.prototype.setFloat64", 2, "setFloat64" },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char source[120], expected[80];
        snprintf(source, sizeof source, "var x = %s; x.length + ' ' + x.name", rows[i].path);
        snprintf(expected, sizeof expected, "%d %s", rows[i].length, rows[i].name);
        EXPECT_RUNS(&f, expected, source);
    }
    vm_fixture_end(&f);
}

/* Visits every object that the global one reaches, and lists what breaks a rule of ECMA-262 17. */
static const char visit[] =
    "const seen = new Set, wrong = []; let functions = 0;\n"
    "const attributes = d => (d.writable ? 'w' : '') + (d.enumerable ? 'e' : '') + (d.configurable ? 'c' : '');\n"
    "function check(path, f) {\n"
    "  functions++;\n"
    "  const own = Object.getOwnPropertyDescriptor, length = own(f, 'length'), name = own(f, 'name');\n"
    "  if (Object.isFrozen(f)) return;\n"                        // %ThrowTypeError%
    "  if (!length || attributes(length) !== 'c' || !(length.value >= 0)) wrong.push(path + '.length');\n"
    "  if (!name || attributes(name) !== 'c' || typeof name.value !== 'string') wrong.push(path + '.name');\n"
    "  if (!String(f).includes('[native code]')) wrong.push(path + ' shows its source');\n"
    "  let constructs = true;\n"
    "  try { Reflect.construct(Object, [], f) } catch { constructs = false }\n"
    "  if (!constructs && Object.hasOwn(f, 'prototype') && !String(f).includes('*')) wrong.push(path + '.prototype');\n"
    "}\n"
    "function walk(path, o) {\n"
    "  if ((typeof o !== 'object' && typeof o !== 'function') || o === null || seen.has(o)) return;\n"
    "  seen.add(o);\n"
    "  if (typeof o === 'function') check(path, o);\n"
    "  for (const key of Reflect.ownKeys(o)) {\n"
    "    const d = Object.getOwnPropertyDescriptor(o, key), at = path + '.' + String(key);\n"
    "    const is_method = typeof d.value === 'function' && /prototype$/.test(path);\n"
    "    if (is_method && d.enumerable) wrong.push(at + ' enumerable');\n"
    "    walk(at, d.value); walk(at + ' get', d.get); walk(at + ' set', d.set);\n"
    "  }\n"
    "  walk(path + ' proto', Object.getPrototypeOf(o));\n"
    "}\n"
    "for (const name of 'Object Function Array String Number Boolean Symbol BigInt Math JSON Reflect Proxy Date'\n"
    "  .concat(' RegExp Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise Error ArrayBuffer')\n"
    "  .concat(' DataView Uint8Array Iterator Atomics SharedArrayBuffer parseInt escape encodeURI eval isNaN')\n"
    "  .split(' ')) walk(name, globalThis[name]);\n"
    "walk('generator', function* () {}.prototype); walk('async', Object.getPrototypeOf(async () => {}));\n"
    "wrong.length ? wrong.slice(0, 10).join('; ') : functions > 450 ? 'fine' : functions";

TEST(install_makes_functions_by_the_rules)
{
    VmFixture f;
    vm_fixture_begin(&f);
    EXPECT_RUNS(&f, "fine", visit);
    vm_fixture_end(&f);
}

static Value answer(Goroutine *g, Args a)
{
    (void)g;
    return value_from_int(args_magic(a));
}

TEST(install_table_joins_accessors_and_reads_symbols)
{
    static const NativeSpec specs[] = {
        { .name = "m", .function = answer, .length = 4, .magic = 1 },
        { .name = "[Symbol.iterator]", .function = answer, .magic = 2 },
        { .name = "x", .function = answer, .flags = NATIVE_GETTER, .magic = 3 },
        { .name = "x", .function = answer, .length = 1, .flags = NATIVE_SETTER, .magic = 4 },
    };
    VmFixture f;
    vm_fixture_begin(&f);
    Object *o = vm_fixture_object(&f, "var o = {}; o");
    Lib lib = { f.g, f.h, realm_current(f.g) };
    install_table(&lib, value_from_cell(o), specs, COUNT_OF(specs));
    install_value(&lib, value_from_cell(o), "v", VALUE_TRUE, PROPERTY_ENUMERABLE);
    install_number(&lib, value_from_cell(o), "PI", 3.5);
    install_tag(&lib, value_from_cell(o), "Tag");
    EXPECT_RUNS(&f, "m,x,v,PI,Symbol(Symbol.iterator),Symbol(Symbol.toStringTag)", "Reflect.ownKeys(o).map(String)");
    EXPECT_RUNS(&f, "1 4 m 2 [Symbol.iterator] 3", "[o.m(), o.m.length, o.m.name, o[Symbol.iterator](),"
                "o[Symbol.iterator].name, o.x].join(' ')");
    EXPECT_RUNS(&f, "set x 1", "var d = Object.getOwnPropertyDescriptor(o, 'x'); d.set.name + ' ' + d.set.length");
    EXPECT_RUNS(&f, "v", "Object.keys(o)");
    EXPECT_RUNS(&f, "[object Tag] 3.5", "o + ' ' + o.PI");
    EXPECT_EQ(VALUE_TRUE, install_read(&lib, value_from_cell(o), "v"));
    vm_fixture_end(&f);
}
