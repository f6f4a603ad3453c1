// The block profile (which stacks waited how long) and the mutex profile (which stacks held locks that others waited for).
//
// An event of the block profile is sampled always if it took at least SetBlockProfileRate nanoseconds, and otherwise with a
// probability in proportion, and then counts for as much more; so the sums are right on average. Of the mutex profile one in
// SetMutexProfileFraction events is. Durations are nanoseconds: pprof's "cycles" are so many per second.
#include "profile/block_profile.h"

#include "profile/buckets.h"

namespace burrow::rt {

namespace {

constexpr int64_t kMaxCounted = 1000;  // waiters of one mutex

Atomic<int64_t> blockRate, mutexRate;

void count(BucketKind kind, double events, double ns, int skip) {
  M* m = acquirem();
  uintptr_t pcs[kProfileDepth];
  const bool inRuntime = skip == kBlockInRuntime;
  const int n = profileStack(pcs, kProfileDepth, inRuntime ? 0 : skip, inRuntime);
  lock(&profLock);
  Bucket* b = stackBucket(kind, 0, pcs, n);
  b->block.count += events;
  b->block.nanoseconds += ns;
  unlock(&profLock);
  releasem(m);
}

int64_t start() { return blockRate.loadRelaxed() > 0 ? nanotime() : 0; }

void semaStart(Sudog* s, bool mutex) {
  s->releasetime = -start();
  if (mutex && mutexRate.loadRelaxed() > 0) s->acquiretime = nanotime();
}

// The sum would take a walk over all waiters at each release; their number and the time of the first and the last are enough to be
// right on average. The two ends of what is left are charged from now on, so that nothing is charged twice.
int64_t wakeFirst(Sudog* first) {
  if (first == nullptr) return 0;
  blockWake(first);
  if (first->acquiretime == 0) return 0;
  const int64_t now = nanotime(), head = now - first->acquiretime;
  Sudog* next = first->waitlink;
  if (next == nullptr) return head;
  int64_t others = 0;
  for (Sudog* w = next; w != nullptr && others < kMaxCounted; w = w->waitlink) others++;
  Sudog* last = first->waittail != nullptr ? first->waittail : next;
  const int64_t tail = now - last->acquiretime;
  next->acquiretime = last->acquiretime = now;
  return head + (head + tail) / 2 * others;
}

void block(int64_t ns, int skip) {
  if (ns <= 0) ns = 1;
  const int64_t rate = blockRate.load();
  if (rate <= 0 || (rate > ns && int64_t(rand() >> 1) % rate > ns)) return;
  const double scale = ns < rate ? double(rate) / double(ns) : 1;
  count(BucketKind::Block, scale, double(ns) * scale, skip);
}

void mutex(int64_t ns, int skip) {
  if (ns < 0) ns = 0;
  const int64_t rate = mutexRate.load();
  if (rate <= 0 || int64_t(rand() >> 1) % rate != 0) return;
  count(BucketKind::Mutex, double(rate), double(rate) * double(ns), skip);
}

constexpr BlockProfiler profiler = {start, semaStart, block, wakeFirst, mutex};

}  // namespace

// Package runtime/pprof's tests make events up. skip 1 is the caller, as with gc.
GO_DECL("runtime.blockevent", void, blockevent, (int64_t ns, int64_t skip));
void blockevent(int64_t ns, int64_t skip) {
  if (start() != 0) block(ns, skip > 0 ? static_cast<int>(skip) - 1 : 0);
}

GO_DECL("runtime.setBlockProfileRate", void, setBlockProfileRate, (int64_t rate));
void setBlockProfileRate(int64_t rate) {
  blockRate.store(rate > 0 ? rate : 0);
  if (rate > 0) __atomic_store_n(&blockProfiler, &profiler, __ATOMIC_RELEASE);
}

GO_DECL("runtime.setMutexProfileFraction", int64_t, setMutexProfileFraction, (int64_t rate));
int64_t setMutexProfileFraction(int64_t rate) {
  if (rate < 0) return mutexRate.load();
  const int64_t old = mutexRate.xchg(rate);
  if (rate > 0) __atomic_store_n(&blockProfiler, &profiler, __ATOMIC_RELEASE);
  return old;
}

// Writes up to `room` records, if that is enough for all, and returns how many there are.
GO_DECL("runtime.blockProfileRecords", int64_t, blockProfileRecords, (GoBlockRecord * records, int64_t room, bool mutexes));
int64_t blockProfileRecords(GoBlockRecord* records, int64_t room, bool mutexes) {
  Bucket*& list = buckets[int(mutexes ? BucketKind::Mutex : BucketKind::Block)];
  lock(&profLock);
  int64_t n = 0;
  for (Bucket* b = list; b != nullptr; b = b->allNext) n++;
  if (n <= room) {
    GoBlockRecord* to = records;
    for (Bucket* b = list; b != nullptr; b = b->allNext, to++) {
      *to = {int64_t(b->block.count), int64_t(b->block.nanoseconds), stackSlice(b)};
      if (to->count == 0) to->count = 1;  // rounded away: there was one
    }
  }
  unlock(&profLock);
  return n;
}

}  // namespace burrow::rt
