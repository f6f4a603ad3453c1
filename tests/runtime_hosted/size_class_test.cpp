// Size classes against a search through the list, and the capacity that append gives against values seen from gc.
#include "host_env.h"
#include "abi/size_classes.h"
#include "slice/slice.h"

namespace burrow::rt {
namespace {

TEST(SizeClasses, LookupIsTheSmallestClassThatFits) {
  for (uint64_t size = 1; size <= kMaxSmallSize; size++) {
    unsigned c = 1;
    while (kSizeClassToSize[c] < size) c++;
    ASSERT_EQ(sizeClassOf(size), c) << size;
  }
}

TEST(SizeClasses, DivisionByMultiplication) {
  for (unsigned c = 1; c < kNumSizeClasses; c++) {
    const uint64_t size = kSizeClassToSize[c], span = kSizeClassToNPages[c] * kPageSize;
    for (uint64_t off = 0; off < span; off++) {
      ASSERT_EQ((off * kSizeClassToDivMagic[c]) >> 32, off / size) << "class " << c << " offset " << off;
    }
  }
}

TEST(SizeClasses, ObjectsOfAClassFitTheSpanAndTheBits) {
  for (unsigned c = 1; c < kNumSizeClasses; c++) {
    EXPECT_LE(kSizeClassToNPages[c] * kPageSize / kSizeClassToSize[c], uint64_t(kMaxObjsPerSpan));
    EXPECT_LE(kSizeClassToSize[c - 1], kSizeClassToSize[c]);
  }
  EXPECT_EQ(kSizeClassToNPages[sizeClassOf(kMinSizeForMallocHeader)], 1);
}

// cap after appending one element at a time to a nil slice, each time it changes.
std::vector<int64_t> growth(uint64_t elemSize, bool noscan, int64_t upTo) {
  std::vector<int64_t> caps;
  int64_t cap = 0;
  while (cap < upTo) {
    uint64_t bytes;
    cap = growslicecap(cap + 1, cap, elemSize, noscan, &bytes);
    caps.push_back(cap);
  }
  return caps;
}

TEST(Slices, CapacitySequence) {
#include "cap_sequences.inc"
  for (const CapSequence& s : kCapSequences) {
    EXPECT_EQ(growth(s.elemSize, s.noscan, s.caps.back()), s.caps) << s.elemSize << (s.noscan ? " noscan" : " scan");
  }
}

TEST(Slices, CapacityForManyAtOnce) {
  uint64_t bytes;
  EXPECT_EQ(growslicecap(33, 0, 1, true, &bytes), 48);
  EXPECT_EQ(growslicecap(5, 4, 8, true, &bytes), 8);
  EXPECT_EQ(growslicecap(9, 4, 8, true, &bytes), 10);  // more than twice: what is asked for, rounded up
  EXPECT_EQ(growslicecap(int64_t{1} << 60, 0, 8, true, &bytes), -1);
  EXPECT_EQ(growslicecap(INT64_MAX, 1, 1, true, &bytes), -1);
  EXPECT_EQ(nextslicecap(513, 512), 512 + (512 + 768) / 4);
}

}  // namespace
}  // namespace burrow::rt
