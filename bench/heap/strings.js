// Text that is built up, cut into words, counted and joined again.
const words = "the quick brown fox jumps over a lazy dog while seven wizards box with jugs of liquor".split(" ");
function text(n, seed) {
    let s = "";
    for (let i = 0; i < n; i++) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        s += words[seed % words.length] + (i % 16 === 15 ? `, ${i};\n` : " ");
    }
    return s;
}
function count(s) {
    const counts = new Map();
    for (const line of s.split("\n"))
        for (const word of line.split(" ")) counts.set(word, (counts.get(word) || 0) + 1);
    return counts;
}
let total = 0;
for (let round = 0; round < 12; round++) {
    const counts = count(text(60000, round + 1)), lines = [];
    for (const [word, n] of counts) if (n > 1) lines.push(word.toUpperCase() + ": " + n);
    total += lines.sort().join("\n").length + counts.size;
}
print(total);
