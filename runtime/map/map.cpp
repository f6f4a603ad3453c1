// Maps by the general way: making, reading, writing, deleting, clearing, copying.
#include "map/map.h"

#include "gc/barrier.h"
#include "iface/alg.h"
#include "iface/type_name.h"
#include "map/access.h"
#include "string/string.h"

namespace burrow::rt {

uint8_t zeroVal[kZeroValSize];

namespace {

// A key that cannot be hashed panics in an empty map too, where nobody would hash it. Returns the type at fault.
const Type* unhashable(const Type* type, const void* p) {
  if (type->tflag & abi::kTFlagRegularMemory) return nullptr;
  switch (type->kind) {
    case abi::kFloat32:
    case abi::kFloat64:
    case abi::kComplex64:
    case abi::kComplex128:
    case abi::kString: return nullptr;
    case abi::kInterface: {
      const void* data = nullptr;
      const Type* dynamic = ifaceType(static_cast<const abi::InterfaceType*>(type), p, &data);
      if (dynamic == nullptr) return nullptr;
      return dynamic->equal ? unhashable(dynamic, data) : dynamic;
    }
    case abi::kArray: {
      auto* a = static_cast<const abi::ArrayType*>(type);
      for (uint64_t i = 0; i < a->len; i++) {
        if (const Type* bad = unhashable(a->elem, static_cast<const uint8_t*>(p) + i * a->elem->size)) return bad;
      }
      return nullptr;
    }
    case abi::kStruct: {
      auto* s = static_cast<const abi::StructType*>(type);
      for (int64_t i = 0; i < s->fieldCount; i++) {
        const GoString name = s->fields[i].name.name();
        if (name.len == 1 && name.data[0] == '_') continue;
        if (const Type* bad = unhashable(s->fields[i].type, static_cast<const uint8_t*>(p) + s->fields[i].offset)) return bad;
      }
      return nullptr;
    }
    default: return type;
  }
}

NO_INLINE void checkKey(const MapType* t, const void* key) {
  if (!t->hashMightPanic()) return;
  if (const Type* bad = unhashable(t->key, key)) {
    const GoString parts[2] = {goString("hash of unhashable type: "), typeString(bad)};
    panicPlainError(concatstrings(nullptr, parts, 2));
  }
}

ALWAYS_INLINE void* access(const MapType* t, Map* m, const void* key) {
  if (m == nullptr || m->used == 0) {
    checkKey(t, key);
    return nullptr;
  }
  return findElem(t, m, GenericKey{key});
}

}  // namespace

Map* makemap_small() {
  Map* m = newMapHeader();
  m->seed = rand();
  return m;
}

Map* makemap(const MapType* t, int64_t hint, Map* m) {
  if (m == nullptr) m = newMapHeader();
  m->seed = rand();
  if (hint <= int64_t(kSlots)) return m;  // also for a negative hint; the group comes with the first write
  const uint64_t want = uint64_t(hint) * kSlots / kMaxAvgGroupLoad;
  if (want < uint64_t(hint)) return m;
  uint64_t tables = (want + kMaxTableCapacity - 1) / kMaxTableCapacity;
  if (tables > 1) tables = uint64_t{1} << (64 - __builtin_clzll(tables - 1));
  uint64_t bytes;
  if (tables > uint64_t{1} << 40 || __builtin_mul_overflow(tables * kMaxTableCapacity, t->groupSize, &bytes) ||
      bytes > kMaxAlloc) {
    return m;  // a hint is only a hint
  }
  m->globalDepth = uint8_t(__builtin_ctzll(tables));
  m->globalShift = uint8_t(64 - m->globalDepth);
  Table** dir = newDirectory(tables);
  for (uint64_t i = 0; i < tables; i++) storePointer(&dir[i], newTable(t, want / tables, int64_t(i), m->globalDepth));
  storePointer(&m->dirPtr, static_cast<void*>(dir));
  m->dirLen = int64_t(tables);
  return m;
}

void* mapaccess1(const MapType* t, Map* m, const void* key) {
  void* e = access(t, m, key);
  return e ? e : zeroVal;
}
ElemOk mapaccess2(const MapType* t, Map* m, const void* key) {
  void* e = access(t, m, key);
  return {e ? e : zeroVal, e != nullptr};
}
void* mapaccess1_fat(const MapType* t, Map* m, const void* key, void* zero) {
  void* e = access(t, m, key);
  return e ? e : zero;
}
ElemOk mapaccess2_fat(const MapType* t, Map* m, const void* key, void* zero) {
  void* e = access(t, m, key);
  return {e ? e : zero, e != nullptr};
}

void* mapassign(const MapType* t, Map* m, const void* key) { return assignKey(t, m, GenericKey{key}); }

void mapdelete(const MapType* t, Map* m, const void* key) {
  if (m == nullptr || m->used == 0) {
    checkKey(t, key);
    return;
  }
  deleteKey(t, m, GenericKey{key});
}

void mapclear(const MapType* t, Map* m) {
  if (m == nullptr || (m->used == 0 && !m->tombstonePossible)) return;
  if (UNLIKELY(m->writing != 0)) fatal("concurrent map writes");
  m->writing ^= 1;
  if (m->dirLen == 0) {
    Group g = m->smallGroup();
    typedmemclr(t->group, g.data);
    g.setAllEmpty();
  } else {
    Table* last = nullptr;
    for (int64_t i = 0; i < m->dirLen; i++) {
      Table* tab = m->directory()[i];
      if (tab != last) clearTable(t, tab);
      last = tab;
    }
    m->tombstonePossible = false;
  }
  m->used = 0;
  m->clearSeq++;
  m->seed = rand();
  if (UNLIKELY(m->writing == 0)) fatal("concurrent map writes");
  m->writing ^= 1;
}

Map* mapcloneMap(const MapType* t, Map* m) {
  if (m == nullptr) return nullptr;
  if (m->writing != 0) fatal("concurrent map clone and map write");
  Map* copy = newMapHeader();
  memcpy(copy, m, sizeof *m);
  if (m->dirPtr == nullptr) return copy;
  if (m->dirLen == 0) {
    storePointer(&copy->dirPtr, static_cast<void*>(cloneGroups(t, m->smallGroup().data, 1)));
    return copy;
  }
  Table** dir = newDirectory(uint64_t(m->dirLen));
  for (int64_t i = 0; i < m->dirLen; i++) {
    Table* tab = m->directory()[i];
    storePointer(&dir[i], i > 0 && tab == m->directory()[i - 1] ? dir[i - 1] : cloneTable(t, tab));
  }
  storePointer(&copy->dirPtr, static_cast<void*>(dir));
  return copy;
}

}  // namespace burrow::rt
