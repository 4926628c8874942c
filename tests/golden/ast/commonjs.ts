import fs = require('fs')
class Foo { }
export = Foo
