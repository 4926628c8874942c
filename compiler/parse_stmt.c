/* SPDX-License-Identifier: MIT */
/* parse_stmt.c - statement lists and statements (ECMA-262 14, B.3), recovery after syntax errors.
 *
 * I1  A syntax error ends its statement: the innermost statement list skips to where the next one may begin
 *     and goes on, so one run reports several errors. Within a trial nothing recovers.
 * I2  A label, like a breakable statement, is known from its start to the end of its statement, within its
 *     function. */
#include "compiler/parser_int.h"

/* ---- recovery ------------------------------------------------------------------------------------------ */

static bool at_statement_keyword(const Parser *p)
{
    switch ((TokenKind)p->token.kind) {
    case TOKEN_BREAK: case TOKEN_CLASS: case TOKEN_CONST: case TOKEN_CONTINUE: case TOKEN_DO:
    case TOKEN_EXPORT: case TOKEN_FOR: case TOKEN_FUNCTION: case TOKEN_IF: case TOKEN_IMPORT:
    case TOKEN_RETURN: case TOKEN_SWITCH: case TOKEN_THROW: case TOKEN_TRY: case TOKEN_VAR: case TOKEN_WHILE:
    case TOKEN_DEBUGGER:
        return true;
    default:
        return parser_at_word(p, WORD_LET);
    }
}

/* Skip to where a statement may begin, after one went wrong at the current token. */
static void skip_statement(Parser *p, enum StatementListEnd end)
{
    bool is_untouched = p->token.start == p->statement_start;
    bool ends_with_line = parser_at(p, TOKEN_ERROR);             // a string, most often
    for (uint32_t depth = 0; !parser_at(p, TOKEN_END); parser_next(p)) {
        bool is_new_line = depth == 0 && !is_untouched && p->token.newline_before;
        if (is_new_line && (ends_with_line || at_statement_keyword(p))) return;
        if (depth == 0 && parser_take(p, TOKEN_SEMICOLON)) return;
        if (parser_at(p, TOKEN_LEFT_BRACE)) depth++;
        if (parser_at(p, TOKEN_RIGHT_BRACE)) {
            if (depth == 0 && end != ENDS_AT_END) return;
            if (depth > 0) depth--;
            ends_with_line |= depth == 0;                        // what the brace closed, may be
        }
        is_untouched = false;
    }
}

static void recover(Parser *p, Recovery *recovery, enum StatementListEnd end)
{
    p->now = recovery->state;
    p->now.recovery = recovery;
    p->now.list_end = end;
    DiagMark mark = diag_mark(p->diag);
    skip_statement(p, end);
    diag_rewind(p->diag, mark);                  // bad tokens on the way are not worth a message,
    Token before = { .end = p->previous_end };   // the first token of what follows is
    lexer_rewind(&p->lexer, &before);
    lexer_next(&p->lexer, &p->token);
}

/* ---- lists --------------------------------------------------------------------------------------------- */

/* A string statement; it goes on the pending list. False: it was no directive after all. */
static bool parse_directive(Parser *p, Directives *directives, uint32_t *octal)
{
    Token t = p->token;
    Node *statement = parse_stmt_any(p);
    parser_list_push(p, statement);
    if (statement->kind != NODE_EXPRESSION_STATEMENT) return false;
    ExpressionStatement *e = (ExpressionStatement *)statement;
    if (e->expression->kind != NODE_STRING || e->expression->end != t.end) return false;
    e->is_directive = true;
    bool is_exact = t.end - t.start == t.name->length + 2;       // no escapes
    if (t.flags & FLAG_LEGACY_OCTAL && *octal == NO_POSITION) *octal = t.start;
    if (is_exact && t.name->word == WORD_USE_STRICT) {
        directives->use_strict = t.start;
        directives->use_strict_end = t.end;
        p->now.is_strict = true;
        if (*octal != NO_POSITION) parser_error(p, DIAG_STRICT_OCTAL_ESCAPE, *octal, *octal + 1);
    } else if (is_exact && t.name->word == WORD_USE_JS) {
        p->dialect &= ~(uint32_t)DIALECT_ULTRA_FILE;
    }
    return true;
}

