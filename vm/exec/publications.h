/* SPDX-License-Identifier: MIT */
/* publications.h - where a program makes objects shared: --publish-profile.
 *
 * A site is an instruction of the program, or of nobody's code where a goroutine's loop publishes, and what it was
 * doing. What library code does counts for the instruction that called it. */
#ifndef US_EXEC_PUBLICATIONS_H
#define US_EXEC_PUBLICATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "vm/sched/goroutine.h"

typedef struct Publications Publications;

Publications *publications_create(void);
void publications_destroy(Publications *p);          // NULL is fine

/** Now `g` made `cells` cells of `bytes` bytes shared; `are_roots`: what all goroutines reach, before the second one
 *  began. Allocates nothing in the heap. Any thread. */
void publications_note(Publications *p, Goroutine *g, bool are_roots, uint64_t cells, uint64_t bytes);

/** Print the table of sites on standard error, those of most bytes first; the second time nothing. Any thread. */
void publications_tell(Publications *p);             // NULL is fine

#endif
