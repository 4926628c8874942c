// SPDX-License-Identifier: MIT
// regexp_diff.js - random patterns and subjects, matched by re_tool and by another engine, the host.
//
//   [HOST=node] node regexp_diff.js RE_TOOL [SEED [PATTERNS [TOOL-OPTION...]]]
//
// HOST is a command that runs a script, or "own": re_tool itself with our matcher, which needs no features left
// out and takes longer subjects.
// Prints every difference and exits with 1 when there is one. Features that the host lacks are left out. A
// match that the tool gave up (memory, interrupted) is no difference, nor is one that kills the host.
'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const [, , tool, seedText = '1', casesText = '20000', ...toolOptions] = process.argv;
let state = (Number(seedText) * 2654435761 + 12345) >>> 0;
function random(n) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 4294967296 * n);
}
const pick = list => list[random(list.length)];

function hex(text) {
    let digits = '';
    for (let i = 0; i < text.length; i++) digits += text.charCodeAt(i).toString(16).padStart(4, '0');
    return digits;
}
// ---- the host: another process, so that it may crash or hang ----

const HOST = process.env.HOST ?? process.execPath;
function hostMain(tests) {
    const answer = test => {
        let r;
        try {
            r = new RegExp(test.pattern, test.flags + (test.flags.includes('y') ? 'd' : 'gd'));
        } catch {
            return 'error';
        }
        r.lastIndex = test.start;
        const m = r.exec(test.subject);
        return m ? m.indices.map(p => p ? p.join(',') : '-').join(' ') : 'null';
    };
    for (const test of tests) console.log(answer(test));
}
function toolAnswers(tests, options) {
    const input = tests.map(t => [t.flags, hex(t.pattern), hex(t.subject), t.start].join('\t') + '\n').join('');
    const run = spawnSync(tool, options, { input, maxBuffer: 1 << 30 });
    if (run.status !== 0) {
        console.log(`tool ended with ${run.status ?? run.signal}: ${run.stderr}`);
        process.exitCode = 1;
    }
    return run.stdout.toString().split('\n').map(line => line.startsWith('error') ? 'error' : line);
}
function hostAnswers(tests) {
    if (HOST === 'own') return toolAnswers(tests, ['-e', 'own']);
    const answers = [], file = path.join(os.tmpdir(), `regexp_diff_${process.pid}.js`);
    while (answers.length < tests.length) {
        const rest = tests.slice(answers.length, answers.length + 5000);
        fs.writeFileSync(file, `${hostMain}\nhostMain(${JSON.stringify(rest)});\n`);
        const run = spawnSync(HOST, [file], { maxBuffer: 1 << 30, timeout: 60000 });
        const lines = run.stdout.toString().split('\n').slice(0, -1);
        answers.push(...lines);
        if (lines.length < rest.length) answers.push('host died');
    }
    fs.unlinkSync(file);
    return answers;
}
function hostHas(pattern, flags = '') {
    return hostAnswers([{ pattern, flags, subject: '', start: 0 }])[0] !== 'error';
}
const has = {
    modifiers: hostHas('(?i:a)'),
    duplicates: hostHas('(?<a>x)|(?<a>y)'),
    sets: hostHas('[a&&b]', 'v'),
};

// ---- patterns ----

const CHARS = ['a', 'a', 'b', 'b', 'c', 'A', 'B', '1', '_', ' ', '-', 'k', 's', 'K', 'S', 'é', 'É', 'ß', 'ſ',
    '\u212a', 'µ', 'μ', 'σ', 'ς', 'Σ', 'ÿ', 'Ÿ', 'å', '\u212b', '\u1e9e', '\u{1f600}', '\u{10400}',
    '\u{10428}', '\\ud83d', '\\ude00', '\\n', '\\r', '\\u2028', 'ǆ', 'ǅ', 'Ǆ', 'ᲀ', 'в', 'В'];
