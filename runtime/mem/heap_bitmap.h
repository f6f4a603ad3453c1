// Where the pointers in a heap object are: three ways, by the size of the slot.
//
//   slot <= kMinSizeForMallocHeader    one bit per word in the last 128 bytes of the span, which is one page:
//
//        | slot 0 | slot 1 | ... | slot n-1 | (rest) | bitmap: bit i = word i of the span holds a pointer |
//
//   larger small slots                 the slot's first word is the type of the object, which begins after it:
//
//        | *Type | object ............. | *Type | object ............. |
//
//   large objects                      MSpan::largeType
//
// Objects that consist of several values of the type (an array from makeslice) are described by one type: the pattern
// repeats every type->size bytes. All of it is written by the allocation itself, so that the collector never meets an
// object without it. Pointer-free objects live in noscan spans and have none.
//
// Small objects get bits rather than headers because a header would cost them up to half their size, and the bitmap of a
// span is two cache lines that the collector reads for all of its objects together.
#pragma once

#include "abi/alloc_run.h"
#include "mem/mheap.h"

namespace burrow::rt {

// The pointer mask of a type: bit i = word i of [0, ptrBytes) is a pointer. Builds it when the type has it on demand.
const uint8_t* getGCMask(const Type* type);

// Bits i*64 .. i*64+63 of the mask's first `words` bits; never reads past the mask's last byte.
ALWAYS_INLINE uint64_t maskWord(const uint8_t* mask, uint64_t words) {
  if (words <= 8) return mask[0];
  uint64_t bits = 0;
  const uint64_t bytes = words >= 64 ? 8 : (words + 7) / 8;
  for (uint64_t i = 0; i < bytes; i++) bits |= uint64_t(mask[i]) << (8 * i);
  return bits;
}

// The bitmap of a span with bits.
inline uint64_t* heapBitsOf(const MSpan* s) { return reinterpret_cast<uint64_t*>(s->base() + abi::kRunBitsOffset); }

// The pointer bits of an object of dataSize bytes made of values of `type`, in a slot of at most 64 words.
inline uint64_t smallObjectBits(const Type* type, uint64_t dataSize) {
  const uint8_t* mask = UNLIKELY(type->tflag & abi::kTFlagGcMaskOnDemand) ? getGCMask(type) : type->gcData;
  uint64_t bits = maskWord(mask, type->ptrBytes / kPtrSize);
  if (type->ptrBytes / kPtrSize < 64) bits &= (uint64_t{1} << (type->ptrBytes / kPtrSize)) - 1;
  for (uint64_t have = type->size; have < dataSize; have *= 2) bits |= bits << (have / kPtrSize);
  return dataSize / kPtrSize < 64 ? bits & ((uint64_t{1} << (dataSize / kPtrSize)) - 1) : bits;
}

// Writes the pointer bits of a new object at x, whose slot has none. The span is one page: x says where its bits are.
ALWAYS_INLINE void writeHeapBits(uint64_t x, uint64_t dataSize, const Type* type) {
  const uint64_t bits = smallObjectBits(type, dataSize);
  const uint64_t page = alignDown(x, abi::kRunSpanBytes), word = (x - page) / kPtrSize;
  const unsigned shift = unsigned(word % 64);
  uint64_t* at = reinterpret_cast<uint64_t*>(page + abi::kRunBitsOffset) + word / 64;
  at[0] |= bits << shift;
  if (shift + dataSize / kPtrSize > 64) at[1] |= bits >> (64 - shift);
}

// No word of [x, x + bytes), slots of the span, holds a pointer.
inline void clearHeapBits(MSpan* s, uint64_t x, uint64_t bytes) {
  uint64_t* bitmap = heapBitsOf(s);
  uint64_t word = (x - s->base()) / kPtrSize, n = bytes / kPtrSize;
  while (n > 0) {
    const uint64_t bit = word % 64, here = minOf(64 - bit, n);
    bitmap[word / 64] &= here == 64 ? 0 : ~(((uint64_t{1} << here) - 1) << bit);
    word += here;
    n -= here;
  }
}

// Calls f(address of word) for each word of the object that holds a pointer. `base` is the start of its slot; the object
// must be allocated and its span scan. Used by checks and by whatever walks the heap.
template <class F>
void forEachPointerSlot(const MSpan* s, uint64_t base, F f);

// Type and data start of an object that has a header or a large span; nil type: not yet known (still being zeroed).
inline const Type* objectType(const MSpan* s, uint64_t base, uint64_t* data) {
  if (s->sizeClass() == 0) {
    *data = base;
    return __atomic_load_n(&s->largeType, __ATOMIC_ACQUIRE);
  }
  *data = base + kMallocHeaderSize;
  return *reinterpret_cast<const Type* const*>(base);
}

template <class F>
void forEachPointerSlot(const MSpan* s, uint64_t base, F f) {
  if (s->noscan()) return;
  if (s->sizeClass() != 0 && heapBitsInSpan(s->elemsize)) {
    const uint64_t* bitmap = heapBitsOf(s);
    const uint64_t word = (base - s->base()) / kPtrSize;
    for (uint64_t i = 0; i < s->elemsize / kPtrSize; i++) {
      if (bitmap[(word + i) / 64] >> ((word + i) % 64) & 1) f(base + i * kPtrSize);
    }
    return;
  }
  uint64_t data;
  const Type* type = objectType(s, base, &data);
  if (type == nullptr) return;
  const uint64_t end = s->sizeClass() == 0 ? s->limit : base + s->elemsize;
  const uint8_t* mask = getGCMask(type);
  for (uint64_t elem = data; elem + type->ptrBytes <= end; elem += type->size) {
    for (uint64_t i = 0; i < type->ptrBytes / kPtrSize; i++) {
      if (mask[i / 8] >> (i % 8) & 1) f(elem + i * kPtrSize);
    }
  }
}

}  // namespace burrow::rt
