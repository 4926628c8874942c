/* SPDX-License-Identifier: MIT */
/* asm_tool.c - instructions of the encoder, for tests/command/encoder.py: a line each, its bytes in hexadecimal and
 * what an assembler is to be given for the same. */
#include <stdarg.h>
#include <stdio.h>

#include "vm/jit/x64/asm_element_inl.h"

static const char *const wide[16] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                      "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15" };
static const char *const half[16] = { "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
                                      "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d" };
static const char *const word[16] = { "ax", "cx", "dx", "bx", "sp", "bp", "si", "di",
                                      "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w" };
static const char *const low[4] = { "al", "cl", "dl", "bl" };
static const char *const conditions[16] = { "o", "no", "b", "ae", "e", "ne", "be", "a",
                                            "s", "ns", "p", "np", "l", "ge", "le", "g" };
static const char *const alus[8] = { "add", "or", "adc", "sbb", "and", "sub", "xor", "cmp" };
static const int32_t disps[] = { 0, 8, -8, 127, -128, 128, -129, 0x12345678, -0x12345678 };
static const int32_t imms[] = { 0, 1, -1, 127, -128, 128, -129, INT32_MAX, INT32_MIN };

/* Tell what is in the buffer, and empty it. */
__attribute__((format(printf, 2, 3))) static void tell(Asm *a, const char *format, ...)
{
    va_list arguments;
    for (uint32_t i = 0; i < asm_here(a); i++) printf("%02x", a->bytes[i]);
    printf("\t");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    a->at = a->bytes;
}

#define EACH_REG(r)    for (AsmReg r = RAX; r <= R15; r++)
#define EACH_XMM(x)    for (AsmXmm x = XMM0; x <= XMM7; x++)
#define EACH_DISP(d)   for (const int32_t *d = disps; d < disps + COUNT_OF(disps); d++)
#define EACH_IMM(i)    for (const int32_t *i = imms; i < imms + COUNT_OF(imms); i++)

static void tell_moves_between(Asm *a, AsmReg x, AsmReg y)
{
    asm_mov(a, x, y), tell(a, "mov %s, %s", wide[x], wide[y]);
    asm_mov32(a, x, y), tell(a, "mov %s, %s", half[x], half[y]);
    asm_movsxd(a, x, y), tell(a, "movsxd %s, %s", wide[x], half[y]);
    asm_test(a, x, y), tell(a, "test %s, %s", wide[x], wide[y]);
    asm_test32(a, x, y), tell(a, "test %s, %s", half[x], half[y]);
    asm_imul32(a, x, y), tell(a, "imul %s, %s", half[x], half[y]);
    for (int cc = 0; cc < 16; cc++)
        asm_cmov(a, (AsmCondition)cc, x, y), tell(a, "cmov%s %s, %s", conditions[cc], wide[x], wide[y]);
    for (int op = 0; op < 8; op++) {
        asm_alu(a, (AsmAlu)op, x, y), tell(a, "%s %s, %s", alus[op], wide[x], wide[y]);
        asm_alu32(a, (AsmAlu)op, x, y), tell(a, "%s %s, %s", alus[op], half[x], half[y]);
    }
}

static void tell_memory(Asm *a, AsmReg r, AsmReg base, int32_t d)
{
    asm_load(a, r, base, d), tell(a, "mov %s, [%s + %d]", wide[r], wide[base], d);
    asm_load32(a, r, base, d), tell(a, "mov %s, [%s + %d]", half[r], wide[base], d);
    asm_load16(a, r, base, d), tell(a, "movzx %s, word ptr [%s + %d]", half[r], wide[base], d);
    asm_load16_signed(a, r, base, d), tell(a, "movsx %s, word ptr [%s + %d]", wide[r], wide[base], d);
    asm_load8(a, r, base, d), tell(a, "movzx %s, byte ptr [%s + %d]", half[r], wide[base], d);
    asm_store(a, base, d, r), tell(a, "mov [%s + %d], %s", wide[base], d, wide[r]);
    asm_store32(a, base, d, r), tell(a, "mov [%s + %d], %s", wide[base], d, half[r]);
    asm_lea(a, r, base, d), tell(a, "lea %s, [%s + %d]", wide[r], wide[base], d);
    for (int op = 0; op < 8; op++) {
        asm_alu_load(a, (AsmAlu)op, r, base, d), tell(a, "%s %s, [%s + %d]", alus[op], wide[r], wide[base], d);
        asm_alu32_load(a, (AsmAlu)op, r, base, d), tell(a, "%s %s, [%s + %d]", alus[op], half[r], wide[base], d);
    }
}

