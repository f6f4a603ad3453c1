// Channels and select with threads for goroutines: values arrive once and in order, nobody sleeps through a wake-up, and the
// errors are gc's.
#include <algorithm>
#include <atomic>
#include <thread>

#include "chan/chan.h"
#include "host_env.h"

namespace burrow::rt {
namespace {

class Channels : public ::testing::Test {
 protected:
  void SetUp() override { initRuntime(); }
  const abi::ChanType* u64 = chanType(scalarType(8, abi::kUint64));
};

void send(HChan* c, uint64_t v) { chansend1(c, &v); }
bool recv(HChan* c, uint64_t* v) { return chanrecv2(c, v); }

// Waits until `want` goroutines sleep in the queue.
void waitForSleepers(HChan* c, const WaitQ& q, int want) {
  for (;;) {
    lock(&c->lock);
    int waiting = 0;
    for (Sudog* s = q.first; s; s = s->next) waiting++;
    unlock(&c->lock);
    if (waiting == want) return;
    std::this_thread::yield();
  }
}

TEST_F(Channels, BufferedWithoutPartners) {
  HChan* c = makechan(u64, 3);
  EXPECT_EQ(chancap(c), 3);
  for (uint64_t i = 0; i < 3; i++) send(c, i);
  uint64_t v = 9;
  EXPECT_FALSE(selectnbsend(c, &v));
  EXPECT_EQ(chanlen(c), 3);
  closechan(c);
  for (uint64_t i = 0; i < 3; i++) {
    ASSERT_TRUE(recv(c, &v));
    EXPECT_EQ(v, i);
  }
  EXPECT_FALSE(recv(c, &v));
  EXPECT_EQ(v, 0u);  // cleared
  const TwoBools r = selectnbrecv(&v, c);
  EXPECT_EQ(r.selected, 1u);
  EXPECT_EQ(r.received, 0u);
}

TEST_F(Channels, Errors) {
  uint64_t v = 0;
  HChan* c = makechan(u64, 1);
  closechan(c);
  EXPECT_EQ(stopOf([&] { chansend1(c, &v); }), "panic: send on closed channel");
  EXPECT_EQ(stopOf([&] { closechan(c); }), "panic: close of closed channel");
  EXPECT_EQ(stopOf([&] { closechan(nullptr); }), "panic: close of nil channel");
  EXPECT_EQ(stopOf([&] { makechan(u64, -1); }), "panic: makechan: size out of range");
  EXPECT_EQ(stopOf([&] { makechan(u64, int64_t{1} << 60); }), "panic: makechan: size out of range");
  EXPECT_FALSE(selectnbsend(nullptr, &v));
  EXPECT_EQ(selectnbrecv(&v, nullptr).selected, 0u);
  EXPECT_EQ(chanlen(nullptr) + chancap(nullptr), 0);
  abi::SelectCase cases[2] = {{c, &v}, {nullptr, &v}};
  uint16_t order[4];
  EXPECT_EQ(stopOf([&] { selectgo(cases, order, nullptr, 1, 1, true); }), "panic: send on closed channel");
  EXPECT_EQ(getm()->locks, 0);
}

// Element sizes from nothing to large, with pointers and without; buffers from none to many.
TEST_F(Channels, OrderIsKeptForAllShapes) {
  const Type* types[] = {scalarType(0, abi::kStruct), scalarType(1, abi::kUint8), scalarType(8, abi::kUint64),
                         pointerType(64, 0x81), scalarType(5000, abi::kArray)};
  for (const Type* t : types) {
    for (int64_t size : {0, 1, 7}) {
      HChan* c = makechan(chanType(t), size);
      constexpr int kCount = 200;
      std::thread sender([&] {
        std::vector<uint8_t> v(t->size + 1);
        for (int i = 0; i < kCount; i++) {
          std::fill(v.begin(), v.end(), uint8_t(i));
          chansend1(c, v.data());
        }
        closechan(c);
      });
      std::vector<uint8_t> v(t->size + 1);
      int got = 0;
      while (chanrecv2(c, v.data())) {
        for (uint64_t b = 0; b < t->size; b++) ASSERT_EQ(v[b], uint8_t(got));
        got++;
      }
      sender.join();
      EXPECT_EQ(got, kCount);
      EXPECT_EQ(c->recvq.first, nullptr);
      EXPECT_EQ(c->sendq.first, nullptr);
    }
  }
}

TEST_F(Channels, ManyToMany) {
  for (int64_t size : {0, 2}) {
    HChan* c = makechan(u64, size);
    constexpr uint64_t kEach = 400, kSenders = 4, kReceivers = 3;
    std::atomic<uint64_t> sum{0}, count{0};
    std::vector<std::thread> senders, receivers;
    for (uint64_t s = 0; s < kSenders; s++) {
      senders.emplace_back([&, s] {
        for (uint64_t i = 0; i < kEach; i++) send(c, s * kEach + i);
      });
    }
    for (uint64_t r = 0; r < kReceivers; r++) {
      receivers.emplace_back([&] {
        uint64_t v;
        while (recv(c, &v)) {
          sum += v;
          count++;
        }
      });
    }
    for (std::thread& t : senders) t.join();
    closechan(c);
    for (std::thread& t : receivers) t.join();
    const uint64_t n = kEach * kSenders;
    EXPECT_EQ(count, n);
    EXPECT_EQ(sum, n * (n - 1) / 2);
  }
}

TEST_F(Channels, CloseWakesEverybody) {
  HChan* c = makechan(u64, 0);
  std::atomic<int> ended{0}, panicked{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&] {
      uint64_t v = 7;
      if (!recv(c, &v) && v == 0) ended++;
    });
  }
  waitForSleepers(c, c->recvq, 4);
  closechan(c);
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(ended, 4);

