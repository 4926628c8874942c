/* SPDX-License-Identifier: MIT */
#include "compiler/parser.h"

#include <stdio.h>
#include <string.h>

#include "compiler/parser_int.h"
#include "vm/base/bits.h"

enum {
    MESSAGE_UNITS = 40,              // of a name in a message
    TRIAL_BUDGET_BYTES = 1 << 20,    // what trials may waste in any case,
    TRIAL_BUDGET_FACTOR = 16,        //   and per byte of source
};

/* ---- tokens -------------------------------------------------------------------------------------------- */

Token parser_peek(Parser *p)
{
    Token peeked = p->token;
    DiagMark mark = diag_mark(p->diag);
    uint32_t cut_short_at = p->lexer.cut_short_at;
    lexer_next(&p->lexer, &peeked);
    lexer_rewind(&p->lexer, &p->token);
    diag_rewind(p->diag, mark);                  // an error comes again when the token is really read
    p->lexer.cut_short_at = cut_short_at;
    return peeked;
}

Token parser_peek_second(Parser *p)
{
    ParserMark mark = parser_mark(p);
    parser_next(p);
    Token second = parser_peek(p);
    parser_rewind(p, &mark);
    return second;
}

void parser_expect(Parser *p, TokenKind kind)
{
    if (LIKELY(p->token.kind == kind)) {
        parser_next(p);
        return;
    }
    char what[40];
    snprintf(what, sizeof what, "`%s`", ast_token_text(kind));
    parser_unexpected(p, what);
}

void parser_expect_word(Parser *p, Word word)
{
    if (parser_take_word(p, word)) return;
    char what[40];
    snprintf(what, sizeof what, "`%s`", names_word_text(word));
    parser_unexpected(p, what);
}

bool parser_at_semicolon(const Parser *p)
{
    return p->token.newline_before || p->token.kind == TOKEN_SEMICOLON || p->token.kind == TOKEN_RIGHT_BRACE
        || p->token.kind == TOKEN_END;
}

void parser_semicolon(Parser *p)
{
    if (parser_take(p, TOKEN_SEMICOLON)) return;
    if (!parser_at_semicolon(p)) parser_unexpected(p, "`;` or a line break");
}

/* ---- failure ------------------------------------------------------------------------------------------- */

const char *parser_name_text(Parser *p, const Name *name)
{
    return names_text(p->names, name, MESSAGE_UNITS);
}

const char *parser_token_text(Parser *p, const Token *t)
{
    switch ((TokenKind)t->kind) {
    case TOKEN_END: case TOKEN_ERROR: case TOKEN_NUMBER: case TOKEN_BIGINT: case TOKEN_STRING:
    case TOKEN_TEMPLATE: case TOKEN_REGEXP:
        return ast_token_text(t->kind);
    case TOKEN_IDENTIFIER:
        return arena_format(p->arena, "identifier `%s`", parser_name_text(p, t->name));
    case TOKEN_PRIVATE_NAME:
        return arena_format(p->arena, "private name `#%s`", parser_name_text(p, t->name));
    default:
        return arena_format(p->arena, "%s `%s`", t->kind >= TOKEN_BREAK ? "keyword" : "token",
                            ast_token_text(t->kind));
    }
}

void parser_give_up(Parser *p)
{
    if (p->trial) longjmp(p->trial->jump, 1);
    if (p->now.recovery && p->token.kind != TOKEN_END && p->diag->error_count < DIAG_LIMIT)
        longjmp(p->now.recovery->jump, 1);
    longjmp(p->leave, LEAVE_FAILED);
}

void parser_unexpected(Parser *p, const char *what)
{
    bool is_reported = p->token.kind == TOKEN_ERROR;             // by the lexer
    if (p->trial || is_reported) parser_give_up(p);
    const char *token = parser_token_text(p, &p->token);
    if (what) parser_fail(p, DIAG_UNEXPECTED_TOKEN_WANTED, token, what);
    parser_fail(p, DIAG_UNEXPECTED_TOKEN, token);
}

void parser_leave_as_module(Parser *p)
{
    longjmp(p->leave, LEAVE_AS_MODULE);
}

void parser_too_deep(Parser *p)
{
    if (p->trial) parser_give_up(p);             // the other reading may be flatter
    parser_error(p, DIAG_TOO_DEEP, p->token.start, p->token.end);
    longjmp(p->leave, LEAVE_FAILED);
}

/* ---- trials -------------------------------------------------------------------------------------------- */

ParserMark parser_mark(Parser *p)
{
    return (ParserMark){ p->token, p->previous_end, p->now, diag_mark(p->diag) };
}

