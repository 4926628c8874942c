/* SPDX-License-Identifier: MIT */
/* The rules of UltraScript's syntax: what is an extension, and what stays JavaScript or TypeScript. */
#include "tests/unit/parse_fixture.h"

enum { TS = DIALECT_TYPESCRIPT, ULTRA = DIALECT_ULTRA, BOTH = DIALECT_TYPESCRIPT | DIALECT_ULTRA };

/* Parses with the extension only, to a tree that has `node`. */
static void expect_extension(int line, const char *text, const char *node, uint32_t dialect)
{
    if (parse_text(text, PARSER_SCRIPT, dialect & ~(uint32_t)ULTRA, NULL, NULL))
        test_fail(__FILE__, line, "`%s` parses without extensions", text);
    expect_parse(__FILE__, line, text, PARSER_SCRIPT, dialect);
    char *dump = dump_text(text, PARSER_SCRIPT, dialect, false);
    char wanted[40];
    snprintf(wanted, sizeof wanted, "(%s ", node);
    if (!strstr(dump, wanted)) test_fail(__FILE__, line, "`%s` has no %s", text, node);
    mem_free(dump);
}

/* Parses without extensions, and with them to the same tree. */
static void expect_same(int line, const char *text, uint32_t dialect)
{
    expect_parse(__FILE__, line, text, PARSER_SCRIPT, dialect & ~(uint32_t)ULTRA);
    expect_parse(__FILE__, line, text, PARSER_SCRIPT, dialect);
    char *plain = dump_text(text, PARSER_SCRIPT, dialect & ~(uint32_t)ULTRA, false);
    char *extended = dump_text(text, PARSER_SCRIPT, dialect, true);
    if (strcmp(plain, extended) != 0) test_fail(__FILE__, line, "`%s`: the trees differ", text);
    mem_free(plain);
    mem_free(extended);
}

#define EXTENSION(text, node) expect_extension(__LINE__, text, #node, ULTRA)
#define TYPED_EXTENSION(text, node) expect_extension(__LINE__, text, #node, BOTH)
#define SAME(text) (expect_same(__LINE__, text, ULTRA), expect_same(__LINE__, text, BOTH))
#define TYPED_SAME(text) expect_same(__LINE__, text, BOTH)
#define ULTRA_FAILS(text, code, start) EXPECT_FAILS(text, PARSER_SCRIPT, ULTRA, code, start)

TEST(parser_ultra_go_takes_a_call_or_a_function)
{
    EXTENSION("go f()", GO);
    EXTENSION("x = go o.m(1) + 1", GO);
    EXTENSION("go new X().m()", GO);
    EXTENSION("go this.m()", GO);
    EXTENSION("({ m() { go super.m() } })", GO);
    EXTENSION("go async () => 1", GO);
    EXTENSION("go x => x", GO);
    EXTENSION("go (a, b) => a", GO);
    EXTENSION("go () => { }", GO);
    EXTENSION("go function () { }", GO);
    EXTENSION("go function () { }(1)", GO);
    EXTENSION("go async function f() { }()", GO);
    EXTENSION("go import('a')", GO);
    EXTENSION("go await f()", GO);
    EXTENSION("go f?.()", GO);
    EXTENSION("f(go g(), go h())", GO);
    TYPED_EXTENSION("go (a: T): R => a", GO);
    TYPED_EXTENSION("x ? go (a): R => a : b", GO);
    TYPED_EXTENSION("go ({ a = (b) => b }?: T) => a", GO);
    ULTRA_FAILS("go f", GO_OPERAND, 3);
    ULTRA_FAILS("go new X()", GO_OPERAND, 3);
    ULTRA_FAILS("go function () { }().then(x)", GO_CHAIN, 20);
    ULTRA_FAILS("go function () { }\n(x).y => 1", UNEXPECTED_TOKEN_WANTED, 25);
}

