// Specials: the lists, their part in marking and in sweeping. gc/specials.h describes them.
#include "gc/specials.h"

#include "gc/sweep.h"
#include "os/os.h"

namespace burrow::rt {

namespace {

Mutex specialAllocLock = {{}, LockRank::Special};
FixAlloc<Special> specialAlloc;

Special* newSpecial(const Special& from) {
  lock(&specialAllocLock);
  Special* s = specialAlloc.alloc(&mheap_.stats.otherSys);
  unlock(&specialAllocLock);
  *s = from;
  return s;
}
void freeSpecialRecord(Special* s) {
  lock(&specialAllocLock);
  specialAlloc.free(s);
  unlock(&specialAllocLock);
}

void setSpecialsBit(MSpan* s, bool on) {
  HeapArena* a = mheap_.arenaOf(s->base());
  const uint64_t page = s->base() / kPageSize % kPagesPerArena;
  const uint8_t bit = uint8_t(1 << page % 8);
  if (on) __atomic_fetch_or(&a->pageSpecials[page / 8], bit, __ATOMIC_SEQ_CST);
  else __atomic_fetch_and(&a->pageSpecials[page / 8], uint8_t(~bit), __ATOMIC_SEQ_CST);
}

Special* firstOf(MSpan* s) { return static_cast<Special*>(s->specials); }

// The place in the list where a special with this offset and kind is, or would be.
Special** placeOf(MSpan* s, uint64_t offset, SpecialKind kind) {
  auto** at = reinterpret_cast<Special**>(&s->specials);
  while (*at != nullptr && ((*at)->offset < offset || ((*at)->offset == offset && (*at)->kind < kind))) at = &(*at)->next;
  return at;
}

// The object is dead (or, with a finalizer, about to be seen a last time): what its special stood for happens.
void runSpecial(MSpan* s, Special* sp) {
  switch (sp->kind) {
    case SpecialKind::Finalizer:
      queuefinalizer(reinterpret_cast<void*>(s->base() + sp->offset), *sp);
      break;
    case SpecialKind::WeakHandle:
      __atomic_store_n(sp->handle, 0, __ATOMIC_SEQ_CST);
      break;
    case SpecialKind::Cleanup:
      queueCleanup(sp->cleanup.fn);
      break;
    case SpecialKind::Pin:
      throw_("pinned object was found unreachable");
    case SpecialKind::Profile:
      memProfiler->freed(sp->bucket);
      break;
    case SpecialKind::Bubble:
      break;
  }
  freeSpecialRecord(sp);
}

// What keeps a special's own references alive, at any time in a cycle.
void markSpecial(MSpan* s, Special* sp, GcWork* gcw) {
  switch (sp->kind) {
    case SpecialKind::Finalizer: {
      // What the object refers to, not the object.
      const uint64_t base = s->base() + (s->sizeClass() == 0 ? 0 : s->objIndex(s->base() + sp->offset) * s->elemsize);
      forEachPointerSlot(s, base, [&](uint64_t slot) {
        gcGreyConservative(__atomic_load_n(reinterpret_cast<uintptr_t*>(slot), __ATOMIC_RELAXED), gcw);
      });
      gcGreyConservative(uintptr_t(sp->fin.fn), gcw);
      break;
    }
    case SpecialKind::WeakHandle:
      gcGreyConservative(uintptr_t(sp->handle), gcw);
      break;
    case SpecialKind::Cleanup:
      gcGreyConservative(uintptr_t(sp->cleanup.fn), gcw);
      break;
    case SpecialKind::Pin:
      gcGreyConservative(s->base() + sp->offset, gcw);
      break;
    case SpecialKind::Profile:
    case SpecialKind::Bubble:
      break;
  }
}

}  // namespace

void ensureSwept(MSpan* s) {
  const uint32_t g = mheap_.sweepgen.load();
  auto isSwept = [&] {
    const uint32_t now = s->sweepgen.load();
    return now == g || now == g + 3;
  };
  if (isSwept()) return;
  if (sweep.active.begin()) {
    if (mheap_.central[s->spanclass].takeUnswept(s, g) && trySweepAcquire(s)) sweepSpan(s, false);
    sweepEnd();
  }
  // Somebody else is at it, and holds his M meanwhile.
  while (!isSwept()) osyield();
}

bool addspecial(void* p, const Special& special) {
  M* m = acquirem();
  MSpan* s = spanOfHeap(uint64_t(p));
  if (s == nullptr) throw_("addspecial on invalid pointer");
  ensureSwept(s);
  Special* record = newSpecial(special);
  record->offset = uint64_t(p) - s->base();
  bool added = false;
  lock(&s->speciallock);
  Special** at = placeOf(s, record->offset, record->kind);
  const bool there = *at != nullptr && (*at)->offset == record->offset && (*at)->kind == record->kind;
  if (!there || record->kind == SpecialKind::Cleanup) {
    record->next = *at;
    *at = record;
    setSpecialsBit(s, true);
    added = true;
  }
  unlock(&s->speciallock);
  if (!added) {
    freeSpecialRecord(record);
  } else if (gcphase != GCoff) {
    // The root job for this span may be over.
    markSpecial(s, record, &m->p->gcw);
  }
  releasem(m);
  return added;
}

bool removespecial(void* p, SpecialKind kind, uint64_t id) {
  M* m = acquirem();
  MSpan* s = spanOfHeap(uint64_t(p));
  if (s == nullptr) throw_("removespecial on invalid pointer");
  ensureSwept(s);
  const uint64_t offset = uint64_t(p) - s->base();
  Special* found = nullptr;
  lock(&s->speciallock);
  Special** at = placeOf(s, offset, kind);
  while (*at != nullptr && (*at)->offset == offset && (*at)->kind == kind) {
    if (kind != SpecialKind::Cleanup || (*at)->cleanup.id == id) {
      found = *at;
      *at = found->next;
      break;
    }
    at = &(*at)->next;
  }
  if (s->specials == nullptr) setSpecialsBit(s, false);
  unlock(&s->speciallock);
  if (found != nullptr) freeSpecialRecord(found);
  releasem(m);
  return found != nullptr;
}

bool findspecial(void* p, SpecialKind kind, Special* found) {
  M* m = acquirem();
  MSpan* s = spanOfHeap(uint64_t(p));
  bool is = false;
  if (s != nullptr) {
    ensureSwept(s);
    lock(&s->speciallock);
    Special* at = *placeOf(s, uint64_t(p) - s->base(), kind);
    is = at != nullptr && at->offset == uint64_t(p) - s->base() && at->kind == kind;
    if (is) *found = *at;
    unlock(&s->speciallock);
  }
  releasem(m);
  return is;
}

uintptr_t* findWeakHandle(void* p) {
  Special found;
  return findspecial(p, SpecialKind::WeakHandle, &found) ? found.handle : nullptr;
}

void sweepSpecials(MSpan* s) {
  lock(&s->speciallock);
  auto** at = reinterpret_cast<Special**>(&s->specials);
  while (Special* sp = *at) {
    const uint64_t index = s->sizeClass() == 0 ? 0 : s->objIndex(s->base() + sp->offset);
    const uint64_t end = (index + 1) * s->elemsize;
    if (isMarked(s, index)) {
      while (*at != nullptr && (*at)->offset < end) at = &(*at)->next;
      continue;
    }
    bool revived = false;
    for (Special* t = sp; t != nullptr && t->offset < end; t = t->next)
      if (t->kind == SpecialKind::Finalizer) revived = true;
    // Nobody else changes the bits of a span that is being swept.
    if (revived) s->gcmarkBits[index / 8] |= uint8_t(1 << index % 8);
    // Weak pointers let go before a finalizer runs; cleanups wait until the object is really gone.
    while (*at != nullptr && (*at)->offset < end) {
      Special* t = *at;
      if (revived && t->kind != SpecialKind::Finalizer && t->kind != SpecialKind::WeakHandle) {
        at = &t->next;
        continue;
      }
      *at = t->next;
      runSpecial(s, t);
    }
  }
  if (s->specials == nullptr) setSpecialsBit(s, false);
  unlock(&s->speciallock);
}

uint64_t gcSpecialRootJobs() { return mheap_.allArenasLen; }

void markrootSpans(GcWork* gcw, uint64_t job) {
  const uint64_t base = mheap_.allArenas[job];
  HeapArena* a = mheap_.arenaOf(base);
  for (uint64_t i = 0; i < kPagesPerArena / 8; i++) {
    for (unsigned bits = __atomic_load_n(&a->pageSpecials[i], __ATOMIC_SEQ_CST); bits != 0; bits &= bits - 1) {
      MSpan* s = a->spans[i * 8 + unsigned(__builtin_ctz(bits))];
      if (s->state.loadAcquire() != SpanState::inUse) throw_("markroot - bad span with specials");
      lock(&s->speciallock);
      for (Special* sp = firstOf(s); sp != nullptr; sp = sp->next) markSpecial(s, sp, gcw);
      unlock(&s->speciallock);
    }
  }
}

}  // namespace burrow::rt
