// SPDX-License-Identifier: MIT
// A match stores to lastIndex of a RegExp from which other objects inherit: who has read a function there reads it anew.
function get(o) { return o.lastIndex; }
function call(o) { return o.lastIndex(); }

const matches = {
    exec: rx => rx.exec("xa"),
    test: rx => rx.test("xa"),
    fails: rx => rx.exec("xyz"),
    match: rx => "xa".match(rx),
    replace: rx => "xa".replace(rx, "b"),
    "replace by function": rx => "xa".replace(rx, () => "b"),
    compile: rx => rx.compile("a", "g"),
};
for (const name in matches) {
    const seen = [];
    for (const flags of ["g", "y", "gy"]) {
        const rx = new RegExp("a", flags), o = Object.create(rx);
        rx.lastIndex = function f() { return 1; };
        for (let i = 0; i < 40; i++) if (get(o) !== rx.lastIndex || call(o) !== 1) print("not inherited");
        matches[name](rx);
        if (get(o) !== o["last" + "Index"]) seen.push("stale " + flags);
        try { call(o); if (typeof rx.lastIndex === "number") seen.push("called " + flags); } catch { }
    }
    print(name, ...seen);
}
// => exec
// => test
// => fails
// => match
// => replace
// => replace by function
// => compile
