// The clocks, through the kernel's vDSO when there is one: a clock read costs 20 ns instead of a system call.
//
// The vDSO is a small ELF image that the auxiliary vector points to; __vdso_clock_gettime is looked up in its dynamic
// symbols once, at boot. It is C code that knows nothing of our stack limits, so it runs on g0.
#include "os/boot_info.h"
#include "os/elf.h"
#include "os/fake_time.h"
#include "os/os.h"
#include "os/syscall_linux_amd64.h"
#include "sched/sched.h"

namespace burrow::rt {

const FakeTime* fakeTime;

namespace {

ClockGettime vdsoClockGettime;

bool sameName(const char* a, const char* b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

struct ClockArgs { int clock; Timespec ts; };
void readClock(void* p) {
  ClockArgs* a = static_cast<ClockArgs*>(p);
  if (vdsoClockGettime == nullptr || vdsoClockGettime(a->clock, &a->ts) != 0)
    syscall(kSysClockGettime, uint64_t(a->clock), word(&a->ts));
}

}  // namespace

void vdsoInit(uintptr_t base) {
  if (base == 0) return;
  const elf::Header* h = reinterpret_cast<const elf::Header*>(base);
  const elf::Segment* ph = reinterpret_cast<const elf::Segment*>(base + h->phoff);
  uintptr_t bias = 0;
  const elf::Dynamic* dynamic = nullptr;
  bool loaded = false;
  for (int i = 0; i < h->phnum; i++) {
    if (ph[i].type == elf::kPtLoad && !loaded) {
      loaded = true;
      bias = base + ph[i].offset - ph[i].vaddr;
    } else if (ph[i].type == elf::kPtDynamic) {
      dynamic = reinterpret_cast<const elf::Dynamic*>(base + ph[i].offset);
    }
  }
  if (!loaded || dynamic == nullptr) return;
  const char* strings = nullptr;
  const elf::Symbol* symbols = nullptr;
  const uint32_t *hash = nullptr, *gnuHash = nullptr;
  for (const elf::Dynamic* d = dynamic; d->tag != 0; d++) {
    uintptr_t at = bias + d->value;
    if (d->tag == elf::kDtStrtab) strings = reinterpret_cast<const char*>(at);
    if (d->tag == elf::kDtSymtab) symbols = reinterpret_cast<const elf::Symbol*>(at);
    if (d->tag == elf::kDtHash) hash = reinterpret_cast<const uint32_t*>(at);
    if (d->tag == elf::kDtGnuHash) gnuHash = reinterpret_cast<const uint32_t*>(at);
  }
  if (strings == nullptr || symbols == nullptr) return;
  // The number of symbols: the old hash says it; from the GNU hash the highest chain end follows.
  uint32_t count = 0;
  if (hash != nullptr) {
    count = hash[1];
  } else if (gnuHash != nullptr) {
    uint32_t buckets = gnuHash[0], first = gnuHash[1], bloom = gnuHash[2];
    const uint32_t* bucket = gnuHash + 4 + bloom * 2;
    const uint32_t* chain = bucket + buckets;
    for (uint32_t i = 0; i < buckets; i++) {
      uint32_t s = bucket[i];
      if (s < first) continue;
      while ((chain[s - first] & 1) == 0) s++;
      if (s + 1 > count) count = s + 1;
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    if (symbols[i].shndx == 0 || !sameName(strings + symbols[i].name, "__vdso_clock_gettime")) continue;
    vdsoClockGettime = reinterpret_cast<ClockGettime>(bias + symbols[i].value);
    return;
  }
}

void useClock(ClockGettime clock) { vdsoClockGettime = clock; }

int64_t nanotime() {
  ClockArgs a = {1, {}};  // CLOCK_MONOTONIC
  systemstackCall(readClock, &a);
  return a.ts.sec * 1000000000 + a.ts.nsec;
}

void wallAndMono(int64_t* sec, int32_t* nsec, int64_t* mono) {
  ClockArgs a[2] = {{0, {}}, {1, {}}};
  systemstack([&] {
    readClock(&a[0]);
    readClock(&a[1]);
  });
  *sec = a[0].ts.sec;
  *nsec = int32_t(a[0].ts.nsec);
  *mono = a[1].ts.sec * 1000000000 + a[1].ts.nsec;
}

void walltime(int64_t* sec, int32_t* nsec) {
  ClockArgs a = {0, {}};  // CLOCK_REALTIME
  systemstackCall(readClock, &a);
  *sec = a.ts.sec;
  *nsec = int32_t(a.ts.nsec);
}

}  // namespace burrow::rt
