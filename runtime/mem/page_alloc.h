// The page allocator: which 8 KB pages of the heap's address space are free, and the lowest place where n of them are.
//
// Address space is seen as chunks of 512 pages (4 MB), each with a bitmap. Over the chunks stands a radix tree of
// summaries (PallocSum), each the merge of eight below it:
//
//     level 0   8192 entries   16 GB each      (64 KB of table)
//     level 1   x 8             2 GB
//     level 2   x 8           256 MB
//     level 3   x 8            32 MB
//     level 4   x 8             4 MB: one chunk
//
// find() walks down: at each level it looks from left to right for n free pages, either across neighbouring entries
// (their free ends and starts add up) or inside one entry, into which it descends. First fit by address keeps the heap
// dense at its low end, so that the high end can be given back. `searchAddr` is a lower bound: no page below it is free.
//
// The tables are arrays indexed by address, reserved at full size for 47 bits of address space (293 MB of addresses) and
// made ready in blocks of 64 KB as the heap grows into them; a summary of memory that the heap does not have is zero,
// "nothing free", and is never looked at below an entry that says so.
//
// Rejected: free lists or treaps of spans (best fit). They need a node per free run and a lock hold that grows with
// fragmentation; the bitmap costs 1/65536 of the heap and a fixed number of cache lines per allocation.
//
// All functions need the heap lock.
#pragma once

#include "mem/palloc_bits.h"
#include "abi/size_classes.h"
#include "mem/sys_mem.h"

namespace burrow::rt {

inline constexpr unsigned kHeapAddrBits = 47;  // user space of x86-64 with four-level page tables
inline constexpr unsigned kPallocChunkShift = kPageShift + kLogPallocChunkPages;
inline constexpr uint64_t kPallocChunkBytes = uint64_t{1} << kPallocChunkShift;

inline constexpr unsigned kSummaryLevels = 5;
inline constexpr unsigned kSummaryLevelBits = 3;
inline constexpr unsigned kSummaryFanOut = 1u << kSummaryLevelBits;
inline constexpr unsigned kLeafLevel = kSummaryLevels - 1;

// log2 of the pages and of the bytes that an entry of a level stands for.
constexpr unsigned summaryLogPages(unsigned level) {
  return kLogPallocChunkPages + (kLeafLevel - level) * kSummaryLevelBits;
}
constexpr unsigned summaryShift(unsigned level) { return kPageShift + summaryLogPages(level); }
constexpr uint64_t summaryEntries(unsigned level) { return uint64_t{1} << (kHeapAddrBits - summaryShift(level)); }
static_assert(summaryLogPages(0) == kLogMaxPackedValue);

class PageAlloc {
 public:
  struct Result {
    uint64_t addr;       // 0: no run of that length
    uint64_t scavenged;  // bytes of it that are not resident
  };

  // The lowest npages free pages; they are allocated on return.
  Result alloc(uint64_t npages);
  // The free pages that are not resident and follow from addr on without a gap, in addr's chunk and at most `most`, count as resident
  // on return, and stay free. Returns their number.
  uint64_t takeAhead(uint64_t addr, uint64_t most);
  // Gives back npages pages at addr.
  void free(uint64_t addr, uint64_t npages);
  // Adds [base, base + size), whole chunks, as free and scavenged. False when the system has no address space for the tables.
  bool grow(uint64_t base, uint64_t size);

  // The lowest run of npages free pages, by walking down the summaries; also the lowest free address. {0, ...}: none.
  struct Fit {
    uint64_t addr;
    uint64_t firstFree;
  };
  Fit find(uint64_t npages) const;

  // Calls f(start address, pages) for each run of free pages that are not scavenged, lowest first, with at most
  // maxPages pages altogether, after marking them as scavenged. Returns the number of pages.
  template <class F>
  uint64_t takeForScavenge(uint64_t maxPages, F f);

  PallocData* chunkOf(uint64_t chunk) const {
    PallocData* block = chunks_[chunk >> kChunksL2Bits];
    return block ? &block[chunk & (kChunksL2Entries - 1)] : nullptr;
  }
  PallocSum summary(unsigned level, uint64_t entry) const { return summary_[level][entry]; }
  uint64_t searchAddr() const { return searchAddr_; }
  uint64_t startChunk() const { return startChunk_; }
  uint64_t endChunk() const { return endChunk_; }

  SysMemStat* stat = nullptr;  // who pays for the tables

 private:
  static constexpr unsigned kChunksL2Bits = 13;
  static constexpr uint64_t kChunksL2Entries = uint64_t{1} << kChunksL2Bits;
  static constexpr uint64_t kChunksL1Entries = uint64_t{1} << (kHeapAddrBits - kPallocChunkShift - kChunksL2Bits);
  static constexpr uint64_t kCommitBytes = 64 << 10;
  static constexpr uint64_t kCommitEntries = kCommitBytes / sizeof(PallocSum);
  static constexpr uint64_t kMaxCommitBlocks = summaryEntries(kLeafLevel) / kCommitEntries;

  bool reserveTables();
  void commitSummaries(uint64_t base, uint64_t limit);
  void update(uint64_t addr, uint64_t npages);
  uint64_t allocRange(uint64_t addr, uint64_t npages);

  PallocSum* summary_[kSummaryLevels] = {};
  PallocData* chunks_[kChunksL1Entries] = {};
  uint64_t committed_[kSummaryLevels][kMaxCommitBlocks / 64] = {};  // which blocks of the tables are ready
  uint64_t searchAddr_ = 0;
  uint64_t startChunk_ = 0;
  uint64_t endChunk_ = 0;
};

template <class F>
uint64_t PageAlloc::takeForScavenge(uint64_t maxPages, F f) {
  uint64_t taken = 0;
  // Highest addresses first: allocation takes the lowest, so these are the least likely to be wanted soon.
  for (uint64_t c = endChunk_; c-- > startChunk_ && taken < maxPages;) {
    PallocData* data = chunkOf(c);
    if (data == nullptr || summary_[kLeafLevel][c].max() == 0) continue;
    for (unsigned i = 0; i < kPallocChunkPages && taken < maxPages;) {
      if (data->alloc.get(i) || data->scavenged.get(i)) {
        i++;
        continue;
      }
      unsigned n = 1;
      while (i + n < kPallocChunkPages && taken + n < maxPages && !data->alloc.get(i + n) && !data->scavenged.get(i + n)) n++;
      data->scavenged.setRange(i, n);
      f(c * kPallocChunkBytes + i * kPageSize, uint64_t(n));
      taken += n;
      i += n;
    }
  }
  return taken;
}

}  // namespace burrow::rt
