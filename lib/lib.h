/* SPDX-License-Identifier: MIT */
/* lib.h - the library's door to the VM: installing it in a realm, and the calls that the VM makes into it.
 *
 * A file of the library holds one family of built-ins and one `lib_<family>_install`; lib.def lists them in order.
 * What has callbacks is written in UltraScript, in lib/<family>.us, compiled when the VM is built and installed
 * beside the C. */
#ifndef US_LIB_LIB_H
#define US_LIB_LIB_H

#include "vm/object/function.h"
#include "vm/object/realm.h"

/** Make all built-ins of a realm that realm_create made. */
void lib_install(Goroutine *g, Realm *realm);

/** Say what the library's kinds of cell are. Before any VM exists. */
void lib_register_kinds(void);

/** Collector: after marking, forget what died. */
void lib_finish(Vm *vm, Marker *m);

/** Give back what the library keeps for a VM outside the heap. */
void lib_destroy(Vm *vm);

/** VmHooks. */
NODISCARD Value lib_async_from_sync(Goroutine *g, Value iterator, Value next);
NODISCARD Value lib_new_regexp(Goroutine *g, Value pattern, Value flags);
NODISCARD Value lib_intrinsic(Goroutine *g, uint32_t id, uint32_t depth, uint32_t count);

#endif
