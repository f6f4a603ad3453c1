// The twin of bench/programs/life.go.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// As slices do, rows and grids carry their lengths: were they constants, the remainders below would be no divisions.
typedef struct {
    uint8_t *cells;
    int64_t length;
} row;

typedef struct {
    row *rows;
    int64_t length;
} grid;

static grid newGrid(int64_t h, int64_t w) {
    grid g = {malloc(h * sizeof(row)), h};
    for (int64_t y = 0; y < h; y++) g.rows[y] = (row){calloc(w, 1), w};
    return g;
}

static void step(const grid *from, const grid *to) {
    int64_t h = from->length, w = from->rows[0].length;
    for (int64_t y = 0; y < h; y++) {
        const uint8_t *up = from->rows[(y + h - 1) % h].cells, *middle = from->rows[y].cells;
        const uint8_t *down = from->rows[(y + 1) % h].cells;
        uint8_t *out = to->rows[y].cells;
        for (int64_t x = 0; x < w; x++) {
            int64_t l = (x + w - 1) % w, r = (x + 1) % w;
            uint8_t n = up[l] + up[x] + up[r] + middle[l] + middle[r] + down[l] + down[x] + down[r];
            out[x] = n == 3 || (n == 2 && middle[x] == 1);
        }
    }
}

int main(void) {
    enum { size = 512 };
    grid a = newGrid(size, size), b = newGrid(size, size);
    uint32_t x = 1;
    for (int64_t i = 0; i < size; i++) {
        for (int64_t j = 0; j < size; j++) {
            x = x * 1103515245 + 12345;
            a.rows[i].cells[j] = x >> 20 & 1;
        }
    }
    for (int64_t i = 0; i < 300; i++) {
        step(&a, &b);
        grid other = a;
        a = b;
        b = other;
    }
    int64_t n = 0;
    for (int64_t i = 0; i < size; i++) {
        for (int64_t j = 0; j < size; j++) n += a.rows[i].cells[j];
    }
    fprintf(stderr, "%" PRId64 "\n", n);
    return 0;
}
