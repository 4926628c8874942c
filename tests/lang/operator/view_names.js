// Named properties of typed arrays in hot code: names that are numbers are elements, others are found as on any object.
const view = new Uint8Array([5, 6, 7])
function get(o) { return [o.length, o.fill, o.NaN, o.Infinity, o["-0"], o["1.5"], o["1"], o.extra, o[Symbol.toStringTag], o.Name] }
function set(o, v) { o.NaN = v; o["-1"] = v; o["1"] = v; o.extra = v; o.Infinity = v }
function show(list) { return list.map(v => typeof v === "function" ? v.name : String(v)).join() }
for (let i = 0; i < 200; i++) get(view)
console.log(show(get(view)))     // => 3,fill,undefined,undefined,undefined,undefined,6,undefined,Uint8Array,undefined
for (let i = 0; i < 200; i++) set(view, 9)
console.log(show(get(view)), Object.keys(view).join())
// => 3,fill,undefined,undefined,undefined,undefined,9,9,Uint8Array,undefined 0,1,2,extra
const proto = Object.getPrototypeOf(Uint8Array.prototype)
proto.NaN = proto.Infinity = proto["-0"] = proto["1.5"] = "inherited"
proto.Name = "named"
console.log(show(get(view)))     // => 3,fill,undefined,undefined,undefined,undefined,9,9,Uint8Array,named
const child = Object.create(view)
for (let i = 0; i < 200; i++) try { get(child) } catch (e) { if (i === 199) console.log(e.constructor.name) }     // => TypeError
function names(o) { return [o.NaN, o["1"], o.extra, o.Name] }
for (let i = 0; i < 200; i++) names(child), names(view)
console.log(show(names(child)), show(names(view)))             // => undefined,9,9,named undefined,9,9,named
function put(o, v) { o.NaN = v; o.extra = v }
for (let i = 0; i < 200; i++) put(child, i)
console.log(Object.keys(child).join(), child.NaN, child.extra, view.extra)     // => extra undefined 199 9
proto.fill = "replaced"
console.log(show(get(view)))     // => 3,replaced,undefined,undefined,undefined,undefined,9,9,Uint8Array,named
Object.defineProperty(view, "extra", { get() { return this.length } })
console.log(view.extra, names(view)[2], names(child)[2])       // => 3 3 199
