// The twin of bench/programs/spectral_norm.go.
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static double a(int64_t i, int64_t j) { return 1 / (double)((i + j) * (i + j + 1) / 2 + i + 1); }

static void times(double *v, const double *u, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < n; j++) sum += a(i, j) * u[j];
        v[i] = sum;
    }
}

static void timesTransposed(double *v, const double *u, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int64_t j = 0; j < n; j++) sum += a(j, i) * u[j];
        v[i] = sum;
    }
}

int main(void) {
    const int64_t n = 3000;
    double *u = calloc(n, sizeof *u), *v = calloc(n, sizeof *v), *t = calloc(n, sizeof *t);
    for (int64_t i = 0; i < n; i++) u[i] = 1;
    for (int64_t i = 0; i < 10; i++) {
        times(t, u, n);
        timesTransposed(v, t, n);
        times(t, v, n);
        timesTransposed(u, t, n);
    }
    double vBv = 0, vv = 0;
    for (int64_t i = 0; i < n; i++) {
        vBv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    fprintf(stderr, "%" PRId64 "\n", (int64_t)(sqrt(vBv / vv) * 1e9));
    return 0;
}
