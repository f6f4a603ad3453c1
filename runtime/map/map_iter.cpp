// Range over a map.
//
// What the language asks for: every entry that is there from beginning to end is seen exactly once; one that is deleted
// before it was reached is not seen; one that is added may be seen or not, but not twice. The order is random.
//
// The order of a walk is: tables in directory order from a random table on, in each table slots in address order from a
// random slot on, round the end. Entries never move inside a table. What can happen in between two steps:
//
//   - The table grows or is split. The iterator keeps walking the old one (index -1), whose contents nobody changes any
//     more, and asks the map for the present state of each key: gone, or where its element is now. NaN keys cannot be
//     found again; they cannot be deleted or changed either, except by clear (clearSeq), so that the old copy is right.
//   - The directory doubles. Positions in it double too (dirIdx, dirOffset).
//   - A small map becomes a large one: like a grown table, with the old group in Iter::group.
//
// A step to the next table skips all directory entries of the table just done: they are 2^(globalDepth - localDepth) in a
// row. When the table was split meanwhile, both halves' entries are skipped with it, since the old copy had all its keys.
// The starting table may be entered in the middle of its row of entries; dirOffset is then moved to its first one.
#include "map/access.h"
#include "map/map.h"

namespace burrow::rt {

namespace {

void finish(Iter* it) {
  it->key = nullptr;
  it->elem = nullptr;
}

// Yields the entry in a group that is still part of the map, or, when `stale`, what has become of it. False: nothing.
ALWAYS_INLINE bool yield(Iter* it, Group g, unsigned slot, bool stale) {
  const MapType* t = it->typ;
  void* key = g.key(t, slot);
  if (LIKELY(!stale)) {
    it->key = key;
    it->elem = g.elem(t, slot);
    return true;
  }
  const Map* m = it->m;
  if (m->used != 0) {
    const Place now = findKey(t, m, GenericKey{key});
    if (now.group.data) {
      it->key = now.group.key(t, now.slot);
      it->elem = now.group.elem(t, now.slot);
      return true;
    }
  }
  if (it->clearSeq == m->clearSeq && !callEqual(t->key->equal, key, key)) {
    it->key = key;
    it->elem = g.elem(t, slot);
    return true;
  }
  return false;
}

void nextSmall(Iter* it) {
  Group g{it->group};
  const bool grown = it->m->dirLen > 0;
  while (it->entryIdx < kSlots) {
    const unsigned slot = unsigned(it->entryIdx++ + it->entryOffset) % kSlots;
    if (g.ctrlAt(slot) & kCtrlEmpty) continue;
    if (yield(it, g, slot, grown)) return;
  }
  finish(it);
}

}  // namespace

void mapIterNext(Iter* it) {
  Map* m = it->m;
  if (m == nullptr) return finish(it);
  if (UNLIKELY(m->writing != 0)) fatal("concurrent map iteration and map write");
  if (it->dirIdx < 0) return nextSmall(it);

  if (it->globalDepth != m->globalDepth) {
    const unsigned doublings = m->globalDepth - it->globalDepth;
    it->dirIdx <<= doublings;
    it->dirOffset <<= doublings;
    it->globalDepth = m->globalDepth;
  }
  while (it->dirIdx < m->dirLen) {
    if (it->tab == nullptr) {
      const int64_t at = int64_t((uint64_t(it->dirIdx) + it->dirOffset) & uint64_t(m->dirLen - 1));
      Table* tab = m->directory()[at];
      // In the middle of the table's row: only the walk's first table can be met so. Start at its beginning.
      it->dirOffset -= uint64_t(at - tab->index);
      it->tab = tab;
      it->entryIdx = 0;
    }
    const Table* tab = it->tab;
    const bool stale = tab->index == -1;
    const uint64_t mask = uint64_t(tab->capacity) - 1;
    while (it->entryIdx <= mask) {
      const uint64_t at = (it->entryIdx + it->entryOffset) & mask;
      const unsigned slot = unsigned(at % kSlots);
      Group g = tab->group(it->typ, at / kSlots);
      const SlotMask full = g.matchFull() >> slot;
      if (full == 0) {
        it->entryIdx += kSlots - slot;
        continue;
      }
      // The walk's last group is its first one again, up to where it began.
      it->entryIdx += firstSlot(full);
      if (it->entryIdx > mask) break;
      it->entryIdx++;
      if (yield(it, g, slot + firstSlot(full), stale)) return;
    }
    it->dirIdx += int64_t{1} << (m->globalDepth - tab->localDepth);
    it->tab = nullptr;
  }
  finish(it);
}

void mapIterStart(const MapType* t, Map* m, Iter* it) {
  it->typ = t;
  if (m == nullptr || m->used == 0) return finish(it);
  it->m = m;
  it->entryOffset = rand();
  it->dirOffset = rand();
  it->globalDepth = m->globalDepth;
  it->clearSeq = m->clearSeq;
  if (m->dirLen == 0) {
    it->dirIdx = -1;
    it->group = static_cast<uint8_t*>(m->dirPtr);
  }
  mapIterNext(it);
}

}  // namespace burrow::rt
