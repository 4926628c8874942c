/* SPDX-License-Identifier: MIT */
/* ast.h - the tree: layouts, kinds, constructors and dump, expanded from ast.def.
 *
 * I1  Nodes live in the arena of their compilation and are immutable once the parser returns, except F_INFO
 *     fields, each written by the one later stage that owns it, and what escape.c takes apart.
 * I2  A child's source range lies within its parent's.
 * Threads: a tree belongs to the compilation that made it. */
#ifndef US_COMPILER_AST_H
#define US_COMPILER_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vm/base/arena.h"
#include "vm/base/buf.h"

/* Interned text of a compilation: equal content means equal pointer. `units` holds Latin-1 bytes or, when
 * is_wide (some unit is above 0xFF), UTF-16. Lone surrogates are legal. */
typedef struct Name {
    uint32_t hash;
    uint32_t length;                 // in code units
    bool     is_wide;
    uint8_t  word;                   // the Word this spells (names.h), 0: none
    union {
        uint8_t  latin1[1];
        uint16_t utf16[1];
    };
} Name;

typedef enum TokenKind {
#define TOKEN(name, text) TOKEN_##name,
#include "compiler/token.def"
    TOKEN_COUNT
} TokenKind;

typedef enum NodeKind {
#define AST_NODE(NAME, Type, fields) NODE_##NAME,
#include "compiler/ast.def"
    NODE_COUNT
} NodeKind;

enum {                               // Node.flags
    FLAG_PARENTHESIZED = 1,          // was written in parentheses
    FLAG_TRAILING_COMMA = 2,         // the list ended in a comma where that matters
    FLAG_HAS_ESCAPE = 4,             // spelled with a Unicode or string escape
    FLAG_LEGACY_OCTAL = 8,           // 017, 08, or a string with \1..\9
    FLAG_DECLARE = 16,               // TypeScript `declare`: no run-time meaning
    FLAG_HAS_EVAL = 32,              // scope analysis: a function or program with a direct eval in it
    FLAG_IS_TARGET = 64,             // scope analysis: an identifier that is assigned to
};

typedef struct Node {
    uint8_t  kind;                   // NodeKind
    uint8_t  flags;
    uint32_t start, end;             // bytes of the source
    uint32_t aux_position;           // where an error at this node is shown; start unless said otherwise
} Node;

typedef struct NodeList {
    Node   **items;
    uint32_t count;
} NodeList;

#define F_NODE(x)    Node *x;
#define F_LIST(x)    NodeList x;
#define F_SHARED(x)  Node *x;
#define F_NAME(x)    Name *x;
#define F_TOKEN(x)   TokenKind x;
#define F_FLAG(x)    bool x;
#define F_INT(x)     uint32_t x;
#define F_NUMBER(x)  double x;
#define F_INFO(T, x) T *x;
struct Binding;
struct Scope;
struct FunctionInfo;
#define AST_NODE(NAME, Type, fields) typedef struct Type { Node node; fields } Type;
#include "compiler/ast.def"
#undef F_NODE
#undef F_LIST
#undef F_SHARED
#undef F_NAME
#undef F_TOKEN
#undef F_FLAG
#undef F_INT
#undef F_NUMBER
#undef F_INFO

/* As a Type: the kind is the caller's knowledge, asserted in checked builds. */
#define AST_AS(Type, NAME, pointer) ((Type *)ast_expect((Node *)(pointer), NODE_##NAME))

enum { PROPERTY_INIT, PROPERTY_SHORTHAND, PROPERTY_METHOD, PROPERTY_GET, PROPERTY_SET };
enum { VARIABLE_VAR, VARIABLE_LET, VARIABLE_CONST, VARIABLE_USING, VARIABLE_AWAIT_USING };
enum { IMPORT_NAMED, IMPORT_DEFAULT, IMPORT_NAMESPACE };
enum { GOAL_SCRIPT, GOAL_MODULE };
enum {
    MEMBER_CONSTRUCTOR, MEMBER_METHOD, MEMBER_GET, MEMBER_SET, MEMBER_FIELD, MEMBER_ACCESSOR,
    MEMBER_STATIC_BLOCK, MEMBER_OPERATOR
};
enum {                               // Function.kind
    FUNCTION_NORMAL, FUNCTION_ARROW, FUNCTION_METHOD, FUNCTION_GETTER, FUNCTION_SETTER,
    FUNCTION_CONSTRUCTOR, FUNCTION_DERIVED_CONSTRUCTOR
};
enum {                               // Function.bits
    FUNCTION_IS_ASYNC = 1,
    FUNCTION_IS_GENERATOR = 2,
    FUNCTION_IS_EXPRESSION_BODY = 4,
    FUNCTION_IS_STRICT = 8,
    FUNCTION_IS_DECLARATION = 16,
    FUNCTION_HAS_SIMPLE_PARAMETERS = 32,     // identifiers only: no pattern, initializer or rest
    FUNCTION_HAS_USE_STRICT = 64,            // the directive is its own
    FUNCTION_IS_FAST = 128,                  // UltraScript `fast`
    FUNCTION_IS_INLINE = 256,                // UltraScript `inline fast`
    FUNCTION_IS_STATIC = 512,                // a static method: noted by scope analysis
};
enum {                               // Parameter.bits, ClassMember.bits: TypeScript modifiers
    MODIFIER_PUBLIC = 1, MODIFIER_PRIVATE = 2, MODIFIER_PROTECTED = 4, MODIFIER_READONLY = 8,
    MODIFIER_OVERRIDE = 16, MODIFIER_ABSTRACT = 32, MODIFIER_DECLARE = 64, MODIFIER_OPTIONAL = 128,
    MODIFIER_PARAMETER_PROPERTY = 256,       // any of public private protected readonly override on a parameter
};

/** A zeroed node of `kind` covering `start`..`start`. */
NODISCARD Node *ast_new(Arena *arena, NodeKind kind, uint32_t start);

/** How many bytes a node of `kind` takes; for copies. */
size_t ast_size(NodeKind kind);

/** The kind's name as ast.def spells it, for instance "CALL". */
const char *ast_kind_name(NodeKind kind);

/** Call `visit` for every child of `node`, in order; NULL children and F_SHARED readings are left out. */
void ast_each_child(Node *node, void (*visit)(void *context, Node *child), void *context);

/** `node` without the type assertions around it; NULL for NULL. */
Node *ast_strip_types(Node *node);

/** The property's key when it is written as a name or string, or NULL. */
const Name *ast_key_name(const Property *p);

/** Is `p` the `__proto__: value` that sets the prototype (ECMA-262 B.3.1)? */
bool ast_is_proto(const Property *p);

/** Is the literal nothing but names with values, all different, at least 1 and at most `most`? */
bool ast_is_record(const ObjectLiteral *n, uint32_t most);

/** Append the tree as indented text, one node a line with its scalar fields: `(BINARY + 0..5` ... `)`.
 *  Deep trees are cut at a depth of 1,000 with `...`. */
void ast_dump(Buf *out, const Node *node);

/** As ast_dump, but of a node with two readings (Send, Await) only the JavaScript one: what a parser without
 *  the extensions would have built. */
void ast_dump_javascript(Buf *out, const Node *node);

/** `node` itself; in checked builds proves its kind. */
static inline Node *ast_expect(Node *node, NodeKind kind)
{
    (void)kind;
#ifdef US_CHECKED
    if (node->kind != kind) __builtin_trap();
#endif
    return node;
}

/** The spelling or description of a token kind, for messages. */
const char *ast_token_text(TokenKind kind);

#endif
