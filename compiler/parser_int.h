/* SPDX-License-Identifier: MIT */
/* parser_int.h - what the parse_*.c share: cursor, context, failure, lists.
 *
 * I1  `token` is the first token not yet consumed; `previous_end` is where the last consumed one ended.
 * I2  A syntax error does not return: parser_fail reports it and leaves by longjmp to the statement list that
 *     recovers, or to the trial under way. An early error is reported and parsing goes on.
 * I3  So no parse function owns memory outside the arena, and whatever it changes in the Parser for the time
 *     of a call is in ParserState, which recoveries and trials restore.
 * I4  Every function that can recurse without bound calls parser_enter and parser_leave.
 * I5  A list is built on `pending`, above what outer lists have there, then copied in one piece.
 * I6  Work done twice (trials that fail) is bounded: by remembering where a trial failed, and by a budget in
 *     proportion to the source; who exceeds it gets an error. */
#ifndef US_COMPILER_PARSER_INT_H
#define US_COMPILER_PARSER_INT_H

#include <setjmp.h>

#include "compiler/lexer.h"
#include "compiler/parser.h"
#include "vm/base/assert.h"
#include "vm/base/vec.h"

#define NO_POSITION UINT32_MAX

enum {                               // Parser.in: what encloses an expression or type; brackets clear it
    IN_FOR_INIT = 1,                 // `in` is not an operator
    IN_HEADER = 2,                   // header without parentheses: a line end or `{` ends it
    IN_HERITAGE = 4,                 // `extends`: `{` is the class body
    IN_BEFORE_COLON = 8,             // `:` follows: middle of a conditional, or `case`
    IN_SLICE = 16,                   // `:` may follow: item of a slice list
    IN_EXTENDS_TYPE = 32,            // `?` follows: middle of a conditional type
};

/* What the code being parsed belongs to. On the C stack of the function that parses it. */
typedef struct FunctionContext {
    bool is_async;                   // `await` is an operator
    bool is_generator;               // `yield` is an operator
    bool in_parameters;              // ... but neither may be used here
    bool reserves_await;             // `await` is no identifier
    bool is_top_level;               // no function or class around
    bool allows_return;
    bool allows_new_target;
    bool allows_super_member;
    bool allows_super_call;
    bool forbids_arguments;          // field initializer or static block
    bool in_static_block;
    uint32_t first_label;            // in Parser.labels
    uint32_t first_breakable;        // in Parser.breakables
} FunctionContext;

typedef struct Label {
    Name    *name;
    uint32_t start, body_start;
    bool     is_loop;                // `continue` may name it
} Label;

enum { BREAKABLE_LOOP, BREAKABLE_SWITCH, BREAKABLE_SELECT };

enum StatementListEnd { ENDS_AT_BRACE, ENDS_AT_END, ENDS_AT_CASE, ENDS_AT_NAMESPACE };

typedef struct NodeVec {             // in the arena
    Node   **items;
    uint32_t count, capacity;
} NodeVec;

/* What an object or array literal must not contain unless it turns out to be a pattern. */
typedef struct Cover {
    uint32_t initializer;            // position of the `=` in `{a = 1}`
    uint32_t second_proto;           // position of a repeated `__proto__:`
} Cover;

/* I3 */
typedef struct ParserState {
    FunctionContext *function;
    uint32_t in;                     // IN_ bits
    uint32_t depth;
    bool     is_strict;
    bool     in_ambient;             // TypeScript `declare`: bodies and initializers are optional
    enum StatementListEnd list_end;  // of the innermost statement list
    Cover    cover;
    uint32_t await_position;         // of the newest await expression, yield expression and
    uint32_t yield_position;         //   identifier `await` in the function, NO_POSITION: none:
    uint32_t await_name_position;    //   parameters of arrows ask
    uint32_t extension_end;          // of the newest token that JavaScript would reject; 0: none
    uint32_t pending_count;          // counts of the vectors below
    uint32_t label_count;
    uint32_t breakable_count;
    uint32_t open_angle_count;
    struct Recovery *recovery;
} ParserState;

typedef struct ParserMark {
    Token       token;
    uint32_t    previous_end;
    ParserState state;
    DiagMark    diag;
} ParserMark;

/* Where a syntax error is taken care of: a statement list. */
typedef struct Recovery {
    jmp_buf     jump;
    ParserState state;
} Recovery;

