// Object.prototype keeps its prototype, whatever it would get (ECMA-262 10.4.7).
print(Reflect.setPrototypeOf(Object.prototype, Object.create(null)));     // => false
print(Reflect.setPrototypeOf(Object.prototype, null));                    // => true
Object.prototype.__proto__ = Object.create(null);
// !! TypeError: Immutable prototype object 'Object.prototype' cannot have their prototype set
