/* SPDX-License-Identifier: MIT */
/* re_compile_int.h - what the files of the matcher's compiler share. Exhaustion of the arena, and of the
 * space of places, leave by its longjmp. */
#ifndef US_REGEXP_RE_COMPILE_INT_H
#define US_REGEXP_RE_COMPILE_INT_H

#include "vm/regexp/re_code.h"

typedef struct ReCompiler {
    Arena             *arena;
    uint32_t           last_character;
    uint32_t           register_count;
    bool               has_backrefs;
    VEC(uint32_t)      words;
    VEC(ReCharSet)     sets;
    VEC(const ReSet *) set_sources;      // in the order of sets
    VEC(ReRange)       ranges;
    VEC(ReFilter)      filters;
} ReCompiler;

void     re_compile_emit(ReCompiler *c, uint32_t word);
uint32_t re_compile_jump(ReCompiler *c);                 // returns the hole for its place
void     re_compile_land(ReCompiler *c, uint32_t hole);  // the place is here

/** Code for alternatives that are tried one after another. */
void re_compile_chain(ReCompiler *c, ReNode **items, uint32_t count, bool back, const ReFirst *follow);

/* ---- re_compile_switch.c ---- */

/** How many of the first alternatives can be told apart by their first character; 0 when a switch will not
 *  pay. */
uint32_t re_compile_switch_count(ReCompiler *c, ReNode **items, uint32_t count);

/** Code for those alternatives. */
void re_compile_switch(ReCompiler *c, ReNode **items, uint32_t count, const ReFirst *follow);

#endif
