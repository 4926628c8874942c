// Doubles in properties: planets pull at each other.
class Body {
    constructor(x, y, z, vx, vy, vz, mass) {
        this.x = x; this.y = y; this.z = z;
        this.vx = vx; this.vy = vy; this.vz = vz;
        this.mass = mass;
    }
}
function system() {
    const bodies = [new Body(0, 0, 0, 0, 0, 0, 40)];
    for (let i = 1; i <= 4; i++) {
        const far = i * i + 3;
        bodies.push(new Body(far, i / 8, -i / 16, i / 64, 6 / Math.sqrt(far), 1 / (far * 9), i / 1000));
    }
    return bodies;
}
function pull(a, b, dt) {
    const dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
    const square = dx * dx + dy * dy + dz * dz;
    const force = dt / (square * Math.sqrt(square));
    a.vx -= dx * b.mass * force;
    a.vy -= dy * b.mass * force;
    a.vz -= dz * b.mass * force;
    b.vx += dx * a.mass * force;
    b.vy += dy * a.mass * force;
    b.vz += dz * a.mass * force;
}
function advance(bodies, dt) {
    for (let i = 0; i < bodies.length; i++)
        for (let k = i + 1; k < bodies.length; k++) pull(bodies[i], bodies[k], dt);
    for (const b of bodies) {
        b.x += b.vx * dt;
        b.y += b.vy * dt;
        b.z += b.vz * dt;
    }
}
function energy(bodies) {
    let sum = 0;
    for (const b of bodies) sum += b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz) / 2;
    return sum;
}
const bodies = system();
for (let i = 0; i < 300000; i++) advance(bodies, 0.001);
print(energy(bodies).toFixed(9));
