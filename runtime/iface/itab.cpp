// The itab table: open addressing with triangular probing, read without a lock, written under itabLock.
//
// Readers load the table pointer and entries with acquire order; a writer fills an itab completely before it stores the
// entry with release order. A full table is replaced by one of twice the size; readers of the old one that miss
// something find it under the lock. Old tables stay (their sizes add up to less than the current one's).
#include "iface/itab.h"

#include "iface/type_name.h"
#include "mem/mheap.h"
#include "mem/persistent_alloc.h"

// The compiler's itabs: an array of pointers, gathered by the linker.
extern "C" {
extern __attribute__((weak, visibility("hidden"))) const burrow::abi::ITab* const __start_itablink[];
extern __attribute__((weak, visibility("hidden"))) const burrow::abi::ITab* const __stop_itablink[];
}

namespace burrow::rt {

Mutex itabLock;

namespace {

using abi::InterfaceType;

struct ItabTable {
  uint64_t size;  // a power of two
  uint64_t count;
  const ITab** entries;
};

constexpr uint64_t kInitSize = 512;
const ITab* initEntries[kInitSize];
ItabTable initTable{kInitSize, 0, initEntries};
ItabTable* itabTable = &initTable;

uint64_t itabHash(const InterfaceType* inter, const Type* type) { return inter->hash ^ type->hash; }

const ITab* find(const ItabTable* t, const InterfaceType* inter, const Type* type) {
  const uint64_t mask = t->size - 1;
  for (uint64_t h = itabHash(inter, type) & mask, step = 1;; h = (h + step++) & mask) {
    const ITab* m = __atomic_load_n(&t->entries[h], __ATOMIC_ACQUIRE);
    if (m == nullptr || (m->inter == inter && m->type == type)) return m;
  }
}

void insert(ItabTable* t, const ITab* m) {
  const uint64_t mask = t->size - 1;
  for (uint64_t h = itabHash(m->inter, m->type) & mask, step = 1;; h = (h + step++) & mask) {
    const ITab* at = t->entries[h];
    if (at == nullptr) {
      __atomic_store_n(&t->entries[h], m, __ATOMIC_RELEASE);
      t->count++;
      return;
    }
    if (at->inter == m->inter && at->type == m->type) return;  // the first one made stays the only one
  }
}

// itabLock is held.
void add(const ITab* m) {
  ItabTable* t = itabTable;
  if (t->count >= t->size / 4 * 3) {
    const uint64_t size = t->size * 2;
    SysMemStat* stat = &mheap_.stats.otherSys;
    auto* bigger = static_cast<ItabTable*>(persistentAlloc(sizeof(ItabTable), 8, stat));
    bigger->size = size;
    bigger->entries = static_cast<const ITab**>(persistentAlloc(size * 8, 8, stat));
    for (uint64_t i = 0; i < t->size; i++) {
      if (t->entries[i]) insert(bigger, t->entries[i]);
    }
    __atomic_store_n(&itabTable, bigger, __ATOMIC_RELEASE);
    t = bigger;
  }
  insert(t, m);
}

bool sameString(GoString a, GoString b) {
  return a.len == b.len && (a.data == b.data || memcmp(a.data, b.data, size_t(a.len)) == 0);
}

// Finds the type's method for each of the interface's, in one walk: both are sorted the same way. `fun`, unless nil,
// receives the code. Returns the name of the first method that is missing, or an empty string.
GoString matchMethods(const InterfaceType* inter, const Type* type, void** fun) {
  const abi::UncommonType* u = type->uncommon();
  const unsigned have = u ? u->mcount : 0;
  const abi::Method* methods = u ? u->methods() : nullptr;
  unsigned j = 0;
  for (int64_t k = 0; k < inter->methodCount; k++) {
    const abi::Name iname = resolveNameOff(inter->methods[k].name);
    const Type* itype = resolveTypeOff(inter->methods[k].typ);
    bool found = false;
    for (; j < have && !found; j++) {
      const abi::Method& m = methods[j];
      const abi::Name name = resolveNameOff(m.name);
      if (!sameString(name.name(), iname.name()) || resolveTypeOff(m.mtyp) != itype) continue;
      if (!name.isExported()) {
        // An unexported name is the same only in the same package.
        GoString want = resolveNameOff(iname.pkgPath()).name();
        if (want.len == 0) want = inter->pkgPath.name();
        GoString got = resolveNameOff(name.pkgPath()).name();
        if (got.len == 0) got = resolveNameOff(u->pkgPath).name();
        if (!sameString(want, got)) continue;
      }
      if (fun) fun[k] = resolveTextOff(m.ifn);
      found = true;
    }
    if (!found) return iname.name();
  }
  return {nullptr, 0};
}

const ITab* makeItab(const InterfaceType* inter, const Type* type) {
  const uint64_t bytes = sizeof(ITab) + uint64_t(inter->methodCount - 1) * kPtrSize;
  auto* m = static_cast<ITab*>(persistentAlloc(bytes, 8, &mheap_.stats.otherSys));
  m->inter = inter;
  m->type = type;
  m->hash = type->hash;
  if (matchMethods(inter, type, m->fun).len != 0) m->fun[0] = nullptr;
  return m;
}

}  // namespace

GoString missingMethod(const InterfaceType* inter, const Type* type) { return matchMethods(inter, type, nullptr); }

// The itab of the pair, or one that says that there is none; nil for a type without methods.
static const ITab* lookUp(const InterfaceType* inter, const Type* type) {
  if (inter->methodCount == 0) throw_("internal error - misuse of itab");
  if (!(type->tflag & abi::kTFlagUncommon)) return nullptr;  // no methods at all
  const ITab* m = find(__atomic_load_n(&itabTable, __ATOMIC_ACQUIRE), inter, type);
  if (UNLIKELY(m == nullptr)) {
    // On g0: the goroutine's stack must not have to grow under the lock.
    systemstack([&] {
      lock(&itabLock);
      m = find(itabTable, inter, type);
      if (m == nullptr) {
        m = makeItab(inter, type);
        add(m);
      }
      unlock(&itabLock);
    });
  }
  return m;
}

const ITab* getitab(const InterfaceType* inter, const Type* type) {
  const ITab* m = lookUp(inter, type);
  return m != nullptr && m->fun[0] ? m : nullptr;
}

const ITab* typeAssertItab(const InterfaceType* inter, const Type* type, const Type*) {
  if (UNLIKELY(type == nullptr)) panicTypeAssertion(nullptr, nullptr, inter, {nullptr, 0});
  const ITab* m = getitab(inter, type);
  if (UNLIKELY(m == nullptr)) panicTypeAssertion(nullptr, type, inter, missingMethod(inter, type));
  return m;
}

const ITab* typeAssertItab2(const InterfaceType* inter, const Type* type) {
  return type == nullptr ? nullptr : getitab(inter, type);
}

void panicdottypeE(const Type* have, const Type* want, const Type* iface) {
  panicTypeAssertion(iface, have, want, {nullptr, 0});
}
void panicnildottype(const Type* want) { panicTypeAssertion(nullptr, nullptr, want, {nullptr, 0}); }

void itabsinit() {
  lockInit(&itabLock, LockRank::Itab);
  lock(&itabLock);
  for (const ITab* const* p = __start_itablink; p < __stop_itablink; p++) add(*p);
  unlock(&itabLock);
}

void iterateItabs(void (*f)(const ITab*, void*), void* arg) {
  lock(&itabLock);
  for (uint64_t i = 0; i < itabTable->size; i++) {
    if (itabTable->entries[i]) f(itabTable->entries[i], arg);
  }
  unlock(&itabLock);
}

}  // namespace burrow::rt
