//! options: --test262
// Cleanups run as later jobs, once each, with what was registered; a token takes a registration back.
const done = [];
const registry = new FinalizationRegistry(h => { done.push(h); });
const token = {};
let ref;
(function make() {
    for (let i = 0; i < 20; i++) registry.register({ i }, "target " + i);
    registry.register({}, "never", token);
    ref = new WeakRef({});
})();
print(registry.unregister(token) + " " + registry.unregister(token));   // => true false
function clear(n) { const a = [n, n, n, n, n, n]; return n ? clear(n - 1) + a.length : 0; }
const alive = {};
registry.register(alive, "alive");
try { registry.register(token, token); } catch (e) { print(e.name); }   // => TypeError
try { registry.register({}, 1, 1); } catch (e) { print(e.name); }       // => TypeError
try { registry.unregister(1); } catch (e) { print(e.name); }            // => TypeError
Promise.resolve().then(() => {
    clear(50);
    $262.gc();
    print(done.length);                         // => 0
}).then(() => 0).then(() => 0).then(() => {
    clear(50);
    $262.gc();
}).then(() => 0).then(() => 0).then(() => {
    print(done.length > 15 && !done.includes("never") && !done.includes("alive") && new Set(done).size === done.length);    // => true
    print(typeof alive);                        // => object
});
