// The memory profile: which stacks allocated how much, and how much of it is still alive.
//
// One object per runtime.MemProfileRate bytes is sampled: an object of size s with probability 1 - exp(-s / rate), whatever was
// sampled before. That is what tools assume when they scale a profile up, and because samples do not depend on each other the
// allocator needs no counter of bytes: where the next sample of a span lies is drawn when an mcache takes the span, and
// again after each sample (mem/malloc.h, MemProfiler). Neither does the distance survive the span: an exponential
// distribution has no memory.
//
// A sampled slot gets a Profile special before it is handed out; the sweep counts the free when the object is dead. A slot that
// is given back without having been used is counted as allocated and freed.
//
// A program that cannot read the profile is not slowed down: this file's boot hook is linked only with memProfileRecords.
// MemProfileRate is a variable; a store to it that the compiler sees is followed by a call of memProfileRateChanged, so that
// the very next allocation keeps to the new rate. Other stores are noticed at the next slow allocation.
#include "boot/boot.h"
#include "gc/barrier.h"
#include "gc/gc.h"
#include "gc/specials.h"
#include "profile/buckets.h"

namespace burrow::rt {

extern int64_t goMemProfileRate GO_SYM("runtime.MemProfileRate");

namespace {

double naturalLog(double x) {
  // x = m * 2^e, m in [1, 2), and ln m = 2 atanh((m - 1) / (m + 1)).
  uint64_t bits = __builtin_bit_cast(uint64_t, x);
  const int e = int(bits >> 52 & 0x7ff) - 1023;
  const double m = __builtin_bit_cast(double, (bits & ((uint64_t(1) << 52) - 1)) | uint64_t(1023) << 52);
  const double t = (m - 1) / (m + 1), t2 = t * t;
  constexpr double kLn2 = 0.69314718055994530942;
  return e * kLn2 + 2 * t * (1 + t2 * (1.0 / 3 + t2 * (1.0 / 5 + t2 * (1.0 / 7 + t2 * (1.0 / 9 + t2 / 11)))));
}

// Bytes to the next sample.
uint64_t drawDistance(int64_t rate) {
  const double u = (double(rand() >> 11) + 1) * 0x1p-53;  // (0, 1]
  return uint64_t(-naturalLog(u) * double(rate));
}

int64_t rateNow() { return __atomic_load_n(&goMemProfileRate, __ATOMIC_RELAXED); }

void placeFrom(MSpan* s, unsigned from) {
  const int64_t rate = rateNow();
  uint64_t skip = 0;  // free slots that are not sampled
  if (rate <= 0) {
    skip = s->nelems;
  } else if (rate > 1) {
    skip = drawDistance(rate) / s->elemsize;
  }
  unsigned at = from;
  if (skip >= s->nelems - from) {
    at = s->nelems;
  } else {
    for (; at < s->nelems; at++) {
      if ((s->allocBits[at / 8] >> at % 8 & 1) != 0) continue;
      if (skip-- == 0) break;
    }
  }
  s->allocLimit = uint16_t(at);
}

void place(MSpan* s) { placeFrom(s, s->freeindex); }

// The limits of all spans of c, for a new rate. Its owner, or the world is stopped.
void drawAgain(MCache* c) {
  c->memProfRate = rateNow();
  for (MSpan* s : c->alloc)
    if (s != &emptymspan) place(s);
}

MemCounts& countsOf(Bucket* b, uint32_t cycle) {
  auto& f = b->mem.future[cycle % 3];
  if (f.cycle != cycle) {
    b->mem.active.allocs += f.counts.allocs;
    b->mem.active.frees += f.counts.frees;
    f = {cycle, {0, 0}};
  }
  return f.counts;
}

void publish(Bucket* b, uint32_t upTo, bool all) {
  for (auto& f : b->mem.future) {
    if (!all && int32_t(f.cycle - upTo) > 0) continue;
    b->mem.active.allocs += f.counts.allocs;
    b->mem.active.frees += f.counts.frees;
    f.counts = {0, 0};
  }
}

NO_INLINE void record(uint64_t p, uint64_t size) {
  M* m = acquirem();
  if (getg() == m->curg) {  // on g0 there is no stack that would tell anything
    uintptr_t pcs[kProfileDepth];
    const int n = profileStack(pcs, kProfileDepth, 0, true);
    lock(&profLock);
    Bucket* b = stackBucket(BucketKind::Memory, size, pcs, n);
    countsOf(b, mProfCycle.load() + 2).allocs++;
    unlock(&profLock);
    Special s = {};
    s.kind = SpecialKind::Profile;
    s.bucket = b;
    addspecial(reinterpret_cast<void*>(p), s);
  }
  releasem(m);
}

bool due(MSpan* s) {
  if (MCache* c = getMCache(); UNLIKELY(c->memProfRate != rateNow())) drawAgain(c);
  const unsigned next = s->firstFree();
  if (next < s->allocLimit) return false;
  placeFrom(s, next + 1);
  return true;
}

void large(uint64_t p, uint64_t size) {
  const int64_t rate = rateNow();
  if (rate <= 0 || (rate > 1 && drawDistance(rate) > size)) return;
  record(p, size);
}

void freed(void* bucket) {
  auto* b = static_cast<Bucket*>(bucket);
  lock(&profLock);
  countsOf(b, mProfCycle.load() + 1).frees++;
  unlock(&profLock);
}

constexpr MemProfiler profiler = {place, due, record, large, freed};

}  // namespace

// The boot hook.
extern "C" __attribute__((used)) void memProfilerBoot() GO_SYM("runtime.memProfilerBoot");
void memProfilerBoot() { memProfiler = &profiler; }

// Compiled code calls it after a store to runtime.MemProfileRate.
GO_DECL("runtime.memProfileRateChanged", void, memProfileRateChanged, ());
void memProfileRateChanged() {
  if (memProfiler == nullptr) return;
  WorldStop w = stopTheWorld("MemProfileRate");
  for (int32_t i = 0; i < gomaxprocs; i++)
    if (MCache* c = allp[i]->mcache) {
      c->retireRuns(writeBarrier.enabled != 0);
      drawAgain(c);
    }
  startTheWorld(w);
}

// Writes up to `room` records, if that is enough for all, and returns how many there are.
GO_DECL("runtime.memProfileRecords", int64_t, memProfileRecords, (GoMemRecord * records, int64_t room, bool inuseZero));
int64_t memProfileRecords(GoMemRecord* records, int64_t room, bool inuseZero) {
  BOOT_HOOK("runtime.memProfilerBoot", "runtime.memProfileRecords");
  lock(&profLock);
  const uint32_t published = mProfPublished.load();
  bool nothing = true;
  for (Bucket* b = buckets[int(BucketKind::Memory)]; b != nullptr; b = b->allNext) {
    publish(b, published, false);
    if (b->mem.active.allocs != 0 || b->mem.active.frees != 0) nothing = false;
  }
  int64_t n = 0;
  for (Bucket* b = buckets[int(BucketKind::Memory)]; b != nullptr; b = b->allNext) {
    // No collection has been yet: a program that runs without any has a profile too.
    if (nothing) publish(b, published, true);
    const MemCounts& c = b->mem.active;
    if (!inuseZero && c.allocs == c.frees) continue;
    n++;
  }
  if (n <= room) {
    GoMemRecord* to = records;
    for (Bucket* b = buckets[int(BucketKind::Memory)]; b != nullptr; b = b->allNext) {
      const MemCounts& c = b->mem.active;
      if (!inuseZero && c.allocs == c.frees) continue;
      *to++ = {int64_t(b->size), int64_t(c.allocs), int64_t(c.frees), stackSlice(b)};
    }
  }
  unlock(&profLock);
  return n;
}

}  // namespace burrow::rt
