/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <string.h>

#include "vm/base/random.h"

TEST(random_gives_the_published_sequence)
{
    Random r = { { 1, 2, 3, 4 } };           // the first outputs for this state, by the published formula
    const uint64_t expected[] = { UINT64_C(11520), 0, UINT64_C(1509978240), UINT64_C(1215971899390074240) };
    for (int i = 0; i < 4; i++) EXPECT(random_next(&r) == expected[i]);
}

TEST(random_seed_is_reproducible_and_spreads)
{
    Random a, b, c;
    random_seed(&a, 7);
    random_seed(&b, 7);
    random_seed(&c, 8);
    EXPECT(memcmp(&a, &b, sizeof a) == 0);
    EXPECT(random_next(&a) == random_next(&b));
    EXPECT(random_next(&a) != random_next(&c));
    random_seed(&a, 0);
    EXPECT(a.state[0] == UINT64_C(0xe220a8397b1dcdaf));      // splitmix64's first output for 0
}

TEST(random_seed_from_system_differs_each_time)
{
    Random a, b;
    random_seed_from_system(&a);
    random_seed_from_system(&b);
    EXPECT(memcmp(&a, &b, sizeof a) != 0);
    uint8_t bytes[64] = { 0 }, zeros[64] = { 0 };
    EXPECT(random_system_bytes(bytes, sizeof bytes));
    EXPECT(memcmp(bytes, zeros, sizeof bytes) != 0);
}

TEST(random_fork_gives_another_sequence)
{
    Random a, b, child;
    random_seed(&a, 7);
    b = a;
    random_fork(&a, &child);
    EXPECT(random_next(&child) != random_next(&b));
}

TEST(random_double_fills_the_unit_interval)
{
    Random r;
    random_seed(&r, 1);
    double sum = 0, least = 1, greatest = 0;
    for (int i = 0; i < 100000; i++) {
        double x = random_double(&r);
        sum += x;
        if (x < least) least = x;
        if (x > greatest) greatest = x;
    }
    EXPECT(least >= 0 && least < 0.001);
    EXPECT(greatest < 1 && greatest > 0.999);
    EXPECT(sum > 49000 && sum < 51000);
}

TEST(random_below_is_even_over_its_range)
{
    Random r;
    random_seed(&r, 2);
    int counts[6] = { 0 };
    for (int i = 0; i < 60000; i++) counts[random_below(&r, 6)]++;
    for (int i = 0; i < 6; i++) EXPECT(counts[i] > 9500 && counts[i] < 10500);
    int above = 0;
    for (int i = 0; i < 10000; i++) above += random_below(&r, UINT64_C(3) << 62) >= UINT64_C(1) << 63;
    EXPECT(above > 3000 && above < 3700);    // one third; one half would show that no draw is repeated
    for (int i = 0; i < 10; i++) EXPECT_EQ(0u, random_below(&r, 1));
}
