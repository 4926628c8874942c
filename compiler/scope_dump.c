/* SPDX-License-Identifier: MIT */
/* scope_dump.c - scopes, bindings and where they live, as text; of each goroutine's function, what it does to the
 * variables of the functions around it.
 *
 * A function inside a spawned one is a part of it, unless it is spawned itself: then it has a line of its own, and the
 * function around it passes on what it takes. */
#include "compiler/scope_int.h"

static const char *const scope_dump_kind_names[] = {
    "var", "parameter", "function", "let", "const", "class", "catch", "import", "self", "this", "new.target", "arguments",
    "callee", "home", "private", "hidden", "member",
};

static const char *const scope_dump_scope_names[] = {
    "function", "body", "self", "block", "for", "catch", "switch", "class", "literal", "static block", "with", "global",
    "module", "eval", "outer",
};

const char *scope_storage_name(Storage storage)
{
    static const char *const names[] = { "register", "value", "box", "box shared by goroutines", "environment", "global", "fields" };
    return names[storage];
}

typedef struct ScopeDump {
    Buf                 *out;
    const ScopeAnalysis *a;
} ScopeDump;

/* ---- what goroutines take ---------------------------------------------------------------------------------------- */

enum { TAKE_READ = 1, TAKE_WRITTEN = 2, TAKE_SEEN_BY_EVAL = 4, TAKE_PASSED_ON = 8 };

typedef struct ScopeTake {
    const Binding *binding;
    unsigned       how;                  // TAKE_*
} ScopeTake;

typedef VEC(ScopeTake) ScopeTakeList;

typedef struct ScopeTakeWalk {
    const FunctionInfo *spawned;         // whose takes these are
    const FunctionInfo *function;        // where the walk is: in it, or in one inside
    Arena              *arena;
    unsigned            how;             // the node being looked at uses what it uses
    ScopeTakeList      *list;
} ScopeTakeWalk;

static void scope_dump_note_take(void *context, Binding *b)
{
    const ScopeTakeWalk *w = context;
    bool is_variable = b->name || b->kind == BINDING_THIS || b->kind == BINDING_NEW_TARGET;
    const FunctionInfo *f = w->spawned, *owner = capture_owner(b);
    while (f && f != owner) f = f->parent;
    if (!is_variable || !f || f == w->spawned) return;
    unsigned how = b->kind == BINDING_NEW_TARGET && w->how == TAKE_WRITTEN ? TAKE_READ : w->how;     // by super()
    if (capture_runs_in_goroutine(w->function, w->spawned)) how = TAKE_PASSED_ON;
    for (uint32_t i = 0; i < w->list->count; i++) {
        if (w->list->items[i].binding != b) continue;
        w->list->items[i].how |= how;
        return;
    }
    VEC_PUSH_ARENA(w->arena, w->list, ((ScopeTake){ b, how }));
}

static unsigned scope_dump_how(const Node *node)
{
    if (node->kind == NODE_CALL) return TAKE_SEEN_BY_EVAL;
    if (node->kind == NODE_SUPER_CALL || node->flags & FLAG_IS_TARGET) return TAKE_WRITTEN;
    return TAKE_READ;
}

/* What is updated is read, too. */
static Node *scope_dump_updated(Node *node)
{
    if (node->kind == NODE_UPDATE) return ast_strip_types(((Update *)node)->target);
    bool compound = node->kind == NODE_ASSIGN && ((Assign *)node)->op != TOKEN_ASSIGN;
    return compound ? ast_strip_types(((Assign *)node)->target) : NULL;
}

