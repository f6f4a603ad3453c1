// The twin of bench/programs/nqueens.go.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

static int64_t solve(uint64_t all, uint64_t columns, uint64_t left, uint64_t right) {
    if (columns == all) return 1;
    int64_t n = 0;
    for (uint64_t free = all & ~(columns | left | right); free != 0;) {
        uint64_t bit = free & -free;
        free ^= bit;
        n += solve(all, columns | bit, (left | bit) << 1 & all, (right | bit) >> 1);
    }
    return n;
}

int main(void) {
    fprintf(stderr, "%" PRId64 "\n", solve(((uint64_t)1 << 13) - 1, 0, 0, 0));
    return 0;
}
