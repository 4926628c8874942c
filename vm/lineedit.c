/* SPDX-License-Identifier: MIT */
#include "vm/lineedit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"
#ifdef HAVE_READLINE
#include <readline/history.h>
#include <readline/readline.h>
#endif

#include "vm/base/buf.h"

enum { LINEEDIT_HISTORY_LINES = 1000 };

#ifdef HAVE_READLINE
static void lineedit_with_history(int (*act)(const char *path))
{
    const char *home = getenv("HOME");
    Buf path;
    if (!home) return;
    buf_init(&path);
    buf_format(&path, "%s/.ultrascript_history", home);
    act(buf_text(&path));
    buf_deinit(&path);
}
#endif

/* A line without its newline, in malloc's memory; NULL: end of input. */
static char *lineedit_read_plain(const char *prompt)
{
    char *line = NULL;
    size_t size = 0;
    if (isatty(STDIN_FILENO)) fputs(prompt, stdout);
    fflush(stdout);
    ssize_t n = getline(&line, &size, stdin);
    if (n < 0) {
        free(line);
        return NULL;
    }
    if (n > 0 && line[n - 1] == '\n') line[n - 1] = '\0';
    return line;
}

char *lineedit_read(const char *prompt)
{
#ifdef HAVE_READLINE
    if (isatty(STDIN_FILENO)) {
        char *line = readline(prompt);
        if (line && *line) add_history(line);
        return line;
    }
#endif
    return lineedit_read_plain(prompt);
}

void lineedit_open(void)
{
#ifdef HAVE_READLINE
    if (!isatty(STDIN_FILENO)) return;
    using_history();
    stifle_history(LINEEDIT_HISTORY_LINES);
    lineedit_with_history(read_history);
#endif
}

void lineedit_close(void)
{
#ifdef HAVE_READLINE
    if (isatty(STDIN_FILENO)) lineedit_with_history(write_history);
#endif
}
