/* SPDX-License-Identifier: MIT */
#include "tests/unit/test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/base/file.h"

enum { LARGE_BYTES = 100000 };

TEST(file_read_appends_the_whole_file)
{
    Buf bytes;
    FILE *file = tmpfile();
    char path[64];
    REQUIRE(file != NULL);
    for (int i = 0; i < LARGE_BYTES; i++) putc(i % 251, file);
    fflush(file);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    buf_init(&bytes);
    buf_put_text(&bytes, "ab");
    EXPECT_EQ(0, file_read(path, &bytes));
    REQUIRE(bytes.count == LARGE_BYTES + 2);
    EXPECT_EQ('b', bytes.bytes[1]);
    for (int i = 0; i < LARGE_BYTES; i += 997) EXPECT_EQ(i % 251, (unsigned char)bytes.bytes[i + 2]);
    buf_deinit(&bytes);
    fclose(file);
}

TEST(file_read_stream_goes_on_from_where_the_file_stands)
{
    Buf bytes;
    FILE *file = tmpfile();
    REQUIRE(file != NULL);
    fputs("head and tail", file);
    fseek(file, 9, SEEK_SET);
    buf_init(&bytes);
    EXPECT_EQ(0, file_read_stream(file, &bytes));
    EXPECT_TEXT("tail", buf_text(&bytes));
    EXPECT_EQ(0, fclose(file));                              // still open until here
    buf_deinit(&bytes);
}

TEST(file_read_says_why_it_cannot)
{
    Buf bytes;
    buf_init(&bytes);
    EXPECT_EQ(ENOENT, file_read("/nowhere/at/all", &bytes));
    EXPECT_EQ(EISDIR, file_read("/", &bytes));
    EXPECT_EQ(0u, bytes.count);
    buf_deinit(&bytes);
}
