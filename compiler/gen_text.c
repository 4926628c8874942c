/* SPDX-License-Identifier: MIT */
/* gen_text.c - code for text made of parts: template literals, and chains a + "text" + b, which are joined at once.
 *
 * A chain adds to a text from the first + on that has a literal text on either side: all that follows is ToPrimitive of
 * an operand, right after it was evaluated, and text. So the operands are turned into primitives in their order, and
 * joined in the end. */
#include "compiler/codegen_int.h"

enum { GEN_MOST_PARTS = 16 };            // of a chain; more are joined in several steps

static bool gen_is_text(const Node *node)
{
    return node->kind == NODE_STRING || node->kind == NODE_TEMPLATE;
}

/* A part of a text into the register `at`. */
static void gen_part(Gen *g, Node *node, Slot at, uint32_t position, bool is_template)
{
    int32_t mark = gen_mark(g);
    if (gen_is_text(node) || node->kind == NODE_NUMBER) {
        gen_expr(g, node, at);
        return;
    }
    Slot v = gen_expr(g, node, SLOT_ANY);
    gen_position(g, position);
    gen_emit(g, OP_TO_PART, at, v, is_template);
    gen_release(g, mark);
}

/* ---- templates --------------------------------------------------------------------------------------------------- */

static uint32_t gen_template_parts(const TemplateLiteral *t)
{
    uint32_t parts = t->expressions.count;
    for (uint32_t i = 0; i < t->quasis.count; i++) parts += ((TemplateElement *)t->quasis.items[i])->cooked->length > 0;
    return parts;
}

void gen_template(Gen *g, TemplateLiteral *t, Slot dst)
{
    uint32_t parts = gen_template_parts(t);
    if (parts == 0 || t->expressions.count == 0) {
        gen_emit(g, OP_LOAD_CONSTANT, dst, gen_constant_string(g, ((TemplateElement *)t->quasis.items[0])->cooked));
        return;
    }
    int32_t mark = gen_mark(g);
    Slot window = gen_new_window(g, parts), at = window + 1;
    for (uint32_t i = 0; i < t->quasis.count; i++) {
        const TemplateElement *quasi = (const TemplateElement *)t->quasis.items[i];
        if (quasi->cooked->length) gen_emit(g, OP_LOAD_CONSTANT, at++, gen_constant_string(g, quasi->cooked));
        if (i >= t->expressions.count) continue;
        Node *expression = t->expressions.items[i];
        gen_part(g, expression, at++, expression->start, true);
    }
    gen_emit(g, OP_CONCAT, dst, window, parts);
    gen_release(g, mark);
}

/* ---- chains of + ------------------------------------------------------------------------------------------------- */

uint32_t gen_join_steps(Binary **chain, uint32_t count, const Node *left, bool left_is_text)
{
    uint32_t steps = 0;
    while (steps < count && steps + 1 < GEN_MOST_PARTS && chain[count - 1 - steps]->op == TOKEN_PLUS) steps++;
    if (steps < 2) return 0;
    return left_is_text || (left && gen_is_text(left)) || gen_is_text(chain[count - 1]->right) ? steps : 0;
}

void gen_join(Gen *g, Binary **chain, uint32_t count, uint32_t steps, Node *left, Slot partial, Slot dst)
{
    int32_t mark = gen_mark(g);
    Slot window = gen_new_window(g, steps + 1), at = window + 1;
    uint32_t position = chain[count - 1]->node.aux_position;
    if (left) {
        gen_part(g, left, at, position, false);
    } else {
        gen_position(g, position);
        gen_emit(g, OP_TO_PART, at, partial, false);
    }
    for (uint32_t i = 0; i < steps; i++) {
        Binary *step = chain[count - 1 - i];
        position = step->node.aux_position;
        gen_part(g, step->right, ++at, position, false);
    }
    gen_position(g, position);
    gen_emit(g, OP_CONCAT, dst, window, steps + 1);
    gen_release(g, mark);
}