TEST(parser_ultra_go_stays_a_name)
{
    SAME("go(f)");
    SAME("go (f)()");
    SAME("go [x]");
    SAME("go `x`");
    SAME("go -x");
    SAME("go /re/ 1");
    SAME("go => 1");
    SAME("go.x; go?.(); go = 1; go++; go in o; go instanceof X");
    SAME("for (go of l); for (go in l); go: 1");
    SAME("({ go: 1, go() {} }); class A { go; go() {} }");
    SAME("go\nf()");
    SAME("go\n(a)");
    SAME("x ? go (a) : b");
    TYPED_SAME("go as T; go satisfies T; go!; go<T>(x)");
}

TEST(parser_ultra_receive_is_a_prefix_operator)
{
    EXTENSION("x = <-ch", RECEIVE);
    EXTENSION("<-ch", RECEIVE);
    EXTENSION("f(<-a, [<-b])", RECEIVE);
    EXTENSION("!<-ch + <-ch", RECEIVE);
    EXTENSION("async () => await <-ch", RECEIVE);
    EXTENSION("<-<-ch", RECEIVE);
    TYPED_EXTENSION("x = <-ch", RECEIVE);
    TYPED_SAME("x = <-1>y; x = <-1n>y");
    SAME("x = 1\n<-ch");
    EXPECT(!parse_text("<--x", PARSER_SCRIPT, ULTRA, NULL, NULL));
    EXPECT(!parse_text("< -x", PARSER_SCRIPT, ULTRA, NULL, NULL));
}

TEST(parser_ultra_send_has_two_readings)
{
    const char *sends[] = {
        "ch <- 1",
        "ch <- a + b * c - d",
        "ch <- a < b",
        "ch <- a == b && c || d",
        "ch <- a ? b : c",
        "ch <-v",
        "this.ch <- f(x)",
        "chs[i] <- x",
        "f() <- x",
        "(c) <- (x)",
        "(c) <- (x) + y",
        "new C() <- x",
        "ch <- -x",
        "ch <- x++",
        "ch <- function () { }",
        "ch <- class { }",
        "ch <- { a: 1 }",
        "ch <- (a, b) << c",
        "ch <- a in b",
        "ch <- a ?? b",
        "x => ch <- x",
        "f(x => ch <- x, y)",
        "ch <- typeof x",
        "ch <- `t`",
        "ch <- ((x)) * 2 >= y",
        "ch <- [1] * 2 | 3 instanceof 4",
        "f(() => { x; y })[0] <- z",
        "f(x => y)[0] <- z",
    };
    for (size_t i = 0; i < COUNT_OF(sends); i++) {
        char *dump = dump_text(sends[i], PARSER_SCRIPT, ULTRA, false);
        if (!strstr(dump, "(SEND ") || !strstr(dump, "comparison: "))
            test_fail(__FILE__, __LINE__, "%s", sends[i]);
        mem_free(dump);
        expect_same(__LINE__, sends[i], ULTRA);
        expect_same(__LINE__, sends[i], BOTH);
    }
    TYPED_SAME("ch <- x as T");
    TYPED_SAME("ch <- x + y as T == z");
}

TEST(parser_ultra_send_without_a_javascript_reading)
{
    EXTENSION("ch <- go f()", SEND);
    EXTENSION("ch <- () => 1", SEND);
    EXTENSION("ch <- y = 5", SEND);
    EXTENSION("ch2 <- <-ch1", SEND);
    EXTENSION("ch <- x ** 2", SEND);
    EXTENSION("x[1:2] <- y", SEND);
    EXTENSION("ch <- f(go g())", SEND);
    ULTRA_FAILS("ch <- go f(), b", SEND_LIST, 12);
}

TEST(parser_ultra_comparisons_stay_comparisons)
{
    SAME("ch < -1");
    SAME("a <<-b");
    SAME("x<--y");
    SAME("a + ch <- v");
    SAME("x = a <- b");
    SAME("f(a <- b)");
    SAME("if (x <-y);");
    SAME("ch <- a, b");
    SAME("-ch <- v");
    SAME("ch\n<- v");
    SAME("x, ch <- v");
    SAME("for (ch <- v; ;) break");
    TYPED_SAME("ch<-1>(x)");
}

