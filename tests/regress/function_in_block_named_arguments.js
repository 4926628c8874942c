// Annex B.3.2 makes no variable of a function in a block that has the name of the object of arguments.
(function () {
    {
        function arguments() {}
        print(typeof arguments);                    // => function
    }
    print(typeof arguments, arguments.length);      // => object 2
}(1, 2));
(function (a = 1) {
    { function arguments() {} }
    print(typeof arguments);                        // => object
}());
(function () {
    var arguments;
    { function arguments() {} }
    print(typeof arguments);                        // => object
}());
(function () {
    function arguments() { return 1; }
    { function arguments() { return 2; } }
    print(arguments());                             // => 2
}());
(() => {
    { function arguments() { return 3; } }
    print(arguments());                             // => 3
})();
