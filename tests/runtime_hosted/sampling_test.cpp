// MSpan::allocLimit: whoever draws limits (MemProfiler; here the test) is asked at exactly the slots that he drew, the object that is
// handed out next lies there, and allocation goes on as if nothing had been. A random walk, replayable by its seed.
#include "host_env.h"
#include "mem/malloc.h"

namespace burrow::rt {
namespace {

struct Draws {
  Random random{testSeed() + 17};
  uint64_t oneIn = 1;     // 0: none is sampled
  uint64_t samples = 0, large = 0;
  uint64_t expected = 0;  // address of the object that was announced last
};
Draws* draws;

void drawFrom(MSpan* s, unsigned from) {
  unsigned at = from;
  for (; at < s->nelems; at++) {
    const bool free = (s->allocBits[at / 8] >> at % 8 & 1) == 0;
    if (free && draws->oneIn != 0 && draws->random.below(draws->oneIn) == 0) break;
  }
  s->allocLimit = uint16_t(at);
}
void place(MSpan* s) { drawFrom(s, s->freeindex); }
bool due(MSpan* s) {
  const unsigned next = s->freeindex + unsigned(__builtin_ctzll(s->allocCache));
  EXPECT_LT(next, s->nelems);
  if (next < s->allocLimit) return false;
  EXPECT_EQ(next, s->allocLimit);
  draws->expected = s->base() + next * s->elemsize;
  drawFrom(s, next + 1);
  return true;
}
void record(uint64_t p, uint64_t) {
  EXPECT_EQ(p, draws->expected);
  draws->samples++;
}
void large(uint64_t, uint64_t size) {
  draws->large++;
  EXPECT_GT(size, 32768u);
}
void freed(void*) {}
constexpr MemProfiler profiler = {place, due, record, large, freed};

class Sampling : public ::testing::Test {
 protected:
  void SetUp() override {
    initRuntime();
    draws = &own_;
    memProfiler = &profiler;
    getMCache()->releaseAll();  // spans without limits
  }
  void TearDown() override {
    memProfiler = nullptr;
    getMCache()->releaseAll();
  }
  Draws own_;
};

TEST_F(Sampling, EveryObject) {
  const Type* pointer = pointerType(24, 0b101);
  for (uint64_t i = 1; i <= 5000; i++) {
    const bool scan = own_.random.below(2);
    const uint64_t size = scan ? 24 : 16 + own_.random.below(3000);
    const uint64_t at = uint64_t(mallocgc(size, scan ? pointer : nullptr, true));
    ASSERT_EQ(own_.samples, i) << "size " << size;
    ASSERT_EQ(own_.expected, at);
  }
}

TEST_F(Sampling, None) {
  own_.oneIn = 0;
  for (int i = 0; i < 5000; i++) mallocgc(16 + own_.random.below(3000), nullptr, true);
  EXPECT_EQ(own_.samples, 0u);
}

TEST_F(Sampling, SomeAndOnlyThose) {
  own_.oneIn = 37;
  constexpr int kObjects = 60000;
  for (int i = 0; i < kObjects; i++) {
    const uint64_t before = own_.samples;
    const uint64_t at = uint64_t(mallocgc(16 + own_.random.below(2000), nullptr, true));
    ASSERT_LE(own_.samples, before + 1);
    if (own_.samples != before) {
      ASSERT_EQ(own_.expected, at);
    }
  }
  // 1622 on average, with a deviation of 40.
  EXPECT_GT(own_.samples, 1622u - 240);
  EXPECT_LT(own_.samples, 1622u + 240);
}

TEST_F(Sampling, LargeObjects) {
  mallocgc(100000, nullptr, true);
  EXPECT_EQ(own_.large, 1u);
}

}  // namespace
}  // namespace burrow::rt
