// Hosted stand-in for the runtime's sched/sched.h: the same names, served by host_env.cpp with threads of the host. A thread
// is one M with one P and one G; goroutines of the channel tests are threads.
#pragma once

#include "sched/runtime2.h"

namespace burrow::rt {

G* getg();
inline M* getm() { return getg()->m; }
inline M* acquirem() {
  M* m = getm();
  m->locks++;
  return m;
}
inline void releasem(M* m) { m->locks--; }

// Both throw HostStop, so that a test can expect them.
[[noreturn]] void throw_(const char* text);
[[noreturn]] void fatal(const char* text);

template <class F>
void systemstack(F&& f) {
  f();
}
void gopark(bool (*unlockf)(G*, void*), void* lock, WaitReason reason, TraceBlockReason why = TraceBlockReason::Generic,
            int traceskip = 1);
void goready(G* gp, int traceskip = 1);
Sudog* acquireSudog();
void releaseSudog(Sudog* s);

void lock(Mutex* l);
void unlock(Mutex* l);
inline void lockSameRank(Mutex* l) { lock(l); }
inline void lockInit(Mutex* l, LockRank rank) { l->rank = rank; }

void casgstatus(G* gp, uint32_t from, uint32_t to);

int64_t nanotime();
uint32_t cheaprand();
inline uint32_t cheaprandn(uint32_t n) { return uint32_t((uint64_t(cheaprand()) * n) >> 32); }
uint64_t rand();

}  // namespace burrow::rt