const ESCAPES = ['\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '.', '.', '\\x41', '\\u0062', '\\t', '\\0'];
const PROPERTIES = ['\\p{Lu}', '\\p{Ll}', '\\P{Lu}', '\\P{Ll}', '\\p{L}', '\\p{Script=Greek}', '\\P{L}',
    '\\p{Any}', '\\p{Emoji}', '\\p{ASCII}', '\\p{scx=Cyrl}', '\\P{Any}', '\\p{Nd}'];
const STRINGS = ['\\p{RGI_Emoji_Flag_Sequence}', '\\p{Emoji_Keycap_Sequence}', '\\q{ab|a|abc}', '\\q{|b}',
    '\\q{aB|\u{10400}b}', '\\q{k|ss}'];
const RANGES = ['a-c', 'A-Z', '0-9', 'b-k', 'ß-ÿ', 'Α-Ω', '\\ud800-\\udfff', '\\0-\\uffff', 'a-\\u{10ffff}'];
const QUANTIFIERS = ['*', '+', '?', '{2}', '{0,2}', '{1,}', '{2,3}', '{0}', '{1}'];

let mode, depth, groups, names, open, behind;
const unicode = () => mode !== '';

function classItem() {
    const kind = random(10);
    if (kind < 5) return pick(CHARS).replace(/^-$/, '\\-');
    if (kind < 7) return pick(RANGES.slice(0, unicode() ? 9 : 8));
    if (kind < 9 || !unicode()) return pick(ESCAPES.filter(e => e !== '.'));
    return pick(PROPERTIES);
}
function classOperand(level) {
    const kind = random(12);
    if (kind < 4) return pick(CHARS).replace(/^-$/, '\\-');
    if (kind < 6) return pick(ESCAPES.filter(e => e !== '.'));
    if (kind < 8) return pick(PROPERTIES);
    if (kind < 9) return pick(STRINGS);
    return level > 2 ? 'a' : classSet(level + 1);
}
function classSet(level = 0) {
    const negated = random(4) === 0 ? '^' : '';
    const operator = pick(['', '', '&&', '--']);
    let body = '';
    if (operator) body = Array.from({ length: 2 + random(2) }, () => classOperand(level)).join(operator);
    else for (let i = random(4); i >= 0; i--) body += random(4) ? classOperand(level) : pick(RANGES.slice(0, 6));
    return '[' + negated + body + ']';
}
function characterClass() {
    if (mode === 'v') return classSet();
    let body = '';
    for (let i = random(4); i >= 0; i--) body += classItem();
    return '[' + (random(3) === 0 ? '^' : '') + body + ']';
}
function atom() {
    const kind = random(depth > 3 ? 12 : 20);
    if (kind < 7) return pick(CHARS);
    if (kind < 9) return pick(ESCAPES);
    if (kind < 10 && !unicode()) return pick(CHARS);
    if (kind < 10) return pick(mode === 'v' && random(3) === 0 ? STRINGS.slice(0, 2) : PROPERTIES);
    if (kind < 12) return characterClass();
    if (kind < 15) return '(?:' + disjunction() + ')';
    if (kind < 18) {
        groups++;
        let name = '';
        if (random(5) === 0) {
            name = has.duplicates ? pick(['n', 'm', 'o']) : 'n' + groups;
            names.push(name);
            name = '?<' + name + '>';
        }
        return '(' + name + disjunction() + ')';
    }
    if (kind < 19 && has.modifiers)
        return pick(['(?i:', '(?-i:', '(?s-m:', '(?m:', '(?i-s:']) + disjunction() + ')';
    return '\\' + (1 + random(groups + 2));
}
function term() {
    const kind = random(24);
    if (kind === 0) return pick(['^', '$']);
    if (kind === 1) return pick(['\\b', '\\B']);
    if (kind === 2) {
        const quantified = !unicode() && random(3) === 0;
        return pick(['(?=', '(?!']) + disjunction() + ')' + (quantified ? pick(QUANTIFIERS) : '');
    }
    if (kind === 3) return pick(['(?<=', '(?<!']) + disjunction() + ')';
    if (kind === 4 && names.length) return '\\k<' + pick(names) + '>';
    return atom() + (random(3) ? '' : pick(QUANTIFIERS) + pick(['', '', '?']));
}
function alternative() {
    let text = '';
    for (let i = random(4); i > 0; i--) text += term();
    return text;
}
function disjunction() {
    depth++;
    let text = alternative();
    for (let i = pick([0, 0, 0, 1, 1, 2, 5]); i > 0; i--) text += '|' + alternative();
    depth--;
    return text;
}

// ---- subjects ----

const PIECES = ['a', 'a', 'b', 'b', 'c', 'ab', 'abc', 'A', 'B', '1', '_', ' ', '-', 'k', 's', 'K', 'S', '\n'];
const WIDE_PIECES = ['é', 'É', 'ß', 'ſ', '\u212a', 'µ', 'μ', 'σ', 'ς', 'Σ', 'ÿ', 'Ÿ', 'å', '\u212b', '\u1e9e',
    '\u{1f600}', '\u{10400}', '\u{10428}', '\ud83d', '\ude00', '\r', '\u2028', 'ǆ', 'ǅ', '1\ufe0f\u20e3',
    '\u{1f1e9}\u{1f1ea}', 'в', 'ᲀ'];
function subject() {
    let text = '';
    const wide = random(2);
    for (let i = random(HOST === 'own' && random(3) === 0 ? 500 : 10); i > 0; i--) text += wide && random(3) === 0 ? pick(WIDE_PIECES) : pick(PIECES);
    return text;
}

// ---- both engines ----

/* V8 moves its search by code units even under u and v, and so may find an empty match inside a pair. */
function beginsInPair({ subject, flags }, answer) {
    const at = parseInt(answer);
    return /[uv]/.test(flags) && /^[\ud800-\udbff][\udc00-\udfff]$/.test(subject.slice(at - 1, at + 1));
}

const tests = [];
for (let i = 0; i < Number(casesText); i++) {
    mode = pick(has.sets ? ['', '', 'u', 'v'] : ['', 'u']);
    depth = groups = 0;
    names = [];
    let flags = mode;
    for (const f of 'ims') if (random(3) === 0) flags += f;
    if (random(10) === 0) flags += 'y';
    const pattern = disjunction();
    for (let k = 0; k < 3; k++) {
        const text = subject();
        tests.push({ pattern, flags, subject: text, start: random(3) === 0 ? random(text.length + 1) : 0 });
    }
}
const answers = toolAnswers(tests, toolOptions);
const hosts = hostAnswers(tests);
const seen = { match: 0, null: 0, error: 0, limit: 0, died: 0 };
let differences = 0;
tests.forEach((test, i) => {
    const host = hosts[i], ours = answers[i];
    const isLimit = [ours, host].some(a => a === 'memory' || a === 'interrupted'), died = host === 'host died';
    if (isLimit) seen.limit++;
    else if (died) seen.died++;
    else seen[host === 'null' || host === 'error' ? host : 'match']++;
    if (ours === host || isLimit || died || beginsInPair(test, host)) return;
    if (differences++ < Number(process.env.SHOW ?? 20))
        console.log(JSON.stringify(test), `ours: ${answers[i]} host: ${host}`);
});
console.log(`seed ${seedText}: ${tests.length} cases, ${JSON.stringify(seen)}, ${differences} differences`);
if (differences) process.exitCode = 1;
