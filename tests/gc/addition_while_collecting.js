// SPDX-License-Identifier: MIT
//! gcstress: 41
// An object gets the first property behind its inline slots, by a site that knows the hidden class it will have; the
// memory for it brings a collection, which finds that no object has that class, and frees it.
function make(tag) {
    return class Point {
        #secret = tag
        constructor(y) { this.y = y; this.extra = 1; this.#count(1); this.late = y; this.later = y }
        #count(n) { this.#secret += n }
        get secret() { return this.#secret }
    }
}

function use(Point, n) {
    let sum = 0
    for (let i = 0; i < n; i++) {
        const p = new Point(i)
        sum += p.secret + p.late - p.y + p.later - p.y + p.extra
    }
    return sum
}

let wrong = 0
for (let tag = 0; tag < 3000; tag++) wrong += use(make(tag), 20) != 20 * (tag + 2)
console.log(wrong)                             // => 0
