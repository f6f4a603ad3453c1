// The small functions that sync, internal/sync and sync/atomic are linked to. The large ones are in sema.cpp and
// notify_list.cpp.
#include "sched/proc.h"

namespace burrow::rt {

// ---- giving up
GO_DECL("sync.throw", void, syncThrow, (GoString text));
void syncThrow(GoString text) { goThrow(text); }
GO_DECL("sync.fatal", void, syncFatal, (GoString text));
void syncFatal(GoString text) { goFatal(text); }
GO_DECL("internal/sync.throw", void, internalSyncThrow, (GoString text));
void internalSyncThrow(GoString text) { goThrow(text); }
GO_DECL("internal/sync.fatal", void, internalSyncFatal, (GoString text));
void internalSyncFatal(GoString text) { goFatal(text); }

// ---- staying on one P (sync.Pool, sync/atomic.Value)
GO_DECL("sync.runtime_procPin", int64_t, syncProcPin, ());
int64_t syncProcPin() { return procPin(); }
GO_DECL("sync.runtime_procUnpin", void, syncProcUnpin, ());
void syncProcUnpin() { procUnpin(); }
GO_DECL("sync/atomic.runtime_procPin", int64_t, syncAtomicProcPin, ());
int64_t syncAtomicProcPin() { return procPin(); }
GO_DECL("sync/atomic.runtime_procUnpin", void, syncAtomicProcUnpin, ());
void syncAtomicProcUnpin() { procUnpin(); }

// ---- spinning before a mutex is waited for: a few times, and only if the holder may be running on another CPU and there
// is nothing better to do here.
namespace {
constexpr int64_t kActiveSpins = 4;
constexpr int kPausesPerSpin = 30;

bool canSpin(int64_t i) {
  if (i >= kActiveSpins || ncpu <= 1) return false;
  if (gomaxprocs <= sched.npidle.load() + sched.nmspinning.load() + 1) return false;
  M* m = acquirem();
  const bool idle = m->p->runq.empty();
  releasem(m);
  return idle;
}
}  // namespace
GO_DECL("internal/sync.runtime_canSpin", bool, internalSyncCanSpin, (int64_t i));
bool internalSyncCanSpin(int64_t i) { return canSpin(i); }
GO_DECL("internal/sync.runtime_doSpin", void, internalSyncDoSpin, ());
void internalSyncDoSpin() {
  for (int i = 0; i < kPausesPerSpin; i++) cpuRelax();
}
GO_DECL("sync.runtime_canSpin", bool, syncCanSpin, (int64_t i));
bool syncCanSpin(int64_t i) { return canSpin(i); }
GO_DECL("sync.runtime_doSpin", void, syncDoSpin, ());
void syncDoSpin() { internalSyncDoSpin(); }

// ---- sync.Pool: what the collector calls when a cycle begins, with the world stopped
FuncVal* poolCleanup;
void (*cacheCleanup)();
GO_DECL("sync.runtime_registerPoolCleanup", void, registerPoolCleanup, (FuncVal * cleanup));
void registerPoolCleanup(FuncVal* cleanup) { poolCleanup = cleanup; }

// Likewise caches of pointers: the collector empties them. They are package variables, and few.
namespace {
constexpr uint32_t kMaxCaches = 64;
struct {
  void** at[kMaxCaches];
  uint32_t n;
} caches;
void emptyCaches() {
  for (uint32_t i = 0; i < caches.n; i++) __atomic_store_n(caches.at[i], nullptr, __ATOMIC_RELAXED);
}
}  // namespace
GO_DECL("crypto/internal/boring/bcache.registerCache", void, registerCache, (void** cache));
void registerCache(void** cache) {
  if (caches.n == kMaxCaches) throw_("too many caches registered");
  caches.at[caches.n++] = cache;
  cacheCleanup = emptyCaches;
}

// ---- random numbers
GO_DECL("runtime.randn", uint32_t, randn, (uint32_t n));
uint32_t randn(uint32_t n) { return uint32_t((uint64_t(uint32_t(rand())) * n) >> 32); }

}  // namespace burrow::rt
