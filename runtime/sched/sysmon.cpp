// sysmon: the thread that watches, without a P. And checkdead: is there anything left that could ever run?
//
// sysmon wakes every 20 us while something happens, less and less often (up to 5 ms) while nothing does, and sleeps for
// good when the world is stopped or every P is idle. A goroutine that never yields is noticed at one of these wake-ups and
// asked exactly 10 ms later, after 15 ms at most (bench/starve.py; gc, with rounds of 10 ms, after 20). Each time sysmon takes Ps
// back from system calls that last longer than one of its rounds (or are not short, when nothing else wants the P), looks at
// the network when nobody has for 10 ms, and starts a thread when a timer is overdue (its P cannot run it, and all threads are
// busy or stopped). Once a second it looks whether the default of GOMAXPROCS has changed (maxprocs_follow.cpp).
//
// It is asked only when there is something else for its P: a goroutine in the P's queue or the global one, a timer that is due, a
// collection's marking. Others that come up later find it asked within sysmon's sleep. A lone goroutine that computes is left alone,
// and whoever steps through it in a debugger, too.
//
// The time that the whole process stood still (a debugger, SIGSTOP, a machine asleep) is nobody's running time: else whoever
// goes on in a debugger would be preempted at his next call, and a step over that call end in the middle of __morestack.
#include "gc/gc.h"
#include "boot/boot.h"
#include "netpoll/netpoll.h"
#include "os/fake_time.h"
#include "os/os.h"
#include "sched/maxprocs.h"
#include "sched/offsets.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "timer/timer.h"