static void parse_directives(Parser *p, Directives *directives)
{
    *directives = (Directives){ NO_POSITION, NO_POSITION };
    uint32_t octal = NO_POSITION;
    while (parser_at(p, TOKEN_STRING) && parse_directive(p, directives, &octal)) continue;
}

static bool at_list_end(Parser *p, enum StatementListEnd end)
{
    switch (end) {
    case ENDS_AT_END:  return parser_at(p, TOKEN_END);
    case ENDS_AT_CASE: if (parser_at(p, TOKEN_CASE) || parser_at(p, TOKEN_DEFAULT)) return true;
                       break;
    default:           break;
    }
    if (parser_at(p, TOKEN_END)) parser_unexpected(p, "`}`");
    return parser_at(p, TOKEN_RIGHT_BRACE);
}

/* An item of a list that may hold import and export declarations, or of any other. */
static Node *parse_item(Parser *p, enum StatementListEnd end)
{
    if (end == ENDS_AT_END || end == ENDS_AT_NAMESPACE) {
        Node *item = parse_module_item(p, end == ENDS_AT_NAMESPACE);
        if (item) return item;
    }
    return parse_stmt_any(p);
}

NodeList parse_stmt_list(Parser *p, enum StatementListEnd end, Directives *directives)
{
    uint32_t begin = parser_list_begin(p);
    if (directives) parse_directives(p, directives);
    Recovery recovery;
    recovery.state = p->now;
    p->now.list_end = end;
    if (!p->trial) {
        p->now.recovery = &recovery;
        if (setjmp(recovery.jump)) recover(p, p->now.recovery, end);
    }
    while (!at_list_end(p, end)) {
        p->statement_start = PARSER_HERE(p);
        parser_list_push(p, parse_item(p, end));
    }
    p->now.recovery = recovery.state.recovery;
    p->now.list_end = recovery.state.list_end;
    return parser_list_end(p, begin);
}

Node *parse_stmt_block(Parser *p)
{
    Block *block = NEW_NODE(p, BLOCK, Block, PARSER_HERE(p));
    parser_expect(p, TOKEN_LEFT_BRACE);
    block->statements = parse_stmt_list(p, ENDS_AT_BRACE, NULL);
    parser_expect(p, TOKEN_RIGHT_BRACE);
    return FINISH(p, block);
}

/* ---- breakable statements and labels ------------------------------------------------------------------- */

void parse_stmt_push_breakable(Parser *p, uint8_t kind)
{
    p->breakables.count = p->now.breakable_count;
    VEC_PUSH_ARENA(p->arena, &p->breakables, kind);
    p->now.breakable_count++;
}

void parse_stmt_pop_breakable(Parser *p)
{
    ASSERT(p->now.breakable_count > p->now.function->first_breakable, "I2");
    p->now.breakable_count--;
}

static Label *find_label(Parser *p, const Name *name)
{
    for (uint32_t i = p->now.label_count; i > p->now.function->first_label; i--)
        if (p->labels.items[i - 1].name == name) return &p->labels.items[i - 1];
    return NULL;
}

void parse_stmt_label_loop(Parser *p, uint32_t start)
{
    for (uint32_t i = p->now.label_count; i > p->now.function->first_label; i--) {
        Label *label = &p->labels.items[i - 1];
        if (label->body_start != start) return;
        label->is_loop = true;
        start = label->start;
    }
}

