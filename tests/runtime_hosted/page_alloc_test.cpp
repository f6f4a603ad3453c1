// The page allocator against a plain array of pages: same address for every allocation, summaries always right.
#include <map>
#include <vector>

#include "host_env.h"
#include "mem/page_alloc.h"

namespace burrow::rt {
namespace {

TEST(PallocSum, PackAndMerge) {
  const PallocSum s = PallocSum::pack(3, 17, 5);
  EXPECT_EQ(s.start(), 3u);
  EXPECT_EQ(s.max(), 17u);
  EXPECT_EQ(s.end(), 5u);
  const PallocSum full = PallocSum::pack(kMaxPackedValue, kMaxPackedValue, kMaxPackedValue);
  EXPECT_EQ(full.start(), kMaxPackedValue);
  EXPECT_EQ(full.end(), kMaxPackedValue);
  const PallocSum two[2] = {PallocSum::pack(1, 4, 4), PallocSum::pack(2, 2, 0)};
  EXPECT_EQ(mergeSummaries(two, 2, 3).max(), 6u);
  EXPECT_EQ(mergeSummaries(two, 2, 3).start(), 1u);
  EXPECT_EQ(mergeSummaries(two, 2, 3).end(), 0u);
  const PallocSum whole[3] = {PallocSum::pack(8, 8, 8), PallocSum::pack(8, 8, 8), PallocSum::pack(1, 3, 2)};
  EXPECT_EQ(mergeSummaries(whole, 3, 3).start(), 17u);
  EXPECT_EQ(mergeSummaries(whole, 3, 3).max(), 17u);
  EXPECT_EQ(mergeSummaries(whole, 3, 3).end(), 2u);
}

// What summarize and find should say, from single bits.
PallocSum slowSummary(const PallocBits& b) {
  uint64_t start = 0, max = 0, run = 0;
  bool open = true;
  for (unsigned i = 0; i < kPallocChunkPages; i++) {
    if (b.get(i)) {
      open = false;
      run = 0;
    } else {
      run++;
      if (open) start++;
      if (run > max) max = run;
    }
  }
  return PallocSum::pack(start, max, run);
}

TEST(PallocBits, RandomAgainstSingleBits) {
  Random r(testSeed());
  for (int round = 0; round < 3000; round++) {
    PallocBits b;
    const unsigned changes = unsigned(r.below(40));
    for (unsigned k = 0; k < changes; k++) {
      const unsigned i = unsigned(r.below(kPallocChunkPages));
      const unsigned n = 1 + unsigned(r.below(r.below(2) ? 8 : kPallocChunkPages - i));
      if (i + n > kPallocChunkPages) continue;
      r.below(3) ? b.setRange(i, n) : b.clearRange(i, n);
    }
    ASSERT_EQ(b.summarize(), slowSummary(b));
    const unsigned want = 1 + unsigned(r.below(70)), from = unsigned(r.below(kPallocChunkPages));
    unsigned at = kPallocChunkPages, firstFree = kPallocChunkPages, run = 0;
    for (unsigned i = from; i < kPallocChunkPages && at == kPallocChunkPages; i++) {
      if (b.get(i)) {
        run = 0;
        continue;
      }
      if (firstFree == kPallocChunkPages) firstFree = i;
      if (++run == want) at = i + 1 - want;
    }
    const PallocBits::Found f = b.find(want, from);
    ASSERT_EQ(f.at, at) << "round " << round << " want " << want << " from " << from;
    ASSERT_EQ(f.firstFree, firstFree);
  }
}

struct Model {
  PageAlloc pages;
  std::map<uint64_t, std::vector<bool>> chunks;  // chunk number -> allocated

