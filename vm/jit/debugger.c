/* SPDX-License-Identifier: MIT */
/* debugger.c - files of ELF that name machine code for gdb, with call frame information.
 *
 * I1  From machine code rbp leads to its caller: [rbp + 8] is the return address, or a mark when the interpreter or C
 *     code called; [rbp] the caller's rbp plus FRAME_LINK_TAG; r13 is rsp. From a marked frame the way goes on in
 *     STUB_ENTER, on the C stack.
 * I2  gdb wants the addresses that tell frames apart to ascend outwards. Those of machine code are rbp with a high bit,
 *     above all of the C stack; back to it leads STUB_ENTER, whose name is the one that gdb lets do so: __morestack. */
#include "vm/jit/debugger.h"

#include <elf.h>
#include <string.h>

#include "vm/base/buf.h"
#include "vm/base/mem.h"
#include "vm/sched/frame.h"

/* ---- gdb's side -------------------------------------------------------------------------------------------------- */

typedef struct DebuggerFile {            // gdb's jit_code_entry
    struct DebuggerFile *next, *previous;
    const void          *bytes;
    uint64_t             size_bytes;
} DebuggerFile;

typedef struct DebuggerDescriptor {      // gdb's jit_descriptor
    uint32_t      version;
    uint32_t      action;                // what happened to `relevant`: DebuggerAction
    DebuggerFile *relevant, *first;
} DebuggerDescriptor;

typedef enum DebuggerAction { DEBUGGER_NOTHING, DEBUGGER_ADDED, DEBUGGER_REMOVED } DebuggerAction;

extern DebuggerDescriptor __jit_debug_descriptor;
void __jit_debug_register_code(void);

/* gdb reads the one, and stops in the other. */
DebuggerDescriptor __jit_debug_descriptor = { .version = 1 };

__attribute__((noinline)) void __jit_debug_register_code(void)
{
    __asm__ volatile("" ::: "memory");
}

struct DebuggerEntry {
    DebuggerFile   file;
    DebuggerEntry *older;
    const uint8_t *start;
};

static Mutex debugger_lock = MUTEX_INIT(LOCK_DEBUGGER);      // __jit_debug_descriptor

static void debugger_say(DebuggerFile *file, DebuggerAction action)
{
    __jit_debug_descriptor.relevant = file;
    __jit_debug_descriptor.action = action;
    __jit_debug_register_code();
}

static void debugger_add(DebuggerFile *file)
{
    mutex_lock(&debugger_lock);
    file->next = __jit_debug_descriptor.first;
    if (file->next) file->next->previous = file;
    __jit_debug_descriptor.first = file;
    debugger_say(file, DEBUGGER_ADDED);
    mutex_unlock(&debugger_lock);
}

static void debugger_remove(DebuggerFile *file)
{
    mutex_lock(&debugger_lock);
    if (file->previous) file->previous->next = file->next;
    else __jit_debug_descriptor.first = file->next;
    if (file->next) file->next->previous = file->previous;
    debugger_say(file, DEBUGGER_REMOVED);
    mutex_unlock(&debugger_lock);
}

/* ---- call frame information: DWARF 5, 6.4 ------------------------------------------------------------------------ */

enum {
    DWARF_RBX = 3, DWARF_RBP = 6, DWARF_RSP = 7, DWARF_R12 = 12, DWARF_R13, DWARF_R14, DWARF_R15, DWARF_RETURN,
    CFA_SAME_VALUE = 0x08, CFA_DEF_CFA = 0x0c, CFA_DEF_CFA_EXPRESSION = 0x0f, CFA_VAL_EXPRESSION = 0x16,
    CFA_OFFSET = 0x80,
    DWOP_DEREF = 0x06, DWOP_CONST8U = 0x0e, DWOP_DUP = 0x12, DWOP_DROP = 0x13, DWOP_MINUS = 0x1c, DWOP_PLUS = 0x22,
    DWOP_BRA = 0x28,
    DWOP_GT = 0x2b, DWOP_LIT0 = 0x30, DWOP_BREG0 = 0x70,
    ENTER_PUSHED_BYTES = 64,             // by STUB_ENTER, with its return address
};

#define DEBUGGER_PUT(buf, ...)                                             \
    do {                                                                   \
        static const uint8_t bytes_[] = { __VA_ARGS__ };                   \
        buf_put((buf), bytes_, sizeof bytes_);                             \
    } while (0)

/* The length of what was put from `start` on, with padding, into the word before it. */
static void debugger_close(Buf *out, size_t start)
{
    while (out->count % 8) buf_put_byte(out, 0);
    uint32_t length = (uint32_t)(out->count - start);
    memcpy(out->bytes + start - 4, &length, sizeof length);
}

static size_t debugger_open_cie(Buf *out)
{
    buf_put_u32(out, 0);
    size_t start = out->count;
    buf_put_u32(out, UINT32_MAX);
    DEBUGGER_PUT(out, 1, 0, 1, 0x78, DWARF_RETURN);          // version; no augmentation; units: 1, -8
    return start;
}

