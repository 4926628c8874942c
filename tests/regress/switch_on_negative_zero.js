// The table of a switch over integers finds case 0 for -0, and integers that come as doubles.
function name(x) {
    switch (x) {
    case 0: return "zero"
    case 1: return "one"
    case 2: return "two"
    case 3: return "three"
    case 5: return "five"
    default: return "other"
    }
}

const values = [-0, 0, 1, Math.sqrt(4), 2.5, 9 / 3, 4, Math.sqrt(25), 2 ** 33, NaN, -1, "1", undefined]
let said = ""
for (let turn = 0; turn < 200; turn++) said = values.map(name).join(" ")
print(said)     // expect: zero zero one two other three other five other other other other other
