/* SPDX-License-Identifier: MIT */
/* futex.h - sleep while a word has a value, and wake who sleeps so. Within this process; any thread.
 *
 * The word is read again by the kernel before it puts the caller to sleep, so a change followed by futex_wake
 * is never missed. Wake-ups without cause happen: callers look at the word again, in a loop. */
#ifndef US_BASE_FUTEX_H
#define US_BASE_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

/** Sleep while `*word == expected`, until woken or until `deadline_ns` (clock_monotonic_ns; CLOCK_NEVER: for
 *  good). False when the deadline passed; true otherwise, also when the word had another value or for no
 *  reason. */
bool futex_wait(const uint32_t *word, uint32_t expected, int64_t deadline_ns);

/** Wake at most `count` of the sleepers on `word`; returns how many there were of these. */
int futex_wake(const uint32_t *word, int count);

#endif
