// process.exit ends the program at once; an exit listener may change the code.
//! status: 5
process.on("exit", (code) => {
    print("exit", code, process.exitCode);
    process.exitCode = 5;
});
setTimeout(() => print("never"), 1);
Promise.resolve().then(() => print("never"));
try {
    print("before");
    process.exit(3);
} finally {
    print("never");
}
// => before
// => exit 3 3