static Node *parse_labelled_body(Parser *p, bool allows_function)
{
    if (!parser_at(p, TOKEN_FUNCTION)) return parse_stmt_in(p, false, allows_function);
    uint32_t start = PARSER_HERE(p);
    if (parser_peek(p).kind == TOKEN_STAR) parser_fail(p, DIAG_FUNCTION_POSITION);
    if (p->now.is_strict || !allows_function) parser_error(p, DIAG_FUNCTION_POSITION, start, p->token.end);
    return parse_func_declaration(p, start, 0, true);
}

/* At the `:` behind `name`. */
static Node *parse_labelled(Parser *p, const Identifier *name, bool allows_function)
{
    parser_enter(p);
    Labeled *node = NEW_NODE(p, LABELED, Labeled, name->node.start);
    node->label = name->name;
    if (find_label(p, name->name))
        parser_error_node(p, DIAG_DUPLICATE_LABEL, &name->node, parser_name_text(p, name->name));
    parser_next(p);
    Label label = { name->name, name->node.start, PARSER_HERE(p), false };
    p->labels.count = p->now.label_count;
    VEC_PUSH_ARENA(p->arena, &p->labels, label);
    p->now.label_count++;
    node->body = parse_labelled_body(p, allows_function);
    ASSERT(p->labels.items[p->now.label_count - 1].name == node->label, "I2");
    p->now.label_count--;
    parser_leave(p);
    return FINISH(p, node);
}

/* ---- jumps --------------------------------------------------------------------------------------------- */

static bool is_in_loop(const Parser *p)
{
    for (uint32_t i = p->now.breakable_count; i > p->now.function->first_breakable; i--)
        if (p->breakables.items[i - 1] == BREAKABLE_LOOP) return true;
    return false;
}

static void check_unlabelled_jump(Parser *p, bool is_continue, uint32_t start)
{
    bool is_in_breakable = p->now.breakable_count > p->now.function->first_breakable;
    if (is_continue ? is_in_loop(p) : is_in_breakable) return;
    parser_error(p, is_continue ? DIAG_CONTINUE_POSITION : DIAG_BREAK_POSITION, start, p->previous_end);
}

static Name *parse_jump_label(Parser *p, bool is_continue)
{
    Identifier *name = (Identifier *)parser_identifier(p);
    const Label *label = find_label(p, name->name);
    if (!label)
        parser_error_node(p, DIAG_UNKNOWN_LABEL, &name->node, parser_name_text(p, name->name));
    else if (is_continue && !label->is_loop)
        parser_error_node(p, DIAG_CONTINUE_LABEL, &name->node, parser_name_text(p, name->name));
    return name->name;
}

static Node *parse_jump(Parser *p)
{
    bool is_continue = parser_at(p, TOKEN_CONTINUE);
    uint32_t start = PARSER_HERE(p);
    parser_next(p);
    Name *label = NULL;
    uint32_t levels = 0;
    if (parser_at(p, TOKEN_IDENTIFIER) && !p->token.newline_before) label = parse_jump_label(p, is_continue);
    else if (parse_ultra_stmt_is_jump_level(p)) levels = parse_ultra_stmt_jump_level(p, is_continue);
    else check_unlabelled_jump(p, is_continue, start);
    parser_semicolon(p);
    if (is_continue) {
        Continue *node = NEW_NODE(p, CONTINUE, Continue, start);
        node->label = label;
        node->levels = levels;
        return FINISH(p, node);
    }
    Break *node = NEW_NODE(p, BREAK, Break, start);
    node->label = label;
    node->levels = levels;
    return FINISH(p, node);
}

static Node *parse_return(Parser *p)
{
    Return *node = NEW_NODE(p, RETURN, Return, PARSER_HERE(p));
    if (!p->now.function->allows_return) parser_error(p, DIAG_RETURN_POSITION, p->token.start, p->token.end);
    parser_next(p);
    if (!parser_at_semicolon(p)) node->argument = parse_expr_any(p);
    parser_semicolon(p);
    return FINISH(p, node);
}

