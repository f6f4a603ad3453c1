// Maps against std::map, for every way to look at keys, with all operations mixed at random; iteration under change; the
// errors that a program can see.
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "host_env.h"
#include "map/map.h"
#include "map/table.h"

namespace burrow::rt {
namespace {

class Maps : public ::testing::Test {
 protected:
  void SetUp() override { initRuntime(); }
};

// Structural invariants: counts, probe reachability, directory and depths.
void checkInvariants(const MapType* t, const Map* m) {
  uint64_t used = 0;
  if (m->dirLen == 0) {
    if (m->dirPtr) used = uint64_t(__builtin_popcount(m->smallGroup().matchFull()));
  } else {
    ASSERT_EQ(m->dirLen, int64_t{1} << m->globalDepth);
    for (int64_t i = 0; i < m->dirLen;) {
      Table* tab = m->directory()[i];
      ASSERT_EQ(tab->index, i);
      const int64_t row = int64_t{1} << (m->globalDepth - tab->localDepth);
      for (int64_t k = 0; k < row; k++) ASSERT_EQ(m->directory()[i + k], tab);
      unsigned full = 0, empty = 0;
      for (uint64_t g = 0; g <= tab->lengthMask; g++) {
        Group group = tab->group(t, g);
        full += unsigned(__builtin_popcount(group.matchFull()));
        empty += unsigned(__builtin_popcount(group.matchEmpty()));
      }
      ASSERT_EQ(full, tab->used);
      ASSERT_EQ(tab->capacity, (tab->lengthMask + 1) * kSlots);
      const unsigned dead = tab->capacity - full - empty;
      ASSERT_EQ(tab->growthLeft, maxGrowthLeft(tab->capacity) - full - dead);
      ASSERT_GE(empty, 1u);
      used += full;
      i += row;
    }
  }
  ASSERT_EQ(used, m->used);
}

// How one kind of key is made and used.
template <class K>
struct Ops;
template <>
struct Ops<uint32_t> {
  static const MapType* type() { return mapType(scalarType(4, abi::kUint32), scalarType(8, abi::kUint64)); }
  static void* get(const MapType* t, Map* m, uint32_t k, bool* ok) {
    const ElemOk r = mapaccess2_fast32(t, m, k);
    *ok = r.ok;
    EXPECT_EQ(mapaccess1_fast32(t, m, k), r.elem);
    return r.elem;
  }
  static void* put(const MapType* t, Map* m, uint32_t k) { return mapassign_fast32(t, m, k); }
  static void del(const MapType* t, Map* m, uint32_t k) { mapdelete_fast32(t, m, k); }
  static uint32_t make(uint64_t n) { return uint32_t(n); }
  static uint32_t read(const void* p) { return *static_cast<const uint32_t*>(p); }
};
template <>
struct Ops<uint64_t> {
  static const MapType* type() { return mapType(scalarType(8, abi::kUint64), scalarType(8, abi::kUint64)); }
  static void* get(const MapType* t, Map* m, uint64_t k, bool* ok) {
    const ElemOk r = mapaccess2_fast64(t, m, k);
    *ok = r.ok;
    // The general way must agree.
    EXPECT_EQ(mapaccess1(t, m, &k), r.elem);
    return r.elem;
  }
  static void* put(const MapType* t, Map* m, uint64_t k) { return mapassign_fast64(t, m, k); }
  static void del(const MapType* t, Map* m, uint64_t k) { mapdelete_fast64(t, m, k); }
  static uint64_t make(uint64_t n) { return n * 0x10001; }
  static uint64_t read(const void* p) { return *static_cast<const uint64_t*>(p); }
};
template <>
struct Ops<std::string> {
  static const MapType* type() { return mapType(stringType(), scalarType(8, abi::kUint64)); }
  // Map keys keep pointing to their bytes.
  static GoString keep(const std::string& s) {
    static std::set<std::string> all;
    const std::string& k = *all.insert(s).first;
    return {reinterpret_cast<const uint8_t*>(k.data()), int64_t(k.size())};
  }
  static void* get(const MapType* t, Map* m, const std::string& k, bool* ok) {
    const GoString s = keep(k);
    const ElemOk r = mapaccess2_faststr(t, m, s);
    *ok = r.ok;
    EXPECT_EQ(mapaccess1(t, m, &s), r.elem);
    return r.elem;
  }
  static void* put(const MapType* t, Map* m, const std::string& k) { return mapassign_faststr(t, m, keep(k)); }
  static void del(const MapType* t, Map* m, const std::string& k) { mapdelete_faststr(t, m, keep(k)); }
  static std::string make(uint64_t n) { return std::string(n % 90, 'k') + std::to_string(n); }
  static std::string read(const void* p) {
    auto* s = static_cast<const GoString*>(p);
    return std::string(reinterpret_cast<const char*>(s->data), size_t(s->len));
  }
};
// A key and an element so large that both are stored indirectly.
struct Big {
  uint64_t v;
  friend bool operator<(Big a, Big b) { return a.v < b.v; }
  friend bool operator==(Big a, Big b) { return a.v == b.v; }
};
template <>
struct Ops<Big> {
  struct Bytes {
    uint64_t v[25];
    explicit Bytes(Big b) {
      for (uint64_t& x : v) x = b.v;
    }
  };
  static const MapType* type() { return mapType(scalarType(200, abi::kStruct), scalarType(200, abi::kStruct)); }
  static void* get(const MapType* t, Map* m, Big k, bool* ok) {
    const Bytes b(k);
    const ElemOk r = mapaccess2(t, m, &b);
    *ok = r.ok;
    EXPECT_EQ(mapaccess1(t, m, &b), r.elem);
    uint64_t zero[25];
    void* want = r.ok ? r.elem : zero;
    EXPECT_EQ(mapaccess1_fat(t, m, &b, zero), want);
    return r.elem;
  }
  static void* put(const MapType* t, Map* m, Big k) {
    const Bytes b(k);
    return mapassign(t, m, &b);
  }
  static void del(const MapType* t, Map* m, Big k) {
    const Bytes b(k);
    mapdelete(t, m, &b);
  }
  static Big make(uint64_t n) { return {n}; }
  static Big read(const void* p) { return {*static_cast<const uint64_t*>(p)}; }
};

template <class K>
void randomAgainstModel(uint64_t seed, int steps, uint64_t keySpace) {
  using O = Ops<K>;
  Random r(seed);
  const MapType* t = O::type();
  Map* m = r.below(2) ? makemap_small() : makemap(t, int64_t(r.below(keySpace)), nullptr);
  std::map<K, uint64_t> model;
  // Phases of mostly adding and of mostly deleting, so that tables fill up with tombstones too.
  bool adding = true;
  for (int step = 0; step < steps; step++) {
    if (r.below(400) == 0) adding = !adding;
    const K k = O::make(r.below(keySpace));
    const uint64_t what = r.below(10);
    if (what < (adding ? 6u : 2u)) {
      const uint64_t v = r.next();
      const bool had = model.count(k);
      auto* e = static_cast<uint64_t*>(O::put(t, m, k));
      ASSERT_EQ(*e, had ? model[k] : 0) << "a new element is zero, an old one keeps its value";
      *e = v;
      model[k] = v;
    } else if (what < 8) {
      O::del(t, m, k);
      model.erase(k);
    } else if (what < 9 || r.below(50)) {
      bool ok;
      const void* e = O::get(t, m, k, &ok);
      auto it = model.find(k);
      ASSERT_EQ(ok, it != model.end());
      ASSERT_EQ(*static_cast<const uint64_t*>(e), ok ? it->second : 0);
    } else if (r.below(60) == 0) {
      mapclear(t, m);
      model.clear();
    } else {
      // Iterate, comparing everything.
      std::map<K, uint64_t> seen;
      Iter it{};
      for (mapIterStart(t, m, &it); it.key; mapIterNext(&it)) {
        ASSERT_TRUE(seen.emplace(O::read(it.key), *static_cast<uint64_t*>(it.elem)).second);
      }
      ASSERT_EQ(seen, model);
    }
    ASSERT_EQ(m->used, model.size());
    if (step % 1000 == 0) checkInvariants(t, m);
  }
  checkInvariants(t, m);
  Map* copy = mapcloneMap(t, m);
  checkInvariants(t, copy);
  for (auto& [k, v] : model) {
    bool ok;
    void* e = O::get(t, copy, k, &ok);
    ASSERT_TRUE(ok);
    *static_cast<uint64_t*>(e) = v + 1;
    ASSERT_EQ(*static_cast<uint64_t*>(O::get(t, m, k, &ok)), v) << "the copy is independent";
  }
}

TEST_F(Maps, Fast32) {
  randomAgainstModel<uint32_t>(testSeed() + 10, 30000, 5000);
  randomAgainstModel<uint32_t>(testSeed() + 11, 5000, 9);
}
TEST_F(Maps, Fast64) {
  randomAgainstModel<uint64_t>(testSeed() + 12, 40000, 9000);
  randomAgainstModel<uint64_t>(testSeed() + 13, 5000, 20);
}
TEST_F(Maps, FastStr) { randomAgainstModel<std::string>(testSeed() + 14, 20000, 3000); }
TEST_F(Maps, Indirect) { randomAgainstModel<Big>(testSeed() + 15, 10000, 1500); }

// The contract of range, with the map changed at random in every step.
TEST_F(Maps, IterationUnderChange) {
  const uint64_t seed = testSeed() + 20;
  for (uint64_t round = 0; round < 60; round++) {
    Random r(seed + round);
    const MapType* t = Ops<uint64_t>::type();
    Map* m = makemap_small();
    std::set<uint64_t> present, stayed;
    const uint64_t n = r.below(3) ? r.below(40) : r.below(4000);
    for (uint64_t i = 0; i < n; i++) {
      *static_cast<uint64_t*>(mapassign_fast64(t, m, i)) = i;
      present.insert(i);
    }
    stayed = present;
    std::set<uint64_t> seen;
    const uint64_t growth = r.below(4), churn = r.below(6);
    constexpr uint64_t kNew = 1 << 20;
    uint64_t nextNew = kNew;
    Iter it{};
    for (mapIterStart(t, m, &it); it.key; mapIterNext(&it)) {
      const uint64_t k = *static_cast<uint64_t*>(it.key);
      ASSERT_TRUE(seen.insert(k).second) << "seed " << seed + round << ": key " << k << " twice";
      ASSERT_TRUE(present.count(k)) << "seed " << seed + round << ": deleted key " << k;
      ASSERT_EQ(*static_cast<uint64_t*>(it.elem), k % kNew + (k >= kNew));
      for (uint64_t g = 0; g < growth && nextNew < kNew + 5000; g++) {
        *static_cast<uint64_t*>(mapassign_fast64(t, m, nextNew)) = nextNew % kNew + 1;
        present.insert(nextNew++);
      }
      for (uint64_t c = 0; c < churn && n; c++) {
        const uint64_t d = r.below(n);
        if (seen.count(d) && r.below(2)) continue;
        mapdelete_fast64(t, m, d);
        present.erase(d);
        stayed.erase(d);
      }
      if (r.below(3000) == 0) {
        mapclear(t, m);
        present.clear();
        stayed.clear();
      }
    }
    for (uint64_t k : stayed) ASSERT_TRUE(seen.count(k)) << "seed " << seed + round << ": key " << k << " missed";
  }
}

TEST_F(Maps, IterationOrderVaries) {
  const MapType* t = Ops<uint64_t>::type();
  Map* m = makemap_small();
  for (uint64_t i = 0; i < 8; i++) mapassign_fast64(t, m, i);
  std::set<uint64_t> firsts;
  for (int i = 0; i < 200; i++) {
    Iter it{};
    mapIterStart(t, m, &it);
    firsts.insert(*static_cast<uint64_t*>(it.key));
  }
  EXPECT_EQ(firsts.size(), 8u);
}

TEST_F(Maps, NaNKeysAccumulateAndAreSeenOnce) {
  const MapType* t = mapType(float64Type(), scalarType(8, abi::kUint64));
  Map* m = makemap_small();
  const double nan = NAN;
  for (uint64_t i = 0; i < 100; i++) *static_cast<uint64_t*>(mapassign(t, m, &nan)) = i;
  EXPECT_EQ(m->used, 100u);
  EXPECT_FALSE(mapaccess2(t, m, &nan).ok);
  mapdelete(t, m, &nan);
  EXPECT_EQ(m->used, 100u);
  std::set<uint64_t> seen;
  Iter it{};
  uint64_t extra = 1000;
  for (mapIterStart(t, m, &it); it.key; mapIterNext(&it)) {
    const uint64_t v = *static_cast<uint64_t*>(it.elem);
    ASSERT_TRUE(seen.insert(v).second);
    // Grow under the walk.
    for (int i = 0; i < 20 && extra < 3000; i++) *static_cast<uint64_t*>(mapassign(t, m, &nan)) = extra++;
  }
  for (uint64_t i = 0; i < 100; i++) EXPECT_TRUE(seen.count(i)) << i;
  mapclear(t, m);
  EXPECT_EQ(m->used, 0u);
}

TEST_F(Maps, ZeroKeepsItsSignFromTheLastWrite) {
  const MapType* t = mapType(float64Type(), scalarType(8, abi::kUint64));
  Map* m = makemap_small();
  const double plus = 0.0, minus = -0.0;
  mapassign(t, m, &plus);
  mapassign(t, m, &minus);
  EXPECT_EQ(m->used, 1u);
  Iter it{};
  mapIterStart(t, m, &it);
  EXPECT_TRUE(std::signbit(*static_cast<double*>(it.key)));
}

TEST_F(Maps, ErrorsOfPrograms) {
  const MapType* t = Ops<uint64_t>::type();
  EXPECT_EQ(stopOf([&] { mapassign_fast64(t, nullptr, 1); }), "panic: assignment to entry in nil map");
  EXPECT_EQ(stopOf([&] { mapdelete_fast64(t, nullptr, 1); }), "");
  EXPECT_FALSE(mapaccess2_fast64(t, nullptr, 1).ok);
  mapclear(t, nullptr);

  const MapType* any = mapType(anyType(), scalarType(8, abi::kUint64));
  const Type* bad = pointerType(24, 1);  // not comparable
  uint64_t data[3] = {};
  const Eface key{bad, data}, good{scalarType(8, abi::kInt), data};
  Map* m = makemap_small();
  EXPECT_EQ(stopOf([&] { mapaccess1(any, m, &key); }), "panic: hash of unhashable type: ");
  EXPECT_EQ(stopOf([&] { mapassign(any, m, &key); }).substr(0, 45), "panic: runtime error: hash of unhashable type");
  EXPECT_EQ(m->writing, 0);
  mapassign(any, m, &good);
  EXPECT_EQ(stopOf([&] { mapdelete(any, m, &key); }).substr(0, 45), "panic: runtime error: hash of unhashable type");
  EXPECT_TRUE(mapaccess2(any, m, &good).ok);

  Map* busy = makemap_small();
  mapassign_fast64(t, busy, 1);
  busy->writing = 1;
  EXPECT_EQ(stopOf([&] { mapassign_fast64(t, busy, 1); }), "fatal: concurrent map writes");
  EXPECT_EQ(stopOf([&] { mapaccess1_fast64(t, busy, 1); }), "fatal: concurrent map read and map write");
  EXPECT_EQ(stopOf([&] { mapdelete_fast64(t, busy, 1); }), "fatal: concurrent map writes");
  EXPECT_EQ(stopOf([&] { mapclear(t, busy); }), "fatal: concurrent map writes");
  Iter it{};
  EXPECT_EQ(stopOf([&] { mapIterStart(t, busy, &it); }), "fatal: concurrent map iteration and map write");
}

TEST_F(Maps, HugeHintsAreOnlyHints) {
  const MapType* t = Ops<uint64_t>::type();
  EXPECT_EQ(makemap(t, INT64_MAX, nullptr)->dirLen, 0);
  EXPECT_EQ(makemap(t, -5, nullptr)->dirLen, 0);
  Map* m = makemap(t, 10000, nullptr);
  EXPECT_EQ(m->dirLen, 16);
  checkInvariants(t, m);
}

}  // namespace
}  // namespace burrow::rt
