// PageAlloc: finding, taking and returning pages, and keeping the summaries right. See page_alloc.h for the picture.
//
// Invariants, checked by the hosted model test:
//   - a leaf summary is the summary of its chunk's bitmap; a higher one is the merge of its eight children;
//   - chunks that the heap does not have are marked as allocated in no bitmap and as "nothing free" in every summary;
//   - no page below searchAddr_ is free.
#include "mem/page_alloc.h"

namespace burrow::rt {

bool PageAlloc::reserveTables() {
  uint64_t total = 0;
  for (unsigned l = 0; l < kSummaryLevels; l++) total += summaryEntries(l) * sizeof(PallocSum);
  auto* at = static_cast<uint8_t*>(sysReserve(nullptr, total));
  if (at == nullptr) return false;
  for (unsigned l = 0; l < kSummaryLevels; l++) {
    summary_[l] = reinterpret_cast<PallocSum*>(at);
    at += summaryEntries(l) * sizeof(PallocSum);
  }
  // Level 0 is searched from end to end and has to be there as a whole.
  committed_[0][0] = 1;
  static_assert(summaryEntries(0) == kCommitEntries);
  sysMapFor(summary_[0], kCommitBytes, stat);
  return true;
}

void PageAlloc::commitSummaries(uint64_t base, uint64_t limit) {
  for (unsigned l = 1; l < kSummaryLevels; l++) {
    const uint64_t first = (base >> summaryShift(l)) / kCommitEntries;
    const uint64_t last = ((limit - 1) >> summaryShift(l)) / kCommitEntries;
    for (uint64_t b = first; b <= last; b++) {
      if (committed_[l][b / 64] >> (b % 64) & 1) continue;
      sysMapFor(summary_[l] + b * kCommitEntries, kCommitBytes, stat);
      committed_[l][b / 64] |= uint64_t{1} << (b % 64);
    }
  }
}

bool PageAlloc::grow(uint64_t base, uint64_t size) {
  const uint64_t limit = base + size;
  if (summary_[0] == nullptr) {
    if (!reserveTables()) return false;
    searchAddr_ = ~uint64_t{0};
    startChunk_ = base >> kPallocChunkShift;
  }
  commitSummaries(base, limit);
  const uint64_t first = base >> kPallocChunkShift, end = limit >> kPallocChunkShift;
  for (uint64_t c = first; c < end; c++) {
    PallocData*& block = chunks_[c >> kChunksL2Bits];
    if (block == nullptr) {
      block = static_cast<PallocData*>(sysAllocFor(kChunksL2Entries * sizeof(PallocData), stat));
      if (block == nullptr) return false;
    }
    block[c & (kChunksL2Entries - 1)].scavenged.setRange(0, kPallocChunkPages);
  }
  startChunk_ = minOf(startChunk_, first);
  endChunk_ = maxOf(endChunk_, end);
  searchAddr_ = minOf(searchAddr_, base);
  update(base, size / kPageSize);
  return true;
}

// Makes the summaries over [addr, addr + npages pages) agree with the bitmaps again.
void PageAlloc::update(uint64_t addr, uint64_t npages) {
  uint64_t first = addr >> kPallocChunkShift;
  uint64_t last = (addr + npages * kPageSize - 1) >> kPallocChunkShift;
  bool changed = false;
  for (uint64_t c = first; c <= last; c++) {
    const PallocSum s = chunkOf(c)->alloc.summarize();
    changed |= !(s == summary_[kLeafLevel][c]);
    summary_[kLeafLevel][c] = s;
  }
  for (unsigned l = kLeafLevel; changed && l-- > 0;) {
    changed = false;
    first >>= kSummaryLevelBits;
    last >>= kSummaryLevelBits;
    for (uint64_t e = first; e <= last; e++) {
      const PallocSum s = mergeSummaries(&summary_[l + 1][e * kSummaryFanOut], kSummaryFanOut, summaryLogPages(l + 1));
      changed |= !(s == summary_[l][e]);
      summary_[l][e] = s;
    }
  }
}

// Marks the pages as allocated and resident-to-be; returns how many bytes of them were scavenged.
uint64_t PageAlloc::allocRange(uint64_t addr, uint64_t npages) {
  uint64_t scavenged = 0;
  for (uint64_t left = npages, at = addr; left != 0;) {
    PallocData* data = chunkOf(at >> kPallocChunkShift);
    const unsigned page = unsigned(at >> kPageShift) % kPallocChunkPages;
    const unsigned n = unsigned(minOf<uint64_t>(left, kPallocChunkPages - page));
    scavenged += data->scavenged.countRange(page, n);
    data->scavenged.clearRange(page, n);
    data->alloc.setRange(page, n);
    left -= n;
    at += n * kPageSize;
  }
  update(addr, npages);
  return scavenged * kPageSize;
}

PageAlloc::Fit PageAlloc::find(uint64_t npages) const {
  // The lowest free page found so far lies in [freeLo, freeHi): narrowed by the leftmost entry with something free, as
  // long as that entry lies inside what is known already.
  uint64_t freeLo = 0, freeHi = uint64_t{1} << kHeapAddrBits;
  auto narrow = [&](uint64_t lo, uint64_t hi) {
    if (lo >= freeLo && hi <= freeHi) {
      freeLo = lo;
      freeHi = hi;
    }
  };
  uint64_t entry = 0;  // the entry of the level above into which the walk went down
  for (unsigned l = 0; l < kSummaryLevels; l++) {
    const unsigned shift = summaryShift(l);
    const uint64_t whole = uint64_t{1} << summaryLogPages(l);
    uint64_t e, end;
    if (l == 0) {
      e = searchAddr_ >> shift;
      end = ((endChunk_ << kPallocChunkShift) + (uint64_t{1} << shift) - 1) >> shift;
    } else {
      e = entry * kSummaryFanOut;
      end = e + kSummaryFanOut;
      if ((searchAddr_ >> shift) > e) e = minOf(searchAddr_ >> shift, end);
    }
    uint64_t run = 0, runAddr = 0;
    bool down = false, seen = false;
    for (; e < end; e++) {
      const PallocSum s = summary_[l][e];
      if (s.v == 0) {
        run = 0;
        continue;
      }
      const uint64_t addr = e << shift;
      if (!seen) {
        seen = true;
        narrow(addr, addr + (uint64_t{1} << shift));
      }
      if (run + s.start() >= npages) {
        if (run == 0) runAddr = addr;
        return {runAddr, freeLo};
      }
      if (s.max() >= npages) {
        entry = e;
        down = true;
        break;
      }
      if (s.start() == whole) {
        if (run == 0) runAddr = addr;
        run += whole;
      } else {
        run = s.end();
        runAddr = addr + (whole - run) * kPageSize;
      }
    }
    if (!down) {
      // Only at level 0 can the search come up empty: below it the parent's summary promised the run.
      if (l != 0) throw_("bad summary data");
      return {0, ~uint64_t{0}};
    }
  }
  const uint64_t base = entry << kPallocChunkShift;
  const unsigned from = (searchAddr_ >> kPallocChunkShift) == entry ? unsigned(searchAddr_ >> kPageShift) % kPallocChunkPages : 0;
  const PallocBits::Found f = chunkOf(entry)->alloc.find(unsigned(npages), from);
  if (f.at == kPallocChunkPages) throw_("bad summary data");
  narrow(base + f.firstFree * kPageSize, base + kPallocChunkBytes);
  return {base + f.at * kPageSize, freeLo};
}

PageAlloc::Result PageAlloc::alloc(uint64_t npages) {
  if (searchAddr_ >= (endChunk_ << kPallocChunkShift)) return {0, 0};
  // Most allocations fit into the chunk where the search would begin anyway.
  const uint64_t chunk = searchAddr_ >> kPallocChunkShift;
  const unsigned page = unsigned(searchAddr_ >> kPageShift) % kPallocChunkPages;
  Fit fit{0, 0};
  const bool first = page + npages <= kPallocChunkPages && chunk >= startChunk_ && chunkOf(chunk) != nullptr &&
                     summary_[kLeafLevel][chunk].max() >= npages;
  if (first) {
    const PallocBits::Found f = chunkOf(chunk)->alloc.find(unsigned(npages), page);
    if (f.at == kPallocChunkPages) throw_("bad summary data");
    fit = {(chunk << kPallocChunkShift) + f.at * kPageSize, (chunk << kPallocChunkShift) + f.firstFree * kPageSize};
  } else {
    fit = find(npages);
    if (fit.addr == 0) {
      // Not even one page: nothing is free anywhere.
      if (npages == 1) searchAddr_ = ~uint64_t{0};
      return {0, 0};
    }
  }
  const uint64_t scavenged = allocRange(fit.addr, npages);
  // What was taken may have been the lowest free run itself.
  searchAddr_ = fit.addr == fit.firstFree ? fit.addr + npages * kPageSize : maxOf(searchAddr_, fit.firstFree);
  return {fit.addr, scavenged};
}

uint64_t PageAlloc::takeAhead(uint64_t addr, uint64_t maxPages) {
  PallocData* data = chunkOf(addr >> kPallocChunkShift);
  if (data == nullptr) return 0;
  const unsigned page = unsigned(addr >> kPageShift) % kPallocChunkPages;
  const unsigned most = unsigned(minOf<uint64_t>(maxPages, kPallocChunkPages - page));
  unsigned n = 0;
  while (n < most && !data->alloc.get(page + n) && data->scavenged.get(page + n)) n++;
  data->scavenged.clearRange(page, n);
  return n;
}

void PageAlloc::free(uint64_t addr, uint64_t npages) {
  if (addr < searchAddr_) searchAddr_ = addr;
  for (uint64_t left = npages, at = addr; left != 0;) {
    PallocData* data = chunkOf(at >> kPallocChunkShift);
    const unsigned page = unsigned(at >> kPageShift) % kPallocChunkPages;
    const unsigned n = unsigned(minOf<uint64_t>(left, kPallocChunkPages - page));
    data->alloc.clearRange(page, n);
    left -= n;
    at += n * kPageSize;
  }
  update(addr, npages);
}

}  // namespace burrow::rt
