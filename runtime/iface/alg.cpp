// efaceeq, interhash, typehash; see alg.h.
//
// typehash walks the type, which is slow; maps with static key types never get here, their Hasher is compiled code. It has to
// agree with that code: plain memory by size (memhash32, memhash64, memhash), fields and elements in order, blank
// fields left out, the hash so far as the next one's seed.
#include "iface/alg.h"

#include "iface/closure.h"
#include "string/hash.h"

namespace burrow::rt {

namespace {

// Interface values mix their seed, so that an interface that holds a key does not collide with the key itself.
constexpr uint64_t kIface0 = 0x8ebc6af09c88c6e3, kIface1 = 0x589965cc75374cc3;

uint64_t dynamicHash(const Type* t, void* const* data, uint64_t seed) {
  if (t == nullptr) return seed;
  if (t->equal == nullptr) panicTypeText(goString("hash of unhashable type "), t);
  const void* p = t->isDirectIface() ? static_cast<const void*>(data) : *data;
  return kIface1 * typehash(t, p, seed ^ kIface0);
}

}  // namespace

bool efaceeq(const Type* type, const void* x, const void* y) {
  if (type == nullptr) return true;
  if (UNLIKELY(type->equal == nullptr)) panicTypeText(goString("comparing uncomparable type "), type);
  if (type->isDirectIface()) return x == y;
  return callEqual(type->equal, x, y);
}

bool ifaceeq(const ITab* tab, const void* x, const void* y) { return efaceeq(tab ? tab->type : nullptr, x, y); }

uint64_t interhash(const Iface* p, uint64_t seed) { return dynamicHash(p->tab ? p->tab->type : nullptr, &p->data, seed); }
uint64_t nilinterhash(const Eface* p, uint64_t seed) { return dynamicHash(p->type, &p->data, seed); }

uint64_t typehash(const Type* type, const void* p, uint64_t seed) {
  if (type->tflag & abi::kTFlagRegularMemory) {
    switch (type->size) {
      case 4: return memhash32(p, seed);
      case 8: return memhash64(p, seed);
      default: return memhash(p, seed, type->size);
    }
  }
  switch (type->kind) {
    case abi::kFloat32: return f32hash(static_cast<const float*>(p), seed);
    case abi::kFloat64: return f64hash(static_cast<const double*>(p), seed);
    case abi::kComplex64: return c64hash(static_cast<const float*>(p), seed);
    case abi::kComplex128: return c128hash(static_cast<const double*>(p), seed);
    case abi::kString: return strhash(static_cast<const GoString*>(p), seed);
    case abi::kInterface:
      return static_cast<const abi::InterfaceType*>(type)->methodCount == 0
                 ? nilinterhash(static_cast<const Eface*>(p), seed)
                 : interhash(static_cast<const Iface*>(p), seed);
    case abi::kArray: {
      auto* a = static_cast<const abi::ArrayType*>(type);
      for (uint64_t i = 0; i < a->len; i++) {
        seed = typehash(a->elem, static_cast<const uint8_t*>(p) + i * a->elem->size, seed);
      }
      return seed;
    }
    case abi::kStruct: {
      auto* s = static_cast<const abi::StructType*>(type);
      for (int64_t i = 0; i < s->fieldCount; i++) {
        const abi::StructField& f = s->fields[i];
        const GoString name = f.name.name();
        if (name.len == 1 && name.data[0] == '_') continue;
        seed = typehash(f.type, static_cast<const uint8_t*>(p) + f.offset, seed);
      }
      return seed;
    }
    default: panicTypeText(goString("hash of unhashable type "), type);
  }
}

}  // namespace burrow::rt
