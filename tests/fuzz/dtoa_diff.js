// SPDX-License-Identifier: MIT
// dtoa_diff.js - vm/base/dtoa against another engine's numbers.
//
//     node tests/fuzz/dtoa_diff.js path/to/dtoa_tool [cases] [seed]
//
// Radix 10, toFixed, toExponential, toPrecision and decimal text must agree in every character and bit. For
// other radices the standard asks for the fewest digits and the nearest of those, which is checked here with
// exact integers; engines err in the last digit, so agreement with the host is only counted.
'use strict';
const { spawnSync } = require('child_process');

const tool = process.argv[2];
const cases = Number(process.argv[3] || 200000);
let state = BigInt(process.argv[4] || Date.now());
const mask64 = (1n << 64n) - 1n;

function randomBits() {                                      // splitmix64
    state = (state + 0x9e3779b97f4a7c15n) & mask64;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask64;
    return z ^ (z >> 31n);
}
const below = n => Number(randomBits() % BigInt(n));
const view = new DataView(new ArrayBuffer(8));
const toBits = x => { view.setFloat64(0, x); return view.getBigUint64(0); };
const fromBits = b => { view.setBigUint64(0, b & mask64); return view.getFloat64(0); };
const hex = x => toBits(x).toString(16).padStart(16, '0');

function randomNumber() {
    const sign = below(4) === 0 ? -1 : 1;
    switch (below(12)) {
    case 0: return fromBits(randomBits());
    case 1: return sign * fromBits(randomBits() & 0x000fffffffffffffn);                     // subnormal
    case 2: return sign * fromBits((BigInt(below(2047)) << 52n) + BigInt(below(5)) - 2n);   // beside 2^n
    case 3: return sign * below(1e6);
    case 4: return sign * below(1e9) / 10 ** below(10);
    case 5: return sign * Number(`${below(1e9)}e${below(620) - 320}`);
    case 6: return sign * below(2 ** 52) * 2 ** (below(24) - 4);
    case 7: return sign * (below(1e6) + 0.5) / 10 ** below(8);
    case 8: return sign * below(2 ** 30) / 2 ** below(60);                                  // exact ties
    case 9: return sign * Number(randomBits()) / 2 ** 64;
    case 10: return sign * Number(randomBits()) * 10 ** (below(30) - 25);
    default: return sign * [5e-324, 1e21, 1e-7, 999999999999999900000, 1e-6, 9007199254740993, 2 ** 53, 0,
                            1.7976931348623157e308, 2.2250738585072014e-308, 1.005, 1.45, 123.456, 25, 0.5,
                            NaN, Infinity][below(17)];
    }
}

const digitsOf = n => { let s = ''; while (s.length < n) s += below(10); return s; };
function randomDecimal() {
    let s = ['', '', '-', '+'][below(4)];
    switch (below(8)) {
    case 0: return s + halfway();
    case 1: s += digitsOf(1 + below(30)); break;
    case 2: s += '0'.repeat(below(400)) + '.' + '0'.repeat(below(400)) + digitsOf(1 + below(20)); break;
    case 3: s += digitsOf(below(20)) + '.' + digitsOf(below(20)); break;
    case 4: s += digitsOf(below(900)) + '.' + digitsOf(below(900)); break;
    case 5: return s + String(randomNumber());
    case 6: return s + ['Infinity', 'Infinit', '', '.', '.e1', 'e5', '5.', '5.e', '-', 'infinity', '1e+',
                        '0x10', '1.5e-x', '1_0', '١', '1..2', '0e99999',
                        '0.0e-999999999999999999999'][below(18)];
    default: s += digitsOf(1 + below(25));
    }
    if (below(2)) s += ['e', 'E'][below(2)] + ['', '-', '+'][below(3)] + below(below(10) ? 330 : 1e6);
    return s;
}

// The exact decimal expansion of a point halfway between two doubles, or a digit more or less.
function halfway() {
    const bits = randomBits() & 0x7fefffffffffffffn;
    const field = Number(bits >> 52n), fraction = bits & 0xfffffffffffffn;
    const m = 2n * (field ? fraction | 1n << 52n : fraction) + 1n, e = Math.max(field, 1) - 1076;
    let s = e >= 0 ? (m << BigInt(e)).toString() + '.0' : scaled(m * 5n ** BigInt(-e), -e);
    switch (below(3)) {
    case 0: return s;
    case 1: return s + '0'.repeat(below(50)) + '1';
    default: {
        const last = s.replace(/0+$/, '');
        if (last.endsWith('.')) return last;
        return last.slice(0, -1) + String(Number(last.at(-1)) - 1) + '9'.repeat(below(50));
    }
    }
}
function scaled(n, places) {
    const s = n.toString().padStart(places + 1, '0');
    return s.slice(0, -places) + '.' + s.slice(-places);
}

// ---- exact checks for other radices: numbers as numerator / denominator ----

