// Assertions to interfaces from compiled code: what the place has not seen yet.
//
// Every place starts with the one table that is empty; the first types go into tables of its own, which are doubled when two types
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

// Two entries that stay empty.
struct FirstTable {
  AssertTable table;
  AssertEntry second;
};

extern const FirstTable firstAssertTable __asm__("runtime.assertTable");
const FirstTable firstAssertTable = {{sizeof(AssertEntry), 0, {}}, {}};

namespace {

constexpr uint64_t kMostEntries = 64;  // 1 KB

uint64_t entryCount(const AssertTable* t) { return t->mask / sizeof(AssertEntry) + 1; }

NO_INLINE AssertEntry* entryOf(const AssertTable* t, const Type* type) {
  const uint64_t offset = reinterpret_cast<uint64_t>(type) * abi::kAssertFactor >> abi::kAssertShift & t->mask;
  return const_cast<AssertEntry*>(&t->entries[offset / sizeof(AssertEntry)]);
}

// Nobody has the entry, and it may be used: it is not nil's, nor in the table that all places begin with.
bool isFree(const AssertTable* t, const AssertEntry* e) {
  return e != t->entries && t != &firstAssertTable.table && __atomic_load_n(&e->type, __ATOMIC_RELAXED) == nullptr;
}

// The type comes last: whoever finds it finds its itab, too.
void fill(AssertEntry* e, const Type* type, const ITab* itab) {
  e->itab = itab;
  __atomic_store_n(&e->type, type, __ATOMIC_RELEASE);
}

// Twice the entries, what t has among them: those are as far apart as before.
AssertTable* doubled(const AssertTable* t) {
  const uint64_t bytes = offsetof(AssertTable, entries) + 2 * entryCount(t) * sizeof(AssertEntry);
  auto* to = static_cast<AssertTable*>(persistentAlloc(bytes, sizeof(AssertEntry), &mheap_.stats.otherSys));
  to->mask = 2 * t->mask + sizeof(AssertEntry);
  for (uint64_t i = 1; i < entryCount(t); i++) {
    const AssertEntry& e = t->entries[i];
    if (e.type != nullptr) fill(entryOf(to, e.type), e.type, e.itab);
  }
  return to;
}

void remember(AssertPlace* place, const Type* type, const ITab* itab) {
  const AssertTable* seen = __atomic_load_n(place, __ATOMIC_ACQUIRE);
  if (entryCount(seen) == kMostEntries && !isFree(seen, entryOf(seen, type))) return;
  // On g0: the goroutine's stack must not have to grow under the lock.
  systemstack([&] {
    lock(&itabLock);
    auto* t = const_cast<AssertTable*>(__atomic_load_n(place, __ATOMIC_RELAXED));
    AssertEntry* e = entryOf(t, type);
    if (e->type != type) {  // nobody was faster
      if (!isFree(t, e) && entryCount(t) < kMostEntries) {
        t = doubled(t);
        __atomic_store_n(place, t, __ATOMIC_RELEASE);
        e = entryOf(t, type);
      }
      // It may be another's still: the table is doubled once more next time.
      if (isFree(t, e)) fill(e, type, itab);
    }
    unlock(&itabLock);
  });
}

}  // namespace

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
