// The parts of maps that move entries about; see table.h.
//
// Rejected: rehashing a table in place to get rid of tombstones, as other Swiss tables do. Entries would move under an
// iterator. pruneTombstones only turns tombstones that no probe needs back into empty slots, which moves nothing.
#include "map/table.h"

#include "gc/barrier.h"
#include "iface/closure.h"
#include "mem/malloc.h"

namespace burrow::rt {

namespace {

// Descriptors for the collector: Map and Table have one pointer, their third word; a directory entry is one.
uint8_t thirdWord[1] = {0b100}, firstWord[1] = {1};
const Type mapHeaderType = {sizeof(Map), 24, 0, 0, 8, 8, abi::kStruct, nullptr, thirdWord, 0, 0};
const Type tableType = {sizeof(Table), 24, 0, 0, 8, 8, abi::kStruct, nullptr, thirdWord, 0, 0};
const Type tablePointerType = {8, 8, 0, abi::kTFlagDirectIface, 8, 8, abi::kPointer, nullptr, firstWord, 0, 0};

uint64_t roundUpPow2(uint64_t n) { return n <= 1 ? 1 : uint64_t{1} << (64 - __builtin_clzll(n - 1)); }

// Copies a slot as a whole (key, element or the pointers to them) into a place that is fresh. When `from` is in the heap, no write
// barrier is needed: it is shaded as a whole when the new table takes its place. A group in a frame is not; once the map has a
// table nobody looks at it any more, and the table, if it is made while the collector marks, is not looked at either.
void copySlot(const MapType* t, uint8_t* to, Group from, unsigned slot, bool fromFrame) {
  const uint8_t* at = from.keyAt(t, slot);
  if (fromFrame && writeBarrierEnabled()) {
    M* m = acquirem();
    bulkBarrierPreWrite(to, at, t->keyStride, t->group, uint64_t(at - from.data));
    memmove(to, at, t->keyStride);
    releasem(m);
  } else {
    memmove(to, at, t->keyStride);
  }
}

// Stores an entry that is not in the table yet. Indirect keys and elements are taken over, not copied.
void putUnchecked(const MapType* t, Table* tab, uint64_t hash, Group from, unsigned slot, bool fromFrame = false) {
  for (ProbeSeq seq(hash, tab->lengthMask);; seq.next()) {
    Group g = tab->group(t, seq.offset);
    const SlotMask room = g.matchEmptyOrDeleted();
    if (room == 0) continue;
    const unsigned i = firstSlot(room);
    copySlot(t, g.keyAt(t, i), from, slot, fromFrame);
    g.setCtrl(i, h2(hash));
    tab->growthLeft--;
    tab->used++;
    return;
  }
}

// Calls f(group, slot, hash) for all entries of the groups.
template <class F>
void forEachEntry(const MapType* t, const Map* m, uint8_t* groups, uint64_t count, F f) {
  for (uint64_t i = 0; i < count; i++) {
    Group g{groups + i * t->groupSize};
    for (SlotMask full = g.matchFull(); full; full = withoutFirst(full)) {
      const unsigned slot = firstSlot(full);
      f(g, slot, callHasher(t->hasher, g.key(t, slot), m->seed));
    }
  }
}

// Puts the table into all directory entries that are its own.
void installTable(Map* m, Table* tab) {
  const int64_t entries = int64_t{1} << (m->globalDepth - tab->localDepth);
  for (int64_t i = 0; i < entries; i++) storePointer(&m->directory()[tab->index + i], tab);
}

void growTable(const MapType* t, Map* m, Table* tab, uint64_t capacity) {
  Table* bigger = newTable(t, capacity, tab->index, tab->localDepth);
  forEachEntry(t, m, tab->groups, tab->lengthMask + 1,
               [&](Group g, unsigned slot, uint64_t hash) { putUnchecked(t, bigger, hash, g, slot); });
  installTable(m, bigger);
  tab->index = -1;
}

void doubleDirectory(Map* m) {
  Table** dir = newDirectory(uint64_t(m->dirLen) * 2);
  for (int64_t i = 0; i < m->dirLen; i++) {
    Table* tab = m->directory()[i];
    storePointer(&dir[2 * i], tab);
    storePointer(&dir[2 * i + 1], tab);
    // A table's index is its first entry; the later ones must not move it again.
    if (tab->index == i) tab->index = 2 * i;
  }
  m->globalDepth++;
  m->globalShift--;
  storePointer(&m->dirPtr, static_cast<void*>(dir));
  m->dirLen *= 2;
}

void splitTable(const MapType* t, Map* m, Table* tab) {
  const uint8_t depth = uint8_t(tab->localDepth + 1);
  Table* left = newTable(t, kMaxTableCapacity, -1, depth);
  Table* right = newTable(t, kMaxTableCapacity, -1, depth);
  const uint64_t bit = uint64_t{1} << (64 - depth);
  forEachEntry(t, m, tab->groups, tab->lengthMask + 1, [&](Group g, unsigned slot, uint64_t hash) {
    putUnchecked(t, hash & bit ? right : left, hash, g, slot);
  });
  if (tab->localDepth == m->globalDepth) doubleDirectory(m);
  left->index = tab->index;
  installTable(m, left);
  right->index = left->index + (int64_t{1} << (m->globalDepth - depth));
  installTable(m, right);
  tab->index = -1;
}

}  // namespace

Map* newMapHeader() { return static_cast<Map*>(newobject(&mapHeaderType)); }

Table** newDirectory(uint64_t n) { return static_cast<Table**>(newarray(&tablePointerType, int64_t(n))); }

uint8_t* newGroups(const MapType* t, uint64_t n) {
  auto* groups = static_cast<uint8_t*>(newarray(t->group, int64_t(n)));
  for (uint64_t i = 0; i < n; i++) Group{groups + i * t->groupSize}.setAllEmpty();
  return groups;
}

Table* newTable(const MapType* t, uint64_t capacity, int64_t index, uint8_t localDepth) {
  capacity = roundUpPow2(maxOf<uint64_t>(capacity, kSlots));
  auto* tab = static_cast<Table*>(newobject(&tableType));
  tab->index = index;
  tab->localDepth = localDepth;
  storePointer(&tab->groups, newGroups(t, capacity / kSlots));
  tab->lengthMask = capacity / kSlots - 1;
  tab->capacity = uint16_t(capacity);
  tab->growthLeft = maxGrowthLeft(tab->capacity);
  return tab;
}

void growToSmall(const MapType* t, Map* m) { storePointer(&m->dirPtr, static_cast<void*>(newGroups(t, 1))); }

Table* growToTable(const MapType* t, Map* m) {
  Table* tab = newTable(t, 2 * kSlots, 0, 0);
  const bool inFrame = spanOfHeap(uint64_t(m->smallGroup().data)) == nullptr;
  forEachEntry(t, m, m->smallGroup().data, 1,
               [&](Group g, unsigned slot, uint64_t hash) { putUnchecked(t, tab, hash, g, slot, inFrame); });
  Table** dir = newDirectory(1);
  storePointer(&dir[0], tab);
  storePointer(&m->dirPtr, static_cast<void*>(dir));
  m->dirLen = 1;
  m->globalDepth = 0;
  m->globalShift = 64;
  return tab;
}

void rehash(const MapType* t, Map* m, Table* tab) {
  const uint64_t capacity = uint64_t(tab->capacity) * 2;
  if (capacity <= kMaxTableCapacity) {
    growTable(t, m, tab, capacity);
  } else {
    splitTable(t, m, tab);
  }
}

void pruneTombstones(const MapType* t, Map* m, Table* tab) {
  const unsigned tombstones = maxGrowthLeft(tab->capacity) - tab->used - tab->growthLeft;
  if (tombstones * 10 < tab->capacity) return;  // not worth it: a tenth of the slots at least
  // A group needs its tombstones when the probe for some key passes over it on the way to its own group. An empty slot in
  // the group would end that probe.
  uint64_t needed[kMaxTableCapacity / kSlots / 64] = {};
  auto need = [&](uint64_t g) { needed[g / 64] |= uint64_t{1} << (g % 64); };
  auto isNeeded = [&](uint64_t g) { return needed[g / 64] >> (g % 64) & 1; };
  for (uint64_t i = 0; i <= tab->lengthMask; i++) {
    Group g = tab->group(t, i);
    for (SlotMask full = g.matchFull(); full; full = withoutFirst(full)) {
      const void* key = g.key(t, firstSlot(full));
      if (!callEqual(t->key->equal, key, key)) continue;  // NaN is never looked for
      const uint64_t hash = callHasher(t->hasher, key, m->seed);
      for (ProbeSeq seq(hash, tab->lengthMask); seq.offset != i; seq.next()) {
        if (tab->group(t, seq.offset).matchEmptyOrDeleted()) need(seq.offset);
      }
    }
    if (g.matchEmpty()) need(i);  // has no tombstones: deletion leaves an empty slot where there is one already
  }
  unsigned gain = 0;
  for (uint64_t i = 0; i <= tab->lengthMask; i++) {
    if (!isNeeded(i)) gain += unsigned(__builtin_popcount(tab->group(t, i).matchEmptyOrDeleted()));
  }
  if (gain * 10 < tab->capacity) return;
  for (uint64_t i = 0; i <= tab->lengthMask; i++) {
    if (isNeeded(i)) continue;
    Group g = tab->group(t, i);
    for (SlotMask dead = g.matchEmptyOrDeleted(); dead; dead = withoutFirst(dead)) {
      g.setCtrl(firstSlot(dead), kCtrlEmpty);
      tab->growthLeft++;
    }
  }
}

void clearTable(const MapType* t, Table* tab) {
  const uint16_t growthLeft = maxGrowthLeft(tab->capacity);
  if (tab->used == 0 && tab->growthLeft == growthLeft) return;
  for (uint64_t i = 0; i <= tab->lengthMask; i++) {
    Group g = tab->group(t, i);
    if (g.matchFull()) typedmemclr(t->group, g.data);
    g.setAllEmpty();
  }
  tab->used = 0;
  tab->growthLeft = growthLeft;
}

uint8_t* cloneGroups(const MapType* t, const uint8_t* groups, uint64_t n) {
  auto* copy = static_cast<uint8_t*>(newarray(t->group, int64_t(n)));
  typedArrayMove(t->group, copy, groups, n);
  if (!t->indirectKey() && !t->indirectElem()) return copy;
  // Keys never change and can be shared; elements have an address that writes go to.
  for (uint64_t i = 0; i < n; i++) {
    Group g{copy + i * t->groupSize};
    for (SlotMask full = g.matchFull(); full && t->indirectElem(); full = withoutFirst(full)) {
      auto** slot = reinterpret_cast<void**>(g.elemAt(t, firstSlot(full)));
      void* fresh = newobject(t->elem);
      typedmemmove(t->elem, fresh, *slot);
      storePointer(slot, fresh);
    }
    if (t->indirectKey() && t->needKeyUpdate()) {
      for (SlotMask full = g.matchFull(); full; full = withoutFirst(full)) {
        auto** slot = reinterpret_cast<void**>(g.keyAt(t, firstSlot(full)));
        void* fresh = newobject(t->key);
        typedmemmove(t->key, fresh, *slot);
        storePointer(slot, fresh);
      }
    }
  }
  return copy;
}

Table* cloneTable(const MapType* t, const Table* tab) {
  auto* copy = static_cast<Table*>(newobject(&tableType));
  memcpy(copy, tab, sizeof *tab);
  storePointer(&copy->groups, cloneGroups(t, tab->groups, tab->lengthMask + 1));
  return copy;
}

}  // namespace burrow::rt
