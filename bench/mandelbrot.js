// Doubles in local variables: points of a square that stay near 0.
function mandelbrot(size, most) {
    let inside = 0, steps = 0;
    for (let row = 0; row < size; row++) {
        const ci = 2 * row / size - 1;
        for (let column = 0; column < size; column++) {
            const cr = 2 * column / size - 1.5;
            let zr = 0, zi = 0, rr = 0, ii = 0, i = 0;
            while (i < most && rr + ii <= 4) {
                zi = 2 * zr * zi + ci;
                zr = rr - ii + cr;
                rr = zr * zr;
                ii = zi * zi;
                i++;
            }
            steps += i;
            if (i === most) inside++;
        }
    }
    return inside + " " + steps;
}
print(mandelbrot(600, 60));
