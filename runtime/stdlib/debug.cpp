// What runtime/debug, runtime/pprof and the crypto packages take from the runtime below the Go part in std/runtime.
#include "boot/boot.h"
#include "gc/gc.h"
#include "mem/malloc.h"
#include "os/os.h"
#include "print/print.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "symtab/labels.h"
#include "symtab/symtab.h"

namespace burrow::rt {

// What the link step puts into section .go.buildinfo, for debug.ReadBuildInfo: a header, then the Go version and the text
// about the build, each behind its length. Programs that no link step of Burrow's made have none.
extern const uint8_t buildInfo[] __asm__("go:buildinfo") __attribute__((weak));
GO_DECL("runtime/debug.modinfo", GoString, debugModinfo, ());
GoString debugModinfo() {
  constexpr int kHeader = 32;
  if (buildInfo == nullptr) return {nullptr, 0};
  const uint8_t* at = buildInfo + kHeader;
  auto length = [&] {
    int64_t n = 0;
    for (int shift = 0;; shift += 7) {
      const uint8_t byte = *at++;
      n |= int64_t(byte & 0x7f) << shift;
      if (byte < 0x80) return n;
    }
  };
  const int64_t version = length();
  at += version;
  const int64_t n = length();
  return {at, n};
}

GO_DECL("runtime.godebugDefaults", GoString, goGodebugDefaults, ());
GoString goGodebugDefaults() {
  if (godebugDefault == nullptr) return {nullptr, 0};
  return {reinterpret_cast<const uint8_t*>(godebugDefault), int64_t(strlen(godebugDefault))};
}

GO_DECL("runtime.setTracebackLevel", void, goSetTraceback, (GoString level));
void goSetTraceback(GoString level) { setTraceback(reinterpret_cast<const char*>(level.data), size_t(level.len)); }

GO_DECL("runtime.setMaxStack", int64_t, goSetMaxStack, (int64_t n));
int64_t goSetMaxStack(int64_t n) {
  const int64_t old = int64_t(maxstacksize);
  maxstacksize = uintptr_t(n);
  return old;
}

GO_DECL("runtime.setMaxThreads", int64_t, goSetMaxThreads, (int64_t n));
int64_t goSetMaxThreads(int64_t n) {
  lock(&sched.lock);
  const int64_t old = sched.maxmcount;
  sched.maxmcount = int32_t(minOf<int64_t>(n, 0x7fffffff));
  checkmcount();
  unlock(&sched.lock);
  return old;
}

GO_DECL("runtime.setPanicOnFault", bool, goSetPanicOnFault, (bool on));
bool goSetPanicOnFault(bool on) {
  G* gp = getg();
  const bool old = gp->paniconfault;
  gp->paniconfault = on;
  return old;
}

GO_DECL("runtime.setCrashFD", uint64_t, goSetCrashFD, (uint64_t fd));
uint64_t goSetCrashFD(uint64_t fd) { return crashFD.xchg(fd); }

GO_DECL("runtime.setlabels", void, goSetLabels, (void* labels));
void goSetLabels(void* labels) {
  __atomic_store_n(&labelPrinter, printLabels, __ATOMIC_RELEASE);
  // The old ones may be known to a ring of samples only, from now on (profile/cpu_profile.cpp).
  M* m = acquirem();
  if (writeBarrierEnabled()) gcShade(getg()->labels);
  getg()->labels = labels;
  releasem(m);
}
GO_DECL("runtime.getlabels", void*, goGetLabels, ());
void* goGetLabels() { return getg()->labels; }

GO_DECL("runtime.threadCount", int64_t, threadCount, ());
int64_t threadCount() {
  lock(&sched.lock);
  const int64_t n = mcount();
  unlock(&sched.lock);
  return n;
}

GO_DECL("runtime.goid", uint64_t, goGoid, ());
uint64_t goGoid() { return getg()->goid; }
GO_DECL("runtime.getgflags", void*, goGetFlags, ());
void* goGetFlags() { return &getg()->libraryFlags; }

namespace {

struct StackList {
  uintptr_t* pcs;
  int64_t depth;
  void** labels;
  int64_t room, count;

  // parked: it waits in gopark. That has no frame here, because it ends by a jump to mcall, but gc's profiles begin with it.
  void add(G* gp, Unwinder& u, bool parked) {
    if (count < room) {
      uintptr_t* to = pcs + count * depth;
      int64_t n = 0;
      if (parked) to[n++] = reinterpret_cast<uintptr_t>(&gopark) + 1;
      n += unwoundStack(u, to + n, int(depth - n));
      if (n < depth) to[n] = 0;
      if (labels != nullptr) labels[count] = gp->labels;
    }
    count++;
  }
};

}  // namespace

GO_DECL("runtime.goroutineStacks", int64_t, goroutineStacks,
        (uintptr_t * pcs, int64_t depth, void** labels, int64_t room, bool leaked));
int64_t goroutineStacks(uintptr_t* pcs, int64_t depth, void** labels, int64_t room, bool leaked) {
  StackList list = {pcs, depth, labels, room, 0};
  WorldStop w = stopTheWorld("goroutine profile");
  G* self = getg();
  systemstack([&] {
    if (!leaked) {
      Unwinder u;
      u.initParked(self);
      list.add(self, u, false);
    }
    struct Arg {
      StackList* list;
      G* self;
      bool leaked;
    } arg = {&list, self, leaked};
    forEachG(
        [](G* gp, void* p) {
          auto* a = static_cast<Arg*>(p);
          const uint32_t s = readgstatus(gp) & ~uint32_t(Gscan);
          if (a->leaked && (s != Gwaiting || !gp->leaked)) return;
          if (gp == a->self || s == Gdead || s == Gidle || isSystemGoroutine(gp)) return;
          Unwinder at;
          at.initShown(gp);
          a->list->add(gp, at, s == Gwaiting);
        },
        &arg);
  });
  startTheWorld(w);
  return list.count;
}

// Where gc's linker writes the checksum of the FIPS module (crypto/internal/fips140/check.Linkinfo). Ours does not: a program
// that asks for FIPS mode is told that there is no checksum.
extern const uint64_t fipsinfo[15] GO_SYM("go:fipsinfo");
const uint64_t fipsinfo[15] = {};

}  // namespace burrow::rt