void parser_rewind(Parser *p, const ParserMark *mark)
{
    p->token = mark->token;
    p->previous_end = mark->previous_end;
    p->now = mark->state;
    diag_rewind(p->diag, mark->diag);
    lexer_rewind(&p->lexer, &p->token);
    ASSERT(p->now.pending_count <= p->pending.count || !p->pending.items, "I5: nothing on the list is lost");
}

static uint32_t *find_failed(const Parser *p, uint32_t position)
{
    ASSERT(bits_is_power_of_two(p->failed_capacity), "capacity - 1 masks");
    ASSERT(p->failed_count < p->failed_capacity, "a slot is free");
    uint32_t at = position * 0x9e3779b1u;
    for (;; at++) {
        uint32_t *slot = &p->failed_trials[at & (p->failed_capacity - 1)];
        if (*slot == 0 || *slot == position + 1) return slot;
    }
}

static void note_failed(Parser *p, uint32_t position)
{
    if (p->failed_count * 2 >= p->failed_capacity) {
        uint32_t *old = p->failed_trials, old_capacity = p->failed_capacity;
        p->failed_capacity = old_capacity ? old_capacity * 2 : 64;
        p->failed_trials = ARENA_ARRAY(p->arena, uint32_t, p->failed_capacity);
        for (uint32_t i = 0; i < old_capacity; i++)
            if (old[i]) *find_failed(p, old[i] - 1) = old[i];
    }
    uint32_t *slot = find_failed(p, position);
    if (*slot == 0) p->failed_count++;
    *slot = position + 1;
}

static NORETURN COLD void too_ambiguous(Parser *p)
{
    parser_error(p, DIAG_TOO_AMBIGUOUS, p->token.start, p->token.end);
    longjmp(p->leave, LEAVE_FAILED);
}

bool parser_try(Parser *p, bool (*parse)(Parser *p, void *context), void *context)
{
    ParserMark mark = parser_mark(p);
    if (p->failed_capacity && *find_failed(p, mark.token.start)) return false;
    Trial trial;
    trial.outer = p->trial;
    p->trial = &trial;
    bool succeeded = setjmp(trial.jump) == 0 && parse(p, context);
    p->trial = trial.outer;
    if (succeeded) return true;
    uint32_t wasted = p->token.end - mark.token.start + 16;
    if (wasted > p->trial_budget) too_ambiguous(p);              // I6
    p->trial_budget -= wasted;
    for (uint32_t i = mark.state.open_angle_count; i < p->now.open_angle_count; i++)
        note_failed(p, p->open_angles.items[i]); // they would fail for the same token
    note_failed(p, mark.token.start);
    parser_rewind(p, &mark);
    return false;
}

/* ---- lists --------------------------------------------------------------------------------------------- */

void parser_list_push(Parser *p, Node *item)
{
    p->pending.count = p->now.pending_count;
    VEC_PUSH_ARENA(p->arena, &p->pending, item);
    p->now.pending_count++;
}

NodeList parser_list_end(Parser *p, uint32_t begin)
{
    ASSERT(begin <= p->now.pending_count, "I5: an outer list ended before an inner one");
    uint32_t count = p->now.pending_count - begin;
    p->now.pending_count = begin;
    if (count == 0) return (NodeList){ NULL, 0 };
    return (NodeList){ arena_copy(p->arena, p->pending.items + begin, count * sizeof(Node *)), count };
}

/* ---- identifiers --------------------------------------------------------------------------------------- */

bool parser_is_strict_reserved(uint32_t word)
{
    switch (word) {
    case WORD_IMPLEMENTS: case WORD_INTERFACE: case WORD_LET: case WORD_PACKAGE: case WORD_PRIVATE:
    case WORD_PROTECTED: case WORD_PUBLIC: case WORD_STATIC: case WORD_YIELD:
        return true;
    default:
        return false;
    }
}

void parser_check_identifier(Parser *p, const Token *t)
{
    uint32_t word = t->name->word;
    if (LIKELY(word == WORD_NONE)) return;
    const FunctionContext *f = p->now.function;
    if (word <= WORD_LAST_RESERVED)
        parser_error(p, DIAG_ESCAPED_KEYWORD, t->start, t->end, names_word_text(word));
    else if (p->now.is_strict && parser_is_strict_reserved(word))
        parser_error(p, DIAG_STRICT_RESERVED_WORD, t->start, t->end, names_word_text(word));
    else if (word == WORD_YIELD && f->is_generator)
        parser_error(p, DIAG_YIELD_IS_RESERVED, t->start, t->end);
    else if (word == WORD_AWAIT && f->reserves_await)
        parser_error(p, DIAG_AWAIT_IS_RESERVED, t->start, t->end);
    else if (word == WORD_AWAIT)
        p->now.await_name_position = t->start;
    else if (word == WORD_ARGUMENTS && f->forbids_arguments)
        parser_error(p, DIAG_ARGUMENTS_IN_INITIALIZER, t->start, t->end);
}

