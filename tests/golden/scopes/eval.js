// What eval sees stays as it is.
function seen(a) {
    const forced = { x: a }
    return eval("forced")
}
