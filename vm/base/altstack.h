/* SPDX-License-Identifier: MIT */
/* altstack.h - a stack for signal handlers, one a thread (sigaltstack).
 *
 * Machine code calls with the stack pointer in a goroutine's stack, where a handler has no room. So every thread that
 * runs goroutines has an alternate stack, and handlers are installed with SA_ONSTACK: those of the command, and those
 * of a program that embeds us. */
#ifndef US_BASE_ALTSTACK_H
#define US_BASE_ALTSTACK_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Altstack {
    void  *start;                        // NULL: the thread had one already, or the system refused
    size_t size_bytes;
} Altstack;

/** Give the calling thread an alternate stack, unless it has one. */
Altstack altstack_enter(void);

/** Undo altstack_enter, on the same thread. */
void altstack_leave(Altstack *s);

/** Whether the calling thread has one. */
bool altstack_is_there(void);

#endif
