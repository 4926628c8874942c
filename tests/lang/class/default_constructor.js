// Constructors that nobody wrote: arguments go to the parent as they are, however many; the parent may be built in, or
// throw, or be replaced.
class Base { constructor(...list) { this.list = list; this.target = new.target } }
class Named { constructor(x, y, z) { this.sum = x + (y ?? 10) + (z ?? 100) } }
class One extends Base {}
class Two extends One { two = 2 }
class Three extends Named { three = 3 }
class List extends Array {}
class Table extends Map {}
class Failure extends Error {}

let sum = 0
for (let i = 0; i < 150; i++) {
    sum += new One().list.length + new Two(1, 2, 3).list.length + new Two(1, 2, 3, 4, 5, 6, 7, 8).list.length
    sum += new Three(1).sum + new Three(1, 2).sum + new Three(1, 2, 3, 4, 5).sum + new Three(1, 2, 3).three
    sum += new Two(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).list.length + new One(...Array(300)).list.length
    sum += new List(3).length + new Table([[1, 2]]).get(1) + new Failure("abc").message.length
    const two = new Two("a", i, null)
    if (two.list.join() !== `a,${i},` || two.target !== Two || two.two !== 2) throw new Error("other arguments")
}
console.log(sum)                                               // => 82800

class Throws { constructor(n) { if (n > 100) throw new RangeError("not " + n) } }
class Through extends Throws { field = 1 }
let caught = 0
for (let i = 0; i < 150; i++) {
    try { caught += new Through(i).field } catch (e) { caught += e instanceof RangeError ? 1000 : NaN }
}
console.log(caught)                                            // => 49101

// A parent that is replaced, and one that is none.
const results = []
for (const parent of [Base, Named, Array, Base.bind(null, 1), new Proxy(Named, {}), function () { return { other: 1 } }, null, () => 1]) {
    Object.setPrototypeOf(Two, parent)
    let last
    for (let i = 0; i < 120; i++) try { last = new Two(4, 5) } catch (e) { last = e.constructor.name }
    results.push(last.list?.length ?? last.sum ?? last.length ?? last.other)
}
console.log(results.join())                                    // => 2,109,2,3,109,1,9,9

// Many in a row.
let Chain = Named
for (let i = 0; i < 50; i++) Chain = class extends Chain {}
for (let i = 0; i < 50; i++) sum = new Chain(i, 1, 1).sum
console.log(sum, new Chain(1).sum)                             // => 51 111
