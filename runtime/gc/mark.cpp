// Marking: from object to object. gc/mark_roots.cpp has where it begins. Objects are scanned exactly, by the pointer bits that
// their allocation left (mem/heap_bitmap.h).
//
// Greying: set the mark bit (atomically: a byte serves eight objects). An object without pointers is black at once and its memory
// is never touched. A small object with pointers is left to its span, which is put in line once: when its turn comes, all that is
// marked in it by then and was not scanned is scanned together, in order of address, and then what these lead to in the same
// span (scanSpan). In a large heap without order
// that is many objects for one walk over a page, where one object at a time would be a miss each. What was scanned is in a
// second row of bits. A span that waits or is scanned is `queued`, and then nobody else scans it or puts it in line: what is marked in it
// meanwhile its scanner finds at the latest when it is done, and puts it in line again.
// Other objects go into the P's work buffer one by one.
//
// Large objects are scanned in pieces of kMaxObletBytes ("oblets"), so that one array does not keep the others waiting: the first
// piece's scan puts the others into the buffer.
//
// Rejected: a mark stack per goroutine of depth-first scanning in the object's own memory (pointer reversal) - it writes to
// objects that the program uses.
#include "gc/gc.h"

#include "timer/timer.h"

namespace burrow::rt {

GcWorkState work;

namespace {

constexpr uint64_t kMaxObletBytes = 128 << 10;
// A drain looks at the clock, or flushes what it earned, after this much work.
constexpr int64_t kCreditSlack = 2000;
constexpr int64_t kDrainCheckThreshold = 100000;
constexpr int64_t kDedicatedSlice = 1000 * 1000;  // ns

// ---- greying

ALWAYS_INLINE void prefetch(uintptr_t p) { __builtin_prefetch(reinterpret_cast<void*>(p)); }
ALWAYS_INLINE void prefetch(const void* p) { __builtin_prefetch(p); }

// All its lines: a wide object's later ones would each be waited for.
ALWAYS_INLINE void prefetchObject(uintptr_t p, uint64_t size) {
  for (uintptr_t at = p; at < p + size; at += kCacheLine) prefetch(at);
}

// False when the bit was set already.
ALWAYS_INLINE bool setBit(uint8_t* bits, uint64_t index) {
  uint8_t* byte = bits + index / 8;
  const uint8_t bit = uint8_t(1 << index % 8);
  if (__atomic_load_n(byte, __ATOMIC_RELAXED) & bit) return false;
  return (__atomic_fetch_or(byte, bit, __ATOMIC_SEQ_CST) & bit) == 0;
}

// The look first: most objects are found in spans that wait already, and it is cheaper than the exchange.
ALWAYS_INLINE void putInLine(MSpan* s, GcWork* gcw) {
  if (s->queued.load() == 0 && s->queued.xchg(1) == 0) gcwPutSpan(gcw, s);
}

// obj is the start of slot `index` of span s.
ALWAYS_INLINE void greyobject(uintptr_t obj, MSpan* s, uint64_t index, GcWork* gcw) {
  if (!setBit(s->gcmarkBits, index)) return;
  if (s->noscan()) {
    gcw->bytesMarked += s->elemsize;
    return;
  }
  if (s->scanBySpan) {
    // The mark is there before the look at the flag; the scanner takes the flag down before its last look at the marks.
    putInLine(s, gcw);
    return;
  }
  prefetch(obj);
  gcwPut(gcw, obj);
}

// A pointer from a place that holds pointers only.
ALWAYS_INLINE void greyPointer(uintptr_t p, GcWork* gcw) {
  // Most words that are not heap pointers (nil, text, data) fail here.
  if (p - mheap_.arenaLow >= mheap_.arenaHigh - mheap_.arenaLow) return;
  MSpan* s = spanOfHeap(p);
  if (s == nullptr) return;
  const uint64_t index = s->sizeClass() == 0 ? 0 : s->objIndex(p);
  // A slot that was not handed out yet: the word is old junk in a place that was not written since.
  if (UNLIKELY(s->isFreeForScan(index))) return;
  greyobject(s->base() + index * s->elemsize, s, index, gcw);
}

// Pointers that were found and are still to be greyed. To grey one is a chain of three loads (the page's span, the span's
// record, the mark bits), each of which may have to come from memory; done for many together, their waits overlap.
class Batch {
 public:
  explicit Batch(GcWork* gcw) : gcw_(gcw) {}
  ~Batch() {
    if (n_ != 0) flush();
  }