namespace burrow::rt {

// sysmon is not one of the threads that checkdead counts. While it holds a P that it takes from one thread to another, or has made a
// goroutine runnable and not yet found it a thread, it is: else the last other thread, going to sleep right then, would
// see nobody run and something left to do.
void countAsRunning(bool on) {
  lock(&sched.lock);
  sched.nmidlelocked += on ? -1 : 1;
  if (!on) checkdead();
  unlock(&sched.lock);
}

namespace {

constexpr int64_t kForcePreemptNS = 10 * 1000 * 1000;
constexpr uint32_t kLongestSleepUS = 5 * 1000;
constexpr int64_t kShortCallNS = 5 * 1000;        // system calls that take less on average leave their P alone
constexpr int64_t kShortCallRestNS = 200 * 1000;  // between two retakes for that reason: after one, calls are slow for a while
constexpr int64_t kForcePollNS = 10 * 1000 * 1000;
constexpr int64_t kMaxProcsNS = 1000 * 1000 * 1000;
constexpr int64_t kTrimNS = 5ll * 1000 * 1000 * 1000;
constexpr int64_t kStandstillNS = 100 * 1000 * 1000;  // a round that lasts longer; its sleep is 5 ms at most
constexpr int64_t kIdleLookNS = 60ll * 1000 * 1000 * 1000;

// There is something that pp should run instead of its goroutine.
bool isWanted(const P* pp, int64_t now) {
  if (!pp->runq.empty() || __atomic_load_n(&sched.runq.size, __ATOMIC_RELAXED) != 0 || gcBlackenEnabled.load() != 0) return true;
  const int64_t due = timersNext();
  return due != 0 && due <= now;
}

// When a P may next be taken because its calls are not short. sysmon's own.
int64_t notShortAgain = 0;

// Returns the number of Ps taken from system calls that lasted; `next` is when a goroutine will have run for too long (0: none runs).
uint32_t retake(int64_t now, int64_t* next) {
  uint32_t n = 0;
  *next = 0;
  lock(&allpLock);
  for (int32_t i = 0; i < gomaxprocs; i++) {
    P* pp = allp[i];
    if (pp == nullptr) continue;
    auto& tick = pp->sysmontick;
    uint32_t s = pp->status.load();
    bool sysretake = false, notShort = false;
    if (s == Prunning || s == Psyscall) {
      uint32_t t = __atomic_load_n(&pp->schedtick, __ATOMIC_RELAXED);
      if (tick.schedtick != t) {
        tick.schedtick = t;
        tick.schedwhen = now;
      } else if (tick.schedwhen + kForcePreemptNS <= now) {
        if (isWanted(pp, now)) preemptone(pp);
        sysretake = true;  // a goroutine in a system call cannot hear us
      }
      const int64_t due = tick.schedwhen + kForcePreemptNS;
      if (!sysretake && (*next == 0 || due < *next)) *next = due;
    }
    if (s == Psyscall) {
      uint32_t t = __atomic_load_n(&pp->syscalltick, __ATOMIC_RELAXED);
      if (!sysretake && tick.syscalltick != t) {
        // Many calls since we last looked. Unless they are short the P waits in them most of the time; when nothing else wants it, it is
        // taken as from a single long one. So two goroutines that wait for each other in system calls get other threads now and then:
        // the kernel, which had theirs on two CPUs, each to be woken from its sleep at each turn, may then put them on one
        // (docs/scheduler.md). When something does want the P, it can as well wait: calls of 20 us, one after the other, keep
        // a CPU busy, and a goroutine that computes would then come first, for 10 ms each time.
        const int64_t each = (now - tick.syscallwhen) / (t - tick.syscalltick);
        tick.syscalltick = t;
        tick.syscallwhen = now;
        if (each < kShortCallNS || now < notShortAgain || isWanted(pp, now)) continue;
        notShort = true;
      }
      // Nothing to do for the P, and somebody else already looks for work: let it be, for up to 10 ms.
      if (pp->runq.empty() && sched.nmspinning.load() + sched.npidle.load() > 0 && tick.syscallwhen + kForcePreemptNS > now)
        continue;
      unlock(&allpLock);
      countAsRunning(true);
      if (takePFromSyscall(pp, Pidle)) {
        if (notShort) notShortAgain = now + kShortCallRestNS;
        else n++;
        pp->syscalltick++;
        // No other P is idle: a thread will be woken to look for work. When there is none, the goroutine gets the P back without
        // having been scheduled; its time begins anew, or that would be so in each round.
        if (sched.npidle.load() == 0) tick.schedwhen = now;
        handoffp(pp);
      }
      countAsRunning(false);
      lock(&allpLock);
    }
  }
  unlock(&allpLock);
  return n;
}

// All that ran has been running since `ns` later.
void forgetStandstill(int64_t ns) {
  lock(&allpLock);
  for (int32_t i = 0; i < gomaxprocs; i++) {
    if (allp[i] == nullptr) continue;
    allp[i]->sysmontick.schedwhen += ns;
    allp[i]->sysmontick.syscallwhen += ns;
  }
  unlock(&allpLock);
}

struct DeadCount {
  int64_t running = 0, alive = 0;
};

}  // namespace

void sysmon() {
  lock(&sched.lock);
  sched.nmsys++;
  checkdead();
  unlock(&sched.lock);
  uint32_t idle = 0, delay = 0;
  int64_t due = 0;
  int64_t trimmed = nanotime(), traced = 0, looked = trimmed, seen = trimmed;
  for (;;) {
    if (idle == 0) delay = 20;
    else if (idle > 50) delay *= 2;
    if (delay > kLongestSleepUS) delay = kLongestSleepUS;
    const int64_t left = due == 0 ? 0 : (due - nanotime()) / 1000 + 1;
    usleep(left > 0 && left < delay ? uint32_t(left) : delay);

    int64_t now = nanotime();
    if (now - seen > kStandstillNS) forgetStandstill(now - seen);
    if (debug.schedtrace <= 0 && (sched.gcwaiting.load() || sched.npidle.load() == gomaxprocs)) {
      lock(&sched.lock);
      if (sched.gcwaiting.load() || sched.npidle.load() == gomaxprocs) {
        sched.sysmonwait.store(1);
        unlock(&sched.lock);
        // Whoever gets a P again wakes us; once a minute, and when the next timer is due, look anyway.
        int64_t sleep = stackTrimWanted() || gfTrimWanted() ? kTrimNS : kIdleLookNS;
        if (int64_t next = timersNext()) {
          if (next <= now) sleep = 0;
          else sleep = minOf(sleep, next - now);
        }
        if (sleep > 0) notetsleep(&sched.sysmonnote, sleep);
        lock(&sched.lock);
        sched.sysmonwait.store(0);
        noteclear(&sched.sysmonnote);
        idle = 0;
        delay = 20;
      }
      unlock(&sched.lock);
    }
    lock(&sched.sysmonlock);
    seen = now = nanotime();
    const int64_t last = sched.lastpoll.load();
    if (netpollinited() && last != 0 && last + kForcePollNS < now) {
      sched.lastpoll.cas(last, now);
      PollResult r = netpoll(0);
      if (r.ready.size != 0) {
        countAsRunning(true);
        injectglist(&r.ready);
        countAsRunning(false);
      }
      netpollAdjustWaiters(r.delta);
    }
    if (int64_t next = timersNext(); next != 0 && next < now) {
      countAsRunning(true);
      startm(nullptr, false);
      countAsRunning(false);
    }
    if (retake(now, &due) != 0) idle = 0; else idle++;
    if (looked + kMaxProcsNS < now) {
      looked = now;
      if (followProcs() != nullptr) followProcs()->look();
    }
    if (trimmed + kTrimNS < now) {
      trimmed = now;
      gfTrim();
      stackTrim();
    }
    if (debug.schedtrace > 0 && traced + int64_t(debug.schedtrace) * 1000000 <= now) {
      traced = now;
      schedtrace(debug.scheddetail > 0);
    }
    unlock(&sched.sysmonlock);
    gcForcePeriodic(now);
  }
}

// checkdead: called with sched.lock held whenever a thread stops. When no thread runs or could run Go code, the program
// waits for itself. A thread that sleeps in netpoll counts as running; a timer may be due before any thread has got there.
void checkdead() {
  if (panicking.load() > 0) return;
  int32_t run = mcount() - sched.nmidle - sched.nmidlelocked - sched.nmsys;
  if (run > 0) return;
  if (run < 0) throw_("checkdead: inconsistent counts");

  DeadCount c;
  forEachG([](G* gp, void* p) {
    DeadCount* c = static_cast<DeadCount*>(p);
    if (isSystemGoroutine(gp)) return;
    switch (readgstatus(gp) & ~uint32_t(Gscan)) {
      case Gwaiting:
      case Gpreempted:
        c->alive++;
        break;
      case Grunnable:
      case Grunning:
      case Gsyscall:
        c->running++;
        break;
      default:
        break;
    }
  }, &c);
  if (c.running > 0) {
    unlock(&sched.lock);
    throw_("checkdead: runnable g");
  }
  if (int64_t when = timersNext()) {
    if (fakeTime != nullptr) fakeTime->jump(when);
    return;
  }
  getm()->throwing = -1;  // no full dump of the runtime's own stack
  if (c.alive == 0) {
    unlock(&sched.lock);
    fatal("no goroutines (main called runtime.Goexit) - deadlock!");
  }
  unlock(&sched.lock);
  fatal("all goroutines are asleep - deadlock!");
}

}  // namespace burrow::rt
