// Running finalizers and cleanups, and what package runtime and package weak offer of them.
//
// The sweeper finds dead objects with specials and puts what is to be called into a queue. Two goroutines of the runtime's own
// empty the two queues: one runs all finalizers, one after the other, the other all cleanups. They are started with the first
// SetFinalizer (AddCleanup), and wait in between.
//
// A queue is a list of blocks outside of the heap; the entries refer to Go objects, and the collector takes them for roots
// (markQueues). Who takes an entry out shades it first: it moves from a root to a stack that may have been scanned.
#include "gc/specials.h"
#include "iface/itab.h"
#include "iface/type_name.h"
#include "mem/malloc.h"
#include "mem/persistent_alloc.h"
#include "panic/panic.h"
#include "profile/metrics.h"
#include "string/string.h"

namespace burrow::rt {

// Calls the closure with three words of arguments (gc/call_amd64.S).
void callClosure3(FuncVal* fn, uintptr_t a, uintptr_t b, uintptr_t c) __asm__("runtime.callClosure3");

namespace {

struct QueueEntry {
  FuncVal* fn;
  void* obj;  // finalizer's argument; nil for a cleanup
  const abi::PtrType* ot;
  const Type* fint;
  uint64_t resultBytes;
};
struct QueueBlock {
  QueueBlock* next;
  uint64_t count;
  QueueEntry entries[100];
};
struct Queue {
  Mutex lock = {{}, LockRank::Finalizer};
  QueueBlock* first;  // with entries
  QueueBlock* last;
  QueueBlock* running;  // taken, not yet done with
  QueueBlock* free;
  G* g;               // who runs them
  bool waiting;
  bool started;
  uint64_t queued, done;
};
Queue finq, cleanupq;

void enqueue(Queue* q, const QueueEntry& e) {
  lock(&q->lock);
  if (q->last == nullptr || q->last->count == 100) {
    QueueBlock* b = q->free;
    if (b != nullptr) q->free = b->next;
    else b = static_cast<QueueBlock*>(persistentAlloc(sizeof(QueueBlock), 8, &mheap_.stats.gcMiscSys));
    b->next = nullptr;
    b->count = 0;
    (q->last != nullptr ? q->last->next : q->first) = b;
    q->last = b;
  }
  q->last->entries[q->last->count++] = e;
  q->queued++;
  G* wake = nullptr;
  if (q->waiting) {
    q->waiting = false;
    wake = q->g;
  }
  unlock(&q->lock);
  if (wake != nullptr) ready(wake, false);
}

// Takes everything; waits when there is nothing.
QueueBlock* takeAll(Queue* q, WaitReason reason) {
  for (;;) {
    lock(&q->lock);
    QueueBlock* b = q->first;
    if (b != nullptr) {
      __atomic_store_n(&q->running, b, __ATOMIC_SEQ_CST);
      q->first = q->last = nullptr;
      unlock(&q->lock);
      return b;
    }
    q->waiting = true;
    // What the last call left in these frames is nothing: it would live until the next.
    q->g->rootless = q->g->startpc;
    goparkunlock(&q->lock, reason, TraceBlockReason::SystemGoroutine);
    q->g->rootless = 0;
  }
}

QueueEntry takeEntry(QueueBlock* b, uint64_t i) {
  M* m = acquirem();
  const QueueEntry e = b->entries[i];
  gcShade(e.fn);
  gcShade(e.obj);
  b->entries[i] = {};
  releasem(m);
  return e;
}

void giveBack(Queue* q, QueueBlock* b) {
  lock(&q->lock);
  b->count = 0;
  b->next = q->free;
  q->free = b;
  unlock(&q->lock);
}

void callFinalizer(const QueueEntry& e) {
  uintptr_t words[2] = {uintptr_t(e.obj), 0};
  if (e.fint->kind == abi::kInterface) {
    // The parameter is an interface: type or itab, and the pointer as its data.
    const auto* inter = static_cast<const abi::InterfaceType*>(e.fint);
    words[0] = inter->methodCount == 0 ? uintptr_t(static_cast<const Type*>(e.ot)) : uintptr_t(typeAssertItab(inter, e.ot, nullptr));
    words[1] = uintptr_t(e.obj);
  }
  if (e.resultBytes == 0) {
    callClosure3(e.fn, words[0], words[1], 0);
    return;
  }
  // Results that do not fit into registers: memory that nobody looks at.
  void* results = mallocgc(e.resultBytes, nullptr, true);
  callClosure3(e.fn, uintptr_t(results), words[0], words[1]);
}

// Whether all that was queued has also been run.
bool empty(Queue* q) {
  lock(&q->lock);
  const bool none = q->first == nullptr && __atomic_load_n(&q->done, __ATOMIC_ACQUIRE) == q->queued;
  unlock(&q->lock);
  return none;
}

template <class F>
NORETURN void runQueue(Queue* q, WaitReason reason, F run) {
  q->g = getg();
  for (;;) {
    QueueBlock* b = takeAll(q, reason);
    while (b != nullptr) {
      for (uint64_t i = 0; i < b->count; i++) {
        const QueueEntry entry = takeEntry(b, i);
        q->g->runsUserCode = true;
        run(entry);
        q->g->runsUserCode = false;
        __atomic_fetch_add(&q->done, 1, __ATOMIC_RELEASE);
      }
      QueueBlock* next = b->next;
      __atomic_store_n(&q->running, next, __ATOMIC_SEQ_CST);
      giveBack(q, b);
      b = next;
    }
  }
}

void runFinalizers() __asm__("runtime.runFinalizers");
void runFinalizers() { runQueue(&finq, WaitReason::FinalizerWait, callFinalizer); }

void runCleanups() __asm__("runtime.runCleanups");
void runCleanups() {
  runQueue(&cleanupq, WaitReason::CleanupWait, [](const QueueEntry& e) { callClosure(e.fn); });
}

void start(Queue* q, void (*fn)()) {
  lock(&q->lock);
  const bool first = !q->started;
  q->started = true;
  unlock(&q->lock);
  if (first) newprocSystem(fn);
}

void markBlocks(QueueBlock* b, GcWork* gcw) {
  for (; b != nullptr; b = b->next) {
    for (uint64_t i = 0; i < b->count; i++) {
      gcGreyConservative(uintptr_t(b->entries[i].fn), gcw);
      gcGreyConservative(uintptr_t(b->entries[i].obj), gcw);
    }
  }
}

// Leaves of results as the calling convention counts them (docs/contract.md); true when registers do not hold them.
void countLeaves(const Type* t, unsigned* ints, unsigned* floats, bool* memory) {
  switch (t->kind) {
    case abi::kFloat32:
    case abi::kFloat64: ++*floats; return;
    case abi::kComplex64:
    case abi::kComplex128: *floats += 2; return;
    case abi::kString:
    case abi::kInterface: *ints += 2; return;
    case abi::kSlice: *ints += 3; return;
    case abi::kArray: {
      auto* a = static_cast<const abi::ArrayType*>(t);
      if (a->len > 1) *memory = true;
      else if (a->len == 1) countLeaves(a->elem, ints, floats, memory);
      return;
    }
    case abi::kStruct: {
      auto* s = static_cast<const abi::StructType*>(t);
      const unsigned before = *ints + *floats;
      for (int64_t i = 0; i < s->fieldCount; i++) countLeaves(s->fields[i].type, ints, floats, memory);
      if (*ints + *floats - before > abi::kMaxScalarLeaves) *memory = true;
      return;
    }
    default: ++*ints; return;
  }
}

uint64_t resultBytes(const abi::FuncType* ft) {
  unsigned ints = 0, floats = 0;
  bool memory = false;
  uint64_t bytes = 0;
  for (unsigned i = 0; i < ft->numOut(); i++) {
    const Type* t = ft->out()[i];
    countLeaves(t, &ints, &floats, &memory);
    bytes = alignUp(bytes, t->align) + t->size;
  }
  return memory || ints > abi::kMaxIntResults || floats > abi::kMaxFloatResults ? alignUp<uint64_t>(bytes, 8) : 0;
}

NORETURN void throwParts(const char* a, const Type* t, const char* b, const Type* u = nullptr, const char* c = "") {
  const GoString parts[] = {goString(a), typeString(t), goString(b), u != nullptr ? typeString(u) : goString(""), goString(c)};
  goThrow(concatstrings(nullptr, parts, 5));
}

uint64_t lastCleanup;

}  // namespace

void gcQueueCounts(uint64_t counts[4]) {
  counts[0] = finq.queued;
  counts[1] = __atomic_load_n(&finq.done, __ATOMIC_RELAXED);
  counts[2] = cleanupq.queued;
  counts[3] = __atomic_load_n(&cleanupq.done, __ATOMIC_RELAXED);
}

void queuefinalizer(void* obj, const Special& s) {
  enqueue(&finq, {s.fin.fn, obj, s.fin.ot, s.fin.fint, s.fin.resultBytes});
}
void queueCleanup(FuncVal* fn) { enqueue(&cleanupq, {fn, nullptr, nullptr, nullptr, 0}); }

GOABI bool finalizerQueueEmpty() GO_SYM("runtime.finalizerQueueEmpty");
GOABI bool finalizerQueueEmpty() { return empty(&finq); }

GOABI bool cleanupQueueEmpty() GO_SYM("runtime.cleanupQueueEmpty");
GOABI bool cleanupQueueEmpty() { return empty(&cleanupq); }

void markQueues(GcWork* gcw) {
  Queue* const queues[] = {&finq, &cleanupq};
  for (Queue* q : queues) {
    lock(&q->lock);
    markBlocks(q->first, gcw);
    // A block is given back under the lock: what is running now stays valid.
    markBlocks(__atomic_load_n(&q->running, __ATOMIC_SEQ_CST), gcw);
    unlock(&q->lock);
  }
}

GOABI void setfinalizer(const Eface* obj, const Eface* fin) GO_SYM("runtime.setfinalizer");
GOABI void setfinalizer(const Eface* obj, const Eface* fin) {
  const Type* etyp = obj->type;
  if (etyp == nullptr) throw_("runtime.SetFinalizer: first argument is nil");
  if (etyp->kind != abi::kPointer) throwParts("runtime.SetFinalizer: first argument is ", etyp, ", not pointer");
  auto* ot = static_cast<const abi::PtrType*>(etyp);
  if (ot->elem == nullptr) throw_("nil elem type!");
  void* const p = obj->data;
  uint64_t base, size;
  if (!findObject(uint64_t(p), &base, &size)) {
    if (p == nullptr) throw_("runtime.SetFinalizer: pointer not in allocated block");
    if (ot->elem->size == 0 || gcInExecutable(p)) return;  // a global, or a zero-size object: never collected
    throw_("runtime.SetFinalizer: pointer not in allocated block");
  }
  if (uint64_t(p) != base) {
    // A piece of a tiny block need not be at its beginning.
    if (ot->elem->hasPointers() || ot->elem->size >= kTinySize || uint64_t(p) - base >= kTinySize) {
      throw_("runtime.SetFinalizer: pointer not at beginning of allocated block");
    }
  }
  if (fin->type == nullptr) {
    removespecial(p, SpecialKind::Finalizer);
    return;
  }
  const Type* ftyp = fin->type;
  if (ftyp->kind != abi::kFunc) throwParts("runtime.SetFinalizer: second argument is ", ftyp, ", not a function");
  auto* ft = static_cast<const abi::FuncType*>(ftyp);
  if (ft->isVariadic()) {
    throwParts("runtime.SetFinalizer: cannot pass ", etyp, " to finalizer ", ftyp, " because dotdotdot");
  }
  if (ft->inCount != 1) throwParts("runtime.SetFinalizer: cannot pass ", etyp, " to finalizer ", ftyp);
  const Type* fint = ft->in()[0];
  bool ok = false;
  if (fint == etyp) {
    ok = true;
  } else if (fint->kind == abi::kPointer) {
    // Assignable: the same element, and not both of them with a name.
    ok = (fint->uncommon() == nullptr || etyp->uncommon() == nullptr) && static_cast<const abi::PtrType*>(fint)->elem == ot->elem;
  } else if (fint->kind == abi::kInterface) {
    auto* inter = static_cast<const abi::InterfaceType*>(fint);
    ok = inter->methodCount == 0 || typeAssertItab2(inter, etyp) != nullptr;
  }
  if (!ok) throwParts("runtime.SetFinalizer: cannot pass ", etyp, " to finalizer ", ftyp);

  start(&finq, runFinalizers);
  Special s{};
  s.kind = SpecialKind::Finalizer;
  s.fin = {static_cast<FuncVal*>(fin->data), ot, fint, resultBytes(ft)};
  if (!addspecial(p, s)) throw_("runtime.SetFinalizer: finalizer already set");
}

GOABI uint64_t addcleanup(void* object, FuncVal* fn) GO_SYM("runtime.addcleanup");
GOABI uint64_t addcleanup(void* object, FuncVal* fn) {
  uint64_t base, size;
  if (!findObject(uint64_t(object), &base, &size)) {
    if (object == &zerobase || gcInExecutable(object)) return 0;
    throw_("runtime.AddCleanup: ptr not in allocated block");
  }
  start(&cleanupq, runCleanups);
  Special s{};
  s.kind = SpecialKind::Cleanup;
  s.cleanup = {fn, __atomic_add_fetch(&lastCleanup, 1, __ATOMIC_SEQ_CST)};
  addspecial(reinterpret_cast<void*>(base), s);
  return s.cleanup.id;
}

GOABI bool withinObject(void* at, void* p) GO_SYM("runtime.withinObject");
GOABI bool withinObject(void* at, void* p) {
  uint64_t base, size;
  if (!findObject(uint64_t(at), &base, &size) || uint64_t(p) - base >= size) return false;
  return spanOfHeap(base)->spanclass != kTinySpanClass;  // two objects may share such a block
}

GOABI void stopcleanup(uintptr_t object, uint64_t id) GO_SYM("runtime.stopcleanup");
GOABI void stopcleanup(uintptr_t object, uint64_t id) {
  // The object may be gone, and its memory serve another: the number is what counts.
  uint64_t base, size;
  if (findObject(object, &base, &size)) removespecial(reinterpret_cast<void*>(base), SpecialKind::Cleanup, id);
}

GOABI void pinnerLive(void* refs, int64_t delta) GO_SYM("runtime.pinnerLive");
GOABI void pinnerLive(void* refs, int64_t delta) {
  if (delta > 0) {
    Special s{};
    s.kind = SpecialKind::Pin;
    addspecial(refs, s);
  } else {
    removespecial(refs, SpecialKind::Pin);
  }
}

// ---- weak pointers

namespace {

// Pointers to globals never die; their handles are kept here, by address.
struct ImmortalHandle {
  ImmortalHandle* next;
  uintptr_t value;
};
Mutex immortalLock = {{}, LockRank::Finalizer};
constexpr unsigned kImmortalBits = 12;
ImmortalHandle* immortals[1 << kImmortalBits];

uintptr_t* immortalHandle(void* p) {
  ImmortalHandle** list = &immortals[(uintptr_t(p) * 0x9e3779b97f4a7c15u) >> (64 - kImmortalBits)];
  lock(&immortalLock);
  ImmortalHandle* h = *list;
  while (h != nullptr && h->value != uintptr_t(p)) h = h->next;
  if (h == nullptr) {
    h = static_cast<ImmortalHandle*>(persistentAlloc(sizeof(ImmortalHandle), 8, &mheap_.stats.otherSys));
    h->value = uintptr_t(p);
    h->next = *list;
    *list = h;
  }
  unlock(&immortalLock);
  return &h->value;
}

}  // namespace

GOABI uintptr_t* registerWeakPointer(void* p) GO_SYM("weak.runtime_registerWeakPointer");
GOABI uintptr_t* registerWeakPointer(void* p) {
  uint64_t base, size;
  if (!findObject(uint64_t(p), &base, &size)) return immortalHandle(p);
  if (uintptr_t* h = findWeakHandle(p)) return h;
  // Not in a tiny block, which p might be in: handles live as long as weak pointers do.
  auto* handle = static_cast<uintptr_t*>(mallocgc(kTinySize, nullptr, true));
  __atomic_store_n(handle, uintptr_t(p), __ATOMIC_RELEASE);
  Special s{};
  s.kind = SpecialKind::WeakHandle;
  s.handle = handle;
  if (addspecial(p, s)) return handle;
  return findWeakHandle(p);  // somebody was quicker; p is alive, and so is his handle
}

GOABI void* makeStrongFromWeak(uintptr_t* handle) GO_SYM("weak.runtime_makeStrongFromWeak");
GOABI void* makeStrongFromWeak(uintptr_t* handle) {
  if (handle == nullptr) return nullptr;
  // With the M held: between looking and shading the phase must not change.
  M* m = acquirem();
  void* p = reinterpret_cast<void*>(__atomic_load_n(handle, __ATOMIC_SEQ_CST));
  if (p != nullptr) {
    if (MSpan* s = spanOfHeap(uint64_t(p))) {
      // An unswept span may hold the object although it was found dead: the sweep settles that.
      ensureSwept(s);
      p = reinterpret_cast<void*>(__atomic_load_n(handle, __ATOMIC_SEQ_CST));
      if (p != nullptr) gcShade(p);
    } else if (uint64_t(p) - mheap_.arenaLow < mheap_.arenaHigh - mheap_.arenaLow) {
      p = nullptr;  // its span was freed as a whole
    }
  }
  releasem(m);
  return p;
}

}  // namespace burrow::rt
