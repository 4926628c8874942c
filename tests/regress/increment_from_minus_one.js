// An int32 that went from -1 to 0 must be the zero that others compare equal to.
let x = -1;
x++;
if (x !== 0) throw new Error("-1 + 1 is not 0");
if ([0].indexOf(x) !== 0) throw new Error("not found");
