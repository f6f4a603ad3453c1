// GOMAXPROCS follows the CPUs and the control group's limit while the program runs.
//
// Unless the program or the environment has set a number, sysmon looks once a second, while it is awake at all, whether the default
// has changed, and wakes a goroutine that stops the world and sets it: sysmon has no P to stop it with. GODEBUG=containermaxprocs=0
// leaves control groups out, updatemaxprocs=0 does not look again. `updater` is guarded by sched.lock.
#include "boot/boot.h"
#include "os/cgroup.h"
#include "sched/maxprocs.h"
#include "sched/proc.h"

namespace burrow::rt {

namespace {

struct {
  G* g;
  bool idle;
  int32_t procs;
} updater;

void updateMaxProcs() __asm__("runtime.updateMaxProcsGoroutine");
void updateMaxProcs() {
  for (;;) {
    lock(&sched.lock);
    updater.g = getg();
    updater.idle = true;
    goparkunlock(&sched.lock, WaitReason::UpdateGOMAXPROCSIdle, TraceBlockReason::SystemGoroutine);
    setProcs(updater.procs, false, true);
  }
}

void openGroup() {
  if (debug.containermaxprocs != 0) cgroupOpen();
}

void start() {
  if (!customProcs && debug.updatemaxprocs != 0) newprocSystem(updateMaxProcs);
}

void look() {
  if (customProcs || !updater.idle) return;
  const int32_t n = defaultProcs();
  if (n == gomaxprocs) return;
  GQueue q;
  lock(&sched.lock);
  if (!customProcs && updater.idle) {
    updater.idle = false;
    updater.procs = n;
    gqPush(&q, updater.g);
  }
  unlock(&sched.lock);
  if (q.size == 0) return;
  countAsRunning(true);
  injectglist(&q);
  countAsRunning(false);
}

}  // namespace

const ProcsFollower procsFollower = {openGroup, cgroupLimit, start, look};

}  // namespace burrow::rt
