// What is taken apart into variables, and what stays an object.
function apart(a: number) {
    const p = { x: a, y: 2 }
    let list = [a, p.x] as const
    p.y += list[1] * list.length
    return p.y
}
function whole(a: number) {
    const returned = { x: a }, called = { f: () => a }, captured = { x: 1 }, other = { x: 1 }, rest = [a, ...[1]]
    var plain = { x: 1 }
    let assigned = { x: 1 }
    assigned = { x: 2 }
    called.f()
    return [returned, () => captured.x, (other as any).z, rest[0], plain.x, assigned.x]
}
