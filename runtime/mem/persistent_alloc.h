// Memory for the runtime's own records: never freed (persistentAlloc) or recycled by kind (FixAlloc).
#pragma once

#include "mem/sys_mem.h"

namespace burrow::rt {

// Zeroed memory that is never given back; align is a power of two up to the page size (0: 8). Blocks are cut from chunks
// of 256 KB, larger requests go to the system. `stat` is charged. Throws when the system refuses.
// Takes a lock of its own that is below every other lock: callers may hold anything.
void initPersistentAlloc();
void* persistentAlloc(uint64_t size, uint64_t align, SysMemStat* stat);

// Recycles fixed-size records of one type. Not locked: the owner's lock guards it. Records come back unchanged from
// where they were freed (first word overwritten) when zero is false, and zeroed otherwise.
template <class T, bool zero = true>
class FixAlloc {
 public:
  T* alloc(SysMemStat* stat) {
    inUse_ += sizeof(T);
    if (free_ != nullptr) {
      Link* l = free_;
      free_ = l->next;
      if (zero) memset(static_cast<void*>(l), 0, sizeof(T));
      return reinterpret_cast<T*>(l);
    }
    if (left_ < sizeof(T)) {
      chunk_ = static_cast<uint8_t*>(persistentAlloc(kChunk, alignof(T), stat));
      left_ = kChunk;
    }
    T* t = reinterpret_cast<T*>(chunk_);
    chunk_ += sizeof(T);
    left_ -= sizeof(T);
    return t;
  }
  void free(T* t) {
    inUse_ -= sizeof(T);
    Link* l = reinterpret_cast<Link*>(t);
    l->next = free_;
    free_ = l;
  }
  uint64_t inUse() const { return inUse_; }

 private:
  struct Link {
    Link* next;
  };
  static constexpr uint64_t kChunk = sizeof(T) > 4096 ? 4 * sizeof(T) : 16 << 10;
  Link* free_ = nullptr;
  uint8_t* chunk_ = nullptr;
  uint64_t left_ = 0;
  uint64_t inUse_ = 0;
};

}  // namespace burrow::rt
