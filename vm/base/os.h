/* SPDX-License-Identifier: MIT */
/* os.h - what the operating system gives: address space, processors, facts about this process. Any thread.
 *
 * Memory comes in two steps, so that a large range can be had for little:
 *     reserved    addresses are ours, touching them is a fault, nothing is accounted
 *     committed   readable and writable, zero at first; a page is accounted when it is touched
 * Sizes and addresses are multiples of os_page_bytes(). Refusals are results, never the end of
 * the process. */
#ifndef US_BASE_OS_H
#define US_BASE_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/attr.h"

/** Bytes in a page, a power of two. */
size_t os_page_bytes(void);

/** Bytes of addresses this process may have (RLIMIT_AS); SIZE_MAX: any number. */
size_t os_address_limit(void);

/** Reserve `size_bytes` of addresses at a multiple of `alignment_bytes` (a power of two; pages at least).
 *  NULL when the system refuses. os_release gives them back. */
NODISCARD void *os_reserve(size_t size_bytes, size_t alignment_bytes);

/** Make part of a reservation usable. False when the system refuses; the range is then as before. */
NODISCARD bool os_commit(void *start, size_t size_bytes);

/** Undo os_commit: the content and its memory are gone, the addresses stay reserved. */
void os_decommit(void *start, size_t size_bytes);

/** Give the memory back but keep the range usable; it reads as zeros. */
void os_discard(void *start, size_t size_bytes);

/** End a reservation, or a part of one that the rest does not need to touch. */
void os_release(void *start, size_t size_bytes);

/** Processors this process may use now: its affinity mask, cut down to the quota of its control groups,
 *  rounded up; at least 1. */
uint32_t os_cpu_count(void);

/** The quota alone, in processors rounded up; 0 when there is none. Reads `membership` (as /proc/self/cgroup)
 *  and the hierarchies mounted below `mount` (as /sys/fs/cgroup), version 1 or 2. */
uint32_t os_cpu_quota(const char *membership, const char *mount);

/** Bytes of this process in memory now; 0 when unknown. */
size_t os_resident_bytes(void);

/** The path of this program's file, NUL-terminated. False when it is unknown or longer than the room. */
NODISCARD bool os_executable_path(char *out, size_t size_bytes);

/* The stack of a thread: usable addresses are lowest <= p < highest; it grows down. */
typedef struct OsStack {
    char *lowest;
    char *highest;
} OsStack;

/** The bounds of the calling thread's stack, without its guard pages. False when the system cannot say. */
NODISCARD bool os_stack_bounds(OsStack *out);

#endif
