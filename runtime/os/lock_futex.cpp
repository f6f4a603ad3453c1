// Mutex and Note on futexes, with lock ranks.
//
// The mutex has three values: free, held, held-with-sleepers. A holder that finds "sleepers" when it unlocks wakes one; a
// thread that was asleep takes the lock as held-with-sleepers, because it cannot know whether it was the last one. Before
// sleeping it spins a little: the critical sections of the runtime are some tens of nanoseconds long.
//
// m->locks counts held locks, so that the holder is not preempted: a goroutine that lost its thread while holding a lock
// that the scheduler wants would hang the program. Rank checking (BURROW_LOCK_RANKS) keeps the list of held locks per M.
#include "os/os.h"
#include "sched/sched.h"

namespace burrow::rt {

namespace {

constexpr uint32_t kFree = 0, kHeld = 1, kSleepers = 2;
constexpr int kActiveSpins = 4, kPausesPerSpin = 30, kYields = 1;

#if BURROW_LOCK_RANKS
const char* const rankNames[] = {
#define LOCK_RANK(name, text) #name,
#include "sched/lock_rank.def"
#undef LOCK_RANK
};

void checkRank(M* m, Mutex* l, bool sameAllowed) {
  if (m->throwing || m->dying) return;
  if (l->rank != LockRank::Unranked) {
    for (uint32_t i = 0; i < m->locksHeldLen; i++) {
      LockRank held = m->locksHeld[i].rank;
      if (held < l->rank || held == LockRank::Unranked || (sameAllowed && held == l->rank)) continue;
      m->throwing = 1;
      const char* a = rankNames[int(held)];
      const char* b = rankNames[int(l->rank)];
      write1(2, "lock order violation: held ", 27);
      write1(2, a, strlen(a));
      write1(2, ", wanted ", 9);
      write1(2, b, strlen(b));
      write1(2, "\n", 1);
      throw_("lock ordering problem");
    }
  }
  if (m->locksHeldLen < sizeof(m->locksHeld) / sizeof(m->locksHeld[0])) m->locksHeld[m->locksHeldLen++] = {l, l->rank};
}

void forgetRank(M* m, Mutex* l) {
  for (uint32_t i = m->locksHeldLen; i-- > 0;) {
    if (m->locksHeld[i].lock != l) continue;
    for (uint32_t j = i + 1; j < m->locksHeldLen; j++) m->locksHeld[j - 1] = m->locksHeld[j];
    m->locksHeldLen--;
    return;
  }
}
#else
ALWAYS_INLINE void checkRank(M*, Mutex*, bool) {}
ALWAYS_INLINE void forgetRank(M*, Mutex*) {}
#endif

COLD NO_INLINE void lockSlow(Mutex* l) {
  uint32_t wait = kHeld;
  for (;;) {
    if (ncpu > 1) {
      for (int i = 0; i < kActiveSpins; i++) {
        while (l->key.loadRelaxed() == kFree)
          if (l->key.cas(kFree, wait)) return;
        for (int j = 0; j < kPausesPerSpin; j++) cpuRelax();
      }
    }
    for (int i = 0; i < kYields; i++) {
      while (l->key.loadRelaxed() == kFree)
        if (l->key.cas(kFree, wait)) return;
      osyield();
    }
    if (l->key.xchg(kSleepers) == kFree) return;
    wait = kSleepers;
    futexsleep(&l->key.value, kSleepers, -1);
  }
}

ALWAYS_INLINE void lockWith(Mutex* l, bool sameAllowed) {
  M* m = getm();
  m->locks++;
  checkRank(m, l, sameAllowed);
  if (LIKELY(l->key.cas(kFree, kHeld))) return;
  lockSlow(l);
}

}  // namespace

void lock(Mutex* l) { lockWith(l, false); }
void lockSameRank(Mutex* l) { lockWith(l, true); }

void unlock(Mutex* l) {
  M* m = getm();
  uint32_t v = l->key.xchg(kFree);
  if (UNLIKELY(v == kFree)) throw_("unlock of unlocked lock");
  if (UNLIKELY(v == kSleepers)) futexwakeup(&l->key.value, 1);
  forgetRank(m, l);
  releasem(m);
}

void noteclear(Note* n) { n->key.store(0); }

void notewakeup(Note* n) {
  if (n->key.xchg(1) != 0) throw_("notewakeup - double wakeup");
  futexwakeup(&n->key.value, 1);
}

void notesleep(Note* n) {
  M* m = getm();
  while (n->key.load() == 0) {
    m->blocked = true;
    futexsleep(&n->key.value, 0, -1);
    m->blocked = false;
  }
}

bool notetsleep(Note* n, int64_t ns) {
  if (ns < 0) {
    notesleep(n);
    return true;
  }
  int64_t deadline = nanotime() + ns;
  M* m = getm();
  while (n->key.load() == 0) {
    if (ns <= 0) return false;
    m->blocked = true;
    futexsleep(&n->key.value, 0, ns);
    m->blocked = false;
    ns = deadline - nanotime();
  }
  return true;
}

}  // namespace burrow::rt
