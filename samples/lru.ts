// A cache that forgets what was used least recently: a Map keeps its keys in order of insertion, so the first is the
// oldest.

class LruCache<K, V> {
    readonly #entries = new Map<K, V>();
    hits = 0;
    misses = 0;

    constructor(readonly capacity: number, private readonly dropped?: (key: K, value: V) => void) {
        if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`a cache of ${capacity} entries`);
    }

    get(key: K): V | undefined {
        if (!this.#entries.has(key)) {
            this.misses++;
            return undefined;
        }
        this.hits++;
        const value = this.#entries.get(key)!;
        this.#entries.delete(key);
        this.#entries.set(key, value);
        return value;
    }

    set(key: K, value: V): this {
        this.#entries.delete(key);
        this.#entries.set(key, value);
        if (this.#entries.size > this.capacity) {
            const [oldest, old] = this.#entries.entries().next().value as [K, V];
            this.#entries.delete(oldest);
            this.dropped?.(oldest, old);
        }
        return this;
    }

    get size(): number { return this.#entries.size; }
    *[Symbol.iterator](): IterableIterator<[K, V]> { yield* this.#entries; }
}

function memoize<A, R>(f: (argument: A) => R, capacity: number): (argument: A) => R {
    const known = new LruCache<A, { result: R }>(capacity);
    return argument => {
        let entry = known.get(argument);
        if (!entry) known.set(argument, entry = { result: f(argument) });
        return entry.result;
    };
}

const cache = new LruCache<string, number>(3, (key, value) => console.log(`dropped ${key} = ${value}`));
cache.set("a", 1).set("b", 2).set("c", 3);
cache.get("a");
cache.set("d", 4).set("e", 5);
console.log([...cache], cache.size, cache.get("b"), `${cache.hits} hits, ${cache.misses} misses`);

let calls = 0;
const fibonacci: (n: number) => bigint =
    memoize(n => (calls++, n < 2 ? BigInt(n) : fibonacci(n - 1) + fibonacci(n - 2)), 50);
console.log(fibonacci(90), `${calls} calls`);

try {
    new LruCache(0);
} catch (error) {
    console.log(`${error}`);
}
