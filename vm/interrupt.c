/* SPDX-License-Identifier: MIT */
#include "vm/interrupt.h"

#include <signal.h>
#include <stdio.h>

#include "vm/base/atomic.h"
#include "vm/base/mem.h"
#include "vm/base/thread.h"
#include "vm/lineedit.h"
#include "vm/loop.h"

struct Interrupt {
    Vm       *vm;
    pthread_t reader;                    // who opened it
    Thread    thread;
    bool      is_running;                // atomic: set by the reader
};

void interrupt_block(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < LINEEDIT_SIGNALS; i++) sigaddset(&set, lineedit_signals[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void interrupt_body(void *argument)
{
    Interrupt *in = argument;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    for (int number; !sigwait(&set, &number);) {
        if (!atomic_get_acquire(&in->is_running)) {
            pthread_kill(in->reader, SIGINT);
        } else {
            fputc('\n', stderr);                         // behind the terminal's ^C
            loop_interrupt(in->vm);
        }
    }
}

Interrupt *interrupt_open(Vm *vm)
{
    Interrupt *in = mem_alloc_zeroed(sizeof *in);
    in->vm = vm;
    in->reader = pthread_self();
    if (thread_create(&in->thread, "us-interrupt", 0, interrupt_body, in)) return in;
    mem_free(in);
    return NULL;
}

void interrupt_set_running(Interrupt *in, bool is_running)
{
    if (in) atomic_set_release(&in->is_running, is_running);       // with interrupt_body
}
