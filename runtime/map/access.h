// Finding, inserting and deleting, over a way to look at keys (map/key.h).
//
// Concurrent use: a write toggles Map::writing before it changes anything and after, a read looks at it once. That finds
// most programs that share a map without a lock, at the price of one load; it is not a promise.
#pragma once

#include "map/key.h"
#include "map/table.h"

namespace burrow::rt {

template <class Key>
ALWAYS_INLINE void* elemOf(const MapType* t, Group g, unsigned i) {
  return Key::kDirect ? g.elemAt(t, i) : g.elem(t, i);
}

// Where the key is; group.data nil when it is not there.
struct Place {
  Group group;
  unsigned slot;
};

template <class Key>
ALWAYS_INLINE Place findInGroup(const MapType* t, Group g, SlotMask candidates, const Key& key) {
  for (; candidates; candidates = withoutFirst(candidates)) {
    const unsigned i = firstSlot(candidates);
    if (LIKELY(key.equals(t, g, i))) return {g, i};
  }
  return {{nullptr}, 0};
}

template <class Key>
ALWAYS_INLINE Place findInTable(const MapType* t, const Table* tab, uint64_t hash, const Key& key) {
  for (ProbeSeq seq(hash, tab->lengthMask);; seq.next()) {
    Group g = tab->group(t, seq.offset);
    const Place p = findInGroup(t, g, g.matchH2(h2(hash)), key);
    if (p.group.data) return p;
    if (LIKELY(g.matchEmpty() != 0)) return {{nullptr}, 0};
  }
}

// m is not nil and not empty.
template <class Key>
ALWAYS_INLINE Place findKey(const MapType* t, const Map* m, const Key& key) {
  if (UNLIKELY(m->writing != 0)) fatal("concurrent map read and map write");
  if (m->dirLen == 0) {
    Group g = m->smallGroup();
    if (Key::kScanSmall) return findInGroup(t, g, g.matchFull(), key);
    return findInGroup(t, g, g.matchH2(h2(key.hash(t, m->seed))), key);
  }
  const uint64_t hash = key.hash(t, m->seed);
  return findInTable(t, m->tableOf(hash), hash, key);
}

// The element of the key, or nil.
template <class Key>
ALWAYS_INLINE void* findElem(const MapType* t, const Map* m, const Key& key) {
  const Place p = findKey(t, m, key);
  return p.group.data ? elemOf<Key>(t, p.group, p.slot) : nullptr;
}

// Stores a new key in a free slot and returns the place for its element.
template <class Key>
ALWAYS_INLINE void* fillSlot(const MapType* t, Map* m, Group g, unsigned i, uint64_t hash, const Key& key) {
  key.store(t, g, i);
  void* elem = g.elemAt(t, i);
  if (!Key::kDirect && t->indirectElem()) {
    void* e = newobject(t->elem);
    storePointer(static_cast<void**>(elem), e);
    elem = e;
  }
  g.setCtrl(i, h2(hash));
  m->used++;
  return elem;
}

// The element's place in the table, inserting the key if need be; nil when the table had to be replaced.
template <class Key>
ALWAYS_INLINE void* putInTable(const MapType* t, Map* m, Table* tab, uint64_t hash, const Key& key) {
  Place grave{{nullptr}, 0};  // the first tombstone on the way: the new key goes there
  for (ProbeSeq seq(hash, tab->lengthMask);; seq.next()) {
    Group g = tab->group(t, seq.offset);
    const Place p = findInGroup(t, g, g.matchH2(h2(hash)), key);
    if (p.group.data) {
      key.update(t, g, p.slot);
      return elemOf<Key>(t, g, p.slot);
    }
    const SlotMask empty = g.matchEmpty();
    if (grave.group.data == nullptr) {
      const SlotMask dead = g.matchEmptyOrDeleted() & ~empty;
      if (dead) grave = {g, firstSlot(dead)};
    }
    if (empty == 0) continue;
    unsigned i = firstSlot(empty);
    if (grave.group.data) {
      g = grave.group;
      i = grave.slot;
      tab->growthLeft++;  // the slot was taken off when it was filled first
    } else if (tab->growthLeft == 0) {
      pruneTombstones(t, m, tab);
      if (tab->growthLeft == 0) {
        rehash(t, m, tab);
        return nullptr;
      }
    }
    tab->growthLeft--;
    tab->used++;
    return fillSlot(t, m, g, i, hash, key);
  }
}

// The place for m[key].
template <class Key>
ALWAYS_INLINE void* assignKey(const MapType* t, Map* m, const Key& key) {
  if (UNLIKELY(m == nullptr)) panicPlainError("assignment to entry in nil map");
  if (UNLIKELY(m->writing != 0)) fatal("concurrent map writes");
  const uint64_t hash = key.hash(t, m->seed);  // may panic; nothing is changed yet
  m->writing ^= 1;
  void* elem = nullptr;
  if (m->dirLen == 0) {
    if (m->dirPtr == nullptr) growToSmall(t, m);
    Group g = m->smallGroup();
    const Place p = findInGroup(t, g, g.matchH2(h2(hash)), key);
    if (p.group.data) {
      key.update(t, g, p.slot);
      elem = elemOf<Key>(t, g, p.slot);
    } else if (const SlotMask room = g.matchEmptyOrDeleted()) {
      elem = fillSlot(t, m, g, firstSlot(room), hash, key);
    } else {
      growToTable(t, m);
    }
  }
  while (elem == nullptr) elem = putInTable(t, m, m->tableOf(hash), hash, key);
  if (UNLIKELY(m->writing == 0)) fatal("concurrent map writes");
  m->writing ^= 1;
  return elem;
}

// delete(m, key); m is not nil and not empty.
template <class Key>
ALWAYS_INLINE void deleteKey(const MapType* t, Map* m, const Key& key) {
  if (UNLIKELY(m->writing != 0)) fatal("concurrent map writes");
  const uint64_t hash = key.hash(t, m->seed);
  m->writing ^= 1;
  Table* tab = m->dirLen ? m->tableOf(hash) : nullptr;
  Group small{tab ? nullptr : m->smallGroup().data};
  const Place p = tab ? findInTable(t, tab, hash, key) : findInGroup(t, small, small.matchH2(h2(hash)), key);
  if (p.group.data) {
    Group g = p.group;
    key.clear(t, g, p.slot);
    void* elem = g.elemAt(t, p.slot);
    if (!Key::kDirect && t->indirectElem()) {
      storePointer(static_cast<void**>(elem), static_cast<void*>(nullptr));
    } else {
      // Also without pointers: a later insertion hands the element out as zero.
      typedmemclr(t->elem, elem);
    }
    m->used--;
    if (tab == nullptr) {
      g.setCtrl(p.slot, kCtrlEmpty);
    } else {
      tab->used--;
      if (g.matchEmpty()) {
        g.setCtrl(p.slot, kCtrlEmpty);  // no probe goes on beyond this group anyway
        tab->growthLeft++;
      } else {
        g.setCtrl(p.slot, kCtrlDeleted);
        m->tombstonePossible = true;
      }
    }
    // A fresh seed whenever the map is empty: whoever fills and drains it cannot collect knowledge about the hash.
    if (m->used == 0) m->seed = rand();
  }
  if (UNLIKELY(m->writing == 0)) fatal("concurrent map writes");
  m->writing ^= 1;
}

}  // namespace burrow::rt
