/* SPDX-License-Identifier: MIT */
/* gen_call.c - code for calls, construction, optional chains and tagged templates.
 *
 * The outgoing frame is laid into the lowest registers: `this` at slot w, argument i at w + 1 + i, so arguments are
 * evaluated into descending registers that were allocated together. */
#include <string.h>

#include "compiler/codegen_int.h"
#include "compiler/forward.h"

bool gen_has_spread(NodeList list)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i] && list.items[i]->kind == NODE_SPREAD) return true;
    return false;
}

static void gen_arguments(Gen *g, NodeList arguments, Slot window)
{
    for (uint32_t i = 0; i < arguments.count; i++) {
        int32_t mark = gen_mark(g);
        Node *argument = arguments.items[i];
        if (argument->kind == NODE_NAMED_ARGUMENT) {
            gen_error(g, DIAG_NOT_YET, argument, "named arguments");
            return;
        }
        gen_expr(g, argument, window + 1 + (Slot)i);
        gen_release(g, mark);
    }
}

/* ---- optional chains --------------------------------------------------------------------------------------------- */

void gen_chain_test(Gen *g, Slot object, bool optional)
{
    if (optional) gen_jump(g, OP_JUMP_NULLISH, &g->chain->leave, object, 0);
}

void gen_chain_begin(Gen *g, OptionalChainState *state)
{
    *state = (OptionalChainState){ .outer = g->chain, .leave = { .position = -1 } };
    g->chain = state;
}

void gen_chain_leave(Gen *g, OptionalChainState *state, Slot dst, int32_t value)
{
    g->chain = state->outer;
    gen_bind(g, &state->leave);
    gen_load_small(g, dst, value);
}

void gen_chain_end(Gen *g, OptionalChainState *state, Slot dst, int32_t value)
{
    Label end = { .position = -1 };
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_chain_leave(g, state, dst, value);
    gen_bind(g, &end);
}

Slot gen_chain(Gen *g, OptionalChain *n, Slot dst)
{
    OptionalChainState state;
    dst = gen_dst(g, dst);
    gen_chain_begin(g, &state);
    gen_expr(g, n->chain, dst);
    gen_chain_end(g, &state, dst, SMALL_UNDEFINED);
    return dst;
}

/* delete a?.b is true when the chain breaks off. */
void gen_chain_delete(Gen *g, OptionalChain *n, Slot dst)
{
    OptionalChainState state;
    gen_chain_begin(g, &state);
    Node *target = n->chain;
    if (target->kind == NODE_MEMBER) {
        Member *m = (Member *)target;
        Slot o = gen_expr(g, m->object, SLOT_ANY);
        gen_chain_test(g, o, m->optional);
        gen_position(g, target->aux_position);
        gen_emit(g, OP_DELETE_PROP, dst, o, gen_constant_string(g, m->name));
    } else if (target->kind == NODE_INDEX) {
        Index *m = (Index *)target;
        Slot o = gen_operand(g, m->object, m->index);
        gen_chain_test(g, o, m->optional);
        Slot key = gen_expr(g, m->index, SLOT_ANY);
        gen_position(g, target->aux_position);
        gen_emit(g, OP_DELETE_ELEM, dst, o, key);
    } else {
        gen_effect(g, target);
        gen_load_small(g, dst, SMALL_TRUE);
    }
    gen_chain_end(g, &state, dst, SMALL_TRUE);
}

/* ---- callees ----------------------------------------------------------------------------------------------------- */

/* Evaluate what is called: the function's slot, with `this` stored at `self`. A plain `o.name` callee is left to
 * CALL_METHOD: the receiver is then at `self`, `*method` the name, and the result not used. */
