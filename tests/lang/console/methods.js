// console.log's format letters, and console's other methods.
console.log("%s is %d years and %i", "Bob", 42.5, 42.9);
// => Bob is 42.5 years and 42
console.log("%f %f %i %d", "1.5x", "x", "12px", "0x10");
// => 1.5 NaN 12 16
console.log("%j %j %j", { a: [1, "x"] }, "s", undefined);
// => {"a":[1,"x"]} "s" undefined
console.log("%o", { f() {}, a: [1] });
// => {
// =>   f: [Function: f] { [length]: 0, [name]: 'f' },
// =>   a: [ 1, [length]: 1 ]
// => }
console.log("%O", { a: { b: { c: { d: { e: 1 } } } } });
// => { a: { b: { c: [Object] } } }
console.log("%s %s %s", { a: 1 }, [1, [2, [3]]], class A {});
// => { a: 1 } [ 1, [Array] ] class A {}
console.log("%s %s %s", -0, 5n, Symbol("q"), "rest", { a: 1 }, "%s");
// => -0 5n Symbol(q) rest { a: 1 } %s
console.log("%s", { toString() { return "mine"; } }, "%s", new (class { toString() { return "class"; } })());
// => mine %s {}
console.log("%s %s", new Error("no stack shown").message, null, undefined);
// => no stack shown null undefined
console.log("%d %d %i %f", 5n, Symbol("x"), Symbol("x"), Symbol("x"));
// => 5n NaN NaN NaN
console.log("%c styled %c", "color: red", "", "done");
// =>  styled  done
console.log("100%", 5, "%", "%%", "%d");
// => 100% 5 % %% %d
console.log("%% %s %%", "x");
// => % x %
console.log("%x %s", "kept", "%");
// => %x kept %
console.log("%s");
// => %s
console.log("only %s and %d", "one");
// => only one and %d
console.log();
// =>
console.log("");
// =>
console.log(" ", "", " ");
// =>     
console.log({ a: 1 }, "%s", "x");
// => { a: 1 } %s x
console.info("info"), console.debug("debug");
// => info
// => debug
console.dir({ a: { b: { c: { d: {} } } } }, { depth: 0 });
// => { a: [Object] }
console.dir({ a: { b: { c: { d: {} } } } }, { depth: null });
// => {
// =>   a: { b: { c: { d: {} } } }
// => }
console.dir([1, 2, 3], { showHidden: true });
// => [ 1, 2, 3, [length]: 3 ]
console.dir({ b: 1, a: 2 }, { sorted: true, compact: false });
// => {
// =>   a: 2,
// =>   b: 1
// => }
console.dir({ get a() { return { x: 1 }; }, get b() { throw new Error("bad"); } }, { getters: true });
// => { a: [Getter] { x: 1 }, b: [Getter: <Inspection threw (bad)>] }
console.group("outer");
// => outer
console.log("one\ntwo");
// =>   one
// =>   two
console.group();
console.log({ a: 1, b: "x".repeat(80) });
// =>     {
// =>       a: 1,
// =>       b: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
// =>     }
console.groupEnd();
console.groupEnd();
console.groupEnd();
console.log("flat");
// => flat
console.count();
// => default: 1
console.count("x");
// => x: 1
console.count();
// => default: 2
console.countReset();
console.count();
// => default: 1
console.assert(true, "not shown");
console.table([[1, 2], [3, 4]]);
// => ┌─────────┬───┬───┐
// => │ (index) │ 0 │ 1 │
// => ├─────────┼───┼───┤
// => │ 0       │ 1 │ 2 │
// => │ 1       │ 3 │ 4 │
// => └─────────┴───┴───┘
console.table([{ a: 1, b: "x" }, { a: 2, c: { d: 1 } }]);
// => ┌─────────┬───┬─────┬──────────┐
// => │ (index) │ a │ b   │ c        │
// => ├─────────┼───┼─────┼──────────┤
// => │ 0       │ 1 │ 'x' │          │
// => │ 1       │ 2 │     │ { d: 1 } │
// => └─────────┴───┴─────┴──────────┘
console.table([{ a: 1, b: 2 }], ["b"]);
// => ┌─────────┬───┐
// => │ (index) │ b │
// => ├─────────┼───┤
// => │ 0       │ 2 │
// => └─────────┴───┘
console.table({ r1: { c: 1 }, r2: { c: 2 }, r3: "plain" });
// => ┌─────────┬───┬─────────┐
// => │ (index) │ c │ Values  │
// => ├─────────┼───┼─────────┤
// => │ r1      │ 1 │         │
// => │ r2      │ 2 │         │
// => │ r3      │   │ 'plain' │
// => └─────────┴───┴─────────┘
console.table([1, "two", { three: 3 }]);
// => ┌─────────┬───────┬────────┐
// => │ (index) │ three │ Values │
// => ├─────────┼───────┼────────┤
// => │ 0       │       │ 1      │
// => │ 1       │       │ 'two'  │
// => │ 2       │ 3     │        │
// => └─────────┴───────┴────────┘
console.table([]);
// => ┌─────────┐
// => │ (index) │
// => ├─────────┤
// => └─────────┘
console.table("not tabular");
// => not tabular
console.table(new Map([["k", 1], ["l", { m: 2 }]]));
// => ┌───────────────────┬─────┬──────────┐
// => │ (iteration index) │ Key │ Values   │
// => ├───────────────────┼─────┼──────────┤
// => │ 0                 │ 'k' │ 1        │
// => │ 1                 │ 'l' │ { m: 2 } │
// => └───────────────────┴─────┴──────────┘
console.table(new Set([1, "a"]));
// => ┌───────────────────┬────────┐
// => │ (iteration index) │ Values │
// => ├───────────────────┼────────┤
// => │ 0                 │ 1      │
// => │ 1                 │ 'a'    │
// => └───────────────────┴────────┘
console.table([["long text in a cell", "é", "你好"], [null, undefined, [1, 2, 3, 4, 5]]]);
// => ┌─────────┬───────────────────────┬───────────┬───────────────────────────────┐
// => │ (index) │ 0                     │ 1         │ 2                             │
// => ├─────────┼───────────────────────┼───────────┼───────────────────────────────┤
// => │ 0       │ 'long text in a cell' │ 'é'       │ '你好'                        │
// => │ 1       │ null                  │ undefined │ [ 1, 2, 3, ... 2 more items ] │
// => └─────────┴───────────────────────┴───────────┴───────────────────────────────┘
const { log } = console;
log("detached", typeof console.time, typeof console.trace);
// => detached function function

print("print is", { the: "same" });
// => print is { the: 'same' }