static void scope_dump_walk(void *context, Node *node)
{
    ScopeTakeWalk inner = *(ScopeTakeWalk *)context;
    while (node->kind == NODE_BINARY) {
        scope_dump_walk(&inner, ((Binary *)node)->right);
        node = ((Binary *)node)->left;
    }
    if (node->kind == NODE_FUNCTION && ((Function *)node)->info) inner.function = ((Function *)node)->info;
    Node *updated = scope_dump_updated(node);
    if (updated && updated->kind == NODE_IDENTIFIER) {
        inner.how = TAKE_READ;
        capture_each_use(updated, scope_dump_note_take, &inner);
    }
    inner.how = scope_dump_how(node);
    capture_each_use(node, scope_dump_note_take, &inner);
    ast_each_child(node, scope_dump_walk, &inner);
}

static const char *scope_dump_name(const ScopeDump *d, const Binding *b)
{
    return b->name ? names_text(d->a->names, b->name, 60) : "";
}

static void scope_dump_takes(const ScopeDump *d, const FunctionInfo *f, int indent)
{
    static const char *const words[] = { "read", "written", "seen by eval", "passed on" };
    ScopeTakeList list = { 0 };
    scope_dump_walk(&(ScopeTakeWalk){ f, f, d->a->arena, 0, &list }, f->node);
    for (uint32_t i = 0; i < list.count; i++) {
        const Binding *b = list.items[i].binding;
        const char *name = b->name ? scope_dump_name(d, b) : scope_dump_kind_names[b->kind];
        buf_format(d->out, "%*stakes %s:", indent, "", name);
        const char *before = " ";
        for (unsigned k = 0; k < COUNT_OF(words); k++) {
            if (!(list.items[i].how >> k & 1)) continue;
            buf_format(d->out, "%s%s", before, words[k]);
            before = ", ";
        }
        buf_put_text(d->out, "\n");
    }
}

/* ---- scopes ------------------------------------------------------------------------------------------------------ */

static int scope_dump_depth(const Scope *s)
{
    int depth = 0;
    for (; s->parent; s = s->parent) depth++;
    return depth;
}

static void scope_dump_binding(const ScopeDump *d, const Binding *b, int indent)
{
    const char *name = scope_dump_name(d, b);
    buf_format(d->out, "%*s%s%s%s: %s", indent, "", scope_dump_kind_names[b->kind], *name ? " " : "", name,
               b->kind == BINDING_MEMBER ? "property" : scope_storage_name((Storage)b->storage));
    if (b->is_captured) buf_put_text(d->out, ", captured");
    if (b->captured_by_go) buf_put_text(d->out, " by go");
    if (b->is_assigned) buf_put_text(d->out, ", assigned");
    if (b->may_be_dead) buf_put_text(d->out, ", dead zone");
    if (b->is_exported) buf_put_text(d->out, ", exported");
    if (b->kept_whole) buf_format(d->out, ", whole: %s", b->kept_whole);
    if (b->whole) buf_format(d->out, ", field of %s", names_text(d->a->names, b->whole->name, 60));
    buf_put_text(d->out, "\n");
}

static void scope_dump_scope(void *context, Scope *s)
{
    const ScopeDump *d = context;
    const FunctionInfo *f = s->function;
    int indent = scope_dump_depth(s) * 2;
    buf_format(d->out, "%*s%s", indent, "", scope_dump_scope_names[s->kind]);
    bool opens = f->scope == s && f->node->kind == NODE_FUNCTION;
    if (opens && ((const Function *)f->node)->name)
        buf_format(d->out, " %s", names_text(d->a->names, ((const Function *)f->node)->name, 60));
    buf_format(d->out, " at %u", s->start);
    if (opens && f->is_spawned) buf_put_text(d->out, ", spawned");
    if (opens && f->has_eval) buf_put_text(d->out, ", eval");
    buf_put_text(d->out, "\n");
    if (opens && f->is_spawned) scope_dump_takes(d, f, indent + 2);
    for (const Binding *b = s->first; b; b = b->next) scope_dump_binding(d, b, indent + 2);
}

void scope_dump(Buf *out, const ScopeAnalysis *a)
{
    ScopeDump d = { out, a };
    capture_each_scope(&a->program->node, scope_dump_scope, &d);
}