static Node *parse_throw(Parser *p)
{
    Throw *node = NEW_NODE(p, THROW, Throw, PARSER_HERE(p));
    parser_next(p);
    if (p->token.newline_before) parser_fail(p, DIAG_NEWLINE_AFTER_THROW);
    node->argument = parse_expr_any(p);
    parser_semicolon(p);
    return FINISH(p, node);
}

/* ---- if, switch, try, with ----------------------------------------------------------------------------- */

Node *parse_stmt_header(Parser *p, bool *ends_line)
{
    uint32_t start = PARSER_HERE(p);
    *ends_line = false;
    if (!parser_at(p, TOKEN_LEFT_PAREN) && parser_is_dialect(p, DIALECT_ULTRA)) {
        *ends_line = true;
        parse_ultra_note_extension(p);
        return parse_expr_in(p, IN_HEADER, parse_expr_any);
    }
    parser_expect(p, TOKEN_LEFT_PAREN);
    Node *condition = parse_expr_in(p, 0, parse_expr_any);
    parser_expect(p, TOKEN_RIGHT_PAREN);
    if (!parse_ultra_stmt_continues_header(p)) return condition;
    *ends_line = true;
    return parse_ultra_stmt_header_rest(p, condition, start);
}

Node *parse_stmt_body(Parser *p, bool ends_line)
{
    if (ends_line && !parser_at(p, TOKEN_LEFT_BRACE) && !p->token.newline_before
        && !parser_at(p, TOKEN_END)) {
        if (p->trial || p->token.kind == TOKEN_ERROR) parser_give_up(p);
        parser_fail(p, DIAG_HEADER_END, parser_token_text(p, &p->token));
    }
    return parse_stmt_embedded(p);
}

/* B.3.3: a function as a branch is in a block of its own. */
static Node *parse_branch(Parser *p, bool ends_line)
{
    if (!parser_at(p, TOKEN_FUNCTION) || p->now.is_strict) return parse_stmt_body(p, ends_line);
    Block *block = NEW_NODE(p, BLOCK, Block, PARSER_HERE(p));
    if (parser_peek(p).kind == TOKEN_STAR) parser_fail(p, DIAG_FUNCTION_POSITION);
    uint32_t begin = parser_list_begin(p);
    parser_list_push(p, parse_func_declaration(p, block->node.start, 0, true));
    block->statements = parser_list_end(p, begin);
    return FINISH(p, block);
}

static Node *parse_if(Parser *p)
{
    If *node = NEW_NODE(p, IF, If, PARSER_HERE(p));
    bool ends_line;
    parser_next(p);
    node->test = parse_stmt_header(p, &ends_line);
    node->consequent = parse_branch(p, ends_line);
    if (parser_take(p, TOKEN_ELSE)) node->alternate = parse_branch(p, false);
    return FINISH(p, node);
}

static Node *parse_case(Parser *p, bool *has_default)
{
    Case *node = NEW_NODE(p, CASE, Case, PARSER_HERE(p));
    if (parser_at(p, TOKEN_DEFAULT)) {
        if (*has_default) parser_error(p, DIAG_SECOND_DEFAULT, p->token.start, p->token.end);
        *has_default = true;
        parser_next(p);
    } else {
        if (!parser_take(p, TOKEN_CASE)) parser_unexpected(p, "`case`, `default` or `}`");
        node->test = parse_expr_in(p, IN_BEFORE_COLON, parse_expr_any);
    }
    parser_expect(p, TOKEN_COLON);
    node->statements = parse_stmt_list(p, ENDS_AT_CASE, NULL);
    return FINISH(p, node);
}

static Node *parse_switch(Parser *p)
{
    Switch *node = NEW_NODE(p, SWITCH, Switch, PARSER_HERE(p));
    bool ends_line, has_default = false;
    parser_next(p);
    node->discriminant = parse_stmt_header(p, &ends_line);
    parser_expect(p, TOKEN_LEFT_BRACE);
    parse_stmt_push_breakable(p, BREAKABLE_SWITCH);
    uint32_t begin = parser_list_begin(p);
    while (!parser_at(p, TOKEN_RIGHT_BRACE)) parser_list_push(p, parse_case(p, &has_default));
    node->cases = parser_list_end(p, begin);
    parse_stmt_pop_breakable(p);
    parser_next(p);
    return FINISH(p, node);
}

