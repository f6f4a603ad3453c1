// Tables and directories: making, growing, splitting, clearing, copying. See docs/maps.md.
//
// A map's keys are spread over tables by the top globalDepth bits of their hash. The directory has 2^globalDepth entries; a
// table that was split less often than that (localDepth < globalDepth) stands in several neighbouring ones:
//
//     directory (globalDepth 2)     tables
//       00 --------------------->   A  localDepth 2
//       01 --------------------->   B  localDepth 2
//       10 ----+---------------->   C  localDepth 1
//       11 ----+
//
// A table grows by doubling up to kMaxTableCapacity slots and is then split in two, so that no insertion ever moves more
// than that many entries. A replaced table keeps its contents and gets index -1: iterators that are in the middle of it
// go on in it and look up each key in the map as it is now.
#pragma once

#include "map/group.h"

namespace burrow::rt {

uint8_t* newGroups(const MapType* t, uint64_t n);
Table* newTable(const MapType* t, uint64_t capacity, int64_t index, uint8_t localDepth);
Table** newDirectory(uint64_t n);
Map* newMapHeader();

// The first write to an empty map: its group.
void growToSmall(const MapType* t, Map* m);
// A small map that is full becomes one with a table of twice the slots.
Table* growToTable(const MapType* t, Map* m);
// Makes room in a table without growthLeft: drops tombstones when that gains enough...
void pruneTombstones(const MapType* t, Map* m, Table* tab);
// ... or replaces the table by a larger one or by two. Afterwards the caller looks up the table again.
void rehash(const MapType* t, Map* m, Table* tab);
void clearTable(const MapType* t, Table* tab);
Table* cloneTable(const MapType* t, const Table* tab);
uint8_t* cloneGroups(const MapType* t, const uint8_t* groups, uint64_t n);

inline uint16_t maxGrowthLeft(uint16_t capacity) {
  // A table of one group leaves one slot empty for probing to stop at.
  return capacity <= kSlots ? uint16_t(capacity - 1) : uint16_t(unsigned(capacity) * kMaxAvgGroupLoad / kSlots);
}

}  // namespace burrow::rt