static Node *make_identifier(Parser *p)
{
    Identifier *node = NEW_NODE(p, IDENTIFIER, Identifier, p->token.start);
    node->name = p->token.name;
    node->node.flags = p->token.flags;
    parser_next(p);
    return FINISH(p, node);
}

Node *parser_identifier(Parser *p)
{
    if (!parser_at(p, TOKEN_IDENTIFIER)) parser_unexpected(p, "an identifier");
    parser_check_identifier(p, &p->token);
    return make_identifier(p);
}

void parser_check_binding_name(Parser *p, const Name *name, uint32_t start, uint32_t end)
{
    if (p->now.is_strict && (name->word == WORD_EVAL || name->word == WORD_ARGUMENTS))
        parser_error(p, DIAG_STRICT_BINDING, start, end, names_word_text(name->word));
}

Node *parser_binding_identifier(Parser *p)
{
    if (!parser_at(p, TOKEN_IDENTIFIER)) parser_unexpected(p, "an identifier");
    parser_check_identifier(p, &p->token);
    parser_check_binding_name(p, p->token.name, p->token.start, p->token.end);
    return make_identifier(p);
}

Name *parser_name(Parser *p)
{
    if (!parser_at_name(p)) parser_unexpected(p, "a name");
    Name *name = p->token.name;
    parser_next(p);
    return name;
}

/* ---- entry --------------------------------------------------------------------------------------------- */

static void init_top_level(const Parser *p, FunctionContext *top)
{
    const ParserOptions *o = p->options;
    bool is_body = o->kind == PARSER_COMMONJS, is_eval = o->kind == PARSER_EVAL;
    *top = (FunctionContext){
        .is_async = p->is_module,
        .reserves_await = p->is_module,
        .is_top_level = !is_body && !is_eval,
        .allows_return = is_body,
        .allows_new_target = is_body || (is_eval && (o->eval_in_function || o->eval_in_field_initializer)),
        .allows_super_member = is_eval && (o->eval_in_method || o->eval_in_field_initializer),
        .allows_super_call = is_eval && o->eval_in_derived_constructor,
        .forbids_arguments = is_eval && o->eval_in_field_initializer,
    };
}

/* Text around a dynamic function's parts must end where it was put (parser_put_function). */
static void check_function_parts(Parser *p, const NodeList *statements)
{
    if (p->diag->error_count) return;
    bool is_whole = false;
    if (statements->count == 1 && statements->items[0]->kind == NODE_EXPRESSION_STATEMENT) {
        const Node *e = ((ExpressionStatement *)statements->items[0])->expression;
        if (e->kind == NODE_FUNCTION) {
            const Function *f = (const Function *)e;
            is_whole = f->body->start == p->options->parameters_end + 2
                && f->node.end == p->options->body_end + 1;
        }
    }
    if (!is_whole) parser_error(p, DIAG_FUNCTION_PARTS, 0, 0);
}

static Program *parse_program(Parser *p)
{
    FunctionContext top;
    init_top_level(p, &top);
    p->now.function = &top;
    Program *program = NEW_NODE(p, PROGRAM, Program, p->source->text_start);
    program->goal = p->is_module ? GOAL_MODULE : GOAL_SCRIPT;
    parser_next(p);
    Directives directives = { NO_POSITION, NO_POSITION };
    if (p->options->kind == PARSER_FUNCTION) {   // an expression: with async and generator, too
        uint32_t begin = parser_list_begin(p);
        uint32_t start = PARSER_HERE(p);
        ExpressionStatement *statement = NEW_NODE(p, EXPRESSION_STATEMENT, ExpressionStatement, start);
        statement->expression = parse_func_expression(p, PARSER_HERE(p), 0);
        parser_list_push(p, FINISH(p, statement));
        program->statements = parser_list_end(p, begin);
        if (!parser_at(p, TOKEN_END)) parser_unexpected(p, NULL);
        check_function_parts(p, &program->statements);
    } else {
        program->statements = parse_stmt_list(p, ENDS_AT_END, &directives);
    }
    program->strict = p->now.is_strict;
    program->has_use_strict = directives.use_strict != NO_POSITION;
    program->has_top_level_await = p->has_await;
    program->node.end = p->source->size_bytes;
    return program;
}