static Slot gen_callee(Gen *g, Node *callee, Slot self, const Name **method)
{
    *method = NULL;
    callee = ast_strip_types(callee);
    switch (callee->kind) {
    case NODE_MEMBER: {
        Member *m = (Member *)callee;
        if (m->object->kind == NODE_SUPER) break;
        gen_expr(g, m->object, self);
        gen_chain_test(g, self, m->optional);
        *method = m->name;
        return SLOT_ANY;
    }
    case NODE_INDEX: {
        Index *m = (Index *)callee;
        if (m->object->kind == NODE_SUPER) break;
        gen_expr(g, m->object, self);
        gen_chain_test(g, self, m->optional);
        Slot f = gen_new_register(g);
        gen_get_index(g, f, self, m->index, callee->aux_position);
        return f;
    }
    case NODE_PRIVATE_MEMBER: {
        PrivateMember *m = (PrivateMember *)callee;
        gen_expr(g, m->object, self);
        gen_chain_test(g, self, m->optional);
        Slot f = gen_new_register(g);
        gen_get_private(g, f, self, m->name, callee->aux_position);
        return f;
    }
    case NODE_OPTIONAL_CHAIN: {          // (a?.b)(): the chain ends before the call, but its receiver is `this`
        OptionalChainState state;
        Slot f = gen_new_register(g);
        gen_chain_begin(g, &state);
        const Name *name;
        Slot inner = gen_callee(g, ((OptionalChain *)callee)->chain, self, &name);
        if (name) gen_get_member(g, f, self, name);
        else gen_move(g, f, inner);
        gen_chain_end(g, &state, f, SMALL_UNDEFINED);
        return f;
    }
    case NODE_IDENTIFIER: {
        Identifier *id = (Identifier *)callee;
        if (!id->scope) break;
        NameReference ref = gen_resolve_name(g, id);     // a with object is the receiver of its functions
        Slot f = gen_load_reference(g, ref, gen_new_register(g));
        if (ref.object != SLOT_ANY) gen_move(g, self, ref.object);
        else gen_load_small(g, self, SMALL_UNDEFINED);
        return f;
    }
    default: break;
    }
    bool super = (callee->kind == NODE_MEMBER || callee->kind == NODE_INDEX);
    Slot f = gen_expr(g, callee, super ? gen_new_register(g) : SLOT_ANY);
    if (super) {
        Node *object = callee->kind == NODE_MEMBER ? ((Member *)callee)->object : ((Index *)callee)->object;
        gen_this(g, ((SuperKeyword *)object)->this_binding, self, callee->start);
    } else {
        gen_load_small(g, self, SMALL_UNDEFINED);
    }
    return f;
}

/* What `n` calls, methods looked up, as it is before the arguments are evaluated; the receiver into `self`. */
static Slot gen_found_callee(Gen *g, Call *n, Slot self)
{
    const Name *method;
    Slot f = gen_callee(g, n->callee, self, &method);
    if (method) {
        f = gen_new_register(g);
        gen_position(g, n->callee->aux_position);
        gen_get_member(g, f, self, method);
    } else if (gen_assigns(g, &n->node)) {
        Slot copy = gen_new_register(g);
        gen_move(g, copy, f);
        f = copy;
    }
    gen_chain_test(g, f, n->optional);
    return f;
}

/* The receiver must not share its register with the window when the window is allocated below what the callee needs. */
static Slot gen_call_spread(Gen *g, Call *n, Slot dst)
{
    Slot self = gen_new_register(g), f = gen_found_callee(g, n, self);
    Slot array = gen_arguments_array(g, n->arguments, gen_new_register(g));
    gen_position(g, n->node.aux_position);
    gen_emit(g, OP_CALL_SPREAD, dst, f, self, array, 0, 0);
    return dst;
}

/* f.apply(x, arguments), where that is all the function does with `arguments` (forward.h). */
static void gen_apply_forward(Gen *g, Call *n, Slot dst)
{
    const Member *callee = (const Member *)n->callee;
    Slot f = gen_expr(g, callee->object, gen_new_register(g)), apply = gen_new_register(g);
    gen_chain_test(g, f, callee->optional);
    gen_position(g, n->callee->aux_position);
    gen_get_member(g, apply, f, callee->name);
    Slot self = gen_expr(g, n->arguments.items[0], gen_new_register(g));
    gen_position(g, n->node.aux_position);
    gen_emit(g, OP_APPLY_FORWARD, dst, apply, f, self, gen_uses_mapped_arguments(g), 0);
}

/* f(x, ...rest), where that is all the function does with its rest parameter. */
static void gen_call_forward(Gen *g, Call *n, Slot dst)
{
    uint32_t count = n->arguments.count - 1;
    Slot window = gen_new_window(g, count), f = gen_found_callee(g, n, window);
    gen_arguments(g, (NodeList){ n->arguments.items, count }, window);
    gen_position(g, n->node.aux_position);
    uint32_t first = ((const Function *)g->info->node)->parameters.count - 1;
    gen_emit(g, OP_CALL_FORWARD, dst, f, window, count, forward_rest(g->info)->slot, first);
}

static bool gen_is_intrinsic(const Gen *g, const Call *n)
{
    const Identifier *id = (const Identifier *)n->callee;
    return g->c->options->is_library && id->node.kind == NODE_IDENTIFIER && !id->binding && id->name->length > 1
        && names_unit(id->name, 0) == '$';
}