function exactly(x) {
    const bits = toBits(Math.abs(x)), field = Number(bits >> 52n), fraction = bits & 0xfffffffffffffn;
    const m = field ? fraction | 1n << 52n : fraction, e = Math.max(field, 1) - 1075;
    return { m, e, uneven: fraction === 0n && field > 1 };
}
const valueOf = (text, radix) => [...text].reduce((n, c) => n * BigInt(radix) + BigInt(parseInt(c, 36)), 0n);

// Is `text` a value that reads back as x, with no shorter one, and none of its length nearer?
function checkRadix(x, radix, text) {
    if (!Number.isFinite(x) || x === 0) return true;
    const [whole, fraction = ''] = text.replace('-', '').split('.');
    const R = BigInt(radix), { m, e, uneven } = exactly(x);
    const units = 2n + BigInt(Math.max(0, -e));              // all on the scale 2^-units * R^-places
    const unit = R ** BigInt(fraction.length);
    const at = (m << (BigInt(e) + units)) * unit;
    const up = (1n << (BigInt(e) + units - 1n)) * unit, down = uneven ? up / 2n : up;
    const fits = n => m % 2n ? at - down < n && n < at + up : at - down <= n && n <= at + up;
    const value = valueOf(whole + fraction, radix) << units;
    if (!fits(value)) return false;
    let step = 1n << units;                                  // the place of the last digit not 0
    const zeros = (whole + fraction).match(/0*$/)[0].length;
    if (fraction && zeros) return false;
    step *= R ** BigInt(zeros);
    const away = n => n < 0n ? -n : n;
    for (const other of [value - step, value + step])
        if (fits(other) && away(other - at) < away(value - at)) return false;
    const coarse = step * R, floor = at / coarse * coarse;
    return !fits(floor) && !fits(floor + coarse);
}

// ---- the run ----

const requests = [], expected = [];
let radixSame = 0, radixAll = 0;
const ask = (request, check) => { requests.push(request); expected.push(check); };
const same = text => answer => answer === text;
const read = (x, consumed) => same(`${hex(x)} ${consumed}`);

function parseFloatLength(s) {
    const found = /^[+-]?(Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)/.exec(s);
    return found ? found[0].length : 0;
}

for (let i = 0; i < cases; i++) {
    const x = randomNumber(), bits = hex(x);
    ask(`w 0 ${bits}`, same(String(x)));
    const fixed = below(101), exponential = below(101), precision = 1 + below(100), few = below(20);
    ask(`f ${fixed} ${bits}`, same(x.toFixed(fixed)));
    ask(`f ${few} ${bits}`, same(x.toFixed(few)));
    ask(`e ${exponential} ${bits}`, same(x.toExponential(exponential)));
    ask(`e ${few} ${bits}`, same(x.toExponential(few)));
    ask(`e -1 ${bits}`, same(x.toExponential()));
    ask(`p ${precision} ${bits}`, same(x.toPrecision(precision)));
    ask(`p ${few + 1} ${bits}`, same(x.toPrecision(few + 1)));
    const text = randomDecimal();
    ask(`d 0 ${text}`, read(parseFloat(text), parseFloatLength(text)));
    ask(`l 0 ${text}`, read(Number(text), Buffer.from(text, 'utf8').length));
    if (i % 4 === 0) {
        const radix = [2, 3, 4, 5, 6, 7, 8, 9, 16, 32, 36][below(11)], host = x.toString(radix);
        ask(`r ${radix} ${bits}`, answer => {
            radixAll++;
            radixSame += answer === host;
            return (Number.isFinite(x) && x !== 0) ? checkRadix(x, radix, answer) : answer === host;
        });
        const r = 2 + below(35), length = 1 + below([10, 60, 1100][below(3)]);
        let digits = '';
        while (digits.length < length) digits += below(r).toString(r);
        const n = Number(valueOf(digits, r));                // BigInt to Number rounds correctly
        ask(`i ${r} ${digits}${['', '!', '-'][below(3)]}`, read(n, digits.length));
        const prefix = ['0x', '0B', '0o'][below(3)] + below(1e6).toString(2);
        ask(`l 0 ${prefix}`, read(Number(prefix), prefix.length));
    }
}
const run = spawnSync(tool, [], { input: requests.join('\n') + '\n', maxBuffer: 1 << 30 });
const answers = run.stdout.toString('latin1').split('\n');
let bad = run.status === 0 ? 0 : 1;
if (bad) console.log(`# the tool failed: ${run.signal || run.status} ${run.stderr}`);
for (let i = 0; i < requests.length; i++) {
    if (answers[i] !== undefined && expected[i](answers[i])) continue;
    if (bad++ < 20) console.log(`# ${requests[i].slice(0, 300)} -> ${answers[i]}`);
}
console.log('1..1');
console.log(`${bad ? 'not ok' : 'ok'} 1 - ${requests.length} answers agree` +
            ` (other radices: exact, and in ${(100 * radixSame / radixAll).toFixed(1)} % the host's text)`);
process.exit(bad ? 1 : 0);
