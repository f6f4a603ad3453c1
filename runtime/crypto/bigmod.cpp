// Multiplication by one word for numbers of the sizes that RSA uses: what crypto/internal/fips140/bigmod has in assembly.
#include "mem/env.h"
#include "stdlib/words.h"

namespace burrow::rt {

GO_DECL("crypto/internal/fips140/bigmod.addMulVVW1024", uint64_t, bigmodAddMul1024,
        (uint64_t * z, const uint64_t* x, uint64_t y));
GO_DECL("crypto/internal/fips140/bigmod.addMulVVW1536", uint64_t, bigmodAddMul1536,
        (uint64_t * z, const uint64_t* x, uint64_t y));
GO_DECL("crypto/internal/fips140/bigmod.addMulVVW2048", uint64_t, bigmodAddMul2048,
        (uint64_t * z, const uint64_t* x, uint64_t y));

uint64_t bigmodAddMul1024(uint64_t* z, const uint64_t* x, uint64_t y) { return addMul(z, z, x, 1024 / 64, y, 0); }
uint64_t bigmodAddMul1536(uint64_t* z, const uint64_t* x, uint64_t y) { return addMul(z, z, x, 1536 / 64, y, 0); }
uint64_t bigmodAddMul2048(uint64_t* z, const uint64_t* x, uint64_t y) { return addMul(z, z, x, 2048 / 64, y, 0); }

}  // namespace burrow::rt