/* The library's $call(f, this, ...arguments). */
static void gen_call_with_this(Gen *g, Call *n, Slot dst)
{
    NodeList rest = { n->arguments.items + 2, n->arguments.count - 2 };
    Slot f = gen_expr(g, n->arguments.items[0], gen_new_register(g));
    Slot window = gen_new_window(g, rest.count);
    gen_expr(g, n->arguments.items[1], window);
    gen_arguments(g, rest, window);
    gen_position(g, n->node.start);
    gen_emit(g, OP_CALL, dst, f, window, rest.count, gen_cache(g, NULL));
}

/* The library's $apply(f, this, array). */
static void gen_apply_with_this(Gen *g, Call *n, Slot dst)
{
    Slot f = gen_expr(g, n->arguments.items[0], gen_new_register(g));
    Slot self = gen_expr(g, n->arguments.items[1], gen_new_register(g));
    Slot array = gen_expr(g, n->arguments.items[2], gen_new_register(g));
    gen_position(g, n->node.start);
    gen_emit(g, OP_CALL_SPREAD, dst, f, self, array, 0, 0);
}

static void gen_intrinsic(Gen *g, Call *n, Slot dst)
{
    const Identifier *id = (const Identifier *)n->callee;
    const char *name = names_text(g->c->a->names, id->name, 100) + 1;
    if (!strcmp(name, "call") && n->arguments.count >= 2 && !gen_has_spread(n->arguments)) {
        gen_call_with_this(g, n, dst);
        return;
    }
    if (!strcmp(name, "apply") && n->arguments.count == 3) {
        gen_apply_with_this(g, n, dst);
        return;
    }
    uint32_t number = g->c->options->find_intrinsic(name);
    if (number == UINT32_MAX) {
        gen_error(g, DIAG_NOT_YET, &id->node, name);
        return;
    }
    Slot window = gen_new_window(g, n->arguments.count);
    gen_arguments(g, n->arguments, window);
    gen_position(g, n->node.start);
    gen_emit(g, OP_INTRINSIC, dst, number, window, n->arguments.count);
}

static void gen_direct_eval(Gen *g, Call *n, Slot dst)
{
    Slot f = gen_load_name(g, (Identifier *)n->callee, gen_new_register(g), false);
    Slot scope = gen_new_register(g);
    if (gen_has_spread(n->arguments)) {
        Slot self = gen_new_register(g);
        gen_load_small(g, self, SMALL_UNDEFINED);
        Slot array = gen_arguments_array(g, n->arguments, gen_new_register(g));
        gen_eval_scope(g, n->scope, scope);
        gen_position(g, n->node.aux_position);
        gen_emit(g, OP_CALL_EVAL_SPREAD, dst, f, self, array, scope, 0);
        return;
    }
    Slot window = gen_new_window(g, n->arguments.count);
    gen_load_small(g, window, SMALL_UNDEFINED);
    gen_arguments(g, n->arguments, window);
    gen_eval_scope(g, n->scope, scope);
    gen_position(g, n->node.aux_position);
    gen_emit(g, OP_CALL_EVAL, dst, f, window, n->arguments.count, scope, 0);
}

/* Can evaluating the arguments be told from not doing so? If not, CALL_METHOD may look the method up behind them. */
static bool gen_are_inert(const Gen *g, NodeList arguments)
{
    for (uint32_t i = 0; i < arguments.count; i++)
        if (!gen_is_inert(g, arguments.items[i])) return false;
    return true;
}

