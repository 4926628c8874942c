/* SPDX-License-Identifier: MIT */
#include "tests/unit/parse_fixture.h"

#define SCRIPT_FAILS(text, code, start) EXPECT_FAILS(text, PARSER_SCRIPT, 0, code, start)
#define SCRIPT_PARSES(text) EXPECT_PARSES(text, PARSER_SCRIPT, 0)
#define MODULE_FAILS(text, code, start) EXPECT_FAILS(text, PARSER_MODULE, 0, code, start)
#define MODULE_PARSES(text) EXPECT_PARSES(text, PARSER_MODULE, 0)

/* ---- kinds of source ----------------------------------------------------------------------------------- */

TEST(parser_detects_modules)
{
    static const struct { const char *text; bool is_module; } cases[] = {
        { "x", false },                          { "import 'a'", true },
        { "export {}", true },                   { "import('a')", false },
        { "import.meta", true },                 { "await x", true },
        { "await (x)", false },                  { "for await (x of y);", true },
        { "async () => await x", false },        { "function f() { return await }", false },
        { "{ await 1 }", true },                 { "await: 1", false },
        { "var await; await\n1", false },        { "await using x = y", true },
        { "010; export {}", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Parse p;
        ParserOptions options = { .kind = PARSER_DETECT };
        parse_begin(&p, cases[i].text, &options);
        bool is_module = p.result.program && p.result.program->goal == GOAL_MODULE;
        if (is_module != cases[i].is_module) test_fail(__FILE__, __LINE__, "%s", cases[i].text);
        parse_end(&p);
    }
}

TEST(parser_allows_in_each_kind_what_it_should)
{
    SCRIPT_FAILS("return", RETURN_POSITION, 0);
    EXPECT_PARSES("return new.target", PARSER_COMMONJS, 0);
    EXPECT_FAILS("await x", PARSER_COMMONJS, 0, AWAIT_POSITION, 0);
    SCRIPT_FAILS("new.target", NEW_TARGET, 0);
    SCRIPT_FAILS("import a from 'a'", IMPORT_IN_SCRIPT, 0);
    SCRIPT_FAILS("export {}", EXPORT_IN_SCRIPT, 0);
    SCRIPT_FAILS("import.meta", META_IN_SCRIPT, 7);
    SCRIPT_FAILS("await x", AWAIT_POSITION, 0);
    MODULE_PARSES("await x; for await (a of b); import.meta");
    MODULE_FAILS("var await", AWAIT_IS_RESERVED, 4);
    MODULE_FAILS("with (a) b", STRICT_WITH, 0);
    MODULE_FAILS("<!-- b\n", UNEXPECTED_TOKEN_WANTED, 0);
    EXPECT_PARSES("await x; let y = await (z)", PARSER_REPL, 0);
    EXPECT_FAILS("function f() { await x }", PARSER_REPL, 0, AWAIT_POSITION, 15);
}

TEST(parser_eval_inherits_from_its_caller)
{
    static const struct { const char *text; ParserOptions needs; } cases[] = {
        { "new.target", { .kind = PARSER_EVAL, .eval_in_function = true } },
        { "super.x", { .kind = PARSER_EVAL, .eval_in_method = true } },
        { "super()", { .kind = PARSER_EVAL, .eval_in_derived_constructor = true } },
        { "() => super()", { .kind = PARSER_EVAL, .eval_in_derived_constructor = true } },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Parse p;
        parse_begin(&p, cases[i].text, &cases[i].needs);
        EXPECT(p.result.program != NULL);
        parse_end(&p);
        EXPECT(!parse_text(cases[i].text, PARSER_EVAL, 0, NULL, NULL));
    }
    Parse p;
    ParserOptions options = { .kind = PARSER_EVAL, .eval_in_field_initializer = true };
    parse_begin(&p, "() => arguments", &options);
    EXPECT(p.result.program == NULL);
    parse_end(&p);
    options = (ParserOptions){ .kind = PARSER_EVAL, .is_strict = true };
    parse_begin(&p, "010", &options);
    EXPECT(p.result.program == NULL);
    parse_end(&p);
}

static bool makes_function(uint32_t bits, const char *parameters, const char *body)
{
    Parse p;
    Buf text;
    ParserOptions options = { 0 };
    buf_init(&text);
    parser_put_function(&text, bits, parameters, strlen(parameters), body, strlen(body), &options);
    parse_begin(&p, buf_text(&text), &options);
    bool is_made = p.result.program != NULL;
    if (is_made) EXPECT(p.result.program->statements.items[0]->kind == NODE_EXPRESSION_STATEMENT);
    parse_end(&p);
    buf_deinit(&text);
    return is_made;
}

TEST(parser_makes_functions_of_whole_parts_only)
{
    EXPECT(makes_function(0, "", ""));
    EXPECT(makes_function(0, "a, b = 1, ...c", "return a // end"));
    EXPECT(makes_function(0, "a, // end", "-->"));
    EXPECT(makes_function(FUNCTION_IS_GENERATOR, "a", "yield a"));
    EXPECT(makes_function(FUNCTION_IS_ASYNC, "a", "await a"));
    EXPECT(makes_function(FUNCTION_IS_ASYNC | FUNCTION_IS_GENERATOR, "", "yield await 1"));
    EXPECT(makes_function(0, "", "return new.target"));
    EXPECT(!makes_function(0, "", "super.x"));
    EXPECT(!makes_function(0, "", "await a"));
    EXPECT(!makes_function(0, "/*", "*/){"));
    EXPECT(!makes_function(0, "a) { }, function (b", ""));
    EXPECT(!makes_function(0, "", "}, function () {"));
    EXPECT(!makes_function(0, "", "} //"));
    EXPECT(!makes_function(0, "a = `", "`) {"));
    EXPECT(!makes_function(0, "-->", ""));
    EXPECT(!makes_function(0, "eval", "'use strict'"));
    EXPECT(!makes_function(FUNCTION_IS_GENERATOR, "a = yield", ""));
    EXPECT(!makes_function(0, ") {", "}"));
}

TEST(parser_says_when_input_is_cut_short)
{
    static const struct { const char *text; bool is_incomplete; } cases[] = {
        { "f(", true },           { "{", true },         { "a +", true },           { "`abc", true },
        { "`${", true },          { "/* a", true },      { "'a\\\n", true },        { "if (a)", true },
        { "function f() {", true }, { "x => {", true },  { "class A { m() {", true }, { "[1,", true },
        { "'a", false },          { "a b", false },      { ")", false },            { "/a", false },
        { "let x = )", false },   { "for (", true },     { "a\n}", false },         { "try {}", true },
        { "({a = 1", true },      { "var x =\n", true }, { "} `", false },          { "", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Parse p;
        ParserOptions options = { .kind = PARSER_REPL };
        parse_begin(&p, cases[i].text, &options);
        if (p.result.is_incomplete != cases[i].is_incomplete)
            test_fail(__FILE__, __LINE__, "%s", cases[i].text);
        parse_end(&p);
    }
}

/* ---- errors -------------------------------------------------------------------------------------------- */

TEST(parser_goes_on_after_an_error)
{
    Parse p;
    ParserOptions options = { .kind = PARSER_SCRIPT };
    const char *text = "let a = ;\nfunction f() {\n  g(;\n  if (b c\n  return )\n}\n"
                       "class D { m( { }\nvar e = 1 +* 2\n";
    parse_begin(&p, text, &options);
    EXPECT(p.result.program == NULL);
    uint32_t lines = 0;
    for (uint32_t i = 0; i < p.diag.count; i++)
        lines |= 1u << source_position(&p.source, p.diag.items[i].start, SOURCE_CODE_POINTS).line;
    EXPECT_EQ(1u << 1 | 1u << 3 | 1u << 4 | 1u << 5 | 1u << 8, lines);
    parse_end(&p);
}

TEST(parser_stops_after_enough_errors)
{
    char text[2001];
    for (int i = 0; i < 1000; i++) memcpy(text + 2 * i, ");", 2);
    text[2000] = 0;
    Parse p;
    ParserOptions options = { .kind = PARSER_SCRIPT };
    parse_begin(&p, text, &options);
    EXPECT_EQ((uint32_t)DIAG_LIMIT, p.diag.error_count);
    parse_end(&p);
}

TEST(parser_reports_bad_utf8_and_stays_calm)
{
    EXPECT_FAILS("a /* \xff */", PARSER_SCRIPT, 0, BAD_UTF8, 5);
    EXPECT_FAILS("'\xed\xa0\x80'", PARSER_SCRIPT, 0, BAD_UTF8, 1);
}

TEST(parser_turns_exhaustion_into_a_diagnostic)
{
    const char *text = "class A { m(a, [b, c]) { return `${a}` + b.c(d => ({ d })) } } let x = { y: 1 }";
    size_t length = strlen(text) * 400;
    char *source_text = mem_alloc(length + 1);
    for (size_t i = 0; i < 400; i++) memcpy(source_text + i * strlen(text), text, strlen(text));
    source_text[length] = 0;
    bool was_enough = false;
    for (size_t limit = 40 << 10; limit < 8 << 20; limit += 80 << 10) {
        Parse p;
        ParserOptions options = { .kind = PARSER_SCRIPT };
        arena_init(&p.arena, limit, NULL);
        source_init(&p.source, "t", source_text, length, SOURCE_UTF8);
        names_init(&p.names, &p.arena);
        diag_init(&p.diag, &p.source, &p.arena);
        p.result = parser_parse(&p.source, &p.names, &p.arena, &p.diag, &options);
        const Diagnostic *first = diag_first_error(&p.diag);
        bool is_enough = first && first->code != DIAG_OUT_OF_MEMORY;
        EXPECT(!was_enough || is_enough);
        EXPECT(first != NULL);                   // `}` `let` on one line is an error, too
        was_enough = is_enough;
        EXPECT(p.arena.on_exhausted == NULL);
        parse_end(&p);
    }
    EXPECT(was_enough);
    mem_free(source_text);
}

static DiagCode parse_repeated(const char *head, const char *middle, const char *tail, size_t count,
                               uint32_t dialect)
{
    Buf text;
    buf_init(&text);
    for (size_t i = 0; i < count; i++) buf_put_text(&text, head);
    buf_put_text(&text, middle);
    for (size_t i = 0; i < count; i++) buf_put_text(&text, tail);
    DiagCode code;
    parse_text(buf_text(&text), PARSER_SCRIPT, dialect, &code, NULL);
    buf_deinit(&text);
    return code;
}

TEST(parser_ends_deep_nesting_with_a_diagnostic)
{
    static const struct { const char *head, *middle, *tail; } cases[] = {
        { "(", "1", ")" }, { "[", "", "]" }, { "x=>", "1", "" }, { "(x=", "1", ")=>1" }, { "a?", "1", ":2" },
        { "a?b:", "1", "" }, { "{", "", "}" }, { "if(a)", ";", "" }, { "`${", "1", "}`" }, { "!", "1", "" },
        { "function f(){", "", "}" }, { "a=", "1", "" }, { "new ", "X", "" }, { "2**", "2", "" },
        { "({a:", "1", "})" }, { "class A{[class{", "", "}]}" }, { "a[", "1", "]" }, { "f(", "1", ")" },
        { "async(", "1", ")" }, { "<T>(", "1", ")" }, { "f<", "T", ">" }, { "let x:(", "T", ")" },
        { "let x:[", "T", "]" }, { "go f(", "1", ")" }, { "(a:T)=>", "1", "" }, { "a?(b):c=>", "1", "" },
        { "async (a:T=", "1", ")=>1" }, { "- ", "1", "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (uint32_t dialect = 0; dialect < 4; dialect += 3)
            parse_repeated(cases[i].head, cases[i].middle, cases[i].tail, 50000, dialect);    // must return
    EXPECT_EQ(DIAG_TOO_DEEP, parse_repeated("[", "", "]", 50000, 0));
    EXPECT_EQ(DIAG_TOO_DEEP, parse_repeated("!", "1", "", 50000, 0));
    EXPECT_EQ(DIAG_TOO_DEEP, parse_repeated("", "a", ".b", 50000, 0));
    EXPECT_EQ(DIAG_CODE_COUNT, parse_repeated("", "a", "+b", 100000, 0));
    EXPECT_EQ(DIAG_CODE_COUNT, parse_repeated("", "a", "<b", 50000, DIALECT_TYPESCRIPT));
}

/* ---- early errors: each rule with its code and place --------------------------------------------------- */

TEST(parser_labels_and_jumps)
{
    SCRIPT_FAILS("a: a: ;", DUPLICATE_LABEL, 3);
    SCRIPT_PARSES("a: ; a: ; b: { (function () { b: ; }) }");
    SCRIPT_FAILS("break", BREAK_POSITION, 0);
    SCRIPT_FAILS("if (a) { break }", BREAK_POSITION, 9);
    SCRIPT_FAILS("switch (a) { case 1: continue }", CONTINUE_POSITION, 21);
    SCRIPT_FAILS("while (1) { (function () { break })() }", BREAK_POSITION, 27);
    SCRIPT_FAILS("while (1) break a", UNKNOWN_LABEL, 16);
    SCRIPT_FAILS("a: { while (1) continue a }", CONTINUE_LABEL, 24);
    SCRIPT_PARSES("a: b: while (1) { continue a; continue b; break a }");
    SCRIPT_PARSES("a: { break a }");
    SCRIPT_FAILS("a: (function () { break a })", UNKNOWN_LABEL, 24);
    SCRIPT_PARSES("while (1) break\na");
}

TEST(parser_strict_code)
{
    SCRIPT_FAILS("'use strict'; eval = 1", STRICT_ASSIGNMENT, 14);
    SCRIPT_FAILS("'use strict'; arguments++", STRICT_ASSIGNMENT, 14);
    SCRIPT_FAILS("'use strict'; [eval] = a", STRICT_ASSIGNMENT, 15);
    SCRIPT_FAILS("'use strict'; var eval", STRICT_BINDING, 18);
    SCRIPT_FAILS("'use strict'; delete x", STRICT_DELETE, 21);
    SCRIPT_FAILS("'use strict'; delete (x)", STRICT_DELETE, 22);
    SCRIPT_FAILS("'use strict'; 010", STRICT_OCTAL, 14);
    SCRIPT_FAILS("'use strict'; 08", STRICT_OCTAL, 14);
    SCRIPT_FAILS("'use strict'; '\\1'", STRICT_OCTAL_ESCAPE, 14);
    SCRIPT_FAILS("'\\1'; 'use strict'", STRICT_OCTAL_ESCAPE, 0);
    SCRIPT_FAILS("'use strict'; var static", STRICT_RESERVED_WORD, 18);
    SCRIPT_FAILS("'use strict'; yield", STRICT_RESERVED_WORD, 14);
    SCRIPT_FAILS("'use strict'; l\\u0065t", STRICT_RESERVED_WORD, 14);
    SCRIPT_FAILS("function f(a, a) { 'use strict' }", DUPLICATE_PARAMETER, 14);
    SCRIPT_FAILS("function eval() { 'use strict' }", STRICT_BINDING, 9);
    SCRIPT_FAILS("function f(static) { 'use strict' }", STRICT_RESERVED_WORD, 11);
    SCRIPT_FAILS("function f(a = 1) { 'use strict' }", USE_STRICT_NOT_SIMPLE, 20);
    SCRIPT_FAILS("(a, ...b) => { 'use strict' }", USE_STRICT_NOT_SIMPLE, 15);
    SCRIPT_FAILS("eval => { 'use strict' }", STRICT_BINDING, 0);
    SCRIPT_PARSES("function f(a, a) { 'use\\u0020strict'; with (a) 010 }");
    SCRIPT_PARSES("function f() { ('use strict'); 010 }");
    SCRIPT_PARSES("function f() { 'use strict' + 1; 010 }");
    SCRIPT_PARSES("function f() { 'use strict' } 010");
    SCRIPT_FAILS("function f() { 'a'; 'use strict'; 010 }", STRICT_OCTAL, 34);
}

TEST(parser_reserved_words)
{
    SCRIPT_FAILS("var if", UNEXPECTED_TOKEN_WANTED, 4);
    SCRIPT_FAILS("var \\u0069f", ESCAPED_KEYWORD, 4);
    SCRIPT_PARSES("a.if; ({ if: 1, \\u0069f: 2 }); class A { if() {} }");
    SCRIPT_FAILS("({ if })", KEYWORD_SHORTHAND, 3);
    SCRIPT_PARSES("var async, of, get, let, static, yield, await; async\nf; let\nx; var await");
    SCRIPT_FAILS("function* g() { yield => 1 }", UNEXPECTED_TOKEN_WANTED, 22);
    SCRIPT_FAILS("function* g() { var yield }", YIELD_IS_RESERVED, 20);
    SCRIPT_FAILS("(function* yield() {})", YIELD_IS_RESERVED, 11);
    SCRIPT_PARSES("function* yield() {}");
    SCRIPT_FAILS("async () => { var await }", AWAIT_IS_RESERVED, 18);
    SCRIPT_FAILS("(async function await() {})", AWAIT_IS_RESERVED, 16);
    SCRIPT_PARSES("async function await() {}");
    SCRIPT_FAILS("let let", LET_NAME, 4);
    SCRIPT_FAILS("for (const let of a);", LET_NAME, 11);
    SCRIPT_FAILS("class A { static { await } }", AWAIT_IS_RESERVED, 19);
    SCRIPT_FAILS("class A { static { arguments } }", ARGUMENTS_IN_INITIALIZER, 19);
    SCRIPT_FAILS("class A { x = () => arguments }", ARGUMENTS_IN_INITIALIZER, 20);
    SCRIPT_PARSES("class A { x = function () { arguments } }");
}

TEST(parser_parameters)
{
    SCRIPT_FAILS("(a, a) => 1", DUPLICATE_PARAMETER, 4);
    SCRIPT_FAILS("function f(a, [a]) {}", DUPLICATE_PARAMETER, 15);
    SCRIPT_FAILS("({ m(a, a) {} })", DUPLICATE_PARAMETER, 8);
    SCRIPT_PARSES("function f(a, a) {}");
    SCRIPT_FAILS("function f(...a, b) {}", REST_NOT_LAST, 15);
    SCRIPT_FAILS("function f(...a = 1) {}", REST_INITIALIZER, 16);
    SCRIPT_FAILS("(a, ...b,) => 1", REST_NOT_LAST, 8);
    SCRIPT_FAILS("async (...a,) => 1", REST_NOT_LAST, 7);
    SCRIPT_PARSES("async(...a, b,); (a, b,) => 1; function f(a,) {}");
    SCRIPT_FAILS("(a, b,)", TRAILING_COMMA, 5);
    SCRIPT_FAILS("({ get a(b) {} })", GETTER_PARAMETERS, 8);
    SCRIPT_FAILS("({ set a() {} })", SETTER_PARAMETERS, 8);
    SCRIPT_FAILS("({ set a(...b) {} })", SETTER_PARAMETERS, 8);
    SCRIPT_FAILS("function* g(a = yield) {}", YIELD_IN_PARAMETERS, 16);
    SCRIPT_FAILS("function* g() { (a = yield) => 1 }", YIELD_IN_PARAMETERS, 21);
    SCRIPT_FAILS("async function f(a = await b) {}", AWAIT_IN_PARAMETERS, 21);
    SCRIPT_FAILS("async function f() { (a = await b) => 1 }", AWAIT_IN_PARAMETERS, 26);
    SCRIPT_FAILS("async (a = await) => 1", AWAIT_IS_RESERVED, 11);
    SCRIPT_FAILS("async await => 1", AWAIT_IS_RESERVED, 6);
    SCRIPT_FAILS("async (x = (await) => {}) => {}", AWAIT_IS_RESERVED, 12);
    SCRIPT_PARSES("async (x = function () { await }) => {}");
    SCRIPT_FAILS("(a.b) => 1", BAD_PARAMETER, 1);
    SCRIPT_FAILS("((a)) => 1", BAD_PARAMETER, 2);
    SCRIPT_FAILS("([(a)]) => 1", BAD_PARAMETER, 3);
    SCRIPT_FAILS("([a.b] = 1) => 1", BAD_PARAMETER, 2);
    SCRIPT_FAILS("a\n=> 1", UNEXPECTED_TOKEN_WANTED, 2);
    SCRIPT_FAILS("async (a)\n=> 1", UNEXPECTED_TOKEN_WANTED, 10);
    SCRIPT_FAILS("async\n(a) => 1", UNEXPECTED_TOKEN_WANTED, 10);
    SCRIPT_FAILS("()", UNEXPECTED_TOKEN_WANTED, 2);
    SCRIPT_FAILS("() => {} + 1", UNEXPECTED_TOKEN_WANTED, 9);
    SCRIPT_FAILS("() => {} ()", UNEXPECTED_TOKEN_WANTED, 9);
    SCRIPT_FAILS("a + b => 1", UNEXPECTED_TOKEN_WANTED, 6);
    SCRIPT_FAILS("!(a) => 1", UNEXPECTED_TOKEN_WANTED, 5);
}

TEST(parser_patterns_and_targets)
{
    SCRIPT_PARSES("[a, b.c, [d = 1, ...e[0]], { f, g: h = 2, ...i }] = j; ({ a = 1 } = b); [(a), (b.c)] = d");
    SCRIPT_FAILS("({ a = 1 })", SHORTHAND_INITIALIZER, 5);
    SCRIPT_FAILS("f({ a = 1 })", SHORTHAND_INITIALIZER, 6);
    SCRIPT_FAILS("({ a = 1 }).b", SHORTHAND_INITIALIZER, 5);
    SCRIPT_FAILS("[{ a = 1 }.b] = c", UNEXPECTED_TOKEN_WANTED, 10);
    SCRIPT_FAILS("({ __proto__: a, __proto__: b })", SECOND_PROTO, 17);
    SCRIPT_PARSES(
        "({ __proto__: a, __proto__: b } = c); ({ __proto__: a, __proto__() {}, ['__proto__']: 1 })");
    SCRIPT_PARSES("({ __proto__: a, __proto__: b }) => 1");
    SCRIPT_FAILS("({ a }) = 1", BAD_ASSIGNMENT_TARGET, 1);
    SCRIPT_FAILS("[([a])] = 1", BAD_PATTERN_TARGET, 2);
    SCRIPT_FAILS("[a + b] = c", BAD_PATTERN_TARGET, 1);
    SCRIPT_FAILS("[...a, b] = c", REST_NOT_LAST, 1);
    SCRIPT_FAILS("[...a,] = c", REST_NOT_LAST, 1);
    SCRIPT_FAILS("({ ...{ a } } = b)", BAD_PATTERN_TARGET, 6);
    SCRIPT_FAILS("let { ...{ a } } = b", UNEXPECTED_TOKEN_WANTED, 9);
    SCRIPT_FAILS("({ m() {} } = a)", BAD_PATTERN_TARGET, 3);
    SCRIPT_FAILS("1 = a", BAD_ASSIGNMENT_TARGET, 0);
    SCRIPT_FAILS("a + b = c", BAD_ASSIGNMENT_TARGET, 0);
    SCRIPT_FAILS("a?.b = c", CHAIN_AS_TARGET, 0);
    SCRIPT_FAILS("a?.b++", CHAIN_AS_TARGET, 0);
    SCRIPT_FAILS("this++", BAD_UPDATE_TARGET, 0);
    SCRIPT_FAILS("++a++", BAD_UPDATE_TARGET, 2);
    SCRIPT_FAILS("'use strict'; f() = 1", BAD_ASSIGNMENT_TARGET, 14);
    SCRIPT_PARSES("f() = 1; f()++; for (f() in a);");
    SCRIPT_FAILS("f() &&= 1", BAD_ASSIGNMENT_TARGET, 0);
    SCRIPT_FAILS("[f()] = 1", BAD_PATTERN_TARGET, 1);
    SCRIPT_FAILS("[a] += 1", BAD_ASSIGNMENT_TARGET, 0);
    SCRIPT_FAILS("let [a]", PATTERN_NEEDS_VALUE, 4);
    SCRIPT_FAILS("const a", CONST_NEEDS_VALUE, 6);
}

TEST(parser_operators)
{
    SCRIPT_FAILS("-a ** b", UNARY_BEFORE_POWER, 0);
    SCRIPT_FAILS("async () => await a ** b", UNARY_BEFORE_POWER, 12);
    SCRIPT_PARSES("(-a) ** b; a ** -b; a++ ** b");
    SCRIPT_FAILS("a ?? b || c", MIXED_NULLISH, 2);
    SCRIPT_FAILS("a && b ?? c", MIXED_NULLISH, 7);
    SCRIPT_PARSES("a ?? (b || c); (a && b) ?? c");
    SCRIPT_FAILS("new a?.b()", CHAIN_IN_NEW, 5);
    SCRIPT_FAILS("a?.b`c`", TEMPLATE_IN_CHAIN, 4);
    SCRIPT_FAILS("new import('a')", NEW_IMPORT, 4);
    SCRIPT_FAILS("super.a", SUPER_MEMBER, 0);
    SCRIPT_FAILS("class A { constructor() { super() } }", SUPER_CALL, 26);
    SCRIPT_FAILS("class A extends B { m() { super() } }", SUPER_CALL, 26);
    SCRIPT_FAILS("class A { m() { super.#a } #a }", SUPER_PRIVATE, 22);
    SCRIPT_FAILS("class A { m() { delete this.#a } #a }", DELETE_PRIVATE, 23);
    SCRIPT_FAILS("class A { m() { delete this?.a.#a } #a }", DELETE_PRIVATE, 23);
    SCRIPT_PARSES("class A { m(o) { return #a in o && !(#a in o) } #a }");
    SCRIPT_FAILS("class A { m(o) { 1 + #a in o } #a }", UNEXPECTED_TOKEN_WANTED, 21);
    SCRIPT_FAILS("class A { m(o) { #a in #a in o } #a }", UNEXPECTED_TOKEN_WANTED, 23);
    SCRIPT_FAILS("`\\01`", OCTAL_IN_TEMPLATE, 1);
    SCRIPT_PARSES("a`\\01 \\u`");
    SCRIPT_FAILS("/a/gg", REGEXP_FLAGS, 3);
    SCRIPT_FAILS("/(/", BAD_REGEXP, 0);
}

TEST(parser_classes)
{
    SCRIPT_FAILS("class A { constructor() {} constructor() {} }", SECOND_CONSTRUCTOR, 27);
    SCRIPT_FAILS("class A { get constructor() {} }", SPECIAL_CONSTRUCTOR, 14);
    SCRIPT_FAILS("class A { async constructor() {} }", SPECIAL_CONSTRUCTOR, 16);
    SCRIPT_FAILS("class A { *'constructor'() {} }", SPECIAL_CONSTRUCTOR, 11);
    SCRIPT_PARSES("class A { static constructor() {} ['constructor']() {} static get constructor() {} }");
    SCRIPT_FAILS("class A { #constructor }", PRIVATE_CONSTRUCTOR, 10);
    SCRIPT_FAILS("class A { constructor }", FIELD_CONSTRUCTOR, 10);
    SCRIPT_FAILS("class A { static prototype() {} }", STATIC_PROTOTYPE, 17);
    SCRIPT_FAILS("class A { static prototype = 1 }", STATIC_PROTOTYPE, 17);
    SCRIPT_FAILS("class A extends (() => 1) {}\nclass B extends x => 1 {}", UNEXPECTED_TOKEN_WANTED, 47);
    SCRIPT_PARSES(
        "class A { static async *m() {} static; get; set; async; get\nb() {} static\nc; async\nd() {} }");
    SCRIPT_PARSES("class A { static static; static get; static async; 'a'; 1; [b] = 2; static { this.c } }");
    SCRIPT_FAILS("class A { a b }", UNEXPECTED_TOKEN_WANTED, 12);
    SCRIPT_FAILS("class static {}", STRICT_RESERVED_WORD, 6);
    SCRIPT_FAILS("@a.b() @(c) class A { @d m() {} @e constructor() {} }", DECORATED_CONSTRUCTOR, 32);
}

TEST(parser_statement_positions)
{
    SCRIPT_FAILS("if (a) let b", DECLARATION_POSITION, 7);
    SCRIPT_FAILS("while (a) const b = 1", DECLARATION_POSITION, 10);
    SCRIPT_FAILS("if (a) class B {}", DECLARATION_POSITION, 7);
    SCRIPT_FAILS("while (a) function f() {}", FUNCTION_POSITION, 10);
    SCRIPT_FAILS("if (a) async function f() {}", FUNCTION_POSITION, 7);
    SCRIPT_FAILS("if (a) function* f() {}", FUNCTION_POSITION, 7);
    SCRIPT_PARSES("if (a) function f() {} else function g() {}");
    SCRIPT_FAILS("'use strict'; if (a) function f() {}", FUNCTION_POSITION, 21);
    SCRIPT_PARSES("a: function f() {}");
    SCRIPT_FAILS("if (a) b: function f() {}", FUNCTION_POSITION, 10);
    SCRIPT_FAILS("while (a) let\n[b] = c", DECLARATION_POSITION, 10);
    SCRIPT_PARSES("while (a) let\nb");
    SCRIPT_FAILS("throw\na", NEWLINE_AFTER_THROW, 6);
    SCRIPT_FAILS("switch (a) { default: default: }", SECOND_DEFAULT, 22);
    SCRIPT_FAILS("try {}", UNEXPECTED_TOKEN_WANTED, 6);
    SCRIPT_PARSES("do a\nwhile (b) c");
    SCRIPT_FAILS("{ import 'a' }", MODULE_POSITION, 2);
    MODULE_FAILS("function f() { export { f } }", MODULE_POSITION, 15);
}

TEST(parser_loops)
{
    SCRIPT_FAILS("for (let a, b of c);", FOR_DECLARATORS, 12);
    SCRIPT_FAILS("for (let a = 1 of c);", FOR_INITIALIZER, 13);
    SCRIPT_FAILS("for (let a = 1 in c);", FOR_INITIALIZER, 13);
    SCRIPT_PARSES("for (var a = 1 in c);");
    SCRIPT_FAILS("'use strict'; for (var a = 1 in c);", FOR_INITIALIZER, 27);
    SCRIPT_FAILS("for (var [a] = 1 in c);", FOR_INITIALIZER, 15);
    SCRIPT_FAILS("for (let of a);", UNEXPECTED_TOKEN_WANTED, 12);
    SCRIPT_FAILS("for (let.a of b);", FOR_OF_LET, 5);
    SCRIPT_PARSES("for (let.a in b); for (let in b); for (let = 1; ;) break; for (let of = 1; ;) break");
    SCRIPT_FAILS("for (async of a);", FOR_ASYNC_OF, 5);
    SCRIPT_PARSES("for ((async) of a); for (async of => 1; ;) break; for (async in a);");
    SCRIPT_FAILS("for (a + b of c);", BAD_FOR_TARGET, 5);
    SCRIPT_FAILS("for (a of b, c);", UNEXPECTED_TOKEN_WANTED, 11);
    SCRIPT_FAILS("for await (a of b);", FOR_AWAIT_POSITION, 4);
    SCRIPT_FAILS("async () => { for await (a in b); }", UNEXPECTED_TOKEN_WANTED, 27);
    SCRIPT_PARSES("for (var i = 0 in {}); for (var x = (a in b); ;) break; for (const { a = b in c } of d);");
    SCRIPT_FAILS("for (const a; ;);", CONST_NEEDS_VALUE, 11);
    SCRIPT_FAILS("using a = b", USING_POSITION, 0);
    SCRIPT_PARSES("{ using a = b, c = d; for (using e of f); for (using of g); using\nh; using [0] }");
    SCRIPT_FAILS("{ using a }", USING_NEEDS_VALUE, 8);
    SCRIPT_FAILS("for (using a in b);", USING_IN_FOR_IN, 5);
    SCRIPT_FAILS("switch (a) { case 1: using b = c }", USING_POSITION, 21);
    MODULE_PARSES("using a = b; await using c = d; for (await using e of f);");
}

TEST(parser_modules)
{
    MODULE_PARSES(
        "import a, { b, c as d, default as e, 'f g' as h } from 'm'; import * as n from 'm'; import 'm'");
    MODULE_PARSES("import i, * as j from 'm' with { type: 'json', 'k': 'l', }; export * as 'x y' from 'm'");
    MODULE_PARSES("import defer * as o from 'm'; import source p from 'm'");
    MODULE_PARSES("import defer from 'm'; import source from 'm'");
    MODULE_PARSES("import source from from 'm'; import type from 'm'; import.source('m'); import.defer('m')");
    MODULE_PARSES("export { a as default, a as 'b' }; var a; export default class {} export * from 'm'");
    MODULE_FAILS("import { default } from 'm'", UNEXPECTED_TOKEN_WANTED, 17);
    MODULE_FAILS("import { a as eval } from 'm'", STRICT_BINDING, 14);
    MODULE_FAILS("import { 'a' } from 'm'", UNEXPECTED_TOKEN_WANTED, 13);
    MODULE_FAILS("export { if }", EXPORT_NOT_LOCAL, 9);
    MODULE_FAILS("export { 'a' }", EXPORT_NOT_LOCAL, 9);
    MODULE_PARSES("export { if, 'a' as b } from 'm'");
    MODULE_FAILS("export { a as '\\ud800' } from 'm'", LONE_SURROGATE_NAME, 14);
    MODULE_FAILS("import 'm' with { a: '', a: '' }", DUPLICATE_ATTRIBUTE, 25);
    MODULE_FAILS("export default const a = 1", UNEXPECTED_TOKEN_WANTED, 15);
    MODULE_FAILS("import()", UNEXPECTED_TOKEN_WANTED, 7);
    MODULE_FAILS("import(...a)", UNEXPECTED_TOKEN_WANTED, 7);
}

/* ---- trees --------------------------------------------------------------------------------------------- */

static Node *first_expression(const Parse *p)
{
    return AST_AS(ExpressionStatement, EXPRESSION_STATEMENT, p->result.program->statements.items[0])
        ->expression;
}

TEST(parser_positions_calls_at_the_name)
{
    Parse p;
    ParserOptions options = { .kind = PARSER_SCRIPT };
    parse_begin(&p, "(a.b).c(d)[e]()", &options);
    Call *outer = AST_AS(Call, CALL, first_expression(&p));
    Index *index = AST_AS(Index, INDEX, outer->callee);
    Call *inner = AST_AS(Call, CALL, index->object);
    Member *member = AST_AS(Member, MEMBER, inner->callee);
    EXPECT_EQ(0u, outer->node.start);
    EXPECT_EQ(15u, outer->node.end);
    EXPECT_EQ(11u, outer->node.aux_position);
    EXPECT_EQ(11u, index->node.aux_position);
    EXPECT_EQ(6u, inner->node.aux_position);
    EXPECT_EQ(6u, member->node.aux_position);
    EXPECT_EQ(1u, member->object->start);
    EXPECT(member->object->flags & FLAG_PARENTHESIZED);
    parse_end(&p);
}

TEST(parser_bounds_functions_by_their_source)
{
    static const struct { const char *text; uint32_t start, end; } cases[] = {
        { "({ async *m() { } })", 3, 17 },
        { "({ get a() { } })", 3, 14 },
        { "(class { static async m() { } })", 16, 29 },
        { "(a) => b", 0, 8 },
        { "async a => { }", 0, 14 },
        { " function* g() { } ", 1, 18 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *dump = dump_text(cases[i].text, PARSER_SCRIPT, 0, false);
        char expected[40];
        snprintf(expected, sizeof expected, " %u..%u", cases[i].start, cases[i].end);
        char *line = strstr(dump, "(FUNCTION ");
        REQUIRE(line != NULL);
        char *end = strchr(line, '\n');
        if (end) *end = 0;
        if (!strstr(line, expected)) test_fail(__FILE__, __LINE__, "`%s`: %s", cases[i].text, line);
        mem_free(dump);
    }
}

static void check_range(void *context, Node *child)
{
    const Node *parent = context;
    if (child->start < parent->start || child->end > parent->end || child->start > child->end)
        test_fail(__FILE__, __LINE__, "%s %u..%u in %s %u..%u", ast_kind_name(child->kind), child->start,
                  child->end, ast_kind_name(parent->kind), parent->start, parent->end);
    ast_each_child(child, check_range, child);
}

TEST(parser_keeps_children_within_their_parents)
{
    Parse p;
    ParserOptions options = { .kind = PARSER_SCRIPT, .dialect = DIALECT_TYPESCRIPT | DIALECT_ULTRA };
    parse_begin(&p,
                "let { a, b: [c = (1), ...d] } = (e, (f))\n"
                "class A<T> extends (B) { @g static x: T = (1); m?(): void { } }\n"
                "for (const x of (y)) (x) => ({ x }); `a${(b)}c`; (async (a: T) => (a)); if (a) b; else (c)\n"
                "go f((1)); ch <- (a) + (b); x[(1):(2)]; f(c: (d)); namespace N { export const a = (1) }\n"
                "function f(this: A, b = (1)): (string) { return (b) as any }",
                &options);
    REQUIRE(p.result.program != NULL);
    ast_each_child(&p.result.program->node, check_range, &p.result.program->node);
    parse_end(&p);
}

TEST(parser_tells_how_it_read_the_program)
{
    Parse p;
    ParserOptions options = { .kind = PARSER_DETECT, .dialect = DIALECT_ULTRA | DIALECT_ULTRA_FILE };
    parse_begin(&p, "'use js'; f(c = 1); export {}; await 1", &options);
    REQUIRE(p.result.program != NULL);
    EXPECT_EQ((uint32_t)GOAL_MODULE, p.result.program->goal);
    EXPECT(p.result.program->strict && p.result.program->has_top_level_await);
    EXPECT_EQ((uint32_t)DIALECT_ULTRA, p.result.dialect);
    parse_end(&p);
}
