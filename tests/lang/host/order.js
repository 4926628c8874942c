// The order of next ticks, microtasks, timers and immediates.
setTimeout(() => print("timeout 0"), 0);
setTimeout((...a) => print("timeout with", ...a), 1, "two", 2);
setImmediate((a) => {
    print("immediate", a);
    for (const start = Date.now(); Date.now() - start < 60;);        // so that A and B are due in one round
}, 1);
process.nextTick((a) => print("tick", a), 1);
Promise.resolve().then(() => {
    print("micro");
    process.nextTick(() => print("tick of micro"));
    queueMicrotask(() => print("micro of micro"));
});
queueMicrotask(() => print("queued"));
print("main");
// => main
// => tick 1
// => micro
// => queued
// => micro of micro
// => tick of micro
// => timeout 0
// => timeout with two 2
// => immediate 1
setTimeout(() => {
    print("A");
    setImmediate(() => print("A's immediate"));
    setTimeout(() => print("A's timeout"), 0);
    Promise.resolve().then(() => print("A's micro"));
    process.nextTick(() => print("A's tick"));
}, 20);
setTimeout(() => print("B"), 20);
// => A
// => A's tick
// => A's micro
// => B
// => A's immediate
// => A's timeout
setTimeout(() => {
    let n = 0;
    const repeat = setInterval(() => {
        print("interval", ++n);
        if (n === 3) clearInterval(repeat);
    }, 2);
}, 60);
// => interval 1
// => interval 2
// => interval 3
