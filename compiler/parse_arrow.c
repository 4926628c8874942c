/* SPDX-License-Identifier: MIT */
/* parse_arrow.c - arrow functions (ECMA-262 15.3, 15.9).
 *
 * I1  What stands between parentheses is read once, as a ParenList, and becomes parameters when `=>` follows.
 *     An item with a TypeScript annotation is a PARAMETER from the start; its target is converted later like
 *     any.
 * I2  Two questions need a trial (parser_int.h I6). With return types: whether `:` behind `)` starts one,
 *     where a conditional, a `case` or a slice would also go on with `:`. With types and named arguments
 *     both: whether `async (a: b` is a call. */
#include "compiler/parser_int.h"

/* ---- the list ------------------------------------------------------------------------------------------ */

static void note_only_arrow(ParenList *list, uint32_t position)
{
    if (list->only_arrow == NO_POSITION) list->only_arrow = position;
}

/* `...rest` between parentheses that are not a call's. */
static Node *parse_rest_item(Parser *p, ParenList *list)
{
    note_only_arrow(list, PARSER_HERE(p));
    Node *rest = parse_func_parameter(p, false);
    if (!parser_at(p, TOKEN_RIGHT_PAREN)) parser_unexpected(p, "`)`");
    return rest;
}

/* `e?: T = init`, at `?` or `:`. */
static Node *parse_annotated(Parser *p, ParenList *list, uint32_t start, Node *e)
{
    note_only_arrow(list, start);
    Parameter *node = NEW_NODE(p, PARAMETER, Parameter, start);
    node->target = e;
    if (e->kind == NODE_SPREAD) {
        node->target = ((Spread *)e)->argument;
        node->rest = true;
    }
    if (parser_take(p, TOKEN_QUESTION)) node->bits |= MODIFIER_OPTIONAL;
    node->type = parse_type_annotation(p);
    if (parser_take(p, TOKEN_ASSIGN)) node->initializer = parse_expr_assignment(p);
    return FINISH(p, node);
}

typedef struct TypedRest {
    ParenList *list;
    uint32_t   start;
    Node      *item;
} TypedRest;

/* A trial: from the first annotation on, are these an arrow's parameters? Ends at `=>`. */
static bool parse_typed_rest(Parser *p, void *context)
{
    TypedRest *rest = context;
    parser_list_push(p, parse_annotated(p, rest->list, rest->start, rest->item));
    while (parser_take(p, TOKEN_COMMA)) {
        if (parser_at(p, TOKEN_RIGHT_PAREN)) break;
        parser_list_push(p, parse_func_parameter(p, false));
    }
    parser_expect(p, TOKEN_RIGHT_PAREN);
    rest->list->is_closed = true;
    if (parser_at(p, TOKEN_COLON)) rest->list->return_type = parse_type_return(p);
    return parse_arrow_at(p);
}

/* An item that is followed by `:` or `?`. Returns NULL when a trial read the rest of the list. */
static Node *parse_item_suffix(Parser *p, ParenList *list, uint32_t start, Node *e)
{
    if (!parser_is_dialect(p, DIALECT_TYPESCRIPT))
        return list->is_call ? parse_ultra_named_argument(p, e) : e;
    bool may_be_named = list->is_call && parser_at(p, TOKEN_COLON) && parser_is_bare(e, NODE_IDENTIFIER)
        && parser_is_dialect(p, DIALECT_ULTRA) && list->only_arrow == NO_POSITION;
    if (!may_be_named) return parse_annotated(p, list, start, e);
    TypedRest rest = { list, start, e };
    if (!list->has_named_arguments && parser_try(p, parse_typed_rest, &rest)) return NULL;
    list->only_arrow = NO_POSITION;
    list->is_closed = false;
    list->has_named_arguments = true;
    return parse_ultra_named_argument(p, e);
}

