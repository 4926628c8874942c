/* SPDX-License-Identifier: MIT */
#include "compiler/forward.h"

#include "vm/base/debug.h"

bool forward_is_arguments(const FunctionInfo *f, const Node *object)
{
    const Identifier *id = (const Identifier *)object;
    return f->arguments && object->kind == NODE_IDENTIFIER && id->name->word == WORD_ARGUMENTS
        && id->binding == f->arguments && !id->scope;
}

bool forward_is_read(const FunctionInfo *f, const Node *node)
{
    const Member *member = (const Member *)node;
    const Index *index = (const Index *)node;
    if (node->kind == NODE_MEMBER)
        return !member->optional && member->name->word == WORD_LENGTH && forward_is_arguments(f, member->object);
    return node->kind == NODE_INDEX && !index->optional && index->index->kind != NODE_SLICE_LIST
        && forward_is_arguments(f, index->object);
}

bool forward_is_call(const FunctionInfo *f, const Call *n)
{
    const Member *callee = (const Member *)n->callee;
    if (!f->arguments || n->optional || n->arguments.count != 2 || callee->node.kind != NODE_MEMBER) return false;
    if (callee->object->kind == NODE_SUPER || callee->name->word != WORD_APPLY) return false;
    const Node *first = n->arguments.items[0];
    if (first->kind == NODE_SPREAD || first->kind == NODE_NAMED_ARGUMENT) return false;
    return forward_is_arguments(f, n->arguments.items[1]);
}

const Binding *forward_rest(const FunctionInfo *f)
{
    if (f->node->kind != NODE_FUNCTION) return NULL;
    const Function *function = (const Function *)f->node;
    if (!function->parameters.count) return NULL;
    const Parameter *last = (const Parameter *)function->parameters.items[function->parameters.count - 1];
    return last->rest && last->target->kind == NODE_IDENTIFIER ? ((const Identifier *)last->target)->binding : NULL;
}

/* Is the last one ...rest, and no other spread? */
static bool forward_ends_with_rest(const FunctionInfo *f, NodeList arguments)
{
    const Binding *rest = forward_rest(f);
    if (!rest || !arguments.count) return false;
    for (uint32_t i = 0; i < arguments.count - 1; i++) {
        NodeKind kind = arguments.items[i]->kind;
        if (kind == NODE_SPREAD || kind == NODE_NAMED_ARGUMENT) return false;
    }
    const Spread *last = (const Spread *)arguments.items[arguments.count - 1];
    if (last->node.kind != NODE_SPREAD || last->argument->kind != NODE_IDENTIFIER) return false;
    const Identifier *id = (const Identifier *)last->argument;
    return id->binding == rest && !id->scope;
}

bool forward_is_rest_call(const FunctionInfo *f, const Call *n)
{
    return !n->scope && n->callee->kind != NODE_SUPER && forward_ends_with_rest(f, n->arguments);
}

bool forward_is_rest_super(const FunctionInfo *f, const SuperCall *n)
{
    if (n->arguments.count != 1 || !forward_ends_with_rest(f, n->arguments)) return false;
    return ((const Function *)f->node)->parameters.count == 1;
}

/* I1, and whether a closure has a parameter. */
static bool forward_keeps_parameters(const FunctionInfo *f, const Function *function, bool *captured)
{
    *captured = false;
    if (!(function->bits & FUNCTION_HAS_SIMPLE_PARAMETERS)) return false;
    for (uint32_t i = 0; i < function->parameters.count; i++) {
        const Node *target = ((const Parameter *)function->parameters.items[i])->target;
        const Binding *b = target->kind == NODE_IDENTIFIER ? ((const Identifier *)target)->binding : NULL;
        if (!b || b->kind != BINDING_PARAMETER || b->is_assigned || b->is_forced) return false;
        if (b->is_captured) *captured = true;
    }
    return !f->has_own_scope;
}

/* Do all parameters live where the arguments were passed? */
static bool forward_has_parameters_in_place(const Function *function)
{
    for (uint32_t i = 0; i < function->parameters.count; i++) {
        const Binding *b = ((const Identifier *)((const Parameter *)function->parameters.items[i])->target)->binding;
        if (!b || b->kind != BINDING_PARAMETER || b->is_forced || (b->is_captured && b->is_assigned)) return false;
    }
    return true;
}

static bool forward_may_read(const FunctionInfo *f)
{
    const Function *function = (const Function *)f->node;
    bool captured;
    if (forward_keeps_parameters(f, function, &captured)) return true;
    bool mapped = !f->is_strict && (function->bits & FUNCTION_HAS_SIMPLE_PARAMETERS);
    return mapped && !f->has_own_scope && forward_has_parameters_in_place(function);
}

static bool forward_may_forward(const FunctionInfo *f)
{
    const Function *function = (const Function *)f->node;
    bool captured;
    if (!forward_keeps_parameters(f, function, &captured)) return false;
    if (f->is_strict || !function->parameters.count) return true;
    return f->forwards_last == f->forwards && !f->has_try && !captured;      // I2
}

static bool forward_only(const FunctionInfo *f)
{
    const Binding *b = f->arguments;
    if (!b || f->node->kind != NODE_FUNCTION || f->spoils_arguments) return false;
    if (f->forwards + f->argument_lengths + f->argument_reads != b->reference_count) return false;
    if (b->is_captured || b->is_assigned || b->is_forced || f->has_eval || f->is_async || f->is_generator) return false;
    return (!f->forwards || forward_may_forward(f)) && (!f->argument_reads || forward_may_read(f));
}

static bool forward_only_rest(const FunctionInfo *f)
{
    const Binding *b = forward_rest(f);
    if (!b || !f->rest_forwards || f->rest_forwards != b->reference_count || b->kind != BINDING_PARAMETER) return false;
    if (b->is_captured || b->is_assigned || b->is_forced || b->may_be_dead) return false;
    return !f->has_eval && !f->is_async && !f->is_generator;
}

void forward_find(ScopeAnalysis *a)
{
    if (debug_flags()->noescape) return;
    for (uint32_t i = 0; i < a->functions.count; i++) {
        FunctionInfo *f = a->functions.items[i];
        f->makes_no_arguments = forward_only(f);
        f->only_forwards_rest = forward_only_rest(f);
    }
}
