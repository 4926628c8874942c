// A String object as prototype has elements only if it has characters; holes of arrays look through to them.
String.prototype.length;                                 // a load that makes it known as a prototype
const sparse = [1, 2, , 4];
console.log(sparse[2], [, , ,][1]);                      // => undefined undefined
Object.setPrototypeOf(sparse, new String("hey"));
console.log(sparse[2]);                                  // => y
sparse[2] = 3;                                           // refused: the inherited one is read-only
console.log(sparse[2]);                                  // => y
