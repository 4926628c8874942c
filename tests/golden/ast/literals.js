null; true; false; this;
1; 0x10; 0b1; 0o7; 017; 1e3; .5; 1_000;
10n; 0xFFn;
'a\n\u{1F600}'; "b"; '\07';
/a[/]/gi; /\u{61}/u;
`plain`; `a${1}b${x}c`; tag`\unicode ${2}`;
[]; [1, , ...a, ]; ({});
({ a, b: 1, 'c': 2, 3: 4, 5n: 6, [d]: 7, e() {}, get f() { return 1 }, set f(v) {}, async g() {}, *h() {}, async *i() {}, ...j, __proto__: k });
