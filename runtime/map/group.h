// Groups: eight slots and their control word; and the layout of maps in memory.
//
// Layout and encoding are those of the distribution's internal/runtime/maps, because its reflect walks maps by itself:
//
//     group:   | ctrl: 8 bytes | key 0 | elem 0 | key 1 | elem 1 | ... | key 7 | elem 7 |
//     control byte of a slot:  0xxxxxxx full, x = the low 7 bits of the key's hash (h2)
//                              10000000 empty
//                              11111110 deleted (a tombstone: probing goes on over it)
//
// Matching a control word is one SSE2 compare and one movemask: the result has a bit per slot.
#pragma once

#include <emmintrin.h>

#include "mem/env.h"

namespace burrow::rt {

using abi::MapType;

inline constexpr uint8_t kCtrlEmpty = 0x80, kCtrlDeleted = 0xfe;
inline constexpr unsigned kSlots = abi::kMapGroupSlots;
inline constexpr unsigned kMaxAvgGroupLoad = 7;      // of kSlots: the load at which a table grows
inline constexpr unsigned kMaxTableCapacity = 1024;  // slots; a table that would grow beyond is split

// Bit i: slot i matches.
using SlotMask = uint32_t;
ALWAYS_INLINE unsigned firstSlot(SlotMask m) { return unsigned(__builtin_ctz(m)); }
ALWAYS_INLINE SlotMask withoutFirst(SlotMask m) { return m & (m - 1); }

// The low bits choose among the eight slots' control bytes, the others the group.
ALWAYS_INLINE uint64_t h1(uint64_t hash) { return hash >> 7; }
ALWAYS_INLINE uint8_t h2(uint64_t hash) { return uint8_t(hash & 0x7f); }

struct Group {
  uint8_t* data;

  ALWAYS_INLINE uint64_t ctrl() const { return *reinterpret_cast<const uint64_t*>(data); }
  ALWAYS_INLINE void setAllEmpty() { *reinterpret_cast<uint64_t*>(data) = abi::kMapCtrlEmpty; }
  ALWAYS_INLINE uint8_t ctrlAt(unsigned i) const { return data[i]; }
  ALWAYS_INLINE void setCtrl(unsigned i, uint8_t c) { data[i] = c; }

  ALWAYS_INLINE SlotMask matchByte(uint8_t c) const {
    const __m128i word = _mm_cvtsi64_si128(int64_t(ctrl()));
    return SlotMask(_mm_movemask_epi8(_mm_cmpeq_epi8(word, _mm_set1_epi8(char(c))))) & 0xff;
  }
  ALWAYS_INLINE SlotMask matchH2(uint8_t h) const { return matchByte(h); }
  ALWAYS_INLINE SlotMask matchEmpty() const { return matchByte(kCtrlEmpty); }
  ALWAYS_INLINE SlotMask matchEmptyOrDeleted() const {
    return SlotMask(_mm_movemask_epi8(_mm_cvtsi64_si128(int64_t(ctrl())))) & 0xff;
  }
  ALWAYS_INLINE SlotMask matchFull() const { return ~matchEmptyOrDeleted() & 0xff; }

  // Addresses inside the slot, without following indirections.
  ALWAYS_INLINE uint8_t* keyAt(const MapType* t, unsigned i) const { return data + t->keysOff + i * t->keyStride; }
  ALWAYS_INLINE uint8_t* elemAt(const MapType* t, unsigned i) const { return data + t->elemsOff + i * t->elemStride; }
  // The key and the element, wherever they are.
  ALWAYS_INLINE void* key(const MapType* t, unsigned i) const {
    uint8_t* k = keyAt(t, i);
    return t->indirectKey() ? *reinterpret_cast<void**>(k) : k;
  }
  ALWAYS_INLINE void* elem(const MapType* t, unsigned i) const {
    uint8_t* e = elemAt(t, i);
    return t->indirectElem() ? *reinterpret_cast<void**>(e) : e;
  }
};

// Groups to visit for a hash: triangular steps, which reach every group of a power-of-two table.
struct ProbeSeq {
  uint64_t mask, offset, index = 0;
  ALWAYS_INLINE ProbeSeq(uint64_t hash, uint64_t lengthMask) : mask(lengthMask), offset(h1(hash) & lengthMask) {}
  ALWAYS_INLINE void next() {
    index++;
    offset = (offset + index) & mask;
  }
};

struct Table {
  uint16_t used;
  uint16_t capacity;    // slots, a power of two
  uint16_t growthLeft;  // empty slots that may still be filled
  uint8_t localDepth;   // bits of the hash that all keys of the table share
  int64_t index;        // first place in the directory; -1: replaced, only iterators still know it
  uint8_t* groups;
  uint64_t lengthMask;  // number of groups - 1

  ALWAYS_INLINE Group group(const MapType* t, uint64_t i) const { return {groups + i * t->groupSize}; }
};
static_assert(sizeof(Table) == 32 && offsetof(Table, index) == 8 && offsetof(Table, groups) == 16);

struct Map {
  uint64_t used;    // len(m); the compiler reads it
  uint64_t seed;
  void* dirPtr;     // dirLen > 0: Table*[dirLen]; 0: the only group, or nil
  int64_t dirLen;
  uint8_t globalDepth;
  uint8_t globalShift;  // 64 - globalDepth
  uint8_t writing;      // toggled around a write
  bool tombstonePossible;
  uint64_t clearSeq;

  ALWAYS_INLINE Table** directory() const { return static_cast<Table**>(dirPtr); }
  ALWAYS_INLINE uint64_t directoryIndex(uint64_t hash) const {
    return dirLen == 1 ? 0 : hash >> (globalShift & 63);
  }
  ALWAYS_INLINE Table* tableOf(uint64_t hash) const { return directory()[directoryIndex(hash)]; }
  ALWAYS_INLINE Group smallGroup() const { return {static_cast<uint8_t*>(dirPtr)}; }
};
static_assert(sizeof(Map) == abi::kMapHeaderBytes && offsetof(Map, dirPtr) == abi::kMapHeaderGroup && offsetof(Map, globalDepth) == 32 &&
              offsetof(Map, clearSeq) == 40);

// What a range statement keeps; zeroed before mapIterStart.
struct Iter {
  void* key;   // nil: the end
  void* elem;
  const MapType* typ;
  Map* m;
  uint64_t entryOffset;  // random start inside each table
  uint64_t dirOffset;    // random start in the directory
  uint64_t clearSeq;     // m->clearSeq at the start
  uint8_t globalDepth;   // m->globalDepth at the last step
  int64_t dirIdx;        // before adding dirOffset; -1: small map
  Table* tab;
  uint8_t* group;        // small map: its group at the start
  uint64_t entryIdx;     // before adding entryOffset
};
static_assert(sizeof(Iter) == 8 * abi::kMapIterWords && offsetof(Iter, entryOffset) == 32 && offsetof(Iter, entryIdx) == 88);

}  // namespace burrow::rt
