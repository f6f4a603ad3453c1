// Roots: where marking begins.
//
// They are cut into jobs that any worker takes by one atomic addition (work.markrootNext), in this order:
//
//     | data and bss, 256 KB each | spans with specials, an arena each | timers, queues | one per goroutine |
//
// The compiler does not say where in the data segments the pointers are, so every word there is looked at as if it might be one
// (scanConservative); so is what gcAddRoot was told of. The list is made while the world is stopped; goroutines that begin later
// have nothing on their stacks that was not shaded.
#include "gc/gc.h"
#include "gc/specials.h"
#include "os/boot_info.h"
#include "os/elf.h"
#include "sched/preempt.h"
#include "timer/timer.h"

namespace burrow::rt {

namespace {

constexpr uint64_t kRootBlockBytes = 256 << 10;
// The writable segments of the executable, and what was added.
struct Region {
  uintptr_t from, to;
};
constexpr unsigned kMaxRegions = 64;
Region regions[kMaxRegions];
unsigned regionCount;

uint64_t regionBlocks(const Region& r) { return (r.to - r.from + kRootBlockBytes - 1) / kRootBlockBytes; }

// ---- the executable's own description: which parts are writable for good

extern "C" const elf::Header ehdrStart __asm__("__ehdr_start") __attribute__((weak, visibility("hidden")));

// The linker script's names for where variables with pointers are; other scripts have none.
#define BURROW_EDGE(name, symbol) \
  extern "C" const char name[] GO_SYM(symbol) __attribute__((weak, visibility("hidden")))
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
  const char* edges[] = {dataStart, dataEnd, bssStart, bssEnd};
  for (const char*& edge : edges) {
    asm("" : "+r"(edge));
    if (edge == nullptr) return false;
  }
  addRegion(uintptr_t(edges[0]), uintptr_t(edges[1]));
  addRegion(uintptr_t(edges[2]), uintptr_t(edges[3]));
  return true;
}

// The executable's segments as its program headers list them, in this process.
struct Segments {
  const elf::Segment* list;
  unsigned count;
  uint64_t bias;  // a position-independent executable's addresses count from where its header lies

  Segments() {
    const elf::Header* h = &ehdrStart;
    asm("" : "+r"(h));
    if (h == nullptr) throw_("the executable's header is not mapped");
    list = reinterpret_cast<const elf::Segment*>(reinterpret_cast<const uint8_t*>(h) + h->phoff);
    count = h->phnum;
    bias = uint64_t(h);
    for (unsigned i = 0; i < count; i++) {
      if (list[i].type == elf::kPtLoad && list[i].offset == 0) bias = uint64_t(h) - list[i].vaddr;
    }
  }
};

void findDataSegments() {
  if (findDataSections()) return;
  const Segments segments;
  // Read-only after relocation: nothing in it was ever a heap pointer.
  uint64_t relroFrom = 0, relroTo = 0;
  for (unsigned i = 0; i < segments.count; i++) {
    if (segments.list[i].type != elf::kPtGnuRelro) continue;
    relroFrom = segments.list[i].vaddr;
    relroTo = segments.list[i].vaddr + segments.list[i].memsz;
  }
  for (unsigned i = 0; i < segments.count; i++) {
    const elf::Segment& s = segments.list[i];
    if (s.type != elf::kPtLoad || !(s.flags & elf::kPfWrite)) continue;
    uint64_t from = s.vaddr;
    const uint64_t to = s.vaddr + s.memsz;
    if (from >= relroFrom && from < relroTo) from = relroTo;
    addRegion(from + segments.bias, to + segments.bias);
  }
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
      self->waitreason = WaitReason::GarbageCollectionScan;
      casgstatus(self, Grunning, Gwaiting);
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

}  // namespace

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

void gcAddRoot(void* at, uint64_t size) {
  lock(&mheap_.lock);
  addRegion(uintptr_t(at), uintptr_t(at) + size);
  unlock(&mheap_.lock);
}

void gcFindRoots() { findDataSegments(); }

bool gcInExecutable(const void* p) {
  const Segments segments;
  for (unsigned i = 0; i < segments.count; i++) {
    const elf::Segment& s = segments.list[i];
    if (s.type == elf::kPtLoad && uint64_t(p) - (s.vaddr + segments.bias) < s.memsz) return true;
  }
  return false;
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
  if (UNLIKELY(leakDetector != nullptr)) leakDetector->prepare();
}

void gcMarkTinyAllocs() {
  // Pieces will be handed out of these blocks without marking: they are black from the start.
  for (int32_t i = 0; i < gomaxprocs; i++) {
    MCache* c = allp[i]->mcache;
    if (c == nullptr || c->tiny.end == 0) continue;
    gcGreyConservative(c->tiny.end - kTinySize, &allp[i]->gcw);
  }
}

}  // namespace burrow::rt
