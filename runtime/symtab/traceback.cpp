// Tracebacks.
//
//   goroutine 1 [running]:
//   main.f(...)                     an inlined call
//           /src/x.go:7
//   main.main()
//           /src/x.go:12 +0x1d      offset of the return address in the function
//
// Shown are the program's functions, of package runtime those that a program can call (exported ones), and the panic frame between
// ordinary code and the deferred calls that a panic runs. What the runtime has for other packages (time.Sleep) is shown as theirs.
// A stack without any of those is shown whole.
// Long stacks show the innermost and the outermost 50 frames: one walk counts them all, and remembers the last places that it came by.
// That walk may be of ten millions of frames, when a recursion does not end.
#include "symtab/traceback.h"

#include "boot/boot.h"
#include "panic/rt_print.h"
#include "sched/synctest.h"
#include "symtab/ancestors.h"
#include "symtab/labels.h"
#include "symtab/symtab.h"

namespace burrow::rt {

void (*labelPrinter)(G* gp);

namespace {

constexpr int64_t kInnerFrames = 50, kOuterFrames = 50;

bool hasPrefix(ft::Name n, const char* p) {
  for (uint32_t i = 0; p[i] != 0; i++)
    if (i >= n.size || n.data[i] != p[i]) return false;
  return true;
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

// With addresses, and the runtime's own frames.
bool showsDetail(G* gp) {
  M* m = getm();
  return (m->throwing > 1 && gp != nullptr && gp == m->curg) || gotraceback().level > 1;
}

bool showframe(ft::Name name, uint16_t flags, ft::Name callee, G* gp, bool first) {
  if (showsDetail(gp)) return true;
  if (hiddenWrapper(flags, callee)) return false;
  if (isGopanic(name) && !first) return true;
  if (runsProgram(name)) return true;
  if (!contains(name, '.')) return false;
  return !hasPrefix(name, "runtime.") || isExportedRuntime(name);
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
    } else if (n.data[i] == '"') {  // of a tag, in which brackets are text
      for (i++; i < n.size && n.data[i] != '"'; i++) {
        if (n.data[i] == '\\') i++;
      }
    }
  }
  if (depth == 0) printstring({reinterpret_cast<const uint8_t*>(n.data) + from, int64_t(n.size - from)});
}

bool hasSuffix(const char* text, const char* end) {
  const size_t n = strlen(text), m = strlen(end);
  return n >= m && memcmp(text + n - m, end, m) == 0;
}

void printName(ft::Name n) { printstring({reinterpret_cast<const uint8_t*>(n.data), int64_t(n.size)}); }

// The second line of a frame, up to its end: where in the source, and the return address in the function.
void printPlace(const ft::FrameWalk& w, const ft::FuncRecord* f, uintptr_t pc, bool withOffset) {
  rtPrint("\n\t");
  printName(w.fileName());
  rtPrint(":", w.line);
  const uintptr_t entry = functab.entry(*f);
  if (withOffset && pc > entry) rtPrint(" +", hex(pc - entry));
}

void printCall(const ft::FrameWalk& w, const ft::FuncRecord* f, uintptr_t pc, const char* arguments, bool withOffset) {
  printFuncName(w.function);
  rtPrint(arguments);
  printPlace(w, f, pc, withOffset);
}

// How a walk stands before a physical frame: how many logical frames were shown so far, and the function that the frame calls.
struct Place {
  Unwinder u;
  ft::Name callee = {nullptr, 0};
  int64_t shown = 0;
};

constexpr int64_t kNone = INT64_MAX;

// Prints logical frames number from .. to-1 of those that are shown, and says how many it came by. With `last` it prints none, and
// leaves the last kOuterFrames places where there was one there, in turn.
int64_t walkFrames(Place at, G* gp, bool showRuntime, int64_t from, int64_t to, Place* last = nullptr) {
  uint64_t places = 0;
  // A recursion returns to the same place again and again.
  struct {
    uintptr_t pc;
    const char* callee;
    ft::Name function;
    int64_t shown;
  } known = {0, nullptr, {nullptr, 0}, 0};
  for (; at.u.valid(); at.u.next()) {
    const Unwinder& u = at.u;
    const int64_t before = at.shown;
    const ft::Name callee = at.callee;
    if (u.fn == nullptr) {
      // Code that the table does not know.
      if (!showRuntime) continue;
      if (at.shown >= to) break;
      if (at.shown++ >= from) rtPrint("?()\n\t?:0 pc=", hex(u.pc), "\n");
    } else if (last != nullptr && u.pc == known.pc && callee.data == known.callee && before != 0) {
      at.callee = known.function;
      at.shown += known.shown;
    } else {
      for (ft::FrameWalk w = framesAt(u.fn, u.lookupPC()); w.valid(); w.next()) {
        const bool shown = showRuntime || showframe(w.function, w.flags, at.callee, gp, at.shown == 0);
        at.callee = w.function;
        if (!shown) continue;
        if (at.shown >= to) return at.shown;
        if (at.shown++ < from) continue;
        printCall(w, u.fn, u.pc, w.isInlined() ? "(...)" : "()", !w.isInlined());
        if (!w.isInlined() && showsDetail(gp)) rtPrint(" fp=", hex(u.cfa), " sp=", hex(u.sp), " pc=", hex(u.pc));
        printnl();
      }
      known = {before == 0 ? 0 : u.pc, callee.data, at.callee, at.shown - before};
    }
    if (last != nullptr && at.shown != before) last[places++ % kOuterFrames] = {u, callee, before};
  }
  return at.shown;
}

void printWalk(const Unwinder& u, G* gp) {
  Place last[kOuterFrames];
  bool showRuntime = false;
  int64_t total = walkFrames({u}, gp, false, kNone, kNone, last);
  if (total == 0) {
    showRuntime = true;
    total = walkFrames({u}, gp, true, kNone, kNone, last);
  }
  const int64_t outer = maxOf(kInnerFrames, total - kOuterFrames);
  walkFrames({u}, gp, showRuntime, 0, kInnerFrames);
  if (outer > kInnerFrames) rtPrint("...", outer - kInnerFrames, " frames elided...\n");
  if (outer >= total) return;
  // The nearest place that is not too far out.
  const Place* start = nullptr;
  for (const Place& p : last) {
    if (p.u.gp != nullptr && p.shown <= outer && (start == nullptr || p.shown > start->shown)) start = &p;
  }
  walkFrames(*start, gp, showRuntime, outer, total);
}

// `creator` 0: the traceback names it elsewhere.
void printcreatedby(G* gp, uint64_t goid, uintptr_t gopc, uint64_t creator) {
  if (goid == 1 || gopc == 0) return;
  const ft::FuncRecord* f = findfunc(gopc - 1);
  if (f == nullptr) return;
  // A go statement in an inlined function belongs to that function.
  ft::FrameWalk w = framesAt(f, gopc - 1);
  if (!showframe(w.function, w.flags, {nullptr, 0}, gp, false)) return;
  printlock();
  rtPrint("created by ");
  printFuncName(w.function);
  if (creator != 0) rtPrint(" in goroutine ", creator);
  printPlace(w, f, gopc, true);
  printnl();
  printunlock();
}
void printcreatedby(G* gp) { printcreatedby(gp, gp->goid, gp->gopc, gp->parentGoid); }

// gc looks up the return addresses themselves, and names the line behind a call's where that has begun; this names the call's.
void printAncestor(G* gp, const Ancestor* a) {
  rtPrint("[originating from goroutine ", a->goid, "]:\n");
  for (uint64_t i = 0; i < a->count; i++) {
    const uintptr_t pc = a->pcs[i];
    const ft::FuncRecord* f = findfunc(pc - 1);
    if (f == nullptr) continue;
    for (ft::FrameWalk w = framesAt(f, pc - 1); w.valid(); w.next()) {
      if (!showframe(w.function, w.flags, {nullptr, 0}, gp, i == 0)) continue;
      printCall(w, f, pc, "(...)", true);
      printnl();
    }
  }
  if (a->count == kAncestorFrames) rtPrint("...additional frames elided...\n");
  printcreatedby(gp, a->goid, a->gopc, 0);
}

void printOrigin(G* gp) {
  printcreatedby(gp);
  if (gp->ancestors == nullptr) return;
  const Ancestor* a = gp->ancestors->first();
  for (uint64_t i = 0; i < gp->ancestors->count; i++, a = a->next()) printAncestor(gp, a);
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

NO_INLINE bool isOneOf(ft::Name n, const char* list) {
  for (size_t size; (size = strlen(list)) != 0; list += size + 1)
    if (size == n.size && memcmp(n.data, list, size) == 0) return true;
  return false;
}

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
  if (gp->m != nullptr && gp == gp->m->g0) text = statusText(Gidle);  // not what it does counts, but that it is nobody's goroutine
  int64_t minutes = 0;
  if ((status == Gwaiting || status == Gsyscall) && gp->waitsince != 0) minutes = (nanotime() - gp->waitsince) / 60000000000;
  M* m = gp->m;
  rtPrint("goroutine ", gp->goid);
  if (showsDetail(gp)) {
    rtPrint(" gp=", hex(gp));
    if (m != nullptr) rtPrint(" m=", m->id, " mp=", hex(m)); else rtPrint(" m=nil");
  }
  rtPrint(" [", text);
  if (status == Gwaiting && gp->leaked) rtPrint(" (leaked)");
  if (scan) rtPrint(" (scan)");
  // The texts of some reasons say it themselves.
  if (gp->bubble != nullptr && status == Gwaiting && bubbleHooks->isIdle(gp) && !hasSuffix(text, " (durable)"))
    rtPrint(" (durable)");
  if (minutes >= 1) rtPrint(", ", minutes, " minutes");
  if (gp->lockedm != nullptr) rtPrint(", locked to thread");
  if (gp->bubble != nullptr) rtPrint(", synctest bubble ", gp->bubble->id);
  rtPrint("]");
  if (gp->labels != nullptr) labelPrinter(gp);
  rtPrint(":\n");
}

void traceback(G* gp) {
  Unwinder u;
  u.initShown(gp);
  printWalk(u, gp);
  printOrigin(gp);
}

void tracebackCaller(G* gp, uintptr_t pc) {
  Unwinder u;
  u.initParked(gp);
  while (u.valid() && u.pc != pc) u.next();
  if (u.valid()) u.next();
  printWalk(u, gp);
  printOrigin(gp);
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
  if (gp != getm()->g0) printOrigin(gp);
}

void tracebackothers(G* me, SynctestBubble* only) {
  TracebackMode mode = gotraceback();
  G* curg = getm()->curg;
  // The current goroutine first, when `me` is g0.
  if (curg != nullptr && curg != me && (only == nullptr || curg->bubble == only)) {
    rtPrint("\n");
    goroutineheader(curg);
    traceback(curg);
  }
  for (G* gp = allgs; gp != nullptr; gp = gp->alllink) {
    if (gp == me || gp == curg || (only != nullptr && gp->bubble != only)) continue;
    uint32_t status = readgstatus(gp) & ~uint32_t(Gscan);
    if (status == Gdead || status == Gidle || (isSystemGoroutine(gp) && mode.level < 2)) continue;
    rtPrint("\n");
    goroutineheader(gp);
    gp->unseen = gp->m != getm() && status == Grunning;
    if (gp->unseen) {
      rtPrint("\tgoroutine running on other thread; stack unavailable\n");
      printcreatedby(gp);
    } else {
      traceback(gp);
    }
  }
}

}  // namespace burrow::rt
