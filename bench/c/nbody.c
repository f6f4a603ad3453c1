// The twin of bench/programs/nbody.go.
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

// Go computes constants exactly and rounds once; long double is near enough that each of these rounds to the same double.
#define PI 3.14159265358979323846264338327950288L
#define SOLAR_MASS (4 * PI * PI)
#define YEAR 365.24L

enum { BODIES = 5 };

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} body;

static body bodies[BODIES] = {
    {.mass = SOLAR_MASS},
    {4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694L * YEAR,
     0.00769901118419740425L * YEAR, -0.0000690460016972063023L * YEAR, 0.000954791938424326609L * SOLAR_MASS},
    {8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411904L * YEAR,
     0.00499852801234917238L * YEAR, 0.0000230417297573763929L * YEAR, 0.000285885980666130812L * SOLAR_MASS},
    {12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618L * YEAR,
     0.00237847173959480950L * YEAR, -0.0000296589568540237556L * YEAR, 0.0000436624404335156298L * SOLAR_MASS},
    {15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322L * YEAR,
     0.00162824170038242295L * YEAR, -0.0000951592254519715870L * YEAR, 0.0000515138902046611451L * SOLAR_MASS},
};

static double energy(const body *system, int64_t n) {
    double e = 0;
    for (int64_t i = 0; i < n; i++) {
        const body *b = &system[i];
        e += 0.5 * b->mass * (b->vx * b->vx + b->vy * b->vy + b->vz * b->vz);
        for (int64_t j = i + 1; j < n; j++) {
            const body *c = &system[j];
            double dx = b->x - c->x, dy = b->y - c->y, dz = b->z - c->z;
            e -= b->mass * c->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}

static void advance(body *system, int64_t n, double dt) {
    for (int64_t i = 0; i < n; i++) {
        body *b = &system[i];
        for (int64_t j = i + 1; j < n; j++) {
            body *c = &system[j];
            double dx = b->x - c->x, dy = b->y - c->y, dz = b->z - c->z;
            double d2 = dx * dx + dy * dy + dz * dz;
            double mag = dt / (d2 * sqrt(d2));
            b->vx -= dx * c->mass * mag;
            b->vy -= dy * c->mass * mag;
            b->vz -= dz * c->mass * mag;
            c->vx += dx * b->mass * mag;
            c->vy += dy * b->mass * mag;
            c->vz += dz * b->mass * mag;
        }
    }
    for (int64_t i = 0; i < n; i++) {
        body *b = &system[i];
        b->x += dt * b->vx;
        b->y += dt * b->vy;
        b->z += dt * b->vz;
    }
}

int main(void) {
    double px = 0, py = 0, pz = 0;
    for (int64_t i = 0; i < BODIES; i++) {
        px += bodies[i].vx * bodies[i].mass;
        py += bodies[i].vy * bodies[i].mass;
        pz += bodies[i].vz * bodies[i].mass;
    }
    const double solarMass = SOLAR_MASS;
    bodies[0].vx = -px / solarMass;
    bodies[0].vy = -py / solarMass;
    bodies[0].vz = -pz / solarMass;
    fprintf(stderr, "%" PRId64 "\n", (int64_t)(energy(bodies, BODIES) * 1e9));
    for (int64_t i = 0; i < 5000000; i++) advance(bodies, BODIES, 0.01);
    fprintf(stderr, "%" PRId64 "\n", (int64_t)(energy(bodies, BODIES) * 1e9));
    return 0;
}
