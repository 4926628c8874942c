/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/base/bits.h"
#include "vm/base/os.h"
#include "vm/base/thread.h"

TEST(os_reserve_aligns_and_costs_no_memory)
{
    size_t size = (size_t)1 << 36, alignment = (size_t)2 << 20;      // 64 GB of addresses
    size_t before = os_resident_bytes();
    char  *start = os_reserve(size, alignment);
    EXPECT(start != NULL);
    if (!start) return;
    EXPECT_EQ(0u, (uintptr_t)start % alignment);
    EXPECT(os_resident_bytes() < before + (32u << 20));
    os_release(start, size);
}

TEST(os_reserve_refuses_politely)
{
    EXPECT(os_reserve((size_t)1 << 62, os_page_bytes()) == NULL);
    EXPECT(os_reserve(SIZE_MAX & ~(os_page_bytes() - 1), (size_t)1 << 21) == NULL);
}

TEST(os_commit_gives_zeros_and_decommit_takes_them_back)
{
    size_t page = os_page_bytes(), size = 64 * page;
    char  *start = os_reserve(size, page);
    EXPECT(start && os_commit(start + page, 2 * page));
    EXPECT_EQ(0, start[page]);
    memset(start + page, 7, 2 * page);
    os_discard(start + page, page);
    EXPECT_EQ(0, start[page]);
    EXPECT_EQ(7, start[2 * page]);
    os_decommit(start + page, 2 * page);
    EXPECT(os_commit(start + page, 2 * page));
    EXPECT_EQ(0, start[2 * page]);
    os_release(start, size);
}

TEST(os_resident_bytes_grows_with_touched_memory)
{
    size_t size = (size_t)64 << 20;
    char  *start = os_reserve(size, os_page_bytes());
    EXPECT(start && os_commit(start, size));
    size_t before = os_resident_bytes();
    memset(start, 1, size);
    EXPECT(os_resident_bytes() >= before + size / 2);
    os_release(start, size);
}

TEST(os_cpu_count_is_at_least_one)
{
    EXPECT(os_cpu_count() >= 1);
    EXPECT(os_cpu_count() <= (uint32_t)sysconf(_SC_NPROCESSORS_CONF));
}

/* A hierarchy of control groups in a folder of our own. */
static char groups[256];

static void write_file(const char *path, const char *content)
{
    char full[512], *slash;
    snprintf(full, sizeof full, "%s/%s", groups, path);
    for (slash = full + strlen(groups) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(full, 0700);
    }
    FILE *file = fopen(full, "w");
    EXPECT(file != NULL);
    if (!file) return;
    fputs(content, file);
    fclose(file);
}

static uint32_t quota(void)
{
    char membership[512];
    snprintf(membership, sizeof membership, "%s/membership", groups);
    return os_cpu_quota(membership, groups);
}

TEST(os_cpu_quota_reads_control_groups_of_both_versions)
{
    const char *folder = getenv("TMPDIR");
    snprintf(groups, sizeof groups, "%s/os_test.XXXXXX", folder ? folder : "/tmp");
    EXPECT(mkdtemp(groups) != NULL);
    EXPECT_EQ(0u, quota());                                  // no membership at all
    write_file("membership", "0::/a/b\n");
    EXPECT_EQ(0u, quota());                                  // no limits at all
    write_file("a/b/cpu.max", "max 100000\n");
    EXPECT_EQ(0u, quota());
    write_file("a/cpu.max", "250000 100000\n");
    EXPECT_EQ(3u, quota());                                  // rounded up; the parent's limit holds
    write_file("a/b/cpu.max", "50000 100000\n");
    EXPECT_EQ(1u, quota());
    write_file("membership", "0::/../elsewhere\n");
    write_file("cpu.max", "400000 100000\n");
    EXPECT_EQ(4u, quota());                                  // what a container sees as root
    write_file("membership", "12:memory:/x\n4:cpu,cpuacct:/x\n");
    write_file("cpu,cpuacct/x/cpu.cfs_quota_us", "-1\n");
    write_file("cpu,cpuacct/x/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(0u, quota());
    write_file("cpu,cpuacct/x/cpu.cfs_quota_us", "200000\n");
    EXPECT_EQ(2u, quota());
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", groups);
    EXPECT_EQ(0, system(command));
}

TEST(os_executable_path_names_this_program)
{
    char path[4096], small[2];
    EXPECT(os_executable_path(path, sizeof path));
    EXPECT(path[0] == '/' && access(path, X_OK) == 0);
    EXPECT(!os_executable_path(small, sizeof small));
}

static void check_stack(void *argument)
{
    OsStack stack;
    bool    is_known = os_stack_bounds(&stack);
    EXPECT(is_known);
    if (!is_known) return;
    uintptr_t at = (uintptr_t)__builtin_frame_address(0);
    EXPECT((uintptr_t)stack.lowest < at && at < (uintptr_t)stack.highest);
    size_t size = (size_t)(stack.highest - stack.lowest), least = *(size_t *)argument;
    EXPECT(size >= least - 8 * os_page_bytes());
}

TEST(os_stack_bounds_hold_the_frame_on_any_thread)
{
    size_t least = 256 << 10;
    Thread t;
    check_stack(&least);
    EXPECT(thread_create(&t, "stack", least, check_stack, &least));
    thread_join(&t);
}
