#include "inspect/alloc_sites.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace burrow::inspect {

namespace {

constexpr size_t kMostBuckets = 1 << 20, kMostDepth = 1024;
// In a stack's words, above the address: which of the inlined calls there it is, the innermost is 0 (runtime/symtab).
constexpr unsigned kFrameShift = 48;
constexpr uint64_t kLargestRate = uint64_t{1} << 50;

// The rate by which the spans' next samples were drawn; 0 when no cache has drawn any, since there is no profile.
uint64_t sampleRate(Target& target) {
  Record cache(target.layout(), "MCache");
  uint64_t rate = 0;
  uint64_t at = target.value("allmcaches");
  for (int i = 0; at != 0 && i < 4096 && cache.load(target.cache(), at); i++) {
    rate = std::max(rate, cache.u("memProfRate"));
    at = cache.u("nextCache");
  }
  return rate > kLargestRate ? 0 : rate;
}

}  // namespace

AllocSites readAllocSites(Target& target) {
  AllocSites out;
  Record bucket(target.layout(), "Bucket");
  if (!bucket.known() || !bucket.has("mem.active.allocs") || target.rootAddress("buckets") == 0) return out;
  out.rate = sampleRate(target);
  if (out.rate == 0) return out;
  out.known = true;
  Memory& memory = target.cache();
  std::unordered_set<uint64_t> seen;
  uint64_t at = target.value("buckets", "0");
  while (at != 0 && out.sites.size() < kMostBuckets && seen.insert(at).second && bucket.load(memory, at)) {
    AllocSite s;
    s.size = bucket.u("size");
    // Samples wait in `future` for the end of their cycle; what is in the heap now is all of them.
    s.allocs = bucket.u("mem.active.allocs") + bucket.u("mem.future.0.counts.allocs") + bucket.u("mem.future.1.counts.allocs") + bucket.u("mem.future.2.counts.allocs");
    s.frees = bucket.u("mem.active.frees") + bucket.u("mem.future.0.counts.frees") + bucket.u("mem.future.1.counts.frees") + bucket.u("mem.future.2.counts.frees");
    const size_t depth = size_t(std::min<uint64_t>(bucket.u("nstk"), kMostDepth));
    s.pcs.resize(depth);
    if (depth != 0 && !memory.read(at + bucket.size(), s.pcs.data(), depth * 8)) s.pcs.clear();
    at = bucket.u("allNext");
    if (s.allocs == 0 || s.size == 0 || s.size > uint64_t{1} << 48) continue;
    const double scale = out.rate == 1 ? 1 : 1 / (1 - std::exp(-double(s.size) / double(out.rate)));
    s.allocated = uint64_t(std::min(double(s.allocs) * scale + 0.5, 0x1p60));
    s.objects = s.allocs > s.frees ? uint64_t(std::min(double(s.allocs - s.frees) * scale + 0.5, 0x1p60)) : 0;
    out.sites.push_back(std::move(s));
  }
  std::sort(out.sites.begin(), out.sites.end(), [](const AllocSite& a, const AllocSite& b) {
    return double(a.objects) * double(a.size) > double(b.objects) * double(b.size);
  });
  return out;
}

std::vector<CodeFrame> siteFrames(Target& target, const AllocSite& site) {
  std::vector<CodeFrame> out;
  for (uint64_t word : site.pcs) {
    const uint64_t pc = word & ((uint64_t{1} << kFrameShift) - 1), index = word >> kFrameShift;
    const ft::FuncRecord* f = pc ? target.code().find(pc - 1) : nullptr;
    if (!f) continue;
    const std::vector<CodeFrame> frames = target.code().frames(*f, pc - 1);
    if (index >= frames.size()) continue;
    const CodeFrame& c = frames[index];
    if ((out.empty() && c.function.starts_with("runtime.")) || c.function == "runtime.goexit" || c.function == "runtime.main") continue;
    out.push_back(c);
  }
  return out;
}

}  // namespace burrow::inspect
