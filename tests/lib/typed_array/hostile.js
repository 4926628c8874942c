// Typed arrays over buffers that shrink, grow and vanish while somebody works on them.
const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
const tracking = new Uint8Array(buffer), fixed = new Uint8Array(buffer, 4, 4), words = new Uint16Array(buffer, 2);
tracking.set([1, 2, 3, 4, 5, 6, 7, 8]);
buffer.resize(6);
print(tracking.length, fixed.length, fixed.byteOffset, words.length);              // => 6 0 0 2
try { fixed.fill(0); } catch (e) { print(e.name); }                                // => TypeError
buffer.resize(16);
print(tracking.join(), fixed.length);                                              // => 1,2,3,4,5,6,0,0,0,0,0,0,0,0,0,0 4
tracking.fill(9, { valueOf() { buffer.resize(4); return 0; } });
print(tracking.join());                                                            // => 9,9,9,9
print(tracking.map((v, i) => { if (i === 0) buffer.resize(2); return v; }).join());        // => 9,9,0,0
print(tracking.includes(undefined), tracking.at(-1));                              // => false 9

// Writing out of bounds, to names that look like numbers, and through a subclass.
tracking[100] = 1; tracking["-0"] = 1; tracking["1.5"] = 1;
print(Object.keys(tracking).join(), "100" in tracking, tracking["-0"], Reflect.set(tracking, 100, 1));    // => 0,1 false undefined true
try { Object.defineProperty(tracking, 0, { value: 1, configurable: false }); } catch (e) { print(e.name); }     // => TypeError
try { Object.freeze(new Uint8Array(1)); } catch (e) { print(e.name); }             // => TypeError

// A detached buffer reads as nothing and refuses methods.
const moved = new Float64Array([1.5, 2.5]), target = moved.buffer.transfer(8);
print(moved.length, moved[0], moved.buffer.detached, new Float64Array(target)[0]);         // => 0 undefined true 1.5
for (const f of [() => moved.sort(), () => moved[Symbol.iterator]().next(), () => new DataView(moved.buffer), () => moved.at(0)])
    try { f(); print("no"); } catch (e) { print(e.name); }
// => TypeError
// => TypeError
// => TypeError
// => TypeError
moved[0] = { valueOf() { print("converted"); return 1; } };                        // => converted

// Conversions.
print(new Uint8ClampedArray([-1, 0.5, 1.5, 300, NaN]).join());                     // => 0,0,2,255,0
print(new Int8Array([128, -129, 1e20, "0x10"]).join());                            // => -128,127,0,16
print(new Float16Array([65504, 65520, 6e-8, 1.0009765625]).join());                // => 65504,Infinity,5.960464477539063e-8,1.0009765625
print(new BigInt64Array([2n ** 63n, -1n]).join(), new BigUint64Array([-1n])[0]);   // => -9223372036854775808,-1 18446744073709551615n
try { new BigInt64Array([1]); } catch (e) { print(e.name); }                       // => TypeError
try { new Uint8Array([1n]); } catch (e) { print(e.name); }                         // => TypeError
try { new Uint8Array(2 ** 53); } catch (e) { print(e.name); }                      // => RangeError
try { new Uint16Array(new ArrayBuffer(3)); } catch (e) { print(e.name); }          // => RangeError

// One buffer, two views: overlapping copies, also between types.
const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), pairs = new Uint16Array(bytes.buffer, 0, 2);
bytes.set(bytes.subarray(0, 6), 2);
print(bytes.join(), bytes.copyWithin(0, 2).join());                                // => 1,2,1,2,3,4,5,6 1,2,3,4,5,6,5,6
pairs.set(bytes.subarray(0, 2));
print(bytes.join());                                                               // => 1,0,2,0,5,6,5,6
print(new Float32Array([3, NaN, -0, 0, -1]).sort().join(), Object.is(new Float32Array([0, -0]).sort()[0], -0));   // => -1,0,0,3,NaN true
print(Uint8Array.of(3, 1, 2).toSorted((a, b) => b - a).join());                    // => 3,2,1

// Text.
print(new Uint8Array([255, 254, 0]).toBase64(), new Uint8Array([255, 254]).toBase64({ alphabet: "base64url", omitPadding: true }));   // => //4A __4
print(Uint8Array.fromBase64(" / /4 A ").join(), Uint8Array.fromHex("0aFF").toHex());       // => 255,254,0 0aff
try { Uint8Array.fromBase64("AA=A"); } catch (e) { print(e.name); }                // => SyntaxError
const four = new Uint8Array(4);
print(JSON.stringify(four.setFromBase64("AQIDBAUG")), four.join());                // => {"read":4,"written":3} 1,2,3,0

const shared = new SharedArrayBuffer(4, { maxByteLength: 8 }), cell = new Int32Array(shared);
shared.grow(8);
print(cell.length, Atomics.add(cell, 1, 5), Atomics.compareExchange(cell, 1, 5, 7), Atomics.load(cell, 1));      // => 2 0 5 7
print(Atomics.wait(cell, 0, 1), Atomics.wait(cell, 0, 0, 1), Atomics.notify(cell, 0));     // => not-equal timed-out 0
try { shared.grow(4); } catch (e) { print(e.name); }                               // => RangeError
const view = new DataView(new ArrayBuffer(17), 1);
view.setFloat64(0, Math.PI); view.setBigInt64(8, -2n, true);
print(view.getFloat64(0), view.getBigInt64(8, true), view.getUint8(0), view.getInt16(0, true));     // => 3.141592653589793 -2n 64 2368
try { view.getInt32(13); } catch (e) { print(e.name); }                            // => RangeError
