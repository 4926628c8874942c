// Maps and sets keep the order of insertion, whatever is removed and added.
const m = new Map([["b", 1], ["a", 2], [1, "one"], ["1", "text"]]);
m.set("b", 3);
m.delete("a");
m.set("a", 4);
print(JSON.stringify([...m]));                  // => [["b",3],[1,"one"],["1","text"],["a",4]]
print([...m.keys()].join());                    // => b,1,1,a
print([...m.values()].join());                  // => 3,one,text,4

const s = new Set();
for (let i = 0; i < 1000; i++) s.add(i);
for (let i = 0; i < 1000; i++) if (i % 7) s.delete(i);
print([...s].slice(0, 5).join() + " of " + s.size);     // => 0,7,14,21,28 of 143
for (let i = 0; i < 5; i++) s.add(i);
print([...s].slice(-4).join());                 // => 1,2,3,4
s.clear();
print(s.size + " " + [...s].length);            // => 0 0

// A queue: removing from the front and adding to the back does not slow down.
const queue = new Set([0]);
for (let i = 1; i < 20000; i++) {
    const first = queue.values().next().value;
    if (first !== (i - 1)) throw new Error("out of order at " + i);
    queue.delete(first);
    queue.add(i);
}
print(queue.size);                              // => 1
