let a: = 1;
let b: Array<string;
interface { }
enum E { [a] = 1 }
let c = x as ;
function f(a: number { }
type T = { a: }
