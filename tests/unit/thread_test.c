/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <string.h>

#include "vm/base/atomic.h"
#include "vm/base/thread.h"

static void keep_name(void *argument)
{
    thread_get_name(argument);
}

TEST(thread_create_runs_the_body_under_its_name)
{
    char   name[THREAD_NAME_BYTES] = "";
    Thread t;
    EXPECT(thread_create(&t, "a name that is too long", 0, keep_name, name));
    thread_join(&t);
    EXPECT(strcmp(name, "a name that is ") == 0);
}

static void count_up(void *argument)
{
    for (int i = 0; i < 1000; i++) atomic_add_relaxed((uint32_t *)argument, 1);
}

TEST(thread_join_waits_for_the_end)
{
    uint32_t count = 0;
    Thread   threads[8];                                     // of the smallest stack there is
    for (int i = 0; i < 8; i++) EXPECT(thread_create(&threads[i], NULL, 1, count_up, &count));
    for (int i = 0; i < 8; i++) thread_join(&threads[i]);
    EXPECT_EQ(8000u, count);
}

static void keep_id(void *argument)
{
    *(int *)argument = thread_id();
}

TEST(thread_id_differs_between_threads)
{
    int    id = 0;
    Thread t;
    EXPECT(thread_create(&t, NULL, 0, keep_id, &id));
    thread_join(&t);
    EXPECT(id != 0 && id != thread_id());
}

TEST(thread_create_refuses_a_stack_that_cannot_be)
{
    Thread t;
    EXPECT(!thread_create(&t, NULL, (size_t)1 << 60, keep_id, NULL));
}
