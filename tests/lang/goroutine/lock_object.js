// Locks and their kin where nothing waits.
function t(f) { try { print(f()); } catch (e) { print(String(e)); } }
const l = new Lock();
print(l, l.lock() === l, l.is_locked_by_current(), l.lock() === l, l.tryLock(), l.try_lock_for(5), l.locked, l);
// => Lock { <locked> } true true true true true true Lock { <locked> }
for (let i = 0; i < 4; i++) l.unlock();
t(() => l.unlock());                                         // => Error: unlock of unlocked Lock
print(l.locked, runtime.lock.create());                      // => false Lock { <free> }
const rw = new RWLock();
rw.readLock(); rw.readLock();
print(rw.tryWriteLock(), rw.tryReadLock(), rw);              // => false true RWLock { <3 reading> }
rw.readUnlock(); rw.readUnlock(); rw.readUnlock();
t(() => rw.readUnlock());                                    // => Error: readUnlock of an RWLock that nobody reads
rw.writeLock();
t(() => rw.writeLock());                                     // => Error: this goroutine holds the RWLock for writing already
t(() => rw.readLock());                                      // => Error: this goroutine holds the RWLock for writing already
print(rw.tryReadLock(), rw.tryWriteLockFor(5), rw);          // => false false RWLock { <writing> }
rw.writeUnlock();
t(() => rw.writeUnlock());                                   // => Error: writeUnlock of an RWLock that this goroutine does not write
rw.readLock();
rw[Symbol.dispose]();
t(() => rw[Symbol.dispose]());                               // => Error: unlock of unlocked RWLock
const wg = new WaitGroup();
wg.wait();
wg.add(2);
wg.done();
print(wg.count, wg);                                         // => 1 WaitGroup { <1 to wait for> }
wg.done();
wg.wait();
t(() => wg.done());                                          // => RangeError: negative WaitGroup counter
t(() => wg.add(-1));                                         // => RangeError: negative WaitGroup counter
t(() => wg.add(1.5));                                        // => RangeError: Invalid count: 1.5
t(() => wg.add("x"));                                        // => RangeError: Invalid count: NaN
t(() => { for (let i = 0; i < 3; i++) wg.add(2147483647); });
// => RangeError: WaitGroup counter is too large
let n = 0;
const once = new Once();
print(once, once.do(() => ++n), once.do(() => ++n), n, once); // => Once { <run> } 1 1 1 Once { <run> }
t(() => once.do(1));                                         // => TypeError: 1 is not a function
const failing = new Once();
t(() => failing.do(() => { throw new Error("first"); }));    // => Error: first
t(() => failing.do(() => 1));                                // => undefined
const s = new Semaphore(2);
s.acquire(); s.acquire();
print(s.tryAcquire(), s.available, s.tryAcquireFor(-1), s.tryAcquireFor(NaN)); // => false 0 false false
s.release();
print(s.tryAcquire(2), s.tryAcquire(), s);                   // => false true Semaphore { <0 free> }
s.release(2);
t(() => s.acquire(0));                                       // => RangeError: Invalid count: 0
t(() => s.acquire(1.5));                                     // => RangeError: Invalid count: 1.5
t(() => s.release(2 ** 32 - 1));                             // => RangeError: Semaphore has too many permits
t(() => s.release(2 ** 33));                                 // => RangeError: Invalid count: 8589934592
t(() => new Semaphore(-1));                                  // => RangeError: Invalid count: -1
t(() => Lock());                                             // => TypeError: Constructor Lock requires 'new'
t(() => Lock.prototype.lock.call(rw));                       // => TypeError: #<RWLock> is not a Lock
t(() => WaitGroup.prototype.wait.call(l));                   // => TypeError: #<Lock> is not a WaitGroup
t(() => Once.prototype.do.call(l, () => 1));                 // => TypeError: #<Lock> is not a Once
class Named extends Lock { constructor(name) { super(); this.name = name; } }
print(new Named("a"));                                       // => Named [Lock] { <free>, name: 'a' }
t(() => structuredClone(l));                                 // => DataCloneError: #<Lock> could not be cloned.
