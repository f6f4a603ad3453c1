// Moving and clearing values of Go types.
//
// Pointers in the heap are written in whole words, never byte by byte, so that a concurrent reader (the collector) sees
// the old or the new pointer: memmove and memset of this runtime keep that promise for word-aligned blocks, and values
// with pointers are word-aligned. Every copy of pointers by the runtime or by reflect goes through one of these functions,
// because they know about the write barrier (gc/barrier.h): while the collector marks, what is overwritten and what is
// stored is shaded first, with the M held, so that no change of phase comes between shading and storing. When it does not
// mark there is no safe point between the test and the store either: memmove and memset check no stack.
#include "gc/barrier.h"
#include "mem/malloc.h"

namespace burrow::rt {

namespace {

NO_INLINE void moveWithBarrier(const Type* type, void* dst, const void* src, uint64_t size, uint64_t offset) {
  M* m = acquirem();
  bulkBarrierPreWrite(dst, src, size, type, offset);
  memmove(dst, src, size);
  releasem(m);
}
NO_INLINE void clearWithBarrier(const Type* type, void* p, uint64_t size) {
  M* m = acquirem();
  if (type != nullptr) bulkBarrierPreWrite(p, nullptr, size, type);
  else bulkBarrierPreClear(p, size);
  memset(p, 0, size);
  releasem(m);
}

}  // namespace

void typedmemmove(const Type* type, void* dst, const void* src) {
  if (dst == src) return;
  if (writeBarrierEnabled() && type->hasPointers()) return moveWithBarrier(type, dst, src, type->size, 0);
  memmove(dst, src, type->size);
}

void typedmemmovePartial(const Type* type, void* dst, const void* src, uint64_t off, uint64_t size) {
  if (writeBarrierEnabled() && type->hasPointers()) return moveWithBarrier(type, dst, src, size, off);
  memmove(dst, src, size);
}

void typedArrayMove(const Type* elem, void* dst, const void* src, uint64_t n) {
  if (dst == src || n == 0) return;
  if (writeBarrierEnabled() && elem->hasPointers()) return moveWithBarrier(elem, dst, src, elem->size * n, 0);
  memmove(dst, src, elem->size * n);
}

void typedmemclr(const Type* type, void* p) {
  if (writeBarrierEnabled() && type->hasPointers()) return clearWithBarrier(type, p, type->size);
  memset(p, 0, type->size);
}

void typedArrayClear(const Type* elem, void* p, uint64_t n) {
  if (writeBarrierEnabled() && elem->hasPointers()) return clearWithBarrier(elem, p, elem->size * n);
  memset(p, 0, elem->size * n);
}

void memclrHasPointers(void* p, uint64_t n) {
  if (writeBarrierEnabled()) return clearWithBarrier(nullptr, p, n);
  memset(p, 0, n);
}

void memclrNoHeapPointers(void* p, uint64_t n) { memset(p, 0, n); }

void goMemmove(void* dst, const void* src, uint64_t n) { memmove(dst, src, n); }

void unsafeslicecheckptr(const Type* elem, void* p, int64_t len) {
  if (len < 0) panicErrorString("unsafe.Slice: len out of range");
  if (elem->size == 0) {
    if (p == nullptr && len > 0) panicErrorString("unsafe.Slice: ptr is nil and len is not zero");
    return;
  }
  uint64_t bytes;
  const bool overflow = __builtin_mul_overflow(elem->size, uint64_t(len), &bytes);
  // The slice must end at or below the end of the address space; for nil that leaves only the empty one.
  if (overflow || bytes > uint64_t(0) - uint64_t(p)) {
    if (p == nullptr) {
      if (len == 0) return;
      panicErrorString("unsafe.Slice: ptr is nil and len is not zero");
    }
    panicErrorString("unsafe.Slice: len out of range");
  }
}

void unsafestringcheckptr(void* p, int64_t len) {
  if (len < 0) panicErrorString("unsafe.String: len out of range");
  if (uint64_t(len) > uint64_t(0) - uint64_t(p)) {
    if (p == nullptr) {
      if (len == 0) return;
      panicErrorString("unsafe.String: ptr is nil and len is not zero");
    }
    panicErrorString("unsafe.String: len out of range");
  }
}

}  // namespace burrow::rt
