// The twin of bench/programs/quicksort.go.
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *data;
    int64_t length;
} string;

typedef struct {
    uint64_t key;
    string name;
} record;

// What a generic function is in C: its text, once per type. The comparison stays a pointer to a function.
#define SORT(NAME, T)                                                   \
    static void NAME##Swap(T *s, int64_t i, int64_t j) {                \
        T x = s[i];                                                     \
        s[i] = s[j];                                                    \
        s[j] = x;                                                       \
    }                                                                   \
    static void NAME(T *s, int64_t n, bool (*less)(T, T)) {             \
        while (n > 12) {                                                \
            int64_t m = n / 2;                                          \
            if (less(s[m], s[0])) NAME##Swap(s, m, 0);                  \
            if (less(s[n - 1], s[m])) {                                 \
                NAME##Swap(s, m, n - 1);                                \
                if (less(s[m], s[0])) NAME##Swap(s, m, 0);              \
            }                                                           \
            T pivot = s[m];                                             \
            int64_t i = 0, j = n - 1;                                   \
            while (i <= j) {                                            \
                while (less(s[i], pivot)) i++;                          \
                while (less(pivot, s[j])) j--;                          \
                if (i <= j) NAME##Swap(s, i++, j--);                    \
            }                                                           \
            if (j + 1 < n - i) {                                        \
                NAME(s, j + 1, less);                                   \
                s += i;                                                 \
                n -= i;                                                 \
            } else {                                                    \
                NAME(s + i, n - i, less);                               \
                n = j + 1;                                              \
            }                                                           \
        }                                                               \
        for (int64_t i = 1; i < n; i++) {                               \
            for (int64_t j = i; j > 0 && less(s[j], s[j - 1]); j--) {   \
                NAME##Swap(s, j, j - 1);                                \
            }                                                           \
        }                                                               \
    }

SORT(sortNumbers, uint64_t)
SORT(sortRecords, record)

static bool lessNumber(uint64_t a, uint64_t b) { return a < b; }

static bool lessString(string a, string b) {
    int order = memcmp(a.data, b.data, a.length < b.length ? a.length : b.length);
    return order < 0 || (order == 0 && a.length < b.length);
}

static bool lessRecord(record a, record b) { return a.key < b.key || (a.key == b.key && lessString(a.name, b.name)); }

static uint64_t next(void) {
    static uint64_t x = 88172645463325252;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return x;
}

int main(void) {
    // Go allocates no string of one byte either: it points into a table of all.
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    const int64_t n = 3000000, m = 1000000;
    uint64_t *numbers = calloc(n, sizeof *numbers);
    for (int64_t i = 0; i < n; i++) numbers[i] = next();
    sortNumbers(numbers, n, lessNumber);
    record *records = calloc(m, sizeof *records);
    for (int64_t i = 0; i < m; i++) {
        uint64_t k = next();
        records[i] = (record){k % 1000, {&letters[k % 26], 1}};
    }
    sortRecords(records, m, lessRecord);
    fprintf(stderr, "%" PRIu64 " %" PRIu64 " %.*s %" PRIu64 "\n", numbers[0], numbers[n / 2], (int)records[0].name.length,
            records[0].name.data, records[m / 2].key);
    return 0;
}
