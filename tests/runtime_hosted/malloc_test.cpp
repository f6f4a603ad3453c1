// The whole allocator on host memory: every object is zero, aligned, disjoint from all others, found again by an address
// inside it, and knows where its pointers are; statistics add up; failures of the system end as they should.
#include <sys/resource.h>

#include <cstring>
#include <map>
#include <thread>

#include "host_env.h"
#include "mem/malloc.h"
#include "mem/mem_stats.h"

namespace burrow::rt {
namespace {

class Malloc : public ::testing::Test {
 protected:
  void SetUp() override { initRuntime(); }
};

TEST_F(Malloc, ZeroSizeHasOneAddress) {
  EXPECT_EQ(mallocgc(0, nullptr, true), &zerobase);
  EXPECT_EQ(newobject(scalarType(0, abi::kStruct)), &zerobase);
}

TEST_F(Malloc, TinyObjectsShareBlocks) {
  auto* a = static_cast<uint8_t*>(mallocgc(1, nullptr, true));
  auto* b = static_cast<uint8_t*>(mallocgc(1, nullptr, true));
  auto* c = static_cast<uint8_t*>(mallocgc(8, nullptr, true));
  EXPECT_TRUE(b == a + 1 || uint64_t(b) % 16 == 0);
  EXPECT_EQ(uint64_t(c) % 8, 0u);
  EXPECT_EQ(*a, 0);
}

TEST_F(Malloc, RandomObjectsAgainstModel) {
  Random r(testSeed() + 2);
  const Type* patterns[] = {pointerType(8, 1), pointerType(16, 2), pointerType(24, 0b101), pointerType(64, 0x81),
                            pointerType(104, 0x1fff), pointerType(512, ~uint64_t{0} >> 1)};
  struct Object {
    uint64_t size;
    const Type* type;
    uint8_t fill;
  };
  std::map<uint64_t, Object> objects;
  for (int step = 0; step < 10000; step++) {
    uint64_t size;
    const Type* type = nullptr;
    if (r.below(2)) {
      type = patterns[r.below(6)];
      size = type->size * (r.below(4) ? 1 : 1 + r.below(40));
      if (r.below(200) == 0) size = type->size * (600 + r.below(200));
    } else {
      size = r.below(100) ? 1 + r.below(700) : 1 + r.below(100000);
    }
    auto* p = static_cast<uint8_t*>(mallocgc(size, type, true));
    const uint64_t at = uint64_t(p);
    for (uint64_t i = 0; i < size; i++) ASSERT_EQ(p[i], 0);
    ASSERT_EQ(at % (type ? 8 : size >= 16 ? 8 : 1), 0u);
    auto next = objects.lower_bound(at);
    if (next != objects.end()) {
      ASSERT_GE(next->first, at + size);
    }
    if (next != objects.begin()) {
      auto before = std::prev(next);
      ASSERT_LE(before->first + before->second.size, at);
    }
    if (type) {
      MSpan* s = spanOfHeap(at);
      ASSERT_NE(s, nullptr);
      uint64_t base, have;
      ASSERT_TRUE(findObject(at + r.below(size), &base, &have));
      ASSERT_EQ(base, at);
      ASSERT_GE(have, size);
      // The pointer slots are exactly the type's, repeated.
      const uint64_t slot = s->sizeClass() && !heapBitsInSpan(s->elemsize) ? at - 8 : at;
      std::vector<bool> words(size / 8);
      forEachPointerSlot(s, slot, [&](uint64_t a) {
        if (a - at < size) words[(a - at) / 8] = true;
      });
      for (uint64_t w = 0; w < size / 8; w++) {
        const uint64_t inElem = w % (type->size / 8);
        ASSERT_EQ(words[w], bool(type->gcData[inElem / 8] >> (inElem % 8) & 1)) << "size " << size << " word " << w;
      }
    }
    // Not for typed ones: the fill could look like a header to nobody, but keep the pattern simple.
    const uint8_t fill = uint8_t(r.next());
    if (!type) memset(p, fill, size);
    objects[at] = {size, type, type ? uint8_t(0) : fill};
  }
  for (auto& [at, o] : objects) {
    auto* p = reinterpret_cast<uint8_t*>(at);
    for (uint64_t i = 0; i < o.size; i++) ASSERT_EQ(p[i], o.fill);
  }
}

TEST_F(Malloc, LargeSpansComeBackZeroed) {
  MSpan* s = mheap_.alloc(20, makeSpanClass(0, true));
  memset(reinterpret_cast<void*>(s->base()), 0xee, 20 * kPageSize);
  const uint64_t at = s->base();
  mheap_.freeSpan(s);
  auto* p = static_cast<uint8_t*>(mallocgc(20 * kPageSize, nullptr, true));
  EXPECT_EQ(uint64_t(p), at);  // lowest fit
  for (uint64_t i = 0; i < 20 * kPageSize; i++) ASSERT_EQ(p[i], 0);
}

TEST_F(Malloc, TypeMaskOnDemand) {
  // [40]struct{p; x} without a mask of its own.
  abi::ArrayType a{};
  a.kind = abi::kArray;
  a.elem = pointerType(16, 1);
  a.len = 40;
  a.size = 640;
  a.ptrBytes = 39 * 16 + 8;
  a.tflag = abi::kTFlagGcMaskOnDemand;
  uint8_t* cell = nullptr;
  a.gcData = reinterpret_cast<uint8_t*>(&cell);
  const uint8_t* mask = getGCMask(&a);
  for (unsigned w = 0; w < 79; w++) EXPECT_EQ(mask[w / 8] >> (w % 8) & 1, w % 2 == 0);
  EXPECT_EQ(getGCMask(&a), mask);
}

TEST_F(Malloc, StatsAddUp) {
  GoMemStats before, after;
  readMemStats(&before);
  const Type* t = pointerType(48, 1);
  for (int i = 0; i < 1000; i++) mallocgc(48, t, true);
  for (int i = 0; i < 10; i++) mallocgc(100000, nullptr, true);
  readMemStats(&after);
  EXPECT_EQ(after.mallocs - before.mallocs, 1010u);
  EXPECT_EQ(after.totalAlloc - before.totalAlloc, 1000 * 48 + 10 * alignUp<uint64_t>(100000, kPageSize));
  EXPECT_EQ(after.heapSys, after.heapIdle + after.heapInuse);
  EXPECT_EQ(after.heapObjects, after.mallocs - after.frees);
  EXPECT_EQ(after.sys, after.heapSys + after.stackSys + after.mspanSys + after.mcacheSys + after.buckHashSys + after.gcSys +
                           after.otherSys);
  EXPECT_EQ(after.heapSys, mheap_.stats.heapMapped.load());
}

TEST_F(Malloc, ThreadsDoNotShareObjects) {
  std::vector<std::thread> threads;
  std::vector<std::vector<uint64_t>> got(4);
  for (unsigned t = 0; t < 4; t++) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20000; i++) {
        auto* p = static_cast<uint64_t*>(mallocgc(16 + 16 * (i % 20), nullptr, true));
        *p = t + 1;
        got[t].push_back(uint64_t(p));
      }
    });
  }
  for (std::thread& t : threads) t.join();
  for (unsigned t = 0; t < 4; t++) {
    for (uint64_t p : got[t]) ASSERT_EQ(*reinterpret_cast<uint64_t*>(p), t + 1);
  }
}

