// SPDX-License-Identifier: MIT
// calendar_diff.js - vm/base/calendar against another engine's Date.
//
//     node tests/fuzz/calendar_diff.js path/to/calendar_tool [cases] [seed]
//
// Both sides bring a time zone database of their own. So offsets must agree in ZONES, where databases do;
// around all changes of all zones since 1970, differences are printed but do not fail. Names must agree from
// 1970 to 2037: the host names other times after a year of these.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');

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
const pick = list => list[below(list.length)];

const ZONES = ['UTC', 'Europe/Berlin', 'Europe/London', 'Europe/Dublin', 'America/New_York',
               'America/Los_Angeles', 'America/St_Johns', 'America/Sao_Paulo', 'Asia/Tokyo', 'Asia/Kolkata',
               'Asia/Kathmandu',
               'Australia/Sydney', 'Australia/Lord_Howe', 'Pacific/Auckland', 'Pacific/Apia', 'Africa/Cairo',
               'Europe/Istanbul'];
const MOST = 8.64e15;

const requests = [], expected = [];
const ask = (request, answer, kind) => { requests.push(request); expected.push({ answer, kind }); };
const number = x => Number.isNaN(x) ? 'NaN' : String(x);

function useZone(zone) {
    process.env.TZ = zone;
    ask(`z ${zone}`, zone, 'zone');
}
const textsOf = t => {
    const d = new Date(t);
    return [d.toISOString(), d.toUTCString(), d.toDateString(), d.toTimeString(), d.toString()].join('|');
};
// Milliseconds of UTC for a local time, by way of the host's Date.
const localToUtc = t => {
    const d = new Date(t);
    const local = new Date(2000, 0, 1);
    local.setFullYear(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate());
    local.setHours(d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds());
    return local.getTime();
};
const between = (from, to) => from + below(to - from);
const YEAR_1970 = 0, YEAR_2037 = 2114380800000, YEAR_2100 = 4102444800000;

// ---- what people write ----

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec', 'January',
                'february', 'SEPTEMBER', 'Sept', 'decem', 'Juni'];
const DAYS = ['Mon', 'Tuesday', 'wed', 'Sun,', 'Foo', ''];
const OFFSETS = ['Z', ' Z', ' UTC', ' GMT', ' EST', ' PDT', ' GMT+0200', ' UTC-3', ' +0100', '+01:00',
                 ' -0830', ' GMT+5:30', ' +5', ' (CET)', ' GMT+0100 (Central European Standard Time)',
                 ' GMT+', ' +12345', '-2', ' +24:00', ' +1:', ' ut', ' CET', ' mst (x (y) z)', ' ((', ' )'];
const ODDITIES = ['', ' ', 'Jan', 'foo', '12', '1 1', '1/2/3/4', '2020-01-01T', '-1', '+1', '- 1 1', '2000-',
                  '10:00', '1,2,3', 'Z 1', 'GMT 1 1 1', 'am 1 1'];
const GARBAGE = ['', ' ', '-', ':', '+', '.', '(', ')', 'x', '1', '/', ',', '\u202f', 'é', 'T'];

const any = list => pick(list)();
const two = n => String(n).padStart(2, '0');
const hour = () => below(24), minute = () => below(60);
const day = () => between(0, 33), month = () => between(0, 14);
const year = () => pick([between(1900, 2100), below(100), below(10000), between(-5, 5), 275760]);
const clock = () => any([
    () => `${below(25)}:${two(below(61))}`, () => `${two(hour())}:${two(minute())}:${two(minute())}`,
    () => `${below(13)}:${two(minute())} ${pick(['AM', 'pm', 'a.m.', 'PM'])}`,
    () => `${below(13)}:${two(minute())}pm`,
    () => `${hour()}:${minute()}:${minute()}.${below(10000)}`, () => `${hour()}::${minute()}`,
    () => `${hour()}:${minute()}.${below(100)}`, () => `${hour()}:`, () => `${below(13)} PM`,
]);
const date = () => any([
    () => `${pick(MONTHS)} ${day()}, ${year()}`, () => `${day()} ${pick(MONTHS)} ${year()}`,
    () => `${pick(DAYS)} ${pick(MONTHS)} ${two(day())} ${year()}`,
    () => `${pick(DAYS)} ${day()}-${pick(MONTHS)}-${year()}`, () => `${year()} ${pick(MONTHS)} ${day()}`,
    () => `${year()}/${month()}/${day()}`, () => `${month()}/${day()}/${year()}`,
    () => `${year()}-${two(month())}-${two(day())}`, () => `${month()}-${day()}-${year()}`,
    () => `${pick(MONTHS)} ${year()}`, () => `${pick(MONTHS)} ${day()}`, () => `${year()}`,
    () => `${day()}.${month()}.${year()}`, () => `${pick(MONTHS)}/${day()}/${year()}`,
]);
const fraction = () => pick(['.', '.', ',']) +
                       pick([String(below(1000)).padStart(3, '0'), String(below(1e6)), '', '5']);
