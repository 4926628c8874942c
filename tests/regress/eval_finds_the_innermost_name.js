// A direct eval was given names innermost first and looked through them from the other end.
{
    let x = 1;
    { let x = 2; print(eval("x")); }            // => 2
    try { eval("var x"); } catch (e) { print(e.name); }         // => SyntaxError
    try { (function (a = eval("var a")) {})(); } catch (e) { print(e.name); }   // => SyntaxError
}
