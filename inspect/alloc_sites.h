// Who allocated what is in the heap: the buckets of the program's own memory profile, read from outside.
//
// The runtime samples one object per MemProfileRate bytes (runtime/profile), in programs that can read that profile; a bucket has
// the stack and how many of the sampled objects were allocated there and found dead. What is shown is scaled up as pprof does
// it: an object of size s stands for 1 / (1 - exp(-s / rate)) objects. With MemProfileRate = 1 the numbers are exact, but for
// garbage that has not been swept yet.
#pragma once

#include "inspect/target.h"

namespace burrow::inspect {

struct AllocSite {
  uint64_t size = 0;                         // of each object, its slot
  uint64_t allocs = 0, frees = 0;            // samples
  uint64_t objects = 0, allocated = 0;       // scaled: now in the heap, and ever
  std::vector<uint64_t> pcs;                 // as the runtime keeps them: siteFrames reads them
  uint64_t bytes() const { return objects * size; }
};

struct AllocSites {
  bool known = false;    // the program keeps a memory profile
  uint64_t rate = 0;
  std::vector<AllocSite> sites;  // the one with most bytes first
};

AllocSites readAllocSites(Target& target);
// The frames of a site's stack without those of the runtime, innermost first.
std::vector<CodeFrame> siteFrames(Target& target, const AllocSite& site);

}  // namespace burrow::inspect
