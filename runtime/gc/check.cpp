// Checking modes of the collector, by GODEBUG; docs/collector.md says what each is for.
//
//   gcalways=N       a whole collection at every Nth allocation (or refill, see mem/malloc.cpp)
//   gcpoison=1       what is freed is overwritten with kPoison (gc's clobberfree=1)
//   gccheckmark=1    mark termination, with the world stopped, looks at every pointer in every marked object: one that points to
//                    an object which is not marked ends the program
//   gcconservative=1 stacks without maps
#include "gc/gc.h"
#include "gc/specials.h"
#include "gc/trace.h"
#include "panic/rt_print.h"

namespace burrow::rt {


GOABI void goGC() GO_SYM("runtime.GC");

namespace {

constexpr uint64_t kPoison = 0xdeadbeefdeadbeef;
Atomic<uint32_t> allocations;

}  // namespace

void gcAlways() {
  M* m = getm();
  G* gp = getg();
  if (gp == m->g0 || m->locks > 0 || m->preemptoff != nullptr || !gcTotals.enableGC) return;
  if (gp->issystem) return;
  if (allocations.xadd(1) % uint32_t(debug.gcalways) == 0) goGC();
}

void gcPoison(void* p, uint64_t size) {
  auto* words = static_cast<uint64_t*>(p);
  for (uint64_t i = 0; i < size / 8; i++) words[i] = kPoison;
}

// ---- checkmark

// Only the heap's edges are followed: from every object that is marked. An edge from a marked object to one that is not
// is what a missing barrier or a wrong pointer map leaves behind. (Roots have moved on since they were scanned, so that they
// would be found to hold pointers to new, black objects only.)
void gcCheckMarks() {
  uint64_t missing = 0;
  const uint64_t n = mheap_.allspansLen;
  for (uint64_t i = 0; i < n; i++) {
    MSpan* s = mheap_.allspans[i];
    if (s->state.load() != SpanState::inUse || s->noscan()) continue;
    for (unsigned k = 0; k < s->nelems; k++) {
      if (!isMarked(s, k)) continue;
      const uintptr_t obj = s->base() + k * s->elemsize;
      forEachPointerSlot(s, obj, [&](uint64_t slot) {
        const uintptr_t p = *reinterpret_cast<uintptr_t*>(slot);
        MSpan* t = spanOfHeap(p);
        if (t == nullptr) return;
        const uint64_t index = t->sizeClass() == 0 ? 0 : t->objIndex(p);
        if (t->isFreeForScan(index) || isMarked(t, index)) return;
        rtPrint("runtime: checkmarks found unexpected unmarked object obj=", hex(t->base() + index * t->elemsize), " size ",
                t->elemsize, "\nruntime: found at *(", hex(slot), "), object ", hex(obj), " size ", s->elemsize, "\n");
        missing++;
      });
    }
  }
  if (missing != 0) throw_("checkmark found unmarked object");
}

}  // namespace burrow::rt