static Node *parse_item(Parser *p, ParenList *list)
{
    uint32_t start = PARSER_HERE(p);
    Node *e;
    if (parser_at(p, TOKEN_ELLIPSIS)) {
        if (!list->is_call) return parse_rest_item(p, list);
        Spread *spread = NEW_NODE(p, SPREAD, Spread, start);
        parser_next(p);
        spread->argument = parse_expr_cover(p);
        e = FINISH(p, spread);
    } else {
        p->optional_start = start;
        e = parse_expr_cover(p);
    }
    bool has_suffix = parser_at(p, TOKEN_COLON) || parser_at(p, TOKEN_QUESTION);
    return has_suffix ? parse_item_suffix(p, list, start, e) : e;
}

void parse_arrow_list(Parser *p, ParenList *list, uint32_t start, bool is_call)
{
    *list = (ParenList){
        .start = start,
        .is_call = is_call,
        .only_arrow = NO_POSITION,
        .trailing_comma = NO_POSITION,
        .await_position = p->now.await_position,
        .yield_position = p->now.yield_position,
        .await_name_position = p->now.await_name_position,
    };
    uint32_t outer = p->now.in, outer_optional = p->optional_start, begin = parser_list_begin(p);
    p->now.in = 0;
    p->now.cover = (Cover){ NO_POSITION, NO_POSITION };
    ASSERT(parser_at(p, TOKEN_LEFT_PAREN), "at `(`");
    parser_next(p);
    list->inner_start = PARSER_HERE(p);
    while (!parser_at(p, TOKEN_RIGHT_PAREN)) {
        Node *item = parse_item(p, list);
        if (!item) break;
        parser_list_push(p, item);
        uint32_t comma = PARSER_HERE(p);
        if (!parser_take(p, TOKEN_COMMA)) break;
        if (parser_at(p, TOKEN_RIGHT_PAREN)) list->trailing_comma = comma;
    }
    p->now.in = outer;
    p->optional_start = outer_optional;
    list->inner_end = p->previous_end;
    if (!list->is_closed) {
        if (!parser_at(p, TOKEN_RIGHT_PAREN)) parser_unexpected(p, is_call ? "`,` or `)`" : "`)`");
        parser_next(p);
    }
    list->items = parser_list_end(p, begin);
    list->cover = p->now.cover;
}

/* ---- the function -------------------------------------------------------------------------------------- */

/* A ParenList's item as a parameter. */
static Node *make_parameter(Parser *p, Node *item, bool is_last, bool has_trailing_comma)
{
    if (item->kind == NODE_PARAMETER) {
        Parameter *annotated = (Parameter *)item;
        if (annotated->rest && (!is_last || has_trailing_comma))
            parser_error_node(p, DIAG_REST_NOT_LAST, item);
        annotated->target = parse_pattern_from(p, annotated->target, PATTERN_BINDING);
        return item;
    }
    Parameter *node = NEW_NODE(p, PARAMETER, Parameter, item->start);
    node->node.end = item->end;
    node->target = item;
    if (item->kind == NODE_SPREAD) {
        if (!is_last || has_trailing_comma) parser_error_node(p, DIAG_REST_NOT_LAST, item);
        node->rest = true;
        node->target = ((Spread *)item)->argument;
    } else if (parser_is_bare(item, NODE_ASSIGN) && ((Assign *)item)->op == TOKEN_ASSIGN) {
        node->target = ((Assign *)item)->target;
        node->initializer = ((Assign *)item)->value;
    }
    node->target = parse_pattern_from(p, node->target, PATTERN_BINDING);
    return &node->node;
}

static NodeList make_parameters(Parser *p, const ParenList *list)
{
    uint32_t begin = parser_list_begin(p);
    for (uint32_t i = 0; i < list->items.count; i++) {
        bool is_last = i + 1 == list->items.count;
        parser_list_push(
            p, make_parameter(p, list->items.items[i], is_last, list->trailing_comma != NO_POSITION));
    }
    return parser_list_end(p, begin);
}

