// The collector's report of each cycle, in gc's format:
//
//   gc 3 @0.021s 2%: 0.012+0.55+0.004 ms clock, 0.024+0.11/0.32/0.20+0.008 ms cpu, 4->4->1 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P
//
// gc number, time since the start, share of all CPU time so far; then the phases: sweep termination, marking, mark
// termination; as CPU time marking is split into assists/background/idle. Heap at the start, at the end, and alive.
#include "gc/trace.h"

#include "boot/boot.h"
#include "os/boot_info.h"
#include "panic/rt_print.h"

namespace burrow::rt {

GcCpuStats gcCpu;

namespace {

int64_t processStart;

uint64_t inMB(uint64_t bytes) { return (bytes + (1 << 19)) >> 20; }

int64_t parseNumber(const char* s, size_t n, bool* ok) {
  int64_t v = 0;
  *ok = n > 0;
  for (size_t i = 0; i < n; i++) {
    if (s[i] < '0' || s[i] > '9' || __builtin_mul_overflow(v, int64_t(10), &v) || __builtin_add_overflow(v, int64_t(s[i] - '0'), &v)) {
      *ok = false;
      return 0;
    }
  }
  return v;
}

// "1GiB", "512MiB", "100000", "off".
bool parseBytes(const char* s, int64_t* out) {
  size_t n = strlen(s);
  unsigned shift = 0;
  if (n == 0) return false;
  if (s[n - 1] == 'B') {
    n--;
    if (n > 0 && s[n - 1] == 'i') {
      if (n < 2) return false;
      switch (s[n - 2]) {
        case 'K': shift = 10; break;
        case 'M': shift = 20; break;
        case 'G': shift = 30; break;
        case 'T': shift = 40; break;
        default: return false;
      }
      n -= 2;
    }
  }
  bool ok;
  const int64_t v = parseNumber(s, n, &ok);
  if (!ok || v > (0x7fffffffffffffff >> shift)) return false;
  *out = v << shift;
  return true;
}

bool isOff(const char* s) { return s[0] == 'o' && s[1] == 'f' && s[2] == 'f' && s[3] == 0; }

}  // namespace

void GcCpuStats::add(int64_t sweepTerm, int64_t assistTime, int64_t backgroundTime, int64_t idleTime, int64_t markTerm) {
  lastSweepTerm = sweepTerm;
  lastAssist = assistTime;
  lastBackground = backgroundTime;
  lastIdle = idleTime;
  lastMarkTerm = markTerm;
  assist.xadd(assistTime);
  background.xadd(backgroundTime);
  idle.xadd(idleTime);
  pause.xadd(sweepTerm + markTerm);
  total.xadd(sweepTerm + assistTime + backgroundTime + markTerm);
}

void gcReadSettings() {
  processStart = nanotime();
  int32_t percent = 100;
  if (const char* s = gogetenv("GOGC")) {
    if (isOff(s)) {
      percent = -1;
    } else if (*s == '-') {
      bool ok;
      parseNumber(s + 1, strlen(s + 1), &ok);
      if (ok) percent = -1;
    } else {
      bool ok;
      const int64_t v = parseNumber(s, strlen(s), &ok);
      if (ok && v < 0x7fffffff) percent = int32_t(v);
    }
  }
  int64_t limit = -1;
  if (const char* s = gogetenv("GOMEMLIMIT"); s != nullptr && *s != 0 && !isOff(s)) {
    if (!parseBytes(s, &limit)) {
      rtPrint("GOMEMLIMIT=", s, "\n");
      throw_("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
    }
  }
  gcController.init(percent, limit);
  debug.gcpoison |= debug.clobberfree;
  // Allocation looks at one word to know whether there is anything to do but allocate (mem/malloc.cpp).
  if (debug.gcalways != 0) writeBarrier.pad = 1;
}

void gcTracePrint(uint32_t number) {
  const uint64_t ms = uint64_t(work.tSweepTerm - processStart) / 1000000;
  rtFormat("gc # @#.###s #%: #+#+# ms clock, #+#/#/#+# ms cpu, #->#-># MB, # MB goal, # MB stacks, # MB globals, # P#", number, ms / 1000,
           ms / 100 % 10, ms / 10 % 10, ms % 10, int64_t(gcTotals.cpuFraction * 100), Millis{work.tMark - work.tSweepTerm},
           Millis{work.tMarkTerm - work.tMark}, Millis{work.tEnd - work.tMarkTerm}, Millis{gcCpu.lastSweepTerm}, Millis{gcCpu.lastAssist},
           Millis{gcCpu.lastBackground}, Millis{gcCpu.lastIdle}, Millis{gcCpu.lastMarkTerm}, work.heap0 >> 20, work.heap1 >> 20,
           work.heap2 >> 20, work.heapGoalAtStart >> 20, inMB(gcController.lastStackScan.load()), inMB(gcController.globalsScan.load()),
           work.maxprocs, work.userForced ? " (forced)\n" : "\n");
}

}  // namespace burrow::rt
