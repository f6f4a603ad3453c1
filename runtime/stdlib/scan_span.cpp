// The vector functions of internal/runtime/gc/scan, which the package has in assembly for AVX-512: from the marks of a span's
// objects to the words that its marked objects hold. Burrow's collector marks object by object (mark.cpp) and does not call them:
// they are for those who measure and test the package. It asks the processor before it calls them.
//
// A span is 8 KB: 1024 words, a bit each in a PtrMask. An ObjMask has a bit for each object; its objects are of `words` words.
//
//     marks of objects of 3 words   1 0 1 1         expanded   111 000 111 111
//
// Objects that are marked are often neighbours: a run of them is expanded at once, whatever its length and the objects' size. A byte
// of the expanded mask speaks of 64 bytes of memory, which is a vector: those that it names are stored side by side.
#include <immintrin.h>

#include "abi/size_classes.h"
#include "mem/env.h"

namespace burrow::rt {

GO_DECL("internal/runtime/gc/scan.ExpandAVX512", void, scanExpand, (int64_t sizeClass, const uint64_t* packed, uint64_t* unpacked));
GO_DECL("internal/runtime/gc/scan.scanSpanPackedAVX512", int32_t, scanSpanPacked,
        (const uint64_t* mem, uint64_t* buf, const uint64_t* objMarks, uint64_t sizeClass, const uint64_t* ptrMask));
GO_DECL("internal/runtime/gc/scan.FilterNilAVX512", int32_t, scanFilterNil, (uint64_t* buf, int32_t n));

namespace {

#define SCAN_TARGET __attribute__((target("avx512f,avx512dq,popcnt,bmi")))

constexpr unsigned kSpanWords = 1024, kMaskWords = kSpanWords / 64, kVector = 8;

// Sets bits [from, to).
void setRange(uint64_t* mask, unsigned from, unsigned to) {
  while (from < to) {
    const unsigned bit = from % 64, count = to - from < 64 - bit ? to - from : 64 - bit;
    mask[from / 64] |= (~uint64_t{0} >> (64 - count)) << bit;
    from += count;
  }
}

// The first bit at or after `from` that is `value`, or kSpanWords.
template <bool kValue>
SCAN_TARGET unsigned nextBit(const uint64_t* mask, unsigned from) {
  while (from < kSpanWords) {
    const uint64_t word = (kValue ? mask[from / 64] : ~mask[from / 64]) >> from % 64;
    if (word != 0) return from + unsigned(__builtin_ctzll(word));
    from = (from / 64 + 1) * 64;
  }
  return kSpanWords;
}

}  // namespace

// `unpacked` is overwritten.
SCAN_TARGET void scanExpand(int64_t sizeClass, const uint64_t* packed, uint64_t* unpacked) {
  for (unsigned i = 0; i < kMaskWords; i++) unpacked[i] = 0;
  const unsigned words = kSizeClassToSize[sizeClass] / 8, objects = words == 0 ? 0 : kSpanWords / words;
  for (unsigned first = 0;;) {
    first = nextBit<true>(packed, first);
    if (first >= objects) return;
    unsigned end = nextBit<false>(packed, first);
    if (end > objects) end = objects;
    setRange(unpacked, first * words, end * words);
    first = end;
  }
}

// Stores the words of the marked objects that may be pointers, in their order, and says how many they are. `buf` has room for all
// words of the span.
SCAN_TARGET int32_t scanSpanPacked(const uint64_t* mem, uint64_t* buf, const uint64_t* objMarks, uint64_t sizeClass, const uint64_t* ptrMask) {
  uint64_t mask[kMaskWords];
  scanExpand(int64_t(sizeClass), objMarks, mask);
  int32_t count = 0;
  for (unsigned i = 0; i < kMaskWords; i++) {
    const uint64_t* at = mem + size_t{i} * 64;
    for (uint64_t bits = mask[i] & ptrMask[i]; bits != 0; bits >>= kVector, at += kVector) {
      const __mmask8 wanted = __mmask8(bits);
      if (wanted == 0) continue;
      _mm512_mask_compressstoreu_epi64(buf + count, wanted, _mm512_loadu_si512(at));
      count += __builtin_popcount(wanted);
    }
  }
  return count;
}

// Moves the words that are not 0 to the front, in their order, and says how many they are. What is stored never reaches a word
// that is not read yet.
SCAN_TARGET int32_t scanFilterNil(uint64_t* buf, int32_t n) {
  int32_t count = 0;
  for (int32_t i = 0; i < n; i += int32_t(kVector)) {
    const __mmask8 there = n - i >= int32_t(kVector) ? __mmask8(0xff) : __mmask8((1u << (n - i)) - 1);
    const __m512i words = _mm512_maskz_loadu_epi64(there, buf + i);
    const __mmask8 wanted = _mm512_test_epi64_mask(words, words);
    _mm512_mask_compressstoreu_epi64(buf + count, wanted, words);
    count += __builtin_popcount(wanted);
  }
  return count;
}

}  // namespace burrow::rt
