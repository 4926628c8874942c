// Strings that grow: by a character, by numbers and templates, and joined from an array; each is read once.
function letters(n) {
    let s = "";
    for (let i = 0; i < n; i++) s += "abcdefghijklmnop"[i & 15];
    return s;
}
function lines(n) {
    let s = "";
    for (let i = 0; i < n; i++) s += `line ${i}: ` + (i * 7 % 100) + "\n";
    return s;
}
function joined(n) {
    const parts = [];
    for (let i = 0; i < n; i++) parts.push("<" + i + ">");
    return parts.join(",");
}
function hash(s) {
    let h = 0;
    for (let i = 0; i < s.length; i++) h = (h * 31 + s.charCodeAt(i)) | 0;
    return h;
}
let sum = 0;
for (let round = 0; round < 8; round++)
    sum = (sum + hash(letters(200000)) + hash(lines(40000)) + hash(joined(40000))) | 0;
print(sum);
