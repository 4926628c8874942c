// Waiting without blocking: who is notified, in what order, and who runs out of time.
const cells = new Int32Array(new SharedArrayBuffer(16)), other = new Int32Array(cells.buffer, 4);
print(Atomics.waitAsync(cells, 0, 1).value, Atomics.waitAsync(cells, 0, 0, 0).value);      // => not-equal timed-out
const wait = (name, ...request) => Atomics.waitAsync(...request).value.then((how) => print(name, how));
wait("first", cells, 0, 0, 10000);
wait("late", cells, 1, 0, 1);
wait("second", cells, 0, 0);
wait("elsewhere", other, 1, 0);
print(Atomics.notify(cells, 0, 1), Atomics.notify(cells, 0), Atomics.notify(cells, 0));    // => 1 1 0
print(Atomics.notify(cells, 2), Atomics.notify(new Int32Array(4), 0));                     // => 1 0
try { Atomics.waitAsync(new Int32Array(4), 0, 0); } catch (e) { print(e.name); }           // => TypeError
try { Atomics.waitAsync(cells, 4, 0); } catch (e) { print(e.name); }                       // => RangeError
// => first ok
// => second ok
// => elsewhere ok
// => late timed-out
