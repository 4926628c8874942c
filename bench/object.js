// Making objects and letting them go: literals, constructors, and a tree that lives a while.
function tree(depth) {
    return depth === 0 ? { left: null, right: null } : { left: tree(depth - 1), right: tree(depth - 1) };
}
function count(node) {
    return node.left === null ? 1 : 1 + count(node.left) + count(node.right);
}
let nodes = 0;
const kept = tree(14);
for (let i = 0; i < 60; i++) nodes += count(tree(12));
print(nodes + count(kept));
