a
b
let x = "ÿ";