/* I1, I2. `enter_end` is behind STUB_ENTER. */
static void debugger_put_machine_cie(Buf *out, const uint8_t *enter_end)
{
    size_t start = debugger_open_cie(out);
    DEBUGGER_PUT(out, CFA_DEF_CFA_EXPRESSION, 12, DWOP_BREG0 + DWARF_RBP, 0,
                 DWOP_CONST8U, 0, 0, 0, 0, 0, 0, 0, 0x40, DWOP_PLUS);
    DEBUGGER_PUT(out, CFA_VAL_EXPRESSION, DWARF_RBP, 5, DWOP_BREG0 + DWARF_RBP, 0,
                 DWOP_DEREF, DWOP_LIT0 + FRAME_LINK_TAG, DWOP_MINUS);
    DEBUGGER_PUT(out, CFA_VAL_EXPRESSION, DWARF_RSP, 2, DWOP_BREG0 + DWARF_R13, 0);
    DEBUGGER_PUT(out, CFA_VAL_EXPRESSION, DWARF_RETURN, 19, DWOP_BREG0 + DWARF_RBP, 8, DWOP_DEREF, DWOP_DUP,
                 DWOP_LIT0 + FRAME_RETURN_TO_NATIVE, DWOP_GT, DWOP_BRA, 10, 0, DWOP_DROP, DWOP_CONST8U);
    buf_put_u64(out, (uintptr_t)enter_end);
    DEBUGGER_PUT(out, CFA_SAME_VALUE, DWARF_RBX, CFA_SAME_VALUE, DWARF_R12, CFA_SAME_VALUE, DWARF_R13,
                 CFA_SAME_VALUE, DWARF_R14, CFA_SAME_VALUE, DWARF_R15);
    debugger_close(out, start);
}

static void debugger_put_enter_cie(Buf *out)
{
    size_t start = debugger_open_cie(out);
    DEBUGGER_PUT(out, CFA_DEF_CFA, DWARF_RSP, ENTER_PUSHED_BYTES, CFA_OFFSET | DWARF_RETURN, 1,
                 CFA_OFFSET | DWARF_RBP, 2,
                 CFA_OFFSET | DWARF_RBX, 3, CFA_OFFSET | DWARF_R12, 4, CFA_OFFSET | DWARF_R13, 5,
                 CFA_OFFSET | DWARF_R14, 6, CFA_OFFSET | DWARF_R15, 7);
    debugger_close(out, start);
}

/* The stubs that are like a function of C, at the place of their calls: the return address lies under one word. */
static void debugger_put_step_cie(Buf *out)
{
    size_t start = debugger_open_cie(out);
    DEBUGGER_PUT(out, CFA_DEF_CFA, DWARF_RSP, 16, CFA_OFFSET | DWARF_RETURN, 1, CFA_SAME_VALUE, DWARF_RBP,
                 CFA_SAME_VALUE, DWARF_RBX, CFA_SAME_VALUE, DWARF_R12, CFA_SAME_VALUE, DWARF_R13,
                 CFA_SAME_VALUE, DWARF_R14, CFA_SAME_VALUE, DWARF_R15);
    debugger_close(out, start);
}

