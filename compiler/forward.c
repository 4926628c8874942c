/* SPDX-License-Identifier: MIT */
#include "compiler/forward.h"

#include "vm/base/debug.h"

bool forward_is_call(const FunctionInfo *f, const Call *n)
{
    const Member *callee = (const Member *)n->callee;
    if (!f->arguments || n->optional || n->arguments.count != 2 || callee->node.kind != NODE_MEMBER) return false;
    if (callee->object->kind == NODE_SUPER || callee->name->word != WORD_APPLY) return false;
    const Node *first = n->arguments.items[0];
    const Identifier *last = (const Identifier *)n->arguments.items[1];
    if (first->kind == NODE_SPREAD || first->kind == NODE_NAMED_ARGUMENT) return false;
    return last->node.kind == NODE_IDENTIFIER && last->name->word == WORD_ARGUMENTS && last->binding == f->arguments
        && !last->scope;
}

const Binding *forward_rest(const FunctionInfo *f)
{
    if (f->node->kind != NODE_FUNCTION) return NULL;
    const Function *function = (const Function *)f->node;
    if (!function->parameters.count) return NULL;
    const Parameter *last = (const Parameter *)function->parameters.items[function->parameters.count - 1];
    return last->rest && last->target->kind == NODE_IDENTIFIER ? ((const Identifier *)last->target)->binding : NULL;
}

bool forward_is_rest_call(const FunctionInfo *f, const Call *n)
{
    const Binding *rest = forward_rest(f);
    if (!rest || !n->arguments.count || n->scope || n->callee->kind == NODE_SUPER) return false;
    for (uint32_t i = 0; i < n->arguments.count - 1; i++) {
        NodeKind kind = n->arguments.items[i]->kind;
        if (kind == NODE_SPREAD || kind == NODE_NAMED_ARGUMENT) return false;
    }
    const Spread *last = (const Spread *)n->arguments.items[n->arguments.count - 1];
    if (last->node.kind != NODE_SPREAD || last->argument->kind != NODE_IDENTIFIER) return false;
    const Identifier *id = (const Identifier *)last->argument;
    return id->binding == rest && !id->scope;
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

static bool forward_only(const FunctionInfo *f)
{
    const Binding *b = f->arguments;
    if (!b || f->node->kind != NODE_FUNCTION || f->forwards != b->reference_count) return false;
    if (b->is_captured || b->is_assigned || b->is_forced || f->has_eval || f->is_async || f->is_generator) return false;
    const Function *function = (const Function *)f->node;
    bool captured;
    if (!forward_keeps_parameters(f, function, &captured)) return false;
    if (f->is_strict || !function->parameters.count) return true;
    return f->forwards_last == f->forwards && !f->has_try && !captured;      // I2
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
        f->only_forwards = forward_only(f);
        f->only_forwards_rest = forward_only_rest(f);
    }
}
