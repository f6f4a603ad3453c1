// See host_gc.h.
#include "host_gc.h"

#include <memory>
#include <new>
#include <vector>

#include "mem/mheap.h"
#include "stack/stack.h"

namespace burrow::rt {

GcWorkState work;
GcTotals gcTotals;
uint32_t gcphase;
Atomic<uint32_t> gcBlackenEnabled;
P** allp;
int32_t gomaxprocs;
Sched sched;
DebugVars debug;
StackStats stackStats;

bool preemptone(P*) { return true; }
uint64_t traceEvent(TraceEvent, uint64_t, uint64_t) { return 0; }

void resetCollector(int32_t procs, int32_t gcPercent, int64_t memoryLimit) {
  static std::vector<std::unique_ptr<P>> ps;
  static std::vector<P*> pointers;
  pointers.clear();
  while (ps.size() < size_t(procs)) ps.push_back(std::make_unique<P>());
  for (int32_t i = 0; i < procs; i++) {
    ps[size_t(i)]->id = i;
    pointers.push_back(ps[size_t(i)].get());
  }
  allp = pointers.data();
  gomaxprocs = procs;
  work.mode = GcMode::Background;
  gcBlackenEnabled.store(0);
  new (&gcController) GcController{};
  new (&gcCpuLimiter) GcCpuLimiter{};
  gcController.init(gcPercent, memoryLimit);
}

}  // namespace burrow::rt
