// Channel's methods where nothing waits, its errors, its types, how it is shown.
function t(f) { try { print(f()); } catch (e) { print(String(e)); } }
const c = new Channel(3);
print(c.length, c.capacity, c.closed, String(c), JSON.stringify(c)); // => 0 3 false [object Channel] {}
c.send(1); c.send({ a: 1 }); c.send("x");
print(c.trySend(5), len(c), cap(c), c);                      // => false 3 3 Channel { 3 of 3 }
print(c.receive(), c.recv(), c.tryRecv(), c.tryRecv());
// => 1 { value: { a: 1 }, ok: true } { value: 'x', ok: true } undefined
for (let i = 0; i < 100; i++) { c.send(i); if (c.receive() !== i) print("lost"); }
c.sendMany([1, 2, 3]);
print(c.recvMany(2), c.recvMany());                          // => [ 1, 2 ] [ 3 ]
c.sendMany(new Set([7, 8]));
c.close();
print(c, [...c], c.receive(), c.recv(), c.tryRecv(), c.recvMany());
// => Channel { 0 of 3, <closed> } [ 7, 8 ] undefined { value: undefined, ok: false } { value: undefined, ok: false } []
t(() => c.send(1));                                          // => TypeError: send on closed channel
t(() => c.trySend(1));                                       // => TypeError: send on closed channel
t(() => c.sendMany([1]));                                    // => TypeError: send on closed channel
t(() => c.close());                                          // => TypeError: close of closed channel
t(() => close(c));                                           // => TypeError: close of closed channel
t(() => new Channel(-1));                                    // => RangeError: Invalid channel capacity: -1
t(() => new Channel(2 ** 28 + 1));                           // => RangeError: Invalid channel capacity: 268435457
t(() => new Channel(Infinity));                              // => RangeError: Invalid channel capacity: Infinity
t(() => new Channel({ valueOf() { throw new Error("valueOf"); } })); // => Error: valueOf
t(() => Channel(1));                                         // => TypeError: Constructor Channel requires 'new'
t(() => new Channel(1, 5));                                  // => TypeError: 5 does not name a type
t(() => c.recvMany(0));                                      // => RangeError: recvMany takes one value or more
t(() => Channel.prototype.send.call({}, 1));                 // => TypeError: #<Object> is not a channel
t(() => Channel.prototype.length);                           // => TypeError: #<Channel> is not a channel
t(() => Channel.prototype.receive.call(null));               // => TypeError: null is not a channel
t(() => c[Symbol.iterator]().next.call(c));                  // => TypeError: #<Channel> is not a channel iterator
t(() => structuredClone(c));                                 // => DataCloneError: #<Channel> could not be cloned.
const large = new Channel(2 ** 28);
let sum = 0;
for (let i = 0; i < 20000; i++) large.send(i);
for (let i = 0; i < 10000; i++) sum += large.receive();
for (let i = 0; i < 20000; i++) large.send(i);
for (const v of large.recvMany()) sum += v;
print(sum, large.length);                                    // => 399980000 0
const types = {
    int8: [[127, -128, -0], [128, 1.5, "1", 1n, NaN]], uint8: [[0, 255], [-1, 256]], int: [[2 ** 53, -(2 ** 63)], [2 ** 63, null]],
    uint64: [[2 ** 64 - 2048], [2 ** 64]], string: [["a"], [1]], boolean: [[true], [0]], bigint: [[1n], [1]],
    object: [[{}, null, []], [1, undefined]], function: [[() => 1], [{}]], float32: [[0.1], [""]], number: [[NaN], [1n]],
    any: [[1, undefined], []], Unheard: [[1, {}], []],
};
for (const type in types) {
    const typed = new Channel(10, type), refused = [];
    for (const v of types[type][0]) typed.send(v);
    for (const v of types[type][1]) try { typed.send(v); } catch (e) { refused.push(e.message.replace(/ .*/, "")); }
    print(type, typed.length, refused.join(" "));
}
// => int8 3 128 1.5 "1" 1 NaN
// => uint8 2 -1 256
// => int 2 9223372036854776000 null
// => uint64 1 18446744073709552000
// => string 1 1
// => boolean 1 0
// => bigint 1 1
// => object 3 1 undefined
// => function 1 #<Object>
// => float32 1 ""
// => number 1 1
// => any 2 
// => Unheard 2 
t(() => new Channel(1, "string").send(5));                   // => TypeError: 5 cannot be sent on a channel of string
t(() => new Channel(5, "string").sendMany(["a", 5]));
// => TypeError: 5 cannot be sent on a channel of string
class Queue extends Channel { total = 1; room() { return this.capacity - this.length; } }
const queue = new Queue(4);
print(queue, queue.room(), queue instanceof Channel);        // => Queue [Channel] { 0 of 4, total: 1 } 4 true
print(new Channel(1, "int"), new Channel());                 // => Channel { <int64>, 0 of 1 } Channel { 0 of 0 }
print(len("abc"), len([1, 2]), len(new Map([[1, 2]])), len({ length: 7 }), cap([1])); // => 3 2 1 7 1
t(() => len(5));                                             // => TypeError: 5 has no length
t(() => len({}));                                            // => TypeError: #<Object> has no length
t(() => len(null));                                          // => TypeError: null has no length
t(() => cap(undefined));                                     // => TypeError: undefined has no length
t(() => close({}));                                          // => TypeError: #<Object> is not a channel
print(Object.keys(globalThis).includes("len"), Channel.length, Channel.name, Object.prototype.toString.call(c[Symbol.iterator]()));
// => false 0 Channel [object Channel Iterator]
