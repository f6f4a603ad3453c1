// Maps with keys that are plain 32-bit or 64-bit numbers (or pointers) or strings; see map/key.h for when these are used.
#include "map/access.h"
#include "map/map.h"

namespace burrow::rt {

namespace {

template <class Key>
ALWAYS_INLINE void* access(const MapType* t, Map* m, Key key) {
  return m == nullptr || m->used == 0 ? nullptr : findElem(t, m, key);
}
template <class Key>
ALWAYS_INLINE void* access1(const MapType* t, Map* m, Key key) {
  void* e = access(t, m, key);
  return e ? e : zeroVal;
}
template <class Key>
ALWAYS_INLINE ElemOk access2(const MapType* t, Map* m, Key key) {
  void* e = access(t, m, key);
  return {e ? e : zeroVal, e != nullptr};
}
template <class Key>
ALWAYS_INLINE void erase(const MapType* t, Map* m, Key key) {
  if (m != nullptr && m->used != 0) deleteKey(t, m, key);
}

}  // namespace

void* mapaccess1_fast32(const MapType* t, Map* m, uint32_t key) { return access1(t, m, Key32{key}); }
ElemOk mapaccess2_fast32(const MapType* t, Map* m, uint32_t key) { return access2(t, m, Key32{key}); }
void* mapassign_fast32(const MapType* t, Map* m, uint32_t key) { return assignKey(t, m, Key32{key}); }
void mapdelete_fast32(const MapType* t, Map* m, uint32_t key) { erase(t, m, Key32{key}); }

void* mapaccess1_fast64(const MapType* t, Map* m, uint64_t key) { return access1(t, m, Key64{key}); }
ElemOk mapaccess2_fast64(const MapType* t, Map* m, uint64_t key) { return access2(t, m, Key64{key}); }
void* mapassign_fast64(const MapType* t, Map* m, uint64_t key) { return assignKey(t, m, Key64{key}); }
void* mapassign_fast64ptr(const MapType* t, Map* m, void* key) { return assignKey(t, m, Key64{uint64_t(key)}); }
void mapdelete_fast64(const MapType* t, Map* m, uint64_t key) { erase(t, m, Key64{key}); }

void* mapaccess1_faststr(const MapType* t, Map* m, GoString key) { return access1(t, m, StrKey{key}); }
ElemOk mapaccess2_faststr(const MapType* t, Map* m, GoString key) { return access2(t, m, StrKey{key}); }
void* mapassign_faststr(const MapType* t, Map* m, GoString key) { return assignKey(t, m, StrKey{key}); }
void mapdelete_faststr(const MapType* t, Map* m, GoString key) { erase(t, m, StrKey{key}); }

}  // namespace burrow::rt
