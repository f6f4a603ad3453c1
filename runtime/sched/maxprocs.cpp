// GOMAXPROCS: its default, and setting it.
//
// The default is the number of CPUs that the thread may run on, or the limit of the control group where that is lower (a fraction is
// rounded up; at least 2). maxprocs_follow.cpp follows it while the program runs.
//
// `customProcs` and `newprocs` are guarded by sched.lock; both change with the world stopped, but for a program that sets the number
// that it has.
#include "boot/boot.h"
#include "gc/gc.h"
#include "os/boot_info.h"
#include "os/os.h"
#include "sched/maxprocs.h"
#include "sched/proc.h"

namespace burrow::rt {

int32_t newprocs;

namespace {

constexpr int64_t kMaxProcs = 1 << 20;

}  // namespace

bool customProcs;

int32_t defaultProcs() {
  const int32_t n = cpuCount(), limit = followProcs() != nullptr ? followProcs()->limit() : 0;
  return limit != 0 && limit < n ? limit : n;
}

void setProcs(int32_t n, bool isCustom, bool keep) {
  // A P that is taken away hands its grey objects on, and gcMarkDone asks only those that there are whether they have done so.
  WorldStop w = stopTheWorldGC("GOMAXPROCS");
  if (!keep || !customProcs) {
    customProcs = isCustom;
    newprocs = n;
  }
  startTheWorldGC(w);
}

int32_t initialProcs() {
  if (followProcs() != nullptr) followProcs()->open();
  if (const char* s = gogetenv("GOMAXPROCS")) {
    int64_t n = 0;
    const char* p = s;
    for (; *p >= '0' && *p <= '9' && n < kMaxProcs; p++) n = n * 10 + (*p - '0');
    if (p != s && *p == 0 && n > 0) {
      customProcs = true;
      return int32_t(n);
    }
  }
  return defaultProcs();
}

// GOMAXPROCS(n): the old value; n > 0 sets it.
GOABI int64_t goGOMAXPROCS(int64_t n) GO_SYM("runtime.GOMAXPROCS");
GOABI int64_t goGOMAXPROCS(int64_t n) {
  lock(&sched.lock);
  const int64_t ret = gomaxprocs;
  if (n == ret) customProcs = true;
  unlock(&sched.lock);
  if (n > 0 && n != ret) setProcs(int32_t(minOf(n, kMaxProcs)), true, false);
  return ret;
}

GOABI void SetDefaultGOMAXPROCS() GO_SYM("runtime.SetDefaultGOMAXPROCS");
GOABI void SetDefaultGOMAXPROCS() { setProcs(defaultProcs(), false, false); }

}  // namespace burrow::rt
