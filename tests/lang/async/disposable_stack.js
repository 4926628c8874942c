// Resources go last first; an error while disposing suppresses the one before; a moved stack is empty.
const log = [];
const stack = new DisposableStack();
stack.use({ [Symbol.dispose]() { log.push("use"); } });
stack.adopt("v", (v) => log.push("adopt " + v));
stack.defer(() => log.push("defer"));
const moved = stack.move();
print(stack.disposed, moved.disposed);          // => true false
moved.dispose();
moved.dispose();
print(log.join());                              // => defer,adopt v,use
try { moved.defer(() => {}); } catch (e) { print(e.name); }     // => ReferenceError
const bad = new DisposableStack();
bad.defer(() => { throw 1; });
bad.defer(() => { throw 2; });
try { bad.dispose(); } catch (e) { print(e.name, e.error, e.suppressed); }      // => SuppressedError 1 2
const later = new AsyncDisposableStack();
later.use({ async [Symbol.asyncDispose]() { print("first"); } });
later.use({ [Symbol.dispose]() { print("sync"); throw new Error("no"); } });
later.disposeAsync().then(() => print("never"), (e) => print(e.message, later.disposed));
print("behind");
// => sync
// => behind
// => first
// => no true
