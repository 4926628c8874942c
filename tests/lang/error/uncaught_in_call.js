// An uncaught error names the place it was thrown from and the places it came through.
function inner(x) {
    return x.y.z;
}
print("before");                    // => before
inner({});                          // !! TypeError: Cannot read properties of undefined (reading 'z')
print("never");
