/* SPDX-License-Identifier: MIT */
/* hash.h - hashing of text and words.
 *
 * Text is hashed by its UTF-16 code units, so that a Latin-1 string and a UTF-16 string of equal content
 * have equal hashes. The seed makes collisions unpredictable to whoever feeds us keys; it is 0 (and the order
 * of everything reproducible) when a debug seed is set. */
#ifndef US_BASE_HASH_H
#define US_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/** Set the process-wide seed. Once, before the first hash; single-threaded. */
void hash_set_seed(uint64_t seed);

/** Hash of `length` code units; the two agree on equal content. Never 0 (0 means "not yet hashed"). */
uint32_t hash_latin1(const uint8_t *units, size_t length);
uint32_t hash_utf16(const uint16_t *units, size_t length);

/* Finaliser of MurmurHash3 (Austin Appleby, public domain): spreads a word over all its bits. */
static inline uint64_t hash_word(uint64_t v)
{
    v ^= v >> 33;
    v *= UINT64_C(0xff51afd7ed558ccd);
    v ^= v >> 33;
    v *= UINT64_C(0xc4ceb9fe1a85ec53);
    return v ^ (v >> 33);
}

#endif
