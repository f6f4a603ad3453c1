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

void printSeconds(int64_t ns) {
  const uint64_t ms = uint64_t(ns / 1000000);
  const uint64_t rest = ms % 1000;
  rtPrint(ms / 1000, ".", rest / 100, rest / 10 % 10, rest % 10);
}

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

int32_t debugNumber(const char* key) {
  size_t n;
  const char* s = godebugValue(key, &n);
  if (s == nullptr) return 0;
  bool ok;
  const int64_t v = parseNumber(s, n, &ok);
  return ok && v < 1 << 30 ? int32_t(v) : 0;
}

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
  gcCheck.always = debugNumber("gcalways");
  gcCheck.checkmark = debugNumber("gccheckmark");
  gcCheck.poison = debugNumber("gcpoison") | debug.clobberfree;
  gcCheck.conservative = debugNumber("gcconservative");
  gcCheck.pacerTrace = debugNumber("gcpacertrace");
  // Allocation looks at one word to know whether there is anything to do but allocate (mem/malloc.cpp).
  if (gcCheck.always != 0) writeBarrier.pad = 1;
}

void gcTracePrint(uint32_t number) {
  const int64_t sinceStart = work.tSweepTerm - processStart;
  printlock();
  const int64_t percent = int64_t(gcTotals.cpuFraction * 100);
  rtPrint("gc ", number, " @");
  printSeconds(sinceStart);
  rtPrint("s ", percent, "%: ");
  int64_t prev = work.tSweepTerm;
  const int64_t times[] = {work.tMark, work.tMarkTerm, work.tEnd};
  for (int i = 0; i < 3; i++) {
    if (i != 0) rtPrint("+");
    printNSAsMS(uint64_t(times[i] - prev));
    prev = times[i];
  }
  rtPrint(" ms clock, ");
  printNSAsMS(uint64_t(gcCpu.lastSweepTerm));
  rtPrint("+");
  printNSAsMS(uint64_t(gcCpu.lastAssist));
  rtPrint("/");
  printNSAsMS(uint64_t(gcCpu.lastBackground));
  rtPrint("/");
  printNSAsMS(uint64_t(gcCpu.lastIdle));
  rtPrint("+");
  printNSAsMS(uint64_t(gcCpu.lastMarkTerm));
  rtPrint(" ms cpu, ", work.heap0 >> 20, "->", work.heap1 >> 20, "->", work.heap2 >> 20, " MB, ",
          work.heapGoalAtStart >> 20, " MB goal, ", inMB(gcController.lastStackScan.load()), " MB stacks, ",
          inMB(gcController.globalsScan.load()), " MB globals, ", work.maxprocs, " P");
  if (work.userForced) rtPrint(" (forced)");
  rtPrint("\n");
  printunlock();
}

void gcTracePacer() {
  if (gcCheck.pacerTrace <= 0) return;
  printlock();
  const uint64_t ratio = uint64_t(gcController.assistWorkPerByte() * 1000);
  rtPrint("pacer: assist ratio=", ratio / 1000, ".", ratio % 1000 / 100, ratio % 100 / 10, ratio % 10, " (scan ",
          gcController.heapScan.load() >> 20, " MB in ", work.initialHeapLive >> 20, "->", gcController.heapGoal() >> 20,
          " MB) workers=", gcController.dedicatedMarkWorkersNeeded.load(), "+",
          uint64_t(gcController.fractionalUtilizationGoal * 100), "%\n");
  printunlock();
}

}  // namespace burrow::rt
