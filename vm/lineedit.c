/* SPDX-License-Identifier: MIT */
#include "vm/lineedit.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#ifdef HAVE_READLINE
#include <readline/history.h>
#include <readline/readline.h>
#endif

#include "vm/base/buf.h"

enum { LINEEDIT_HISTORY_LINES = 1000 };

const int lineedit_signals[LINEEDIT_SIGNALS] = { SIGINT, SIGCONT, SIGWINCH };

#ifdef HAVE_READLINE
/* Readline tells no context. */
static struct {
    char *line;
    bool  has_line;
    volatile sig_atomic_t is_caught[LINEEDIT_SIGNALS];             // by the handler, which runs inside ppoll alone
} lineedit;

static void lineedit_catch(int number)
{
    for (int i = 0; i < LINEEDIT_SIGNALS; i++)
        if (lineedit_signals[i] == number) lineedit.is_caught[i] = 1;
}

static bool lineedit_take_caught(int number)
{
    for (int i = 0; i < LINEEDIT_SIGNALS; i++) {
        if (lineedit_signals[i] != number) continue;
        bool is_caught = lineedit.is_caught[i] != 0;
        lineedit.is_caught[i] = 0;
        return is_caught;
    }
    return false;
}

static void lineedit_take_line(char *line)
{
    lineedit.line = line;
    lineedit.has_line = true;
    rl_callback_handler_remove();                        // before Readline shows the prompt again
}

static char *lineedit_abandon(void)
{
    char *typed = strdup(rl_line_buffer);
    rl_echo_signal_char(SIGINT);
    rl_callback_sigcleanup();
    rl_free_line_state();
    rl_callback_handler_remove();
    putchar('\n');
    return typed;
}

/* Signals came while we waited for a key. False: the line is over. */
static bool lineedit_act_on_signals(void)
{
    if (lineedit_take_caught(SIGCONT)) {
        rl_prep_terminal(1);
        rl_forced_update_display();
    }
    if (lineedit_take_caught(SIGWINCH)) rl_resize_terminal();
    return !lineedit_take_caught(SIGINT);
}

static char *lineedit_edit(const char *prompt, bool *interrupted)
{
    sigset_t let_in;
    pthread_sigmask(SIG_BLOCK, NULL, &let_in);
    for (int i = 0; i < LINEEDIT_SIGNALS; i++) sigdelset(&let_in, lineedit_signals[i]);
    lineedit.line = NULL;
    lineedit.has_line = false;
    rl_callback_handler_install(prompt, lineedit_take_line);
    while (!lineedit.has_line && !*interrupted) {
        struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
        if (ppoll(&input, 1, NULL, &let_in) > 0) rl_callback_read_char();
        else *interrupted = !lineedit_act_on_signals();
    }
    if (*interrupted) return lineedit_abandon();
    if (lineedit.line && *lineedit.line) add_history(lineedit.line);
    return lineedit.line;
}

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

char *lineedit_read(const char *prompt, bool *interrupted)
{
    *interrupted = false;
    if (!isatty(STDIN_FILENO)) return lineedit_read_plain(prompt);
#ifdef HAVE_READLINE
    return lineedit_edit(prompt, interrupted);
#else
    sigset_t let_in, before;                             // SIGINT ends the process
    sigemptyset(&let_in);
    for (int i = 0; i < LINEEDIT_SIGNALS; i++) sigaddset(&let_in, lineedit_signals[i]);
    pthread_sigmask(SIG_UNBLOCK, &let_in, &before);
    char *line = lineedit_read_plain(prompt);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return line;
#endif
}

void lineedit_open(void)
{
#ifdef HAVE_READLINE
    if (!isatty(STDIN_FILENO)) return;
    struct sigaction action = { .sa_handler = lineedit_catch, .sa_flags = SA_ONSTACK };
    for (int i = 0; i < LINEEDIT_SIGNALS; i++) sigaction(lineedit_signals[i], &action, NULL);
    rl_catch_signals = 0;
    rl_readline_name = "ultrascript";
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
