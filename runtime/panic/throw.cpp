// throw and fatal, and the common end of a dying program.
//
// Order: say what happened, stop the other threads as well as can be (freezetheworld: their Ps are asked to stop, nobody waits
// for the answer), print the goroutine at fault, then the others when the level or the kind of error asks for it, exit 2.
// Another thread that dies meanwhile waits for its turn to print; the last one to finish exits for all.
#include "panic/panic.h"

#include "boot/boot.h"
#include "os/os.h"
#include "os/syscall_linux_amd64.h"
#include "os/signal.h"
#include "panic/crash.h"
#include "panic/rt_print.h"
#include "sched/synctest.h"
#include "symtab/traceback.h"

namespace burrow::rt {

Mutex paniclk = {{}, LockRank::Panic};

namespace {

Mutex deadlock = {{}, LockRank::Deadlock};
bool didothers;

constexpr int32_t kThrowUser = 1, kThrowRuntime = 2;

// Later lines of the text are indented, so that a value cannot forge lines of the report.
void printindented(GoString s) {
  int64_t from = 0;
  for (int64_t i = 0; i < s.len; i++) {
    if (s.data[i] != '\n') continue;
    printstring({s.data + from, i + 1 - from});
    printstring(goString("\t"));
    from = i + 1;
  }
  printstring({s.data + from, s.len - from});
}

void freezetheworld() {
  // No goroutine is started any more; running ones are asked a few times to stop.
  for (int i = 0; i < 5; i++) {
    sched.stopwait = 0x7fffffff;
    sched.gcwaiting.store(1);
    if (!preemptall()) break;
    usleep(1000);
  }
}

NORETURN ALWAYS_INLINE void fatalthrow(int32_t kind) {
  G* gp = getg();
  M* m = getm();
  if (m->throwing == 0) m->throwing = kind;
  systemstack([&] {
    startpanic_m();
    if (dopanic_m(gp)) crash();
    exitProcess(2);
  });
  __builtin_unreachable();
}

NORETURN ALWAYS_INLINE void die(GoString text, int32_t kind) {
  // Panics whose deferred calls are running come first; their values are not asked for texts any more.
  Panic* p = kind == kThrowUser ? getg()->panic : nullptr;
  systemstack([&] {
    printlock();
    if (p != nullptr) {
      for (Panic* x = p; x != nullptr; x = x->link) markRepanicked(x);
      printpanics(p);
      rtPrint("\t");
    }
    printstring(goString("fatal error: "));
    printindented(text);
    printnl();
    printunlock();
  });
  fatalthrow(kind);
}

}  // namespace

GOABI void goThrow(GoString text) { die(text, kThrowRuntime); }
void throw_(const char* text) { goThrow({reinterpret_cast<const uint8_t*>(text), int64_t(strlen(text))}); }
GOABI void goFatal(GoString text) { die(text, kThrowUser); }

void reportStackOverflow(uintptr_t limit, uintptr_t sp, uintptr_t lo, uintptr_t hi) {
  rtPrint("runtime: goroutine stack exceeds ", uint64_t(limit), "-byte limit\n");
  rtPrint("runtime: sp=", hex(sp), " stack=[", hex(lo), ", ", hex(hi), "]\n");
}

bool startpanic_m() {
  M* m = getm();
  m->mallocing++;
  if (m->locks < 0) m->locks = 1;
  switch (m->dying) {
    case 0:
      m->dying = 1;
      panicking.xadd(1);
      lock(&paniclk);
      freezetheworld();
      return true;
    case 1:
      m->dying = 2;
      rtPrint("panic during panic\n");
      return false;
    case 2:
      m->dying = 3;
      rtPrint("stack trace unavailable\n");
      exitProcess(4);
    default:
      exitProcess(5);
  }
}

bool dopanic_m(G* gp, SynctestBubble* bubble) {
  M* m = getm();
  if (gp->sig != 0) printSignalLine(gp);
  TracebackMode mode = gotraceback();
  if (mode.level > 0) {
    bool all = mode.all || gp != m->curg;
    if (gp != m->g0 && gp != m->gsignal) {
      rtPrint("\n");
      goroutineheader(gp);
      traceback(gp);
    } else if (mode.level >= 2 || m->throwing >= kThrowRuntime) {
      rtPrint("\nruntime stack:\n");
      tracebackHere(gp, uintptr_t(__builtin_return_address(0)), uintptr_t(__builtin_frame_address(0)) + 16);
    }
    if (!didothers && all) {
      didothers = true;
      tracebackothers(gp);
    } else if (!didothers && bubble != nullptr) {
      tracebackothers(gp, bubble);
    }
  }
  printFlush();
  unlock(&paniclk);
  if (panicking.xadd(-1) != 0) {
    // Some other thread still prints; it exits when it is done.
    lock(&deadlock);
    lock(&deadlock);
  }
  return mode.crash;
}

void crash() { dieFromSignal(6); }

// ---- unrecovered panics

// In std/runtime: prints a panic's value as gc does.
GOABI void printpanicval(Eface v) GO_SYM("runtime.printpanicval");

void printpanics(Panic* p) {
  if (p->link != nullptr) {
    printpanics(p->link);
    if (p->link->repanicked) {
      // said already
      return;
    }
    if (!p->link->goexit) rtPrint("\t");
  }
  if (p->goexit) return;
  rtPrint("panic: ");
  if (p->hasText) printindented(p->text); else printpanicval(p->arg);
  if (p->recovered && p->repanicked) rtPrint(" [recovered, repanicked]");
  else if (p->recovered) rtPrint(" [recovered]");
  rtPrint("\n");
}

void fatalpanic(Panic* p) {
  G* gp = getg();
  bool docrash = false;
  systemstack([&] {
    if (startpanic_m()) {
      // From here on `panicking` keeps main from exiting.
      runningPanicDefers.xadd(uint32_t(-1));
      printpanics(p);
    }
    // When all of a bubble wait for each other, their stacks say for what.
    docrash = dopanic_m(gp, bubbleHooks == nullptr ? nullptr : bubbleHooks->ofDeadlock(p->arg));
  });
  if (docrash) crash();
  exitProcess(2);
}

GOABI void printindentedGo(GoString s) GO_SYM("runtime.printindented");
GOABI void printindentedGo(GoString s) { printindented(s); }

// For tests of the library, by linkname: ends the program by a trap.
GO_DECL("runtime.abort", void, goAbort, ());
void goAbort() {
  for (;;) __asm__ volatile("int3");
}

}  // namespace burrow::rt
