// An array as a queue and as a deque: shifting moves the vector's start, and unshifting uses what is in front of it.
const queue = [];
let taken = 0, put = 0;
for (let round = 0; round < 200; round++) {
    for (let i = 0; i < 50; i++) queue.push(put++);
    for (let i = 0; i < 49; i++) if (queue.shift() !== taken++) throw new Error("out of order");
}
print(queue.length, queue[0], queue.at(-1));         // => 200 9800 9999
for (let i = 0; i < 300; i++) queue.unshift(-i, "x");
print(queue.length, queue[0], queue[1], queue[599], queue[600]);     // => 800 -299 x x 9800
while (queue.length > 600) queue.pop();
print(queue.indexOf(0), queue.lastIndexOf("x"));     // => 598 599
queue.length = 0;
print(queue.shift(), queue.pop(), queue.push(1), queue.shift());     // => undefined undefined 1 1
const holes = [, 1, , 2];
print(holes.shift(), holes.length, 1 in holes, 0 in holes);          // => undefined 3 false true
print(holes.unshift(), holes.unshift(7, 8), holes.join());           // => 3 5 7,8,1,,2
