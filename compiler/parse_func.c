/* SPDX-License-Identifier: MIT */
/* parse_func.c - functions and methods: parameters, body, and what strictness found in the body means for the
 * parameters before it (ECMA-262 15.1 to 15.6, 15.8).
 *
 * I1  Names of function and parameters are judged after the body, when strictness is known; judging them
 *     twice is harmless, since one place gets one error. */
#include "compiler/parser_int.h"

#include <stdlib.h>

enum {
    PARAMETER_MODIFIERS = MODIFIER_PUBLIC | MODIFIER_PRIVATE | MODIFIER_PROTECTED | MODIFIER_READONLY
        | MODIFIER_OVERRIDE,
};

/* ---- context ------------------------------------------------------------------------------------------- */

void parse_func_enter(Parser *p, FunctionContext *context, ParserState *saved)
{
    *saved = p->now;
    context->first_label = p->now.label_count;
    context->first_breakable = p->now.breakable_count;
    p->now.function = context;
    p->now.in = 0;
    p->now.await_position = p->now.yield_position = p->now.await_name_position = NO_POSITION;
}

void parse_func_leave(Parser *p, const ParserState *saved)
{
    ASSERT(p->now.pending_count == saved->pending_count, "parser_int.h I5");
    ASSERT(p->now.depth == saved->depth, "parser_int.h I4");
    ASSERT(p->now.recovery == saved->recovery, "parser_int.h I3: lists end within their function");
    p->now.function = saved->function;
    p->now.in = saved->in;
    p->now.is_strict = saved->is_strict;
    p->now.await_position = saved->await_position;
    p->now.yield_position = saved->yield_position;
    p->now.await_name_position = saved->await_name_position;
    p->now.label_count = saved->label_count;
    p->now.breakable_count = saved->breakable_count;
}

static FunctionContext make_context(const Parser *p, const FunctionSpec *spec)
{
    bool is_async = spec->bits & FUNCTION_IS_ASYNC;
    return (FunctionContext){
        .is_async = is_async,
        .is_generator = spec->bits & FUNCTION_IS_GENERATOR,
        .reserves_await = is_async || p->is_module,
        .allows_return = true,
        .allows_new_target = true,
        .allows_super_member = spec->kind != FUNCTION_NORMAL,
        .allows_super_call = spec->kind == FUNCTION_DERIVED_CONSTRUCTOR,
    };
}

/* ---- parameters ---------------------------------------------------------------------------------------- */

/* TypeScript: `public`, `readonly` and kin before a constructor's parameter. */
static uint32_t parse_parameter_modifiers(Parser *p)
{
    uint32_t bits = 0;
    while (parser_at(p, TOKEN_IDENTIFIER)) {
        uint32_t bit = parse_typescript_modifier(&p->token);
        if (!(bit & PARAMETER_MODIFIERS)) break;
        Token after = parser_peek(p);
        bool has_target = after.kind == TOKEN_IDENTIFIER || after.kind == TOKEN_LEFT_BRACE
            || after.kind == TOKEN_LEFT_BRACKET;
        if (!has_target) break;
        bits |= bit | MODIFIER_PARAMETER_PROPERTY;
        parser_next(p);
    }
    return bits;
}

Node *parse_func_parameter(Parser *p, bool is_constructors)
{
    bool is_typescript = parser_is_dialect(p, DIALECT_TYPESCRIPT);
    Parameter *node = NEW_NODE(p, PARAMETER, Parameter, PARSER_HERE(p));
    if (is_typescript) {
        node->decorators = parse_class_decorators(p);
        if (is_constructors) node->bits = parse_parameter_modifiers(p);
    }
    node->rest = parser_take(p, TOKEN_ELLIPSIS);
    node->target = parse_pattern_binding(p);
    if (is_typescript && parser_take(p, TOKEN_QUESTION)) node->bits |= MODIFIER_OPTIONAL;
    node->type = parse_type_annotation(p);
    if (parser_at(p, TOKEN_ASSIGN)) {
        if (node->rest) parser_fail(p, DIAG_REST_INITIALIZER);
        parser_next(p);
        node->initializer = parse_expr_assignment(p);
    }
    if (node->rest && parser_at(p, TOKEN_COMMA)) parser_fail(p, DIAG_REST_NOT_LAST);
    return FINISH(p, node);
}

/* TypeScript's `this: T` declares no parameter. */
static void skip_this_parameter(Parser *p)
{
    if (!parser_at(p, TOKEN_THIS) || !parser_is_dialect(p, DIALECT_TYPESCRIPT)) return;
    parser_next(p);
    parse_type_annotation(p);
    if (!parser_at(p, TOKEN_RIGHT_PAREN)) parser_expect(p, TOKEN_COMMA);
}

