// The twin of bench/programs/sieve.go.
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    const int64_t n = 20000000;
    int64_t total = 0;
    for (int64_t round = 0; round < 3; round++) {
        bool *composite = calloc(n, sizeof *composite);
        for (int64_t i = 2; i * i < n; i++) {
            if (!composite[i]) {
                for (int64_t j = i * i; j < n; j += i) composite[j] = true;
            }
        }
        for (int64_t i = 2; i < n; i++) {
            if (!composite[i]) total++;
        }
        free(composite);
    }
    fprintf(stderr, "%" PRId64 "\n", total);
    return 0;
}