/* A trial under way. */
typedef struct Trial {
    jmp_buf       jump;
    struct Trial *outer;
} Trial;

typedef struct Parser {
    Token    token;
    uint32_t previous_end;
    uint32_t dialect;
    bool     is_module;
    bool     has_await;              // at top level
    // where an arrow function may start: the newest assignment expression's start
    uint32_t arrow_start;
    // TypeScript: where a parameter may start, hence `a?` is not a conditional
    uint32_t optional_start;
    // where a send statement may start, and a concise arrow body that may be one
    uint32_t send_start;
    uint32_t send_body_start;
    uint32_t statement_start;        // of the innermost list's current item
    ParserState now;
    Lexer    lexer;
    Arena   *arena;
    Names   *names;
    Source  *source;
    Diag    *diag;
    const ParserOptions *options;
    VEC(Node *)  pending;
    VEC(Label)   labels;
    VEC(uint8_t) breakables;
    VEC(uint32_t) open_angles;       // positions of `<` of type arguments being read
    Trial       *trial;
    uint32_t    *failed_trials;      // a set of positions, open addressing; 0 is a free slot
    uint32_t     failed_count, failed_capacity;
    uint64_t     trial_budget;       // bytes that trials may still waste
    jmp_buf      leave;              // the end: out of memory, too deep, too many errors
    uintptr_t    stack_limit;
    uint32_t     depth_limit;
} Parser;

enum { LEAVE_FAILED = 1, LEAVE_AS_MODULE = 2 };  // what longjmp brings to `leave`

/* ---- tokens (parser.c) --------------------------------------------------------------------------------- */

static inline bool parser_at(const Parser *p, TokenKind kind)
{
    return p->token.kind == kind;
}

static inline bool parser_is_dialect(const Parser *p, uint32_t bit)
{
    return (p->dialect & bit) != 0;
}

/* Is this token the contextual word, spelled without escapes? */
static inline bool parser_is_word(const Token *t, Word word)
{
    return t->kind == TOKEN_IDENTIFIER && t->name->word == word && !(t->flags & FLAG_HAS_ESCAPE);
}

static inline bool parser_at_word(const Parser *p, Word word)
{
    return parser_is_word(&p->token, word);
}

static inline void parser_next(Parser *p)
{
    p->previous_end = p->token.end;
    lexer_next(&p->lexer, &p->token);
}

static inline bool parser_take(Parser *p, TokenKind kind)
{
    if (p->token.kind != kind) return false;
    parser_next(p);
    return true;
}

static inline bool parser_take_word(Parser *p, Word word)
{
    if (!parser_at_word(p, word)) return false;
    parser_next(p);
    return true;
}

/** The token behind the current one, and the one behind that. */
Token parser_peek(Parser *p);
Token parser_peek_second(Parser *p);

/** Take `kind` or fail. */
void parser_expect(Parser *p, TokenKind kind);
void parser_expect_word(Parser *p, Word word);

/** The end of a statement: `;`, or where one may be inserted. */
void parser_semicolon(Parser *p);
bool parser_at_semicolon(const Parser *p);

/** Keywords and identifiers: what may follow a dot or name a property. */
static inline bool parser_at_name(const Parser *p)
{
    return p->token.kind == TOKEN_IDENTIFIER || p->token.kind >= TOKEN_BREAK;
}

/* ---- failure (parser.c) -------------------------------------------------------------------------------- */

