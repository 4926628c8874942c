// Math and BigInt where they are easily got wrong.
print(Math.round(-0.5), Object.is(Math.round(-0.2), -0), Math.round(0.49999999999999994), Math.round(2.5), Math.round(-2.5), Math.round(2 ** 52 + 1));
// => -0 true 0 3 -2 4503599627370497
print(Math.max(), Math.min(), Object.is(Math.max(-0, 0), 0), Object.is(Math.min(0, -0), -0), Math.max(NaN, 1), Math.max(1, "3", 2));
// => -Infinity Infinity true true NaN 3
print(Math.hypot(), Math.hypot(3, 4), Math.hypot(NaN, Infinity), Math.hypot(1e200, 1e200), Math.hypot(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
// => 0 5 Infinity 1.414213562373095e+200 19.621416870348586
print(Math.fround(5.5), Math.fround(1e40), Math.f16round(1.00048828125), Math.f16round(65520), Math.clz32(0), Math.imul(0xffffffff, 5));
// => 5.5 Infinity 1 Infinity 32 -5
print(Math.sumPrecise([1e308, 1e308, -1e308, -1e308, 0.1, 0.2]), Object.is(Math.sumPrecise([]), -0), Math.sumPrecise([1e-320, 1e-320]), Math.sumPrecise([2 ** 53, 1, 1]));
// => 0.30000000000000004 true 2e-320 9007199254740994
print(Math.sign(-3), Math.cbrt(27), Math.trunc(-4.7), Math.log2(8), Math.expm1(1e-10), Math.pow(1, NaN), (-8) ** (1 / 3));
// => -1 3 -4 3 1.00000000005e-10 NaN NaN
const drawn = new Set(Array.from({ length: 1000 }, Math.random));
print(drawn.size, [...drawn].every((x) => x >= 0 && x < 1));    // => 1000 true
print(BigInt.asIntN(8, 255n), BigInt.asUintN(64, -1n), BigInt("0xff"), BigInt(" 12 "), BigInt(2 ** 70), (-255n).toString(16), BigInt(true));
// => -1n 18446744073709551615n 255n 12n 1180591620717411303424n -ff 1n
Math.sumPrecise([1, "2"]);      // !! TypeError: "2" is not a number