static Node *parse_catch(Parser *p)
{
    Catch *node = NEW_NODE(p, CATCH, Catch, PARSER_HERE(p));
    parser_next(p);
    if (parser_take(p, TOKEN_LEFT_PAREN)) {
        node->parameter = parse_pattern_binding(p);
        parse_type_annotation(p);
        parser_expect(p, TOKEN_RIGHT_PAREN);
    }
    node->body = parse_stmt_block(p);
    return FINISH(p, node);
}

static Node *parse_try(Parser *p)
{
    Try *node = NEW_NODE(p, TRY, Try, PARSER_HERE(p));
    parser_next(p);
    node->block = parse_stmt_block(p);
    if (parser_at(p, TOKEN_CATCH)) node->handler = parse_catch(p);
    if (parser_take(p, TOKEN_FINALLY)) node->finalizer = parse_stmt_block(p);
    if (!node->handler && !node->finalizer) parser_unexpected(p, "`catch` or `finally`");
    return FINISH(p, node);
}

static Node *parse_with(Parser *p)
{
    With *node = NEW_NODE(p, WITH, With, PARSER_HERE(p));
    if (p->now.is_strict) parser_error(p, DIAG_STRICT_WITH, p->token.start, p->token.end);
    parser_next(p);
    parser_expect(p, TOKEN_LEFT_PAREN);
    node->object = parse_expr_in(p, 0, parse_expr_any);
    parser_expect(p, TOKEN_RIGHT_PAREN);
    node->body = parse_stmt_embedded(p);
    return FINISH(p, node);
}

/* ---- statements ---------------------------------------------------------------------------------------- */

/* An expression, or the label that it turned out to be. */
static Node *parse_expression_statement(Parser *p, bool allows_function)
{
    uint32_t start = PARSER_HERE(p);
    p->send_start = start;
    Node *e = parse_expr_any(p);
    if (parser_at(p, TOKEN_COLON) && parser_is_bare(e, NODE_IDENTIFIER))
        return parse_labelled(p, (Identifier *)e, allows_function);
    ExpressionStatement *node = NEW_NODE(p, EXPRESSION_STATEMENT, ExpressionStatement, start);
    node->expression = e;
    parser_semicolon(p);
    return FINISH(p, node);
}

static Node *parse_class_declaration(Parser *p)
{
    ClassSpec spec = { .start = PARSER_HERE(p), .needs_name = true };
    spec.decorators = parse_class_decorators(p);
    if (parser_at(p, TOKEN_EXPORT)) return parse_module_export(p, spec.decorators);
    spec.is_abstract = parse_typescript_take_abstract(p);
    ClassDeclaration *node = NEW_NODE(p, CLASS_DECLARATION, ClassDeclaration, spec.start);
    node->class_node = parse_class_definition(p, &spec);
    return FINISH(p, node);
}

/* A statement that starts with an identifier token which may mean more than that. */
static Node *parse_word_statement(Parser *p, bool is_item)
{
    uint32_t start = PARSER_HERE(p), using_kind;
    if (parse_variables_at_let(p)) {
        Token after = parser_peek(p);
        bool is_declaration = is_item || after.kind == TOKEN_LEFT_BRACKET || !after.newline_before;
        if (is_declaration) {
            if (!is_item) parser_error(p, DIAG_DECLARATION_POSITION, start, p->token.end);
            parser_next(p);
            return parse_variables_list(p, VARIABLE_LET, start);
        }
    }
    if (parser_at_word(p, WORD_ASYNC)) {
        Token after = parser_peek(p);
        if (after.kind == TOKEN_FUNCTION && !after.newline_before) {
            if (!is_item) parser_error(p, DIAG_FUNCTION_POSITION, start, p->token.end);
            return parse_func_declaration(p, start, 0, true);
        }
    }
    if (parse_variables_at_using(p, false, &using_kind)) return parse_variables_using(p, using_kind, is_item);
    if (parser_is_dialect(p, DIALECT_TYPESCRIPT)) {
        Node *declaration = parse_typescript_statement(p);
        if (declaration) return declaration;
    }
    return parse_ultra_stmt_any(p);
}