  HChan* d = makechan(u64, 0);
  std::thread sender([&] {
    uint64_t v = 1;
    if (stopOf([&] { chansend1(d, &v); }) == "panic: send on closed channel") panicked++;
  });
  waitForSleepers(d, d->sendq, 1);
  closechan(d);
  sender.join();
  EXPECT_EQ(panicked, 1);
}

TEST_F(Channels, SelectIsFairAmongTheReady) {
  HChan* c[4];
  for (HChan*& x : c) {
    x = makechan(u64, 1000);
    for (uint64_t i = 0; i < 1000; i++) send(x, i);
  }
  int chosen[4] = {};
  for (int i = 0; i < 1000; i++) {
    uint64_t v;
    abi::SelectCase cases[5] = {{c[0], &v}, {c[1], &v}, {nullptr, &v}, {c[2], &v}, {c[3], &v}};
    uint16_t order[10];
    const SelectResult r = selectgo(cases, order, nullptr, 0, 5, true);
    ASSERT_TRUE(r.received);
    ASSERT_NE(r.chosen, 2);
    chosen[r.chosen > 2 ? r.chosen - 1 : r.chosen]++;
  }
  for (int n : chosen) EXPECT_GT(n, 150);
  uint64_t v;
  abi::SelectCase none[1] = {{makechan(u64, 0), &v}};
  uint16_t order[2];
  EXPECT_EQ(selectgo(none, order, nullptr, 0, 1, false).chosen, -1);
  EXPECT_EQ(selectgo(none, order, nullptr, 1, 0, false).chosen, -1);
}

// Threads that select over sending and receiving on the same channels, the same one twice among them: every value that was
// sent is received once, whatever the order of locks and wake-ups. Selects that do not match each other would wait for
// ever; the main thread moves them on with operations that do not wait.
TEST_F(Channels, SelectAgainstSelect) {
  HChan* c[3] = {makechan(u64, 0), makechan(u64, 1), makechan(u64, 0)};
  constexpr uint64_t kRounds = 1000;
  constexpr int kThreads = 4;
  std::atomic<uint64_t> sent{0}, received{0};
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; t++) {
    threads.emplace_back([&, t] {
      Random r(testSeed() + 30 + t);
      for (uint64_t i = 0; i < kRounds; i++) {
        uint64_t out[2] = {r.next() % 1000, r.next() % 1000}, in = 0;
        HChan* a = c[r.below(3)];
        HChan* b = c[r.below(3)];
        abi::SelectCase cases[4] = {{a, &out[0]}, {b, &out[1]}, {c[r.below(3)], &in}, {b, &in}};
        uint16_t order[8];
        const SelectResult s = selectgo(cases, order, nullptr, 2, 2, true);
        if (s.chosen < 2) {
          sent += out[s.chosen] + 1;
        } else {
          ASSERT_TRUE(s.received);
          received += in + 1;
        }
      }
      running--;
    });
  }
  while (running > 0) {
    uint64_t v = 5;
    for (HChan* x : c) {
      if (selectnbsend(x, &v)) sent += v + 1;
      uint64_t got;
      if (selectnbrecv(&got, x).selected) received += got + 1;
    }
    std::this_thread::yield();
  }
  for (std::thread& t : threads) t.join();
  uint64_t v;
  for (HChan* x : c) {
    while (selectnbrecv(&v, x).selected) received += v + 1;
    EXPECT_EQ(x->recvq.first, nullptr);
    EXPECT_EQ(x->sendq.first, nullptr);
  }
  EXPECT_EQ(sent, received);
}

}  // namespace
}  // namespace burrow::rt
