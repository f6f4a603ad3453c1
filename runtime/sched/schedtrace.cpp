// GODEBUG=schedtrace=MS: a line about the scheduler every MS milliseconds, written by sysmon; with scheddetail=1 a line for
// each P, M and G as well. The format is gc's, so that its readers work.
//
// Everything is read while it changes; sched.lock keeps only the lists together.
#include "os/os.h"
#include "panic/rt_print.h"
#include "sched/proc.h"
#include "timer/timer.h"

namespace burrow::rt {

namespace {

// A number, or nil.
template <class T, class F>
void printId(T* p, F id) {
  if (p != nullptr)
    rtPrint(id(p));
  else
    rtPrint("nil");
}
const char* boolText(bool b) { return b ? "true" : "false"; }

}  // namespace

void schedtrace(bool detailed) {
  static int64_t start;
  const int64_t now = nanotime();
  if (start == 0) start = now;
  lock(&sched.lock);
  printlock();
  rtFormat("SCHED #ms: gomaxprocs=# idleprocs=# threads=# spinningthreads=# needspinning=# idlethreads=# runqueue=#",
           (now - start) / 1000000, gomaxprocs, sched.npidle.load(), mcount(), sched.nmspinning.load(), sched.needspinning.load(),
           sched.nmidle, sched.runq.size);
  if (detailed) {
    rtFormat(" gcwaiting=# nmidlelocked=# stopwait=# sysmonwait=#\n", boolText(sched.gcwaiting.load() != 0), sched.nmidlelocked,
             sched.stopwait, boolText(sched.sysmonwait.load() != 0));
  }
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P* pp = allp[i];
    if (!detailed) {
      rtPrint(i == 0 ? " [ " : " ", pp->runq.size(), i == gomaxprocs - 1 ? " ]" : "");
      continue;
    }
    rtFormat("  P#: status=# schedtick=# syscalltick=# m=", i, pp->status.load(), pp->schedtick, pp->syscalltick);
    printId(__atomic_load_n(&pp->m, __ATOMIC_RELAXED), [](M* m) { return m->id; });
    rtFormat(" runqsize=# gfreecnt=# timerslen=#\n", pp->runq.size(), pp->gFreeN, pp->timers->heap.len);
  }
  if (!detailed) {
    rtPrint(" schedticks=[ ");
    for (int32_t i = 0; i < gomaxprocs; i++) rtPrint(allp[i]->schedtick, " ");
    rtPrint("]\n");
  } else {
    for (M* m = allm; m != nullptr; m = m->alllink) {
      rtPrint("  M", m->id, ": p=");
      printId(__atomic_load_n(&m->p, __ATOMIC_RELAXED), [](P* p) { return p->id; });
      rtPrint(" curg=");
      printId(__atomic_load_n(&m->curg, __ATOMIC_RELAXED), [](G* g) { return g->goid; });
      rtFormat(" mallocing=# throwing=# preemptoff=# locks=# dying=# spinning=# blocked=# lockedg=", m->mallocing, m->throwing,
               m->preemptoff != nullptr ? m->preemptoff : "", m->locks, m->dying, boolText(m->spinning), boolText(m->blocked));
      printId(__atomic_load_n(&m->lockedg, __ATOMIC_RELAXED), [](G* g) { return g->goid; });
      rtPrint("\n");
    }
    forEachG(
        [](G* gp, void*) {
          rtPrint("  G", gp->goid, ": status=", readgstatus(gp), "(", waitReasonText(gp->waitreason), ") m=");
          printId(__atomic_load_n(&gp->m, __ATOMIC_RELAXED), [](M* m) { return m->id; });
          rtPrint(" lockedm=");
          printId(__atomic_load_n(&gp->lockedm, __ATOMIC_RELAXED), [](M* m) { return m->id; });
          rtPrint("\n");
        },
        nullptr);
  }
  printFlush();
  printunlock();
  unlock(&sched.lock);
}

}  // namespace burrow::rt
