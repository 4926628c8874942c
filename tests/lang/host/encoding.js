// TextEncoder, TextDecoder, atob and btoa.
const encoder = new TextEncoder(), decoder = new TextDecoder();
console.log(encoder.encoding, decoder.encoding, decoder.fatal, decoder.ignoreBOM, Object.prototype.toString.call(encoder));
// => utf-8 utf-8 false false [object TextEncoder]
console.log(encoder.encode("aé€😀"), encoder.encode(), encoder.encode("\ud800x"), encoder.encode(12));
// => Uint8Array(10) [
// =>    97, 195, 169, 226,
// =>   130, 172, 240, 159,
// =>   152, 128
// => ] Uint8Array(0) [] Uint8Array(4) [ 239, 191, 189, 120 ] Uint8Array(2) [ 49, 50 ]
console.log(encoder.encodeInto("aé€😀", new Uint8Array(5)), encoder.encodeInto("😀", new Uint8Array(3)));
// => { read: 2, written: 3 } { read: 0, written: 0 }
console.log(decoder.decode(encoder.encode("aé€😀")), JSON.stringify(decoder.decode()), decoder.decode(new ArrayBuffer(2)).length);
// => aé€😀 "" 2
console.log(JSON.stringify(decoder.decode(new Uint8Array([0xef, 0xbb, 0xbf, 65]))), JSON.stringify(new TextDecoder("utf8", { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 65]))));
// => "A" "﻿A"
console.log(decoder.decode(new Uint8Array([0xff, 65, 0xe2, 0x82, 66, 0xf0, 0x9f, 0x98, 0xc0, 0x80, 0xed, 0xa0, 0x80])));
// => �A�B������
console.log(decoder.decode(new DataView(new Uint8Array([1, 104, 105, 2]).buffer, 1, 2)), decoder.decode(new Uint16Array([0x6968])));
// => hi hi
const bytes = encoder.encode("x€😀y");
let text = "";
for (const b of bytes) text += decoder.decode(new Uint8Array([b]), { stream: true }) + "|";
console.log(text + decoder.decode());
// => x|||€||||😀|y|
console.log(decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + ";" + decoder.decode(new Uint8Array([65])));
// => ;�A
const fatal = new TextDecoder("UTF-8", { fatal: true });
try { fatal.decode(new Uint8Array([0xc3])); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(fatal.decode(new Uint8Array([0xc3, 0xa9])));
// => TypeError ERR_ENCODING_INVALID_ENCODED_DATA The encoded data was not valid for encoding utf-8
// => é
console.log(new TextDecoder("utf-16le").decode(new Uint8Array([0x61, 0, 0x3d, 0xd8, 0, 0xde])), new TextDecoder(" UTF-16LE ").encoding);
// => a😀 utf-16le
try { new TextDecoder("nonsense"); } catch (e) { console.log(e.name, e.code, e.message); }
try { decoder.decode(5); } catch (e) { console.log(e.name, e.code); }
try { TextEncoder(); } catch (e) { console.log(e.name, e.message); }
console.log(btoa(""), btoa("a"), btoa("ab"), btoa("abc"), btoa("\xff\x00\x80"), btoa(null), btoa(12.5));
// => RangeError ERR_ENCODING_NOT_SUPPORTED The "nonsense" encoding is not supported
// => TypeError ERR_INVALID_ARG_TYPE
// => TypeError Class constructor TextEncoder cannot be invoked without 'new'
// =>  YQ== YWI= YWJj /wCA bnVsbA== MTIuNQ==
console.log([atob(""), atob("YQ=="), atob("YWI="), atob("YWJj"), atob(" Y W\nJ j "), atob("YQ"), atob("YWI"), atob(12)]);
// => [
// =>   '',    'a',   'ab',
// =>   'abc', 'abc', 'a',
// =>   'ab',  '×'
// => ]
for (const bad of ["a", "abc=d", "YQ=", "Y===", "====", "Y\u00e9==", "=", "YWJj="]) try { atob(bad); console.log("accepted", bad); } catch (e) { console.log(e.name, e.code); }
try { btoa("\u0100"); } catch (e) { console.log(e.name, e.code, e.message); }
const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
// => InvalidCharacterError 5
// => InvalidCharacterError 5
// => InvalidCharacterError 5
// => InvalidCharacterError 5
// => InvalidCharacterError 5
// => InvalidCharacterError 5
// => InvalidCharacterError 5
// => InvalidCharacterError 5
// => InvalidCharacterError 5 Invalid character
console.log(atob(btoa(all)) === all, btoa(all).length);
// => true 344
