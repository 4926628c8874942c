// JSON.parse and JSON.stringify of records.
const records = [];
for (let i = 0; i < 2000; i++) {
    const nested = { on: i % 2 === 0, none: null };
    records.push({ id: i, name: "record " + i, tags: ["a", "b\n", "\u00e9"], ratio: i / 7, nested });
}
let size = 0;
let text = JSON.stringify(records);
for (let round = 0; round < 20; round++) {
    const back = JSON.parse(text);
    back[round].id = -1;
    text = JSON.stringify(back);
    size += text.length;
}
print(size);
