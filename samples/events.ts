// An event emitter with typed events, once-listeners, and listeners that come and go while an event is delivered.

type Listener<A extends unknown[]> = (...args: A) => void;

class Emitter<Events extends Record<string, unknown[]>> {
    private listeners = new Map<keyof Events, Set<Listener<any>>>();

    on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): () => void {
        let set = this.listeners.get(event);
        if (!set) this.listeners.set(event, set = new Set());
        set.add(listener);
        return () => { set!.delete(listener); };
    }

    once<K extends keyof Events>(event: K, listener: Listener<Events[K]>): void {
        const off = this.on(event, (...args: Events[K]) => {
            off();
            listener(...args);
        });
    }

    emit<K extends keyof Events>(event: K, ...args: Events[K]): number {
        const now = [...this.listeners.get(event) ?? []];
        for (const listener of now) {
            try {
                listener(...args);
            } catch (error) {
                console.log(`a listener of ${String(event)} failed: ${(error as Error).message}`);
            }
        }
        return now.length;
    }

    next<K extends keyof Events>(event: K): Promise<Events[K]> {
        return new Promise(resolve => this.once(event, (...args: Events[K]) => resolve(args)));
    }
}

interface Door extends Record<string, unknown[]> {
    open: [who: string];
    close: [who: string, slammed: boolean];
}

const door = new Emitter<Door>();
const stop = door.on("open", who => console.log(`${who} came in`));
door.once("open", who => console.log(`(${who} is the first today)`));
door.on("close", (who, slammed) => {
    if (slammed) throw new Error(`${who} slammed the door`);
    console.log(`${who} left`);
});

console.log(door.emit("open", "Ada"));
console.log(door.emit("open", "Bob"));
door.emit("close", "Ada", false);
door.emit("close", "Bob", true);
stop();
console.log(door.emit("open", "Eve"));

door.next("open").then(([who]) => console.log(`waited for ${who}`));
door.emit("open", "Grace");
console.log("handed over; the promise is told afterwards");
