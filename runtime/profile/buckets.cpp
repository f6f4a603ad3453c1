// The table of buckets. profile/buckets.h says what it is for.
#include "profile/buckets.h"

#include "mem/mheap.h"
#include "os/os.h"

namespace burrow::rt {

Mutex profLock = {{}, LockRank::Profile};
Bucket* buckets[int(BucketKind::Count)];

namespace {

constexpr uint64_t kTableSize = 1 << 17;
Bucket** table;

uint64_t hashStack(uint64_t size, const uintptr_t* pcs, int n) {
  uint64_t h = size * 0x9e3779b97f4a7c15;
  for (int i = 0; i < n; i++) {
    h ^= pcs[i];
    h *= 0xff51afd7ed558ccd;
    h ^= h >> 32;
  }
  return h;
}

}  // namespace

Bucket* stackBucket(BucketKind kind, uint64_t size, const uintptr_t* pcs, int n) {
  if (table == nullptr) {
    table = static_cast<Bucket**>(sysAllocFor(kTableSize * sizeof(Bucket*), &mheap_.stats.buckHashSys));
    if (table == nullptr) throw_("runtime: cannot allocate memory");
  }
  const uint64_t hash = hashStack(size, pcs, n) + uint64_t(kind);
  Bucket** head = &table[hash % kTableSize];
  for (Bucket* b = *head; b != nullptr; b = b->next) {
    if (b->hash == hash && b->kind == kind && b->size == size && b->nstk == uint32_t(n) &&
        memcmp(b->stack(), pcs, size_t(n) * sizeof *pcs) == 0) {
      return b;
    }
  }
  auto* b = static_cast<Bucket*>(
      persistentAlloc(sizeof(Bucket) + size_t(n) * sizeof *pcs, alignof(Bucket), &mheap_.stats.buckHashSys));
  b->kind = kind;
  b->nstk = uint32_t(n);
  b->hash = hash;
  b->size = size;
  memcpy(b->stack(), pcs, size_t(n) * sizeof *pcs);
  b->next = *head;
  *head = b;
  b->allNext = buckets[int(kind)];
  buckets[int(kind)] = b;
  return b;
}

}  // namespace burrow::rt
