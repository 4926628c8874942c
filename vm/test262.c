/* SPDX-License-Identifier: MIT */
#include "vm/test262.h"

#include <stdio.h>

#include "gc/publish.h"
#include "lib/install.h"
#include "lib/lib.h"
#include "vm/base/mem.h"
#include "vm/evaluate.h"
#include "vm/exec/cache.h"
#include "vm/object/buffer.h"
#include "vm/object/job.h"

static Value test262_print(Goroutine *g, Args a)
{
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    char *text = string_to_utf8(&g->heap, s, NULL, false);
    if (!text) return error_throw_out_of_memory(g);
    printf("%s\n", text);
    fflush(stdout);
    mem_free(text);
    return VALUE_UNDEFINED;
}

static Value test262_create_realm(Goroutine *g, Args a)
{
    (void)a;
    heap_hold(g->vm->heap, 1);               // a collection of what is private takes realms to be shared
    Realm *realm = realm_create(&g->heap);
    cache_realm_made(g->vm);
    lib_install(g, realm);
    test262_install(g, realm);
    if (g->vm->is_parallel) publish_roots(&g->heap, realm_mark, realm);
    heap_hold(g->vm->heap, -1);
    return object_get(g, realm->global, intern_key_text(&g->heap, "$262"));
}

static Value test262_detach(Goroutine *g, Args a)
{
    if (!value_is_kind(arg(a, 0), KIND_ARRAY_BUFFER)) return error_throw(g, ERROR_TYPE, "%V is not an ArrayBuffer", arg(a, 0));
    buffer_detach((ArrayBuffer *)value_cell(arg(a, 0)));
    return VALUE_NULL;
}

static Value test262_eval_script(Goroutine *g, Args a)
{
    size_t count;
    String *s = convert_to_string(g, arg(a, 0));
    if (!s) return VALUE_THROWN;
    char *text = string_to_utf8(&g->heap, s, &count, false);
    if (!text) return error_throw_out_of_memory(g);
    CompileOptions options = { .kind = COMPILE_SCRIPT, .keeps_source = true, .wants_completion = true };
    Unit *unit = evaluate_compile(g, "<script>", text, count, &options, NULL);
    mem_free(text);
    return unit ? evaluate_script(g, unit, function_native(args_callee(a))->realm, VALUE_UNDEFINED) : VALUE_THROWN;
}

static Value test262_gc(Goroutine *g, Args a)
{
    (void)a;
    heap_collect(&g->heap);
    return VALUE_UNDEFINED;
}

/* An object that behaves as undefined to ==, typeof and ToBoolean does not exist here. */
static const NativeSpec test262_functions[] = {
    LIB_METHOD("createRealm", 0, test262_create_realm),
    LIB_METHOD("detachArrayBuffer", 1, test262_detach),
    LIB_METHOD("evalScript", 1, test262_eval_script),
    LIB_METHOD("gc", 0, test262_gc),
};

void test262_install(Goroutine *g, Realm *realm)
{
    static const NativeSpec print = LIB_METHOD("print", 1, test262_print);
    Lib lib = { .g = g, .h = &g->heap, .realm = realm };
    Value host = install_object(&lib, install_intrinsic(&lib, INTRINSIC_ObjectPrototype));
    INSTALL_TABLE(&lib, host, test262_functions);
    install_value(&lib, host, "global", realm->global_this, PROPERTY_METHOD);
    install_global(&lib, "$262", host);
    install_global(&lib, "print", install_function(&lib, &print));
}
