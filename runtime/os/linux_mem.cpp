// Memory from Linux. Reserved memory is mapped PROT_NONE and without swap reservation; mapping it later overlays the same
// range, so that the address space never has a hole that somebody else could take.
#include "os/os.h"
#include "os/syscall_linux_amd64.h"
#include "sched/sched.h"

namespace burrow::rt {

namespace {
enum { kProtNone = 0, kProtRead = 1, kProtWrite = 2 };
enum { kMapPrivate = 2, kMapFixed = 0x10, kMapAnon = 0x20, kMapNoReserve = 0x4000 };
enum { kMadvDontneed = 4, kMadvHugepage = 14, kMadvNohugepage = 15, kMadvPopulateWrite = 23 };

void* mmap(void* at, size_t n, int prot, int flags) {
  int64_t r = syscall6(kSysMmap, word(at), n, prot, flags, uint64_t(-1), 0);
  return r < 0 && r > -4096 ? nullptr : reinterpret_cast<void*>(r);
}
}  // namespace

size_t physPageSize = kPhysPageSize;
size_t physHugePageSize = 2 << 20;

void* sysAlloc(size_t n) { return mmap(nullptr, n, kProtRead | kProtWrite, kMapPrivate | kMapAnon); }

void* sysReserve(void* hint, size_t n) { return mmap(hint, n, kProtNone, kMapPrivate | kMapAnon | kMapNoReserve); }

void* sysReserveAligned(void* hint, size_t n, size_t align) {
  void* p = sysReserve(hint, n);
  if (p == nullptr || (word(p) & (align - 1)) == 0) return p;
  // Too lucky to hope for twice: take more, give back the ends.
  sysFree(p, n);
  uint8_t* q = static_cast<uint8_t*>(sysReserve(nullptr, n + align));
  if (q == nullptr) return nullptr;
  uint8_t* start = reinterpret_cast<uint8_t*>(alignUp(word(q), align));
  if (start > q) sysFree(q, size_t(start - q));
  if (start + n < q + n + align) sysFree(start + n, size_t(q + n + align - (start + n)));
  return start;
}

void sysMap(void* p, size_t n) {
  int64_t r = syscall6(kSysMmap, word(p), n, kProtRead | kProtWrite, kMapPrivate | kMapAnon | kMapFixed, uint64_t(-1), 0);
  if (r == -kENOMEM) throw_("runtime: out of memory");
  if (uint64_t(r) != word(p)) throw_("runtime: cannot map pages in arena address space");
}

void sysFree(void* p, size_t n) { syscall(kSysMunmap, word(p), n); }
// Whoever gets the range again takes it for zero. The kernel may refuse the advice (locked memory, no madvise); then fresh pages
// are laid over it, and if that cannot be either, it is cleared.
void sysUnused(void* p, size_t n) {
  if (syscall(kSysMadvise, word(p), n, kMadvDontneed) == 0) return;
  if (mmap(p, n, kProtRead | kProtWrite, kMapPrivate | kMapAnon | kMapFixed) == nullptr) memset(p, 0, n);
}
void sysUsed(void*, size_t) {}
void sysFault(void* p, size_t n) {
  mmap(p, n, kProtNone, kMapPrivate | kMapAnon | kMapNoReserve | kMapFixed);
}
// Where the kernel cannot (before 5.14), pages come when they are touched. A piece at a time: whoever wants to map something waits for
// one call at most.
void sysPopulate(void* p, size_t n) {
  constexpr uint64_t kPiece = 2 << 20;
  for (uint64_t at = word(p), end = at + n; at < end; at += kPiece) syscall(kSysMadvise, at, minOf(end - at, kPiece), kMadvPopulateWrite);
}
void sysHugePage(void* p, size_t n) { syscall(kSysMadvise, word(p), n, kMadvHugepage); }
void sysNoHugePage(void* p, size_t n) { syscall(kSysMadvise, word(p), n, kMadvNohugepage); }

}  // namespace burrow::rt
