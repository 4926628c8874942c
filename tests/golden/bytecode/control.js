function f(list, n) {
    try {
        for (const v of list) { if (v === n) return v; else continue }
    } catch (e) { throw e } finally { n-- }
    switch (n) { case 1: case 2: return "small"; case 3: break; default: return `n is ${n}` }
    return n?.x ?? (n && list[0])
}