static void tell_memory_alone(Asm *a, AsmReg base, int32_t d)
{
    asm_cmp8_imm(a, base, d, 5), tell(a, "cmp byte ptr [%s + %d], 5", wide[base], d);
    asm_test8_imm(a, base, d, 5), tell(a, "test byte ptr [%s + %d], 5", wide[base], d);
    asm_cmp16_imm(a, base, d, 0x1234), tell(a, "cmp word ptr [%s + %d], 0x1234", wide[base], d);
    asm_cmp16_imm(a, base, d, 0x12), tell(a, "cmp word ptr [%s + %d], 0x12", wide[base], d);
    asm_store32_imm(a, base, d, 0x89abcdef), tell(a, "mov dword ptr [%s + %d], 0x89abcdef", wide[base], d);
    asm_call_load(a, base, d), tell(a, "call [%s + %d]", wide[base], d);
    EACH_IMM(i) {
        asm_store_imm(a, base, d, *i), tell(a, "mov qword ptr [%s + %d], %d", wide[base], d, *i);
        asm_alu_store_imm(a, ALU_CMP, base, d, *i), tell(a, "cmp qword ptr [%s + %d], %d", wide[base], d, *i);
        asm_alu32_store_imm(a, ALU_SUB, base, d, *i), tell(a, "sub dword ptr [%s + %d], %d", wide[base], d, *i);
    }
}

static void tell_index(Asm *a, AsmReg r, AsmReg base, AsmReg index)
{
    EACH_DISP(d) for (int s = 0; s < 4; s++) {
        asm_load_index(a, r, base, index, s, *d);
        tell(a, "mov %s, [%s + %s * %d + %d]", wide[r], wide[base], wide[index], 1 << s, *d);
        asm_store_index(a, base, index, s, *d, r);
        tell(a, "mov [%s + %s * %d + %d], %s", wide[base], wide[index], 1 << s, *d, wide[r]);
        asm_load32_index_signed(a, r, base, index, s, *d);
        tell(a, "movsxd %s, dword ptr [%s + %s * %d + %d]", wide[r], wide[base], wide[index], 1 << s, *d);
        asm_load16_index(a, r, base, index, s, *d);
        tell(a, "movzx %s, word ptr [%s + %s * %d + %d]", half[r], wide[base], wide[index], 1 << s, *d);
        asm_load8_index(a, r, base, index, s, *d);
        tell(a, "movzx %s, byte ptr [%s + %s * %d + %d]", half[r], wide[base], wide[index], 1 << s, *d);
        asm_lea_index(a, r, base, index, s, *d);
        tell(a, "lea %s, [%s + %s * %d + %d]", wide[r], wide[base], wide[index], 1 << s, *d);
    }
}

static void tell_elements(Asm *a, AsmReg r, AsmReg base, AsmReg index, int s)
{
    const char *at = wide[base], *i = wide[index];
    int size = 1 << s;
    asm_load8_index_signed(a, r, base, index, s), tell(a, "movsx %s, byte ptr [%s + %s * %d]", half[r], at, i, size);
    asm_load16_index_signed(a, r, base, index, s), tell(a, "movsx %s, word ptr [%s + %s * %d]", half[r], at, i, size);
    asm_load32_index(a, r, base, index, s), tell(a, "mov %s, [%s + %s * %d]", half[r], at, i, size);
    if (r <= RBX) asm_store8_index(a, base, index, s, r), tell(a, "mov [%s + %s * %d], %s", at, i, size, low[r]);
    asm_store16_index(a, base, index, s, r), tell(a, "mov [%s + %s * %d], %s", at, i, size, word[r]);
    asm_store32_index(a, base, index, s, r), tell(a, "mov [%s + %s * %d], %s", at, i, size, half[r]);
}

static void tell_double_elements(Asm *a, AsmXmm x, AsmReg base, AsmReg index, int s)
{
    const char *at = wide[base], *i = wide[index];
    int size = 1 << s;
    asm_load_double_index(a, x, base, index, s), tell(a, "movsd xmm%d, [%s + %s * %d]", x, at, i, size);
    asm_store_double_index(a, base, index, s, x), tell(a, "movsd [%s + %s * %d], xmm%d", at, i, size, x);
    asm_load_single_index(a, x, base, index, s), tell(a, "movss xmm%d, [%s + %s * %d]", x, at, i, size);
    asm_store_single_index(a, base, index, s, x), tell(a, "movss [%s + %s * %d], xmm%d", at, i, size, x);
}

