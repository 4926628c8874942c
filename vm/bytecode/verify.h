/* SPDX-License-Identifier: MIT */
/* verify.h - proof that a unit's code stays within its own tables and frame.
 *
 * A unit that passes names no slot, constant, capture, cache, feedback byte, import or function that is not there, its
 * constants are of the kinds its instructions want, its closures take captures that are there, its jumps and handlers
 * meet instructions, and control cannot run off its end. That a slot holds a box or an iterator where an instruction
 * wants one is the code generator's promise. The compiler's output is verified in checked builds, units read from bytes
 * always. */
#ifndef US_BYTECODE_VERIFY_H
#define US_BYTECODE_VERIFY_H

#include "vm/base/attr.h"
#include "vm/bytecode/unit.h"

/* What is wrong first. */
typedef struct VerifyFault {
    uint32_t    function, at;            // number; units from the start of its code
    const char *what;                    // static text
} VerifyFault;

/** False: `*fault` says why. */
NODISCARD bool verify_unit(const Unit *unit, VerifyFault *fault);

#endif
