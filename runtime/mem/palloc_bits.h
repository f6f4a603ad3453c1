// The lowest layer of the page allocator: one bit per page for a chunk of 512 pages, and the packed summary of a run of
// pages (how many are free at its start, at its end, and in its longest free run).
//
// A set bit in PallocBits means "allocated" (or, for the second bitmap of PallocData, "scavenged": the system has the
// memory back or never gave it). Everything here is pure: no locks, no memory, no operating system.
#pragma once

#include "base/defs.h"

namespace burrow::rt {

inline constexpr unsigned kLogPallocChunkPages = 9;
inline constexpr unsigned kPallocChunkPages = 1u << kLogPallocChunkPages;

// A run of up to 2^kLogMaxPackedValue pages in one word. All three numbers at the maximum do not fit into their 21 bits,
// so bit 63 alone means "everything is free".
inline constexpr unsigned kLogMaxPackedValue = 21;
inline constexpr uint64_t kMaxPackedValue = uint64_t{1} << kLogMaxPackedValue;

struct PallocSum {
  uint64_t v = 0;  // 0: nothing free

  static constexpr PallocSum pack(uint64_t start, uint64_t max, uint64_t end) {
    if (max == kMaxPackedValue) return {uint64_t{1} << 63};
    return {(start & (kMaxPackedValue - 1)) | (max & (kMaxPackedValue - 1)) << kLogMaxPackedValue |
            (end & (kMaxPackedValue - 1)) << (2 * kLogMaxPackedValue)};
  }
  constexpr bool full() const { return v >> 63; }
  constexpr uint64_t start() const { return full() ? kMaxPackedValue : v & (kMaxPackedValue - 1); }
  constexpr uint64_t max() const { return full() ? kMaxPackedValue : v >> kLogMaxPackedValue & (kMaxPackedValue - 1); }
  constexpr uint64_t end() const {
    return full() ? kMaxPackedValue : v >> (2 * kLogMaxPackedValue) & (kMaxPackedValue - 1);
  }
  friend constexpr bool operator==(PallocSum a, PallocSum b) { return a.v == b.v; }
};

// Combines the summaries of neighbouring runs of 2^logPages pages each into the summary of all of them.
inline PallocSum mergeSummaries(const PallocSum* sums, unsigned count, unsigned logPages) {
  const uint64_t whole = uint64_t{1} << logPages;
  uint64_t start = 0, max = 0, run = 0;
  bool startOpen = true;  // everything up to here was free
  for (unsigned i = 0; i < count; i++) {
    const PallocSum s = sums[i];
    if (startOpen) {
      start += s.start();
      startOpen = s.start() == whole;
    }
    // A run that crosses into this part ends with its free start.
    if (run + s.start() > max) max = run + s.start();
    if (s.max() > max) max = s.max();
    run = s.end() == whole ? run + whole : s.end();
  }
  if (run > max) max = run;
  return PallocSum::pack(start, max, run);
}

class PallocBits {
 public:
  static constexpr unsigned kWords = kPallocChunkPages / 64;

  bool get(unsigned i) const { return words_[i / 64] >> (i % 64) & 1; }
  void setRange(unsigned i, unsigned n) {
    forRange(i, n, [](uint64_t& w, uint64_t mask) { w |= mask; });
  }
  void clearRange(unsigned i, unsigned n) {
    forRange(i, n, [](uint64_t& w, uint64_t mask) { w &= ~mask; });
  }
  unsigned countRange(unsigned i, unsigned n) const {
    unsigned count = 0;
    const_cast<PallocBits*>(this)->forRange(
        i, n, [&](uint64_t& w, uint64_t mask) { count += unsigned(__builtin_popcountll(w & mask)); });
    return count;
  }
  uint64_t word(unsigned w) const { return words_[w]; }

  PallocSum summarize() const {
    uint64_t start = 0, max = 0, run = 0;
    bool startOpen = true;
    for (unsigned w = 0; w < kWords; w++) {
      const uint64_t x = words_[w];
      if (x == 0) {
        run += 64;
        if (startOpen) start += 64;
        continue;
      }
      const unsigned low = unsigned(__builtin_ctzll(x)), high = unsigned(__builtin_clzll(x));
      run += low;
      if (startOpen) {
        start += low;
        startOpen = false;
      }
      if (run > max) max = run;
      // Only a run inside the word can still be longer than what was seen: bits low..63-high.
      if (64 - low - high > max) {
        const uint64_t inner = longestZeroRun(x >> low, 64 - low - high);
        if (inner > max) max = inner;
      }
      run = high;
    }
    if (run > max) max = run;
    return PallocSum::pack(start, max, run);
  }

  struct Found {
    unsigned at;         // first page of the run; kPallocChunkPages when there is none
    unsigned firstFree;  // first free page at or after `from`; kPallocChunkPages when there is none
  };
  // The lowest run of n free pages that begins at or after page `from`.
  Found find(unsigned n, unsigned from) const {
    unsigned firstFree = kPallocChunkPages, at = 0, run = 0;
    for (unsigned w = from / 64; w < kWords; w++) {
      uint64_t x = words_[w];
      if (w == from / 64) x |= (uint64_t{1} << (from % 64)) - 1;
      unsigned i = 0;
      while (i < 64) {
        const uint64_t rest = x >> i;
        if (rest & 1) {  // skip allocated pages
          run = 0;
          i += ~rest == 0 ? 64 : unsigned(__builtin_ctzll(~rest));  // high bits of rest are zero once i > 0
          if (i > 64) i = 64;
          continue;
        }
        unsigned zeros = rest == 0 ? 64 - i : unsigned(__builtin_ctzll(rest));
        if (firstFree == kPallocChunkPages) firstFree = w * 64 + i;
        if (run == 0) at = w * 64 + i;
        run += zeros;
        if (run >= n) return {at, firstFree};
        i += zeros;
      }
    }
    return {kPallocChunkPages, firstFree};
  }

 private:
  template <class F>
  void forRange(unsigned i, unsigned n, F f) {
    while (n != 0) {
      const unsigned bit = i % 64, take = n < 64 - bit ? n : 64 - bit;
      const uint64_t mask = (take == 64 ? ~uint64_t{0} : (uint64_t{1} << take) - 1) << bit;
      f(words_[i / 64], mask);
      i += take;
      n -= take;
    }
  }
  // Longest run of zeros among the lowest `bits` bits of x; both end bits are ones.
  static unsigned longestZeroRun(uint64_t x, unsigned bits) {
    uint64_t zeros = ~x & (bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1);
    unsigned longest = 0;
    for (; zeros != 0; longest++) zeros &= zeros >> 1;  // every step shortens each run by one
    return longest;
  }

  uint64_t words_[kWords] = {};
};

struct PallocData {
  PallocBits alloc;
  PallocBits scavenged;
};
static_assert(sizeof(PallocData) == 128);

}  // namespace burrow::rt