/** Fail at the current token, or at the bytes given, with a row of diag.def and its arguments (I2). */
#define parser_fail(p, code, ...) \
    parser_fail_at((p), code, (p)->token.start, (p)->token.end, ##__VA_ARGS__)
#define parser_fail_at(p, code, start, end, ...) \
    ((p)->trial ? (void)0 : diag_report((p)->diag, code, start, end, ##__VA_ARGS__), parser_give_up(p))

/** Report an early error for the bytes start..end. */
#define parser_error(p, code, start, end, ...) \
    diag_report((p)->diag, code, start, end, ##__VA_ARGS__)
#define parser_error_node(p, code, node, ...) \
    diag_report((p)->diag, code, (node)->start, (node)->end, ##__VA_ARGS__)

NORETURN COLD void parser_give_up(Parser *p);

/** Fail with "unexpected <token>; expected <what>"; `what` NULL leaves the second half out. */
NORETURN COLD void parser_unexpected(Parser *p, const char *what);

/** End this parse: it is a module. */
NORETURN COLD void parser_leave_as_module(Parser *p);

NORETURN COLD void parser_too_deep(Parser *p);

static ALWAYS_INLINE void parser_enter(Parser *p)
{
    if (UNLIKELY((uintptr_t)__builtin_frame_address(0) < p->stack_limit || ++p->now.depth > p->depth_limit))
        parser_too_deep(p);
}

static ALWAYS_INLINE void parser_leave(Parser *p)
{
    ASSERT(p->now.depth > 0, "I4: as often left as entered");
    p->now.depth--;
}

/** What messages call a name, and a token. */
const char *parser_name_text(Parser *p, const Name *name);
const char *parser_token_text(Parser *p, const Token *t);

/* ---- trials (parser.c) --------------------------------------------------------------------------------- */

ParserMark parser_mark(Parser *p);
void       parser_rewind(Parser *p, const ParserMark *mark);

/** Run `parse`; true when it returned true. Otherwise (also when it failed) everything is as before, and a
 *  second trial at this position is not made. */
bool parser_try(Parser *p, bool (*parse)(Parser *p, void *context), void *context);

/* ---- nodes and lists (parser.c) ------------------------------------------------------------------------ */

#define NEW_NODE(p, NAME, Type, start) ((Type *)ast_new((p)->arena, NODE_##NAME, (start)))

/** Close `node` behind the last consumed token. */
#define FINISH(p, typed) parser_finish((p), &(typed)->node)
static inline Node *parser_finish(Parser *p, Node *node)
{
    node->end = p->previous_end;
    return node;
}

static inline uint32_t parser_list_begin(const Parser *p)
{
    return p->now.pending_count;
}

void     parser_list_push(Parser *p, Node *item);
NodeList parser_list_end(Parser *p, uint32_t begin);

static inline bool parser_is_bare(const Node *n, NodeKind kind)    // of this kind and not parenthesized
{
    return n->kind == kind && !(n->flags & FLAG_PARENTHESIZED);
}

static inline bool parser_is_bare_arrow(const Node *n)
{
    return parser_is_bare(n, NODE_FUNCTION) && ((const Function *)n)->kind == FUNCTION_ARROW;
}

/* ---- identifiers (parser.c) ---------------------------------------------------------------------------- */

/** Early errors of using the identifier token `t` as a reference, label or binding. */
void parser_check_identifier(Parser *p, const Token *t);

/** Consume an identifier (checked). For bindings strict code also rules out eval and arguments. */
Node *parser_identifier(Parser *p);
Node *parser_binding_identifier(Parser *p);
void  parser_check_binding_name(Parser *p, const Name *name, uint32_t start, uint32_t end);

/** Consume any identifier name, reserved or not. */
Name *parser_name(Parser *p);

/** Is `word` reserved in strict code only? */
bool parser_is_strict_reserved(uint32_t word);

#define PARSER_HERE(p) ((p)->token.start)

/* ---- expressions (parse_expr.c, parse_primary.c, parse_suffix.c) --------------------------------------- */

enum { PRECEDENCE_RELATIONAL = 8, PRECEDENCE_MULTIPLICATIVE = 11, PRECEDENCE_POWER = 12 };

Node *parse_expr_any(Parser *p);                 // Expression: with commas
Node *parse_expr_assignment(Parser *p);          // AssignmentExpression
Node *parse_expr_cover(Parser *p);               // likewise; may leave `now.cover` for the caller to settle
Node *parse_expr_unary(Parser *p);
Node *parse_expr_binary(Parser *p, int precedence);             // operators that bind tighter
Node *parse_expr_binary_rest(Parser *p, Node *left, uint32_t start, int precedence);
// from a primary on, an assignment expression
Node *parse_expr_rest(Parser *p, Node *primary, uint32_t start);
Node *parse_expr_in(Parser *p, uint32_t in, Node *(*parse)(Parser *p));    // `parse` with now.in set
bool  parse_expr_can_start(const Parser *p);     // may the token start an expression?
void  parse_expr_settle_cover(Parser *p);        // it was an expression: report what only a pattern may have
int   parse_expr_precedence_of(TokenKind op);
int   parse_expr_precedence_here(const Parser *p);

Node *parse_suffix_chain(Parser *p);             // LeftHandSideExpression
Node *parse_suffix_rest(Parser *p, Node *primary, uint32_t start, bool allows_calls);
NodeList parse_suffix_arguments(Parser *p);      // at `(`
// at the name behind a dot
Node *parse_suffix_member(Parser *p, Node *object, uint32_t start, bool is_optional);
Node *parse_suffix_call(Parser *p, Node *callee, uint32_t start, NodeList arguments, bool is_optional);
Node *parse_suffix_new(Parser *p);
Node *parse_suffix_super(Parser *p);

Node *parse_primary_expression(Parser *p);
Node *parse_primary_object(Parser *p);
Node *parse_primary_string(Parser *p);
Node *parse_primary_template(Parser *p, bool is_tagged);
Node *parse_primary_property_key(Parser *p, bool *computed);
Node *parse_primary_call_or_arrow(Parser *p, Node *callee, uint32_t start, uint32_t bits);    // at `(`

/* ---- functions (parse_func.c, parse_arrow.c) ----------------------------------------------------------- */

typedef struct FunctionSpec {
    uint32_t start;                  // of the function's source text
    uint32_t kind;                   // FUNCTION_NORMAL ...
    uint32_t bits;                   // FUNCTION_IS_...
    Name    *name;
    uint32_t name_start, name_end;
    bool     allows_missing_body;    // TypeScript overloads and ambient code: then body is NULL
} FunctionSpec;

typedef struct Directives {
    uint32_t use_strict;             // position of the directive, NO_POSITION: none
    uint32_t use_strict_end;
} Directives;

void  parse_func_enter(Parser *p, FunctionContext *context, ParserState *saved);
void  parse_func_leave(Parser *p, const ParserState *saved);
Node *parse_func_parameter(Parser *p, bool is_constructors);
Node *parse_func_rest(Parser *p, const FunctionSpec *spec);      // at type parameters or `(`
Node *parse_func_method(Parser *p, uint32_t start, uint32_t kind, uint32_t bits);
Node *parse_func_block(Parser *p, Directives *directives);       // `{ ... }` as a FUNCTION_BODY
void  parse_func_body(Parser *p, Function *f);
// what is known when the body is: bits, early errors of names
void  parse_func_finish(Parser *p, Function *f);
Node *parse_func_expression(Parser *p, uint32_t start, uint32_t bits);     // at `async` or `function`
Node *parse_func_declaration(Parser *p, uint32_t start, uint32_t bits, bool needs_name);

/* Between `(` and `)`: what may turn out to be arguments, an expression, or parameters of an arrow. */
typedef struct ParenList {
    uint32_t start;                  // of the arrow there may be: `(`, or `async`
    uint32_t inner_start, inner_end; // of what stands between the parentheses
    // expressions, SPREAD, PARAMETER (annotated or rest: an arrow's for sure)
    NodeList items;
    uint32_t only_arrow;             // position of what only parameters may have; NO_POSITION: nothing
    uint32_t trailing_comma;         // its position; NO_POSITION: none
    bool     is_call;                // it may be the arguments of a call
    bool     has_named_arguments;    // `name: value` was found not to be an annotation
    bool     is_closed;              // a trial has read the list to its end
    Node    *return_type;            //   and the return type, if any
    Cover    cover;
    uint32_t await_position, yield_position, await_name_position;    // as they were before the list
} ParenList;

void  parse_arrow_list(Parser *p, ParenList *list, uint32_t start, bool is_call);    // at `(`, to behind `)`
bool  parse_arrow_at(const Parser *p);           // at `=>` that continues its line
Node *parse_arrow_try(Parser *p, const ParenList *list, uint32_t bits);    // behind `)`; NULL: no arrow
Node *parse_arrow_of_name(Parser *p, uint32_t start, Node *name, uint32_t bits);    // at `=>`

/* ---- classes (parse_class.c) --------------------------------------------------------------------------- */

typedef struct ClassSpec {
    uint32_t start;                  // of decorators or `class`
    NodeList decorators;
    bool     needs_name;
    bool     is_abstract;
} ClassSpec;

NodeList parse_class_decorators(Parser *p);      // none or more
Node *parse_class_definition(Parser *p, const ClassSpec *spec);    // at `class`

/* ---- patterns (parse_pattern.c) ------------------------------------------------------------------------ */

enum PatternKind { PATTERN_BINDING, PATTERN_ASSIGNMENT };
Node *parse_pattern_binding(Parser *p);          // identifier or pattern
// the cover grammar's other side
Node *parse_pattern_from(Parser *p, Node *expression, enum PatternKind kind);
Node *parse_pattern_simple_target(Parser *p, Node *expression, DiagCode code);   // a reference; not a pattern
Node *parse_pattern_loose_target(Parser *p, Node *expression, DiagCode code);    // or, in sloppy code, a call
void  parse_pattern_push_names(Parser *p, Node *pattern);    // the IDENTIFIERs it binds, on the pending list

/* ---- statements (parse_stmt.c, parse_loop.c) ----------------------------------------------------------- */

// NULL: none allowed
NodeList parse_stmt_list(Parser *p, enum StatementListEnd end, Directives *directives);
Node *parse_stmt_any(Parser *p);                 // StatementListItem
Node *parse_stmt_in(Parser *p, bool is_item, bool allows_function);
Node *parse_stmt_embedded(Parser *p);            // Statement
Node *parse_stmt_block(Parser *p);
Node *parse_stmt_header(Parser *p, bool *ends_line);    // condition of if, while, switch
Node *parse_stmt_body(Parser *p, bool ends_line);       // body behind a header
Node *parse_variables_using(Parser *p, uint32_t kind, bool is_item);
Node *parse_variables_keyword(Parser *p);        // var, let, const at the token
Node *parse_variables_list(Parser *p, uint32_t kind, uint32_t start);      // at the first declarator
Node *parse_variables_declarators(Parser *p, uint32_t kind, uint32_t start);    // without the semicolon
void  parse_variables_check_initializers(Parser *p, const Variables *variables);
bool  parse_variables_at_let(Parser *p);              // a declaration, not the identifier
bool  parse_variables_at_using(Parser *p, bool is_for_head, uint32_t *kind);
void  parse_variables_take_using(Parser *p, uint32_t kind);
void  parse_stmt_push_breakable(Parser *p, uint8_t kind);
void  parse_stmt_pop_breakable(Parser *p);
// labels right before a loop at `start` name a loop
void  parse_stmt_label_loop(Parser *p, uint32_t start);
Node *parse_loop_for(Parser *p);
Node *parse_loop_while(Parser *p);
Node *parse_loop_do(Parser *p);

/* ---- modules (parse_module.c) -------------------------------------------------------------------------- */

Node *parse_module_item(Parser *p, bool in_namespace);    // an import or export declaration, or NULL
Node *parse_module_export(Parser *p, NodeList decorators);    // at `export`
Node *parse_module_export_all(Parser *p, uint32_t start);     // at `*`
void  parse_module_reject_import(Parser *p);     // fail at an import declaration, but not at an expression
Node *parse_module_import_expression(Parser *p); // import(...), import.meta, import.defer(...)

/* ---- TypeScript (parse_type.c, parse_typescript.c) ----------------------------------------------------- */

Node *parse_type_any(Parser *p);
Node *parse_type_postfix(Parser *p);             // a type without operators
Node *parse_type_annotation(Parser *p);          // `: type` when TypeScript is on, else NULL
Node *parse_type_return(Parser *p);              // at `:`, type or predicate
void  parse_type_members(Parser *p);             // `{ ... }` of an interface
bool  parse_type_skip_index_signature(Parser *p);    // `[k: T]: U`; false: none here
void  parse_type_parameters(Parser *p);          // `<T, U extends V = W>`, if there
NodeList parse_type_arguments(Parser *p);        // at `<`
bool  parse_type_try_arguments(Parser *p);       // at `<` in an expression; false: nothing was read
bool  parse_type_is_angle(Parser *p);            // at `<`: do a type and `>` follow?
void  parse_type_expect_greater(Parser *p);
bool  parse_type_is_assertion(const Parser *p);  // at `as` or `satisfies`, the operators
Node *parse_type_assertion(Parser *p, Node *left, uint32_t start);

Node *parse_typescript_angle(Parser *p);         // at `<` in operand position: `<T>x`, `<T>(x) => y`
Node *parse_typescript_async_generic(Parser *p); // at `async <`; NULL: no arrow
Node *parse_typescript_statement(Parser *p);     // a declaration only TypeScript has; NULL: none here
Node *parse_typescript_enum(Parser *p, uint32_t start, bool is_const);    // at `enum`
// behind `export`; NULL: none of TypeScript's forms
Node *parse_typescript_export(Parser *p, uint32_t start);
Node *parse_typescript_default_interface(Parser *p, uint32_t start);       // NULL: none here
Node *parse_typescript_import_equals(Parser *p, uint32_t start, const Token *local, bool is_export,
                                     bool is_type);
Node *parse_typescript_erased(Parser *p, uint32_t start, const Token *name);    // EMPTY
void  parse_typescript_note_type(Parser *p, NodeVec *names, const Token *name);
bool  parse_typescript_at_abstract_class(Parser *p);
bool  parse_typescript_take_abstract(Parser *p);
uint32_t parse_typescript_modifier(const Token *t);    // MODIFIER_ bit of a word, or 0

bool parse_ultra_is_on(const Parser *p);
bool parse_ultra_is_left_arrow(const Parser *p, const Token *t);   // `<-`, in one piece
/* ---- UltraScript (parse_ultra.c, parse_ultra_stmt.c): a predicate and a parser for each form ----------- */

typedef enum UltraAwait {
    ULTRA_AWAIT_NAME,                // an identifier
    ULTRA_AWAIT_OPERATOR,
    ULTRA_AWAIT_EITHER,              // a scope must tell: parse_await_either
} UltraAwait;

UltraAwait parse_await_word(Parser *p);         // at `await`
Node *parse_await_either(Parser *p);       // `await (x)`
Node *parse_await_signed(Parser *p, int precedence);    // `await -x`, `await <-x`; NULL: not these
bool  parse_await_allows_for(Parser *p);
bool  parse_ultra_is_go(Parser *p);
Node *parse_ultra_go(Parser *p);
bool  parse_ultra_is_receive(Parser *p);
Node *parse_ultra_receive(Parser *p);
bool  parse_ultra_is_send(const Parser *p, const Node *operand);    // where a send may be
Node *parse_ultra_send(Parser *p, Node *channel, uint32_t start, bool is_statement);
bool  parse_ultra_is_matrix_product(const Parser *p);
void  parse_ultra_note_operator(Parser *p);      // at a binary operator about to be taken
void  parse_ultra_note_extension(Parser *p);     // the current token belongs to an extension
// a name on the same line, and not `of`, `as`, `satisfies`
bool  parse_ultra_is_operand_word(const Token *t);
Node *parse_ultra_index(Parser *p);              // between `[` and `]`
Node *parse_ultra_slice_item(Parser *p, Node *(*parse)(Parser *p));
Node *parse_ultra_named_argument(Parser *p, Node *e);    // `e: value`, or `e` itself
// `f(c = 1)` in an UltraScript file
void  parse_ultra_name_arguments(Parser *p, const NodeList *arguments);
bool  parse_ultra_is_make_channel(Parser *p, const Node *callee);
Node *parse_ultra_make_channel(Parser *p, uint32_t start);
bool  parse_ultra_is_struct(const Parser *p);
Node *parse_ultra_struct(Parser *p);
bool  parse_ultra_is_channel_type(Parser *p);
Node *parse_ultra_channel_type(Parser *p);
bool  parse_ultra_stmt_continues_header(Parser *p);
Node *parse_ultra_stmt_header_rest(Parser *p, Node *condition, uint32_t start);
bool  parse_ultra_stmt_is_for_each(Parser *p);
bool  parse_ultra_stmt_is_jump_level(const Parser *p);
uint32_t parse_ultra_stmt_jump_level(Parser *p, bool is_continue);
bool  parse_ultra_stmt_is_fast(Parser *p);
Node *parse_ultra_stmt_fast_function(Parser *p);
Node *parse_ultra_stmt_fast_declaration(Parser *p, bool needs_name);
// select, atomic, free, print, fast function; NULL: none here
Node *parse_ultra_stmt_any(Parser *p);
bool  parse_ultra_stmt_take_heritage_comma(Parser *p);
bool  parse_ultra_stmt_is_operator_member(Parser *p);
Node *parse_ultra_stmt_operator_member(Parser *p);

#endif
