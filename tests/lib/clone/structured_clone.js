//! gcstress: 1009
// structuredClone: what is copied, what keeps its identity, what is refused.
const cyclic = { list: [1, , 3], big: 10n, wrapped: Object("s") };
cyclic.self = cyclic;
const c = structuredClone(cyclic);
print(c !== cyclic, c.self === c, c.list.length, 1 in c.list, c.big, typeof c.wrapped);        // => true true 3 false 10n object
const m = structuredClone(new Map([[1, new Set(["a"])], ["k", new Date(5)]]));
print(m.get(1).has("a"), m.get("k").getTime());         // => true 5
const r = /x(.)/gi;
r.lastIndex = 3;
const r2 = structuredClone(r);
print(r2.source, r2.flags, r2.lastIndex);               // => x(.) gi 0
const e = structuredClone(Object.assign(new RangeError("m", { cause: [1] }), { extra: 1 }));
print(e instanceof RangeError, e.message, e.cause[0], "extra" in e);    // => true m 1 false
const shared = new Uint8Array([1, 2, 3, 4]);
const views = structuredClone([shared, new DataView(shared.buffer, 1, 2), shared.subarray(2)]);
print(views[0].buffer === views[1].buffer, views[1].getUint8(0), views[2].length);     // => true 2 2
views[0][0] = 9;
print(shared[0]);               // => 1
const b = new ArrayBuffer(8, { maxByteLength: 16 });
const moved = structuredClone({ b, v: new Uint8Array(b) }, { transfer: [b] });
print(b.detached, moved.b.byteLength, moved.b.resizable, moved.v.length);      // => true 8 true 8
function refused(f) { try { f(); print("no"); } catch (x) { print(x.name, x.code); } }
refused(() => structuredClone(() => {}));               // => DataCloneError 25
refused(() => structuredClone({ s: Symbol("x") }));     // => DataCloneError 25
refused(() => structuredClone(new Proxy({}, {})));      // => DataCloneError 25
refused(() => structuredClone(Promise.resolve()));      // => DataCloneError 25
refused(() => structuredClone(b));                      // => DataCloneError 25
refused(() => structuredClone(1, { transfer: [b] }));   // => DataCloneError 25
const twice = new ArrayBuffer(1);
refused(() => structuredClone(1, { transfer: [twice, twice] }));       // => DataCloneError 25
refused(() => structuredClone(1, { transfer: [{}] }));  // => TypeError undefined
// A getter that empties the map being copied; a tree deeper than any stack.
const map = new Map();
map.set({ get x() { map.clear(); return 1; } }, 1).set("kept", 2);
print(structuredClone(map).size);       // => 2
let deep = {};
for (let i = 0; i < 30000; i++) deep = { deep };
let depth = -1;
for (let d = structuredClone(deep); d; d = d.deep) depth++;
print(depth);   // => 30000