  void grow(uint64_t chunk, uint64_t count) {
    ASSERT_TRUE(pages.grow(chunk << kPallocChunkShift, count << kPallocChunkShift));
    for (uint64_t c = chunk; c < chunk + count; c++) chunks[c] = std::vector<bool>(kPallocChunkPages, false);
  }
  // First fit over everything; 0 when there is none.
  uint64_t lowestFit(uint64_t n) {
    uint64_t run = 0, start = 0, expect = 0;
    for (auto& [c, bits] : chunks) {
      if (c != expect) run = 0;
      expect = c + 1;
      for (unsigned i = 0; i < kPallocChunkPages; i++) {
        if (bits[i]) {
          run = 0;
          continue;
        }
        if (run == 0) start = (c << kPallocChunkShift) + i * kPageSize;
        if (++run == n) return start;
      }
    }
    return 0;
  }
  void set(uint64_t addr, uint64_t n, bool value) {
    for (; n; n--, addr += kPageSize) {
      std::vector<bool>& bits = chunks[addr >> kPallocChunkShift];
      const unsigned i = unsigned(addr >> kPageShift) % kPallocChunkPages;
      ASSERT_NE(bits[i], value);
      bits[i] = value;
    }
  }
  void check() {
    for (auto& [c, bits] : chunks) {
      for (unsigned i = 0; i < kPallocChunkPages; i++) ASSERT_EQ(pages.chunkOf(c)->alloc.get(i), bits[i]);
      ASSERT_EQ(pages.summary(kLeafLevel, c), pages.chunkOf(c)->alloc.summarize());
      for (unsigned l = kLeafLevel; l-- > 0;) {
        const uint64_t e = c >> (3 * (kLeafLevel - l));
        PallocSum below[8];
        for (unsigned k = 0; k < 8; k++) below[k] = pages.summary(l + 1, e * 8 + k);
        ASSERT_EQ(pages.summary(l, e), mergeSummaries(below, 8, summaryLogPages(l + 1)));
      }
    }
  }
};

TEST(PageAlloc, RandomAgainstModel) {
  Random r(testSeed() + 1);
  auto model = std::make_unique<Model>();
  SysMemStat stat;
  model->pages.stat = &stat;
  // Neighbours, a gap inside one level-3 entry, and one far away across level-0 entries.
  const uint64_t chunks[] = {0x3000, 0x3001, 0x3002, 0x3005, 0x3006, 0x30000, 0x30001, 0x30040};
  size_t grown = 0;
  std::vector<std::pair<uint64_t, uint64_t>> live;
  for (int step = 0; step < 6000; step++) {
    if (r.below(100) < 55 || live.empty()) {
      const uint64_t n = r.below(10) ? 1 + r.below(20) : 1 + r.below(1300);
      const uint64_t want = model->lowestFit(n);
      const PageAlloc::Result got = model->pages.alloc(n);
      ASSERT_EQ(got.addr, want) << "step " << step << " pages " << n;
      if (want) {
        model->set(want, n, true);
        live.push_back({want, n});
      } else if (grown < std::size(chunks)) {
        model->grow(chunks[grown++], 1);
      } else {
        // Full: give half of it back.
        for (size_t k = live.size() / 2; k > 0; k--) {
          const size_t i = r.below(live.size());
          model->pages.free(live[i].first, live[i].second);
          model->set(live[i].first, live[i].second, false);
          live[i] = live.back();
          live.pop_back();
        }
      }
    } else {
      const size_t i = r.below(live.size());
      model->pages.free(live[i].first, live[i].second);
      model->set(live[i].first, live[i].second, false);
      live[i] = live.back();
      live.pop_back();
    }
    if (step % 500 == 0) model->check();
  }
  model->check();
}

TEST(PageAlloc, ScavengedPagesAreCountedOnce) {
  auto pages = std::make_unique<PageAlloc>();
  SysMemStat stat;
  pages->stat = &stat;
  ASSERT_TRUE(pages->grow(uint64_t{0x3000} << kPallocChunkShift, kPallocChunkBytes));
  const PageAlloc::Result a = pages->alloc(10);
  EXPECT_EQ(a.scavenged, 10 * kPageSize);  // fresh memory is not resident
  pages->free(a.addr, 10);
  EXPECT_EQ(pages->alloc(4).scavenged, 0u);
  uint64_t given = 0;
  EXPECT_EQ(pages->takeForScavenge(100, [&](uint64_t, uint64_t n) { given += n; }), 6u);
  EXPECT_EQ(given, 6u);
  EXPECT_EQ(pages->alloc(6).scavenged, 6 * kPageSize);
}

TEST(PageAlloc, PagesTakenAheadStayFree) {
  auto pages = std::make_unique<PageAlloc>();
  SysMemStat stat;
  pages->stat = &stat;
  const uint64_t base = uint64_t{0x3000} << kPallocChunkShift;
  ASSERT_TRUE(pages->grow(base, kPallocChunkBytes));
  ASSERT_EQ(pages->alloc(20).addr, base);
  pages->free(base + 4 * kPageSize, 16);
  pages->takeForScavenge(100, [](uint64_t, uint64_t) {});
  // From what is allocated, none; not more than asked for; from what is resident, none; up to the chunk's end.
  EXPECT_EQ(pages->takeAhead(base + 3 * kPageSize, 8), 0u);
  EXPECT_EQ(pages->takeAhead(base + 4 * kPageSize, 8), 8u);
  EXPECT_EQ(pages->takeAhead(base + 4 * kPageSize, 8), 0u);
  const PageAlloc::Result r = pages->alloc(10);
  EXPECT_EQ(r.addr, base + 4 * kPageSize);
  EXPECT_EQ(r.scavenged, 2 * kPageSize);
  EXPECT_EQ(pages->takeAhead(base + 14 * kPageSize, kPallocChunkPages), kPallocChunkPages - 14u);
  EXPECT_EQ(pages->takeAhead(base + kPallocChunkBytes, 1), 0u);
  EXPECT_EQ(pages->alloc(100).scavenged, 0u);
}

}  // namespace
}  // namespace burrow::rt