static NodeList parse_parameters(Parser *p, bool is_constructors)
{
    uint32_t begin = parser_list_begin(p);
    parser_expect(p, TOKEN_LEFT_PAREN);
    skip_this_parameter(p);
    while (!parser_at(p, TOKEN_RIGHT_PAREN)) {
        parser_list_push(p, parse_func_parameter(p, is_constructors));
        if (!parser_take(p, TOKEN_COMMA)) break;
    }
    if (!parser_at(p, TOKEN_RIGHT_PAREN)) parser_unexpected(p, "`,` or `)`");
    parser_next(p);
    return parser_list_end(p, begin);
}

/* ---- judging names (I1) -------------------------------------------------------------------------------- */

static void check_strict_name(Parser *p, const Name *name, uint32_t start, uint32_t end)
{
    if (!p->now.is_strict || name->word == WORD_NONE) return;
    parser_check_binding_name(p, name, start, end);
    if (parser_is_strict_reserved(name->word))
        parser_error(p, DIAG_STRICT_RESERVED_WORD, start, end, names_word_text(name->word));
}

static int compare_names(const void *a, const void *b)
{
    const Identifier *left = *(const Identifier *const *)a, *right = *(const Identifier *const *)b;
    if (left->name != right->name) return left->name < right->name ? -1 : 1;
    return left->node.start < right->node.start ? -1 : left->node.start > right->node.start;
}

static bool has_simple_parameters(const NodeList *parameters)
{
    for (uint32_t i = 0; i < parameters->count; i++) {
        const Parameter *x = (const Parameter *)parameters->items[i];
        if (x->rest || x->initializer || x->target->kind != NODE_IDENTIFIER) return false;
    }
    return true;
}

static void check_parameters(Parser *p, const Function *f)
{
    uint32_t begin = parser_list_begin(p);
    for (uint32_t i = 0; i < f->parameters.count; i++)
        parse_pattern_push_names(p, ((Parameter *)f->parameters.items[i])->target);
    uint32_t count = p->now.pending_count - begin;
    if (count == 0) return;
    Node **names = p->pending.items + begin;
    for (uint32_t i = 0; i < count; i++)
        check_strict_name(p, ((Identifier *)names[i])->name, names[i]->start, names[i]->end);
    bool must_be_unique = p->now.is_strict || f->kind != FUNCTION_NORMAL
        || !(f->bits & FUNCTION_HAS_SIMPLE_PARAMETERS);
    if (must_be_unique && count > 1) {
        qsort(names, count, sizeof *names, compare_names);
        for (uint32_t i = 1; i < count; i++) {
            const Identifier *name = (Identifier *)names[i];
            if (name->name == ((Identifier *)names[i - 1])->name)
                parser_error_node(p, DIAG_DUPLICATE_PARAMETER, &name->node, parser_name_text(p, name->name));
        }
    }
    p->now.pending_count = begin;
}

static void check_accessor(Parser *p, const Function *f, uint32_t open)
{
    uint32_t count = f->parameters.count;
    if (f->kind == FUNCTION_GETTER && count != 0)
        parser_error(p, DIAG_GETTER_PARAMETERS, open, p->previous_end);
    if (f->kind != FUNCTION_SETTER) return;
    if (count != 1 || ((Parameter *)f->parameters.items[0])->rest)
        parser_error(p, DIAG_SETTER_PARAMETERS, open, p->previous_end);
}

/* ---- bodies -------------------------------------------------------------------------------------------- */

Node *parse_func_block(Parser *p, Directives *directives)
{
    FunctionBody *body = NEW_NODE(p, FUNCTION_BODY, FunctionBody, PARSER_HERE(p));
    parser_expect(p, TOKEN_LEFT_BRACE);
    body->statements = parse_stmt_list(p, ENDS_AT_BRACE, directives);
    parser_expect(p, TOKEN_RIGHT_BRACE);
    return FINISH(p, body);
}

void parse_func_body(Parser *p, Function *f)
{
    Directives directives;
    f->body = parse_func_block(p, &directives);
    if (directives.use_strict == NO_POSITION) return;
    f->bits |= FUNCTION_HAS_USE_STRICT;
    if (!has_simple_parameters(&f->parameters))
        parser_error(p, DIAG_USE_STRICT_NOT_SIMPLE, directives.use_strict, directives.use_strict_end);
}

