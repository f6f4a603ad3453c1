// Slices: the growth rule, and copying.
//
// Growth: double while the old capacity is below kThreshold, then by (old + 3*kThreshold)/4 at a time, which moves
// smoothly from doubling towards a quarter more; never less than what is asked for. The bytes are then rounded up to the
// size class that the allocation gets anyway, and the capacity is what fits into that. The sequence that follows is part
// of what programs can see: cap(append([]byte(nil), make([]byte, 33)...)) is 48.
#include "slice/slice.h"

#include "gc/barrier.h"
#include "mem/malloc.h"

namespace burrow::rt {

namespace {
constexpr int64_t kThreshold = 256;
}  // namespace

int64_t nextslicecap(int64_t newLen, int64_t oldCap) {
  if (newLen > 2 * oldCap) return newLen;
  if (oldCap < kThreshold) return 2 * oldCap;
  uint64_t cap = uint64_t(oldCap);
  do {
    cap += uint64_t(int64_t(cap + 3 * kThreshold) >> 2);
  } while (cap < uint64_t(newLen));
  // An overflow looks like a large unsigned number; then exactly what is needed is asked for.
  return int64_t(cap) <= 0 ? newLen : int64_t(cap);
}

int64_t growslicecap(int64_t newLen, int64_t oldCap, uint64_t elemSize, bool noscan, uint64_t* bytes) {
  const uint64_t want = uint64_t(nextslicecap(newLen, oldCap));
  uint64_t mem;
  if (__builtin_mul_overflow(want, elemSize, &mem) || mem > kMaxAlloc) return -1;
  const int64_t cap = int64_t(roundupsize(mem, noscan) / elemSize);
  *bytes = uint64_t(cap) * elemSize;
  return *bytes > kMaxAlloc ? -1 : cap;
}

GoSlice growslice(void* oldPtr, int64_t newLen, int64_t oldCap, int64_t num, const Type* elem) {
  const int64_t oldLen = newLen - num;
  if (UNLIKELY(newLen < 0)) panicErrorString("growslice: len out of range");
  // Elements without size need no memory; but a slice that is not empty must not be nil.
  if (UNLIKELY(elem->size == 0)) return {&zerobase, newLen, newLen};

  const bool noscan = !elem->hasPointers();
  uint64_t bytes;
  const int64_t cap = growslicecap(newLen, oldCap, elem->size, noscan, &bytes);
  if (UNLIKELY(cap < 0)) panicErrorString("growslice: len out of range");
  const uint64_t oldBytes = uint64_t(oldLen) * elem->size;
  auto* p = static_cast<uint8_t*>(mallocToWrite(bytes, elem, uint64_t(newLen) * elem->size));
  if (!noscan && writeBarrierEnabled()) {
    // The old array may be known to this stack only, which may not have been looked at yet; the new one counts as marked.
    M* m = acquirem();
    bulkBarrierPreWriteSrcOnly(oldPtr, oldBytes, elem);
    memmove(p, oldPtr, oldBytes);
    releasem(m);
    return {p, newLen, cap};
  }
  memmove(p, oldPtr, oldBytes);
  return {p, newLen, cap};
}

int64_t slicecopy(void* to, int64_t toLen, const void* from, int64_t fromLen, uint64_t width) {
  const int64_t n = minOf(toLen, fromLen);
  if (n == 0 || width == 0) return n;
  memmove(to, from, uint64_t(n) * width);
  return n;
}

int64_t typedslicecopy(const Type* elem, void* dst, int64_t dstLen, const void* src, int64_t srcLen) {
  const int64_t n = minOf(dstLen, srcLen);
  if (n == 0 || dst == src) return n;
  typedArrayMove(elem, dst, src, uint64_t(n));
  return n;
}

}  // namespace burrow::rt
