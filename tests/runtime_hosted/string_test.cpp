// Strings, bytes, runes, hashes and float printing against the host's own functions or values from gc.
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "host_env.h"
#include "print/float_format.h"
#include "print/print.h"
#include "stack/stack.h"
#include "string/bytes.h"
#include "string/cpu_features.h"
#include "string/hash.h"
#include "string/search.h"
#include "string/string.h"
#include "string/utf8.h"

namespace burrow::rt {
namespace {

class Strings : public ::testing::Test {
 protected:
  void SetUp() override { initRuntime(); }
};

GoString go(const std::string& s) { return {reinterpret_cast<const uint8_t*>(s.data()), int64_t(s.size())}; }
std::string host(GoString s) { return std::string(reinterpret_cast<const char*>(s.data), size_t(s.len)); }

// Bytes that begin or end where the page before or after can't be read: the assembly is nothing AddressSanitizer sees into.
class AtTheEdge {
 public:
  explicit AtTheEdge(const std::vector<uint8_t>& bytes, bool atEnd = true) {
    base_ = static_cast<uint8_t*>(mmap(nullptr, 3 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(base_ + kPage, kPage, PROT_READ | PROT_WRITE);
    data_ = atEnd ? base_ + 2 * kPage - bytes.size() : base_ + kPage;
    std::copy(bytes.begin(), bytes.end(), data_);
  }
  ~AtTheEdge() { munmap(base_, 3 * kPage); }
  AtTheEdge(const AtTheEdge&) = delete;
  AtTheEdge& operator=(const AtTheEdge&) = delete;
  const uint8_t* data() const { return data_; }

 private:
  static constexpr size_t kPage = 4096;
  uint8_t *base_, *data_;
};

TEST_F(Strings, EqualityAtBothWidths) {
  Random r(testSeed() + 5);
  const bool wide = cpuWide;
  for (uint64_t n = 0; n < 520; n++) {
    std::vector<uint8_t> a(n);
    for (uint8_t& x : a) x = uint8_t(r.below(256));
    const AtTheEdge first(a), second(a);
    for (bool use : {false, wide}) {
      cpuWide = use;
      ASSERT_TRUE(memequal(first.data(), second.data(), n)) << n;
      ASSERT_TRUE(memequal(first.data(), first.data(), n)) << n;
      for (uint64_t at = 0; at < n; at++) {
        a[at] ^= 0x80;
        ASSERT_FALSE(memequal(a.data(), first.data(), n)) << n << " bytes that differ at " << at;
        a[at] ^= 0x80;
      }
    }
  }
  cpuWide = wide;
}

TEST_F(Strings, OrderAndSearchAtTheEdgesOfAPage) {
  Random r(testSeed() + 6);
  const bool wide = cpuWide;
  for (uint64_t n = 0; n < 300; n++) {
    std::vector<uint8_t> a(n);
    for (uint8_t& x : a) x = uint8_t(r.below(255));
    for (int round = 0; round < 8; round++) {
      std::vector<uint8_t> b(a.begin(), a.begin() + long(round < 4 ? n : r.below(n + 1)));
      if (!b.empty() && r.below(4)) b[r.below(b.size())] = uint8_t(r.below(256));
      if (!b.empty() && r.below(4) == 0) b.back() = 255;
      const AtTheEdge first(a, round & 1), second(b, round & 2);
      const GoString x{first.data(), int64_t(n)}, y{second.data(), int64_t(b.size())};
      const uint8_t one = b.empty() || r.below(4) == 0 ? 255 : b[r.below(b.size())];
      const auto at = std::find(b.begin(), b.end(), one);
      for (bool use : {false, wide}) {
        cpuWide = use;
        ASSERT_EQ(cmpstring(x, y), a == b ? 0 : a < b ? -1 : 1) << n;
        ASSERT_EQ(cmpstring(y, x), a == b ? 0 : b < a ? -1 : 1) << n;
        ASSERT_EQ(indexByte(y.data, y.len, one), at == b.end() ? -1 : at - b.begin()) << n;
      }
      cpuWide = wide;
      if (b.size() < 16) {
        ASSERT_EQ(search::countByte<16>(y.data, b.size(), one), std::count(b.begin(), b.end(), one)) << n;
      }
    }
  }
}

TEST_F(Strings, BytesAgainstTheHost) {
  Random r(testSeed() + 3);
  for (int round = 0; round < 20000; round++) {
    // Exact-size buffers, so that a read beyond them is noticed.
    const uint64_t n = r.below(r.below(4) ? 40 : 300);
    std::vector<uint8_t> a(n), b;
    for (uint8_t& x : a) x = uint8_t(r.below(3));
    b = a;
    if (n && r.below(2)) b[r.below(n)] ^= uint8_t(1 + r.below(255));
    ASSERT_EQ(memequal(a.data(), b.data(), n), a == b);
    const uint64_t m = r.below(n + 1);
    const int64_t c = cmpstring({a.data(), int64_t(n)}, {b.data(), int64_t(m)});
    const std::vector<uint8_t> shorter(b.begin(), b.begin() + long(m));
    ASSERT_EQ(c, a == shorter ? 0 : a < shorter ? -1 : 1);
    const uint8_t want = uint8_t(r.below(4));
    const auto at = std::find(a.begin(), a.end(), want);
    ASSERT_EQ(indexByte(a.data(), int64_t(n), want), at == a.end() ? -1 : at - a.begin());
    ASSERT_EQ(countByte(a.data(), int64_t(n), want), std::count(a.begin(), a.end(), want));
  }
}

template <int N>
void searchAgainstTheHost(Random& r) {
  for (int round = 0; round < 20000; round++) {
    // Few letters, so that beginnings of what is looked for are frequent; exact-size buffers, as above.
    const uint64_t n = r.below(r.below(4) ? 40 : 300);
    std::vector<uint8_t> a(n);
    const uint64_t letters = 1 + r.below(3);
    for (uint8_t& x : a) x = uint8_t(r.below(letters));
    const uint8_t one = uint8_t(r.below(4));
    ASSERT_EQ(search::countByte<N>(a.data(), n, one), std::count(a.begin(), a.end(), one));
    // A piece of it, as it is or with one letter changed.
    const uint64_t m = 2 + r.below(r.below(2) ? 6 : 70);
    std::vector<uint8_t> want(m);
    const uint64_t from = r.below(n + 1);
    for (uint64_t i = 0; i < m; i++) want[i] = from + i < n ? a[from + i] : uint8_t(r.below(letters));
    if (r.below(3) == 0) want[r.below(m)] = uint8_t(r.below(4));
    const auto found = std::search(a.begin(), a.end(), want.begin(), want.end());
    ASSERT_EQ(search::indexString<N>(a.data(), n, want.data(), m), found == a.end() ? -1 : found - a.begin());
  }
}

TEST_F(Strings, SearchAgainstTheHost) {
  Random r(testSeed() + 4);
  searchAgainstTheHost<16>(r);
  searchAgainstTheHost<32>(r);
}

// A single string is handed on as it is; one in a frame only when the caller has room in its own.
TEST_F(Strings, ConcatOfFrameString) {
  alignas(16) static uint8_t memory[2][512];
  StackSegment* older = new (memory[0]) StackSegment();
  StackSegment* newer = new (memory[1]) StackSegment();
  older->top = uintptr_t(memory[0]) + sizeof memory[0];
  newer->top = uintptr_t(memory[1]) + sizeof memory[1];
  newer->prev = older;
  G* gp = getg();
  gp->segment = newer;
  uint8_t buf[32];
  for (uint8_t* piece : memory) {
    uint8_t* bytes = piece + 400;
    memcpy(bytes, "frame", 5);
    const GoString parts[2] = {{bytes, 5}, {nullptr, 0}};
    EXPECT_EQ(concatstrings(buf, parts, 2).data, bytes);
    const GoString copy = concatstrings(nullptr, parts, 2);
    EXPECT_NE(copy.data, bytes);
    EXPECT_EQ(host(copy), "frame");
  }
  gp->segment = nullptr;
}

TEST_F(Strings, Conversions) {
  const std::string parts[3] = {"ab", "", "cdef"};
  const GoString gs[3] = {go(parts[0]), go(parts[1]), go(parts[2])};
  EXPECT_EQ(host(concatstrings(nullptr, gs, 3)), "abcdef");
  EXPECT_EQ(concatstrings(nullptr, gs, 2).data, gs[0].data);  // nothing to copy
  EXPECT_EQ(concatstrings(nullptr, gs + 1, 1).data, nullptr);
  const std::string xs(33, 'x');
  const GoSlice b = stringtoslicebyte(nullptr, go(xs));
  EXPECT_EQ(b.cap, 48);
  EXPECT_EQ(static_cast<uint8_t*>(b.data)[32], 'x');
  EXPECT_EQ(static_cast<uint8_t*>(b.data)[47], 0);
  EXPECT_EQ(host(slicebytetostring(nullptr, reinterpret_cast<const uint8_t*>("q"), 1)), "q");
  EXPECT_EQ(host(intstring(nullptr, 0x20ac)), "\xe2\x82\xac");
  EXPECT_EQ(host(intstring(nullptr, -1)), "\xef\xbf\xbd");
  EXPECT_EQ(host(intstring(nullptr, int64_t{1} << 32 | 'a')), "\xef\xbf\xbd");
  const std::string mixed = "a\xe2\x82\xac\xff\xf0\x9f\x98\x80";
  const GoSlice runes = stringtoslicerune(nullptr, go(mixed));
  const int32_t want[] = {'a', 0x20ac, 0xfffd, 0x1f600};
  ASSERT_EQ(runes.len, 4);
  EXPECT_EQ(memcmp(runes.data, want, sizeof want), 0);
  EXPECT_EQ(host(slicerunetostring(nullptr, want, 4)), "a\xe2\x82\xac\xef\xbf\xbd\xf0\x9f\x98\x80");
  EXPECT_EQ(countrunes(go(mixed)), 4);
}

TEST_F(Strings, EveryRuneRoundTripsAndNothingElseDecodes) {
  uint8_t buf[4];
  for (uint32_t r = 0; r <= kMaxRune; r++) {
    const unsigned n = encodeRune(buf, r);
    ASSERT_EQ(n, runeLen(r));
    const Rune d = decodeRuneAt(buf, n);
    const bool surrogate = r >= 0xd800 && r < 0xe000;
    ASSERT_EQ(d.rune, surrogate ? kRuneError : r);
    ASSERT_EQ(d.size, n);
    if (n > 1) {
      ASSERT_EQ(decodeRuneAt(buf, n - 1).size, 1u);  // cut off: one bad byte
    }
  }
  const char* bad[] = {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                       "\xf5\x80\x80\x80", "\xff"};
  for (const char* s : bad) {
    const Rune d = decodeRuneAt(reinterpret_cast<const uint8_t*>(s), strlen(s));
    EXPECT_EQ(d.rune, kRuneError);
    EXPECT_EQ(d.size, 1u);
  }
}

TEST_F(Strings, HashesSpread) {
  // Close keys: distinct hashes, and every bit of the hash changes about half the time.
  std::set<uint64_t> seen;
  int flips[64] = {};
  constexpr int kKeys = 4000;
  for (uint64_t i = 0; i < kKeys; i++) {
    const uint64_t h = memhash64(&i, 7);
    const uint64_t other = i ^ 1;
    const uint64_t diff = h ^ memhash64(&other, 7);
    for (int b = 0; b < 64; b++) flips[b] += diff >> b & 1;
    seen.insert(h);
  }
  EXPECT_EQ(seen.size(), size_t(kKeys));
  for (int b = 0; b < 64; b++) EXPECT_NEAR(flips[b], kKeys / 2, kKeys / 8) << b;
  seen.clear();
  std::string s(300, 'a');
  for (uint64_t n = 0; n <= 300; n++) seen.insert(memhash(s.data(), 1, n));  // prefixes
  EXPECT_EQ(seen.size(), 301u);
  for (uint64_t i = 0; i < 300; i++) {  // one byte different
    s[i] = 'b';
    seen.insert(memhash(s.data(), 1, 300));
    s[i] = 'a';
  }
  EXPECT_EQ(seen.size(), 601u);
  const double zero = 0.0, minusZero = -0.0, nan = NAN;
  EXPECT_EQ(f64hash(&zero, 3), f64hash(&minusZero, 3));
  EXPECT_NE(f64hash(&nan, 3), f64hash(&nan, 3));
}

std::string fmt(double v, unsigned bits = 64) {
  char buf[kMaxFloatChars];
  return std::string(buf, formatFloat(buf, v, bits));
}

TEST(Floats, AsGcPrintsThem) {
  EXPECT_EQ(fmt(0), "0");
  EXPECT_EQ(fmt(-0.0), "-0");
  EXPECT_EQ(fmt(NAN), "NaN");
  EXPECT_EQ(fmt(-INFINITY), "-Inf");
  EXPECT_EQ(fmt(1), "1");
  EXPECT_EQ(fmt(100000), "100000");
  EXPECT_EQ(fmt(1e6), "1e+06");
  EXPECT_EQ(fmt(1234567.5), "1.2345675e+06");
  EXPECT_EQ(fmt(0.0001), "0.0001");
  EXPECT_EQ(fmt(0.00001), "1e-05");
  EXPECT_EQ(fmt(123456.789), "123456.789");
  EXPECT_EQ(fmt(123456.789f, 32), "123456.79");
  EXPECT_EQ(fmt(0.1f, 32), "0.1");
  EXPECT_EQ(fmt(5e-324), "5e-324");
  EXPECT_EQ(fmt(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(fmt(2.2250738585072014e-308), "2.2250738585072014e-308");
  EXPECT_EQ(fmt(1e23), "1e+23");
  EXPECT_EQ(fmt(9007199254740993.0), "9.007199254740992e+15");
  EXPECT_EQ(fmt(3.4028234663852886e38f, 32), "3.4028235e+38");
}

size_t significant(const std::string& s) {
  std::string d;
  for (char c : s.substr(0, s.find('e'))) {
    if (c >= '0' && c <= '9') d += c;
  }
  d.erase(0, d.find_first_not_of('0'));
  while (d.size() > 1 && d.back() == '0') d.pop_back();
  return d.size();
}

TEST(Floats, ShortestAndRoundTrip) {
  Random r(testSeed() + 4);
  for (int i = 0; i < 4000; i++) {
    uint64_t bits = r.next();
    if (i % 4 == 0) bits &= ~((uint64_t{1} << r.below(52)) - 1);  // short mantissas, powers of two
    double v;
    memcpy(&v, &bits, 8);
    if (v != v || std::isinf(v)) continue;
    const std::string s = fmt(v);
    ASSERT_EQ(strtod(s.c_str(), nullptr), v) << s;
    // The C library's shortest: the least precision that reads back.
    char want[40];
    for (int p = 1; p <= 17; p++) {
      snprintf(want, sizeof want, "%.*e", p - 1, v);
      if (strtod(want, nullptr) == v) break;
    }
    ASSERT_LE(significant(s), significant(want)) << s << " " << want;
  }
}

TEST(Print, OneWritePerStatementInTheRightForm) {
  initRuntime();
  takeOutput();
  printlock();
  printint(-5);
  printsp();
  printuint(~uint64_t{0});
  printsp();
  printhex(255);
  printsp();
  printbool(true);
  printsp();
  printcomplex128(1, -2);
  printsp();
  printcomplex64(0.1f, NAN);
  printsp();
  printslice(reinterpret_cast<void*>(16), 1, 2);
  EXPECT_EQ(takeOutput(), "");
  printnl();
  printunlock();
  EXPECT_EQ(takeOutput(), "-5 18446744073709551615 0xff true (1-2i) (0.1+NaNi) [1/2]0x10\n");
  printint(INT64_MIN);
  EXPECT_EQ(takeOutput(), "-9223372036854775808");
}

}  // namespace
}  // namespace burrow::rt
