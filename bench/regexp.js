// Regular expressions: searching, capturing and replacing.
let text = "";
for (let i = 0; i < 3000; i++) text += `2026-0${i % 9 + 1}-1${i % 10} item${i} <user${i}@host${i % 7}.example>\n`;
let found = 0;
for (let round = 0; round < 8; round++) {
    for (const m of text.matchAll(/(\d{4})-(\d\d)-(\d\d)/g)) found += Number(m[3]);
    found += text.replace(/<([\w.]+)@([\w.]+)>/g, "$2 at $1").length;
    for (const line of text.split(/\n/)) if (/item\d*7\b/.test(line)) found++;
}
print(found);
