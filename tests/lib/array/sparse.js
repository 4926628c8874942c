// Wide gaps, lengths without elements, and the way back.
const far = [1];
far[4294967294] = "end";
print(far.length, far[4294967294], Object.keys(far).join());     // => 4294967295 end 0,4294967294
try { far.push("over"); } catch (e) { print(e.name, far[4294967295]); }              // => RangeError over
far.length = 1;
print(far.length, far.push(2), far.join());                      // => 1 2 1,2
const made = new Array(1000000);
made[999999] = 1;
made[0] = 0;
print(made.length, made.indexOf(1), made.filter(() => true).length);                 // => 1000000 999999 2
const powers = [];
for (let i = 0; i < 31; i++) powers[2 ** i] = i;
print(powers.length, Object.keys(powers).length, powers[1024], 1023 in powers);      // => 1073741825 31 10 false
let seen = 0;
powers.slice(0, 5).forEach(() => seen++);
print(seen);                                                     // => 3
const even = [];
for (let i = 0; i < 5000; i += 2) even[i] = i;
print(even.length, even.reduce((s, v) => s + v, 0), even.flat().length);             // => 4999 6247500 2500
print(new Array(3).fill().map((_, i) => i).join(), [...new Array(2)].length, [, ,].length);      // => 0,1,2 2 2
