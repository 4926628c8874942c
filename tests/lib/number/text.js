// Numbers to text and back.
print((255).toString(16), (-0.5).toString(2), (1e21).toString(32), (0.1).toString(3).slice(0, 12), (-255).toString(36));
// => ff -0.1 r3biddonfa0000 0.0022002200 -73
print((1.005).toFixed(2), (1e21).toFixed(2), (-1.5).toFixed(0), (0.000001).toFixed(7), (123.456).toPrecision(4), (0).toPrecision(3));
// => 1.00 1e+21 -2 0.0000010 123.5 0.00
print((12345.6789).toExponential(2), (0).toExponential(), (1e-7).toString(), (123456789012345680000).toString(), NaN.toFixed(2));
// => 1.23e+4 0e+0 1e-7 123456789012345680000 NaN
print((1234567.8915).toLocaleString(), (1e21).toLocaleString(), (-0.0004).toLocaleString(), (999.9996).toLocaleString(), (12345678901234567890n).toLocaleString());
// => 1,234,567.892 1,000,000,000,000,000,000,000 -0 1,000 12,345,678,901,234,567,890
print(parseInt("0x1f"), parseInt("  -12px"), parseInt("z", 36), parseInt("1e21"), parseInt(1e21), parseInt("0b1"), parseInt("9", 8), parseInt(null, 36));
// => 31 -12 35 1 1 0 NaN 1112745
print(parseFloat(" 3.5e2x"), parseFloat(".5."), parseFloat("-Infinityx"), parseFloat("e5"), Number("0x1f"), Number(" 12 "), Number("1_0"), Number(""));
// => 350 0.5 -Infinity NaN 31 12 NaN 0
print(Number(10n ** 20n), Number.isSafeInteger(2 ** 53), Number.parseInt === parseInt, Number.MIN_VALUE > 0);     // => 100000000000000000000 false true true
(1).toString(37);           // !! RangeError: toString() radix must be between 2 and 36
