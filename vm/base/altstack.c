/* SPDX-License-Identifier: MIT */
#include "vm/base/altstack.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALTSTACK_LEAST_BYTES = 64 << 10 };

/* The kernel's frame is larger on processors with wide registers. */
static size_t altstack_size_bytes(void)
{
    long system = sysconf(_SC_SIGSTKSZ);
    return system > ALTSTACK_LEAST_BYTES ? (size_t)system : ALTSTACK_LEAST_BYTES;
}

bool altstack_is_there(void)
{
    stack_t now;
    return sigaltstack(NULL, &now) == 0 && !(now.ss_flags & SS_DISABLE);
}

Altstack altstack_enter(void)
{
    Altstack s = { .size_bytes = altstack_size_bytes() };
    if (altstack_is_there()) return s;
    void *start = mmap(NULL, s.size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return s;
    stack_t wanted = { .ss_sp = start, .ss_size = s.size_bytes };
    if (sigaltstack(&wanted, NULL) == 0) s.start = start;
    else munmap(start, s.size_bytes);
    return s;
}

void altstack_leave(Altstack *s)
{
    stack_t now, none = { .ss_flags = SS_DISABLE };
    if (!s->start) return;
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == s->start) sigaltstack(&none, NULL);
    munmap(s->start, s->size_bytes);
    s->start = NULL;
}