static Node *parse_debugger(Parser *p)
{
    Debugger *node = NEW_NODE(p, DEBUGGER, Debugger, PARSER_HERE(p));
    parser_next(p);
    parser_semicolon(p);
    return FINISH(p, node);
}

static Node *parse_empty(Parser *p)
{
    Empty *node = NEW_NODE(p, EMPTY, Empty, PARSER_HERE(p));
    parser_next(p);
    return FINISH(p, node);
}

static void check_declaration_position(Parser *p, bool is_item, DiagCode code)
{
    if (!is_item) parser_error(p, code, p->token.start, p->token.end);
}

static Node *parse_statement(Parser *p, bool is_item, bool allows_function)
{
    Node *node;
    switch ((TokenKind)p->token.kind) {
    case TOKEN_LEFT_BRACE:  return parse_stmt_block(p);
    case TOKEN_SEMICOLON:   return parse_empty(p);
    case TOKEN_IF:          return parse_if(p);
    case TOKEN_FOR:         return parse_loop_for(p);
    case TOKEN_WHILE:       return parse_loop_while(p);
    case TOKEN_DO:          return parse_loop_do(p);
    case TOKEN_BREAK:
    case TOKEN_CONTINUE:    return parse_jump(p);
    case TOKEN_RETURN:      return parse_return(p);
    case TOKEN_THROW:       return parse_throw(p);
    case TOKEN_SWITCH:      return parse_switch(p);
    case TOKEN_TRY:         return parse_try(p);
    case TOKEN_WITH:        return parse_with(p);
    case TOKEN_DEBUGGER:    return parse_debugger(p);
    case TOKEN_CONST:
        check_declaration_position(p, is_item, DIAG_DECLARATION_POSITION);
        return parse_variables_keyword(p);
    case TOKEN_VAR:
        return parse_variables_keyword(p);
    case TOKEN_FUNCTION:
        check_declaration_position(p, is_item, DIAG_FUNCTION_POSITION);
        return parse_func_declaration(p, PARSER_HERE(p), 0, true);
    case TOKEN_CLASS: case TOKEN_AT:
        check_declaration_position(p, is_item, DIAG_DECLARATION_POSITION);
        return parse_class_declaration(p);
    case TOKEN_ENUM:
        if (!parser_is_dialect(p, DIALECT_TYPESCRIPT)) break;
        return parse_typescript_enum(p, PARSER_HERE(p), false);
    case TOKEN_EXPORT:
        parser_fail(p, DIAG_MODULE_POSITION, "export");
    case TOKEN_IMPORT:
        parse_module_reject_import(p);
        break;
    case TOKEN_IDENTIFIER:
        node = p->token.name->word != WORD_NONE ? parse_word_statement(p, is_item) : NULL;
        if (node) return node;
        break;
    default:
        break;
    }
    return parse_expression_statement(p, allows_function);
}

Node *parse_stmt_in(Parser *p, bool is_item, bool allows_function)
{
    parser_enter(p);
    Node *node = parse_statement(p, is_item, allows_function);
    parser_leave(p);
    return node;
}

Node *parse_stmt_any(Parser *p)
{
    return parse_stmt_in(p, true, true);
}

Node *parse_stmt_embedded(Parser *p)
{
    return parse_stmt_in(p, false, false);
}
