// The functions that crypto/internal/fips140/aes has in assembly on amd64: key schedule, single blocks, counter mode.
//
// A key schedule is rounds + 1 round keys of 16 bytes, as the instructions take them; the one for decryption stands in the
// order of its use, its inner keys already through InvMixColumns. Only these functions and gcm_amd64.cpp read it. None of
// them looks at a table or branches on a secret.
#include "crypto/aes_amd64.h"
#include "mem/env.h"

namespace burrow::rt {

GO_DECL("crypto/internal/fips140/aes.encryptBlockAsm", void, aesEncryptBlock,
        (int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src));
GO_DECL("crypto/internal/fips140/aes.decryptBlockAsm", void, aesDecryptBlock,
        (int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src));
GO_DECL("crypto/internal/fips140/aes.expandKeyAsm", void, aesExpandKey,
        (int64_t rounds, const uint8_t* key, uint32_t* enc, uint32_t* dec));
GO_DECL("crypto/internal/fips140/aes.ctrBlocks1Asm", void, aesCtrBlocks1,
        (int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo, uint64_t hi));
GO_DECL("crypto/internal/fips140/aes.ctrBlocks2Asm", void, aesCtrBlocks2,
        (int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo, uint64_t hi));
GO_DECL("crypto/internal/fips140/aes.ctrBlocks4Asm", void, aesCtrBlocks4,
        (int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo, uint64_t hi));
GO_DECL("crypto/internal/fips140/aes.ctrBlocks8Asm", void, aesCtrBlocks8,
        (int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo, uint64_t hi));

BURROW_AES void aesEncryptBlock(int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src) {
  __m128i b[1] = {load(src)};
  aesEncrypt(keys, rounds, b);
  store(dst, b[0]);
}

BURROW_AES void aesDecryptBlock(int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src) {
  __m128i b = _mm_xor_si128(load(src), load(keys));
  for (int64_t r = 1; r < rounds; r++) b = _mm_aesdec_si128(b, load(keys + 4 * r));
  store(dst, _mm_aesdeclast_si128(b, load(keys + 4 * rounds)));
}

// SubWord of a word, and that rotated: the key generation assistant gives both of the operand's second word.
BURROW_AES static void subWord(uint32_t word, uint32_t* sub, uint32_t* rotated) {
  __m128i x = _mm_aeskeygenassist_si128(_mm_set_epi32(0, 0, static_cast<int>(word), 0), 0);
  *sub = static_cast<uint32_t>(_mm_extract_epi32(x, 0));
  *rotated = static_cast<uint32_t>(_mm_extract_epi32(x, 1));
}

// FIPS 197, section 5.2.
BURROW_AES void aesExpandKey(int64_t rounds, const uint8_t* key, uint32_t* enc, uint32_t* dec) {
  int64_t keyWords = rounds - 6;
  __builtin_memcpy(enc, key, static_cast<size_t>(4 * keyWords));
  uint32_t roundConstant = 1;
  for (int64_t i = keyWords; i < 4 * (rounds + 1); i++) {
    uint32_t word = enc[i - 1], sub, rotated;
    if (i % keyWords == 0) {
      subWord(word, &sub, &rotated);
      word = rotated ^ roundConstant;
      roundConstant = (roundConstant << 1) ^ (roundConstant >> 7) * 0x11b;
    } else if (keyWords == 8 && i % 8 == 4) {
      subWord(word, &sub, &rotated);
      word = sub;
    }
    enc[i] = enc[i - keyWords] ^ word;
  }
  if (dec == nullptr) return;
  store(dec, load(enc + 4 * rounds));
  for (int64_t r = 1; r < rounds; r++) store(dec + 4 * r, _mm_aesimc_si128(load(enc + 4 * (rounds - r))));
  store(dec + 4 * rounds, load(enc));
}

// The key stream of N counters from hi:lo on, over src. All of src is read before dst is written.
template <int N>
BURROW_AES_INLINE static void ctrBlocks(const uint32_t* keys, int64_t rounds, uint8_t* dst, const uint8_t* src,
                                        uint64_t lo, uint64_t hi) {
  __m128i b[N];
#pragma unroll
  for (int i = 0; i < N; i++) {
    uint64_t low = lo + static_cast<uint64_t>(i);
    uint64_t high = hi + (low < lo);
    b[i] = _mm_set_epi64x(static_cast<int64_t>(__builtin_bswap64(low)), static_cast<int64_t>(__builtin_bswap64(high)));
  }
  aesEncrypt(keys, rounds, b);
#pragma unroll
  for (int i = 0; i < N; i++) b[i] = _mm_xor_si128(b[i], load(src + 16 * i));
#pragma unroll
  for (int i = 0; i < N; i++) store(dst + 16 * i, b[i]);
}
BURROW_AES void aesCtrBlocks1(int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo,
                              uint64_t hi) {
  ctrBlocks<1>(keys, rounds, dst, src, lo, hi);
}
BURROW_AES void aesCtrBlocks2(int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo,
                              uint64_t hi) {
  ctrBlocks<2>(keys, rounds, dst, src, lo, hi);
}
BURROW_AES void aesCtrBlocks4(int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo,
                              uint64_t hi) {
  ctrBlocks<4>(keys, rounds, dst, src, lo, hi);
}
BURROW_AES void aesCtrBlocks8(int64_t rounds, const uint32_t* keys, uint8_t* dst, const uint8_t* src, uint64_t lo,
                              uint64_t hi) {
  ctrBlocks<8>(keys, rounds, dst, src, lo, hi);
}

}  // namespace burrow::rt
