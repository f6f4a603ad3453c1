// Tracebacks.
//
//   goroutine 1 [running]:
//   main.f(...)                     an inlined call
//           /src/x.go:7
//   main.main()
//           /src/x.go:12 +0x1d      offset of the return address in the function
//
// Shown are the program's functions, and of the runtime those that a program can call (exported ones), and the panic
// frame between ordinary code and the deferred calls that a panic runs. A stack without any of those is shown whole.
// Long stacks show the innermost and the outermost 50 frames: the walk is cheap, so it is simply done twice, first to count.
#include "symtab/traceback.h"

#include "boot/boot.h"
#include "panic/rt_print.h"
#include "symtab/symtab.h"

namespace burrow::rt {

namespace {

constexpr int64_t kInnerFrames = 50, kOuterFrames = 50;

bool hasPrefix(ft::Name n, const char* p) {
  for (uint32_t i = 0; p[i] != 0; i++)
    if (i >= n.size || n.data[i] != p[i]) return false;
  return true;
}
// One of the names in a list, in which each ends with a zero, and the list with another.
NO_INLINE bool isOneOf(ft::Name n, const char* list) {
  for (; *list != 0; list += strlen(list) + 1)
    if (strlen(list) == n.size && hasPrefix(n, list)) return true;
  return false;
}
bool isGopanic(ft::Name n) { return isOneOf(n, "runtime.gopanic\0"); }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }

// runtime.Name or runtime.(*Type).Name with everything exported.
bool isExportedRuntime(ft::Name n) {
  uint32_t from = 8;  // behind "runtime."
  if (n.size <= from) return false;
  uint32_t dot = n.size;
  while (dot > from && n.data[dot - 1] != '.') dot--;
  if (dot == from) return upper(n.data[from]);
  if (dot >= n.size || !upper(n.data[dot])) return false;
  uint32_t r = from;
  while (r < dot && (n.data[r] == '(' || n.data[r] == '*')) r++;
  return upper(n.data[r]);
}

bool contains(ft::Name n, char c) {
  for (uint32_t i = 0; i < n.size; i++)
    if (n.data[i] == c) return true;
  return false;
}

bool showframe(ft::Name name, uint16_t flags, ft::Name callee, G* gp, bool first) {
  M* m = getm();
  if (m->throwing > 1 && gp != nullptr && gp == m->curg) return true;
  if (gotraceback().level > 1) return true;
  if (hiddenWrapper(flags, callee)) return false;
  if (isGopanic(name) && !first) return true;
  if (runsProgram(name)) return true;
  if (!contains(name, '.')) return false;
  if (hasPrefix(name, "runtime.")) return isExportedRuntime(name);
  return !(flags & ft::kNative);
}

// Type arguments show as [...]: with brackets nested, the outermost pair; a generic method of a generic type has two.
void printFuncName(ft::Name n) {
  if (isGopanic(n)) {
    rtPrint("panic");
    return;
  }
  uint32_t depth = 0, from = 0;
  for (uint32_t i = 0; i < n.size; i++) {
    if (n.data[i] == '[') {
      if (depth++ == 0) {
        printstring({reinterpret_cast<const uint8_t*>(n.data) + from, int64_t(i - from)});
        rtPrint("[...]");
      }
    } else if (n.data[i] == ']' && depth > 0) {
      if (--depth == 0) from = i + 1;
    }
  }
  if (depth == 0) printstring({reinterpret_cast<const uint8_t*>(n.data) + from, int64_t(n.size - from)});
}

void printName(ft::Name n) { printstring({reinterpret_cast<const uint8_t*>(n.data), int64_t(n.size)}); }

// Prints logical frames number skip .. skip+max of the walk; returns how many there are in all, at most skip+max.
int64_t printFrames(Unwinder u, G* gp, bool showRuntime, int64_t skip, int64_t max, bool print) {
  int64_t n = 0;
  M* m = getm();
  bool detail = (m->throwing > 1 && gp != nullptr && gp == m->curg) || gotraceback().level >= 2;
  ft::Name callee = {nullptr, 0};
  for (; u.valid(); u.next()) {
    if (u.fn == nullptr) {
      // Code that the table does not know.
      if (!showRuntime) continue;
      if (n >= skip + max) return n;
      if (n++ >= skip && print) rtPrint("?()\n\t?:0 pc=", hex(u.pc), "\n");
      continue;
    }
    for (ft::FrameWalk w(functab, u.fn, u.lookupPC()); w.valid(); w.next()) {
      const ft::Name called = callee;
      callee = w.function;
      if (!showRuntime && !showframe(w.function, w.flags, called, gp, n == 0)) continue;
      if (n >= skip + max) return n;
      if (n++ < skip || !print) continue;
      printFuncName(w.function);
      rtPrint(w.isInlined() ? "(...)\n\t" : "()\n\t");
      printName(w.fileName());
      rtPrint(":");
      rtPrint(uint64_t(w.line));
      if (!w.isInlined()) {
        uintptr_t entry = functab.entry(*u.fn);
        if (u.pc > entry) rtPrint(" +", hex(u.pc - entry));
        if (detail) rtPrint(" fp=", hex(u.cfa), " sp=", hex(u.sp), " pc=", hex(u.pc));
      }
      printnl();
    }
  }
  return n;
}

void printWalk(const Unwinder& u, G* gp) {
  constexpr int64_t kAll = int64_t(1) << 60;
  bool showRuntime = false;
  int64_t total = printFrames(u, gp, false, 0, kAll, false);
  if (total == 0) {
    showRuntime = true;
    total = printFrames(u, gp, true, 0, kAll, false);
  }
  if (total <= kInnerFrames + kOuterFrames) {
    printFrames(u, gp, showRuntime, 0, kAll, true);
    return;
  }
  printFrames(u, gp, showRuntime, 0, kInnerFrames, true);
  rtPrint("...", total - kInnerFrames - kOuterFrames, " frames elided...\n");
  printFrames(u, gp, showRuntime, total - kOuterFrames, kOuterFrames, true);
}

void printcreatedby(G* gp) {
  if (gp->goid == 1 || gp->gopc == 0) return;
  const ft::FuncRecord* f = findfunc(gp->gopc - 1);
  if (f == nullptr) return;
  // A go statement in an inlined function belongs to that function.
  ft::FrameWalk w(functab, f, gp->gopc - 1);
  if (!showframe(w.function, w.flags, {nullptr, 0}, gp, false)) return;
  printlock();
  rtPrint("created by ");
  printFuncName(w.function);
  if (gp->parentGoid != 0) rtPrint(" in goroutine ", gp->parentGoid);
  rtPrint("\n\t");
  printName(w.fileName());
  rtPrint(":");
  rtPrint(uint64_t(w.line));
  uintptr_t entry = functab.entry(*f);
  if (gp->gopc > entry) rtPrint(" +", hex(gp->gopc - entry));
  printnl();
  printunlock();
}

const char* statusText(uint32_t s) {
  switch (s) {
    case Gidle: return "idle";
    case Grunnable: return "runnable";
    case Grunning: return "running";
    case Gsyscall: return "syscall";
    case Gwaiting: return "waiting";
    case Gdead: return "dead";
    case Gcopystack: return "copystack";
    case Gpreempted: return "preempted";
    default: return "???";
  }
}

}  // namespace

