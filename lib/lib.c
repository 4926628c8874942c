/* SPDX-License-Identifier: MIT */
#include "lib/lib.h"

#include "lib/async_iterator.h"
#include "lib/atomics_int.h"
#include "lib/channel.h"
#include "lib/collection.h"
#include "lib/data_view.h"
#include "lib/date.h"
#include "lib/disposable.h"
#include "lib/encoding.h"
#include "lib/families.h"
#include "lib/gate.h"
#include "lib/install.h"
#include "lib/iterator.h"
#include "lib/json.h"
#include "lib/process_int.h"
#include "lib/regexp.h"

void lib_install(Goroutine *g, Realm *realm)
{
    static void (*const install[])(const Lib *lib) = {
#define LIB_FAMILY(name) lib_##name##_install,
#include "lib/lib.def"
    };
    Lib lib = { .g = g, .h = &g->heap, .realm = realm };
    heap_hold(g->vm->heap, 1);
    for (size_t i = 0; i < COUNT_OF(install); i++) install[i](&lib);
    heap_hold(g->vm->heap, -1);
}

void lib_register_kinds(void)
{
    async_iterator_register_kinds();
    lib_channel_register_kinds();
    collection_register_kinds();
    data_view_register_kinds();
    date_register_kinds();
    disposable_register_kinds();
    encoding_register_kinds();
    gate_register_kinds();
    iterator_register_kinds();
    json_register_kinds();
    lib_process_register_kinds();
    regexp_register_kinds();
}

void lib_destroy(Vm *vm)
{
    regexp_destroy(vm);
    lib_atomics_destroy(vm);
}

void lib_finish(Vm *vm, Marker *m)
{
    regexp_finish(vm, m);
}
