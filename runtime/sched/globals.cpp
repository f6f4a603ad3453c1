// g0, m0, the scheduler's shared state, and the helpers that have no better home: status changes, queues, M set-up, random
// numbers.
#include "mem/persistent_alloc.h"
#include "os/boot_info.h"
#include "os/os.h"
#include "panic/rt_print.h"
#include "profile/metrics.h"
#include "sched/proc.h"
#include "sched/synctest.h"
#include "stack/stack.h"

namespace burrow::rt {

const MetricsHooks* metricsHooks;

constinit G g0{};
constinit M m0{};
constinit Sched sched{};
P** allp;
int32_t gomaxprocs;
int32_t ncpu;

Atomic<uint32_t> panicking;
bool mainStarted;
Atomic<uint32_t> runningPanicDefers;
Mutex allglock, allpLock;
G* allgs;
Atomic<int64_t> allglen;
M* allm;
uint32_t worldsema = 1;

const char* const waitReasonTexts[] = {
#define WAIT_REASON(name, text) text,
#include "sched/wait_reason.def"
#undef WAIT_REASON
};

namespace {
G** allgsTail = &allgs;
uint64_t randSeed[2];
Atomic<uint64_t> randCounter;
}  // namespace

const char* waitReasonText(WaitReason r) {
  return r < WaitReason::Count ? waitReasonTexts[int(r)] : "unknown wait reason";
}

// ---- what is traced

Atomic<TraceHook> traceHook;

uint64_t traceEvent(TraceEvent e, uint64_t a, uint64_t b) {
  TraceHook hook = traceHook.loadRelaxed();
  return hook == nullptr ? kNotTraced : hook(e, a, b, 0);
}

// ---- states

const BubbleHooks* bubbleHooks;

void casgstatus(G* gp, uint32_t from, uint32_t to) {
  if ((from & Gscan) != 0 || (to & Gscan) != 0 || from == to) throw_("casgstatus: bad incoming values");
  TraceHook hook = traceHook.loadRelaxed();
  if (LIKELY(hook == nullptr) || hook(TraceEvent::Status, uint64_t(gp), from, to) == 0) castogstatus(gp, from, to);
  if (UNLIKELY(gp->bubble != nullptr)) bubbleHooks->statusChanges(gp, from, to);
  if (UNLIKELY(metricsHooks != nullptr)) metricsHooks->statusChanges(gp, from, to);
}

void gqPush(GQueue* q, G* g) {
  g->schedlink = q->head;
  q->head = g;
  if (q->tail == nullptr) q->tail = g;
  q->size++;
}
void gqPushBack(GQueue* q, G* g) {
  g->schedlink = nullptr;
  if (q->tail != nullptr) q->tail->schedlink = g; else q->head = g;
  q->tail = g;
  q->size++;
}
G* gqPop(GQueue* q) {
  G* g = q->head;
  if (g == nullptr) return nullptr;
  q->head = g->schedlink;
  if (q->head == nullptr) q->tail = nullptr;
  g->schedlink = nullptr;
  q->size--;
  return g;
}

void allgadd(G* gp) {
  lock(&allglock);
  gp->alllink = nullptr;
  __atomic_store_n(allgsTail, gp, __ATOMIC_RELEASE);
  allgsTail = &gp->alllink;
  allglen.xadd(1);
  unlock(&allglock);
}

void forEachG(void (*fn)(G*, void*), void* arg) {
  for (G* gp = __atomic_load_n(&allgs, __ATOMIC_ACQUIRE); gp != nullptr; gp = gp->alllink) fn(gp, arg);
}

// ---- Ms

void checkmcount() {
  if (mcount() <= sched.maxmcount) return;
  rtPrint("runtime: program exceeds ", int64_t(sched.maxmcount), "-thread limit\n");
  throw_("thread exhaustion");
}

void mcommoninit(M* mp, int64_t id) {
  lock(&sched.lock);
  if (id >= 0) {
    mp->id = id;
  } else {
    mp->id = sched.mnext++;
    checkmcount();
  }
  seedM(mp);
  mp->alllink = allm;
  __atomic_store_n(&allm, mp, __ATOMIC_RELEASE);
  unlock(&sched.lock);
}

// ---- random numbers: per M a wyrand-like generator, seeded once from the kernel's 16 bytes. Good for scheduling, hashing
// seeds and map iteration; cryptography asks the kernel.

namespace {
uint64_t mix(uint64_t a, uint64_t b) {
  unsigned __int128 r = static_cast<unsigned __int128>(a) * b;
  return uint64_t(r) ^ uint64_t(r >> 64);
}
constexpr uint64_t kMixA = 0xa0761d6478bd642f, kMixB = 0xe7037ed1a0b428db;
}  // namespace

void randinit() {
  if (bootInfo.randomBytes != 0) {
    memcpy(randSeed, reinterpret_cast<void*>(bootInfo.randomBytes), sizeof(randSeed));
  } else {
    getRandom(randSeed, sizeof(randSeed));
  }
}

void seedM(M* mp) {
  uint64_t n = randCounter.xadd(1);
  mp->rand_[0] = mix(randSeed[0] ^ kMixA, n ^ kMixB);
  mp->rand_[1] = mix(randSeed[1] ^ kMixB, mp->rand_[0] ^ kMixA);
  mp->cheaprand_ = uint32_t(mp->rand_[1]) | 1;
}

uint64_t rand() {
  M* m = acquirem();
  uint64_t s = m->rand_[0] += kMixA;
  uint64_t r = mix(s ^ m->rand_[1], s ^ kMixB);
  releasem(m);
  return r;
}

// xorshift; a lost update after a change of threads does not matter, so nothing is pinned.
uint32_t cheaprand() {
  M* m = getm();
  uint32_t x = m->cheaprand_;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  m->cheaprand_ = x;
  return x;
}

// ---- sudogs: a small array per P, backed by a central list.

Sudog* acquireSudog() {
  M* m = acquirem();
  P* pp = m->p;
  if (pp->sudogcacheLen == 0) {
    lock(&sched.sudog.lock);
    while (pp->sudogcacheLen < kSudogCache / 2 && sched.sudog.cache != nullptr) {
      Sudog* s = sched.sudog.cache;
      sched.sudog.cache = s->next;
      s->next = nullptr;
      pp->sudogcache[pp->sudogcacheLen++] = s;
    }
    unlock(&sched.sudog.lock);
    if (pp->sudogcacheLen == 0)
      pp->sudogcache[pp->sudogcacheLen++] =
          static_cast<Sudog*>(persistentAlloc(sizeof(Sudog), alignof(Sudog), nullptr));
  }
  Sudog* s = pp->sudogcache[--pp->sudogcacheLen];
  if (s->elem != nullptr) throw_("acquireSudog: found s.elem != nil in cache");
  releasem(m);
  return s;
}

void releaseSudog(Sudog* s) {
  if (s->elem != nullptr) throw_("runtime: sudog with non-nil elem");
  if (s->isSelect) throw_("runtime: sudog with non-false isSelect");
  if (s->next != nullptr) throw_("runtime: sudog with non-nil next");
  if (s->prev != nullptr) throw_("runtime: sudog with non-nil prev");
  if (s->waitlink != nullptr) throw_("runtime: sudog with non-nil waitlink");
  if (s->c != nullptr) throw_("runtime: sudog with non-nil c");
  s->g = nullptr;
  M* m = acquirem();
  P* pp = m->p;
  if (pp->sudogcacheLen == kSudogCache) {
    lock(&sched.sudog.lock);
    while (pp->sudogcacheLen > kSudogCache / 2) {
      Sudog* t = pp->sudogcache[--pp->sudogcacheLen];
      t->next = sched.sudog.cache;
      sched.sudog.cache = t;
    }
    unlock(&sched.sudog.lock);
  }
  pp->sudogcache[pp->sudogcacheLen++] = s;
  releasem(m);
}

void releasemSlow() {
  // A preemption request came while the M was held: make the next stack check see it.
  G* gp = getg();
  M* m = getm();
  if (gp != m->curg) return;
  gp->preempt.store(1);
  setStackLimit(abi::kStackPreempt);
}

int64_t procPin() {
  M* m = acquirem();
  return m->p->id;
}
void procUnpin() { releasem(getm()); }

}  // namespace burrow::rt