Slot gen_call(Gen *g, Call *n, Slot dst)
{
    const Name *method;
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    if (gen_is_intrinsic(g, n)) {
        gen_intrinsic(g, n, dst);
    } else if (n->scope) {
        gen_direct_eval(g, n, dst);
    } else if (g->info->makes_no_arguments && forward_is_call(g->info, n)) {
        gen_apply_forward(g, n, dst);
    } else if (g->info->only_forwards_rest && forward_is_rest_call(g->info, n)) {
        gen_call_forward(g, n, dst);
    } else if (gen_has_spread(n->arguments)) {
        gen_call_spread(g, n, dst);
    } else {
        Slot holder = gen_new_register(g);               // a callee that is computed; given back when it is a method
        int32_t window_mark = gen_mark(g);
        Slot window = gen_new_window(g, n->arguments.count);
        int32_t callee_mark = gen_mark(g);
        Slot f = gen_callee(g, n->callee, window, &method);
        if (method && (n->optional || !gen_are_inert(g, n->arguments))) {
            gen_position(g, n->callee->aux_position);
            gen_get_member(g, holder, window, method);
            f = holder;
            method = NULL;
        } else if (!method) {
            bool keeps = n->arguments.count && gen_assigns(g, &n->node);
            if (f <= FRAME_REGISTERS - window_mark || keeps) {
                gen_move(g, holder, f);                  // it lies where the callee's frame will be
                f = holder;
            }
        }
        gen_release(g, callee_mark);
        if (!method) gen_chain_test(g, f, n->optional);
        gen_arguments(g, n->arguments, window);
        gen_position(g, method ? n->callee->aux_position : n->node.aux_position);
        if (method) gen_emit(g, OP_CALL_METHOD, dst, window, n->arguments.count, gen_cache(g, method), 0);
        else gen_emit(g, OP_CALL, dst, f, window, n->arguments.count, gen_cache(g, NULL));
    }
    gen_release(g, mark);
    return dst;
}

/* The call's parts as they are evaluated, with nothing left to the call but the call. */
CallParts gen_call_parts(Gen *g, Call *n)
{
    const Name *method;
    CallParts parts = { .callee = gen_new_register(g), .window = SLOT_ANY, .array = SLOT_ANY };
    bool spread = gen_has_spread(n->arguments);
    if (spread) parts.self = gen_new_register(g);
    else parts.self = parts.window = gen_new_window(g, parts.count = n->arguments.count);
    int32_t mark = gen_mark(g);
    Slot f = gen_callee(g, n->callee, parts.self, &method);
    if (method) {
        gen_position(g, n->callee->aux_position);
        gen_get_member(g, parts.callee, parts.self, method);
    } else {
        gen_move(g, parts.callee, f);
    }
    gen_release(g, mark);
    gen_chain_test(g, parts.callee, n->optional);
    if (spread) parts.array = gen_arguments_array(g, n->arguments, gen_new_register(g));
    else gen_arguments(g, n->arguments, parts.window);
    gen_position(g, n->node.aux_position);
    return parts;
}

/* ---- construction ------------------------------------------------------------------------------------------------ */

Slot gen_new(Gen *g, New *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot f = gen_expr(g, n->callee, gen_new_register(g));
    if (gen_has_spread(n->arguments)) {
        Slot array = gen_arguments_array(g, n->arguments, gen_new_register(g));
        gen_position(g, n->node.start);
        gen_emit(g, OP_NEW_SPREAD, dst, f, array, f, 0, 0);
        gen_emit(g, OP_CONSTRUCT_RESULT, dst, f);
    } else {
        Slot window = gen_new_window(g, n->arguments.count);
        gen_load_small(g, window, SMALL_UNDEFINED);
        gen_arguments(g, n->arguments, window);
        gen_position(g, n->node.start);
        gen_emit(g, OP_NEW, dst, f, window, n->arguments.count, gen_cache(g, NULL));
        gen_emit(g, OP_CONSTRUCT_RESULT, dst, f);
    }
    if (n->initializer) {                                // new P{ x: 1 }: fields are assigned in order
        ObjectLiteral *fields = (ObjectLiteral *)n->initializer;
        for (uint32_t i = 0; i < fields->members.count; i++) {
            int32_t field_mark = gen_mark(g);
            Property *p = (Property *)fields->members.items[i];
            Slot v = gen_expr(g, p->value, SLOT_ANY);
            gen_position(g, p->node.start);
            gen_emit(g, OP_SET_PROP, dst, gen_cache(g, ((StringLiteral *)p->key)->value), v);
            gen_release(g, field_mark);
        }
    }
    gen_release(g, mark);
    return dst;
}

static void gen_super_spread(Gen *g, SuperCall *n, Slot parent, Slot self)
{
    uint32_t position = n->node.start;
    Slot target = gen_load_binding(g, n->new_target, gen_new_register(g), position);
    Slot array = gen_arguments_array(g, n->arguments, gen_new_register(g));
    gen_position(g, position);
    gen_emit(g, OP_CHECK_CONSTRUCTOR, parent);
    gen_emit(g, OP_NEW_SPREAD, self, parent, array, target, 0, 0);
}

/* super(...rest), where that is all the function does with its rest parameter: as in a constructor that nobody wrote,
 * unless arrays iterate otherwise than at first. The array is made once. */