bool runsProgram(ft::Name n) { return isOneOf(n, "runtime.runFinalizers\0runtime.runCleanups\0"); }

bool hiddenWrapper(uint16_t flags, ft::Name callee) {
  return (flags & ft::kWrapper) &&
         !isOneOf(callee, "runtime.gopanic\0runtime.sigpanic\0runtime.panicmem\0runtime.panicwrap\0");
}

void goroutineheader(G* gp) {
  uint32_t status = readgstatus(gp);
  bool scan = status & Gscan;
  status &= ~uint32_t(Gscan);
  const char* text = statusText(status);
  if (status == Gwaiting && gp->waitreason != WaitReason::Zero) text = waitReasonText(gp->waitreason);
  int64_t minutes = 0;
  if ((status == Gwaiting || status == Gsyscall) && gp->waitsince != 0) minutes = (nanotime() - gp->waitsince) / 60000000000;
  M* m = gp->m;
  rtPrint("goroutine ", gp->goid);
  if ((m != nullptr && m->throwing > 1 && gp == m->curg) || gotraceback().level >= 2) {
    rtPrint(" gp=", hex(gp));
    if (m != nullptr) rtPrint(" m=", m->id, " mp=", hex(m)); else rtPrint(" m=nil");
  }
  rtPrint(" [", text);
  if (status == Gwaiting && gp->leaked) rtPrint(" (leaked)");
  if (scan) rtPrint(" (scan)");
  if (minutes >= 1) rtPrint(", ", minutes, " minutes");
  if (gp->lockedm != nullptr) rtPrint(", locked to thread");
  rtPrint("]:\n");
}

void traceback(G* gp) {
  Unwinder u;
  u.initParked(gp);
  printWalk(u, gp);
  printcreatedby(gp);
}

void tracebackCaller(G* gp, uintptr_t pc) {
  Unwinder u;
  u.initParked(gp);
  while (u.valid() && u.pc != pc) u.next();
  if (u.valid()) u.next();
  printWalk(u, gp);
  printcreatedby(gp);
}

void tracebackHere(G* gp, uintptr_t pc, uintptr_t sp) {
  Unwinder u;
  u.init(gp, pc, sp, 0, false);
  printWalk(u, gp);
}

void tracebacktrap(G* gp, uintptr_t pc, uintptr_t sp, uintptr_t fp) {
  Unwinder u;
  u.init(gp, pc, sp, fp, true);
  printWalk(u, gp);
  if (gp != getm()->g0) printcreatedby(gp);
}

void tracebackothers(G* me) {
  TracebackMode mode = gotraceback();
  G* curg = getm()->curg;
  // The current goroutine first, when `me` is g0.
  if (curg != nullptr && curg != me) {
    rtPrint("\n");
    goroutineheader(curg);
    traceback(curg);
  }
  for (G* gp = allgs; gp != nullptr; gp = gp->alllink) {
    if (gp == me || gp == curg) continue;
    uint32_t status = readgstatus(gp) & ~uint32_t(Gscan);
    if (status == Gdead || status == Gidle || (isSystemGoroutine(gp) && mode.level < 2)) continue;
    rtPrint("\n");
    goroutineheader(gp);
    if (gp->m != getm() && status == Grunning) {
      rtPrint("\tgoroutine running on other thread; stack unavailable\n");
      printcreatedby(gp);
    } else {
      traceback(gp);
    }
  }
}

}  // namespace burrow::rt
