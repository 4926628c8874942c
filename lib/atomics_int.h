/* SPDX-License-Identifier: MIT */
/* atomics_int.h - what the files of Atomics share. */
#ifndef US_LIB_ATOMICS_INT_H
#define US_LIB_ATOMICS_INT_H

#include "lib/typed_array_int.h"

typedef enum AtomicUse { ATOMIC_READS, ATOMIC_WRITES, ATOMIC_WAITS } AtomicUse;

/* ValidateIntegerTypedArray (25.4.3.1); NULL: thrown. */
NODISCARD TypedArray *lib_atomics_array(Goroutine *g, Value v, AtomicUse use);

/* ValidateAtomicAccess (25.4.3.2): the element's index. */
NODISCARD bool lib_atomics_index(Goroutine *g, const TypedArray *t, Value v, uint64_t *index);

/* The element at `place`, of 1 << shift bytes. */
uint64_t lib_atomics_load_bits(const uint8_t *place, int shift);

void lib_atomics_install_waiting(const Lib *lib, Value atomics);

/** Give back what waiting keeps for the VM. */
void lib_atomics_destroy(Vm *vm);

#endif