TEST(parser_ultra_make_takes_a_channel_type)
{
    EXTENSION("make(chan int)", MAKE_CHANNEL);
    EXTENSION("make(chan Array<int64>, 5)", MAKE_CHANNEL);
    EXTENSION("make(chan chan string)", TYPE_CHANNEL);
    TYPED_EXTENSION("let c: chan int = make(chan int)", TYPE_CHANNEL);
    SAME("make(chan); make(chan, 5); make(chan [int64]); make(chan in o); make(1); make(chan\n(1))");
    SAME("o.make(chan)");
    TYPED_SAME("make(chan<int>); make(chan as T); let x: chan; let y: chan[]; function f(): chan { }");
    TYPED_SAME("function f(x): chan is T { }");
}

TEST(parser_ultra_select)
{
    EXTENSION("select { case v = <-ch: a; break; case ch2 <- x: case <-c: default: }", SELECT);
    EXTENSION(
        "select { case let v = <-ch: case const { a } = <-b: case o.p = <-c: case (q)[0] <- 1 ? 2 : 3: }",
        SELECT);
    TYPED_EXTENSION("select { case let v: T = <-ch: case (ch) <- (v): case <-(a): }", SELECT);
    SAME("select\n{ }");
    SAME("select(x)");
    ULTRA_FAILS("select { case x: }", SELECT_CASE, 15);
    ULTRA_FAILS("select { case x = y: }", UNEXPECTED_TOKEN_WANTED, 18);
    ULTRA_FAILS("select { default: default: }", SECOND_DEFAULT, 18);
}

TEST(parser_ultra_atomic_free_print)
{
    EXTENSION("atomic x++", ATOMIC);
    EXTENSION("atomic ++x", ATOMIC);
    EXTENSION("atomic o.y += 1", ATOMIC);
    EXTENSION("atomic this.a[i]--", ATOMIC);
    EXTENSION("atomic { x++; y-- }", ATOMIC);
    ULTRA_FAILS("atomic x", ATOMIC_OPERAND, 7);
    ULTRA_FAILS("atomic this.f() = 1", ATOMIC_OPERAND, 7);
    ULTRA_FAILS("atomic x = [y] = z, w", UNEXPECTED_TOKEN_WANTED, 18);
    SAME("atomic (x)++; atomic [x]; atomic -x; atomic\nx++; atomic++; atomic ++\nx; atomic\n{ }");
    SAME("atomic in o; atomic instanceof X; for (atomic of l);");
    EXTENSION("free x", FREE);
    EXTENSION("free this.p", FREE);
    EXTENSION("free new X", FREE);
    EXTENSION("free shallow x", FREE);
    EXTENSION("free shallow", FREE);
    SAME("free(x); free [x]; free\nx; for (free of l); free in o; free`x`; free => 1");
    EXTENSION("print x", PRINT);
    EXTENSION("print \"s\", 1", PRINT);
    EXTENSION("print { a: 1 }", PRINT);
    EXTENSION("print !x", PRINT);
    TYPED_EXTENSION("print !x", PRINT);
    SAME("print(x); print [x]; print `x`; print -5; print\nx; for (print of l);");
    TYPED_SAME("print!(x); print![0]; print!.a; print!\nx; print!!\nx; print as T");
}

TEST(parser_ultra_fast_functions)
{
    EXTENSION("fast function f() { }", FUNCTION);
    EXTENSION("inline fast function f() { }", FUNCTION);
    EXTENSION("x = fast function () { }", FUNCTION);
    EXPECT_PARSES("export fast function f() { } export default inline fast function () { }", PARSER_MODULE,
                  ULTRA);
    SAME("fast\nfunction f() { }");
    SAME("fast(x); inline; fast = 1");
    ULTRA_FAILS("fast function* f() { }", FAST_KIND, 5);
    EXPECT(!parse_text("async fast function f() { }", PARSER_SCRIPT, ULTRA, NULL, NULL));
}

