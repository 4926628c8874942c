// What the head of a for-of or for-in evaluates was taken for code without assignments to names when the loop assigns to
// one that is declared before: `b` was read behind its update.
(function () {
    let a, b = 1;
    for (a of [b + (b = 2), b - (b = 5), b]) print(a);
    for (a in { [b + b++]: 1 }) print(a, b);
    for ([a = b + ++b] of [[b - (b = 1)], []]) print(a, b);
})();
// => 3
// => -3
// => 5
// => 10 6
// => 5 1
// => 3 2