/* An assembler shortens these for rax, which the encoder does not. */
static void tell_immediates(Asm *a, AsmReg r, int32_t i)
{
    bool is_byte = i >= -128 && i <= 127;
    for (int op = 0; op < 8 && (r != RAX || is_byte); op++) {
        asm_alu_imm(a, (AsmAlu)op, r, i), tell(a, "%s %s, %d", alus[op], wide[r], i);
        asm_alu32_imm(a, (AsmAlu)op, r, i), tell(a, "%s %s, %d", alus[op], half[r], i);
    }
    asm_imul_imm(a, r, r, i), tell(a, "imul %s, %s, %d", wide[r], wide[r], i);
    asm_imul32_imm(a, r, r, i), tell(a, "imul %s, %s, %d", half[r], half[r], i);
    if (i >= 0) asm_mov_imm(a, r, (uint64_t)i), tell(a, "mov %s, %d", half[r], i);
    else asm_mov_imm(a, r, (uint64_t)(int64_t)i), tell(a, "mov %s, %d", wide[r], i);
}

static void tell_one(Asm *a, AsmReg r)
{
    static const struct { AsmShift op; const char *name; } shifts[] = {
        { SHIFT_ROL, "rol" }, { SHIFT_ROR, "ror" }, { SHIFT_SHL, "shl" }, { SHIFT_SHR, "shr" }, { SHIFT_SAR, "sar" },
    };
    for (uint32_t i = 0; i < COUNT_OF(shifts); i++) {
        asm_shift_imm(a, shifts[i].op, r, 7), tell(a, "%s %s, 7", shifts[i].name, wide[r]);
        asm_shift32_imm(a, shifts[i].op, r, 31), tell(a, "%s %s, 31", shifts[i].name, half[r]);
        asm_shift32_cl(a, shifts[i].op, r), tell(a, "%s %s, cl", shifts[i].name, half[r]);
    }
    asm_mov_imm(a, r, 0xfffe000000000000), tell(a, "movabs %s, 0xfffe000000000000", wide[r]);
    asm_mov_imm(a, r, 0x80000000), tell(a, "mov %s, 0x80000000", half[r]);
    asm_load_from(a, r, (const void *)0x12345678), tell(a, "mov %s, ds:[0x12345678]", wide[r]);
    asm_push(a, r), tell(a, "push %s", wide[r]);
    asm_pop(a, r), tell(a, "pop %s", wide[r]);
    asm_neg32(a, r), tell(a, "neg %s", half[r]);
    asm_not32(a, r), tell(a, "not %s", half[r]);
    asm_div32(a, r), tell(a, "div %s", half[r]);
    asm_jmp_reg(a, r), tell(a, "jmp %s", wide[r]);
    if (r > RBX) return;
    for (int cc = 0; cc < 16; cc++) asm_setcc(a, (AsmCondition)cc, r), tell(a, "set%s %s", conditions[cc], low[r]);
    EACH_REG(to) asm_movzx8(a, to, r), tell(a, "movzx %s, %s", half[to], low[r]);
}

