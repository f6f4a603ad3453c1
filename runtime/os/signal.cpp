// Signals.
//
// A fault in a goroutine's code becomes a Go panic. Two ways lead there, both by changing the registers that the kernel
// will restore: a nil access that the compiler left to the hardware is in the function table's fault map, and execution
// goes on at the block that the map names (it calls panicmem); every other fault looks afterwards as if the faulting
// instruction had called runtime.sigpanic (panic/defer_amd64.S), which decides what to panic with.
// A fault on g0, while the M holds locks or allocates, or outside a goroutine, is the runtime's own: report and exit.
//
// The handler runs on gsignal with all signals blocked.
#include "boot/boot.h"
#include "os/os.h"
#include "os/signal.h"
#include "os/syscall_linux_amd64.h"
#include "panic/crash.h"
#include "panic/panic.h"
#include "panic/rt_print.h"
#include "sched/proc.h"
#include "symtab/symtab.h"
#include "symtab/traceback.h"

namespace burrow::rt {

const CpuProfiler* cpuProfiler;

namespace {

struct SigInfo {
  uint8_t number, flags;
  const char* name;
};
const SigInfo signals[] = {
#define SIGNAL(number, flags, name) {number, flags, name},
#include "os/signals_linux.def"
#undef SIGNAL
};
constexpr uint32_t kSIGQUIT = 3, kSIGILL = 4, kSIGBUS = 7, kSIGFPE = 8, kSIGSEGV = 11;

// Real-time signals; the first three are a C library's, where there is one (kSigPerThreadSyscall is among them).
constexpr uint32_t kFirstRealTime = 32, kLastOfLibc = 34;

const SigInfo* infoOf(uint32_t sig) {
  for (auto& s : signals)
    if (s.number == sig) return &s;
  return nullptr;
}

struct KernelSigaction {
  uintptr_t handler;
  uint64_t flags;
  uintptr_t restorer;
  uint64_t mask;
};
constexpr uint64_t kSaSiginfo = 4, kSaOnstack = 0x08000000, kSaRestart = 0x10000000, kSaRestorer = 0x04000000;

extern "C" char sigtramp[] GO_SYM("runtime.sigtramp");
extern "C" char sigreturn[] GO_SYM("runtime.sigreturn__sigaction");
extern "C" char sigpanicCode[] GO_SYM("runtime.sigpanic");

uint64_t initialMask;
// Per signal: the handler it had when the program began (0 default, 1 ignored), and whether it has ours now.
uintptr_t firstHandler[kSignals];
bool handled[kSignals];
Atomic<uint32_t> sigsysIgnored;  // os looks whether a system call exists under seccomp
constexpr uintptr_t kDfl = 0, kIgn = 1;

void setsig(uint32_t sig, uintptr_t handler, KernelSigaction* old) {
  KernelSigaction sa = {handler, kSaSiginfo | kSaOnstack | kSaRestart | kSaRestorer, uintptr_t(sigreturn), ~uint64_t(0)};
  syscall6(kSysRtSigaction, sig, word(&sa), word(old), 8);
}

void setPlain(uint32_t sig, uintptr_t handler) {
  KernelSigaction sa = {handler, kSaRestorer, uintptr_t(sigreturn), 0};
  syscall6(kSysRtSigaction, sig, word(&sa), 0, 8);
}

// The parent wants the program not to have it.
bool keepsIgnored(uint32_t sig) { return (sigFlagsOf(sig) & kSigKeepIgnored) != 0 && firstHandler[sig] == kIgn; }

using Context = SigContext;
static_assert(offsetof(Context, rip) == 168);
struct Siginfo {
  int32_t signo, errno_, code, pad;
  uint64_t addr;
};

// May the interrupted code panic? It must be a goroutine in a state where a panic is allowed.
bool canpanic(G* gp, M* m) {
  if (gp != m->curg || gp == m->g0) return false;
  if (m->locks != 0 || m->mallocing != 0 || m->throwing != 0 || m->preemptoff != nullptr || m->dying != 0) return false;
  return (readgstatus(gp) & ~uint32_t(Gscan)) == Grunning && gp->syscallsp == 0;
}

// Was it an access through a nil pointer? An address that no processor could have has another code, and 0 for the address.
bool nilAccess(uint32_t sig, uintptr_t code, uintptr_t addr) {
  constexpr uintptr_t kSegvMapErr = 1, kSegvAccErr = 2, kBusAdrErr = 2;
  if (addr >= kPhysPageSize) return false;
  if (sig == kSIGBUS) return code == kBusAdrErr;
  return code == 0 || code == kSegvMapErr || code == kSegvAccErr;
}

void dumpregs(const Context* c) {
  // In the order of gc's report, each with its place in the context: a word, or a segment's half of a half.
  constexpr size_t kSegments = offsetof(Context, csgsfs);
  static constexpr struct { char name[8]; uint8_t at; } regs[] = {
#define REG(text, field) {text, offsetof(Context, field)}
      REG("rax    ", rax), REG("rbx    ", rbx), REG("rcx    ", rcx), REG("rdx    ", rdx), REG("rdi    ", rdi), REG("rsi    ", rsi),
      REG("rbp    ", rbp), REG("rsp    ", rsp), REG("r8     ", r8), REG("r9     ", r9), REG("r10    ", r10), REG("r11    ", r11),
      REG("r12    ", r12), REG("r13    ", r13), REG("r14    ", r14), REG("r15    ", r15), REG("rip    ", rip), REG("rflags ", eflags),
#undef REG
      {"cs     ", kSegments}, {"fs     ", kSegments + 4}, {"gs     ", kSegments + 2}};
  for (auto& r : regs) {
    const uintptr_t at = uintptr_t(c) + r.at;
    const uint64_t value = r.at < kSegments ? *reinterpret_cast<const uint64_t*>(at) : *reinterpret_cast<const uint16_t*>(at);
    rtPrint(&r.name[0], hex(value), "\n");
  }
}

// GOTRACEBACK=crash shows every thread where it is. The one that dies prints all that wait, and sends SIGQUIT to the process, which
// goes to some thread that has not been in the handler yet, because signals are blocked there. That one prints itself, and
// sends it on. The first one ends the program when all have had their turn, so that a core dump is about it; or when no further
// one comes. Goroutines that ran elsewhere when it printed those that wait, and have stopped since, are shown at the end.
Atomic<int32_t> crashing;  // threads that have printed

NORETURN void crashAllThreads(bool first) {
  constexpr uint32_t kLookUS = 5000, kPatienceUS = 2000 * 1000;
  if (crashing.xadd(1) < mcount()) {
    rtPrint("\n-----\n\n");
    printFlush();
    syscall(kSysKill, uint64_t(syscall(kSysGetpid)), kSIGQUIT);
  }
  int32_t seen = 0;
  for (uint32_t waited = 0; waited < kPatienceUS && (!first || crashing.load() < mcount()); waited += kLookUS) {
    usleep(kLookUS);
    if (const int32_t n = crashing.load(); n > seen) seen = n, waited = 0;
  }
  if (first) {
    for (G* gp = allgs; gp != nullptr; gp = gp->alllink) {
      const uint32_t status = readgstatus(gp) & ~uint32_t(Gscan);
      if (!gp->unseen || status == Grunning || status == Gdead) continue;
      rtPrint("\n");
      goroutineheader(gp);
      traceback(gp);
    }
    printFlush();
  }
  crash();
}

// What lies at pc, but not beyond its page: the next one may not be there.
void printInstruction(uintptr_t pc) {
  constexpr uintptr_t kBytes = 16;
  const uintptr_t n = minOf(kBytes, alignUp(pc + 1, kPhysPageSize) - pc);
  rtPrint("instruction bytes:");
  for (uintptr_t i = 0; i < n; i++) rtPrint(" ", hex(uint64_t(reinterpret_cast<const uint8_t*>(pc)[i])));
  rtPrint("\n");
}

NORETURN void fatalSignal(uint32_t sig, const Siginfo* info, const Context* c, G* gp) {
  M* m = getm();
  m->throwing = 2;
  const bool first = crashing.load() == 0;
  if (first) startpanic_m();
  if (const SigInfo* s = infoOf(sig)) rtPrint(s->name, "\n"); else rtPrint("Signal ", sig, "\n");
  rtPrint("PC=", hex(c->rip), " m=", m->id, " sigcode=", int64_t(info->code));
  if (sig == kSIGSEGV || sig == kSIGBUS) rtPrint(" addr=", hex(info->addr));
  rtPrint("\n");
  if (sig == kSIGILL || sig == kSIGFPE) printInstruction(c->rip);
  rtPrint("\n");
  TracebackMode mode = gotraceback();
  if (mode.level > 0) {
    goroutineheader(gp);
    tracebacktrap(gp, c->rip, c->rsp, c->rbp);
    G* curg = m->curg;
    if (first) {
      tracebackothers(gp);
      rtPrint("\n");
    } else if (gp != curg && curg != nullptr && (readgstatus(curg) & ~uint32_t(Gscan)) == Grunning) {
      // The first thread could not look at it.
      goroutineheader(curg);
      traceback(curg);
      curg->unseen = false;
    }
    gp->unseen = false;
    dumpregs(c);
  }
  printFlush();
  if (mode.crash) crashAllThreads(first);
  exitProcess(2);
}

}  // namespace

extern "C" void sighandler(uint32_t sig, Siginfo* info, Context* c, G* gp) GO_SYM("runtime.sighandler");
void sighandler(uint32_t sig, Siginfo* info, Context* c, G* gp) {
  M* m = getm();
  if (sig == kSigPerThreadSyscall) {
    runPerThreadSyscall();
    return;
  }
  if (sig == kSIGPROF) {
    if (cpuProfiler != nullptr) cpuProfiler->tick(gp, c);
    return;
  }
  if (sig == kSIGSYS && sigsysIgnored.load() != 0) return;
  const SigInfo* s = infoOf(sig);
  uint8_t flags = s != nullptr ? s->flags : uint8_t(kSigNotify);
  bool fromUser = info->code == 0 || info->code == -6;  // SI_USER, SI_TKILL

  if (!fromUser && (flags & kSigPanic)) {
    if (canpanic(gp, m)) {
      gp->sig = sig;
      gp->sigcode0 = uintptr_t(uint32_t(info->code));
      gp->sigcode1 = info->addr;
      gp->sigpc = c->rip;
      if (nilAccess(sig, gp->sigcode0, info->addr)) {
        if (const ft::FuncRecord* f = findfunc(c->rip)) {
          if (uint64_t handler = functab.faultHandler(*f, c->rip)) {
            c->rip = handler;
            return;
          }
        }
      }
      // Who called what is no code is where the fault belongs: the stack cannot be unwound through data. It is where the
      // call would have returned to, which is what gc shows; behind a call at its function's end, the call itself.
      uintptr_t pc = c->rip, at = c->rsp;
      if (findfunc(pc) == nullptr) {
        const uintptr_t back = *reinterpret_cast<uintptr_t*>(at);
        const ft::FuncRecord* caller = findfunc(back - 1);
        if (caller != nullptr) pc = findfunc(back) == caller ? back : back - 1, at += 8;
      }
      // Below the red zone of whatever was interrupted.
      uintptr_t* sp = reinterpret_cast<uintptr_t*>(alignDown(c->rsp - 128 - 16, 16) - 8);
      sp[0] = pc;
      sp[1] = at;
      c->rsp = uintptr_t(sp);
      c->rip = uintptr_t(sigpanicCode);
      return;
    }
    flags = kSigThrow;
  }
  const bool relayed = sig == kSIGQUIT && crashing.load() != 0;
  if (!relayed && (fromUser || (flags & kSigNotify) != 0) && sigsend(sig)) return;
  if (!relayed && fromUser && sigIgnored(sig)) return;
  if (flags & kSigKill) dieFromSignal(sig);
  if ((flags & (kSigThrow | kSigPanic)) == 0) return;
  fatalSignal(sig, info, c, gp);
}

// sigpanic0 runs on the goroutine, called from where the fault was: turns the signal into a panic.
extern "C" void sigpanic0() GO_SYM("runtime.sigpanic0");
void sigpanic0() {
  G* gp = getg();
  switch (gp->sig) {
    case kSIGBUS:
    case kSIGSEGV:
      if (nilAccess(gp->sig, gp->sigcode0, gp->sigcode1)) panicmem();
      if (gp->paniconfault) panicmemAddr(gp->sigcode1);
      rtPrint("unexpected fault address ", hex(gp->sigcode1), "\n");
      throw_("fault");
    case kSIGFPE:
      if (gp->sigcode0 == 1) panicdivide();
      if (gp->sigcode0 == 2) panicoverflow();
      panicfloat();
    default:
      throw_("unexpected signal");
  }
}

void printSignalLine(G* gp) {
  const SigInfo* s = infoOf(gp->sig);
  rtPrint("[signal ");
  if (s != nullptr) rtPrint(s->name); else rtPrint(hex(gp->sig));
  rtPrint(" code=", hex(gp->sigcode0), " addr=", hex(gp->sigcode1), " pc=", hex(gp->sigpc), "]\n");
}

void dieFromSignal(uint32_t sig) {
  setPlain(sig, kDfl);
  uint64_t mask = uint64_t(1) << (sig - 1);
  syscall6(kSysRtSigprocmask, 1, word(&mask), 0, 8);
  int64_t pid = syscall(kSysGetpid), tid = syscall(kSysGettid);
  syscall(kSysTgkill, uint64_t(pid), uint64_t(tid), sig);
  for (int i = 0; i < 10; i++) osyield();
  // The first process of a name space, which such signals do not end: as a shell tells of it.
  exitProcess(128 + int32_t(sig));
}

void initSignalTable() {
  syscall6(kSysRtSigprocmask, 0, 0, word(&initialMask), 8);
  for (auto& s : signals) {
    KernelSigaction old = {};
    if (s.flags & kSigDefault) {
      syscall6(kSysRtSigaction, s.number, 0, word(&old), 8);
      firstHandler[s.number] = old.handler;
      continue;
    }
    setsig(s.number, uintptr_t(sigtramp), &old);
    firstHandler[s.number] = old.handler;
    handled[s.number] = true;
    if (!keepsIgnored(s.number)) continue;
    handled[s.number] = false;
    syscall6(kSysRtSigaction, s.number, word(&old), 0, 8);
  }
  // Without os/signal these do nothing, as with gc, where the kernel would end the program.
  for (uint32_t sig = kFirstRealTime; sig < kSignals; sig++) {
    KernelSigaction old = {};
    setsig(sig, uintptr_t(sigtramp), &old);
    firstHandler[sig] = old.handler;
    handled[sig] = true;
  }
}

uint8_t sigFlagsOf(uint32_t sig) {
  if (const SigInfo* s = infoOf(sig)) return s->flags;
  return sig > kLastOfLibc && sig < kSignals ? uint8_t(kSigNotify) : 0;
}

bool sigInheritedIgnored(uint32_t sig) { return sig < kSignals && !handled[sig] && firstHandler[sig] == kIgn; }

void sigenable(uint32_t sig) {
  if ((sigFlagsOf(sig) & kSigNotify) == 0 || handled[sig]) return;
  handled[sig] = true;
  setsig(sig, uintptr_t(sigtramp), nullptr);
}

void sigdisable(uint32_t sig) {
  const uint8_t flags = sigFlagsOf(sig);
  if ((flags & kSigNotify) == 0) return;
  // Those that have a handler from the beginning keep it: what it does without os/signal is the default.
  if ((flags & kSigDefault) == 0 && !keepsIgnored(sig)) return;
  handled[sig] = false;
  setPlain(sig, firstHandler[sig]);
}

void sigignore(uint32_t sig) {
  if ((sigFlagsOf(sig) & kSigNotify) == 0) return;
  handled[sig] = false;
  setPlain(sig, kIgn);
}

GO_DECL("os.ignoreSIGSYS", void, ignoreSIGSYS, ());
void ignoreSIGSYS() { sigsysIgnored.store(1); }
GO_DECL("os.restoreSIGSYS", void, restoreSIGSYS, ());
void restoreSIGSYS() { sigsysIgnored.store(0); }

// The signal stack of this thread, and the mask that the program started with.
void minitSignals(M* mp) {
  struct { uintptr_t sp; int32_t flags, pad; size_t size; } ss = {mp->gsignal->stack.lo, 0, 0,
                                                                 mp->gsignal->stack.hi - mp->gsignal->stack.lo};
  syscall(kSysSigaltstack, word(&ss), 0);
  if (mp != &m0) syscall6(kSysRtSigprocmask, 2, word(&initialMask), 0, 8);
}

}  // namespace burrow::rt
