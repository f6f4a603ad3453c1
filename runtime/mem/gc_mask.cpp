// Pointer masks on demand: types whose mask would be long do not carry it in the executable (abi/type.h). The first one
// who needs it builds it from the type's parts; the result is kept for ever, behind the type's gcData variable.
//
// Two threads may build the same mask at the same time; a compare-and-swap decides whose is kept, and the loser's memory
// is lost. That is rarer than a lock would be taken.
#include "mem/heap_bitmap.h"

namespace burrow::rt {

namespace {

// ORs the mask of `type`, placed `word` words into the whole, into `bits`.
void buildMask(uint8_t* bits, uint64_t word, const Type* type) {
  if (type->ptrBytes == 0) return;
  if (!(type->tflag & abi::kTFlagGcMaskOnDemand)) {
    for (uint64_t i = 0; i < type->ptrBytes / kPtrSize; i++) {
      if (type->gcData[i / 8] >> (i % 8) & 1) bits[(word + i) / 8] |= uint8_t(1 << (word + i) % 8);
    }
    return;
  }
  if (type->kind == abi::kArray) {
    auto* a = static_cast<const abi::ArrayType*>(type);
    for (uint64_t i = 0; i < a->len; i++) buildMask(bits, word + i * a->elem->size / kPtrSize, a->elem);
  } else if (type->kind == abi::kStruct) {
    auto* s = static_cast<const abi::StructType*>(type);
    for (int64_t i = 0; i < s->fieldCount; i++) {
      // A field without pointers may lie at any offset; one with pointers is word-aligned.
      if (s->fields[i].type->ptrBytes) buildMask(bits, word + s->fields[i].offset / kPtrSize, s->fields[i].type);
    }
  } else {
    throw_("type without a pointer mask");
  }
}

}  // namespace

const uint8_t* getGCMask(const Type* type) {
  if (!(type->tflag & abi::kTFlagGcMaskOnDemand)) return type->gcData;
  auto** slot = reinterpret_cast<uint8_t**>(type->gcData);
  if (uint8_t* mask = __atomic_load_n(slot, __ATOMIC_ACQUIRE)) return mask;
  const uint64_t bytes = alignUp<uint64_t>((type->ptrBytes / kPtrSize + 7) / 8, kPtrSize);
  uint8_t* mask = nullptr;
  systemstack([&] {
    mask = static_cast<uint8_t*>(persistentAlloc(bytes, kPtrSize, &mheap_.stats.gcMiscSys));
    buildMask(mask, 0, type);
  });
  uint8_t* expected = nullptr;
  if (!__atomic_compare_exchange_n(slot, &expected, mask, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return expected;
  return mask;
}

}  // namespace burrow::rt
