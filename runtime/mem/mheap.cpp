// MHeap: growing by arenas, handing out spans and taking them back.
#include "mem/mheap.h"

#include "mem/mcache.h"
#ifndef BURROW_HOSTED
#include "gc/gc.h"
#endif
#include "print/print.h"

namespace burrow::rt {

// Among the pointer-free variables: its addresses of spans and pages are no references, and the collector must not take them
// for some.
__attribute__((section(".bss.noptr.runtime.mheap_"))) MHeap mheap_{};

namespace {

#ifndef BURROW_HOSTED
constexpr uint64_t kScavengeAtLeast = 64 << 10;  // when the memory limit is passed: not a call of the system for each page
#endif

// Where arenas are looked for: 0x00c0'0000'0000, 0x01c0'0000'0000, ... Addresses that begin with c0 are easy to tell from
// code, stacks and numbers in a dump; a place that something else occupies is given up for the next.
constexpr uint64_t kArenaPlaces = 0x7f;
constexpr uint64_t arenaPlace(uint64_t i) { return i << 40 | 0x00c000000000; }

// Pages for small objects come from the system this much at a time, and not more than this part of the heap: a fault for each
// costs more than clearing it does.
constexpr uint64_t kAheadBytes = 64 << 10;
constexpr uint64_t kAheadPart = 16;

}  // namespace

void mallocinit() {
  lockInit(&mheap_.lock, LockRank::MHeap);
  mheap_.pages.stat = &mheap_.stats.gcMiscSys;
  for (unsigned i = 0; i < kNumSpanClasses; i++) mheap_.central[i].init(i);
  initMarkBits();
  initPersistentAlloc();
  initMCaches();
}

// ---- address space

// Reserves `size` bytes (whole arenas) of aligned address space. 0: none left.
uint64_t MHeap::reserveArenas(uint64_t size) {
  uint64_t base = 0;
  while (arenaHint < kArenaPlaces) {
    const uint64_t want = arenaNext ? arenaNext : arenaPlace(arenaHint);
    const uint64_t got = uint64_t(sysReserve(reinterpret_cast<void*>(want), size));
    if (got == want) {
      base = got;
      arenaNext = want + size;
      break;
    }
    if (got) sysFree(reinterpret_cast<void*>(got), size);
    arenaHint++;
    arenaNext = 0;
    if (!got && arenaHint > 8) break;  // it is not the place that is the problem
  }
  if (base == 0) base = uint64_t(sysReserveAligned(nullptr, size, kHeapArenaBytes));
  if (base == 0) return 0;
  if (base + size > uint64_t{1} << kHeapAddrBits) throw_("memory reservation exceeds address space limit");
  return base;
}

void MHeap::recordArena(uint64_t base) {
  const uint64_t i = base >> kArenaShift;
  HeapArena** l2 = arenas[i >> kArenaL2Bits].loadRelaxed();
  if (l2 == nullptr) {
    l2 = static_cast<HeapArena**>(sysAllocFor(sizeof(HeapArena*) << kArenaL2Bits, &stats.gcMiscSys));
    if (l2 == nullptr) throw_("out of memory allocating heap arena map");
    arenas[i >> kArenaL2Bits].storeRelease(l2);
  }
  auto* a = static_cast<HeapArena*>(sysAllocFor(alignUp(sizeof(HeapArena), kPhysPageSize), &stats.gcMiscSys));
  if (a == nullptr) throw_("out of memory allocating heap arena metadata");
  if (allArenasLen == allArenasCap) {
    const uint64_t cap = allArenasCap ? allArenasCap * 2 : kPhysPageSize / 8;
    auto* list = static_cast<uint64_t*>(sysAllocFor(cap * 8, &stats.gcMiscSys));
    if (list == nullptr) throw_("out of memory allocating allArenas");
    memcpy(list, allArenas, allArenasLen * 8);
    allArenas = list;  // the old list is left alone: somebody may be reading it
    allArenasCap = cap;
  }
  allArenas[allArenasLen++] = base;
  if (arenaLow == 0 || base < arenaLow) arenaLow = base;
  if (base + kHeapArenaBytes > arenaHigh) arenaHigh = base + kHeapArenaBytes;
  __atomic_store_n(&l2[i & ((1u << kArenaL2Bits) - 1)], a, __ATOMIC_RELEASE);
}

// Makes reserved space ready and gives it to the page allocator.
void MHeap::addReady(uint64_t base, uint64_t size) {
  sysMapFor(reinterpret_cast<void*>(base), size, &stats.heapMapped);
#ifndef BURROW_HOSTED
  if (debug.disablethp) sysNoHugePage(reinterpret_cast<void*>(base), size);
#endif
  // Records only now: when the system refuses a large piece, nothing was spent on it.
  for (uint64_t a = alignDown(base, kHeapArenaBytes); a < base + size; a += kHeapArenaBytes) {
    if (arenaOf(a) == nullptr) recordArena(a);
  }
  stats.heapReleased.xadd(size);
  if (!pages.grow(base, size)) throw_("runtime: out of memory");
}

bool MHeap::growLocked(uint64_t npages) {
  const uint64_t ask = alignUp(npages, kPallocChunkPages) * kPageSize;
  if (ask > curArenaEnd - curArena) {
    const uint64_t size = alignUp(ask, kHeapArenaBytes);
    const uint64_t base = reserveArenas(size);
    if (base == 0) {
      printOutOfMemory(ask);
      return false;
    }
    if (base == curArenaEnd) {
      curArenaEnd += size;  // one piece with what was left
    } else {
      if (curArenaEnd != curArena) addReady(curArena, curArenaEnd - curArena);
      curArena = base;
      curArenaEnd = base + size;
    }
  }
  const uint64_t base = curArena;
  curArena += ask;
  addReady(base, ask);
  return true;
}

// ---- spans

// Says what could not be had; the caller goes on to "fatal error: out of memory".
void MHeap::printOutOfMemory(uint64_t ask) {
  printlock();
  printstring(goString("runtime: out of memory: cannot allocate "));
  printuint(ask);
  printstring(goString("-byte block ("));
  printuint(stats.heapMapped.load());
  printstring(goString(" in use)\n"));
  printunlock();
}

MSpan* MHeap::newSpanRecord() {
  if (MSpan* s = deadSpans) {
    deadSpans = s->next;
    memset(static_cast<void*>(s), 0, sizeof *s);
    lockInit(&s->speciallock, LockRank::SpanSpecials);
    return s;
  }
  MSpan* s = spanAlloc.alloc(&stats.mspanSys);
  lockInit(&s->speciallock, LockRank::SpanSpecials);
  if (allspansLen == allspansCap) {
    const uint64_t cap = allspansCap ? allspansCap + allspansCap / 2 : 64 << 10 >> 3;
    const uint64_t bytes = alignUp(cap * 8, kPhysPageSize);
    auto** list = static_cast<MSpan**>(sysAllocFor(bytes, &stats.otherSys));
    if (list == nullptr) throw_("runtime: cannot allocate memory");
    memcpy(list, allspans, allspansLen * 8);
    if (allspans) {
      sysFree(allspans, alignUp(allspansCap * 8, kPhysPageSize));
      stats.otherSys.xadd(uint64_t(0) - alignUp(allspansCap * 8, kPhysPageSize));
    }
    allspans = list;
    allspansCap = bytes / 8;
  }
  allspans[allspansLen++] = s;
  return s;
}

// Reports whether the pages may hold old data, and remembers that from now on they may.
bool MHeap::allocNeedsZero(uint64_t base, uint64_t npages) {
  bool needs = false;
  while (npages > 0) {
    HeapArena* a = arenaOf(base);
    const uint64_t offset = base % kHeapArenaBytes;
    const uint64_t bytes = minOf(npages * kPageSize, kHeapArenaBytes - offset);
    if (offset < a->zeroedBase) needs = true;
    if (offset + bytes > a->zeroedBase) a->zeroedBase = offset + bytes;
    base += bytes;
    npages -= bytes / kPageSize;
  }
  return needs;
}

void MHeap::setSpans(uint64_t base, uint64_t npages, MSpan* s) {
  while (npages > 0) {
    HeapArena* a = arenaOf(base);
    uint64_t page = base / kPageSize % kPagesPerArena;
    for (; page < kPagesPerArena && npages > 0; page++, npages--, base += kPageSize) {
      __atomic_store_n(&a->spans[page], s, __ATOMIC_RELEASE);
    }
  }
}

MSpan* MHeap::allocSpanLocked(uint64_t npages, uint8_t state, unsigned spanclass) {
  PageAlloc::Result r = pages.alloc(npages);
  if (r.addr == 0) {
    if (!growLocked(npages)) return nullptr;
    r = pages.alloc(npages);
    if (r.addr == 0) throw_("grew heap, but no adequate free space found");
  }
  // Only a system that promises any amount (vm.overcommit_memory=1) gets here with 32 TB.
  if (npages > ~uint32_t{0}) throw_("runtime: out of memory");
  const uint64_t bytes = npages * kPageSize;
  stats.heapReleased.xadd(uint64_t(0) - r.scavenged);
  stats.heapFree.xadd(r.scavenged - bytes);
  if (r.scavenged) {
#ifndef BURROW_HOSTED
    // Pages become resident that were not: when that passes the memory limit others go at once, before these are touched.
    if (const uint64_t over = gcController.overLimit(bytes); UNLIKELY(over != 0) && !gcCpuLimiter.limiting()) scavengeLocked(maxOf(over, kScavengeAtLeast));
#endif
    sysUsed(reinterpret_cast<void*>(r.addr), bytes);
  }

  MSpan* s = newSpanRecord();
  s->startAddr = r.addr;
  s->npages = uint32_t(npages);
  s->spanclass = uint8_t(spanclass);
  // Pages that are all scavenged come back from the system as zeros.
  s->needzero = allocNeedsZero(r.addr, npages) && r.scavenged != bytes;
  s->absent = r.scavenged != 0;
  s->limit = s->end();
  s->sweepgen.storeRelaxed(sweepgen.load());
  stats.spansInUse++;
  if (state == SpanState::inUse) {
    stats.heapInUse.xadd(bytes);
    const unsigned sizeClass = spanclass >> 1;
    if (sizeClass == 0) {
      s->elemsize = bytes;
      s->nelems = 1;
      s->divMul = 0;
    } else {
      s->elemsize = kSizeClassToSize[sizeClass];
      s->divMul = kSizeClassToDivMagic[sizeClass];
      // The bitmap of pointer words takes the span's last bytes.
      uint64_t room = bytes;
      s->scanBySpan = !(spanclass & 1) && heapBitsInSpan(s->elemsize);
      if (s->scanBySpan) room -= bytes / kPtrSize / 8;
      s->nelems = uint16_t(room / s->elemsize);
      s->limit = r.addr + s->nelems * s->elemsize;
    }
    // Before anybody can find the span: a word that only looks like a pointer may lead a scan to it at once.
    s->allocBits = newAllocBits(s->nelems);
    s->gcmarkBits = newMarkBits(s->markBitCount());
    s->allocCache = ~uint64_t{0};
    HeapArena* a = arenaOf(r.addr);
    const uint64_t page = r.addr / kPageSize % kPagesPerArena;
    __atomic_fetch_or(&a->pageInUse[page / 8], uint8_t(1 << page % 8), __ATOMIC_RELAXED);
  } else {
    stats.stacksInUse.xadd(bytes);
  }
  // Readers find the span through an address: they must see the fields above, then the state.
  s->state.storeRelease(state);
  setSpans(r.addr, npages, s);
  return s;
}

// How many bytes from the start of s, a new span for small objects, are to be made resident in one go because some of its pages are
// not: its own, and those of free pages behind it, which the next spans are going to be. 0: none.
uint64_t MHeap::takeAheadLocked(const MSpan* s) {
  const uint64_t bytes = s->npages * kPageSize, most = minOf(kAheadBytes, stats.heapInUse.load() / kAheadPart);
  if (!s->absent || most < bytes) return 0;
#ifndef BURROW_HOSTED
  if (gcController.overLimit(most) != 0) return 0;
#endif
  const uint64_t more = pages.takeAhead(s->end(), (most - bytes) / kPageSize) * kPageSize;
  stats.heapReleased.xadd(uint64_t(0) - more);
  stats.heapFree.xadd(more);
  return bytes + more;
}

MSpan* MHeap::alloc(uint64_t npages, unsigned spanclass) {
  MSpan* s = nullptr;
  systemstack([&] {
    uint64_t ahead = 0;
    ::burrow::rt::lock(&lock);
    s = allocSpanLocked(npages, SpanState::inUse, spanclass);
    if (s != nullptr && s->sizeClass() != 0) ahead = takeAheadLocked(s);
    ::burrow::rt::unlock(&lock);
    if (s == nullptr) return;
    // Without the lock: who gets a page of these meanwhile, or gives it back to the system, loses nothing but this call's work.
    if (ahead != 0) sysPopulate(reinterpret_cast<void*>(s->base()), ahead);
    s->allocTime = nanotime();
  });
  return s;
}

MSpan* MHeap::allocManual(uint64_t npages) {
  MSpan* s = nullptr;
  systemstack([&] {
    ::burrow::rt::lock(&lock);
    s = allocSpanLocked(npages, SpanState::manual, 0);
    ::burrow::rt::unlock(&lock);
  });
  return s;
}

void MHeap::freeSpanLocked(MSpan* s) {
  const uint64_t bytes = s->npages * kPageSize;
  if (s->state.load() == SpanState::inUse) {
    stats.heapInUse.xadd(uint64_t(0) - bytes);
    HeapArena* a = arenaOf(s->base());
    const uint64_t page = s->base() / kPageSize % kPagesPerArena;
    __atomic_fetch_and(&a->pageInUse[page / 8], uint8_t(~(1 << page % 8)), __ATOMIC_RELAXED);
  } else {
    stats.stacksInUse.xadd(uint64_t(0) - bytes);
  }
  stats.heapFree.xadd(bytes);
  stats.spansInUse--;
  pages.free(s->base(), s->npages);
  s->state.store(SpanState::dead);
  s->next = deadSpans;
  deadSpans = s;
}

void MHeap::freeSpan(MSpan* s) {
  systemstack([&] {
    ::burrow::rt::lock(&lock);
    freeSpanLocked(s);
    ::burrow::rt::unlock(&lock);
  });
}

void MHeap::freeManual(MSpan* s) { freeSpan(s); }

uint64_t MHeap::scavengeLocked(uint64_t bytes) {
  // The pages are free and stay so while the lock is held, so that nobody can touch them under the system's hands.
  const uint64_t released = pages.takeForScavenge((bytes + kPageSize - 1) / kPageSize, [](uint64_t addr, uint64_t n) {
    sysUnused(reinterpret_cast<void*>(addr), n * kPageSize);
  }) * kPageSize;
  stats.heapReleased.xadd(released);
  stats.heapFree.xadd(uint64_t(0) - released);
  return released;
}

uint64_t MHeap::scavenge(uint64_t bytes) {
  uint64_t released = 0;
  systemstack([&] {
    ::burrow::rt::lock(&lock);
    released = scavengeLocked(bytes);
    ::burrow::rt::unlock(&lock);
  });
  return released;
}

}  // namespace burrow::rt
