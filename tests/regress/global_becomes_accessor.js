// A global variable that code has read becomes an accessor: the code has to call the getter from then on.
globalThis.x = 1;
function use() { return x }
use(), use(), use();
Object.defineProperty(globalThis, 'x', { get: () => 'got', configurable: true });
print(use(), use());                    // => got got
Object.defineProperty(globalThis, 'x', { value: 2 });
print(use(), use());                    // => 2 2
