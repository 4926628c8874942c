// What is thrown need not be an error: it is shown as console.log shows it.
process.on("exit", (code) => print("exit", code));
// => exit 1
// !! { a: 1, b: { c: [ Symbol(s) ] } }
throw { a: 1, b: { c: [Symbol("s")] } };
