/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1                // sched_getaffinity, pthread_getattr_np
#endif
#include "vm/base/os.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "vm/base/assert.h"
#include "vm/base/bits.h"

/* ---- memory ---- */

size_t os_page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

size_t os_address_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
    return (size_t)limit.rlim_cur;
}

/* The kernel aligns to pages only. For more, ask for as much more and give back what sticks out. */
void *os_reserve(size_t size_bytes, size_t alignment_bytes)
{
    CHECK(bits_is_power_of_two(alignment_bytes), "an alignment is a power of two");
    size_t page = os_page_bytes();
    size_t surplus = alignment_bytes > page ? alignment_bytes - page : 0;
    size_t total;
    if (__builtin_add_overflow(size_bytes, surplus, &total)) return NULL;
    char *start = mmap(NULL, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) return NULL;
    char *aligned = (char *)bits_align_up((size_t)start, alignment_bytes);
    if (aligned > start) os_release(start, (size_t)(aligned - start));
    size_t behind = total - (size_t)(aligned - start) - size_bytes;
    if (behind) os_release(aligned + size_bytes, behind);
    return aligned;
}

bool os_commit(void *start, size_t size_bytes)
{
    return mprotect(start, size_bytes, PROT_READ | PROT_WRITE) == 0;
}

/* A fresh mapping in place of the old one: unlike mprotect and madvise this also ends the accounting. Should
 * the kernel refuse (its table of mappings may be full), the memory at least is given back. */
void os_decommit(void *start, size_t size_bytes)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    void *again = mmap(start, size_bytes, PROT_NONE, flags, -1, 0);
    if (again == MAP_FAILED) os_discard(start, size_bytes);
}

void os_discard(void *start, size_t size_bytes)
{
    int error = madvise(start, size_bytes, MADV_DONTNEED);
    CHECK(error == 0, "whole pages of our own are discarded");
}

void os_release(void *start, size_t size_bytes)
{
    int error = munmap(start, size_bytes);
    CHECK(error == 0 || errno == ENOMEM, "whole pages are released");
}

/* ---- processors ---- */

static uint32_t os_affinity_count(void)
{
    for (int most = 1024; most <= 1 << 20; most *= 4) {      // the kernel refuses a mask that is too short
        cpu_set_t *mask = CPU_ALLOC(most);
        if (!mask) break;
        size_t size_bytes = CPU_ALLOC_SIZE(most);
        int    error = sched_getaffinity(0, size_bytes, mask) == 0 ? 0 : errno;
        int    count = error ? 0 : CPU_COUNT_S(size_bytes, mask);
        CPU_FREE(mask);
        if (count > 0) return (uint32_t)count;
        if (error != EINVAL) break;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (uint32_t)online : 1;
}

enum { OS_PATH_BYTES = 4096 };

/* The first line of a small file; false when there is none. */
static bool os_read_line(const char *path, char *out, size_t size_bytes)
{
    FILE *file = fopen(path, "re");
    if (!file) return false;
    bool is_read = fgets(out, (int)size_bytes, file) != NULL;
    fclose(file);
    return is_read;
}

/* Processors for `quota` microseconds in each `period`, rounded up; 0 when that is no limit. */
static uint32_t os_quota_in_cpus(long long quota, long long period)
{
    if (quota <= 0 || period <= 0) return 0;
    long long cpus = (quota - 1) / period + 1;
    return cpus > UINT32_MAX ? 0 : (uint32_t)cpus;
}

/* The limit that one folder of a hierarchy states. Version 2 has both numbers in one file, or `max`. */
static uint32_t os_folder_quota(const char *folder)
{
    char      path[OS_PATH_BYTES + 32], line[64];
    long long quota, period;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (os_read_line(path, line, sizeof line))
        return sscanf(line, "%lld %lld", &quota, &period) == 2 ? os_quota_in_cpus(quota, period) : 0;
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (!os_read_line(path, line, sizeof line) || sscanf(line, "%lld", &quota) != 1) return 0;
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    if (!os_read_line(path, line, sizeof line) || sscanf(line, "%lld", &period) != 1) return 0;
    return os_quota_in_cpus(quota, period);
}

static uint32_t os_less_quota(uint32_t a, uint32_t b)
{
    if (a == 0 || b == 0) return a + b;
    return a < b ? a : b;
}

/* The least limit from a group up to the root of its hierarchy. In a container the group's path may be the
 * host's and mean nothing here; the root then stands for the container. */
static uint32_t os_hierarchy_quota(const char *root, const char *group)
{
    char folder[OS_PATH_BYTES];
    int  length = snprintf(folder, sizeof folder, "%s%s", root, group);
    if (length < 0 || (size_t)length >= sizeof folder) return os_folder_quota(root);
    uint32_t least = 0;
    size_t   end = (size_t)length, stop = strlen(root);
    while (end > stop) {
        folder[end] = '\0';
        if (folder[end - 1] != '/') least = os_less_quota(least, os_folder_quota(folder));
        do end--;
        while (end > stop && folder[end] != '/');
    }
    return os_less_quota(least, os_folder_quota(root));
}

/* Is `name` one of the comma-separated `controllers`? */
static bool os_has_controller(const char *controllers, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = controllers; *p; p += *p == ',') {
        size_t part = strcspn(p, ",");
        if (part == length && memcmp(p, name, length) == 0) return true;
        p += part;
    }
    return false;
}

/* Each line is `number:controllers:path`; version 2 has no controllers. */
uint32_t os_cpu_quota(const char *membership, const char *mount)
{
    FILE *file = fopen(membership, "re");
    if (!file) return 0;
    char     line[OS_PATH_BYTES], root[OS_PATH_BYTES];
    uint32_t least = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group) continue;
        *group++ = '\0';
        controllers++;
        if (*controllers && !os_has_controller(controllers, "cpu")) continue;
        snprintf(root, sizeof root, "%s%s%s", mount, *controllers ? "/" : "", controllers);
        least = os_less_quota(least, os_hierarchy_quota(root, group));
        if (!*controllers) continue;
        snprintf(root, sizeof root, "%s/cpu", mount);        // the usual link, if the full name is not there
        least = os_less_quota(least, os_hierarchy_quota(root, group));
    }
    fclose(file);
    return least;
}

uint32_t os_cpu_count(void)
{
    return os_less_quota(os_affinity_count(), os_cpu_quota("/proc/self/cgroup", "/sys/fs/cgroup"));
}

/* ---- this process ---- */

size_t os_resident_bytes(void)
{
    char   line[128];
    size_t total_pages, resident_pages;
    if (!os_read_line("/proc/self/statm", line, sizeof line)) return 0;
    if (sscanf(line, "%zu %zu", &total_pages, &resident_pages) != 2) return 0;
    return resident_pages * os_page_bytes();
}

bool os_executable_path(char *out, size_t size_bytes)
{
    if (size_bytes == 0) return false;
    ssize_t length = readlink("/proc/self/exe", out, size_bytes);
    if (length < 0 || (size_t)length >= size_bytes) return false;
    out[length] = '\0';
    return true;
}

/* For the main thread the C library reads the limit and the mapping of the stack; it may grow up to there. */
bool os_stack_bounds(OsStack *out)
{
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    void  *lowest;
    size_t size_bytes;
    bool   is_known = pthread_attr_getstack(&attributes, &lowest, &size_bytes) == 0;
    pthread_attr_destroy(&attributes);
    if (!is_known) return false;
    *out = (OsStack){ lowest, (char *)lowest + size_bytes };
    return true;
}
