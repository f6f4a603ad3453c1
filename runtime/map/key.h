// The ways to look at a key: by the map type's functions, or as a 32-bit number, a 64-bit number or a string whose hash and
// equality are known here. The algorithms in map/access.h are written once, over these.
//
// The specialised ways may be used for a map type when the key is 4 or 8 bytes of plain memory or a string and the element
// is at most kMapMaxElemBytes: then neither is stored indirectly.
#pragma once

#include "gc/barrier.h"
#include "iface/closure.h"
#include "map/group.h"
#include "mem/malloc.h"
#include "string/bytes.h"
#include "string/hash.h"

namespace burrow::rt {

struct GenericKey {
  const void* p;
  static constexpr bool kDirect = false;  // key and element may be indirect
  static constexpr bool kScanSmall = false;

  ALWAYS_INLINE uint64_t hash(const MapType* t, uint64_t seed) const { return callHasher(t->hasher, p, seed); }
  ALWAYS_INLINE bool equals(const MapType* t, Group g, unsigned i) const {
    return callEqual(t->key->equal, p, g.key(t, i));
  }
  ALWAYS_INLINE void store(const MapType* t, Group g, unsigned i) const {
    void* slot = g.keyAt(t, i);
    if (t->indirectKey()) {
      void* k = newobject(t->key);
      storePointer(static_cast<void**>(slot), k);
      slot = k;
    }
    typedmemmove(t->key, slot, p);
  }
  ALWAYS_INLINE void update(const MapType* t, Group g, unsigned i) const {
    if (t->needKeyUpdate()) typedmemmove(t->key, g.key(t, i), p);
  }
  ALWAYS_INLINE void clear(const MapType* t, Group g, unsigned i) const {
    void* slot = g.keyAt(t, i);
    if (t->indirectKey()) {
      storePointer(static_cast<void**>(slot), static_cast<void*>(nullptr));
    } else if (t->key->hasPointers()) {
      typedmemclr(t->key, slot);
    }
  }
};

template <class Word>
struct WordKey {
  Word v;
  static constexpr bool kDirect = true;
  static constexpr bool kScanSmall = true;  // in a map of one group comparing is quicker than hashing

  ALWAYS_INLINE static Word* slot(const MapType* t, Group g, unsigned i) { return reinterpret_cast<Word*>(g.keyAt(t, i)); }
  ALWAYS_INLINE uint64_t hash(const MapType*, uint64_t seed) const {
    return sizeof(Word) == 4 ? memhash32(&v, seed) : memhash64(&v, seed);
  }
  ALWAYS_INLINE bool equals(const MapType* t, Group g, unsigned i) const { return *slot(t, g, i) == v; }
  // A 64-bit key may be a pointer.
  ALWAYS_INLINE static void put(const MapType* t, Group g, unsigned i, Word word) {
    if (sizeof(Word) == 8 && writeBarrierEnabled() && t->key->hasPointers()) {
      gcWriteBarrier(slot(t, g, i), reinterpret_cast<void*>(word));
    }
    *slot(t, g, i) = word;
  }
  ALWAYS_INLINE void store(const MapType* t, Group g, unsigned i) const { put(t, g, i, v); }
  ALWAYS_INLINE void update(const MapType*, Group, unsigned) const {}
  ALWAYS_INLINE void clear(const MapType* t, Group g, unsigned i) const {
    if (t->key->hasPointers()) put(t, g, i, 0);
  }
};
using Key32 = WordKey<uint32_t>;
using Key64 = WordKey<uint64_t>;

struct StrKey {
  GoString s;
  static constexpr bool kDirect = true;
  static constexpr bool kScanSmall = true;

  ALWAYS_INLINE static GoString* slot(const MapType* t, Group g, unsigned i) {
    return reinterpret_cast<GoString*>(g.keyAt(t, i));
  }
  ALWAYS_INLINE uint64_t hash(const MapType*, uint64_t seed) const { return memhash(s.data, seed, uint64_t(s.len)); }
  ALWAYS_INLINE bool equals(const MapType* t, Group g, unsigned i) const {
    const GoString k = *slot(t, g, i);
    return k.len == s.len && memequal(k.data, s.data, uint64_t(s.len));
  }
  ALWAYS_INLINE void store(const MapType* t, Group g, unsigned i) const {
    slot(t, g, i)->len = s.len;
    storePointer(&slot(t, g, i)->data, s.data);
  }
  // The new string may keep less memory alive than the old one.
  ALWAYS_INLINE void update(const MapType* t, Group g, unsigned i) const { storePointer(&slot(t, g, i)->data, s.data); }
  ALWAYS_INLINE void clear(const MapType* t, Group g, unsigned i) const {
    slot(t, g, i)->len = 0;
    storePointer(&slot(t, g, i)->data, static_cast<const uint8_t*>(nullptr));
  }
};

}  // namespace burrow::rt
