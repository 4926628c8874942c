// Binary trees: one that stays, and many of several depths that are built, counted and dropped.
function build(depth) {
    return depth === 0 ? { left: null, right: null } : { left: build(depth - 1), right: build(depth - 1) };
}
function count(node) {
    return node.left === null ? 1 : 1 + count(node.left) + count(node.right);
}
const most = 16;
print(count(build(most + 1)));
const kept = build(most);
for (let depth = 4; depth <= most; depth += 4) {
    const rounds = 1 << (most - depth + 4);
    let nodes = 0;
    for (let i = 0; i < rounds; i++) nodes += count(build(depth));
    print(rounds, depth, nodes);
}
print(count(kept));
