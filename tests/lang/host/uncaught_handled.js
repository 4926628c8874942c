// process.on('uncaughtException') and process.on('unhandledRejection') keep a program going.
process.on("uncaughtException", (e, origin) => print("uncaught", e, origin));
process.on("unhandledRejection", (reason, promise) => print("rejection", reason, promise));
Promise.reject(1);
Promise.reject(2).catch((e) => print("caught", e));
const late = Promise.reject(3);
function last() {
    late.catch((e) => print("too late", e));
    setTimeout(() => print("still here"), 1);
}
setImmediate(() => {
    setTimeout(() => { setTimeout(last, 1); throw "timer"; }, 1);
    throw "immediate";
});
process.nextTick(() => { throw "tick"; });
queueMicrotask(() => { throw "micro"; });
(async () => { throw "async"; })();
// => uncaught tick uncaughtException
// => caught 2
// => uncaught micro uncaughtException
// => rejection 1 Promise { <rejected> 1 }
// => rejection 3 Promise { <rejected> 3 }
// => rejection async Promise { <rejected> 'async' }
// => uncaught immediate uncaughtException
// => uncaught timer uncaughtException
// => too late 3
// => still here
