/* SPDX-License-Identifier: MIT */
/* ops.h - the vocabulary of opcode bodies, and the rules for writing them.
 *
 * It is read twice, each time followed by ops_*.h. In interp.c bodies are labels of one function. In vm/jit/steps.c
 * each is a function of its own (a step), which machine code calls where it has no better template. Who includes this
 * says what it means to leave a body: OP_BODY, NEXT, JUMP, JUMP_BY, THROWN, PARKED, RETURN, DO_CALL, BEGIN, GIVE_WAY
 * and TAKE_LOOP.
 *
 * 1. A body reads its operands before it calls anything, and names frame slots as R(i), operand number i counted in
 *    units from the opcode. It ends in one of the words above: NEXT(length) goes on behind the instruction,
 *    DO_CALL(callee, slot of `this`, argument count, new.target) lets the callee's result become R(1), and so does
 *    BEGIN(), for a callee whose frame has been laid.
 * 2. Whatever has THROWS, RUNS_JS or SAFEPOINT in opcodes.def calls through TRY_OP, OK_OP, ASK_OP or CALL_OP: they
 *    save the pc (traces, handlers) and take fp anew, since the goroutine's stack may have moved.
 * 3. So no pointer into the frame is kept across such a call; write R(1) = ... after it, in a statement of its own.
 * 4. The likely case is here; the rest is an ordinary function in arith.c, access.c ... of the same family.
 * 5. Nothing writes to code or Unit; what a site learns goes to its inline cache or feedback byte. */
#ifndef US_EXEC_OPS_H
#define US_EXEC_OPS_H

#define R(i)        fp[(int16_t)pc[i]]
#define IMM(i)      ((int16_t)pc[i])
#define COUNT(i)    ((uint32_t)pc[i])
#define IMM32(i)    opcode_read_i32(pc + (i))
#define CONST(i)    (frames_code(fp)->constants[opcode_read_u32(pc + (i))])
#define CONST_INFO(i) (&frames_code(fp)->function->constants[opcode_read_u32(pc + (i))])
#define CACHE(i)    ((InlineCache *)feedback + opcode_read_u32(pc + (i)))
#define CACHE_NAME(i) (frames_code(fp)->cache_names[opcode_read_u32(pc + (i))])
#define CAPTURE(i)  (((Function *)(uintptr_t)fp[FRAME_CALLEE])->captures[pc[i]])

#define SAVE()   frame_save_pc(fp, pc)
#define RELOAD() (fp = g->fp)

/* A store that may publish; who asks where (publications.h) finds the instruction. */
#define STORE(container, slot, v)                                   \
    do {                                                            \
        Cell *container_ = (Cell *)(container);                      \
        if (LIKELY(barrier_is_plain(container_))) {                 \
            cell_slot_set((slot), (v));                             \
        } else {                                                    \
            SAVE();                                                 \
            barrier_store_slow(&g->heap, container_, (slot), (v));  \
        }                                                           \
    } while (0)

/* A call that yields a Value, a bool, a Tri, or nothing. */
#define TRY_OP(expression)                                \
    ({                                                    \
        SAVE();                                           \
        Value result_ = (expression);                     \
        RELOAD();                                         \
        if (UNLIKELY(result_ == VALUE_THROWN)) THROWN();  \
        result_;                                          \
    })
#define OK_OP(expression)                    \
    do {                                     \
        SAVE();                              \
        bool ok_ = (expression);             \
        RELOAD();                            \
        if (UNLIKELY(!ok_)) THROWN();        \
    } while (0)
#define ASK_OP(expression)                                  \
    ({                                                      \
        SAVE();                                             \
        Tri answer_ = (expression);                         \
        RELOAD();                                           \
        if (UNLIKELY(answer_ == TRI_THROWN)) THROWN();      \
        answer_ == TRI_TRUE;                                \
    })
/* As TRY_OP, where the fiber may begin to wait (opcodes.def, PARKS). */
#define PARK_OP(expression)                                              \
    ({                                                                   \
        Value parked_ = TRY_OP(expression);                              \
        if (UNLIKELY(parked_ == VALUE_PARKED)) PARKED();                 \
        parked_;                                                         \
    })
/* The end of a body whose call may already be done, or may leave a frame to begin with. */
#define CALLED(expression)                                               \
    do {                                                                 \
        Value called_ = PARK_OP(expression);                             \
        if (called_ == VALUE_TAIL_CALL) BEGIN();                         \
        R(1) = called_;                                                  \
        NEXT(OPCODE_CALL_UNITS);                                         \
    } while (0)
#define CALL_OP(statement) do { SAVE(); statement; RELOAD(); } while (0)

/* Only written when it adds something, so that a settled site's cache line stays shared. */
#define LEARN(i, bit)                                              \
    do {                                                           \
        uint8_t *byte_ = feedback - 1 - pc[i];                     \
        if (UNLIKELY(!(atomic_get_relaxed(byte_) & (bit)))) atomic_or_relaxed(byte_, bit); \
    } while (0)

/* Note at feedback operand `i` that the cell indexed is a typed array, and of which kind, or a string. */
#define LEARN_INDEXED(i, cell)                                                                           \
    do {                                                                                                 \
        uint8_t kind_ = (cell)->kind;                                                                    \
        if (kind_ >= KIND_FIRST_TYPED_ARRAY && kind_ <= KIND_LAST_TYPED_ARRAY)                           \
            atomic_set_relaxed(feedback - 1 - pc[i], kind_);                                             \
        else if (kind_ < KIND_FIRST_NOT_STRING)                                                          \
            atomic_set_relaxed(feedback - 1 - pc[i], KIND_STRING);                                       \
    } while (0)

#endif
