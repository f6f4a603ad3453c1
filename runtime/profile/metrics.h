// What the scheduler tells package runtime/metrics. Null in programs that do not read metrics (profile/metrics.cpp).
#pragma once

#include "sched/sched.h"

namespace burrow::rt {

struct MetricsHooks {
  void (*statusChanges)(G* gp, uint32_t from, uint32_t to);
  void (*worldStarts)(int64_t now, WorldStop w);
  void (*idle)(P* pp, bool begins);  // sched.lock is held
};
extern const MetricsHooks* metricsHooks GO_SYM("runtime.metricsHooks");

// finalizers.cpp: finalizers queued and run, cleanups queued and run.
void gcQueueCounts(uint64_t counts[4]);
// scavenge.cpp: nanoseconds of the background scavenger.
extern Atomic<int64_t> scavengeTime GO_SYM("runtime.scavengeTime");

}  // namespace burrow::rt
