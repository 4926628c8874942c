/* SPDX-License-Identifier: MIT */
#include "compiler/ast.h"

#include <stdio.h>
#include <string.h>

#include "compiler/names.h"
#include "vm/base/assert.h"
#include "vm/base/utf.h"

enum { DUMP_DEPTH = 1000 };

/* ---- kinds --------------------------------------------------------------------------------------------- */

static const char *const kind_names[] = {
#define AST_NODE(NAME, Type, fields) #NAME,
#include "compiler/ast.def"
};

static const uint16_t kind_sizes[] = {
#define AST_NODE(NAME, Type, fields) sizeof(Type),
#include "compiler/ast.def"
};

static const char *const token_texts[] = {
#define TOKEN(name, text) text,
#include "compiler/token.def"
};

STATIC_ASSERT(NODE_COUNT <= 256 && TOKEN_COUNT <= 256, "Node.kind and Token.kind are bytes");

Node *ast_new(Arena *arena, NodeKind kind, uint32_t start)
{
    ASSERT(kind < NODE_COUNT, "a row of ast.def");
    Node *node = arena_alloc(arena, kind_sizes[kind]);
    node->kind = (uint8_t)kind;
    node->start = node->end = node->aux_position = start;
    return node;
}

size_t ast_size(NodeKind kind)
{
    return kind_sizes[kind];
}

const char *ast_kind_name(NodeKind kind)
{
    return kind_names[kind];
}

const char *ast_token_text(TokenKind kind)
{
    return token_texts[kind];
}

/* ---- children ------------------------------------------------------------------------------------------ */

typedef struct Visit {
    void (*visit)(void *context, Node *child);
    void *context;
} Visit;

static void visit_node(const Visit *v, Node *child)
{
    if (child) v->visit(v->context, child);
}

static void visit_list(const Visit *v, const NodeList *list)
{
    for (uint32_t i = 0; i < list->count; i++) visit_node(v, list->items[i]);
}

#define F_NODE(x)    visit_node(v, n->x);
#define F_LIST(x)    visit_list(v, &n->x);
#define F_SHARED(x)
#define F_NAME(x)
#define F_TOKEN(x)
#define F_FLAG(x)
#define F_INT(x)
#define F_NUMBER(x)
#define F_INFO(T, x)
#define AST_NODE(NAME, Type, fields)                                             \
    static void visit_##Type(const Visit *v, const Type *n) { (void)v; (void)n; fields }
#include "compiler/ast.def"
#undef F_NODE
#undef F_LIST
#undef F_SHARED
#undef F_NAME
#undef F_TOKEN
#undef F_FLAG
#undef F_INT
#undef F_NUMBER

void ast_each_child(Node *node, void (*visit)(void *context, Node *child), void *context)
{
    Visit v = { visit, context };
    switch ((NodeKind)node->kind) {
#define AST_NODE(NAME, Type, fields) case NODE_##NAME: visit_##Type(&v, (const Type *)node); break;
#include "compiler/ast.def"
    case NODE_COUNT: UNREACHABLE();
    }
}

/* ---- what a tree says ---------------------------------------------------------------------------------- */

Node *ast_strip_types(Node *node)
{
    while (node && node->kind == NODE_TYPE_ASSERTION) node = ((TypeAssertion *)node)->expression;
    return node;
}

const Name *ast_key_name(const Property *p)
{
    return p->computed || p->key->kind != NODE_STRING ? NULL : ((const StringLiteral *)p->key)->value;
}

bool ast_is_proto(const Property *p)
{
    const Name *name = ast_key_name(p);
    return name && name->word == WORD_PROTO && p->kind == PROPERTY_INIT;
}

bool ast_is_record(const ObjectLiteral *n, uint32_t most)
{
    if (n->members.count == 0 || n->members.count > most) return false;
    for (uint32_t i = 0; i < n->members.count; i++) {
        const Property *p = (const Property *)n->members.items[i];
        if (p->node.kind != NODE_PROPERTY || p->kind > PROPERTY_SHORTHAND || !ast_key_name(p) || ast_is_proto(p)) return false;
        for (uint32_t k = 0; k < i; k++)
            if (ast_key_name((const Property *)n->members.items[k]) == ast_key_name(p)) return false;
    }
    return true;
}

/* ---- dump ---------------------------------------------------------------------------------------------- */

typedef struct Dump {
    Buf     *out;
    uint32_t depth;
    bool     as_javascript;          // of two readings show the JavaScript one
} Dump;

static void dump_line(Dump *d, const char *label)
{
    buf_put_byte(d->out, '\n');
    for (uint32_t i = 0; i < d->depth; i++) buf_put(d->out, "  ", 2);
    buf_put_text(d->out, label);
}

static void dump_child(Dump *d, const char *label, const Node *child);

static void dump_node_field(Dump *d, const char *name, const Node *child)
{
    if (!child) return;
    char label[32];
    snprintf(label, sizeof label, "%s: ", name);
    dump_child(d, label, child);
}

