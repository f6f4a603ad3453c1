// The host under the runtime's data structures: memory by mmap, locks and parking by threads, panics by exceptions, and type
// descriptors as the compiler would make them.
#include "host_env.h"

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "gc/barrier.h"
#include "iface/alg.h"
#include "map/group.h"
#include "mem/malloc.h"
#include "os/fake_time.h"
#include "string/bytes.h"
#include "string/hash.h"
#include "string/string.h"

// Descriptors are for the life of the process, and what refers to them is often in the heap under test, which the sanitizer does not look at.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

namespace burrow::rt {

const FakeTime* fakeTime;

// ---- threads

namespace {
struct HostThread {
  G g;
  M m;
  P p;
  std::mutex mutex;
  std::condition_variable wake;
  int tokens = 0;

  HostThread() : g(), m(), p() {
    g.m = &m;
    m.curg = &g;
    m.p = &p;
    p.mcache = allocmcache();
  }
  ~HostThread() { freemcache(p.mcache); }
};
// The first use may be inside allocmcache's own locking, which needs an M but no mcache.
thread_local HostThread* current;
thread_local G bootG;
thread_local M bootM;
thread_local bool making;
thread_local struct Holder {
  HostThread* t = nullptr;
  ~Holder() {
    if (!t) return;
    current = nullptr;
    making = true;  // what is given back takes locks: not on a new thread's account
    delete t;
  }
} holder;

HostThread* hostOf(G* g) { return reinterpret_cast<HostThread*>(g); }  // g is its first member
}  // namespace

G* getg() {
  if (current) return &current->g;
  if (!making && mcache0 != nullptr) {
    making = true;
    auto* t = new HostThread;
    making = false;
    holder.t = t;
    current = t;
    return &t->g;
  }
  bootG.m = &bootM;
  return &bootG;
}

void lock(Mutex* l) {
  getm()->locks++;
  while (!l->key.cas(0, 1)) sched_yield();
}
void unlock(Mutex* l) {
  l->key.store(0);
  getm()->locks--;
}

void gopark(bool (*unlockf)(G*, void*), void* lock, WaitReason, TraceBlockReason, int) {
  HostThread* t = hostOf(getg());
  if (unlockf && !unlockf(&t->g, lock)) return;
  std::unique_lock<std::mutex> guard(t->mutex);
  t->wake.wait(guard, [&] { return t->tokens > 0; });
  t->tokens--;
}
void goready(G* gp, int) {
  HostThread* t = hostOf(gp);
  std::lock_guard<std::mutex> guard(t->mutex);
  t->tokens++;
  t->wake.notify_one();
}

Sudog* acquireSudog() { return new Sudog(); }
void releaseSudog(Sudog* s) {
  if (s->elem || s->isSelect || s->next || s->prev || s->waitlink || s->c) throw_("releaseSudog: not clean");
  delete s;
}

// Channels of timers are tested by Go programs.
void timerMaybeRunChan(HChan*) __asm__("runtime.maybeRunChan");
void blockTimerChan(HChan*) __asm__("runtime.blockTimerChan");
void unblockTimerChan(HChan*) __asm__("runtime.unblockTimerChan");
void timerMaybeRunChan(HChan*) {}
void blockTimerChan(HChan*) {}
void unblockTimerChan(HChan*) {}

// ---- giving up

void throw_(const char* text) { throw HostStop{"throw", text}; }
void fatal(const char* text) { throw HostStop{"fatal", text}; }
namespace {
std::string str(GoString s) { return s.len ? std::string(reinterpret_cast<const char*>(s.data), size_t(s.len)) : ""; }
}  // namespace
void panicErrorString(GoString text) { throw HostStop{"panic", "runtime error: " + str(text)}; }
void panicPlainError(GoString text) { throw HostStop{"panic", str(text)}; }
void panicTypeText(GoString text, const abi::Type* t) {
  throw HostStop{"panic", "runtime error: " + str(text) + "kind " + std::to_string(t->kind)};
}
void panicTypeAssertion(const abi::Type*, const abi::Type*, const abi::Type*, GoString method) {
  throw HostStop{"panic", "assertion, missing " + str(method)};
}
void unreachableMethod() __asm__("runtime.unreachableMethod");
void unreachableMethod() {}

// ---- the write barrier: hosted nobody marks while the tests change pointers
WriteBarrierFlag writeBarrier;
void gcWriteBarrier(void*, void*) {}
void bulkBarrierPreWrite(void*, const void*, uint64_t, const Type*, uint64_t) {}
void bulkBarrierPreClear(void*, uint64_t) {}
void bulkBarrierPreWriteSrcOnly(const void*, uint64_t, const Type*) {}

// ---- system

uint64_t failReserveIn, failMapIn;
namespace {
bool mustFail(uint64_t& in) { return in != 0 && --in == 0; }
}  // namespace
void* sysAlloc(size_t n) {
  void* p = mmap(nullptr, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? nullptr : p;
}
void* sysReserve(void* hint, size_t n) {
  if (mustFail(failReserveIn)) return nullptr;
  void* p = mmap(hint, n, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? nullptr : p;
}
void* sysReserveAligned(void* hint, size_t n, size_t align) {
  auto* p = static_cast<uint8_t*>(sysReserve(hint, n + align));
  if (!p) return nullptr;
  auto* at = reinterpret_cast<uint8_t*>(alignUp(uint64_t(p), align));
  if (at != p) munmap(p, size_t(at - p));
  if (at + n != p + n + align) munmap(at + n, size_t(p + align - at));
  return at;
}
void sysMap(void* p, size_t n) {
  if (mustFail(failMapIn) || mmap(p, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != p) {
    throw_("runtime: out of memory");
  }
}
void sysFree(void* p, size_t n) { munmap(p, n); }
void sysUnused(void* p, size_t n) { madvise(p, n, MADV_DONTNEED); }
void sysUsed(void*, size_t) {}
void sysPopulate(void* p, size_t n) { madvise(p, n, MADV_POPULATE_WRITE); }

namespace {
std::mutex outputMutex;
std::string output;
}  // namespace
int64_t write1(int, const void* p, size_t n) {
  std::lock_guard<std::mutex> guard(outputMutex);
  output.append(static_cast<const char*>(p), n);
  return int64_t(n);
}
std::string takeOutput() {
  std::lock_guard<std::mutex> guard(outputMutex);
  std::string s;
  s.swap(output);
  return s;
}

int64_t nanotime() {
  timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec;
}
uint64_t testSeed() {
  static const uint64_t seed = [] {
    const char* s = getenv("BURROW_TEST_SEED");
    const uint64_t v = s ? strtoull(s, nullptr, 10) : uint64_t(nanotime());
    printf("BURROW_TEST_SEED=%llu\n", static_cast<unsigned long long>(v));
    return v;
  }();
  return seed;
}
uint64_t rand() {
  thread_local Random r(testSeed() ^ uint64_t(&r));
  return r.next();
}
uint32_t cheaprand() { return uint32_t(rand()); }

void initRuntime() {
  static const bool done = [] {
    smallValuesInit();
    mallocinit();
    alginit();
    return true;
  }();
  (void)done;
}

// ---- descriptors

namespace {

template <class T>
T* keep() {
  return static_cast<T*>(calloc(1, sizeof(T)));  // for the life of the process
}
template <class F>
FuncVal* closure(F* code) {
  auto* f = keep<FuncVal>();
  f->code = reinterpret_cast<void*>(code);
  return f;
}
bool equal1(const void* a, const void* b) { return memcmp(a, b, 1) == 0; }
bool equal2(const void* a, const void* b) { return memcmp(a, b, 2) == 0; }
bool equal4(const void* a, const void* b) { return memcmp(a, b, 4) == 0; }
bool equal8(const void* a, const void* b) { return memcmp(a, b, 8) == 0; }
bool equal200(const void* a, const void* b) { return memcmp(a, b, 200) == 0; }
bool equalStr(const void* a, const void* b) {
  auto* x = static_cast<const GoString*>(a);
  auto* y = static_cast<const GoString*>(b);
  return x->len == y->len && memcmp(x->data, y->data, size_t(x->len)) == 0;
}
bool equalF64(const void* a, const void* b) { return *static_cast<const double*>(a) == *static_cast<const double*>(b); }
bool equalAny(const void* a, const void* b) {
  auto* x = static_cast<const Eface*>(a);
  auto* y = static_cast<const Eface*>(b);
  return x->type == y->type && efaceeq(x->type, x->data, y->data);
}
uint64_t hash4(const void* p, uint64_t seed) { return memhash32(p, seed); }
uint64_t hash8(const void* p, uint64_t seed) { return memhash64(p, seed); }
template <int n>
uint64_t hashN(const void* p, uint64_t seed) {
  return memhash(p, seed, n);
}
uint64_t hashStr(const void* p, uint64_t seed) { return strhash(static_cast<const GoString*>(p), seed); }
uint64_t hashF64(const void* p, uint64_t seed) { return f64hash(static_cast<const double*>(p), seed); }
uint64_t hashAny(const void* p, uint64_t seed) { return nilinterhash(static_cast<const Eface*>(p), seed); }

Type* newType(uint64_t size, uint8_t kind, uint64_t ptrMask, unsigned align) {
  auto* t = keep<Type>();
  t->size = size;
  t->kind = kind;
  t->align = t->fieldAlign = uint8_t(align);
  t->hash = uint32_t(rand());
  t->gcData = static_cast<uint8_t*>(calloc(1, 8));
  memcpy(t->gcData, &ptrMask, 8);
  t->ptrBytes = ptrMask ? uint64_t(64 - __builtin_clzll(ptrMask)) * 8 : 0;
  return t;
}

}  // namespace

const Type* scalarType(uint64_t size, abi::Kind kind, bool regular) {
  Type* t = newType(size, kind, 0, unsigned(size >= 8 ? 8 : size));
  if (regular) t->tflag = abi::kTFlagRegularMemory;
  switch (size) {
    case 1: t->equal = closure(equal1); break;
    case 2: t->equal = closure(equal2); break;
    case 4: t->equal = closure(equal4); break;
    case 8: t->equal = closure(equal8); break;
    case 200: t->equal = closure(equal200); break;
  }
  return t;
}
const Type* stringType() {
  static Type* t = [] {
    Type* s = newType(16, abi::kString, 1, 8);
    s->equal = closure(equalStr);
    return s;
  }();
  return t;
}
const Type* float64Type() {
  static Type* t = [] {
    Type* s = newType(8, abi::kFloat64, 0, 8);
    s->equal = closure(equalF64);
    return s;
  }();
  return t;
}
const Type* anyType() {
  static abi::InterfaceType* t = [] {
    auto* s = keep<abi::InterfaceType>();
    Type* base = newType(16, abi::kInterface, 0b11, 8);
    static_cast<Type&>(*s) = *base;
    s->equal = closure(equalAny);
    return s;
  }();
  return t;
}
const Type* pointerType(uint64_t size, uint64_t mask) { return newType(size, abi::kStruct, mask, 8); }

const abi::MapType* mapType(const Type* key, const Type* elem) {
  auto* t = keep<abi::MapType>();
  t->kind = abi::kMap;
  t->size = t->ptrBytes = 8;
  t->key = key;
  t->elem = elem;
  auto hashOf = [&]() -> FuncVal* {
    switch (key->kind) {
      case abi::kString: return closure(hashStr);
      case abi::kFloat64: return closure(hashF64);
      case abi::kInterface: return closure(hashAny);
    }
    switch (key->size) {
      case 1: return closure(hashN<1>);
      case 2: return closure(hashN<2>);
      case 4: return closure(hash4);
      case 8: return closure(hash8);
      default: return closure(hashN<200>);
    }
  };
  t->hasher = hashOf();
  const uint64_t keySize = key->size > abi::kMapMaxKeyBytes ? 8 : key->size;
  const uint64_t elemSize = elem->size > abi::kMapMaxElemBytes ? 8 : elem->size;
  const unsigned keyAlign = keySize != key->size ? 8 : key->align, elemAlign = elemSize != elem->size ? 8 : elem->align;
  const unsigned slotAlign = keyAlign > elemAlign ? keyAlign : elemAlign;
  t->elemOff = alignUp(keySize, elemAlign ? elemAlign : 1);
  uint64_t slot = alignUp(t->elemOff + elemSize, slotAlign);
  if (slot == 0) slot = 1;
  t->keyStride = t->elemStride = slot;
  t->keysOff = 8;
  t->elemsOff = 8 + t->elemOff;
  t->groupSize = alignUp(8 + 8 * slot, 8);
  if (keySize != key->size) t->flags |= abi::kMapIndirectKey;
  if (elemSize != elem->size) t->flags |= abi::kMapIndirectElem;
  if (key->kind == abi::kString || key->kind == abi::kFloat64 || key->kind == abi::kInterface) {
    t->flags |= abi::kMapNeedKeyUpdate;
  }
  if (key->kind == abi::kInterface) t->flags |= abi::kMapHashMightPanic;
  // The group's mask may be longer than a word: built bit by bit.
  auto* group = keep<Type>();
  group->size = t->groupSize;
  group->align = 8;
  group->kind = abi::kStruct;
  group->gcData = static_cast<uint8_t*>(calloc(1, t->groupSize / 64 + 8));
  auto mark = [&](uint64_t offset, const Type* part, bool indirect) {
    for (uint64_t w = 0; w < (indirect ? 8 : part->ptrBytes) / 8; w++) {
      if (!indirect && !(part->gcData[w / 8] >> (w % 8) & 1)) continue;
      const uint64_t word = offset / 8 + w;
      group->gcData[word / 8] |= uint8_t(1 << word % 8);
      group->ptrBytes = word * 8 + 8;
    }
  };
  for (unsigned i = 0; i < 8; i++) {
    mark(8 + i * slot, key, t->indirectKey());
    mark(8 + i * slot + t->elemOff, elem, t->indirectElem());
  }
  t->group = group;
  return t;
}

const abi::ChanType* chanType(const Type* elem) {
  auto* t = keep<abi::ChanType>();
  t->kind = abi::kChan;
  t->elem = elem;
  t->dir = abi::kBothDir;
  return t;
}

}  // namespace burrow::rt
