/* SPDX-License-Identifier: MIT */
/* gen_member.c - code for reading members: o.x, o[i], super.x, o.#x. */
#include <string.h>

#include "compiler/codegen_int.h"
#include "compiler/forward.h"
#include "compiler/scope_int.h"
#include "vm/bytecode/error_kinds.h"

/* ---- members ----------------------------------------------------------------------------------------------------- */

/* GetSuperBase (9.1.1.3.5): taken when the reference is made, whatever becomes of the home's prototype. */
Slot gen_super_base(Gen *g, const SuperKeyword *super, const Node *node)
{
    Slot base = gen_new_register(g);
    gen_load_binding(g, super->home, base, node->start);
    gen_emit(g, OP_GET_PROTO, base, base);
    return base;
}

static Slot gen_super_member(Gen *g, Node *node, SuperKeyword *super, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot self = gen_this(g, super->this_binding, SLOT_ANY, node->start);
    Slot key = gen_new_register(g);
    if (node->kind == NODE_MEMBER) gen_emit(g, OP_LOAD_CONSTANT, key, gen_constant_string(g, ((Member *)node)->name));
    else gen_expr(g, ((Index *)node)->index, key);
    Slot base = gen_super_base(g, super, node);
    gen_position(g, node->aux_position);
    gen_emit(g, OP_GET_SUPER, dst, base, key, self);
    gen_release(g, mark);
    return dst;
}

void gen_get_member(Gen *g, Slot dst, Slot object, const Name *name)
{
    if (name->word == WORD_LENGTH) gen_emit(g, OP_GET_LENGTH, dst, object, gen_cache(g, name));
    else gen_emit(g, OP_GET_PROP, dst, object, gen_cache(g, name));
}

static bool gen_refuses_slice(Gen *g, const Node *index)
{
    if (index->kind != NODE_SLICE_LIST) return false;
    gen_error(g, DIAG_NOT_YET, index, "slices");
    return true;
}

/* A constant string that names a property goes the way of `.name`. */
static const Name *gen_constant_name(const Node *index)
{
    if (index->kind != NODE_STRING) return NULL;
    const Name *name = ((const StringLiteral *)index)->value;
    return gen_is_index_name(name) ? NULL : name;
}

void gen_get_index(Gen *g, Slot dst, Slot object, Node *index, uint32_t position)
{
    int32_t mark = gen_mark(g), i;
    const Name *name = gen_constant_name(index);
    if (gen_refuses_slice(g, index)) return;
    if (name) {
        gen_position(g, position);
        gen_get_member(g, dst, object, name);
    } else if (gen_small_int(index, &i) && i >= 0) {
        gen_position(g, position);
        gen_emit(g, OP_GET_ELEM_INT, dst, object, i, gen_feedback(g));
    } else {
        Slot key = gen_expr(g, index, SLOT_ANY);
        gen_position(g, position);
        gen_emit(g, OP_GET_ELEM, dst, object, key, gen_feedback(g));
    }
    gen_release(g, mark);
}

/* Is it arguments.length or arguments[i], which the frame tells (forward.h)? */
static bool gen_is_argument(const Gen *g, const Node *node)
{
    return g->info->makes_no_arguments && forward_is_read(g->info, node);
}

Slot gen_member(Gen *g, Member *n, Slot dst)
{
    if (n->object->kind == NODE_SUPER) return gen_super_member(g, &n->node, (SuperKeyword *)n->object, dst);
    dst = gen_dst(g, dst);
    if (gen_is_argument(g, &n->node)) {
        gen_emit(g, OP_ARGUMENTS_LENGTH, dst);
        return dst;
    }
    int32_t mark = gen_mark(g);
    Slot object = gen_expr(g, n->object, SLOT_ANY);
    gen_chain_test(g, object, n->optional);
    gen_position(g, n->node.aux_position);
    gen_get_member(g, dst, object, n->name);
    gen_release(g, mark);
    return dst;
}

Slot gen_index(Gen *g, Index *n, Slot dst)
{
    if (n->object->kind == NODE_SUPER) return gen_super_member(g, &n->node, (SuperKeyword *)n->object, dst);
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    if (gen_is_argument(g, &n->node)) {
        Slot key = gen_expr(g, n->index, SLOT_ANY);
        gen_position(g, n->node.aux_position);
        gen_emit(g, OP_GET_ARGUMENT, dst, key, g->info->arguments->slot, gen_uses_mapped_arguments(g));
        gen_release(g, mark);
        return dst;
    }
    Slot object = gen_operand(g, n->object, n->index);
    gen_chain_test(g, object, n->optional);
    gen_get_index(g, dst, object, n->index, n->node.aux_position);
    gen_release(g, mark);
    return dst;
}

void gen_get_private(Gen *g, Slot dst, Slot object, Node *name, uint32_t position)
{
    int32_t mark = gen_mark(g);
    Slot key = gen_load_binding(g, ((PrivateName *)name)->binding, SLOT_ANY, position);
    gen_position(g, position);
    gen_emit(g, OP_GET_PRIVATE, dst, object, key, gen_cache(g, NULL));
    gen_release(g, mark);
}

Slot gen_private_member(Gen *g, PrivateMember *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot object = gen_expr(g, n->object, SLOT_ANY);
    gen_chain_test(g, object, n->optional);
    gen_get_private(g, dst, object, n->name, n->node.aux_position);
    gen_release(g, mark);
    return dst;
}
