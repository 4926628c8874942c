/* SPDX-License-Identifier: MIT */
/* frame_slots.h - where the words of a frame lie, from fp: what compiler, verifier and VM agree upon.
 *
 *     fp[3 + i]   argument i; at least as many as the callee declares
 *     fp[2]       this
 *     fp[1]       return address, or a mark
 *     fp[0]       the caller's frame
 *     fp[-1]      callee, a function
 *     fp[-2]      where the frame's code stands, and the argument count
 *     fp[-3]      the code; 0 in frames of native functions
 *     fp[-4]      new.target, or undefined
 *     fp[-5 - i]  register i
 *
 * An instruction names a slot by its distance from fp. Its code may name this, arguments and registers, and read callee
 * and new.target. What the VM keeps in the others says vm/sched/frame.h. */
#ifndef US_BYTECODE_FRAME_SLOTS_H
#define US_BYTECODE_FRAME_SLOTS_H

enum {
    FRAME_ARGUMENTS = 3,
    FRAME_THIS = 2,
    FRAME_RETURN = 1,
    FRAME_CALLER = 0,
    FRAME_CALLEE = -1,
    FRAME_STATE = -2,
    FRAME_CODE = -3,
    FRAME_NEW_TARGET = -4,
    FRAME_REGISTERS = -5,
    FRAME_HEADER_WORDS = 4,              // below fp
};

#endif
