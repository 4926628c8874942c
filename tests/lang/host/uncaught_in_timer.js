// So does an exception in a timer: nothing behind it runs.
process.on("exit", (code) => print("exit", code));
setTimeout(() => print("first"), 1);
setTimeout(() => {
    Promise.resolve().then(() => print("never"));
    null.x;  // !! TypeError: Cannot read properties of null (reading 'x')
}, 1);
setTimeout(() => print("never"), 1);
// => first
// => exit 1
