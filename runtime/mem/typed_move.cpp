// Moving and clearing values of Go types.
//
// Pointers in the heap are written in whole words, never byte by byte, so that a concurrent reader (the collector) sees
// the old or the new pointer: memmove and memset of this runtime keep that promise for word-aligned blocks, and values
// with pointers are word-aligned. The write barrier of a collection in progress belongs in typedmemmove, typedmemclr and
// the bulk functions below: every copy of pointers by the runtime or by reflect goes through one of them.
#include "mem/malloc.h"

namespace burrow::rt {

void typedmemmove(const Type* type, void* dst, const void* src) {
  if (dst == src) return;
  memmove(dst, src, type->size);
}

void typedmemmovePartial(const Type*, void* dst, const void* src, uint64_t, uint64_t size) { memmove(dst, src, size); }

void typedArrayMove(const Type* elem, void* dst, const void* src, uint64_t n) {
  if (dst == src || n == 0) return;
  memmove(dst, src, elem->size * n);
}

void typedmemclr(const Type* type, void* p) { memset(p, 0, type->size); }

void typedArrayClear(const Type* elem, void* p, uint64_t n) { memset(p, 0, elem->size * n); }

void memclrHasPointers(void* p, uint64_t n) { memset(p, 0, n); }

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
