let a: number, b: string[] = [], c: [number, string], d: Array<Map<string, number>>, e: A.B.C<D>
let f: (a: number, b?: string, ...c: any[]) => void, g: new () => X, h: abstract new <T>(x: T) => T
let i: { a: number; b?: string, readonly c: T; [k: string]: any; m(): void; new (): X; (): Y; get d(): T; set d(v) }
let j: A | B & C, k: keyof T, l: readonly T[], m: unique symbol, n: T[K]['x'], o: typeof a.b, p: typeof import('q')
let q: T extends U ? X : Y, r: T extends (infer V extends W)[] ? V : never, s: { readonly [K in keyof T as `x${K}`]?: T[K] }
let t: 'a' | 1 | -1 | 1n | true | null | undefined | void | this, u: `a${string}b`, v: import('w').X<Y>
let w: [a: number, b?: string, ...c: T[]], x: (A), y: () => x is T, z!: T
function fn<T extends U = V, const W>(this: T, a?: number, b: T = c): asserts a is string { return a as any }
const x1 = <T>y, x2 = y as const, x3 = y satisfies T, x4 = y!.z!, x5 = <T,>(a: T): T => a, x6 = async <T>(a: T) => a
const y1 = f<T>(x), y2 = new X<T>(), y3 = tag<T>`a`, y4 = a < b, y5 = f<T>, y6 = a?.b<T>(c)
const z1 = a ? (b): c => d : e, z2 = a ? (b) : c => d, z3 = (a?: T, { b }: U, ...c: V[]) => a