TEST_F(Malloc, ScavengedMemoryIsZeroAgain) {
  void* big = mallocgc(8 << 20, nullptr, false);
  memset(big, 1, 8 << 20);
  MSpan* s = spanOfHeap(uint64_t(big));
  mheap_.freeSpan(s);
  const uint64_t free = mheap_.stats.heapFree.load();
  EXPECT_GE(free, uint64_t{8} << 20);
  EXPECT_EQ(mheap_.scavenge(~uint64_t{0} >> 1), free);
  EXPECT_EQ(mheap_.stats.heapFree.load(), 0u);
  auto* again = static_cast<uint8_t*>(mallocgc(8 << 20, nullptr, true));
  EXPECT_EQ(again[0] | again[(8 << 20) - 1], 0);
}

TEST_F(Malloc, RefusalsEndAsOutOfMemory) {
  failReserveIn = 1;
  EXPECT_EQ(stopOf([] { mallocgc(uint64_t{1} << 30, nullptr, true); }), "");  // another place was found
  takeOutput();
  // A throw leaves the locks taken: a real program is over then.
  auto revive = [] {
    mheap_.lock.key.store(0);
    getm()->locks = 0;
  };
  EXPECT_EQ(stopOf([] { mallocgc(uint64_t{1} << 47, nullptr, true); }), "throw: out of memory");
  EXPECT_NE(takeOutput().find("runtime: out of memory: cannot allocate 140737488355328-byte block ("), std::string::npos);
  revive();
  failMapIn = 1;  // the reservation works, the memory is refused
  EXPECT_EQ(stopOf([] { mallocgc(uint64_t{1} << 31, nullptr, true); }), "throw: runtime: out of memory");
  revive();
  EXPECT_EQ(stopOf([] { makeslice(scalarType(8, abi::kInt), -1, 5); }), "panic: runtime error: makeslice: len out of range");
  EXPECT_EQ(stopOf([] { makeslice(scalarType(8, abi::kInt), 6, 5); }), "panic: runtime error: makeslice: cap out of range");
  EXPECT_EQ(stopOf([] { makeslice(scalarType(8, abi::kInt), 1, int64_t{1} << 60); }),
            "panic: runtime error: makeslice: cap out of range");
}

}  // namespace
}  // namespace burrow::rt
