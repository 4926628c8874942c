type T<U> = U
interface I<T> extends J<T>, K { a: T }
enum E { A, B = 1, 'C' = E.B << 1 }
const enum F { X }
declare const d1: number, d2
declare function d3(): void
declare class d4 { m(): void }
declare module 'x' { export const y: number }
declare global { interface Z { } }
namespace N.M { export const a = 1; function f() { } }
namespace Types { export type T = number }
abstract class C<T> extends B<T> implements I<T>, J {
    private readonly a: T = 1
    declare b: string
    static c?: number
    d!: T
    [key: string]: any
    constructor(public e: number, protected readonly f?: T, g = 1) { super() }
    abstract m(): void
    n(a: string): void
    n(a: any) { }
    get o(): T { return 1 }
    override p?(): void { }
    @dec q(@param r: T) { }
}
function over(a: string): void
function over(a: any) { }
import type { A } from 'a'
import { type B1, C1 } from 'a'
import R = require('r')
import Q = N.M
export import S = N.M
export type { T }
export { E, type I }
export interface X { }
export declare const ex: number
export abstract class AC { }
export default interface DI { }
export as namespace Lib
