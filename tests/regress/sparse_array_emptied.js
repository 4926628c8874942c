// SPDX-License-Identifier: MIT
// An array that was sparse and has lost all its elements has a vector again as soon as a built-in wants one.
function emptied() {
    const a = [1, 2, 3];
    a[4000000000] = 4;
    a.length = 0;
    return a;
}

const ways = {
    push: a => a.push(7, 8),
    unshift: a => a.unshift(7, 8),
    splice: a => a.splice(0, 0, 7, 8),
    store: a => { a[1] = 8; a[0] = 7; },
};
for (const name in ways) {
    const a = emptied();
    ways[name](a);
    print(name, a.length, a.join(), Object.keys(a).join());
    a.push(9);
    a.unshift(6);
    a.reverse();
    print(a.splice(1, 2).join(), a.join(), a.shift(), a.pop(), a.length);
}
// => push 2 7,8 0,1
// => 8,7 9,6 9 6 0
// => unshift 2 7,8 0,1
// => 8,7 9,6 9 6 0
// => splice 2 7,8 0,1
// => 8,7 9,6 9 6 0
// => store 2 7,8 0,1
// => 8,7 9,6 9 6 0
