// Dates: fields, setters, texts. Times of day are asked in UTC, so that the zone of the machine does not matter.
const d = new Date(Date.UTC(2020, 1, 29, 13, 4, 5, 6));
print(d.toISOString(), d.toUTCString(), JSON.stringify(d), d.getUTCDay());     // => 2020-02-29T13:04:05.006Z Sat, 29 Feb 2020 13:04:05 GMT "2020-02-29T13:04:05.006Z" 6
d.setUTCFullYear(2021);
print(d.toISOString(), d.setUTCMonth(0, 31), d.setUTCHours(25, 61, 61, 1001), d.toISOString());
// => 2021-03-01T13:04:05.006Z 1612098245006 1612144922001 2021-02-01T02:02:02.001Z
const local = new Date(2020, 5, 15, 13, 4, 5);
print(local.toLocaleString(), local.toLocaleDateString(), local.toLocaleTimeString(), local.toDateString());
// => 6/15/2020, 1:04:05 PM 6/15/2020 1:04:05 PM Mon Jun 15 2020
print(String(new Date(NaN)), new Date(NaN).getTime(), new Date(8.64e15 + 1).getTime(), new Date(8.64e15).toISOString(), new Date(-1).toISOString());
// => Invalid Date NaN NaN +275760-09-13T00:00:00.000Z 1969-12-31T23:59:59.999Z
print(Date.parse("2020-01-02"), Date.parse("2020-01-02T03:04:05.678Z"), Date.parse("2020-01-02T03:04+01:00"), Date.parse("Thu, 02 Jan 2020 03:04:05 GMT"), Date.parse("x"));
// => 1577923200000 1577934245678 1577930640000 1577934245000 NaN
print(new Date(2019, 0).getYear(), new Date(99, 0).getFullYear(), typeof Date(), Date.length, new Date(0) - new Date(-5), new Date(0)[Symbol.toPrimitive]("number"));
// => 119 1999 string 7 5 0
const t = new Date(0);
print(t.setHours({ valueOf() { t.setTime(NaN); return 1; } }) === t.getTime(), Number.isNaN(t.setYear("x")));  // => true true
new Date(NaN).toISOString();    // !! RangeError: Invalid time value
