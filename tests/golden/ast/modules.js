import 'a'
import b from 'a'
import * as c from 'a'
import d, { e, f as g, default as h, 'i j' as k } from 'a'
import l, * as m from 'a' with { type: 'json', 'n': 'o' }
import defer * as p from 'a'
import source q from 'a'
export { e, f2 as g, h as default, h as 'x y' }
export { r, default as s } from 'a'
export * from 'a'
export * as t from 'a' with { u: 'v' }
export let v = 1
export function f2() { }
export class w { }
export default class { }
import.meta.url
await x
for await (const y of z) ;
