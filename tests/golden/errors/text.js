a = '
b = 3in;
c = 1__0;
d = 0x;
€;
e = '\xZZ';
f = /(/;
\u0069f (g) h;
i = `