TEST(parser_ultra_headers_without_parentheses)
{
    EXTENSION("if x == 5 { y }", IF);
    EXTENSION("if !x\ny\nelse z", IF);
    EXTENSION("while a < b {\n}", WHILE);
    EXTENSION("for let i = 0; i < 9; ++i\nf(i)", FOR);
    EXTENSION("for x of l { }", FOR_OF);
    EXTENSION("for let k in o\nk", FOR_IN);
    EXTENSION("switch v { case 1: }", SWITCH);
    EXTENSION("do x; while c", DO_WHILE);
    EXTENSION("if (a) && b { }", IF);
    EXTENSION("if (x) == 5\ny", IF);
    EXTENSION("if (a).b { }", IF);
    EXTENSION("if (a) ? b : c { }", IF);
    EXTENSION("if (a) < b { }", IF);
    TYPED_EXTENSION("if (a) < b { }", IF);
    EXTENSION("while list.some(x => { return x }) { }", WHILE);
    EXTENSION("if x\n-y", IF);
    EXTENSION("if x\n(y)()", IF);
    EXTENSION("for each k, v in o { }", FOR_EACH);
    EXTENSION("for each v in o\nv", FOR_EACH);
    EXTENSION("for each of l { }", FOR_OF);
    SAME("if (x) + y\nf()");
    SAME("if (a) -b");
    SAME("if (a) [b]");
    SAME("if (a) (b)");
    SAME("if (a) /re/.x");
    SAME("if (a) `t`");
    SAME("while (a) - b");
    SAME("if (a)\n{ }");
    SAME("for (each of l); for (each in l);");
    TYPED_SAME("if (a) <T>b");
    ULTRA_FAILS("if n <= 1 return n", HEADER_END, 10);
    ULTRA_FAILS("if x == { } { }", OBJECT_IN_HEADER, 8);
}

TEST(parser_ultra_break_levels)
{
    EXTENSION("while (1) while (2) break 1", BREAK);
    EXTENSION("while (1) switch (2) { case 1: continue 1; break 0 }", CONTINUE);
    SAME("while (1) break\n1");
    ULTRA_FAILS("while (1) break 1", JUMP_LEVEL, 16);
    ULTRA_FAILS("while (1) (() => { break 0 })", JUMP_LEVEL, 25);
    ULTRA_FAILS("switch (1) { case 1: continue 0 }", JUMP_LEVEL, 30);
    ULTRA_FAILS("while (1) break 0x0", UNEXPECTED_TOKEN_WANTED, 16);
}

TEST(parser_ultra_named_arguments)
{
    EXTENSION("f(5, c: 10)", NAMED_ARGUMENT);
    EXTENSION("new F(a: 1, b: 2)", NAMED_ARGUMENT);
    EXTENSION("({ m() { super.m(x: 1) } })", NAMED_ARGUMENT);
    EXTENSION("async(c: 10)", NAMED_ARGUMENT);
    TYPED_EXTENSION("async(c: 10)", NAMED_ARGUMENT);
    TYPED_EXTENSION("async (c: f(x), d: 2)", NAMED_ARGUMENT);
    TYPED_SAME("async (c: T) => c; async (c: T, d = 1): R => c; async <T>(c: T) => c");
    SAME("f(c = 10); async(c = 10); async (c = 10) => c");
    char *dump = dump_text("f(c = 10, (d = 1), o.e = 2)", PARSER_SCRIPT, ULTRA | DIALECT_ULTRA_FILE, false);
    char *named = strstr(dump, "(NAMED_ARGUMENT name=\"c\" is_assignment");
    EXPECT(named != NULL);
    if (named) EXPECT(strstr(named + 1, "(NAMED_ARGUMENT") == NULL);
    mem_free(dump);
}