static void gen_super_forward(Gen *g, SuperCall *n, Slot parent, Slot self)
{
    Label changed = { .position = -1 }, made = { .position = -1 }, end = { .position = -1 };
    Slot rest = forward_rest(g->info)->slot;
    gen_jump(g, OP_JUMP_ITERATION_CHANGED, &changed, 0, 0);
    gen_emit(g, OP_CHECK_CONSTRUCTOR, parent);
    gen_emit(g, OP_SUPER_FORWARD, self, parent, gen_cache(g, NULL), 0, 0);
    gen_jump(g, OP_JUMP, &end, 0, 0);
    gen_bind(g, &changed);
    gen_jump(g, OP_JUMP_DEFINED, &made, rest, 0);
    gen_emit(g, OP_REST, rest, 0);
    gen_bind(g, &made);
    gen_super_spread(g, n, parent, self);
    gen_bind(g, &end);
}

/* super(...) (13.3.7.1): construct the parent, bind `this`, initialise the fields. */
Slot gen_super_call(Gen *g, SuperCall *n, Slot dst)
{
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    uint32_t position = n->node.start;
    Slot parent = gen_new_register(g), self = gen_new_register(g);
    gen_load_binding(g, n->callee, parent, position);
    gen_position(g, position);
    gen_emit(g, OP_GET_PROTO, parent, parent);
    if (g->info->only_forwards_rest && forward_is_rest_super(g->info, n)) {
        gen_super_forward(g, n, parent, self);
    } else if (gen_has_spread(n->arguments)) {
        gen_super_spread(g, n, parent, self);
    } else {
        Slot window = gen_new_window(g, n->arguments.count);
        gen_move(g, window, gen_load_binding(g, n->new_target, window, position));
        gen_arguments(g, n->arguments, window);
        gen_position(g, position);
        gen_emit(g, OP_CHECK_CONSTRUCTOR, parent);
        gen_emit(g, OP_SUPER_CONSTRUCT, self, parent, window, n->arguments.count, gen_cache(g, NULL));
    }
    gen_emit(g, OP_CONSTRUCT_RESULT, self, parent);
    gen_bind_this(g, n->this_binding, self, position);
    if (n->fields) {
        Slot f = gen_load_binding(g, n->fields, gen_new_register(g), position), window = gen_new_window(g, 0);
        gen_move(g, window, self);
        gen_position(g, position);
        gen_emit(g, OP_CALL, f, f, window, 0, gen_cache(g, NULL));
    }
    gen_move(g, dst, self);
    gen_release(g, mark);
    return dst;
}

/* ---- tagged templates -------------------------------------------------------------------------------------------- */

static uint32_t gen_template_constant(Gen *g, TemplateLiteral *t)
{
    UnitConstant k = { .kind = CONSTANT_TEMPLATE, .count = t->quasis.count };
    k.list = gen_list(g, t->quasis.count * 2);
    for (uint32_t i = 0; i < t->quasis.count; i++) {
        const TemplateElement *quasi = (const TemplateElement *)t->quasis.items[i];
        k.list[i * 2] = quasi->cooked ? gen_string(g->c, quasi->cooked) : UNIT_NONE;
        k.list[i * 2 + 1] = gen_string(g->c, quasi->raw);
    }
    return gen_add_constant(g, k);
}

Slot gen_tagged_template(Gen *g, TaggedTemplate *n, Slot dst)
{
    const Name *method;
    TemplateLiteral *t = (TemplateLiteral *)n->quasi;
    dst = gen_dst(g, dst);
    int32_t mark = gen_mark(g);
    Slot f = gen_new_register(g);
    Slot window = gen_new_window(g, t->expressions.count + 1);
    int32_t callee_mark = gen_mark(g);
    Slot callee = gen_callee(g, n->tag, window, &method);
    gen_position(g, n->tag->aux_position);
    if (method) gen_get_member(g, f, window, method);
    else gen_move(g, f, callee);
    gen_release(g, callee_mark);
    gen_emit(g, OP_TEMPLATE_OBJECT, window + 1, gen_template_constant(g, t));
    for (uint32_t i = 0; i < t->expressions.count; i++) {
        int32_t expression_mark = gen_mark(g);
        gen_expr(g, t->expressions.items[i], window + 2 + (Slot)i);
        gen_release(g, expression_mark);
    }
    gen_position(g, n->node.start);
    gen_emit(g, OP_CALL, dst, f, window, t->expressions.count + 1, gen_cache(g, NULL));
    gen_release(g, mark);
    return dst;
}
