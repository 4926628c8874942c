//! modes: plain jit jit-gcstress
// Accessors that call themselves grow the stack, and reach its end. (Not where each call moves the stack: too long.)
class Deep {
    get down() { return --this.n ? this.down + 1 : 1 }
    set down(v) { if (v) this.down = v - 1; else this.reached = true }
    get endless() { return this.endless }
}
const deep = new Deep()
for (let n = 1; n < 900; n += 37) {
    deep.n = n
    deep.reached = false
    deep.down = n
    if (deep.down !== n || !deep.reached) throw new Error("lost at " + n)
}
try { deep.endless } catch (e) { console.log(e.constructor.name) }     // => RangeError