TEST(parser_ultra_struct_construction)
{
    EXTENSION("new P{ x: 1 }", NEW);
    EXTENSION("() => new P { x: 1, ...y }", NEW);
    EXTENSION("new a.P(1){ x: 1 }", NEW);
    TYPED_EXTENSION("new P<T>(){ x: 1 }", NEW);
    SAME("new P\n{ x: 1 }");
    SAME("if (new P) { x: 1 }");
    SAME("class A extends new P { x }");
    TYPED_SAME("new P<T>{ x: 1 }");
}

TEST(parser_ultra_classes)
{
    EXTENSION("class C extends A, B.c, d() { }", CLASS);
    SAME("class C extends (A, B) { }");
    EXTENSION("class P { operator + (a, b) { } operator [] (a) { } operator [:] (a) { } }", CLASS_MEMBER);
    EXTENSION("class P { operator * (a) { } operator / (a, b) { } operator >>> (a, b) { } }", CLASS_MEMBER);
    EXTENSION("class P { operator == (a, b) { } operator @ (a, b) { } operator < (a, b) { } }", CLASS_MEMBER);
    SAME("class P { operator(a) { } }");
    SAME("class P { operator = 5 }");
    SAME("class P { operator\n[k]() { } }");
    SAME("class P { operator\n*g() { } }");
    TYPED_SAME("class P { operator<T>(a: T) { } }");
    EXTENSION("x = a @ b * c", BINARY);
    SAME("x = class { a = b\n@dec c }");
}

TEST(parser_ultra_slices)
{
    EXTENSION("x[1:5]", SLICE);
    EXTENSION("x[:]", SLICE);
    EXTENSION("x[::2]", SLICE);
    EXTENSION("x[a ? b : c : d]", SLICE);
    EXTENSION("x[:, 2]", SLICE);
    EXTENSION("x[1, :]", SLICE);
    EXTENSION("x?.[1:2]", SLICE);
    EXTENSION("x[-3:][10:2:-2]", SLICE);
    EXTENSION("[1:4, 2, :]", SLICE);
    EXTENSION("f([1:4])", SLICE);
    TYPED_EXTENSION("x[(a):b]", SLICE);
    TYPED_SAME("x[(a): T => e]");
    SAME("x[a ? b : c]; m[1, 2]; x[a ? (b) : c]");
}

TEST(parser_ultra_await_in_any_function)
{
    EXTENSION("function f() { await x }", AWAIT);
    EXTENSION("() => { let x = await new X }", AWAIT);
    EXTENSION("await go f()", AWAIT);
    EXTENSION("function f() { for await (x of y); }", FOR_OF);
    EXPECT_PARSES("function f() { return await (x) }", PARSER_MODULE, ULTRA);
    EXPECT_FAILS("async (a = await x) => 1", PARSER_SCRIPT, ULTRA, AWAIT_IN_PARAMETERS, 11);
    const char *both[] = {
        "await (x)",          "await (x).y(z)", "await (x, y)",        "await [x]",
        "await [x, y].z",     "await `t`",      "await (a)?.b",        "await -x",
        "await +x - y",       "await <-ch",     "z = await <-ch == 1", "f(await (a), await (b))",
        "await (x)`t`[0].#p",
    };
    for (size_t i = 0; i < COUNT_OF(both) - 1; i++) {
        expect_same(__LINE__, both[i], ULTRA);
        char *dump = dump_text(both[i], PARSER_SCRIPT, ULTRA, false);
        if (!strstr(dump, "identifier_reading: ")) test_fail(__FILE__, __LINE__, "%s", both[i]);
        mem_free(dump);
    }
    SAME("await\nx; await = 1; await++; await => 1; await: 1; await in o; for (await of l); await.x");
    SAME("await ()");
    SAME("await -x * y; await (x) ** 2; a * await -x; await(...x); await <-ch + 1; await [1, 2] + 3");
}