static void debugger_put_fde(Buf *out, size_t cie, const uint8_t *start, uint32_t size_bytes)
{
    buf_put_u32(out, 0);
    size_t at = out->count;
    buf_put_u32(out, (uint32_t)cie);
    buf_put_u64(out, (uintptr_t)start);
    buf_put_u64(out, size_bytes);
    debugger_close(out, at);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

enum { SECTION_NONE, SECTION_TEXT, SECTION_FRAME, SECTION_SYMBOLS, SECTION_STRINGS, SECTION_COUNT };

typedef struct DebuggerImage {
    Buf            frames, symbols, strings;
    const uint8_t *start;                // of the machine code
    uint32_t       size_bytes;
} DebuggerImage;

static void debugger_open(DebuggerImage *image, const uint8_t *start, uint32_t size_bytes)
{
    static const char names[] = "\0.text\0.debug_frame\0.symtab\0.strtab";
    *image = (DebuggerImage){ .start = start, .size_bytes = size_bytes };
    buf_init(&image->frames);
    buf_init(&image->symbols);
    buf_init(&image->strings);
    buf_put(&image->strings, names, sizeof names);
    buf_put(&image->symbols, &(Elf64_Sym){ 0 }, sizeof(Elf64_Sym));
}

static void debugger_put_symbol(DebuggerImage *image, const char *name, const uint8_t *start, uint32_t size_bytes)
{
    Elf64_Sym symbol = {
        .st_name = (Elf64_Word)image->strings.count, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
        .st_shndx = SECTION_TEXT, .st_value = (Elf64_Addr)(start - image->start), .st_size = size_bytes,
    };
    buf_put(&image->symbols, &symbol, sizeof symbol);
    buf_put(&image->strings, name, strlen(name) + 1);
}

static Elf64_Shdr debugger_section(uint32_t name, uint32_t type, size_t offset, const Buf *content)
{
    return (Elf64_Shdr){ .sh_name = name, .sh_type = type, .sh_offset = offset, .sh_size = content->count,
                         .sh_addralign = 8 };
}

static void debugger_link(const DebuggerImage *image, Buf *out)
{
    size_t headers = sizeof(Elf64_Ehdr), frames = headers + SECTION_COUNT * sizeof(Elf64_Shdr);
    size_t symbols = frames + image->frames.count, strings = symbols + image->symbols.count;
    Elf64_Ehdr head = {
        .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
        .e_type = ET_REL, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
        .e_shoff = headers, .e_ehsize = sizeof head, .e_shentsize = sizeof(Elf64_Shdr),
        .e_shnum = SECTION_COUNT, .e_shstrndx = SECTION_STRINGS,
    };
    Elf64_Shdr sections[SECTION_COUNT] = {
        [SECTION_TEXT] = { .sh_name = 1, .sh_type = SHT_NOBITS, .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
                           .sh_addr = (uintptr_t)image->start, .sh_size = image->size_bytes, .sh_addralign = 1 },
        [SECTION_FRAME] = debugger_section(7, SHT_PROGBITS, frames, &image->frames),
        [SECTION_SYMBOLS] = debugger_section(20, SHT_SYMTAB, symbols, &image->symbols),
        [SECTION_STRINGS] = debugger_section(28, SHT_STRTAB, strings, &image->strings),
    };
    sections[SECTION_SYMBOLS].sh_link = SECTION_STRINGS;
    sections[SECTION_SYMBOLS].sh_info = 1;
    sections[SECTION_SYMBOLS].sh_entsize = sizeof(Elf64_Sym);
    buf_put(out, &head, sizeof head);
    buf_put(out, sections, sizeof sections);
    buf_put(out, image->frames.bytes, image->frames.count);
    buf_put(out, image->symbols.bytes, image->symbols.count);
    buf_put(out, image->strings.bytes, image->strings.count);
}

static void debugger_publish(Debugger *d, DebuggerImage *image)
{
    Buf elf;
    buf_init(&elf);
    debugger_link(image, &elf);
    DebuggerEntry *entry = mem_alloc_zeroed(sizeof *entry + elf.count);
    memcpy(entry + 1, elf.bytes, elf.count);
    *entry = (DebuggerEntry){ .file = { .bytes = entry + 1, .size_bytes = elf.count }, .older = d->first,
                              .start = image->start };
    d->first = entry;
    debugger_add(&entry->file);
    buf_deinit(&elf);
    buf_deinit(&image->frames);
    buf_deinit(&image->symbols);
    buf_deinit(&image->strings);
}

void debugger_tell(Debugger *d, const Jit *jit, const Machine *m, const char *name)
{
    DebuggerImage image;
    debugger_open(&image, m->start, m->size_bytes);
    debugger_put_symbol(&image, name, m->start, m->size_bytes);
    debugger_put_machine_cie(&image.frames, jit->stubs[STUB_LEAVE]);
    debugger_put_fde(&image.frames, 0, m->start, m->size_bytes);
    debugger_publish(d, &image);
}

void debugger_tell_stubs(Debugger *d, const Jit *jit, const uint8_t *start, uint32_t size_bytes)
{
    DebuggerImage image;
    const uint8_t *enter = jit->stubs[STUB_ENTER], *enter_end = jit->stubs[STUB_LEAVE], *end = start + size_bytes;
    const uint8_t *steps = jit->stubs[STUB_STEP_NEXT], *steps_end = jit->stubs[STUB_CALL_SLOW];
    const uint8_t *mixed = jit->stubs[STUB_LOAD_OR_STEP];
    debugger_open(&image, start, size_bytes);
    debugger_put_symbol(&image, "__morestack", enter, (uint32_t)(enter_end - enter));
    debugger_put_symbol(&image, "ultrascript_stubs", enter_end, (uint32_t)(end - enter_end));
    debugger_put_machine_cie(&image.frames, enter_end);
    size_t enter_cie = image.frames.count;
    debugger_put_enter_cie(&image.frames);
    size_t step_cie = image.frames.count;
    debugger_put_step_cie(&image.frames);
    debugger_put_fde(&image.frames, enter_cie, enter, (uint32_t)(enter_end - enter));
    debugger_put_fde(&image.frames, 0, enter_end, (uint32_t)(steps - enter_end));
    debugger_put_fde(&image.frames, step_cie, steps, (uint32_t)(steps_end - steps));
    debugger_put_fde(&image.frames, 0, steps_end, (uint32_t)(mixed - steps_end));
    debugger_put_fde(&image.frames, step_cie, mixed, (uint32_t)(end - mixed));
    debugger_publish(d, &image);
}

void debugger_forget(Debugger *d, const uint8_t *start)
{
    for (DebuggerEntry **link = &d->first; *link; link = &(*link)->older) {
        DebuggerEntry *entry = *link;
        if (entry->start != start) continue;
        *link = entry->older;
        debugger_remove(&entry->file);
        mem_free(entry);
        return;
    }
}

void debugger_forget_all(Debugger *d)
{
    while (d->first) debugger_forget(d, d->first->start);
}