static void dump_list_field(Dump *d, const char *name, const NodeList *list)
{
    if (list->count == 0) return;
    char label[32];
    snprintf(label, sizeof label, "%s:", name);
    dump_line(d, label);
    d->depth++;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i]) dump_child(d, "", list->items[i]);
        else dump_line(d, "-");
    }
    d->depth--;
}

static void dump_name_field(Dump *d, const char *label, const Name *name)
{
    if (!name) return;
    buf_format(d->out, " %s=\"", label);
    for (uint32_t i = 0; i < name->length; i++) {
        uint32_t c = name->is_wide ? name->utf16[i] : name->latin1[i];
        if (c == '"' || c == '\\') buf_format(d->out, "\\%c", (char)c);
        else if (c >= 0x20 && c < 0x7f) buf_put_byte(d->out, (uint8_t)c);
        else buf_format(d->out, "\\u%04x", c);
    }
    buf_put_byte(d->out, '"');
}

/* Scalars come on the node's own line, children below; so the fields are walked twice. */
#define F_NODE(x)
#define F_LIST(x)
#define F_SHARED(x)
#define F_NAME(x)    dump_name_field(d, #x, n->x);
#define F_TOKEN(x)   buf_format(d->out, " %s", ast_token_text(n->x));
#define F_FLAG(x)    if (n->x) buf_put_text(d->out, " " #x);
#define F_INT(x)     if (n->x) buf_format(d->out, " " #x "=%u", n->x);
#define F_NUMBER(x)  buf_format(d->out, " " #x "=%.17g", n->x);
#define AST_NODE(NAME, Type, fields)                                             \
    static void dump_scalars_##Type(Dump *d, const Type *n) { (void)d; (void)n; fields }
#include "compiler/ast.def"
#undef F_NODE
#undef F_LIST
#undef F_SHARED
#undef F_NAME
#undef F_TOKEN
#undef F_FLAG
#undef F_INT
#undef F_NUMBER

#define F_NODE(x)    dump_node_field(d, #x, n->x);
#define F_LIST(x)    dump_list_field(d, #x, &n->x);
#define F_SHARED(x)  dump_node_field(d, #x, n->x);
#define F_NAME(x)
#define F_TOKEN(x)
#define F_FLAG(x)
#define F_INT(x)
#define F_NUMBER(x)
#define AST_NODE(NAME, Type, fields)                                             \
    static void dump_children_##Type(Dump *d, const Type *n) { (void)d; (void)n; fields }
#include "compiler/ast.def"
#undef F_INFO

static void dump_header(Dump *d, const Node *node)
{
    static const char *const flag_names[] = {
        "parenthesized", "trailing_comma", "escape", "legacy_octal", "declare",
    };
    buf_format(d->out, "(%s", kind_names[node->kind]);
    switch ((NodeKind)node->kind) {
#define AST_NODE(NAME, Type, fields) case NODE_##NAME: dump_scalars_##Type(d, (const Type *)node); break;
#include "compiler/ast.def"
    case NODE_COUNT: UNREACHABLE();
    }
    for (unsigned i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if (node->flags >> i & 1) buf_format(d->out, " %s", flag_names[i]);
    buf_format(d->out, " %u..%u", node->start, node->end);
    if (node->aux_position != node->start) buf_format(d->out, " @%u", node->aux_position);
}

/* The JavaScript reading of a node that has two, or the node. */
static const Node *javascript_reading(const Node *node)
{
    if (node->kind == NODE_SEND && ((const Send *)node)->comparison) return ((const Send *)node)->comparison;
    if (node->kind == NODE_AWAIT && ((const Await *)node)->identifier_reading)
        return ((const Await *)node)->identifier_reading;
    return node;
}

static void dump_child(Dump *d, const char *label, const Node *node)
{
    if (d->as_javascript) node = javascript_reading(node);
    dump_line(d, label);
    if (d->depth >= DUMP_DEPTH) {
        buf_put_text(d->out, "...");
        return;
    }
    dump_header(d, node);
    d->depth++;
    switch ((NodeKind)node->kind) {
#define AST_NODE(NAME, Type, fields) case NODE_##NAME: dump_children_##Type(d, (const Type *)node); break;
#include "compiler/ast.def"
    case NODE_COUNT: UNREACHABLE();
    }
    d->depth--;
    buf_put_byte(d->out, ')');
}

static void dump_tree(Buf *out, const Node *node, bool as_javascript)
{
    Dump d = { .out = out, .as_javascript = as_javascript };
    size_t start = out->count;
    dump_child(&d, "", node);
    memmove(out->bytes + start, out->bytes + start + 1, out->count - start - 1);    // not first, but last
    out->bytes[out->count - 1] = '\n';
}

void ast_dump(Buf *out, const Node *node)
{
    dump_tree(out, node, false);
}

void ast_dump_javascript(Buf *out, const Node *node)
{
    dump_tree(out, node, true);
}
