// The twin of bench/programs/fannkuch.go.
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fannkuch(int64_t n, int64_t *checksum, int64_t *most) {
    int64_t *perm = calloc(n, sizeof *perm), *first = calloc(n, sizeof *first), *count = calloc(n, sizeof *count);
    for (int64_t i = 0; i < n; i++) first[i] = i;
    int64_t sum = 0, longest = 0, r = n;
    for (bool odd = false;; odd = !odd) {
        for (; r != 1; r--) count[r - 1] = r;
        memcpy(perm, first, n * sizeof *perm);
        int64_t flips = 0;
        for (int64_t k = perm[0]; k != 0; k = perm[0]) {
            for (int64_t i = 0, j = k; i < j; i++, j--) {
                int64_t x = perm[i];
                perm[i] = perm[j];
                perm[j] = x;
            }
            flips++;
        }
        if (flips > longest) longest = flips;
        sum += odd ? -flips : flips;
        for (;; r++) {
            if (r == n) {
                *checksum = sum;
                *most = longest;
                free(perm);
                free(first);
                free(count);
                return;
            }
            int64_t front = first[0];
            memmove(first, first + 1, r * sizeof *first);
            first[r] = front;
            if (--count[r] > 0) break;
        }
    }
}

int main(void) {
    int64_t checksum, most;
    fannkuch(10, &checksum, &most);
    fprintf(stderr, "%" PRId64 " %" PRId64 "\n", checksum, most);
    return 0;
}