function iso() {
    let s = any([() => String(below(10000)).padStart(4, '0'), () => String(below(100000)),
                 () => pick(['+', '-']) + String(below(1e6)).padStart(6, '0')]);
    if (below(10)) s += '-' + two(month());
    if (below(10)) s += '-' + two(day());
    if (below(4) === 0) return s;
    s += pick(['T', 'T', 'T', 't', ' ']) + two(below(26)) + ':' + two(below(61));
    if (below(3)) s += ':' + two(below(61));
    if (below(3) === 0) s += fraction();
    return s + pick(['', 'Z', 'z', '+01:00', '-08:30', '+0530', '+24:00', '+1', 'x']);
}
function valid() {
    const d = new Date(between(-MOST, MOST));
    return pick([d.toISOString(), d.toUTCString(), d.toString(), d.toDateString()]);
}
function garble(s) {
    const i = below(s.length + 1);
    return s.slice(0, i) + pick(GARBAGE) + s.slice(i + below(2));
}
const full = () => `${date()} ${clock()}${pick(OFFSETS)}`;
const written = () => any([
    iso, iso, valid, date, full, () => `${date()} ${clock()}`, () => `${clock()} ${date()}`,
    () => garble(full()), () => garble(iso()), () => garble(valid()), () => pick(ODDITIES),
]);

// ---- the run ----

for (const zone of ZONES) {
    useZone(zone);
    for (let i = 0; i < cases / ZONES.length; i++) {
        const t = any([
            () => between(-MOST, MOST), () => between(YEAR_1970, YEAR_2100), () => below(1000) - 500,
            () => between(-2208988800000, YEAR_1970),
            () => Date.UTC(below(400000) - 200000, below(12), 1) - below(2),
        ]);
        if (Math.abs(t) <= MOST) ask(`s ${t}`, textsOf(t), 'texts');
        const local = between(YEAR_1970, YEAR_2100);
        ask(`l ${local}`, number(localToUtc(local)), 'local');
        const y = between(-2e5, 2e5), m = between(-1e4, 1e4), d = between(-1e6, 1e6), ms = Date.UTC(y, m, d);
        if ((y < 0 || y > 99) && !Number.isNaN(ms)) ask(`d ${y} ${m} ${d}`, number(ms / 86400000), 'day');
        const text = written();                          // the standard forbids -000000, the host does not
        if (!/\n|-000000/.test(text)) ask(`p ${text}`, number(Date.parse(text)), 'parse');
    }
}
// All zones that both know, around and between changes of offset.
const folder = '/usr/share/zoneinfo';
const known = z => { try { return fs.statSync(`${folder}/${z}`).isFile(); } catch { return false; } };
for (const zone of Intl.supportedValuesOf('timeZone').filter(known)) {
    useZone(zone);
    let before = new Date(YEAR_1970).getTimezoneOffset();
    for (let t = YEAR_1970; t < YEAR_2100; t += 14 * 86400000) {
        const now = new Date(t).getTimezoneOffset();
        if (now === before) continue;
        let low = t - 14 * 86400000, high = t;               // a change in between
        while (high - low > 1) {
            const middle = Math.floor((low + high) / 2);
            if (new Date(middle).getTimezoneOffset() === now) high = middle; else low = middle;
        }
        for (const at of [low, high]) ask(`s ${at}`, textsOf(at), 'change');
        for (const d of [-7200000, -3600000, -1, 0, 3600000]) {
            const local = high - now * 60000 + d;
            ask(`l ${local}`, number(localToUtc(local)), 'change');
        }
        before = now;
    }
}
const input = requests.join('\n') + '\n';
const run = spawnSync(tool, [], { input, maxBuffer: 1 << 30, env: { TZ: 'UTC' } });
const answers = run.stdout.toString('latin1').split('\n');
const counts = {}, wrong = {};
let zone = '', bad = run.status === 0 ? 0 : 1;
if (bad) console.log(`# the tool failed: ${run.signal || run.status} ${run.stderr}`);
const plain = s => s.replace(/[‘’]/g, "'");
const unnamed = s => s.replace(/ \([^|]*\)/g, '');
for (let i = 0; i < requests.length; i++) {
    const { answer, kind } = expected[i];
    if (kind === 'zone') zone = answer;
    counts[kind] = (counts[kind] || 0) + 1;
    const got = answers[i] || '';
    if (got === plain(answer)) continue;
    const same = unnamed(got) === unnamed(answer);
    const t = Number(requests[i].slice(2));
    if (same && (kind === 'change' || t < YEAR_1970 || t > YEAR_2037)) continue;
    const key = same ? 'names' : kind;
    wrong[key] = (wrong[key] || 0) + 1;
    if (wrong[key] <= 12) console.log(`# ${zone}: ${requests[i]} -> ${got}\n#     instead of ${answer}`);
}
bad += (wrong.texts || 0) + (wrong.parse || 0) + (wrong.local || 0) + (wrong.names || 0) + (wrong.day || 0);
console.log('1..1');
const all = JSON.stringify(counts), but = JSON.stringify(wrong);
console.log(`${bad ? 'not ok' : 'ok'} 1 - of ${all} all agree but ${but}`);
process.exit(bad ? 1 : 0);