/* Parameters may hold neither await nor yield expressions; of an async arrow, no name `await` either. */
static void check_list(Parser *p, const ParenList *list, uint32_t bits)
{
    uint32_t await = p->now.await_position, yield = p->now.yield_position, name = p->now.await_name_position;
    if (await != list->await_position) parser_error(p, DIAG_AWAIT_IN_PARAMETERS, await, await + 5);
    if (yield != list->yield_position) parser_error(p, DIAG_YIELD_IN_PARAMETERS, yield, yield + 5);
    if (bits & FUNCTION_IS_ASYNC && name != list->await_name_position)
        parser_error(p, DIAG_AWAIT_IS_RESERVED, name, name + 5);
}

bool parse_arrow_at(const Parser *p)
{
    return parser_at(p, TOKEN_ARROW) && !p->token.newline_before;
}

/* At `=>`. */
static Node *parse_arrow_rest(Parser *p, const ParenList *list, uint32_t bits, Node *return_type)
{
    ASSERT(list->start <= p->token.start, "the list is behind us");
    Function *f = NEW_NODE(p, FUNCTION, Function, list->start);
    f->kind = FUNCTION_ARROW;
    f->bits = bits;
    f->return_type = return_type;
    if (!parse_arrow_at(p)) parser_unexpected(p, "`=>` on the same line");
    parser_next(p);
    check_list(p, list, bits);
    f->parameters = make_parameters(p, list);
    FunctionContext context = *p->now.function;
    context.is_async = bits & FUNCTION_IS_ASYNC;
    context.is_generator = context.is_top_level = context.in_parameters = context.in_static_block = false;
    context.reserves_await = context.is_async || p->is_module;
    context.allows_return = true;
    ParserState saved;
    parse_func_enter(p, &context, &saved);
    if (parser_at(p, TOKEN_LEFT_BRACE)) {
        parse_func_body(p, f);
    } else {
        f->bits |= FUNCTION_IS_EXPRESSION_BODY;
        p->now.in = saved.in;
        p->send_body_start = PARSER_HERE(p);
        f->body = parse_expr_assignment(p);
    }
    parse_func_finish(p, f);
    parse_func_leave(p, &saved);
    return FINISH(p, f);
}

typedef struct TypedArrow {
    const ParenList *list;
    uint32_t         bits;
    Node            *arrow;
} TypedArrow;

/* A trial: `: type => body`, and where `:` must follow, that. */
static bool parse_typed_arrow(Parser *p, void *context)
{
    TypedArrow *typed = context;
    Node *return_type = parse_type_return(p);
    if (!parse_arrow_at(p)) return false;
    typed->arrow = parse_arrow_rest(p, typed->list, typed->bits, return_type);
    return !(p->now.in & IN_BEFORE_COLON) || parser_at(p, TOKEN_COLON);
}

Node *parse_arrow_try(Parser *p, const ParenList *list, uint32_t bits)
{
    if (parse_arrow_at(p)) return parse_arrow_rest(p, list, bits, list->return_type);
    if (!parser_at(p, TOKEN_COLON) || !parser_is_dialect(p, DIALECT_TYPESCRIPT)) return NULL;
    bool is_empty = list->items.count == 0 && !list->is_call;
    bool is_sure = list->only_arrow != NO_POSITION || is_empty || !(p->now.in & (IN_BEFORE_COLON | IN_SLICE));
    if (is_sure) {
        Node *return_type = parse_type_return(p);
        return parse_arrow_rest(p, list, bits, return_type);
    }
    TypedArrow typed = { list, bits, NULL };
    return parser_try(p, parse_typed_arrow, &typed) ? typed.arrow : NULL;
}

Node *parse_arrow_of_name(Parser *p, uint32_t start, Node *name, uint32_t bits)
{
    ParenList list = {
        .start = start, .only_arrow = NO_POSITION, .trailing_comma = NO_POSITION,
        .items = { arena_copy(p->arena, &name, sizeof name), 1 },
        .await_position = p->now.await_position, .yield_position = p->now.yield_position,
        .await_name_position = p->now.await_name_position,
    };
    if (bits & FUNCTION_IS_ASYNC && ((Identifier *)name)->name->word == WORD_AWAIT)
        parser_error_node(p, DIAG_AWAIT_IS_RESERVED, name);
    return parse_arrow_rest(p, &list, bits, NULL);
}
