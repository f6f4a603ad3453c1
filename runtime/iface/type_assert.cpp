// Assertions to interfaces from compiled code: what the place has not seen yet.
//
// Every place starts with the one table that is empty; the first types go into tables of its own, which are doubled until no two types
// want the same entry, up to kMostEntries. Entries are filled once and never change, so readers need no lock; tables that
// were outgrown stay, for a reader may still look into one (together they are smaller than the last). A type that finds no room
// is looked up in the table of all itabs each time (itab.cpp).
//
// One itab for each place, the last one seen, was not enough: errors.Is asks each error of a tree for three interfaces,
// fmt each operand, and where types alternate most looks missed (errors.Is took twice gc's time). gc has tables of this kind, too;
// they are searched entry by entry, are replaced whole, and left to the collector.
#include "abi/assert_table.h"
#include "iface/itab.h"
#include "mem/mheap.h"
#include "mem/persistent_alloc.h"

namespace burrow::rt {

using abi::AssertEntry;
using abi::AssertTable;
using abi::InterfaceType;

struct FirstTable {
  AssertTable table;
  AssertEntry more[abi::kFirstAssertEntries - 1];
};

extern const FirstTable firstAssertTable __asm__("runtime.assertTable");
const FirstTable firstAssertTable = {{(abi::kFirstAssertEntries - 1) * sizeof(AssertEntry), 0, {}}, {}};

namespace {

constexpr uint64_t kMostEntries = 64;  // 1 KB
Mutex assertLock;

uint64_t entryCount(const AssertTable* t) { return t->mask / sizeof(AssertEntry) + 1; }

uint64_t entryOf(uint64_t mask, const Type* type) {
  return ((reinterpret_cast<uint64_t>(type) * abi::kAssertFactor >> abi::kAssertShift) & mask) / sizeof(AssertEntry);
}

// Is there an entry that the type can have?
bool hasRoom(const AssertTable* t, const Type* type) {
  const uint64_t i = entryOf(t->mask, type);
  return i != 0 && __atomic_load_n(&t->entries[i].type, __ATOMIC_RELAXED) == nullptr && t != &firstAssertTable.table;
}

// The type comes last: whoever finds it finds its itab, too.
void fill(AssertTable* t, const Type* type, const ITab* itab) {
  AssertEntry& e = t->entries[entryOf(t->mask, type)];
  e.itab = itab;
  __atomic_store_n(&e.type, type, __ATOMIC_RELEASE);
}

// A table with what t has and room for the type; nil when it would be too large. assertLock is held.
AssertTable* grown(const AssertTable* t, const Type* type) {
  uint64_t n = entryCount(t), mask;
  bool taken;
  do {
    n *= 2;
    mask = (n - 1) * sizeof(AssertEntry);
    if (n > kMostEntries) return nullptr;
    // Those that t has stay apart from each other in a larger one: only the new one has to be compared.
    taken = entryOf(mask, type) == 0;
    for (uint64_t i = 1; i < entryCount(t); i++) {
      const Type* other = t->entries[i].type;
      taken |= other != nullptr && entryOf(mask, other) == entryOf(mask, type);
    }
  } while (taken);
  const uint64_t bytes = offsetof(AssertTable, entries) + n * sizeof(AssertEntry);
  auto* to = static_cast<AssertTable*>(persistentAlloc(bytes, sizeof(AssertEntry), &mheap_.stats.otherSys));
  to->mask = mask;
  for (uint64_t i = 1; i < entryCount(t); i++) {
    if (t->entries[i].type != nullptr) fill(to, t->entries[i].type, t->entries[i].itab);
  }
  return to;
}

void remember(AssertPlace* place, const Type* type, const ITab* itab) {
  const AssertTable* seen = __atomic_load_n(place, __ATOMIC_ACQUIRE);
  if (entryCount(seen) == kMostEntries && !hasRoom(seen, type)) return;
  // On g0: the goroutine's stack must not have to grow under the lock.
  systemstack([&] {
    lock(&assertLock);
    AssertTable* t = const_cast<AssertTable*>(__atomic_load_n(place, __ATOMIC_RELAXED));
    const bool known = t->entries[entryOf(t->mask, type)].type == type;  // somebody was faster
    if (!known && hasRoom(t, type)) {
      fill(t, type, itab);
    } else if (AssertTable* larger = known ? nullptr : grown(t, type)) {
      fill(larger, type, itab);
      __atomic_store_n(place, larger, __ATOMIC_RELEASE);
    }
    unlock(&assertLock);
  });
}

}  // namespace

void assertTablesInit() { lockInit(&assertLock, LockRank::AssertTable); }

const ITab* typeAssert2(const InterfaceType* inter, const Type* type, AssertPlace* place) {
  if (type == nullptr) return nullptr;
  const ITab* m = getitab(inter, type);
  remember(place, type, m);
  return m;
}

const ITab* typeAssert(const InterfaceType* inter, const Type* type, const Type* source, AssertPlace* place) {
  const ITab* m = typeAssert2(inter, type, place);
  return LIKELY(m != nullptr) ? m : typeAssertItab(inter, type, source);
}

}  // namespace burrow::rt
