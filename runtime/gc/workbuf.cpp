// Work buffers: getting, giving, sharing. gc/workbuf.h has the picture.
#include "gc/workbuf.h"

#include "gc/gc.h"
#include "mem/mheap.h"

namespace burrow::rt {

GcWorkPool workPool;

namespace {

constexpr uint64_t kWorkbufSpanPages = 4;  // buffers are made in pieces of 32 KB

WorkBuf* bufOf(LFNode* n) { return reinterpret_cast<WorkBuf*>(n); }

void initWork(GcWork* w) {
  w->wbuf1 = getempty();
  WorkBuf* second = trygetfull();
  w->wbuf2 = second != nullptr ? second : getempty();
}

void swapBufs(GcWork* w) {
  WorkBuf* b = w->wbuf1;
  w->wbuf1 = w->wbuf2;
  w->wbuf2 = b;
}

}  // namespace

WorkBuf* getempty() {
  if (LFNode* n = workPool.empty.pop()) {
    if (bufOf(n)->nobj != 0) throw_("workbuf is not empty");
    return bufOf(n);
  }
  MSpan* s = mheap_.allocManual(kWorkbufSpanPages);
  if (s == nullptr) throw_("out of memory");
  WorkBuf* first = nullptr;
  for (uint64_t at = s->base(); at + kWorkbufBytes <= s->end(); at += kWorkbufBytes) {
    auto* b = reinterpret_cast<WorkBuf*>(at);
    b->nobj = 0;
    b->node.pushes = 0;
    if (first == nullptr) first = b;
    else putempty(b);
    workPool.made.xadd(1);
  }
  return first;
}

void putempty(WorkBuf* b) {
  if (b->nobj != 0) throw_("workbuf is not empty");
  workPool.empty.push(&b->node);
}

void putfull(WorkBuf* b) {
  if (b->nobj == 0) throw_("workbuf is empty");
  workPool.full.push(&b->node);
}

WorkBuf* trygetfull() {
  LFNode* n = workPool.full.pop();
  if (n == nullptr) return nullptr;
  workPool.steals.storeRelaxed(workPool.steals.loadRelaxed() + 1);  // a figure for the inspector; a lost count does no harm
  return bufOf(n);
}

WorkBuf* handoff(WorkBuf* b) {
  WorkBuf* mine = getempty();
  const uint64_t n = b->nobj / 2;
  b->nobj -= n;
  mine->nobj = n;
  memmove(mine->obj, b->obj + b->nobj, n * sizeof b->obj[0]);
  putfull(b);
  return mine;
}

void gcwPutSlow(GcWork* w, uintptr_t obj) {
  bool flushed = false;
  if (w->wbuf1 == nullptr) {
    initWork(w);
  }
  if (w->wbuf1->nobj == kWorkbufEntries) {
    swapBufs(w);
    if (w->wbuf1->nobj == kWorkbufEntries) {
      putfull(w->wbuf1);
      w->flushedWork = true;
      w->wbuf1 = getempty();
      flushed = true;
    }
  }
  w->wbuf1->obj[w->wbuf1->nobj++] = obj;
  // After the object is stored: the workers that come may change what is in the buffers only through this P.
  if (flushed && gcphase == GCmark) gcEnlistWorker();
}

uintptr_t gcwGetSlow(GcWork* w) {
  if (w->wbuf1 == nullptr) initWork(w);
  if (w->wbuf1->nobj == 0) {
    swapBufs(w);
    if (w->wbuf1->nobj == 0) {
      WorkBuf* got = trygetfull();
      if (got == nullptr) return 0;
      putempty(w->wbuf1);
      w->wbuf1 = got;
    }
  }
  return w->wbuf1->obj[--w->wbuf1->nobj];
}

namespace {

// Puts a buffer of spans at the end of the line.
void putSpans(GcWork* w, WorkBuf* b) {
  systemstack([b] {
    lock(&workPool.spanLock);
    b->node.next.storeRelaxed(0);
    if (workPool.lastSpans != nullptr) {
      workPool.lastSpans->node.next.storeRelaxed(uint64_t(b));
    } else {
      workPool.firstSpans = b;
    }
    workPool.lastSpans = b;
    workPool.spanBufs.store(workPool.spanBufs.load() + 1);
    unlock(&workPool.spanLock);
  });
  w->flushedWork = true;
}

WorkBuf* takeSpans() {
  if (workPool.spanBufs.load() == 0) return nullptr;
  WorkBuf* b = nullptr;
  systemstack([&b] {
    lock(&workPool.spanLock);
    b = workPool.firstSpans;
    if (b != nullptr) {
      workPool.firstSpans = reinterpret_cast<WorkBuf*>(b->node.next.loadRelaxed());
      if (workPool.firstSpans == nullptr) workPool.lastSpans = nullptr;
      workPool.spanBufs.store(workPool.spanBufs.load() - 1);
    }
    unlock(&workPool.spanLock);
  });
  return b;
}

}  // namespace

void gcwPutSpanSlow(GcWork* w, MSpan* s) {
  const bool full = w->spanIn != nullptr;
  if (full) putSpans(w, w->spanIn);
  w->spanIn = getempty();
  w->spanIn->obj[w->spanIn->nobj++] = uintptr_t(s);
  if (full && gcphase == GCmark) gcEnlistWorker();
}

MSpan* gcwGetSpanSlow(GcWork* w) {
  if (WorkBuf* used = w->spanOut) {
    w->spanOut = nullptr;
    used->nobj = 0;
    putempty(used);
  }
  // Those in the pool are older than our own.
  WorkBuf* b = takeSpans();
  if (b == nullptr) {
    if (w->spanIn == nullptr || w->spanIn->nobj == 0) return nullptr;
    b = w->spanIn;
    w->spanIn = nullptr;
  }
  w->spanOut = b;
  w->spanOutNext = 1;
  return reinterpret_cast<MSpan*>(b->obj[0]);
}

void gcwBalance(GcWork* w) {
  constexpr uint64_t kWorthSharing = 4, kSpansWorthSharing = 16;
  if (w->spanIn != nullptr && w->spanIn->nobj >= kSpansWorthSharing && workPool.spanBufs.load() == 0) {
    putSpans(w, w->spanIn);
    w->spanIn = nullptr;
    if (gcphase == GCmark) gcEnlistWorker();
  }
  if (w->wbuf1 == nullptr) return;
  if (w->wbuf2->nobj != 0) {
    putfull(w->wbuf2);
    w->flushedWork = true;
    w->wbuf2 = getempty();
  } else if (w->wbuf1->nobj > kWorthSharing) {
    w->wbuf1 = handoff(w->wbuf1);
    w->flushedWork = true;
  } else {
    return;
  }
  if (gcphase == GCmark) gcEnlistWorker();
}

void gcwDispose(GcWork* w) {
  WorkBuf** const slots[] = {&w->wbuf1, &w->wbuf2};
  for (WorkBuf** slot : slots) {
    WorkBuf* b = *slot;
    if (b == nullptr) continue;
    *slot = nullptr;
    if (b->nobj == 0) {
      putempty(b);
    } else {
      putfull(b);
      w->flushedWork = true;
    }
  }
  if (WorkBuf* b = w->spanIn) {
    w->spanIn = nullptr;
    if (b->nobj == 0) {
      putempty(b);
    } else {
      putSpans(w, b);
    }
  }
  if (WorkBuf* b = w->spanOut) {
    w->spanOut = nullptr;
    b->nobj -= w->spanOutNext;
    memmove(b->obj, b->obj + w->spanOutNext, b->nobj * sizeof b->obj[0]);
    if (b->nobj == 0) {
      putempty(b);
    } else {
      putSpans(w, b);
    }
  }
  if (w->bytesMarked != 0) {
    work.bytesMarked.xadd(w->bytesMarked);
    w->bytesMarked = 0;
  }
  if (w->heapScanWork != 0) {
    gcController.heapScanWork.xadd(w->heapScanWork);
    w->heapScanWork = 0;
  }
}

}  // namespace burrow::rt
