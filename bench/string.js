// Building, reading and splitting strings.
function build(n) {
    let s = "";
    for (let i = 0; i < n; i++) s += String.fromCharCode(97 + i % 26) + (i % 10);
    return s;
}
let hash = 0;
for (let round = 0; round < 6; round++) {
    const s = build(100000);
    for (let i = 0; i < s.length; i++) hash = (hash * 31 + s.charCodeAt(i)) | 0;
    hash ^= s.split("a").length + s.indexOf("z9", 100) + s.slice(5, 5000).toUpperCase().length;
}
print(hash);