static uintptr_t default_stack_limit(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return here > PARSER_STACK_BYTES ? here - PARSER_STACK_BYTES : 0;
}

/* Make `p` ready to read the source from the start. */
static void init_parser(Parser *p, bool is_module)
{
    const ParserOptions *o = p->options;
    p->is_module = is_module;
    p->dialect = o->kind == PARSER_FUNCTION ? o->dialect & ~(uint32_t)DIALECT_TYPESCRIPT : o->dialect;
    p->has_await = false;
    p->previous_end = p->source->text_start;
    p->arrow_start = p->optional_start = p->statement_start = NO_POSITION;
    p->send_start = p->send_body_start = NO_POSITION;
    p->now = (ParserState){
        .is_strict = is_module || o->is_strict,
        .in_ambient = o->is_ambient,
        .cover = { NO_POSITION, NO_POSITION },
        .await_position = NO_POSITION, .yield_position = NO_POSITION, .await_name_position = NO_POSITION,
    };
    p->trial = NULL;
    p->failed_trials = NULL;
    p->failed_count = p->failed_capacity = 0;
    p->trial_budget = TRIAL_BUDGET_BYTES + (uint64_t)p->source->size_bytes * TRIAL_BUDGET_FACTOR;
    p->stack_limit = o->stack_limit ? o->stack_limit : default_stack_limit();
    p->depth_limit = o->depth_limit ? o->depth_limit : PARSER_DEPTH_LIMIT;
    lexer_init(&p->lexer, p->source, p->names, p->diag, p->arena, !is_module);
}

static bool is_valid_source(Source *source, Diag *diag)
{
    if (source->status == SOURCE_TOO_LARGE)
        diag_report(diag, DIAG_SOURCE_TOO_LARGE, 0, 0);
    if (source->status == SOURCE_BAD_UTF8)
        diag_report(diag, DIAG_BAD_UTF8, source->bad_offset, source->bad_offset + 1);
    return source->status == SOURCE_VALID;
}

/* The tree, or NULL; when the source is a module after all, from a second reading. */
static Program *parse_as(Parser *p, bool is_module)
{
    DiagMark mark = diag_mark(p->diag);
    init_parser(p, is_module);
    switch (setjmp(p->leave)) {
    case 0: return parse_program(p);
    case LEAVE_AS_MODULE: break;
    default: return NULL;
    }
    diag_rewind(p->diag, mark);
    init_parser(p, true);
    return setjmp(p->leave) == 0 ? parse_program(p) : NULL;
}

/* Would more input have helped? */
static bool is_cut_short(const Parser *p, const Diagnostic *first)
{
    return first && (first->start >= p->source->size_bytes || first->start == p->lexer.cut_short_at);
}

ParserResult parser_parse(Source *source, Names *names, Arena *arena, Diag *diag,
                          const ParserOptions *options)
{
    ParserResult result = { NULL, false, options->dialect };
    if (!is_valid_source(source, diag)) return result;
    uint32_t errors_before = diag->error_count;
    jmp_buf *outer_exhausted = arena->on_exhausted, exhausted;
    arena->on_exhausted = &exhausted;
    if (setjmp(exhausted)) {
        arena->on_exhausted = outer_exhausted;
        diag_report(diag, DIAG_OUT_OF_MEMORY, 0, 0);
        return (ParserResult){ NULL, false, options->dialect };
    }
    Parser *p = ARENA_NEW(arena, Parser);
    p->arena = arena;
    p->names = names;
    p->source = source;
    p->diag = diag;
    p->options = options;
    Program *program = parse_as(p, options->kind == PARSER_MODULE);
    arena->on_exhausted = outer_exhausted;
    if (program && diag->error_count == errors_before) result.program = program;
    result.is_incomplete = is_cut_short(p, diag_first_error(diag));
    result.dialect = p->dialect;
    return result;
}

void parser_put_function(Buf *out, uint32_t bits, const char *parameters, size_t parameters_bytes,
                         const char *body, size_t body_bytes, ParserOptions *options)
{
    size_t start = out->count;
    if (bits & FUNCTION_IS_ASYNC) buf_put_text(out, "async ");
    buf_put_text(out, bits & FUNCTION_IS_GENERATOR ? "function* anonymous(" : "function anonymous(");
    buf_put(out, parameters, parameters_bytes);
    buf_put_text(out, "\n");
    options->parameters_end = (uint32_t)(out->count - start);
    buf_put_text(out, ") {\n");
    buf_put(out, body, body_bytes);
    buf_put_text(out, "\n");
    options->body_end = (uint32_t)(out->count - start);
    buf_put_text(out, "}");
    options->kind = PARSER_FUNCTION;
}