  ALWAYS_INLINE void add(uintptr_t p) {
    if (p - low_ >= range_) return;
    p_[n_++] = p;
    if (n_ == kSize) flush();
  }
  NO_INLINE void flush() {
    MSpan* spans[kSize];
    for (unsigned i = 0; i < n_; i++) {
      MSpan* s = spanOf(p_[i]);
      spans[i] = s;
      prefetch(s);
    }
    unsigned kept = 0;
    for (unsigned i = 0; i < n_; i++) {
      MSpan* s = spans[i];
      const uintptr_t p = p_[i];
      if (s == nullptr || s->state.loadAcquire() != SpanState::inUse || p < s->base() || p >= s->limit) continue;
      const uint64_t index = s->sizeClass() == 0 ? 0 : s->objIndex(p);
      // A slot that was not handed out yet: the word is old junk in a place that was not written since.
      prefetch(s->gcmarkBits + index / 8);
      if (index >= s->freeIndexForScan) prefetch(s->allocBits + index / 8);
      spans[kept] = s;
      index_[kept++] = uint32_t(index);
    }
    for (unsigned i = 0; i < kept; i++) {
      MSpan* s = spans[i];
      if (UNLIKELY(s->isFreeForScan(index_[i]))) continue;
      greyobject(s->base() + index_[i] * s->elemsize, s, index_[i], gcw_);
    }
    n_ = 0;
  }

