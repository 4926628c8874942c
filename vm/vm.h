/* SPDX-License-Identifier: MIT */
/* vm.h - making a virtual machine and running programs in it. What the command and embedders use.
 *
 * A VM has one main goroutine; all calls here are made on the thread that created it. */
#ifndef US_VM_H
#define US_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gc/heap.h"
#include "vm/jit/jit.h"
#include "vm/value/value.h"

typedef struct Vm        Vm;
typedef struct Goroutine Goroutine;
typedef struct Realm     Realm;
typedef struct Marker    Marker;

/* What a host program does for its VM (embed.h). The first two are called with the world stopped. */
typedef struct VmHost {
    void (*mark)(const struct VmHost *host, Marker *m);          // roots
    void (*finish)(const struct VmHost *host, Marker *m);        // forget what died
    void (*uncaught)(const struct VmHost *host, Goroutine *g, Value e);
    void (*deadlock)(Vm *vm);            // SchedOptions.at_deadlock
} VmHost;

typedef struct VmOptions {
    HeapPacing pacing;                   // of the heap; a 0: the preset's or the default, as in the next
    uint32_t heap_markers;               // threads that mark
    const struct HeapPreset *heap_preset;        // or NULL
    size_t stack_limit_bytes;            // of a goroutine's frames; 0: the default, VM_STACK_LIMIT_BYTES
    size_t max_heap_bytes;               // that a goroutine may own; 0: as many as it likes
    int    argument_count;               // process.argv behind the program's name
    char **arguments;                    // borrowed for the VM's life
    bool   is_test262;                   // the host object $262 and print
    bool   is_interactive;               // an exception that nobody catches does not end the program
    const VmHost *host;                  // NULL: the command; else the VM's life long
    JitOptions jit;
    uint32_t worker_count;               // goroutines that run at once; 0: as many as there are processors
    PrivatePolicy private_gc;            // when goroutines also collect their private cells by themselves
    const char *heap_snapshot;           // the file to write one to when the program ends; NULL: none
    bool   publish_profile;              // tell at the end where objects became shared
    bool   gc_trace, gc_stats;           // tell of collections: of each, and of all at the end
} VmOptions;

/* Enough for 100,000 simple frames and their arguments. */
#define VM_STACK_LIMIT_BYTES ((size_t)64 << 20)

/** Create a VM. `options` is borrowed for its life. NULL: the system gives no address space. */
Vm *vm_create(const VmOptions *options);
void vm_destroy(Vm *vm);

Goroutine *vm_main_goroutine(Vm *vm);                     // the one the program begins in

#endif
