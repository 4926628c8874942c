/* SPDX-License-Identifier: MIT */
/* Symbol (ECMA-262 20.4). */
#include "lib/families.h"
#include "vm/object/primitive.h"

/* 20.4.1.1. */
static Value lib_symbol_construct(Goroutine *g, Args a)
{
    if (args_is_construct(a)) return error_throw(g, ERROR_TYPE, "Symbol is not a constructor");
    Value description = arg(a, 0);
    if (!value_is_undefined(description)) {
        String *s = convert_to_string(g, description);
        if (!s) return VALUE_THROWN;
        description = value_from_cell(s);
    }
    return value_from_cell(symbol_new(&g->heap, description, 0));
}

/* 20.4.2.2. */
static Value lib_symbol_for(Goroutine *g, Args a)
{
    String *key = convert_to_string(g, arg(a, 0));
    if (!key) return VALUE_THROWN;
    return value_from_cell(symbol_for(&g->heap, key));
}

/* 20.4.2.6. */
static Value lib_symbol_key_for(Goroutine *g, Args a)
{
    if (!value_is_symbol(arg(a, 0))) return error_throw(g, ERROR_TYPE, "%V is not a symbol", arg(a, 0));
    const Symbol *s = symbol_of(arg(a, 0));
    return s->bits & SYMBOL_IS_REGISTERED ? s->description : VALUE_UNDEFINED;
}

/* ThisSymbolValue (20.4.3.4.1). */
static Value lib_symbol_this(Goroutine *g, Args a, const char *method)
{
    Value v = a.self;
    if (value_is_kind(v, KIND_WRAPPER)) v = ((const Wrapper *)value_cell(v))->value;
    if (value_is_symbol(v)) return v;
    return error_throw(g, ERROR_TYPE, "Symbol.prototype%s requires that 'this' be a Symbol", method);
}

/* 20.4.3.2. */
static Value lib_symbol_description(Goroutine *g, Args a)
{
    Value v = TRY(lib_symbol_this(g, a, ".description"));
    return symbol_of(v)->description;
}

/* 20.4.3.3. */
static Value lib_symbol_to_string(Goroutine *g, Args a)
{
    Value v = TRY(lib_symbol_this(g, a, ".toString"));
    return error_string_or_throw(g, symbol_descriptive_string(&g->heap, symbol_of(v)));
}

/* 20.4.3.4. */
static Value lib_symbol_value_of(Goroutine *g, Args a)
{
    return lib_symbol_this(g, a, ".valueOf");
}

/* 20.4.3.5. */
static Value lib_symbol_to_primitive(Goroutine *g, Args a)
{
    return lib_symbol_this(g, a, "[Symbol.toPrimitive]");
}

static const NativeSpec lib_symbol_functions[] = {
    LIB_METHOD("for", 1, lib_symbol_for),
    LIB_METHOD("keyFor", 1, lib_symbol_key_for),
};

static const NativeSpec lib_symbol_prototype[] = {
    LIB_METHOD("toString", 0, lib_symbol_to_string),
    LIB_METHOD("valueOf", 0, lib_symbol_value_of),
    LIB_GETTER("description", lib_symbol_description),
};

static void lib_symbol_install_well_known(const Lib *lib, Value symbol)
{
    static const char *const names[SYMBOL_COUNT] = {
#define WELL_KNOWN(id, text) #id,
#include "vm/value/symbols.def"
    };
    for (int i = 0; i < SYMBOL_COUNT; i++) install_value(lib, symbol, names[i], lib->g->vm->symbols[i], 0);
}

void lib_symbol_install(const Lib *lib)
{
    static const NativeSpec symbol = LIB_CONSTRUCTOR("Symbol", 0, lib_symbol_construct);
    static const NativeSpec to_primitive = LIB_METHOD("[Symbol.toPrimitive]", 1, lib_symbol_to_primitive);
    Value object_proto = install_intrinsic(lib, INTRINSIC_ObjectPrototype);
    Native *c = install_constructor(lib, &symbol, INTRINSIC_Symbol, INTRINSIC_SymbolPrototype, object_proto, VALUE_UNDEFINED);
    Value proto = install_intrinsic(lib, INTRINSIC_SymbolPrototype);
    lib_symbol_install_well_known(lib, value_from_cell(c));
    INSTALL_TABLE(lib, value_from_cell(c), lib_symbol_functions);
    INSTALL_TABLE(lib, proto, lib_symbol_prototype);
    install_value(lib, proto, "[Symbol.toPrimitive]", install_function(lib, &to_primitive), PROPERTY_CONFIGURABLE);
    install_tag(lib, proto, "Symbol");
}