 private:
  static constexpr unsigned kSize = 32;
  GcWork* gcw_;
  const uintptr_t low_ = mheap_.arenaLow, range_ = mheap_.arenaHigh - mheap_.arenaLow;
  unsigned n_ = 0;
  uintptr_t p_[kSize];
  uint32_t index_[kSize];
};

// ---- scanning

void scanWords(uintptr_t from, const uint8_t* mask, uint64_t words, Batch* batch) {
  for (uint64_t i = 0; i < words; i += 8) {
    for (unsigned bits = mask[i / 8]; bits != 0; bits &= bits - 1) {
      const uint64_t word = i + unsigned(__builtin_ctz(bits));
      if (word >= words) return;
      const uintptr_t p = __atomic_load_n(reinterpret_cast<uintptr_t*>(from + word * kPtrSize), __ATOMIC_RELAXED);
      batch->add(p);
    }
  }
}

// Bytes [from, to) of an array of `type` that begins at `data`.
void scanTyped(uintptr_t data, uintptr_t from, uintptr_t to, const Type* type, GcWork* gcw) {
  Batch batch(gcw);
  const uint8_t* mask = getGCMask(type);
  uintptr_t elem = data + (from - data) / type->size * type->size;
  for (; elem < to; elem += type->size) {
    if (elem >= from && elem + type->ptrBytes <= to) {
      scanWords(elem, mask, type->ptrBytes / kPtrSize, &batch);
      continue;
    }
    for (uint64_t i = 0; i < type->ptrBytes / kPtrSize; i++) {
      const uintptr_t at = elem + i * kPtrSize;
      if (at < from || !(mask[i / 8] >> (i % 8) & 1)) continue;
      if (at >= to) return;
      batch.add(__atomic_load_n(reinterpret_cast<uintptr_t*>(at), __ATOMIC_RELAXED));
    }
  }
}

// Scans what is marked in the span and was not scanned, and what in the same span this leads to: its memory is in the cache now, and
// a list whose nodes were allocated one after the other would put its span in line for every node. The bits of the latter are set
// together in the end. Others may set them too: marks, who finds these objects elsewhere; both, who allocates in the span.
void scanSpan(MSpan* s, GcWork* gcw) {
  const unsigned words = (s->nelems + 63u) / 64;
  auto* marks = reinterpret_cast<uint64_t*>(s->gcmarkBits);
  uint64_t* scans = s->scanBits();
  uint16_t objects[kMaxObjsPerSpan];
  uint64_t taken[kMaxObjsPerSpan / 64], known[kMaxObjsPerSpan / 64];  // among `objects` or scanned earlier; of these, what scanBits says
  unsigned n = 0;
  for (unsigned w = 0; w < words; w++) {
    uint64_t scanned = __atomic_load_n(scans + w, __ATOMIC_RELAXED);
    uint64_t todo = __atomic_load_n(marks + w, __ATOMIC_RELAXED) & ~scanned;
    if (todo != 0) {
      scanned = __atomic_fetch_or(scans + w, todo, __ATOMIC_ACQ_REL);
      todo &= ~scanned;
    }
    taken[w] = known[w] = scanned | todo;
    for (; todo != 0; todo &= todo - 1) objects[n++] = uint16_t(w * 64 + unsigned(__builtin_ctzll(todo)));
  }
  const uint64_t size = s->elemsize, slotWords = size / kPtrSize, base = s->base(), room = s->limit - base;
  const uint64_t* bitmap = heapBitsOf(s);
  const uint64_t slotMask = slotWords >= 64 ? ~uint64_t{0} : (uint64_t{1} << slotWords) - 1;
  constexpr unsigned kAhead = 8;
  for (unsigned i = 0; i < n && i < kAhead; i++) prefetchObject(base + objects[i] * size, size);
  Batch batch(gcw);
  for (unsigned i = 0; i < n; i++) {
    if (i + kAhead < n) prefetchObject(base + objects[i + kAhead] * size, size);
    const uint64_t word = objects[i] * slotWords;
    const unsigned shift = unsigned(word % 64);
    uint64_t bits = bitmap[word / 64] >> shift;
    if (shift + slotWords > 64) bits |= bitmap[word / 64 + 1] << (64 - shift);
    for (bits &= slotMask; bits != 0; bits &= bits - 1) {
      const uintptr_t at = base + (word + unsigned(__builtin_ctzll(bits))) * kPtrSize;
      const uintptr_t p = __atomic_load_n(reinterpret_cast<uintptr_t*>(at), __ATOMIC_RELAXED);
      if (p - base >= room) {
        batch.add(p);
        continue;
      }
      const uint64_t index = s->objIndex(p), bit = uint64_t{1} << index % 64;
      if (taken[index / 64] & bit || UNLIKELY(s->isFreeForScan(index))) continue;
      taken[index / 64] |= bit;
      objects[n++] = uint16_t(index);
    }
  }
  for (unsigned w = 0; w < words; w++) {
    const uint64_t more = taken[w] & ~known[w];
    if (more == 0) continue;
    // Objects that were allocated since are counted by who did that.
    n -= unsigned(__builtin_popcountll(__atomic_fetch_or(scans + w, more, __ATOMIC_ACQ_REL) & more));
    __atomic_fetch_or(marks + w, more, __ATOMIC_ACQ_REL);
  }
  gcw->bytesMarked += n * size;
  gcw->heapScanWork += int64_t(n * size);
  s->queued.xchg(0);
  for (unsigned w = 0; w < words; w++) {
    if ((__atomic_load_n(marks + w, __ATOMIC_RELAXED) & ~__atomic_load_n(scans + w, __ATOMIC_RELAXED)) == 0) continue;
    putInLine(s, gcw);
    break;
  }
}

void scanobject(uintptr_t b, GcWork* gcw) {
  MSpan* s = spanOf(b);
  if (s == nullptr || s->state.loadAcquire() != SpanState::inUse) throw_("scanobject of an address without a span");
  if (s->noscan()) throw_("scanobject of a noscan object");
  if (s->scanBySpan) throw_("scanobject: object of a scanned span");
  if (s->sizeClass() != 0) {
    gcw->bytesMarked += s->elemsize;
    gcw->heapScanWork += int64_t(s->elemsize);
    uint64_t data;
    const Type* type = objectType(s, b, &data);
    scanTyped(data, data, b + s->elemsize, type, gcw);
    return;
  }
  // Large: b is the object's start or that of a later oblet.
  const Type* type = __atomic_load_n(&s->largeType, __ATOMIC_ACQUIRE);
  if (b == s->base()) {
    gcw->bytesMarked += s->elemsize;
    if (type == nullptr) return;  // still being cleared: no pointers yet, and every store into it has a barrier
    for (uintptr_t at = b + kMaxObletBytes; at < s->limit; at += kMaxObletBytes) gcwPut(gcw, at);
  }
  if (type == nullptr) return;
  const uintptr_t to = minOf<uintptr_t>(b + kMaxObletBytes, s->limit);
  gcw->heapScanWork += int64_t(to - b);
  scanTyped(s->base(), b, to, type, gcw);
}

}  // namespace

void gcGreyConservative(uintptr_t word, GcWork* gcw) { greyPointer(word, gcw); }

void scanConservative(uintptr_t from, uintptr_t to, GcWork* gcw) {
  Batch batch(gcw);
  for (uintptr_t at = from; at < to; at += kPtrSize) batch.add(__atomic_load_n(reinterpret_cast<uintptr_t*>(at), __ATOMIC_RELAXED));
}

void gcmarknewobject(MSpan* s, uintptr_t obj) {
  const uint64_t index = s->sizeClass() == 0 ? 0 : s->objIndex(obj);
  __atomic_fetch_or(s->gcmarkBits + index / 8, uint8_t(1 << index % 8), __ATOMIC_RELAXED);
  getm()->p->gcw.bytesMarked += s->elemsize;
}

void gcShade(const void* obj) {
  if (gcphase == GCoff) return;
  gcGreyConservative(uintptr_t(obj), &getm()->p->gcw);
}

void wbBufFlush1(P* pp) {
  const uintptr_t* from = pp->wbBufEntries;
  const uintptr_t* to = pp->wbBuf.next;
  // Entries from a store that was cut off by the end of the last cycle are not this one's business.
  if (gcphase != GCoff) {
    Batch batch(&pp->gcw);
    for (const uintptr_t* p = from; p < to; p++) batch.add(*p);
  }
  wbBufReset(pp);
}

bool gcMarkWorkAvailable(P* pp) {
  if (pp != nullptr && !gcwEmpty(&pp->gcw)) return true;
  if (!workPool.full.empty() || workPool.spanBufs.load() != 0) return true;
  return work.markrootNext.load() < work.markrootJobs;
}

// While a span is scanned: the record of the one after the next, the bits of the next.
ALWAYS_INLINE void prefetchNext(const GcWork* gcw) {
  const WorkBuf* b = gcw->spanOut;
  if (b == nullptr) return;
  const uint64_t next = gcw->spanOutNext;
  if (next + 1 < b->nobj) prefetch(b->obj[next + 1]);
  if (next >= b->nobj) return;
  const auto* s = reinterpret_cast<const MSpan*>(b->obj[next]);
  prefetch(s->gcmarkBits);
  const auto* bits = reinterpret_cast<const uint8_t*>(heapBitsOf(s));
  prefetch(bits);
  prefetch(bits + kCacheLine);
}

// Scans something grey; false when this P finds nothing. Single objects first: there are few, and they may be large.
NO_INLINE bool scanSomething(GcWork* gcw) {
  if (workPool.full.empty()) gcwBalance(gcw);  // keep some in the shared pool, for others
  for (bool flushed = false;; flushed = true) {
    if (const uintptr_t b = gcwTryGet(gcw)) {
      scanobject(b, gcw);
      return true;
    }
    if (MSpan* s = gcwGetSpan(gcw)) {
      prefetchNext(gcw);
      scanSpan(s, gcw);
      return true;
    }
    if (flushed) return false;
    wbBufFlush1(getm()->p);
  }
}

// Marks until there is nothing to be had, or until what the flags name. On g0, the goroutine suspended.
void gcDrain(GcWork* gcw, uint32_t flags) {
  if (writeBarrier.enabled == 0) throw_("gcDrain phase incorrect");
  G* gp = getm()->curg;
  P* pp = getm()->p;
  const bool preemptible = flags & kDrainUntilPreempt;
  const bool flush = flags & kDrainFlushBgCredit;
  int64_t initial = gcw->heapScanWork;
  int64_t check = initial + kDrainCheckThreshold;

  auto stop = [&] {
    if ((preemptible || (flags & (kDrainIdle | kDrainFractional))) && gp->preempt.load() != 0) return true;
    if (preemptible && (sched.gcwaiting.load() != 0 || pp->runSafePointFn.load() != 0)) return true;
    return false;
  };
  auto enough = [&] {
    // The scheduler runs timers: those of this P wait for us. A dedicated worker lets them wait for a while.
    if (const int64_t when = pp->timers->minWhen.load(); when != 0) {
      const int64_t now = nanotime();
      if (when <= now && (flags & (kDrainIdle | kDrainFractional) || now - pp->gcMarkWorkerStartTime >= kDedicatedSlice)) return true;
    }
    if (flags & kDrainIdle) {
      // Anything else to run?
      if (!pp->runq.empty() || __atomic_load_n(&sched.runq.size, __ATOMIC_RELAXED) != 0) return true;
    }
    if (flags & kDrainFractional) {
      const int64_t delta = nanotime() - gcController.markStartTime;
      const int64_t used = pp->gcFractionalMarkTime + (nanotime() - pp->gcMarkWorkerStartTime);
      if (delta > 0 && double(used) / double(delta) > 1.2 * gcController.fractionalUtilizationGoal) return true;
    }
    return false;
  };

  bool done = false;
  if (work.markrootNext.load() < work.markrootJobs) {
    while (!stop()) {
      const uint32_t job = work.markrootNext.xadd(1) - 1;
      if (job >= work.markrootJobs) break;
      markroot(gcw, job, flush);
      if ((flags & (kDrainIdle | kDrainFractional)) && enough()) {
        done = true;
        break;
      }
    }
  }
  while (!done && !stop()) {
    if (!scanSomething(gcw)) break;
    if (gcw->heapScanWork >= kCreditSlack) {
      gcController.heapScanWork.xadd(gcw->heapScanWork);
      if (flush) {
        gcFlushBgCredit(gcw->heapScanWork - initial);
        initial = 0;
      }
      check -= gcw->heapScanWork;
      gcw->heapScanWork = 0;
      if (check <= 0) {
        check += kDrainCheckThreshold;
        if (enough()) break;
      }
    }
  }
  if (gcw->heapScanWork > 0) {
    gcController.heapScanWork.xadd(gcw->heapScanWork);
    if (flush) gcFlushBgCredit(gcw->heapScanWork - initial);
    gcw->heapScanWork = 0;
  }
}

// Marks about scanWork bytes' worth, for an assist; returns what was done.
int64_t gcDrainN(GcWork* gcw, int64_t scanWork) {
  if (writeBarrier.enabled == 0) throw_("gcDrainN phase incorrect");
  int64_t flushed = -gcw->heapScanWork;
  G* gp = getm()->curg;
  while (gp->preempt.load() == 0 && !gcCpuLimiter.limiting() && flushed + gcw->heapScanWork < scanWork) {
    if (!scanSomething(gcw)) {
      if (work.markrootNext.load() < work.markrootJobs) {
        const uint32_t job = work.markrootNext.xadd(1) - 1;
        if (job < work.markrootJobs) {
          flushed += markroot(gcw, job, false);
          continue;
        }
      }
      break;
    }
    if (gcw->heapScanWork >= kCreditSlack) {
      gcController.heapScanWork.xadd(gcw->heapScanWork);
      flushed += gcw->heapScanWork;
      gcw->heapScanWork = 0;
    }
  }
  return flushed + gcw->heapScanWork;
}

}  // namespace burrow::rt
