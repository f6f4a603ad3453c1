// The twin of bench/programs/matmul.go.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// As slices of slices are: rows that each have an allocation of their own.
static double **rows(int64_t n) {
    double **m = malloc(n * sizeof *m);
    for (int64_t i = 0; i < n; i++) m[i] = calloc(n, sizeof **m);
    return m;
}

static void release(double **m, int64_t n) {
    for (int64_t i = 0; i < n; i++) free(m[i]);
    free(m);
}

static double **matrix(int64_t n, double seed) {
    double **m = rows(n);
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) m[i][j] = seed * (double)(i - j) * (double)(i + j);
    }
    return m;
}

static double **multiply(double **a, double **b, int64_t n) {
    double **c = rows(n);
    for (int64_t i = 0; i < n; i++) {
        double *sums = c[i];
        for (int64_t k = 0; k < n; k++) {
            double x = a[i][k];
            const double *row = b[k];
            for (int64_t j = 0; j < n; j++) sums[j] += x * row[j];
        }
    }
    return c;
}

int main(void) {
    const int64_t n = 512;
    double **a = matrix(n, 1.0 / n / n), **b = matrix(n, 2.0 / n / n), sum = 0;
    for (int64_t i = 0; i < 6; i++) {
        double **c = multiply(a, b, n);
        sum += c[n / 2][n / 2];
        release(c, n);
    }
    fprintf(stderr, "%" PRId64 "\n", (int64_t)(sum * 1000));
    return 0;
}
