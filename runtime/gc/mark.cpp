// Marking: the roots, and from object to object.
//
// Roots are cut into jobs that any worker takes by one atomic addition (work.markrootNext), in this order:
//
//     | data and bss, 256 KB each | spans with specials, an arena each | timers, queues | one per goroutine |
//
// The compiler does not say yet where in the data segments the pointers are, so every word there is looked at as if it might be
// one (gcGreyConservative); so is what gcAddRoot was told of. Objects are scanned exactly, by the pointer bits that their
// allocation left (mem/heap_bitmap.h).
//
// Greying: set the mark bit (atomically: a byte serves eight objects), and if it was clear and the object may have
// pointers, put it into the P's work buffer. An object without pointers is black at once and its memory is never touched.
//
// Large objects are scanned in pieces of kMaxObletBytes ("oblets"), so that one array does not keep the others waiting: the first
// piece's scan puts the others into the buffer.
//
// Rejected: a mark stack per goroutine of depth-first scanning in the object's own memory (pointer reversal) - it writes to
// objects that the program uses.
#include "gc/gc.h"
#include "gc/specials.h"
#include "os/boot_info.h"
#include "sched/preempt.h"
#include "timer/timer.h"

namespace burrow::rt {

GcWorkState work;

namespace {

constexpr uint64_t kRootBlockBytes = 256 << 10;
constexpr uint64_t kMaxObletBytes = 128 << 10;
// A drain looks at the clock, or flushes what it earned, after this much work.
constexpr int64_t kCreditSlack = 2000;
constexpr int64_t kDrainCheckThreshold = 100000;

// The writable segments of the executable, and what was added.
struct Region {
  uintptr_t from, to;
};
constexpr unsigned kMaxRegions = 64;
Region regions[kMaxRegions];
unsigned regionCount;

uint64_t regionBlocks(const Region& r) { return (r.to - r.from + kRootBlockBytes - 1) / kRootBlockBytes; }

// ---- the executable's own description: which parts are writable for good

struct ElfHeader {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, phoff, shoff;
  uint32_t flags;
  uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
struct ElfSegment {
  uint32_t type, flags;
  uint64_t offset, vaddr, paddr, filesz, memsz, align;
};
constexpr uint32_t kPtLoad = 1, kPtGnuRelro = 0x6474e552, kPfWrite = 2;
extern "C" const ElfHeader ehdrStart __asm__("__ehdr_start") __attribute__((weak, visibility("hidden")));

extern "C" const char imageEnd[] __asm__("_end") __attribute__((weak, visibility("hidden")));
// The linker script's names for where variables with pointers are; other scripts have none.
#define BURROW_EDGE(name, symbol) extern "C" const char name[] GO_SYM(symbol) __attribute__((weak, visibility("hidden")))
BURROW_EDGE(dataStart, "runtime.data");
BURROW_EDGE(dataEnd, "runtime.edata");
BURROW_EDGE(bssStart, "runtime.bss");
BURROW_EDGE(bssEnd, "runtime.ebss");
#undef BURROW_EDGE

void addRegion(uintptr_t from, uintptr_t to) {
  from = alignUp(from, kPtrSize);
  to = alignDown(to, kPtrSize);
  if (from >= to) return;
  if (regionCount == kMaxRegions) throw_("too many root regions");
  regions[regionCount++] = {from, to};
}

bool findDataSections() {
  const char *edges[] = {dataStart, dataEnd, bssStart, bssEnd};
  for (const char*& edge : edges) {
    asm("" : "+r"(edge));
    if (edge == nullptr) return false;
  }
  addRegion(uintptr_t(edges[0]), uintptr_t(edges[1]));
  addRegion(uintptr_t(edges[2]), uintptr_t(edges[3]));
  return true;
}

void findDataSegments() {
  if (findDataSections()) return;
  const ElfHeader* h = &ehdrStart;
  asm("" : "+r"(h));
  if (h == nullptr) throw_("the executable's header is not mapped");
  const auto* segments = reinterpret_cast<const ElfSegment*>(reinterpret_cast<const uint8_t*>(h) + h->phoff);
  // A position-independent executable's addresses count from where its header lies.
  uint64_t bias = uint64_t(h);
  for (unsigned i = 0; i < h->phnum; i++) {
    if (segments[i].type == kPtLoad && segments[i].offset == 0) bias = uint64_t(h) - segments[i].vaddr;
  }
  // Read-only after relocation: nothing in it was ever a heap pointer.
  uint64_t relroFrom = 0, relroTo = 0;
  for (unsigned i = 0; i < h->phnum; i++) {
    if (segments[i].type != kPtGnuRelro) continue;
    relroFrom = segments[i].vaddr;
    relroTo = segments[i].vaddr + segments[i].memsz;
  }
  for (unsigned i = 0; i < h->phnum; i++) {
    const ElfSegment& s = segments[i];
    if (s.type != kPtLoad || !(s.flags & kPfWrite)) continue;
    uint64_t from = s.vaddr;
    const uint64_t to = s.vaddr + s.memsz;
    if (from >= relroFrom && from < relroTo) from = relroTo;
    addRegion(from + bias, to + bias);
  }
}

// ---- greying

ALWAYS_INLINE void prefetch(uintptr_t p) { __builtin_prefetch(reinterpret_cast<void*>(p)); }

// obj is the start of slot `index` of span s.
ALWAYS_INLINE void greyobject(uintptr_t obj, MSpan* s, uint64_t index, GcWork* gcw) {
  uint8_t* byte = s->gcmarkBits + index / 8;
  const uint8_t bit = uint8_t(1 << index % 8);
  if (__atomic_load_n(byte, __ATOMIC_RELAXED) & bit) return;
  if (__atomic_fetch_or(byte, bit, __ATOMIC_RELAXED) & bit) return;
  if (s->noscan()) {
    gcw->bytesMarked += s->elemsize;
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

// ---- scanning

void scanWords(uintptr_t from, const uint8_t* mask, uint64_t words, GcWork* gcw) {
  for (uint64_t i = 0; i < words; i += 8) {
    for (unsigned bits = mask[i / 8]; bits != 0; bits &= bits - 1) {
      const uint64_t word = i + unsigned(__builtin_ctz(bits));
      if (word >= words) return;
      const uintptr_t p = __atomic_load_n(reinterpret_cast<uintptr_t*>(from + word * kPtrSize), __ATOMIC_RELAXED);
      if (p != 0) greyPointer(p, gcw);
    }
  }
}

// Bytes [from, to) of an array of `type` that begins at `data`.
void scanTyped(uintptr_t data, uintptr_t from, uintptr_t to, const Type* type, GcWork* gcw) {
  const uint8_t* mask = getGCMask(type);
  uintptr_t elem = data + (from - data) / type->size * type->size;
  for (; elem < to; elem += type->size) {
    if (elem >= from && elem + type->ptrBytes <= to) {
      scanWords(elem, mask, type->ptrBytes / kPtrSize, gcw);
      continue;
    }
    for (uint64_t i = 0; i < type->ptrBytes / kPtrSize; i++) {
      const uintptr_t at = elem + i * kPtrSize;
      if (at < from || !(mask[i / 8] >> (i % 8) & 1)) continue;
      if (at >= to) return;
      greyPointer(__atomic_load_n(reinterpret_cast<uintptr_t*>(at), __ATOMIC_RELAXED), gcw);
    }
  }
}

void scanobject(uintptr_t b, GcWork* gcw) {
  MSpan* s = spanOf(b);
  if (s == nullptr || s->state.loadAcquire() != SpanState::inUse) throw_("scanobject of an address without a span");
  if (s->noscan()) throw_("scanobject of a noscan object");
  if (s->sizeClass() != 0 && heapBitsInSpan(s->elemsize)) {
    gcw->bytesMarked += s->elemsize;
    gcw->heapScanWork += int64_t(s->elemsize);
    const uint64_t* bitmap = heapBitsOf(s);
    const uint64_t word = (b - s->base()) / kPtrSize, words = s->elemsize / kPtrSize;
    const unsigned shift = unsigned(word % 64);
    uint64_t bits = bitmap[word / 64] >> shift;
    if (shift != 0 && shift + words > 64) bits |= bitmap[word / 64 + 1] << (64 - shift);
    if (words < 64) bits &= (uint64_t{1} << words) - 1;
    for (; bits != 0; bits &= bits - 1) {
      const uintptr_t at = b + uint64_t(__builtin_ctzll(bits)) * kPtrSize;
      const uintptr_t p = __atomic_load_n(reinterpret_cast<uintptr_t*>(at), __ATOMIC_RELAXED);
      if (p != 0) greyPointer(p, gcw);
    }
    return;
  }
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

// ---- root jobs

void markrootTimers(GcWork* gcw) {
  markQueues(gcw);
  forEachHeapTimer(
      [](Timer* t, void* w) {
        auto* gcw = static_cast<GcWork*>(w);
        gcGreyConservative(uintptr_t(t), gcw);
        gcGreyConservative(uintptr_t(t->f), gcw);
        gcGreyConservative(uintptr_t(t->arg.data), gcw);
        gcGreyConservative(uintptr_t(t->arg.type), gcw);
      },
      gcw);
}

int64_t markrootStack(G* gp, GcWork* gcw) {
  int64_t scanned = 0;
  const uint32_t status = readgstatus(gp) & ~uint32_t(Gscan);
  if ((status == Gwaiting || status == Gsyscall) && gp->waitsince == 0) gp->waitsince = work.tMark;
  systemstack([&] {
    // Our own stack: made to look like any other's. Nobody else may suspend us, for that would wait for ever.
    G* self = getm()->curg;
    const bool selfScan = gp == self && readgstatus(self) == Grunning;
    if (selfScan) {
      casgstatus(self, Grunning, Gwaiting);
      self->waitreason = WaitReason::GarbageCollectionScan;
    }
    const SuspendGState stopped = suspendG(gp);
    if (stopped.dead) {
      gp->gcscandone = true;
    } else {
      if (gp->gcscandone) throw_("g already scanned");
      scanned = scanstack(gp, gcw);
      gp->gcscandone = true;
      resumeG(stopped);
    }
    if (selfScan) casgstatus(self, Gwaiting, Grunning);
  });
  return scanned;
}

// Does job `i`; returns the work done, in bytes.
int64_t markroot(GcWork* gcw, uint32_t i, bool flushBgCredit) {
  int64_t done = 0;
  Atomic<int64_t>* account = nullptr;
  if (i < work.nDataRoots) {
    uint64_t block = i;
    for (unsigned r = 0; r < regionCount; r++) {
      const uint64_t n = regionBlocks(regions[r]);
      if (block >= n) {
        block -= n;
        continue;
      }
      const uintptr_t from = regions[r].from + block * kRootBlockBytes;
      const uintptr_t to = minOf(from + kRootBlockBytes, regions[r].to);
      scanConservative(from, to, gcw);
      done = int64_t(to - from);
      account = &gcController.globalsScanWork;
      break;
    }
  } else if ((i -= work.nDataRoots) < work.nSpanRoots) {
    markrootSpans(gcw, i);
  } else if ((i -= work.nSpanRoots) < work.nTimerRoots) {
    markrootTimers(gcw);
  } else if ((i -= work.nTimerRoots) < work.nStackRoots) {
    done = markrootStack(work.stackRoots[i], gcw);
    account = &gcController.stackScanWork;
  } else {
    throw_("markroot: bad index");
  }
  if (account != nullptr && done != 0) {
    account->xadd(done);
    if (flushBgCredit) gcFlushBgCredit(done);
  }
  return done;
}

}  // namespace

void gcAddRoot(void* at, uint64_t size) {
  lock(&mheap_.lock);
  addRegion(uintptr_t(at), uintptr_t(at) + size);
  unlock(&mheap_.lock);
}

void gcFindRoots() { findDataSegments(); }

bool gcInExecutable(const void* p) {
  const void* from = &ehdrStart;
  const void* to = imageEnd;
  return p >= from && p < to;
}

void gcGreyConservative(uintptr_t word, GcWork* gcw) { greyPointer(word, gcw); }

void scanConservative(uintptr_t from, uintptr_t to, GcWork* gcw) {
  const uintptr_t low = mheap_.arenaLow, range = mheap_.arenaHigh - low;
  for (uintptr_t at = from; at < to; at += kPtrSize) {
    const uintptr_t p = __atomic_load_n(reinterpret_cast<uintptr_t*>(at), __ATOMIC_RELAXED);
    if (p - low < range) greyPointer(p, gcw);
  }
}

void gcmarknewobject(MSpan* s, uintptr_t obj) {
  const uint64_t index = s->sizeClass() == 0 ? 0 : s->objIndex(obj);
  __atomic_fetch_or(s->gcmarkBits + index / 8, uint8_t(1 << index % 8), __ATOMIC_RELAXED);
  getm()->p->gcw.bytesMarked += s->elemsize;
}

void gcShade(const void* obj) {
  if (gcphase == GCoff) return;
  greyPointer(uintptr_t(obj), &getm()->p->gcw);
}

void wbBufFlush1(P* pp) {
  const uintptr_t* from = pp->wbBufEntries;
  const uintptr_t* to = pp->wbBuf.next;
  // Entries from a store that was cut off by the end of the last cycle are not this one's business.
  if (gcphase != GCoff) {
    for (const uintptr_t* p = from; p < to; p++)
      if (*p != 0) greyPointer(*p, &pp->gcw);
  }
  wbBufReset(pp);
}

void gcPrepareMarkRoots() {
  uint64_t blocks = 0;
  for (unsigned r = 0; r < regionCount; r++) blocks += regionBlocks(regions[r]);
  work.nDataRoots = uint32_t(blocks);
  work.nSpanRoots = uint32_t(gcSpecialRootJobs());
  work.nTimerRoots = 1;
  uint64_t globals = 0;
  for (unsigned r = 0; r < regionCount; r++) globals += regions[r].to - regions[r].from;
  gcController.globalsScan.store(globals);

  // Goroutines made from now on have nothing on their stacks that was not shaded. The list only grows.
  G* gp = work.stackRootsLast != nullptr ? work.stackRootsLast->alllink : allgs;
  for (; gp != nullptr; gp = gp->alllink) {
    if (work.stackRootsLen == work.stackRootsCap) {
      const uint64_t cap = work.stackRootsCap ? work.stackRootsCap * 2 : kPhysPageSize / sizeof(G*);
      auto** grown = static_cast<G**>(sysAllocFor(cap * sizeof(G*), &mheap_.stats.gcMiscSys));
      if (grown == nullptr) throw_("out of memory allocating the list of stacks");
      if (work.stackRoots != nullptr) {
        memcpy(grown, work.stackRoots, work.stackRootsLen * sizeof(G*));
        sysFree(work.stackRoots, work.stackRootsCap * sizeof(G*));
        mheap_.stats.gcMiscSys.xadd(uint64_t(0) - work.stackRootsCap * sizeof(G*));
      }
      work.stackRoots = grown;
      work.stackRootsCap = cap;
    }
    work.stackRoots[work.stackRootsLen++] = gp;
    work.stackRootsLast = gp;
  }
  work.nStackRoots = uint32_t(work.stackRootsLen);
  work.markrootNext.store(0);
  work.markrootJobs = work.nDataRoots + work.nSpanRoots + work.nTimerRoots + work.nStackRoots;
}

void gcMarkTinyAllocs() {
  // Pieces will be handed out of these blocks without marking: they are black from the start.
  for (int32_t i = 0; i < gomaxprocs; i++) {
    MCache* c = allp[i]->mcache;
    if (c == nullptr || c->tiny == 0) continue;
    greyPointer(c->tiny, &allp[i]->gcw);
  }
}

bool gcMarkWorkAvailable(P* pp) {
  if (pp != nullptr && !gcwEmpty(&pp->gcw)) return true;
  if (!workPool.full.empty()) return true;
  return work.markrootNext.load() < work.markrootJobs;
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
    // Keep some in the shared pool, for others.
    if (workPool.full.empty()) gcwBalance(gcw);
    uintptr_t b = gcwTryGet(gcw);
    if (b == 0) {
      wbBufFlush1(pp);
      b = gcwTryGet(gcw);
    }
    if (b == 0) break;
    scanobject(b, gcw);
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
        if ((flags & (kDrainIdle | kDrainFractional)) && enough()) break;
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
  while (gp->preempt.load() == 0 && flushed + gcw->heapScanWork < scanWork) {
    if (workPool.full.empty()) gcwBalance(gcw);
    uintptr_t b = gcwTryGet(gcw);
    if (b == 0) {
      wbBufFlush1(getm()->p);
      b = gcwTryGet(gcw);
    }
    if (b == 0) {
      if (work.markrootNext.load() < work.markrootJobs) {
        const uint32_t job = work.markrootNext.xadd(1) - 1;
        if (job < work.markrootJobs) {
          flushed += markroot(gcw, job, false);
          continue;
        }
      }
      break;
    }
    scanobject(b, gcw);
    if (gcw->heapScanWork >= kCreditSlack) {
      gcController.heapScanWork.xadd(gcw->heapScanWork);
      flushed += gcw->heapScanWork;
      gcw->heapScanWork = 0;
    }
  }
  return flushed + gcw->heapScanWork;
}

}  // namespace burrow::rt