static void tell_doubles(Asm *a, AsmXmm x)
{
    static const struct { AsmDouble op; const char *name; } ops[] = {
        { DOUBLE_SQRT, "sqrtsd" }, { DOUBLE_ADD, "addsd" }, { DOUBLE_MUL, "mulsd" }, { DOUBLE_SUB, "subsd" },
        { DOUBLE_DIV, "divsd" },
    };
    EACH_XMM(y) {
        for (uint32_t i = 0; i < COUNT_OF(ops); i++)
            asm_double(a, ops[i].op, x, y), tell(a, "%s xmm%d, xmm%d", ops[i].name, x, y);
        asm_ucomisd(a, x, y), tell(a, "ucomisd xmm%d, xmm%d", x, y);
        asm_movaps(a, x, y), tell(a, "movaps xmm%d, xmm%d", x, y);
        asm_xorps(a, x, y), tell(a, "xorps xmm%d, xmm%d", x, y);
        asm_single_to_double(a, x, y), tell(a, "cvtss2sd xmm%d, xmm%d", x, y);
        asm_double_to_single(a, x, y), tell(a, "cvtsd2ss xmm%d, xmm%d", x, y);
    }
    asm_duplicate(a, x), tell(a, "punpcklqdq xmm%d, xmm%d", x, x);
    EACH_REG(r) {
        asm_movq_to_xmm(a, x, r), tell(a, "movq xmm%d, %s", x, wide[r]);
        asm_movq_from_xmm(a, r, x), tell(a, "movq %s, xmm%d", wide[r], x);
        asm_cvt_int32(a, x, r), tell(a, "xorps xmm%d, xmm%d; cvtsi2sd xmm%d, %s", x, x, x, half[r]);
        asm_cvt_double(a, r, x), tell(a, "cvttsd2si %s, xmm%d", half[r], x);
        asm_cvt_double_wide(a, r, x), tell(a, "cvttsd2si %s, xmm%d", wide[r], x);
        asm_cvt_int64(a, x, r), tell(a, "xorps xmm%d, xmm%d; cvtsi2sd xmm%d, %s", x, x, x, wide[r]);
        asm_round_double(a, r, x), tell(a, "cvtsd2si %s, xmm%d", half[r], x);
        EACH_DISP(d) {
            asm_load_double(a, x, r, *d), tell(a, "movsd xmm%d, [%s + %d]", x, wide[r], *d);
            asm_store_double(a, r, *d, x), tell(a, "movsd [%s + %d], xmm%d", wide[r], *d, x);
            asm_store_xmm16(a, r, *d, x), tell(a, "movups [%s + %d], xmm%d", wide[r], *d, x);
        }
    }
}

/* Jumps over `between` bytes of nops, forward and back. */
static void tell_jumps(Asm *a, uint32_t between)
{
    for (int cc = 0; cc < 16; cc++) {
        uint32_t jump = asm_jcc(a, (AsmCondition)cc);
        asm_bind(a, jump), tell(a, "{disp32} j%s 1f; 1:", conditions[cc]);
        for (uint32_t i = 0; i < between; i++) asm_nops(a, 1);
        asm_jcc_back(a, (AsmCondition)cc, 0), tell(a, "1: .fill %u, 1, 0x90; j%s 1b", between, conditions[cc]);
        jump = asm_jcc8(a, (AsmCondition)cc);
        asm_nops(a, 1), asm_bind8(a, jump), tell(a, "j%s 1f; nop; 1:", conditions[cc]);
    }
    uint32_t jump = asm_jmp(a);
    asm_bind(a, jump), tell(a, "{disp32} jmp 1f; 1:");
    for (uint32_t i = 0; i < between; i++) asm_nops(a, 1);
    asm_jmp_back(a, 0), tell(a, "1: .fill %u, 1, 0x90; jmp 1b", between);
    for (uint32_t i = 0; i < between; i++) asm_nops(a, 1);
    asm_call_back(a, 0), tell(a, "1: .fill %u, 1, 0x90; call 1b", between);
}

int main(void)
{
    Asm a;
    asm_init(&a);
    EACH_REG(x) {
        EACH_REG(y) tell_moves_between(&a, x, y);
        EACH_REG(base) EACH_DISP(d) tell_memory(&a, x, base, *d);
        EACH_DISP(d) tell_memory_alone(&a, x, *d);
        EACH_IMM(i) tell_immediates(&a, x, *i);
        tell_one(&a, x);
        EACH_REG(index) if (index != RSP) tell_index(&a, (AsmReg)((x + 5) & 15), x, index);
        EACH_REG(index) for (int s = 0; s < 4 && index != RSP; s++) {
            tell_elements(&a, (AsmReg)((index + 5) & 15), x, index, s);
            tell_double_elements(&a, (AsmXmm)(index & 7), x, index, s);
        }
    }
    EACH_XMM(x) tell_doubles(&a, x);
    tell_jumps(&a, 0);
    tell_jumps(&a, 3);
    tell_jumps(&a, 126);
    tell_jumps(&a, 300);
    asm_clc(&a), tell(&a, "clc");
    asm_stc(&a), tell(&a, "stc");
    asm_ret(&a), tell(&a, "ret");
    asm_trap(&a), tell(&a, "int3");
    asm_nops(&a, 1), tell(&a, "nop");
    asm_nops(&a, 2), tell(&a, "xchg ax, ax");
    asm_deinit(&a);
    return 0;
}
