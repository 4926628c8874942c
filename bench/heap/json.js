// Trees of records to text and back, with a few of them kept.
function record(id, depth) {
    const children = [];
    if (depth > 0) for (let i = 0; i < 4; i++) children.push(record(id * 4 + i, depth - 1));
    return { id, name: "record " + id, tags: ["a", "b", "c"], weight: id / 8, open: id % 3 === 0, children };
}
function sum(r) {
    let total = r.weight + r.tags.length + r.name.length;
    for (const child of r.children) total += sum(child);
    return total;
}
const kept = [];
let total = 0;
for (let round = 0; round < 40; round++) {
    const copy = JSON.parse(JSON.stringify(record(1, 6)));
    total += sum(copy);
    kept[round % 4] = copy;
}
print(total, kept.length);
