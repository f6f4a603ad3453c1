// The twin of bench/programs/mandelbrot.go.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

int main(void) {
    enum { size = 2000, limit = 50 };
    int64_t inside = 0;
    uint32_t hash = 2166136261;
    for (int64_t y = 0; y < size; y++) {
        double ci = 2 * (double)y / size - 1;
        for (int64_t x = 0; x < size; x++) {
            double cr = 2 * (double)x / size - 1.5;
            double zr = 0, zi = 0, zr2 = 0, zi2 = 0;
            int64_t i = 0;
            for (; i < limit && zr2 + zi2 <= 4; i++) {
                zi = 2 * zr * zi + ci;
                zr = zr2 - zi2 + cr;
                zr2 = zr * zr;
                zi2 = zi * zi;
            }
            if (i == limit) inside++;
            hash = (hash ^ (uint32_t)i) * 16777619;
        }
    }
    fprintf(stderr, "%" PRId64 " %" PRIu32 "\n", inside, hash);
    return 0;
}
