/* SPDX-License-Identifier: MIT */
/* unitio.h - units as bytes: the embedded library, the compile cache.
 *
 * The bytes start with a magic number, UNIT_VERSION and a fingerprint of opcodes.def; another compiler's bytes are
 * refused. Numbers are little-endian; arrays are aligned to their elements within the bytes, so that reading can
 * point into them. Reading trusts nothing: every count and index is proved to lie within the bytes and the tables.
 * What the code of a function does is the verifier's question (verify.h). */
#ifndef US_BYTECODE_UNITIO_H
#define US_BYTECODE_UNITIO_H

#include "vm/base/attr.h"
#include "vm/base/buf.h"
#include "vm/bytecode/unit.h"

/** Append `unit`. */
void unitio_write(Buf *out, const Unit *unit);

/** The unit in `count` bytes at an address aligned to 8. NULL: they hold none that this program can run. `is_static`:
 *  the bytes outlive the unit, which may then point into them; else they are copied. */
NODISCARD Unit *unitio_read(const void *bytes, size_t count, bool is_static);

#endif
