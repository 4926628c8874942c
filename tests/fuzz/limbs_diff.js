// SPDX-License-Identifier: MIT
// limbs_diff.js - vm/base/limbs against another engine's BigInt.
//
//     node tests/fuzz/limbs_diff.js path/to/limbs_tool [cases] [seed]
'use strict';
const { spawnSync } = require('child_process');

const tool = process.argv[2];
const cases = Number(process.argv[3] || 20000);
let state = BigInt(process.argv[4] || Date.now());
const mask64 = (1n << 64n) - 1n;

function random64() {                                        // splitmix64
    state = (state + 0x9e3779b97f4a7c15n) & mask64;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask64;
    return z ^ (z >> 31n);
}
const below = n => Number(random64() % BigInt(n));
const view = new DataView(new ArrayBuffer(8));
const bitsOf = x => { view.setFloat64(0, x); return view.getBigUint64(0).toString(16).padStart(16, '0'); };
const doubleOf = b => { view.setBigUint64(0, b & mask64); return view.getFloat64(0); };

function randomInt() {
    const limbs = [0, 1, 1, 2, 3, below(10), below(40), below(400)][below(8)];
    let n = 0n;
    for (let i = 0; i < limbs; i++) {
        const word = [random64(), random64(), 0n, mask64, 1n, 1n << 63n][below(6)];
        n = n << 64n | word;
    }
    if (below(4) === 0) n >>= BigInt(below(64));
    if (below(6) === 0) n = 1n << BigInt(below(700));
    if (below(6) === 0) n += BigInt(below(3) - 1);
    return below(2) ? -n : n;
}
function randomDouble() {
    const x = [() => doubleOf(random64()), () => below(1000) - 500, () => Number(randomInt() % (1n << 1100n)),
               () => Number(randomInt() % (1n << 70n)) + below(4) / 4, () => 2 ** below(1024),
               () => [NaN, Infinity, -Infinity, 0, 0.5, -0.5, 5e-324][below(7)]][below(6)]();
    return x;
}

const requests = [], expected = [];
function ask(request, ...answers) {
    requests.push(request);
    for (const answer of answers) expected.push([request, answer]);
}
const hex = n => n.toString(16);
const order = (a, b) => String(a < b ? -1 : a > b ? 1 : 0);

for (let i = 0; i < cases; i++) {
    const a = randomInt(), b = randomInt(), A = hex(a), B = hex(b);
    ask(`add ${A} ${B}`, hex(a + b));
    ask(`sub ${A} ${B}`, hex(a - b));
    ask(`mul ${A} ${B}`, hex(a * b));
    ask(`mul ${A} ${A}`, hex(a * a));
    ask(`and ${A} ${B}`, hex(a & b));
    ask(`or ${A} ${B}`, hex(a | b));
    ask(`xor ${A} ${B}`, hex(a ^ b));
    ask(`not ${A}`, hex(~a));
    ask(`cmp ${A} ${B}`, order(a, b));
    ask(`cmp ${A} ${A}`, '0');
    ask(`cmp ${A} ${hex(a + 1n)}`, '-1');
    if (b !== 0n) ask(`div ${A} ${B}`, hex(a / b), hex(a % b));
    const shift = [below(130), below(2000), 64 * below(10)][below(3)];
    ask(`shl ${A} ${shift}`, hex(a << BigInt(shift)));
    ask(`shr ${A} ${shift}`, hex(a >> BigInt(shift)));
    const length = a.toString(2).replace('-', '').length;
    const width = [below(200), below(3000), Math.max(0, length + below(5) - 2), 64][below(4)];
    ask(`int ${A} ${width}`, hex(BigInt.asIntN(width, a)));
    ask(`uint ${A} ${width}`, hex(BigInt.asUintN(width, a)));
    ask(`low ${A}`, hex(BigInt.asUintN(64, a)));
    ask(`to ${A}`, bitsOf(Number(a)));
    if (length > 60) {                                       // beside the points where rounding changes
        const even = (a >> BigInt(length - 54) << BigInt(length - 54)) + BigInt(below(3) - 1);
        ask(`to ${hex(even)}`, bitsOf(Number(even)));
    }
    const x = randomDouble();
    ask(`dcmp ${A} ${bitsOf(x)}`, x !== x ? '2' : order(a, x));
    const near = Number(a);
    ask(`dcmp ${A} ${bitsOf(near)}`, order(a, near));
    if (Number.isFinite(x)) ask(`from ${bitsOf(Math.trunc(x))}`, hex(BigInt(Math.trunc(x))));
    const radix = 2 + below(35);
    ask(`text ${A} ${radix}`, a.toString(radix));
    ask(`parse ${below(2) ? a.toString(radix) : a.toString(radix).toUpperCase()} ${radix}`, hex(a));
    const exponent = below([5, 20, 100][below(3)]), base = BigInt.asIntN(below(140), a);
    ask(`pow ${hex(base)} ${exponent}`, hex(base ** BigInt(exponent)));
}
const run = spawnSync(tool, [], { input: requests.join('\n') + '\n', maxBuffer: 1 << 30 });
const answers = run.stdout.toString('latin1').split('\n');
let bad = run.status === 0 ? 0 : 1;
if (bad) console.log(`# the tool failed: ${run.signal || run.status} ${run.stderr}`);
for (let i = 0; i < expected.length; i++) {
    if (expected[i][1] === answers[i]) continue;
    const [request, answer] = expected[i];
    const line = `# ${request.slice(0, 300)} -> ${answers[i]} instead of ${answer}`;
    if (bad++ < 10) console.log(line.slice(0, 900));
}
console.log('1..1');
console.log(`${bad ? 'not ok' : 'ok'} 1 - ${expected.length} answers agree`);
process.exit(bad ? 1 : 0);
