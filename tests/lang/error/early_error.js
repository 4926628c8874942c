// An early error is told before anything runs.
print("never");
let a = ;                           // !! SyntaxError: unexpected token `;`; expected an expression
