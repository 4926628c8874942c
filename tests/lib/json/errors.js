// What is wrong with a text, and where.
const texts = ["", "{", "{a}", '{"a"', '{"a" 1}', '{"a":', '{"a":1', '{"a":1,}', "[1", "[1,]", "[1 2]", "tru", "trux",
               '"abc', '"a\nb"', '"\\x"', '"\\u12G4"', "-", "01", "1.", "1e+", ".5", "1 2", "\u20ac", "undefined",
               "[" + "1,".repeat(20) + "x," + "1,".repeat(20)];
for (const text of texts) {
    try {
        JSON.parse(text);
    } catch (e) {
        print(e.name === "SyntaxError" && e.message);
    }
}
// => Unexpected end of JSON input
// => Expected property name or '}' in JSON at position 1
// => Expected property name or '}' in JSON at position 1
// => Expected ':' after property name in JSON at position 4
// => Expected ':' after property name in JSON at position 5
// => Unexpected end of JSON input
// => Expected ',' or '}' after property value in JSON at position 6
// => Expected double-quoted property name in JSON at position 7
// => Expected ',' or ']' after array element in JSON at position 2
// => Unexpected token ']', "[1,]" is not valid JSON
// => Expected ',' or ']' after array element in JSON at position 3
// => Unexpected end of JSON input
// => Unexpected token 'x', "trux" is not valid JSON
// => Unterminated string in JSON at position 4
// => Bad control character in string literal in JSON at position 2
// => Bad escaped character in JSON at position 2
// => Bad Unicode escape in JSON at position 5
// => No number after minus sign in JSON at position 1
// => Unexpected number in JSON at position 1
// => Unterminated fractional number in JSON at position 2
// => Exponent part is missing a number in JSON at position 3
// => Unexpected token '.', ".5" is not valid JSON
// => Unexpected non-whitespace character after JSON at position 2
// => Unexpected token '€', "€" is not valid JSON
// => "undefined" is not valid JSON
// => Unexpected token 'x', ..."1,1,1,1,1,x,1,1,1,1,"... is not valid JSON