void parse_func_finish(Parser *p, Function *f)
{
    if (p->now.is_strict) f->bits |= FUNCTION_IS_STRICT;
    if (has_simple_parameters(&f->parameters)) f->bits |= FUNCTION_HAS_SIMPLE_PARAMETERS;
    check_parameters(p, f);
}

Node *parse_func_rest(Parser *p, const FunctionSpec *spec)
{
    ASSERT(spec->kind != FUNCTION_ARROW, "arrows are parse_arrow.c's");
    parser_enter(p);
    Function *f = NEW_NODE(p, FUNCTION, Function, spec->start);
    FunctionContext context = make_context(p, spec);
    ParserState saved;
    f->name = spec->name;
    f->kind = spec->kind;
    f->bits = spec->bits;
    parse_func_enter(p, &context, &saved);
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) parse_type_parameters(p);
    context.in_parameters = true;
    uint32_t open = PARSER_HERE(p);
    f->parameters = parse_parameters(p, spec->kind >= FUNCTION_CONSTRUCTOR);
    check_accessor(p, f, open);
    context.in_parameters = false;
    if (parser_at(p, TOKEN_COLON) && parser_is_dialect(p, DIALECT_TYPESCRIPT))
        f->return_type = parse_type_return(p);
    if (parser_at(p, TOKEN_LEFT_BRACE) || !spec->allows_missing_body) parse_func_body(p, f);
    else parser_semicolon(p);
    parse_func_finish(p, f);
    if (f->name && spec->kind == FUNCTION_NORMAL)
        check_strict_name(p, f->name, spec->name_start, spec->name_end);
    parse_func_leave(p, &saved);
    parser_leave(p);
    return FINISH(p, f);
}

Node *parse_func_method(Parser *p, uint32_t start, uint32_t kind, uint32_t bits)
{
    FunctionSpec spec = { .start = start, .kind = kind, .bits = bits };
    return parse_func_rest(p, &spec);
}

/* ---- function expressions and declarations ------------------------------------------------------------- */

/* `async`? `function` `*`? */
static void parse_function_words(Parser *p, FunctionSpec *spec)
{
    uint32_t here = PARSER_HERE(p);
    if (parser_take_word(p, WORD_ASYNC)) spec->bits |= FUNCTION_IS_ASYNC;
    parser_expect(p, TOKEN_FUNCTION);
    if (parser_take(p, TOKEN_STAR)) spec->bits |= FUNCTION_IS_GENERATOR;
    if (spec->bits & FUNCTION_IS_FAST && spec->bits & (FUNCTION_IS_ASYNC | FUNCTION_IS_GENERATOR))
        parser_error(p, DIAG_FAST_KIND, here, p->previous_end);
}

static void take_function_name(Parser *p, FunctionSpec *spec)
{
    spec->name_start = PARSER_HERE(p);
    Identifier *name = (Identifier *)parser_binding_identifier(p);
    spec->name = name->name;
    spec->name_end = p->previous_end;
}

Node *parse_func_expression(Parser *p, uint32_t start, uint32_t bits)
{
    FunctionSpec spec = { .start = start, .kind = FUNCTION_NORMAL, .bits = bits };
    parse_function_words(p, &spec);
    if (parser_at(p, TOKEN_IDENTIFIER)) {        // the name belongs to the function: its own rules hold
        FunctionContext *outer = p->now.function;
        FunctionContext own = make_context(p, &spec);
        p->now.function = &own;
        take_function_name(p, &spec);
        p->now.function = outer;
    }
    return parse_func_rest(p, &spec);
}

Node *parse_func_declaration(Parser *p, uint32_t start, uint32_t bits, bool needs_name)
{
    FunctionSpec spec = { .start = start, .kind = FUNCTION_NORMAL, .bits = bits | FUNCTION_IS_DECLARATION };
    spec.allows_missing_body = parser_is_dialect(p, DIALECT_TYPESCRIPT);
    parse_function_words(p, &spec);
    if (needs_name || parser_at(p, TOKEN_IDENTIFIER)) take_function_name(p, &spec);
    Function *f = (Function *)parse_func_rest(p, &spec);
    if (!f->body) {                              // an overload, or ambient
        Token name = { .name = spec.name, .start = spec.name_start, .end = spec.name_end };
        return parse_typescript_erased(p, start, spec.name ? &name : NULL);
    }
    FunctionDeclaration *node = NEW_NODE(p, FUNCTION_DECLARATION, FunctionDeclaration, start);
    node->function = &f->node;
    return FINISH(p, node);
}
