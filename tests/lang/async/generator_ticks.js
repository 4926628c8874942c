// How many jobs an async generator's ways to end take.
const log = [];
async function* none() {}
async function* bare() { return; }
async function* explicit() { return undefined; }
async function* delegate() { yield* { [Symbol.asyncIterator]() { return this; }, next() { return { done: false }; } }; }
Promise.resolve().then(() => log.push("tick 1")).then(() => log.push("tick 2")).then(() => log.push("tick 3"))
    .then(() => print(log.join()));
// => tick 1,none,bare,tick 2,explicit,tick 3
none().next().then(() => log.push("none"));
bare().next().then(() => log.push("bare"));
explicit().next().then(() => log.push("explicit"));
const it = delegate();
it.next();
it.return(1).then(() => log.push("delegate"));
