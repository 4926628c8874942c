// A rejection that nobody handles ends the program.
process.on("exit", (code) => print("exit", code));
setTimeout(() => print("never"), 1);
process.nextTick(() => print("tick"));
Promise.resolve().then(() => print("micro"));
// => tick
// => micro
// => exit 1
Promise.reject(new RangeError("nobody"));  // !! RangeError: nobody
