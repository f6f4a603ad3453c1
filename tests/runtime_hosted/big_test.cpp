// The loops of math/big against words that are taken one by one, with and without what only some processors have: vectors for the
// shifts (cpuWide), two carries for sums with products (cpuAdx). All lengths up to some turns of each loop, operands in one
// place where that is allowed.
#include <gtest/gtest.h>

#include <vector>

#include "host_env.h"
#include "stdlib/words.h"
#include "string/cpu_features.h"

namespace burrow::rt {

uint64_t bigLsh(uint64_t* z, int64_t n, int64_t, const uint64_t* x, int64_t, int64_t, uint64_t s);
uint64_t bigRsh(uint64_t* z, int64_t n, int64_t, const uint64_t* x, int64_t, int64_t, uint64_t s);

namespace {

constexpr uint64_t kLongest = 70;

class Big : public ::testing::Test {
 protected:
  void SetUp() override { cpuinit(); }
  void TearDown() override { cpuinit(); }

  // Words with long rows of ones and zeros, on which carries go far.
  std::vector<uint64_t> words(uint64_t n) {
    std::vector<uint64_t> w(n);
    for (uint64_t& x : w) x = r_.below(3) == 0 ? ~uint64_t{0} : r_.below(3) == 0 ? 0 : r_.below(~uint64_t{0});
    return w;
  }

  Random r_{testSeed() + 8};
};

TEST_F(Big, SumsWithProducts) {
  for (bool adx : {false, cpuAdx}) {
    cpuAdx = adx;
    for (uint64_t n = 0; n <= kLongest; n++) {
      for (int in = 0; in < 3; in++) {  // the result by itself, in x, in y
        std::vector<uint64_t> x = words(n), y = words(n), z(n);
        const uint64_t m = words(1)[0], a = words(1)[0];
        std::vector<uint64_t> want(n);
        uint64_t above = a;
        for (uint64_t i = 0; i < n; i++) {
          const unsigned __int128 sum = static_cast<unsigned __int128>(y[i]) * m + x[i] + above;
          want[i] = static_cast<uint64_t>(sum);
          above = static_cast<uint64_t>(sum >> 64);
        }
        std::vector<uint64_t>& to = in == 0 ? z : in == 1 ? x : y;
        ASSERT_EQ(addMul(to.data(), x.data(), y.data(), int64_t(n), m, a), above) << n << " words";
        ASSERT_EQ(to, want) << n << " words";
      }
    }
  }
}

TEST_F(Big, Shifts) {
  for (bool wide : {false, cpuWide}) {
    cpuWide = wide;
    for (uint64_t n = 1; n <= kLongest; n++) {
      for (uint64_t s = 1; s < 64; s += 1 + r_.below(9)) {
        // z some words from x, on the side to which they move.
        for (uint64_t apart : {uint64_t{0}, uint64_t{1}, uint64_t{3}, n}) {
          const std::vector<uint64_t> x = words(n);
          std::vector<uint64_t> left(n), right(n);
          for (uint64_t i = 0; i < n; i++) {
            left[i] = x[i] << s | (i > 0 ? x[i - 1] >> (64 - s) : 0);
            right[i] = x[i] >> s | (i + 1 < n ? x[i + 1] << (64 - s) : 0);
          }
          const auto count = int64_t(n);
          std::vector<uint64_t> room(n + apart);
          std::copy(x.begin(), x.end(), room.begin());
          ASSERT_EQ(bigLsh(room.data() + apart, count, count, room.data(), count, count, s), x[n - 1] >> (64 - s));
          ASSERT_TRUE(std::equal(left.begin(), left.end(), room.begin() + long(apart))) << n << " words " << apart << " apart by " << s;
          std::copy(x.begin(), x.end(), room.begin() + long(apart));
          ASSERT_EQ(bigRsh(room.data(), count, count, room.data() + apart, count, count, s), x[0] << (64 - s));
          ASSERT_TRUE(std::equal(right.begin(), right.end(), room.begin())) << n << " words " << apart << " apart by " << s;
        }
      }
    }
  }
}

}  // namespace
}  // namespace burrow::rt
