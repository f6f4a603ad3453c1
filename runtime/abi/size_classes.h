// Size classes: which sizes small objects are rounded up to, and how many pages a span of each class has.
//
// Small objects (up to kMaxSmallSize bytes with their header) live in spans that are cut into equal slots. The slot sizes
// are the distribution's, because programs can see them: `cap` after `append` is rounded to them, and so are the figures
// of MemStats.BySize. Only the two lists are given here; the look-up tables and the divide-free index are computed from
// them at compile time, and the hosted tests compare the result with a plain search over the list.
//
// A class in the two variants "may hold pointers" (scan) and "pointer-free" (noscan) is a span class: the number is
// class * 2 + (noscan ? 1 : 0).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace burrow::rt {

inline constexpr unsigned kPageShift = 13;
inline constexpr uint64_t kPageSize = uint64_t{1} << kPageShift;
inline constexpr uint64_t kMaxSmallSize = 32768;  // slot size of the largest class
inline constexpr unsigned kNumSizeClasses = 68;   // class 0 stands for "large: a span of its own"
inline constexpr unsigned kNumSpanClasses = kNumSizeClasses * 2;
inline constexpr uint64_t kTinySize = 16;  // block that pointer-free objects below this size share
inline constexpr unsigned kTinySizeClass = 2;
inline constexpr unsigned kMaxObjsPerSpan = 1024;

// Scan objects up to this size have their pointer bits in a bitmap at the end of the span; larger small ones have a
// header word in front of the object that points to the type; large ones have the type in the span (docs/memory.md).
inline constexpr uint64_t kMinSizeForMallocHeader = 512;
inline constexpr uint64_t kMallocHeaderSize = 8;

inline constexpr std::array<uint16_t, kNumSizeClasses> kSizeClassToSize = {
    0,    8,    16,   24,   32,   48,   64,    80,    96,    112,   128,   144,   160,   176,   192,   208,   224,
    240,  256,  288,  320,  352,  384,  416,   448,   480,   512,   576,   640,   704,   768,   896,   1024,  1152,
    1280, 1408, 1536, 1792, 2048, 2304, 2688,  3072,  3200,  3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,
    8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};
inline constexpr std::array<uint8_t, kNumSizeClasses> kSizeClassToNPages = {
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 2, 1, 2, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 4, 5, 6, 1, 7, 6, 5, 4, 3, 5, 7, 2, 9, 7, 5, 8, 3, 10, 7, 4};

namespace detail {
// Entry i: the smallest class whose slots hold `from + i * step` bytes.
template <size_t n>
constexpr std::array<uint8_t, n> classTable(uint64_t from, uint64_t step) {
  std::array<uint8_t, n> table{};
  unsigned sizeClass = 0;
  for (size_t i = 0; i < n; i++) {
    while (kSizeClassToSize[sizeClass] < from + i * step) sizeClass++;
    table[i] = static_cast<uint8_t>(sizeClass);
  }
  return table;
}
// Entry c: m such that (offset * m) >> 32 == offset / size for every offset within a span of class c.
constexpr std::array<uint32_t, kNumSizeClasses> divMagicTable() {
  std::array<uint32_t, kNumSizeClasses> table{};
  for (unsigned c = 1; c < kNumSizeClasses; c++) table[c] = 0xffffffffu / kSizeClassToSize[c] + 1;
  return table;
}
}  // namespace detail

// Two tables instead of one: fine steps where the classes are close to each other, coarse steps above.
inline constexpr uint64_t kSmallSizeMax = 1024;
inline constexpr auto kSizeToClass8 = detail::classTable<kSmallSizeMax / 8 + 1>(0, 8);
inline constexpr auto kSizeToClass128 = detail::classTable<(kMaxSmallSize - kSmallSizeMax) / 128 + 1>(kSmallSizeMax, 128);
inline constexpr auto kSizeClassToDivMagic = detail::divMagicTable();

// Class of a small object; size <= kMaxSmallSize.
constexpr unsigned sizeClassOf(uint64_t size) {
  if (size <= kSmallSizeMax - 8) return kSizeToClass8[(size + 7) / 8];
  return kSizeToClass128[(size - kSmallSizeMax + 127) / 128];
}

constexpr unsigned makeSpanClass(unsigned sizeClass, bool noscan) { return sizeClass * 2 + (noscan ? 1 : 0); }
inline constexpr unsigned kTinySpanClass = makeSpanClass(kTinySizeClass, true);

// True when objects of this slot size have their pointer bits in the span's bitmap.
constexpr bool heapBitsInSpan(uint64_t elemSize) { return elemSize <= kMinSizeForMallocHeader; }

// Bytes that an object of `size` bytes can really use: what mallocgc will take, less the header.
constexpr uint64_t roundupsize(uint64_t size, bool noscan) {
  if (size <= kMaxSmallSize - kMallocHeaderSize) {
    const uint64_t header = !noscan && size > kMinSizeForMallocHeader ? kMallocHeaderSize : 0;
    return kSizeClassToSize[sizeClassOf(size + header)] - header;
  }
  const uint64_t rounded = size + kPageSize - 1;
  if (rounded < size) return size;
  return rounded & ~(kPageSize - 1);
}

static_assert(sizeClassOf(1) == 1 && sizeClassOf(8) == 1 && sizeClassOf(9) == 2);
static_assert(sizeClassOf(1024) == 32 && sizeClassOf(1025) == 33 && sizeClassOf(kMaxSmallSize) == kNumSizeClasses - 1);

}  // namespace burrow::rt
