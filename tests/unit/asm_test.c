/* SPDX-License-Identifier: MIT */
/* The encoder writes what an assembler does. */
#include "tests/unit/test.h"

#include <string.h>

#include "vm/jit/x64/asm_double_inl.h"

/* `call` writes exactly `...`. */
#define EXPECT_BYTES(call, ...)                                                                    \
    do {                                                                                           \
        static const uint8_t expected_[] = { __VA_ARGS__ };                                        \
        a->at = a->bytes;                                                                              \
        call;                                                                                      \
        EXPECT_EQ(sizeof expected_, asm_here(a));                                                     \
        if (memcmp(expected_, a->bytes, sizeof expected_)) test_fail(__FILE__, __LINE__, "bytes of %s", #call); \
    } while (0)

TEST(asm_moves)
{
    Asm code, *a = &code;
    asm_init(a);
    EXPECT_BYTES(asm_mov(a, RAX, RCX), 0x48, 0x89, 0xc8);
    EXPECT_BYTES(asm_mov32(a, R8, R15), 0x45, 0x89, 0xf8);
    EXPECT_BYTES(asm_mov_imm(a, RAX, 0x12345678), 0xb8, 0x78, 0x56, 0x34, 0x12);
    EXPECT_BYTES(asm_mov_imm(a, R14, UINT64_C(0xfffe000000000000)), 0x49, 0xbe, 0, 0, 0, 0, 0, 0, 0xfe, 0xff);
    EXPECT_BYTES(asm_mov_imm(a, RDX, (uint64_t)-2), 0x48, 0xc7, 0xc2, 0xfe, 0xff, 0xff, 0xff);
    EXPECT_BYTES(asm_load(a, RAX, RBP, -0x28), 0x48, 0x8b, 0x45, 0xd8);
    EXPECT_BYTES(asm_load(a, RAX, RSP, 8), 0x48, 0x8b, 0x44, 0x24, 0x08);
    EXPECT_BYTES(asm_load(a, R9, R12, 0), 0x4d, 0x8b, 0x0c, 0x24);
    EXPECT_BYTES(asm_load(a, RAX, R13, 0), 0x49, 0x8b, 0x45, 0x00);
    EXPECT_BYTES(asm_load32(a, RCX, RAX, 0x1000), 0x8b, 0x88, 0x00, 0x10, 0x00, 0x00);
    EXPECT_BYTES(asm_load16(a, RDX, RCX, 2), 0x0f, 0xb7, 0x51, 0x02);
    EXPECT_BYTES(asm_load8(a, RDX, RAX, 4), 0x0f, 0xb6, 0x50, 0x04);
    EXPECT_BYTES(asm_load_index(a, RDX, RDX, RCX, 3, 0), 0x48, 0x8b, 0x14, 0xca);
    EXPECT_BYTES(asm_load_index(a, RAX, RBP, RCX, 0, 0), 0x48, 0x8b, 0x44, 0x0d, 0x00);
    EXPECT_BYTES(asm_load32_index_signed(a, RCX, RDX, RAX, 2, 0), 0x48, 0x63, 0x0c, 0x82);
    EXPECT_BYTES(asm_store(a, RBP, -0x80, RAX), 0x48, 0x89, 0x45, 0x80);
    EXPECT_BYTES(asm_store32(a, RAX, 0, RDX), 0x89, 0x10);
    EXPECT_BYTES(asm_store_index(a, R12, RDI, 3, 0x10, RSI), 0x49, 0x89, 0x74, 0xfc, 0x10);
    EXPECT_BYTES(asm_store_imm(a, RBP, -0x20, 10), 0x48, 0xc7, 0x45, 0xe0, 0x0a, 0, 0, 0);
    EXPECT_BYTES(asm_store32_imm(a, RBP, -0x10, 0xcafe), 0xc7, 0x45, 0xf0, 0xfe, 0xca, 0, 0);
    EXPECT_BYTES(asm_lea(a, RSP, RBP, -0x60), 0x48, 0x8d, 0x65, 0xa0);
    EXPECT_BYTES(asm_lea_index(a, RDI, RSP, R11, 3, 0), 0x4a, 0x8d, 0x3c, 0xdc);
    EXPECT_BYTES(asm_movsxd(a, RDI, RDI), 0x48, 0x63, 0xff);
    EXPECT_BYTES(asm_push(a, R12), 0x41, 0x54);
    EXPECT_BYTES(asm_pop(a, RBP), 0x5d);
    asm_deinit(a);
}

TEST(asm_integers)
{
    Asm code, *a = &code;
    asm_init(a);
    EXPECT_BYTES(asm_alu(a, ALU_ADD, RAX, R14), 0x4c, 0x01, 0xf0);
    EXPECT_BYTES(asm_alu32(a, ALU_XOR, RDX, RDX), 0x31, 0xd2);
    EXPECT_BYTES(asm_alu_imm(a, ALU_SUB, RBP, 2), 0x48, 0x83, 0xed, 0x02);
    EXPECT_BYTES(asm_alu32_imm(a, ALU_AND, RCX, 0x1ffff), 0x81, 0xe1, 0xff, 0xff, 0x01, 0x00);
    EXPECT_BYTES(asm_alu_load(a, ALU_CMP, RDI, R12, 0x50), 0x49, 0x3b, 0x7c, 0x24, 0x50);
    EXPECT_BYTES(asm_alu32_load(a, ALU_CMP, RCX, RAX, 0), 0x3b, 0x08);
    EXPECT_BYTES(asm_alu_store_imm(a, ALU_CMP, RBP, 8, 2), 0x48, 0x83, 0x7d, 0x08, 0x02);
    EXPECT_BYTES(asm_cmp8_imm(a, RAX, 4, 0x2a), 0x80, 0x78, 0x04, 0x2a);
    EXPECT_BYTES(asm_test8_imm(a, RCX, 5, 3), 0xf6, 0x41, 0x05, 0x03);
    EXPECT_BYTES(asm_cmp16_imm(a, RAX, 5, 0x1234), 0x66, 0x81, 0x78, 0x05, 0x34, 0x12);
    EXPECT_BYTES(asm_cmp16_imm(a, RAX, 5, 0x12), 0x66, 0x83, 0x78, 0x05, 0x12);
    EXPECT_BYTES(asm_test(a, RAX, R15), 0x4c, 0x85, 0xf8);
    EXPECT_BYTES(asm_test32(a, R8, R8), 0x45, 0x85, 0xc0);
    EXPECT_BYTES(asm_imul32(a, RAX, RCX), 0x0f, 0xaf, 0xc1);
    EXPECT_BYTES(asm_imul_imm(a, RCX, RCX, -48), 0x48, 0x6b, 0xc9, 0xd0);
    EXPECT_BYTES(asm_imul32_imm(a, RAX, RAX, 1000), 0x69, 0xc0, 0xe8, 0x03, 0x00, 0x00);
    EXPECT_BYTES(asm_shift_imm(a, SHIFT_SAR, RCX, 32), 0x48, 0xc1, 0xf9, 0x20);
    EXPECT_BYTES(asm_shift32_cl(a, SHIFT_SHL, RAX), 0xd3, 0xe0);
    EXPECT_BYTES(asm_neg32(a, RAX), 0xf7, 0xd8);
    EXPECT_BYTES(asm_not32(a, RAX), 0xf7, 0xd0);
    EXPECT_BYTES(asm_div32(a, RCX), 0xf7, 0xf1);
    EXPECT_BYTES(asm_setcc(a, CC_NE, RAX), 0x0f, 0x95, 0xc0);
    EXPECT_BYTES(asm_movzx8(a, RAX, RAX), 0x0f, 0xb6, 0xc0);
    asm_deinit(a);
}

TEST(asm_doubles)
{
    Asm code, *a = &code;
    asm_init(a);
    EXPECT_BYTES(asm_movq_to_xmm(a, XMM0, RAX), 0x66, 0x48, 0x0f, 0x6e, 0xc0);
    EXPECT_BYTES(asm_movq_from_xmm(a, RAX, XMM1), 0x66, 0x48, 0x0f, 0x7e, 0xc8);
    EXPECT_BYTES(asm_cvt_double(a, RAX, XMM0), 0xf2, 0x0f, 0x2c, 0xc0);
    EXPECT_BYTES(asm_double(a, DOUBLE_MUL, XMM0, XMM1), 0xf2, 0x0f, 0x59, 0xc1);
    EXPECT_BYTES(asm_ucomisd(a, XMM1, XMM0), 0x66, 0x0f, 0x2e, 0xc8);
    EXPECT_BYTES(asm_movaps(a, XMM1, XMM0), 0x0f, 0x28, 0xc8);
    EXPECT_BYTES(asm_duplicate(a, XMM0), 0x66, 0x0f, 0x6c, 0xc0);
    EXPECT_BYTES(asm_store_xmm16(a, RBP, -0x30, XMM0), 0x0f, 0x11, 0x45, 0xd0);
    asm_deinit(a);
}

TEST(asm_control)
{
    Asm code, *a = &code;
    asm_init(a);
    EXPECT_BYTES(asm_call_load(a, RCX, 0x70), 0xff, 0x51, 0x70);
    EXPECT_BYTES(asm_jmp_reg(a, R11), 0x41, 0xff, 0xe3);
    EXPECT_BYTES(asm_ret(a), 0xc3);
    EXPECT_BYTES(asm_bind(a, asm_jcc(a, CC_NE)), 0x0f, 0x85, 0, 0, 0, 0);
    EXPECT_BYTES(asm_bind8(a, asm_jmp8(a)), 0xeb, 0);
    EXPECT_BYTES(asm_bind(a, asm_lea_ahead(a, RDX)), 0x48, 0x8d, 0x15, 0, 0, 0, 0);
    EXPECT_BYTES(asm_jmp_back(a, 0), 0xeb, 0xfe);
    asm_deinit(a);
}

/* Calls of fixed addresses are relative to where the code will run. */
TEST(asm_place_fills_in_what_is_outside)
{
    Asm code, *a = &code;
    uint8_t placed[16];
    asm_init(a);
    asm_begin(a, (const void *)0x42000000);
    asm_call(a, (const void *)0x41000000);
    REQUIRE(asm_place(a, placed, (const void *)0x42000000));
    EXPECT(memcmp(placed, (const uint8_t[]){ 0xe8, 0xfb, 0xff, 0xff, 0xfe }, 5) == 0);
    REQUIRE(asm_place(a, placed, (const void *)0x42000100));
    EXPECT(memcmp(placed, (const uint8_t[]){ 0xe8, 0xfb, 0xfe, 0xff, 0xfe }, 5) == 0);
    REQUIRE(asm_place(a, placed, (const void *)0x41ffff00));
    EXPECT(memcmp(placed, (const uint8_t[]){ 0xe8, 0xfb, 0x00, 0x00, 0xff }, 5) == 0);
    asm_begin(a, (const void *)0x7f0000000000);
    asm_call(a, (const void *)0x41000000);
    EXPECT(!asm_place(a, placed, (const void *)0x7f0000000000));
    asm_deinit(a);
}
