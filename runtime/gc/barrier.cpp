// The write barrier's C++ side: the flag, barriers for many slots, and emptying the buffer. gc/barrier.h says why.
//
// A bulk barrier is told the type of what is overwritten, because that is known wherever values are moved; where it is not
// (memclrHasPointers), the heap's own pointer bits serve. What lies on the running goroutine's own stack segment is left out:
// stacks need no barrier, and may hold old junk. Junk from other segments does no harm either: shading looks for an object.
#include "gc/barrier.h"

#include "gc/wb_buf.h"
#include "mem/malloc.h"
#include "stack/stack.h"

namespace burrow::rt {

WriteBarrierFlag writeBarrier;

namespace {

bool onOwnStack(const void* p) {
  const StackSegment* s = getg()->segment;
  return uintptr_t(p) >= uintptr_t(s) && uintptr_t(p) < s->top;
}

// Calls f(bytes from the range's start) for each pointer word of bytes [offset, offset + size) of an array of `type`.
template <class F>
void forEachPointerIn(const Type* type, uint64_t offset, uint64_t size, F f) {
  const uint8_t* mask = getGCMask(type);
  const uint64_t words = type->ptrBytes / kPtrSize;
  for (uint64_t elem = offset / type->size * type->size; elem < offset + size; elem += type->size) {
    for (uint64_t i = 0; i < words; i++) {
      if (!(mask[i / 8] >> (i % 8) & 1)) continue;
      const uint64_t at = elem + i * kPtrSize;
      if (at < offset) continue;
      if (at >= offset + size) return;
      f(at - offset);
    }
  }
}

uintptr_t wordAt(const void* p, uint64_t offset) {
  return __atomic_load_n(reinterpret_cast<const uintptr_t*>(static_cast<const uint8_t*>(p) + offset), __ATOMIC_RELAXED);
}

}  // namespace

void wbBufPut2(P* pp, uintptr_t before, uintptr_t after) {
  pp->wbBuf.next[0] = before;
  pp->wbBuf.next[1] = after;
  pp->wbBuf.next += 2;
  if (pp->wbBuf.next == pp->wbBuf.end) systemstackCall(wbBufFlush, nullptr);
}

void bulkBarrierPreWrite(void* dst, const void* src, uint64_t size, const Type* type, uint64_t offset) {
  if (onOwnStack(dst)) return;
  P* pp = getm()->p;
  forEachPointerIn(type, offset, size, [&](uint64_t at) {
    wbBufPut2(pp, wordAt(dst, at), src != nullptr ? wordAt(src, at) : 0);
  });
}

void bulkBarrierPreClear(void* dst, uint64_t size) {
  if (onOwnStack(dst)) return;
  P* pp = getm()->p;
  const uint64_t from = uint64_t(dst), to = from + size;
  const MSpan* s = spanOfHeap(from);
  if (s == nullptr) {
    for (uint64_t at = 0; at + kPtrSize <= size; at += kPtrSize) wbBufPut2(pp, wordAt(dst, at), 0);
    return;
  }
  if (s->noscan()) return;
  for (uint64_t base = s->base() + (s->sizeClass() == 0 ? 0 : s->objIndex(from) * s->elemsize); base < to; base += s->elemsize) {
    forEachPointerSlot(s, base, [&](uint64_t at) {
      if (at >= from && at < to) wbBufPut2(pp, wordAt(reinterpret_cast<void*>(at), 0), 0);
    });
  }
}

void bulkBarrierPreWriteSrcOnly(const void* src, uint64_t size, const Type* type) {
  P* pp = getm()->p;
  forEachPointerIn(type, 0, size, [&](uint64_t at) { wbBufPut2(pp, wordAt(src, at), 0); });
}

void wbBufFlush(void*) { wbBufFlush1(getm()->p); }

}  // namespace burrow::rt
