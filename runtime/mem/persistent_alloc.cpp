// persistentAlloc: a bump allocator under one lock. It is called for spans, bitmaps and itabs, hundreds of times in a
// program's life, so that per-P chunks would buy nothing.
#include "mem/persistent_alloc.h"

namespace burrow::rt {

namespace {
constexpr uint64_t kChunkSize = 256 << 10;
constexpr uint64_t kMaxBlock = 64 << 10;  // larger ones do not come from chunks

Mutex persistentLock;
uint8_t* chunkAt;
uint64_t chunkLeft;
}  // namespace

void initPersistentAlloc() { lockInit(&persistentLock, LockRank::PersistentAlloc); }

void* persistentAlloc(uint64_t size, uint64_t align, SysMemStat* stat) {
  if (align == 0) align = 8;
  if (size == 0) throw_("persistentalloc: size == 0");
  if (size >= kMaxBlock) {
    void* p = sysAllocFor(alignUp(size, kPhysPageSize), stat);
    if (p == nullptr) throw_("runtime: cannot allocate memory");
    return p;
  }
  lock(&persistentLock);
  uint64_t skip = alignUp(uint64_t(chunkAt), align) - uint64_t(chunkAt);
  if (chunkAt == nullptr || skip + size > chunkLeft) {
    chunkAt = static_cast<uint8_t*>(sysAllocFor(kChunkSize, nullptr));
    if (chunkAt == nullptr) {
      unlock(&persistentLock);
      throw_("runtime: cannot allocate memory");
    }
    chunkLeft = kChunkSize;
    skip = 0;
  }
  void* p = chunkAt + skip;
  chunkAt += skip + size;
  chunkLeft -= skip + size;
  unlock(&persistentLock);
  if (stat) stat->xadd(size);
  return p;
}

}  // namespace burrow::rt
